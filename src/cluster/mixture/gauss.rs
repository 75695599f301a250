//! Densities of Gaussian components over blocks of rows, and the weighted moments of the rows that belong to them.

use std::f64::consts::{LN_2, LOG2_E, PI};

use crate::cluster::distance::wide;
use crate::cluster::distinct::Distinct;
use crate::recipe::Covariance;

/// Rows handled at a time.
pub(super) const LANE: usize = 32;

/// One number per row of a block.
pub(super) type Lane = [f64; LANE];

/// Rows in blocks, feature by feature within each. The last block is filled up with rows of weight 0.
pub(super) struct Rows {
    pub d: usize,
    /// Rows that count.
    pub len: usize,
    values: Vec<f64>,
    weights: Vec<f64>,
}

impl Rows {
    /// The different rows at `places`, in their order, with their weights.
    pub fn of(rows: &Distinct, places: impl ExactSizeIterator<Item = usize>) -> Rows {
        let mut out = Rows::with_room_for(places.len(), rows.d);
        places.enumerate().for_each(|(at, place)| out.put(at, rows.row(place).iter(), f64::from(rows.weights[place])));
        out
    }

    /// Given rows, each of weight 1.
    pub fn from_values<'v>(d: usize, rows: impl ExactSizeIterator<Item = impl Iterator<Item = &'v f64>>) -> Rows {
        let mut out = Rows::with_room_for(rows.len(), d);
        rows.enumerate().for_each(|(at, row)| out.put(at, row, 1.0));
        out
    }

    fn with_room_for(len: usize, d: usize) -> Rows {
        let blocks = len.div_ceil(LANE);
        Rows { d, len, values: vec![0.0; blocks * d * LANE], weights: vec![0.0; blocks * LANE] }
    }

    fn put<'v>(&mut self, at: usize, row: impl Iterator<Item = &'v f64>, weight: f64) {
        let (block, i) = (at / LANE, at % LANE);
        for (j, &value) in row.enumerate() {
            self.values[(block * self.d + j) * LANE + i] = value;
        }
        self.weights[at] = weight;
    }

    pub fn blocks(&self) -> usize {
        self.weights.len() / LANE
    }

    /// The values of a block feature by feature, and the weights of its rows.
    pub fn block(&self, b: usize) -> (&[f64], &[f64]) {
        (&self.values[b * self.d * LANE..][..self.d * LANE], &self.weights[b * LANE..][..LANE])
    }

    /// Sum of weights.
    pub fn customers(&self) -> f64 {
        self.weights.iter().sum()
    }
}

/// A component ready for computing densities.
#[derive(Debug, Clone)]
pub(super) struct Component {
    pub mean: Vec<f64>,
    /// Inverse of the lower Cholesky factor of the covariance: d × d, or its d diagonal entries.
    inverse: Vec<f64>,
    /// Logarithm of the weight and of the density's constant.
    constant: f64,
}

/// What is added to variances so that no component shrinks to a point (scikit-learn's `reg_covar`).
pub(super) const LEAST_VARIANCE: f64 = 1e-6;

impl Component {
    /// A component of the given weight, mean and covariance (d × d row-major, or the d variances). Where rounding has
    /// made the covariance singular, its diagonal is raised as far as it takes.
    pub fn new(weight: f64, mean: Vec<f64>, covariance: &mut [f64], form: Covariance) -> Component {
        let d = mean.len();
        let (inverse, log_scale) = match form {
            Covariance::Diagonal => {
                let inverse: Vec<f64> = covariance.iter().map(|v| 1.0 / v.sqrt()).collect();
                let log_scale = covariance.iter().map(|v| 0.5 * v.ln()).sum::<f64>();
                (inverse, log_scale)
            }
            Covariance::Full => {
                let largest = (0..d).map(|a| covariance[a * d + a]).fold(LEAST_VARIANCE, f64::max);
                let mut raise = 1e-13 * largest;
                let factor = loop {
                    match cholesky(covariance, d) {
                        Some(factor) => break factor,
                        // Beyond the range of numbers there is no extent to speak of, and nothing to raise.
                        None if !raise.is_finite() => break unit(d),
                        None => (0..d).for_each(|a| covariance[a * d + a] += raise),
                    }
                    raise *= 10.0;
                };
                let log_scale = (0..d).map(|a| factor[a * d + a].ln()).sum::<f64>();
                (inverse_of(&factor, d), log_scale)
            }
        };
        let constant = weight.ln() - 0.5 * d as f64 * (2.0 * PI).ln() - log_scale;
        Component { mean, inverse, constant }
    }
}

/// The lower factor L of a = L·Lᵀ; `None` when a is not positive definite.
pub(super) fn cholesky(a: &[f64], d: usize) -> Option<Vec<f64>> {
    let mut l = vec![0.0; d * d];
    for i in 0..d {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|m| l[i * d + m] * l[j * d + m]).sum();
            let rest = a[i * d + j] - dot;
            l[i * d + j] = match i == j {
                // Also false for NaN.
                true if rest > 1e-14 * a[i * d + i] => rest.sqrt(),
                true => return None,
                false => rest / l[j * d + j],
            };
        }
    }
    Some(l)
}

/// Ones on the diagonal.
fn unit(d: usize) -> Vec<f64> {
    (0..d * d).map(|at| if at % (d + 1) == 0 { 1.0 } else { 0.0 }).collect()
}

/// The inverse of a lower triangular matrix.
fn inverse_of(l: &[f64], d: usize) -> Vec<f64> {
    let mut inverse = vec![0.0; d * d];
    for column in 0..d {
        for i in column..d {
            let unit = if i == column { 1.0 } else { 0.0 };
            let dot: f64 = (column..i).map(|m| l[i * d + m] * inverse[m * d + column]).sum();
            inverse[i * d + column] = (unit - dot) / l[i * d + i];
        }
    }
    inverse
}

wide! {
    /// Logarithms of weight times density of `component` for a block of rows.
    fn log_densities(block: &[f64], component: &Component, out: &mut Lane) {
        let d = component.mean.len();
        *out = [0.0; LANE];
        for a in 0..d {
            let mut projected = [0.0; LANE];
            let full = component.inverse.len() > d || d == 1;
            let (from, row) = if full { (0, &component.inverse[a * d..][..=a]) } else { (a, &component.inverse[a..=a]) };
            for (b, &factor) in (from..).zip(row) {
                let mean = component.mean[b];
                for (to, &value) in projected.iter_mut().zip(&block[b * LANE..][..LANE]) {
                    *to += factor * (value - mean);
                }
            }
            for (to, y) in out.iter_mut().zip(projected) {
                *to += y * y;
            }
        }
        for to in out.iter_mut() {
            *to = component.constant - 0.5 * *to;
        }
    }
}

wide! {
    /// Turns logarithms of densities, one lane per component, into probabilities of the components and the logarithm of
    /// the density of each row, without leaving the range of numbers (log-sum-exp).
    fn normalise(densities: &mut [Lane], log_total: &mut Lane) {
        let mut largest = [f64::NEG_INFINITY; LANE];
        for lane in densities.iter() {
            for (to, &value) in largest.iter_mut().zip(lane) {
                *to = if value > *to { value } else { *to };
            }
        }
        let mut sum = [0.0; LANE];
        for lane in densities.iter_mut() {
            for i in 0..LANE {
                lane[i] = exp_of_negative(lane[i] - largest[i]);
                sum[i] += lane[i];
            }
        }
        for lane in densities.iter_mut() {
            for i in 0..LANE {
                lane[i] /= sum[i];
            }
        }
        for i in 0..LANE {
            log_total[i] = largest[i] + sum[i].ln();
        }
    }
}

/// e to a power of 0 or less, in plain arithmetic that the compiler can do for many rows at once; right to some 1e-15.
#[inline(always)]
fn exp_of_negative(x: f64) -> f64 {
    // Adding it rounds to a whole number, which then stands in the lowest bits.
    const SHIFT: f64 = 6_755_399_441_055_744.0;
    /// ln 2 in two parts: the first has few digits, so that its multiples are exact.
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_8;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    const { assert!((LN_2_HIGH + LN_2_LOW - LN_2).abs() < 1e-16) };
    let inside = if x > -700.0 { x } else { -700.0 };
    let shifted = inside * LOG2_E + SHIFT;
    let whole = shifted - SHIFT;
    let rest = (inside - whole * LN_2_HIGH) - whole * LN_2_LOW;
    // Taylor's series on ±ln 2 / 2.
    let mut sum = 1.0 / 6_227_020_800.0;
    for factor in [
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ] {
        sum = sum * rest + factor;
    }
    let power = f64::from_bits(shifted.to_bits().wrapping_add(1023) << 52);
    if x > -700.0 { sum * power } else { 0.0 }
}

/// Weighted moments of the rows about a given point: 1 + d + d·d numbers, or 1 + d + d for diagonal covariance.
pub(super) fn moments_len(d: usize, form: Covariance) -> usize {
    match form {
        Covariance::Full => 1 + d + d * (d + 1) / 2,
        Covariance::Diagonal => 1 + d + d,
    }
}

wide! {
    /// Adds the rows of a block, counted `share` times each, to `moments` about `about`: their number, the sums of the
    /// differences, and of the products of these (for each feature with those up to it, or with itself alone).
    fn add_moments(block: &[f64], share: &Lane, about: &[f64], full: bool, moments: &mut [f64]) {
        let d = about.len();
        moments[0] += dot(share, &[1.0; LANE]);
        let mut next = 1 + d;
        let mut apart = [0.0; LANE];
        let mut other = [0.0; LANE];
        for a in 0..d {
            for i in 0..LANE {
                apart[i] = share[i] * (block[a * LANE + i] - about[a]);
            }
            moments[1 + a] += dot(&apart, &[1.0; LANE]);
            let first = if full { 0 } else { a };
            for b in first..=a {
                for i in 0..LANE {
                    other[i] = block[b * LANE + i] - about[b];
                }
                moments[next] += dot(&apart, &other);
                next += 1;
            }
        }
    }
}

#[inline(always)]
fn dot(p: &Lane, q: &Lane) -> f64 {
    let mut parts = [0.0; 8];
    for (p, q) in p.chunks_exact(8).zip(q.chunks_exact(8)) {
        for i in 0..8 {
            parts[i] += p[i] * q[i];
        }
    }
    ((parts[0] + parts[4]) + (parts[1] + parts[5])) + ((parts[2] + parts[6]) + (parts[3] + parts[7]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_is_right_to_the_last_digits() {
        for i in 0..=70_000 {
            let x = -f64::from(i) / 100.0;
            let (got, want) = (exp_of_negative(x), x.exp());
            assert!((got - want).abs() <= 4e-15 * want + 1e-303, "{x}: {got} for {want}");
        }
        assert_eq!(exp_of_negative(0.0), 1.0);
        assert_eq!(exp_of_negative(-1e9), 0.0);
        assert_eq!(exp_of_negative(f64::NEG_INFINITY), 0.0);
    }

    #[test]
    fn a_density_is_that_of_the_formula() {
        // Bivariate normal with variances 2 and 1 and covariance 0.5, at (1, −1) from its mean.
        let mut covariance = vec![2.0, 0.5, 0.5, 1.0];
        let component = Component::new(0.25, vec![3.0, 4.0], &mut covariance, Covariance::Full);
        let rows = Rows::from_values(2, [[4.0, 3.0]].iter().map(|row| row.iter()));
        let mut out = [0.0; LANE];
        log_densities(rows.block(0).0, &component, &mut out);
        let determinant: f64 = 1.75;
        let quadratic = (1.0 * 1.0 + 2.0 * 0.5 + 1.0 * 2.0) / determinant;
        let want = 0.25_f64.ln() - (2.0 * PI).ln() - 0.5 * determinant.ln() - 0.5 * quadratic;
        assert!((out[0] - want).abs() < 1e-14, "{} for {want}", out[0]);
    }

    #[test]
    fn far_rows_have_probabilities_all_the_same() {
        let mut lanes = [[-1e6; LANE], [-1e6 - 1.0; LANE]];
        let mut total = [0.0; LANE];
        normalise(&mut lanes, &mut total);
        let first = 1.0 / (1.0 + (-1.0_f64).exp());
        assert!((lanes[0][5] - first).abs() < 1e-15 && (lanes[1][5] - (1.0 - first)).abs() < 1e-15);
        assert!((total[5] - (-1e6 - first.ln())).abs() < 1e-9);
    }

    #[test]
    fn a_singular_covariance_is_raised() {
        let mut covariance = vec![1e12, 1e12, 1e12, 1e12];
        let component = Component::new(1.0, vec![0.0, 0.0], &mut covariance, Covariance::Full);
        assert!(component.constant.is_finite() && component.inverse.iter().all(|v| v.is_finite()));
        assert!(covariance[0] > 1e12 && covariance[0] < 1.001e12);
    }
}
