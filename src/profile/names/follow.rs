//! Where the customers of named segments are now.

use std::collections::HashMap;

use foldhash::fast::FixedState;
use rayon::prelude::*;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::profile::Profile;
use crate::recipe::NamedSegment;
use crate::rfm::CustomerTable;

/// With a smaller part of the sample in the analysis, its customers are no evidence any more.
const ENOUGH_OF_SAMPLE: f64 = 0.1;
/// A cluster with more than this many times the customers of the named segment, as shares of everyone, is another group
/// that happens to take it in.
const DROWNED: f64 = 4.0;
/// Customers between two looks at whether to go on.
const CHUNK: usize = 1 << 14;

/// Why a name is not in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rest {
    /// Too few of the sample are left.
    Gone,
    /// No cluster holds more than half of them.
    Scattered,
    /// The cluster that does is several times as large.
    Drowned,
    /// This other named segment has more customers there.
    Outweighed(usize),
}

/// Who is where; each cluster has at most one named segment and each of these at most one cluster.
pub(super) struct Places {
    /// Index into the named segments, one per profile.
    pub entries: Vec<Option<usize>>,
    /// One per named segment; `None` where it is in force.
    pub rests: Vec<Option<Rest>>,
}

/// Finds the cluster of each named segment. As more than half of a segment's customers are in one cluster at most, nobody
/// has a second choice, and giving every cluster to whoever has most customers there is the best assignment that there is.
pub(super) fn places(
    profiles: &[Profile],
    customers: &CustomerTable,
    named: &[NamedSegment],
    ctx: &Ctx,
) -> Result<Places> {
    let mut out = Places { entries: vec![None; profiles.len()], rests: vec![Some(Rest::Gone); named.len()] };
    if named.is_empty() {
        return Ok(out);
    }
    let counts = overlaps(profiles, customers, named, ctx)?;
    // What each has where it has most, largest first; ties in a way that does not depend on the order of the list.
    let mut wishes: Vec<(usize, usize, f64)> = Vec::new();
    for (i, (entry, count)) in named.iter().zip(&counts).enumerate() {
        let present: usize = count.iter().sum();
        if present == 0 || (present as f64) < ENOUGH_OF_SAMPLE * entry.members.len() as f64 {
            continue;
        }
        let Some(at) = count.iter().position(|&c| 2 * c > present).filter(|&at| profiles[at].number != 0) else {
            out.rests[i] = Some(Rest::Scattered);
            continue;
        };
        if entry.everyone > 0 {
            let held = count[at] as f64 / present as f64;
            let then = entry.customers as f64 / entry.everyone as f64 * held;
            let now = profiles[at].customers as f64 / customers.len().max(1) as f64;
            if now > DROWNED * then {
                out.rests[i] = Some(Rest::Drowned);
                continue;
            }
        }
        let there = entry.customers as f64 * count[at] as f64 / entry.members.len().max(1) as f64;
        wishes.push((i, at, there));
    }
    let key = |i: usize| (&named[i].name, &named[i].note, named[i].members.ids());
    wishes.sort_by(|a, b| b.2.total_cmp(&a.2).then_with(|| key(a.0).cmp(&key(b.0))));
    for (i, at, _) in wishes {
        match out.entries[at] {
            Some(other) => out.rests[i] = Some(Rest::Outweighed(other)),
            None => {
                out.entries[at] = Some(i);
                out.rests[i] = None;
            }
        }
    }
    Ok(out)
}

/// How many of each named segment's sample are in each cluster.
fn overlaps(
    profiles: &[Profile],
    customers: &CustomerTable,
    named: &[NamedSegment],
    ctx: &Ctx,
) -> Result<Vec<Vec<usize>>> {
    let mut wanted: HashMap<&str, Vec<usize>, FixedState> = HashMap::default();
    for (i, entry) in named.iter().enumerate() {
        for id in entry.members.ids() {
            wanted.entry(id.as_str()).or_default().push(i);
        }
    }
    let mut counts = vec![vec![0; profiles.len()]; named.len()];
    for (at, profile) in profiles.iter().enumerate() {
        let found: Vec<Vec<usize>> = profile
            .members
            .par_chunks(CHUNK)
            .map(|rows| {
                ctx.tick(at, profiles.len())?;
                let mut found = vec![0; named.len()];
                for &row in rows {
                    for &i in wanted.get(customers.ids[row as usize].as_str()).into_iter().flatten() {
                        found[i] += 1;
                    }
                }
                Ok(found)
            })
            .collect::<Result<_>>()?;
        for part in found {
            part.into_iter().enumerate().for_each(|(i, n)| counts[i][at] += n);
        }
    }
    Ok(counts)
}
