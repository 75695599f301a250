//! What names an expression may use, and which level it is of.

use super::compile::{Compiled, compile, find};
use super::engine;
use super::error::{Checked, ExpressionError};
use super::names;
use super::values::{Kind, kind_of, kind_of_feature};
use crate::intake::Table;
use crate::rfm::Feature;

/// What an expression is worked out for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Each row of the table: a calculated column.
    Rows,
    /// Each customer: a feature.
    Customers,
}

/// A name that an expression may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    /// Another name for the same, for people.
    pub label: String,
    pub kind: Kind,
}

/// Columns of the table and features of the customers, as far as there are such.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    pub columns: Vec<Named>,
    pub features: Vec<Named>,
    /// The table has one row per customer: its columns describe customers as features do.
    pub one_row_each: bool,
}

impl Scope {
    /// The columns of a table and the features of customers.
    pub fn of(table: Option<&Table>, features: &[Feature]) -> Scope {
        let columns = table.map(|t| &t.columns[..]).unwrap_or_default();
        Scope {
            columns: columns
                .iter()
                .map(|c| Named { name: c.name.clone(), label: c.name.clone(), kind: kind_of(c, None) })
                .collect(),
            features: features
                .iter()
                .map(|f| Named { name: f.name.clone(), label: f.label.clone(), kind: kind_of_feature(f) })
                .collect(),
            one_row_each: false,
        }
    }

    /// The column that a name means.
    pub(super) fn column(&self, name: &str) -> Option<usize> {
        names::position(name, self.columns.iter().map(|c| c.name.as_str()))
    }

    /// The feature that a name means: by its name in outputs, else by its label.
    pub(super) fn feature(&self, name: &str) -> Option<usize> {
        names::position(name, self.features.iter().map(|f| f.name.as_str()))
            .or_else(|| names::position(name, self.features.iter().map(|f| f.label.as_str())))
    }

    fn any_names(&self) -> impl Iterator<Item = &str> + Clone {
        self.columns.iter().chain(&self.features).map(|n| n.name.as_str())
    }
}

/// Whether an expression is about rows or about customers: about rows where its names outside of aggregates are columns,
/// about customers where they are features, or where there are only aggregates.
///
/// # Errors
/// It is no expression, or a name is neither a column nor a feature, or columns and features are mixed outside of
/// aggregates.
pub fn level_of(expression: &str, scope: &Scope) -> Checked<Level> {
    let compiled = compile(expression).map_err(|e| hint_at_quotes(e, expression, scope))?;
    level(&compiled, scope)
}

/// The level of an expression where the table is not known yet: of customers where any name outside of aggregates is a
/// feature, or where there are only aggregates; else of rows.
///
/// # Errors
/// It is no expression.
pub fn level_by_names(expression: &str, is_feature: impl Fn(&str) -> bool) -> Checked<Level> {
    let compiled = compile(expression)?;
    let mut free = compiled.free_names().peekable();
    Ok(match (free.peek().is_none(), compiled.calls.is_empty()) {
        (true, false) => Level::Customers,
        _ if free.any(|(name, _)| is_feature(name)) => Level::Customers,
        _ => Level::Rows,
    })
}

pub(super) fn level(compiled: &Compiled, scope: &Scope) -> Checked<Level> {
    let mut free = compiled.free_names().peekable();
    if free.peek().is_none() {
        return Ok(if compiled.calls.is_empty() { Level::Rows } else { Level::Customers });
    }
    let (mut rows, mut customers) = (true, true);
    for name in free {
        let (column, feature) = (scope.column(&name.0).is_some(), scope.feature(&name.0).is_some());
        if !column && !feature {
            return Err(engine::unknown(&name.0, name.1.clone(), "column or feature", scope.any_names()));
        }
        rows &= column;
        customers &= feature || scope.one_row_each;
    }
    match (rows, customers) {
        (true, _) => Ok(Level::Rows),
        (_, true) => Ok(Level::Customers),
        _ => Err(many_values(compiled, scope)),
    }
}

/// The error for a column among features outside of aggregates.
fn many_values(compiled: &Compiled, scope: &Scope) -> ExpressionError {
    let column = compiled.free_names().find(|(name, _)| scope.feature(name).is_none());
    match column {
        Some((name, at)) => {
            let example = match scope.column(name).map(|i| scope.columns[i].kind) {
                Some(Kind::Number { .. }) => "AVG",
                _ => "FIRST",
            };
            let message = format!(
                "{name:?} has many values per customer; say which counts, for example {example}({})",
                engine::quoted(name)
            );
            ExpressionError::at(at.clone(), message)
        }
        None => ExpressionError::whole("columns and features are mixed; put the columns within aggregates"),
    }
}

/// Where a name with spaces stands without quotes, says so instead.
pub(super) fn hint_at_quotes(error: ExpressionError, expression: &str, scope: &Scope) -> ExpressionError {
    let lower = expression.to_lowercase();
    // Places in both texts are the same as long as lower case does not change lengths.
    if lower.len() != expression.len() {
        return error;
    }
    let found = scope.any_names().filter(|name| engine::quoted(name) != *name).find_map(|name| {
        let at = lower.find(&name.to_lowercase())?;
        let end = at + name.len();
        let before = expression.get(..at)?.chars().next_back();
        let after = expression.get(end..).and_then(|rest| rest.chars().next());
        let free = |c: Option<char>| c.is_none_or(|c| !c.is_alphanumeric() && c != '"' && c != '`' && c != '\'');
        (free(before) && free(after)).then_some((at..end, name))
    });
    match found {
        Some((at, name)) => {
            ExpressionError::at(at, format!("write the name in double quotes: {}", engine::quoted(name)))
        }
        None => error,
    }
}

/// Looks at an expression without working it out: its names, its types, and what it gives.
///
/// # Errors
/// What is wrong with it, and where.
pub fn check(expression: &str, level: Level, scope: &Scope) -> Checked<Kind> {
    Ok(bound(expression, level, scope)?.kind)
}

/// A source of values that an expression uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// A column of the table, by its place.
    Column(usize),
    /// A feature, by its place in the scope.
    Feature(usize),
    /// An aggregate, by its place among the calls.
    Call(usize),
}

/// What is within an aggregate, bound.
pub(super) struct BoundCall {
    pub expr: polars::prelude::Expr,
    /// Name in the expression and where its values come from.
    pub sources: Vec<(String, Source)>,
}

/// An expression whose names and types are known.
pub(super) struct Bound {
    pub compiled: Compiled,
    pub expr: polars::prelude::Expr,
    pub sources: Vec<(String, Source)>,
    /// One per call; `None` for the number of rows.
    pub calls: Vec<Option<BoundCall>>,
    pub kind: Kind,
}

/// Compiles an expression, finds its names and checks its types.
pub(super) fn bound(expression: &str, level: Level, scope: &Scope) -> Checked<Bound> {
    let compiled = compile(expression).map_err(|e| hint_at_quotes(e, expression, scope))?;
    let kind = |source: &Source, calls: &[Kind]| match source {
        Source::Column(at) => scope.columns[*at].kind,
        Source::Feature(at) => scope.features[*at].kind,
        Source::Call(at) => calls[*at],
    };
    let columns = || scope.columns.iter().map(|c| c.name.as_str());
    let features = || scope.features.iter().map(|f| f.name.as_str());
    let mut calls = Vec::new();
    let mut call_kinds = Vec::new();
    for call in &compiled.calls {
        let Some(parsed) = &call.inner else {
            calls.push(None);
            call_kinds.push(call.how.kind(Kind::Number { whole: true }));
            continue;
        };
        let source = |name: &(String, _)| -> Checked<(String, Source)> {
            let source = match (scope.column(&name.0), scope.feature(&name.0)) {
                (Some(at), _) => Source::Column(at),
                (None, Some(at)) if level == Level::Customers => Source::Feature(at),
                _ => Source::Column(find(name, "column", columns())?),
            };
            Ok((name.0.clone(), source))
        };
        let sources: Vec<(String, Source)> = parsed.names.iter().map(source).collect::<Checked<_>>()?;
        let of_features = sources.iter().filter(|(_, s)| matches!(s, Source::Feature(_))).count();
        if of_features > 0 && of_features < sources.len() {
            return Err(ExpressionError::at(
                call.at.clone(),
                "this aggregate mixes columns and features; aggregate the columns alone and go on with the result",
            ));
        }
        if (of_features > 0 || level == Level::Rows || scope.one_row_each) && call.how.needs_moments() {
            return Err(ExpressionError::at(
                call.at.clone(),
                "FIRST and LAST need an order in time: they are of the rows of a customer",
            ));
        }
        let kinds: Vec<Kind> = sources.iter().map(|(_, s)| kind(s, &[])).collect();
        let expr = engine::bind(parsed, &kinds, expression, &compiled.tokens)?;
        let inner = engine::kind_of_result(&expr, parsed, &kinds)?;
        if call.how.needs_numbers() && !matches!(inner, Kind::Number { .. }) {
            let what = format!("this needs numbers, not {}", inner.label());
            return Err(ExpressionError::at(call.at.clone(), what));
        }
        call_kinds.push(call.how.kind(inner));
        calls.push(Some(BoundCall { expr, sources }));
    }
    let source = |name: &(String, std::ops::Range<usize>)| -> Checked<(String, Source)> {
        let source = match (compiled.call(&name.0), level) {
            (Some(at), _) => Source::Call(at),
            (None, Level::Rows) => match scope.column(&name.0) {
                Some(at) => Source::Column(at),
                None if scope.feature(&name.0).is_some() => {
                    let message = format!("{:?} is a feature of customers, and rows have none", name.0);
                    return Err(ExpressionError::at(name.1.clone(), message));
                }
                None => Source::Column(find(name, "column", columns())?),
            },
            (None, Level::Customers) => match (scope.feature(&name.0), scope.column(&name.0)) {
                (Some(at), _) => Source::Feature(at),
                (None, Some(at)) if scope.one_row_each => Source::Column(at),
                (None, Some(_)) => return Err(many_values(&compiled, scope)),
                (None, None) => Source::Feature(find(name, "feature", features().chain(columns()))?),
            },
        };
        Ok((name.0.clone(), source))
    };
    let sources: Vec<(String, Source)> = compiled.outer.names.iter().map(source).collect::<Checked<_>>()?;
    let kinds: Vec<Kind> = sources.iter().map(|(_, s)| kind(s, &call_kinds)).collect();
    let expr = engine::bind(&compiled.outer, &kinds, expression, &compiled.tokens)?;
    let kind = engine::kind_of_result(&expr, &compiled.outer, &kinds)?;
    Ok(Bound { compiled, expr, sources, calls, kind })
}
