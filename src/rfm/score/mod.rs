//! Scores by quantiles or by cut points given by hand, with the rule that equal values get equal scores.

mod nested;

use std::borrow::Cow;

use rayon::prelude::*;

use super::tables::{CustomerTable, FREQUENCY, MONETARY, RECENCY};
use crate::recipe::{Binning, Rfm, ScoreCuts};

/// Where the cut points of an axis come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CutsFrom {
    /// Quantiles of all customers.
    Quantiles,
    /// Quantiles of the customers with the same scores on the axes before.
    Nested,
    /// The user.
    Hand,
}

impl CutsFrom {
    /// A stable name for outputs.
    pub fn name(self) -> &'static str {
        match self {
            CutsFrom::Quantiles => "quantiles",
            CutsFrom::Nested => "nested",
            CutsFrom::Hand => "given",
        }
    }
}

/// The scores of one axis.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisScores {
    /// Ascending cut points in the feature's own unit, the same for all customers; there are `scores − 1` of them. Empty
    /// where they differ by cell, see [`AxisScores::within`].
    pub cuts: Vec<f64>,
    /// One score per customer, from 1; the highest is best.
    pub scores: Vec<u8>,
    /// Customers per score; the first entry is score 1. A zero is an empty bin (ties swallowed it).
    pub sizes: Vec<usize>,
    /// Nested axes: the cut points of each cell of scores on the axes before. Of frequency `within[r − 1]`, of monetary
    /// `within[(r − 1)·s + (f − 1)]`, for s scores. A cell without customers has the cut points of all customers. Empty
    /// for axes that are not nested.
    pub within: Vec<Vec<f64>>,
    pub from: CutsFrom,
}

impl AxisScores {
    /// The cut points that apply to a customer with these scores on the axes before: none for recency, the recency score
    /// for frequency, those of recency and frequency for monetary.
    pub fn cuts_for(&self, before: &[u8]) -> &[f64] {
        let s = self.sizes.len();
        let cell = before.iter().fold(0, |cell, &score| cell * s + usize::from(score) - 1);
        if self.within.is_empty() { &self.cuts } else { &self.within[cell] }
    }
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
fn cut_points(sorted: &[f64], bins: usize, rule: ScoreCuts) -> Vec<f64> {
    if sorted.is_empty() {
        return vec![f64::NAN; bins - 1];
    }
    let shift = if rule == ScoreCuts::RfmPackage { 1.0 } else { 0.0 };
    let last = sorted.len() - 1;
    let cut = |i: usize| {
        let (below, rest) = (i * last / bins, i * last % bins);
        let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
        low + (high - low) * (rest as f64 / bins as f64) + shift
    };
    (1..bins).map(cut).collect()
}

/// The number of cut points that a value exceeds.
fn exceeded(value: f64, cuts: &[f64], rule: ScoreCuts) -> usize {
    match rule {
        ScoreCuts::Quantile => cuts.partition_point(|&cut| cut < value),
        ScoreCuts::RfmPackage => cuts.partition_point(|&cut| cut <= value),
    }
}

/// Scores each value by the quantiles of all of them. `low_is_good` reverses the scores (recency).
///
/// With [`ScoreCuts::Quantile`] a bin is (lower, upper]: a value equal to a cut point stays below it, so
/// equal values always share a bin and the order of rows has no say. [`ScoreCuts::RfmPackage`] adds one to
/// each cut and takes [lower, upper), as R's rfm package does (`R/utils.R`).
pub fn score_axis(values: &[f64], scores: u32, rule: ScoreCuts, low_is_good: bool) -> AxisScores {
    let mut sorted = values.to_vec();
    sorted.par_sort_unstable_by(f64::total_cmp);
    let cuts = cut_points(&sorted, scores as usize, rule);
    AxisScores { from: CutsFrom::Quantiles, ..score_by(values, cuts, rule, low_is_good) }
}

/// Scores each value by cut points given by hand, ascending; there is one score more than cuts. The rule only says to
/// which side a value equal to a cut belongs.
pub fn score_by(values: &[f64], cuts: Vec<f64>, rule: ScoreCuts, low_is_good: bool) -> AxisScores {
    let n = cuts.len() + 1;
    let score = |&value: &f64| {
        let above = exceeded(value, &cuts, rule);
        (if low_is_good { n - above } else { above + 1 }) as u8
    };
    let scores: Vec<u8> = values.par_iter().with_min_len(1 << 13).map(score).collect();
    let sizes = sizes(&scores, n);
    AxisScores { cuts, scores, sizes, within: Vec::new(), from: CutsFrom::Hand }
}

fn sizes(scores: &[u8], n: usize) -> Vec<usize> {
    let mut sizes = vec![0; n];
    scores.iter().for_each(|&score| sizes[usize::from(score) - 1] += 1);
    sizes
}

/// The scores of recency, frequency and (where the table has it) monetary, which are the table's first features; none
/// where they are not.
///
/// Cut points given by hand hold for everyone. With [`Binning::Nested`] the quantiles of frequency are taken among
/// customers with the same recency score, those of monetary among customers with the same recency and frequency score
/// (IBM SPSS Statistics, "RFM Analysis Binning").
pub fn score_all(table: &CustomerTable, choice: &Rfm) -> Vec<AxisScores> {
    let axes = table.features.iter().zip([RECENCY, FREQUENCY, MONETARY]).take_while(|(f, name)| f.name == *name);
    let given = [&choice.recency_cuts, &choice.frequency_cuts, &choice.monetary_cuts];
    let mut out: Vec<AxisScores> = Vec::new();
    for ((feature, name), given) in axes.zip(given) {
        let low_is_good = name == RECENCY;
        let scored = match given {
            Some(cuts) => score_by(&feature.values, cuts.clone(), choice.score_cuts, low_is_good),
            None if choice.binning == Binning::Nested && !out.is_empty() => {
                nested::score(&feature.values, &out, choice.scores, choice.score_cuts)
            }
            None => score_axis(&feature.values, choice.scores, choice.score_cuts, low_is_good),
        };
        out.push(scored);
    }
    out
}

/// Scores from 1 to 5 by independent quantiles, whatever the recipe scores by: what names of clusters go by.
pub fn fifths<'a>(values: &[f64], axis: &'a AxisScores, low_is_good: bool) -> Cow<'a, [u8]> {
    if axis.from == CutsFrom::Quantiles && axis.sizes.len() == 5 {
        return Cow::Borrowed(&axis.scores);
    }
    Cow::Owned(score_axis(values, 5, ScoreCuts::Quantile, low_is_good).scores)
}

#[cfg(test)]
mod tests;
