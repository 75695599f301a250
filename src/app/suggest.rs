//! What could be cleaned, found by trying: each is proposed, none is done.

use crate::clean::Prepared;
use crate::clean::steps::{SpellingMethod, Suggestion};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::kind::{ColumnKind, is_missing};
use crate::intake::{Role, RolesOut};
use crate::recipe::{KeepRow, LetterCase, MissingAction, StepKind};

/// What the steps of the recipe leave to be cleaned.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Suggestions {
    /// Rows that equal an earlier one in every column.
    pub duplicates: usize,
    /// Cells with spaces around them, or several in a row.
    pub untidy: usize,
    /// Values that seem to be no products.
    pub non_products: Vec<Suggestion>,
    /// Columns with several spellings of one thing, those with the most rows first.
    pub spellings: Vec<Spellings>,
    /// Columns in which values are missing with the rows that lack them, most first.
    pub missing: Vec<(String, usize)>,
    /// A column that says how an order stands, with its values, most frequent first.
    pub status: Option<(String, Vec<(String, usize)>)>,
}

/// Spellings of the same thing in one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spellings {
    pub column: String,
    /// Things with more than one spelling.
    pub things: usize,
    /// Rows that another spelling than the most frequent one has.
    pub rows: usize,
}

impl Suggestions {
    /// Whether there is nothing to propose.
    pub fn is_empty(&self) -> bool {
        *self == Suggestions::default()
    }
}

/// Proposals for the rows and cells that the steps of the recipe left.
///
/// # Errors
/// Only when cancelled.
pub fn suggestions(prepared: &Prepared, roles: Option<&RolesOut>, ctx: &Ctx) -> Result<Suggestions> {
    let at = prepared.steps().len();
    let table = prepared.table_before(at);
    let mut out = Suggestions::default();
    if let Some(roles) = roles {
        out.non_products = prepared.non_products(at, roles, ctx)?;
    }
    for column in table.columns.iter().filter(|c| c.kind == ColumnKind::Text) {
        let clusters = prepared.spellings(at, &column.name, SpellingMethod::Fingerprint, ctx)?;
        let others = |c: &crate::clean::steps::SpellingCluster| c.rows() - c.values.first().map_or(0, |v| v.1);
        if !clusters.is_empty() {
            let rows = clusters.iter().map(others).sum();
            out.spellings.push(Spellings { column: column.name.clone(), things: clusters.len(), rows });
        }
    }
    out.spellings.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.column.cmp(&b.column)));
    out.untidy = prepared.preview(at, &tidy(), ctx)?.cells_changed;
    // The steps that are always there see to rows without these.
    let seen_to = [Role::CustomerId, Role::Date, Role::Amount, Role::Quantity, Role::UnitPrice];
    let seen_to: Vec<&str> = seen_to.iter().filter_map(|&role| roles?.column(role)).collect();
    for column in table.columns.iter().filter(|c| !seen_to.contains(&c.name.as_str()) && c.missing() > 0) {
        let effect = prepared.preview(at, &without(&column.name), ctx)?;
        let rows = effect.rows_before - effect.rows_after;
        // A column of nothing is no gap.
        if rows > 0 && effect.rows_after > 0 {
            out.missing.push((column.name.clone(), rows));
        }
    }
    out.missing.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    out.status = table
        .columns
        .iter()
        .filter(|c| c.kind == ColumnKind::Text && c.name.to_lowercase().contains("status"))
        .filter(|c| (2..=MOST_STATES).contains(&c.distinct()) && c.dict.iter().any(is_of_an_order))
        .find(|c| !prepared.steps().iter().any(|s| s.what.columns().contains(&c.name.as_str())))
        .map(|c| (c.name.clone(), frequent_values(prepared, at, &c.name, MOST_STATES)));
    let (step, done) = (duplicates(), |s: &crate::recipe::CleanStep| s.on && s.what == duplicates());
    if !prepared.steps().iter().any(done) {
        let effect = prepared.preview(at, &step, ctx)?;
        out.duplicates = effect.rows_before - effect.rows_after;
    }
    Ok(out)
}

/// A column with more values than this says something else.
const MOST_STATES: usize = 12;

/// Whether a status is one of orders rather than of people or machines.
fn is_of_an_order(status: &str) -> bool {
    const STEMS: [&str; 8] = ["complet", "paid", "deliver", "shipped", "cancel", "fulfil", "refund", "return"];
    let status = status.to_lowercase();
    STEMS.iter().any(|stem| status.contains(stem))
}

/// The step that drops equal rows.
pub fn duplicates() -> StepKind {
    StepKind::DropDuplicates { columns: Vec::new(), keep: KeepRow::First }
}

/// The step that takes stray spaces out of every column of text.
pub fn tidy() -> StepKind {
    StepKind::TidyText { columns: Vec::new(), trim: true, collapse_spaces: true, case: LetterCase::Keep }
}

/// The step that drops rows without a value in a column.
pub fn without(column: &str) -> StepKind {
    StepKind::Missing { column: column.into(), action: MissingAction::DropRow, value: String::new(), along: None }
}

/// Up to `n` values of a column with their rows in the file, most frequent first, as they are when the step at this
/// place begins; nothing for a column that is not there.
pub fn frequent_values(prepared: &Prepared, at: usize, column: &str, n: usize) -> Vec<(String, usize)> {
    let Some(column) = prepared.table_before(at).column(column) else { return Vec::new() };
    let there = column.dict.iter().zip(&column.counts).filter(|&(text, &rows)| rows > 0 && !is_missing(text));
    let mut values: Vec<(&str, u32)> = there.map(|(text, &rows)| (text, rows)).collect();
    let order = |a: &(&str, u32), b: &(&str, u32)| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0));
    if values.len() > n && n > 0 {
        values.select_nth_unstable_by(n - 1, order);
        values.truncate(n);
    }
    values.sort_unstable_by(order);
    values.into_iter().map(|(text, rows)| (text.to_string(), rows as usize)).collect()
}
