//! A calculated column.

use std::borrow::Cow;
use std::sync::Arc;

use super::apply::Change;
use super::live::Live;
use super::{Example, MOST_EXAMPLES};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::features::calculate::rows::{self, LiveRows};
use crate::intake::{Column, Table};
use crate::recipe::Formula;

impl LiveRows for Live<'_> {
    fn has(&self, row: usize) -> bool {
        Live::has(self, row)
    }

    fn counts<'c>(&self, column: &'c Column, ctx: &Ctx) -> Result<Cow<'c, [u32]>> {
        Live::counts(self, column, ctx)
    }
}

/// What can be said against a calculated column without working it out.
pub(super) fn check(table: &Table, name: &str, formula: &Formula) -> Result<()> {
    if name.trim().is_empty() {
        return Err(Error::Recipe("give the name of the new column".into()));
    }
    rows::check(table, formula)
}

/// Adds the columns that `formula` works out, or replaces those of these names.
pub(super) fn calculate(table: &Table, live: &Live, name: &str, formula: &Formula, ctx: &Ctx) -> Result<Change> {
    let made = rows::columns(table, live, name, formula, ctx)?;
    let mut out = table.clone();
    let (mut cells, mut examples) = (0, Vec::new());
    let names: Vec<String> = made.columns.iter().map(|c| format!("{:?}", c.name)).collect();
    let some: usize = made.columns.iter().map(|c| c.codes.len() - c.counts.first().map_or(0, |&n| n as usize)).sum();
    for column in made.columns {
        let place = table.columns.iter().position(|c| c.name == column.name);
        if examples.is_empty() {
            examples = first_values(&column, place.map(|at| &*table.columns[at]), live);
        }
        let column = Arc::new(column);
        match place {
            Some(at) => {
                let old = &table.columns[at];
                cells += (0..table.rows).filter(|&row| live.has(row) && old.text(row) != column.text(row)).count();
                out.columns[at] = column;
            }
            None => {
                out.calculated.push(column.name.clone());
                out.columns.push(column);
            }
        }
    }
    let what = match names.as_slice() {
        [one] => format!("Column {one} worked out"),
        many => format!("Columns {} worked out", many.join(", ")),
    };
    let details = match (made.note.as_str(), some) {
        (_, 0) => "; no row has a value".to_string(),
        ("", _) => String::new(),
        (note, _) => format!("; {note}"),
    };
    Ok(Change { table: out, cells, examples, note: format!("{what}{details}"), ..Change::default() })
}

/// The first distinct values of a new column.
fn first_values(column: &Column, old: Option<&Column>, live: &Live) -> Vec<Example> {
    let mut seen = vec![false; column.dict.len()];
    let mut out = Vec::new();
    for (row, &code) in column.codes.iter().enumerate().filter(|(row, _)| live.has(*row)) {
        if std::mem::replace(&mut seen[code as usize], true) {
            continue;
        }
        out.push(Example {
            row,
            column: column.name.clone(),
            before: old.map_or("", |c| c.text(row)).to_string(),
            after: Some(column.dict.get(code).to_string()),
        });
        if out.len() == MOST_EXAMPLES {
            break;
        }
    }
    out
}
