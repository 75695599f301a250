//! Features as one looks at them: how their values are spread before and after the transform.

use rayon::prelude::*;

use super::FeatureMatrix;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::explore::{Histogram, histogram};
use crate::rfm::Feature;
use crate::rfm::score::quantile;

const BINS: usize = 32;
/// Words drawn as bars.
const MOST_WORDS: usize = 16;

/// One feature as it is counted.
#[derive(Debug, Clone, Default)]
pub struct Shape {
    /// Values up to the 99th percentile where the tail beyond is long, so that one giant does not flatten everyone
    /// else; for words one bar per word, most frequent first.
    pub bars: Option<Histogram>,
    /// Customers beyond it, and where it ends.
    pub beyond: usize,
    pub limit: f64,
    pub min: f64,
    pub median: f64,
    pub max: f64,
    /// Adjusted Fisher–Pearson coefficient G1; NaN where it is not defined.
    pub skew: f64,
    /// Customers without a value.
    pub missing: usize,
    /// The most frequent words with their customers.
    pub words: Vec<(String, usize)>,
}

/// One feature as clustering sees it.
#[derive(Debug, Clone)]
pub struct After {
    pub name: String,
    pub bars: Histogram,
    pub skew: f64,
}

/// The shape of each feature.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn shapes(features: &[Feature], ctx: &Ctx) -> Result<Vec<Shape>> {
    let one = |feature: &Feature| {
        ctx.tick(0, 1)?;
        Ok(shape(feature))
    };
    features.par_iter().map(one).collect()
}

fn shape(feature: &Feature) -> Shape {
    let mut sorted: Vec<f64> = feature.values.iter().copied().filter(|v| v.is_finite()).collect();
    let missing = feature.values.len() - sorted.len();
    if feature.names.is_some() {
        return Shape { missing, words: frequent_words(feature, MOST_WORDS), ..Shape::default() };
    }
    sorted.sort_unstable_by(f64::total_cmp);
    let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else {
        return Shape { missing, skew: f64::NAN, ..Shape::default() };
    };
    let limit = quantile(&sorted, 0.99);
    // Where the tail is short, all of it is shown.
    let limit = if max <= 1.5 * limit || limit <= min { max } else { limit };
    let upto = sorted.partition_point(|v| *v <= limit);
    // Bins narrower than one would stand between whole numbers.
    let whole = sorted.iter().all(|v| v.fract() == 0.0);
    let bins = if whole { BINS.min((limit - min).max(1.0) as usize) } else { BINS };
    Shape {
        bars: Some(histogram(sorted[..upto].iter().copied(), bins)),
        beyond: sorted.len() - upto,
        limit,
        min,
        median: quantile(&sorted, 0.5),
        max,
        skew: skewness(&sorted),
        missing,
        words: Vec::new(),
    }
}

/// The columns of the matrix, each as clustering sees it.
pub fn after(matrix: &FeatureMatrix) -> Vec<After> {
    let columns = matrix.columns.par_iter().enumerate().map(|(j, column)| {
        let values: Vec<f64> = matrix.x.column(j).to_vec();
        let bars = histogram(values.iter().copied(), BINS);
        After { name: column.name.clone(), bars, skew: skewness(&values) }
    });
    columns.collect()
}

/// The adjusted Fisher–Pearson coefficient G1 = n / ((n−1)(n−2)) · Σ((x−mean)/s)³ with s of ddof 1, as in pandas; NaN
/// for fewer than three values, or equal ones.
fn skewness(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if n < 3.0 {
        return f64::NAN;
    }
    let mean = values.iter().sum::<f64>() / n;
    let (m2, m3) = values.iter().fold((0.0, 0.0), |(m2, m3), v| {
        let d = v - mean;
        (m2 + d * d, m3 + d * d * d)
    });
    let (m2, m3) = (m2 / n, m3 / n);
    if m2 <= (mean * f64::EPSILON).powi(2) {
        return f64::NAN;
    }
    (n * (n - 1.0)).sqrt() / (n - 2.0) * m3 / m2.powf(1.5)
}

/// The words of a feature with the customers that have them, most frequent first.
pub fn frequent_words(feature: &Feature, most: usize) -> Vec<(String, usize)> {
    let Some(names) = &feature.names else { return Vec::new() };
    let mut counts = vec![0usize; names.len()];
    for &value in feature.values.iter().filter(|v| v.is_finite()) {
        if let Some(count) = counts.get_mut(value as usize) {
            *count += 1;
        }
    }
    let mut found: Vec<(String, usize)> = names.iter().cloned().zip(counts).filter(|(_, n)| *n > 0).collect();
    found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(most);
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rfm::Unit;

    #[test]
    fn skew_is_that_of_pandas() {
        // pandas 3.1: pd.Series([1, 2, 3, 10]).skew() == 1.763632614803888
        assert!((skewness(&[1.0, 2.0, 3.0, 10.0]) - 1.763632614803888).abs() < 1e-12);
        assert!(skewness(&[2.0; 5]).is_nan() && skewness(&[1.0, 2.0]).is_nan());
    }

    #[test]
    fn a_long_tail_is_cut_and_counted() {
        let mut values: Vec<f64> = (0..1000).map(|i| f64::from(i % 50)).collect();
        values.push(1e6);
        let s = shape(&Feature::new("x", "X", "", Unit::Number, values));
        assert_eq!((s.beyond, s.max, s.median), (1, 1e6, 25.0));
        assert_eq!(s.bars.unwrap().counts.iter().sum::<usize>(), 1000);
        let months = (0..600).map(|i| f64::from(1 + i % 12)).collect();
        let s = shape(&Feature::new("x", "X", "", Unit::Count, months));
        assert_eq!(s.bars.unwrap().counts.iter().filter(|n| **n > 0).count(), 12, "no gaps between whole numbers");
        let s = shape(&Feature::new("x", "X", "", Unit::Number, vec![f64::NAN; 3]));
        assert!(s.bars.is_none() && s.missing == 3);
    }
}
