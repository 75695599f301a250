//! Columns that are left out, and columns that get another name.

use std::sync::Arc;

use super::apply::Change;
use super::position;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::intake::{Column, Table};

/// Whether a column may be called so; `except` is the column that is called so already or will be.
pub(super) fn is_free(table: &Table, name: &str, except: Option<usize>) -> Result<()> {
    match table.columns.iter().enumerate().any(|(i, c)| Some(i) != except && c.name == name) {
        true => Err(Error::Recipe(format!("there would be two columns {name:?}; rename or drop the other one first"))),
        false => Ok(()),
    }
}

pub(super) fn drop(table: &Table, names: &[String]) -> Result<Change> {
    let mut gone: Vec<usize> = names.iter().map(|name| position(table, name)).collect::<Result<_>>()?;
    gone.sort_unstable();
    gone.dedup();
    if gone.len() == table.columns.len() {
        return Err(Error::Recipe("no column would be left; keep at least one".into()));
    }
    let left = table.columns.iter().enumerate().filter(|(i, _)| !gone.contains(i)).map(|(_, c)| c.clone()).collect();
    let note = format!("{} left out", plural(gone.len(), "column", "columns"));
    Ok(Change {
        table: Table { columns: left, rows: table.rows, calculated: table.calculated.clone(), ..Table::default() },
        note,
        ..Change::default()
    })
}

pub(super) fn rename(table: &Table, at: usize, to: &str) -> Result<Change> {
    is_free(table, to, Some(at))?;
    let mut out = table.clone();
    let old = &table.columns[at];
    let note = format!("Column {:?} is called {to:?} from here on", old.name);
    // The codes are copied: a name lies in the column itself, and renaming is rare.
    for name in out.calculated.iter_mut().filter(|name| **name == old.name) {
        *name = to.to_string();
    }
    out.columns[at] = Arc::new(Column { name: to.to_string(), ..Column::clone(old) });
    Ok(Change { table: out, note, ..Change::default() })
}
