//! Customers whose features are there already: a table with one row per customer.

use std::sync::Arc;

use super::Model;
use super::rows::Counted;
use crate::clean::{NOBODY, customer_ids};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::intake::{Column, IntakeOut, Role, Table, roles};
use crate::recipe::Roles;
use crate::rfm::{CustomerTable, Feature, Unit};

/// What the column of ids is called in outputs and in `--map`.
const ID: &str = "customer_id";

/// Shortest name that may stand for a longer one: `recency` for `recency_days`.
const SHORTEST: usize = 4;

/// A name without case, blanks and punctuation.
pub(super) fn loosely(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A feature that the model uses: its name, its label, and whether nobody can be placed without it.
#[derive(Debug, Clone)]
pub(super) struct Needed {
    pub name: String,
    pub label: String,
    pub must: bool,
    pub is_word: bool,
}

/// Everything that a model uses of a customer: first what clusters go by, then what is scored.
pub(super) fn needed(model: &Model) -> Vec<Needed> {
    let mut out: Vec<Needed> = model
        .features
        .iter()
        .map(|f| Needed { name: f.name.clone(), label: f.label().into(), must: !f.may_be_missing(), is_word: false })
        .collect();
    let label = |name: &str| {
        let spread = model.training.features.iter().find(|s| s.name == name);
        spread.map_or_else(|| name.to_string(), |s| s.label.clone())
    };
    for word in &model.placement.words {
        out.push(Needed { name: word.clone(), label: label(word), must: false, is_word: true });
    }
    for axis in model.rfm.iter().flat_map(|rfm| &rfm.axes) {
        if !out.iter().any(|n| n.name == axis.feature) {
            let name = axis.feature.clone();
            out.push(Needed { label: label(&name), name, must: false, is_word: false });
        }
    }
    out
}

/// Whether `name` is a feature of the model, or stands for the ids of a table of features.
pub(super) fn is_feature(model: &Model, name: &str) -> bool {
    needed(model).iter().any(|n| loosely(&n.name) == loosely(name) || loosely(&n.label) == loosely(name))
}

/// Columns of the table for the features of the model.
#[derive(Debug, Clone)]
pub(super) struct Matched {
    /// One per feature of [`needed`].
    columns: Vec<Option<usize>>,
}

/// Finds the features among the columns.
///
/// # Errors
/// One that is needed is not there.
pub(super) fn matched(model: &Model, table: &Table, map: &[(String, String)]) -> Result<Matched> {
    let needed = needed(model);
    let mut taken = vec![false; table.columns.len()];
    let mut columns = vec![None; needed.len()];
    let fits = |n: &Needed, c: &Column| n.is_word || numbers_of(c) * 2 > c.distinct();
    let by_user =
        |n: &Needed| map.iter().find(|(old, _)| [&n.name, &n.label].iter().any(|o| loosely(o) == loosely(old)));
    for pass in 0..4 {
        for (i, n) in needed.iter().enumerate() {
            if columns[i].is_some() {
                continue;
            }
            let (name, label) = (loosely(&n.name), loosely(&n.label));
            let same = |c: &Column| match pass {
                0 => by_user(n).is_some_and(|(_, new)| loosely(new) == loosely(&c.name)),
                1 => c.name == n.name,
                2 => [&name, &label].contains(&&loosely(&c.name)),
                _ => {
                    let own = loosely(&c.name);
                    own.len() >= SHORTEST && (name.starts_with(&own) || own.starts_with(&label))
                }
            };
            let found = (0..taken.len()).find(|&j| {
                let column = &table.columns[j];
                !taken[j] && same(column) && fits(n, column)
            });
            if let Some(j) = found {
                taken[j] = true;
                columns[i] = Some(j);
            }
        }
    }
    let missing: Vec<&str> =
        needed.iter().zip(&columns).filter(|(n, c)| n.must && c.is_none()).map(|(n, _)| n.name.as_str()).collect();
    if missing.is_empty() && columns.iter().any(Option::is_some) {
        return Ok(Matched { columns });
    }
    let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
    let wanted: Vec<&str> = needed.iter().map(|n| n.name.as_str()).collect();
    Err(Error::data(format!(
        "the file has no column of numbers for {}; the model needs {}. The file has {}. Say what stands for what with --map {}=COLUMN",
        missing.join(", "),
        wanted.join(", "),
        names.join(", "),
        missing.first().unwrap_or(&"FEATURE")
    )))
}

/// Distinct values that are numbers.
fn numbers_of(column: &Column) -> usize {
    column.dict.iter().filter(|t| column.number(t).is_some()).count()
}

/// The customers of a table that has the features.
pub(super) fn customers(
    model: &Model,
    intake: &IntakeOut,
    matched: &Matched,
    map: &[(String, String)],
    ctx: &Ctx,
) -> Result<Counted> {
    let table = &intake.table;
    let mut out = Counted { warnings: intake.warnings.clone(), ..Counted::default() };
    let (ids, rows) = match id_column(table, matched, map, ctx)? {
        Some(column) => {
            let (names, index) = customer_ids(column, ctx)?;
            let mut row_of = vec![u32::MAX; names.len()];
            let (mut without, mut again) = (0, 0);
            for row in 0..table.rows {
                match index[column.codes[row] as usize] {
                    NOBODY => without += 1,
                    id if row_of[id as usize] != u32::MAX => again += 1,
                    id => row_of[id as usize] = row as u32,
                }
            }
            if without > 0 {
                out.warnings.push(format!("{} no customer id and left out.", plural(without, "row has", "rows have")));
            }
            if again > 0 {
                let rows = plural(again, "row has", "rows have");
                out.warnings.push(format!("{rows} an id that came before; the first row of each id counts."));
            }
            let known = names.into_iter().zip(row_of).filter(|(_, row)| *row != u32::MAX);
            let (ids, rows): (Vec<String>, Vec<u32>) = known.unzip();
            (ids, rows)
        }
        None => {
            out.notes.push("No column says who the customer is: the rows are numbered from 1.".into());
            ((1..=table.rows).map(|i| i.to_string()).collect(), (0..table.rows as u32).collect())
        }
    };
    if ids.is_empty() {
        return Err(Error::data("the file has no row with a customer"));
    }
    let mut features = Vec::new();
    for (n, column) in needed(model).iter().zip(&matched.columns) {
        let Some(column) = column.map(|j| &table.columns[j]) else {
            out.warnings.push(format!("There is no column for {}; customers count as without it.", n.name));
            continue;
        };
        if column.name != n.name {
            out.notes.push(format!("{:?} is taken for {}.", column.name, n.name));
        }
        let mut feature = Feature::new(n.name.clone(), n.label.clone(), "", Unit::Number, Vec::new());
        if n.is_word {
            let missing = column.missing_rule();
            feature.unit = Unit::Words;
            feature.names = Some(Arc::new(column.dict.iter().map(str::to_string).collect()));
            let word = |row: &u32| {
                let code = column.codes[*row as usize];
                if missing.is_missing(column.dict.get(code)) { f64::NAN } else { f64::from(code) }
            };
            feature.values = Arc::new(rows.iter().map(word).collect());
        } else {
            let numbers = column.numbers_with(ctx)?;
            feature.values = Arc::new(rows.iter().map(|&row| numbers[column.codes[row as usize] as usize]).collect());
        }
        features.push(feature);
    }
    out.customers = CustomerTable { ids: Arc::new(ids), features };
    Ok(out)
}

/// The column of ids; `None` where there is none.
fn id_column<'t>(
    table: &'t Table,
    matched: &Matched,
    map: &[(String, String)],
    ctx: &Ctx,
) -> Result<Option<&'t Column>> {
    let called = |name: &str| table.columns.iter().find(|c| loosely(&c.name) == loosely(name)).map(Arc::as_ref);
    if let Some((_, new)) = map.iter().find(|(old, _)| loosely(old) == loosely(ID)) {
        let missing = || Error::data(format!("there is no column {new:?} to take for {ID}"));
        return called(new).ok_or_else(missing).map(Some);
    }
    if let Some(column) = called(ID) {
        return Ok(Some(column));
    }
    let guessed = roles::find(table, &Roles::default(), ctx)?;
    let by_role = guessed.column(Role::CustomerId).or(guessed.shape.id.as_deref()).and_then(|name| table.column(name));
    let taken = |c: &Column| matched.columns.iter().flatten().any(|&j| table.columns[j].name == c.name);
    Ok(by_role.filter(|c| !taken(c)))
}
