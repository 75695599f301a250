//! Lloyd's iteration from given centroids until no row changes its cluster.

use super::blocks::{BLOCK, Blocks, Node};
use super::distance::{add_labelled, nearest, squared};
use crate::ctx::Ctx;
use crate::error::Result;

/// Steps after which the iteration stops even if it has not settled; never met on ordinary data.
const MOST_STEPS: usize = 10_000;

/// Steps that every run gets.
const FAIR_STEPS: usize = 5;

/// Turns between Lloyd's iteration and single moves.
const MOST_TURNS: usize = 100;

/// Rows up to which single rows are moved: with n/(n+1) so near one, it changes nothing worth the time beyond.
const TRANSFER_UP_TO: usize = 20_000;

/// Features up to which boxes are so small that they often belong to one centroid; with more, asking them is in vain.
const FILTER_UP_TO: usize = 8;
/// With many features, sums are added up row by row for more candidates than this, else candidate by candidate.
const FEW_CANDIDATES: usize = 3;

/// Blocks or nodes between two calls of `tick`.
const TICK: usize = 512;

/// Where an iteration ended.
#[derive(Clone)]
pub struct Settled {
    /// k × d row-major: the means of the clusters.
    pub centers: Vec<f64>,
    /// Sum of squared distances to the own centroid.
    pub inertia: f64,
}

/// Lloyd's steps over the tree until the centroids together move by no more than `tolerance` (a squared length). The
/// inertia is that of the last step's clusters about their means. After [`FAIR_STEPS`], a run whose inertia is above
/// `hopeless` ends there.
pub fn approach(blocks: &Blocks, mut centers: Vec<f64>, tolerance: f64, hopeless: f64, ctx: &Ctx) -> Result<Settled> {
    let mut step = Step::new(blocks, centers.len() / blocks.d, ctx);
    for done in 1..=MOST_STEPS {
        step.run(&centers)?;
        let shift = step.means(&mut centers);
        if step.counts.contains(&0) {
            fill_empty(blocks, &mut centers, &mut step.counts, ctx)?;
        } else if shift <= tolerance || (done >= FAIR_STEPS && step.inertia(&centers) > hopeless) {
            break;
        }
    }
    let inertia = step.inertia(&centers);
    Ok(Settled { centers, inertia })
}

fn squared_length(from: &[f64], to: &[f64]) -> f64 {
    from.iter().zip(to).map(|(a, b)| (a - b) * (a - b)).sum()
}

/// Runs Lloyd's iteration to its end; on up to [`TRANSFER_UP_TO`] rows it then moves single rows as long as that lowers
/// the inertia, in turns, so that the result is a fixed point of both.
pub fn settle(blocks: &Blocks, centers: Vec<f64>, ctx: &Ctx) -> Result<Settled> {
    let mut best = lloyd(blocks, centers, ctx)?;
    if blocks.n > TRANSFER_UP_TO {
        return Ok(best);
    }
    for _ in 0..MOST_TURNS {
        let Some(moved) = transfer(blocks, &best, ctx)? else { break };
        let next = lloyd(blocks, moved, ctx)?;
        if next.inertia >= best.inertia {
            break;
        }
        best = next;
    }
    Ok(best)
}

/// Lloyd's iteration to its end: first over the tree, until the centroids stand still but for rounding; then row
/// by row, until a whole pass changes no label and the centroids are the means of exactly these labels.
pub fn lloyd(blocks: &Blocks, centers: Vec<f64>, ctx: &Ctx) -> Result<Settled> {
    let mut centers = approach(blocks, centers, 1e-26 * blocks.scatter / blocks.n as f64, f64::INFINITY, ctx)?.centers;
    let mut step = Step::new(blocks, centers.len() / blocks.d, ctx);
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

/// One pass of Hartigan's exchange (Hartigan 1975, chapter 4): a row moves when that lowers the inertia once
/// both centroids have followed, that is when n_b/(n_b+1)·d²(b) < n_a/(n_a−1)·d²(a). Escapes many of the optima in
/// which Lloyd's iteration rests on small data. Returns the new centroids; `None` when no row moves.
fn transfer(blocks: &Blocks, from: &Settled, ctx: &Ctx) -> Result<Option<Vec<f64>>> {
    let d = blocks.d;
    let k = from.centers.len() / d;
    let labels = labels_of(blocks, &from.centers, ctx)?;
    let mut counts = vec![0.0; k];
    for &label in &labels {
        counts[label as usize] += 1.0;
    }
    let mut centers = from.centers.clone();
    let mut distances = vec![[0.0; BLOCK]; k];
    let mut row = vec![0.0; d];
    let mut moved = false;
    for (b, own) in labels.chunks(BLOCK).enumerate() {
        if b % TICK == 0 {
            ctx.tick(0, 1)?;
        }
        for (c, lane) in distances.iter_mut().enumerate() {
            squared(blocks.block(b), &centers[c * d..][..d], lane);
        }
        // The least cost of joining another cluster, for the whole block at once; rows rarely gain by moving.
        let (mut least, mut to) = ([f64::INFINITY; BLOCK], [0_u64; BLOCK]);
        for (c, lane) in distances.iter().enumerate() {
            let weight = counts[c] / (counts[c] + 1.0);
            for i in 0..BLOCK {
                let cost = if own.get(i) == Some(&(c as u32)) { f64::INFINITY } else { weight * lane[i] };
                to[i] = if cost < least[i] { c as u64 } else { to[i] };
                least[i] = if cost < least[i] { cost } else { least[i] };
            }
        }
        for (i, &a) in own.iter().enumerate() {
            let (a, to) = (a as usize, to[i] as usize);
            if counts[a] < 2.0 || least[i] >= counts[a] / (counts[a] - 1.0) * distances[a][i] * (1.0 - 1e-9) {
                continue;
            }
            blocks.copy_row(b * BLOCK + i, &mut row);
            for j in 0..d {
                centers[a * d + j] -= (row[j] - centers[a * d + j]) / (counts[a] - 1.0);
                centers[to * d + j] += (row[j] - centers[to * d + j]) / (counts[to] + 1.0);
            }
            counts[a] -= 1.0;
            counts[to] += 1.0;
            moved = true;
            // At most one move per block and pass: the distances above are those before it.
            break;
        }
    }
    Ok(moved.then_some(centers))
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
    let all: Vec<u32> = (0..(centers.len() / blocks.d) as u32).collect();
    for (b, own) in labels.chunks_mut(BLOCK).enumerate() {
        if b % TICK == 0 {
            ctx.tick(0, 1)?;
        }
        nearest(blocks.block(b), blocks.d, centers, &all, &mut label, &mut best);
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
        let filled: Vec<u32> = (0..counts.len() as u32).filter(|&c| counts[c as usize] > 0).collect();
        for b in 0..blocks.count {
            if b % TICK == 0 {
                ctx.tick(0, 1)?;
            }
            nearest(blocks.block(b), d, centers, &filled, &mut label, &mut best);
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
        if self.blocks.d > FILTER_UP_TO {
            for b in 0..self.blocks.count {
                if b % TICK == 0 {
                    self.ctx.tick(0, 1)?;
                }
                self.visit_block(centers, b, 0, self.counts.len());
            }
            return Ok(());
        }
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
        let (block, d) = (self.blocks.block(b), self.blocks.d);
        nearest(block, d, centers, &self.stack[from..to], &mut label, &mut best);
        if to - from > FEW_CANDIDATES && d > FILTER_UP_TO {
            for (i, &label) in label[..self.blocks.filled(b)].iter().enumerate() {
                let c = label as usize;
                self.counts[c] += 1;
                self.sums[c * d..][..d].iter_mut().enumerate().for_each(|(j, sum)| *sum += block[j * BLOCK + i]);
            }
            return;
        }
        label[self.blocks.filled(b)..].fill(u64::MAX);
        for &c in &self.stack[from..to] {
            let sums = &mut self.sums[c as usize * d..][..d];
            self.counts[c as usize] += add_labelled(block, &label, c, sums);
        }
    }

    /// The sums and counts of given labels, by place.
    fn count_labels(&mut self, labels: &[u32]) -> Result<()> {
        self.sums.fill(0.0);
        self.counts.fill(0);
        for b in 0..self.blocks.count {
            if b % TICK == 0 {
                self.ctx.tick(0, 1)?;
            }
            let block = self.blocks.block(b);
            for (i, &label) in labels[b * BLOCK..][..self.blocks.filled(b)].iter().enumerate() {
                self.counts[label as usize] += 1;
                for (j, sum) in self.sums[label as usize * self.blocks.d..][..self.blocks.d].iter_mut().enumerate() {
                    *sum += block[j * BLOCK + i];
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, c: usize, sum: &[f64], rows: usize) {
        self.counts[c] += rows;
        for (to, value) in self.sums[c * sum.len()..].iter_mut().zip(sum) {
            *to += value;
        }
    }

    /// The inertia of the step's clusters about their means: the whole scatter about the common mean, less what
    /// lies between the clusters.
    fn inertia(&self, means: &[f64]) -> f64 {
        let clusters = means.chunks_exact(self.blocks.d).zip(&self.counts);
        let between: f64 = clusters.map(|(m, &count)| count as f64 * squared_length(m, &self.blocks.mean)).sum();
        // Rounding may leave a little less than nothing.
        (self.blocks.scatter - between).max(0.0)
    }

    /// Moves the centroids to the means; one without rows stays. Returns the sum of squared shifts.
    fn means(&self, centers: &mut [f64]) -> f64 {
        let d = self.blocks.d;
        let mut shift = 0.0;
        for (c, &count) in self.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            for (center, sum) in centers[c * d..(c + 1) * d].iter_mut().zip(&self.sums[c * d..]) {
                let mean = sum / count as f64;
                shift += (mean - *center) * (mean - *center);
                *center = mean;
            }
        }
        shift
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
