//! Values of one type, and how columns and features become such and are made of such.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::Column;
use crate::intake::dates::{self, DateStyle};
use crate::intake::kind::ColumnKind;
use crate::rfm::Feature;

/// Stands for a missing moment and a missing word.
pub(super) const NO_MOMENT: i64 = i64::MIN;
pub(super) const NO_WORD: u32 = u32::MAX;

/// The type of a value in an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Number {
        /// Whether every number is whole, so that its text has no decimals.
        whole: bool,
    },
    Date {
        /// Whether there is a time of day.
        time: bool,
    },
    Word,
}

impl Kind {
    /// One or two words for a sentence.
    pub fn label(self) -> &'static str {
        match self {
            Kind::Number { .. } => "numbers",
            Kind::Date { .. } => "dates",
            Kind::Word => "words",
        }
    }
}

/// Values of one type.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    /// NaN where missing.
    Numbers(Vec<f64>),
    /// Seconds since 1970-01-01, [`NO_MOMENT`] where missing.
    Dates { seconds: Vec<i64>, time: bool },
    /// Places in `names`, [`NO_WORD`] where missing. Names are distinct.
    Words { codes: Vec<u32>, names: Vec<String> },
}

impl Values {
    pub(super) fn len(&self) -> usize {
        match self {
            Values::Numbers(values) => values.len(),
            Values::Dates { seconds, .. } => seconds.len(),
            Values::Words { codes, .. } => codes.len(),
        }
    }

    /// The text of a value, empty where missing; a number's text reads back as the same number.
    pub(super) fn text(&self, at: usize) -> Cow<'_, str> {
        match self {
            Values::Numbers(values) if values[at].is_nan() => "".into(),
            Values::Numbers(values) => number_text(values[at]).into(),
            Values::Dates { seconds, .. } if seconds[at] == NO_MOMENT => "".into(),
            Values::Dates { seconds, time } => dates::iso(seconds[at], *time).into(),
            Values::Words { codes, .. } if codes[at] == NO_WORD => "".into(),
            Values::Words { codes, names } => names[codes[at] as usize].as_str().into(),
        }
    }

    /// Something that is equal for equal values and in their order (words: in the order of their places); `None` where
    /// missing.
    pub(super) fn key(&self, at: usize) -> Option<u64> {
        match self {
            Values::Numbers(values) => (!values[at].is_nan()).then(|| ordered_bits(values[at])),
            Values::Dates { seconds, .. } => (seconds[at] != NO_MOMENT).then(|| seconds[at] as u64 ^ (1 << 63)),
            Values::Words { codes, .. } => (codes[at] != NO_WORD).then(|| u64::from(codes[at])),
        }
    }

    /// Words with their names in order, so that the smallest is the first; other values as they are.
    pub(super) fn in_order(self) -> Values {
        let Values::Words { codes, names } = self else { return self };
        if names.is_sorted() {
            return Values::Words { codes, names };
        }
        let mut order: Vec<u32> = (0..names.len() as u32).collect();
        order.sort_unstable_by(|&a, &b| names[a as usize].cmp(&names[b as usize]));
        let mut place = vec![0u32; names.len()];
        for (new, &old) in order.iter().enumerate() {
            place[old as usize] = new as u32;
        }
        let codes = codes.into_iter().map(|c| if c == NO_WORD { c } else { place[c as usize] }).collect();
        let mut names: Vec<Option<String>> = names.into_iter().map(Some).collect();
        let names = order.iter().filter_map(|&old| names[old as usize].take()).collect();
        Values::Words { codes, names }
    }
}

/// The shortest text that reads back as this number, with a point and without an exponent.
pub(super) fn number_text(value: f64) -> String {
    // Plus zero: a minus before a zero tells nobody anything.
    format!("{}", value + 0.0)
}

/// Bits in the order of the numbers; both zeros are one.
pub(super) fn ordered_bits(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 1 { !bits } else { bits | 1 << 63 }
}

/// The number of [`ordered_bits`].
pub(super) fn of_ordered_bits(bits: u64) -> f64 {
    f64::from_bits(if bits >> 63 == 1 { bits & !(1 << 63) } else { !bits })
}

/// The words of a column without the spaces around them, which nobody sees and which make no other product.
fn words_of(column: &Column, ctx: &Ctx) -> Result<Values> {
    let missing = column.missing_rule();
    let there = column.per_value(ctx, |text| !missing.is_missing(text))?;
    let mut places: HashMap<&str, u32> = HashMap::with_capacity(column.dict.len());
    let mut names = Vec::with_capacity(column.dict.len());
    let mut codes = Vec::with_capacity(column.dict.len());
    for (text, there) in column.dict.iter().zip(there) {
        if !there {
            codes.push(NO_WORD);
            continue;
        }
        let name = text.trim();
        codes.push(*places.entry(name).or_insert_with(|| {
            names.push(name.to_string());
            names.len() as u32 - 1
        }));
    }
    Ok(Values::Words { codes, names })
}

/// A column or feature as an expression sees it: one value per row, or one per code with the codes of the rows.
#[derive(Clone)]
pub(super) struct Input<'a> {
    pub kind: Kind,
    pub values: Arc<Values>,
    /// Per row the place in `values`; `None`: row and place are the same.
    pub codes: Option<&'a [u32]>,
}

impl<'a> Input<'a> {
    /// A column of the table. Cells that are not of the column's type are missing. `style` counts in place of the
    /// column's own for dates.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub(super) fn of_column(column: &'a Column, style: Option<&DateStyle>, ctx: &Ctx) -> Result<Input<'a>> {
        let kind = kind_of(column, style);
        let values = match kind {
            Kind::Number { .. } => Values::Numbers(column.numbers_with(ctx)?),
            Kind::Date { time } => {
                let style = match (&column.kind, style) {
                    (_, Some(style)) => style.clone(),
                    (ColumnKind::Date { style, .. }, _) => style.clone(),
                    _ => DateStyle::YearFirst,
                };
                let moment =
                    |text: &str| dates::parse(text, &style).filter(|s| dates::plausible(*s)).unwrap_or(NO_MOMENT);
                Values::Dates { seconds: column.per_value(ctx, moment)?, time }
            }
            Kind::Word => words_of(column, ctx)?,
        };
        Ok(Input { kind, values: values.into(), codes: Some(&column.codes) })
    }

    /// The same for what only counts values or tells them apart: in a column that is nearly all numbers, a code such as
    /// `C5007` is a value too.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub(super) fn to_count(column: &'a Column, ctx: &Ctx) -> Result<Input<'a>> {
        let missing = column.missing_rule();
        let odd = |text: &str| column.number(text).is_none() && !missing.is_missing(text);
        let is_number = matches!(kind_of(column, None), Kind::Number { .. });
        if !is_number || !column.per_value(ctx, odd)?.contains(&true) {
            return Input::of_column(column, None, ctx);
        }
        Ok(Input { kind: Kind::Word, values: words_of(column, ctx)?.into(), codes: Some(&column.codes) })
    }

    /// A feature of the customers. Words that are all dates count as dates.
    pub(super) fn of_feature(feature: &Feature) -> Input<'a> {
        let values = match &feature.names {
            None => Values::Numbers(feature.values.iter().map(|v| if v.is_finite() { *v } else { f64::NAN }).collect()),
            Some(names) => {
                let codes = feature.values.iter().map(|v| if v.is_finite() { *v as u32 } else { NO_WORD });
                match moments(names) {
                    Some((moments, time)) => {
                        let seconds = codes.map(|c| moments.get(c as usize).copied().unwrap_or(NO_MOMENT));
                        Values::Dates { seconds: seconds.collect(), time }
                    }
                    None => Values::Words { codes: codes.collect(), names: names.to_vec() },
                }
            }
        };
        let kind = match &values {
            Values::Numbers(values) => Kind::Number { whole: values.iter().all(|v| v.is_nan() || v.fract() == 0.0) },
            Values::Dates { time, .. } => Kind::Date { time: *time },
            Values::Words { .. } => Kind::Word,
        };
        Input { kind, values: values.into(), codes: None }
    }

    /// What was worked out, as input for more.
    pub(super) fn of_values(values: Values) -> Input<'a> {
        let kind = match &values {
            Values::Numbers(_) => Kind::Number { whole: false },
            Values::Dates { time, .. } => Kind::Date { time: *time },
            Values::Words { .. } => Kind::Word,
        };
        Input { kind, values: values.into(), codes: None }
    }

    /// The place of a row's value in [`Input::values`].
    pub(super) fn place(&self, row: usize) -> usize {
        self.codes.map_or(row, |codes| codes[row] as usize)
    }
}

/// The type of a column.
pub(super) fn kind_of(column: &Column, style: Option<&DateStyle>) -> Kind {
    match (&column.kind, style) {
        (ColumnKind::Date { time, .. }, _) => Kind::Date { time: *time },
        (_, Some(_)) => Kind::Date { time: true },
        (ColumnKind::Number { whole, .. }, _) => Kind::Number { whole: *whole },
        (ColumnKind::Text | ColumnKind::Empty, _) => Kind::Word,
    }
}

/// The type of a feature.
pub(super) fn kind_of_feature(feature: &Feature) -> Kind {
    match &feature.names {
        None => Kind::Number { whole: feature.values.iter().all(|v| !v.is_finite() || v.fract() == 0.0) },
        Some(names) => moments(names).map_or(Kind::Word, |(_, time)| Kind::Date { time }),
    }
}

/// The moments that names stand for, if each of them is one as [`dates::iso`] writes it, and whether any has a time.
fn moments(names: &[String]) -> Option<(Vec<i64>, bool)> {
    let iso = |text: &String| {
        let time = match text.len() {
            10 => false,
            19 => true,
            _ => return None,
        };
        let seconds = dates::parse(text, &DateStyle::YearFirst)?;
        (dates::iso(seconds, time) == *text).then_some((seconds, time))
    };
    let all: Vec<(i64, bool)> = names.iter().map(iso).collect::<Option<_>>()?;
    (!all.is_empty()).then(|| (all.iter().map(|m| m.0).collect(), all.iter().any(|m| m.1)))
}
