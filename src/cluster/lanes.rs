//! All rows for vector code, in the order in which they came, and sums that do not depend on that order.
//!
//! A sum of floating-point numbers depends on the order of its additions. Here every value is split into two parts that
//! are multiples of two fixed units, so coarse that no addition of them ever rounds (Demmel & Nguyen 2013, "Fast
//! reproducible floating-point summation", IEEE ARITH). Such sums are the same in any order and on any number of threads,
//! rows can be taken out again without a trace, and what is left out is below 2⁻⁶⁰ of the largest value.

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::blocks::BLOCK;

/// Rows per task of a pass over all rows.
pub const TASK_ROWS: usize = 256 * BLOCK;

/// Rows in blocks of [`BLOCK`], feature by feature within each; the last block is filled up with its last row.
pub struct Lanes {
    /// Rows and features.
    pub n: usize,
    pub d: usize,
    data: Vec<f64>,
}

impl Lanes {
    /// The rows of `x` (n ≥ 1).
    pub fn new(x: ArrayView2<f64>) -> Lanes {
        let (n, d) = x.dim();
        let x = x.as_standard_layout();
        // A matrix in standard layout is a slice; the fallback is never taken.
        let flat = x.as_slice().unwrap_or(&[]);
        let mut data = vec![0.0; n.div_ceil(BLOCK) * BLOCK * d];
        data.par_chunks_mut(TASK_ROWS * d).zip(flat.par_chunks(TASK_ROWS * d)).for_each(|(to, from)| {
            for (to, from) in to.chunks_exact_mut(BLOCK * d).zip(from.chunks(BLOCK * d)) {
                transpose(from, d, to);
            }
        });
        Lanes { n, d, data }
    }

    /// Some rows, by their places.
    pub fn select(&self, places: &[u32]) -> Lanes {
        let d = self.d;
        let mut data = vec![0.0; places.len().div_ceil(BLOCK) * BLOCK * d];
        data.par_chunks_mut(TASK_ROWS * d).zip(places.par_chunks(TASK_ROWS)).for_each(|(to, places)| {
            for (to, places) in to.chunks_exact_mut(BLOCK * d).zip(places.chunks(BLOCK)) {
                for i in 0..BLOCK {
                    let place = places[i.min(places.len() - 1)] as usize;
                    let from = &self.data[place / BLOCK * BLOCK * d..][..BLOCK * d];
                    for j in 0..d {
                        to[j * BLOCK + i] = from[j * BLOCK + place % BLOCK];
                    }
                }
            }
        });
        Lanes { n: places.len(), d, data }
    }

    /// The values of the blocks from `first` on, one after the other.
    pub fn blocks_from(&self, first: usize) -> impl Iterator<Item = &[f64]> {
        self.data[first * BLOCK * self.d..].chunks_exact(BLOCK * self.d)
    }

    /// One feature of one row.
    pub fn value(&self, row: usize, j: usize) -> f64 {
        self.data[(row / BLOCK * self.d + j) * BLOCK + row % BLOCK]
    }
}

/// Up to [`BLOCK`] rows, feature by feature.
fn transpose(from: &[f64], d: usize, to: &mut [f64]) {
    let rows = from.len() / d;
    for (i, row) in from.chunks_exact(d).enumerate() {
        for (j, value) in row.iter().enumerate() {
            to[j * BLOCK + i] = *value;
        }
    }
    for column in to.chunks_exact_mut(BLOCK) {
        let last = column[rows - 1];
        column[rows..].fill(last);
    }
}

/// The two units in which the values of one feature are added up, each times 1.5·2⁵²: adding and subtracting that rounds
/// to a multiple of the unit.
#[derive(Debug, Clone, Copy)]
pub struct Units {
    coarse: f64,
    fine: f64,
}

impl Units {
    /// Units for sums of up to `n` values of magnitudes up to `largest`.
    pub fn new(largest: f64, n: usize) -> Units {
        // 2 to the power of e is at least n times the largest; units of 2^(e − 51) keep every partial sum below 2⁵².
        let power =
            |bound: f64| if bound > 0.0 { 2f64.powi((bound * n as f64).log2().ceil() as i32 - 51) } else { 0.0 };
        let coarse = power(largest);
        let to_round = 1.5 * 2f64.powi(52);
        Units { coarse: coarse * to_round, fine: power(coarse) * to_round }
    }

    /// The two parts of a value.
    #[inline(always)]
    pub fn parts(self, value: f64) -> (f64, f64) {
        let coarse = (value + self.coarse) - self.coarse;
        (coarse, ((value - coarse) + self.fine) - self.fine)
    }
}

/// Sums of rows and their number for each of k clusters.
#[derive(Debug, Clone)]
pub struct Sums {
    coarse: Vec<f64>,
    fine: Vec<f64>,
    pub counts: Vec<i64>,
}

impl Sums {
    pub fn new(k: usize, d: usize) -> Sums {
        Sums { coarse: vec![0.0; k * d], fine: vec![0.0; k * d], counts: vec![0; k] }
    }

    /// Adds row `i` of a block to cluster `c`, or takes it out with a `sign` of −1.
    #[inline(always)]
    pub fn add(&mut self, block: &[f64], i: usize, c: usize, sign: i64, units: &[Units]) {
        let d = units.len();
        let (coarse, fine) = (&mut self.coarse[c * d..][..d], &mut self.fine[c * d..][..d]);
        for j in 0..d {
            let (large, small) = units[j].parts(block[j * BLOCK + i]);
            coarse[j] += sign as f64 * large;
            fine[j] += sign as f64 * small;
        }
        self.counts[c] += sign;
    }

    /// Adds the sums of other rows.
    pub fn merge(mut self, other: &Sums) -> Sums {
        self.coarse.iter_mut().zip(&other.coarse).for_each(|(to, v)| *to += v);
        self.fine.iter_mut().zip(&other.fine).for_each(|(to, v)| *to += v);
        self.counts.iter_mut().zip(&other.counts).for_each(|(to, v)| *to += v);
        self
    }

    /// The mean of cluster `c`, one number per feature; it needs rows.
    pub fn mean(&self, c: usize) -> impl Iterator<Item = f64> {
        let d = self.coarse.len() / self.counts.len();
        let (count, of) = (self.counts[c] as f64, c * d..(c + 1) * d);
        self.coarse[of.clone()].iter().zip(&self.fine[of]).map(move |(coarse, fine)| (coarse + fine) / count)
    }
}

/// The sum of `value` over all blocks of a matrix (given the first row of a block and its values), none of them above
/// `largest` in magnitude; the same in any order of the rows.
pub fn sum_over(lanes: &Lanes, largest: f64, value: impl Fn(usize, &[f64], &mut [f64; BLOCK]) + Sync) -> f64 {
    let units = Units::new(largest, lanes.n);
    let task = |task: usize| {
        let (mut coarse, mut fine) = (0.0, 0.0);
        let mut values = [0.0; BLOCK];
        let first = task * TASK_ROWS;
        let blocks = lanes.blocks_from(first / BLOCK).take(TASK_ROWS / BLOCK).enumerate();
        for (b, block) in blocks {
            let row = first + b * BLOCK;
            value(row, block, &mut values);
            for &v in &values[..(lanes.n - row).min(BLOCK)] {
                let (large, small) = units.parts(v);
                coarse += large;
                fine += small;
            }
        }
        (coarse, fine)
    };
    let sums = (0..lanes.n.div_ceil(TASK_ROWS)).into_par_iter().map(task);
    let (coarse, fine) = sums.reduce(|| (0.0, 0.0), |a, b| (a.0 + b.0, a.1 + b.1));
    coarse + fine
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Axis};

    use super::*;

    #[test]
    fn sums_are_the_same_in_any_order_and_after_taking_rows_out_again() {
        let n = 3000;
        let x =
            Array2::from_shape_fn((n, 2), |(i, j)| ((i * 7919 + j) as f64 * 0.731).sin() * 10f64.powi(i as i32 % 7));
        let sums = |order: &[usize], twice: &[usize]| {
            let lanes = Lanes::new(x.select(Axis(0), order).view());
            let units = vec![Units::new(1e6, n); 2];
            let mut sums = Sums::new(1, 2);
            let blocks: Vec<&[f64]> = lanes.blocks_from(0).collect();
            for &i in twice {
                sums.add(blocks[i / BLOCK], i % BLOCK, 0, 1, &units);
            }
            (0..n).for_each(|i| sums.add(blocks[i / BLOCK], i % BLOCK, 0, 1, &units));
            for &i in twice {
                sums.add(blocks[i / BLOCK], i % BLOCK, 0, -1, &units);
            }
            assert_eq!(sums.counts, [n as i64]);
            sums.mean(0).map(f64::to_bits).collect::<Vec<_>>()
        };
        let forward: Vec<usize> = (0..n).collect();
        let backward: Vec<usize> = (0..n).rev().collect();
        let expected = sums(&forward, &[]);
        assert_eq!(sums(&backward, &[]), expected);
        assert_eq!(sums(&forward, &[5, 900, 17, 2999]), expected);
        for (j, mean) in expected.into_iter().map(f64::from_bits).enumerate() {
            let plain = x.column(j).mean().unwrap();
            assert!((mean - plain).abs() < 1e-9, "{mean} {plain}");
        }
    }

    #[test]
    fn rows_keep_their_places() {
        let x = Array2::from_shape_fn((70, 3), |(i, j)| (i * 10 + j) as f64);
        let lanes = Lanes::new(x.view());
        let picked = lanes.select(&[69, 3, 40]);
        assert_eq!((lanes.value(69, 2), picked.value(0, 2), picked.value(2, 1)), (692.0, 692.0, 401.0));
        assert_eq!(picked.n, 3);
    }
}
