//! The parts of one date: numbers, names of months, separators.

use chrono::NaiveDate;
use serde::Serialize;

use super::clock::time_of_day;
use super::words;
use super::{DAY, DateStyle, day_number};

/// How a date looks, whatever the order of its numbers means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// `2011-12-09`
    YearFirst,
    /// `20111209`
    Digits,
    /// `40886.35`
    Serial,
    /// `1323419160`
    Seconds,
    /// `1323419160000`
    Millis,
    /// `9 Dec 2011`
    DayWord,
    /// `Dec 9, 2011`
    MonthWord,
    /// `9/12/2011`
    Slashes,
    /// `9-12-2011`
    Dashes,
    /// `9.12.2011`
    Dots,
    /// `9 12 2011`
    Blanks,
}

impl Form {
    pub(super) const COUNT: usize = 11;

    /// Whether day and month are two numbers before the year, so that only other values can tell them apart.
    pub fn is_numeric_order(self) -> bool {
        matches!(self, Form::Slashes | Form::Dashes | Form::Dots | Form::Blanks)
    }

    /// How dates of this form and style are written, as `D.M.Y`.
    pub fn pattern(self, style: &DateStyle) -> String {
        let sign = match self {
            Form::Slashes => "/",
            Form::Dots => ".",
            Form::Blanks => " ",
            _ => "-",
        };
        match (self, style) {
            (Form::DayWord, _) => "day, month name, year".into(),
            (Form::MonthWord, DateStyle::YearMonth) => "month name, year".into(),
            (Form::MonthWord, _) => "month name, day, year".into(),
            (_, DateStyle::YearFirst) => "Y-M-D".into(),
            (_, DateStyle::MonthFirst) => format!("M{sign}D{sign}Y"),
            (_, DateStyle::DayFirst) => format!("D{sign}M{sign}Y"),
            (_, DateStyle::ShortYearFirst) => format!("YY{sign}M{sign}D"),
            (_, style) => style.label(),
        }
    }
}

/// The form of a text that may be a date; `None` where it cannot be one.
pub fn form_of(text: &str) -> Option<Form> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    match digits {
        0 => {
            let length = word(text).len();
            let first = &text[..length];
            if length == 0 || !text.bytes().any(|b| b.is_ascii_digit()) {
                None
            } else if words::month(first).is_some() {
                Some(Form::MonthWord)
            } else {
                form_of(without_weekday(text)?)
            }
        }
        1 | 2 => {
            let separators = rest.len() - rest.trim_start_matches(is_separator).len();
            let after = &rest[separators..];
            match rest.chars().next()? {
                _ if after.starts_with(char::is_alphabetic) => Some(Form::DayWord),
                '/' => Some(Form::Slashes),
                '-' => Some(Form::Dashes),
                '.' => Some(Form::Dots),
                ' ' | ',' => Some(Form::Blanks),
                _ => None,
            }
        }
        4 if rest.starts_with(is_separator) => Some(Form::YearFirst),
        5 => Some(Form::Serial),
        9 | 10 => Some(Form::Seconds),
        13 => Some(Form::Millis),
        8 | 12 | 14 => Some(Form::Digits),
        _ => None,
    }
}

/// A date of three parts with separators, and an optional time of day.
pub(super) fn ordered(text: &str, style: &DateStyle) -> Option<i64> {
    let mut rest = text;
    let first = take(&mut rest)?;
    take_separator(&mut rest)?;
    let second = take(&mut rest)?;
    take_separator(&mut rest)?;
    let third = take(&mut rest)?;
    let (year, month, day) = match style {
        DateStyle::YearFirst | DateStyle::ShortYearFirst => (first, second, third),
        DateStyle::MonthFirst => (third, first, second),
        _ => (third, second, first),
    };
    let (Part::Number(year, digits), Part::Number(day, day_digits)) = (year, day) else { return None };
    let year = match (digits, style) {
        (4, s) if *s != DateStyle::ShortYearFirst => year,
        (2, s) if *s != DateStyle::YearFirst => century(year),
        _ => return None,
    };
    let month = month.number()?;
    if day_digits > 2 {
        return None;
    }
    moment(year, month, day, time_of_day(rest)?)
}

/// A year and a month.
pub(super) fn year_and_month(text: &str) -> Option<i64> {
    let mut rest = text;
    let first = take(&mut rest)?;
    take_separator(&mut rest)?;
    let second = take(&mut rest)?;
    if !rest.is_empty() {
        return None;
    }
    let (year, month) = match (&first, &second) {
        (Part::Number(year, 4), month) => (*year, month.number()?),
        (month, Part::Number(year, 4)) => (*year, month.number()?),
        // A name says that the number is no month; "12/11" could be anything.
        (Part::Month(month), Part::Number(year, 2)) => (century(*year), *month),
        _ => return None,
    };
    moment(year, month, 1, 0)
}

/// Eight digits of a date, with or without a time of day behind them.
pub(super) fn compact(text: &str) -> Option<i64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let part = |range: std::ops::Range<usize>| text[range].parse::<u32>().ok();
    let seconds = match (digits, text.len() == digits) {
        (8, true) => 0,
        (8, false) => time_of_day(&text[8..])?,
        (12 | 14, true) => {
            let second = if digits == 14 { part(12..14)? } else { 0 };
            let (hour, minute) = (part(8..10)?, part(10..12)?);
            if hour > 23 || minute > 59 || second > 60 {
                return None;
            }
            i64::from(hour * 3600 + minute * 60 + second)
        }
        _ => return None,
    };
    moment(part(0..4)?, part(4..6)?, part(6..8)?, seconds)
}

/// The rest of a text that starts with a day of the week.
pub(super) fn without_weekday(text: &str) -> Option<&str> {
    let first = word(text);
    let rest = &text[first.len()..];
    // Portuguese says segunda-feira.
    let rest = rest.strip_prefix("-feira").unwrap_or(rest);
    let after = rest.trim_start_matches([' ', ',', '.']);
    (after.len() < rest.len() && words::is_weekday(first)).then_some(after)
}

enum Part {
    /// A number and how many digits it has.
    Number(u32, usize),
    Month(u32),
}

impl Part {
    fn number(&self) -> Option<u32> {
        match self {
            Part::Number(m, digits) if *digits <= 2 => Some(*m),
            Part::Month(m) => Some(*m),
            Part::Number(..) => None,
        }
    }
}

/// The letters that a text starts with.
fn word(text: &str) -> &str {
    &text[..text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())]
}

fn take(rest: &mut &str) -> Option<Part> {
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        if digits > 4 {
            return None;
        }
        let value = rest[..digits].parse().ok()?;
        *rest = &rest[digits..];
        let letters = word(rest);
        if !letters.is_empty() && words::is_ordinal(letters) {
            *rest = &rest[letters.len()..];
        }
        return Some(Part::Number(value, digits));
    }
    let mut name = word(rest);
    if words::is_joint(name) && rest[name.len()..].starts_with(' ') {
        *rest = rest[name.len()..].trim_start();
        if rest.starts_with(|c: char| c.is_ascii_digit()) {
            return take(rest);
        }
        name = word(rest);
    }
    let month = words::month(name)?;
    *rest = &rest[name.len()..];
    Some(Part::Month(month))
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '/' | '.' | ' ' | ',' | '\u{a0}' | '\u{202f}')
}

fn take_separator(rest: &mut &str) -> Option<()> {
    let after = rest.trim_start_matches(is_separator);
    let length = rest.chars().count() - after.chars().count();
    if length == 0 || length > 3 {
        return None;
    }
    *rest = after;
    Some(())
}

/// The convention of strptime: 69–99 are 1969–1999, 00–68 are 2000–2068.
fn century(year: u32) -> u32 {
    year + if year < 69 { 2000 } else { 1900 }
}

fn moment(year: u32, month: u32, day: u32, seconds: i64) -> Option<i64> {
    if !(1000..=9999).contains(&year) {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(year as i32, month, day)?;
    Some(i64::from(day_number(date)) * DAY + seconds)
}
