//! How one feature is spread within each segment, as box plots.

use rayon::prelude::*;

use super::Profile;
use crate::chart::{BoxPlot, Ink};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::rfm::score::quantile;

/// Values beyond the whiskers that are drawn per box, evenly spread over all.
const MOST_OUTLIERS: usize = 200;
/// Skewness from which on a logarithmic axis shows more.
const SKEWED: f64 = 1.0;

/// One segment's values of one feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Spread {
    /// Without colour and tip; its place is that of the segment.
    pub plot: BoxPlot,
    /// Values that have a place on the axis.
    pub values: usize,
    pub least: f64,
    pub most: f64,
}

/// Whether values ask for a logarithmic axis: all above zero, skewed by more than 1 (third standardised moment), and less
/// so after taking logarithms.
pub fn is_skewed(values: &[f64]) -> bool {
    let there = || values.iter().copied().filter(|v| v.is_finite());
    if there().next().is_none() || there().any(|v| v <= 0.0) {
        return false;
    }
    let plain = skewness(there());
    plain > SKEWED && skewness(there().map(f64::ln)).abs() < plain
}

fn skewness(values: impl Iterator<Item = f64> + Clone) -> f64 {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    let moment = |p: i32| values.clone().map(|v| (v - mean).powi(p)).sum::<f64>() / n;
    let variance = moment(2);
    if variance > 0.0 { moment(3) / variance.powf(1.5) } else { 0.0 }
}

/// The box of each segment: quartiles of type 7, and whiskers to the last value within 1.5 interquartile ranges of them
/// (Tukey 1977). On a logarithmic axis (`log`) of values above zero only. `None` for segments without a value.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn spreads(values: &[f64], profiles: &[Profile], log: bool, ctx: &Ctx) -> Result<Vec<Option<Spread>>> {
    let one = |(at, profile): (usize, &Profile)| {
        ctx.tick(at, profiles.len())?;
        let own = profile.members.iter().map(|&place| values[place as usize]);
        let mut own: Vec<f64> = own.filter(|v| v.is_finite() && !(log && *v <= 0.0)).collect();
        own.sort_unstable_by(f64::total_cmp);
        ctx.tick(at, profiles.len())?;
        Ok(spread(at, &own))
    };
    profiles.par_iter().enumerate().map(one).collect()
}

/// `sorted` ascending.
fn spread(at: usize, sorted: &[f64]) -> Option<Spread> {
    let (least, most) = (*sorted.first()?, *sorted.last()?);
    let quartiles = [0.25, 0.5, 0.75].map(|p| quantile(sorted, p));
    let reach = 1.5 * (quartiles[2] - quartiles[0]);
    let low = sorted.partition_point(|v| *v < quartiles[0] - reach);
    let high = sorted.partition_point(|v| *v <= quartiles[2] + reach);
    let whiskers = (sorted[low], sorted[high - 1]);
    let far: Vec<f64> = sorted[..low].iter().chain(&sorted[high..]).copied().collect();
    // The extremes always, and of the others every so many.
    let (step, last) = (far.len().div_ceil(MOST_OUTLIERS).max(1), far.len().saturating_sub(1));
    let outliers = far.iter().enumerate().filter(|(i, _)| i % step == 0 || *i == last).map(|(_, v)| *v).collect();
    let mean = sorted.iter().sum::<f64>() / sorted.len() as f64;
    let plot = BoxPlot {
        at: at as f64,
        whiskers,
        quartiles,
        mean,
        outliers,
        beyond: far.len(),
        ink: Ink::default(),
        tip: String::new(),
    };
    Some(Spread { plot, values: sorted.len(), least, most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_by_hand() {
        // numpy.percentile([1, 2, 3, 4, 100], [25, 50, 75]) is [2, 3, 4]; 100 lies beyond 4 + 1.5 · 2.
        let found = spread(3, &[1.0, 2.0, 3.0, 4.0, 100.0]).unwrap();
        assert_eq!(found.plot.quartiles, [2.0, 3.0, 4.0]);
        assert_eq!((found.plot.whiskers, found.plot.beyond), ((1.0, 4.0), 1));
        assert_eq!((found.plot.outliers, found.plot.mean), (vec![100.0], 22.0));
        assert_eq!((found.least, found.most, found.values), (1.0, 100.0, 5));
        assert_eq!(spread(0, &[]), None);
        assert_eq!(spread(0, &[7.0]).unwrap().plot.whiskers, (7.0, 7.0));
    }

    #[test]
    fn long_tails_above_zero_ask_for_a_logarithmic_axis() {
        let tail: Vec<f64> = (0..200).map(|i| f64::exp(f64::from(i % 40) / 5.0)).collect();
        assert!(is_skewed(&tail));
        assert!(!is_skewed(&(1..200).map(f64::from).collect::<Vec<_>>()));
        assert!(!is_skewed(&[0.0, 1.0, 1.0, 1.0, 1.0, 900.0]));
        assert!(!is_skewed(&[f64::NAN]));
    }
}
