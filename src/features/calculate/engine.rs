//! Expressions by polars: parsed by its SQL, bound to the types of columns, worked out in parts of many rows.

use std::ops::Range;

use polars::prelude::{
    Column as Computed, DataFrame, DataType, DataTypeExpr, Expr, IntoColumn, IntoLazy, NULL, NamedFrom, Operator,
    PolarsError, Series, StrptimeOptions, TimeUnit, lit, when,
};
use polars::sql::{SQLContext, sql_expr};
use rayon::prelude::*;

use super::error::{Checked, ExpressionError};
use super::lexer::{Token, TokenKind};
use super::names;
use super::values::{Input, Kind, NO_MOMENT, NO_WORD, Values};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::dates::{self, DateStyle};

/// Rows that are worked out at a time.
const ROWS_TOGETHER: usize = 1 << 16;
/// The name of what is worked out.
const RESULT: &str = "result";

/// An expression as polars understands it, and the names in it.
#[derive(Debug, Clone)]
pub(super) struct Parsed {
    pub expr: Expr,
    /// Names of columns as they are written, each once, with their first places.
    pub names: Vec<(String, Range<usize>)>,
}

/// Parses a part of an expression; `tokens` are those of the whole, `part` the bytes that count.
pub(super) fn parse(expression: &str, tokens: &[Token], part: Range<usize>) -> Checked<Parsed> {
    let text = &expression[part.clone()];
    let expr = sql_expr(text).map_err(|error| locate(text, part.start, &error))?;
    let expr = match expr {
        Expr::Alias(..) => {
            let last = tokens.iter().rfind(|t| t.at.end <= part.end).map_or(part.clone(), |t| t.at.clone());
            return Err(ExpressionError::at(
                last,
                "this name follows another value without an operator; put names with spaces in double quotes",
            ));
        }
        expr => expr,
    };
    let is_name = |t: &&Token| matches!(t.kind, TokenKind::Word | TokenKind::Quoted);
    let place = |name: &str| {
        let inside = tokens.iter().filter(|t| part.start <= t.at.start && t.at.end <= part.end);
        inside.filter(is_name).find(|t| t.name(expression) == name).map_or(part.clone(), |t| t.at.clone())
    };
    let mut names: Vec<(String, Range<usize>)> = Vec::new();
    for one in &expr {
        match one {
            Expr::Column(name) if !names.iter().any(|(known, _)| known == name.as_str()) => {
                names.push((name.to_string(), place(name.as_str())));
            }
            Expr::Column(_) => {}
            Expr::SubPlan(..) | Expr::Selector(_) | Expr::Over { .. } | Expr::Explode { .. } => {
                return Err(ExpressionError::at(part, "this is no expression over the values of one row"));
            }
            _ => {}
        }
    }
    Ok(Parsed { expr, names })
}

/// Where and why a text is no expression, from the parser's own words on the same text within a query that reads
/// nothing.
fn locate(text: &str, start: usize, error: &PolarsError) -> ExpressionError {
    let statement = format!("SELECT (\n{text}\n)");
    let told = match SQLContext::new().execute(&statement) {
        Err(told) => told.to_string(),
        Ok(_) => error.to_string(),
    };
    let whole = start..start + text.len();
    let number = |after: &str| -> Option<usize> {
        let rest = told.split(after).nth(1)?;
        rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
    };
    let (Some(line), Some(column)) = (number("Line: "), number("Column: ")) else {
        return ExpressionError::at(whole, plain(error));
    };
    let what = told.split(" at Line: ").next().unwrap_or(&told);
    let what = what.rsplit_once("sql parser error: ").map_or(what, |(_, what)| what);
    let (expected, found) = match what.strip_prefix("Expected: ").and_then(|rest| rest.split_once(", found: ")) {
        Some((expected, found)) => (expected.to_string(), found.to_string()),
        None => (String::new(), String::new()),
    };
    // The text begins on the second line of the statement.
    if line > 2 + text.matches('\n').count() {
        return end_error(text, start);
    }
    let Some(from) = line.checked_sub(2).and_then(|n| {
        let mut starts = std::iter::once(0).chain(text.match_indices('\n').map(|(i, _)| i + 1));
        starts.nth(n)
    }) else {
        return ExpressionError::at(whole, plain(error));
    };
    let offset: usize = text[from..].chars().take(column.saturating_sub(1)).map(char::len_utf8).sum();
    let at = (from + offset).min(text.len());
    if text[at..].trim().is_empty() {
        return end_error(text, start);
    }
    let length = text[at..].chars().take_while(|c| c.is_alphanumeric() || *c == '_').map(char::len_utf8).sum::<usize>();
    let length = length.max(text[at..].chars().next().map_or(1, char::len_utf8));
    let message = match expected.as_str() {
        "" => what.to_string(),
        "an expression" => format!("a value is missing before {found}"),
        ")" => format!("{found} does not belong here; is an operator missing before it?"),
        _ => format!("{expected} is expected here, not {found}"),
    };
    ExpressionError::at(start + at..start + at + length, message)
}

fn end_error(text: &str, start: usize) -> ExpressionError {
    let end = text.trim_end().len();
    let last = text[..end].chars().next_back().map_or(0, char::len_utf8);
    ExpressionError::at(start + end - last..start + end, "the expression ends where a value is expected")
}

/// The first line of what polars says, without the kind of error before it.
pub(super) fn plain(error: &PolarsError) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default().trim().trim_end_matches('.');
    let line = ["invalid operation: ", "SQL syntax error: ", "SQL interface error: ", "SQLInterface: ", "SQLSyntax: "]
        .iter()
        .find_map(|kind| line.strip_prefix(kind))
        .unwrap_or(line);
    match line {
        _ if line.contains("'date/datetime/time' to a string") => {
            "a date is compared with a text; write the date as '2011-12-31'".into()
        }
        _ if line.contains("cannot compare string with numeric") => "a text is compared with a number".into(),
        _ if line.contains("arithmetic on") && line.contains("str") => {
            "texts cannot be calculated with; read them as numbers with TRY_CAST(… AS DOUBLE)".into()
        }
        _ => line.to_string(),
    }
}

/// The expression made safe and typed: nothing is divided by zero, texts that are compared with dates are read as dates,
/// whole numbers become text without decimals.
pub(super) fn bind(parsed: &Parsed, kinds: &[Kind], expression: &str, tokens: &[Token]) -> Checked<Expr> {
    let kind = |e: &Expr| match e {
        Expr::Column(name) => {
            parsed.names.iter().position(|(known, _)| known == name.as_str()).map(|at| kinds[at])
        }
        _ => None,
    };
    let mut problem = None;
    let mut moment = |column: &Expr, other: &Expr| -> Option<Expr> {
        let Some(Kind::Date { time }) = kind(column) else { return None };
        let Expr::Literal(value) = other else { return None };
        let text = value.extract_str()?;
        let Some(seconds) = dates::parse(text, &DateStyle::YearFirst) else {
            let quoted = tokens.iter().find(|t| t.kind == TokenKind::Text && t.text(expression).contains(text));
            problem = Some(ExpressionError {
                message: format!("{text:?} is no date; write it as '2011-12-31'"),
                at: quoted.map(|t| t.at.clone()),
            });
            return None;
        };
        let millis = lit(seconds * 1000).cast(DataType::Datetime(TimeUnit::Milliseconds, None));
        let on_a_day = !time && seconds.rem_euclid(dates::DAY) == 0;
        Some(if on_a_day { millis.cast(DataType::Date) } else { millis })
    };
    let whole = |e: &Expr| matches!(kind(e), Some(Kind::Number { whole: true }));
    let bound = parsed.expr.clone().map_expr(|e| match e {
        Expr::BinaryExpr { left, op, right } => {
            let is_literal = matches!(right.as_ref(), Expr::Literal(_));
            match op {
                Operator::TrueDivide | Operator::FloorDivide | Operator::Modulus if !is_literal => {
                    let safe = when(right.as_ref().clone().neq(lit(0.0)))
                        .then(right.as_ref().clone())
                        .otherwise(lit(NULL));
                    Expr::BinaryExpr { left, op, right: safe.into() }
                }
                Operator::Eq | Operator::NotEq | Operator::Lt | Operator::LtEq | Operator::Gt | Operator::GtEq
                | Operator::EqValidity | Operator::NotEqValidity => {
                    let (on_left, on_right) = (moment(&right, &left), moment(&left, &right));
                    Expr::BinaryExpr {
                        left: on_left.map_or(left, Into::into),
                        op,
                        right: on_right.map_or(right, Into::into),
                    }
                }
                _ => Expr::BinaryExpr { left, op, right },
            }
        }
        Expr::Cast { expr, dtype, .. } if dtype == DataType::Date.into() && literal_moment(&expr).is_some() => {
            let seconds = literal_moment(&expr).unwrap_or_default();
            lit(seconds.div_euclid(dates::DAY) as i32).cast(DataType::Date)
        }
        Expr::Cast { expr, dtype, options }
            if dtype == DataType::Date.into() && matches!(kind(&expr), Some(Kind::Word)) =>
        {
            let how = StrptimeOptions { strict: options.is_strict(), ..StrptimeOptions::default() };
            expr.as_ref().clone().str().to_date(how)
        }
        // Small whole numbers would run over: 23 hours times 100.
        Expr::Cast { expr, dtype, options } if matches!(&dtype, DataTypeExpr::Literal(t) if t.is_integer()) => {
            Expr::Cast { expr, dtype: DataType::Int64.into(), options }
        }
        Expr::Cast { expr, dtype, options } if whole(&expr) && dtype == DataType::String.into() => {
            let expr = expr.as_ref().clone().cast(DataType::Int64).into();
            Expr::Cast { expr, dtype, options }
        }
        Expr::Function { input, function } if function.to_string().contains("concat") => {
            let plain = |e: Expr| if whole(&e) { e.cast(DataType::Int64) } else { e };
            Expr::Function { input: input.into_iter().map(plain).collect(), function }
        }
        Expr::Function { input, function } if function.to_string() == "pow" => {
            let wide = |e: Expr| e.cast(DataType::Float64);
            Expr::Function { input: input.into_iter().map(wide).collect(), function }
        }
        e @ Expr::Function { .. } if gives_small_number(&e) => e.cast(DataType::Int64),
        e => e,
    });
    // The time between two dates is a number of days.
    let has_dates = kinds.iter().any(|k| matches!(k, Kind::Date { .. }));
    let bound = bound.map_expr(|e| match e {
        Expr::BinaryExpr { op: Operator::Minus, .. } if has_dates => {
            match type_of(&e, parsed, kinds) {
                Ok(Some(DataType::Duration(_))) => {
                    let millis = e.cast(DataType::Duration(TimeUnit::Milliseconds)).cast(DataType::Int64);
                    millis.cast(DataType::Float64).true_div(lit(dates::DAY as f64 * 1000.0))
                }
                _ => e,
            }
        }
        e => e,
    });
    match problem {
        Some(problem) => Err(problem),
        None => Ok(bound),
    }
}

/// The moment that a literal text stands for.
fn literal_moment(expr: &Expr) -> Option<i64> {
    match expr {
        Expr::Literal(value) => dates::parse(value.extract_str()?, &DateStyle::YearFirst),
        _ => None,
    }
}

/// Parts of dates, lengths and places are whole numbers of few bits.
fn gives_small_number(expr: &Expr) -> bool {
    let Expr::Function { input, function } = expr else { return false };
    let name = function.to_string();
    let part = name.strip_prefix("dt.");
    part.is_some_and(|part| {
        ["year", "iso_year", "quarter", "month", "week", "weekday", "day", "ordinal_day", "hour", "minute", "second"]
            .contains(&part)
    }) || name == "str.len_chars"
        || name == "fill_null" && input.first().is_some_and(|e| e.into_iter().any(is_find))
}

fn is_find(expr: &Expr) -> bool {
    matches!(expr, Expr::Function { function, .. } if function.to_string() == "str.find")
}

fn type_of(expr: &Expr, parsed: &Parsed, kinds: &[Kind]) -> std::result::Result<Option<DataType>, PolarsError> {
    let columns: Vec<Computed> =
        parsed.names.iter().zip(kinds).map(|((name, _), kind)| empty(name, *kind).into_column()).collect();
    let frame = DataFrame::new(0, columns)?;
    let schema = frame.lazy().select([expr.clone().alias(RESULT)]).collect_schema()?;
    Ok(schema.get(RESULT).cloned())
}

/// The type of what a bound expression gives.
///
/// # Errors
/// Types that do not go together, in polars' words; the place of the first name of words, where there is one.
pub(super) fn kind_of_result(expr: &Expr, parsed: &Parsed, kinds: &[Kind]) -> Checked<Kind> {
    let suspect = || {
        let odd = |kind: &Kind| !matches!(kind, Kind::Number { .. });
        parsed.names.iter().zip(kinds).find(|(_, kind)| odd(kind)).map(|((_, at), kind)| (at.clone(), kind.label()))
    };
    let wrong = |message: String| match suspect() {
        Some((at, holds)) => ExpressionError::at(at, format!("{message} (this column holds {holds})")),
        None => ExpressionError::whole(message),
    };
    match type_of(expr, parsed, kinds) {
        Err(error) => Err(wrong(plain(&error))),
        Ok(Some(DataType::String)) => Ok(Kind::Word),
        Ok(Some(DataType::Date)) => Ok(Kind::Date { time: false }),
        Ok(Some(DataType::Datetime(..))) => Ok(Kind::Date { time: true }),
        Ok(Some(DataType::Time)) => Ok(Kind::Word),
        Ok(Some(t)) if t.is_integer() || t.is_bool() => Ok(Kind::Number { whole: true }),
        Ok(Some(DataType::Null | DataType::Duration(_))) => Ok(Kind::Number { whole: false }),
        Ok(Some(t)) if t.is_numeric() => Ok(Kind::Number { whole: false }),
        Ok(_) => Err(wrong("this gives neither numbers nor dates nor words".into())),
    }
}

fn empty(name: &str, kind: Kind) -> Series {
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

/// The error for a name that is none, with the one that was probably meant.
pub(super) fn unknown<'n>(
    name: &str,
    at: Range<usize>,
    what: &str,
    known: impl Iterator<Item = &'n str>,
) -> ExpressionError {
    let hint = match names::similar(name, known) {
        Some(meant) => format!("; did you mean {}?", quoted(meant)),
        None => String::new(),
    };
    ExpressionError::at(at, format!("there is no {what} {name:?}{hint}"))
}

/// A name as it has to be written in an expression.
pub fn quoted(name: &str) -> String {
    let plain = name.chars().enumerate().all(|(i, c)| c.is_alphabetic() || c == '_' || i > 0 && c.is_alphanumeric());
    let taken = super::functions::is_keyword(name) || super::functions::is_query_word(name);
    if plain && !taken && !name.is_empty() { name.to_string() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

