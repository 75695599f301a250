//! The user's cleaning steps: what they do to the table, counted and with examples.
//!
//! Steps run in the order of the recipe on the table as read, before its columns get their roles. No row is ever
//! moved or taken out of the table: a row that a step removes is marked with the step, and later steps leave it out of
//! everything they count. A step that cannot be done (a column that is not there, a pattern that is none) fails alone,
//! says so, and the others go on.
//!
//! Numbers typed into a step are read as the column reads its own: among decimal commas `1.000` is a thousand, in
//! conditions as in values to fill or to map to. What can be read only with the other decimal sign, as `12.5` there, is
//! read with that. Numbers that a step computes are written with the column's decimal sign.
//!
//! The order of rows has no say in what a step does, but for three: which of equal rows is kept, and filling with the
//! value above.

mod apply;
mod calculate;
mod cells;
mod columns;
mod duplicates;
mod filter;
mod live;
mod missing;
mod outliers;
mod products;
mod spelling;
mod text;
mod types;
mod values;

use serde::Serialize;
use std::borrow::Cow;

pub use products::{Suggestion, description_column, suggest_non_products};
pub use spelling::{SpellingCluster, SpellingMethod, suggest};

pub(super) use duplicates::repeated;
pub(super) use live::Live;

use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::intake::{Column, RolesOut, Table};
use crate::recipe::{CleanStep, KeepRow, StepKind};

/// In [`Prepared::removed_by`]: no step removed the row.
pub const KEPT: u16 = u16::MAX;
/// Most examples of one step.
pub const MOST_EXAMPLES: usize = 5;

/// What became of one cell, or of one row.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Example {
    /// Index of the row in the file's table.
    pub row: usize,
    /// The column that `before` is from; empty where the whole row counts.
    pub column: String,
    /// The text as it was; for duplicates the values of the key.
    pub before: String,
    /// The text as it is now; `None` where the row was removed.
    pub after: Option<String>,
}

/// What one step did.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct StepEffect {
    pub on: bool,
    /// Rows before and after the step; equal where it is off or failed.
    pub rows_before: usize,
    pub rows_after: usize,
    /// Cells of the rows that were left then whose text is another now.
    pub cells_changed: usize,
    /// Up to [`MOST_EXAMPLES`], one for each distinct value, from the top of the file.
    pub examples: Vec<Example>,
    /// Why the step could not be done; it changed nothing then.
    pub error: Option<String>,
    /// What it did, in one sentence without a full stop.
    pub note: String,
}

/// The table after the user's steps, and what each of them did.
#[derive(Debug, Clone, Default)]
pub struct Prepared {
    /// All rows of the file, also those that were removed; columns that no step touched are shared with the file's
    /// table.
    pub table: Table,
    /// Per row the index of the step that removed it, or [`KEPT`]; empty where no step removed a row.
    pub removed_by: Vec<u16>,
    /// One per step of the recipe, in its order.
    pub effects: Vec<StepEffect>,
    /// The steps that failed, for people.
    pub warnings: Vec<String>,
    /// The steps, and the table before each of them; columns are shared.
    steps: Vec<CleanStep>,
    before: Vec<Table>,
}

impl Prepared {
    /// A table without steps; shares its columns.
    pub fn untouched(table: &Table) -> Prepared {
        Prepared { table: table.clone(), ..Prepared::default() }
    }

    /// The steps that made it.
    pub fn steps(&self) -> &[CleanStep] {
        &self.steps
    }

    /// The table as it is when the step at this place begins; beyond the last step: as it is at the end.
    pub fn table_before(&self, at: usize) -> &Table {
        self.before.get(at).unwrap_or(&self.table)
    }

    /// The table without the rows that the steps removed.
    pub fn left(&self) -> Cow<'_, Table> {
        let gone: Vec<usize> = (0..self.removed_by.len()).filter(|&row| self.removed_by[row] != KEPT).collect();
        if gone.is_empty() {
            return Cow::Borrowed(&self.table);
        }
        let mut table = self.table.clone();
        table.remove(&gone);
        Cow::Owned(table)
    }

    /// Rows that are left when the step at this place begins.
    pub(super) fn live_before(&self, at: usize) -> Live<'_> {
        Live::new(&self.removed_by, at)
    }

    /// What a step would do at this place of the list, all before it done. The number of steps stands for the end.
    ///
    /// # Errors
    /// Only when cancelled; what is wrong with the step is in the effect.
    pub fn preview(&self, at: usize, step: &StepKind, ctx: &Ctx) -> Result<StepEffect> {
        let live = self.live_before(at);
        Ok(apply::effect(self.table_before(at), live, step, ctx)?.0)
    }

    /// Spellings of one thing in a column, as they are when the step at this place begins.
    ///
    /// # Errors
    /// There is no such column, or cancelled.
    pub fn spellings(
        &self,
        at: usize,
        column: &str,
        method: SpellingMethod,
        ctx: &Ctx,
    ) -> Result<Vec<SpellingCluster>> {
        let column = find(self.table_before(at), column)?;
        suggest(column, &self.live_before(at).counts(column, ctx)?, method, ctx)
    }

    /// Values that seem to be no products, as they are when the step at this place begins.
    ///
    /// # Errors
    /// Only when cancelled.
    pub fn non_products(&self, at: usize, roles: &RolesOut, ctx: &Ctx) -> Result<Vec<Suggestion>> {
        products::among(self.table_before(at), &self.live_before(at), roles, ctx)
    }

    /// The name that the column `name` of the final table had before the step at this place.
    pub(super) fn name_before(&self, name: &str, at: usize) -> String {
        let done = self.steps.iter().zip(&self.effects).skip(at).filter(|(s, e)| s.on && e.error.is_none());
        done.rev().fold(name.to_string(), |name, (step, _)| match &step.what {
            StepKind::RenameColumn { from, to } if to.trim() == name => from.clone(),
            _ => name,
        })
    }
}

/// Runs the steps over the table as read. Without steps it costs nothing.
///
/// # Errors
/// Only when cancelled.
pub fn prepare(table: &Table, steps: &[CleanStep], ctx: &Ctx) -> Result<Prepared> {
    let mut out = Prepared::untouched(table);
    out.steps = steps.to_vec();
    for (at, step) in steps.iter().enumerate() {
        let part = ctx.part(at as f32 / steps.len() as f32, (at + 1) as f32 / steps.len() as f32);
        out.before.push(out.table.clone());
        if !step.on {
            let rows = Live::new(&out.removed_by, at).rows(table.rows);
            out.effects.push(StepEffect {
                rows_before: rows,
                rows_after: rows,
                note: "Switched off".into(),
                ..StepEffect::default()
            });
            continue;
        }
        let (effect, change) = apply::effect(&out.table, Live::new(&out.removed_by, at), &step.what, &part)?;
        if let Some(error) = &effect.error {
            out.warnings.push(format!("Cleaning step {} was left out ({}): {error}.", at + 1, step.what.sentence()));
        }
        if let Some(change) = change {
            out.table = change.table;
            if let Some(gone) = change.remove.filter(|_| effect.rows_after < effect.rows_before) {
                if out.removed_by.is_empty() {
                    out.removed_by = vec![KEPT; table.rows];
                }
                for (fate, gone) in out.removed_by.iter_mut().zip(gone) {
                    if gone && *fate == KEPT {
                        *fate = at as u16;
                    }
                }
            }
        }
        out.effects.push(effect);
    }
    // With no row left there is nothing to decide a type by, and cleaning says what went wrong.
    if out.effects.last().is_some_and(|e| 0 < e.rows_after && e.rows_after < table.rows) {
        out.table = cells::kinds_of_what_is_left(&out.table, &Live::new(&out.removed_by, steps.len()), ctx)?;
    }
    Ok(out)
}

/// What a step would do to a table of which `removed` rows are gone (see [`Prepared::removed_by`]; empty: none).
///
/// # Errors
/// Only when cancelled; what is wrong with the step is in the effect.
pub fn preview(table: &Table, removed: &[u16], step: &StepKind, ctx: &Ctx) -> Result<StepEffect> {
    Ok(apply::effect(table, Live::new(removed, KEPT.into()), step, ctx)?.0)
}

/// What is wrong with a step before it is tried: columns that are not there, patterns that are none, choices that are
/// still empty. `None`: it can be tried.
pub fn problem(table: &Table, step: &StepKind) -> Option<String> {
    apply::check(table, step).err().map(|e| e.to_string())
}

/// The column of this name: exactly, else without regard to case and surrounding spaces.
fn position(table: &Table, name: &str) -> Result<usize> {
    let loose = name.trim().to_lowercase();
    let found = table
        .position(name)
        .or_else(|| table.columns.iter().position(|c| c.name.trim().to_lowercase() == loose && !loose.is_empty()));
    found.ok_or_else(|| {
        if loose.is_empty() {
            return Error::Recipe("no column is chosen".into());
        }
        let names: Vec<&str> = table.columns.iter().take(12).map(|c| c.name.as_str()).collect();
        let more = match table.columns.len().saturating_sub(names.len()) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        Error::Recipe(format!("there is no column {name:?} at this point; the columns are {}{more}", names.join(", ")))
    })
}

fn find<'t>(table: &'t Table, name: &str) -> Result<&'t Column> {
    Ok(&table.columns[position(table, name)?])
}

/// Rows removed, in words.
fn removed_rows(n: usize, which: &str) -> String {
    if n == 0 { format!("No row {which}") } else { format!("{} {which} removed", plural(n, "row", "rows")) }
}

/// Cells changed, in words.
fn changed_cells(n: usize) -> String {
    if n == 0 { "No cell changed".into() } else { format!("{} changed", plural(n, "cell", "cells")) }
}

/// Rows that equal another one in all columns and stand below it, among those that are left.
pub(super) fn repeated_rows(table: &Table, live: &Live, ctx: &Ctx) -> Result<Vec<bool>> {
    repeated(&table.columns.iter().map(AsRef::as_ref).collect::<Vec<_>>(), live, table.rows, KeepRow::First, ctx)
}
