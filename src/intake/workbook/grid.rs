//! The cells of one sheet: each distinct text stored once per column, rows as they come.

use std::collections::BTreeMap;
use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::{FixedState, RandomState};
use hashbrown::{HashMap, HashTable};
use rayon::prelude::*;

use super::super::intern::ColumnBuilder;
use super::super::table::{Code, Column, Dict};
use super::super::table_area::Line;
use super::cell::{Key, text_of};
use crate::ctx::Ctx;
use crate::error::Result;

/// Empty cells that may be added to the cells of a sheet to make columns equally long: beyond it the sheet is no
/// table, and its size a threat to memory.
const MOST_PADDING: usize = 64 << 20;

/// What can go wrong while cells are put into a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooSparse;

/// The cells of a sheet. Rows and columns count from 0.
#[derive(Default)]
pub(super) struct Grid {
    columns: Vec<GridColumn>,
    /// Cells per row.
    fill: Vec<u32>,
    pub cells: usize,
    padding: usize,
    /// Cells that hold an error such as `#DIV/0!`, by its text. They are empty in the grid.
    pub errors: BTreeMap<String, usize>,
}

#[derive(Default)]
struct GridColumn {
    dict: Dict,
    index: HashTable<Code>,
    hasher: FixedState,
    /// The code of a value, so that a number or date is turned into text once.
    known: HashMap<Key, Code, RandomState>,
    last: Option<(Key, Code)>,
    /// One per row down to the last cell of the column.
    codes: Vec<Code>,
    cells: usize,
}

impl GridColumn {
    fn intern(&mut self, text: &str) -> Code {
        if text.is_empty() {
            return 0;
        }
        let (dict, hasher) = (&mut self.dict, &self.hasher);
        let hash = hasher.hash_one(text);
        if let Some(&code) = self.index.find(hash, |&c| dict.get(c) == text) {
            return code;
        }
        let code = dict.push(text);
        self.index.insert_unique(hash, code, |&c| hasher.hash_one(dict.get(c)));
        code
    }

    fn code(&self, row: usize) -> Code {
        self.codes.get(row).copied().unwrap_or(0)
    }
}

impl Grid {
    /// Takes a cell of a workbook.
    pub(super) fn put(&mut self, row: usize, column: usize, value: &calamine::DataRef) -> std::result::Result<(), TooSparse> {
        match value {
            calamine::DataRef::Empty => return Ok(()),
            calamine::DataRef::Error(error) => {
                *self.errors.entry(error.to_string()).or_default() += 1;
                return Ok(());
            }
            _ => {}
        }
        let Some(key) = Key::of(value) else { return self.put_text(row, column, &text_of(value)) };
        let place = self.column(column);
        let code = match place.last {
            Some((last, code)) if last == key => code,
            _ => match place.known.get(&key) {
                Some(&code) => code,
                None => {
                    let code = place.intern(&text_of(value));
                    place.known.insert(key, code);
                    code
                }
            },
        };
        place.last = Some((key, code));
        self.set(row, column, code)
    }

    /// Takes a text; blank ones are no cells.
    pub(super) fn put_text(&mut self, row: usize, column: usize, text: &str) -> std::result::Result<(), TooSparse> {
        let code = self.column(column).intern(text);
        self.set(row, column, code)
    }

    fn column(&mut self, column: usize) -> &mut GridColumn {
        if self.columns.len() <= column {
            self.columns.resize_with(column + 1, GridColumn::default);
        }
        &mut self.columns[column]
    }

    fn set(&mut self, row: usize, column: usize, code: Code) -> std::result::Result<(), TooSparse> {
        let place = &mut self.columns[column];
        // A cell of blanks is as good as none, and would make its row part of the table.
        if code == 0 || place.dict.get(code).trim().is_empty() {
            return Ok(());
        }
        match place.codes.get_mut(row) {
            Some(old) if *old != 0 => {
                *old = code;
                return Ok(());
            }
            Some(old) => *old = code,
            None => {
                self.padding += row - place.codes.len();
                if self.padding > MOST_PADDING && self.padding / 50 > self.cells {
                    return Err(TooSparse);
                }
                place.codes.resize(row, 0);
                place.codes.push(code);
            }
        }
        place.cells += 1;
        self.cells += 1;
        if self.fill.len() <= row {
            self.fill.resize(row + 1, 0);
        }
        self.fill[row] += 1;
        Ok(())
    }

    /// One more than the last row with a cell.
    pub(super) fn height(&self) -> usize {
        self.fill.len()
    }

    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Cells in a column.
    pub(super) fn column_cells(&self, column: usize) -> usize {
        self.columns[column].cells
    }

    /// The text of a cell.
    pub(super) fn text(&self, row: usize, column: usize) -> &str {
        let place = &self.columns[column];
        place.dict.get(place.code(row))
    }

    /// Whether a cell is empty.
    pub(super) fn is_empty(&self, row: usize, column: usize) -> bool {
        self.columns[column].code(row) == 0
    }

    /// Whether a row has no cell in `columns`.
    pub(super) fn is_blank(&self, row: usize, columns: &Range<usize>) -> bool {
        self.fill[row] == 0 || (columns.len() < self.width() && columns.clone().all(|c| self.is_empty(row, c)))
    }

    /// Cells of a row in `columns`.
    pub(super) fn fill(&self, row: usize, columns: &Range<usize>) -> usize {
        if columns.len() == self.width() {
            return self.fill[row] as usize;
        }
        columns.clone().filter(|&c| !self.is_empty(row, c)).count()
    }

    /// A row as texts.
    pub(super) fn line(&self, row: usize, columns: &Range<usize>) -> Line {
        Line { row, cells: columns.clone().map(|c| self.text(row, c).to_string()).collect() }
    }

    /// The distinct texts of a column in some rows, and how often each stands there.
    pub(super) fn values(&self, column: usize, rows: Range<usize>) -> Vec<(&str, usize)> {
        let place = &self.columns[column];
        let mut counts = vec![0usize; place.dict.len()];
        let end = rows.end.min(place.codes.len());
        for &code in &place.codes[rows.start.min(end)..end] {
            counts[code as usize] += 1;
        }
        (1..counts.len()).filter(|&c| counts[c] > 0).map(|c| (place.dict.get(c as Code), counts[c])).collect()
    }

    /// The columns of a table made of `rows`, in their order; `names` has a name for each of `columns`.
    pub(super) fn into_columns(
        self,
        columns: &[usize],
        names: Vec<String>,
        rows: &[Range<usize>],
        ctx: &Ctx,
    ) -> Result<Vec<Column>> {
        let mut places: Vec<Option<GridColumn>> = self.columns.into_iter().map(Some).collect();
        let taken: Vec<(GridColumn, String)> =
            columns.iter().zip(names).map(|(&c, name)| (places[c].take().unwrap_or_default(), name)).collect();
        drop(places);
        let total: usize = rows.iter().map(Range::len).sum();
        let finish = |(place, name): (GridColumn, String)| {
            let mut builder = ColumnBuilder::new();
            builder.codes.reserve_exact(total);
            let mut new = vec![Code::MAX; place.dict.len()];
            new[0] = 0;
            for range in rows {
                let end = range.end.min(place.codes.len());
                let filled = range.start.min(end)..end;
                let empty = range.len() - filled.len();
                for (i, &code) in place.codes[filled].iter().enumerate() {
                    if i.is_multiple_of(1 << 16) {
                        ctx.tick(i, total)?;
                    }
                    let slot = &mut new[code as usize];
                    if *slot == Code::MAX {
                        *slot = builder.interner.intern(place.dict.get(code).as_bytes());
                    }
                    builder.codes.push(*slot);
                }
                builder.codes.resize(builder.codes.len() + empty, 0);
            }
            drop(place);
            builder.finish(name, &|c| String::from_utf8_lossy(c), ctx)
        };
        taken.into_par_iter().map(finish).collect()
    }
}
