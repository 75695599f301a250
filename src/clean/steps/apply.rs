//! Trying a step: what it would do, and the table that it leaves.

use regex::{NoExpand, Regex, RegexBuilder};

use super::live::Live;
use super::{Example, StepEffect, calculate, columns, duplicates, filter, missing, outliers, position, text, types};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::Table;
use crate::recipe::{Compare, MissingAction, StepKind};

/// What a step makes of a table.
#[derive(Default)]
pub(super) struct Change {
    pub table: Table,
    /// Rows to remove; rows that were removed before may be among them.
    pub remove: Option<Vec<bool>>,
    pub cells: usize,
    pub examples: Vec<Example>,
    pub note: String,
}

impl Change {
    /// Nothing changes but what is set besides.
    pub(super) fn none(table: &Table, note: impl Into<String>) -> Change {
        Change { table: table.clone(), note: note.into(), ..Change::default() }
    }
}

/// Does a step. Where it cannot be done there is no change, and the effect says why.
///
/// # Errors
/// Only when cancelled.
pub(super) fn effect(table: &Table, live: Live, step: &StepKind, ctx: &Ctx) -> Result<(StepEffect, Option<Change>)> {
    let rows = live.rows(table.rows);
    let mut effect = StepEffect { on: true, rows_before: rows, rows_after: rows, ..StepEffect::default() };
    match check(table, step).and_then(|()| apply(table, &live, step, ctx)) {
        Ok(mut change) => {
            if let Some(remove) = &change.remove {
                effect.rows_after -= remove.iter().enumerate().filter(|&(row, &gone)| gone && live.has(row)).count();
            }
            effect.cells_changed = change.cells;
            effect.examples = std::mem::take(&mut change.examples);
            effect.note = std::mem::take(&mut change.note);
            Ok((effect, Some(change)))
        }
        Err(Error::Cancelled) => Err(Error::Cancelled),
        Err(error) => {
            effect.error = Some(error.to_string().trim_end_matches('.').to_string());
            effect.note = "Left out, nothing changed".into();
            Ok((effect, None))
        }
    }
}

/// What can be said against a step without looking at any row.
pub(super) fn check(table: &Table, step: &StepKind) -> Result<()> {
    for column in step.columns() {
        position(table, column)?;
    }
    let wrong = |text: &str| Err(Error::Recipe(text.into()));
    match step {
        StepKind::Missing { action: MissingAction::Interpolate, along: None, .. } => {
            wrong("choose the date column to interpolate along")
        }
        StepKind::Missing { action: MissingAction::Value, value, .. } if value.is_empty() => {
            wrong("give the value to fill in")
        }
        StepKind::UnifySpellings { map, .. } if map.is_empty() => wrong("no spelling is chosen yet"),
        StepKind::MapValues { map, .. } if map.is_empty() => wrong("no value is given yet"),
        StepKind::FindReplace { find, regex, whole_cell, case_sensitive, .. } => {
            if find.is_empty() && !whole_cell {
                return wrong("say what to find");
            }
            pattern(find, *regex, *whole_cell, *case_sensitive).map(|_| ())
        }
        StepKind::Filter { op, values, .. } => match (op, values.as_slice()) {
            (Compare::IsMissing | Compare::IsPresent, _) => Ok(()),
            (Compare::Between, [_, _]) => Ok(()),
            (Compare::Between, _) => wrong("give two values, the smaller first"),
            (Compare::OneOf, []) => wrong("give at least one value"),
            (Compare::OneOf, _) => Ok(()),
            (Compare::Matches, [one]) => pattern(one, true, false, true).map(|_| ()),
            (_, [_]) => Ok(()),
            _ => wrong("give one value to compare with"),
        },
        StepKind::ExcludeProducts { values, .. } if values.is_empty() => wrong("no value to exclude is chosen yet"),
        StepKind::DropColumns { columns } if columns.is_empty() => wrong("no column is chosen"),
        StepKind::Calculate { name, formula } => calculate::check(table, name, formula),
        StepKind::RenameColumn { from, to } => {
            let at = position(table, from)?;
            let to = to.trim();
            if to.is_empty() {
                return wrong("give the column's new name");
            }
            columns::is_free(table, to, Some(at))
        }
        _ => Ok(()),
    }
}

fn apply(table: &Table, live: &Live, step: &StepKind, ctx: &Ctx) -> Result<Change> {
    match step {
        StepKind::DropDuplicates { columns, keep } => duplicates::drop(table, live, columns, *keep, ctx),
        StepKind::Missing { column, action, value, along } => {
            missing::fill(table, live, position(table, column)?, *action, value, along.as_deref(), ctx)
        }
        StepKind::ChangeType { column, to, decimal, date_format } => {
            types::change(table, live, position(table, column)?, *to, *decimal, date_format.as_deref(), ctx)
        }
        StepKind::TidyText { columns, trim, collapse_spaces, case } => {
            let tidy = text::Tidy { trim: *trim, collapse_spaces: *collapse_spaces, case: *case };
            text::tidy(table, live, columns, &tidy, ctx)
        }
        StepKind::UnifySpellings { column, map } | StepKind::MapValues { column, map } => {
            text::map_values(table, live, position(table, column)?, map, ctx)
        }
        StepKind::FindReplace { columns, find, replace, regex, whole_cell, case_sensitive } => {
            let pattern = pattern(find, *regex, *whole_cell, *case_sensitive)?;
            let with = |cell: &str| {
                let new = if *regex {
                    pattern.replace_all(cell, replace.as_str())
                } else {
                    pattern.replace_all(cell, NoExpand(replace))
                };
                (new != cell).then(|| new.into_owned())
            };
            text::replace(table, live, columns, with, ctx)
        }
        StepKind::Filter { column, op, values } => {
            filter::keep_rows(table, live, position(table, column)?, *op, values, ctx)
        }
        StepKind::Outliers { column, rule, action, distance, low, high } => {
            let rule = outliers::Rule { rule: *rule, distance: *distance, low: *low, high: *high };
            outliers::treat(table, live, position(table, column)?, &rule, *action, ctx)
        }
        StepKind::ExcludeProducts { column, values } => {
            filter::exclude(table, live, position(table, column)?, values, ctx)
        }
        StepKind::DropColumns { columns } => columns::drop(table, columns),
        StepKind::RenameColumn { from, to } => columns::rename(table, position(table, from)?, to.trim()),
        StepKind::Calculate { name, formula } => calculate::calculate(table, live, name, formula, ctx),
    }
}

/// The pattern of a search; a text that is no regular expression stands for itself.
pub(super) fn pattern(find: &str, regex: bool, whole_cell: bool, case_sensitive: bool) -> Result<Regex> {
    let body = if regex { find.to_string() } else { regex::escape(find) };
    // Compiled alone first, so that a bracket too many cannot pair with those around it.
    let built = |text: &str| RegexBuilder::new(text).case_insensitive(!case_sensitive).build();
    let whole = built(&body).and_then(|plain| if whole_cell { built(&format!(r"\A(?:{body})\z")) } else { Ok(plain) });
    whole.map_err(|e| {
        let text = e.to_string();
        let why = text.lines().last().unwrap_or("").trim_start_matches("error: ").to_string();
        Error::Recipe(format!("{find:?} is no regular expression ({why})"))
    })
}
