//! Guesses which column plays which role, from names and contents.

use super::kind::ColumnKind;
use super::names::is_made_up;
use super::role_names::{EXACT, name_score, otherwise};
use super::roles::{Role, Summary};
use super::structure;
use super::{Column, Table};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::recipe::Roles;

/// A proposal, with its reason in words.
#[derive(Debug)]
pub(super) struct Guess {
    pub role: Role,
    /// Index of the column.
    pub column: usize,
    /// 0–1: how sure the guess is.
    pub confidence: f64,
    pub reason: String,
}

/// Proposes at most one column per role; a column gets one role. Columns in `taken` are left alone, as are roles that
/// `given` decides.
pub(super) fn guess(
    table: &Table,
    summaries: &[Summary],
    taken: &[usize],
    given: &Roles,
    decided: &[Role],
    ctx: &Ctx,
) -> Result<Vec<Guess>> {
    let mut candidates: Vec<(u32, Guess)> = Vec::new();
    for role in Role::ALL.into_iter().filter(|role| !decided.contains(role)) {
        for (column, summary) in summaries.iter().enumerate() {
            if taken.contains(&column) {
                continue;
            }
            if let Some((score, confidence, reason)) = judge(table, column, summary, role, given) {
                candidates.push((score, Guess { role, column, confidence, reason }));
            }
        }
    }
    // Best first; among equals the role that matters more, then the column further left.
    candidates.sort_by_key(|(score, g)| (std::cmp::Reverse(*score), g.role as usize, g.column));
    let mut found: Vec<Guess> = Vec::new();
    for (_, guess) in candidates {
        if !found.iter().any(|f| f.role == guess.role || f.column == guess.column) {
            found.push(guess);
        }
    }
    structure::complete(table, summaries, taken, decided, &mut found, ctx)?;
    check_product(table, &mut found, ctx)?;
    Ok(found)
}

/// How well a column fits a role: a score to compare, a confidence and the reason; `None` if its contents rule the
/// role out.
fn judge(table: &Table, column: usize, summary: &Summary, role: Role, given: &Roles) -> Option<(u32, f64, String)> {
    let c = &table.columns[column];
    if !fits(&c.kind, summary, table.rows, role, given) {
        return None;
    }
    let score = name_score(&c.name, role);
    let contents = contents(&c.kind, summary);
    // One row per customer is no list of sales; the name may still be right.
    let unique = summary.distinct + summary.missing == table.rows && table.rows >= 20;
    let less = if role == Role::CustomerId && unique { 0.2 } else { 0.0 };
    let money = matches!(role, Role::Amount | Role::Quantity | Role::UnitPrice);
    let constant = money && summary.distinct == 1 && table.rows >= 20;
    let (less, once) = match (less > 0.0, constant) {
        (_, true) => (0.4, ", all of them equal"),
        (true, _) => (less, ", each of them once"),
        _ => (0.0, ""),
    };
    if role == Role::Invoice && c.name.trim().eq_ignore_ascii_case("name") && is_numbered(c) {
        return Some((90, 0.9, "its values are numbers of orders, as Shopify writes them (#1001)".into()));
    }
    if score >= EXACT {
        let confidence = if score > 85 { 0.98 } else { 0.9 };
        return Some((score, confidence - less, format!("its name says so, and its values are {contents}{once}")));
    }
    if score > 0 {
        return Some((score, 0.7 - less, format!("part of its name says so, and its values are {contents}{once}")));
    }
    // Without a telling name only a date is unmistakable.
    if role != Role::Date || otherwise(&c.name, role) || !matches!(c.kind, ColumnKind::Date { .. }) {
        return None;
    }
    let only = table.columns.iter().filter(|c| matches!(c.kind, ColumnKind::Date { .. })).count() == 1;
    Some(if only {
        (10, 0.8, format!("the only column of dates; its values are {contents}"))
    } else {
        (10, 0.5, format!("the first column of dates; its values are {contents}"))
    })
}

/// Whether every value is a number with a # before it, as `#1001`.
fn is_numbered(column: &Column) -> bool {
    let mut values = column.dict.iter().map(str::trim).filter(|t| !t.is_empty()).peekable();
    let numbered =
        |t: &str| t.strip_prefix('#').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    values.peek().is_some() && values.all(numbered)
}

/// Whether a column's type allows the role.
fn fits(kind: &ColumnKind, summary: &Summary, rows: usize, role: Role, given: &Roles) -> bool {
    match role {
        Role::CustomerId | Role::Invoice | Role::Product => {
            summary.distinct > 0 && !matches!(kind, ColumnKind::Date { .. } | ColumnKind::Number { whole: false, .. })
        }
        Role::Date => {
            matches!(kind, ColumnKind::Date { .. }) || (given.date_format.is_some() && *kind != ColumnKind::Empty)
        }
        Role::Amount | Role::Quantity | Role::UnitPrice | Role::Discount => {
            matches!(kind, ColumnKind::Number { .. })
        }
        // A kind of product comes again and again; what is different on every row is none.
        Role::Category => {
            summary.distinct > 0
                && summary.distinct * 2 <= rows
                && !matches!(kind, ColumnKind::Date { .. } | ColumnKind::Number { whole: false, .. })
        }
    }
}

fn contents(kind: &ColumnKind, summary: &Summary) -> String {
    match kind {
        ColumnKind::Date { style, .. } => format!("dates ({})", style.label()),
        ColumnKind::Number { whole: true, .. } => "whole numbers".into(),
        ColumnKind::Number { .. } => "numbers".into(),
        _ => format!("{} different texts", format::count(summary.distinct)),
    }
}

/// Rows looked at to see whether amount = quantity × unit price.
const ROWS_COMPARED: usize = 1_000_000;

/// Where amount, quantity and unit price are all there, says whether the one is the product of the others.
fn check_product(table: &Table, found: &mut [Guess], ctx: &Ctx) -> Result<()> {
    let column = |role| found.iter().find(|g| g.role == role).map(|g| g.column);
    let (Some(amount), Some(quantity), Some(price)) =
        (column(Role::Amount), column(Role::Quantity), column(Role::UnitPrice))
    else {
        return Ok(());
    };
    let share = structure::product_share(table, amount, quantity, price, ROWS_COMPARED, ctx)?;
    let Some(guess) = found.iter_mut().find(|g| g.role == Role::Amount) else { return Ok(()) };
    if share >= 0.95 {
        guess.confidence = guess.confidence.max(0.95);
        guess.reason.push_str(&format!("; it is quantity × unit price in {} of the rows", format::percent(share)));
    } else if share < 0.5 && !is_made_up(&table.columns[amount].name) {
        guess.confidence = guess.confidence.min(0.8);
        guess.reason.push_str("; it is not quantity × unit price");
    }
    Ok(())
}
