//! Columns with other cells: each distinct text is decided once.

use std::hash::BuildHasher;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use rayon::prelude::*;

use super::live::{Live, ROWS_PER_TICK};
use super::{Example, MOST_EXAMPLES};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::dates::DateStyle;
use crate::intake::kind::{self, ColumnKind};
use crate::intake::numbers::{Decimal, NumberStyle};
use crate::intake::{Code, Column, Dict, Table};

/// A dictionary under construction: the code of a text, new or known.
pub(super) struct DictBuilder {
    pub dict: Dict,
    index: HashTable<Code>,
    hasher: FixedState,
}

impl DictBuilder {
    pub(super) fn new() -> Self {
        DictBuilder { dict: Dict::default(), index: HashTable::new(), hasher: FixedState::default() }
    }

    /// One that starts with all texts of a column, under the same codes.
    pub(super) fn of(dict: &Dict, ctx: &Ctx) -> Result<Self> {
        let mut out = Self::new();
        for (i, text) in dict.iter().enumerate() {
            if i.is_multiple_of(ROWS_PER_TICK) {
                ctx.tick(i, dict.len())?;
            }
            out.code_of(text);
        }
        Ok(out)
    }

    pub(super) fn code_of(&mut self, text: &str) -> Code {
        if text.is_empty() {
            return 0;
        }
        let hash = self.hasher.hash_one(text);
        if let Some(&code) = self.index.find(hash, |&c| self.dict.get(c) == text) {
            return code;
        }
        let code = self.dict.push(text);
        let (dict, hasher) = (&self.dict, &self.hasher);
        self.index.insert_unique(hash, code, |&c| hasher.hash_one(dict.get(c)));
        code
    }
}

/// The column with another text for each code that has one in `texts`; equal texts become one value.
pub(super) fn rewrite(column: &Column, texts: &[Option<String>], ctx: &Ctx) -> Result<Column> {
    let mut builder = DictBuilder::new();
    let mut place = Vec::with_capacity(column.dict.len());
    for (i, (old, new)) in column.dict.iter().zip(texts).enumerate() {
        if i.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(i, texts.len())?;
        }
        // Code 0 is there without a row; its new text would be no value of the column then.
        let unused = i == 0 && column.counts[0] == 0;
        place.push(if unused { 0 } else { builder.code_of(new.as_deref().unwrap_or(old)) });
    }
    let mut counts = vec![0; builder.dict.len()];
    for (&place, &rows) in place.iter().zip(&column.counts) {
        counts[place as usize] += rows;
    }
    let codes = column.codes.par_iter().with_min_len(ROWS_PER_TICK).map(|&c| place[c as usize]).collect();
    let kind = kind_again(column, &builder.dict, ctx)?;
    Ok(Column { name: column.name.clone(), dict: builder.dict, codes, counts, kind })
}

/// The type of a column whose values are `dict` now. Where somebody said that a column is text, it stays text; where
/// the values that are left do not say any more which sign is decimal or whether the day comes first, what was known
/// before holds.
fn kind_again(column: &Column, dict: &Dict, ctx: &Ctx) -> Result<ColumnKind> {
    let kind = kind::infer(dict, ctx)?;
    match (&column.kind, kind) {
        (ColumnKind::Text, kind) if kind != ColumnKind::Text => {
            let said_so = kind::infer(&column.dict, ctx)? != ColumnKind::Text;
            Ok(if said_so { ColumnKind::Text } else { kind })
        }
        (ColumnKind::Number { style, .. }, ColumnKind::Number { style: NumberStyle { ambiguous: true, .. }, .. }) => {
            let whole = dict.iter().all(|text| style.parse(text).is_none_or(|n| n.fract() == 0.0));
            Ok(ColumnKind::Number { whole, style: *style })
        }
        (ColumnKind::Date { style, ambiguous, .. }, ColumnKind::Date { ambiguous: true, time, style: found })
            if in_order(style) && in_order(&found) =>
        {
            Ok(ColumnKind::Date { style: style.clone(), time, ambiguous: *ambiguous })
        }
        (_, kind) => Ok(kind),
    }
}

/// Whether a style is one of the two that differ only in the order of day and month.
fn in_order(style: &DateStyle) -> bool {
    matches!(style, DateStyle::MonthFirst | DateStyle::DayFirst)
}

/// The column with other codes per row, from a dictionary that knows them.
pub(super) fn recode(column: &Column, dict: Dict, codes: Vec<Code>, ctx: &Ctx) -> Result<Column> {
    let mut counts = vec![0u32; dict.len()];
    for (row, &code) in codes.iter().enumerate() {
        if row.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(row, codes.len())?;
        }
        counts[code as usize] += 1;
    }
    let kind = kind_again(column, &dict, ctx)?;
    Ok(Column { name: column.name.clone(), dict, codes, counts, kind })
}

/// The shortest text that a column reads back as this number: with its decimal sign, without an exponent.
pub(super) fn number_for(column: &Column, value: f64) -> String {
    let text = number_text(value);
    match column.kind {
        ColumnKind::Number { style, .. } if style.decimal == Decimal::Comma => text.replace('.', ","),
        _ => text,
    }
}

/// The shortest text that reads back as this number, with a point and without an exponent.
pub(super) fn number_text(value: f64) -> String {
    // Plus zero: a minus before a zero tells nobody anything.
    format!("{}", value + 0.0)
}

/// A number whose point cannot be taken for a separator of thousands: `4.125` could be.
fn unmistakable(value: f64) -> String {
    let text = number_text(value);
    match text.split_once('.') {
        Some((_, decimals)) if decimals.len() == 3 => format!("{text}0"),
        _ => text,
    }
}

/// Makes sure that numbers written into a column read as what was meant. `wanted` gives the number of each code of
/// `column`, NaN for no number. Where the column, changed as it is, would make something else of them, all its numbers
/// are written anew with a point.
pub(super) fn settle(column: Column, wanted: &[f64], ctx: &Ctx) -> Result<Column> {
    let read = column.numbers_with(ctx)?;
    let same = |(a, b): (&f64, &f64)| a == b || a.is_nan() && b.is_nan();
    if read.iter().zip(wanted).all(same) {
        return Ok(column);
    }
    let texts: Vec<Option<String>> =
        wanted.iter().map(|n| if n.is_nan() { None } else { Some(unmistakable(*n)) }).collect();
    rewrite(&column, &texts, ctx)
}

/// Examples of codes that got another text, one per distinct value, from the top.
pub(super) fn examples(column: &Column, live: &Live, after: impl Fn(Code) -> Option<Option<String>>) -> Vec<Example> {
    let mut seen: Vec<Code> = Vec::new();
    let mut out = Vec::new();
    let mut tried = vec![false; column.dict.len()];
    for (row, &code) in column.codes.iter().enumerate() {
        if tried[code as usize] || !live.has(row) {
            continue;
        }
        tried[code as usize] = true;
        if let Some(after) = after(code) {
            seen.push(code);
            out.push(Example { row, column: column.name.clone(), before: column.dict.get(code).to_string(), after });
            if out.len() == MOST_EXAMPLES {
                break;
            }
        }
    }
    out
}

/// The table with a column in the place of another.
pub(super) fn replaced(table: &Table, at: usize, column: Column) -> Table {
    let mut table = table.clone();
    table.columns[at] = Arc::new(column);
    table
}

/// Decides the types of columns again where values are gone with their rows, so that what was removed has no say.
pub(super) fn kinds_of_what_is_left(table: &Table, live: &Live, ctx: &Ctx) -> Result<Table> {
    let again = |column: &Arc<Column>| -> Result<Arc<Column>> {
        let counts = live.counts(column, ctx)?;
        let missing = column.missing_rule();
        let gone = |(text, &n): (&str, &u32)| n == 0 && !missing.is_missing(text);
        if !column.dict.iter().zip(counts.iter()).any(gone) {
            return Ok(column.clone());
        }
        let mut left = Dict::default();
        for (i, (text, _)) in column.dict.iter().zip(counts.iter()).enumerate().filter(|(_, (_, n))| **n > 0) {
            if i > 0 {
                left.push(text);
            }
        }
        let kind = kind_again(column, &left, ctx)?;
        if kind == column.kind {
            return Ok(column.clone());
        }
        Ok(Arc::new(Column { kind, ..Column::clone(column) }))
    };
    let columns = table.columns.par_iter().map(again).collect::<Result<_>>()?;
    Ok(Table { columns, ..table.clone() })
}
