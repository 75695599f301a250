//! Bins of equal width, as numpy and pandas make them, and bins that are even on a logarithmic axis.

use super::distribution::Distribution;

/// Most bins of a histogram.
pub(super) const MOST_BINS: u32 = 500;

/// Edges of bins in ascending order, one more than there are bins. A bin is closed on the left and open on the right,
/// the last one closed on both sides.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Bins {
    pub edges: Vec<f64>,
}

impl Bins {
    /// `bins` bins of equal width from the smallest to the largest value: `numpy.histogram` and `Series.hist`. Whole
    /// values that span fewer numbers than that get one bin each, around the number or (for days) from it on.
    pub fn even(values: &Distribution, bins: u32, whole: bool, days: bool) -> Bins {
        let (low, high) = (values.min(), values.max());
        let bins = bins.clamp(1, MOST_BINS);
        if !low.is_finite() {
            return Bins { edges: Vec::new() };
        }
        if (whole && high - low < f64::from(bins)) || low == high {
            let from = if days { low.floor() } else { low - 0.5 };
            let count = (high - low) as u32 + 1;
            return Bins { edges: (0..=count).map(|i| from + f64::from(i)).collect() };
        }
        // As numpy.linspace, the last edge exactly the largest value.
        let n = f64::from(bins);
        let step = if (high - low).is_finite() { (high - low) / n } else { high / n - low / n };
        let mut edges: Vec<f64> = (0..bins).map(|i| (f64::from(i) * step + low).min(high)).collect();
        edges.push(high);
        Bins { edges }
    }

    /// `bins` bins that are equally wide on a logarithmic axis, from the smallest value above zero to the largest.
    pub fn logarithmic(values: &Distribution, bins: u32) -> Bins {
        let (low, high) = (values.first_from(f64::MIN_POSITIVE), values.max());
        let bins = bins.clamp(1, MOST_BINS);
        if low.is_nan() {
            return Bins { edges: Vec::new() };
        }
        if low == high {
            return Bins { edges: vec![low / 1.1, high * 1.1] };
        }
        let (from, to) = (low.log10(), high.log10());
        let step = (to - from) / f64::from(bins);
        let mut edges: Vec<f64> = (0..=bins).map(|i| 10f64.powf(from + f64::from(i) * step).clamp(low, high)).collect();
        (edges[0], edges[bins as usize]) = (low, high);
        Bins { edges }
    }

    pub fn len(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// Rows per bin.
    pub fn counts(&self, values: &Distribution) -> Vec<usize> {
        let mut below: Vec<usize> = self.edges.iter().map(|&edge| values.below(edge)).collect();
        if let (Some(below), Some(&last)) = (below.last_mut(), self.edges.last()) {
            // The last bin is closed.
            *below = values.below(last.next_up());
        }
        below.windows(2).map(|w| w[1] - w[0]).collect()
    }
}
