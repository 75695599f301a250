//! First centroids by greedy k-means++ (Arthur & Vassilvitskii 2007), as scikit-learn does it: of
//! 2 + ⌊ln k⌋ candidates drawn by squared distance, the one that lowers the total most is taken.

use rand::Rng;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::blocks::{BLOCK, Blocks};
use super::distance::{Lane, squared, squared_to_box};
use crate::ctx::Ctx;
use crate::error::Result;

/// Squared distance of every row to the nearest centroid so far, and per block its sum and largest value.
struct Closest<'a> {
    blocks: &'a Blocks,
    rows: Vec<Lane>,
    sum: Vec<f64>,
    max: Vec<f64>,
    boxes: Vec<f64>,
}

/// k starting centroids, k × d row-major; `None` when there are fewer than k different rows.
pub fn first_centroids(blocks: &Blocks, k: usize, rng: &mut Xoshiro256PlusPlus, ctx: &Ctx) -> Result<Option<Vec<f64>>> {
    let d = blocks.d;
    let mut centers = vec![0.0; k * d];
    let mut closest = Closest::new(blocks);
    blocks.copy_row(rng.gen_range(0..blocks.n), &mut centers[..d]);
    closest.add(&centers[..d], ctx)?;
    let candidates = 2 + (k as f64).ln() as usize;
    let mut candidate = vec![0.0; d];
    for c in 1..k {
        let total: f64 = closest.sum.iter().sum();
        if total <= 0.0 {
            return Ok(None);
        }
        let best = &mut centers[c * d..][..d];
        let mut least = f64::INFINITY;
        for _ in 0..candidates {
            blocks.copy_row(closest.draw(rng.r#gen::<f64>() * total), &mut candidate);
            let with = closest.total_with(&candidate, ctx)?;
            if with < least {
                least = with;
                best.copy_from_slice(&candidate);
            }
        }
        closest.add(&centers[c * d..][..d], ctx)?;
    }
    Ok(Some(centers))
}

impl<'a> Closest<'a> {
    fn new(blocks: &'a Blocks) -> Self {
        let mut boxes = Vec::with_capacity(2 * blocks.d * blocks.count);
        let mut stack = vec![blocks.root()];
        while let Some(node) = stack.pop() {
            match node.halves() {
                Some((left, right)) => stack.extend([right, left]),
                None => {
                    let (lo, hi, _) = blocks.node(node);
                    boxes.extend_from_slice(lo);
                    boxes.extend_from_slice(hi);
                }
            }
        }
        let count = blocks.count;
        let far = vec![[f64::INFINITY; BLOCK]; count];
        Closest { blocks, rows: far, sum: vec![f64::INFINITY; count], max: vec![f64::INFINITY; count], boxes }
    }

    /// Whether `center` is too far from block `b` to be nearer to any row than what it has.
    fn out_of_reach(&self, b: usize, center: &[f64]) -> bool {
        let (lo, hi) = self.boxes[2 * center.len() * b..][..2 * center.len()].split_at(center.len());
        squared_to_box(center, lo, hi) >= self.max[b]
    }

    /// The total of squared distances if `center` were a centroid too.
    fn total_with(&self, center: &[f64], ctx: &Ctx) -> Result<f64> {
        let mut distance = [0.0; BLOCK];
        let mut total = 0.0;
        for b in 0..self.blocks.count {
            if b % 1024 == 0 {
                ctx.tick(0, 1)?;
            }
            if self.out_of_reach(b, center) {
                total += self.sum[b];
                continue;
            }
            squared(self.blocks.block(b), center, &mut distance);
            for (to, &had) in distance.iter_mut().zip(&self.rows[b]) {
                *to = if had < *to { had } else { *to };
            }
            total += sum_of(&distance, self.blocks.filled(b));
        }
        Ok(total)
    }

    fn add(&mut self, center: &[f64], ctx: &Ctx) -> Result<()> {
        let mut distance = [0.0; BLOCK];
        for b in 0..self.blocks.count {
            if b % 1024 == 0 {
                ctx.tick(0, 1)?;
            }
            if self.out_of_reach(b, center) {
                continue;
            }
            squared(self.blocks.block(b), center, &mut distance);
            let filled = self.blocks.filled(b);
            for (had, &new) in self.rows[b].iter_mut().zip(&distance) {
                *had = if new < *had { new } else { *had };
            }
            self.sum[b] = sum_of(&self.rows[b], filled);
            self.max[b] = largest(&self.rows[b]);
        }
        Ok(())
    }

    /// The place at which the running total passes `target`, never one at distance zero.
    fn draw(&self, mut target: f64) -> usize {
        let mut last = 0;
        for (b, &sum) in self.sum.iter().enumerate() {
            if sum <= 0.0 {
                continue;
            }
            last = b;
            if target < sum {
                break;
            }
            target -= sum;
        }
        let mut place = 0;
        for i in 0..self.blocks.filled(last) {
            let distance = self.rows[last][i];
            if distance > 0.0 {
                place = last * BLOCK + i;
                if target < distance {
                    break;
                }
                target -= distance;
            }
        }
        place
    }
}

/// Sum of the rows that count, in four interleaved parts so that the additions overlap.
fn sum_of(lane: &Lane, filled: usize) -> f64 {
    let mut parts = [0.0; 4];
    if filled == BLOCK {
        for four in lane.chunks_exact(4) {
            for (part, value) in parts.iter_mut().zip(four) {
                *part += value;
            }
        }
    } else {
        parts[0] = lane[..filled].iter().sum();
    }
    (parts[0] + parts[1]) + (parts[2] + parts[3])
}

fn largest(lane: &Lane) -> f64 {
    let mut parts = [0.0; 4];
    for four in lane.chunks_exact(4) {
        for (part, &value) in parts.iter_mut().zip(four) {
            *part = if value > *part { value } else { *part };
        }
    }
    parts.into_iter().fold(0.0, f64::max)
}
