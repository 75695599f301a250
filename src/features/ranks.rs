//! The rank of a value among those of all customers, as a share.

use serde::Serialize;

/// Most knots of a curve; a share is off by less than one in this many between them.
const MOST_KNOTS: usize = 4096;

/// The curve from values to mid-rank shares: the share of customers with a smaller value, plus half of those with the
/// same one. Values between two knots lie on the straight line between them, values beyond the ends at the ends.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ranks {
    /// Ascending and distinct: all values of the customers, or as many of them as tell the ranks apart to 1/4096.
    pub values: Vec<f64>,
    /// Ascending, 0–1, one per value.
    pub shares: Vec<f64>,
}

impl Ranks {
    /// Of finite values.
    pub fn of(values: &[f64]) -> Ranks {
        let mut sorted: Vec<f64> = values.iter().map(|v| v + 0.0).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let n = sorted.len();
        let mut out = Ranks { values: Vec::new(), shares: Vec::new() };
        let distinct = sorted.chunk_by(|a, b| a == b).count();
        let (mut below, mut next) = (0, 0.0);
        let step = n as f64 / MOST_KNOTS as f64;
        for ties in sorted.chunk_by(|a, b| a == b) {
            let above = below + ties.len();
            // The first and the last value, and the one at every step between them.
            if distinct <= MOST_KNOTS || above as f64 > next || above == n {
                out.values.push(ties[0]);
                out.shares.push((below as f64 + ties.len() as f64 / 2.0) / n as f64);
                next = ((above as f64 / step).floor() + 1.0) * step;
            }
            below = above;
        }
        out
    }

    /// The share of a value.
    pub fn share(&self, value: f64) -> f64 {
        along(&self.values, &self.shares, value)
    }

    /// The value of a share.
    pub fn value(&self, share: f64) -> f64 {
        along(&self.shares, &self.values, share)
    }
}

/// The point above `x` on the line through the points, whose `xs` ascend; the ends go on level.
fn along(xs: &[f64], ys: &[f64], x: f64) -> f64 {
    let (Some(&first), Some(&last)) = (ys.first(), ys.last()) else { return f64::NAN };
    if x.is_nan() {
        return f64::NAN;
    }
    let at = xs.partition_point(|v| *v < x);
    match (at.checked_sub(1), xs.get(at)) {
        (_, Some(known)) if *known == x => ys[at],
        (None, _) => first,
        (_, None) => last,
        (Some(before), Some(after)) => {
            let share = (x - xs[before]) / (after - xs[before]);
            ys[before] + share * (ys[at] - ys[before])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_their_middle_and_new_values_lie_between() {
        let ranks = Ranks::of(&[3.0, 1.0, 3.0, 10.0]);
        assert_eq!(ranks.values, [1.0, 3.0, 10.0]);
        assert_eq!(ranks.shares, [0.125, 0.5, 0.875]);
        assert_eq!([0.0, 2.0, 6.5, 99.0].map(|v| ranks.share(v)), [0.125, 0.3125, 0.6875, 0.875]);
        assert_eq!([0.125, 0.3125, 0.875].map(|s| ranks.value(s)), [1.0, 2.0, 10.0]);
        assert!(ranks.share(f64::NAN).is_nan());
    }

    #[test]
    fn many_values_need_few_knots() {
        let values: Vec<f64> =
            (0..100_000).map(|i| f64::from(i).powi(2)).chain(std::iter::repeat_n(5.0, 50_000)).collect();
        let ranks = Ranks::of(&values);
        assert!(ranks.values.len() <= MOST_KNOTS + 2, "{}", ranks.values.len());
        let mut sorted = values.clone();
        sorted.sort_unstable_by(f64::total_cmp);
        for value in [0.0, 5.0, 1e4, 1.23e8, 9_999_800_001.0] {
            let below = sorted.partition_point(|v| *v < value) as f64;
            let upto = sorted.partition_point(|v| *v <= value) as f64;
            let exact = (below + upto) / 2.0 / values.len() as f64;
            assert!((ranks.share(value) - exact).abs() < 1.0 / MOST_KNOTS as f64, "{value}");
        }
        assert!(ranks.shares.is_sorted() && ranks.values.is_sorted());
    }
}
