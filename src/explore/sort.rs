//! Sorting many numbers on all cores, in parts that can be stopped between.

use rayon::prelude::*;

use crate::ctx::Ctx;
use crate::error::Result;

/// Numbers sorted at once on one thread.
const RUN: usize = 1 << 15;
/// Parts that many numbers are divided into before they are sorted.
const PARTS: u64 = 2048;

/// The keys of all lists in ascending order, as parts that follow on one another. Equal keys are in the same part.
pub(super) fn sorted_parts(lists: Vec<Vec<u64>>, ctx: &Ctx) -> Result<Vec<Vec<u64>>> {
    let total: usize = lists.iter().map(Vec::len).sum();
    if total <= RUN {
        let mut keys = lists.concat();
        keys.sort_unstable();
        return Ok(vec![keys]);
    }
    let ends = |list: &Vec<u64>| list.iter().fold((u64::MAX, 0), |(low, high), &k| (low.min(k), high.max(k)));
    let (low, high) = lists.par_iter().map(ends).reduce(|| (u64::MAX, 0), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    let shift = (u64::BITS - ((high - low) / PARTS).leading_zeros()).min(u64::BITS - 1);
    let parts = ((high - low) >> shift) as usize + 1;
    let share = |lists: &[Vec<u64>]| {
        let here: usize = lists.iter().map(Vec::len).sum();
        let mut out: Vec<Vec<u64>> = vec![Vec::with_capacity(here / parts); parts];
        for piece in lists.iter().flat_map(|list| list.chunks(RUN)) {
            ctx.tick(0, 2)?;
            piece.iter().for_each(|&k| out[((k - low) >> shift) as usize].push(k));
        }
        Ok(out)
    };
    let length = lists.len().div_ceil(rayon::current_num_threads());
    let shares: Vec<Vec<Vec<u64>>> = lists.par_chunks(length).map(share).collect::<Result<_>>()?;
    drop(lists);
    let part = |part: usize| {
        ctx.tick(1, 2)?;
        let mut all: Vec<u64> = Vec::with_capacity(shares.iter().map(|s| s[part].len()).sum());
        shares.iter().for_each(|s| all.extend_from_slice(&s[part]));
        all.sort_unstable();
        Ok(all)
    };
    (0..parts).into_par_iter().map(part).collect()
}

/// A whole number that orders as the value does.
pub(super) fn key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

/// The value of a [`key`].
pub(super) fn value(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_numbers_sort_as_few_do() {
        let mut state = 7u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        for spread in [0.0, 1.0, 1e300] {
            let values: Vec<f64> = (0..100_000).map(|_| (next() - 0.3) * spread).collect();
            let mut expected = values.clone();
            expected.sort_by(f64::total_cmp);
            let parts = sorted_parts(
                values.chunks(7000).map(|list| list.iter().copied().map(key).collect()).collect(),
                &Ctx::silent(),
            )
            .unwrap();
            assert_eq!(parts.concat().into_iter().map(value).collect::<Vec<_>>(), expected);
        }
        let extremes = (0..100_000).map(|i| if i % 2 == 0 { 0 } else { u64::MAX }).collect();
        let extremes = sorted_parts(vec![extremes], &Ctx::silent());
        assert!(extremes.unwrap().concat().is_sorted());
    }
}
