//! The clustered features of each cluster in standard deviations, which makes them comparable: what parallel coordinates
//! and the snake plot draw.

use ndarray::ArrayView2;
use rayon::prelude::*;

use crate::cluster::Clustering;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::features::{FeatureMatrix, FittedColumn};
use crate::rfm::score::quantile;

/// Rows between two looks at whether to go on.
const STRIDE: usize = 1 << 14;

/// One feature within one cluster, in standard deviations from everyone's mean, after transform and scale.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Standard {
    pub mean: f64,
    /// Of the cluster (ddof 0).
    pub sd: f64,
    pub q1: f64,
    pub median: f64,
    pub q3: f64,
}

/// One feature over everyone, in the transformed, scaled space of the matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Everyone {
    pub mean: f64,
    /// ddof 0; 1 for a constant feature, so that everyone stands at 0.
    pub sd: f64,
    pub least: f64,
    pub most: f64,
}

impl Everyone {
    /// A value of the matrix in standard deviations from the mean.
    pub fn standard(&self, value: f64) -> f64 {
        (value - self.mean) / self.sd
    }
}

/// All clusters side by side.
#[derive(Debug, Clone)]
pub struct Standards {
    /// One per column of the matrix.
    pub everyone: Vec<Everyone>,
    /// One per cluster (noise left out), each with one per column.
    pub clusters: Vec<Vec<Standard>>,
}

/// Means and quartiles (type 7) of each cluster in each column, in standard deviations of everyone.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn standards(matrix: &FeatureMatrix, clustering: &Clustering, ctx: &Ctx) -> Result<Standards> {
    standards_of(matrix, &clustering.labels, clustering.clusters(), ctx)
}

/// The same of any groups: `labels` has the group of each row of the matrix; those from `groups` on are in none.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn standards_of(matrix: &FeatureMatrix, labels: &[u32], groups: usize, ctx: &Ctx) -> Result<Standards> {
    let (n, d) = matrix.x.dim();
    let columns = (0..d).into_par_iter().map(|j| {
        ctx.tick(j, d)?;
        let column = matrix.x.column(j);
        let count = n.max(1) as f64;
        let mean = column.iter().copied().collect::<ExactSum>().value() / count;
        ctx.tick(j, d)?;
        let variance = column.iter().map(|v| (v - mean) * (v - mean)).collect::<ExactSum>().value() / count;
        let flat = variance.sqrt() <= 1e-12 * mean.abs().max(1e-300);
        let (least, most) = column.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, m), v| (l.min(*v), m.max(*v)));
        let everyone = Everyone { mean, sd: if flat { 1.0 } else { variance.sqrt() }, least, most };
        let mut members: Vec<Vec<f64>> = vec![Vec::new(); groups];
        for (i, (value, &label)) in column.iter().zip(labels).enumerate() {
            if i % STRIDE == 0 {
                ctx.tick(j, d)?;
            }
            if let Some(group) = members.get_mut(label as usize) {
                group.push(everyone.standard(*value));
            }
        }
        let mut found = Vec::with_capacity(groups);
        for group in &mut members {
            ctx.tick(j, d)?;
            found.push(summary(group));
        }
        Ok((everyone, found))
    });
    let columns: Vec<(Everyone, Vec<Standard>)> = columns.collect::<Result<_>>()?;
    let by_cluster = |c: usize| columns.iter().map(|(_, found)| found[c]).collect();
    Ok(Standards {
        clusters: (0..groups).map(by_cluster).collect(),
        everyone: columns.into_iter().map(|(e, _)| e).collect(),
    })
}

fn summary(group: &mut [f64]) -> Standard {
    if group.is_empty() {
        return Standard { mean: f64::NAN, sd: f64::NAN, q1: f64::NAN, median: f64::NAN, q3: f64::NAN };
    }
    group.sort_unstable_by(f64::total_cmp);
    let n = group.len() as f64;
    let mean = group.iter().sum::<f64>() / n;
    let sd = (group.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n).sqrt();
    let [q1, median, q3] = [0.25, 0.5, 0.75].map(|p| quantile(group, p));
    Standard { mean, sd, q1, median, q3 }
}

/// The rows of `x` (n × d) that lie within all of `ranges`: column, and least and greatest value.
pub fn within(x: ArrayView2<f64>, ranges: &[(usize, f64, f64)]) -> Vec<u32> {
    let keep = |row: usize| ranges.iter().all(|&(j, from, to)| (from..=to).contains(&x[[row, j]]));
    (0..x.nrows() as u32).into_par_iter().filter(|&row| keep(row as usize)).collect()
}

/// Round values of a feature in its own unit with their places in the matrix, from the least to the most, at least
/// `gap` of the whole way apart: what is marked on an axis. Nothing for a feature that does not vary.
pub fn marks(column: &FittedColumn, everyone: &Everyone, gap: f64) -> Vec<(f64, f64)> {
    let reach = everyone.most - everyone.least;
    let (low, high) = (column.invert(everyone.least), column.invert(everyone.most));
    let usable = reach > 0.0 && low.is_finite() && high.is_finite() && high > low;
    if !usable {
        return Vec::new();
    }
    let mut candidates = vec![0.0];
    let top = low.abs().max(high.abs()).log10().floor() as i32;
    // The roundest first: they are taken where two stand too near.
    for step in [1.0, 5.0, 2.0, 3.0] {
        for power in (top - 6..=top).rev() {
            let value = step * 10f64.powi(power);
            candidates.extend([value, -value]);
        }
    }
    // Narrow ranges far from zero have no such values: even steps.
    let step = 10f64.powf(((high - low) / 4.0).log10().floor());
    let step = if (high - low) / step > 20.0 { 5.0 * step } else { step };
    let first = (low / step).ceil();
    candidates.extend((0..40).map(|i| (first + f64::from(i)) * step).filter(|v| *v <= high));
    let mut taken: Vec<(f64, f64)> = Vec::new();
    for value in candidates.into_iter().filter(|v| (low..=high).contains(v)) {
        let at = column.apply(value);
        let clear = taken.iter().all(|(_, other)| (other - at).abs() >= gap * reach);
        if at.is_finite() && clear {
            taken.push((value, at));
        }
    }
    taken.sort_by(|a, b| a.1.total_cmp(&b.1));
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::{Clustering, Detail};
    use crate::recipe::Transform;
    use ndarray::{Array2, array};

    fn clustering(labels: Vec<u32>, k: usize, noise: Option<u32>) -> Clustering {
        let sizes = (0..k).map(|c| labels.iter().filter(|l| **l as usize == c).count()).collect();
        let centroids = Array2::zeros((k, 1));
        Clustering { k, labels, centroids, sizes, inertia: 0.0, noise, detail: Detail::Means }
    }

    fn matrix(x: Array2<f64>) -> FeatureMatrix {
        let columns = vec![FittedColumn::default(); x.ncols()];
        FeatureMatrix { columns, x, words: Vec::new(), warnings: Vec::new() }
    }

    #[test]
    fn quartiles_in_standard_deviations_of_everyone_and_noise_left_out() {
        // By hand: mean 5 and variance 16.4 over all five; type 7 quartiles of [7, 12] are 8.25 and 9.5.
        let m = matrix(array![[1.0], [2.0], [3.0], [7.0], [12.0]]);
        let found = standards(&m, &clustering(vec![0, 0, 0, 1, 1], 2, None), &Ctx::silent()).unwrap();
        let sd = 16.4f64.sqrt();
        assert!((found.everyone[0].mean - 5.0).abs() < 1e-12 && (found.everyone[0].sd - sd).abs() < 1e-12);
        let second = found.clusters[1][0];
        assert!((second.q1 - (8.25 - 5.0) / sd).abs() < 1e-12 && (second.median - 4.5 / sd).abs() < 1e-12);
        assert!((found.clusters[0][0].mean + 3.0 / sd).abs() < 1e-12);
        assert!((found.clusters[0][0].sd - (2.0f64 / 3.0).sqrt() / sd).abs() < 1e-12);
        let with_noise = standards(&m, &clustering(vec![0, 0, 0, 1, 1], 2, Some(1)), &Ctx::silent()).unwrap();
        assert_eq!(with_noise.clusters, found.clusters[..1]);
        assert_eq!(with_noise.everyone, found.everyone);
    }

    #[test]
    fn a_constant_feature_stands_at_zero() {
        let found = standards(&matrix(array![[3.0], [3.0]]), &clustering(vec![0, 0], 1, None), &Ctx::silent()).unwrap();
        assert_eq!(found.clusters[0][0], Standard::default());
    }

    #[test]
    fn rows_within_all_ranges() {
        let x = array![[0.0, 5.0], [1.0, 6.0], [2.0, 7.0]];
        assert_eq!(within(x.view(), &[(0, 0.5, 2.0), (1, 6.0, 6.5)]), [1]);
        assert_eq!(within(x.view(), &[]), [0, 1, 2]);
    }

    #[test]
    fn marks_are_round_values_at_their_places() {
        let column = FittedColumn { transform: Transform::Log1p, ..FittedColumn::default() };
        let everyone = Everyone { mean: 0.0, sd: 1.0, least: 4f64.ln_1p(), most: 250_000f64.ln_1p() };
        let found = marks(&column, &everyone, 0.15);
        let values: Vec<f64> = found.iter().map(|m| m.0).collect();
        assert_eq!(values, [10.0, 100.0, 1000.0, 10_000.0, 100_000.0]);
        assert!(found.iter().all(|(value, at)| (value.ln_1p() - at).abs() < 1e-12));
        // Years far from zero.
        let plain = Everyone { mean: 0.0, sd: 1.0, least: 1998.0, most: 2004.0 };
        let values: Vec<f64> = marks(&FittedColumn::default(), &plain, 0.2).iter().map(|m| m.0).collect();
        assert!(values.len() >= 3 && values.iter().all(|v| v.fract() == 0.0), "{values:?}");
        let flat = Everyone { mean: 3.0, sd: 1.0, least: 3.0, most: 3.0 };
        assert!(marks(&FittedColumn::default(), &flat, 0.1).is_empty());
    }
}
