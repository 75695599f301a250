//! Parquet files, through polars.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{ArrowDataType, ArrowSchema, Column as PolarsColumn, DataFrame, DataType, PolarsError};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use super::intern::{ColumnBuilder, column_names, table};
use super::read::Source;
use super::{InputReport, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format;

/// Reads a Parquet file; every value becomes the text it is shown as.
pub(super) fn read(mut source: Source, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let path = source.path.clone();
    let bad =
        |what: String| Error::read(&path, format!("the Parquet file is damaged or cut off ({what}); get it again"));
    let bytes = std::mem::take(&mut source.bytes);
    // Its reader panics on some damaged files, which must not end the program.
    let (frame, nested) = catch_unwind(AssertUnwindSafe(|| {
        let mut reader = ParquetReader::new(Cursor::new(bytes));
        let (flat, nested) = flat_columns(reader.schema()?.as_ref());
        Ok((reader.with_projection((!nested.is_empty()).then_some(flat)).finish()?, nested))
    }))
    .map_err(|_| bad("its parts do not fit together".into()))?
    .map_err(|e: PolarsError| bad(e.to_string()))?;
    from_frame(frame, nested, &source, "parquet", ctx)
}

/// The places of the columns with one value to a row, and the names of those that hold lists or records. Clock times
/// of 32 bits are left out too: polars 0.55 reads milliseconds as seconds.
pub(super) fn flat_columns(schema: &ArrowSchema) -> (Vec<usize>, Vec<String>) {
    let (mut flat, mut nested) = (Vec::new(), Vec::new());
    for (i, (name, field)) in schema.iter().enumerate() {
        let readable = match field.dtype() {
            ArrowDataType::Dictionary(_, values, _) => !values.is_nested(),
            ArrowDataType::Time32(_) => false,
            other => !other.is_nested(),
        };
        if readable { flat.push(i) } else { nested.push(name.to_string()) }
    }
    (flat, nested)
}

/// The table of a data frame. `left_out`: names of columns of the file that are not in it.
pub(super) fn from_frame(
    frame: DataFrame,
    mut left_out: Vec<String>,
    source: &Source,
    kind: &str,
    ctx: &Ctx,
) -> Result<(Table, InputReport)> {
    let names = column_names(Some(frame.columns().iter().map(|c| c.name().to_string()).collect()), frame.width());
    let all = frame.width();
    let mut columns = Vec::with_capacity(all);
    let mut notes = Vec::new();
    for (i, (column, name)) in frame.columns().iter().zip(names).enumerate() {
        let part = ctx.part(i as f32 / all as f32, (i + 1) as f32 / all as f32);
        match cells(column, &part) {
            Ok(cells) => columns.push(cells.finish(name, &|c| String::from_utf8_lossy(c), &part)?),
            Err(Failed::Stopped(error)) => return Err(error),
            Err(Failed::NoText) => {
                left_out.push(name);
                continue;
            }
        }
        if let DataType::Datetime(_, Some(zone)) = column.dtype() {
            notes.push(zone_note(column.name(), zone.as_str()));
        }
    }
    if columns.is_empty() && !left_out.is_empty() {
        return Err(Error::read(
            &source.path,
            "its columns hold only values such as lists, records or bytes; write a table of plain columns",
        ));
    }
    if !left_out.is_empty() {
        notes.push(format!(
            "{} values of a kind that is not read (such as lists, records, bytes or durations) and {} left out: {}.",
            format::plural(left_out.len(), "column holds", "columns hold"),
            if left_out.len() == 1 { "was" } else { "were" },
            left_out.join(", ")
        ));
    }
    let width = columns.len();
    let table = table(columns);
    let report = InputReport {
        path: source.path.clone(),
        format: kind.into(),
        compression: source.compression.clone(),
        header: true,
        bytes: source.size,
        rows: table.rows,
        columns: width,
        notes,
        ..InputReport::default()
    };
    Ok((table, report))
}

/// Says in which zone the times of a column are read: files store moments, and no table of time zones is on board.
fn zone_note(column: &str, zone: &str) -> String {
    if ["UTC", "Etc/UTC", "GMT", "Z", "+00:00", "Etc/GMT", "Zulu"].contains(&zone) {
        return format!("The times in {column} are in UTC, as the file says.");
    }
    format!(
        "The times in {column} are of the time zone {zone} and were read in UTC, so that a date can be the day before \
         or after the local one; write the column without a time zone to keep local times."
    )
}

/// Why a column has no cells.
enum Failed {
    /// Its values have no text, such as bytes.
    NoText,
    Stopped(Error),
}

impl From<Error> for Failed {
    fn from(error: Error) -> Self {
        Failed::Stopped(error)
    }
}

impl From<PolarsError> for Failed {
    fn from(_: PolarsError) -> Self {
        Failed::NoText
    }
}

/// A column as text. Moments so far away that no calendar has them make polars panic; fuzzing found it.
fn as_text(column: &PolarsColumn) -> std::result::Result<PolarsColumn, Failed> {
    let cast = catch_unwind(AssertUnwindSafe(|| column.cast(&DataType::String)));
    Ok(cast.map_err(|_| Failed::NoText)??)
}

fn cells(column: &PolarsColumn, ctx: &Ctx) -> std::result::Result<ColumnBuilder, Failed> {
    let rows = column.len();
    let mut builder = ColumnBuilder::new();
    let mut put = |row: usize, text: &str| {
        builder.push(text.as_bytes());
        if row.is_multiple_of(1 << 15) { ctx.tick(row, rows) } else { Ok(()) }
    };
    match column.dtype() {
        DataType::Float64 | DataType::Float32 => {
            let numbers = column.cast(&DataType::Float64)?;
            for (row, value) in numbers.f64()?.iter().enumerate() {
                // Rust writes 17850.0 as 17850, which is what an id in a float column means.
                put(row, &value.filter(|v| !v.is_nan()).map_or_else(String::new, |v| v.to_string()))?;
            }
        }
        DataType::Datetime(unit, Some(_)) => {
            // Stored as moments in UTC; to polars without time zones they are numbers first.
            let moments = column.to_physical_repr().cast(&DataType::Datetime(*unit, None))?;
            let texts = as_text(&moments)?;
            for (row, value) in texts.str()?.iter().enumerate() {
                put(row, &value.map_or_else(String::new, |v| format!("{v}Z")))?;
            }
        }
        _ => {
            let texts = as_text(column)?;
            for (row, value) in texts.str()?.iter().enumerate() {
                put(row, value.unwrap_or_default())?;
            }
        }
    }
    Ok(builder)
}
