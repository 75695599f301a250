//! Mini-batch k-means (Sculley 2010, "Web-scale k-means clustering", WWW) for very many customers.
//!
//! Centres are learned from small random batches of a sample, each centre moving to the mean of all rows it was ever given.
//! The best of several starts is then taken to the end of Lloyd's iteration on all rows, so that, as with k-means,
//! centroids are the means of their clusters and everyone belongs to the nearest.

use ndarray::{ArrayView2, Axis};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::Clustering;
use super::algorithm::{Algorithm, Data, Found};
use super::blocks::{BLOCK, Blocks};
use super::distance::{NearestTwo, nearest_two};
use super::freeze::Whole;
use super::kmeans::{finite, mix};
use super::lanes::Lanes;
use super::large::{sample, seeds_of_all};
use super::seeding::first_centroids;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::{count, percent, plural};

/// Rows per batch.
const BATCH: usize = 1_024;
/// Batches per start at most.
const MOST_BATCHES: usize = 100;
/// Rows that batches are drawn from.
const POOL: usize = BATCH * MOST_BATCHES;
/// Rows that first centres are drawn from.
const FIRST: usize = 4 * BATCH;
/// Batches without a lower mean inertia after which a start ends (scikit-learn's `max_no_improvement`).
const PATIENCE: usize = 10;
/// What the newest batch counts for in that mean.
const NEWEST: f64 = 0.1;
/// A centre that was given less than this share of the rows of the largest begins anew (scikit-learn's
/// `reassignment_ratio`), looked at once in so many batches.
const TOO_FEW: f64 = 0.01;
const REASSIGN_EVERY: usize = 10;

/// See the head of this file.
#[derive(Debug, Clone)]
pub struct MiniBatch {
    pub restarts: u32,
    pub seed: u64,
}

impl Algorithm for MiniBatch {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        let x = data.x;
        if x.nrows() == 0 || ks.contains(&0) {
            return Ok(ks.iter().map(|_| None).collect());
        }
        finite(x)?;
        let whole = Whole::new(Lanes::new(x))?;
        let pool = Blocks::new(x.select(Axis(0), &sample(x, POOL, self.seed, ctx)?).view(), ctx)?;
        let first = sample_of(&pool, FIRST, ctx)?;
        ks.par_iter()
            .with_max_len(1)
            .enumerate()
            .map(|(which, &k)| {
                let ctx = ctx.part(which as f32 / ks.len() as f32, (which + 1) as f32 / ks.len() as f32);
                let learned = self.learn(x, &pool, &first, k, &ctx)?;
                let clustering = match learned {
                    Some(centers) => whole.clustering(whole.run(centers), &ctx)?,
                    None => None,
                };
                found(k, &clustering);
                Ok(clustering)
            })
            .collect()
    }

    fn notes(&self, n: usize) -> Vec<String> {
        let starts = match self.restarts {
            0 | 1 => "1 start".into(),
            starts => format!("{starts} starts"),
        };
        let from = match n <= POOL {
            true => "all customers".into(),
            false => format!("{} ({} of all)", plural(POOL, "customer", "customers"), percent(POOL as f64 / n as f64)),
        };
        let batch = count(BATCH);
        vec![format!(
            "Mini-batch k-means learned the centres of {starts} from batches of {batch} drawn from {from}. The best \
             was then refined on all customers until nobody changed the cluster."
        )]
    }
}

impl MiniBatch {
    /// The centres (k × d) of the start that costs the rows of `pool` least; `None` for fewer than k different rows.
    fn learn(
        &self,
        x: ArrayView2<f64>,
        pool: &Blocks,
        first: &Blocks,
        k: usize,
        ctx: &Ctx,
    ) -> Result<Option<Vec<f64>>> {
        let start = |start: u32| -> Result<Option<(f64, Vec<f64>)>> {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(self.seed, k as u64, u64::from(start)));
            // A few rows may all be alike where others are not.
            let centers = match first_centroids(first, k, &mut rng, ctx)? {
                Some(centers) => Some(centers),
                None => seeds_of_all(x, k, &mut rng, ctx)?,
            };
            let Some(mut centers) = centers else { return Ok(None) };
            batches(pool, &mut centers, &mut rng, ctx)?;
            Ok(Some((cost(pool, &centers, ctx)?, centers)))
        };
        let ends: Vec<Option<(f64, Vec<f64>)>> =
            (0..self.restarts.max(1)).into_par_iter().with_max_len(1).map(start).collect::<Result<_>>()?;
        let best = ends.into_iter().flatten().reduce(|best, end| if end.0 < best.0 { end } else { best });
        Ok(best.map(|(_, centers)| centers))
    }
}

/// About `most` rows of `blocks`, evenly spread over the tree.
fn sample_of(blocks: &Blocks, most: usize, ctx: &Ctx) -> Result<Blocks> {
    let rows = blocks.n.min(most);
    let mut few = ndarray::Array2::zeros((rows, blocks.d));
    for (i, mut to) in few.rows_mut().into_iter().enumerate() {
        // A row of a fresh array in standard layout is a slice.
        if let Some(to) = to.as_slice_mut() {
            blocks.copy_row(i * blocks.n / rows, to);
        }
    }
    Blocks::new(few.view(), ctx)
}

/// Moves `centers` by batches of the rows of `pool` until that no longer helps.
fn batches(pool: &Blocks, centers: &mut [f64], rng: &mut Xoshiro256PlusPlus, ctx: &Ctx) -> Result<()> {
    let d = pool.d;
    let size = BATCH.min(pool.n.next_multiple_of(BLOCK));
    let mut given = vec![0.0_f64; centers.len() / d];
    let (mut block, mut row) = (vec![0.0; BLOCK * d], vec![0.0; d]);
    let mut nearest = NearestTwo::new();
    let (mut mean, mut least, mut in_vain) = (None, f64::INFINITY, 0);
    for batch in 1..=MOST_BATCHES {
        ctx.tick(batch, MOST_BATCHES)?;
        let (mut sums, mut counts) = (vec![0.0; centers.len()], vec![0.0; given.len()]);
        let (mut inertia, mut farthest) = (0.0, Vec::new());
        for _ in 0..size / BLOCK {
            for i in 0..BLOCK {
                pool.copy_row(rng.gen_range(0..pool.n), &mut row);
                (0..d).for_each(|j| block[j * BLOCK + i] = row[j]);
            }
            nearest_two(&block, d, centers, &mut nearest);
            for i in 0..BLOCK {
                let c = nearest.label[i] as usize;
                (0..d).for_each(|j| sums[c * d + j] += block[j * BLOCK + i]);
                counts[c] += 1.0;
                inertia += nearest.least[i];
            }
            let far = (0..BLOCK).max_by(|&p, &q| nearest.least[p].total_cmp(&nearest.least[q])).unwrap_or(0);
            farthest.push((nearest.least[far], (0..d).map(|j| block[j * BLOCK + far]).collect::<Vec<f64>>()));
        }
        for c in (0..given.len()).filter(|&c| counts[c] > 0.0) {
            given[c] += counts[c];
            for (center, sum) in centers[c * d..][..d].iter_mut().zip(&sums[c * d..]) {
                *center += (sum - counts[c] * *center) / given[c];
            }
        }
        if batch % REASSIGN_EVERY == 0 {
            farthest.sort_by(|p, q| p.0.total_cmp(&q.0));
            reassign(centers, &mut given, farthest);
        }
        let smooth = mean.map_or(inertia, |mean: f64| mean + NEWEST * (inertia - mean));
        mean = Some(smooth);
        in_vain = if smooth < least { 0 } else { in_vain + 1 };
        least = least.min(smooth);
        if in_vain == PATIENCE {
            break;
        }
    }
    Ok(())
}

/// Puts centres that were given very few rows onto the rows that are `farthest` from any centre (the last the farthest).
fn reassign(centers: &mut [f64], given: &mut [f64], mut farthest: Vec<(f64, Vec<f64>)>) {
    let d = centers.len() / given.len();
    let most = given.iter().copied().fold(0.0, f64::max);
    let least = given.iter().copied().filter(|g| *g >= TOO_FEW * most).fold(most, f64::min);
    for c in 0..given.len() {
        if given[c] < TOO_FEW * most
            && let Some((_, row)) = farthest.pop()
        {
            centers[c * d..][..d].copy_from_slice(&row);
            // As if it had been given as many as the least of the others, so that it is not moved at once again.
            given[c] = least;
        }
    }
}

/// Sum of squared distances of all rows to their nearest centre.
fn cost(blocks: &Blocks, centers: &[f64], ctx: &Ctx) -> Result<f64> {
    let mut nearest = NearestTwo::new();
    let mut total = 0.0;
    for b in 0..blocks.count {
        if b % 512 == 0 {
            ctx.tick(1, 1)?;
        }
        nearest_two(blocks.block(b), blocks.d, centers, &mut nearest);
        total += nearest.least[..blocks.filled(b)].iter().sum::<f64>();
    }
    Ok(total)
}
