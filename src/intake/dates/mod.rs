//! Dates as files write them: the order of day, month and year is decided for a column as a whole.

mod clock;
mod detect;
mod parts;
mod survey;
mod words;

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

use super::kind::parse_number;
pub use clock::zone_of;
pub use detect::{Detected, FormFound, detect, detect_any};
pub use parts::{Form, form_of};
pub use survey::{FormCount, Survey, survey};

/// How a column writes its dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "order", content = "format", rename_all = "snake_case")]
pub enum DateStyle {
    /// Year, month, day: `2011-12-09`, `2011/12/9 8:26`, `2011-12-09T08:26:00Z`.
    YearFirst,
    /// Month, day, year: `12/9/2011 8:26`, `Dec 9, 2011`.
    MonthFirst,
    /// Day, month, year: `9.12.2011`, `9-Dec-11`, `Fri, 09 Dec 2011 08:26:00`.
    DayFirst,
    /// Year of two digits, month, day: `99-12-31`.
    ShortYearFirst,
    /// A month: `2011/12`, `12/2011`, `Dec 2011`; read as its first day.
    YearMonth,
    /// Only digits: `20111209`, `201112090826`, `20111209082600`.
    Compact,
    /// Days since 1899-12-30, as spreadsheets count: `40886.35`.
    ExcelSerial,
    /// Seconds since 1970-01-01: `1323419160`.
    EpochSeconds,
    /// Milliseconds since 1970-01-01: `1323419160000`.
    EpochMillis,
    /// Several styles in one column, told apart by how each value is written.
    Mixed(Vec<(Form, DateStyle)>),
    /// The user's own strftime format.
    Custom(String),
}

impl DateStyle {
    /// The style in words, for warnings and chips.
    pub fn label(&self) -> String {
        match self {
            DateStyle::YearFirst => "year, month, day".into(),
            DateStyle::MonthFirst => "month, day, year".into(),
            DateStyle::DayFirst => "day, month, year".into(),
            DateStyle::ShortYearFirst => "two-digit year, month, day".into(),
            DateStyle::YearMonth => "year and month".into(),
            DateStyle::Compact => "YYYYMMDD".into(),
            DateStyle::ExcelSerial => "days as a spreadsheet counts them".into(),
            DateStyle::EpochSeconds => "seconds since 1970".into(),
            DateStyle::EpochMillis => "milliseconds since 1970".into(),
            DateStyle::Mixed(parts) => {
                let part = |(form, style): &(Form, DateStyle)| form.pattern(style);
                parts.iter().map(part).collect::<Vec<_>>().join(" and ")
            }
            DateStyle::Custom(format) => format.clone(),
        }
    }

    /// The same with day and month the other way round where they are written as two numbers; `None` where no form has
    /// them so.
    pub fn other_order(&self) -> Option<DateStyle> {
        match self {
            DateStyle::MonthFirst => Some(DateStyle::DayFirst),
            DateStyle::DayFirst => Some(DateStyle::MonthFirst),
            DateStyle::Mixed(parts) => {
                let swap = |(form, style): &(Form, DateStyle)| {
                    let other = if form.is_numeric_order() { style.other_order() } else { None };
                    (*form, other.unwrap_or_else(|| style.clone()))
                };
                let swapped = DateStyle::Mixed(parts.iter().map(swap).collect());
                (swapped != *self).then_some(swapped)
            }
            _ => None,
        }
    }
}

/// Seconds in a day.
pub const DAY: i64 = 86_400;
/// 1970-01-01 as spreadsheets count days.
const EXCEL_EPOCH: f64 = 25_569.0;

/// The moment a text stands for, in seconds since 1970-01-01 as written (time zones are not applied).
/// `None` where the text is no date in this style.
pub fn parse(text: &str, style: &DateStyle) -> Option<i64> {
    let text = text.trim();
    let number = || parse_number(text).filter(|n| n.abs() < 1e15);
    match style {
        DateStyle::Custom(format) => NaiveDateTime::parse_from_str(text, format)
            .ok()
            .or_else(|| NaiveDate::parse_from_str(text, format).ok()?.and_hms_opt(0, 0, 0))
            .map(|t| t.and_utc().timestamp()),
        DateStyle::Mixed(parts) => {
            let form = form_of(text)?;
            parts.iter().filter(|(f, _)| *f == form).find_map(|(_, style)| parse(text, style))
        }
        DateStyle::Compact => parts::compact(text),
        // Serials are fractions of a day; the nearest second is what was meant.
        DateStyle::ExcelSerial => Some(((number()? - EXCEL_EPOCH) * DAY as f64).round() as i64),
        DateStyle::EpochSeconds => Some(number()?.floor() as i64),
        DateStyle::EpochMillis => Some((number()? / 1000.0).floor() as i64),
        DateStyle::YearMonth => parts::year_and_month(text),
        _ => {
            let as_is = parts::ordered(text, style);
            if as_is.is_some() || !text.starts_with(char::is_alphabetic) {
                return as_is;
            }
            parts::ordered(parts::without_weekday(text)?, style)
        }
    }
}

/// Days since 1970-01-01.
pub fn day_number(date: NaiveDate) -> i32 {
    date.signed_duration_since(NaiveDate::default()).num_days() as i32
}

/// The date of a day number; the nearest date that exists for numbers out of range.
pub fn date_of(day: i32) -> NaiveDate {
    NaiveDate::default().checked_add_signed(chrono::Duration::days(day.into())).unwrap_or(NaiveDate::MAX)
}

/// Sales lie between 1900 and 2100; anything else is a number that happens to look like a date, or a date that
/// stands for "never".
pub fn plausible(seconds: i64) -> bool {
    (-2_208_988_800..4_102_444_800).contains(&seconds)
}

/// `2011-12-09`, or `2011-12-09 08:26:00` with a time of day.
pub fn iso(seconds: i64, time: bool) -> String {
    let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    at.format(if time { "%Y-%m-%d %H:%M:%S" } else { "%Y-%m-%d" }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, style: DateStyle) -> Option<String> {
        parse(text, &style).map(|s| iso(s, true))
    }

    #[test]
    fn common_writings_are_read() {
        use DateStyle::*;
        let cases = [
            ("12/1/2010 8:26", MonthFirst, "2010-12-01 08:26:00"),
            ("1.12.2010", DayFirst, "2010-12-01 00:00:00"),
            ("01-Dec-10", DayFirst, "2010-12-01 00:00:00"),
            ("Dec 1, 2010", MonthFirst, "2010-12-01 00:00:00"),
            ("2010-12-01T08:26:05.250Z", YearFirst, "2010-12-01 08:26:05"),
            ("2010/12/1 8:26 PM", YearFirst, "2010-12-01 20:26:00"),
            ("12/1/2010 12:05 am", MonthFirst, "2010-12-01 00:05:00"),
            ("2010-12-01 08:26:00+02:00", YearFirst, "2010-12-01 08:26:00"),
            ("2010-12-01 08:26:00 Europe/Berlin", YearFirst, "2010-12-01 08:26:00"),
            ("20101201", Compact, "2010-12-01 00:00:00"),
            ("20101201082605", Compact, "2010-12-01 08:26:05"),
            ("201012010826", Compact, "2010-12-01 08:26:00"),
            ("20101201T082605Z", Compact, "2010-12-01 08:26:05"),
            ("20101201 08:26", Compact, "2010-12-01 08:26:00"),
            ("01.12.2010 08h26", Custom("%d.%m.%Y %Hh%M".into()), "2010-12-01 08:26:00"),
            ("01.12.2010 08h26", DayFirst, "2010-12-01 08:26:00"),
            ("01.12.2010 8.26", DayFirst, "2010-12-01 08:26:00"),
            ("01|12|2010", Custom("%d|%m|%Y".into()), "2010-12-01 00:00:00"),
            ("01 Dec 2010 08:34 AM", DayFirst, "2010-12-01 08:34:00"),
            ("01 Dec 2010 12:34 p.m.", DayFirst, "2010-12-01 12:34:00"),
            ("Wed, 01 Dec 2010 08:34:07 GMT", DayFirst, "2010-12-01 08:34:07"),
            ("Wednesday, December 1st, 2010", MonthFirst, "2010-12-01 00:00:00"),
            ("mar. 9 dic 2014", DayFirst, "2014-12-09 00:00:00"),
            ("1. Dezember 2010", DayFirst, "2010-12-01 00:00:00"),
            ("1er décembre 2010", DayFirst, "2010-12-01 00:00:00"),
            ("1 de diciembre de 2010", DayFirst, "2010-12-01 00:00:00"),
            ("1 dicembre 2010", DayFirst, "2010-12-01 00:00:00"),
            ("1 mrt. 2010", DayFirst, "2010-03-01 00:00:00"),
            ("1 de março de 2010", DayFirst, "2010-03-01 00:00:00"),
            ("01/Dec/2010:08:26:05 +0100", DayFirst, "2010-12-01 08:26:05"),
            ("99-12-31", ShortYearFirst, "1999-12-31 00:00:00"),
            ("2010/12", YearMonth, "2010-12-01 00:00:00"),
            ("12/2010", YearMonth, "2010-12-01 00:00:00"),
            ("Dec 2010", YearMonth, "2010-12-01 00:00:00"),
            ("Dez. 10", YearMonth, "2010-12-01 00:00:00"),
            // From LibreOffice: =TEXT(40513.356944;"YYYY-MM-DD HH:MM:SS").
            ("40513.356944", ExcelSerial, "2010-12-01 08:34:00"),
            ("40513,356944", ExcelSerial, "2010-12-01 08:34:00"),
            ("40513", ExcelSerial, "2010-12-01 00:00:00"),
            ("1291191965", EpochSeconds, "2010-12-01 08:26:05"),
            ("1291191965250", EpochMillis, "2010-12-01 08:26:05"),
        ];
        for (text, style, expected) in cases {
            assert_eq!(read(text, style.clone()).as_deref(), Some(expected), "{text} as {style:?}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        use DateStyle::*;
        for text in [
            "",
            "13/13/2010",
            "2010-02-30",
            "1.5",
            "12/1/2010 25:00",
            "12/1/2010 later",
            "12/1/20100",
            "abc",
            "12//1//2010/",
            "Order 9 Dec 2010",
            "9 Dec",
            "31.12.",
            "2010-13",
            "201013",
            "20101232",
            "201012012526",
            "1/2/3",
            "12/1/2010 8:26 xm",
            "12/1/2010 13:26 PM",
        ] {
            for style in [YearFirst, MonthFirst, DayFirst, ShortYearFirst, YearMonth, Compact] {
                assert_eq!(parse(text, &style), None, "{text} as {style:?}");
            }
        }
    }

    #[test]
    fn a_mixed_style_reads_each_value_by_its_form() {
        let style = DateStyle::Mixed(vec![(Form::Dashes, DateStyle::DayFirst), (Form::Slashes, DateStyle::MonthFirst)]);
        assert_eq!(read("1-2-2010", style.clone()).as_deref(), Some("2010-02-01 00:00:00"));
        assert_eq!(read("1/2/2010", style.clone()).as_deref(), Some("2010-01-02 00:00:00"));
        assert_eq!(read("1.2.2010", style.clone()), None);
        assert_eq!(style.label(), "D-M-Y and M/D/Y");
        let other = style.other_order().unwrap();
        assert_eq!(read("1-2-2010", other).as_deref(), Some("2010-01-02 00:00:00"));
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(day_number(NaiveDate::from_ymd_opt(2011, 12, 10).unwrap()), 15318);
        assert_eq!(date_of(15318).to_string(), "2011-12-10");
    }
}
