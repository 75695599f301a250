//! k-means: restarts of greedy k-means++ and Lloyd's iteration, the least inertia wins.
//!
//! Restarts run until their centroids hardly move, as scikit-learn's do. The best is then improved by swaps of
//! single centroids, and the best few are taken to the very end of Lloyd's iteration, where no row changes its
//! cluster. Small kicks of the winner look for a still better end nearby.

use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{Array2, ArrayView2, Axis};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::algorithm::{Algorithm, Data, Found};
use super::blocks::Blocks;
use super::large::{CANDIDATES, Large, seeds_of_all};
use super::lloyd::{Settled, approach, labels_of, lloyd, settle};
use super::seeding::first_centroids;
use super::swap::Swaps;
use super::{Clustering, Detail};
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Two runs whose inertias differ by less than this share found the same optimum: the difference is the order
/// of additions.
const SAME_INERTIA: f64 = 1e-10;

/// Restarts stop when their centroids move by less than this share of the mean variance (scikit-learn's `tol`).
const TOLERANCE: f64 = 1e-4;

/// Beyond this many rows starts are tried on a sample.
const LARGE: usize = 5_000;

/// Rounds of swaps, and swaps tried in each.
const ROUNDS: usize = 16;
const SWAPS: usize = 4;
/// Where several ends go on to all rows, not all has to be found among them.
const ROUNDS_ON_A_PART: usize = 6;

/// Kicks in a round, and how far each moves a centroid at most, per feature, in standard deviations.
const KICKS: usize = 4;
const KICK_REACH: [f64; KICKS] = [0.05, 0.1, 0.15, 0.3];
/// A kick is given up when it has nearly settled and its inertia is still this many times that of the best run.
const HOPELESS_KICK: f64 = 1.000_5;
/// Rounds without a gain after which kicks end, and rounds at most.
const KICK_ROUNDS: usize = 2;
const MOST_KICK_ROUNDS: usize = 10;

/// A swap is given up when its inertia is this many times that of the best run after a few steps.
const HOPELESS: f64 = 1.03;

/// Runs whose inertias are within this share of each other count as the same.
const ALIKE: f64 = 1.000_1;

/// Runs that are taken to their end.
const FINALISTS: usize = 2;

/// k-means as an [`Algorithm`].
#[derive(Debug, Clone)]
pub struct KMeans {
    pub restarts: u32,
    pub seed: u64,
}

impl Algorithm for KMeans {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        kmeans_each(data.x, ks, self.restarts, self.seed, found, ctx)
    }
}

/// Clusters the rows of `x` (n × d, finite) into `k` groups, 1 ≤ k ≤ n. Clusters are numbered as they were found;
/// see [`super::canonical()`]. The result depends on `x`, `k`, `restarts` and `seed` alone, bit for bit, not on the
/// number of threads.
///
/// Fails with [`Error::Data`] when `x` has fewer than k different rows, or values that are not finite or too large to be
/// squared.
pub fn kmeans(x: ArrayView2<f64>, k: usize, restarts: u32, seed: u64, ctx: &Ctx) -> Result<Clustering> {
    let mut found = kmeans_each(x, &[k], restarts, seed, &|_, _| {}, ctx)?;
    found.pop().flatten().ok_or_else(|| too_few_rows(k))
}

/// k-means for many small samples: `restarts` runs of greedy k-means++ and Lloyd's iteration to its end, of which the one
/// of least inertia wins; no swaps or kicks afterwards. It runs on the calling thread alone, so that callers can work on
/// many samples side by side. Otherwise as [`kmeans`]; `None` where `x` has fewer than k different rows.
pub fn kmeans_light(x: ArrayView2<f64>, k: usize, restarts: u32, seed: u64, ctx: &Ctx) -> Result<Option<Clustering>> {
    if x.nrows() < k || k == 0 {
        return Ok(None);
    }
    finite(x)?;
    let blocks = Blocks::new(x, ctx)?;
    let mut best: Option<Settled> = None;
    for restart in 0..u64::from(restarts.max(1)) {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(seed, k as u64, restart));
        let Some(centers) = first_centroids(&blocks, k, &mut rng, ctx)? else { return Ok(None) };
        let end = lloyd(&blocks, centers, ctx)?;
        if best.as_ref().is_none_or(|had| end.inertia < had.inertia * (1.0 - SAME_INERTIA)) {
            best = Some(end);
        }
    }
    best.map(|run| clustering(&blocks, k, run, ctx)).transpose()
}

/// Magnitudes up to which squared distances, added up over all rows, stay in the range of numbers.
const LARGEST: f64 = 1e140;

/// Fails with [`Error::Data`] unless all values are finite and small enough for squared distances.
pub(super) fn finite(x: ArrayView2<f64>) -> Result<()> {
    let any = |odd: fn(f64) -> bool| {
        x.axis_chunks_iter(Axis(0), 4096).into_par_iter().any(|rows| rows.iter().any(|&v| odd(v)))
    };
    if !any(|v| !v.is_finite() || v.abs() > LARGEST) {
        return Ok(());
    }
    Err(Error::data(match any(|v| !v.is_finite()) {
        true => {
            "Some customers have a feature without a value, or an infinite one; leave that feature out, or choose another transformation."
        }
        false => "Some values are too large for distances between customers; transform or scale the features.",
    }))
}

/// Why k clusters cannot be had.
pub fn too_few_rows(k: usize) -> Error {
    Error::data(format!("There are fewer than {k} different customers in these features; choose a smaller k."))
}

/// [`kmeans`] for several k at once; `None` where `x` has fewer than k different rows. `told` hears of each k as soon as
/// it is there.
pub fn kmeans_each(
    x: ArrayView2<f64>,
    ks: &[usize],
    restarts: u32,
    seed: u64,
    told: &Found,
    ctx: &Ctx,
) -> Result<Vec<Option<Clustering>>> {
    if x.nrows() == 0 || ks.contains(&0) {
        return Ok(ks.iter().map(|_| None).collect());
    }
    finite(x)?;
    let large = match x.nrows() > LARGE {
        true => Some(Large::new(x, ks, seed, ctx)?),
        false => None,
    };
    let own = match large {
        Some(_) => None,
        None => Some(Blocks::new(x, ctx)?),
    };
    let restarts = restarts.max(1) as usize;
    let rounds = rounds(if large.is_some() { CANDIDATES } else { FINALISTS });
    let units = ks.len() * (restarts + rounds * SWAPS + FINALISTS + KICKS);
    let progress = Progress { ctx, finished: AtomicUsize::new(0), units };
    // The largest k first: they take longest, and threads should end together.
    let mut order: Vec<usize> = (0..ks.len()).collect();
    order.sort_by_key(|&which| std::cmp::Reverse(ks[which]));
    let mut found: Vec<(usize, Option<Clustering>)> = order
        .par_iter()
        .with_max_len(1)
        .map(|&which| {
            let k = ks[which];
            let clustering = match (&large, &own) {
                (Some(large), _) => {
                    let candidates = candidates(large.points(k), k, restarts, seed, &progress)?;
                    let kicks = mix(seed, k as u64, 2 << 32);
                    let found = large.refine(&candidates, TOLERANCE, kicks, &progress.here())?;
                    match found {
                        Some(found) => Some(found),
                        // The points may be fewer, or other, than the different rows; then starts need all of them.
                        None => {
                            let mut rng = Xoshiro256PlusPlus::seed_from_u64(kicks);
                            let seeds = seeds_of_all(x, k, &mut rng, &progress.here())?;
                            let seeds: Vec<(Vec<f64>, f64)> = seeds.into_iter().map(|seeds| (seeds, 0.0)).collect();
                            large.refine(&seeds, TOLERANCE, kicks, &progress.here())?
                        }
                    }
                }
                (None, None) => None,
                (None, Some(blocks)) => {
                    let run = best_run(blocks, k, restarts, seed, &progress)?;
                    run.map(|run| clustering(blocks, k, run, &progress.here())).transpose()?
                }
            };
            told(ks[which], &clustering);
            Ok((which, clustering))
        })
        .collect::<Result<_>>()?;
    found.sort_by_key(|(which, _)| *which);
    Ok(found.into_iter().map(|(_, clustering)| clustering).collect())
}

/// Progress shared by runs on many threads.
struct Progress<'a> {
    ctx: &'a Ctx,
    finished: AtomicUsize,
    units: usize,
}

impl Progress<'_> {
    /// A context for work within one unit: it reports what all units have reached.
    fn here(&self) -> Ctx {
        let share = self.finished.load(Ordering::Relaxed) as f32 / self.units as f32;
        self.ctx.part(share, share)
    }

    fn finish_one(&self) -> Result<()> {
        self.ctx.tick(self.finished.fetch_add(1, Ordering::Relaxed) + 1, self.units)
    }
}

/// The best run for one k; `None` when there are fewer than k different rows.
fn best_run(blocks: &Blocks, k: usize, restarts: usize, seed: u64, progress: &Progress) -> Result<Option<Settled>> {
    let mut runs = starts(blocks, k, restarts, FINALISTS, seed, progress)?;
    sort_by_inertia(&mut runs);
    runs.truncate(FINALISTS);
    let ends: Vec<Settled> = runs
        .into_par_iter()
        .with_max_len(1)
        .map(|run| {
            let end = settle(blocks, run.centers, &progress.here())?;
            progress.finish_one()?;
            Ok(end)
        })
        .collect::<Result<_>>()?;
    let least = ends.iter().map(|r| r.inertia).fold(f64::INFINITY, f64::min);
    match ends.into_iter().find(|r| r.inertia <= least * (1.0 + SAME_INERTIA)) {
        Some(best) if k > 1 => kicks(blocks, best, k, seed, progress).map(Some),
        best => Ok(best),
    }
}

/// Ends of Lloyd's iteration on `blocks`, all different, with their inertias, least first.
fn candidates(
    blocks: &Blocks,
    k: usize,
    restarts: usize,
    seed: u64,
    progress: &Progress,
) -> Result<Vec<(Vec<f64>, f64)>> {
    let mut runs = starts(blocks, k, restarts, CANDIDATES, seed, progress)?;
    runs.truncate(2 * CANDIDATES);
    let tolerance = 1e-10 * blocks.scatter / blocks.n as f64;
    let mut ends: Vec<Settled> = runs
        .into_par_iter()
        .with_max_len(1)
        .map(|run| approach(blocks, run.centers, tolerance, f64::INFINITY, &progress.here()))
        .collect::<Result<_>>()?;
    sort_by_inertia(&mut ends);
    ends.dedup_by(|b, a| b.inertia <= a.inertia * (1.0 + 1e-7));
    (0..FINALISTS).try_for_each(|_| progress.finish_one())?;
    Ok(ends.into_iter().map(|end| (end.centers, end.inertia)).collect())
}

/// The restarts, improved by swaps of the best.
fn starts(
    blocks: &Blocks,
    k: usize,
    restarts: usize,
    keep: usize,
    seed: u64,
    progress: &Progress,
) -> Result<Vec<Settled>> {
    let tolerance = TOLERANCE * blocks.scatter / (blocks.n * blocks.d) as f64;
    let mut runs: Vec<Settled> = (0..restarts)
        .into_par_iter()
        .with_max_len(1)
        .map(|restart| {
            let here = progress.here();
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(seed, k as u64, restart as u64));
            let run = match first_centroids(blocks, k, &mut rng, &here)? {
                Some(centers) => Some(approach(blocks, centers, tolerance, f64::INFINITY, &here)?),
                None => None,
            };
            progress.finish_one()?;
            Ok(run)
        })
        .filter_map(Result::transpose)
        .collect::<Result<_>>()?;
    if k > 1 && !runs.is_empty() {
        improve(blocks, &mut runs, k, keep, seed, tolerance, progress)?;
    }
    sort_by_inertia(&mut runs);
    Ok(runs)
}

/// Moves all centroids of the best run a little at random and lets them settle again. Optima of nearly the same inertia lie
/// close together, and differ visibly in who belongs where.
fn kicks(blocks: &Blocks, mut best: Settled, k: usize, seed: u64, progress: &Progress) -> Result<Settled> {
    let deviation = (blocks.scatter / (blocks.n * blocks.d) as f64).sqrt();
    let tolerance = 1e-2 * TOLERANCE * deviation * deviation;
    let mut in_vain = 0;
    for round in 0..MOST_KICK_ROUNDS {
        let ends: Vec<Option<Settled>> = (0..KICKS)
            .into_par_iter()
            .with_max_len(1)
            .map(|kick| {
                let number = (2 << 32) + (round * KICKS + kick) as u64;
                let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(seed, k as u64, number));
                let reach = deviation * KICK_REACH[kick];
                let centers = best.centers.iter().map(|c| c + reach * rng.gen_range(-1.0..1.0)).collect();
                let here = progress.here();
                let near = approach(blocks, centers, tolerance, best.inertia * HOPELESS_KICK, &here)?;
                if near.inertia > best.inertia * HOPELESS_KICK {
                    Ok(None)
                } else {
                    settle(blocks, near.centers, &here).map(Some)
                }
            })
            .collect::<Result<_>>()?;
        in_vain += 1;
        for end in ends.into_iter().flatten() {
            if end.inertia < best.inertia * (1.0 - SAME_INERTIA) {
                best = end;
                in_vain = 0;
            }
        }
        if in_vain == KICK_ROUNDS {
            break;
        }
    }
    for _ in 0..KICKS {
        progress.finish_one()?;
    }
    Ok(best)
}

/// Rounds of swaps from the best run so far; what a round finds joins the runs.
fn improve(
    blocks: &Blocks,
    runs: &mut Vec<Settled>,
    k: usize,
    keep: usize,
    seed: u64,
    tolerance: f64,
    progress: &Progress,
) -> Result<()> {
    for round in 0..rounds(keep) {
        sort_by_inertia(runs);
        runs.dedup_by(|b, a| b.inertia <= a.inertia * ALIKE);
        runs.truncate(keep);
        // In turns from the best and from the second best, which is another optimum.
        let from = &runs[round % 2 % runs.len()].centers;
        let swaps = Swaps::new(blocks, from, &progress.here())?;
        let hopeless = runs[0].inertia * HOPELESS;
        let tried: Vec<Option<Settled>> = (0..SWAPS)
            .into_par_iter()
            .with_max_len(1)
            .map(|swap| {
                let here = progress.here();
                // Numbers of swaps follow those of any restarts, so that no two share a seed.
                let number = (1 << 32) + (round * SWAPS + swap) as u64;
                let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(seed, k as u64, number));
                // On few rows one try of each round is a fresh start: some optima no single swap leads out of.
                let fresh = keep <= FINALISTS && swap == SWAPS - 1;
                let run = match fresh {
                    true => first_centroids(blocks, k, &mut rng, &here)?.map(|centers| (centers, f64::INFINITY)),
                    false => swaps.draw(&mut rng, &here)?.map(|centers| (centers, hopeless)),
                };
                let run = match run {
                    Some((centers, hopeless)) => Some(approach(blocks, centers, tolerance, hopeless, &here)?),
                    None => None,
                };
                progress.finish_one()?;
                Ok(run)
            })
            .collect::<Result<_>>()?;
        runs.extend(tried.into_iter().flatten());
    }
    Ok(())
}

fn rounds(keep: usize) -> usize {
    if keep > FINALISTS { ROUNDS_ON_A_PART } else { ROUNDS }
}

/// Least inertia first; of equal ones the earlier.
fn sort_by_inertia(runs: &mut [Settled]) {
    runs.sort_by(|a, b| a.inertia.total_cmp(&b.inertia));
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
    Ok(Clustering { k, labels, centroids, sizes, inertia: run.inertia, noise: None, detail: Detail::Means })
}

/// One seed from three numbers, by the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
pub(super) fn mix(seed: u64, k: u64, restart: u64) -> u64 {
    [k, restart].into_iter().fold(seed, |state, value| {
        let mut z = (state ^ value.wrapping_mul(0xD1B5_4A32_D192_ED03)).wrapping_add(0x9E37_79B9_7F4A_7C15);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    })
}
