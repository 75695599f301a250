//! Scaling of one transformed feature: what is subtracted, and what it is divided by.

use crate::recipe::Scale;
use crate::rfm::score::quantile;

/// Centre and spread of a feature.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fit {
    pub center: f64,
    /// Never zero.
    pub spread: f64,
    /// The spread found was zero and was replaced by one.
    pub flat: bool,
}

/// Fits `scale` to finite values: mean and standard deviation (ddof 0), minimum and range, or median and
/// interquartile range (type-7 quantiles).
pub fn fit(values: &[f64], scale: Scale) -> Fit {
    let n = values.len().max(1) as f64;
    let (center, spread, magnitude) = match scale {
        Scale::None => return Fit { center: 0.0, spread: 1.0, flat: is_constant(values) },
        Scale::ZScore => {
            let mean = values.iter().sum::<f64>() / n;
            let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n;
            (mean, variance.sqrt(), mean.abs())
        }
        Scale::MinMax => {
            let min = values.iter().copied().fold(f64::INFINITY, f64::min);
            let max = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            (min, max - min, 0.0)
        }
        Scale::Robust => {
            let mut sorted = values.to_vec();
            sorted.sort_unstable_by(f64::total_cmp);
            (quantile(&sorted, 0.5), quantile(&sorted, 0.75) - quantile(&sorted, 0.25), 0.0)
        }
    };
    // The mean of equal values is off by rounding, and so is their deviation: that is no spread.
    let flat = is_constant(values) || spread <= magnitude * f64::EPSILON;
    Fit { center, spread: if flat { 1.0 } else { spread }, flat }
}

fn is_constant(values: &[f64]) -> bool {
    values.windows(2).all(|pair| pair[0] == pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scale_by_hand() {
        let v = [1.0, 2.0, 3.0, 10.0];
        let z = fit(&v, Scale::ZScore);
        assert_eq!(z.center, 4.0);
        assert!((z.spread - 12.5f64.sqrt()).abs() < 1e-15);
        assert_eq!(fit(&v, Scale::MinMax), Fit { center: 1.0, spread: 9.0, flat: false });
        // Type 7: quartiles 1.75 and 4.75.
        assert_eq!(fit(&v, Scale::Robust), Fit { center: 2.5, spread: 3.0, flat: false });
        assert_eq!(fit(&v, Scale::None), Fit { center: 0.0, spread: 1.0, flat: false });
    }

    #[test]
    fn equal_values_have_spread_one() {
        for scale in [Scale::ZScore, Scale::MinMax, Scale::Robust, Scale::None] {
            let f = fit(&[0.1; 7], scale);
            assert!(f.flat && f.spread == 1.0, "{scale:?}");
        }
        let f = fit(&[1.0, 1.0, 1.0, 1.0, 9.0], Scale::Robust);
        assert!(f.flat && f.spread == 1.0, "the interquartile range is zero");
    }
}
