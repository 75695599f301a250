//! What is suspicious about a table: counts, and the rows behind each of them.

mod checks;
mod spread;

use rayon::prelude::*;
use serde::Serialize;

use super::roles::{Role, RolesOut};
use super::{Column, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format;
pub(super) use checks::PLACEHOLDERS;
use checks::look;

/// One thing that is suspicious.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityItem {
    pub id: Check,
    /// The column it is about; `None` for the table as a whole.
    pub column: Option<String>,
    /// What it is, with the count, as a sentence.
    pub text: String,
    /// Rows that it counts; [`rows`] lists them.
    pub rows: usize,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Rows that equal an earlier row in every column.
    DuplicateRows,
    Missing,
    /// One value only.
    Constant,
    /// Texts in a column of numbers or dates.
    WrongType,
    /// Numbers beyond Tukey's outer fences.
    Outliers,
    /// Quantities, prices or amounts below zero.
    Negative,
    /// Quantities, prices or amounts of zero.
    Zero,
    FutureDates,
    /// Before 1990.
    OldDates,
    /// Days that systems write where there is no date: 1900-01-01, 1970-01-01.
    PlaceholderDates,
    /// A time without any row that is far longer than the usual.
    DateGap,
    /// Letters that come from reading one encoding as another.
    Mojibake,
    /// Spaces before or behind the text.
    OuterSpaces,
    /// Texts that differ from a more common one only in case, spaces, accents, punctuation or the order of words.
    Spellings,
}

impl Check {
    const COLUMN: [Check; 13] = [
        Check::Missing,
        Check::Constant,
        Check::WrongType,
        Check::Outliers,
        Check::Negative,
        Check::Zero,
        Check::FutureDates,
        Check::OldDates,
        Check::PlaceholderDates,
        Check::DateGap,
        Check::Mojibake,
        Check::OuterSpaces,
        Check::Spellings,
    ];
}

/// Values or rows between two looks at the cancel flag.
const PER_TICK: usize = 1 << 13;

/// Looks for everything in [`Check`] and returns what was found, the table's first, then by column.
///
/// # Errors
/// [`Error::Cancelled`].
pub fn report(table: &Table, roles: &RolesOut, ctx: &Ctx) -> Result<Vec<QualityItem>> {
    let duplicates = duplicate_rows(table, ctx)?.len();
    let mut out = Vec::new();
    if duplicates > 0 {
        out.push(QualityItem {
            id: Check::DuplicateRows,
            column: None,
            text: format!("{} an earlier row in every column.", format::plural(duplicates, "row equals", "rows equal")),
            rows: duplicates,
        });
    }
    let of_column = |column: &std::sync::Arc<Column>| -> Result<Vec<QualityItem>> {
        let mut items = Vec::new();
        for check in Check::COLUMN {
            let Some(found) = look(check, column, table.rows, role_of(column, roles), ctx)? else { continue };
            let name = Some(column.name.clone());
            items.push(QualityItem { id: check, column: name, text: found.text, rows: found.rows });
        }
        Ok(items)
    };
    let items: Vec<Vec<QualityItem>> = table.columns.par_iter().map(of_column).collect::<Result<_>>()?;
    out.extend(items.into_iter().flatten());
    Ok(out)
}

/// The rows that an item counts, ascending.
///
/// # Errors
/// [`Error::Data`] where the table has no such column; [`Error::Cancelled`].
pub fn rows(table: &Table, roles: &RolesOut, item: &QualityItem, ctx: &Ctx) -> Result<Vec<u32>> {
    let Some(name) = &item.column else { return duplicate_rows(table, ctx) };
    let column = table.column(name).ok_or_else(|| {
        Error::data(format!("the table has no column {name:?} any more; look at the quality report again"))
    })?;
    let found = look(item.id, column, table.rows, role_of(column, roles), ctx)?;
    let Some(codes) = found.map(|f| f.codes) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (row, &code) in column.codes.iter().enumerate() {
        if row.is_multiple_of(1 << 16) {
            ctx.tick(row, table.rows)?;
        }
        if codes[code as usize] {
            out.push(row as u32);
        }
    }
    Ok(out)
}

fn role_of(column: &Column, roles: &RolesOut) -> Option<Role> {
    roles.roles.iter().find(|r| r.column.as_deref() == Some(&column.name)).map(|r| r.role)
}

/// Rows that equal an earlier row in every column, ascending.
fn duplicate_rows(table: &Table, ctx: &Ctx) -> Result<Vec<u32>> {
    use std::hash::BuildHasher;
    let hasher = foldhash::fast::FixedState::default();
    let mut hashes = vec![0u64; table.rows];
    let hash = |(piece, part): (usize, &mut [u64])| {
        let mut codes = Vec::with_capacity(table.columns.len());
        ctx.tick(piece * PER_TICK, 2 * table.rows)?;
        for (i, slot) in part.iter_mut().enumerate() {
            codes.clear();
            codes.extend(table.columns.iter().map(|c| c.codes[piece * PER_TICK + i]));
            *slot = hasher.hash_one(&codes[..]);
        }
        Ok(())
    };
    hashes.par_chunks_mut(PER_TICK).enumerate().try_for_each(hash)?;
    let equal = |a: usize, b: usize| table.columns.iter().all(|c| c.codes[a] == c.codes[b]);
    let mut seen: hashbrown::HashTable<u32> = hashbrown::HashTable::with_capacity(table.rows);
    let mut out = Vec::new();
    for row in 0..table.rows {
        if row.is_multiple_of(PER_TICK) {
            ctx.tick(table.rows + row, 2 * table.rows)?;
        }
        if seen.find(hashes[row], |&other| equal(other as usize, row)).is_some() {
            out.push(row as u32);
        } else {
            seen.insert_unique(hashes[row], row as u32, |&r| hashes[r as usize]);
        }
    }
    Ok(out)
}
