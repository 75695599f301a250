//! The head of a file with its structure, at once: what the window shows while the whole file is read.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::magic::{Format, format_of};
use super::{IntakeOut, text};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::Input;

/// Bytes of a text file that are looked at.
const HEAD: usize = 1 << 20;

/// Reads the head of one large text file as [`super::read`] would read the whole. Types and structure are found from the
/// head alone, so they may still change. `None` for small files, other formats and several files.
///
/// # Errors
/// As [`super::read`].
pub fn preview(input: &Input, ctx: &Ctx) -> Result<Option<IntakeOut>> {
    let [path] = input.files.as_slice() else { return Ok(None) };
    let Some(bytes) = head(path)? else { return Ok(None) };
    if !matches!(format_of(path, path, &bytes), Ok(Format::Text)) {
        return Ok(None);
    }
    let (mut table, mut report) = text::read(path, bytes, input, ctx)?;
    super::settle(&mut table, input.decimal, ctx)?;
    report.bytes = std::fs::metadata(path).map_or(report.bytes, |m| m.len());
    let rows = crate::format::plural(table.rows, "row", "rows");
    let warnings = vec![format!("This is only the head of the file, its first {rows}.")];
    Ok(Some(IntakeOut { table, reports: vec![report], warnings }))
}

/// The whole lines in the first megabyte; `None` if that is the whole file, or not one line.
fn head(path: &Path) -> Result<Option<Vec<u8>>> {
    let failed = |e: std::io::Error| Error::read(path, e.to_string());
    let mut bytes = Vec::with_capacity(HEAD);
    File::open(path).and_then(|file| file.take(HEAD as u64).read_to_end(&mut bytes)).map_err(failed)?;
    if bytes.len() < HEAD {
        return Ok(None);
    }
    let Some(end) = memchr::memrchr2(b'\n', b'\r', &bytes) else { return Ok(None) };
    bytes.truncate(end + 1);
    Ok(Some(bytes))
}
