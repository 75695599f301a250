//! Thresholds that people can read: the roundest number between two values.

/// The roundest number by which `sorted` is parted like `values <= threshold` for thresholds from `below` to just under
/// `above`, two neighbours among the values. A rounder one still is taken where at most `allowed` of the values change
/// sides and neither side becomes empty.
///
/// Round are first multiples of powers of ten, then of halves of these, down to ever smaller powers. Of two equally round
/// numbers the one that changes fewer sides is taken, then the lower.
pub(super) fn roundest(sorted: &[f64], below: f64, above: f64, allowed: usize) -> f64 {
    let place = |threshold: f64| sorted.partition_point(|v| *v <= threshold);
    let exact = place(below);
    let middle = below / 2.0 + above / 2.0;
    let largest = below.abs().max(above.abs());
    if !largest.is_finite() || largest == 0.0 {
        return below;
    }
    let highest = largest.log10().ceil() as i32;
    for power in (highest - 17..=highest).rev() {
        for times in [1.0, 0.5] {
            let step = times * 10f64.powi(power);
            let steps = (middle / step).floor();
            // Beyond 2⁵³ steps there are no numbers between the multiples.
            if steps.abs() > 9e15 {
                continue;
            }
            let moved = |threshold: &f64| {
                let at = place(*threshold);
                let parted = at > 0 && at < sorted.len();
                (parted.then(|| at.abs_diff(exact))).filter(|moved| *moved <= allowed)
            };
            let multiples = [multiple(steps, times, power), multiple(steps + 1.0, times, power)];
            let best = multiples.into_iter().filter_map(|t| Some((moved(&t)?, t)));
            if let Some((_, threshold)) = best.min_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))) {
                return threshold;
            }
        }
    }
    below
}

/// `steps` × `times` × 10^`power`, the floating-point number nearest to that decimal.
fn multiple(steps: f64, times: f64, power: i32) -> f64 {
    let (steps, power) = if times == 0.5 { (5.0 * steps, power - 1) } else { (steps, power) };
    // Powers of ten up to the 22nd are exact, so that one operation rounds once; others go by way of their digits.
    match power {
        0..=22 => steps * 10f64.powi(power),
        -22..=-1 => steps / 10f64.powi(-power),
        _ => format!("{steps}e{power}").parse().unwrap_or(steps),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn between(sorted: &[f64], below: f64, above: f64) -> f64 {
        roundest(sorted, below, above, 0)
    }

    #[test]
    fn round_numbers_between_neighbours() {
        for (below, above, expected) in [
            (31.0, 32.0, 31.0),
            (2.0, 3.0, 2.0),
            (812.4, 836.1, 820.0),
            (871.3, 934.0, 900.0),
            (1234.56, 1234.61, 1234.6),
            (0.31, 0.37, 0.35),
            (0.0, 1.0, 0.0),
            (-3.0, 5.0, 0.0),
            (-31.5, -28.2, -30.0),
            (99.0, 101.0, 100.0),
            (100.0, 101.0, 100.0),
            (0.1, 0.30000000000000004, 0.2),
            (1e20, 3e20, 2e20),
        ] {
            assert_eq!(between(&[below, above], below, above), expected, "{below} to {above}");
        }
        let next = f64::from_bits(1.5f64.to_bits() + 1);
        assert_eq!(between(&[1.5, next], 1.5, next), 1.5);
    }

    #[test]
    fn few_may_change_sides_for_a_rounder_number() {
        let sorted: Vec<f64> = (0..1000).map(|i| 800.0 + f64::from(i) * 0.1).collect();
        let (below, above) = (sorted[213], sorted[214]);
        assert_eq!(roundest(&sorted, below, above, 0), below);
        assert_eq!(roundest(&sorted, below, above, 3), 821.0);
        assert_eq!(roundest(&sorted, below, above, 20), 820.0);
        // Nobody is left on one side only.
        assert_eq!(roundest(&[7.0, 12.0], 7.0, 12.0, 2), 10.0);
    }

    proptest! {
        #[test]
        fn sides_stay(values in proptest::collection::vec(-1e6f64..1e6, 2..40), at in 0usize..39, scale in -9i32..9) {
            let mut sorted: Vec<f64> = values.iter().map(|v| v * 10f64.powi(scale)).collect();
            sorted.sort_by(f64::total_cmp);
            sorted.dedup();
            prop_assume!(sorted.len() > 1);
            let at = at % (sorted.len() - 1);
            let threshold = between(&sorted, sorted[at], sorted[at + 1]);
            prop_assert!(sorted[at] <= threshold && threshold < sorted[at + 1]);
        }
    }
}
