//! The matrix as k-means wants it: blocks of near neighbours, column by column, under a tree of boxes.
//!
//! Rows are put in the order of a k-d tree whose leaves are blocks of exactly [`BLOCK`] rows (the last may
//! have fewer). Within a block the values lie feature by feature, so that distances to a centroid are plain
//! loops over neighbouring numbers. Each node knows the box around its rows and their sum, which lets Lloyd's
//! step give a whole box to one centroid without looking at its rows (Kanungo et al. 2002, "An efficient
//! k-means clustering algorithm", IEEE PAMI 24(7)). The tree is built once and serves every k and restart.
//!
//! Only the values of rows decide their places, so that what is worked out on blocks does not depend on the order
//! in which the rows came.

use std::cmp::Ordering;

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use crate::ctx::Ctx;
use crate::error::Result;

/// Rows per block.
pub const BLOCK: usize = 32;

/// Features that the tree may split by; of more, those with the widest ranges.
const SPLIT_BY: usize = 8;

/// Blocks per task where a pass over all rows is spread over threads. Fixed, so that sums do not depend on threads.
pub const TASK: usize = 512;

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
    /// Orders the rows of `x` (n × d, finite, n ≥ 1, d ≥ 1, fewer than 2³² rows). The same rows always give the same
    /// blocks, whatever their order and the number of threads.
    pub fn new(x: ArrayView2<f64>, ctx: &Ctx) -> Result<Blocks> {
        let (n, d) = x.dim();
        let x = x.as_standard_layout();
        // A matrix in standard layout is a slice; the fallback is never taken.
        let flat = x.as_slice().unwrap_or(&[]);
        let count = n.div_ceil(BLOCK);
        let mut rows = vec![0; n];
        let mut nodes = vec![0.0; 3 * d * (2 * count - 1)];
        let mut data = vec![0.0; count * d * BLOCK];
        let places = Places { rows: &mut rows[..], nodes: &mut nodes[..], data: &mut data[..] };
        let by = split_by(flat, d);
        match by.len() {
            0..=2 => fill::<2>(flat, d, &by, places, ctx)?,
            3 => fill::<3>(flat, d, &by, places, ctx)?,
            4 => fill::<4>(flat, d, &by, places, ctx)?,
            5 | 6 => fill::<6>(flat, d, &by, places, ctx)?,
            _ => fill::<SPLIT_BY>(flat, d, &by, places, ctx)?,
        }
        let mean: Vec<f64> = nodes[2 * d..3 * d].iter().map(|sum| sum / n as f64).collect();
        let mut blocks = Blocks { n, d, count, mean, scatter: 0.0, rows, data, nodes };
        blocks.scatter = blocks.scatter_about_mean();
        Ok(blocks)
    }

    fn scatter_about_mean(&self) -> f64 {
        let of_block = |b: usize| {
            let mut sum = 0.0;
            for (column, mean) in self.block(b).chunks_exact(BLOCK).zip(&self.mean) {
                sum += column[..self.filled(b)].iter().map(|v| (v - mean) * (v - mean)).sum::<f64>();
            }
            sum
        };
        let tasks = (0..self.count.div_ceil(TASK)).into_par_iter();
        let parts: Vec<f64> = tasks.map(|t| (t * TASK..((t + 1) * TASK).min(self.count)).map(of_block).sum()).collect();
        parts.iter().sum()
    }

    /// Means of every `rows` neighbouring rows (a power of two up to [`BLOCK`]).
    pub fn cells(&self, rows: usize) -> Array2<f64> {
        let mut means = Array2::zeros((self.n.div_ceil(rows), self.d));
        for (cell, mut mean) in means.rows_mut().into_iter().enumerate() {
            let first = cell * rows;
            let count = rows.min(self.n - first);
            for (j, to) in mean.iter_mut().enumerate() {
                let column = &self.block(first / BLOCK)[j * BLOCK..][..BLOCK];
                *to = column[first % BLOCK..][..count].iter().sum::<f64>() / count as f64;
            }
        }
        means
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

/// The features that the tree splits by: those of the widest ranges, widest first where there are too many.
fn split_by(flat: &[f64], d: usize) -> Vec<usize> {
    let mut by: Vec<usize> = (0..d).collect();
    if d > SPLIT_BY {
        let none = || vec![(f64::INFINITY, f64::NEG_INFINITY); d];
        let ranges = flat
            .par_chunks(d * TASK * BLOCK)
            .map(|rows| {
                let mut ranges = none();
                for row in rows.chunks_exact(d) {
                    for (range, &v) in ranges.iter_mut().zip(row) {
                        *range = (range.0.min(v), range.1.max(v));
                    }
                }
                ranges
            })
            .reduce(none, |a, b| a.iter().zip(b).map(|(p, q)| (p.0.min(q.0), p.1.max(q.1))).collect());
        let width = |j: usize| ranges[j].1 - ranges[j].0;
        by.sort_by(|&p, &q| width(q).total_cmp(&width(p)).then(p.cmp(&q)));
        by.truncate(SPLIT_BY);
    }
    by
}

/// A row on its way to its place, with the features that decide it. Rows are moved whole: looking them up costs more.
#[derive(Clone, Copy)]
struct Moving<const D: usize> {
    by: [f64; D],
    row: u32,
}

/// Where the rows, nodes and values of a part of the tree go.
struct Places<'a> {
    rows: &'a mut [u32],
    nodes: &'a mut [f64],
    data: &'a mut [f64],
}

struct Build<'a> {
    flat: &'a [f64],
    d: usize,
    ctx: &'a Ctx,
}

fn fill<const D: usize>(flat: &[f64], d: usize, by: &[usize], places: Places, ctx: &Ctx) -> Result<()> {
    let moving = |(row, values): (usize, &[f64])| Moving {
        by: std::array::from_fn(|j| by.get(j).map_or(0.0, |&j| values[j])),
        row: row as u32,
    };
    let mut rows: Vec<Moving<D>> = flat.par_chunks_exact(d).enumerate().with_min_len(4096).map(moving).collect();
    build(&Build { flat, d, ctx }, &mut rows, places)
}

/// Rows below which a subtree is built on one thread.
const PARALLEL_FROM: usize = 8192;

fn build<const D: usize>(b: &Build, rows: &mut [Moving<D>], places: Places) -> Result<()> {
    let d = b.d;
    if rows.len() >= 1024 {
        b.ctx.tick(0, 1)?;
    }
    let (own, below) = places.nodes.split_at_mut(3 * d);
    if rows.len() <= BLOCK {
        rows.sort_unstable_by(|p, q| b.by_values(p, q));
        b.leaf(rows, own, places.rows, places.data);
        return Ok(());
    }
    let left = left_half(rows.len().div_ceil(BLOCK));
    b.divide(rows, left * BLOCK, widest(rows));
    let parallel = rows.len() >= PARALLEL_FROM;
    let (moving_left, moving_right) = rows.split_at_mut(left * BLOCK);
    let (rows_left, rows_right) = places.rows.split_at_mut(left * BLOCK);
    let (nodes_left, nodes_right) = below.split_at_mut(3 * d * (2 * left - 1));
    let (data_left, data_right) = places.data.split_at_mut(left * d * BLOCK);
    let mut go_left = || build(b, moving_left, Places { rows: rows_left, nodes: nodes_left, data: data_left });
    let mut go_right = || build(b, moving_right, Places { rows: rows_right, nodes: nodes_right, data: data_right });
    if parallel {
        let (l, r) = rayon::join(go_left, go_right);
        l.and(r)?;
    } else {
        go_left()?;
        go_right()?;
    }
    let (first, second) = (&below[..3 * d], &below[3 * d * (2 * left - 1)..][..3 * d]);
    for j in 0..d {
        own[j] = first[j].min(second[j]);
        own[d + j] = first[d + j].max(second[d + j]);
        own[2 * d + j] = first[2 * d + j] + second[2 * d + j];
    }
    Ok(())
}

/// The feature of widest range, the first of equals.
fn widest<const D: usize>(rows: &[Moving<D>]) -> usize {
    let (mut lo, mut hi) = ([f64::INFINITY; D], [f64::NEG_INFINITY; D]);
    for row in rows {
        for j in 0..D {
            lo[j] = if row.by[j] < lo[j] { row.by[j] } else { lo[j] };
            hi[j] = if row.by[j] > hi[j] { row.by[j] } else { hi[j] };
        }
    }
    let mut widest = 0;
    for j in 1..D {
        if hi[j] - lo[j] > hi[widest] - lo[widest] {
            widest = j;
        }
    }
    widest
}

/// Puts the rows for which `first` holds before the others, and returns how many they are.
fn together<const D: usize>(rows: &mut [Moving<D>], first: impl Fn(&Moving<D>) -> bool) -> usize {
    let mut end = 0;
    for at in 0..rows.len() {
        let holds = first(&rows[at]);
        rows.swap(end, at);
        end += usize::from(holds);
    }
    end
}

impl Build<'_> {
    /// Puts the `at` least rows first, by the feature `first`, equal ones by all features in turn.
    fn divide<const D: usize>(&self, rows: &mut [Moving<D>], at: usize, first: usize) {
        let by_first = |p: &Moving<D>, q: &Moving<D>| p.by[first].total_cmp(&q.by[first]);
        let (_, middle, _) = rows.select_nth_unstable_by(at, by_first);
        // Only those equal to the middle are in doubt. Counts of orders and whole days have very many of them.
        let middle = middle.by[first];
        let from = together(&mut rows[..at], |row| row.by[first] < middle);
        let to = at + together(&mut rows[at..], |row| row.by[first] <= middle);
        if to - from > 1 && from < at {
            rows[from..to].select_nth_unstable_by(at - from, |p, q| self.by_values(p, q));
        }
    }

    /// By all features in turn. Equal rows have no order, and need none.
    #[inline(always)]
    fn by_values<const D: usize>(&self, p: &Moving<D>, q: &Moving<D>) -> Ordering {
        for j in 0..D {
            if p.by[j] != q.by[j] {
                return p.by[j].total_cmp(&q.by[j]);
            }
        }
        if self.d <= D { Ordering::Equal } else { self.by_all_values(p, q) }
    }

    #[cold]
    fn by_all_values<const D: usize>(&self, p: &Moving<D>, q: &Moving<D>) -> Ordering {
        let row = |at: u32| &self.flat[at as usize * self.d..][..self.d];
        let pairs = row(p.row).iter().zip(row(q.row));
        pairs.map(|(a, b)| a.total_cmp(b)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn leaf<const D: usize>(&self, moving: &[Moving<D>], node: &mut [f64], rows: &mut [u32], data: &mut [f64]) {
        let d = self.d;
        for (to, from) in rows.iter_mut().zip(moving) {
            *to = from.row;
        }
        for (i, from) in moving.iter().enumerate() {
            // Up to SPLIT_BY features a row has all of its values with it.
            let values = if d <= D { &from.by[..d] } else { &self.flat[from.row as usize * d..][..d] };
            for (j, value) in values.iter().enumerate() {
                data[j * BLOCK + i] = *value;
            }
        }
        for (j, column) in data.chunks_exact_mut(BLOCK).enumerate() {
            let (filled, rest) = column.split_at_mut(moving.len());
            rest.fill(filled[filled.len() - 1]);
            node[j] = filled.iter().copied().fold(f64::INFINITY, f64::min);
            node[d + j] = filled.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            node[2 * d + j] = filled.iter().sum();
        }
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
