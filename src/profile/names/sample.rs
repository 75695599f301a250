//! Which customers of a cluster stand for it in the recipe.

use crate::profile::sampled;
use crate::recipe::IdList;
use crate::rfm::CustomerTable;

/// Customers by whom a cluster is found again; all of a cluster that has no more. The share of a cluster's customers that
/// are in another one is then known to about three percent (standard error at one half).
pub(super) const SAMPLE: usize = 250;

/// The same for equal clusters.
pub(super) fn of(members: &[u32], customers: &CustomerTable) -> IdList {
    let rows = sampled::of(members, customers, SAMPLE);
    IdList::new(rows.into_iter().map(|row| customers.ids[row as usize].clone()).collect())
}
