//! Dates as files write them: the order of day, month and year is decided for a column as a whole.

use chrono::{NaiveDate, NaiveDateTime};
use serde::Serialize;

/// How a column writes its dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "order", content = "format", rename_all = "snake_case")]
pub enum DateStyle {
    /// Year, month, day: `2011-12-09`, `2011/12/9 8:26`, `2011-12-09T08:26:00Z`.
    YearFirst,
    /// Month, day, year: `12/9/2011 8:26`, `Dec 9, 2011`.
    MonthFirst,
    /// Day, month, year: `9.12.2011`, `9-Dec-11`.
    DayFirst,
    /// Eight digits: `20111209`.
    Compact,
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
            DateStyle::Compact => "YYYYMMDD".into(),
            DateStyle::Custom(format) => format.clone(),
        }
    }
}

/// What the values of a column say about their style.
#[derive(Debug, Clone, PartialEq)]
pub struct Detected {
    pub style: DateStyle,
    /// Distinct values that are dates in this style.
    pub parsed: usize,
    /// Another order of day and month reads as many values, so that the order is a guess.
    pub ambiguous: bool,
    /// Whether any value has a time of day other than midnight.
    pub time: bool,
}

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// The moment a text stands for, in seconds since 1970-01-01 as written (time zones are not applied).
/// `None` where the text is no date in this style.
pub fn parse(text: &str, style: &DateStyle) -> Option<i64> {
    let text = text.trim();
    match style {
        DateStyle::Custom(format) => NaiveDateTime::parse_from_str(text, format)
            .ok()
            .or_else(|| NaiveDate::parse_from_str(text, format).ok()?.and_hms_opt(0, 0, 0))
            .map(|t| t.and_utc().timestamp()),
        DateStyle::Compact => {
            let digits = text.as_bytes();
            if digits.len() != 8 || !digits.iter().all(u8::is_ascii_digit) {
                return None;
            }
            let part = |range: std::ops::Range<usize>| text[range].parse::<u32>().ok();
            moment(part(0..4)?, part(4..6)?, part(6..8)?, 0)
        }
        DateStyle::YearFirst | DateStyle::MonthFirst | DateStyle::DayFirst => parse_ordered(text, style),
    }
}

/// A date of three parts with separators, and an optional time of day.
fn parse_ordered(text: &str, style: &DateStyle) -> Option<i64> {
    let mut rest = text;
    let first = take_part(&mut rest)?;
    take_separator(&mut rest)?;
    let second = take_part(&mut rest)?;
    take_separator(&mut rest)?;
    let third = take_part(&mut rest)?;
    let (year, month, day) = match style {
        DateStyle::YearFirst => (first, second, third),
        DateStyle::MonthFirst => (third, first, second),
        _ => (third, second, first),
    };
    let (Part::Number(year, digits), Part::Number(day, _)) = (year, day) else { return None };
    let month = match month {
        Part::Number(m, digits) if digits <= 2 => m,
        Part::Month(m) => m,
        Part::Number(..) => return None,
    };
    let year = match digits {
        4 => year,
        // The convention of strptime: 69–99 are 1969–1999, 00–68 are 2000–2068.
        2 if *style != DateStyle::YearFirst => year + if year < 69 { 2000 } else { 1900 },
        _ => return None,
    };
    moment(year, month, day, time_of_day(rest)?)
}

enum Part {
    /// A number and how many digits it has.
    Number(u32, usize),
    Month(u32),
}

fn take_part(rest: &mut &str) -> Option<Part> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        if digits > 4 {
            return None;
        }
        let value = rest[..digits].parse().ok()?;
        *rest = &rest[digits..];
        return Some(Part::Number(value, digits));
    }
    let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters < 3 {
        return None;
    }
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let word = rest[..letters].to_ascii_lowercase();
    let month =
        MONTHS.iter().position(|m| *m == word || m[..3] == word || (word == "sept" && m.starts_with("sept")))?;
    *rest = &rest[letters..];
    Some(Part::Month(month as u32 + 1))
}

fn take_separator(rest: &mut &str) -> Option<()> {
    let length = rest.bytes().take_while(|b| matches!(b, b'-' | b'/' | b'.' | b' ' | b',')).count();
    if length == 0 || length > 2 {
        return None;
    }
    *rest = &rest[length..];
    Some(())
}

/// Seconds after midnight: ` 8:26`, `T08:26:00.000Z`, ` 8:26 PM`; zero for nothing. `None` for anything else.
fn time_of_day(rest: &str) -> Option<i64> {
    if rest.is_empty() {
        return Some(0);
    }
    let rest =
        rest.strip_prefix('T').or_else(|| rest.strip_prefix(", ")).or_else(|| rest.strip_prefix(' '))?.trim_start();
    let end = rest.bytes().take_while(|b| b.is_ascii_digit() || matches!(b, b':' | b'.')).count();
    let (clock, suffix) = rest.split_at(end);
    let mut fields = clock.split(':');
    let mut hour: i64 = fields.next()?.parse().ok()?;
    let minute: i64 = fields.next()?.parse().ok()?;
    let second: f64 = fields.next().map_or(Some(0.0), |s| s.parse().ok())?;
    if fields.next().is_some() || minute > 59 || !(0.0..61.0).contains(&second) {
        return None;
    }
    match suffix.trim().to_ascii_lowercase().as_str() {
        "am" if (1..=12).contains(&hour) => hour %= 12,
        "pm" if (1..=12).contains(&hour) => hour = hour % 12 + 12,
        "" | "z" | "utc" => {}
        zone if zone.starts_with(['+', '-']) && zone[1..].bytes().all(|b| b.is_ascii_digit() || b == b':') => {}
        _ => return None,
    }
    (hour < 24).then_some(hour * 3600 + minute * 60 + second as i64)
}

fn moment(year: u32, month: u32, day: u32, seconds: i64) -> Option<i64> {
    if !(1000..=9999).contains(&year) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year as i32, month, day)?;
    Some(i64::from(day_number(date)) * DAY + seconds)
}

/// Days since 1970-01-01.
pub fn day_number(date: NaiveDate) -> i32 {
    date.signed_duration_since(NaiveDate::default()).num_days() as i32
}

/// The date of a day number; the nearest date that exists for numbers out of range.
pub fn date_of(day: i32) -> NaiveDate {
    NaiveDate::default().checked_add_signed(chrono::Duration::days(day.into())).unwrap_or(NaiveDate::MAX)
}

/// Finds the style that reads most of the distinct `values`; `None` unless it reads at least nine in ten.
pub fn detect<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Option<Detected> {
    detect_share(values, 0.9)
}

/// The style that reads most of the values, however few: for a column that somebody chose as the date.
pub fn detect_any<'a>(values: impl Iterator<Item = &'a str> + Clone) -> Option<DateStyle> {
    detect_share(values, 0.0).map(|found| found.style)
}

fn detect_share<'a>(values: impl Iterator<Item = &'a str> + Clone, share: f64) -> Option<Detected> {
    let sample: Vec<&str> = values.clone().take(64).collect();
    let candidates: Vec<DateStyle> =
        [DateStyle::YearFirst, DateStyle::MonthFirst, DateStyle::DayFirst, DateStyle::Compact]
            .into_iter()
            .filter(|style| sample.iter().any(|v| parse(v, style).is_some()))
            .collect();
    let mut total = 0;
    let mut parsed = vec![0; candidates.len()];
    let mut time = vec![false; candidates.len()];
    let mut dots = 0;
    if candidates.is_empty() {
        return None;
    }
    for value in values {
        total += 1;
        dots += usize::from(value.contains('.') && !value.contains('/'));
        for (i, style) in candidates.iter().enumerate() {
            if let Some(seconds) = parse(value, style).filter(|s| plausible(*s)) {
                parsed[i] += 1;
                time[i] |= seconds.rem_euclid(DAY) != 0;
            }
        }
    }
    let most = *parsed.iter().max()?;
    if most == 0 || (most as f64) < share * total as f64 {
        return None;
    }
    let best: Vec<usize> = (0..candidates.len()).filter(|&i| parsed[i] == most).collect();
    // Where both orders read everything, dots mean day first (as in central Europe), anything else month first.
    let wanted = if dots * 2 > total { DateStyle::DayFirst } else { DateStyle::MonthFirst };
    let chosen = best.iter().copied().find(|&i| candidates[i] == wanted).unwrap_or(best[0]);
    // Values such as 3/3/2011 read the same either way; only values that differ make the order a guess.
    Some(Detected { style: candidates[chosen].clone(), parsed: most, ambiguous: best.len() > 1, time: time[chosen] })
}

/// Sales lie between 1900 and 2100; anything else is a number that happens to look like a date, or a date that
/// stands for "never".
pub fn plausible(seconds: i64) -> bool {
    (-2_208_988_800..4_102_444_800).contains(&seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn iso(text: &str, style: DateStyle) -> Option<String> {
        parse(text, &style).map(|s| chrono::DateTime::from_timestamp(s, 0).unwrap().format("%F %T").to_string())
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
            ("20101201", Compact, "2010-12-01 00:00:00"),
            ("01.12.2010 08h26", Custom("%d.%m.%Y %Hh%M".into()), "2010-12-01 08:26:00"),
            ("01|12|2010", Custom("%d|%m|%Y".into()), "2010-12-01 00:00:00"),
        ];
        for (text, style, expected) in cases {
            assert_eq!(iso(text, style).as_deref(), Some(expected), "{text}");
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
        ] {
            for style in [YearFirst, MonthFirst, DayFirst, Compact] {
                assert_eq!(parse(text, &style), None, "{text} as {style:?}");
            }
        }
    }

    #[test]
    fn the_whole_column_decides_the_order() {
        let months_first = ["1/2/2011", "3/25/2011", "4/5/2011"];
        let found = detect(months_first.into_iter()).unwrap();
        assert_eq!((found.style, found.ambiguous), (DateStyle::MonthFirst, false));
        let days_first = ["1/2/2011", "25/3/2011"];
        assert_eq!(detect(days_first.into_iter()).unwrap().style, DateStyle::DayFirst);
        let mixed_separators = ["11-08-2016", "6/12/2016", "10-27-2015"];
        assert_eq!(detect(mixed_separators.into_iter()).unwrap().style, DateStyle::MonthFirst);
        let unclear = ["1/2/2011", "3/4/2011"];
        assert!(detect(unclear.into_iter()).unwrap().ambiguous);
        assert_eq!(detect(["1.2.2011", "3.4.2011"].into_iter()).unwrap().style, DateStyle::DayFirst);
        assert_eq!(detect(["19970101", "19980630"].into_iter()).unwrap().style, DateStyle::Compact);
        assert!(detect(["17850", "13047"].into_iter()).is_none());
        assert!(detect(["85123A", "71053"].into_iter()).is_none());
    }

    #[test]
    fn days_count_from_1970() {
        assert_eq!(day_number(NaiveDate::from_ymd_opt(2011, 12, 10).unwrap()), 15318);
        assert_eq!(date_of(15318).to_string(), "2011-12-10");
    }
}
