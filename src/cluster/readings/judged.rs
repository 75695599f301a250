//! The criteria of resampling and reference data, read as far as they have been computed.

use super::{Direction, Measure, Reading, ReadingPoint, STRONG, at};
use crate::cluster::words::{STABLE, alone_is_stable, gaps_complete, join, so_far, stability};
use crate::cluster::{KChecks, KSearch};
use crate::format;

pub(super) fn gap(search: &KSearch, checks: &KChecks) -> Option<Reading> {
    let points: Vec<ReadingPoint> =
        checks.gaps.iter().filter_map(|g| Some(ReadingPoint { k: g.k, value: g.gap?, error: g.error })).collect();
    let (first, last) = (points.first()?.k, points.last()?.k);
    let of = |k: usize| points.iter().find(|p| p.k == k).copied();
    let two = |value: f64| format::number(value, 3);
    let best = checks.gap_says;
    let line = match best.and_then(|k| Some((k, of(k)?, of(k + 1)?))) {
        Some((k, own, next)) => {
            let limit = two(next.value - next.error.unwrap_or(0.0));
            let what = if k == 1 { ": the customers are spread too evenly to speak of clusters" } else { "" };
            format!(
                "{} at k = {k}, the first that is not below the next less its standard error ({limit} at {}), over k = {first}…{last}{what}.",
                two(own.value),
                k + 1,
            )
        }
        None if !gaps_complete(search, checks) => format!("Computed up to k = {last} so far."),
        None => no_gap(checks),
    };
    Some(Reading {
        measure: Measure::Gap,
        name: "Gap statistic",
        unit: "difference of logarithms, large is good; the first sufficient k counts",
        definition: "How much smaller the logarithm of the inertia is than for customers spread evenly over a box along the \
                     principal components. The smallest k counts whose gap reaches that of k + 1 less its standard error \
                     (Tibshirani, Walther & Hastie 2001).",
        direction: Direction::FirstEnough,
        level: None,
        best,
        line,
        points,
    })
}

/// Why the rule of the gap statistic ends without a k, all gaps being known.
fn no_gap(checks: &KChecks) -> String {
    let values: Vec<(usize, f64)> = checks.gaps.iter().map_while(|g| Some((g.k, g.gap?))).collect();
    let missing = checks.gaps.get(values.len()).map(|g| g.k);
    let rises = match values[..] {
        [(first, low), .., (last, high)] => {
            let (low, high) = (format::number(low, 3), format::number(high, 3));
            Some(format!("it still rises, from {low} at {first} to {high} at {last}"))
        }
        _ => None,
    };
    match (missing, rises) {
        (None, rises) => {
            let over = checks.gaps.first().zip(checks.gaps.last());
            let over = over.map_or_else(String::new, |(first, last)| format!(" over k = {}…{}", first.k, last.k));
            format!("No answer{over}{}.", rises.map_or_else(String::new, |words| format!(": {words}")))
        }
        (Some(k), rises) => format!(
            "No answer: at k = {k} no spread is left within the clusters, or there are too few different customers{}.",
            rises.map_or_else(String::new, |words| format!("; before, {words}"))
        ),
    }
}

pub(super) fn strength(search: &KSearch, checks: &KChecks) -> Option<Reading> {
    let points: Vec<ReadingPoint> = checks
        .rows
        .iter()
        .filter_map(|row| Some(ReadingPoint { k: row.k, value: row.strength?, error: None }))
        .collect();
    let top = points.iter().rev().max_by(|a, b| a.value.total_cmp(&b.value))?;
    let so_far = so_far(search, checks);
    // A larger k may reach the level too.
    let best = checks.strength_says.filter(|_| so_far.is_none());
    let two = |value: f64| format::number(value, 2);
    let line = match best.or(checks.strength_says) {
        Some(k) if so_far.is_some() => format!("{} at k = {k}, which is at least 0.80", two(at(&points, k))),
        Some(k) => {
            let next = points.iter().find(|p| p.k > k);
            let below = next.map_or_else(String::new, |p| format!(", {} at {}", two(p.value), p.k));
            let what = "the largest k of at least 0.80: one half of the customers foretells the clusters of the other";
            format!("{} at k = {k}{below}: {k} is {what}.", two(at(&points, k)))
        }
        None if so_far.is_some() => format!("Below 0.80; the highest is {} at {}", two(top.value), top.k),
        None => format!("Below 0.80 for every k; the highest is {} at {}.", two(top.value), top.k),
    };
    let line = so_far.map_or(line.clone(), |so_far| format!("{line}; {so_far}."));
    Some(Reading {
        measure: Measure::Strength,
        name: "Prediction strength",
        unit: "share of pairs, 0 to 1; the largest k of at least 0.80 counts",
        definition: "Both halves of the customers are clustered, and each half is sorted into the clusters of the other: \
                     the share of pairs that stay together, in the worst cluster, averaged over many halvings (Tibshirani & \
                     Walther 2005).",
        direction: Direction::LargestAbove,
        level: Some(STRONG),
        best,
        line,
        points,
    })
}

pub(super) fn stable(search: &KSearch, checks: &KChecks) -> Option<Reading> {
    let points: Vec<ReadingPoint> = checks
        .rows
        .iter()
        .filter_map(|row| Some(ReadingPoint { k: row.k, value: row.weakest()?, error: None }))
        .collect();
    if !checks.rows.iter().any(|row| row.jaccard.is_some()) {
        return None;
    }
    let so_far = so_far(search, checks);
    // A larger k may be stable too.
    let best = checks.stable.last().copied().filter(|_| so_far.is_none());
    let line = match (&search.clusterings[..], so_far) {
        ([only], None) => alone_is_stable(only.as_deref(), checks).unwrap_or_default(),
        (_, None) => format!("{}.{}", stable_ks(search, checks), of_one(search, checks)),
        (_, Some(so_far)) => format!("{}; {so_far}.", stable_ks(search, checks)),
    };
    Some(Reading {
        measure: Measure::Stability,
        name: "Stability",
        unit: "mean Jaccard similarity of the least stable cluster, 0 to 1; stable from 0.75",
        definition: "How much of each cluster is found again when customers drawn at random with replacement are clustered \
                     anew: customers in both over customers in either (Hennig 2007). Stable clusters need not be true ones.",
        direction: Direction::LargestAbove,
        level: Some(STABLE),
        best,
        line,
        points,
    })
}

/// Which ks have stable clusters, and how stable those of the next larger one are.
fn stable_ks(search: &KSearch, checks: &KChecks) -> String {
    let judged = checks.stabilities(search);
    let two = |value: f64| format::number(value, 2);
    let list: Vec<String> = checks.stable.iter().map(usize::to_string).collect();
    if let Some(&last) = checks.stable.last() {
        let least = judged.iter().find(|(k, _)| *k == last).map_or(f64::NAN, |(_, value)| *value);
        let next = judged.iter().find(|(k, _)| *k > last);
        let then = next.map_or_else(String::new, |&(k, value)| {
            format!("; with {k} the weakest has {}: {}", two(value), stability(value))
        });
        return format!("All clusters are stable with k = {}, at least {} with {last}{then}", join(&list), two(least));
    }
    match judged.iter().rev().max_by(|a, b| a.1.total_cmp(&b.1)) {
        Some(&(k, value)) => {
            let (value, words) = (two(value), stability(value));
            format!("For no k are all clusters known to be stable; at best, with {k}, the weakest has {value}: {words}")
        }
        None => "For no k can every cluster be judged".into(),
    }
}

/// Which ks say nothing because of a cluster of one customer.
fn of_one(search: &KSearch, checks: &KChecks) -> String {
    let alone: Vec<String> = checks.alone(search).iter().map(usize::to_string).collect();
    match &alone[..] {
        [] => String::new(),
        ks => format!(
            " With {} a cluster has one customer; it is found again whenever that customer is drawn, which says nothing.",
            join(ks)
        ),
    }
}
