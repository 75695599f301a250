//! The table as intake reads it: columns of text, each distinct text stored once.
//!
//! Real exports repeat themselves: half a million rows hold a few thousand distinct products, dates and
//! customers. So a column is a list of codes into a dictionary of the distinct cell texts. That keeps the
//! file's own text exactly, makes re-reading a column as another type or date style a matter of its
//! distinct values, and gives grouping and distinct counts for free.

use std::sync::Arc;

use rayon::prelude::*;

use super::kind::{ColumnKind, is_missing, parse_number};
use crate::ctx::Ctx;
use crate::error::Result;

/// Code of a cell: index into the column's [`Dict`]. Code 0 is always the empty text.
pub type Code = u32;

/// Distinct texts in order of first appearance. Entry 0 is the empty text, present or not.
#[derive(Debug, Clone)]
pub struct Dict {
    text: String,
    ends: Vec<usize>,
}

impl Default for Dict {
    fn default() -> Self {
        Dict { text: String::new(), ends: vec![0] }
    }
}

impl Dict {
    /// Number of entries, the empty one included.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is nothing but the empty entry.
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// The text of a code.
    pub fn get(&self, code: Code) -> &str {
        let i = code as usize;
        let from = if i == 0 { 0 } else { self.ends[i - 1] };
        &self.text[from..self.ends[i]]
    }

    /// Appends a text and returns its code. The caller makes sure that it is new.
    pub fn push(&mut self, text: &str) -> Code {
        self.text.push_str(text);
        self.ends.push(self.text.len());
        (self.ends.len() - 1) as Code
    }

    /// All texts in code order.
    pub fn iter(&self) -> impl Iterator<Item = &str> + Clone {
        (0..self.len()).map(|i| self.get(i as Code))
    }
}

/// One column of the file.
#[derive(Debug, Clone)]
pub struct Column {
    pub name: String,
    pub dict: Dict,
    /// One code per row.
    pub codes: Vec<Code>,
    /// Rows per code.
    pub counts: Vec<u32>,
    /// What the column's values are, found from all of them.
    pub kind: ColumnKind,
}

impl Column {
    /// The cell's text as it stands in the file.
    pub fn text(&self, row: usize) -> &str {
        self.dict.get(self.codes[row])
    }

    /// Rows without a value: empty, blank, or a word that says so (`NA`, `NULL`, `-`).
    pub fn missing(&self) -> usize {
        self.dict.iter().zip(&self.counts).filter(|(text, _)| is_missing(text)).map(|(_, &n)| n as usize).sum()
    }

    /// Distinct values.
    pub fn distinct(&self) -> usize {
        self.dict.iter().zip(&self.counts).filter(|&(text, &n)| n > 0 && !is_missing(text)).count()
    }

    /// Something about each distinct value, computed in parallel; index it by code.
    pub fn per_value<T: Send>(&self, ctx: &Ctx, f: impl Fn(&str) -> T + Sync) -> Result<Vec<T>> {
        let one = |code: usize| {
            if code.is_multiple_of(1 << 13) {
                ctx.tick(code, self.dict.len())?;
            }
            Ok(f(self.dict.get(code as Code)))
        };
        (0..self.dict.len()).into_par_iter().with_min_len(1 << 12).map(one).collect()
    }

    /// The number of each code, NaN where the text is not a number. Length: the dictionary's.
    pub fn numbers(&self) -> Vec<f64> {
        self.dict.iter().map(|text| parse_number(text).unwrap_or(f64::NAN)).collect()
    }

    /// Up to `n` of the first distinct values.
    pub fn examples(&self, n: usize) -> Vec<&str> {
        self.dict.iter().filter(|text| !is_missing(text)).take(n).collect()
    }
}

/// A file's cells, all columns of equal length.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// Shared, so that a table with one column changed costs that column only.
    pub columns: Vec<Arc<Column>>,
    pub rows: usize,
    /// The column names as they stand in the file, empty or alike as they may be; none where the file has no header.
    pub header: Vec<String>,
    /// Cells beyond the last column, with their row: nothing is lost that stood in the file.
    pub extra: Vec<(usize, Vec<String>)>,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name).map(Arc::as_ref)
    }

    /// Leaves out the rows from `rows` on. The dictionaries keep their texts; the counts follow.
    pub(super) fn truncate(&mut self, rows: usize) {
        if rows >= self.rows {
            return;
        }
        for column in &mut self.columns {
            let column = Arc::make_mut(column);
            for code in column.codes.drain(rows..) {
                column.counts[code as usize] -= 1;
            }
        }
        self.extra.retain(|(row, _)| *row < rows);
        self.rows = rows;
    }

    /// Leaves out some rows, given in ascending order.
    pub(super) fn remove(&mut self, rows: &[usize]) {
        if rows.is_empty() {
            return;
        }
        for column in &mut self.columns {
            let column = Arc::make_mut(column);
            let (mut at, mut next) = (0, 0);
            column.codes.retain(|&code| {
                let gone = rows.get(next) == Some(&at);
                at += 1;
                if gone {
                    next += 1;
                    column.counts[code as usize] -= 1;
                }
                !gone
            });
        }
        self.extra.retain(|(row, _)| rows.binary_search(row).is_err());
        for (row, _) in &mut self.extra {
            *row -= rows.partition_point(|r| r < row);
        }
        self.rows -= rows.len();
    }

    /// The position of the column of this name.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|c| c.name == name)
    }
}
