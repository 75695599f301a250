//! Exact silhouettes of many clusterings of the same rows, with each distance computed once for all of them.
//!
//! Rows are ordered by their labels under all clusterings together. Rows with equal labels throughout form a
//! run; distances are summed once per run, and each clustering adds up the runs of its clusters. The distance of two rows
//! counts for both: rows lie in blocks, and in each round every block meets one other, as teams in a tournament, so
//! that no two tasks of a round add to the same sums and the order of additions is always the same.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

use super::distance::wide;
use super::large::sample;
use crate::ctx::Ctx;
use crate::error::Result;

/// Rows in the sample where not every pair is computed.
pub const SAMPLE: usize = 25_000;
/// Rows per block, where that makes neither fewer than two blocks nor more than [`MOST_BLOCKS`]. Fixed: sums must not
/// depend on threads.
const ROWS: usize = 256;
const MOST_BLOCKS: usize = 64;
/// Sums kept at a time (one per row and cluster, 8 bytes each); more clusterings than fit are done one group after another.
const MOST_SUMS: usize = 1 << 25;

/// Up to this many rows with `d` features every pair is computed, which takes two processor cores a few seconds at most:
/// 106,904 with three features, 57,735 with twenty.
pub fn exact_up_to(d: usize) -> usize {
    // A square root takes as long as the differences of about four features.
    (8e10 / (d + 4) as f64).sqrt() as usize
}

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
/// cluster of all clusterings together, at most 256 MB or one clustering at a time.
pub fn silhouettes(x: ArrayView2<f64>, labelings: &[&[u32]], ctx: &Ctx) -> Result<Vec<Silhouette>> {
    let clusters = |labels: &[u32]| labels.iter().max().map_or(0, |&l| l as usize + 1);
    let mut groups: Vec<(usize, usize)> = Vec::new();
    let mut room = 0;
    for (at, labels) in labelings.iter().enumerate() {
        let needs = clusters(labels) * x.nrows();
        match groups.last_mut() {
            Some((_, end)) if needs <= room => (*end, room) = (at + 1, room - needs),
            _ => {
                groups.push((at, at + 1));
                room = MOST_SUMS.saturating_sub(needs);
            }
        }
    }
    let mut found = Vec::with_capacity(labelings.len());
    for (at, &(from, to)) in groups.iter().enumerate() {
        let share = |i: usize| i as f32 / groups.len() as f32;
        found.extend(of_group(x, &labelings[from..to], &ctx.part(share(at), share(at + 1)))?);
    }
    Ok(found)
}

/// Silhouettes under at least one clustering, all in one pass over the pairs.
fn of_group(x: ArrayView2<f64>, labelings: &[&[u32]], ctx: &Ctx) -> Result<Vec<Silhouette>> {
    let (n, d) = x.dim();
    let mut order: Vec<u32> = (0..n as u32).collect();
    let key = |row: u32| labelings.iter().map(move |labels| labels[row as usize]);
    order.sort_unstable_by(|&p, &q| key(p).cmp(key(q)).then(p.cmp(&q)));
    let runs = Runs::new(&order, labelings);
    let columns: Vec<Vec<f64>> = (0..d).map(|j| order.iter().map(|&row| x[[row as usize, j]]).collect()).collect();
    let sums = sums(&columns, &runs, n, ctx)?;

    let width = labelings.len();
    let mut sorted = vec![0.0; n * width];
    let rows = sorted.par_chunks_mut(width).zip(sums.par_chunks(runs.clusters.max(1))).enumerate();
    rows.with_min_len(ROWS).for_each(|(place, (out, sums))| runs.rate(place, sums, out));
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

/// For every row the sums of its distances to the rows of every cluster.
fn sums(columns: &[Vec<f64>], runs: &Runs, n: usize, ctx: &Ctx) -> Result<Vec<f64>> {
    let mut sums = vec![0.0; n * runs.clusters];
    if sums.is_empty() {
        return Ok(sums);
    }
    let teams = 2 * (n / (2 * ROWS)).clamp(1, MOST_BLOCKS / 2);
    let rows = n.div_ceil(teams);
    let range = |team: usize| (team * rows).min(n)..((team + 1) * rows).min(n);
    let mut blocks: Vec<Mutex<&mut [f64]>> = sums.chunks_mut(rows * runs.clusters).map(Mutex::new).collect();
    // A few rows may fill fewer blocks than there are teams.
    let mut spare: Vec<[f64; 0]> = vec![[]; teams - blocks.len()];
    blocks.extend(spare.iter_mut().map(|none| Mutex::new(&mut none[..])));
    let (finished, all) = (AtomicUsize::new(0), teams * (teams + 1) / 2);
    let meet = |p: usize, q: usize| -> Result<()> {
        ctx.tick(finished.fetch_add(1, Ordering::Relaxed), all)?;
        // No other task of the round asks for these blocks.
        let mut of_p = blocks[p].lock().unwrap_or_else(PoisonError::into_inner);
        if p == q {
            runs.within(columns, range(p), &mut of_p);
        } else {
            let mut of_q = blocks[q].lock().unwrap_or_else(PoisonError::into_inner);
            runs.between(columns, range(p), range(q), &mut of_p, &mut of_q);
        }
        Ok(())
    };
    (0..teams).into_par_iter().try_for_each(|p| meet(p, p))?;
    let others = teams - 1;
    for round in 0..others {
        (0..teams / 2).into_par_iter().with_max_len(1).try_for_each(|table| match table {
            0 => meet(round, others),
            _ => meet((round + table) % others, (round + others - table) % others),
        })?;
    }
    drop(blocks);
    Ok(sums)
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

/// Mean silhouettes of the rows of `x` under each of `labelings`, on all rows up to [`exact_up_to`] and on about [`SAMPLE`]
/// rows drawn by `seed` beyond.
pub fn mean_silhouettes(x: ArrayView2<f64>, labelings: &[&[u32]], seed: u64, ctx: &Ctx) -> Result<MeanSilhouettes> {
    let n = x.nrows();
    let Some(rows) = drawn(x, seed, ctx)? else {
        let means: Vec<Option<f64>> = silhouettes(x, labelings, ctx)?.into_iter().map(|s| s.mean).collect();
        let errors = vec![None; means.len()];
        return Ok(MeanSilhouettes { sample: n, means, errors });
    };
    let found = on_rows(x, labelings, &rows, ctx)?;
    let error = |s: &Silhouette| Some(error_of_mean(&s.samples, s.mean?, n));
    let errors = found.iter().map(error).collect();
    Ok(MeanSilhouettes { sample: rows.len(), means: found.into_iter().map(|s| s.mean).collect(), errors })
}

/// Standard error of the `mean` of values drawn without replacement from `of` ones. The more of these are in the sample, the
/// surer is the mean (correction for finite populations, Cochran 1977).
pub(super) fn error_of_mean(values: &[f64], mean: f64, of: usize) -> f64 {
    let count = values.len() as f64;
    let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (count - 1.0).max(1.0);
    (variance / count * (1.0 - count / of as f64)).sqrt()
}

/// Silhouettes of single rows, to be drawn.
#[derive(Debug, Clone, Default)]
pub struct SilhouetteValues {
    /// Rows of the matrix, ascending; all of them where every pair can be computed.
    pub rows: Vec<u32>,
    /// The silhouette of each, −1 to 1; in a sample that among the rows of the sample.
    pub values: Vec<f64>,
}

/// The silhouette of every row of `x` under the clustering `labels` (n of them, from 0) up to [`exact_up_to`], and of about
/// [`SAMPLE`] rows drawn by `seed` beyond: the rows that [`mean_silhouettes`] draws.
pub fn silhouette_values(x: ArrayView2<f64>, labels: &[u32], seed: u64, ctx: &Ctx) -> Result<SilhouetteValues> {
    let rows = drawn(x, seed, ctx)?;
    let found = match &rows {
        Some(rows) => on_rows(x, &[labels], rows, ctx)?,
        None => silhouettes(x, &[labels], ctx)?,
    };
    let rows = rows.unwrap_or_else(|| (0..x.nrows()).collect());
    let values = found.into_iter().next().map(|s| s.samples).unwrap_or_default();
    Ok(SilhouetteValues { rows: rows.into_iter().map(|row| row as u32).collect(), values })
}

/// The rows of the sample; `None` where none is needed.
fn drawn(x: ArrayView2<f64>, seed: u64, ctx: &Ctx) -> Result<Option<Vec<usize>>> {
    let (n, d) = x.dim();
    if n <= exact_up_to(d) {
        return Ok(None);
    }
    let mut rows = sample(x, SAMPLE, seed, ctx)?;
    rows.sort_unstable();
    Ok(Some(rows))
}

fn on_rows(x: ArrayView2<f64>, labelings: &[&[u32]], rows: &[usize], ctx: &Ctx) -> Result<Vec<Silhouette>> {
    let part = x.select(Axis(0), rows);
    let labels: Vec<Vec<u32>> = labelings.iter().map(|l| rows.iter().map(|&row| l[row]).collect()).collect();
    let labels: Vec<&[u32]> = labels.iter().map(Vec::as_slice).collect();
    silhouettes(part.view(), &labels, ctx)
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

    /// The parts of the runs that lie in `range`: where each ends, counted from the start of the range, and the clusters of
    /// its rows.
    fn within_range(&self, range: &Range<usize>) -> Vec<(usize, &[u32])> {
        let width = self.width();
        let first = range.clone().next().map_or(0, |place| self.of[place] as usize);
        let mut parts = Vec::new();
        for (run, &end) in self.ends.iter().enumerate().skip(first) {
            let clusters = &self.cluster[run * width..][..width];
            parts.push((end.min(range.end) - range.start, clusters));
            if end >= range.end {
                break;
            }
        }
        parts
    }

    /// Adds the distances among the rows of one block to their sums.
    fn within(&self, columns: &[Vec<f64>], range: Range<usize>, sums: &mut [f64]) {
        let parts = self.within_range(&range);
        let mut distances = vec![0.0; range.len()];
        let mut unused = vec![0.0; range.len()];
        for (place, sums) in range.clone().zip(sums.chunks_exact_mut(self.clusters)) {
            distances_from(columns, place, range.clone(), &mut distances, &mut unused);
            add_up(&distances, &parts, sums);
        }
    }

    /// Adds the distances between the rows of two blocks to the sums of both.
    fn between(&self, columns: &[Vec<f64>], p: Range<usize>, q: Range<usize>, of_p: &mut [f64], of_q: &mut [f64]) {
        if p.is_empty() || q.is_empty() {
            return;
        }
        let (parts_p, parts_q) = (self.within_range(&p), self.within_range(&q));
        let mut distances = vec![0.0; q.len()];
        let mut totals = vec![0.0; q.len()];
        let mut start = 0;
        for (end, clusters) in parts_p {
            totals.fill(0.0);
            for place in start..end {
                distances_from(columns, p.start + place, q.clone(), &mut distances, &mut totals);
                add_up(&distances, &parts_q, &mut of_p[place * self.clusters..][..self.clusters]);
            }
            for (sums, total) in of_q.chunks_exact_mut(self.clusters).zip(&totals) {
                for &cluster in clusters {
                    sums[cluster as usize] += total;
                }
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

/// Adds the distances of one row to the clusters of the other rows, given by parts of equal clusters.
fn add_up(distances: &[f64], parts: &[(usize, &[u32])], sums: &mut [f64]) {
    let mut start = 0;
    for &(end, clusters) in parts {
        let total = sum(&distances[start..end]);
        for &cluster in clusters {
            sums[cluster as usize] += total;
        }
        start = end;
    }
}

wide! {
    /// Euclidean distances from the row at `place` to those of `range`, also added to `totals`.
    fn distances_from(columns: &[Vec<f64>], place: usize, range: Range<usize>, out: &mut [f64], totals: &mut [f64]) {
        match columns.len() {
            1 => fixed::<1>(columns, place, range, out, totals),
            2 => fixed::<2>(columns, place, range, out, totals),
            3 => fixed::<3>(columns, place, range, out, totals),
            4 => fixed::<4>(columns, place, range, out, totals),
            5 => fixed::<5>(columns, place, range, out, totals),
            6 => fixed::<6>(columns, place, range, out, totals),
            _ => {
                out.fill(0.0);
                for column in columns {
                    let from = column[place];
                    for (to, value) in out.iter_mut().zip(&column[range.clone()]) {
                        *to += (value - from) * (value - from);
                    }
                }
                for (to, total) in out.iter_mut().zip(totals) {
                    *to = to.sqrt();
                    *total += *to;
                }
            }
        }
    }
}

#[inline(always)]
fn fixed<const D: usize>(columns: &[Vec<f64>], place: usize, range: Range<usize>, out: &mut [f64], totals: &mut [f64]) {
    let n = range.len();
    let from: [f64; D] = std::array::from_fn(|j| columns[j][place]);
    let columns: [&[f64]; D] = std::array::from_fn(|j| &columns[j][range.clone()]);
    let (out, totals) = (&mut out[..n], &mut totals[..n]);
    for i in 0..n {
        let mut sum = 0.0;
        for j in 0..D {
            sum += (columns[j][i] - from[j]) * (columns[j][i] - from[j]);
        }
        let distance = sum.sqrt();
        out[i] = distance;
        totals[i] += distance;
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
        let n = exact_up_to(1) + 1;
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
