//! Ready-made features of how customers buy.
//!
//! They are counted from the transactions that recency, frequency and monetary are counted from: those in the window, up
//! to the snapshot date, after the returns policy. A *purchase* is a row that is no return. A *basket* is an invoice; rows
//! without an invoice number, and tables without such a column, have one basket per customer and day. Where a value
//! cannot be told (days between purchases of somebody who bought once) it is missing, never zero.

mod facts;
mod list;

pub use list::{ReadyMade, is_name};

use facts::{Facts, Sources};

use super::Known;
use super::groups::Groups;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::recipe::Recipe;
use crate::rfm::{Feature, RfmOut};

/// The ready-made features that these data allow, in the order in which they are offered. None where the table came
/// with one row per customer: it has no purchases.
pub fn available(known: &Known) -> Vec<ReadyMade> {
    let sources = Sources::of(known);
    ReadyMade::ALL.iter().copied().filter(|one| one.is_known(&sources)).collect()
}

/// All of them, worked out for every customer of `counted`.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn all(known: &Known, counted: &RfmOut, recipe: &Recipe, ctx: &Ctx) -> Result<Vec<Feature>> {
    some(known, counted, recipe, &available(known), ctx)
}

/// Those that are wanted and known, in the order of [`ReadyMade::ALL`].
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn some(known: &Known, counted: &RfmOut, recipe: &Recipe, wanted: &[ReadyMade], ctx: &Ctx) -> Result<Vec<Feature>> {
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let groups = Groups::of(known, counted, recipe, None, ctx)?;
    let sources = Sources::of(known).prepared(wanted, ctx)?;
    let facts = Facts::of(&groups, &sources, ctx)?;
    let known = ReadyMade::ALL.iter().copied().filter(|one| wanted.contains(one) && one.is_known(&sources));
    Ok(known.map(|one| one.feature(&facts, &sources, counted, recipe)).collect())
}
