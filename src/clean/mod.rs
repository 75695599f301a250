//! Cleaning: rows that cannot be used and returns, each step counted in a funnel.

mod tables;

pub use tables::{FunnelStep, Transactions};

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
pub fn clean(_t: &crate::intake::Table, _r: &crate::intake::RolesOut, _c: &crate::recipe::Clean, _ctx: &crate::ctx::Ctx) -> crate::error::Result<CleanOut> { Err(crate::error::Error::data("stub")) }
