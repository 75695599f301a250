//! What the values of a column are, decided from all of its distinct values.

use serde::Serialize;

use super::dates::{self, DateStyle};
use super::intern::VALUES_PER_TICK;
use super::numbers::{self, Decimal, NumberStyle, Reading};
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
        style: NumberStyle,
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
    /// Numbers with a decimal point.
    pub fn number(whole: bool) -> Self {
        ColumnKind::Number { whole, style: NumberStyle::default() }
    }

    /// One or two words for a chip.
    pub fn label(&self) -> &'static str {
        match self {
            ColumnKind::Empty => "empty",
            ColumnKind::Text => "text",
            ColumnKind::Number { whole: true, .. } => "whole number",
            ColumnKind::Number { whole: false, .. } => "number",
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
    let (mut total, mut coded, mut digits_only) = (0usize, false, true);
    let mut seen = Readings::default();
    for text in values() {
        total += 1;
        if total.is_multiple_of(VALUES_PER_TICK) {
            ctx.tick(total, dict.len())?;
        }
        // Leading zeros carry meaning in ids and none in numbers: 00042 stays what it is.
        let b = text.as_bytes();
        let digits = b.iter().all(u8::is_ascii_digit);
        coded |= digits && b.len() > 1 && b[0] == b'0';
        if digits {
            seen.plain += 1;
            seen.shapes.add(text);
        } else if let Some(reading) = numbers::weigh(text) {
            digits_only = false;
            seen.add(reading);
            seen.shapes.add(text);
        }
    }
    if total == 0 {
        return Ok(ColumnKind::Empty);
    }
    // Numbers other than YYYYMMDD (and a time) are no dates, so most columns need not be tried.
    if seen.all() < total || values().next().is_some_and(|t| matches!(t.len(), 8 | 12 | 14)) {
        let found = dates::detect(values(), total, &|done| ctx.tick(done, dict.len()))?;
        if let Some(found) = found {
            return Ok(ColumnKind::Date { ambiguous: found.is_ambiguous(), style: found.style, time: found.time });
        }
    }
    if coded || (seen.all() as f64) < NUMBER_SHARE * total as f64 {
        return Ok(ColumnKind::Text);
    }
    let style = seen.style();
    let whole = digits_only || all_whole(dict, style, ctx)?;
    Ok(ColumnKind::Number { whole, style })
}

/// Whether every number of a column is whole when read in this style.
pub(super) fn all_whole(dict: &Dict, style: NumberStyle, ctx: &Ctx) -> Result<bool> {
    for (i, text) in dict.iter().enumerate() {
        if i.is_multiple_of(VALUES_PER_TICK) {
            ctx.tick(i, dict.len())?;
        }
        if style.parse(text).is_some_and(|n| n.fract() != 0.0) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Distinct numbers by what they say about the decimal sign.
#[derive(Debug, Clone, Copy, Default)]
struct Readings {
    plain: usize,
    point: usize,
    comma: usize,
    either: usize,
    shapes: Shapes,
}

/// The shapes of the numbers of a column in which each point or comma stands before exactly three digits.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shapes {
    /// Whole numbers of one to three digits, and of more.
    short: bool,
    long: bool,
    points: bool,
    commas: bool,
}

impl Shapes {
    pub(super) fn add(&mut self, text: &str) {
        match text.bytes().filter(|b| !b.is_ascii_digit()).find(|b| matches!(b, b'.' | b',')) {
            Some(b'.') => self.points = true,
            Some(_) => self.commas = true,
            None => match text.bytes().filter(u8::is_ascii_digit).count() {
                0..=3 => self.short = true,
                _ => self.long = true,
            },
        }
    }

    /// The sign that separates thousands by the look of it: whole numbers have three digits at most, and all that have
    /// the sign have three digits behind it. Decimals would have another number of digits now and then, and larger
    /// numbers no sign.
    pub(super) fn thousands(self) -> Option<Decimal> {
        match (self.short && !self.long, self.points, self.commas) {
            (true, true, false) => Some(Decimal::Point),
            (true, false, true) => Some(Decimal::Comma),
            _ => None,
        }
    }

    /// The same for a whole column.
    pub(super) fn of(dict: &Dict) -> Self {
        let mut out = Shapes::default();
        dict.iter().map(str::trim).filter(|t| numbers::weigh(t).is_some()).for_each(|t| out.add(t));
        out
    }
}

impl Readings {
    fn add(&mut self, reading: Reading) {
        *match reading {
            Reading::Plain => &mut self.plain,
            Reading::Only(Decimal::Point) => &mut self.point,
            Reading::Only(Decimal::Comma) => &mut self.comma,
            Reading::Either => &mut self.either,
        } += 1;
    }

    fn all(&self) -> usize {
        self.plain + self.point + self.comma + self.either
    }

    /// The majority decides; where there is none, the shapes of the numbers; where they say nothing, points are decimal
    /// and commas separate thousands.
    fn style(&self) -> NumberStyle {
        let ambiguous = self.point == 0 && self.comma == 0 && self.either > 0;
        let points_group = ambiguous && self.shapes.thousands() == Some(Decimal::Point);
        let comma = self.comma > self.point || points_group;
        NumberStyle { decimal: if comma { Decimal::Comma } else { Decimal::Point }, ambiguous }
    }
}

/// Texts by which exports say "no value", in lower case. Words among them can also be somebody's name.
const MISSING: &[&str] = &[
    "na", "n/a", "#n/a", "n.a.", "nan", "null", "none", "nil", "-", "--", "?", ".", "(null)", "<na>", "\\n", "missing",
    "unknown", "(blank)", "(empty)", "#null!", "#ref!", "#value!", "#div/0!", "#name?", "#num!", "#n/a n/a", "-nan",
    "#n/v", "#nv", "nat",
];

/// Those that are no name and no word of any language, as they are written.
const UNMISTAKABLE: &[&str] = &[
    "NULL", "null", "NA", "N/A", "n/a", "#N/A", "(null)", "(NULL)", "<NA>", "\\N", "-", "--", "?", "#NULL!", "#REF!",
    "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NV",
];

const LONGEST_MISSING: usize = 8;

/// Whether a text says "no value" in a column of numbers, dates or codes. In a column of words use
/// [`super::Column::missing_rule`]: `Nan` and `None` can be names there.
pub fn is_missing(text: &str) -> bool {
    let text = text.trim();
    text.is_empty()
        || (text.len() <= LONGEST_MISSING
            && matches!(
                text.as_bytes()[0].to_ascii_lowercase(),
                b'n' | b'#' | b'-' | b'?' | b'.' | b'(' | b'<' | b'\\' | b'm' | b'u'
            )
            && MISSING.iter().any(|m| text.eq_ignore_ascii_case(m)))
}

/// Which texts say "no value" in one column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MissingRule {
    /// Every usual one, whatever its case: the other values are numbers, dates or codes.
    Any,
    /// Only those that cannot be a name or a word.
    Unmistakable,
}

impl MissingRule {
    /// The texts besides the empty one, and whether upper and lower case are alike. Spaces around them do not count.
    pub fn tokens(self) -> (&'static [&'static str], bool) {
        match self {
            MissingRule::Any => (MISSING, true),
            MissingRule::Unmistakable => (UNMISTAKABLE, false),
        }
    }

    /// Whether a cell of the column is without a value.
    pub fn is_missing(self, text: &str) -> bool {
        match self {
            MissingRule::Any => is_missing(text),
            MissingRule::Unmistakable => {
                let text = text.trim();
                text.is_empty() || (text.len() <= LONGEST_MISSING && UNMISTAKABLE.contains(&text))
            }
        }
    }
}

/// The number a text stands for, from the text alone; see [`NumberStyle::parse`]. A column knows better:
/// [`super::Column::number`].
pub fn parse_number(text: &str) -> Option<f64> {
    NumberStyle::default().parse(text)
}

/// An id that went through a column of floating-point numbers: the `17850` of `17850.0`. As text, because a long id has
/// more digits than a number keeps.
pub fn without_zero_decimals(text: &str) -> Option<&str> {
    let (id, zeros) = text.trim().split_once(['.', ','])?;
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    // 17,000 is seventeen thousand in most places.
    let no_group = zeros.len() != 3 || id.len() > 3;
    (digits(id) && digits(zeros) && no_group && zeros.bytes().all(|b| b == b'0')).then_some(id)
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

    fn infer(values: &[&str]) -> ColumnKind {
        super::infer(&dict(values), &Ctx::silent()).unwrap()
    }

    fn with(decimal: Decimal, whole: bool, ambiguous: bool) -> ColumnKind {
        ColumnKind::Number { whole, style: NumberStyle { decimal, ambiguous } }
    }

    #[test]
    fn columns_get_their_type_from_all_values() {
        assert_eq!(infer(&["1", "2", "NA"]), ColumnKind::number(true));
        assert_eq!(infer(&["1", "2.5"]), ColumnKind::number(false));
        assert_eq!(infer(&["00001", "00002"]), ColumnKind::Text);
        assert_eq!(infer(&["536365", "C536379"]), ColumnKind::Text);
        assert_eq!(infer(&[" ", "NULL"]), ColumnKind::Empty);
        assert!(matches!(infer(&["12/1/2010 8:26", "12/13/2010 0:00"]), ColumnKind::Date { time: true, .. }));
        assert!(matches!(infer(&["19970101", "19970218"]), ColumnKind::Date { style: DateStyle::Compact, .. }));
        assert!(matches!(infer(&["20111209082600"]), ColumnKind::Date { style: DateStyle::Compact, time: true, .. }));
    }

    #[test]
    fn the_whole_column_decides_the_decimal_sign() {
        use Decimal::*;
        assert_eq!(infer(&["1,234", "12,5"]), with(Comma, false, false));
        assert_eq!(infer(&["1,234", "12.5"]), with(Point, false, false));
        assert_eq!(infer(&["1.234", "12", "1.234.567"]), with(Comma, true, false));
        assert_eq!(infer(&["1,234", "12"]), with(Point, true, true));
        assert_eq!(infer(&["1.234", "5.678"]), with(Point, false, true));
        assert_eq!(infer(&["1.012", "6.000", "50"]), with(Comma, true, true), "thousands beside small numbers");
        assert_eq!(infer(&["1.012", "6.000", "5000"]), with(Point, false, true), "no thousand without its sign");
        assert_eq!(infer(&["1.012", "6.0", "50"]), with(Point, false, false));
        assert_eq!(infer(&["12,50 €", "1.234,00 €"]), with(Comma, false, false));
    }

    #[test]
    fn names_are_not_missing_among_words() {
        for text in ["Nan", "None", "Null", "na", "Unknown", "missing"] {
            assert!(is_missing(text) && !MissingRule::Unmistakable.is_missing(text), "{text}");
        }
        for text in ["", " ", "NULL", "N/A", "#N/A", "\\N", "(null)", " - "] {
            assert!(MissingRule::Unmistakable.is_missing(text), "{text}");
        }
        assert!(!is_missing("0") && !is_missing("Nancy") && !is_missing("-5"));
    }

    #[test]
    fn ids_lose_only_zero_decimals() {
        assert_eq!(without_zero_decimals("17850.0"), Some("17850"));
        assert_eq!(without_zero_decimals(" 007.00 "), Some("007"));
        assert_eq!(without_zero_decimals("17850,0"), Some("17850"));
        for text in ["17850", "17850.5", "17,000", ".0", "1.0.0", "A1.0", "17850."] {
            assert_eq!(without_zero_decimals(text), None, "{text}");
        }
    }
}
