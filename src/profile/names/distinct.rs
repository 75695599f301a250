//! Names that differ: a proposed name makes way for one that was given.

use std::collections::HashSet;

use crate::profile::Profile;
use crate::profile::naming::QUALIFIERS;
use crate::rfm::{FREQUENCY, MONETARY, RECENCY};

/// How names are compared: sheets and files whose names differ in case only are the same to many programs.
pub(super) fn key(name: &str) -> String {
    name.trim().to_lowercase()
}

/// `name`, or else with the first number from 2 that makes it another name than those in `taken`.
pub(super) fn numbered(name: &str, taken: &HashSet<String>) -> String {
    if !taken.contains(&key(name)) {
        return name.to_string();
    }
    // There are more numbers than names.
    (2..).map(|n| format!("{name} ({n})")).find(|other| !taken.contains(&key(other))).unwrap_or_default()
}

/// Gives proposed names that equal a given one a qualifier: the feature in which the two clusters differ most.
pub(super) fn make_way(profiles: &mut [Profile], by_hand: &[bool]) {
    let all: HashSet<String> = profiles.iter().map(|p| key(&p.name)).collect();
    if all.len() == profiles.len() {
        return;
    }
    let given: Vec<usize> = (0..profiles.len()).filter(|&i| by_hand[i]).collect();
    let mut taken = all;
    for at in (0..profiles.len()).filter(|&i| !by_hand[i]) {
        let own = key(&profiles[at].name);
        if let Some(&other) = given.iter().find(|&&g| key(&profiles[g].name) == own) {
            let words = difference(&profiles[at], &profiles[other]);
            let name = words.map_or(profiles[at].name.clone(), |w| format!("{}, {w}", profiles[at].name));
            profiles[at].name = numbered(&name, &taken);
            taken.insert(key(&profiles[at].name));
        }
    }
}

/// In what the one differs most from the other, in words; `None` where nothing is known of purchases.
fn difference(one: &Profile, other: &Profile) -> Option<&'static str> {
    let of = |profile: &Profile, name: &str| profile.features.iter().find(|f| f.name == name).map(|f| f.difference);
    // Of equal ones money counts, which is what people ask for. Few days are good.
    let axes = [(MONETARY, 2, 1.0), (FREQUENCY, 1, 1.0), (RECENCY, 0, -1.0)];
    let mut most: Option<(f64, usize)> = None;
    for (name, axis, sign) in axes {
        let Some(gap) = of(one, name).zip(of(other, name)).map(|(a, b)| sign * (a - b)) else { continue };
        if gap != 0.0 && most.is_none_or(|(m, _)| gap.abs() > m.abs()) {
            most = Some((gap, axis));
        }
    }
    most.map(|(gap, axis)| QUALIFIERS[axis][if gap > 0.0 { 0 } else { 2 }])
}
