//! Expressions by polars: parsed by its SQL, and bound to the types of columns.

use std::ops::Range;

use polars::prelude::{
    Column as Computed, DataFrame, DataType, DataTypeExpr, Expr, IntoColumn, IntoLazy, NULL, Operator, PolarsError,
    StrptimeOptions, TimeUnit, lit, when,
};
use polars::sql::{SQLContext, sql_expr};

use super::error::{Checked, ExpressionError};
use super::evaluate::{RESULT, empty};
use super::lexer::{Token, TokenKind};
use super::names;
use super::values::Kind;
use crate::intake::dates::{self, DateStyle};

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
        Expr::Column(name) => parsed.names.iter().position(|(known, _)| known == name.as_str()).map(|at| kinds[at]),
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
                    let safe =
                        when(right.as_ref().clone().neq(lit(0.0))).then(right.as_ref().clone()).otherwise(lit(NULL));
                    Expr::BinaryExpr { left, op, right: safe.into() }
                }
                Operator::Eq
                | Operator::NotEq
                | Operator::Lt
                | Operator::LtEq
                | Operator::Gt
                | Operator::GtEq
                | Operator::EqValidity
                | Operator::NotEqValidity => {
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
        Expr::BinaryExpr { op: Operator::Minus, .. } if has_dates => match type_of(&e, parsed, kinds) {
            Ok(Some(DataType::Duration(_))) => {
                let millis = e.cast(DataType::Duration(TimeUnit::Milliseconds)).cast(DataType::Int64);
                millis.cast(DataType::Float64).true_div(lit(dates::DAY as f64 * 1000.0))
            }
            _ => e,
        },
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
