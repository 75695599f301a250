//! What cleaning hands on: the transactions that are left, and the funnel that says what was removed.

use serde::Serialize;

/// One step of the funnel: what is left after it.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct FunnelStep {
    /// A stable name for programs, for example `customer_present`.
    pub id: String,
    /// The step in words, for example "Customer id present".
    pub step: String,
    /// Rows, distinct customers and money left after the step; the money is NaN where the table has none.
    pub rows: usize,
    pub customers: usize,
    pub amount: f64,
    /// What it did in one sentence, with its own count, for example "135,080 rows without a customer id removed".
    pub note: String,
    /// Whether the step is switched on in the recipe; steps that are off are shown and do nothing.
    pub on: bool,
    /// Which step of the recipe's list it is; `None` for the steps that are always there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<usize>,
    /// Cells with another text, for steps of the recipe's list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cells_changed: Option<usize>,
    /// Why a step of the recipe's list could not be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Invoice of rows without an invoice number; such rows of one customer and day are one visit.
pub const NO_INVOICE: u32 = u32::MAX;

/// Cleaned transactions, column by column; all vectors but `customers` have one entry per row.
#[derive(Debug, Clone, Default)]
pub struct Transactions {
    /// Distinct customer ids in their natural order (numeric where all are numbers, else by text).
    pub customers: Vec<String>,
    /// Row of the prepared table that each one is.
    pub row: Vec<u32>,
    /// Index into `customers`.
    pub customer: Vec<u32>,
    /// Days since 1970-01-01.
    pub day: Vec<i32>,
    /// Any number that is equal for rows of the same invoice, or [`NO_INVOICE`]; empty when there is no invoice
    /// column.
    pub invoice: Vec<u32>,
    /// Money of the row; negative for returns.
    pub amount: Vec<f64>,
    /// Whether the row is a purchase (counts as a visit) or a return (only reduces monetary).
    pub purchase: Vec<bool>,
}
