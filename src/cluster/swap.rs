//! Swaps of one centroid: a way out of optima in which one group has two centroids and two groups share one
//! (Lattanzi & Sohler 2019, "A better k-means++ algorithm via local search", ICML).

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::blocks::{BLOCK, Blocks};
use super::distance::{Lane, squared};
use crate::ctx::Ctx;
use crate::error::Result;

/// Swaps from given centroids, with what every row pays now and would pay without its own centroid.
pub struct Swaps<'a> {
    blocks: &'a Blocks,
    centers: &'a [f64],
    first: Vec<Lane>,
    second: Vec<Lane>,
    label: Vec<[u64; BLOCK]>,
    total: f64,
}

impl<'a> Swaps<'a> {
    /// Prepares swaps for at least two centroids (k × d row-major).
    pub fn new(blocks: &'a Blocks, centers: &'a [f64], ctx: &Ctx) -> Result<Self> {
        let mut first = vec![[f64::INFINITY; BLOCK]; blocks.count];
        let mut second = first.clone();
        let mut label = vec![[0; BLOCK]; blocks.count];
        let mut distance = [0.0; BLOCK];
        let mut total = 0.0;
        for b in 0..blocks.count {
            if b % 512 == 0 {
                ctx.tick(0, 1)?;
            }
            let (first, second, label) = (&mut first[b], &mut second[b], &mut label[b]);
            for (c, center) in centers.chunks_exact(blocks.d).enumerate() {
                squared(blocks.block(b), center, &mut distance);
                for i in 0..BLOCK {
                    let new = distance[i];
                    let closer = new < first[i];
                    let runner_up = if new < second[i] { new } else { second[i] };
                    second[i] = if closer { first[i] } else { runner_up };
                    label[i] = if closer { c as u64 } else { label[i] };
                    first[i] = if closer { new } else { first[i] };
                }
            }
            total += first[..blocks.filled(b)].iter().sum::<f64>();
        }
        Ok(Swaps { blocks, centers, first, second, label, total })
    }

    /// Centroids after one swap: a row drawn by squared distance comes in, and the centroid goes that is missed least
    /// then. `None` when no row is away from its centroid.
    pub fn draw(&self, rng: &mut Xoshiro256PlusPlus, ctx: &Ctx) -> Result<Option<Vec<f64>>> {
        let d = self.blocks.d;
        let Some(place) = self.place(rng.r#gen::<f64>() * self.total) else { return Ok(None) };
        let mut newcomer = vec![0.0; d];
        self.blocks.copy_row(place, &mut newcomer);
        // What the rows of each centroid would pay more if it went and the newcomer were there.
        let mut missed = vec![0.0; self.centers.len() / d];
        let mut distance = [0.0; BLOCK];
        for b in 0..self.blocks.count {
            if b % 512 == 0 {
                ctx.tick(0, 1)?;
            }
            squared(self.blocks.block(b), &newcomer, &mut distance);
            for i in 0..self.blocks.filled(b) {
                let without = self.second[b][i].min(distance[i]) - self.first[b][i].min(distance[i]);
                missed[self.label[b][i] as usize] += without;
            }
        }
        let goes = (0..missed.len()).min_by(|&p, &q| missed[p].total_cmp(&missed[q])).unwrap_or(0);
        let mut centers = self.centers.to_vec();
        centers[goes * d..][..d].copy_from_slice(&newcomer);
        Ok(Some(centers))
    }

    fn place(&self, mut target: f64) -> Option<usize> {
        let mut last = None;
        for place in 0..self.blocks.n {
            let distance = self.first[place / BLOCK][place % BLOCK];
            if distance > 0.0 {
                last = Some(place);
                if target < distance {
                    break;
                }
                target -= distance;
            }
        }
        last
    }
}
