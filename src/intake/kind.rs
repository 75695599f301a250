//! What the values of a column are, decided from all of its distinct values.

use serde::Serialize;

use super::dates::{self, DateStyle};
use super::intern::VALUES_PER_TICK;
use super::table::Dict;
use crate::ctx::Ctx;
use crate::error::Result;

/// The type of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ColumnKind {
    /// No value at all.
    Empty,
    Text,
    Number {
        /// Whether every number is whole.
        whole: bool,
    },
    Date {
        style: DateStyle,
        /// Whether any value has a time of day other than midnight.
        time: bool,
        /// Whether day and month could as well be the other way round.
        ambiguous: bool,
    },
}

impl ColumnKind {
    /// One or two words for a chip.
    pub fn label(&self) -> &'static str {
        match self {
            ColumnKind::Empty => "empty",
            ColumnKind::Text => "text",
            ColumnKind::Number { whole: true } => "whole number",
            ColumnKind::Number { whole: false } => "number",
            ColumnKind::Date { time: false, .. } => "date",
            ColumnKind::Date { time: true, .. } => "date and time",
        }
    }
}

/// Share of distinct values that have to be numbers for the column to be one of numbers; the rest is dirt
/// that cleaning counts. Invoice numbers with some lettered cancellations stay text.
const NUMBER_SHARE: f64 = 0.95;

/// Decides the type of a column from its distinct values.
pub fn infer(dict: &Dict, ctx: &Ctx) -> Result<ColumnKind> {
    let values = || dict.iter().map(str::trim).filter(|t| !is_missing(t));
    let (mut total, mut numbers, mut whole, mut coded) = (0usize, 0usize, true, false);
    for text in values() {
        total += 1;
        if total.is_multiple_of(VALUES_PER_TICK) {
            ctx.tick(total, dict.len())?;
        }
        // Leading zeros carry meaning in ids and none in numbers: 00042 stays what it is.
        let b = text.as_bytes();
        coded |= b.len() > 1 && b[0] == b'0' && b.iter().all(u8::is_ascii_digit);
        if let Some(n) = parse_number(text) {
            numbers += 1;
            whole &= n.fract() == 0.0;
        }
    }
    if total == 0 {
        return Ok(ColumnKind::Empty);
    }
    // Numbers other than YYYYMMDD are no dates, so most columns need not be tried.
    if numbers < total || values().next().is_some_and(|t| t.len() == 8) {
        let cancelled = std::cell::Cell::new(None);
        let watched = values().enumerate().map_while(|(i, text)| {
            if i.is_multiple_of(VALUES_PER_TICK)
                && let Err(error) = ctx.tick(i, dict.len())
            {
                cancelled.set(Some(error));
                return None;
            }
            Some(text)
        });
        let found = dates::detect(watched);
        if let Some(error) = cancelled.into_inner() {
            return Err(error);
        }
        if let Some(found) = found {
            return Ok(ColumnKind::Date { style: found.style, time: found.time, ambiguous: found.ambiguous });
        }
    }
    if coded || (numbers as f64) < NUMBER_SHARE * total as f64 {
        return Ok(ColumnKind::Text);
    }
    Ok(ColumnKind::Number { whole })
}

/// Texts by which exports say "no value".
pub fn is_missing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || (text.len() <= 4
            && ["na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "?", "."]
                .iter()
                .any(|m| text.eq_ignore_ascii_case(m)))
}

/// The number a text stands for: digits with an optional sign, decimal point, exponent, thousands
/// commas in their places, a currency sign around it, or accountants' parentheses. Words such as `nan`
/// and `inf` are no numbers.
pub fn parse_number(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.as_bytes().first()? {
        b'0'..=b'9' | b'-' | b'+' | b'.' => {}
        _ if text.starts_with(CURRENCY_SIGNS) || text.starts_with('(') => {}
        _ => return None,
    }
    if let Ok(number) = text.parse::<f64>() {
        // "-inf" starts with a sign and parses.
        return number.is_finite().then_some(number);
    }
    let (negative, body) = match text.strip_prefix('(').and_then(|t| t.strip_suffix(')')) {
        Some(inner) => (true, inner.trim()),
        None => match text.strip_prefix('-').or_else(|| text.strip_prefix('−')) {
            Some(rest) => (true, rest.trim_start()),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        },
    };
    let body = body.trim_matches(CURRENCY_SIGNS).trim();
    if !body.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let number: f64 = if body.contains(',') { without_thousands(body)?.parse().ok()? } else { body.parse().ok()? };
    number.is_finite().then_some(if negative { -number } else { number })
}

/// Signs that may stand before or after an amount of money.
pub const CURRENCY_SIGNS: &[char] = &['£', '$', '€', '¥', '₹', '₽', '₺', '₩'];

/// Removes commas that separate groups of three digits; `None` when they stand elsewhere.
fn without_thousands(text: &str) -> Option<String> {
    let whole = text.split('.').next()?;
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let right = (1..=3).contains(&first.len()) && groups.all(|g| g.len() == 3 && g.bytes().all(|b| b.is_ascii_digit()));
    right.then(|| text.replace(',', ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dict(values: &[&str]) -> Dict {
        let mut dict = Dict::default();
        values.iter().for_each(|v| {
            dict.push(v);
        });
        dict
    }

    #[test]
    fn numbers_in_common_writings() {
        let cases = [
            ("6", 6.0),
            (" 2.55 ", 2.55),
            ("-1", -1.0),
            ("1e3", 1000.0),
            ("1,234.50", 1234.5),
            ("£1,234.50", 1234.5),
            ("-$12", -12.0),
            ("(12.00)", -12.0),
            ("12 €", 12.0),
            (".5", 0.5),
            ("+3", 3.0),
        ];
        for (text, number) in cases {
            assert_eq!(parse_number(text), Some(number), "{text}");
        }
        for text in
            ["", "nan", "inf", "-inf", "infinity", "1,23,4", "12,5", "C536379", "85123A", "-", "()", "£", "1.2.3"]
        {
            assert_eq!(parse_number(text), None, "{text}");
        }
    }

    fn infer(dict: &Dict) -> ColumnKind {
        super::infer(dict, &Ctx::silent()).unwrap()
    }

    #[test]
    fn columns_get_their_type_from_all_values() {
        assert_eq!(infer(&dict(&["1", "2", "NA"])), ColumnKind::Number { whole: true });
        assert_eq!(infer(&dict(&["1", "2.5"])), ColumnKind::Number { whole: false });
        assert_eq!(infer(&dict(&["00001", "00002"])), ColumnKind::Text);
        assert_eq!(infer(&dict(&["536365", "C536379"])), ColumnKind::Text);
        assert_eq!(infer(&dict(&[" ", "NULL"])), ColumnKind::Empty);
        assert!(matches!(infer(&dict(&["12/1/2010 8:26", "12/13/2010 0:00"])), ColumnKind::Date { time: true, .. }));
        assert!(matches!(infer(&dict(&["19970101", "19970218"])), ColumnKind::Date { style: DateStyle::Compact, .. }));
    }
}
