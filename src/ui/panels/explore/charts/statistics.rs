//! What is said about one column: every statistic with its name, its definition and how it is written.

use chrono::DateTime;
use egui::Ui;

use crate::explore::{Summary, SummaryKind};
use crate::format;
use crate::ui::widgets::text;

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
    pub fn of(self, column: &Summary) -> Option<String> {
        let number = |value: f64| match column.kind {
            SummaryKind::Number => value.is_finite().then(|| digits(value)),
            SummaryKind::Date => day(value),
            SummaryKind::Words => None,
        };
        let plain = |value: f64| (column.kind == SummaryKind::Number && value.is_finite()).then(|| digits(value));
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
            Statistic::Sum => plain(column.sum),
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
pub fn gist(column: &Summary) -> String {
    let range = |from: f64, to: f64, write: &dyn Fn(f64) -> String| {
        if from == to { write(from) } else { format!("{} to {}", write(from), write(to)) }
    };
    match column.kind {
        _ if column.count == 0 => "no value".into(),
        SummaryKind::Number => range(column.min, column.max, &format::short),
        SummaryKind::Date => {
            let date = |days: f64| day(days.floor()).unwrap_or_default();
            range(column.min.floor(), column.max.floor(), &date)
        }
        SummaryKind::Words => format!("{} distinct", format::count(column.distinct)),
    }
}

/// Every statistic that the column has, one a line.
pub fn list(ui: &mut Ui, column: &Summary) {
    for statistic in Statistic::ALL {
        if let Some(value) = statistic.of(column) {
            let response = text::fact(ui, statistic.name(), value.clone());
            response.on_hover_text(format!("{value}\n{}", statistic.definition()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_are_written_by_what_the_column_holds() {
        let amounts = Summary {
            count: 397_884,
            missing: 100,
            mean: 22.397_001,
            min: 0.001,
            max: 168_469.6,
            skew: 451.443_182,
            sum: 8_911_407.904,
            ..Summary::default()
        };
        let of = |s: Statistic| s.of(&amounts).unwrap();
        assert_eq!(of(Statistic::Mean), "22.40");
        assert_eq!(of(Statistic::Missing), "100 (0.0 %)");
        assert_eq!(of(Statistic::Sum), "8,911,408");
        assert_eq!(of(Statistic::Min), "0.00100");
        assert_eq!(gist(&amounts), "0.00 to 168,470");
        let dates = Summary {
            kind: SummaryKind::Date,
            count: 2,
            min: 14_944.351,
            max: 15_317.0,
            sd: 112.3,
            ..Summary::default()
        };
        assert_eq!(Statistic::Min.of(&dates).unwrap(), "2010-12-01 08:25");
        assert_eq!(Statistic::Max.of(&dates).unwrap(), "2011-12-09");
        assert_eq!(Statistic::Sd.of(&dates).unwrap(), "112.3 days");
        assert_eq!(Statistic::Sum.of(&dates), None, "a sum of dates says nothing");
        assert_eq!(gist(&dates), "2010-12-01 to 2011-12-09");
        let words = Summary {
            kind: SummaryKind::Words,
            count: 10,
            distinct: 3,
            top: Some(("UK".into(), 9)),
            ..Summary::default()
        };
        assert_eq!(Statistic::Top.of(&words).unwrap(), "UK (90.0 %)");
        assert_eq!(Statistic::Mean.of(&words), None);
    }
}
