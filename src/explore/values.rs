//! The values of columns: numbers, dates and words, with one value per row or one per distinct text.

use std::borrow::Cow;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rayon::prelude::*;

use super::distribution::Distribution;
use super::view::{Selected, View, chunks};
use super::{ColumnInfo, SummaryKind};
use crate::chart::Ink;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::{Column, Dict};

/// Code of a row without a value.
pub(super) const NONE: u32 = u32::MAX;
/// Dictionaries up to this size are counted per thread.
const SMALL: usize = 1 << 14;

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
    pub values: Values<'a>,
}

pub(super) enum Values<'a> {
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
    /// The colour of each code, for segments, which look the same everywhere.
    pub inks: Vec<Ink>,
}

enum Codes<'a> {
    Table(&'a Column),
    Rows(Cow<'a, [u32]>),
}

enum Names<'a> {
    Dict(&'a Dict),
    List(Cow<'a, [String]>),
}

impl Col<'_> {
    /// The same with a colour for each code.
    pub fn colored(self, inks: Vec<Ink>) -> Self {
        match self {
            Col::Words(words) => Col::Words(Words { inks, ..words }),
            numbers => numbers,
        }
    }
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
                None => Distribution::of_places(values.len(), |place| values[place], ctx),
                Some(only) => {
                    let value = |place: usize| if only.has(view, place) { values[place] } else { f64::NAN };
                    Distribution::of_places(values.len(), value, ctx)
                }
            },
        }
    }

    /// Rows with a value.
    pub fn count(&self, view: &View, ctx: &Ctx) -> Result<usize> {
        Ok(match &self.values {
            Values::Codes { column, of_code } => {
                let counts = count_codes(view, column, None, ctx)?;
                counts.iter().zip(of_code).filter(|(_, v)| v.is_finite()).map(|(&n, _)| n as usize).sum()
            }
            Values::Rows(values) => values.par_iter().filter(|v| v.is_finite()).count(),
        })
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
                let value = |place: usize| if wanted(place) { values[place] } else { f64::NAN };
                Distribution::of_places(values.len(), value, ctx)
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
    /// One code per place.
    pub fn listed(info: ColumnInfo, codes: Cow<'a, [u32]>, names: Cow<'a, [String]>) -> Words<'a> {
        Words { info, codes: Codes::Rows(codes), names: Names::List(names), missing: Vec::new(), inks: Vec::new() }
    }

    /// A column of the table; `missing` tells which codes mean no value.
    pub fn of_table(info: ColumnInfo, column: &'a Column, missing: Vec<bool>) -> Words<'a> {
        Words { info, codes: Codes::Table(column), names: Names::Dict(&column.dict), missing, inks: Vec::new() }
    }

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
