//! Workbooks: xlsx (streamed), xls, xlsb and ods.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use calamine::{Data, DataRef, Reader, Sheets, Xlsx};
use rayon::prelude::*;

use super::intern::{ColumnBuilder, column_names, table};
use super::{InputReport, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::Input;

/// Cells between two looks at the cancel flag.
const CELLS_PER_TICK: usize = 1 << 14;

/// Reads the sheet that the recipe names, or the first one with anything in it.
pub(super) fn read(path: &Path, input: &Input, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let mut book = open(path)?;
    let sheets = book.sheet_names();
    let candidates = match &input.sheet {
        Some(name) if sheets.contains(name) => vec![name.clone()],
        Some(name) => {
            let list = sheets.join(", ");
            return Err(Error::read(path, format!("there is no sheet {name:?}; the workbook has {list}")));
        }
        None => sheets.clone(),
    };
    for sheet in candidates {
        let grid = read_sheet(&mut book, path, &sheet, ctx)?;
        if grid.rows == 0 && grid.first.is_empty() {
            continue;
        }
        let header = input.header.unwrap_or_else(|| super::text::is_header(&grid.first));
        let (table, columns) = grid.finish(header, ctx)?;
        let report = InputReport {
            path: path.to_path_buf(),
            format: path.extension().map_or_else(|| "xlsx".into(), |e| e.to_string_lossy().to_lowercase()),
            encoding: None,
            delimiter: None,
            header,
            sheet: Some(sheet),
            sheets,
            bytes: std::fs::metadata(path).map_or(0, |m| m.len()),
            rows: table.rows,
            columns,
            ragged_rows: 0,
            broken_quotes: 0,
            ..InputReport::default()
        };
        return Ok((table, report));
    }
    Err(Error::read(path, "every sheet that was looked at is empty; choose another sheet or file"))
}

fn open(path: &Path) -> Result<Sheets<BufReader<File>>> {
    calamine::open_workbook_auto(path).map_err(|e| {
        let text = e.to_string();
        if text.to_lowercase().contains("password") {
            Error::read(path, "the workbook is protected by a password; save a copy without one and open that")
        } else {
            Error::read(path, format!("this is no workbook that can be read ({text}); save it again as .xlsx or .csv"))
        }
    })
}

fn read_sheet(book: &mut Sheets<BufReader<File>>, path: &Path, sheet: &str, ctx: &Ctx) -> Result<Grid> {
    if let Sheets::Xlsx(book) = book {
        return stream(book, path, sheet, ctx);
    }
    let range = book.worksheet_range(sheet).map_err(|e| unreadable(path, sheet, &e))?;
    let mut grid = Grid::default();
    let (top, left) = range.start().unwrap_or((0, 0));
    let height = range.height();
    for (r, row) in range.rows().enumerate() {
        if r.is_multiple_of(1 << 12) {
            ctx.tick(r, height)?;
        }
        for (c, cell) in row.iter().enumerate() {
            grid.put(top as usize + r, left as usize + c, &text_of(cell));
        }
    }
    Ok(grid)
}

fn stream(book: &mut Xlsx<BufReader<File>>, path: &Path, sheet: &str, ctx: &Ctx) -> Result<Grid> {
    let mut cells = match book.worksheet_cells_reader(sheet) {
        Ok(cells) => cells,
        // Chart sheets have no cells.
        Err(calamine::XlsxError::NotAWorksheet(_)) => return Ok(Grid::default()),
        Err(e) => return Err(unreadable(path, sheet, &e)),
    };
    let size = cells.dimensions();
    let total = (size.end.0 as usize + 1) * (size.end.1 as usize + 1);
    let mut grid = Grid::default();
    let mut seen = 0usize;
    while let Some(cell) = cells.next_cell().map_err(|e| unreadable(path, sheet, &e))? {
        let (row, column) = cell.get_position();
        let text = match cell.get_value() {
            DataRef::SharedString(s) => (*s).into(),
            value => text_of(&Data::from(value.clone())),
        };
        grid.put(row as usize, column as usize, &text);
        seen += 1;
        if seen.is_multiple_of(CELLS_PER_TICK) {
            ctx.tick(seen, total)?;
        }
    }
    Ok(grid)
}

fn unreadable(path: &Path, sheet: &str, error: &dyn std::fmt::Display) -> Error {
    Error::read(
        path,
        format!("sheet {sheet:?} cannot be read ({error}); open it in a spreadsheet program and save it again"),
    )
}

/// A cell as text: numbers as short as they read back, dates in ISO form.
fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => s.clone(),
        Data::Int(i) => i.to_string(),
        Data::Float(f) => f.to_string(),
        Data::Bool(b) => if *b { "TRUE" } else { "FALSE" }.into(),
        Data::Error(e) => e.to_string(),
        Data::DateTime(t) if t.is_datetime() => match t.as_datetime() {
            // Serials are fractions of a day; the nearest second is what was meant.
            Some(moment) => {
                let moment = moment + chrono::Duration::milliseconds(500);
                let midnight = moment.format("%T").to_string() == "00:00:00";
                moment.format(if midnight { "%F" } else { "%F %T" }).to_string()
            }
            None => t.as_f64().to_string(),
        },
        Data::DateTime(t) => t.as_f64().to_string(),
    }
}

/// Cells as they come: the first row is kept aside, as it may be the header.
#[derive(Default)]
struct Grid {
    first: Vec<String>,
    first_row: Option<usize>,
    columns: Vec<ColumnBuilder>,
    /// Rows below the first.
    rows: usize,
}

impl Grid {
    /// Takes a cell; rows come in ascending order. Empty cells may be left out.
    fn put(&mut self, row: usize, column: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        let first_row = *self.first_row.get_or_insert(row);
        if row == first_row {
            if self.first.len() <= column {
                self.first.resize(column + 1, String::new());
            }
            self.first[column] = text.into();
            return;
        }
        let row = row - first_row - 1;
        while self.columns.len() <= column {
            self.columns.push(ColumnBuilder::new());
        }
        let builder = &mut self.columns[column];
        if builder.codes.len() <= row {
            builder.codes.resize(row, 0);
            builder.push(text.as_bytes());
        }
        self.rows = self.rows.max(row + 1);
    }

    /// The table and its number of columns.
    fn finish(mut self, header: bool, ctx: &Ctx) -> Result<(Table, usize)> {
        let width = self.columns.len().max(self.first.len());
        self.columns.resize_with(width, ColumnBuilder::new);
        self.first.resize(width, String::new());
        for (builder, first) in self.columns.iter_mut().zip(&self.first) {
            builder.codes.resize(self.rows, 0);
            if !header {
                let code = builder.interner.intern(first.as_bytes());
                builder.codes.insert(0, code);
            }
        }
        let names = column_names(header.then_some(self.first), width);
        let finish =
            |(column, name): (ColumnBuilder, String)| column.finish(name, &|c| String::from_utf8_lossy(c), ctx);
        let columns = self.columns.into_par_iter().zip(names).map(finish).collect::<Result<_>>()?;
        Ok((table(columns), width))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_become_empty_cells_and_the_first_row_names_the_columns() {
        let mut grid = Grid::default();
        for (r, c, t) in [(3, 0, "id"), (3, 2, "x"), (4, 0, "1"), (6, 2, "9"), (6, 3, "extra")] {
            grid.put(r, c, t);
        }
        let (table, width) = grid.finish(true, &Ctx::silent()).unwrap();
        assert_eq!((table.rows, width), (3, 4));
        let names: Vec<_> = table.columns.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["id", "column_2", "x", "column_4"]);
        assert_eq!(table.columns[2].text(2), "9");
        assert_eq!(table.columns[0].text(1), "");
    }

    #[test]
    fn numbers_read_as_people_write_them() {
        assert_eq!(text_of(&Data::Float(536365.0)), "536365");
        assert_eq!(text_of(&Data::Float(2.55)), "2.55");
        assert_eq!(text_of(&Data::Bool(true)), "TRUE");
    }
}
