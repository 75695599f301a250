//! The first values of a formula, for looking at it while it is written.

use super::customers::Calculator;
use super::error::ExpressionError;
use super::rows::{AllRows, work};
use super::scope::Scope;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::features::Known;
use crate::format;
use crate::intake::Table;
use crate::recipe::{Calculation, Formula, Recipe};
use crate::rfm::{CustomerTable, Feature, RfmOut, Unit};

/// The first values of a calculation.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preview {
    /// Columns or features by name, several for one-hot.
    pub names: Vec<String>,
    /// Per column the text of each value, empty where it is missing.
    pub values: Vec<Vec<String>>,
}

/// Why there is no preview: nothing is wrong, or this is.
fn why(error: Error) -> ExpressionError {
    match error {
        Error::Expression { why, .. } => why,
        error => ExpressionError { message: error.to_string().trim_end_matches('.').to_string(), at: None },
    }
}

/// The first `n` values of a calculated column. Only these are worked out, but for what needs all rows: edges of bins, the
/// most frequent values, aggregates.
///
/// # Errors
/// What is wrong with the formula; in expressions with the place.
pub fn preview_rows(
    table: &Table,
    name: &str,
    formula: &Formula,
    n: usize,
    ctx: &Ctx,
) -> std::result::Result<Preview, ExpressionError> {
    if let Formula::Expression { expression } = formula {
        super::check(expression, super::Level::Rows, &Scope::of(Some(table), &[]))?;
    }
    let n = n.min(table.rows);
    let (worked, _) = work(table, &AllRows, name, formula, n, ctx).map_err(why)?;
    let mut out = Preview::default();
    for (name, worked) in worked {
        out.names.push(name);
        out.values.push((0..n).map(|row| worked.values.text(worked.place(row)).into_owned()).collect());
    }
    Ok(out)
}

/// The values of a calculated feature for the first `n` customers; `table` has the customers with the features so far.
/// Rows are aggregated for these customers only.
///
/// # Errors
/// What is wrong with the formula; in expressions with the place.
pub fn preview_customers(
    known: &Known,
    counted: &RfmOut,
    table: &CustomerTable,
    recipe: &Recipe,
    what: &Calculation,
    n: usize,
    ctx: &Ctx,
) -> std::result::Result<Preview, ExpressionError> {
    let n = n.min(table.len());
    let features = Calculator::new(known, counted, recipe, Some(n)).features(what, table, ctx).map_err(why)?;
    let mut out = Preview::default();
    for feature in features {
        out.values.push((0..n).map(|at| text(&feature, at)).collect());
        out.names.push(feature.name);
    }
    Ok(out)
}

/// What an expression about the customers of `table` may use.
pub fn customer_scope(known: &Known, counted: &RfmOut, table: &CustomerTable, recipe: &Recipe) -> Scope {
    Calculator::new(known, counted, recipe, None).scope(table)
}

/// The text of one customer's value.
fn text(feature: &Feature, at: usize) -> String {
    let value = feature.values[at];
    match &feature.names {
        _ if !value.is_finite() => String::new(),
        Some(names) => names.get(value as usize).cloned().unwrap_or_default(),
        None if feature.unit == Unit::Share => format::percent(value),
        None => format::short(value),
    }
}
