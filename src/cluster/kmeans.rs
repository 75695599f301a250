//! k-means: restarts of greedy k-means++ and Lloyd's iteration, the least inertia wins.

use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{Array2, ArrayView2};
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::Clustering;
use super::blocks::Blocks;
use super::lloyd::{Settled, labels_of, settle};
use super::seeding::seed;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Two restarts whose inertias differ by less than this share found the same optimum: the difference is the
/// order of additions.
const SAME_INERTIA: f64 = 1e-10;

/// Clusters the rows of `x` (n × d, finite) into `k` groups, 1 ≤ k ≤ n. Clusters are numbered as they were found;
/// see [`super::canonical()`]. The result depends on `x`, `k`, `restarts` and `seed` alone, bit for bit, not on the
/// number of threads.
///
/// Fails with [`Error::Data`] when `x` has fewer than k different rows.
pub fn kmeans(x: ArrayView2<f64>, k: usize, restarts: u32, seed: u64, ctx: &Ctx) -> Result<Clustering> {
    let mut found = kmeans_many(x, &[k], restarts, seed, ctx)?;
    found.pop().flatten().ok_or_else(|| too_few_rows(k))
}

/// Why k clusters cannot be had.
pub fn too_few_rows(k: usize) -> Error {
    Error::data(format!("There are fewer than {k} different customers in these features; choose a smaller k."))
}

/// [`kmeans`] for several k at once; `None` where `x` has fewer than k different rows.
pub fn kmeans_many(
    x: ArrayView2<f64>,
    ks: &[usize],
    restarts: u32,
    seed: u64,
    ctx: &Ctx,
) -> Result<Vec<Option<Clustering>>> {
    if x.nrows() == 0 || ks.contains(&0) {
        return Ok(ks.iter().map(|_| None).collect());
    }
    let blocks = Blocks::new(x, ctx)?;
    let restarts = restarts.max(1) as usize;
    // The largest k first: they take longest, and threads should end together.
    let mut tasks: Vec<(usize, usize)> =
        (0..ks.len()).flat_map(|which| (0..restarts).map(move |restart| (which, restart))).collect();
    tasks.sort_by_key(|&(which, restart)| (std::cmp::Reverse(ks[which]), restart));
    let finished = AtomicUsize::new(0);
    let runs: Vec<((usize, usize), Option<Settled>)> = tasks
        .par_iter()
        .with_max_len(1)
        .map(|&(which, restart)| {
            let done = finished.load(Ordering::Relaxed) as f32 / tasks.len() as f32;
            let here = ctx.part(done, done);
            let run = one_run(&blocks, ks[which], mix(seed, ks[which] as u64, restart as u64), &here)?;
            ctx.tick(finished.fetch_add(1, Ordering::Relaxed) + 1, tasks.len())?;
            Ok(((which, restart), run))
        })
        .collect::<Result<_>>()?;
    let mut per_k: Vec<Vec<Settled>> = ks.iter().map(|_| Vec::with_capacity(restarts)).collect();
    for ((which, _), run) in runs {
        per_k[which].extend(run);
    }
    per_k
        .into_iter()
        .zip(ks)
        .map(|(runs, &k)| best(runs).map(|run| clustering(&blocks, k, run, &ctx.part(1.0, 1.0))).transpose())
        .collect()
}

fn one_run(blocks: &Blocks, k: usize, seed_of_run: u64, ctx: &Ctx) -> Result<Option<Settled>> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed_of_run);
    match seed(blocks, k, &mut rng, ctx)? {
        Some(centers) => settle(blocks, centers, ctx).map(Some),
        None => Ok(None),
    }
}

/// The first run (in order of restarts) with the least inertia.
fn best(runs: Vec<Settled>) -> Option<Settled> {
    let least = runs.iter().map(|r| r.inertia).fold(f64::INFINITY, f64::min);
    runs.into_iter().find(|r| r.inertia <= least * (1.0 + SAME_INERTIA))
}

fn clustering(blocks: &Blocks, k: usize, run: Settled, ctx: &Ctx) -> Result<Clustering> {
    let by_place = labels_of(blocks, &run.centers, ctx)?;
    let mut labels = vec![0; blocks.n];
    let mut sizes = vec![0; k];
    for (&row, &label) in blocks.rows.iter().zip(&by_place) {
        labels[row as usize] = label;
        sizes[label as usize] += 1;
    }
    let centroids = Array2::from_shape_fn((k, blocks.d), |(c, j)| run.centers[c * blocks.d + j]);
    Ok(Clustering { k, labels, centroids, sizes, inertia: run.inertia })
}

/// One seed from three numbers, by the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
fn mix(seed: u64, k: u64, restart: u64) -> u64 {
    [k, restart].into_iter().fold(seed, |state, value| {
        let mut z = (state ^ value.wrapping_mul(0xD1B5_4A32_D192_ED03)).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}
