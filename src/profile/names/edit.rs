//! Naming a cluster, and noting something about it.

use std::collections::HashSet;

use super::{distinct, follow, sample};
use crate::ctx::Ctx;
use crate::profile::Profile;
use crate::recipe::NamedSegment;
use crate::rfm::CustomerTable;

/// Characters of a name; more do not fit anywhere.
const LONGEST_NAME: usize = 80;

/// Whether the user can name it: those who belong to no cluster are what is left over, and keep their name.
pub fn can_be_named(profile: &Profile) -> bool {
    profile.number != 0
}

/// The recipe's list of named segments after the cluster whose [`Profile::cluster`] is `cluster` was called `name`.
/// `profiles` are those under the names in force, `named` the list so far.
///
/// An empty name, or the proposed one, gives the proposed name back. A name that another cluster was given becomes
/// distinct by a number; one that rests moves here. The list is unchanged where the name is, and for a cluster that
/// cannot be named.
pub fn rename(
    named: &[NamedSegment],
    profiles: &[Profile],
    customers: &CustomerTable,
    cluster: usize,
    name: &str,
) -> Vec<NamedSegment> {
    let Some((at, profile)) = find(profiles, cluster) else { return named.to_vec() };
    let tidy: String = name.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_NAME).collect();
    let tidy = tidy.trim_end();
    if tidy == profile.name {
        return named.to_vec();
    }
    let entries = in_force(named, profiles, customers);
    let note = entries[at].map(|i| named[i].note.clone()).unwrap_or_default();
    let name = if tidy == profile.proposed {
        String::new()
    } else {
        let others = entries.iter().enumerate().filter(|(other, _)| *other != at);
        let taken: HashSet<String> =
            others.filter_map(|(_, i)| Some(distinct::key(&named[(*i)?].name))).filter(|n| !n.is_empty()).collect();
        distinct::numbered(tidy, &taken)
    };
    put(named, entries[at], entry(profile, customers, name, note))
}

/// The same for what the user notes about a cluster; an empty note takes it away.
pub fn annotate(
    named: &[NamedSegment],
    profiles: &[Profile],
    customers: &CustomerTable,
    cluster: usize,
    note: &str,
) -> Vec<NamedSegment> {
    let Some((at, profile)) = find(profiles, cluster) else { return named.to_vec() };
    let note = note.trim();
    if note == profile.note {
        return named.to_vec();
    }
    let before = in_force(named, profiles, customers)[at];
    let name = before.map(|i| named[i].name.clone()).unwrap_or_default();
    put(named, before, entry(profile, customers, name, note.to_string()))
}

fn find(profiles: &[Profile], cluster: usize) -> Option<(usize, &Profile)> {
    profiles.iter().enumerate().find(|(_, p)| p.cluster == cluster).filter(|(_, p)| can_be_named(p))
}

/// The named segment of each profile.
fn in_force(named: &[NamedSegment], profiles: &[Profile], customers: &CustomerTable) -> Vec<Option<usize>> {
    let found = follow::places(profiles, customers, named, &Ctx::silent());
    // Only cancelling fails, and nobody can.
    found.map_or_else(|_| vec![None; profiles.len()], |places| places.entries)
}

fn entry(profile: &Profile, customers: &CustomerTable, name: String, note: String) -> NamedSegment {
    let members = sample::of(&profile.members, customers);
    NamedSegment { name, note, customers: profile.members.len(), everyone: customers.len(), members }
}

/// `entry` in the place of the one before it, or at the end; nothing in its place where it says nothing. Whoever else is
/// called the same rests, and gives the name up.
fn put(named: &[NamedSegment], before: Option<usize>, entry: NamedSegment) -> Vec<NamedSegment> {
    let (name, says) = (distinct::key(&entry.name), !entry.name.is_empty() || !entry.note.is_empty());
    let same = |other: &NamedSegment| !name.is_empty() && distinct::key(&other.name) == name;
    let mut out = Vec::with_capacity(named.len() + 1);
    let mut entry = Some(entry).filter(|_| says);
    for (i, other) in named.iter().enumerate() {
        if before == Some(i) {
            out.extend(entry.take());
        } else if !same(other) {
            out.push(other.clone());
        }
    }
    out.extend(entry);
    out
}
