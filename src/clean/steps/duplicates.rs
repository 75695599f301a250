//! Rows that equal another row in some columns.

use std::hash::BuildHasher;

use hashbrown::HashTable;

use super::apply::Change;
use super::live::{Live, ROWS_PER_TICK};
use super::{Example, MOST_EXAMPLES, position, removed_rows};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::{Column, Table};
use crate::recipe::KeepRow;

pub(super) fn drop(table: &Table, live: &Live, names: &[String], keep: KeepRow, ctx: &Ctx) -> Result<Change> {
    let at: Vec<usize> = match names {
        [] => (0..table.columns.len()).collect(),
        some => some.iter().map(|name| position(table, name)).collect::<Result<_>>()?,
    };
    let key: Vec<&Column> = at.iter().map(|&i| table.columns[i].as_ref()).collect();
    let remove = repeated(&key, live, table.rows, keep, ctx)?;
    let gone = remove.iter().filter(|&&r| r).count();
    let shown = |row: usize| key.iter().map(|c| c.text(row)).collect::<Vec<_>>().join(" | ");
    let first = remove.iter().enumerate().filter(|(_, r)| **r).take(MOST_EXAMPLES);
    let examples =
        first.map(|(row, _)| Example { row, column: String::new(), before: shown(row), after: None }).collect();
    let which = match names.len() {
        0 => "that equals another in every column",
        _ => "that equals another in the columns chosen",
    };
    let note = removed_rows(gone, &if gone > 1 { which.replacen("equals", "equal", 1) } else { which.into() });
    Ok(Change { remove: Some(remove), examples, ..Change::none(table, note) })
}

/// Rows that equal an earlier (or later) one in all of these columns, among the rows that are left. Values are equal
/// when their texts are.
pub(in crate::clean) fn repeated(
    key: &[&Column],
    live: &Live,
    rows: usize,
    keep: KeepRow,
    ctx: &Ctx,
) -> Result<Vec<bool>> {
    let hasher = foldhash::fast::FixedState::default();
    let hash = |row: usize| {
        // Odd multipliers keep columns apart; the hasher mixes what is left alike.
        let mixed = key
            .iter()
            .fold(0u64, |h, c| (h.rotate_left(23) ^ u64::from(c.codes[row])).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        hasher.hash_one(mixed)
    };
    let equal = |a: usize, b: usize| key.iter().all(|c| c.codes[a] == c.codes[b]);
    let mut seen: HashTable<usize> = HashTable::with_capacity(rows);
    let mut repeated = vec![false; rows];
    for i in 0..rows {
        if i.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(i, rows)?;
        }
        let row = if keep == KeepRow::First { i } else { rows - 1 - i };
        if !live.has(row) {
            continue;
        }
        let h = hash(row);
        if seen.find(h, |&other| equal(other, row)).is_some() {
            repeated[row] = true;
        } else {
            seen.insert_unique(h, row, |&r| hash(r));
        }
    }
    Ok(repeated)
}
