//! Micro-clusters: many small groups of near neighbours that stand for their rows in a tree.

use rand::SeedableRng;
use rand::seq::index::sample;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use crate::cluster::blocks::{BLOCK, Blocks};
use crate::cluster::distance::nearest;
use crate::cluster::distinct::Distinct;
use crate::cluster::lloyd::approach;
use crate::cluster::seeding::first_centroids;
use crate::ctx::Ctx;
use crate::error::Result;

/// Rows from which the centroids are learnt: that many per micro-cluster.
const LEARN_FROM: usize = 20;

/// The centroids may stop moving early: they only have to be spread as the rows are.
const TOLERANCE: f64 = 1e-3;

/// Groups of near rows.
pub(super) struct Micro {
    /// The group of each different row.
    pub labels: Vec<u32>,
    /// Means of the customers of each group, row-major.
    pub means: Vec<f64>,
    /// Customers of each group.
    pub sizes: Vec<u32>,
}

/// Up to `k` micro-clusters by k-means on a sample of the different rows, to whose centroids all rows are given.
pub(super) fn clusters(rows: &Distinct, k: usize, seed: u64, ctx: &Ctx) -> Result<Micro> {
    let d = rows.d;
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let drawn = match rows.len() > k * LEARN_FROM {
        true => {
            let mut drawn = sample(&mut rng, rows.len(), k * LEARN_FROM).into_vec();
            drawn.sort_unstable();
            rows.view().select(ndarray::Axis(0), &drawn)
        }
        false => rows.view().to_owned(),
    };
    let learning = ctx.part(0.0, 0.6);
    let blocks = Blocks::new(drawn.view(), &learning)?;
    // There are more different rows than groups, so centroids can be had.
    let first = first_centroids(&blocks, k, &mut rng, &learning)?.unwrap_or_default();
    let tolerance = TOLERANCE * blocks.scatter / (blocks.n * d) as f64;
    let centers = approach(&blocks, first, tolerance, f64::INFINITY, &learning)?.centers;
    let labels = nearest_center(rows, &centers, &ctx.part(0.6, 1.0))?;
    let mut sizes = vec![0; centers.len() / d];
    let mut means = vec![0.0; centers.len()];
    for (at, &label) in labels.iter().enumerate() {
        let (label, weight) = (label as usize, rows.weights[at]);
        sizes[label] += weight;
        for (sum, value) in means[label * d..][..d].iter_mut().zip(rows.row(at)) {
            *sum += f64::from(weight) * value;
        }
    }
    // A centroid that is nearest to no row stands for nothing.
    let kept: Vec<usize> = (0..sizes.len()).filter(|&c| sizes[c] > 0).collect();
    let mut number = vec![0; sizes.len()];
    kept.iter().enumerate().for_each(|(new, &old)| number[old] = new as u32);
    let mean = |c: usize| (0..d).map(move |j| (c, j));
    Ok(Micro {
        labels: labels.into_iter().map(|label| number[label as usize]).collect(),
        means: kept.iter().flat_map(|&c| mean(c)).map(|(c, j)| means[c * d + j] / f64::from(sizes[c])).collect(),
        sizes: kept.iter().map(|&c| sizes[c]).collect(),
    })
}

/// The nearest of `centers` for every different row.
fn nearest_center(rows: &Distinct, centers: &[f64], ctx: &Ctx) -> Result<Vec<u32>> {
    let d = rows.d;
    let all: Vec<u32> = (0..(centers.len() / d) as u32).collect();
    let mut labels = vec![0; rows.len()];
    labels.par_chunks_mut(BLOCK).zip(rows.values.par_chunks(BLOCK * d)).enumerate().try_for_each(
        |(chunk, (labels, values))| {
            ctx.tick(chunk * BLOCK, rows.len())?;
            let mut block = vec![0.0; BLOCK * d];
            for (i, row) in values.chunks_exact(d).enumerate() {
                for (j, &value) in row.iter().enumerate() {
                    block[j * BLOCK + i] = value;
                }
            }
            let (mut label, mut best) = ([0; BLOCK], [0.0; BLOCK]);
            nearest(&block, d, centers, &all, &mut label, &mut best);
            labels.iter_mut().zip(label).for_each(|(to, label)| *to = label as u32);
            Ok(())
        },
    )?;
    Ok(labels)
}
