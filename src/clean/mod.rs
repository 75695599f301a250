//! Cleaning: the user's steps, then rows that cannot be used and returns, each step counted in a funnel.

mod funnel;
mod ids;
mod places;
mod returns;
mod rows;
pub mod steps;
mod tables;
mod totals;

pub(crate) use funnel::step_lines;
pub use funnel::{clean, clean_prepared};
pub(crate) use ids::{NOBODY, customer_ids, natural};
pub use places::customers_of_rows;
pub(crate) use rows::{date_style, marks_cancellations};
pub use steps::{Prepared, StepEffect, prepare};
pub use tables::{FunnelStep, NO_INVOICE, Transactions};

/// The clean stage's findings.
#[derive(Debug, Clone)]
pub struct CleanOut {
    pub transactions: Transactions,
    /// The first entry is the file as read.
    pub funnel: Vec<FunnelStep>,
    /// The file's own currency sign, if its amounts carry one.
    pub currency: Option<String>,
    pub warnings: Vec<String>,
}
