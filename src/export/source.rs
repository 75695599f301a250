//! What tables are made from, with what is worked out for several of them kept.

use std::cell::OnceCell;

use super::placement;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::pipeline::Findings;

/// The name of a column and its values, one per customer.
type Belonging = Option<(&'static str, Vec<f64>)>;

/// Findings that are being written.
pub(super) struct Source<'a> {
    pub findings: &'a Findings,
    /// Names of the files that are written together, for the list in `summary.json`.
    pub files: Vec<String>,
    belonging: OnceCell<Belonging>,
}

impl<'a> Source<'a> {
    pub fn new(findings: &'a Findings, files: Vec<String>) -> Source<'a> {
        Source { findings, files, belonging: OnceCell::new() }
    }

    /// How firmly customers belong to their clusters, where the algorithm knows.
    pub fn belonging(&self, ctx: &Ctx) -> Result<Option<&(&'static str, Vec<f64>)>> {
        if self.belonging.get().is_none() {
            // Nobody else can have filled it meanwhile: the cell is of one thread.
            let _ = self.belonging.set(placement::belonging(self.findings, ctx)?);
        }
        Ok(self.belonging.get().and_then(Option::as_ref))
    }
}
