//! A table as intake reads it, to another format: `quintile convert`.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::DateTime;
use polars::prelude::{Column as Series, DataFrame, DataType, IntoColumn, NamedFrom, TimeUnit};
use rust_xlsxwriter::{Format, Workbook};

use super::csv::CsvWriter;
use super::directory::{Failure, write_whole};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::dates;
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, Table};

/// Rows of a sheet of Excel, the header included.
const SHEET_ROWS: usize = 1_048_576;
/// Whole numbers beyond this cannot all be told apart as floating-point numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;
/// 1970-01-01 as Excel counts days, and the first day that it counts right (1900-03-01).
const EXCEL_EPOCH: f64 = 25_569.0;
const EXCEL_FIRST: f64 = 61.0;

/// Writes `table` to `path` in the format of its extension: `.csv`, `.parquet` or `.xlsx`. Returns the size
/// in bytes. The file appears whole or not at all.
///
/// `raw`: every cell's text as it stands in the file, in CSV also column names that are empty or alike and the cells
/// beyond the last column. Otherwise typed: numbers as numbers, dates as ISO 8601
/// text (CSV) or as dates (Parquet, Excel), missing values empty or null. A cell that is not of its column's
/// type keeps its text in CSV and Excel, and is null in Parquet.
///
/// # Errors
/// [`Error::Write`] for an unknown extension, a table too long for Excel, or a failure of the file system;
/// [`Error::Cancelled`].
pub fn write_table(table: &Table, path: &Path, raw: bool, ctx: &Ctx) -> Result<u64> {
    let extension = path.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "csv" => write_whole(path, |file| csv(table, raw, BufWriter::with_capacity(1 << 16, file), ctx)),
        "parquet" => write_whole(path, |file| parquet(table, raw, file, ctx)),
        "xlsx" if table.rows >= SHEET_ROWS => Err(Error::write(
            path,
            format!(
                "the table has {} rows and a sheet of Excel holds {} below its header; write .csv or .parquet",
                crate::format::count(table.rows),
                crate::format::count(SHEET_ROWS - 1)
            ),
        )),
        "xlsx" => write_whole(path, |file| xlsx(table, raw, BufWriter::new(file), ctx)),
        _ => Err(Error::write(path, "the extension says the format and has to be .csv, .parquet or .xlsx")),
    }
}

/// What one distinct text of a column becomes.
enum Value<'a> {
    Missing,
    Text(&'a str),
    Number(f64),
    /// Seconds since 1970-01-01.
    Date {
        seconds: i64,
        time: bool,
    },
}

/// One value per code of the column.
fn values(column: &Column, raw: bool) -> Vec<Value<'_>> {
    let numbers = match column.kind {
        ColumnKind::Number { .. } if !raw => column.numbers(),
        _ => Vec::new(),
    };
    let typed = |(code, text): (usize, &'_ str)| match &column.kind {
        ColumnKind::Number { .. } if numbers[code].is_finite() && !is_long(text) => {
            // Adding zero turns −0 into 0.
            Some(Value::Number(numbers[code] + 0.0))
        }
        ColumnKind::Date { style, time, .. } => {
            dates::parse(text, style).map(|seconds| Value::Date { seconds, time: *time })
        }
        _ => None,
    };
    column
        .dict
        .iter()
        .enumerate()
        .map(|(code, text)| match text {
            "" => Value::Missing,
            _ if raw => Value::Text(text),
            _ => typed((code, text)).unwrap_or(Value::Text(text)),
        })
        .collect()
}

/// `2011-12-09` or `2011-12-09T08:26:00`.
fn iso(seconds: i64, time: bool) -> Option<String> {
    let at = DateTime::from_timestamp(seconds, 0)?;
    Some(at.format(if time { "%Y-%m-%dT%H:%M:%S" } else { "%Y-%m-%d" }).to_string())
}

fn csv(table: &Table, raw: bool, out: impl Write, ctx: &Ctx) -> std::result::Result<(), Failure> {
    let mut csv = CsvWriter::new(out);
    for (i, column) in table.columns.iter().enumerate() {
        csv.text(if raw && !table.header.is_empty() {
            table.header.get(i).map_or("", String::as_str)
        } else {
            &column.name
        });
    }
    csv.end()?;
    let mut extra = table.extra.iter().filter(|_| raw).peekable();
    // Every distinct value is turned into its text once.
    let texts: Vec<Vec<Value>> = table.columns.iter().map(|c| values(c, raw)).collect();
    let dates: Vec<Vec<String>> = texts
        .iter()
        .map(|column| {
            column
                .iter()
                .map(|v| match v {
                    Value::Date { seconds, time } => iso(*seconds, *time).unwrap_or_default(),
                    _ => String::new(),
                })
                .collect()
        })
        .collect();
    for row in 0..table.rows {
        if row % 4096 == 0 {
            ctx.tick(row, table.rows)?;
        }
        for (i, column) in table.columns.iter().enumerate() {
            let code = column.codes[row] as usize;
            match &texts[i][code] {
                Value::Missing => csv.text(""),
                Value::Text(text) => csv.text(text),
                Value::Number(n) => csv.number(*n),
                Value::Date { .. } => csv.text(&dates[i][code]),
            }
        }
        // What stood beyond the last column stays in its row.
        if let Some((_, cells)) = extra.next_if(|(at, _)| *at == row) {
            cells.iter().for_each(|cell| csv.text(cell));
        }
        csv.end()?;
    }
    Ok(csv.finish()?)
}

fn xlsx<W: Write + Send>(table: &Table, raw: bool, mut out: W, ctx: &Ctx) -> std::result::Result<(), Failure> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let bold = Format::new().set_bold();
    let (day, moment) =
        (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("yyyy-mm-dd hh:mm:ss"));
    for (i, column) in table.columns.iter().enumerate() {
        let i = u16::try_from(i).map_err(|_| Failure::Io("a sheet of Excel holds 16,384 columns".into()))?;
        sheet.write_string_with_format(0, i, &column.name, &bold)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let all: Vec<Vec<Value>> = table.columns.iter().map(|c| values(c, raw)).collect();
    for row in 0..table.rows {
        if row % 1024 == 0 {
            ctx.tick(row, table.rows)?;
        }
        let line = row as u32 + 1;
        for (i, column) in table.columns.iter().enumerate() {
            let at = i as u16;
            match &all[i][column.codes[row] as usize] {
                Value::Missing => {}
                Value::Text(text) => drop(sheet.write_string(line, at, *text)?),
                Value::Number(n) => drop(sheet.write_number(line, at, *n)?),
                Value::Date { seconds, time } => {
                    let serial = *seconds as f64 / 86_400.0 + EXCEL_EPOCH;
                    if serial < EXCEL_FIRST {
                        sheet.write_string(line, at, iso(*seconds, *time).unwrap_or_default())?;
                    } else {
                        sheet.write_number_with_format(line, at, serial, if *time { &moment } else { &day })?;
                    }
                }
            }
        }
    }
    for (i, column) in table.columns.iter().enumerate() {
        let width = match column.kind {
            ColumnKind::Date { time: true, .. } => 20.0,
            _ => column.examples(200).iter().map(|t| t.chars().count()).max().unwrap_or(0).clamp(8, 40) as f64 + 2.0,
        };
        sheet.set_column_width(i as u16, width)?;
    }
    ctx.tick(table.rows, table.rows)?;
    workbook.save_to_writer(&mut out)?;
    Ok(out.flush()?)
}

fn parquet(table: &Table, raw: bool, file: File, ctx: &Ctx) -> std::result::Result<(), Failure> {
    let failed = |e: polars::prelude::PolarsError| Failure::Io(e.to_string());
    let mut columns = Vec::with_capacity(table.columns.len());
    for (i, column) in table.columns.iter().enumerate() {
        ctx.tick(i, table.columns.len() + 1)?;
        columns.push(series(column, raw).map_err(failed)?);
    }
    let mut frame = DataFrame::new(table.rows, columns).map_err(failed)?;
    ctx.tick(table.columns.len(), table.columns.len() + 1)?;
    polars_io::parquet::write::ParquetWriter::new(file).finish(&mut frame).map_err(failed)?;
    Ok(())
}

/// A column as polars has it: text, 64-bit whole or floating-point numbers, dates, or moments in milliseconds.
fn series(column: &Column, raw: bool) -> polars::prelude::PolarsResult<Series> {
    let values = values(column, raw);
    let name = || column.name.as_str().into();
    let codes = column.codes.iter().map(|&code| &values[code as usize]);
    let number = |v: &Value| match v {
        Value::Number(n) => Some(*n),
        _ => None,
    };
    let series = match &column.kind {
        _ if raw => text_series(column),
        ColumnKind::Number { .. } if values.iter().any(|v| matches!(v, Value::Text(t) if is_long(t))) => {
            text_series(column)
        }
        ColumnKind::Number { whole: true, .. } if values.iter().filter_map(number).all(|n| n.abs() < EXACT) => {
            polars::prelude::Series::new(name(), codes.map(|v| number(v).map(|n| n as i64)).collect::<Vec<_>>())
        }
        ColumnKind::Number { .. } => polars::prelude::Series::new(name(), codes.map(number).collect::<Vec<_>>()),
        ColumnKind::Date { time, .. } => {
            let seconds = codes.map(|v| match v {
                Value::Date { seconds, .. } => Some(*seconds),
                _ => None,
            });
            if *time {
                let millis: Vec<Option<i64>> = seconds.map(|s| s.map(|s| s * 1000)).collect();
                polars::prelude::Series::new(name(), millis).cast(&DataType::Datetime(TimeUnit::Milliseconds, None))?
            } else {
                let days: Vec<Option<i32>> = seconds.map(|s| s.map(|s| s.div_euclid(86_400) as i32)).collect();
                polars::prelude::Series::new(name(), days).cast(&DataType::Date)?
            }
        }
        ColumnKind::Text | ColumnKind::Empty => text_series(column),
    };
    Ok(series.into_column())
}

/// Whether a text is a string of digits too long to be exact as a number: an identifier in all but name, which
/// rounding would change.
fn is_long(text: &str) -> bool {
    text.len() > 15
        && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
        && text.parse::<f64>().is_ok_and(|n| n.abs() >= EXACT)
}

fn text_series(column: &Column) -> polars::prelude::Series {
    let texts: Vec<Option<&str>> =
        column.codes.iter().map(|&code| if code == 0 { None } else { Some(column.dict.get(code)) }).collect();
    polars::prelude::Series::new(column.name.as_str().into(), texts)
}
