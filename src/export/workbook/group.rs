//! A segment as the sheets present it.

use super::style::colour;
use crate::pipeline::Findings;
use crate::profile::{Portrait, Profile, Rule};

/// A segment with everything that is known of it.
pub(super) struct Group<'a> {
    pub profile: &'a Profile,
    pub portrait: Option<&'a Portrait>,
    pub rules: Vec<&'a Rule>,
    /// What the user noted about it.
    pub note: &'a str,
    pub colour: u32,
    /// The sheets with its customers; none where it has none of its own.
    pub sheets: Vec<String>,
}

impl Group<'_> {
    /// Its rules as one sentence; empty without rules.
    pub fn rule(&self) -> String {
        let sentences: Vec<&str> = self.rules.iter().map(|rule| rule.sentence.as_str()).collect();
        sentences.join("; or ")
    }
}

/// The clusters, in their order.
pub(super) fn clusters(findings: &Findings) -> Vec<Group<'_>> {
    findings
        .profiles
        .iter()
        .enumerate()
        .map(|(i, profile)| {
            let noise = findings.chosen.clustering.is_noise(i as u32);
            Group {
                profile,
                portrait: findings.portraits.clusters.get(i),
                rules: findings.portraits.rules.of(i).collect(),
                note: &profile.note,
                colour: colour(profile.cluster, noise),
                sheets: Vec::new(),
            }
        })
        .collect()
}

/// The segments of the map that have customers.
pub(super) fn rfm_segments(findings: &Findings) -> Vec<Group<'_>> {
    let portraits = &findings.portraits;
    let segments = &findings.rfm.map.segments;
    portraits
        .rfm
        .iter()
        .enumerate()
        .map(|(i, profile)| {
            let own = segments.iter().find(|s| s.name == profile.name).and_then(|s| s.color.as_deref());
            let given = own.and_then(|text| u32::from_str_radix(text.trim_start_matches('#'), 16).ok());
            Group {
                profile,
                portrait: portraits.rfm_portraits.get(i),
                rules: portraits.rfm_rules.of(i).collect(),
                note: "",
                colour: given.unwrap_or_else(|| colour(i + 1, false)),
                sheets: Vec::new(),
            }
        })
        .collect()
}
