//! All values of a column in ascending order with how often each occurs. Whatever is computed from it is the same for
//! any order of rows and any number of threads.

use std::ops::Range;

use rayon::prelude::*;

use super::sort::{key, sorted_parts, value};
use super::view::chunks;
use crate::ctx::Ctx;
use crate::error::Result;

/// Distinct finite values in ascending order, and how many rows have them.
#[derive(Debug, Clone, Default)]
pub(super) struct Distribution {
    values: Vec<f64>,
    /// Rows with this value or a smaller one.
    ends: Vec<u32>,
}

impl Distribution {
    /// Of the values at the places `0..n`; what is not finite is left out.
    pub fn of_places(n: usize, value_at: impl Fn(usize) -> f64 + Sync, ctx: &Ctx) -> Result<Distribution> {
        let part = |range: Range<usize>| {
            ctx.tick(range.start, 2 * n)?;
            let values = range.map(&value_at).filter(|v| v.is_finite());
            Ok(values.map(|v| key(v + 0.0)).collect::<Vec<u64>>())
        };
        let keys: Vec<Vec<u64>> = chunks(n).map(part).collect::<Result<_>>()?;
        Distribution::of_keys(keys, ctx)
    }

    /// Of one value per row; what is not finite is left out.
    pub fn of_rows(values: impl Iterator<Item = f64>, ctx: &Ctx) -> Result<Distribution> {
        Distribution::of_keys(vec![values.filter(|v| v.is_finite()).map(|v| key(v + 0.0)).collect()], ctx)
    }

    fn of_keys(keys: Vec<Vec<u64>>, ctx: &Ctx) -> Result<Distribution> {
        let parts = sorted_parts(keys, ctx)?;
        let runs =
            |part: &Vec<u64>| part.chunk_by(|a, b| a == b).map(|run| (value(run[0]), run.len() as u32)).collect();
        let runs: Vec<Vec<(f64, u32)>> = parts.par_iter().map(runs).collect();
        let (mut out, mut end) = (Distribution::default(), 0);
        for (v, n) in runs.into_iter().flatten() {
            end += n;
            out.push(v, end);
        }
        Ok(out)
    }

    /// Of values with their numbers of rows, in any order and with repeats.
    pub fn of_counts(values: impl Iterator<Item = (f64, u32)>, ctx: &Ctx) -> Result<Distribution> {
        let mut pairs: Vec<(f64, u32)> =
            values.filter(|(v, n)| *n > 0 && v.is_finite()).map(|(v, n)| (v + 0.0, n)).collect();
        ctx.tick(0, 1)?;
        pairs.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let (mut out, mut end) = (Distribution::default(), 0);
        for (v, n) in pairs {
            end += n;
            out.push(v, end);
        }
        Ok(out)
    }

    fn push(&mut self, value: f64, end: u32) {
        match (self.values.last(), self.ends.last_mut()) {
            (Some(last), Some(last_end)) if *last == value => *last_end = end,
            _ => {
                self.values.push(value);
                self.ends.push(end);
            }
        }
    }

    /// Rows with a value.
    pub fn count(&self) -> usize {
        self.ends.last().map_or(0, |&n| n as usize)
    }

    pub fn distinct(&self) -> usize {
        self.values.len()
    }

    pub fn min(&self) -> f64 {
        self.values.first().copied().unwrap_or(f64::NAN)
    }

    pub fn max(&self) -> f64 {
        self.values.last().copied().unwrap_or(f64::NAN)
    }

    /// Distinct values with the rows that have them, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (f64, u32)> + '_ {
        let before = std::iter::once(0).chain(self.ends.iter().copied());
        self.values.iter().zip(&self.ends).zip(before).map(|((&v, &end), before)| (v, end - before))
    }

    /// Finds values quickly.
    pub fn finder(&self) -> Finder<'_> {
        Finder::of(self)
    }

    /// Rows with a value below `limit`.
    pub fn below(&self, limit: f64) -> usize {
        match self.values.partition_point(|&v| v < limit) {
            0 => 0,
            at => self.ends[at - 1] as usize,
        }
    }

    /// The smallest value that is `limit` or above it; NaN where there is none.
    pub fn first_from(&self, limit: f64) -> f64 {
        self.values.get(self.values.partition_point(|&v| v < limit)).copied().unwrap_or(f64::NAN)
    }

    /// The largest value that is `limit` or below it; NaN where there is none.
    pub fn last_to(&self, limit: f64) -> f64 {
        let at = self.values.partition_point(|&v| v <= limit);
        if at == 0 { f64::NAN } else { self.values[at - 1] }
    }

    /// Type-7 quantile, as pandas and numpy take it; NaN without values.
    pub fn quantile(&self, p: f64) -> f64 {
        let Some(last) = self.count().checked_sub(1) else { return f64::NAN };
        let position = p * last as f64;
        let below = position.floor();
        let share = position - below;
        let low = self.at(below as usize);
        if share == 0.0 { low } else { low + (self.at(below as usize + 1) - low) * share }
    }

    /// The value of the row with this number in ascending order, from 0.
    fn at(&self, number: usize) -> f64 {
        self.values[self.ends.partition_point(|&end| end as usize <= number)]
    }

    /// The same values counted from `center`, without their sign.
    pub fn distances(&self, center: f64, ctx: &Ctx) -> Result<Distribution> {
        Distribution::of_counts(self.iter().map(|(v, n)| ((v - center).abs(), n)), ctx)
    }

    /// Sum, mean, standard deviation and skewness.
    pub fn moments(&self) -> Moments {
        let n = self.count() as f64;
        let sum = compensated(self.iter().map(|(v, c)| v * f64::from(c)));
        if n == 0.0 {
            return Moments { sum: 0.0, mean: f64::NAN, sd: f64::NAN, skew: f64::NAN };
        }
        let mean = sum / n;
        let power = |k: i32| compensated(self.iter().map(|(v, c)| (v - mean).powi(k) * f64::from(c)));
        // What is left of the first power corrects for the rounding of the mean.
        let rest = power(1);
        let m2 = if self.distinct() == 1 { 0.0 } else { power(2) - rest * rest / n };
        let sd = if n > 1.0 { (m2 / (n - 1.0)).sqrt() } else { f64::NAN };
        let skew = match n {
            n if n < 3.0 => f64::NAN,
            // A constant leans to neither side.
            _ if m2 <= 0.0 => f64::NAN,
            n => {
                let g1 = power(3) / n / (m2 / n).powf(1.5);
                g1 * (n * (n - 1.0)).sqrt() / (n - 2.0)
            }
        };
        Moments { sum, mean, sd, skew }
    }
}

/// Looks up values of a distribution by the leading bits of their keys: of many values there are but a few with the same
/// ones, so that a look-up takes two steps instead of twenty.
pub(super) struct Finder<'d> {
    of: &'d Distribution,
    low: u64,
    shift: u32,
    /// Where the values with each leading bits begin, and the number of values.
    starts: Vec<u32>,
}

impl<'d> Finder<'d> {
    fn of(of: &'d Distribution) -> Finder<'d> {
        let (Some(&first), Some(&last)) = (of.values.first(), of.values.last()) else {
            return Finder { of, low: 0, shift: 0, starts: vec![0, 0] };
        };
        let (low, high) = (key(first), key(last));
        let wanted = (of.values.len() as u64).clamp(1, 1 << 20);
        let shift = (u64::BITS - ((high - low) / wanted).leading_zeros()).min(u64::BITS - 1);
        let mut starts = vec![0u32; ((high - low) >> shift) as usize + 2];
        of.values.iter().for_each(|&v| starts[((key(v) - low) >> shift) as usize + 1] += 1);
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        Finder { of, low, shift, starts }
    }

    /// The number of a value that occurs among the distinct ones, ascending from 0.
    #[inline]
    pub fn number(&self, value: f64) -> Option<usize> {
        let value = value + 0.0;
        let part = (key(value).checked_sub(self.low)? >> self.shift) as usize;
        let (from, to) = (*self.starts.get(part)? as usize, *self.starts.get(part + 1)? as usize);
        let at = from + self.of.values[from..to].partition_point(|&v| v < value);
        (at < to && self.of.values[at] == value).then_some(at)
    }
}

/// `sd` has ddof 1; `skew` is the adjusted Fisher–Pearson coefficient G1 (Joanes and Gill 1998), as in pandas.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moments {
    pub sum: f64,
    pub mean: f64,
    pub sd: f64,
    pub skew: f64,
}

/// A sum with the rounding errors carried along (Neumaier 1974).
pub(super) fn compensated(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut lost) = (0.0f64, 0.0f64);
    for term in terms {
        let next = sum + term;
        lost += if sum.abs() >= term.abs() { (sum - next) + term } else { (term - next) + sum };
        sum = next;
    }
    let total = sum + lost;
    if total.is_finite() { total } else { sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: &[f64]) -> Distribution {
        Distribution::of_rows(values.iter().copied(), &Ctx::silent()).unwrap()
    }

    #[test]
    fn rows_and_counts_are_the_same() {
        let rows = of(&[3.0, 1.0, 1.0, f64::NAN, 2.0, 1.0, -0.0, 0.0]);
        let pairs = [(1.0, 2), (3.0, 1), (2.0, 1), (1.0, 1), (9.0, 0), (0.0, 2)];
        let counts = Distribution::of_counts(pairs.into_iter(), &Ctx::silent()).unwrap();
        assert_eq!((&rows.values, &rows.ends), (&counts.values, &counts.ends));
        assert_eq!(rows.iter().collect::<Vec<_>>(), [(0.0, 2), (1.0, 3), (2.0, 1), (3.0, 1)]);
        assert_eq!((rows.below(1.0), rows.below(1.5), rows.below(9.0)), (2, 5, 7));
        let finder = rows.finder();
        assert_eq!(
            (finder.number(-0.0), finder.number(2.0), finder.number(2.5), finder.number(-9.0)),
            (Some(0), Some(2), None, None)
        );
    }

    #[test]
    fn every_value_is_found() {
        let values: Vec<f64> = (0..5000).map(|i| f64::from(i * i % 977 - 300) / 7.0).collect();
        let d = of(&values);
        let distinct: Vec<f64> = d.iter().map(|(v, _)| v).collect();
        let finder = d.finder();
        distinct.iter().enumerate().for_each(|(i, &v)| assert_eq!(finder.number(v), Some(i)));
        assert!(of(&[]).finder().number(1.0).is_none() && finder.number(f64::NAN).is_none());
    }

    #[test]
    fn quantiles_and_moments() {
        let d = of(&[1.0, 2.0, 3.0, 10.0]);
        assert_eq!((d.quantile(0.25), d.quantile(0.5), d.quantile(0.75), d.quantile(1.0)), (1.75, 2.5, 4.75, 10.0));
        let m = d.moments();
        // pandas: pd.Series([1, 2, 3, 10]).std(), .skew()
        assert!((m.sd - 4.08248290463863).abs() < 1e-12 && (m.skew - 1.763_632_614_803_888).abs() < 1e-12);
        assert!(of(&[5.0; 4]).moments().skew.is_nan());
        assert!(of(&[5.0]).moments().sd.is_nan() && of(&[]).moments().mean.is_nan());
    }
}
