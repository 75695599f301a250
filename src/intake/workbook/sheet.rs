//! Reads the cells of a sheet.

use std::path::Path;

use calamine::{Cell, Data, DataRef, Reader, XlsxError};

use super::grid::{Grid, TooSparse};
use super::open::Book;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Cells that are taken from the file while those before them are put into the grid.
const BATCH: usize = 1 << 15;

/// Reads a sheet, or only its first rows. A chart has no cells.
pub(super) fn read(book: &mut Book, path: &Path, sheet: &str, rows: Option<usize>, ctx: &Ctx) -> Result<Grid> {
    let bad = |e: &dyn std::fmt::Display| unreadable(path, sheet, e);
    match book {
        Book::Xlsx(book) => {
            let mut cells = match book.worksheet_cells_reader(sheet) {
                Ok(cells) => cells,
                Err(XlsxError::NotAWorksheet(_)) => return Ok(Grid::default()),
                Err(e) => return Err(bad(&e)),
            };
            let size = cells.dimensions();
            stream(|| cells.next_cell().map_err(|e| bad(&e)), size, path, sheet, rows, ctx)
        }
        Book::Xlsb(book) => {
            let mut cells = book.worksheet_cells_reader(sheet).map_err(|e| bad(&e))?;
            let size = cells.dimensions();
            stream(|| cells.next_cell().map_err(|e| bad(&e)), size, path, sheet, rows, ctx)
        }
        Book::Xls(book) => {
            let range = book.worksheet_range(sheet).map_err(|e| bad(&e))?;
            from_range(&range, path, sheet, rows, ctx)
        }
        Book::Ods(book) => {
            let range = book.worksheet_range(sheet).map_err(|e| bad(&e))?;
            from_range(&range, path, sheet, rows, ctx)
        }
    }
}

/// Takes cells in batches: while one batch is put into the grid, the next is read.
fn stream<'a>(
    mut next: impl FnMut() -> Result<Option<Cell<DataRef<'a>>>>,
    size: calamine::Dimensions,
    path: &Path,
    sheet: &str,
    rows: Option<usize>,
    ctx: &Ctx,
) -> Result<Grid> {
    let total = (size.end.0 as usize + 1) * (size.end.1 as usize + 1);
    let most = rows.unwrap_or(usize::MAX);
    let mut grid = Grid::default();
    let mut seen = 0;
    let mut full: Vec<Cell<DataRef<'a>>> = Vec::new();
    loop {
        let mut put = Ok(());
        let mut batch: Vec<Cell<DataRef<'a>>> = Vec::with_capacity(if full.is_empty() { 1 << 10 } else { BATCH });
        let filled = rayon::in_place_scope(|scope| {
            let (grid, put, cells) = (&mut grid, &mut put, &full);
            if !cells.is_empty() {
                scope.spawn(move |_| *put = put_all(grid, cells));
            }
            while batch.len() < BATCH {
                let Some(cell) = next()? else { return Ok(false) };
                if cell.get_position().0 as usize >= most {
                    return Ok(false);
                }
                batch.push(cell);
            }
            Ok(true)
        });
        let go_on = filled?;
        put.map_err(|TooSparse| too_sparse(path, sheet))?;
        seen += batch.len();
        ctx.tick(seen, total)?;
        full = batch;
        if !go_on {
            put_all(&mut grid, &full).map_err(|TooSparse| too_sparse(path, sheet))?;
            return Ok(grid);
        }
    }
}

fn put_all(grid: &mut Grid, cells: &[Cell<DataRef>]) -> std::result::Result<(), TooSparse> {
    cells.iter().try_for_each(|cell| {
        let (row, column) = cell.get_position();
        grid.put(row as usize, column as usize, cell.get_value())
    })
}

fn from_range(range: &calamine::Range<Data>, path: &Path, sheet: &str, rows: Option<usize>, ctx: &Ctx) -> Result<Grid> {
    let mut grid = Grid::default();
    let (top, left) = range.start().unwrap_or((0, 0));
    let (top, left, height) = (top as usize, left as usize, range.height());
    for (r, row) in range.rows().enumerate().take(rows.unwrap_or(usize::MAX)) {
        if r.is_multiple_of(1 << 10) {
            ctx.tick(r, height)?;
        }
        for (c, cell) in row.iter().enumerate() {
            let put = match cell {
                Data::String(text) => grid.put_text(top + r, left + c, text),
                other => grid.put(top + r, left + c, &lend(other)),
            };
            put.map_err(|TooSparse| too_sparse(path, sheet))?;
        }
    }
    Ok(grid)
}

/// A cell as the streaming readers give it.
fn lend(cell: &Data) -> DataRef<'_> {
    match cell {
        Data::Int(i) => DataRef::Int(*i),
        Data::Float(f) => DataRef::Float(*f),
        Data::String(s) => DataRef::String(s.clone()),
        Data::Bool(b) => DataRef::Bool(*b),
        Data::DateTime(t) => DataRef::DateTime(*t),
        Data::DateTimeIso(s) => DataRef::DateTimeIso(s.clone()),
        Data::DurationIso(s) => DataRef::DurationIso(s.clone()),
        Data::Error(e) => DataRef::Error(e.clone()),
        Data::Empty => DataRef::Empty,
    }
}

/// The refusal of a sheet with few cells far apart.
pub(super) fn too_sparse(path: &Path, sheet: &str) -> Error {
    Error::read(
        path,
        format!("sheet {sheet:?} has a few cells scattered over millions of empty ones; delete what stands outside the table and save it again"),
    )
}

fn unreadable(path: &Path, sheet: &str, error: &dyn std::fmt::Display) -> Error {
    Error::read(
        path,
        format!("sheet {sheet:?} cannot be read ({error}); open it in a spreadsheet program and save it again"),
    )
}
