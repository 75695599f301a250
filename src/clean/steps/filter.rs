//! Rows for which a condition holds. The condition is decided once per distinct value.

use std::collections::HashSet;

use rayon::prelude::*;

use super::apply::{Change, pattern};
use super::cells;
use super::live::{Live, ROWS_PER_TICK};
use super::removed_rows;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::intake::dates::{self, DAY, DateStyle};
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, Table};
use crate::recipe::Compare;

pub(super) fn keep_rows(
    table: &Table,
    live: &Live,
    at: usize,
    op: Compare,
    values: &[String],
    ctx: &Ctx,
) -> Result<Change> {
    let column = &table.columns[at];
    let fits = fits(column, op, values, ctx)?;
    drop_where(table, live, column, |code| !fits[code], "for which the condition does not hold", ctx)
}

pub(super) fn exclude(table: &Table, live: &Live, at: usize, values: &[String], ctx: &Ctx) -> Result<Change> {
    let column = &table.columns[at];
    let wanted: HashSet<&str> = values.iter().map(|v| v.trim()).collect();
    let excluded = column.per_value(ctx, |text| wanted.contains(text.trim()))?;
    let mut change = drop_where(table, live, column, |code| excluded[code], "with an excluded value", ctx)?;
    let there: HashSet<&str> = column.dict.iter().map(str::trim).collect();
    let absent = wanted.iter().filter(|v| !there.contains(*v)).count();
    if absent > 0 {
        change.note = format!("{}; {} not in the column", change.note, plural(absent, "value is", "values are"));
    }
    Ok(change)
}

/// Removes the rows whose code is out.
pub(super) fn drop_where(
    table: &Table,
    live: &Live,
    column: &Column,
    out: impl Fn(usize) -> bool + Sync,
    which: &str,
    ctx: &Ctx,
) -> Result<Change> {
    let counts = live.counts(column, ctx)?;
    let gone = counts.iter().enumerate().filter(|&(code, _)| out(code)).map(|(_, &n)| n as usize).sum();
    let note = removed_rows(gone, which);
    let examples = cells::examples(column, live, |code| out(code as usize).then_some(None));
    let remove = column.codes.par_iter().with_min_len(ROWS_PER_TICK).map(|&code| out(code as usize)).collect();
    Ok(Change { remove: Some(remove), examples, ..Change::none(table, note) })
}

/// Whether the condition holds, per code of the column.
fn fits(column: &Column, op: Compare, values: &[String], ctx: &Ctx) -> Result<Vec<bool>> {
    let text = |f: &(dyn Fn(&str) -> bool + Sync)| column.per_value(ctx, f);
    let first = values.first().map_or("", |v| v.trim());
    let missing = column.missing_rule();
    match op {
        Compare::IsMissing => text(&|t| missing.is_missing(t)),
        Compare::IsPresent => text(&|t| !missing.is_missing(t)),
        Compare::Contains => text(&|t| t.contains(first)),
        Compare::NotContains => text(&|t| !t.contains(first)),
        Compare::StartsWith => text(&|t| t.trim_start().starts_with(first)),
        Compare::Matches => {
            let pattern = pattern(values.first().map_or("", String::as_str), true, false, true)?;
            text(&|t| pattern.is_match(t))
        }
        Compare::Equals | Compare::OneOf => equal(column, values, ctx),
        Compare::NotEquals => Ok(equal(column, values, ctx)?.into_iter().map(|equal| !equal).collect()),
        _ => in_order(column, op, values, ctx),
    }
}

/// Values that are one of the given ones: the same text but for spaces around it, the same number (as the column writes
/// numbers), the same moment.
fn equal(column: &Column, values: &[String], ctx: &Ctx) -> Result<Vec<bool>> {
    let wanted: HashSet<&str> = values.iter().map(|v| v.trim()).collect();
    let mut equal = column.per_value(ctx, |text| wanted.contains(text.trim()))?;
    match &column.kind {
        ColumnKind::Number { .. } => {
            let numbers: Vec<f64> = values.iter().filter_map(|v| column.number(v)).collect();
            for (equal, number) in equal.iter_mut().zip(column.numbers_with(ctx)?) {
                *equal |= numbers.contains(&number);
            }
        }
        ColumnKind::Date { style, .. } => {
            let spans: Vec<(i64, i64)> = values.iter().filter_map(|v| span(v, style)).collect();
            let moments = column.per_value(ctx, |text| dates::parse(text, style))?;
            for (equal, moment) in equal.iter_mut().zip(moments) {
                *equal |= moment.is_some_and(|m| spans.iter().any(|&(from, to)| from <= m && m < to));
            }
        }
        _ => {}
    }
    Ok(equal)
}

/// The conditions that need an order. Values that are missing, or no number among numbers, fit none of them.
fn in_order(column: &Column, op: Compare, values: &[String], ctx: &Ctx) -> Result<Vec<bool>> {
    let numbers: Option<Vec<f64>> = values.iter().map(|v| column.number(v)).collect();
    match (&column.kind, numbers) {
        (ColumnKind::Date { style, .. }, _) => {
            let spans = values.iter().map(|v| {
                span(v, style).ok_or_else(|| {
                    Error::Recipe(format!(
                        "{v:?} is no date, but {:?} holds dates; write it as 2011-12-31",
                        column.name
                    ))
                })
            });
            let spans: Vec<(i64, i64)> = spans.collect::<Result<_>>()?;
            let (from, to) = (spans[0], spans[spans.len() - 1]);
            in_right_order(from.0 <= to.0)?;
            let moments = column.per_value(ctx, |text| dates::parse(text, style))?;
            // A day given as a limit is the whole day: "at most" includes its evening, "more than" begins after it.
            let fits = |m: i64| match op {
                Compare::Less => m < from.0,
                Compare::LessOrEqual => m < from.1,
                Compare::Greater => m >= from.1,
                Compare::GreaterOrEqual => m >= from.0,
                _ => from.0 <= m && m < to.1,
            };
            Ok(moments.into_iter().map(|m| m.is_some_and(fits)).collect())
        }
        (_, Some(limits)) => {
            in_right_order(limits[0] <= limits[limits.len() - 1])?;
            Ok(column.numbers_with(ctx)?.into_iter().map(|n| !n.is_nan() && compare(op, &n, &limits)).collect())
        }
        (ColumnKind::Number { .. }, None) => {
            let word = values.iter().find(|v| column.number(v).is_none()).map_or("", String::as_str);
            Err(Error::Recipe(format!(
                "{word:?} is no number, but {:?} holds numbers; write it as the column does, for example {}",
                column.name,
                cells::number_for(column, 12.5)
            )))
        }
        _ => {
            let limits: Vec<&str> = values.iter().map(|v| v.trim()).collect();
            in_right_order(limits[0] <= limits[limits.len() - 1])?;
            let missing = column.missing_rule();
            column.per_value(ctx, |t| !missing.is_missing(t) && compare(op, &t.trim(), &limits))
        }
    }
}

fn compare<T: PartialOrd>(op: Compare, value: &T, limits: &[T]) -> bool {
    match op {
        Compare::Less => *value < limits[0],
        Compare::LessOrEqual => *value <= limits[0],
        Compare::Greater => *value > limits[0],
        Compare::GreaterOrEqual => *value >= limits[0],
        _ => limits[0] <= *value && *value <= limits[limits.len() - 1],
    }
}

fn in_right_order(right: bool) -> Result<()> {
    if right { Ok(()) } else { Err(Error::Recipe("the first of the two values has to be the smaller one".into())) }
}

/// The time that a given date stands for, end excluded: a day, or a minute or second where a time of day is given.
/// Written as 2011-12-31, or as the column writes its dates.
fn span(text: &str, style: &DateStyle) -> Option<(i64, i64)> {
    let from = dates::parse(text, &DateStyle::YearFirst).or_else(|| dates::parse(text, style))?;
    let width = match text.matches(':').count() {
        0 => DAY,
        1 => 60,
        _ => 1,
    };
    Some((from, from + width))
}
