//! k-means of very many rows: starts on a sample, of which the few best ends are refined on all rows.
//!
//! A local optimum of a sample of thousands of rows lies close to one of all rows; restarts differ in which optimum they
//! find, not in how well they place it, so that the search for it need not see every row. What is handed out is an end of
//! Lloyd's iteration on all rows.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashSet};

use ndarray::{ArrayView2, Axis};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::Clustering;
use super::blocks::Blocks;
use super::freeze::{Run, Whole};
use super::lanes::Lanes;
use super::seeding::first_centroids;
use crate::ctx::Ctx;
use crate::error::Result;

/// Points on which starts are tried, and points per cluster where that is more. A matter of each k alone: what else is
/// asked for must not change it.
const POINTS: usize = 4_096;
const POINTS_PER_CLUSTER: usize = 128;

/// Up to this many features those points are means of near neighbours, which stand for many more rows than a sample could.
/// With more features no rows are near enough to each other, and the points are rows.
const CELLS_UP_TO: usize = 6;
/// Rows behind one mean at most.
const PER_CELL: usize = 16;

/// Ends on the sample that are refined on all rows, if their inertias there are within this share of the least: the sample
/// cannot tell them apart.
pub const CANDIDATES: usize = 4;
const CLOSE: f64 = 1.01;

/// Many rows, ready for any k.
pub struct Large {
    whole: Whole,
    /// The points on which starts are tried, by their number before they are drawn.
    points: BTreeMap<usize, Blocks>,
    /// Different rows, counted up to one more than the largest k.
    different: usize,
}

impl Large {
    /// Prepares the rows of `x` (n × d) for these numbers of clusters. The seed draws the points.
    pub fn new(x: ArrayView2<f64>, ks: &[usize], seed: u64, ctx: &Ctx) -> Result<Large> {
        let whole = Whole::new(Lanes::new(x))?;
        ctx.tick(0, 1)?;
        let mut points = BTreeMap::new();
        for &k in ks {
            if let Entry::Vacant(entry) = points.entry(points_for(k)) {
                let drawn = Self::draw(x, *entry.key(), seed, ctx)?;
                entry.insert(drawn);
            }
        }
        let different = different(x, ks.iter().copied().max().unwrap_or(0), ctx)?;
        Ok(Large { whole, points, different })
    }

    /// The points on which starts for `k`, one of those prepared for, are tried.
    pub fn points(&self, k: usize) -> &Blocks {
        &self.points[&points_for(k)]
    }

    fn draw(x: ArrayView2<f64>, points: usize, seed: u64, ctx: &Ctx) -> Result<Blocks> {
        if x.ncols() <= CELLS_UP_TO {
            let rows = sample(x, points * PER_CELL, seed, ctx)?;
            let near = Blocks::new(x.select(Axis(0), &rows).view(), ctx)?;
            let per_cell = rows.len().div_ceil(points).next_power_of_two();
            Blocks::new(near.cells(per_cell.min(PER_CELL)).view(), ctx)
        } else {
            let rows = sample(x, 2 * points, seed, ctx)?;
            Blocks::new(x.select(Axis(0), &rows).view(), ctx)
        }
    }

    /// Moves all centroids of a settled run a little at random and lets them settle again, once for each of [`REACHES`].
    fn kick(&self, best: &mut Run, seed: u64, tolerance: f64, ctx: &Ctx) -> Result<()> {
        let deviation = (self.whole.scatter / (self.whole.lanes.n * self.whole.lanes.d) as f64).sqrt();
        let (centers, inertia) = (best.centers.clone(), best.inertia);
        let kick = |which: usize| {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed.wrapping_add(which as u64));
            let reach = deviation * REACHES[which];
            let mut run = self.whole.run(centers.iter().map(|c| c + reach * rng.gen_range(-1.0..1.0)).collect());
            let near = self.whole.advance(&mut run, tolerance, ctx)? && run.inertia <= inertia * HOPELESS;
            Ok(if near && self.whole.advance(&mut run, 0.0, ctx)? { Some(run) } else { None })
        };
        let ends: Vec<Option<Run>> = (0..REACHES.len()).into_par_iter().map(kick).collect::<Result<_>>()?;
        for end in ends.into_iter().flatten() {
            // Less by more than the rounding of inertia.
            if end.inertia < best.inertia * (1.0 - 1e-10) {
                *best = end;
            }
        }
        Ok(())
    }

    /// The best clustering of all rows that the `candidates` (centroids and their inertia on the points, least first) lead
    /// to; `None` where there are fewer different rows than centroids.
    pub fn refine(
        &self,
        candidates: &[(Vec<f64>, f64)],
        tolerance: f64,
        seed: u64,
        ctx: &Ctx,
    ) -> Result<Option<Clustering>> {
        let Some((first, least)) = candidates.first() else { return Ok(None) };
        // Means of equal rows are off by rounding: the iteration itself cannot tell that there are too few different ones.
        if first.len() / self.whole.lanes.d > self.different {
            return Ok(None);
        }
        let close = candidates.iter().take_while(|(_, inertia)| *inertia <= least * CLOSE).take(CANDIDATES);
        let tolerance = tolerance * self.whole.scatter / (self.whole.lanes.n * self.whole.lanes.d) as f64;
        let mut best: Option<Run> = None;
        for (centers, _) in close {
            let mut run = self.whole.run(centers.clone());
            if self.whole.advance(&mut run, tolerance, ctx)?
                && best.as_ref().is_none_or(|best| run.inertia < best.inertia)
            {
                best = Some(run);
            }
        }
        let Some(mut best) = best else { return Ok(None) };
        if !self.whole.advance(&mut best, 0.0, ctx)? {
            return Ok(None);
        }
        if self.whole.lanes.n <= KICKS_UP_TO {
            self.kick(&mut best, seed, tolerance * KICKED, ctx)?;
        }
        self.whole.clustering(best, ctx)
    }
}

fn points_for(k: usize) -> usize {
    POINTS.max((k * POINTS_PER_CLUSTER).next_power_of_two())
}

/// How many different rows `x` has, counted no further than `most` + 1.
fn different(x: ArrayView2<f64>, most: usize, ctx: &Ctx) -> Result<usize> {
    let mut seen: HashSet<Vec<u64>> = HashSet::new();
    for (i, row) in x.rows().into_iter().enumerate() {
        if i % 4096 == 0 {
            ctx.tick(0, 1)?;
        }
        // Zero has two signs but is one value.
        seen.insert(row.iter().map(|v| (v + 0.0).to_bits()).collect());
        if seen.len() > most {
            break;
        }
    }
    Ok(seen.len())
}

/// k starting centroids drawn from all rows of `x`; `None` when there are fewer than k different rows.
pub fn seeds_of_all(x: ArrayView2<f64>, k: usize, rng: &mut Xoshiro256PlusPlus, ctx: &Ctx) -> Result<Option<Vec<f64>>> {
    first_centroids(&Blocks::new(x, ctx)?, k, rng, ctx)
}

/// Kicks of the best run on up to this many rows: optima of nearly the same inertia lie close together.
const KICKS_UP_TO: usize = 50_000;
/// How far each kick moves a centroid at most, per feature, in standard deviations.
const REACHES: [f64; 4] = [0.05, 0.1, 0.15, 0.3];
/// Kicks nearly settle at this share of the tolerance; one whose inertia is then so many times that of the best is given up.
const KICKED: f64 = 1e-2;
const HOPELESS: f64 = 1.000_5;

/// About `most` rows of `x`, drawn by their values and `seed`, so that the order of the rows does not matter.
pub fn sample(x: ArrayView2<f64>, most: usize, seed: u64, ctx: &Ctx) -> Result<Vec<usize>> {
    let n = x.nrows();
    if n <= most {
        return Ok((0..n).collect());
    }
    let below = (u64::MAX as f64 * (most as f64 / n as f64)) as u64;
    let hash = |row: usize| x.row(row).iter().fold(seed, |state, &v| scrambled(state, v));
    let drawn: Vec<(usize, u64)> = (0..n)
        .into_par_iter()
        .with_min_len(4096)
        .map(|row| (row, hash(row)))
        .filter(|(_, hash)| *hash < below)
        .collect();
    let different: HashSet<u64> = drawn.iter().map(|(_, hash)| *hash).collect();
    // Equal rows are drawn together: with many of them such a sample can be one-sided. One row in so many along the tree
    // is a fair sample then, which only takes longer.
    if drawn.len() * 2 < most || drawn.len() > most * 2 || different.len() * 10 < drawn.len() * 9 {
        let blocks = Blocks::new(x, ctx)?;
        return Ok((0..most).map(|i| blocks.rows[i * n / most] as usize).collect());
    }
    Ok(drawn.into_iter().map(|(row, _)| row).collect())
}

/// A number made of another one and a value (the finaliser of SplitMix64, Steele, Lea & Flood 2014).
fn scrambled(state: u64, value: f64) -> u64 {
    // Zero has two signs but is one value.
    let mut z = (state ^ (value + 0.0).to_bits()).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
