//! The rows that are left when a step begins.

use std::borrow::Cow;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::Column;

/// Rows between two looks at the cancel flag.
pub(in crate::clean) const ROWS_PER_TICK: usize = 1 << 15;

/// Which rows no step before a certain one removed.
#[derive(Debug, Clone, Copy)]
pub(in crate::clean) struct Live<'a> {
    /// Empty: all rows are left.
    removed: &'a [u16],
    at: usize,
}

impl<'a> Live<'a> {
    pub(in crate::clean) fn new(removed: &'a [u16], at: usize) -> Self {
        let any = removed.iter().any(|&r| usize::from(r) < at);
        Live { removed: if any { removed } else { &[] }, at }
    }

    pub(in crate::clean) fn has(&self, row: usize) -> bool {
        self.removed.get(row).is_none_or(|&r| usize::from(r) >= self.at)
    }

    pub(super) fn all(&self) -> bool {
        self.removed.is_empty()
    }

    /// How many of `total` rows are left.
    pub(super) fn rows(&self, total: usize) -> usize {
        if self.all() { total } else { self.removed.iter().filter(|&&r| usize::from(r) >= self.at).count() }
    }

    /// Rows per code among those that are left.
    pub(super) fn counts<'c>(&self, column: &'c Column, ctx: &Ctx) -> Result<Cow<'c, [u32]>> {
        if self.all() {
            return Ok(Cow::Borrowed(&column.counts));
        }
        let mut counts = vec![0u32; column.dict.len()];
        for (row, &code) in column.codes.iter().enumerate() {
            if row.is_multiple_of(ROWS_PER_TICK) {
                ctx.tick(row, column.codes.len())?;
            }
            counts[code as usize] += u32::from(self.has(row));
        }
        Ok(Cow::Owned(counts))
    }
}
