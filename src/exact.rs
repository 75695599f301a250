//! Sums of money that do not depend on the order of the rows.

/// An exact sum in billionths. Adding floating-point amounts one after the other gives another last digit
/// for another order of rows; whole billionths do not. Amounts up to 10¹⁸ add up to
/// far beyond any number of rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExactSum(i128);

impl ExactSum {
    /// Adds an amount; what is not finite counts as zero.
    pub fn add(&mut self, amount: f64) {
        if amount.is_finite() {
            let billionths = (amount * 1e9).round();
            // Nearly every amount fits into a machine word, which is several times as fast to convert.
            let whole = if billionths.abs() < 9e18 { i128::from(billionths as i64) } else { billionths as i128 };
            self.0 = self.0.saturating_add(whole);
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: ExactSum) {
        self.0 = self.0.saturating_add(other.0);
    }

    /// The floating-point number nearest to the sum.
    pub fn value(self) -> f64 {
        let (mut units, mut divisor) = (self.0, 1e9);
        // With the trailing zeros gone both sides are exact, so that the division rounds only once.
        while divisor > 1.0 && units % 10 == 0 {
            units /= 10;
            divisor /= 10.0;
        }
        units as f64 / divisor
    }
}

impl FromIterator<f64> for ExactSum {
    fn from_iter<T: IntoIterator<Item = f64>>(amounts: T) -> Self {
        let mut sum = ExactSum::default();
        amounts.into_iter().for_each(|a| sum.add(a));
        sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_add_up_and_order_has_no_say() {
        let amounts = [0.1, 0.2, 0.3, 1e9, -1e9, 12345678.901, 6.0 * 2.55];
        let forward: ExactSum = amounts.into_iter().collect();
        let backward: ExactSum = amounts.into_iter().rev().collect();
        assert_eq!(forward, backward);
        assert_eq!(forward.value(), 12345694.801);
        assert_eq!([0.1, 0.2].into_iter().collect::<ExactSum>().value(), 0.3);
        assert_eq!([f64::INFINITY].into_iter().collect::<ExactSum>().value(), 0.0);
        assert_eq!([f64::NAN].into_iter().collect::<ExactSum>().value(), 0.0);
    }
}
