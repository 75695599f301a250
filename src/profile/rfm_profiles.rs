//! The segments of the map as profiles, measured like clusters.

use rayon::prelude::*;

use super::describe::{fill, shares_of_revenue, spread_of_everyone, summarise};
use super::portray::Known;
use super::{FeatureSummary, Profile};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::rfm::ranks;

/// The segments that have customers, best first: by the order that the map states, else by mean monetary; those without
/// a place in it last, in the order of the map. Empty without scores. `channel` is left empty.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub(super) fn of(known: &Known, ctx: &Ctx) -> Result<Vec<Profile>> {
    let rfm = known.rfm;
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); rfm.map.segments.len()];
    for (place, &segment) in rfm.segment.iter().enumerate() {
        members[usize::from(segment)].push(place as u32);
    }
    let ranks = ranks(&rfm.map, rfm);
    let mut order: Vec<usize> = (0..members.len()).filter(|&s| !members[s].is_empty()).collect();
    order.sort_by_key(|&s| (ranks.of[s].unwrap_or(u32::MAX), s));
    let everyone = spread_of_everyone(known.matrix);
    let summaries: Vec<Vec<FeatureSummary>> = order
        .par_iter()
        .map(|&s| {
            let features = rfm.customers.features.iter();
            features.map(|f| summarise(f, &members[s], known.matrix, &everyone, ctx)).collect()
        })
        .collect::<Result<_>>()?;
    let money = rfm.customers.monetary();
    let sum = |s: &usize| match money {
        [] => f64::NAN,
        money => members[*s].iter().map(|&place| money[place as usize]).collect::<ExactSum>().value(),
    };
    let revenue: Vec<f64> = order.iter().map(sum).collect();
    let shares = shares_of_revenue(&revenue);
    let mut out = Vec::with_capacity(order.len());
    for (i, (s, features)) in order.into_iter().zip(summaries).enumerate() {
        let (segment, rows) = (&rfm.map.segments[s], std::mem::take(&mut members[s]));
        let mut profile = Profile {
            cluster: i + 1,
            number: i + 1,
            name: segment.name.clone(),
            proposed: segment.name.clone(),
            action: segment.action.clone(),
            customers: rows.len(),
            share_of_customers: rows.len() as f64 / rfm.customers.len().max(1) as f64,
            revenue: revenue[i],
            share_of_revenue: shares[i],
            features,
            members: rows,
            ..Profile::default()
        };
        profile.description = description(&segment.meaning, &profile, known);
        out.push(profile);
    }
    ctx.tick(1, 1)?;
    Ok(out)
}

/// Everyone's numbers, one per feature of the table.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub(super) fn everyone(known: &Known, ctx: &Ctx) -> Result<Vec<FeatureSummary>> {
    let customers = &known.rfm.customers;
    let all: Vec<u32> = (0..customers.len() as u32).collect();
    let spread = spread_of_everyone(known.matrix);
    let one = |feature| {
        let summary = summarise(feature, &all, known.matrix, &spread, ctx)?;
        // What rounding leaves of it is no difference.
        Ok(FeatureSummary { difference: 0.0, ..summary })
    };
    customers.features.par_iter().map(one).collect()
}

/// The map's own words with what is typical of these customers.
fn description(meaning: &str, profile: &Profile, known: &Known) -> String {
    let inactive = profile.features.get(1).is_some_and(|frequency| frequency.median == 0.0);
    let typical = match known.rfm.scores.len() {
        // Their recency only says that it was before the window.
        2 | 3 if inactive => "Most of them bought nothing in the window.",
        3 => "Typically {frequency}, {monetary} spent, last bought {recency} ago.",
        2 => "Typically {frequency}, last bought {recency} ago.",
        _ => "",
    };
    let typical = fill(typical, profile, known.rfm.frequency_of, known.clean.currency.as_deref());
    [meaning.trim(), &typical].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
