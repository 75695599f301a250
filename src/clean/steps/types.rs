//! Reading a column as text, numbers or dates.

use std::sync::Arc;

use super::apply::Change;
use super::cells;
use super::live::Live;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::intake::dates::{self, DAY, DateStyle};
use crate::intake::kind::ColumnKind;
use crate::intake::numbers::{self, NumberStyle};
use crate::intake::{Column, Table};
use crate::recipe::{CellType, Decimal};

pub(super) fn change(
    table: &Table,
    live: &Live,
    at: usize,
    to: CellType,
    decimal: Option<Decimal>,
    date_format: Option<&str>,
    ctx: &Ctx,
) -> Result<Change> {
    let column: &Column = &table.columns[at];
    match to {
        CellType::Text => {
            let mut out = table.clone();
            if column.kind != ColumnKind::Text {
                out.columns[at] = Arc::new(Column { kind: ColumnKind::Text, ..Column::clone(column) });
            }
            Ok(Change::none(&out, format!("{:?} is text from here on; every cell stays as it is", column.name)))
        }
        CellType::Number => {
            let numbers = match decimal {
                None => column.numbers_with(ctx)?,
                Some(sign) => {
                    let style = NumberStyle::of(match sign {
                        Decimal::Point => numbers::Decimal::Point,
                        Decimal::Comma => numbers::Decimal::Comma,
                    });
                    column.per_value(ctx, |text| style.parse(text).unwrap_or(f64::NAN))?
                }
            };
            let texts = numbers.iter().map(|n| if n.is_nan() { None } else { Some(cells::number_text(*n)) }).collect();
            let mut change = read(table, live, at, texts, "number", ctx)?;
            let changed = &change.table.columns[at];
            let wanted = changed.dict.iter().map(|t| t.parse().unwrap_or(f64::NAN)).collect::<Vec<f64>>();
            let settled = cells::settle(Column::clone(changed), &wanted, ctx)?;
            let whole = wanted.iter().all(|n| n.is_nan() || n.fract() == 0.0);
            let kind = match settled.kind {
                // A few numbers such as 00042 or 20110131 are numbers now, because somebody says so.
                ColumnKind::Number { .. } => settled.kind.clone(),
                _ => ColumnKind::number(whole),
            };
            change.table.columns[at] = Arc::new(Column { kind, ..settled });
            Ok(change)
        }
        CellType::Date => {
            let missing = column.missing_rule();
            let style = match (date_format, &column.kind) {
                (Some(format), _) => DateStyle::Custom(format.to_string()),
                (None, ColumnKind::Date { style, .. }) => style.clone(),
                (None, _) => dates::detect_any(column.dict.iter().filter(|t| !missing.is_missing(t)))
                    .ok_or_else(|| none(column, "date"))?,
            };
            let moments = column.per_value(ctx, |text| dates::parse(text, &style).filter(|s| dates::plausible(*s)))?;
            let time = moments.iter().flatten().any(|m| m.rem_euclid(DAY) != 0);
            let texts = moments.iter().map(|m| m.map(|m| dates::iso(m, time))).collect();
            let mut change = read(table, live, at, texts, "date", ctx)?;
            let kind = ColumnKind::Date { style: DateStyle::YearFirst, time, ambiguous: false };
            change.table.columns[at] = Arc::new(Column { kind, ..Column::clone(&change.table.columns[at]) });
            change.note = format!("{}; read as {}", change.note, style.label());
            Ok(change)
        }
    }
}

/// Values become the texts given; what has none cannot be read and becomes missing, unless it is missing already.
fn read(table: &Table, live: &Live, at: usize, texts: Vec<Option<String>>, what: &str, ctx: &Ctx) -> Result<Change> {
    let column: &Column = &table.columns[at];
    let counts = live.counts(column, ctx)?;
    if texts.iter().zip(counts.iter()).all(|(t, &n)| t.is_none() || n == 0) {
        return Err(none(column, what));
    }
    let missing = column.missing_rule();
    let mut unreadable = 0;
    let mut changed = 0;
    let mut new: Vec<Option<String>> = Vec::with_capacity(texts.len());
    for ((old, text), &rows) in column.dict.iter().zip(texts).zip(counts.iter()) {
        let text = match text {
            Some(text) => Some(text),
            None if missing.is_missing(old) => None,
            None => {
                unreadable += rows as usize;
                Some(String::new())
            }
        };
        let text = text.filter(|t| t != old);
        changed += if text.is_some() { rows as usize } else { 0 };
        new.push(text);
    }
    let examples = cells::examples(column, live, |code| new[code as usize].clone().map(Some));
    let table = cells::replaced(table, at, cells::rewrite(column, &new, ctx)?);
    let note = match unreadable {
        0 => format!("Every value reads as a {what}"),
        n => format!("{} no {what} and became missing", plural(n, "value is", "values are")),
    };
    Ok(Change { cells: changed, examples, ..Change::none(&table, note) })
}

fn none(column: &Column, what: &str) -> Error {
    Error::Recipe(format!(
        "no value of {:?} reads as a {what} (the first is {:?})",
        column.name,
        column.examples(1).first().copied().unwrap_or("")
    ))
}
