//! The data sets that checks are made on: a sample of the customers, bootstrap samples and halves of it, and even spreads.
//!
//! Customers are put in the order of their values first, so that what is drawn depends on who is there, not on the order
//! of the rows.

use std::cmp::Ordering;

use hashbrown::HashMap;
use ndarray::{Array2, Axis};
use rand::seq::SliceRandom;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::{Data, WordColumn};
use crate::ctx::Ctx;
use crate::error::Result;

/// Rows between two looks at the clock.
const TICK: usize = 16_384;

/// Customers, and where they stand in what they were taken from.
pub struct Drawn {
    /// Ascending; a customer who was drawn twice stands here twice.
    pub rows: Vec<usize>,
    pub x: Array2<f64>,
    pub words: Vec<WordColumn>,
}

impl Drawn {
    /// The customers at `rows` of `data`.
    pub fn of(data: &Data, rows: Vec<usize>) -> Drawn {
        let words = data.words.iter().map(|column| WordColumn {
            codes: rows.iter().map(|&row| column.codes[row]).collect(),
            ..WordColumn { name: column.name.clone(), codes: Vec::new(), names: column.names.clone() }
        });
        Drawn { x: data.x.select(Axis(0), &rows), words: words.collect(), rows }
    }

    /// As what is clustered.
    pub fn data(&self) -> Data<'_> {
        Data { x: self.x.view(), words: &self.words }
    }
}

/// `size` customers drawn by `seed`, all of them where there are no more, in the order of their values. Equal customers
/// are drawn one by one like others.
pub fn sample(data: &Data, size: usize, seed: u64, ctx: &Ctx) -> Result<Drawn> {
    let n = data.x.nrows();
    let mut rows: Vec<usize> = if n <= size { (0..n).collect() } else { lowest_keys(data, size, seed, ctx)? };
    rows.sort_unstable_by(|&a, &b| by_values(data, a, b));
    Ok(Drawn::of(data, rows))
}

/// The customers with the lowest keys, which are random but depend on their values alone; equal customers have different
/// ones, as their number among their like is part of the key.
fn lowest_keys(data: &Data, size: usize, seed: u64, ctx: &Ctx) -> Result<Vec<usize>> {
    let n = data.x.nrows();
    let words: Vec<Vec<u64>> = data
        .words
        .iter()
        .map(|column| column.names.iter().map(|name| name.bytes().fold(1, |h, b| mix(h, u64::from(b)))).collect())
        .collect();
    let mut like: HashMap<u64, u64> = HashMap::with_capacity(n);
    let mut keys: Vec<(u64, usize)> = Vec::with_capacity(n);
    for (row, values) in data.x.rows().into_iter().enumerate() {
        if row % TICK == 0 {
            ctx.tick(row, n)?;
        }
        // Adding zero makes one zero of both.
        let numbers = values.iter().fold(seed, |h, v| mix(h, (v + 0.0).to_bits()));
        let whole = data.words.iter().zip(&words).fold(numbers, |h, (c, hashes)| mix(h, hashes[c.codes[row] as usize]));
        let copy = like.entry(whole).or_insert(0);
        *copy += 1;
        keys.push((mix(whole, *copy), row));
    }
    keys.select_nth_unstable(size);
    keys.truncate(size);
    Ok(keys.into_iter().map(|(_, row)| row).collect())
}

fn by_values(data: &Data, a: usize, b: usize) -> Ordering {
    let numbers = data.x.row(a).into_iter().zip(data.x.row(b));
    let words = data.words.iter().map(|c| c.names[c.codes[a] as usize].cmp(&c.names[c.codes[b] as usize]));
    numbers.map(|(p, q)| p.total_cmp(q)).chain(words).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
}

/// As many customers as there are in `from`, drawn with replacement.
pub fn bootstrap(from: &Drawn, rng: &mut Xoshiro256PlusPlus) -> Drawn {
    let n = from.rows.len();
    let mut rows: Vec<usize> = (0..n).map(|_| rng.gen_range(0..n)).collect();
    rows.sort_unstable();
    Drawn::of(&from.data(), rows)
}

/// The customers of `from` in two halves; of an odd number the second is larger.
pub fn halves(from: &Drawn, rng: &mut Xoshiro256PlusPlus) -> [Drawn; 2] {
    let n = from.rows.len();
    let mut all: Vec<usize> = (0..n).collect();
    all.shuffle(rng);
    let (first, second) = all.split_at(n / 2);
    [first, second].map(|half| {
        let mut rows = half.to_vec();
        rows.sort_unstable();
        Drawn::of(&from.data(), rows)
    })
}

/// A generator for one purpose: equal numbers, equal draws.
pub fn generator(seed: u64, purpose: u64, number: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(mix(mix(seed, purpose), number))
}

/// Two numbers stirred into one by the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
pub fn mix(state: u64, value: u64) -> u64 {
    let mut z = (state ^ value.wrapping_mul(0xD1B5_4A32_D192_ED03)).wrapping_add(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 5,000 customers of whom many are equal, in an order of choice.
    fn customers(step: usize) -> Array2<f64> {
        Array2::from_shape_fn((5000, 2), |(i, j)| {
            let i = i * step % 5000;
            ((i % 70) * (j + 1)) as f64 + (i / 2500) as f64 * 0.5
        })
    }

    #[test]
    fn a_sample_depends_on_who_is_there_and_not_on_their_order() {
        let (a, b) = (customers(1), customers(4999));
        let draw = |x: &Array2<f64>, seed| sample(&Data::numbers(x.view()), 800, seed, &Ctx::silent()).unwrap();
        assert_eq!(draw(&a, 7).x, draw(&b, 7).x);
        assert_ne!(draw(&a, 7).x, draw(&a, 8).x);
        assert_eq!(draw(&a, 7).rows.len(), 800);
        let mut rows = draw(&a, 7).rows;
        rows.sort_unstable();
        rows.dedup();
        assert_eq!(rows.len(), 800, "nobody is drawn twice");
        // 140 different customers, about 36 of each: about 5.7 of each are drawn.
        let first = a.row(0).to_owned();
        let like = draw(&a, 7).x.rows().into_iter().filter(|r| *r == first).count();
        assert!((1..20).contains(&like), "{like}");
    }

    #[test]
    fn all_customers_are_the_sample_where_they_are_few() {
        let x = customers(1);
        let all = sample(&Data::numbers(x.view()), 5000, 1, &Ctx::silent()).unwrap();
        assert_eq!(all.rows.len(), 5000);
        assert!(all.x.rows().into_iter().zip(all.x.rows().into_iter().skip(1)).all(|(p, q)| p[0] <= q[0]));
    }

    #[test]
    fn halves_part_everybody_and_a_bootstrap_sample_repeats_some() {
        let x = customers(1);
        let all = sample(&Data::numbers(x.view()), 101, 1, &Ctx::silent()).unwrap();
        let [a, b] = halves(&all, &mut generator(1, 2, 3));
        assert_eq!((a.rows.len(), b.rows.len()), (50, 51));
        let mut together = [a.rows, b.rows].concat();
        together.sort_unstable();
        assert_eq!(together, (0..101).collect::<Vec<_>>());
        let drawn = bootstrap(&all, &mut generator(1, 2, 3));
        let mut distinct = drawn.rows.clone();
        distinct.dedup();
        assert_eq!(drawn.rows.len(), 101);
        // 63.2 of 101 are expected.
        assert!((50..80).contains(&distinct.len()), "{}", distinct.len());
    }
}
