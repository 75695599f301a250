//! Histograms with readable bins.

/// Counts of values in bins of equal width; bin `i` is `[start + i·width, start + (i+1)·width)`, the last one closed.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram {
    pub start: f64,
    pub width: f64,
    pub counts: Vec<usize>,
}

/// Bins finite values into about `bins` bins whose width is 1, 2 or 5 times a power of ten. Values that are
/// not finite are left out. No finite value: no bins.
pub fn histogram(values: impl Iterator<Item = f64> + Clone, bins: usize) -> Histogram {
    let finite = values.filter(|v| v.is_finite());
    let (low, high) = finite.clone().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    if low > high {
        return Histogram { start: 0.0, width: 1.0, counts: Vec::new() };
    }
    let raw = ((high - low) / bins.max(1) as f64).max(f64::MIN_POSITIVE);
    let magnitude = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|s| s * magnitude >= raw * (1.0 - 1e-9)).unwrap_or(10.0);
    let width = if high == low { 1.0 } else { step * magnitude };
    let start = (low / width).floor() * width;
    let count = (((high - start) / width).floor() as usize + 1).min(bins.max(1) * 4);
    let mut counts = vec![0; count];
    for v in finite {
        counts[(((v - start) / width) as usize).min(count - 1)] += 1;
    }
    Histogram { start, width, counts }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_round_and_nothing_is_lost() {
        let values: Vec<f64> = (1..=374).map(f64::from).collect();
        let h = histogram(values.iter().copied(), 20);
        assert_eq!((h.start, h.width), (0.0, 20.0));
        assert_eq!(h.counts.iter().sum::<usize>(), 374);
        assert_eq!(h.counts[0], 19);
    }

    #[test]
    fn constant_empty_and_not_finite_values_are_taken() {
        assert_eq!(histogram([5.0; 3].into_iter(), 10).counts, vec![3]);
        assert!(histogram(std::iter::empty(), 10).counts.is_empty());
        assert_eq!(histogram([f64::NAN, 1.0, f64::INFINITY, 2.0].into_iter(), 4).counts.iter().sum::<usize>(), 2);
    }
}
