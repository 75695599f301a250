//! The different rows of the data, in an order that depends on their values alone.
//!
//! Whatever works on these rows with their weights finds the same partition however the customers are ordered, and gives
//! equal customers equal labels.

use std::cmp::Ordering;

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::algorithm::Data;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Rows sorted or merged between two calls of `tick`.
const RUN: usize = 8192;

/// Each different row once, sorted lexicographically: numbers first, then words by their text.
pub(super) struct Distinct {
    /// Features of numbers.
    pub d: usize,
    /// m × d row-major.
    pub values: Vec<f64>,
    /// m × columns of words: places in the names of each column.
    pub words: Vec<u32>,
    /// How many customers have this row.
    pub weights: Vec<u32>,
    /// The row of each customer.
    pub of: Vec<u32>,
}

impl Distinct {
    /// Finds the different rows of `data`.
    ///
    /// # Errors
    /// [`Error::Data`] for values that are not finite.
    pub fn new(data: &Data, ctx: &Ctx) -> Result<Distinct> {
        let (n, d) = data.x.dim();
        // Zero and minus zero are one value.
        let flat: Vec<f64> = data.x.iter().map(|v| v + 0.0).collect();
        if let Some(at) = flat.iter().position(|v| !v.is_finite()) {
            return Err(Error::data(format!(
                "Feature {} has no finite value for customer {}; leave the feature or the customer out, or say what missing values count as.",
                at % d + 1,
                at / d + 1
            )));
        }
        let ranks: Vec<Vec<u32>> = data.words.iter().map(|column| ranks(&column.names)).collect();
        let rank = |column: usize, row: usize| ranks[column][data.words[column].codes[row] as usize];
        let compare = |&(p, a): &(u64, u32), &(q, b): &(u64, u32)| {
            let (a, b) = (a as usize, b as usize);
            p.cmp(&q)
                .then_with(|| {
                    let pairs = flat[a * d..][..d].iter().zip(&flat[b * d..][..d]);
                    pairs.map(|(p, q)| p.total_cmp(q)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
                })
                .then_with(|| {
                    let columns = 0..ranks.len();
                    columns.map(|c| rank(c, a).cmp(&rank(c, b))).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
                })
        };
        let keys = (0..n).map(|row| (if d > 0 { ordered(flat[row * d]) } else { 0 }, row as u32)).collect();
        let sorted = sorted(keys, &compare, ctx)?;

        let mut out = Distinct { d, values: Vec::new(), words: Vec::new(), weights: Vec::new(), of: vec![0; n] };
        for (place, key) in sorted.iter().enumerate() {
            let row = key.1 as usize;
            if place == 0 || compare(&sorted[place - 1], key).is_ne() {
                out.values.extend_from_slice(&flat[row * d..][..d]);
                out.words.extend(data.words.iter().map(|column| column.codes[row]));
                out.weights.push(0);
            }
            let last = out.weights.len() - 1;
            out.weights[last] += 1;
            out.of[row] = last as u32;
        }
        Ok(out)
    }

    /// How many different rows there are.
    pub fn len(&self) -> usize {
        self.weights.len()
    }

    /// Customers.
    pub fn customers(&self) -> usize {
        self.of.len()
    }

    /// The numbers of one row.
    pub fn row(&self, at: usize) -> &[f64] {
        &self.values[at * self.d..][..self.d]
    }

    /// The numbers of all rows, m × d.
    pub fn view(&self) -> ArrayView2<'_, f64> {
        // Both were made together.
        ArrayView2::from_shape((self.len(), self.d), &self.values).expect("m × d values")
    }

    /// Some of the different rows, ascending places, as if there were no others.
    pub fn at(&self, places: &[usize]) -> Distinct {
        let columns = self.words.len() / self.len().max(1);
        Distinct {
            d: self.d,
            values: places.iter().flat_map(|&at| self.row(at)).copied().collect(),
            words: places.iter().flat_map(|&at| &self.words[at * columns..][..columns]).copied().collect(),
            weights: places.iter().map(|&at| self.weights[at]).collect(),
            of: (0..places.len() as u32).flat_map(|at| vec![at; self.weights[places[at as usize]] as usize]).collect(),
        }
    }

    /// What holds of the different rows, for every customer.
    pub fn for_customers<T: Copy + Send + Sync>(&self, of_rows: &[T]) -> Vec<T> {
        self.of.iter().map(|&at| of_rows[at as usize]).collect()
    }
}

/// A whole number that is ordered as the (finite) number is.
fn ordered(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The place of each name in alphabetical order, so that codes given in another order sort alike.
fn ranks(names: &[String]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..names.len() as u32).collect();
    order.sort_by(|&a, &b| names[a as usize].cmp(&names[b as usize]));
    let mut ranks = vec![0; names.len()];
    let mut rank = 0;
    for (place, &code) in order.iter().enumerate() {
        if place > 0 && names[order[place - 1] as usize] != names[code as usize] {
            rank = place as u32;
        }
        ranks[code as usize] = rank;
    }
    ranks
}

type Key = (u64, u32);

/// Merge sort that can be stopped.
fn sorted(mut keys: Vec<Key>, compare: &(impl Fn(&Key, &Key) -> Ordering + Sync), ctx: &Ctx) -> Result<Vec<Key>> {
    let n = keys.len();
    // Rows that are equal stay in the order of their numbers, so that the result is the same for any number of threads.
    let whole = |a: &Key, b: &Key| compare(a, b).then(a.1.cmp(&b.1));
    keys.par_chunks_mut(RUN).try_for_each(|run| {
        ctx.tick(0, 1)?;
        run.sort_unstable_by(whole);
        Ok(())
    })?;
    let mut merged = keys.clone();
    let mut width = RUN;
    while width < n {
        merged.par_chunks_mut(2 * width).zip(keys.par_chunks(2 * width)).try_for_each(|(to, from)| {
            let (mut a, mut b) = from.split_at(width.min(from.len()));
            for (done, slot) in to.iter_mut().enumerate() {
                if done % RUN == 0 {
                    ctx.tick(0, 1)?;
                }
                let left = match (a.first(), b.first()) {
                    (Some(p), Some(q)) => whole(p, q).is_le(),
                    (p, _) => p.is_some(),
                };
                let source = if left { &mut a } else { &mut b };
                *slot = source[0];
                *source = &source[1..];
            }
            Ok(())
        })?;
        std::mem::swap(&mut keys, &mut merged);
        width *= 2;
    }
    Ok(keys)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::WordColumn;
    use ndarray::{Array2, array};

    #[test]
    fn rows_are_sorted_and_counted() {
        let x = array![[1.0, 2.0], [-3.0, 5.0], [1.0, 2.0], [1.0, -2.0], [-0.0, 0.0], [0.0, -0.0]];
        let rows = Distinct::new(&Data::numbers(x.view()), &Ctx::silent()).unwrap();
        assert_eq!(rows.view(), array![[-3.0, 5.0], [0.0, 0.0], [1.0, -2.0], [1.0, 2.0]]);
        assert_eq!(rows.weights, [1, 2, 1, 2]);
        assert_eq!(rows.of, [3, 0, 3, 2, 1, 1]);
    }

    #[test]
    fn words_count_by_their_text_not_their_codes() {
        let x = array![[1.0], [1.0], [1.0]];
        let names = |names: [&str; 2]| names.map(String::from).to_vec();
        for (codes, names) in [(vec![0, 1, 0], names(["b", "a"])), (vec![1, 0, 1], names(["a", "b"]))] {
            let words = [WordColumn { name: "w".into(), codes, names }];
            let rows = Distinct::new(&Data { x: x.view(), words: &words }, &Ctx::silent()).unwrap();
            assert_eq!(rows.of, [1, 0, 1]);
        }
    }

    #[test]
    fn many_rows_sort_as_one_run_does() {
        let x = Array2::from_shape_fn((3 * RUN + 17, 2), |(i, j)| ((i * 7919 + j * 31) % 3001) as f64 - 1500.0);
        let rows = Distinct::new(&Data::numbers(x.view()), &Ctx::silent()).unwrap();
        assert_eq!(rows.weights.iter().map(|&w| w as usize).sum::<usize>(), x.nrows());
        for (row, &at) in x.rows().into_iter().zip(&rows.of) {
            assert_eq!(row.as_slice().unwrap(), rows.row(at as usize));
        }
        for at in 1..rows.len() {
            assert!(rows.row(at - 1).partial_cmp(rows.row(at)).unwrap().is_lt());
        }
    }

    #[test]
    fn what_is_not_finite_is_a_sentence() {
        let x = array![[1.0, 2.0], [f64::NAN, 5.0]];
        let Err(error) = Distinct::new(&Data::numbers(x.view()), &Ctx::silent()) else { panic!("NaN passed") };
        assert!(error.to_string().starts_with("Feature 1 has no finite value for customer 2;"), "{error}");
    }
}
