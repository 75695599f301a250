//! A table as Parquet, a group of rows at a time.

use std::io::Write;

use polars::prelude::{
    Column as PolarsColumn, DataFrame, DataType, Field, IntoColumn, NamedFrom, PolarsError, PolarsResult, Schema,
    Series,
};
use polars_io::parquet::write::ParquetWriter;

use super::{Cells, Column, Grid};
use crate::ctx::Ctx;
use crate::export::directory::Failure;

/// Rows of a group: enough to compress well, few enough to hold them in memory beside everything else.
const ROWS_PER_GROUP: usize = 1 << 17;

/// What is not known is null.
pub(super) fn write(grid: &Grid, out: &mut dyn Write, ctx: &Ctx) -> Result<(), Failure> {
    let failed = |e: PolarsError| Failure::Io(e.to_string());
    let fields = grid.columns.iter().map(|column| Field::new(column.name.as_ref().into(), kind(&column.cells)));
    let schema = Schema::from_iter(fields);
    let mut writer = ParquetWriter::new(out).batched(&schema).map_err(failed)?;
    let columns = grid.columns.len().max(1);
    for from in (0..grid.len()).step_by(ROWS_PER_GROUP) {
        let to = (from + ROWS_PER_GROUP).min(grid.len());
        let rows: Vec<usize> = (from..to).map(|at| grid.row(at)).collect();
        let mut group = Vec::with_capacity(grid.columns.len());
        for (i, column) in grid.columns.iter().enumerate() {
            ctx.tick(from + rows.len() * i / columns, grid.len())?;
            group.push(series(column, &rows).map_err(failed)?);
        }
        let frame = DataFrame::new(rows.len(), group).map_err(failed)?;
        writer.write_batch(&frame).map_err(failed)?;
    }
    writer.finish().map_err(failed)?;
    ctx.tick(grid.len(), grid.len())?;
    Ok(())
}

fn kind(cells: &Cells) -> DataType {
    match cells {
        Cells::Id(_) | Cells::Text(_) => DataType::String,
        Cells::Number(_) => DataType::Float64,
        Cells::Whole(_) => DataType::Int64,
        Cells::Day(_) => DataType::Date,
        Cells::Flag(_) => DataType::Boolean,
    }
}

fn series(column: &Column, rows: &[usize]) -> PolarsResult<PolarsColumn> {
    let name = || column.name.as_ref().into();
    let rows = rows.iter().copied();
    let series = match &column.cells {
        Cells::Id(of) | Cells::Text(of) => {
            Series::new(name(), rows.map(|r| Some(of(r)).filter(|t| !t.is_empty())).collect::<Vec<_>>())
        }
        Cells::Number(of) => {
            // As in CSV and JSON, −0 is 0.
            Series::new(name(), rows.map(|r| Some(of(r) + 0.0).filter(|v| v.is_finite())).collect::<Vec<_>>())
        }
        Cells::Whole(of) => Series::new(name(), rows.map(|r| of(r).map(|v| v as i64)).collect::<Vec<_>>()),
        Cells::Day(of) => Series::new(name(), rows.map(of).collect::<Vec<_>>()).cast(&DataType::Date)?,
        Cells::Flag(of) => Series::new(name(), rows.map(of).collect::<Vec<_>>()),
    };
    Ok(series.into_column())
}
