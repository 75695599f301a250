//! Calculated columns: formulas over the rows of a table.

use std::borrow::Cow;
use std::collections::HashMap;

use polars::prelude::{DataType, Expr, NULL, TimeUnit, lit};
use rayon::prelude::*;

use super::aggregate::{Cell, How, answers, fold};
use super::column::Worked;
use super::engine;
use super::error::ExpressionError;
use super::evaluate::evaluate;
use super::forms;
use super::scope::{Bound, BoundCall, Level, Scope, Source, bound};
use super::values::{Input, NO_MOMENT, NO_WORD, Values};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::intake::dates::{DAY, date_of, day_number};
use crate::intake::{Column, Table};
use crate::recipe::{Formula, Operand};

/// Rows between two looks at the cancel flag.
const ROWS_PER_TICK: usize = 1 << 15;

/// The rows of a table that count: for what is worked out from many rows, such as the edges of bins.
pub(crate) trait LiveRows: Sync {
    /// Whether a row is left.
    fn has(&self, row: usize) -> bool;
    /// Rows per code of a column among those that are left.
    ///
    /// # Errors
    /// [`Error::Cancelled`].
    fn counts<'c>(&self, column: &'c Column, ctx: &Ctx) -> Result<Cow<'c, [u32]>>;
}

/// All rows of a table.
pub(crate) struct AllRows;

impl LiveRows for AllRows {
    fn has(&self, _: usize) -> bool {
        true
    }

    fn counts<'c>(&self, column: &'c Column, _: &Ctx) -> Result<Cow<'c, [u32]>> {
        Ok(Cow::Borrowed(&column.counts))
    }
}

/// What a formula makes of a table.
pub(crate) struct Made {
    /// One column, or several for one-hot.
    pub columns: Vec<Column>,
    /// What was decided on the way, for people; may be empty.
    pub note: String,
}

/// What is wrong with a formula that can be told without looking at any row: an expression that is none, names and types
/// that do not fit.
///
/// # Errors
/// What is wrong.
pub(crate) fn check(table: &Table, formula: &Formula) -> Result<()> {
    match formula {
        Formula::Expression { expression } => {
            bound(expression, Level::Rows, &Scope::of(Some(table), &[])).map(drop).map_err(|e| located(e, expression))
        }
        Formula::Aggregate { .. } => Err(for_customers_only()),
        Formula::JoinText { columns, .. } if columns.is_empty() => {
            Err(Error::Recipe("choose the columns to join".into()))
        }
        formula => formula.columns().into_iter().try_for_each(|name| column_of(table, name).map(drop)),
    }
}

fn for_customers_only() -> Error {
    Error::Recipe("an aggregate makes one value of all rows of a customer; calculate it in the Features panel".into())
}

/// The columns that a formula works out, one value per row of the table.
///
/// # Errors
/// What is wrong with the formula; [`Error::Cancelled`].
pub(crate) fn columns(table: &Table, live: &dyn LiveRows, name: &str, formula: &Formula, ctx: &Ctx) -> Result<Made> {
    let name = name.trim();
    if name.is_empty() {
        return Err(Error::Recipe("give the name of the new column".into()));
    }
    let (worked, note) = work(table, live, name, formula, table.rows, &ctx.part(0.0, 0.6))?;
    let part = ctx.part(0.6, 1.0);
    let columns = worked.iter().map(|(name, worked)| worked.column(name, &part)).collect::<Result<_>>()?;
    Ok(Made { columns, note })
}

/// Columns by name, worked out for at least the first `n` rows.
pub(super) fn work<'t>(
    table: &'t Table,
    live: &dyn LiveRows,
    name: &str,
    formula: &Formula,
    n: usize,
    ctx: &Ctx,
) -> Result<(Vec<(String, Worked<'t>)>, String)> {
    let n = n.min(table.rows);
    let find = |name: &str| -> Result<&'t Column> { column_of(table, name) };
    let one = |worked: Worked<'t>, note: String| Ok((vec![(name.to_string(), worked)], note));
    let per_code = |values: Values, column: &'t Column| Worked { values, codes: Some(&column.codes) };
    match formula {
        Formula::Expression { expression } => {
            let scope = Scope::of(Some(table), &[]);
            let bound = bound(expression, Level::Rows, &scope).map_err(|e| located(e, expression))?;
            one(expression_rows(table, live, &bound, n, ctx)?, String::new())
        }
        Formula::Arithmetic { left, op, right } => {
            let (left, right) = (operand(table, left, ctx)?, operand(table, right, ctx)?);
            let value = |row: usize| forms::arithmetic(*op, left.get(row), right.get(row));
            let values = (0..n).into_par_iter().with_min_len(ROWS_PER_TICK).map(value).collect();
            one(Worked { values: Values::Numbers(values), codes: None }, String::new())
        }
        Formula::JoinText { columns, separator } => {
            if columns.is_empty() {
                return Err(Error::Recipe("choose the columns to join".into()));
            }
            let columns: Vec<&Column> = columns.iter().map(|c| find(c)).collect::<Result<_>>()?;
            one(joined(&columns, separator, n, ctx)?, String::new())
        }
        Formula::Bins { column, method, bins, edges, labels } => {
            let column = find(column)?;
            let numbers = numbers(column, ctx)?;
            let counts = live.counts(column, ctx)?;
            let edges = forms::edges(&numbers, Some(&counts), *method, *bins, edges)?;
            let values = forms::bins(&numbers, &edges, labels, true)?;
            let texts: Vec<String> = edges.iter().map(|e| crate::format::short(*e)).collect();
            one(per_code(values, column), format!("edges at {}", texts.join(", ")))
        }
        Formula::DatePart { column, part } => {
            let column = find(column)?;
            one(per_code(forms::date_part(&moments(column, ctx)?, *part), column), String::new())
        }
        Formula::DaysSince { column, until } => {
            let column = find(column)?;
            let seconds = moments(column, ctx)?;
            let (until, note) = match until {
                Some(day) => (day_number(*day), String::new()),
                None => {
                    let counts = live.counts(column, ctx)?;
                    let days = seconds.iter().zip(counts.iter()).filter(|(s, n)| **s != NO_MOMENT && **n > 0);
                    let last = days.map(|(s, _)| s.div_euclid(DAY) as i32).max().unwrap_or(0);
                    (last + 1, format!("counted to {}, the day after the last date", date_of(last + 1)))
                }
            };
            one(per_code(forms::days_since(&seconds, until), column), note)
        }
        Formula::OneHot { column, values, most } => {
            let column = find(column)?;
            let input = Input::of_column(column, None, ctx)?;
            let counts = live.counts(column, ctx)?;
            let wanted = forms::one_hot_values(&input.values, Some(&counts), values, *most);
            if wanted.is_empty() {
                return Err(Error::Recipe(format!("{:?} has no value that could get a column", column.name)));
            }
            let flags = wanted.into_iter().map(|value| {
                let is = forms::is_value(&input.values, &value, column.number(&value));
                (format!("{name}_{value}"), per_code(forms::flags(&is), column))
            });
            let out: Vec<(String, Worked)> = flags.collect();
            let note = plural(out.len(), "column", "columns");
            Ok((out, note))
        }
        Formula::Ordinal { column, order } => {
            let column = find(column)?;
            let input = Input::of_column(column, None, ctx)?;
            let values = forms::ordinal(&input.values, order, |text| column.number(text))?;
            one(per_code(values, column), String::new())
        }
        Formula::Aggregate { .. } => Err(for_customers_only()),
    }
}

/// An error of an expression in a sentence with its place.
pub(super) fn located(error: ExpressionError, expression: &str) -> Error {
    Error::Recipe(error.sentence(expression))
}

/// The column of this name, or the error that names the one that was probably meant.
pub(super) fn column_of<'t>(table: &'t Table, name: &str) -> Result<&'t Column> {
    let names = || table.columns.iter().map(|c| c.name.as_str());
    if name.trim().is_empty() {
        return Err(Error::Recipe("no column is chosen".into()));
    }
    match super::names::position(name, names()) {
        Some(at) => Ok(&table.columns[at]),
        None => Err(Error::Recipe(engine::unknown(name, 0..0, "column", names()).message)),
    }
}

fn numbers(column: &Column, ctx: &Ctx) -> Result<Vec<f64>> {
    let input = Input::of_column(column, None, ctx)?;
    match std::sync::Arc::unwrap_or_clone(input.values) {
        Values::Numbers(numbers) => Ok(numbers),
        _ => Err(Error::Recipe(format!("{:?} holds {}, and numbers are needed", column.name, input.kind.label()))),
    }
}

fn moments(column: &Column, ctx: &Ctx) -> Result<Vec<i64>> {
    let input = Input::of_column(column, None, ctx)?;
    match std::sync::Arc::unwrap_or_clone(input.values) {
        Values::Dates { seconds, .. } => Ok(seconds),
        _ => Err(Error::Recipe(format!("{:?} holds {}, and dates are needed", column.name, input.kind.label()))),
    }
}

/// One side of an arithmetic form.
enum Side<'t> {
    Number(f64),
    Column(Vec<f64>, &'t [u32]),
}

impl Side<'_> {
    fn get(&self, row: usize) -> f64 {
        match self {
            Side::Number(value) => *value,
            Side::Column(numbers, codes) => numbers[codes[row] as usize],
        }
    }
}

fn operand<'t>(table: &'t Table, operand: &Operand, ctx: &Ctx) -> Result<Side<'t>> {
    match operand {
        Operand::Number(value) => Ok(Side::Number(*value)),
        Operand::Column(name) => {
            let column = column_of(table, name)?;
            Ok(Side::Column(numbers(column, ctx)?, &column.codes))
        }
    }
}

/// The texts of several columns as one; each combination of texts is made once.
fn joined<'t>(columns: &[&Column], separator: &str, n: usize, ctx: &Ctx) -> Result<Worked<'t>> {
    let mut texts: Vec<String> = vec![String::new()];
    let mut so_far: Vec<u32> = vec![0; n];
    for (i, column) in columns.iter().enumerate() {
        let part = ctx.part(i as f32 / columns.len() as f32, (i + 1) as f32 / columns.len() as f32);
        let missing = column.missing_rule();
        let there = column.per_value(&part, |text| !missing.is_missing(text))?;
        let mut known: hashbrown::HashMap<u64, u32, foldhash::fast::RandomState> = Default::default();
        let mut longer: Vec<String> = Vec::new();
        for (row, place) in so_far.iter_mut().enumerate() {
            if row.is_multiple_of(ROWS_PER_TICK) {
                part.tick(row, n)?;
            }
            let code = column.codes[row];
            let code = if there[code as usize] { code } else { 0 };
            let before = *place as usize;
            *place = *known.entry(u64::from(*place) << 32 | u64::from(code)).or_insert_with(|| {
                let more = if code == 0 { "" } else { column.dict.get(code) };
                let gap = if texts[before].is_empty() || more.is_empty() { "" } else { separator };
                longer.push(format!("{}{gap}{more}", texts[before]));
                longer.len() as u32 - 1
            });
        }
        texts = longer;
    }
    // Different combinations can make the same text.
    let mut names: Vec<String> = Vec::new();
    let mut known: HashMap<String, u32> = HashMap::new();
    let place: Vec<u32> = texts
        .into_iter()
        .map(|text| {
            if text.is_empty() {
                return NO_WORD;
            }
            *known.entry(text).or_insert_with_key(|text| {
                names.push(text.clone());
                names.len() as u32 - 1
            })
        })
        .collect();
    let codes = so_far.into_iter().map(|at| place[at as usize]).collect();
    Ok(Worked { values: Values::Words { codes, names }, codes: None })
}

fn expression_rows<'t>(
    table: &'t Table,
    live: &dyn LiveRows,
    bound: &Bound,
    n: usize,
    ctx: &Ctx,
) -> Result<Worked<'t>> {
    let mut constants = Vec::new();
    for (call, inner) in bound.compiled.calls.iter().zip(&bound.calls) {
        constants.push((call.stand_in.as_str(), over_the_table(table, live, call.how, inner.as_ref(), ctx)?));
    }
    let expr = with_constants(&bound.expr, &constants);
    let inputs = columns_of(table, &bound.sources, ctx)?;
    over_columns(&expr, &inputs, n, ctx)
}

/// The columns among the sources, by their names in the expression.
fn columns_of<'t, 's>(
    table: &'t Table,
    sources: &'s [(String, Source)],
    ctx: &Ctx,
) -> Result<Vec<(&'s str, Input<'t>)>> {
    let column = |(name, source): &'s (String, Source)| match source {
        Source::Column(at) => {
            Some(Input::of_column(&table.columns[*at], None, ctx).map(|input| (name.as_str(), input)))
        }
        _ => None,
    };
    sources.iter().filter_map(column).collect()
}

/// Works an expression out for the first `n` rows; one that uses a single column for each of its distinct values.
fn over_columns<'t>(expr: &Expr, inputs: &[(&str, Input<'t>)], n: usize, ctx: &Ctx) -> Result<Worked<'t>> {
    if let [(name, input)] = inputs
        && let Some(codes) = input.codes
        && input.values.len() < n
    {
        let alone = Input { codes: None, ..input.clone() };
        let values = evaluate(expr, &[(name, &alone)], None, alone.values.len(), ctx)?;
        return Ok(Worked { values, codes: Some(codes) });
    }
    let inputs: Vec<(&str, &Input)> = inputs.iter().map(|(name, input)| (*name, input)).collect();
    Ok(Worked { values: evaluate(expr, &inputs, None, n, ctx)?, codes: None })
}

/// One value of all rows of the table.
fn over_the_table(
    table: &Table,
    live: &dyn LiveRows,
    how: How,
    inner: Option<&BoundCall>,
    ctx: &Ctx,
) -> Result<Values> {
    let worked = match inner {
        None => Worked { values: Values::Numbers(vec![0.0]), codes: None },
        Some(call) => {
            let inputs = columns_of(table, &call.sources, ctx)?;
            over_columns(&call.expr, &inputs, table.rows, ctx)?
        }
    };
    let worked = Worked { values: worked.values.in_order(), codes: worked.codes };
    let all_alike = inner.is_none();
    let mut cells = Vec::with_capacity(table.rows);
    for row in (0..table.rows).filter(|&row| live.has(row)) {
        if row.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(row, table.rows)?;
        }
        let key = worked.values.key(if all_alike { 0 } else { worked.place(row) });
        cells.push(Cell { key: key.unwrap_or(0), moment: 0, there: key.is_some() });
    }
    Ok(answers(how, &worked.values, vec![fold(how, &mut cells)]))
}

/// The expression with single values in the place of names.
pub(super) fn with_constants(expr: &Expr, constants: &[(&str, Values)]) -> Expr {
    expr.clone().map_expr(|e| match &e {
        Expr::Column(name) => match constants.iter().find(|(stand_in, _)| *stand_in == name.as_str()) {
            Some((_, value)) => constant(value),
            None => e,
        },
        _ => e,
    })
}

fn constant(value: &Values) -> Expr {
    match value {
        Values::Numbers(values) if values[0].is_nan() => lit(NULL).cast(DataType::Float64),
        Values::Numbers(values) => lit(values[0]),
        Values::Dates { seconds, time } => {
            let moment = match seconds[0] {
                NO_MOMENT => lit(NULL),
                seconds => lit(seconds * 1000),
            };
            let moment = moment.cast(DataType::Datetime(TimeUnit::Milliseconds, None));
            if *time { moment } else { moment.cast(DataType::Date) }
        }
        Values::Words { codes, .. } if codes[0] == NO_WORD => lit(NULL).cast(DataType::String),
        Values::Words { codes, names } => lit(names[codes[0] as usize].clone()),
    }
}
