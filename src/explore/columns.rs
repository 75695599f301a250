//! The columns of a source: which there are, and where their values come from.

use std::borrow::Cow;

use rayon::prelude::*;

use super::values::{Col, NONE, Numbers, Values, Words};
use super::view::View;
use super::words::say;
use super::{Source, Subject, SummaryKind};
use crate::chart::Ink;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::dates::{self, DAY, DateStyle};
use crate::intake::kind::{ColumnKind, is_missing};
use crate::intake::{Column, Role};
use crate::rfm::{Feature, Segment, Unit};

/// The scores' columns, in the order of [`crate::rfm::RfmOut::scores`].
const SCORES: [(&str, &str, &str); 3] = [
    ("r_score", "Recency score", "Score of recency; the highest is best."),
    ("f_score", "Frequency score", "Score of frequency; the highest is best."),
    ("m_score", "Monetary score", "Score of monetary; the highest is best."),
];

/// A column that questions can be asked about.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnInfo {
    /// Its name in questions.
    pub name: String,
    /// Words for people; the name again for columns of the file.
    pub label: String,
    /// What it is, in a sentence; may be empty.
    pub definition: String,
    pub kind: SummaryKind,
    /// What its numbers count; [`Unit::Words`] for words, [`Unit::Days`] for dates (days since 1970-01-01).
    pub unit: Unit,
}

/// The columns of a source in their order. Costs next to nothing.
pub fn columns(subject: &Subject, source: Source) -> Vec<ColumnInfo> {
    all(subject, source).into_iter().map(|(info, _)| info).collect()
}

/// Where a column's values are.
#[derive(Clone, Copy)]
enum Origin<'a> {
    Table(&'a Column),
    /// The amount of each transaction as it is counted.
    Amount,
    /// The customer of each transaction.
    Customer,
    Feature(&'a Feature),
    Scores(&'a [u8]),
    /// The segment by scores.
    RfmSegment,
    /// The segment by clusters.
    Cluster,
}

fn all(subject: &Subject, source: Source) -> Vec<(ColumnInfo, Origin<'_>)> {
    let info = |name: &str, label: &str, definition: &str, kind, unit| ColumnInfo {
        name: name.into(),
        label: label.into(),
        definition: definition.into(),
        kind,
        unit,
    };
    let mut out = Vec::new();
    if source == Source::Customers {
        let rfm = &subject.rfm;
        let features = rfm.customers.features.iter().chain(subject.more.iter());
        for feature in features.filter(|f| f.values.len() == rfm.customers.len()) {
            let kind = if feature.unit == Unit::Words { SummaryKind::Words } else { SummaryKind::Number };
            let of = info(&feature.name, &feature.label, &feature.definition, kind, feature.unit);
            out.push((of, Origin::Feature(feature)));
        }
        for (axis, (name, label, text)) in rfm.scores.iter().zip(SCORES) {
            out.push((info(name, label, text, SummaryKind::Number, Unit::Number), Origin::Scores(&axis.scores)));
        }
        if !rfm.segment.is_empty() {
            let text = format!("Segment by scores, from the map {:?}.", rfm.map.title);
            out.push((info("rfm_segment", "RFM segment", &text, SummaryKind::Words, Unit::Words), Origin::RfmSegment));
        }
        if let Some((chosen, _)) = &subject.clusters
            && chosen.clustering.labels.len() == rfm.customers.len()
        {
            let text = "Segment by clustering.";
            out.push((info("segment", "Segment", text, SummaryKind::Words, Unit::Words), Origin::Cluster));
        }
        return out;
    }
    if source == Source::Transactions && subject.clean.transactions.row.is_empty() {
        return out;
    }
    let table = &subject.prepared.table;
    for column in &table.columns {
        let (kind, unit) = kind_of(subject, column);
        let is_customer = subject.roles.column(Role::CustomerId) == Some(&column.name);
        let origin =
            if is_customer && source == Source::Transactions { Origin::Customer } else { Origin::Table(column) };
        out.push((info(&column.name, &column.name, "", kind, unit), origin));
    }
    if source == Source::Transactions {
        let mut name = "row_amount".to_string();
        while table.position(&name).is_some() {
            name.push('_');
        }
        let text = "Money of the row as it is counted: the amount, or quantity × unit price; negative for returns.";
        out.push((info(&name, "Amount as counted", text, SummaryKind::Number, Unit::Money), Origin::Amount));
    }
    out
}

/// What a column of the table is: ids are words, whatever they look like.
fn kind_of(subject: &Subject, column: &Column) -> (SummaryKind, Unit) {
    let is = |role: Role| subject.roles.column(role) == Some(column.name.as_str());
    let is_id = subject.roles.shape.id.as_deref() == Some(column.name.as_str());
    if is_id || [Role::CustomerId, Role::Invoice, Role::Product].into_iter().any(is) {
        return (SummaryKind::Words, Unit::Words);
    }
    if is(Role::Date) {
        return (SummaryKind::Date, Unit::Days);
    }
    if is(Role::Amount) || is(Role::UnitPrice) {
        return (SummaryKind::Number, Unit::Money);
    }
    match &column.kind {
        ColumnKind::Number { whole, .. } => {
            (SummaryKind::Number, if *whole && is(Role::Quantity) { Unit::Count } else { Unit::Number })
        }
        ColumnKind::Date { .. } => (SummaryKind::Date, Unit::Days),
        ColumnKind::Text if is(Role::Quantity) => (SummaryKind::Number, Unit::Number),
        ColumnKind::Text | ColumnKind::Empty => (SummaryKind::Words, Unit::Words),
    }
}

/// All columns of numbers, without dates.
pub(super) fn load_numbers<'a>(view: &View<'a>, most: usize, ctx: &Ctx) -> Result<(Vec<Numbers<'a>>, usize)> {
    let wanted: Vec<_> =
        all(view.subject, view.source).into_iter().filter(|(info, _)| info.kind == SummaryKind::Number).collect();
    let total = wanted.len();
    let mut out = Vec::new();
    for (info, origin) in wanted.into_iter().take(most) {
        if let Col::Numbers(numbers) = load_one(view, info, origin, ctx)? {
            out.push(numbers);
        }
    }
    Ok((out, total))
}

/// The column called `name`.
///
/// # Errors
/// There is none, with what to do.
pub(super) fn load<'a>(view: &View<'a>, name: &str, ctx: &Ctx) -> Result<Col<'a>> {
    let found = all(view.subject, view.source).into_iter().find(|(info, _)| info.name == name);
    let (info, origin) =
        found.ok_or_else(|| Error::Recipe(format!("there is no column {name:?} in this table; choose another one")))?;
    load_one(view, info, origin, ctx)
}

/// The column called `name`, which has to be one of numbers or dates.
///
/// # Errors
/// There is none, or it has words.
pub(super) fn numbers<'a>(view: &View<'a>, name: &str, ctx: &Ctx) -> Result<Numbers<'a>> {
    match load(view, name, ctx)? {
        Col::Numbers(numbers) => Ok(numbers),
        Col::Words(words) => Err(Error::Recipe(format!(
            "the column {:?} holds words; choose a column of numbers or dates",
            words.info.label
        ))),
    }
}

/// Most distinct numbers that are taken as groups.
const MOST_NUMBERS: usize = 1000;

/// The column called `name` as groups: words as they are, numbers of the file by their text, other numbers one group
/// each.
///
/// # Errors
/// There is no such column, or it has too many different numbers.
pub(super) fn words<'a>(view: &View<'a>, name: &str, ctx: &Ctx) -> Result<Words<'a>> {
    let numbers = match load(view, name, ctx)? {
        Col::Words(words) => return Ok(words),
        Col::Numbers(numbers) => numbers,
    };
    match numbers.values {
        Values::Codes { column, of_code } => {
            let missing = of_code.iter().map(|v| !v.is_finite()).collect();
            Ok(Words::of_table(numbers.info, column, missing))
        }
        Values::Rows(_) => {
            let values = numbers.distribution(view, None, ctx)?;
            if values.distinct() > MOST_NUMBERS {
                return Err(Error::Recipe(format!(
                    "{:?} has {} different numbers, too many for groups; look at its histogram, or group by a column of words",
                    numbers.info.label,
                    crate::format::count(values.distinct())
                )));
            }
            let names: Vec<String> = values.iter().map(|(v, _)| say(v, &numbers.info, view.subject)).collect();
            let values: Vec<f64> = values.iter().map(|(v, _)| v).collect();
            let code = |place: usize| match numbers.at(view, place) {
                v if v.is_nan() => NONE,
                v => values.partition_point(|&other| other < v) as u32,
            };
            let codes: Vec<u32> = (0..view.len()).into_par_iter().map(code).collect();
            Ok(Words::listed(numbers.info, codes.into(), names.into()))
        }
    }
}

fn load_one<'a>(view: &View<'a>, info: ColumnInfo, origin: Origin<'a>, ctx: &Ctx) -> Result<Col<'a>> {
    let subject = view.subject;
    let rows =
        |info, whole, values: Cow<'a, [f64]>| Col::Numbers(Numbers { info, whole, values: Values::Rows(values) });
    let words = |info, codes: Cow<'a, [u32]>, names: Cow<'a, [String]>| Col::Words(Words::listed(info, codes, names));
    Ok(match origin {
        Origin::Table(column) if info.kind == SummaryKind::Words => {
            let rule = column.missing_rule();
            let missing = column.per_value(ctx, |text| rule.is_missing(text))?;
            Col::Words(Words::of_table(info, column, missing))
        }
        Origin::Table(column) if info.kind == SummaryKind::Date => {
            let of_code = moments(subject, column, ctx)?;
            let whole = of_code.iter().all(|d| d.is_nan() || d.fract() == 0.0);
            Col::Numbers(Numbers { info, whole, values: Values::Codes { column, of_code } })
        }
        Origin::Table(column) => {
            let of_code = column.per_value(ctx, |text| column.number(text).unwrap_or(f64::NAN) + 0.0)?;
            let whole = of_code.par_iter().all(|v| v.is_nan() || v.fract() == 0.0);
            Col::Numbers(Numbers { info, whole, values: Values::Codes { column, of_code } })
        }
        Origin::Amount => rows(info, false, subject.clean.transactions.amount.as_slice().into()),
        Origin::Customer => {
            let t = &subject.clean.transactions;
            words(info, t.customer.as_slice().into(), t.customers.as_slice().into())
        }
        Origin::Feature(feature) if feature.unit == Unit::Words => {
            let names: &[String] = feature.names.as_ref().map_or(&[], |names| names.as_slice());
            let code = |v: &f64| if (0.0..names.len() as f64).contains(v) { *v as u32 } else { NONE };
            let codes: Vec<u32> = feature.values.par_iter().map(code).collect();
            words(info, codes.into(), names.into())
        }
        Origin::Feature(feature) => {
            let whole = feature.values.par_iter().all(|v| v.is_nan() || v.fract() == 0.0);
            rows(info, whole, feature.values.as_slice().into())
        }
        Origin::Scores(scores) => rows(info, true, scores.iter().map(|&s| f64::from(s)).collect::<Vec<_>>().into()),
        Origin::RfmSegment => {
            let segments = &subject.rfm.map.segments;
            let names: Vec<String> = segments.iter().map(|s| s.name.clone()).collect();
            let codes: Vec<u32> = subject.rfm.segment.iter().map(|&s| u32::from(s)).collect();
            let ink = |(i, s): (usize, &Segment)| s.color.as_deref().and_then(own_color).unwrap_or(Ink::Segment(i));
            words(info, codes.into(), names.into()).colored(segments.iter().enumerate().map(ink).collect())
        }
        Origin::Cluster => match &subject.clusters {
            Some((chosen, profiles)) => {
                let named = |i: usize| profiles.get(i).map_or_else(|| format!("Cluster {}", i + 1), |p| p.name.clone());
                let names: Vec<String> = (0..chosen.clustering.k).map(named).collect();
                let inks = (0..names.len()).map(Ink::Segment).collect();
                words(info, chosen.clustering.labels.as_slice().into(), names.into()).colored(inks)
            }
            None => words(info, Cow::Owned(vec![NONE; view.len()]), Cow::Owned(Vec::new())),
        },
    })
}

/// Days since 1970-01-01, with the time of day as a fraction, per code; NaN where a text is no date.
pub(super) fn moments(subject: &Subject, column: &Column, ctx: &Ctx) -> Result<Vec<f64>> {
    let is_role = subject.roles.column(Role::Date) == Some(column.name.as_str());
    let format = subject.roles.date_format.as_ref().filter(|_| is_role);
    let style: Option<DateStyle> = match (format, &column.kind) {
        (Some(format), ColumnKind::Date { style, .. }) => Some(dates::given(format, Some(style))),
        (Some(format), _) => Some(dates::given(format, None)),
        (None, ColumnKind::Date { style, .. }) => Some(style.clone()),
        (None, _) => dates::detect_any(column.dict.iter().filter(|t| !is_missing(t))),
    };
    let Some(style) = style else { return Ok(vec![f64::NAN; column.dict.len()]) };
    let day = |text: &str| {
        let seconds = dates::parse(text, &style).filter(|s| dates::plausible(*s));
        seconds.map_or(f64::NAN, |s| s as f64 / DAY as f64)
    };
    column.per_value(ctx, day)
}

/// `#rrggbb` as a colour.
fn own_color(text: &str) -> Option<Ink> {
    let digits = text.strip_prefix('#').filter(|d| d.len() == 6 && d.is_ascii())?;
    let part = |i: usize| u8::from_str_radix(&digits[i..i + 2], 16).ok();
    Some(Ink::Own([part(0)?, part(2)?, part(4)?]))
}
