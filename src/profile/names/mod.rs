//! The user's names on the clusters that hold the customers whom they were given to.
//!
//! A name follows its customers, not a number. With it the recipe keeps a sample of the customers who were in the cluster
//! when it was named; after another run the name goes to the cluster that holds more than half of those of them who are
//! still there. Where no cluster does, where another name has more of its customers there, or where they drowned in a
//! much larger cluster, the name rests: it stays in the recipe and comes back when its cluster comes back. Those who
//! belong to no cluster have no name of their own, as they are what is left over and not a group.

mod distinct;
mod edit;
mod follow;
mod sample;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::Profile;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::recipe::NamedSegment;
use crate::rfm::CustomerTable;

pub use edit::{annotate, can_be_named, rename};

/// Profiles under the names in force.
#[derive(Debug, Clone, Default)]
pub struct Named {
    pub profiles: Arc<Vec<Profile>>,
    /// Names given by hand that are not in force, a sentence each that says why.
    pub resting: Vec<String>,
}

/// The profiles under the names in force: the user's where a cluster holds the customers of a named segment, else the
/// proposed ones, which get a qualifier where they equal one of the user's. Names stay distinct, and so do they without
/// regard to case. Names that rest are told.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn named(measured: &[Profile], customers: &CustomerTable, named: &[NamedSegment], ctx: &Ctx) -> Result<Named> {
    ctx.tick(0, 1)?;
    let mut out = measured.to_vec();
    let found = follow::places(measured, customers, named, ctx)?;
    let mut by_hand = vec![false; out.len()];
    for (at, (profile, entry)) in out.iter_mut().zip(&found.entries).enumerate() {
        let Some(entry) = entry.map(|i| &named[i]) else { continue };
        profile.note = entry.note.clone();
        if !entry.name.is_empty() {
            profile.name = entry.name.clone();
            by_hand[at] = true;
        }
    }
    distinct::make_way(&mut out, &by_hand);
    Ok(Named { profiles: Arc::new(out), resting: resting(named, &found.rests) })
}

/// The names that rest, a sentence each that says why.
fn resting(named: &[NamedSegment], rests: &[Option<follow::Rest>]) -> Vec<String> {
    let rests = named.iter().zip(rests).filter(|(entry, _)| !entry.name.is_empty());
    rests
        .filter_map(|(entry, why)| {
            let why = match (*why)? {
                follow::Rest::Gone => "too few of its customers are in this analysis".to_string(),
                follow::Rest::Scattered => "no segment holds most of its customers now".to_string(),
                follow::Rest::Drowned => {
                    "its customers are now a small part of a much larger segment, which is another group".to_string()
                }
                follow::Rest::Outweighed(by) if named[by].name.is_empty() => {
                    "the segment that holds most of its customers holds more of another that you noted".to_string()
                }
                follow::Rest::Outweighed(by) => {
                    format!("the segment that holds most of its customers holds more of {:?}", named[by].name)
                }
            };
            Some(format!(
                "Your name {:?} rests: {why}. It comes back when its customers are together again.",
                entry.name
            ))
        })
        .collect()
}
