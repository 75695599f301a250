//! A table as JSON: one array, one object per row and line.

use std::io::Write;

use super::{Cells, Grid, ROWS_PER_TICK};
use crate::ctx::Ctx;
use crate::export::directory::Failure;
use crate::intake::dates::date_of;

/// Whole numbers below this are written without a point and read back exactly by every reader.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// What is not known is `null`, dates are texts such as `"2011-12-09"`.
pub(super) fn write(grid: &Grid, out: &mut dyn Write, ctx: &Ctx) -> Result<(), Failure> {
    // `{"a":` before the first column, `,"b":` before the others.
    let mut keys = Vec::with_capacity(grid.columns.len());
    for (i, column) in grid.columns.iter().enumerate() {
        let mut key = vec![if i == 0 { b'{' } else { b',' }];
        text(&mut key, &column.name)?;
        key.push(b':');
        keys.push(key);
    }
    let mut line = Vec::with_capacity(512);
    out.write_all(b"[")?;
    for at in 0..grid.len() {
        if at.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(at, grid.len())?;
        }
        line.clear();
        line.extend_from_slice(if at == 0 { b"\n" } else { b",\n" });
        let row = grid.row(at);
        for (key, column) in keys.iter().zip(&grid.columns) {
            line.extend_from_slice(key);
            match &column.cells {
                Cells::Id(of) | Cells::Text(of) => match of(row) {
                    "" => line.extend_from_slice(b"null"),
                    filled => text(&mut line, filled)?,
                },
                Cells::Number(of) => number(&mut line, of(row))?,
                Cells::Whole(of) => match of(row) {
                    Some(value) => write!(line, "{value}")?,
                    None => line.extend_from_slice(b"null"),
                },
                Cells::Day(of) => write!(line, "\"{}\"", date_of(of(row)))?,
                Cells::Flag(of) => write!(line, "{}", of(row))?,
            }
        }
        line.push(b'}');
        out.write_all(&line)?;
    }
    out.write_all(b"\n]\n")?;
    Ok(())
}

fn text(line: &mut Vec<u8>, text: &str) -> Result<(), Failure> {
    serde_json::to_writer(line, text).map_err(|e| Failure::from(std::io::Error::from(e)))
}

/// In the fewest digits that read back to exactly this value; JSON knows no infinity.
fn number(line: &mut Vec<u8>, value: f64) -> Result<(), Failure> {
    // Adding zero turns −0 into 0.
    let value = value + 0.0;
    if value.fract() == 0.0 && value.abs() < EXACT {
        Ok(write!(line, "{value}")?)
    } else {
        // Not a number and the infinities are null.
        serde_json::to_writer(line, &value).map_err(|e| Failure::from(std::io::Error::from(e)))
    }
}
