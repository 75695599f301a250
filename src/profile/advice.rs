//! Channel, reason and stake for the segments of the map: what the nearest pattern has, as maps say what to do and not
//! why.

use super::archetypes::Patterns;
use super::describe::{fill, pattern, scores};
use super::naming::nearest;
use super::portray::Known;
use super::{Profile, StakeKind};

/// Fills in what the map itself does not say. Nothing where nothing is known of money, as patterns are about all three
/// scores.
pub(super) fn advise(known: &Known, patterns: &Patterns, segments: &mut [Profile]) {
    let rfm = known.rfm;
    let own = |name: &str| rfm.map.segments.iter().find(|s| s.name == name).map(|s| s.channel.clone());
    for profile in segments.iter_mut() {
        profile.channel = own(&profile.name).unwrap_or_default();
    }
    if rfm.scores.len() != 3 {
        return;
    }
    let scores = scores(rfm);
    for profile in segments {
        let place = pattern(rfm, &scores, &profile.members, &profile.features);
        let Some(found) = nearest(&place, &patterns.archetype).map(|i| &patterns.archetype[i]) else { continue };
        // A segment for which nothing is to be done needs no reason and no channel.
        if profile.action.is_empty() {
            profile.stake = StakeKind::None;
            continue;
        }
        if profile.channel.is_empty() {
            profile.channel = found.channel.clone();
        }
        profile.reason = fill(&found.reason, profile, rfm.frequency_of, known.clean.currency.as_deref());
        profile.stake = found.stake;
    }
}
