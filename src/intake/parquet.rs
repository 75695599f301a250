//! Parquet files, through polars.

use std::fs::File;
use std::path::Path;

use polars::prelude::{Column as PolarsColumn, DataType};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;

use super::intern::{ColumnBuilder, column_names, table};
use super::{InputReport, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Reads a Parquet file; every value becomes the text it is shown as.
pub(super) fn read(path: &Path, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let file = File::open(path).map_err(|e| Error::read(path, e))?;
    let bytes = file.metadata().map_or(0, |m| m.len());
    let frame = ParquetReader::new(file)
        .finish()
        .map_err(|e| Error::read(path, format!("this is no Parquet file that can be read ({e})")))?;
    let names = column_names(Some(frame.columns().iter().map(|c| c.name().to_string()).collect()), frame.width());
    let mut columns = Vec::with_capacity(names.len());
    for (i, (column, name)) in frame.columns().iter().zip(names).enumerate() {
        let part = ctx.part(i as f32 / frame.width() as f32, (i + 1) as f32 / frame.width() as f32);
        columns.push(cells(column, path, &part)?.finish(name, &|c| String::from_utf8_lossy(c), &part)?);
    }
    let table = table(columns);
    let report = InputReport {
        path: path.to_path_buf(),
        format: "parquet".into(),
        encoding: None,
        delimiter: None,
        header: true,
        sheet: None,
        sheets: Vec::new(),
        bytes,
        rows: table.rows,
        columns: table.columns.len(),
        ragged_rows: 0,
        broken_quotes: 0,
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
