//! Missing values: dropped with their rows, or filled.

use super::apply::Change;
use super::live::{Live, ROWS_PER_TICK};
use super::values::{Numbers, sum};
use super::{Example, MOST_EXAMPLES, cells, filter, find};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::{count, plural};
use crate::intake::dates;
use crate::intake::kind::ColumnKind;
use crate::intake::{Code, Column, Table};
use crate::recipe::MissingAction;

pub(super) fn fill(
    table: &Table,
    live: &Live,
    at: usize,
    action: MissingAction,
    value: &str,
    along: Option<&str>,
    ctx: &Ctx,
) -> Result<Change> {
    let column: &Column = &table.columns[at];
    let rule = column.missing_rule();
    let missing = column.per_value(ctx, |text| rule.is_missing(text))?;
    if action == MissingAction::DropRow {
        let which = format!("without {:?}", column.name);
        return filter::drop_where(table, live, column, |code| missing[code], &which, ctx);
    }
    let counts = live.counts(column, ctx)?;
    let gaps: usize = missing.iter().zip(counts.iter()).filter(|(m, _)| **m).map(|(_, &n)| n as usize).sum();
    if gaps == 0 {
        return Ok(Change::none(table, "No value is missing"));
    }
    let numbers = || {
        let numbers = Numbers::of(&column.numbers_with(ctx)?, &counts);
        if numbers.is_empty() { Err(no_number(column)) } else { Ok(numbers) }
    };
    match action {
        MissingAction::Mean => number(table, live, at, &missing, gaps, numbers()?.mean(), ctx),
        MissingAction::Median => number(table, live, at, &missing, gaps, numbers()?.quantile(0.5), ctx),
        MissingAction::Mode => {
            let text = most_frequent(column, &missing, &counts, ctx)?;
            text_for_all(table, live, at, &missing, gaps, &text, ctx)
        }
        MissingAction::Previous => previous(table, live, at, &missing, ctx),
        MissingAction::Interpolate => {
            interpolate(table, live, at, &missing, find(table, along.unwrap_or_default())?, ctx)
        }
        // A number typed in is read as the column reads its own.
        _ => match (&column.kind, column.number(value)) {
            (ColumnKind::Number { .. }, Some(typed)) => {
                written(table, live, at, &missing, gaps, value, Some(typed), ctx)
            }
            _ => text_for_all(table, live, at, &missing, gaps, value, ctx),
        },
    }
}

fn no_number(column: &Column) -> Error {
    Error::Recipe(format!("no value of {:?} is a number; choose another column, or change its type first", column.name))
}

fn number(
    table: &Table,
    live: &Live,
    at: usize,
    missing: &[bool],
    gaps: usize,
    value: f64,
    ctx: &Ctx,
) -> Result<Change> {
    let text = cells::number_for(&table.columns[at], value);
    written(table, live, at, missing, gaps, &text, Some(value), ctx)
}

fn text_for_all(
    table: &Table,
    live: &Live,
    at: usize,
    missing: &[bool],
    gaps: usize,
    text: &str,
    ctx: &Ctx,
) -> Result<Change> {
    written(table, live, at, missing, gaps, text, None, ctx)
}

/// Every missing value becomes `text`, which stands for the number `value` if it is one.
#[expect(clippy::too_many_arguments, reason = "what a step is about, and what it writes")]
fn written(
    table: &Table,
    live: &Live,
    at: usize,
    missing: &[bool],
    gaps: usize,
    text: &str,
    value: Option<f64>,
    ctx: &Ctx,
) -> Result<Change> {
    let column: &Column = &table.columns[at];
    let texts: Vec<Option<String>> = missing.iter().map(|m| m.then(|| text.to_string())).collect();
    let examples = cells::examples(column, live, |code| texts[code as usize].clone().map(Some));
    let mut filled = cells::rewrite(column, &texts, ctx)?;
    if let Some(value) = value {
        let wanted = numbers_of(&filled, column, |t| (t == text).then_some(value), ctx)?;
        filled = cells::settle(filled, &wanted, ctx)?;
    }
    let note = format!("{} filled with {text:?}", plural(gaps, "missing value", "missing values"));
    Ok(Change { cells: gaps, examples, ..Change::none(&cells::replaced(table, at, filled), note) })
}

/// The number that each code of a changed column is meant to be: what was written, else what the text was before.
fn numbers_of(changed: &Column, before: &Column, new: impl Fn(&str) -> Option<f64>, ctx: &Ctx) -> Result<Vec<f64>> {
    let numbers = before.numbers_with(ctx)?;
    let old: std::collections::HashMap<&str, f64> = before.dict.iter().zip(numbers).collect();
    Ok(changed.dict.iter().map(|t| new(t).or_else(|| old.get(t).copied()).unwrap_or(f64::NAN)).collect())
}

/// The value of most rows: by number or moment where the column has such, so that two writings of one number count
/// together. The smallest of several.
fn most_frequent(column: &Column, missing: &[bool], counts: &[u32], ctx: &Ctx) -> Result<String> {
    let there = |code: usize| !missing[code] && counts[code] > 0;
    let keys: Option<Vec<f64>> = match &column.kind {
        ColumnKind::Number { .. } => Some(column.numbers_with(ctx)?),
        ColumnKind::Date { style, .. } => {
            Some(column.per_value(ctx, |t| dates::parse(t, style).map_or(f64::NAN, |s| s as f64))?)
        }
        _ => None,
    };
    // The most rows, then the smaller text.
    let better = |a: usize, b: usize| {
        let text = |c: usize| column.dict.get(c as Code);
        counts[a] > counts[b] || (counts[a] == counts[b] && text(a) < text(b))
    };
    let best = |codes: &mut dyn Iterator<Item = usize>| codes.reduce(|a, b| if better(b, a) { b } else { a });
    let found = match keys {
        Some(keys) => {
            let present: Vec<f64> =
                keys.iter().enumerate().map(|(c, &k)| if there(c) { k } else { f64::NAN }).collect();
            let mode = Numbers::of(&present, counts).mode();
            best(&mut (0..column.dict.len()).filter(|&c| there(c) && keys[c] == mode))
        }
        None => best(&mut (0..column.dict.len()).filter(|&c| there(c))),
    };
    found
        .map(|code| column.dict.get(code as Code).to_string())
        .ok_or_else(|| Error::Recipe(format!("{:?} has no value to fill with", column.name)))
}

/// Filling per row: collects what is written, and examples of it.
struct Filling<'a> {
    column: &'a Column,
    filled: usize,
    examples: Vec<Example>,
}

impl<'a> Filling<'a> {
    fn new(column: &'a Column) -> Self {
        Filling { column, filled: 0, examples: Vec::new() }
    }

    fn note(&mut self, row: usize, after: &str) {
        self.filled += 1;
        if self.examples.len() < MOST_EXAMPLES {
            self.examples.push(Example {
                row,
                column: self.column.name.clone(),
                before: self.column.text(row).to_string(),
                after: Some(after.to_string()),
            });
        }
    }

    fn done(self, table: &Table, at: usize, filled: Column, gaps: usize, how: &str) -> Change {
        let mut note = format!("{} {how}", plural(self.filled, "missing value", "missing values"));
        if gaps > self.filled {
            note = format!("{note}; {} left", plural(gaps - self.filled, "is", "are"));
        }
        let table = cells::replaced(table, at, filled);
        Change { cells: self.filled, examples: self.examples, ..Change::none(&table, note) }
    }
}

/// The last value above, in the order of rows; what has none above stays missing.
fn previous(table: &Table, live: &Live, at: usize, missing: &[bool], ctx: &Ctx) -> Result<Change> {
    let column: &Column = &table.columns[at];
    let mut codes = column.codes.clone();
    let mut last: Option<Code> = None;
    let (mut filling, mut gaps) = (Filling::new(column), 0);
    for (row, code) in codes.iter_mut().enumerate() {
        if row.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(row, column.codes.len())?;
        }
        if !live.has(row) {
            continue;
        }
        if !missing[*code as usize] {
            last = Some(*code);
            continue;
        }
        gaps += 1;
        if let Some(above) = last {
            *code = above;
            filling.note(row, column.dict.get(above));
        }
    }
    let filled = cells::recode(column, column.dict.clone(), codes, ctx)?;
    Ok(filling.done(table, at, filled, gaps, "filled with the value above"))
}

/// On the straight line between the numbers before and after in time (the formula of `numpy.interp`). Numbers of one
/// moment count as their mean; after the last number it stays, before the first there is none.
fn interpolate(table: &Table, live: &Live, at: usize, missing: &[bool], along: &Column, ctx: &Ctx) -> Result<Change> {
    let column: &Column = &table.columns[at];
    let ColumnKind::Date { style, .. } = &along.kind else {
        return Err(Error::Recipe(format!(
            "{:?} is no column of dates; choose one that is, or change its type to date first",
            along.name
        )));
    };
    let moments = along.per_value(ctx, |t| dates::parse(t, style))?;
    let numbers = column.numbers_with(ctx)?;
    let mut points: Vec<(i64, f64)> = Vec::new();
    let mut open: Vec<(usize, i64)> = Vec::new();
    let mut gaps = 0;
    for row in 0..table.rows {
        if row.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(row, table.rows)?;
        }
        let code = column.codes[row] as usize;
        if !live.has(row) || !(missing[code] || numbers[code].is_finite()) {
            continue;
        }
        gaps += usize::from(missing[code]);
        if let Some(moment) = moments[along.codes[row] as usize] {
            if missing[code] {
                open.push((row, moment));
            } else {
                points.push((moment, numbers[code]));
            }
        }
    }
    let line = line_through(points);
    if line.is_empty() {
        return Err(no_number(column));
    }
    let mut builder = cells::DictBuilder::of(&column.dict, ctx)?;
    let mut wanted = numbers;
    let mut codes = column.codes.clone();
    let mut filling = Filling::new(column);
    for (i, &(row, moment)) in open.iter().enumerate() {
        if i.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(i, open.len())?;
        }
        let Some(value) = value_at(&line, moment) else { continue };
        let text = cells::number_for(column, value);
        let code = builder.code_of(&text);
        if code as usize == wanted.len() {
            wanted.push(value);
        }
        codes[row] = code;
        filling.note(row, &text);
    }
    let filled = cells::settle(cells::recode(column, builder.dict, codes, ctx)?, &wanted, ctx)?;
    let how = format!("interpolated along {:?} between {} moments", along.name, count(line.len()));
    Ok(filling.done(table, at, filled, gaps, &how))
}

/// One point per moment, in order of time.
fn line_through(mut points: Vec<(i64, f64)>) -> Vec<(i64, f64)> {
    points.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let mean = |same: &[(i64, f64)]| (same[0].0, sum(same.iter().map(|p| p.1)) / same.len() as f64);
    points.chunk_by(|a, b| a.0 == b.0).map(mean).collect()
}

fn value_at(line: &[(i64, f64)], moment: i64) -> Option<f64> {
    let after = line.partition_point(|p| p.0 <= moment);
    let (x0, y0) = line[after.checked_sub(1)?];
    let Some(&(x1, y1)) = line.get(after) else { return Some(y0) };
    if x0 == moment {
        return Some(y0);
    }
    Some((y1 - y0) / (x1 - x0) as f64 * (moment - x0) as f64 + y0)
}
