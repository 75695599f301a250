//! Tables of results as values, each written in any format: what is in a table is said once.

mod json;
mod parquet;

use std::borrow::Cow;
use std::io::Write;

use super::csv::CsvWriter;
use super::directory::Failure;
use crate::ctx::Ctx;
use crate::intake::dates::date_of;
use crate::recipe::{CsvFor, TableFormat};

/// Rows between two looks at the cancel flag.
const ROWS_PER_TICK: usize = 1 << 12;

/// The format of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Form {
    Csv,
    /// One row group per 131,072 rows, compressed with zstd; numbers as doubles or 64-bit integers, dates as dates.
    Parquet,
    /// One array of objects, one object per line: a whole JSON document that line-based tools can cut up too.
    Json,
}

impl Form {
    pub const ALL: [Form; 3] = [Form::Csv, Form::Parquet, Form::Json];

    /// The ending of file names.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Csv => "csv",
            Form::Parquet => "parquet",
            Form::Json => "json",
        }
    }
}

impl From<TableFormat> for Form {
    fn from(format: TableFormat) -> Form {
        match format {
            TableFormat::Parquet => Form::Parquet,
            TableFormat::Json => Form::Json,
        }
    }
}

/// What makes the cell of a row.
type Make<'a, T> = Box<dyn Fn(usize) -> T + 'a>;

/// The cells of a column, by row.
pub(super) enum Cells<'a> {
    /// Names of things: they stay text in every format, and are never changed. Empty where there is none.
    Id(Make<'a, &'a str>),
    /// Empty where there is none.
    Text(Make<'a, &'a str>),
    /// NaN where there is none.
    Number(Make<'a, f64>),
    Whole(Make<'a, Option<u64>>),
    /// Days since 1970-01-01.
    Day(Make<'a, i32>),
    Flag(Make<'a, bool>),
}

/// A column with its name in every format.
pub(super) struct Column<'a> {
    pub name: Cow<'a, str>,
    pub cells: Cells<'a>,
}

/// A table: columns of cells that are made when they are written.
pub(super) struct Grid<'a> {
    pub columns: Vec<Column<'a>>,
    /// Rows that `columns` know.
    rows: usize,
    /// Those to write, in this order; all where there is no list.
    only: Option<Vec<u32>>,
}

impl<'a> Grid<'a> {
    pub fn new(rows: usize) -> Grid<'a> {
        Grid { columns: Vec::new(), rows, only: None }
    }

    /// Limits the table to these rows.
    pub fn only(mut self, rows: Vec<u32>) -> Grid<'a> {
        self.only = Some(rows);
        self
    }

    pub fn id(&mut self, name: impl Into<Cow<'a, str>>, of: impl Fn(usize) -> &'a str + 'a) {
        self.push(name, Cells::Id(Box::new(of)));
    }

    pub fn text(&mut self, name: impl Into<Cow<'a, str>>, of: impl Fn(usize) -> &'a str + 'a) {
        self.push(name, Cells::Text(Box::new(of)));
    }

    pub fn number(&mut self, name: impl Into<Cow<'a, str>>, of: impl Fn(usize) -> f64 + 'a) {
        self.push(name, Cells::Number(Box::new(of)));
    }

    pub fn whole(&mut self, name: impl Into<Cow<'a, str>>, of: impl Fn(usize) -> Option<u64> + 'a) {
        self.push(name, Cells::Whole(Box::new(of)));
    }

    pub fn day(&mut self, name: impl Into<Cow<'a, str>>, of: impl Fn(usize) -> i32 + 'a) {
        self.push(name, Cells::Day(Box::new(of)));
    }

    pub fn flag(&mut self, name: impl Into<Cow<'a, str>>, of: impl Fn(usize) -> bool + 'a) {
        self.push(name, Cells::Flag(Box::new(of)));
    }

    fn push(&mut self, name: impl Into<Cow<'a, str>>, cells: Cells<'a>) {
        self.columns.push(Column { name: name.into(), cells });
    }

    /// Rows that are written.
    pub fn len(&self) -> usize {
        self.only.as_ref().map_or(self.rows, Vec::len)
    }

    /// Leaves only the first rows.
    pub fn head(mut self, most: usize) -> Grid<'a> {
        match &mut self.only {
            Some(rows) => rows.truncate(most),
            None => self.rows = self.rows.min(most),
        }
        self
    }

    /// The row of `columns` that is written at this place.
    fn row(&self, at: usize) -> usize {
        self.only.as_ref().map_or(at, |rows| rows[at] as usize)
    }

    /// Writes the table; `whom` says for whom CSV is meant.
    pub fn write(&self, form: Form, whom: CsvFor, out: &mut dyn Write, ctx: &Ctx) -> Result<(), Failure> {
        match form {
            Form::Csv => self.csv(whom, out, ctx),
            Form::Json => json::write(self, out, ctx),
            Form::Parquet => parquet::write(self, out, ctx),
        }
    }

    fn csv(&self, whom: CsvFor, out: &mut dyn Write, ctx: &Ctx) -> Result<(), Failure> {
        let mut csv = CsvWriter::for_whom(out, whom);
        self.columns.iter().for_each(|column| csv.text(&column.name));
        csv.end()?;
        for at in 0..self.len() {
            if at.is_multiple_of(ROWS_PER_TICK) {
                ctx.tick(at, self.len())?;
            }
            let row = self.row(at);
            for column in &self.columns {
                match &column.cells {
                    Cells::Id(of) => csv.id(of(row)),
                    Cells::Text(of) => csv.text(of(row)),
                    Cells::Number(of) => csv.number(of(row)),
                    Cells::Whole(of) => match of(row) {
                        Some(value) => csv.whole(value),
                        None => csv.text(""),
                    },
                    // Every spreadsheet knows dates in this form, whatever its place.
                    Cells::Day(of) => csv.plain(&date_of(of(row)).to_string()),
                    Cells::Flag(of) => csv.plain(if of(row) { "true" } else { "false" }),
                }
            }
            csv.end()?;
        }
        Ok(csv.finish()?)
    }
}
