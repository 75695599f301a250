//! Statistics of each cluster, and the words for them.

use std::borrow::Cow;

use rayon::prelude::*;

use super::archetypes::{Orders, Patterns};
use super::naming::{Pattern, assign, distinct};
use super::{FeatureSummary, Profile, StakeKind, plain};
use crate::cluster::Chosen;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::features::FeatureMatrix;
use crate::format;
use crate::rfm::score::{fifths, quantile};
use crate::rfm::{Feature, RfmOut, Unit};

/// Describes every cluster of `chosen`, in canonical order.
///
/// Quartiles are type 7 (as in R, numpy and pandas). `difference` of a feature is (mean of the group −
/// mean of everyone) / standard deviation of everyone (ddof 0) in the transformed, scaled space of `matrix`;
/// 0 for a constant feature. `currency` is the file's own sign for sums in sentences. Names and advice for tables that
/// know recency, frequency and monetary come from `patterns`.
///
/// Fails only when cancelled.
pub fn profiles(
    rfm: &RfmOut,
    matrix: &FeatureMatrix,
    chosen: &Chosen,
    currency: Option<&str>,
    patterns: &Patterns,
    ctx: &Ctx,
) -> Result<Vec<Profile>> {
    let k = chosen.clustering.k;
    let mut members: Vec<Vec<u32>> = vec![Vec::new(); k];
    for (row, &label) in chosen.clustering.labels.iter().enumerate() {
        members[label as usize].push(row as u32);
    }
    ctx.tick(0, k)?;
    let everyone = spread_of_everyone(matrix);
    let summaries: Vec<Vec<FeatureSummary>> = members
        .par_iter()
        .map(|rows| {
            ctx.tick(0, k)?;
            let features = rfm.customers.features.iter();
            features.map(|f| summarise(f, rows, matrix, &everyone, ctx)).collect()
        })
        .collect::<Result<_>>()?;
    // Who belongs to no cluster is no group of a kind, and gets no name that says so.
    let clusters = chosen.clustering.clusters();
    let mut words = match &rfm.scores[..] {
        [_, _, _] => {
            let scores = scores(rfm);
            let found: Vec<Pattern> = members[..clusters]
                .iter()
                .zip(&summaries)
                .map(|(rows, features)| pattern(rfm, &scores, rows, features))
                .collect();
            words(&found, patterns)
        }
        // Patterns are about purchases.
        _ => plain::words(rfm, matrix, &summaries[..clusters]),
    };
    words.extend(chosen.clustering.noise.map(|_| no_clear_segment()));

    let monetary = rfm.customers.monetary();
    let sum = |rows: &Vec<u32>| rows.iter().map(|&row| monetary[row as usize]).collect::<ExactSum>().value();
    let revenue: Vec<f64> = members.iter().map(|rows| if monetary.is_empty() { f64::NAN } else { sum(rows) }).collect();
    let shares = shares_of_revenue(&revenue);
    let n = rfm.customers.len().max(1);

    let mut out = Vec::with_capacity(k);
    for (i, (rows, features)) in members.into_iter().zip(summaries).enumerate() {
        let mut profile = Profile {
            cluster: i + 1,
            number: chosen.clustering.number(i as u32),
            name: words[i].name.clone(),
            proposed: words[i].name.clone(),
            note: String::new(),
            description: String::new(),
            action: words[i].action.clone(),
            channel: words[i].channel.clone(),
            reason: String::new(),
            stake: words[i].stake,
            customers: rows.len(),
            share_of_customers: rows.len() as f64 / n as f64,
            revenue: revenue[i],
            share_of_revenue: shares[i],
            features,
            members: rows,
        };
        profile.reason = fill(&words[i].reason, &profile, rfm.frequency_of, currency);
        profile.description = if rfm.scores.len() == 3 || i >= clusters {
            fill(&words[i].description, &profile, rfm.frequency_of, currency)
        } else {
            words[i].description.clone()
        };
        out.push(profile);
    }
    ctx.tick(k, k)?;
    Ok(out)
}

/// The part of each sum in what all positive ones are together, 0–1; NaN for NaN.
pub(super) fn shares_of_revenue(revenue: &[f64]) -> Vec<f64> {
    let positive = revenue.iter().copied().filter(|r| *r > 0.0).collect::<ExactSum>().value();
    let share = |r: &f64| match () {
        _ if r.is_nan() => f64::NAN,
        _ if positive > 0.0 => r.max(0.0) / positive,
        _ => 0.0,
    };
    revenue.iter().map(share).collect()
}

/// Mean and standard deviation (ddof 0) of each column of the matrix.
pub(super) fn spread_of_everyone(matrix: &FeatureMatrix) -> Vec<(f64, f64)> {
    let columns = matrix.x.columns().into_iter();
    columns
        .map(|column| {
            let n = column.len().max(1) as f64;
            let mean = column.sum() / n;
            let variance = column.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
            (mean, variance.sqrt())
        })
        .collect()
}

/// The five numbers of one feature among the customers at `rows`.
pub(super) fn summarise(
    feature: &Feature,
    rows: &[u32],
    matrix: &FeatureMatrix,
    everyone: &[(f64, f64)],
    ctx: &Ctx,
) -> Result<FeatureSummary> {
    // A feature that takes no part in the clustering may be missing for some; words have no mean.
    let numbers = |row: &u32| feature.values[*row as usize];
    let mut group: Vec<f64> = match feature.unit {
        Unit::Words => Vec::new(),
        _ => rows.iter().map(numbers).filter(|v| !v.is_nan()).collect(),
    };
    let mean = if group.is_empty() { f64::NAN } else { group.iter().sum::<f64>() / group.len() as f64 };
    ctx.tick(0, 1)?;
    group.sort_unstable_by(f64::total_cmp);
    // A feature that takes no part in the clustering has no place in the scaled space.
    let difference = match matrix.columns.iter().position(|c| c.name == feature.name) {
        Some(c) if everyone[c].1 > 0.0 => {
            let n = rows.len().max(1) as f64;
            let group_mean = rows.iter().map(|&row| matrix.x[[row as usize, c]]).sum::<f64>() / n;
            (group_mean - everyone[c].0) / everyone[c].1
        }
        _ => 0.0,
    };
    Ok(FeatureSummary {
        name: feature.name.clone(),
        mean,
        q1: quantile(&group, 0.25),
        median: quantile(&group, 0.5),
        q3: quantile(&group, 0.75),
        difference,
    })
}

/// Scores of 1–5 on each of the three axes. Names do not change with the way in which customers are scored for the segment
/// map.
///
/// # Panics
/// Without three axes.
pub(super) fn scores(rfm: &RfmOut) -> [Cow<'_, [u8]>; 3] {
    let [r, f, m] = &rfm.scores[..] else { unreachable!("callers look whether there are three axes") };
    let c = &rfm.customers;
    [fifths(c.recency(), r, true), fifths(c.frequency(), f, false), fifths(c.monetary(), m, false)]
}

/// Means of scores tell clusters apart where medians, which are whole numbers, tie.
pub(super) fn pattern(rfm: &RfmOut, scores: &[Cow<[u8]>; 3], rows: &[u32], features: &[FeatureSummary]) -> Pattern {
    let n = rows.len().max(1) as f64;
    let mean = |axis: &Cow<[u8]>| rows.iter().map(|&row| f64::from(axis[row as usize])).sum::<f64>() / n;
    let scores = scores.each_ref().map(mean);
    let frequency = rfm.customers.frequency();
    let nearly_all = |wanted: f64| {
        let count = rows.iter().filter(|&&row| frequency[row as usize] == wanted).count();
        !rows.is_empty() && count * 5 >= rows.len() * 4
    };
    let orders = if nearly_all(0.0) {
        Orders::None
    } else if nearly_all(1.0) {
        Orders::One
    } else {
        Orders::Any
    };
    Pattern { scores, orders, place: [-features[0].difference, features[1].difference, features[2].difference] }
}

/// What is said about one cluster.
#[derive(Default)]
pub(super) struct Words {
    pub name: String,
    /// Of purchases: a template with placeholders. Otherwise the sentence itself.
    pub description: String,
    pub action: String,
    pub channel: String,
    /// A template too.
    pub reason: String,
    pub stake: StakeKind,
}

/// What is said about those who belong to no cluster.
fn no_clear_segment() -> Words {
    Words {
        name: "No clear segment".into(),
        description: "{customers} ({share}) between the dense regions: too few others are like them to make a segment."
            .into(),
        action: "Treat them as you treat everyone, and look at the largest one by one.".into(),
        ..Words::default()
    }
}

fn words(found: &[Pattern], patterns: &Patterns) -> Vec<Words> {
    if found.len() == 1 {
        let e = patterns.everyone.clone();
        let (name, description) = (e.name, e.description);
        return vec![Words {
            name,
            description,
            action: e.action,
            channel: e.channel,
            reason: e.reason,
            stake: e.stake,
        }];
    }
    let archetypes = &patterns.archetype;
    let chosen: Vec<_> = assign(found, archetypes).into_iter().map(|i| archetypes[i].clone()).collect();
    let base: Vec<&str> = chosen.iter().map(|a| a.name.as_str()).collect();
    distinct(&base, found)
        .into_iter()
        .zip(&chosen)
        .map(|(name, a)| Words {
            name,
            description: a.description.clone(),
            action: a.action.clone(),
            channel: a.channel.clone(),
            reason: a.reason.clone(),
            stake: a.stake,
        })
        .collect()
}

/// The sentence with this cluster's numbers.
pub(super) fn fill(template: &str, profile: &Profile, frequency_of: &str, currency: Option<&str>) -> String {
    // A table without purchases has none of the three, and its templates ask for none.
    let median = |i: usize| profile.features.get(i).map_or(f64::NAN, |feature| feature.median);
    // Medians of whole numbers are whole or end in a half.
    let counted = |value: f64, one: &str, many: &str| {
        let text = format::number(value, usize::from(value.fract() != 0.0));
        format!("{text} {}", if text == "1" { one } else { many })
    };
    let frequency = match frequency_of {
        "days" => counted(median(1), "day with a purchase", "days with a purchase"),
        "purchases" => counted(median(1), "purchase", "purchases"),
        "rows" => counted(median(1), "purchase", "purchases"),
        _ => counted(median(1), "order", "orders"),
    };
    template
        .replace("{recency}", &counted(median(0).round(), "day", "days"))
        .replace("{frequency}", &frequency)
        .replace("{monetary}", &format::money(median(2), currency))
        .replace("{customers}", &format::plural(profile.customers, "customer", "customers"))
        .replace("{share}", &format::percent(profile.share_of_customers))
        .replace("{revenue_share}", &format::percent(profile.share_of_revenue))
}
