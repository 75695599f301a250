//! Exact silhouettes of many clusterings of the same rows, with each distance computed once for all of them.
//!
//! Rows are ordered by their labels under all clusterings together. Rows with equal labels throughout form a
//! run; a row's distances are summed once per run, and each clustering adds up the runs of its clusters.

use ndarray::ArrayView2;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::distance::wide;
use crate::ctx::Ctx;
use crate::error::Result;

/// Up to this many rows every pair is computed.
pub const EXACT_UP_TO: usize = 20_000;
/// Rows in the sample beyond that.
pub const SAMPLE: usize = 10_000;
/// Rows per task. Fixed; each row's value depends on the order of rows alone, never on tasks.
const ROWS: usize = 16;

/// Silhouettes under one clustering.
#[derive(Debug, Clone)]
pub struct Silhouette {
    /// One per row, −1 to 1: (b − a)/max(a, b) with a the mean distance to the own cluster's other rows and b
    /// the least mean distance to another cluster (Rousseeuw 1987); 0 for the only row of a cluster.
    pub samples: Vec<f64>,
    /// Mean of `samples`; `None` unless 2 ≤ k ≤ n − 1, where k counts the clusters with rows.
    pub mean: Option<f64>,
}

/// Silhouettes of the rows of `x` (n × d) under each of `labelings` (n labels each, from 0). Time n²·d, memory n per
/// clustering.
pub fn silhouettes(x: ArrayView2<f64>, labelings: &[&[u32]], ctx: &Ctx) -> Result<Vec<Silhouette>> {
    let (n, d) = x.dim();
    let mut order: Vec<u32> = (0..n as u32).collect();
    let key = |row: u32| labelings.iter().map(move |labels| labels[row as usize]);
    order.sort_unstable_by(|&p, &q| key(p).cmp(key(q)).then(p.cmp(&q)));
    let runs = Runs::new(&order, labelings);
    let columns: Vec<Vec<f64>> = (0..d).map(|j| order.iter().map(|&row| x[[row as usize, j]]).collect()).collect();

    let finished = AtomicUsize::new(0);
    let width = labelings.len();
    let mut sorted = vec![0.0; n * width];
    if width > 0 {
        sorted.par_chunks_mut(ROWS * width).enumerate().try_for_each(|(chunk, out)| -> Result<()> {
            let mut distances = vec![0.0; n];
            let mut sums = vec![0.0; runs.clusters];
            for (i, out) in out.chunks_mut(width).enumerate() {
                if i % 4 == 0 {
                    ctx.tick(finished.fetch_add(4, Ordering::Relaxed), n)?;
                }
                distances_from(&columns, chunk * ROWS + i, &mut distances);
                runs.add_up(&distances, &mut sums);
                runs.rate(chunk * ROWS + i, &sums, out);
            }
            Ok(())
        })?;
    }
    Ok((0..width)
        .map(|which| {
            let mut samples = vec![0.0; n];
            for (place, &row) in order.iter().enumerate() {
                samples[row as usize] = sorted[place * width + which];
            }
            let clusters = runs.sizes_of(which).iter().filter(|&&size| size > 0).count();
            let mean = (clusters >= 2 && clusters < n).then(|| samples.iter().sum::<f64>() / n as f64);
            Silhouette { samples, mean }
        })
        .collect())
}

/// Mean silhouettes under several clusterings.
#[derive(Debug, Clone, Default)]
pub struct MeanSilhouettes {
    /// Rows that were used: all of them where that is feasible.
    pub sample: usize,
    /// One per clustering; `None` where it is not defined.
    pub means: Vec<Option<f64>>,
    /// Standard errors of the means; `None` where all rows were used.
    pub errors: Vec<Option<f64>>,
}

/// Mean silhouettes of the rows of `x` under each of `labelings`, on all rows up to [`EXACT_UP_TO`] and on [`SAMPLE`]
/// rows drawn by `seed` beyond.
pub fn mean_silhouettes(x: ArrayView2<f64>, labelings: &[&[u32]], seed: u64, ctx: &Ctx) -> Result<MeanSilhouettes> {
    let n = x.nrows();
    if n <= EXACT_UP_TO {
        let means: Vec<Option<f64>> = silhouettes(x, labelings, ctx)?.into_iter().map(|s| s.mean).collect();
        let errors = vec![None; means.len()];
        return Ok(MeanSilhouettes { sample: n, means, errors });
    }
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut rows = rand::seq::index::sample(&mut rng, n, SAMPLE).into_vec();
    rows.sort_unstable();
    let part = x.select(ndarray::Axis(0), &rows);
    let labels: Vec<Vec<u32>> = labelings.iter().map(|l| rows.iter().map(|&row| l[row]).collect()).collect();
    let labels: Vec<&[u32]> = labels.iter().map(Vec::as_slice).collect();
    let found = silhouettes(part.view(), &labels, ctx)?;
    let error = |s: &Silhouette| {
        let mean = s.mean?;
        let variance = s.samples.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (SAMPLE - 1) as f64;
        // Of a finite population: the more of it is in the sample, the surer the mean.
        Some((variance / SAMPLE as f64 * (1.0 - SAMPLE as f64 / n as f64)).sqrt())
    };
    let errors = found.iter().map(error).collect();
    Ok(MeanSilhouettes { sample: SAMPLE, means: found.into_iter().map(|s| s.mean).collect(), errors })
}

/// Neighbouring rows with equal labels under every clustering.
struct Runs {
    /// Where each run ends.
    ends: Vec<usize>,
    /// Run of each row.
    of: Vec<u32>,
    /// For each run and clustering, the place of its cluster in the list of all clusters of all clusterings.
    cluster: Vec<u32>,
    /// Where the clusters of each clustering begin in that list, and its end.
    begin: Vec<usize>,
    /// Rows of each cluster.
    sizes: Vec<usize>,
    clusters: usize,
}

impl Runs {
    fn new(order: &[u32], labelings: &[&[u32]]) -> Runs {
        let mut begin = vec![0];
        for labels in labelings {
            let k = labels.iter().max().map_or(0, |&l| l as usize + 1);
            begin.push(begin[begin.len() - 1] + k);
        }
        let clusters = begin[labelings.len()];
        let mut runs =
            Runs { ends: Vec::new(), of: Vec::new(), cluster: Vec::new(), begin, sizes: vec![0; clusters], clusters };
        for (place, &row) in order.iter().enumerate() {
            let same =
                place > 0 && labelings.iter().all(|labels| labels[row as usize] == labels[order[place - 1] as usize]);
            if !same {
                runs.ends.push(place);
                let labels = labelings.iter().zip(&runs.begin);
                runs.cluster.extend(labels.map(|(labels, &begin)| (begin + labels[row as usize] as usize) as u32));
            }
            if let Some(end) = runs.ends.last_mut() {
                *end = place + 1;
            }
            runs.of.push(runs.ends.len() as u32 - 1);
            for (labels, &begin) in labelings.iter().zip(&runs.begin) {
                runs.sizes[begin + labels[row as usize] as usize] += 1;
            }
        }
        runs
    }

    fn width(&self) -> usize {
        self.begin.len() - 1
    }

    fn sizes_of(&self, which: usize) -> &[usize] {
        &self.sizes[self.begin[which]..self.begin[which + 1]]
    }

    /// Sums of `distances` over the rows of every cluster of every clustering.
    fn add_up(&self, distances: &[f64], sums: &mut [f64]) {
        sums.fill(0.0);
        let mut start = 0;
        for (&end, clusters) in self.ends.iter().zip(self.cluster.chunks_exact(self.width())) {
            let total = sum(&distances[start..end]);
            for &cluster in clusters {
                sums[cluster as usize] += total;
            }
            start = end;
        }
    }

    /// The silhouette of the row at `place` under each clustering.
    fn rate(&self, place: usize, sums: &[f64], out: &mut [f64]) {
        let own = &self.cluster[self.of[place] as usize * self.width()..][..self.width()];
        for (which, (out, &own)) in out.iter_mut().zip(own).enumerate() {
            let own = own as usize;
            let mut other = f64::INFINITY;
            let range = self.begin[which]..self.begin[which + 1];
            for (c, (&sum, &size)) in range.clone().zip(sums[range.clone()].iter().zip(&self.sizes[range])) {
                if c != own && size > 0 {
                    other = other.min(sum / size as f64);
                }
            }
            *out = if self.sizes[own] < 2 || other.is_infinite() {
                0.0
            } else {
                let within = sums[own] / (self.sizes[own] - 1) as f64;
                let larger = within.max(other);
                if larger > 0.0 { (other - within) / larger } else { 0.0 }
            };
        }
    }
}

wide! {
    /// Sum in eight interleaved parts, so that the additions overlap.
    fn sum(values: &[f64]) -> f64 {
        let mut parts = [0.0; 8];
        let chunks = values.chunks_exact(8);
        let rest: f64 = chunks.remainder().iter().sum();
        for eight in chunks {
            for (part, value) in parts.iter_mut().zip(eight) {
                *part += value;
            }
        }
        parts.iter().sum::<f64>() + rest
    }
}

wide! {
    /// Euclidean distances from the row at `place` to all rows.
    fn distances_from(columns: &[Vec<f64>], place: usize, out: &mut [f64]) {
        match columns.len() {
            1 => fixed::<1>(columns, place, out),
            2 => fixed::<2>(columns, place, out),
            3 => fixed::<3>(columns, place, out),
            4 => fixed::<4>(columns, place, out),
            5 => fixed::<5>(columns, place, out),
            6 => fixed::<6>(columns, place, out),
            _ => {
                out.fill(0.0);
                for column in columns {
                    let from = column[place];
                    for (to, value) in out.iter_mut().zip(column) {
                        *to += (value - from) * (value - from);
                    }
                }
                for to in out {
                    *to = to.sqrt();
                }
            }
        }
    }
}

#[inline(always)]
fn fixed<const D: usize>(columns: &[Vec<f64>], place: usize, out: &mut [f64]) {
    let n = out.len();
    let from: [f64; D] = std::array::from_fn(|j| columns[j][place]);
    let columns: [&[f64]; D] = std::array::from_fn(|j| &columns[j][..n]);
    for i in 0..n {
        let mut sum = 0.0;
        for j in 0..D {
            sum += (columns[j][i] - from[j]) * (columns[j][i] - from[j]);
        }
        out[i] = sum.sqrt();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn five_points_of_the_scholar_docs() {
        let x = array![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [3.0, 3.0], [4.0, 4.5]];
        let found = silhouettes(x.view(), &[&[0, 0, 0, 1, 1], &[1, 1, 1, 0, 0]], &Ctx::silent()).unwrap();
        for s in &found {
            for (got, want) in s.samples.iter().zip([0.76478, 0.77812, 0.67543, 0.49344, 0.66280]) {
                assert!((got - want).abs() < 5e-6, "{got} {want}");
            }
        }
    }

    #[test]
    fn singletons_score_zero_and_one_cluster_has_no_mean() {
        let x = array![[0.0], [1.0], [5.0]];
        let found = silhouettes(x.view(), &[&[0, 0, 1], &[0, 0, 0], &[0, 1, 2]], &Ctx::silent()).unwrap();
        assert_eq!(found[0].samples[2], 0.0);
        // scikit-learn 1.9.1: silhouette_score of the first is 0.5166666666666667.
        assert!((found[0].mean.unwrap() - (0.8 + 0.75 + 0.0) / 3.0).abs() < 1e-12);
        assert_eq!((found[1].mean, found[2].mean), (None, None));
    }

    #[test]
    fn a_large_table_is_sampled_by_seed() {
        let n = EXACT_UP_TO + 1;
        let x = ndarray::Array2::from_shape_fn((n, 1), |(i, _)| (i % 2) as f64 * 10.0 + (i % 7) as f64 * 0.1);
        let labels: Vec<u32> = (0..n as u32).map(|i| i % 2).collect();
        let found = mean_silhouettes(x.view(), &[&labels], 42, &Ctx::silent()).unwrap();
        let (rows, means) = (found.sample, found.means);
        assert_eq!(rows, SAMPLE);
        assert!(means[0].unwrap() > 0.95);
        let again = mean_silhouettes(x.view(), &[&labels], 42, &Ctx::silent()).unwrap().means;
        assert_eq!(again, means);
    }
}
