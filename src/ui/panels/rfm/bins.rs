//! Bins for histograms of recency, frequency and monetary: logarithmic where a few values dwarf the rest.

use crate::chart::{Axis, Numbers, Scale};
use crate::explore::histogram;
use crate::rfm::Unit;
use crate::rfm::score::quantile;

/// Bins of a histogram.
const BINS: usize = 36;
/// A largest value this many times the median is a long tail.
const SKEWED: f64 = 20.0;

/// Ascending edges of bins; bin `i` is `[edges[i], edges[i + 1])`, the last one closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Bins {
    pub edges: Vec<f64>,
    pub log: bool,
    /// Values below the first and above the last edge; not drawn.
    pub below: usize,
    pub above: usize,
}

impl Bins {
    /// Bins for ascending finite values. A long tail gets a logarithmic axis; where that is not possible because of
    /// values of zero or less, the axis ends at the 99th percentile.
    pub fn of(sorted: &[f64]) -> Bins {
        let (Some(&low), Some(&high)) = (sorted.first(), sorted.last()) else {
            return Bins { edges: vec![0.0, 1.0], log: false, below: 0, above: 0 };
        };
        let whole = sorted.iter().all(|v| v.fract() == 0.0);
        let positive = sorted.partition_point(|v| *v <= 0.0);
        let median = quantile(sorted, 0.5);
        let log = median > 0.0 && high > SKEWED * median && positive * 10 <= sorted.len();
        let edges = if log {
            // One tiny amount does not stretch the axis over decades of nothing.
            let start = sorted[positive].max(quantile(sorted, 0.01) / 20.0);
            if whole { whole_log_edges(start, high) } else { log_edges(start, high) }
        } else {
            let limit = quantile(sorted, 0.99);
            let end = if high <= 1.5 * limit { high } else { limit };
            if whole && end - low <= 1.5 * BINS as f64 {
                (0..=(end - low) as usize + 1).map(|i| low - 0.5 + i as f64).collect()
            } else {
                let h = histogram(sorted.iter().copied().filter(|v| *v <= end), BINS);
                (0..=h.counts.len()).map(|i| h.start + i as f64 * h.width).collect()
            }
        };
        let below = sorted.partition_point(|v| *v < edges[0]);
        let last = edges[edges.len() - 1];
        Bins { above: sorted.len() - sorted.partition_point(|v| *v <= last), below, edges, log }
    }

    /// How many bins there are.
    pub fn len(&self) -> usize {
        self.edges.len() - 1
    }

    /// The bin of a value; `None` outside and for NaN.
    pub fn place(&self, value: f64) -> Option<usize> {
        let after = self.edges.partition_point(|e| *e <= value);
        match after {
            0 => None,
            _ if after < self.edges.len() => Some(after - 1),
            _ => (value == self.edges[self.edges.len() - 1]).then_some(self.len() - 1),
        }
    }

    /// The axis over these bins.
    pub fn axis(&self, label: impl Into<String>, format: Numbers) -> Axis {
        let (from, to) = (self.edges[0], self.edges[self.len()]);
        let scale = if self.log { Scale::Log { from, to, format } } else { Scale::Linear { from, to, format } };
        Axis { label: label.into(), scale }
    }
}

fn log_edges(start: f64, high: f64) -> Vec<f64> {
    let step = (high / start).ln() / BINS as f64;
    let mut edges: Vec<f64> = (0..BINS).map(|i| start * (step * i as f64).exp()).collect();
    edges.push(high);
    edges
}

/// Edges half-way between whole numbers, so that no bin is empty only because no whole number falls into it.
fn whole_log_edges(start: f64, high: f64) -> Vec<f64> {
    let mut edges: Vec<f64> = log_edges(start, high).into_iter().map(|e| e.floor() - 0.5).collect();
    edges.push(high + 0.5);
    edges.dedup();
    if edges[0] <= 0.0 {
        edges[0] = 0.5;
    }
    edges.dedup();
    edges
}

/// How numbers of a unit are written on an axis.
pub fn numbers(unit: Unit, currency: Option<&str>) -> Numbers {
    match unit {
        Unit::Days | Unit::Count => Numbers::Whole,
        Unit::Money => Numbers::Money(currency.map(str::to_string)),
        Unit::Share => Numbers::Percent,
        Unit::Number | Unit::Words => Numbers::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(values: &[f64]) -> (Bins, usize) {
        let bins = Bins::of(values);
        let inside = values.iter().filter(|v| bins.place(**v).is_some()).count();
        (bins, inside)
    }

    #[test]
    fn nothing_is_lost_between_bins() {
        let even: Vec<f64> = (1..=374).map(f64::from).collect();
        let (bins, inside) = counted(&even);
        assert!(!bins.log);
        assert_eq!(inside, 374);
        let mut tail: Vec<f64> = (0..1000).map(|i| 1.0 + f64::from(i % 3)).collect();
        tail.extend([50.0, 209.0]);
        tail.sort_by(f64::total_cmp);
        let (bins, inside) = counted(&tail);
        assert!(bins.log && bins.edges[0] == 0.5);
        assert_eq!(inside, 1002);
        assert!(bins.edges.windows(2).all(|w| w[0] < w[1]));
        assert_eq!((bins.place(1.0), bins.place(2.0), bins.place(3.0)), (Some(0), Some(1), Some(2)));
    }

    #[test]
    fn what_is_not_drawn_is_counted() {
        let mut values = vec![-5.0; 400];
        values.extend((0..600).map(|i| 10.0 + f64::from(i)));
        values.push(1e6);
        let (bins, inside) = counted(&values);
        assert!(!bins.log, "values of zero or less have no logarithm");
        assert_eq!(inside + bins.below + bins.above, values.len());
        assert!(bins.above > 0);
        let cents: Vec<f64> = (1..=5000).map(|i| 0.37 * f64::from(i)).chain([900_000.0]).collect();
        let (bins, inside) = counted(&cents);
        assert!(bins.log);
        assert_eq!(inside + bins.below, 5001);
    }

    #[test]
    fn one_value_and_none_have_bins() {
        assert_eq!(counted(&[]).1, 0);
        assert_eq!(counted(&[7.0, 7.0]).1, 2);
        assert_eq!(counted(&[0.5]).1, 1);
    }
}
