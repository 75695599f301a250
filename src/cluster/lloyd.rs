//! Lloyd's iteration from given centroids until no row changes its cluster.

use super::blocks::{BLOCK, Blocks, Node};
use super::distance::nearest;
use crate::ctx::Ctx;
use crate::error::Result;

/// Steps after which the iteration stops even if it has not settled; never met on ordinary data.
const MOST_STEPS: usize = 10_000;

/// Blocks or nodes between two calls of `tick`.
const TICK: usize = 512;

/// A settled iteration.
pub struct Settled {
    /// k × d row-major: the means of the clusters.
    pub centers: Vec<f64>,
    /// Sum of squared distances to the own centroid.
    pub inertia: f64,
}

/// Runs Lloyd's iteration to its end. First over the tree, until the centroids stand still but for
/// rounding; then row by row, until a whole pass changes no label and the centroids are the means of exactly
/// these labels.
pub fn settle(blocks: &Blocks, mut centers: Vec<f64>, ctx: &Ctx) -> Result<Settled> {
    let d = blocks.d;
    let (lo, hi, _) = blocks.node(blocks.root());
    let diagonal: f64 = lo.iter().zip(hi).map(|(l, h)| (h - l) * (h - l)).sum();
    let mut step = Step::new(blocks, centers.len() / d, ctx);
    for _ in 0..MOST_STEPS {
        step.run(&centers)?;
        let shift = step.means(&mut centers);
        if step.counts.contains(&0) {
            fill_empty(blocks, &mut centers, &mut step.counts, ctx)?;
        } else if shift <= 1e-26 * diagonal {
            break;
        }
    }
    let mut labels = vec![u32::MAX; blocks.n];
    let mut inertia = f64::INFINITY;
    for _ in 0..MOST_STEPS {
        let changed;
        (changed, inertia) = assign(blocks, &centers, &mut labels, ctx)?;
        if !changed {
            break;
        }
        step.count_labels(&labels)?;
        step.means(&mut centers);
        if step.counts.contains(&0) {
            fill_empty(blocks, &mut centers, &mut step.counts, ctx)?;
        }
    }
    Ok(Settled { centers, inertia })
}

/// The nearest centroid of every row, by place in the blocks.
pub fn labels_of(blocks: &Blocks, centers: &[f64], ctx: &Ctx) -> Result<Vec<u32>> {
    let mut labels = vec![0; blocks.n];
    assign(blocks, centers, &mut labels, ctx)?;
    Ok(labels)
}

/// Gives every row to its nearest centroid (the first of equally near ones). Returns whether any label
/// changed, and the inertia.
fn assign(blocks: &Blocks, centers: &[f64], labels: &mut [u32], ctx: &Ctx) -> Result<(bool, f64)> {
    let (mut label, mut best) = ([0; BLOCK], [0.0; BLOCK]);
    let (mut changed, mut inertia) = (false, 0.0);
    for (b, own) in labels.chunks_mut(BLOCK).enumerate() {
        if b % TICK == 0 {
            ctx.tick(0, 1)?;
        }
        nearest(blocks.block(b), blocks.d, centers, 0..centers.len() / blocks.d, &mut label, &mut best);
        for (i, had) in own.iter_mut().enumerate() {
            changed |= *had != label[i] as u32;
            *had = label[i] as u32;
            inertia += best[i];
        }
    }
    Ok((changed, inertia))
}

/// Moves each centroid without rows onto the row that is farthest from its own centroid.
fn fill_empty(blocks: &Blocks, centers: &mut [f64], counts: &mut [usize], ctx: &Ctx) -> Result<()> {
    let d = blocks.d;
    let (mut label, mut best) = ([0; BLOCK], [0.0; BLOCK]);
    for empty in 0..counts.len() {
        if counts[empty] > 0 {
            continue;
        }
        let (mut farthest, mut place) = (-1.0, 0);
        for b in 0..blocks.count {
            if b % TICK == 0 {
                ctx.tick(0, 1)?;
            }
            let filled = (0..counts.len()).filter(|&c| counts[c] > 0);
            nearest(blocks.block(b), d, centers, filled, &mut label, &mut best);
            for (i, &distance) in best[..blocks.filled(b)].iter().enumerate() {
                if distance > farthest {
                    (farthest, place) = (distance, b * BLOCK + i);
                }
            }
        }
        blocks.copy_row(place, &mut centers[empty * d..][..d]);
        counts[empty] = 1;
    }
    Ok(())
}

/// One step over the tree: sums and counts of the rows nearest to each centroid.
struct Step<'a> {
    blocks: &'a Blocks,
    ctx: &'a Ctx,
    sums: Vec<f64>,
    counts: Vec<usize>,
    /// Candidates of the nodes on the way down, one list behind the other.
    stack: Vec<u32>,
    visited: usize,
}

impl<'a> Step<'a> {
    fn new(blocks: &'a Blocks, k: usize, ctx: &'a Ctx) -> Self {
        Step { blocks, ctx, sums: vec![0.0; k * blocks.d], counts: vec![0; k], stack: Vec::new(), visited: 0 }
    }

    fn run(&mut self, centers: &[f64]) -> Result<()> {
        self.sums.fill(0.0);
        self.counts.fill(0);
        self.stack.clear();
        self.stack.extend(0..self.counts.len() as u32);
        self.visit(centers, self.blocks.root(), 0, self.counts.len())
    }

    /// Visits a node whose rows can only belong to the candidates at `from..to` of the stack.
    fn visit(&mut self, centers: &[f64], node: Node, from: usize, to: usize) -> Result<()> {
        self.visited += 1;
        if self.visited.is_multiple_of(TICK) {
            self.ctx.tick(0, 1)?;
        }
        let d = self.blocks.d;
        let (lo, hi, sum) = self.blocks.node(node);
        // The candidate nearest to the middle of the box can rarely be ruled out; measure others by it.
        let (mut owner, mut least) = (0, f64::INFINITY);
        for &c in &self.stack[from..to] {
            let center = &centers[c as usize * d..][..d];
            let mut distance = 0.0;
            for j in 0..d {
                let off = 0.5 * (lo[j] + hi[j]) - center[j];
                distance += off * off;
            }
            if distance < least {
                (least, owner) = (distance, c);
            }
        }
        let nearest_center = &centers[owner as usize * d..][..d];
        for at in from..to {
            let c = self.stack[at];
            if c == owner || reaches(&centers[c as usize * d..][..d], nearest_center, lo, hi) {
                self.stack.push(c);
            }
        }
        let (from, to) = (to, self.stack.len());
        if to - from == 1 {
            self.add(owner as usize, sum, self.blocks.rows_in(node));
        } else if let Some((left, right)) = node.halves() {
            self.visit(centers, left, from, to)?;
            self.visit(centers, right, from, to)?;
        } else {
            self.visit_block(centers, node.first, from, to);
        }
        self.stack.truncate(from);
        Ok(())
    }

    fn visit_block(&mut self, centers: &[f64], b: usize, from: usize, to: usize) {
        let (mut label, mut best) = ([0; BLOCK], [0.0; BLOCK]);
        let block = self.blocks.block(b);
        let candidates = self.stack[from..to].iter().map(|&c| c as usize);
        nearest(block, self.blocks.d, centers, candidates, &mut label, &mut best);
        self.add_rows(b, |i| label[i] as usize);
    }

    /// The sums and counts of given labels, by place.
    fn count_labels(&mut self, labels: &[u32]) -> Result<()> {
        self.sums.fill(0.0);
        self.counts.fill(0);
        for b in 0..self.blocks.count {
            if b % TICK == 0 {
                self.ctx.tick(0, 1)?;
            }
            self.add_rows(b, |i| labels[b * BLOCK + i] as usize);
        }
        Ok(())
    }

    fn add_rows(&mut self, b: usize, label: impl Fn(usize) -> usize) {
        let d = self.blocks.d;
        let block = self.blocks.block(b);
        for i in 0..self.blocks.filled(b) {
            let c = label(i);
            self.counts[c] += 1;
            for (j, sum) in self.sums[c * d..][..d].iter_mut().enumerate() {
                *sum += block[j * BLOCK + i];
            }
        }
    }

    fn add(&mut self, c: usize, sum: &[f64], rows: usize) {
        self.counts[c] += rows;
        for (to, value) in self.sums[c * sum.len()..].iter_mut().zip(sum) {
            *to += value;
        }
    }

    /// Moves the centroids to the means; one without rows stays. Returns the largest squared shift.
    fn means(&self, centers: &mut [f64]) -> f64 {
        let d = self.blocks.d;
        let mut largest = 0.0_f64;
        for (c, &count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let mut shift = 0.0;
            for j in c * d..(c + 1) * d {
                let mean = self.sums[j] / count as f64;
                shift += (mean - centers[j]) * (mean - centers[j]);
                centers[j] = mean;
            }
            largest = largest.max(shift);
        }
        largest
    }
}

/// Whether `center` is nearer than `owner` to any point of the box. The corner farthest in the direction from
/// `owner` to `center` decides.
fn reaches(center: &[f64], owner: &[f64], lo: &[f64], hi: &[f64]) -> bool {
    let mut advantage = 0.0;
    for j in 0..center.len() {
        let apart = center[j] - owner[j];
        let corner = if apart > 0.0 { hi[j] } else { lo[j] };
        advantage += apart * (center[j] + owner[j] - 2.0 * corner);
    }
    advantage < 0.0
}
