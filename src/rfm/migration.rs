//! Two dates: who moved from which segment to which.

use std::sync::Arc;

use chrono::NaiveDate;

use super::{RfmOut, SegmentMap};
use crate::clean::{CleanOut, Prepared};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::RolesOut;
use crate::recipe::Recipe;

/// Customers of two snapshots of the same transactions, each scored as it would have been on its day.
#[derive(Debug, Clone)]
pub struct Migration {
    /// The earlier and the later snapshot date.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub map: Arc<SegmentMap>,
    /// Everybody who is in either snapshot, in natural order of ids.
    pub customers: Vec<Moved>,
    /// Sums per pair of segments, from the most valuable pair; every customer is in exactly one.
    pub cells: Vec<MigrationCell>,
    /// What was decided or left out, as sentences.
    pub notes: Vec<String>,
}

/// One customer at both dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    pub id: String,
    /// Place in the customer table of the analysis (the snapshot in force); `None` if not in it.
    pub place: Option<u32>,
    /// Index into the map's segments; `None`: not there at that date.
    pub from: Option<u8>,
    pub to: Option<u8>,
    /// Net spend up to each date (within the window, where there is one); 0 where not there.
    pub spent_before: f64,
    pub spent_after: f64,
}

/// One cell of the migration matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct MigrationCell {
    /// Index into the map's segments; `None`: new, respectively gone.
    pub from: Option<u8>,
    pub to: Option<u8>,
    pub customers: usize,
    /// Net spend at the later date; at the earlier one for those who are gone.
    pub revenue: f64,
}

/// Compares the snapshot in force with that of [`crate::recipe::Rfm::compare_to`]; `None` where there is no such date.
///
/// # Errors
/// The other date lies before all purchases; [`crate::error::Error::Cancelled`].
pub fn compare(
    _prepared: &Prepared,
    _roles: &RolesOut,
    _clean: &CleanOut,
    _now: &RfmOut,
    _recipe: &Recipe,
    _ctx: &Ctx,
) -> Result<Option<Migration>> {
    Ok(None)
}
