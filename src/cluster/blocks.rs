//! The matrix as k-means wants it: blocks of near neighbours, column by column, under a tree of boxes.
//!
//! Rows are put in the order of a k-d tree whose leaves are blocks of exactly [`BLOCK`] rows (the last may
//! have fewer). Within a block the values lie feature by feature, so that distances to a centroid are plain
//! loops over neighbouring numbers. Each node knows the box around its rows and their sum, which lets Lloyd's
//! step give a whole box to one centroid without looking at its rows (Kanungo et al. 2002, "An efficient
//! k-means clustering algorithm", IEEE PAMI 24(7)). The tree is built once and serves every k and restart.

use ndarray::ArrayView2;

use crate::ctx::Ctx;
use crate::error::Result;

/// Rows per block.
pub const BLOCK: usize = 32;

/// Rows of the matrix in blocks, and the tree over them.
pub struct Blocks {
    /// Rows.
    pub n: usize,
    /// Features.
    pub d: usize,
    /// Blocks; at least one.
    pub count: usize,
    /// Mean of all rows.
    pub mean: Vec<f64>,
    /// Sum of squared distances of all rows to their mean.
    pub scatter: f64,
    /// `rows[i]` is the row of the matrix at place `i`.
    pub rows: Vec<u32>,
    /// `data[(b·d + j)·BLOCK + i]` is feature j of row i of block b. A last block with fewer rows is filled up
    /// with copies of its last row; nothing may count them.
    data: Vec<f64>,
    /// In preorder, 3·d numbers per node: lower corner, upper corner, sum of rows.
    nodes: Vec<f64>,
}

/// A node of the tree: where it stands, and the blocks below it.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    index: usize,
    pub first: usize,
    pub end: usize,
}

impl Node {
    /// Its place in preorder; there are fewer than twice as many nodes as blocks.
    pub fn index(self) -> usize {
        self.index
    }

    /// The two halves; `None` for a single block. A subtree over q blocks has 2q − 1 nodes, so that places
    /// in preorder follow without pointers.
    pub fn halves(self) -> Option<(Node, Node)> {
        if self.end - self.first < 2 {
            return None;
        }
        let left = left_half(self.end - self.first);
        Some((
            Node { index: self.index + 1, first: self.first, end: self.first + left },
            Node { index: self.index + 2 * left, first: self.first + left, end: self.end },
        ))
    }
}

fn left_half(blocks: usize) -> usize {
    blocks.div_ceil(2)
}

impl Blocks {
    /// Orders the rows of `x` (n × d, finite, n ≥ 1, fewer than 2³² rows). The same matrix always gives the same
    /// blocks, whatever the number of threads.
    pub fn new(x: ArrayView2<f64>, ctx: &Ctx) -> Result<Blocks> {
        let (n, d) = x.dim();
        let x = x.as_standard_layout();
        // A matrix in standard layout is a slice; the fallback is never taken.
        let flat = x.as_slice().unwrap_or(&[]);
        let count = n.div_ceil(BLOCK);
        let mut rows: Vec<u32> = (0..n as u32).collect();
        let mut nodes = vec![0.0; 3 * d * (2 * count - 1)];
        let mut data = vec![0.0; count * d * BLOCK];
        build(&Build { flat, d, ctx }, &mut rows, &mut nodes, &mut data)?;
        let mean: Vec<f64> = nodes[2 * d..3 * d].iter().map(|sum| sum / n as f64).collect();
        let mut scatter = 0.0;
        for row in flat.chunks_exact(d) {
            scatter += row.iter().zip(&mean).map(|(v, m)| (v - m) * (v - m)).sum::<f64>();
        }
        Ok(Blocks { n, d, count, mean, scatter, rows, data, nodes })
    }

    /// The node over all blocks.
    pub fn root(&self) -> Node {
        Node { index: 0, first: 0, end: self.count }
    }

    /// Lower corner, upper corner and sum of rows of a node.
    pub fn node(&self, node: Node) -> (&[f64], &[f64], &[f64]) {
        let at = &self.nodes[3 * self.d * node.index..][..3 * self.d];
        let (lo, rest) = at.split_at(self.d);
        let (hi, sum) = rest.split_at(self.d);
        (lo, hi, sum)
    }

    /// Rows below a node.
    pub fn rows_in(&self, node: Node) -> usize {
        (node.end * BLOCK).min(self.n) - node.first * BLOCK
    }

    /// The values of one block, feature by feature.
    pub fn block(&self, b: usize) -> &[f64] {
        &self.data[b * self.d * BLOCK..][..self.d * BLOCK]
    }

    /// Rows in a block that count.
    pub fn filled(&self, b: usize) -> usize {
        (self.n - b * BLOCK).min(BLOCK)
    }

    /// Copies the row at `place` into `to`.
    pub fn copy_row(&self, place: usize, to: &mut [f64]) {
        let block = self.block(place / BLOCK);
        for (j, value) in to.iter_mut().enumerate() {
            *value = block[j * BLOCK + place % BLOCK];
        }
    }
}

struct Build<'a> {
    flat: &'a [f64],
    d: usize,
    ctx: &'a Ctx,
}

/// Rows below which a subtree is built on one thread.
const PARALLEL_FROM: usize = 8192;

fn build(b: &Build, rows: &mut [u32], nodes: &mut [f64], data: &mut [f64]) -> Result<()> {
    let d = b.d;
    if rows.len() >= 1024 {
        b.ctx.tick(0, 1)?;
    }
    let (own, below) = nodes.split_at_mut(3 * d);
    let (lo, rest) = own.split_at_mut(d);
    let (hi, sum) = rest.split_at_mut(d);
    lo.fill(f64::INFINITY);
    hi.fill(f64::NEG_INFINITY);
    for &row in rows.iter() {
        let values = &b.flat[row as usize * d..][..d];
        for j in 0..d {
            lo[j] = lo[j].min(values[j]);
            hi[j] = hi[j].max(values[j]);
            sum[j] += values[j];
        }
    }
    if rows.len() <= BLOCK {
        for j in 0..d {
            for i in 0..BLOCK {
                data[j * BLOCK + i] = b.flat[rows[i.min(rows.len() - 1)] as usize * d + j];
            }
        }
        return Ok(());
    }
    let blocks = rows.len().div_ceil(BLOCK);
    let left = left_half(blocks);
    let widest = (0..d).max_by(|&p, &q| (hi[p] - lo[p]).total_cmp(&(hi[q] - lo[q])).then(q.cmp(&p))).unwrap_or(0);
    let value = |row: u32| b.flat[row as usize * d + widest];
    rows.select_nth_unstable_by(left * BLOCK, |&p, &q| value(p).total_cmp(&value(q)).then(p.cmp(&q)));
    let parallel = rows.len() >= PARALLEL_FROM;
    let (rows_left, rows_right) = rows.split_at_mut(left * BLOCK);
    let (nodes_left, nodes_right) = below.split_at_mut(3 * d * (2 * left - 1));
    let (data_left, data_right) = data.split_at_mut(left * d * BLOCK);
    let mut go_left = || build(b, rows_left, nodes_left, data_left);
    let mut go_right = || build(b, rows_right, nodes_right, data_right);
    if parallel {
        let (l, r) = rayon::join(go_left, go_right);
        l.and(r)
    } else {
        go_left()?;
        go_right()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn every_row_is_in_exactly_one_block_and_inside_its_boxes() {
        for n in [1, 31, 32, 33, 64, 65, 1000] {
            let x = Array2::from_shape_fn((n, 3), |(i, j)| ((i * 7919 + j * 104_729) % 1009) as f64);
            let blocks = Blocks::new(x.view(), &Ctx::silent()).unwrap();
            let mut seen: Vec<u32> = blocks.rows.clone();
            seen.sort_unstable();
            assert_eq!(seen, (0..n as u32).collect::<Vec<_>>());
            let mut stack = vec![blocks.root()];
            let mut leaves = 0;
            while let Some(node) = stack.pop() {
                let (lo, hi, sum) = blocks.node(node);
                let places = node.first * BLOCK..node.first * BLOCK + blocks.rows_in(node);
                for j in 0..3 {
                    let mut total = 0.0;
                    for place in places.clone() {
                        let value = x[[blocks.rows[place] as usize, j]];
                        assert!(lo[j] <= value && value <= hi[j]);
                        assert_eq!(blocks.block(place / BLOCK)[j * BLOCK + place % BLOCK], value);
                        total += value;
                    }
                    assert_eq!(total, sum[j]);
                }
                match node.halves() {
                    Some((l, r)) => stack.extend([l, r]),
                    None => leaves += 1,
                }
            }
            assert_eq!(leaves, blocks.count);
        }
    }
}
