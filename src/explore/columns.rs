//! The columns of a source: numbers, dates and words, with one value per row or one per distinct text.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rayon::prelude::*;

use super::distribution::Distribution;
use super::view::{Selected, View, chunks};
use super::words::say;
use super::{Source, Subject, SummaryKind};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::dates::{self, DAY, DateStyle};
use crate::intake::kind::{ColumnKind, is_missing};
use crate::intake::{Column, Dict, Role};
use crate::rfm::{Feature, Unit};

/// Code of a row without a value.
pub(super) const NONE: u32 = u32::MAX;
/// Dictionaries up to this size are counted per thread.
const SMALL: usize = 1 << 14;
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

/// A column with its values ready.
pub(super) enum Col<'a> {
    Numbers(Numbers<'a>),
    Words(Words<'a>),
}

/// Numbers, or dates as days since 1970-01-01 with the time of day as a fraction.
pub(super) struct Numbers<'a> {
    pub info: ColumnInfo,
    /// Whether every value is whole.
    pub whole: bool,
    values: Values<'a>,
}

enum Values<'a> {
    /// A number per code of a column of the table; NaN where there is none.
    Codes { column: &'a Column, of_code: Vec<f64> },
    /// A number per place.
    Rows(Cow<'a, [f64]>),
}

/// Words, each distinct one with its code.
pub(super) struct Words<'a> {
    pub info: ColumnInfo,
    codes: Codes<'a>,
    names: Names<'a>,
    /// Per code, for columns of the table.
    missing: Vec<bool>,
}

enum Codes<'a> {
    Table(&'a Column),
    Rows(Cow<'a, [u32]>),
}

enum Names<'a> {
    Dict(&'a Dict),
    List(Cow<'a, [String]>),
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
            Ok(Words { info: numbers.info, codes: Codes::Table(column), names: Names::Dict(&column.dict), missing })
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
            Ok(Words {
                info: numbers.info,
                codes: Codes::Rows(codes.into()),
                names: Names::List(names.into()),
                missing: Vec::new(),
            })
        }
    }
}

fn load_one<'a>(view: &View<'a>, info: ColumnInfo, origin: Origin<'a>, ctx: &Ctx) -> Result<Col<'a>> {
    let subject = view.subject;
    let rows =
        |info, whole, values: Cow<'a, [f64]>| Col::Numbers(Numbers { info, whole, values: Values::Rows(values) });
    let words = |info, codes: Cow<'a, [u32]>, names: Cow<'a, [String]>| {
        Col::Words(Words { info, codes: Codes::Rows(codes), names: Names::List(names), missing: Vec::new() })
    };
    Ok(match origin {
        Origin::Table(column) if info.kind == SummaryKind::Words => {
            let rule = column.missing_rule();
            let missing = column.per_value(ctx, |text| rule.is_missing(text))?;
            Col::Words(Words { info, codes: Codes::Table(column), names: Names::Dict(&column.dict), missing })
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
            let names: Vec<String> = subject.rfm.map.segments.iter().map(|s| s.name.clone()).collect();
            let codes: Vec<u32> = subject.rfm.segment.iter().map(|&s| u32::from(s)).collect();
            words(info, codes.into(), names.into())
        }
        Origin::Cluster => match &subject.clusters {
            Some((chosen, profiles)) => {
                let named = |i: usize| profiles.get(i).map_or_else(|| format!("Cluster {}", i + 1), |p| p.name.clone());
                let names: Vec<String> = (0..chosen.clustering.k).map(named).collect();
                words(info, chosen.clustering.labels.as_slice().into(), names.into())
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

impl<'a> Numbers<'a> {
    pub fn is_date(&self) -> bool {
        self.info.kind == SummaryKind::Date
    }

    /// The value at a place; NaN where there is none.
    #[inline]
    pub fn at(&self, view: &View, place: usize) -> f64 {
        let value = match &self.values {
            Values::Codes { column, of_code } => of_code[column.codes[view.row(place)] as usize],
            Values::Rows(values) => values[place],
        };
        if value.is_finite() { value } else { f64::NAN }
    }

    /// All values, or those of selected rows.
    pub fn distribution(&self, view: &View, only: Option<&Selected>, ctx: &Ctx) -> Result<Distribution> {
        match &self.values {
            Values::Codes { column, of_code } => {
                let counts = count_codes(view, column, only, ctx)?;
                Distribution::of_counts(of_code.iter().copied().zip(counts.iter().copied()), ctx)
            }
            Values::Rows(values) => match only {
                None => Distribution::of_rows(values.iter().copied(), ctx),
                Some(only) => {
                    let values = values.iter().enumerate().filter(|(place, _)| only.has(view, *place));
                    Distribution::of_rows(values.map(|(_, v)| *v), ctx)
                }
            },
        }
    }

    /// All values of the rows where `wanted` holds.
    pub fn distribution_where(
        &self,
        view: &View,
        wanted: &(dyn Fn(usize) -> bool + Sync),
        ctx: &Ctx,
    ) -> Result<Distribution> {
        match &self.values {
            Values::Codes { column, of_code } => {
                let code = |place: usize| if wanted(place) { column.codes[view.row(place)] } else { NONE };
                let counts = count_places(view, of_code.len(), code, None, ctx)?;
                Distribution::of_counts(of_code.iter().copied().zip(counts), ctx)
            }
            Values::Rows(values) => {
                let values = values.iter().enumerate().filter(|(place, _)| wanted(*place));
                Distribution::of_rows(values.map(|(_, v)| *v), ctx)
            }
        }
    }

    /// The largest value without its sign; zero without values.
    pub fn bound(&self) -> f64 {
        let values: &[f64] = match &self.values {
            Values::Codes { of_code, .. } => of_code,
            Values::Rows(values) => values,
        };
        values
            .par_iter()
            .with_min_len(1 << 14)
            .map(|v| if v.is_finite() { v.abs() } else { 0.0 })
            .reduce(|| 0.0, f64::max)
    }

    /// The same column with each value replaced by `f` of it, once per distinct text where that is enough.
    pub fn mapped(&self, f: impl Fn(f64) -> f64 + Sync) -> Numbers<'a> {
        let f = |v: &f64| if v.is_finite() { f(*v) } else { f64::NAN };
        let values = match &self.values {
            Values::Codes { column, of_code } => Values::Codes { column, of_code: of_code.par_iter().map(f).collect() },
            Values::Rows(values) => Values::Rows(values.par_iter().map(f).collect::<Vec<_>>().into()),
        };
        Numbers { info: self.info.clone(), whole: false, values }
    }
}

impl<'a> Words<'a> {
    /// The code at a place, or [`NONE`].
    #[inline]
    pub fn at(&self, view: &View, place: usize) -> u32 {
        match &self.codes {
            Codes::Table(column) => {
                let code = column.codes[view.row(place)];
                if self.missing[code as usize] { NONE } else { code }
            }
            Codes::Rows(codes) => codes[place],
        }
    }

    /// How many codes there are.
    pub fn len(&self) -> usize {
        match &self.names {
            Names::Dict(dict) => dict.len(),
            Names::List(names) => names.len(),
        }
    }

    pub fn name(&self, code: u32) -> &str {
        match &self.names {
            Names::Dict(dict) => dict.get(code),
            Names::List(names) => &names[code as usize],
        }
    }

    /// Rows per code; zero for codes that mean no value.
    pub fn counts(&self, view: &View, only: Option<&Selected>, ctx: &Ctx) -> Result<Vec<u32>> {
        match &self.codes {
            Codes::Table(column) => {
                let mut counts = count_codes(view, column, only, ctx)?.into_owned();
                counts.iter_mut().zip(&self.missing).filter(|(_, missing)| **missing).for_each(|(n, _)| *n = 0);
                Ok(counts)
            }
            Codes::Rows(codes) => {
                let code = |place: usize| codes[place];
                count_places(view, self.len(), code, only, ctx)
            }
        }
    }

    /// Codes in the order in which their words read, for ties.
    pub fn by_name(&self, a: u32, b: u32) -> std::cmp::Ordering {
        self.name(a).cmp(self.name(b))
    }
}

/// Rows per code of a column of the table.
fn count_codes<'a>(view: &View, column: &'a Column, only: Option<&Selected>, ctx: &Ctx) -> Result<Cow<'a, [u32]>> {
    if view.is_whole() && only.is_none() {
        return Ok(Cow::Borrowed(&column.counts));
    }
    let code = |place: usize| column.codes[view.row(place)];
    Ok(Cow::Owned(count_places(view, column.dict.len(), code, only, ctx)?))
}

/// Rows per code; codes beyond `codes` are left out.
pub(super) fn count_places(
    view: &View,
    codes: usize,
    code: impl Fn(usize) -> u32 + Sync,
    only: Option<&Selected>,
    ctx: &Ctx,
) -> Result<Vec<u32>> {
    let has = |place: usize| only.is_none_or(|only| only.has(view, place));
    if codes <= SMALL {
        // A few long stretches, each with its own counts.
        let stretch = (view.len() / (rayon::current_num_threads() * 4)).max(1 << 14);
        let part = |i: usize| {
            let mut counts = vec![0u32; codes];
            for place in i * stretch..view.len().min((i + 1) * stretch) {
                if place.is_multiple_of(super::view::CHUNK) {
                    ctx.tick(place, view.len())?;
                }
                if has(place)
                    && let Some(count) = counts.get_mut(code(place) as usize)
                {
                    *count += 1;
                }
            }
            Ok(counts)
        };
        let add = |mut a: Vec<u32>, b: Vec<u32>| {
            a.iter_mut().zip(b).for_each(|(a, b)| *a += b);
            Ok(a)
        };
        let parts = (0..view.len().div_ceil(stretch)).into_par_iter().map(part);
        return parts.reduce(|| Ok(vec![0u32; codes]), |a, b| add(a?, b?));
    }
    let counts: Vec<AtomicU32> = (0..codes).map(|_| AtomicU32::new(0)).collect();
    chunks(view.len()).try_for_each(|range| {
        ctx.tick(range.start, view.len())?;
        for place in range.filter(|&place| has(place)) {
            if let Some(count) = counts.get(code(place) as usize) {
                count.fetch_add(1, Relaxed);
            }
        }
        Ok(())
    })?;
    Ok(counts.into_iter().map(AtomicU32::into_inner).collect())
}
