//! Sorted numbers with how many rows have each: what means, medians and limits are computed from.

/// The numbers of a column's rows, ascending; what is no number is left out. Everything computed from it is the same
/// for any order of rows.
pub(super) struct Numbers {
    /// Value and rows.
    sorted: Vec<(f64, u64)>,
    rows: u64,
}

impl Numbers {
    /// From the number of each code (NaN for none) and the rows of each code.
    pub(super) fn of(numbers: &[f64], counts: &[u32]) -> Numbers {
        let present = numbers.iter().zip(counts).filter(|(v, n)| !v.is_nan() && **n > 0);
        let mut sorted: Vec<(f64, u64)> = present.map(|(&v, &n)| (v + 0.0, u64::from(n))).collect();
        sorted.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let rows = sorted.iter().map(|(_, n)| n).sum();
        Numbers { sorted, rows }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The arithmetic mean.
    pub(super) fn mean(&self) -> f64 {
        sum(self.sorted.iter().map(|&(v, n)| v * n as f64)) / self.rows as f64
    }

    /// The standard deviation of a whole population (divided by n, ddof 0).
    pub(super) fn deviation(&self) -> f64 {
        let mean = self.mean();
        (sum(self.sorted.iter().map(|&(v, n)| (v - mean).powi(2) * n as f64)) / self.rows as f64).sqrt()
    }

    /// The value at a place in the sorted rows.
    fn at(&self, place: u64) -> f64 {
        let mut before = 0;
        for &(value, n) in &self.sorted {
            before += n;
            if place < before {
                return value;
            }
        }
        self.sorted.last().map_or(f64::NAN, |&(value, _)| value)
    }

    /// The type-7 quantile of a share (Hyndman and Fan 1996): linear between the two nearest of n rows, at
    /// (n − 1)·share. NumPy's and pandas's default.
    pub(super) fn quantile(&self, share: f64) -> f64 {
        let place = (self.rows.saturating_sub(1)) as f64 * share;
        let (low, part) = (self.at(place.floor() as u64), place.fract());
        if part == 0.0 {
            return low;
        }
        let high = self.at(place.floor() as u64 + 1);
        // From the nearer end, as NumPy does, so that the ends are met exactly.
        if part >= 0.5 { high - (high - low) * (1.0 - part) } else { low + (high - low) * part }
    }

    /// The value of most rows; the smallest of several.
    pub(super) fn mode(&self) -> f64 {
        let mut best = (f64::NAN, 0);
        let mut run = (f64::NAN, 0);
        for &(value, n) in &self.sorted {
            run = if run.0 == value { (value, run.1 + n) } else { (value, n) };
            if run.1 > best.1 {
                best = run;
            }
        }
        best.0
    }
}

/// A sum that carries what rounding took away (Neumaier 1974).
pub(super) fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let (mut total, mut lost) = (0.0f64, 0.0f64);
    for value in values {
        let next = total + value;
        lost += if total.abs() >= value.abs() { (total - next) + value } else { (value - next) + total };
        total = next;
    }
    total + lost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_weigh_as_often_as_they_are() {
        // 1 1 1 2 10, as numpy has it.
        let n = Numbers::of(&[10.0, 1.0, f64::NAN, 2.0, 5.0], &[1, 3, 7, 1, 0]);
        assert_eq!((n.mean(), n.quantile(0.5), n.mode()), (3.0, 1.0, 1.0));
        assert_eq!((n.quantile(0.75), n.quantile(1.0), n.quantile(0.875)), (2.0, 10.0, 6.0));
        assert!((n.deviation() - 3.521363372331802).abs() < 1e-15);
        assert_eq!(Numbers::of(&[2.0, 1.0, 3.0], &[2, 2, 1]).mode(), 1.0);
    }
}
