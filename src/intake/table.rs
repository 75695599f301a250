//! The table as intake reads it: columns of text, each distinct text stored once.
//!
//! Real exports repeat themselves: half a million rows hold a few thousand distinct products, dates and
//! customers. So a column is a list of codes into a dictionary of the distinct cell texts. That keeps the
//! file's own text exactly, makes re-reading a column as another type or date style a matter of its
//! distinct values, and gives grouping and distinct counts for free.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::kind::{ColumnKind, MissingRule, parse_number, without_zero_decimals};
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

    /// Which texts of this column say "no value": among numbers, dates and codes every usual token does, among words
    /// only those that cannot be a name. Codes are texts of which at least half have a digit.
    pub fn missing_rule(&self) -> MissingRule {
        if self.kind != ColumnKind::Text {
            return MissingRule::Any;
        }
        let digit = |text: &str| text.bytes().any(|b| b.is_ascii_digit());
        let with = self.dict.iter().filter(|text| digit(text)).count();
        if with * 2 >= self.dict.len() - 1 { MissingRule::Any } else { MissingRule::Unmistakable }
    }

    /// Rows without a value: empty, blank, or a word that says so (`NA`, `NULL`, `-`).
    pub fn missing(&self) -> usize {
        let rule = self.missing_rule();
        self.dict.iter().zip(&self.counts).filter(|(text, _)| rule.is_missing(text)).map(|(_, &n)| n as usize).sum()
    }

    /// Distinct values.
    pub fn distinct(&self) -> usize {
        let rule = self.missing_rule();
        self.dict.iter().zip(&self.counts).filter(|&(text, &n)| n > 0 && !rule.is_missing(text)).count()
    }

    /// Whether the column's values are ids that went through floating-point numbers, as `17850.0`: then the id is what
    /// stands before the point.
    pub fn has_float_ids(&self) -> bool {
        match self.kind {
            ColumnKind::Number { whole: true, .. } => {
                let codes = (0..self.dict.len() as Code).into_par_iter().with_min_len(1 << 12);
                codes.any(|code| without_zero_decimals(self.dict.get(code)).is_some())
            }
            ColumnKind::Text => {
                let float = self.dict.iter().filter(|t| without_zero_decimals(t).is_some()).count();
                let decimals =
                    |t: &str| without_zero_decimals(t).is_none() && t.contains('.') && parse_number(t).is_some();
                float * 2 >= self.dict.len() - 1 && float > 0 && !self.dict.iter().any(decimals)
            }
            _ => false,
        }
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

    /// The number that a text of this column stands for, in the column's own style.
    pub fn number(&self, text: &str) -> Option<f64> {
        match self.kind {
            ColumnKind::Number { style, .. } => style.parse(text),
            _ => parse_number(text),
        }
    }

    /// The number of each code, NaN where the text is not a number. Length: the dictionary's.
    pub fn numbers(&self) -> Vec<f64> {
        self.dict.iter().map(|text| self.number(text).unwrap_or(f64::NAN)).collect()
    }

    /// The same, computed in parallel.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub fn numbers_with(&self, ctx: &Ctx) -> Result<Vec<f64>> {
        self.per_value(ctx, |text| self.number(text).unwrap_or(f64::NAN))
    }

    /// The currency sign or word that most distinct numbers carry.
    pub fn currency(&self) -> Option<String> {
        let mut signs: HashMap<&str, usize> = HashMap::new();
        let mut numbers = 0;
        for text in self.dict.iter().filter(|t| self.number(t).is_some()) {
            numbers += 1;
            if let Some(sign) = super::numbers::currency(text) {
                *signs.entry(sign).or_default() += 1;
            }
        }
        signs.into_iter().find(|&(_, n)| n * 2 > numbers).map(|(sign, _)| sign.to_string())
    }

    /// Up to `n` of the first distinct values.
    pub fn examples(&self, n: usize) -> Vec<&str> {
        let rule = self.missing_rule();
        self.dict.iter().filter(|text| !rule.is_missing(text)).take(n).collect()
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
    /// Names of columns that the user had worked out from others and that the file does not have. They play a role only
    /// where the user says so: `line = quantity * price * 100` must not become what customers spent.
    pub calculated: Vec<String>,
}

impl Table {
    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|c| c.name == name).map(Arc::as_ref)
    }

    /// Leaves out some rows, given in ascending order. The dictionaries keep their texts; the counts follow.
    pub(crate) fn remove(&mut self, rows: &[usize]) {
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
