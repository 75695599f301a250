//! Lloyd's iteration on very many rows: most rows are so far from any border between clusters that they need not be looked
//! at again until the centroids have moved some way.
//!
//! A row whose second nearest centroid is farther than its nearest by more than 2·r keeps its cluster as long as no centroid
//! has moved by more than r (the triangle inequality, as in Hamerly 2010, "Making k-means even faster", SDM). Such rows are
//! left out of the steps until then, their sums stay as they are. Every step is one of Lloyd's, so that the end is that of
//! the plain iteration.

use ndarray::Array2;
use rayon::prelude::*;

use super::blocks::BLOCK;
use super::distance::{NearestTwo, nearest_two};
use super::lanes::{Lanes, Sums, TASK_ROWS, Units, sum_over};
use super::{Clustering, Detail};
use crate::ctx::Ctx;
use crate::error::Result;

/// Steps after which the iteration stops even if it has not settled; never met on ordinary data.
const MOST_STEPS: usize = 10_000;

/// How far centroids may go until all rows are looked at again, in lengths of the last step.
const REACH: f64 = 8.0;

/// Rows are left out once at most one in so many is near a border.
const FEW: usize = 3;

/// The rows, and what is known of them before any clustering.
pub struct Whole {
    pub lanes: Lanes,
    units: Vec<Units>,
    /// No squared distance of two points within the bounds of the rows is above this.
    longest: f64,
    mean: Vec<f64>,
    /// Sum of squared distances to the mean.
    pub scatter: f64,
}

/// Clusters on the way to, or at, the end of the iteration.
pub struct Run {
    /// k × d row-major.
    pub centers: Vec<f64>,
    /// The cluster of each row.
    pub labels: Vec<u32>,
    /// Sum of squared distances of rows to the means of their clusters.
    pub inertia: f64,
    sums: Sums,
    /// How far each centroid moved in the last step.
    shifts: Vec<f64>,
}

impl Whole {
    /// The rows as they are, their bounds and mean. Squares of values must not leave the range of numbers.
    pub fn new(lanes: Lanes) -> Result<Whole> {
        let (n, d) = (lanes.n, lanes.d);
        let bounds = bounds(&lanes);
        let largest: Vec<f64> = bounds.iter().map(|(lo, hi)| lo.abs().max(hi.abs())).collect();
        let units: Vec<Units> = largest.iter().map(|&v| Units::new(v, n)).collect();
        let longest: f64 = bounds.iter().map(|(lo, hi)| (hi - lo) * (hi - lo)).sum();
        let mut whole = Whole { lanes, units, longest, mean: Vec::new(), scatter: 0.0 };
        let all = whole.run(vec![0.0; d]);
        let mut labels = vec![u32::MAX; n];
        let sums = whole.pass(&whole.lanes, &all.centers, &mut labels, None, &Ctx::silent())?.sums;
        whole.mean = sums.mean(0).collect();
        whole.scatter = whole.inertia(&whole.mean, &vec![0; n]);
        Ok(whole)
    }

    /// A run that begins at `centers`.
    pub fn run(&self, centers: Vec<f64>) -> Run {
        let (k, d) = (centers.len() / self.lanes.d, self.lanes.d);
        let labels = vec![u32::MAX; self.lanes.n];
        Run { centers, labels, inertia: f64::INFINITY, sums: Sums::new(k, d), shifts: vec![f64::INFINITY; k] }
    }

    /// Steps until the centroids together move by no more than `tolerance` (a squared length), or, with a tolerance of
    /// zero, until no row changes its cluster; the centroids are then the means of the clusters. Returns false where there
    /// are fewer different rows than centroids.
    pub fn advance(&self, run: &mut Run, tolerance: f64, ctx: &Ctx) -> Result<bool> {
        let mut left = MOST_STEPS;
        while left > 0 {
            left -= 1;
            let reach = REACH * largest(&run.shifts);
            let reach = Some(reach).filter(|r| r.is_finite());
            let seen_from = run.centers.clone();
            let found = self.pass(&self.lanes, &seen_from, &mut run.labels, reach, ctx)?;
            run.sums = std::mem::replace(&mut run.sums, Sums::new(0, 0)).merge(&found.sums);
            if !found.changed {
                break;
            }
            let Some(shift) = self.step(run, ctx)? else { return Ok(false) };
            if shift <= tolerance {
                break;
            }
            let Some(reach) = reach.filter(|_| found.near_border.len() * FEW <= self.lanes.n) else { continue };
            let few = self.lanes.select(&found.near_border);
            let mut labels: Vec<u32> = found.near_border.iter().map(|&row| run.labels[row as usize]).collect();
            let mut done = false;
            while left > 0
                && !run.sums.counts.contains(&0)
                && largest(&distances(&seen_from, &run.centers, self.lanes.d)) <= reach
            {
                left -= 1;
                let found = self.pass(&few, &run.centers, &mut labels, None, ctx)?;
                run.sums = std::mem::replace(&mut run.sums, Sums::new(0, 0)).merge(&found.sums);
                done = !found.changed;
                if !done {
                    let Some(shift) = self.step(run, ctx)? else { return Ok(false) };
                    done = shift <= tolerance;
                }
                if done {
                    break;
                }
            }
            for (&row, label) in found.near_border.iter().zip(labels) {
                run.labels[row as usize] = label;
            }
            if done {
                break;
            }
        }
        run.inertia = if tolerance > 0.0 { self.inertia_of_sums(run) } else { self.inertia(&run.centers, &run.labels) };
        Ok(true)
    }

    /// The clustering at the end of the iteration; `None` where there are fewer different rows than centroids.
    pub fn clustering(&self, mut run: Run, ctx: &Ctx) -> Result<Option<Clustering>> {
        if !self.advance(&mut run, 0.0, ctx)? {
            return Ok(None);
        }
        let (k, d) = (run.sums.counts.len(), self.lanes.d);
        if run.sums.counts.contains(&0) {
            return Ok(None);
        }
        Ok(Some(Clustering {
            k,
            labels: run.labels,
            centroids: Array2::from_shape_fn((k, d), |(c, j)| run.centers[c * d + j]),
            sizes: run.sums.counts.iter().map(|&count| count as usize).collect(),
            inertia: run.inertia,
            noise: None,
            detail: Detail::Means,
        }))
    }

    /// Moves the centroids to the means, and those without rows to the farthest rows. Returns the sum of squared shifts;
    /// `None` where every row lies on a centroid already.
    fn step(&self, run: &mut Run, ctx: &Ctx) -> Result<Option<f64>> {
        let d = self.lanes.d;
        let before = run.centers.clone();
        for c in 0..run.sums.counts.len() {
            if run.sums.counts[c] > 0 {
                run.centers[c * d..][..d].iter_mut().zip(run.sums.mean(c)).for_each(|(to, mean)| *to = mean);
            }
        }
        let empty: Vec<usize> = (0..run.sums.counts.len()).filter(|&c| run.sums.counts[c] == 0).collect();
        for &c in &empty {
            ctx.tick(0, 1)?;
            let Some(row) = self.farthest(&run.centers) else { return Ok(None) };
            (0..d).for_each(|j| run.centers[c * d + j] = self.lanes.value(row, j));
        }
        run.shifts = distances(&before, &run.centers, d);
        // A centroid that has just been given a row has not come to rest.
        Ok(Some(if empty.is_empty() { run.shifts.iter().map(|s| s * s).sum() } else { f64::INFINITY }))
    }

    /// The inertia of clusters about their means: all scatter about the common mean, less what lies between the clusters.
    fn inertia_of_sums(&self, run: &Run) -> f64 {
        let between = |c: usize| {
            let apart = run.sums.mean(c).zip(&self.mean).map(|(m, all)| (m - all) * (m - all)).sum::<f64>();
            run.sums.counts[c] as f64 * apart
        };
        let filled = (0..run.sums.counts.len()).filter(|&c| run.sums.counts[c] > 0);
        (self.scatter - filled.map(between).sum::<f64>()).max(0.0)
    }

    /// The sum of squared distances of all rows to the centroid of their label.
    fn inertia(&self, centers: &[f64], labels: &[u32]) -> f64 {
        let d = self.lanes.d;
        sum_over(&self.lanes, self.longest, |first, block, out| {
            out.fill(0.0);
            let labels = &labels[first..(first + BLOCK).min(labels.len())];
            for (j, column) in block.chunks_exact(BLOCK).enumerate() {
                for (i, &label) in labels.iter().enumerate() {
                    let off = column[i] - centers[label as usize * d + j];
                    out[i] += off * off;
                }
            }
        })
    }

    /// Gives every row of `lanes` to its nearest centroid. With a `reach`, also tells which rows may change their cluster
    /// before a centroid has moved that far.
    fn pass(&self, lanes: &Lanes, centers: &[f64], labels: &mut [u32], reach: Option<f64>, ctx: &Ctx) -> Result<Pass> {
        let k = centers.len() / lanes.d;
        let task = |(task, labels): (usize, &mut [u32])| {
            ctx.tick(0, 1)?;
            let first = task * TASK_ROWS;
            let mut found = Pass { changed: false, near_border: Vec::new(), sums: Sums::new(k, lanes.d) };
            let mut nearest = NearestTwo::new();
            for ((b, block), had) in lanes.blocks_from(first / BLOCK).enumerate().zip(labels.chunks_mut(BLOCK)) {
                nearest_two(block, lanes.d, centers, &mut nearest);
                if had != &nearest.label[..had.len()] {
                    found.changed = true;
                    found.exchange(block, had, &nearest.label, &self.units);
                }
                if let Some(reach) = reach {
                    // Rounding aside: a row at the very edge is looked at once more.
                    let gap = 2.0 * reach * (1.0 + 1e-9);
                    for i in 0..had.len() {
                        let keeps_until = nearest.least[i].sqrt() * (1.0 + 1e-9) + gap;
                        if nearest.second[i] <= keeps_until * keeps_until {
                            found.near_border.push((first + b * BLOCK + i) as u32);
                        }
                    }
                }
            }
            Ok(found)
        };
        let parts: Vec<Pass> = labels.par_chunks_mut(TASK_ROWS).enumerate().map(task).collect::<Result<_>>()?;
        Ok(parts.into_iter().reduce(Pass::join).unwrap_or_else(|| Pass {
            changed: false,
            near_border: Vec::new(),
            sums: Sums::new(k, lanes.d),
        }))
    }

    /// The row that is farthest from all centroids; of equally far ones that of the largest values. `None` where all rows
    /// lie on centroids.
    fn farthest(&self, centers: &[f64]) -> Option<usize> {
        let lanes = &self.lanes;
        let by_values = |p: usize, q: usize| {
            let pairs = (0..lanes.d).map(|j| lanes.value(p, j).total_cmp(&lanes.value(q, j)));
            pairs.fold(std::cmp::Ordering::Equal, std::cmp::Ordering::then)
        };
        let of_task = |task: usize| {
            let mut nearest = NearestTwo::new();
            let mut best: Option<(f64, usize)> = None;
            let first = task * TASK_ROWS;
            for (b, block) in lanes.blocks_from(first / BLOCK).take(TASK_ROWS / BLOCK).enumerate() {
                nearest_two(block, lanes.d, centers, &mut nearest);
                let row = first + b * BLOCK;
                for i in 0..(lanes.n - row).min(BLOCK) {
                    let farther = |(distance, had): (f64, usize)| {
                        nearest.least[i].total_cmp(&distance).then_with(|| by_values(row + i, had)).is_gt()
                    };
                    if best.is_none_or(farther) {
                        best = Some((nearest.least[i], row + i));
                    }
                }
            }
            best
        };
        let tasks = (0..lanes.n.div_ceil(TASK_ROWS)).into_par_iter().filter_map(of_task);
        let farthest = tasks.max_by(|p, q| p.0.total_cmp(&q.0).then_with(|| by_values(p.1, q.1)));
        farthest.filter(|(distance, _)| *distance > 0.0).map(|(_, row)| row)
    }
}

/// What one look at rows found.
struct Pass {
    /// Whether any row changed its cluster.
    changed: bool,
    /// Rows that may change their cluster soon.
    near_border: Vec<u32>,
    /// What the changes add to the sums of the clusters.
    sums: Sums,
}

impl Pass {
    fn join(mut self, other: Pass) -> Pass {
        self.near_border.extend(other.near_border);
        Pass {
            changed: self.changed | other.changed,
            near_border: self.near_border,
            sums: self.sums.merge(&other.sums),
        }
    }

    /// Takes rows of a block out of the clusters they `had` and adds them to their new ones.
    fn exchange(&mut self, block: &[f64], had: &mut [u32], new: &[u32; BLOCK], units: &[Units]) {
        for (i, had) in had.iter_mut().enumerate() {
            if *had != new[i] {
                if *had != u32::MAX {
                    self.sums.add(block, i, *had as usize, -1, units);
                }
                self.sums.add(block, i, new[i] as usize, 1, units);
                *had = new[i];
            }
        }
    }
}

/// Least and largest value of each feature.
fn bounds(lanes: &Lanes) -> Vec<(f64, f64)> {
    let none = || vec![(f64::INFINITY, f64::NEG_INFINITY); lanes.d];
    let join = |mut a: Vec<(f64, f64)>, b: Vec<(f64, f64)>| {
        a.iter_mut().zip(b).for_each(|(to, (lo, hi))| *to = (to.0.min(lo), to.1.max(hi)));
        a
    };
    let of_task = |task: usize| {
        let mut bounds = none();
        for block in lanes.blocks_from(task * TASK_ROWS / BLOCK).take(TASK_ROWS / BLOCK) {
            for (bound, column) in bounds.iter_mut().zip(block.chunks_exact(BLOCK)) {
                for &v in column {
                    bound.0 = if v < bound.0 { v } else { bound.0 };
                    bound.1 = if v > bound.1 { v } else { bound.1 };
                }
            }
        }
        bounds
    };
    (0..lanes.n.div_ceil(TASK_ROWS)).into_par_iter().map(of_task).reduce(none, join)
}

/// The distance between each two points of two lists.
fn distances(from: &[f64], to: &[f64], d: usize) -> Vec<f64> {
    let pairs = from.chunks_exact(d).zip(to.chunks_exact(d));
    pairs.map(|(p, q)| p.iter().zip(q).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()).collect()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}
