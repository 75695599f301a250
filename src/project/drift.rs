//! How far one set of numbers has moved away from another: the population stability index.

use rayon::prelude::*;
use serde::Serialize;

/// Groups that the earlier numbers are cut into, where ties allow.
const GROUPS: usize = 10;
/// Stands in for a share of zero, of which there is no logarithm.
const LEAST: f64 = 1e-4;
/// From here on a population has shifted, and changed (Siddiqi 2006, Credit Risk Scorecards).
const SHIFTED: f64 = 0.1;
const CHANGED: f64 = 0.25;

/// What a stability index says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Reading {
    /// Below 0.1.
    Stable,
    /// From 0.1 to 0.25.
    Shifted,
    /// Above 0.25.
    Changed,
}

impl Reading {
    pub fn of(index: f64) -> Reading {
        match index {
            x if x > CHANGED => Reading::Changed,
            x if x >= SHIFTED => Reading::Shifted,
            _ => Reading::Stable,
        }
    }

    /// In one word.
    pub fn word(self) -> &'static str {
        match self {
            Reading::Stable => "stable",
            Reading::Shifted => "shifted",
            Reading::Changed => "changed",
        }
    }
}

/// One feature before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Drift {
    /// What people call it.
    pub label: String,
    /// Σ (after − before) × ln(after / before) over tenths of the earlier values; `None` where one side has no values.
    pub index: Option<f64>,
    /// Medians in the feature's own unit; NaN where there are no values.
    pub before: f64,
    pub after: f64,
}

/// The population stability index of `after` against `before`: both are counted in the groups between the deciles of
/// `before` (equal deciles are one, so there may be fewer), a missing value is a group of its own. Zero for equal
/// shares; above 0.25 another population. `None` where one of them is empty.
pub fn stability_index(before: &[f64], after: &[f64]) -> Option<f64> {
    let mut sorted: Vec<f64> = before.iter().copied().filter(|x| !x.is_nan()).collect();
    if before.is_empty() || after.is_empty() {
        return None;
    }
    sorted.par_sort_unstable_by(f64::total_cmp);
    let mut edges: Vec<f64> = match sorted.is_empty() {
        true => Vec::new(),
        false => (1..GROUPS).map(|i| crate::rfm::score::quantile(&sorted, i as f64 / GROUPS as f64)).collect(),
    };
    edges.dedup();
    let shares = |values: &[f64]| -> Vec<f64> {
        let mut counts = vec![0usize; edges.len() + 2];
        for x in values {
            let group = if x.is_nan() { edges.len() + 1 } else { edges.partition_point(|edge| edge < x) };
            counts[group] += 1;
        }
        counts.into_iter().map(|n| n as f64 / values.len() as f64).collect()
    };
    Some(index_of(&shares(before), &shares(after)))
}

/// The index of two lists of shares: Σ (after − before) × ln(after / before). Groups that are empty on both sides count
/// nothing.
pub fn index_of(before: &[f64], after: &[f64]) -> f64 {
    let term = |(b, a): (&f64, &f64)| {
        let (b, a) = (b.max(LEAST), a.max(LEAST));
        (a - b) * (a / b).ln()
    };
    before.iter().zip(after).filter(|(b, a)| **b > 0.0 || **a > 0.0).map(term).sum()
}

/// The median; NaN where there are no values.
pub(super) fn median(values: &[f64]) -> f64 {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|x| !x.is_nan()).collect();
    if sorted.is_empty() {
        return f64::NAN;
    }
    sorted.par_sort_unstable_by(f64::total_cmp);
    crate::rfm::score::quantile(&sorted, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_do_not_drift_whatever_their_order() {
        let before: Vec<f64> = (0..1000).map(f64::from).collect();
        let after: Vec<f64> = before.iter().rev().copied().collect();
        assert_eq!(stability_index(&before, &after), Some(0.0));
        assert_eq!(stability_index(&before, &[]), None);
        assert_eq!(stability_index(&[1.0; 50], &[1.0; 20]), Some(0.0));
    }

    /// By hand: shares of tenths against a population of which half lies in the lowest tenth.
    #[test]
    fn the_index_is_that_of_its_formula() {
        let before: Vec<f64> = (0..100).map(f64::from).collect();
        let mut after = vec![0.0; 50];
        after.extend((0..50).map(|i| f64::from(i * 2)));
        let shares: Vec<f64> = (0..10).map(|g| if g == 0 { 0.55 } else { 0.05 }).collect();
        let by_hand: f64 = shares.iter().map(|a| (a - 0.1) * (a / 0.1).ln()).sum();
        assert!((stability_index(&before, &after).unwrap() - by_hand).abs() < 1e-12);
        assert_eq!(Reading::of(by_hand), Reading::Changed);
        assert_eq!(
            (Reading::of(0.05), Reading::of(0.1), Reading::of(0.25)),
            (Reading::Stable, Reading::Shifted, Reading::Shifted)
        );
    }

    #[test]
    fn missing_values_are_a_group_of_their_own() {
        let before: Vec<f64> = (0..100).map(f64::from).collect();
        let mut after = before.clone();
        after.extend([f64::NAN; 100]);
        assert!(stability_index(&before, &after).unwrap() > 0.25);
    }
}
