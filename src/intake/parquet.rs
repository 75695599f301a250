//! Parquet files, through polars.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use polars::prelude::{Column as PolarsColumn, DataFrame, DataType};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use super::intern::{ColumnBuilder, column_names, table};
use super::read::Source;
use super::{InputReport, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Reads a Parquet file; every value becomes the text it is shown as.
pub(super) fn read(mut source: Source, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let path = source.path.clone();
    let bad = |what: String| Error::read(&path, format!("the Parquet file is damaged or cut off ({what}); get it again"));
    let bytes = std::mem::take(&mut source.bytes);
    // Its reader panics on some damaged files, which must not end the program.
    let frame = catch_unwind(AssertUnwindSafe(|| ParquetReader::new(Cursor::new(bytes)).finish()))
        .map_err(|_| bad("its parts do not fit together".into()))?
        .map_err(|e| bad(e.to_string()))?;
    from_frame(frame, &source, "parquet", ctx)
}

/// The table of a data frame.
pub(super) fn from_frame(frame: DataFrame, source: &Source, format: &str, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let names = column_names(Some(frame.columns().iter().map(|c| c.name().to_string()).collect()), frame.width());
    let width = frame.width();
    let mut columns = Vec::with_capacity(width);
    for (i, (column, name)) in frame.columns().iter().zip(names).enumerate() {
        let part = ctx.part(i as f32 / width as f32, (i + 1) as f32 / width as f32);
        columns.push(cells(column, &source.path, &part)?.finish(name, &|c| String::from_utf8_lossy(c), &part)?);
    }
    let table = table(columns);
    let report = InputReport {
        path: source.path.clone(),
        format: format.into(),
        compression: source.compression.clone(),
        header: true,
        bytes: source.size,
        rows: table.rows,
        columns: width,
        ..InputReport::default()
    };
    Ok((table, report))
}

fn cells(column: &PolarsColumn, path: &Path, ctx: &Ctx) -> Result<ColumnBuilder> {
    let unreadable =
        |e: polars::prelude::PolarsError| Error::read(path, format!("column {:?} cannot be read ({e})", column.name()));
    let rows = column.len();
    let mut builder = ColumnBuilder::new();
    let mut put = |row: usize, text: &str| {
        builder.push(text.as_bytes());
        if row.is_multiple_of(1 << 15) { ctx.tick(row, rows) } else { Ok(()) }
    };
    if matches!(column.dtype(), DataType::Float64 | DataType::Float32) {
        let numbers = column.cast(&DataType::Float64).map_err(unreadable)?;
        for (row, value) in numbers.f64().map_err(unreadable)?.iter().enumerate() {
            // Rust writes 17850.0 as 17850, which is what an id in a float column means.
            put(row, &value.filter(|v| !v.is_nan()).map_or_else(String::new, |v| v.to_string()))?;
        }
    } else {
        let texts = column.cast(&DataType::String).map_err(unreadable)?;
        for (row, value) in texts.str().map_err(unreadable)?.iter().enumerate() {
            put(row, value.unwrap_or_default())?;
        }
    }
    Ok(builder)
}
