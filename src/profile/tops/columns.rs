//! The columns of a table of transactions that say what, where and when.

use rayon::prelude::*;

use crate::clean::Transactions;
use crate::clean::steps::description_column;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, Role, Table};
use crate::profile::counted::{CHUNK, Counted};
use crate::profile::portray::Known;
use crate::profile::trend::weekday;

/// Stands for no value.
pub const NONE: u32 = u32::MAX;
/// Columns of words without a role that are looked at, those that are used of them, and the most values of one.
const MOST_LOOKED_AT: usize = 16;
const MOST_USED: usize = 4;
const MOST_VALUES: usize = 1000;
/// A column says where customers belong when this share of them has one value only. Others with few values, such as a
/// channel or a way of paying, are worth a list too.
const NEARLY_ALL: f64 = 0.9;
const FEW_VALUES: usize = 30;
const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Something that rows have one value of.
pub struct Source<'a> {
    pub name: String,
    /// The values, in their order: of the alphabet, or of the week.
    pub names: Vec<String>,
    kind: Kind<'a>,
    /// Says in words what a code stands for.
    pub description: Option<&'a Column>,
}

enum Kind<'a> {
    Weekday,
    /// The column, and the place of each code's text in the names.
    Words(&'a Column, Vec<u32>),
}

impl Source<'_> {
    /// Place of a transaction's value in the names, or [`NONE`].
    #[inline]
    pub fn at(&self, row: usize, t: &Transactions) -> u32 {
        match &self.kind {
            Kind::Weekday => weekday(t.day[row]),
            Kind::Words(column, places) => places[column.codes[t.row[row] as usize] as usize],
        }
    }
}

/// The first `most` columns of words that are not `used` and have at least two and at most `values` different ones.
pub(super) fn of_words<'a>(table: &'a Table, used: &[&str], values: usize, most: usize) -> Vec<&'a Column> {
    let columns = table.columns.iter().map(AsRef::as_ref);
    let fits = |c: &&Column| c.kind == ColumnKind::Text && (2..=values).contains(&c.distinct());
    columns.filter(|c| !used.contains(&c.name.as_str())).filter(fits).take(most).collect()
}

/// Products, categories, where customers belong, and weekdays, as far as the table knows them.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn sources<'a>(known: &Known<'a>, counted: &Counted, ctx: &Ctx) -> Result<Vec<Source<'a>>> {
    let table = &known.prepared.table;
    let of_role = |role: Role| known.roles.column(role).and_then(|name| table.column(name));
    let (product, category) = (of_role(Role::Product), of_role(Role::Category));
    let described = product.and_then(|product| description_column(table, product));
    let mut out = Vec::new();
    for (column, description) in [(product, described), (category, None)] {
        if let Some(column) = column {
            out.push(Source { description, ..words(column, ctx)? });
        }
    }
    let mut used: Vec<&str> = Role::ALL.iter().filter_map(|role| known.roles.column(*role)).collect();
    used.extend(described.map(|column| column.name.as_str()));
    let candidates = of_words(table, &used, MOST_VALUES, MOST_LOOKED_AT);
    let look = |column: &&'a Column| {
        let source = words(column, ctx)?;
        let constant = constant(&source, counted, ctx)?;
        Ok((source, constant))
    };
    let mut found: Vec<(Source, f64)> = candidates.par_iter().map(look).collect::<Result<_>>()?;
    found.retain(|(source, constant)| *constant >= NEARLY_ALL || source.names.len() <= FEW_VALUES);
    // Where customers belong comes first.
    found.sort_by_key(|(_, constant)| *constant < NEARLY_ALL);
    out.extend(found.into_iter().take(MOST_USED).map(|(source, _)| source));
    let names = WEEKDAYS.map(String::from).to_vec();
    out.push(Source { name: "Weekday".into(), names, kind: Kind::Weekday, description: None });
    Ok(out)
}

/// A column of words with equal texts made equal numbers, in their order.
pub fn words<'a>(column: &'a Column, ctx: &Ctx) -> Result<Source<'a>> {
    let missing = column.missing_rule();
    let there = column.per_value(ctx, |text| !missing.is_missing(text))?;
    let mut names: Vec<&str> =
        column.dict.iter().zip(&there).filter(|(_, there)| **there).map(|(text, _)| text.trim()).collect();
    names.par_sort_unstable();
    names.dedup();
    let place = |text: &str| match missing.is_missing(text) {
        true => NONE,
        false => names.binary_search(&text.trim()).map_or(NONE, |at| at as u32),
    };
    let places = column.per_value(ctx, place)?;
    let names = names.into_iter().map(String::from).collect();
    Ok(Source { name: column.name.clone(), names, kind: Kind::Words(column, places), description: None })
}

/// The share of customers whose rows have one value, of those who have any.
fn constant(source: &Source, counted: &Counted, ctx: &Ctx) -> Result<f64> {
    const SEVERAL: u32 = NONE - 1;
    let t = counted.t;
    let mut of_customer = vec![NONE; t.customers.len()];
    for row in 0..t.row.len() {
        if row.is_multiple_of(CHUNK) {
            ctx.tick(0, 1)?;
        }
        let (value, known) = (source.at(row, t), &mut of_customer[t.customer[row] as usize]);
        if value != NONE && counted.has(row) {
            *known = if *known == NONE || *known == value { value } else { SEVERAL };
        }
    }
    let any = of_customer.iter().filter(|v| **v != NONE).count();
    let several = of_customer.iter().filter(|v| **v == SEVERAL).count();
    Ok(1.0 - several as f64 / any.max(1) as f64)
}
