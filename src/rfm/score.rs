//! Scores from 1 to 5 by quantiles, with the rule that equal values get equal scores.

use crate::recipe::ScoreCuts;

/// The scores of one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisScores {
    /// Ascending cut points in the feature's own unit; there are `scores − 1` of them.
    pub cuts: Vec<f64>,
    /// One score per customer, 1–5; 5 is best.
    pub scores: Vec<u8>,
    /// Customers per score; the first entry is score 1. A zero is an empty bin (ties swallowed it).
    pub sizes: Vec<usize>,
}

/// Type-7 quantile (the default of R, numpy and pandas) of ascending values; `p` in 0–1.
/// NaN for no values.
pub fn quantile(sorted: &[f64], p: f64) -> f64 {
    if sorted.is_empty() {
        return f64::NAN;
    }
    let position = p * (sorted.len() - 1) as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(sorted.len() - 1);
    let share = position - below as f64;
    sorted[below] + (sorted[above] - sorted[below]) * share
}

/// The cut points between `bins` bins of equal size: type-7 quantiles at i / `bins`. Positions are whole-number
/// fractions, so that a cut that falls on a value is that value, and not one rounded to just above or below it.
fn cut_points(sorted: &[f64], bins: usize) -> Vec<f64> {
    if sorted.is_empty() {
        return vec![f64::NAN; bins - 1];
    }
    let last = sorted.len() - 1;
    let cut = |i: usize| {
        let (below, rest) = (i * last / bins, i * last % bins);
        let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
        low + (high - low) * (rest as f64 / bins as f64)
    };
    (1..bins).map(cut).collect()
}

/// Scores each value by the quantiles of all of them. `low_is_good` reverses the scores (recency).
///
/// With [`ScoreCuts::Quantile`] a bin is (lower, upper]: a value equal to a cut point stays below it, so
/// equal values always share a bin and the order of rows has no say. [`ScoreCuts::RfmPackage`] adds one to
/// each cut and takes [lower, upper), as R's rfm package does (`R/utils.R`).
pub fn score_axis(values: &[f64], scores: u32, rule: ScoreCuts, low_is_good: bool) -> AxisScores {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let shift = if rule == ScoreCuts::RfmPackage { 1.0 } else { 0.0 };
    let cuts: Vec<f64> = cut_points(&sorted, scores as usize).into_iter().map(|c| c + shift).collect();
    let mut sizes = vec![0; scores as usize];
    let scored = values
        .iter()
        .map(|&v| {
            let above = match rule {
                ScoreCuts::Quantile => cuts.iter().filter(|&&c| v > c).count(),
                ScoreCuts::RfmPackage => cuts.iter().filter(|&&c| v >= c).count(),
            };
            let score = if low_is_good { scores as usize - above } else { above + 1 };
            sizes[score - 1] += 1;
            score as u8
        })
        .collect();
    AxisScores { cuts, scores: scored, sizes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_type_7() {
        let v = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(quantile(&v, 0.0), 1.0);
        assert_eq!(quantile(&v, 0.5), 2.5);
        assert_eq!(quantile(&v, 0.25), 1.75);
        assert_eq!(quantile(&v, 1.0), 4.0);
        assert!(quantile(&[], 0.5).is_nan());
    }

    #[test]
    fn one_time_buyers_share_one_score_and_empty_bins_are_reported() {
        let mut f = vec![1.0; 60];
        f.extend([2.0; 20]);
        f.extend([3.0; 10]);
        f.extend([9.0; 10]);
        let axis = score_axis(&f, 5, ScoreCuts::Quantile, false);
        assert_eq!(axis.cuts, vec![1.0, 1.0, 1.4, 2.2]);
        assert_eq!(axis.sizes, vec![60, 0, 0, 20, 20]);
        assert!(axis.scores[..60].iter().all(|&s| s == 1));
    }

    #[test]
    fn low_recency_scores_high() {
        let axis = score_axis(&[1.0, 10.0, 20.0, 30.0, 40.0], 5, ScoreCuts::Quantile, true);
        assert_eq!(axis.scores, vec![5, 4, 3, 2, 1]);
    }
}
