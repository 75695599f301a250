//! Many values into one, whatever their order.
//!
//! Values are looked at in their own order, not in that of the rows, so that permuting rows changes no digit. Missing
//! values are passed over.

use super::values::{Kind, Values, of_ordered_bits};
use crate::exact::ExactSum;
use crate::recipe::Aggregation;
use crate::rfm::score::quantile;

/// How many values become one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum How {
    Sum,
    Mean,
    Median,
    Min,
    Max,
    /// Rows with a value.
    Count,
    /// All rows.
    Rows,
    Distinct,
    First,
    Last,
    Mode,
    StdDev,
    Variance,
    /// Type 7.
    Quantile(f64),
    /// The share of the rows whose value has this key; `None`: no row has it.
    ShareOf(Option<u64>),
}

impl How {
    /// The aggregate of this name in an expression.
    pub(super) fn of_function(name: &str) -> How {
        match name {
            "AVG" | "MEAN" => How::Mean,
            "MEDIAN" => How::Median,
            "MIN" => How::Min,
            "MAX" => How::Max,
            "COUNT" => How::Count,
            "STDDEV" => How::StdDev,
            "VARIANCE" => How::Variance,
            "QUANTILE_CONT" => How::Quantile(0.5),
            "FIRST" => How::First,
            "LAST" => How::Last,
            "MODE" => How::Mode,
            _ => How::Sum,
        }
    }

    /// The one of a form; the value of a share is found from the values.
    pub(super) fn of(how: Aggregation) -> How {
        match how {
            Aggregation::Sum => How::Sum,
            Aggregation::Mean => How::Mean,
            Aggregation::Median => How::Median,
            Aggregation::Min => How::Min,
            Aggregation::Max => How::Max,
            Aggregation::Count => How::Count,
            Aggregation::Distinct => How::Distinct,
            Aggregation::First => How::First,
            Aggregation::Last => How::Last,
            Aggregation::Mode => How::Mode,
            Aggregation::ShareOf => How::ShareOf(None),
        }
    }

    /// Whether it needs numbers.
    pub(super) fn needs_numbers(self) -> bool {
        matches!(self, How::Sum | How::Mean | How::Median | How::StdDev | How::Variance | How::Quantile(_))
    }

    /// Whether it gives one of the values, as opposed to a number about them.
    pub(super) fn gives_a_value(self) -> bool {
        matches!(self, How::Min | How::Max | How::First | How::Last | How::Mode)
    }

    /// Whether it needs to know when each row was.
    pub(super) fn needs_moments(self) -> bool {
        matches!(self, How::First | How::Last)
    }

    /// The type of the result.
    pub(super) fn kind(self, of: Kind) -> Kind {
        match self {
            _ if self.gives_a_value() => of,
            How::Count | How::Rows | How::Distinct => Kind::Number { whole: true },
            How::Sum => of,
            _ => Kind::Number { whole: false },
        }
    }
}

/// One row's value.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cell {
    /// See [`Values::key`]; what is missing has [`Cell::there`] false.
    pub key: u64,
    pub moment: i64,
    pub there: bool,
}

/// What becomes of many values: the key of one of them, or a number; NaN where there is none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Answer {
    Key(u64),
    Number(f64),
    Missing,
}

/// Many values into one. Brings the cells into another order.
pub(super) fn fold(how: How, cells: &mut [Cell]) -> Answer {
    let rows = cells.len();
    let mut n = 0;
    for i in 0..rows {
        if cells[i].there {
            cells.swap(n, i);
            n += 1;
        }
    }
    let cells = &mut cells[..n];
    let ratio = |part: usize, whole: usize| match whole {
        0 => Answer::Missing,
        _ => Answer::Number(part as f64 / whole as f64),
    };
    match how {
        How::Rows => return Answer::Number(rows as f64),
        How::Count => return Answer::Number(n as f64),
        How::ShareOf(key) => return ratio(cells.iter().filter(|c| Some(c.key) == key).count(), rows),
        How::Distinct if n == 0 => return Answer::Number(0.0),
        _ if n == 0 => return Answer::Missing,
        _ => {}
    }
    let key = |found: Option<&Cell>| found.map_or(Answer::Missing, |c| Answer::Key(c.key));
    match how {
        How::Min => return key(cells.iter().min_by_key(|c| c.key)),
        How::Max => return key(cells.iter().max_by_key(|c| c.key)),
        How::First => return key(cells.iter().min_by_key(|c| (c.moment, c.key))),
        How::Last => return key(cells.iter().min_by_key(|c| (std::cmp::Reverse(c.moment), c.key))),
        _ => {}
    }
    cells.sort_unstable_by_key(|c| c.key);
    let numbers = || cells.iter().map(|c| of_ordered_bits(c.key));
    match how {
        How::Distinct => Answer::Number(cells.chunk_by(|a, b| a.key == b.key).count() as f64),
        How::Mode => {
            let runs = cells.chunk_by(|a, b| a.key == b.key);
            let most = runs.fold((0, 0), |best, run| if run.len() > best.0 { (run.len(), run[0].key) } else { best });
            Answer::Key(most.1)
        }
        How::Sum => Answer::Number(sum(numbers())),
        How::Mean => Answer::Number(sum(numbers()) / n as f64),
        How::Median => Answer::Number(quantile(&numbers().collect::<Vec<_>>(), 0.5)),
        How::Quantile(share) => Answer::Number(quantile(&numbers().collect::<Vec<_>>(), share)),
        How::StdDev | How::Variance if n < 2 => Answer::Missing,
        How::StdDev | How::Variance => {
            let mean = sum(numbers()) / n as f64;
            let variance = sum(numbers().map(|v| (v - mean) * (v - mean))) / (n as f64 - 1.0);
            Answer::Number(if how == How::Variance { variance } else { variance.sqrt() })
        }
        _ => Answer::Missing,
    }
}

/// The sum of numbers in their order: exact in billionths where that loses no digit that matters, else compensated
/// (Neumaier 1974).
fn sum(numbers: impl Iterator<Item = f64> + Clone) -> f64 {
    // Products of prices and quantities miss their billionth by a rounding.
    let like_money = |v: f64| {
        let nearest = (v * 1e9).round() / 1e9;
        v.abs() < 1e17 && (nearest - v).abs() <= 4.0 * f64::EPSILON * v.abs()
    };
    if numbers.clone().all(like_money) {
        return numbers.collect::<ExactSum>().value();
    }
    let (mut sum, mut lost) = (0.0f64, 0.0f64);
    for v in numbers {
        let next = sum + v;
        lost += if sum.abs() >= v.abs() { (sum - next) + v } else { (v - next) + sum };
        sum = next;
    }
    sum + lost
}

/// The values that the answers stand for; `of` are the values that were aggregated.
pub(super) fn answers(how: How, of: &Values, answers: Vec<Answer>) -> Values {
    if !how.gives_a_value() {
        let number = |a: Answer| match a {
            Answer::Number(v) if v.is_finite() => v,
            _ => f64::NAN,
        };
        return Values::Numbers(answers.into_iter().map(number).collect());
    }
    let key = |a: Answer| match a {
        Answer::Key(key) => Some(key),
        _ => None,
    };
    let keys = answers.into_iter().map(key);
    match of {
        Values::Numbers(_) => Values::Numbers(keys.map(|k| k.map_or(f64::NAN, of_ordered_bits)).collect()),
        Values::Dates { time, .. } => Values::Dates {
            seconds: keys.map(|k| k.map_or(super::values::NO_MOMENT, |k| (k ^ (1 << 63)) as i64)).collect(),
            time: *time,
        },
        Values::Words { names, .. } => Values::Words {
            codes: keys.map(|k| k.map_or(super::values::NO_WORD, |k| k as u32)).collect(),
            names: names.clone(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::calculate::values::ordered_bits;

    fn over(how: How, values: &[f64]) -> Answer {
        let cell = |(i, v): (usize, &f64)| Cell { key: ordered_bits(*v), moment: i as i64 / 2, there: !v.is_nan() };
        fold(how, &mut values.iter().enumerate().map(cell).collect::<Vec<_>>())
    }

    #[test]
    fn each_by_hand() {
        let v = [3.0, f64::NAN, -1.0, 3.0, 0.5];
        let number = |how| match over(how, &v) {
            Answer::Number(n) => n,
            Answer::Key(k) => of_ordered_bits(k),
            Answer::Missing => f64::NAN,
        };
        assert_eq!(number(How::Sum), 5.5);
        assert_eq!(number(How::Mean), 1.375);
        assert_eq!(number(How::Median), 1.75);
        assert_eq!(number(How::Quantile(0.25)), 0.125);
        assert_eq!((number(How::Min), number(How::Max)), (-1.0, 3.0));
        assert_eq!((number(How::Rows), number(How::Count), number(How::Distinct)), (5.0, 4.0, 3.0));
        assert_eq!(number(How::Mode), 3.0);
        // Moments 0, 0, 1, 1, 2: the earliest value is 3, the latest 0.5.
        assert_eq!((number(How::First), number(How::Last)), (3.0, 0.5));
        assert!((number(How::Variance) - 3.8958333333333335).abs() < 1e-12);
        assert_eq!(number(How::ShareOf(Some(ordered_bits(3.0)))), 0.4);
    }

    #[test]
    fn nothing_is_missing_but_counts_are_zero() {
        for how in [How::Sum, How::Mean, How::Median, How::Min, How::First, How::Mode, How::StdDev] {
            assert_eq!(over(how, &[f64::NAN]), Answer::Missing, "{how:?}");
        }
        assert_eq!(over(How::Count, &[f64::NAN]), Answer::Number(0.0));
        assert_eq!(over(How::Distinct, &[]), Answer::Number(0.0));
        assert_eq!(over(How::Variance, &[2.0]), Answer::Missing);
    }

    #[test]
    fn sums_are_exact_and_small_numbers_are_not_lost() {
        assert_eq!(over(How::Sum, &[0.1, 0.2]), Answer::Number(0.3));
        assert_eq!(over(How::Sum, &[1e-12, 2e-12]), Answer::Number(3e-12));
        assert_eq!(over(How::Sum, &[1e300, 1.0, -1e300]), Answer::Number(1.0));
    }
}
