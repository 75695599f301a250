//! Opens a file by what it contains.

use std::io::Read;
use std::path::Path;

use super::{IntakeOut, parquet, text, workbook};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format;
use crate::recipe::Input;

/// Reads the files of the recipe into one table.
///
/// # Errors
/// A file that is missing, empty or not understood; a path with `://`, because this program never uses the
/// network; a sheet that is not there.
pub fn read(input: &Input, ctx: &Ctx) -> Result<IntakeOut> {
    let path = match input.files.as_slice() {
        [] => return Err(Error::Recipe("no file is named; open one, or give its path".into())),
        [path] => path,
        _ => {
            return Err(Error::Recipe(
                "several files at once cannot be read yet; put them into one file, or analyse them one by one".into(),
            ));
        }
    };
    if path.to_string_lossy().contains("://") {
        return Err(Error::read(path, "only files on this computer are read; download it first"));
    }
    if path.is_dir() {
        return Err(Error::read(path, "this is a folder; choose a file in it"));
    }
    let (mut table, report) = match format_of(path)? {
        Format::Workbook => workbook::read(path, input, ctx)?,
        Format::Parquet => parquet::read(path, ctx)?,
        Format::Text => {
            let bytes = std::fs::read(path).map_err(|e| Error::read(path, reason(&e)))?;
            ctx.tick(0, 1)?;
            text::read(path, bytes, input, ctx)?
        }
    };
    super::settle(&mut table, input.decimal, ctx)?;
    let mut warnings = Vec::new();
    if report.ragged_rows > 0 {
        warnings.push(format!(
            "{} more or fewer fields than the header; missing fields were read as empty, extra ones were left out.",
            format::plural(report.ragged_rows, "row has", "rows have")
        ));
    }
    if input.sheet.is_some() && report.sheet.is_none() {
        warnings.push("The file is no workbook, so the name of a sheet has no meaning for it.".into());
    }
    if report.broken_quotes > 0 {
        warnings.push(format!(
            "{} quotes that do not pair; look at them, as cells or rows may have been read as one.",
            format::plural(report.broken_quotes, "row has", "rows have")
        ));
    }
    Ok(IntakeOut { table, reports: vec![report], warnings })
}

enum Format {
    Text,
    Workbook,
    Parquet,
}

/// By the first bytes, so that a workbook called `.csv` opens too.
fn format_of(path: &Path) -> Result<Format> {
    let mut head = [0u8; 8];
    let mut file = std::fs::File::open(path).map_err(|e| Error::read(path, reason(&e)))?;
    let mut length = 0;
    while length < head.len() {
        match file.read(&mut head[length..]).map_err(|e| Error::read(path, reason(&e)))? {
            0 => break,
            n => length += n,
        }
    }
    let head = &head[..length];
    if head.starts_with(b"PAR1") {
        Ok(Format::Parquet)
    } else if head.starts_with(b"PK\x03\x04") || head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        Ok(Format::Workbook)
    } else if head.starts_with(&[0x1F, 0x8B]) {
        Err(Error::read(path, "the file is compressed with gzip; unpack it first"))
    } else if head.starts_with(b"%PDF") {
        Err(Error::read(path, "this is a PDF document; export the data as CSV or Excel"))
    } else {
        Ok(Format::Text)
    }
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file; check the path".into(),
        std::io::ErrorKind::PermissionDenied => "this user may not read it; check its permissions".into(),
        _ => error.to_string(),
    }
}
