//! Opens files by what they contain, and makes one table of them.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::combine::{self, Part, combine};
use super::magic::{Format, format_of};
use super::{InputReport, IntakeOut, Table, arrow, html_table, json_lines, memory, packed, parquet, text, workbook};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format;
use crate::recipe::Input;

/// Files packed in one another that are followed.
const DEEPEST: usize = 3;

/// A file's contents, unpacked.
pub(super) struct Source {
    /// The file on disk.
    pub path: PathBuf,
    /// Its name, or that of the member of the archive it came in.
    pub name: PathBuf,
    pub bytes: Vec<u8>,
    /// What it was packed in.
    pub compression: Option<String>,
    /// Bytes on disk.
    pub size: u64,
}

/// Reads the files of the recipe into one table.
///
/// # Errors
/// A file that is missing, empty or not understood; one that does not fit into memory; a path with `://`, because
/// this program never uses the network; a sheet that is not there; files that do not fit together.
pub fn read(input: &Input, ctx: &Ctx) -> Result<IntakeOut> {
    if input.files.is_empty() {
        return Err(Error::Recipe("no file is named; open one, or give its path".into()));
    }
    let mut warnings = Vec::new();
    for path in combine::repeated(&input.files) {
        warnings.push(format!("{} is named twice; its rows count twice.", path.display()));
    }
    let count = input.files.len();
    let mut read: Vec<(Table, InputReport)> = Vec::new();
    for (i, path) in input.files.iter().enumerate() {
        let part = ctx.part(i as f32 / count as f32 * 0.9, (i + 1) as f32 / count as f32 * 0.9);
        read.extend(read_file(path, input, &part)?);
    }
    let mut notes = Vec::new();
    let mut table = together(&mut read, input, &mut notes, &ctx.part(0.9, 0.95))?;
    super::settle(&mut table, input.decimal, &ctx.part(0.95, 1.0))?;
    let reports: Vec<InputReport> = read.into_iter().map(|(_, report)| report).collect();
    for report in &reports {
        let about = if reports.len() > 1 { format!("{}: ", label(report)) } else { String::new() };
        warnings.extend(said(report, input).into_iter().map(|text| format!("{about}{text}")));
    }
    warnings.extend(notes);
    Ok(IntakeOut { table, reports, warnings })
}

/// Makes one table of what was read. The members of one archive need not belong together: then the largest counts.
fn together(
    read: &mut Vec<(Table, InputReport)>,
    input: &Input,
    notes: &mut Vec<String>,
    ctx: &Ctx,
) -> Result<Table> {
    let parts: Vec<Part> = read
        .iter_mut()
        .map(|(table, report)| Part { name: label(report), table: std::mem::take(table), header: report.header })
        .collect();
    let one_archive = input.files.len() == 1 && parts.len() > 1 && input.combine.is_none();
    let spare: Vec<Table> = if one_archive { parts.iter().map(|p| p.table.clone()).collect() } else { Vec::new() };
    match combine(parts, input.combine, notes, ctx) {
        Err(Error::Data(why)) if one_archive => {
            let Some(best) = (0..spare.len()).max_by_key(|&i| (spare[i].rows * spare[i].columns.len(), std::cmp::Reverse(i)))
            else {
                return Err(Error::Data(why));
            };
            notes.clear();
            notes.push(format!(
                "The archive holds {} tables that do not fit together; only the largest, {}, was read.",
                spare.len(),
                label(&read[best].1)
            ));
            let kept = read.swap_remove(best);
            read.clear();
            read.push(kept);
            spare.into_iter().nth(best).ok_or(Error::Data(why))
        }
        other => other,
    }
}

/// How messages call a file: its name, or that of the member of its archive.
fn label(report: &InputReport) -> String {
    let member = report.compression.as_deref().and_then(|c| c.strip_prefix("zip: "));
    let name = || report.path.file_name().map(|n| n.to_string_lossy().into_owned());
    member.map(str::to_string).or_else(name).unwrap_or_else(|| report.path.display().to_string())
}

/// What the reader of one file has to say, as warnings.
fn said(report: &InputReport, input: &Input) -> Vec<String> {
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
    if matches!(report.format.as_str(), "json" | "jsonl") && report.rejected > 0 {
        warnings.push(format!(
            "{} could not be read and left out; they are listed with line number and reason.",
            format::plural(report.rejected, "line", "lines")
        ));
    }
    warnings.extend(report.notes.iter().cloned());
    warnings
}

/// Reads one file; an archive may hold several tables.
fn read_file(path: &Path, input: &Input, ctx: &Ctx) -> Result<Vec<(Table, InputReport)>> {
    if path.to_string_lossy().contains("://") {
        return Err(Error::read(path, "only files on this computer are read; download it first"));
    }
    let available = memory::available();
    let bytes = bytes_of(path, available)?;
    ctx.tick(0, 1)?;
    let size = bytes.len() as u64;
    let source = Source { path: path.to_path_buf(), name: path.to_path_buf(), bytes, compression: None, size };
    read_source(source, input, available, 0, ctx)
}

/// The whole file, once it is clear that it fits into memory.
fn bytes_of(path: &Path, available: u64) -> Result<Vec<u8>> {
    let fail = |e: std::io::Error| Error::read(path, reason(&e));
    if path.is_dir() {
        return Err(Error::read(path, "this is a folder; choose a file in it"));
    }
    let mut file = std::fs::File::open(path).map_err(fail)?;
    let size = file.metadata().map_or(0, |m| m.len());
    let mut head = Vec::with_capacity(8);
    file.by_ref().take(8).read_to_end(&mut head).map_err(fail)?;
    if head.is_empty() {
        return Err(Error::read(path, "the file is empty (0 bytes); choose another file, or export it again"));
    }
    let factor = match head.as_slice() {
        h if h.starts_with(b"PAR1") => memory::PARQUET,
        h if h.starts_with(b"ARROW1") => memory::ARROW,
        // What is packed is asked about again while it is unpacked.
        h if h.starts_with(b"PK") || h.starts_with(&[0x1F, 0x8B]) || h.starts_with(&[0xD0, 0xCF]) => 1.0,
        _ => memory::TEXT,
    };
    memory::check(path, size, factor, available)?;
    // Pipes do not tell their size.
    let mut bytes = Vec::with_capacity(size as usize + 1);
    bytes.append(&mut head);
    file.read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
}

/// Reads what stands in `source`, unpacking it first where it is packed.
fn read_source(
    source: Source,
    input: &Input,
    available: u64,
    depth: usize,
    ctx: &Ctx,
) -> Result<Vec<(Table, InputReport)>> {
    let path = source.path.clone();
    let format = format_of(&path, &source.name, &source.bytes)?;
    if depth >= DEEPEST && matches!(format, Format::Gzip | Format::Zip) {
        return Err(Error::read(&path, "it is packed several times over; unpack it first and open the file in it"));
    }
    let one = match format {
        Format::Gzip => {
            let (first, rest) = (ctx.part(0.0, 0.3), ctx.part(0.3, 1.0));
            let bytes = packed::gunzip(&path, &source.bytes, available, &first)?;
            if bytes.is_empty() {
                return Err(Error::read(&path, "the gzip file holds nothing (0 bytes); choose another file"));
            }
            let compression = Some(source.compression.unwrap_or_else(|| "gzip".into()));
            let name = source.name.with_extension("");
            let inner = Source { bytes, compression, name, ..source };
            return read_source(inner, input, available, depth + 1, &rest);
        }
        Format::Zip => {
            let (first, rest) = (ctx.part(0.0, 0.3), ctx.part(0.3, 1.0));
            let members = packed::members(&path, &source.bytes, available, &first)?;
            let (size, count) = (source.size, members.len());
            drop(source);
            let mut out = Vec::new();
            let mut failed = None;
            for member in members {
                let compression = Some(format!("zip: {}", member.name));
                let inner =
                    Source { path: path.clone(), name: member.name.into(), bytes: member.bytes, compression, size };
                match read_source(inner, input, available, depth + 1, &rest) {
                    Ok(tables) => out.extend(tables),
                    // One odd file among several is no reason not to read the others.
                    Err(Error::Read { why, .. }) if count > 1 => failed = Some(why),
                    Err(error) => return Err(error),
                }
            }
            return match failed {
                Some(why) if out.is_empty() => Err(Error::read(&path, format!("no file in the zip file can be read ({why})"))),
                Some(why) => {
                    if let Some((_, report)) = out.first_mut() {
                        report.notes.push(format!("Not every file in the zip file could be read: {why}."));
                    }
                    Ok(out)
                }
                None => Ok(out),
            };
        }
        Format::Workbook(kind) => {
            if kind != workbook::Kind::Xls {
                let unpacked = packed::zip_kind(&path, &source.bytes)?.1;
                memory::check(&path, unpacked, memory::WORKBOOK, available)?;
            }
            workbook::read(&source, kind, input, ctx)?
        }
        Format::Parquet => parquet::read(source, ctx)?,
        Format::Arrow => arrow::read(source, ctx)?,
        Format::Json => json_lines::read(source, ctx)?,
        Format::Html => html_table::read(&source, input, ctx)?,
        Format::Text => {
            let Source { path, bytes, compression, size, .. } = source;
            let (table, mut report) = text::read(&path, bytes, input, ctx)?;
            (report.compression, report.bytes) = (compression, size);
            (table, report)
        }
    };
    Ok(vec![one])
}

fn reason(error: &std::io::Error) -> String {
    match error.kind() {
        std::io::ErrorKind::NotFound => "there is no such file; check the path".into(),
        std::io::ErrorKind::PermissionDenied => "this user may not read it; check its permissions".into(),
        _ => error.to_string(),
    }
}
