//! An expression taken apart: the aggregates in it, what is within each of them, and what is made of them.
//!
//! Aggregates are worked out by [`super::aggregate`], so that sums are exact and the order of rows has no say; polars
//! works out everything else, value by value.

use std::ops::Range;

use super::aggregate::How;
use super::engine::{self, Parsed};
use super::error::{Checked, ExpressionError};
use super::functions::{BEFORE_BRACKETS, FUNCTIONS, is_query_word};
use super::lexer::{Token, TokenKind, tokens};
use super::names;

/// One aggregate of an expression.
#[derive(Debug, Clone)]
pub(super) struct Call {
    pub how: How,
    /// The whole call.
    pub at: Range<usize>,
    /// What is aggregated; `None` for the number of rows.
    pub inner: Option<Parsed>,
    /// The name that stands for the call in [`Compiled::outer`].
    pub stand_in: String,
}

/// An expression that polars can parse, with its aggregates apart.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    pub tokens: Vec<Token>,
    pub outer: Parsed,
    pub calls: Vec<Call>,
}

impl Compiled {
    /// The names outside of aggregates, with their places.
    pub(super) fn free_names(&self) -> impl Iterator<Item = &(String, Range<usize>)> {
        self.outer.names.iter().filter(|(name, _)| self.call(name).is_none())
    }

    /// The aggregate that a name stands for.
    pub(super) fn call(&self, name: &str) -> Option<usize> {
        self.calls.iter().position(|call| call.stand_in == name)
    }
}

/// Takes an expression apart and parses it.
///
/// # Errors
/// It is empty, a query, or no expression; a function that is not there; an aggregate within an aggregate.
pub(super) fn compile(expression: &str) -> Checked<Compiled> {
    let tokens = tokens(expression)?;
    if tokens.is_empty() {
        return Err(ExpressionError::whole("the expression is empty; write for example Quantity * UnitPrice"));
    }
    check_words(expression, &tokens)?;
    let mut calls: Vec<Call> = Vec::new();
    let mut outer = expression.to_string();
    let mut i = 0;
    while i < tokens.len() {
        let Some(function) = called(expression, &tokens, i).filter(|f| f.aggregate) else {
            i += 1;
            continue;
        };
        let close = closing(&tokens, i + 1);
        let at = tokens[i].at.start..tokens[close].at.end;
        let stand_in = format!("{:\u{1}<width$}", calls.len(), width = at.len() - 2);
        let (how, inner) = arguments(expression, &tokens, i, close, function.name)?;
        outer.replace_range(at.clone(), &format!("\"{stand_in}\""));
        calls.push(Call { how, at, inner, stand_in });
        i = close + 1;
    }
    // The stand-ins are as long as what they stand for, so that places stay what they are.
    let outer_tokens = super::lexer::tokens(&outer)?;
    let outer = engine::parse(&outer, &outer_tokens, 0..expression.len())?;
    Ok(Compiled { tokens, outer, calls })
}

/// The function that is called at a token.
fn called(expression: &str, tokens: &[Token], at: usize) -> Option<&'static super::Function> {
    let is_call = tokens[at].kind == TokenKind::Word && tokens.get(at + 1).is_some_and(|t| t.kind == TokenKind::Open);
    let name = tokens[at].text(expression);
    FUNCTIONS.iter().find(|f| is_call && f.name.eq_ignore_ascii_case(name))
}

/// The place of the bracket that closes the one at `open`; the lexer made sure that there is one.
fn closing(tokens: &[Token], open: usize) -> usize {
    let mut depth = 0;
    for (i, token) in tokens.iter().enumerate().skip(open) {
        match token.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return i;
        }
    }
    tokens.len() - 1
}

/// Refuses words of queries and functions that are not there.
fn check_words(expression: &str, tokens: &[Token]) -> Checked<()> {
    // What the brackets that are open belong to, in small letters.
    let mut within: Vec<String> = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let word = token.text(expression);
        let before_bracket = tokens.get(i + 1).is_some_and(|t| t.kind == TokenKind::Open);
        match token.kind {
            TokenKind::Open => {
                let owner = i.checked_sub(1).map(|before| &tokens[before]).filter(|t| t.kind == TokenKind::Word);
                within.push(owner.map(|t| t.text(expression).to_lowercase()).unwrap_or_default());
            }
            TokenKind::Close => drop(within.pop()),
            TokenKind::Word => {
                let inside = |of: &[&str]| within.last().is_some_and(|owner| of.contains(&owner.as_str()));
                let lower = word.to_lowercase();
                let misplaced = match lower.as_str() {
                    "as" => !inside(&["cast", "try_cast"]),
                    "from" => !inside(&["extract", "substring", "trim"]),
                    _ => is_query_word(word),
                };
                if misplaced {
                    let message = match lower.as_str() {
                        "as" => "the name of the result is given beside the expression, not by AS".to_string(),
                        "filter" | "where" => {
                            "conditions within aggregates are written SUM(CASE WHEN … THEN … END); a \
                                               column of this name goes in double quotes"
                                .to_string()
                        }
                        "over" | "partition" => {
                            "windows over several rows are not supported; use an aggregate per customer".to_string()
                        }
                        _ => format!(
                            "{} belongs to a query, and an expression is none; a column of this name goes in double quotes",
                            word.to_uppercase()
                        ),
                    };
                    return Err(ExpressionError::at(token.at.clone(), message));
                }
                let known = FUNCTIONS.iter().any(|f| f.name.eq_ignore_ascii_case(word));
                if before_bracket && !known && !BEFORE_BRACKETS.contains(&lower.as_str()) {
                    let names = FUNCTIONS.iter().map(|f| f.name);
                    return Err(engine::unknown(word, token.at.clone(), "function", names));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// What a call of an aggregate between the tokens `name` and `close` aggregates, and how.
fn arguments(
    expression: &str,
    tokens: &[Token],
    name: usize,
    close: usize,
    function: &str,
) -> Checked<(How, Option<Parsed>)> {
    let call = tokens[name].at.start..tokens[close].at.end;
    let mut inside = &tokens[name + 2..close];
    if let Some(nested) = (name + 2..close).find(|&i| called(expression, tokens, i).is_some_and(|f| f.aggregate)) {
        return Err(ExpressionError::at(
            tokens[nested].at.clone(),
            "an aggregate within an aggregate makes no sense; leave one of them out",
        ));
    }
    if function == "COUNT" && matches!(inside, [one] if one.text(expression) == "*") {
        return Ok((How::Rows, None));
    }
    let mut how = How::of_function(function);
    if let Some(first) = inside.first().filter(|t| t.is_word(expression, "distinct")) {
        if function != "COUNT" {
            return Err(ExpressionError::at(first.at.clone(), "DISTINCT works within COUNT only"));
        }
        how = How::Distinct;
        inside = &inside[1..];
    }
    // The commas of this call, not those of calls within it.
    let mut depth = 0usize;
    let comma = inside.iter().position(|t| {
        match t.kind {
            TokenKind::Open => depth += 1,
            TokenKind::Close => depth -= 1,
            _ => {}
        }
        depth == 0 && t.kind == TokenKind::Comma
    });
    let (value, rest) = match comma {
        Some(at) => (&inside[..at], &inside[at + 1..]),
        None => (inside, &inside[..0]),
    };
    if let How::Quantile(share) = &mut how {
        let given = match rest {
            [one] => one.text(expression).parse::<f64>().ok().filter(|s| (0.0..=1.0).contains(s)),
            _ => None,
        };
        *share = given.ok_or_else(|| {
            ExpressionError::at(call.clone(), "write the share as a number from 0 to 1, as in QUANTILE_CONT(x, 0.9)")
        })?;
    } else if comma.is_some() {
        let hint = match function {
            "MIN" => "; the smallest of several values of a row is LEAST",
            "MAX" => "; the largest of several values of a row is GREATEST",
            _ => "",
        };
        return Err(ExpressionError::at(call, format!("{function} takes one value{hint}")));
    }
    let (Some(first), Some(last)) = (value.first(), value.last()) else {
        return Err(ExpressionError::at(call, format!("{function} of what? Write a column between the brackets")));
    };
    let inner = engine::parse(expression, tokens, first.at.start..last.at.end)?;
    Ok((how, Some(inner)))
}

/// The columns or features that an expression names, each once, as they are written there.
pub fn names_in(expression: &str) -> Checked<Vec<String>> {
    let compiled = compile(expression)?;
    let mut out: Vec<String> = compiled.free_names().map(|(name, _)| name.clone()).collect();
    out.extend(
        compiled.calls.iter().filter_map(|c| c.inner.as_ref()).flat_map(|p| p.names.iter().map(|n| n.0.clone())),
    );
    out.sort_unstable();
    out.dedup();
    Ok(out)
}

/// The entry among `known` that a name of an expression means.
pub(super) fn find<'n>(
    name: &(String, Range<usize>),
    what: &str,
    known: impl Iterator<Item = &'n str> + Clone,
) -> Checked<usize> {
    names::position(&name.0, known.clone()).ok_or_else(|| engine::unknown(&name.0, name.1.clone(), what, known))
}
