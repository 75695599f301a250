//! Where groups of points lie and how they spread.

use super::{Cloud, STRIDE};
use crate::ctx::Ctx;
use crate::error::Result;

/// Mean and covariance of one group, in the values of the axes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    pub points: usize,
    pub mean: [f64; 3],
    /// Divided by n.
    pub covariance: [[f64; 3]; 3],
}

impl Moments {
    /// Those of each of `groups`, where `group` says to which a customer belongs.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub fn of(cloud: &Cloud, groups: usize, group: impl Fn(u32) -> u32, ctx: &Ctx) -> Result<Vec<Moments>> {
        let mut sums = vec![(0usize, [0.0f64; 3], [0.0f64; 6]); groups];
        for (i, &customer) in cloud.customers.iter().enumerate() {
            if i.is_multiple_of(STRIDE) {
                ctx.tick(i, cloud.len())?;
            }
            // From the middle of the box, so that the squares stay small.
            let p = cloud.at[i].map(|v| f64::from(v) - 0.5);
            if let Some((n, first, second)) = sums.get_mut(group(customer) as usize) {
                *n += 1;
                for a in 0..3 {
                    first[a] += p[a];
                }
                for (s, (a, b)) in second.iter_mut().zip(PAIRS) {
                    *s += p[a] * p[b];
                }
            }
        }
        let span: [f64; 3] = std::array::from_fn(|a| cloud.high[a] - cloud.low[a]);
        let finish = |(points, first, second): (usize, [f64; 3], [f64; 6])| {
            let n = points.max(1) as f64;
            let mut moments = Moments { points, ..Moments::default() };
            moments.mean = std::array::from_fn(|a| cloud.low[a] + (first[a] / n + 0.5) * span[a]);
            for (s, (a, b)) in second.into_iter().zip(PAIRS) {
                let covariance = (s / n - first[a] / n * first[b] / n) * span[a] * span[b];
                moments.covariance[a][b] = covariance;
                moments.covariance[b][a] = covariance;
            }
            moments
        };
        Ok(sums.into_iter().map(finish).collect())
    }
}

const PAIRS: [(usize, usize); 6] = [(0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)];

/// The half axes of the ellipse that holds one standard deviation of a covariance [[a, b], [b, c]]: two vectors at right
/// angles, the longer one first.
pub fn ellipse([[a, b], [_, c]]: [[f64; 2]; 2]) -> [[f64; 2]; 2] {
    let middle = (a + c) / 2.0;
    let apart = ((a - c) / 2.0).hypot(b);
    let (long, short) = ((middle + apart).max(0.0).sqrt(), (middle - apart).max(0.0).sqrt());
    let angle = 0.5 * (2.0 * b).atan2(a - c);
    let (sin, cos) = angle.sin_cos();
    [[long * cos, long * sin], [-short * sin, short * cos]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn means_and_covariances_are_those_of_the_values() {
        let value = |c: u32| {
            let t = f64::from(c);
            [10.0 + (t * 0.7).sin() * 3.0, 100.0 + (t * 0.7).sin() * 5.0 + (t * 1.3).cos(), t]
        };
        let cloud = Cloud::new(0..400, value, &Ctx::silent()).unwrap();
        let found = Moments::of(&cloud, 2, |c| c % 2, &Ctx::silent()).unwrap();
        for (g, m) in found.iter().enumerate() {
            let own: Vec<[f64; 3]> = (0..400).filter(|c| *c as usize % 2 == g).map(value).collect();
            let mean = |a: usize| own.iter().map(|v| v[a]).sum::<f64>() / 200.0;
            assert_eq!(m.points, 200);
            for a in 0..3 {
                assert!((m.mean[a] - mean(a)).abs() < 1e-4 * (1.0 + mean(a).abs()));
                for b in 0..3 {
                    let c = own.iter().map(|v| (v[a] - mean(a)) * (v[b] - mean(b))).sum::<f64>() / 200.0;
                    assert!((m.covariance[a][b] - c).abs() < 1e-3 * (1.0 + c.abs()), "{a} {b}: {c}");
                }
            }
        }
    }

    #[test]
    fn the_half_axes_make_the_covariance() {
        for [a, b, c] in [[4.0, 1.5, 2.0], [1.0, 0.0, 9.0], [2.0, -1.0, 2.0], [3.0, 0.0, 0.0]] {
            let [long, short] = ellipse([[a, b], [b, c]]);
            let made = |i: usize, j: usize| long[i] * long[j] + short[i] * short[j];
            assert!((made(0, 0) - a).abs() < 1e-12 && (made(0, 1) - b).abs() < 1e-12 && (made(1, 1) - c).abs() < 1e-12);
            assert!(long[0].hypot(long[1]) >= short[0].hypot(short[1]));
        }
    }
}
