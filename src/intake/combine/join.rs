//! Customers beside their orders: finds the column that both files have, and adds the columns of the one to the other.

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

use super::super::intern::{ColumnBuilder, table};
use super::super::kind::is_missing;
use super::super::table::{Code, Column};
use super::{Part, plain, share};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;

/// Share of rows with an id of their own from which a file can be one of customers; the rest are duplicates.
const UNIQUE: f64 = 0.9;
/// Share of ids that both files must know for columns of different names to hold the same ids.
const OVERLAP: f64 = 0.3;

/// The columns that two files are joined on.
pub(super) struct Key {
    /// Column of the first and of the second file.
    pub first: usize,
    pub second: usize,
    /// Whether the first file holds the orders, many rows to a customer.
    pub first_is_orders: bool,
}

/// An id as it is compared: trimmed, `17850.0` as `17850`, as cleaning does with the ids of customers.
fn id(text: &str) -> &str {
    let text = text.trim();
    match text.split_once('.') {
        Some((whole, zeros)) if !whole.is_empty() && whole.bytes().all(|b| b.is_ascii_digit()) && !zeros.is_empty() && zeros.bytes().all(|b| b == b'0') => whole,
        _ => text,
    }
}

/// The ids of a column, and the share of its filled rows that they are.
struct Ids<'a> {
    set: HashSet<&'a str>,
    unique: f64,
}

fn ids(column: &Column) -> Ids<'_> {
    let mut set = HashSet::new();
    let mut filled = 0usize;
    for (text, &n) in column.dict.iter().zip(&column.counts) {
        if n > 0 && !is_missing(text) {
            set.insert(id(text));
            filled += n as usize;
        }
    }
    let unique = set.len() as f64 / filled.max(1) as f64;
    Ids { set, unique }
}

/// How much a name says of the ids of customers: 2 for a customer, 1 for an id of something, 0 for other names.
fn says_customer(name: &str) -> usize {
    let name = plain(name);
    let any = |words: &[&str]| words.iter().any(|w| name.contains(w));
    if any(&["customer", "client", "kunde", "member", "cliente", "klant", "klient", "buyer", "account", "user", "cust"]) {
        2
    } else {
        usize::from(name.ends_with("id") || any(&["number", "code", "key", "nummer", "kdnr"]) || name == "no")
    }
}

/// Finds what two files have in common; when `forced`, likeness of the ids is enough whatever the names are.
pub(super) fn find(a: &Part, b: &Part, forced: bool) -> Option<Key> {
    let all = |p: &'_ Part| -> Vec<(f64, usize)> {
        p.table.columns.iter().map(|c| (ids(c).unique, ids(c).set.len())).collect()
    };
    let (of_a, of_b) = (all(a), all(b));
    let mut best: Option<(f64, Key)> = None;
    for (first, &(unique_a, count_a)) in of_a.iter().enumerate() {
        for (second, &(unique_b, count_b)) in of_b.iter().enumerate() {
            if unique_a.max(unique_b) < UNIQUE || count_a == 0 || count_b == 0 {
                continue;
            }
            let (x, y) = (&a.table.columns[first], &b.table.columns[second]);
            let same_name = plain(&x.name) == plain(&y.name);
            let said = says_customer(&x.name).min(2) + says_customer(&y.name).min(2);
            if !same_name && said < 2 && !forced {
                continue;
            }
            let (ids_a, ids_b) = (ids(x), ids(y));
            let common = ids_a.set.iter().filter(|i| ids_b.set.contains(*i)).count();
            let (known_a, known_b) = (common as f64 / count_a as f64, common as f64 / count_b as f64);
            let enough = if same_name { common > 0 } else { known_a.max(known_b) >= 0.5 && known_a.min(known_b) >= OVERLAP };
            if !enough {
                continue;
            }
            // Dates and amounts repeat in both files; ids of customers are named, and known on both sides.
            let score = known_a + known_b + said as f64 + if same_name { 2.0 } else { 0.0 };
            let first_is_orders = if (unique_a >= UNIQUE) == (unique_b >= UNIQUE) {
                a.table.rows >= b.table.rows
            } else {
                unique_b >= UNIQUE
            };
            if best.as_ref().is_none_or(|(s, _)| score > *s) {
                best = Some((score, Key { first, second, first_is_orders }));
            }
        }
    }
    best.map(|(_, key)| key)
}

/// Adds the columns of the customers to every order, by the id; orders without a customer get empty cells.
pub(super) fn join(orders: Part, customers: &Part, key: &Key, notes: &mut Vec<String>, ctx: &Ctx) -> Result<Part> {
    let (left, right) = if key.first_is_orders { (key.first, key.second) } else { (key.second, key.first) };
    let (order_ids, customer_ids) = (&orders.table.columns[left], &customers.table.columns[right]);
    // The first row of each id.
    let mut first: HashMap<&str, usize> = HashMap::new();
    let (mut repeated, mut without_id) = (0usize, 0usize);
    for row in 0..customers.table.rows {
        if row.is_multiple_of(1 << 14) {
            ctx.tick(row, customers.table.rows)?;
        }
        let text = customer_ids.text(row);
        if is_missing(text) {
            without_id += 1;
        } else if first.contains_key(id(text)) {
            repeated += 1;
        } else {
            first.insert(id(text), row);
        }
    }
    let row_of: Vec<Option<usize>> = order_ids.dict.iter().map(|text| first.get(id(text)).copied()).collect();
    let (mut lonely_orders, mut orders_without_id) = (0usize, 0usize);
    let mut met: HashSet<usize> = HashSet::new();
    for ((text, &n), row) in order_ids.dict.iter().zip(&order_ids.counts).zip(&row_of) {
        match row {
            Some(row) if n > 0 => {
                met.insert(*row);
            }
            Some(_) => {}
            None if is_missing(text) => orders_without_id += n as usize,
            None => lonely_orders += n as usize,
        }
    }
    notes.push(format!(
        "The columns of {} were added to the rows of {} where {:?} equals {:?}.",
        customers.name, orders.name, customer_ids.name, order_ids.name
    ));
    if lonely_orders > 0 {
        notes.push(format!(
            "{} in {} found no customer in {}; the added columns are empty there.",
            share(lonely_orders, orders.table.rows, "row", "rows"),
            orders.name,
            customers.name
        ));
    }
    if orders_without_id > 0 {
        notes.push(format!("{} in {} without an id.", format::plural(orders_without_id, "row is", "rows are"), orders.name));
    }
    let unmet = first.len() - met.len();
    if unmet > 0 {
        notes.push(format!(
            "{} in {} have no row in {}; they are not in the table.",
            share(unmet, first.len(), "customer", "customers"),
            customers.name,
            orders.name
        ));
    }
    if repeated > 0 {
        notes.push(format!(
            "{} an id in {} that stood there before; the first row of each was taken.",
            format::plural(repeated, "row repeats", "rows repeat"),
            customers.name
        ));
    }
    if without_id > 0 {
        notes.push(format!("{} in {} without an id; left out.", format::plural(without_id, "row is", "rows are"), customers.name));
    }
    let mut columns: Vec<Column> = orders.table.columns.iter().map(|c| Column::clone(c)).collect();
    let mut names: Vec<String> = columns.iter().map(|c| c.name.clone()).collect();
    let mut added = Vec::new();
    for (i, column) in customers.table.columns.iter().enumerate().filter(|&(i, _)| i != right) {
        let mut name = column.name.clone();
        let mut n = 1;
        while names.contains(&name) {
            name = if n == 1 { format!("{} ({})", column.name, customers.name) } else { format!("{} ({} {n})", column.name, customers.name) };
            n += 1;
        }
        names.push(name.clone());
        added.push((i, name));
    }
    let build = |(i, name): (usize, String)| {
        let column = &customers.table.columns[i];
        let mut builder = ColumnBuilder::new();
        let by_id: Vec<Code> = row_of
            .iter()
            .zip(&order_ids.counts)
            .map(|(row, &n)| match row {
                // Only what is met, so that the column's type is decided by values that are there.
                Some(row) if n > 0 => builder.interner.intern(column.text(*row).as_bytes()),
                _ => 0,
            })
            .collect();
        ctx.tick(0, 1)?;
        builder.codes.extend(order_ids.codes.iter().map(|&c| by_id[c as usize]));
        builder.finish(name, &|c| String::from_utf8_lossy(c), ctx)
    };
    columns.extend(added.into_par_iter().map(build).collect::<Result<Vec<_>>>()?);
    Ok(Part { name: orders.name, table: table(columns), header: orders.header })
}
