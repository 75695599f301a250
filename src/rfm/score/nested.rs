//! Quantiles within cells of customers who have the same scores on the axes before.

use rayon::prelude::*;

use super::{AxisScores, CutsFrom, cut_points, exceeded, sizes};
use crate::recipe::ScoreCuts;

/// Scores each value by the quantiles of those in its cell; high is good. `before` are the axes scored already. Equal
/// values of a cell get equal scores.
pub(super) fn score(values: &[f64], before: &[AxisScores], scores: u32, rule: ScoreCuts) -> AxisScores {
    let n = scores as usize;
    let cell_of = |i: usize| before.iter().fold(0, |cell, axis| cell * n + usize::from(axis.scores[i]) - 1);
    let cells = n.pow(before.len() as u32);
    // The values cell by cell.
    let mut ends = vec![0usize; cells + 1];
    (0..values.len()).for_each(|i| ends[cell_of(i) + 1] += 1);
    for cell in 0..cells {
        ends[cell + 1] += ends[cell];
    }
    let mut place = ends.clone();
    let mut by_cell = vec![0.0; values.len()];
    for (i, &value) in values.iter().enumerate() {
        let at = &mut place[cell_of(i)];
        by_cell[*at] = value;
        *at += 1;
    }
    let mut rest = &mut by_cell[..];
    let mut parts = Vec::with_capacity(cells);
    for pair in ends.windows(2) {
        let (part, others) = rest.split_at_mut(pair[1] - pair[0]);
        parts.push(part);
        rest = others;
    }
    let cuts = |part: &mut [f64]| {
        part.par_sort_unstable_by(f64::total_cmp);
        (!part.is_empty()).then(|| cut_points(part, n, rule))
    };
    let found: Vec<Option<Vec<f64>>> = parts.into_par_iter().map(cuts).collect();
    // New customers may come into a cell where nobody is yet.
    let overall = if found.iter().any(Option::is_none) {
        let mut sorted = values.to_vec();
        sorted.par_sort_unstable_by(f64::total_cmp);
        cut_points(&sorted, n, rule)
    } else {
        Vec::new()
    };
    let within: Vec<Vec<f64>> = found.into_iter().map(|cuts| cuts.unwrap_or_else(|| overall.clone())).collect();
    let score = |i: usize| exceeded(values[i], &within[cell_of(i)], rule) as u8 + 1;
    let scores: Vec<u8> = (0..values.len()).into_par_iter().with_min_len(1 << 13).map(score).collect();
    let sizes = sizes(&scores, n);
    AxisScores { cuts: Vec::new(), scores, sizes, within, from: CutsFrom::Nested }
}
