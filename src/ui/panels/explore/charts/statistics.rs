//! What is said about one column: every statistic with its name, its definition and how it is written.

use chrono::DateTime;
use egui::Ui;

use crate::explore::{Summary, SummaryKind};
use crate::format;
use crate::rfm::Unit;
use crate::ui::widgets::text;

/// A column with what it takes to write its numbers.
#[derive(Debug, Clone, Copy)]
pub struct Described<'a> {
    pub column: &'a Summary,
    pub unit: Unit,
    pub currency: Option<&'a str>,
}

impl Described<'_> {
    /// A value of the column, `write`n without its unit.
    fn value(&self, value: f64, write: impl Fn(f64) -> String) -> Option<String> {
        if !value.is_finite() {
            return None;
        }
        match (self.column.kind, self.unit) {
            (SummaryKind::Words, _) => None,
            (SummaryKind::Date, _) => day(value),
            (SummaryKind::Number, Unit::Money) => {
                let sign = if value < 0.0 { "−" } else { "" };
                Some(format!("{sign}{}{}", self.currency.unwrap_or(""), write(value.abs())))
            }
            (SummaryKind::Number, Unit::Share) => Some(format::percent(value)),
            (SummaryKind::Number, _) => Some(write(value)),
        }
    }
}

/// A statistic of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Statistic {
    Count,
    Missing,
    Distinct,
    Top,
    Mean,
    Sd,
    Min,
    Q25,
    Median,
    Q75,
    Max,
    Skew,
    Sum,
}

impl Statistic {
    pub const ALL: [Statistic; 13] = [
        Statistic::Count,
        Statistic::Missing,
        Statistic::Distinct,
        Statistic::Top,
        Statistic::Mean,
        Statistic::Sd,
        Statistic::Min,
        Statistic::Q25,
        Statistic::Median,
        Statistic::Q75,
        Statistic::Max,
        Statistic::Skew,
        Statistic::Sum,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Statistic::Count => "Count",
            Statistic::Missing => "Missing",
            Statistic::Distinct => "Distinct",
            Statistic::Top => "Most frequent",
            Statistic::Mean => "Mean",
            Statistic::Sd => "Standard deviation",
            Statistic::Min => "Minimum",
            Statistic::Q25 => "Lower quartile",
            Statistic::Median => "Median",
            Statistic::Q75 => "Upper quartile",
            Statistic::Max => "Maximum",
            Statistic::Skew => "Skew",
            Statistic::Sum => "Sum",
        }
    }

    pub fn definition(self) -> &'static str {
        match self {
            Statistic::Count => "Rows with a value",
            Statistic::Missing => "Rows without a value, and their share of all rows",
            Statistic::Distinct => "How many different values there are",
            Statistic::Top => "The value that most rows have, and their share of the rows with a value",
            Statistic::Mean => "The sum divided by the count; a few very large values pull it up",
            Statistic::Sd => {
                "How far values lie from their mean: the root of the mean squared distance, divided by n − 1"
            }
            Statistic::Min => "The lowest value",
            Statistic::Q25 => "A quarter of the values are lower (25 %, with linear interpolation)",
            Statistic::Median => "Half of the values are lower (50 %, with linear interpolation)",
            Statistic::Q75 => "Three quarters of the values are lower (75 %, with linear interpolation)",
            Statistic::Max => "The highest value",
            Statistic::Skew => {
                "How lopsided the values are (adjusted Fisher–Pearson G1): 0 is symmetric, above 1 has a long tail to \
                 the right, below −1 one to the left"
            }
            Statistic::Sum => "All values added up",
        }
    }

    /// The statistic as it is written; `None` where the column has none.
    pub fn of(self, described: &Described) -> Option<String> {
        let column = described.column;
        let number = |value: f64| described.value(value, digits);
        let plain = |value: f64| number(value).filter(|_| column.kind == SummaryKind::Number);
        match self {
            Statistic::Count => Some(format::count(column.count)),
            Statistic::Missing if column.missing == 0 => Some("0".into()),
            Statistic::Missing => {
                Some(format!("{} ({})", format::count(column.missing), format::percent(missing(column))))
            }
            Statistic::Distinct => Some(format::count(column.distinct)),
            Statistic::Top => column.top.as_ref().map(|(value, rows)| {
                format!("{value} ({})", format::percent(*rows as f64 / column.count.max(1) as f64))
            }),
            Statistic::Mean => number(column.mean),
            Statistic::Sd if column.kind == SummaryKind::Date && column.sd.is_finite() => {
                Some(format!("{} days", format::number(column.sd, 1)))
            }
            Statistic::Sd => plain(column.sd),
            Statistic::Min => number(column.min),
            Statistic::Q25 => number(column.q25),
            Statistic::Median => number(column.median),
            Statistic::Q75 => number(column.q75),
            Statistic::Max => number(column.max),
            Statistic::Skew => {
                (column.kind != SummaryKind::Words && column.skew.is_finite()).then(|| format::number(column.skew, 2))
            }
            Statistic::Sum => plain(column.sum).filter(|_| described.unit != Unit::Share),
        }
    }
}

/// Share of the rows without a value.
pub fn missing(column: &Summary) -> f64 {
    column.missing as f64 / (column.missing + column.count).max(1) as f64
}

/// A number with as many decimals as tell something: about five significant digits.
pub fn digits(value: f64) -> String {
    let decimals = match value.abs() {
        _ if value.fract() == 0.0 => 0,
        v if v >= 10_000.0 => 0,
        v if v >= 10.0 => 2,
        v if v >= 0.1 => 3,
        v if v >= 0.001 => 5,
        _ => return format!("{value:.2e}"),
    };
    format::number(value, decimals)
}

/// Days since 1970-01-01 as a date, with the time where it is not midnight.
fn day(days: f64) -> Option<String> {
    let at = DateTime::from_timestamp((days.is_finite().then_some(days * 86_400.0)?) as i64, 0)?;
    Some(at.format(if days.fract() == 0.0 { "%Y-%m-%d" } else { "%Y-%m-%d %H:%M" }).to_string())
}

/// The gist of a column in a line.
pub fn gist(described: &Described) -> String {
    let column = described.column;
    let range = |write: &dyn Fn(f64) -> String| {
        let (from, to) = (write(column.min), write(column.max));
        if from == to { from } else { format!("{from} – {to}") }
    };
    match column.kind {
        _ if column.count == 0 => "no value".into(),
        SummaryKind::Number => range(&|v| described.value(v, format::short).unwrap_or_default()),
        SummaryKind::Date => range(&|days| {
            let at = DateTime::from_timestamp((days * 86_400.0) as i64, 0);
            at.map(|at| at.format("%b %Y").to_string()).unwrap_or_default()
        }),
        SummaryKind::Words => format!("{} distinct", format::count(column.distinct)),
    }
}

/// Every statistic that the column has, one a line.
pub fn list(ui: &mut Ui, column: &Described) {
    for statistic in Statistic::ALL {
        if let Some(value) = statistic.of(column) {
            text::fact(ui, statistic.name(), value).on_hover_text(statistic.definition());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(column: &Summary, unit: Unit) -> Described<'_> {
        Described { column, unit, currency: Some("£") }
    }

    #[test]
    fn statistics_are_written_by_what_the_column_holds() {
        let amounts = Summary {
            count: 397_884,
            missing: 100,
            mean: 22.397_001,
            min: -0.001,
            max: 168_469.6,
            skew: 451.443_182,
            sum: 8_911_407.904,
            ..Summary::default()
        };
        let of = |s: Statistic| s.of(&described(&amounts, Unit::Money)).unwrap();
        assert_eq!(of(Statistic::Mean), "£22.40");
        assert_eq!(of(Statistic::Missing), "100 (0.0 %)");
        assert_eq!(of(Statistic::Sum), "£8,911,408");
        assert_eq!(of(Statistic::Min), "−£0.00100");
        assert_eq!(of(Statistic::Skew), "451.44");
        assert_eq!(gist(&described(&Summary { min: 0.5, ..amounts.clone() }, Unit::Money)), "£0.50 – £168,470");
        let shares = Summary { count: 2, mean: 0.25, sum: 0.5, ..Summary::default() };
        assert_eq!(Statistic::Mean.of(&described(&shares, Unit::Share)).unwrap(), "25.0 %");
        assert_eq!(Statistic::Sum.of(&described(&shares, Unit::Share)), None, "shares of different wholes");
    }

    #[test]
    fn dates_and_words_have_statistics_of_their_own() {
        let (kind, min, max) = (SummaryKind::Date, 14_944.351, 15_317.0);
        let dates = Summary { kind, count: 2, min, max, sd: 112.3, sum: 30_261.3, ..Summary::default() };
        let of = |s: Statistic| s.of(&described(&dates, Unit::Days));
        assert_eq!(of(Statistic::Min).unwrap(), "2010-12-01 08:25");
        assert_eq!(of(Statistic::Max).unwrap(), "2011-12-09");
        assert_eq!(of(Statistic::Sd).unwrap(), "112.3 days");
        assert_eq!(of(Statistic::Sum), None, "a sum of dates says nothing");
        assert_eq!(gist(&described(&dates, Unit::Days)), "Dec 2010 – Dec 2011");
        let top = Some(("UK".into(), 9));
        let words = Summary { kind: SummaryKind::Words, count: 10, distinct: 3, top, ..Summary::default() };
        assert_eq!(Statistic::Top.of(&described(&words, Unit::Words)).unwrap(), "UK (90.0 %)");
        assert_eq!(Statistic::Mean.of(&described(&words, Unit::Words)), None);
    }
}
