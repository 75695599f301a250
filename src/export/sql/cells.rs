//! Cells as texts, numbers and dates: how a query reads what the file's column holds.
//!
//! A query takes a column of the warehouse as text first, so that it does not matter whether it was loaded as the file's
//! text or as numbers and dates already. Where all values of the file are written plainly, both are read; where they are
//! not (1.234,50 €, 9 Dec 2011), the column has to be one of numbers or dates, and the query stops at anything else.

use chrono::{NaiveDate, NaiveTime};

use super::dialect::Sql;
use crate::intake::Column;
use crate::intake::dates::{self, DAY, DateStyle};

/// How a column's numbers are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numbers {
    /// The file writes all of them plainly: `-1234.5`.
    pub plain: bool,
    /// Most digits behind the point.
    pub decimals: usize,
}

impl Numbers {
    pub fn of(column: &Column) -> Numbers {
        let mut out = Numbers { plain: true, decimals: 0 };
        for text in column.dict.iter() {
            let Some(value) = column.number(text) else { continue };
            out.plain &= is_plain(text.trim()) && text.trim().parse() == Ok(value);
            let digits = format!("{value}");
            out.decimals = out.decimals.max(digits.split_once('.').map_or(0, |(_, decimals)| decimals.len()));
        }
        out
    }
}

/// Whether a text has nothing but a sign, digits, a point and an exponent: the pattern of [`super::dialect::NUMBER`].
fn is_plain(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'))
        && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'-' | b'+' | b'.' | b'e' | b'E'))
}

/// How a column's dates are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dates {
    /// As 2011-12-31, with or without a time: what dates become as text.
    Iso,
    /// Also as three numbers with this sign between them, in this order (0: year, 1: month, 2: day).
    Parts { sign: char, order: [usize; 3] },
    /// The file writes them otherwise: the column has to be one of dates.
    Typed,
}

const ISO: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}([ T].*)?$";

impl Dates {
    /// The way that reads every value of the column as the analysis did.
    pub fn of(column: &Column, style: &DateStyle) -> Dates {
        let parts = |order| {
            let text = column.dict.iter().map(str::trim).find(|t| dates::parse(t, style).is_some());
            let sign =
                text.and_then(|t| t.chars().find(|c| !c.is_ascii_digit())).filter(|c| matches!(c, '/' | '.' | '-'));
            sign.map_or(Dates::Typed, |sign| Dates::Parts { sign, order })
        };
        let way = match style {
            DateStyle::YearFirst => {
                match column.dict.iter().all(|t| dates::parse(t, style).is_none() || is_iso(t.trim())) {
                    true => Dates::Iso,
                    false => parts([0, 1, 2]),
                }
            }
            DateStyle::MonthFirst => parts([1, 2, 0]),
            DateStyle::DayFirst => parts([2, 1, 0]),
            _ => Dates::Typed,
        };
        let same = |text: &str| way.read(text.trim()) == dates::parse(text, style);
        if column.dict.iter().all(same) { way } else { Dates::Typed }
    }

    /// What the query makes of a text: the same steps as in [`Dates::day`] and [`Dates::moment`].
    fn read(self, text: &str) -> Option<i64> {
        let (date, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
        let numbers = |sign: char| date.split(sign).map(|p| p.parse::<u32>().ok()).collect::<Option<Vec<u32>>>();
        let day = match self {
            _ if is_iso(text) => {
                let p = numbers('-')?;
                NaiveDate::from_ymd_opt(p[0] as i32, p[1], p[2])
            }
            Dates::Parts { sign, order } => {
                let digits: Vec<usize> = date.split(sign).map(str::len).collect();
                let widths = |i: usize| if order[i] == 0 { digits[i] == 4 } else { (1..=2).contains(&digits[i]) };
                if digits.len() != 3 || !(0..3).all(widths) || !date.chars().all(|c| c.is_ascii_digit() || c == sign) {
                    return None;
                }
                let p = numbers(sign)?;
                let part = |which: usize| order.iter().position(|o| *o == which).map(|i| p[i]);
                NaiveDate::from_ymd_opt(part(0)? as i32, part(1)?, part(2)?)
            }
            Dates::Iso | Dates::Typed => None,
        }?;
        let seconds = match time {
            "" => 0,
            _ => {
                let mut parts = time.split(':');
                let (hour, minute) = (parts.next()?, parts.next()?);
                let second = parts.next().unwrap_or("00");
                let two = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit());
                let hours = (1..=2).contains(&hour.len()) && hour.bytes().all(|b| b.is_ascii_digit());
                if !hours || !two(minute) || !second.get(..2).is_some_and(two) || parts.next().is_some() {
                    return None;
                }
                // Fractions of a second are cut off; anything else after the seconds is another writing.
                if !second[2..].bytes().all(|b| b.is_ascii_digit() || b == b'.') {
                    return None;
                }
                let time =
                    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, second[..2].parse().ok()?)?;
                i64::from(chrono::Timelike::num_seconds_from_midnight(&time))
            }
        };
        Some(i64::from(dates::day_number(day)) * DAY + seconds)
    }

    /// The day of a trimmed text `e`, as a date.
    pub fn day(self, sql: Sql, e: &str) -> String {
        let iso = format!(
            "\n      WHEN {}\n        THEN {}",
            sql.matches(e, ISO),
            sql.date_of(&format!("SUBSTR({e}, 1, 10)"))
        );
        match self {
            Dates::Iso => format!("CASE{iso}\n    END"),
            Dates::Typed => {
                format!(
                    "CASE{iso}\n      WHEN {e} <> '' THEN CAST(CONCAT('not a date column: ', {e}) AS DATE)\n    END"
                )
            }
            Dates::Parts { sign, order } => {
                let width = |part: &usize| if *part == 0 { "[0-9]{4}" } else { "[0-9]{1,2}" };
                let pattern = order.iter().map(width).collect::<Vec<_>>().join(&format!("[{sign}]"));
                let date = sql.part(e, " ", 1);
                let part = |which: usize| {
                    let at = order.iter().position(|o| *o == which).unwrap_or_default() + 1;
                    let part = sql.part(&date, &sign.to_string(), at);
                    if which == 0 { part } else { format!("LPAD({part}, 2, '0')") }
                };
                let day = format!("CONCAT({}, '-', {}, '-', {})", part(0), part(1), part(2));
                format!(
                    "CASE{iso}\n      WHEN {}\n        THEN {}\n    END",
                    sql.matches(e, &format!("^{pattern}( .*)?$")),
                    sql.date_of(&day)
                )
            }
        }
    }

    /// The moment of a trimmed text `e` whose day is `day`.
    pub fn moment(self, sql: Sql, e: &str, day: &str) -> String {
        let time = sql.part(&format!("REPLACE({e}, 'T', ' ')"), " ", 2);
        let second = format!(
            "CASE WHEN {} THEN SUBSTR({}, 1, 2) ELSE '00' END",
            sql.matches(&time, "^[0-9]{1,2}:[0-9]{2}:[0-9]{2}"),
            sql.part(&time, ":", 3)
        );
        let hour = format!("LPAD({}, 2, '0')", sql.part(&time, ":", 1));
        let minute = format!("SUBSTR({}, 1, 2)", sql.part(&time, ":", 2));
        let time =
            format!("CASE WHEN {time} = '' THEN '00:00:00' ELSE CONCAT({hour}, ':', {minute}, ':', {second}) END");
        sql.moment_of(day, &time)
    }
}

/// Whether a text begins with a date as 2011-12-31: the pattern of [`ISO`].
fn is_iso(text: &str) -> bool {
    let b = text.as_bytes();
    b.len() >= 10
        && b[..10].iter().enumerate().all(|(i, c)| if i == 4 || i == 7 { *c == b'-' } else { c.is_ascii_digit() })
        && matches!(b.get(10), None | Some(b' ' | b'T'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::Dict;
    use crate::intake::kind::ColumnKind;

    fn column(values: &[&str], kind: ColumnKind) -> Column {
        let mut dict = Dict::default();
        values.iter().for_each(|v| {
            dict.push(v);
        });
        let n = dict.len();
        Column { name: "x".into(), dict, codes: (1..n as u32).collect(), counts: vec![1; n], kind }
    }

    #[test]
    fn only_plain_writings_are_read_as_text() {
        let dates = |values: &[&str], style: DateStyle| Dates::of(&column(values, ColumnKind::Text), &style);
        assert_eq!(
            dates(&["12/1/2010 8:26", "", "12/13/2010 10:00:05", "soon"], DateStyle::MonthFirst),
            Dates::Parts { sign: '/', order: [1, 2, 0] }
        );
        assert_eq!(dates(&["1.12.2010"], DateStyle::DayFirst), Dates::Parts { sign: '.', order: [2, 1, 0] });
        assert_eq!(dates(&["2010-12-01T08:26:00"], DateStyle::YearFirst), Dates::Iso);
        assert_eq!(dates(&["2010/12/1"], DateStyle::YearFirst), Dates::Parts { sign: '/', order: [0, 1, 2] });
        for other in ["12/1/2010 8:26 PM", "12/1/10", "Dec 1, 2010", "12/1/2010 8.26"] {
            assert_eq!(dates(&[other], DateStyle::MonthFirst), Dates::Typed, "{other}");
        }
        assert_eq!(dates(&["12/1/2010", "12-2-2010"], DateStyle::MonthFirst), Dates::Typed, "two signs");
        let numbers = |values: &[&str]| Numbers::of(&column(values, ColumnKind::number(false)));
        assert_eq!(numbers(&["6", "-2.55", "NA", "1e3"]), Numbers { plain: true, decimals: 2 });
        assert_eq!(numbers(&["6", "£2.50"]), Numbers { plain: false, decimals: 1 });
    }
}
