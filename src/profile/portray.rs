//! Portraits of the segments: what they buy, when, the rules that they follow, the money at stake.

use super::{Portrait, Portraits, Profile, names};
use crate::clean::{CleanOut, Prepared};
use crate::cluster::Chosen;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::features::FeatureMatrix;
use crate::intake::RolesOut;
use crate::recipe::NamedSegment;
use crate::rfm::RfmOut;

/// What portraits are made from.
#[derive(Clone, Copy)]
pub struct Known<'a> {
    pub prepared: &'a Prepared,
    pub roles: &'a RolesOut,
    pub clean: &'a CleanOut,
    pub rfm: &'a RfmOut,
    pub matrix: &'a FeatureMatrix,
    /// What the user named.
    pub named: &'a [NamedSegment],
}

/// Portraits of the clusters, and profiles and portraits of the segments of the map.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn portray(known: &Known, chosen: &Chosen, clusters: &[Profile], ctx: &Ctx) -> Result<Portraits> {
    let _ = chosen;
    let resting = names::resting(clusters, &known.rfm.customers, known.named, ctx)?;
    Ok(Portraits { clusters: vec![Portrait::default(); clusters.len()], resting, ..Portraits::default() })
}
