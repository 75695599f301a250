//! The knee of a falling, convex curve (Satopää, Albrecht, Irwin & Raghavan 2011, "Finding a 'Kneedle' in a
//! Haystack"), as the Python package kneed does it for whole curves.

/// Sensitivity S of the paper: how many flat steps a maximum has to stand above what follows.
const SENSITIVITY: f64 = 1.0;

/// The index of the knee of the falling convex curve `y` over ascending `x`; `None` where there is none, as for a
/// straight or constant curve.
///
/// Both axes are scaled to 0–1 and D = (1 − y) − x. A local maximum of D is the knee when D falls below
/// D_max − S·mean|Δx| before the next local maximum.
pub fn kneedle(x: &[f64], y: &[f64]) -> Option<usize> {
    let n = x.len().min(y.len());
    if n < 3 {
        return None;
    }
    let (xs, ys) = (unit(&x[..n])?, unit(&y[..n])?);
    let difference: Vec<f64> = xs.iter().zip(&ys).map(|(x, y)| (1.0 - y) - x).collect();
    let mean_step = xs.windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f64>() / (n - 1) as f64;
    let neighbours = |i: usize| (difference[i.saturating_sub(1)], difference[(i + 1).min(n - 1)]);
    let mut candidate = None;
    for i in 0..n - 1 {
        let (before, after) = neighbours(i);
        // Rounding must not make a maximum of a straight line.
        if difference[i] >= before && difference[i] >= after && difference[i] > 1e-12 {
            candidate = Some((i, difference[i] - SENSITIVITY * mean_step));
        } else if difference[i] <= before && difference[i] <= after {
            // Past a minimum the paper asks for the next maximum or a fall below zero.
            candidate = candidate.map(|(at, _)| (at, 0.0));
        }
        if let Some((at, threshold)) = candidate
            && difference[i + 1] < threshold
        {
            return Some(at);
        }
    }
    None
}

/// Values scaled to 0–1; `None` when they are all equal or not finite.
fn unit(values: &[f64]) -> Option<Vec<f64>> {
    let min = values.iter().copied().fold(f64::INFINITY, f64::min);
    let range = values.iter().copied().fold(f64::NEG_INFINITY, f64::max) - min;
    (range.is_finite() && range > 0.0 && values.iter().all(|v| v.is_finite()))
        .then(|| values.iter().map(|v| (v - min) / range).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cases_of_kneed() {
        // Tests of the Python package kneed; see REFERENCE.md.
        let x: Vec<f64> = (0..10).map(f64::from).collect();
        let y = [100.0, 40.0, 20.0, 15.0, 10.0, 5.0, 4.0, 3.0, 2.0, 1.0];
        assert_eq!(kneedle(&x, &y), Some(2));
        assert_eq!(kneedle(&x, &[3.0; 10]), None);
    }

    #[test]
    fn a_straight_line_and_two_points_have_no_knee() {
        let x: Vec<f64> = (0..10).map(f64::from).collect();
        let line: Vec<f64> = x.iter().map(|x| 7.0 - 0.3 * x).collect();
        assert_eq!(kneedle(&x, &line), None);
        assert_eq!(kneedle(&[2.0, 3.0], &[9.0, 1.0]), None);
        assert_eq!(kneedle(&[], &[]), None);
    }
}
