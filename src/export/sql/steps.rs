//! The user's cleaning steps as parts of a query.
//!
//! Looking from the last step back to the first shows which columns matter: a step that only changes others is left out.
//! A step that matters and has no exact counterpart in SQL refuses the query.

use std::collections::BTreeSet;

use super::cells::{Dates, Numbers};
use super::dialect::Sql;
use super::query::Query;
use crate::clean::Prepared;
use crate::intake::Column;
use crate::intake::dates::{self, DAY, DateStyle};
use crate::intake::kind::ColumnKind;
use crate::recipe::{CellType, Compare, LetterCase, MissingAction, OutlierAction, StepKind};

/// The columns that matter at some point.
#[derive(Debug, Clone, PartialEq)]
enum Needed {
    All,
    Some(BTreeSet<String>),
}

impl Needed {
    fn has(&self, name: &str) -> bool {
        match self {
            Needed::All => true,
            Needed::Some(names) => names.contains(name),
        }
    }

    fn add<'a>(&mut self, more: impl IntoIterator<Item = &'a String>) {
        if let Needed::Some(names) = self {
            names.extend(more.into_iter().cloned());
        }
    }
}

/// Adds the reading of the table and the steps to the query; what it ends with has at least the columns `roles`.
///
/// # Errors
/// A sentence that says which step cannot be translated, and why.
pub(super) fn add(query: &mut Query, prepared: &Prepared, roles: &[&str], drop_duplicates: bool) -> Result<(), String> {
    let sql = query.sql;
    let file = prepared.table_before(0);
    let mut needed = match drop_duplicates {
        true => Needed::All,
        false => Needed::Some(roles.iter().map(|r| r.to_string()).collect()),
    };
    let steps: Vec<(usize, &StepKind)> = prepared
        .steps()
        .iter()
        .zip(&prepared.effects)
        .enumerate()
        .filter(|(_, (_, effect))| effect.on && effect.error.is_none())
        .map(|(i, (step, _))| (i, &step.what))
        .collect();
    let mut wanted = Vec::new();
    for &(i, step) in steps.iter().rev() {
        wanted.push(matters(i, step, &mut needed)?);
    }
    wanted.reverse();

    let mut columns: Vec<String> =
        file.columns.iter().map(|c| c.name.clone()).filter(|name| needed.has(name)).collect();
    let mut seen = BTreeSet::new();
    if let Some(twice) = columns.iter().find(|name| !seen.insert(name.to_lowercase())) {
        return Err(format!(
            "the file has two columns called {twice:?} but for upper and lower case, which SQL does not tell apart"
        ));
    }
    let list: Vec<String> = columns
        .iter()
        .map(|name| {
            let name = sql.name(name);
            format!("COALESCE({}, '') AS {name}", sql.as_text(&name))
        })
        .collect();
    query.push(
        "source",
        "The columns that matter, as texts: it does not matter how the warehouse stores them.",
        format!("SELECT\n    {}\n  FROM transactions", list.join(",\n    ")),
    );
    for (&(i, step), _) in steps.iter().zip(wanted).filter(|(_, wanted)| *wanted) {
        let before = prepared.table_before(i);
        let part = Part { sql, before };
        let done = part.of(step, &columns).map_err(|why| refused(i, step, &why))?;
        columns = done.columns.iter().map(|(name, _)| name.clone()).collect();
        let list = done.columns.iter().map(|(name, e)| {
            let name = sql.name(name);
            if *e == name { name } else { format!("{e} AS {name}") }
        });
        let list = list.collect::<Vec<_>>().join(",\n    ");
        let keep = done.keep.map(|keep| format!("\n  WHERE {keep}")).unwrap_or_default();
        let distinct = if done.distinct { " DISTINCT" } else { "" };
        let body = format!("SELECT{distinct}\n    {list}\n  FROM {}{keep}", query.last());
        query.push(&format!("step_{}", i + 1), &format!("{}.", step.sentence()), body);
    }
    if drop_duplicates {
        let list = columns.iter().map(|name| sql.name(name)).collect::<Vec<_>>().join(",\n    ");
        let body = format!("SELECT DISTINCT\n    {list}\n  FROM {}", query.last());
        query.push("distinct_rows", "Rows that are equal in every column count once.", body);
    }
    Ok(())
}

fn refused(i: usize, step: &StepKind, why: &str) -> String {
    format!("cleaning step {} (\u{201c}{}\u{201d}) cannot be put into SQL: {why}", i + 1, step.sentence())
}

/// Whether a step matters for the columns `needed` after it, which become those needed before it.
fn matters(i: usize, step: &StepKind, needed: &mut Needed) -> Result<bool, String> {
    let no = |why: &str| Err(refused(i, step, why));
    Ok(match step {
        StepKind::DropDuplicates { columns, .. } if columns.is_empty() => {
            *needed = Needed::All;
            true
        }
        StepKind::DropDuplicates { .. } => {
            return no(
                "which of the rows with equal values stays depends on their order, and a table in a warehouse has none",
            );
        }
        StepKind::Filter { column, .. } | StepKind::ExcludeProducts { column, .. } => {
            needed.add([column]);
            true
        }
        StepKind::Missing { column, action: MissingAction::DropRow, .. } => {
            needed.add([column]);
            true
        }
        StepKind::Missing { column, action, .. } => match (needed.has(column), action) {
            (false, _) => false,
            (true, MissingAction::Value) => true,
            _ => return no("what is filled in depends on the other rows of this file"),
        },
        StepKind::ChangeType { column, to, .. } => {
            if needed.has(column) && *to != CellType::Text {
                return no("the query would read the column otherwise; store it with the right type in the warehouse");
            }
            false
        }
        StepKind::TidyText { columns, case, .. } => {
            let touched = columns.is_empty() || columns.iter().any(|c| needed.has(c));
            if touched && *case == LetterCase::Title {
                return no("dialects differ in what the first letter of a word is");
            }
            touched
        }
        StepKind::UnifySpellings { column, .. } | StepKind::MapValues { column, .. } => needed.has(column),
        StepKind::FindReplace { columns, regex, case_sensitive, .. } => {
            let touched = columns.is_empty() || columns.iter().any(|c| needed.has(c));
            if touched && (*regex || !case_sensitive) {
                return no("dialects differ in regular expressions and in letter case");
            }
            touched
        }
        StepKind::Outliers { column, action, .. } => match action {
            OutlierAction::Drop => return no("its limits were found from all rows of this file"),
            OutlierAction::Cap if needed.has(column) => {
                return no("its limits were found from all rows of this file");
            }
            OutlierAction::Cap | OutlierAction::Flag => false,
        },
        StepKind::DropColumns { .. } => matches!(needed, Needed::All),
        StepKind::RenameColumn { from, to } => {
            let wanted = needed.has(to.trim());
            if let Needed::Some(names) = needed
                && names.remove(to.trim())
            {
                names.insert(from.clone());
            }
            wanted
        }
        StepKind::Calculate { name, .. } => {
            if needed.has(name) {
                return no("formulas are not translated; store the column in the warehouse");
            }
            false
        }
    })
}

/// What a step becomes: the columns after it with their expressions, and which rows stay.
struct Done {
    columns: Vec<(String, String)>,
    keep: Option<String>,
    distinct: bool,
}

/// One step: the table before it tells how its columns are read.
struct Part<'a> {
    sql: Sql,
    before: &'a crate::intake::Table,
}

impl Part<'_> {
    fn of(&self, step: &StepKind, columns: &[String]) -> Result<Done, String> {
        let sql = self.sql;
        let same = || columns.iter().map(|name| (name.clone(), sql.name(name))).collect::<Vec<_>>();
        let rows = |keep: String| Done { columns: same(), keep: Some(keep), distinct: false };
        let cells = |touched: &dyn Fn(&str) -> bool, new: &dyn Fn(&str, &str) -> String| {
            let one = |name: &String| {
                let e = sql.name(name);
                (name.clone(), if touched(name) { new(name, &e) } else { e })
            };
            Done { columns: columns.iter().map(one).collect(), keep: None, distinct: false }
        };
        Ok(match step {
            StepKind::DropDuplicates { .. } => Done { columns: same(), keep: None, distinct: true },
            StepKind::Filter { column, op, values } => rows(self.condition(self.column(column)?, *op, values)?),
            StepKind::ExcludeProducts { column, values } => {
                rows(format!("TRIM({}) NOT IN ({})", sql.name(column), sql.texts(values.iter().map(|v| v.trim()))))
            }
            StepKind::Missing { column, action, value, .. } => {
                let missing = is_missing(sql, &sql.name(column), self.column(column)?);
                match action {
                    MissingAction::DropRow => rows(format!("NOT ({missing})")),
                    _ => cells(&|name| name == column, &|_, e| {
                        format!("CASE WHEN {missing} THEN {} ELSE {e} END", sql.text(value))
                    }),
                }
            }
            StepKind::UnifySpellings { column, map } | StepKind::MapValues { column, map } => {
                cells(&|name| name == column, &|_, e| {
                    let exact = map.iter().map(|(from, to)| format!("WHEN {} THEN {}", sql.text(from), sql.text(to)));
                    let near =
                        map.iter().map(|(from, to)| format!("WHEN {} THEN {}", sql.text(from.trim()), sql.text(to)));
                    format!(
                        "CASE {e} {} ELSE CASE TRIM({e}) {} ELSE {e} END END",
                        exact.collect::<Vec<_>>().join(" "),
                        near.collect::<Vec<_>>().join(" ")
                    )
                })
            }
            StepKind::TidyText { columns: names, trim, collapse_spaces, case } => {
                let text = |name: &str| self.before.column(name).is_some_and(|c| c.kind == ColumnKind::Text);
                let touched = |name: &str| if names.is_empty() { text(name) } else { names.iter().any(|n| n == name) };
                cells(&touched, &|name, e| {
                    let cell = e;
                    let mut e = e.to_string();
                    if *collapse_spaces {
                        e = match sql.0 {
                            crate::recipe::Dialect::Postgres | crate::recipe::Dialect::DuckDb => {
                                format!("REGEXP_REPLACE({e}, '[ ]+', ' ', 'g')")
                            }
                            _ => format!("REGEXP_REPLACE({e}, '[ ]+', ' ')"),
                        };
                    }
                    if *trim {
                        e = format!("TRIM({e})");
                    }
                    let cased = match case {
                        LetterCase::Lower => format!("LOWER({e})"),
                        LetterCase::Upper => format!("UPPER({e})"),
                        LetterCase::Keep | LetterCase::Title => return e,
                    };
                    // A word for a missing value keeps its case.
                    match self.before.column(name).map(|column| is_missing(sql, cell, column)) {
                        Some(missing) => format!("CASE WHEN {missing} THEN {e} ELSE {cased} END"),
                        None => cased,
                    }
                })
            }
            StepKind::FindReplace { columns: names, find, replace, whole_cell, .. } => {
                let touched = |name: &str| names.is_empty() || names.iter().any(|n| n == name);
                let (find, replace) = (sql.text(find), sql.text(replace));
                cells(&touched, &|_, e| match whole_cell {
                    true => format!("CASE WHEN {e} = {find} THEN {replace} ELSE {e} END"),
                    false => format!("REPLACE({e}, {find}, {replace})"),
                })
            }
            StepKind::DropColumns { columns: names } => {
                let left = columns.iter().filter(|name| !names.contains(name));
                Done { columns: left.map(|n| (n.clone(), sql.name(n))).collect(), keep: None, distinct: false }
            }
            StepKind::RenameColumn { from, to } => {
                let one =
                    |name: &String| (if name == from { to.trim().to_string() } else { name.clone() }, sql.name(name));
                Done { columns: columns.iter().map(one).collect(), keep: None, distinct: false }
            }
            StepKind::ChangeType { .. } | StepKind::Outliers { .. } | StepKind::Calculate { .. } => {
                return Err("it has no counterpart".into());
            }
        })
    }

    fn column(&self, name: &str) -> Result<&Column, String> {
        self.before.column(name).ok_or_else(|| format!("there is no column {name:?} when its turn comes"))
    }

    /// The condition under which rows stay, true or false for every row.
    fn condition(&self, column: &Column, op: Compare, values: &[String]) -> Result<String, String> {
        let sql = self.sql;
        let e = sql.name(&column.name);
        let trimmed = format!("TRIM({e})");
        let first = values.first().map_or("", |v| v.trim());
        let missing = is_missing(sql, &e, column);
        Ok(match op {
            Compare::IsMissing => missing,
            Compare::IsPresent => format!("NOT ({missing})"),
            Compare::Contains => sql.contains(&e, first),
            Compare::NotContains => format!("NOT ({})", sql.contains(&e, first)),
            Compare::StartsWith => format!("SUBSTR(LTRIM({e}), 1, {}) = {}", first.chars().count(), sql.text(first)),
            Compare::Matches => return Err("dialects differ in regular expressions".into()),
            Compare::Equals | Compare::OneOf => self.equal(column, &trimmed, values)?,
            Compare::NotEquals => format!("NOT ({})", self.equal(column, &trimmed, values)?),
            _ => self.in_order(column, &trimmed, op, values)?,
        })
    }

    /// Whether the trimmed cell is one of the values.
    fn equal(&self, column: &Column, e: &str, values: &[String]) -> Result<String, String> {
        let sql = self.sql;
        let texts = format!("{e} IN ({})", sql.texts(values.iter().map(|v| v.trim())));
        match &column.kind {
            ColumnKind::Number { .. } => {
                let numbers: Vec<String> =
                    values.iter().filter_map(|v| column.number(v)).map(|v| sql.number(v)).collect();
                if numbers.is_empty() {
                    return Ok(texts);
                }
                let number = number(sql, column, e)?;
                Ok(format!("({texts} OR COALESCE({number} IN ({}), FALSE))", numbers.join(", ")))
            }
            ColumnKind::Date { style, .. } => {
                let moment = moment(sql, column, style, e)?;
                let spans = values.iter().filter_map(|v| span(v, style));
                let spans = spans
                    .map(|(from, to)| format!("({moment} >= {} AND {moment} < {})", sql.moment(from), sql.moment(to)));
                let any = std::iter::once(texts).chain(spans).collect::<Vec<_>>().join(" OR ");
                Ok(format!("COALESCE({any}, FALSE)"))
            }
            _ => Ok(texts),
        }
    }

    fn in_order(&self, column: &Column, e: &str, op: Compare, values: &[String]) -> Result<String, String> {
        let sql = self.sql;
        let compare = |e: &str, limits: &[String]| {
            let (low, high) = (&limits[0], &limits[limits.len() - 1]);
            match op {
                Compare::Less => format!("{e} < {low}"),
                Compare::LessOrEqual => format!("{e} <= {low}"),
                Compare::Greater => format!("{e} > {low}"),
                Compare::GreaterOrEqual => format!("{e} >= {low}"),
                _ => format!("{e} BETWEEN {low} AND {high}"),
            }
        };
        let numbers: Option<Vec<f64>> = values.iter().map(|v| column.number(v)).collect();
        let test = match (&column.kind, numbers) {
            (ColumnKind::Date { style, .. }, _) => {
                let m = moment(sql, column, style, e)?;
                let spans: Option<Vec<(i64, i64)>> = values.iter().map(|v| span(v, style)).collect();
                let spans = spans.filter(|s| !s.is_empty()).ok_or("one of its values is no date")?;
                let (from, to) = (spans[0], spans[spans.len() - 1]);
                match op {
                    Compare::Less => format!("{m} < {}", sql.moment(from.0)),
                    Compare::LessOrEqual => format!("{m} < {}", sql.moment(from.1)),
                    Compare::Greater => format!("{m} >= {}", sql.moment(from.1)),
                    Compare::GreaterOrEqual => format!("{m} >= {}", sql.moment(from.0)),
                    _ => format!("{m} >= {} AND {m} < {}", sql.moment(from.0), sql.moment(to.1)),
                }
            }
            (_, Some(limits)) if !limits.is_empty() => {
                let limits: Vec<String> = limits.into_iter().map(|v| sql.number(v)).collect();
                compare(&number(sql, column, e)?, &limits)
            }
            _ => {
                let limits: Vec<String> = values.iter().map(|v| sql.in_bytes(&sql.text(v.trim()))).collect();
                format!("NOT ({}) AND {}", is_missing(sql, e, column), compare(&sql.in_bytes(e), &limits))
            }
        };
        Ok(format!("COALESCE({test}, FALSE)"))
    }
}

/// The floating-point number of a trimmed cell; NULL for none.
fn number(sql: Sql, column: &Column, e: &str) -> Result<String, String> {
    let loud = !Numbers::of(column).plain;
    Ok(sql.number_of(e, sql.double(), loud))
}

/// The moment of a trimmed cell; NULL for none.
fn moment(sql: Sql, column: &Column, style: &DateStyle, e: &str) -> Result<String, String> {
    let way = Dates::of(column, style);
    Ok(way.moment(sql, e, &way.day(sql, e)))
}

/// Whether a cell says "no value".
pub(super) fn is_missing(sql: Sql, e: &str, column: &Column) -> String {
    let rule = column.missing_rule();
    let (tokens, any_case) = rule.tokens();
    let e = if any_case { format!("LOWER(TRIM({e}))") } else { format!("TRIM({e})") };
    format!("{e} IN ('', {})", sql.texts(tokens.iter().copied()))
}

/// The time that a given date stands for, end excluded; as in the step itself.
fn span(text: &str, style: &DateStyle) -> Option<(i64, i64)> {
    let from = dates::parse(text, &DateStyle::YearFirst).or_else(|| dates::parse(text, style))?;
    let width = match text.matches(':').count() {
        0 => DAY,
        1 => 60,
        _ => 1,
    };
    Some((from, from + width))
}
