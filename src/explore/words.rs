//! Numbers in words for tips, notes and axes.

use super::columns::ColumnInfo;
use super::values::Numbers;
use super::{Measure, Source, Subject, SummaryKind};
use crate::chart::{Axis, Numbers as Format, Scale};
use crate::format;
use crate::intake::dates;
use crate::rfm::Unit;

/// How the numbers of a column are written on axes.
pub(super) fn format_of(numbers: &Numbers, subject: &Subject) -> Format {
    match numbers.info.unit {
        Unit::Money => Format::Money(subject.clean.currency.clone()),
        Unit::Share => Format::Percent,
        Unit::Count => Format::Whole,
        _ => Format::Plain,
    }
}

/// A value of a column as people read it.
pub(super) fn say(value: f64, info: &ColumnInfo, subject: &Subject) -> String {
    match info.unit {
        _ if !value.is_finite() => "–".into(),
        _ if info.kind == SummaryKind::Date => day(value),
        Unit::Money => money(value, subject),
        Unit::Share => format::percent(value),
        Unit::Days => format!("{} {}", short(value), if value == 1.0 { "day" } else { "days" }),
        _ => short(value),
    }
}

/// A moment as days since 1970-01-01: its date, with the time where there is one.
pub(super) fn day(value: f64) -> String {
    let seconds = (value * dates::DAY as f64).round() as i64;
    dates::iso(seconds, seconds.rem_euclid(dates::DAY) != 0)
}

/// The date of a day since 1970-01-01.
pub(super) fn date(value: f64) -> String {
    dates::iso((value.floor() * dates::DAY as f64) as i64, false)
}

/// As short as it can be without misleading, also near zero.
pub(super) fn short(value: f64) -> String {
    if value == 0.0 || value.abs() >= 0.1 || !value.is_finite() {
        return format::short(value);
    }
    let digits = (1.0 - value.abs().log10().floor()) as usize;
    if digits > 8 { format!("{value:.2e}").replace('-', "−") } else { format::number(value, digits) }
}

pub(super) fn money(value: f64, subject: &Subject) -> String {
    format::money(value, subject.clean.currency.as_deref())
}

/// The name of a column on its axis, with the unit.
pub(super) fn axis_label(info: &ColumnInfo, subject: &Subject) -> String {
    let unit = match (info.unit, info.kind) {
        (_, SummaryKind::Date) => None,
        (Unit::Days, _) => Some("days"),
        (Unit::Money, _) => subject.clean.currency.as_deref(),
        _ => None,
    };
    unit.map_or_else(|| info.label.clone(), |unit| format!("{}, {unit}", info.label))
}

/// An axis over the values of a column.
pub(super) fn axis(numbers: &Numbers, from: f64, to: f64, log: bool, subject: &Subject) -> Axis {
    let format = format_of(numbers, subject);
    let scale = match (numbers.is_date(), log) {
        (true, _) => Scale::Days { from, to },
        (_, true) => Scale::Log { from, to, format },
        _ => Scale::Linear { from, to, format },
    };
    Axis { label: axis_label(&numbers.info, subject), scale }
}

/// An axis of counts or of money that starts at zero.
pub(super) fn amounts(label: &str, highest: f64, format: Format) -> Axis {
    let to = if highest > 0.0 { highest * 1.05 } else { 1.0 };
    Axis { label: label.into(), scale: Scale::Linear { from: 0.0, to, format } }
}

/// What a measure is called, for axes and titles.
pub(super) fn measure_label(measure: Measure, source: Source) -> &'static str {
    match (measure, source) {
        (Measure::Rows, Source::Customers) | (Measure::Customers, _) => "Customers",
        (Measure::Rows, _) => "Rows",
        (Measure::Orders, _) => "Orders",
        (Measure::Revenue, _) => "Revenue",
    }
}

/// How the numbers of a measure are written.
pub(super) fn measure_format(measure: Measure, subject: &Subject) -> Format {
    match measure {
        Measure::Revenue => Format::Money(subject.clean.currency.clone()),
        _ => Format::Whole,
    }
}

/// `1,234 orders` or `£5,678`.
pub(super) fn measured(value: f64, measure: Measure, source: Source, subject: &Subject) -> String {
    let (one, many) = match (measure, source) {
        (Measure::Revenue, _) => return money(value, subject),
        (Measure::Rows, Source::Customers) | (Measure::Customers, _) => ("customer", "customers"),
        (Measure::Rows, _) => ("row", "rows"),
        (Measure::Orders, _) => ("order", "orders"),
    };
    format::plural(value.max(0.0) as usize, one, many)
}

/// The parts of a note that say something, joined.
pub(super) fn note(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("; ")
}
