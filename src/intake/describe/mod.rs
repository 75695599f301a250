//! What can be said about a column from its distinct values: how it is written, what is missing, what is doubtful.

mod dates;
mod numbers;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::intake::dates::DateStyle;
use crate::intake::intern::VALUES_PER_TICK;
use crate::intake::kind::{ColumnKind, MissingRule, without_zero_decimals};
use crate::intake::report::{ColumnReport, Distribution};
use crate::intake::settle::{OtherDecimals, decimal_of_others, order_of_others};
use crate::intake::{Column, Table};

/// Bins of a histogram, and values of a list of the most common ones.
const BINS: usize = 16;
const TOP: usize = 10;
const EXAMPLES: usize = 3;

/// What the rest of the table says about doubtful columns.
pub(super) struct Doubts {
    decimal: Option<OtherDecimals>,
    order: Option<(DateStyle, String)>,
}

impl Doubts {
    pub(super) fn of(table: &Table) -> Self {
        Doubts { decimal: decimal_of_others(table), order: order_of_others(table) }
    }
}

/// A column's report, and which of its problems are doubts about how the values were read.
pub(super) struct Description {
    pub report: ColumnReport,
    pub doubts: Vec<String>,
    /// Problems of a column of ids, and those of one that is none; the roles say which of them are any.
    pub as_id: Option<String>,
    pub as_number: Option<String>,
}

/// Describes a column of a table of `rows` rows; the role is left open.
pub(super) fn describe(column: &Column, rows: usize, doubts: &Doubts, ctx: &Ctx) -> Result<Description> {
    let rule = column.missing_rule();
    let mut missing_tokens: Vec<(String, usize)> = Vec::new();
    let mut distinct = 0;
    for (i, (text, &n)) in column.dict.iter().zip(&column.counts).enumerate() {
        if i.is_multiple_of(VALUES_PER_TICK) {
            ctx.tick(i, column.dict.len())?;
        }
        if n == 0 {
            continue;
        }
        if !rule.is_missing(text) {
            distinct += 1;
            continue;
        }
        let token = match text.trim() {
            "" if text.is_empty() => "",
            "" => " ",
            word => word,
        };
        match missing_tokens.iter_mut().find(|(t, _)| t == token) {
            Some((_, rows)) => *rows += n as usize,
            None => missing_tokens.push((token.to_string(), n as usize)),
        }
    }
    missing_tokens.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let missing: usize = missing_tokens.iter().map(|(_, n)| n).sum();
    let details = match &column.kind {
        ColumnKind::Empty => Details::default(),
        ColumnKind::Text => texts(column, rule, ctx)?,
        ColumnKind::Number { style, whole } => numbers::describe(column, *style, *whole, rule, doubts, ctx)?,
        ColumnKind::Date { style, time, ambiguous } => {
            dates::describe(column, style, *time, *ambiguous, rule, doubts, ctx)?
        }
    };
    let mut problems = [details.doubts.clone(), details.problems].concat();
    if column.kind == ColumnKind::Empty && rows > 0 {
        problems.push("The column has no value.".into());
    } else if distinct == 1 && rows > 1 {
        let but = if missing > 0 { " where it is not missing" } else { "" };
        problems.push(format!("Every value is the same{but}."));
    }
    let report = ColumnReport {
        name: column.name.clone(),
        kind: column.kind.clone(),
        written: details.written,
        missing,
        missing_share: if rows == 0 { 0.0 } else { missing as f64 / rows as f64 },
        missing_tokens,
        distinct,
        ambiguous_values: details.ambiguous,
        examples: column.dict.iter().filter(|t| !rule.is_missing(t)).take(EXAMPLES).map(str::to_string).collect(),
        histogram: details.histogram,
        problems,
        role: None,
        role_reason: None,
        role_confidence: None,
    };
    let as_id = if column.has_float_ids() { float_ids(column) } else { None };
    Ok(Description { report, doubts: details.doubts, as_id, as_number: details.as_number })
}

/// What depends on the column's type.
#[derive(Default)]
struct Details {
    written: String,
    ambiguous: usize,
    histogram: Distribution,
    doubts: Vec<String>,
    problems: Vec<String>,
    /// See [`Description::as_number`].
    as_number: Option<String>,
}

fn texts(column: &Column, rule: MissingRule, ctx: &Ctx) -> Result<Details> {
    let mut all: Vec<(u32, u32)> = Vec::with_capacity(column.dict.len());
    for (code, (text, &rows)) in column.dict.iter().zip(&column.counts).enumerate() {
        if code.is_multiple_of(VALUES_PER_TICK) {
            ctx.tick(code, column.dict.len())?;
        }
        if rows > 0 && !rule.is_missing(text) {
            all.push((rows, code as u32));
        }
    }
    // Equally common ones by their text, so that the order of the rows does not matter.
    let order =
        |a: &(u32, u32), b: &(u32, u32)| b.0.cmp(&a.0).then_with(|| column.dict.get(a.1).cmp(column.dict.get(b.1)));
    let total: usize = all.iter().map(|(n, _)| *n as usize).sum();
    if all.len() > TOP {
        all.select_nth_unstable_by(TOP, order);
        all.truncate(TOP);
    }
    all.sort_by(order);
    let values: Vec<(String, usize)> =
        all.iter().map(|&(n, code)| (column.dict.get(code).to_string(), n as usize)).collect();
    let others = total - values.iter().map(|(_, n)| n).sum::<usize>();
    Ok(Details { histogram: Distribution::Top { values, others }, ..Details::default() })
}

fn float_ids(column: &Column) -> Option<String> {
    let float = column.dict.iter().zip(&column.counts).filter(|(t, _)| without_zero_decimals(t).is_some());
    let rows: usize = float.map(|(_, &n)| n as usize).sum();
    let example = column.dict.iter().find_map(|t| Some((t.trim(), without_zero_decimals(t)?)));
    example.map(|(text, id)| {
        format!("{} with zero decimals; as an id, {text} is read as {id}.", format::plural(rows, "row is", "rows are"))
    })
}
