//! HDBSCAN: dense regions of any form (Campello, Moulavi & Sander 2013).

mod condense;
mod neighbours;

use std::sync::Arc;

use rand::SeedableRng;
use rand::seq::index::sample;
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use self::neighbours::Space;
use super::algorithm::{Algorithm, Data, Found};
use super::blocks::{BLOCK, Blocks};
use super::distance::squared;
use super::distinct::Distinct;
use super::labelled::from_labels;
use super::{Clustering, Detail};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::count;

/// What HDBSCAN knows beyond labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    /// The settings that were used.
    pub min_cluster_size: usize,
    pub min_samples: usize,
    /// How firmly each customer belongs to its cluster, 0–1; 0 for noise.
    pub strength: Vec<f32>,
}

/// HDBSCAN as an [`Algorithm`].
#[derive(Debug, Clone)]
pub struct Hdbscan {
    pub min_cluster_size: Option<u32>,
    pub min_samples: Option<u32>,
    pub seed: u64,
}

/// Different rows that are looked at; where there are more, a sample of them, and the others follow their neighbours.
const MOST_ROWS: usize = 30_000;

/// One in so many customers makes a cluster if nobody says otherwise, but never fewer than [`FEWEST`].
const ONE_IN: usize = 100;
const FEWEST: usize = 5;

impl Hdbscan {
    /// The fewest customers of a cluster, and the neighbour whose distance counts, for `n` customers.
    pub fn settings(&self, n: usize) -> (usize, usize) {
        let size = self.min_cluster_size.map_or((n / ONE_IN).max(FEWEST), |size| size as usize).max(2);
        (size, self.min_samples.map_or(size, |samples| samples as usize).max(1))
    }
}

impl Algorithm for Hdbscan {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        let _ = ks;
        let n = data.x.nrows();
        let (size, samples) = self.settings(n);
        if n < 2 * size || n < samples {
            return Err(Error::data(format!(
                "HDBSCAN was asked for clusters of at least {} customers, each with {} near, but there are only {} customers; choose a smaller cluster size or another algorithm.",
                count(size),
                count(samples),
                count(n)
            )));
        }
        let rows = Distinct::new(&Data::numbers(data.x), &ctx.part(0.0, 0.05))?;
        let dense = if rows.len() <= MOST_ROWS {
            dense(&rows, size, samples, &ctx.part(0.05, 0.95))?
        } else {
            by_sample(&rows, size, samples, self.seed, &ctx.part(0.05, 0.95))?
        };
        if dense.clusters < 2 {
            return Err(Error::data(format!(
                "HDBSCAN finds no two dense regions of at least {} customers with emptier space between them: everyone is in one region, or nobody in any. Choose a smaller cluster size or fewer neighbours, other features, or another algorithm.",
                count(size)
            )));
        }
        let noise = dense.clusters as u32;
        let of_rows: Vec<u32> = dense.labels.iter().map(|label| label.unwrap_or(noise)).collect();
        let any = of_rows.contains(&noise);
        let k = dense.clusters + usize::from(any);
        let strength = rows.for_customers(&dense.strength);
        let detail = Detail::Density(Arc::new(Density { min_cluster_size: size, min_samples: samples, strength }));
        let labels = rows.for_customers(&of_rows);
        let clustering = from_labels(data.x, labels, k, any.then_some(noise), detail, &ctx.part(0.95, 1.0))?;
        let clustering = Some(clustering);
        found(k, &clustering);
        Ok(vec![clustering])
    }

    fn takes_k(&self) -> bool {
        false
    }

    fn notes(&self, n: usize) -> Vec<String> {
        let (size, samples) = self.settings(n);
        let mut notes = vec![format!(
            "A cluster has at least {} customers; the distance to the {} nearest customer says how dense a place is.",
            count(size),
            ordinal(samples)
        )];
        if n > MOST_ROWS {
            notes.push(format!(
                "With more than {} different customers the dense regions are found on a sample of that many; everyone else joins the cluster of the nearest of them who is in one, if that is as near as its own neighbours are, and is noise otherwise.",
                count(MOST_ROWS)
            ));
        }
        notes
    }
}

/// "1st", "12th", "23rd".
fn ordinal(n: usize) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{}{ending}", count(n))
}

/// The clusters of different rows.
struct Dense {
    labels: Vec<Option<u32>>,
    strength: Vec<f32>,
    clusters: usize,
    /// Squared core distances.
    core: Vec<f64>,
}

fn dense(rows: &Distinct, size: usize, samples: usize, ctx: &Ctx) -> Result<Dense> {
    let blocks = Blocks::new(rows.view(), &ctx.part(0.0, 0.05))?;
    let space = Space { blocks: &blocks, weights: blocks.rows.iter().map(|&row| rows.weights[row as usize]).collect() };
    let core = space.core_distances(samples, &ctx.part(0.05, 0.4))?;
    let edges = space.tree(&core, &ctx.part(0.4, 0.95))?;
    ctx.tick(95, 100)?;
    let distances: Vec<f64> = core.iter().map(|squared| squared.sqrt()).collect();
    let found = condense::clusters(edges, &space.weights, &distances, size);
    let m = rows.len();
    let mut out = Dense { labels: vec![None; m], strength: vec![0.0; m], clusters: found.clusters, core: vec![0.0; m] };
    for (place, &row) in blocks.rows.iter().enumerate() {
        let row = row as usize;
        out.labels[row] = found.labels[place];
        out.strength[row] = found.strength[place];
        out.core[row] = core[place];
    }
    Ok(out)
}

/// The clusters of a sample, to which the other rows are added: each to the nearest row that is in a cluster, if it is no
/// farther than that row's core distance.
fn by_sample(rows: &Distinct, size: usize, samples: usize, seed: u64, ctx: &Ctx) -> Result<Dense> {
    let m = rows.len();
    let mut drawn = sample(&mut Xoshiro256PlusPlus::seed_from_u64(seed), m, MOST_ROWS).into_vec();
    drawn.sort_unstable();
    let part = rows.at(&drawn);
    let customers: u64 = part.weights.iter().map(|&w| u64::from(w)).sum();
    let share = customers as f64 / rows.customers() as f64;
    let scaled = |value: usize, least: usize| ((value as f64 * share).round() as usize).max(least);
    let found = dense(&part, scaled(size, FEWEST.min(size)), scaled(samples, 2.min(samples)), &ctx.part(0.0, 0.7))?;
    let clear: Vec<usize> = (0..part.len()).filter(|&row| found.labels[row].is_some()).collect();
    if clear.is_empty() {
        return Ok(found);
    }
    let of_clear = part.at(&clear);
    let blocks = Blocks::new(of_clear.view(), &ctx.part(0.7, 0.72))?;
    let nearest = Nearest { blocks: &blocks };
    let assigning = ctx.part(0.72, 1.0);
    let mut out = Dense { labels: vec![None; m], strength: vec![0.0; m], core: Vec::new(), clusters: found.clusters };
    out.labels.par_chunks_mut(BLOCK).zip(out.strength.par_chunks_mut(BLOCK)).enumerate().try_for_each(
        |(chunk, (labels, strength))| {
            assigning.tick(chunk * BLOCK, m)?;
            for (i, (label, strength)) in labels.iter_mut().zip(strength).enumerate() {
                let (place, apart) = nearest.of(rows.row(chunk * BLOCK + i));
                let other = clear[blocks.rows[place] as usize];
                if apart <= found.core[other] {
                    (*label, *strength) = (found.labels[other], found.strength[other]);
                }
            }
            Ok(())
        },
    )?;
    // What the sample knows of itself stands.
    for (at, &row) in drawn.iter().enumerate() {
        (out.labels[row], out.strength[row]) = (found.labels[at], found.strength[at]);
    }
    Ok(out)
}

/// The nearest of the rows in blocks.
struct Nearest<'a> {
    blocks: &'a Blocks,
}

impl Nearest<'_> {
    /// Its place and squared distance.
    fn of(&self, point: &[f64]) -> (usize, f64) {
        let mut best = (0, f64::INFINITY);
        let mut stack = vec![(0.0, self.blocks.root())];
        let mut lane = [0.0; BLOCK];
        while let Some((off, node)) = stack.pop() {
            if off >= best.1 {
                continue;
            }
            match node.halves() {
                Some((left, right)) => {
                    let off = |node| {
                        let (lo, hi, _) = self.blocks.node(node);
                        super::distance::squared_to_box(point, lo, hi)
                    };
                    let (l, r) = ((off(left), left), (off(right), right));
                    // The nearer one is popped first.
                    stack.extend(if r.0 < l.0 { [l, r] } else { [r, l] });
                }
                None => {
                    squared(self.blocks.block(node.first), point, &mut lane);
                    for (i, &apart) in lane[..self.blocks.filled(node.first)].iter().enumerate() {
                        if apart < best.1 {
                            best = (node.first * BLOCK + i, apart);
                        }
                    }
                }
            }
        }
        best
    }
}
