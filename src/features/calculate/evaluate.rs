//! Working expressions out by polars, many rows at a time.

use polars::prelude::{
    Column as Computed, DataFrame, DataType, Expr, IntoColumn, IntoLazy, NamedFrom, PolarsError, Series, TimeUnit,
};
use rayon::prelude::*;

use super::engine::plain;
use super::values::{Input, Kind, NO_MOMENT, NO_WORD, Values};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::dates;

/// Rows that are worked out at a time.
const ROWS_TOGETHER: usize = 1 << 16;
/// The name of what is worked out.
pub(super) const RESULT: &str = "result";

/// A column of a type without rows, for finding out the types of expressions.
pub(super) fn empty(name: &str, kind: Kind) -> Series {
    series(name, &Input { kind, values: no_values(kind).into(), codes: None }, std::iter::empty())
        .unwrap_or_else(|_| Series::new(name.into(), Vec::<f64>::new()))
}

fn no_values(kind: Kind) -> Values {
    match kind {
        Kind::Number { .. } => Values::Numbers(Vec::new()),
        Kind::Date { time } => Values::Dates { seconds: Vec::new(), time },
        Kind::Word => Values::Words { codes: Vec::new(), names: Vec::new() },
    }
}

/// Some places of an input as polars has them.
fn series(name: &str, input: &Input, places: impl Iterator<Item = usize>) -> std::result::Result<Series, PolarsError> {
    Ok(match &*input.values {
        Values::Numbers(values) => {
            let numbers: Vec<Option<f64>> = places.map(|at| Some(values[at]).filter(|v| v.is_finite())).collect();
            Series::new(name.into(), numbers)
        }
        Values::Dates { seconds, time: true } => {
            let millis: Vec<Option<i64>> =
                places.map(|at| Some(seconds[at]).filter(|s| *s != NO_MOMENT).map(|s| s * 1000)).collect();
            Series::new(name.into(), millis).cast(&DataType::Datetime(TimeUnit::Milliseconds, None))?
        }
        Values::Dates { seconds, time: false } => {
            let days: Vec<Option<i32>> = places
                .map(|at| Some(seconds[at]).filter(|s| *s != NO_MOMENT).map(|s| s.div_euclid(dates::DAY) as i32))
                .collect();
            Series::new(name.into(), days).cast(&DataType::Date)?
        }
        Values::Words { codes, names } => {
            let words: Vec<Option<&str>> = places
                .map(|at| Some(codes[at]).filter(|c| *c != NO_WORD).map(|c| names[c as usize].as_str()))
                .collect();
            Series::new(name.into(), words)
        }
    })
}

/// Works a bound expression out for the rows `rows` of the inputs, or all `n` of them.
///
/// # Errors
/// What only the values show, such as a text that is no number; [`Error::Cancelled`].
pub(super) fn evaluate(
    expr: &Expr,
    inputs: &[(&str, &Input)],
    rows: Option<&[u32]>,
    n: usize,
    ctx: &Ctx,
) -> Result<Values> {
    let part = |i: usize| -> Result<Part> {
        let range = i * ROWS_TOGETHER..((i + 1) * ROWS_TOGETHER).min(n);
        ctx.tick(range.start, n)?;
        let fail = |e: PolarsError| Error::Recipe(plain(&e));
        let column = |(name, input): &(&str, &Input)| {
            let place = |at: usize| input.place(rows.map_or(at, |rows| rows[at] as usize));
            series(name, input, range.clone().map(place)).map(IntoColumn::into_column)
        };
        let columns: Vec<Computed> = inputs.iter().map(column).collect::<std::result::Result<_, _>>().map_err(fail)?;
        let frame = DataFrame::new(range.len(), columns).map_err(fail)?;
        let out = frame.lazy().select([expr.clone().alias(RESULT)]).collect().map_err(fail)?;
        let out = out.column(RESULT).map_err(fail)?.as_materialized_series().clone();
        Part::of(out, range.len()).map_err(fail)
    };
    let parts: Vec<Part> = (0..n.div_ceil(ROWS_TOGETHER)).into_par_iter().map(part).collect::<Result<_>>()?;
    Ok(joined(parts))
}

/// The values of some rows.
enum Part {
    Numbers(Vec<f64>),
    Dates { seconds: Vec<i64>, time: bool },
    Words(Vec<Option<String>>),
}

impl Part {
    fn of(series: Series, n: usize) -> std::result::Result<Part, PolarsError> {
        // A constant has one value for all rows.
        let series = if series.len() == 1 && n != 1 { series.new_from_index(0, n) } else { series };
        let numbers = |series: &Series| -> std::result::Result<Part, PolarsError> {
            let cast = series.cast(&DataType::Float64)?;
            let values = cast.f64()?.iter().map(|v| v.filter(|v| v.is_finite()).unwrap_or(f64::NAN)).collect();
            Ok(Part::Numbers(values))
        };
        let moments = |series: &Series, per_second: i64, time: bool| -> std::result::Result<Part, PolarsError> {
            let cast = series.cast(&DataType::Int64)?;
            let second = |v: i64| if per_second == 0 { v * dates::DAY } else { v.div_euclid(per_second) };
            let seconds = cast.i64()?.iter().map(|v| v.map_or(NO_MOMENT, second)).collect();
            Ok(Part::Dates { seconds, time })
        };
        match series.dtype() {
            DataType::String => Ok(Part::Words(series.str()?.iter().map(|t| t.map(String::from)).collect())),
            DataType::Date => moments(&series, 0, false),
            DataType::Datetime(..) => {
                let millis = series.cast(&DataType::Datetime(TimeUnit::Milliseconds, None))?;
                moments(&millis, 1000, true)
            }
            DataType::Duration(_) => {
                let millis = series.cast(&DataType::Duration(TimeUnit::Milliseconds))?.cast(&DataType::Int64)?;
                let day = dates::DAY as f64 * 1000.0;
                Ok(Part::Numbers(millis.i64()?.iter().map(|v| v.map_or(f64::NAN, |v| v as f64 / day)).collect()))
            }
            DataType::Time => {
                let text = series.cast(&DataType::String)?;
                Ok(Part::Words(text.str()?.iter().map(|t| t.map(String::from)).collect()))
            }
            _ => numbers(&series),
        }
    }
}

fn joined(parts: Vec<Part>) -> Values {
    let mut numbers = Vec::new();
    let mut moments = Vec::new();
    let mut with_time = false;
    let mut codes = Vec::new();
    let mut known: std::collections::HashMap<String, u32> = Default::default();
    let mut is_words = false;
    for part in parts {
        match part {
            Part::Numbers(more) => numbers.extend(more),
            Part::Dates { seconds, time } => {
                with_time |= time;
                moments.extend(seconds);
            }
            Part::Words(words) => {
                is_words = true;
                codes.extend(words.into_iter().map(|word| match word {
                    None => NO_WORD,
                    Some(word) => {
                        let next = known.len() as u32;
                        *known.entry(word).or_insert(next)
                    }
                }));
            }
        }
    }
    if is_words {
        let mut names = vec![String::new(); known.len()];
        known.into_iter().for_each(|(name, code)| names[code as usize] = name);
        Values::Words { codes, names }
    } else if !moments.is_empty() {
        Values::Dates { seconds: moments, time: with_time }
    } else {
        Values::Numbers(numbers)
    }
}
