//! Workbooks: xlsx, xlsb (streamed), xls and ods.

mod cell;
mod grid;
mod locate;
mod open;
mod sheet;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::intern::{column_names, table};
use super::read::Source;
use super::{InputReport, Table, combine};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format;
use crate::recipe::Input;
use grid::Grid;
use locate::{Found, locate};
pub(super) use open::Kind;
use open::{Book, open};

/// Rows of each sheet that are looked at to choose one.
const SAMPLE_ROWS: usize = 200;

/// Reads the sheet that the recipe names, or the one that looks most like a table of data.
pub(super) fn read(source: &Source, kind: Kind, input: &Input, ctx: &Ctx) -> Result<(Table, InputReport)> {
    // The reader of a third party meets damaged files here; what it did not foresee must not end the program.
    let read = || read_book(source, kind, input, ctx);
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|_| {
        Err(Error::read(
            &source.path,
            "the workbook is damaged in a way that its reader does not know; open it in a spreadsheet program and save it again",
        ))
    })
}

fn read_book(source: &Source, kind: Kind, input: &Input, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let path = source.path.as_path();
    let mut book = open(path, kind, &source.bytes)?;
    ctx.tick(0, 1)?;
    let sheets = book.sheet_names();
    let mut notes = Vec::new();
    let chosen = match &input.sheet {
        Some(name) if sheets.contains(name) => vec![name.clone()],
        Some(name) => {
            let list = sheets.join(", ");
            return Err(Error::read(path, format!("there is no sheet {name:?}; the workbook has {list}")));
        }
        None => choose(&mut book, path, input, &mut notes, ctx)?,
    };
    let mut read = Vec::new();
    let mut errors = 0;
    for (i, sheet) in chosen.iter().enumerate() {
        let part = ctx.part(i as f32 / chosen.len() as f32, (i + 1) as f32 / chosen.len() as f32);
        let grid = sheet::read(&mut book, path, sheet, None, &part)?;
        let merges = if locate::may_be_merged(&grid) { book.merges(sheet) } else { Vec::new() };
        let Some(found) = locate(&grid, &merges, input) else {
            errors += grid.errors.values().sum::<usize>();
            continue;
        };
        // Programs that write workbooks without computing them leave whole columns without results.
        if found.columns.iter().any(|&c| grid.column_cells(c) <= found.header_rows) {
            let empty = |&(row, column): &(usize, usize)| {
                row >= grid.height() || column >= grid.width() || grid.is_empty(row, column)
            };
            let without = book.formulas(sheet).iter().filter(|place| empty(place)).count();
            if without > 0 {
                notes.push(format!(
                    "{} whose result is not in the file; open it in a spreadsheet program and save it.",
                    format::plural(without, "cell holds a formula", "cells hold formulas")
                ));
            }
        }
        read.push(finish(source, kind.name(), Some(sheet), grid, found, &part)?);
    }
    let (table, mut report) = match read.len() {
        0 if errors > 0 => {
            let cells = format::plural(errors, "cell that shows", "cells that show");
            return Err(Error::read(
                path,
                format!("the sheet holds only {cells} an error such as #DIV/0!; mend the formulas and save it again"),
            ));
        }
        0 => return Err(Error::read(path, "every sheet that was looked at is empty; choose another sheet or file")),
        1 => read.remove(0),
        _ => {
            let mut reports: Vec<InputReport> = read.iter().map(|(_, report)| report.clone()).collect();
            let tables: Vec<Table> = read.into_iter().map(|(table, _)| table).collect();
            let stacked = combine::stack(&tables, &chosen, &mut notes, ctx)?;
            let mut first = reports.remove(0);
            for other in reports {
                first.preamble.extend(other.preamble);
                first.footer.extend(other.footer);
                first.totals.extend(other.totals);
                first.notes.extend(other.notes);
            }
            first.sheet = Some(chosen.join(" + "));
            (stacked, first)
        }
    };
    report.sheets = sheets;
    (report.rows, report.columns) = (table.rows, table.columns.len());
    report.notes.splice(0..0, notes);
    Ok((table, report))
}

/// The table in rows of texts that come from elsewhere, found by the rules for sheets.
pub(super) fn from_rows(
    source: &Source,
    rows: Vec<Vec<String>>,
    format: &str,
    input: &Input,
    ctx: &Ctx,
) -> Result<(Table, InputReport)> {
    let mut grid = Grid::default();
    for (r, row) in rows.iter().enumerate() {
        for (c, text) in row.iter().enumerate() {
            grid.put_text(r, c, text).map_err(|grid::TooSparse| sheet::too_sparse(&source.path, "1"))?;
        }
    }
    drop(rows);
    let empty = || Error::read(&source.path, "its table is empty; choose another file");
    let found = locate(&grid, &[], input).ok_or_else(empty)?;
    let (table, report) = finish(source, format, None, grid, found, ctx)?;
    Ok((table, report))
}

/// The sheet whose table is largest, with the other sheets that have the very same columns: a sheet per month is
/// one table. Hidden sheets and charts are not looked at unless there is nothing else.
fn choose(book: &mut Book, path: &Path, input: &Input, notes: &mut Vec<String>, ctx: &Ctx) -> Result<Vec<String>> {
    let visible = book.worksheets(true);
    let hidden = book.worksheets(false);
    let candidates = if visible.is_empty() { &hidden } else { &visible };
    let hint = |n: usize| format!("{} not looked at.", format::plural(n, "hidden sheet was", "hidden sheets were"));
    if !visible.is_empty() && !hidden.is_empty() {
        notes.push(hint(hidden.len()));
    }
    if let [only] = candidates.as_slice() {
        return Ok(vec![only.clone()]);
    }
    struct Looked {
        sheet: String,
        names: Vec<String>,
        score: f64,
        sample: Vec<String>,
    }
    let mut looked: Vec<Looked> = Vec::new();
    for sheet in candidates {
        ctx.tick(0, 1)?;
        // A sheet that cannot be read is no reason not to read another.
        let Ok(grid) = sheet::read(book, path, sheet, Some(SAMPLE_ROWS), ctx) else { continue };
        let Some(found) = locate(&grid, &[], input) else { continue };
        let named = found.header_rows > 0;
        let seen = found.len();
        let rows = if grid.height() >= SAMPLE_ROWS { book.rows(sheet).max(seen) } else { seen };
        let width = found.columns.len();
        let shape = if width < 2 { 0.1 } else { width.min(20) as f64 };
        let score = rows as f64 * shape * if named { 1.0 } else { 0.3 };
        let names = if named { found.names.iter().map(|n| combine::plain(n)).collect() } else { Vec::new() };
        let all = 0..grid.width();
        let sample = (0..grid.height()).map(|r| grid.line(r, &all).text()).collect();
        looked.push(Looked { sheet: sheet.clone(), names, score, sample });
    }
    let Some(best) = (0..looked.len()).reduce(|a, b| if looked[b].score > looked[a].score { b } else { a }) else {
        return Ok(candidates.iter().take(1).cloned().collect());
    };
    let alike = |i: usize| looked[i].names == looked[best].names && looked[i].names.len() > 1 && looked[i].score > 0.0;
    let series = |i: usize| series(&looked[i].sheet) == series(&looked[best].sheet);
    let mut taken: Vec<usize> = Vec::new();
    for i in 0..looked.len() {
        if i != best && alike(i) && !series(i) {
            notes.push(format!(
                "Sheet {:?} has the same columns as {:?} and was not read; open it as a second file to have its rows too.",
                looked[i].sheet, looked[best].sheet
            ));
        } else if i == best || alike(i) {
            match taken.iter().find(|&&t| looked[t].sample == looked[i].sample) {
                Some(&t) => notes.push(format!(
                    "Sheet {:?} begins like {:?}, as a copy does; it was left out.",
                    looked[i].sheet, looked[t].sheet
                )),
                None => taken.push(i),
            }
        }
    }
    let chosen: Vec<String> = taken.iter().map(|&i| looked[i].sheet.clone()).collect();
    let others: Vec<&str> = candidates.iter().filter(|s| !chosen.contains(s)).map(String::as_str).collect();
    if chosen.len() > 1 {
        notes.push(format!(
            "The sheets {} have the same columns; their rows were put under one another. Name one sheet to read only that.",
            chosen.join(", ")
        ));
    } else if !others.is_empty() {
        notes.push(format!(
            "Sheet {:?} was read, as its table is the largest; the others are {}.",
            chosen[0],
            others.join(", ")
        ));
    }
    Ok(chosen)
}

/// What is left of a sheet's name without numbers and months: equal for the sheets of a series such as a sheet per
/// year. Sheets of the same columns may else hold other measures of the same things, which must not be added up.
fn series(sheet: &str) -> String {
    const MONTHS: [&str; 24] = [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "januar",
        "februar",
        "marz",
        "mai",
        "juni",
        "juli",
        "oktober",
        "dezember",
        "sept",
        "okt",
        "dez",
        "may",
        "mar",
    ];
    const SHORT: [&str; 10] = ["jan", "feb", "apr", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let name = super::table_area::fold(sheet);
    let words = name.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty());
    let kept: Vec<&str> = words.filter(|w| !MONTHS.contains(w) && !SHORT.contains(w) && *w != "q").collect();
    kept.join(" ")
}

/// The table of a sheet and what to say about it.
fn finish(
    source: &Source,
    format: &str,
    sheet: Option<&String>,
    grid: Grid,
    found: Found,
    ctx: &Ctx,
) -> Result<(Table, InputReport)> {
    let cells = found.len().saturating_mul(found.columns.len());
    if cells > (256 << 20) && cells / 50 > grid.cells {
        return Err(sheet::too_sparse(&source.path, sheet.map_or("1", String::as_str)));
    }
    let mut notes = found.notes;
    let errors: usize = grid.errors.values().sum();
    if errors > 0 {
        let list: Vec<String> = grid.errors.iter().map(|(e, n)| format!("{} × {e}", format::count(*n))).collect();
        notes.push(format!(
            "{} an error instead of a value ({}); read as missing.",
            format::plural(errors, "cell shows", "cells show"),
            list.join(", ")
        ));
    }
    if !found.totals.is_empty() {
        notes.push(format!(
            "{} the others and {} left out. Keep totals to read such rows.",
            format::plural(found.totals.len(), "row at the end adds up", "rows at the end add up"),
            if found.totals.len() == 1 { "was" } else { "were" }
        ));
    }
    let width = found.columns.len();
    let header = found.header_rows > 0;
    let names = column_names(header.then_some(found.names), width);
    let columns = grid.into_columns(&found.columns, names, &found.rows, ctx)?;
    let table = table(columns);
    let report = InputReport {
        path: source.path.clone(),
        format: format.into(),
        compression: source.compression.clone(),
        header,
        header_rows: found.header_rows,
        first_line: found.first + 1,
        preamble: found.preamble,
        footer: found.footer,
        totals: found.totals,
        sheet: sheet.cloned(),
        bytes: source.size,
        rows: table.rows,
        columns: width,
        notes,
        ..InputReport::default()
    };
    Ok((table, report))
}
