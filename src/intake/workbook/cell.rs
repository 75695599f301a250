//! One cell of a workbook as text.

use calamine::{DataRef, ExcelDateTime};
use chrono::{Duration, NaiveDateTime, Timelike};

/// Identifies a value within a workbook, where that is cheaper than comparing its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Whole(i64),
    /// The bits of a number.
    Number(u64),
    /// The bits of a serial number of days; whether it is a length of time.
    Moment(u64, bool),
    Truth(bool),
    /// Address and length of a shared text, which lives as long as the workbook.
    Shared(usize, usize),
}

impl Key {
    /// `None` for texts that stand in the cell itself.
    pub(super) fn of(value: &DataRef) -> Option<Key> {
        match value {
            DataRef::Int(i) => Some(Key::Whole(*i)),
            DataRef::Float(f) => Some(Key::Number(f.to_bits())),
            DataRef::DateTime(t) => Some(Key::Moment(t.as_f64().to_bits(), t.is_duration())),
            DataRef::Bool(b) => Some(Key::Truth(*b)),
            DataRef::SharedString(s) => Some(Key::Shared(s.as_ptr() as usize, s.len())),
            _ => None,
        }
    }
}

/// A cell as text: numbers as short as they read back, dates in ISO form, lengths of time as `h:mm:ss`.
pub(super) fn text_of(value: &DataRef) -> String {
    match value {
        DataRef::Empty | DataRef::Error(_) => String::new(),
        // No text has zero bytes; in old workbooks of odd writers they are the other half of each letter.
        DataRef::String(s) => s.replace('\0', ""),
        DataRef::SharedString(s) => s.replace('\0', ""),
        // 2011-12-01T08:26:00, as the other formats show it; midnight is a date.
        DataRef::DateTimeIso(s) => match s.split_once('T') {
            Some((date, "00:00:00")) if date.len() == 10 => date.into(),
            Some((date, time)) if date.len() == 10 => format!("{date} {time}"),
            _ => s.clone(),
        },
        DataRef::DurationIso(s) => iso_duration(s).map_or_else(|| s.clone(), clock),
        DataRef::Int(i) => i.to_string(),
        // Minus zero is a zero.
        DataRef::Float(f) if *f == 0.0 => "0".into(),
        DataRef::Float(f) => f.to_string(),
        DataRef::Bool(b) => if *b { "TRUE" } else { "FALSE" }.into(),
        DataRef::DateTime(t) => moment(t),
    }
}

fn moment(t: &ExcelDateTime) -> String {
    let days = t.as_f64();
    if t.is_duration() {
        return clock((days * 86_400.0).round() as i64);
    }
    // Less than a day after the epoch is a time without a date.
    if (0.0..1.0).contains(&days) {
        return clock((days * 86_400.0).round() as i64);
    }
    match t.as_datetime() {
        // Serials are fractions of a day; the nearest second is what was meant.
        Some(at) => iso(at + Duration::milliseconds(500)),
        None => days.to_string(),
    }
}

fn iso(at: NaiveDateTime) -> String {
    let (h, m, s) = (at.hour(), at.minute(), at.second());
    if h + m + s == 0 { at.date().to_string() } else { format!("{} {h:02}:{m:02}:{s:02}", at.date()) }
}

fn clock(seconds: i64) -> String {
    let sign = if seconds < 0 { "-" } else { "" };
    let s = seconds.unsigned_abs();
    format!("{sign}{:02}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60)
}

/// Seconds of a length of time such as `PT10H37M55S` (ISO 8601), rounded.
fn iso_duration(text: &str) -> Option<i64> {
    let mut seconds = 0.0;
    let mut number = String::new();
    let mut in_time = false;
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    for c in text.strip_prefix('P')?.chars() {
        let unit = match (c, in_time) {
            ('T', false) => {
                in_time = true;
                continue;
            }
            ('0'..='9' | '.', _) => {
                number.push(c);
                continue;
            }
            ('D', false) => 86_400.0,
            ('H', true) => 3600.0,
            ('M', true) => 60.0,
            ('S', true) => 1.0,
            _ => return None,
        };
        seconds += std::mem::take(&mut number).parse::<f64>().ok()? * unit;
    }
    let seconds = seconds.round() as i64;
    Some(if negative { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType::{DateTime, TimeDelta};

    use super::*;

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(text_of(&DataRef::Float(536365.0)), "536365");
        assert_eq!(text_of(&DataRef::Float(2.55)), "2.55");
        assert_eq!(text_of(&DataRef::Float(-0.0)), "0");
        assert_eq!(text_of(&DataRef::Bool(true)), "TRUE");
    }

    #[test]
    fn dates_times_and_lengths_of_time() {
        let at = |days, kind, is_1904| text_of(&DataRef::DateTime(ExcelDateTime::new(days, kind, is_1904)));
        assert_eq!(at(40_513.351_388_888_89, DateTime, false), "2010-12-01 08:26:00");
        assert_eq!(at(40513.0, DateTime, false), "2010-12-01");
        assert_eq!(at(39051.0, DateTime, true), "2010-12-01");
        assert_eq!(at(0.5, DateTime, false), "12:00:00");
        assert_eq!(at(10.632060185185185, TimeDelta, false), "255:10:10");
        assert_eq!(text_of(&DataRef::DurationIso("PT10H37M55S".into())), "10:37:55");
    }
}
