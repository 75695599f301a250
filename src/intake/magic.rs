//! What a file is, by its contents, and what to do about files that hold no table.

use std::path::Path;

use super::packed::{self, ZipKind};
use super::{arrow, html_table, json_lines, workbook};
use crate::error::{Error, Result};

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Text,
    Json,
    Workbook(workbook::Kind),
    Parquet,
    Arrow,
    /// A page of the web, as many programs write it under the name `.xls`.
    Html,
    Gzip,
    Zip,
}

/// Bytes looked at to tell texts apart.
const HEAD: usize = 4096;

/// By the contents, so that a workbook called `.csv` opens too.
///
/// # Errors
/// Kinds of files that hold no table, or one that only another program can get at.
pub(super) fn format_of(path: &Path, name: &Path, bytes: &[u8]) -> Result<Format> {
    let refuse = |what: &str| Err(Error::read(path, what));
    let head = &bytes[..bytes.len().min(HEAD)];
    if head.starts_with(b"PAR1") {
        return Ok(Format::Parquet);
    }
    if head.starts_with(arrow::MAGIC) || arrow::is_stream(bytes) {
        return Ok(Format::Arrow);
    }
    if head.starts_with(&[0x1F, 0x8B]) {
        return Ok(Format::Gzip);
    }
    if head.starts_with(&[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
        return old_office(path, bytes);
    }
    if head.starts_with(b"PK\x03\x04") {
        return match packed::zip_kind(path, bytes)?.0 {
            ZipKind::Xlsx => Ok(Format::Workbook(workbook::Kind::Xlsx)),
            ZipKind::Xlsb => Ok(Format::Workbook(workbook::Kind::Xlsb)),
            ZipKind::Ods => Ok(Format::Workbook(workbook::Kind::Ods)),
            ZipKind::Archive => Ok(Format::Zip),
            ZipKind::Word => {
                refuse("this is a Word document; copy its table into a spreadsheet and save that as .xlsx")
            }
            ZipKind::Slides => {
                refuse("this is a presentation; copy its table into a spreadsheet and save that as .xlsx")
            }
            ZipKind::OpenText => {
                refuse("this is an OpenDocument file without sheets; copy its table into a spreadsheet and save that")
            }
            ZipKind::Numbers => {
                refuse("this is an Apple Numbers document; open it there and export it as Excel or CSV")
            }
        };
    }
    if let Some(what) = refused(head, name) {
        return refuse(what);
    }
    let text = String::from_utf8_lossy(head);
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        let lower = text.to_lowercase();
        if lower.contains("urn:schemas-microsoft-com:office:spreadsheet") && !lower.contains("<html") {
            return refuse(
                "this is a workbook in the XML format of Excel 2003; open it in a spreadsheet program and save it as .xlsx",
            );
        }
        if lower.contains("urn:oasis:names:tc:opendocument") {
            return refuse(
                "this is a flat OpenDocument file; open it in a spreadsheet program and save it as .ods or .xlsx",
            );
        }
        if html_table::looks_like(&lower) {
            return Ok(Format::Html);
        }
        if lower.starts_with("<?xml") {
            return refuse("this is an XML file; export the data as CSV or Excel");
        }
    }
    if is_binary(head) {
        return refuse("this is no text and of no known format; choose a file of data, such as CSV, Excel or Parquet");
    }
    if json_lines::looks_like(head) { Ok(Format::Json) } else { Ok(Format::Text) }
}

/// Whether bytes cannot be text: many control characters of many kinds. A single kind may well be a separator, and
/// the letters of UTF-16 without a mark have few kinds of them.
fn is_binary(head: &[u8]) -> bool {
    const FEWEST: usize = 64;
    const KINDS: usize = 8;
    if head.len() < FEWEST || head.starts_with(&[0xFF, 0xFE]) || head.starts_with(&[0xFE, 0xFF]) {
        return false;
    }
    let mut seen = [0usize; 32];
    for &b in head.iter().filter(|b| **b < 32 && !matches!(b, 0 | b'\t' | b'\n' | b'\r' | 0x0C)) {
        seen[usize::from(b)] += 1;
    }
    // Of random bytes, 27 in 256 are of this kind.
    seen.iter().sum::<usize>() * 100 > head.len() * 8 && seen.iter().filter(|n| **n > 0).count() >= KINDS
}

/// The container of Office before 2007: workbooks, but also documents, and newer workbooks with a password.
fn old_office(path: &Path, bytes: &[u8]) -> Result<Format> {
    let has = |name: &str| {
        let name: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        memchr::memmem::find(bytes, &name).is_some()
    };
    let refuse = |what: &str| Err(Error::read(path, what));
    if has("EncryptedPackage") || has("Workbook") || has("WORKBOOK") || has("workbook") || has("Book") || has("BOOK") {
        return Ok(Format::Workbook(workbook::Kind::Xls));
    }
    if has("WordDocument") {
        return refuse("this is a Word document; copy its table into a spreadsheet and save that as .xlsx");
    }
    if has("PowerPoint Document") {
        return refuse("this is a presentation; copy its table into a spreadsheet and save that as .xlsx");
    }
    if has("__properties_version1.0") {
        return refuse("this is an e-mail; save the file attached to it and open that");
    }
    Ok(Format::Workbook(workbook::Kind::Xls))
}

/// What to say about a file of a kind that is known and not read.
fn refused(head: &[u8], name: &Path) -> Option<&'static str> {
    const PICTURE: &str = "this is a picture; open the file that the numbers in it come from";
    const ARCHIVE: &str = "this is an archive of a kind that is not read; unpack it first and open the file in it";
    const STATISTICS: &str = "this is a file of a statistics program; export the data there as CSV or Excel";
    const DATABASE: &str = "this is a database; export the table in question as CSV";
    let starts: [(&[u8], &str); 31] = [
        (b"%PDF", "this is a PDF document; export the data as CSV or Excel"),
        (b"\x89PNG", PICTURE),
        (b"\xFF\xD8\xFF", PICTURE),
        (b"GIF8", PICTURE),
        (b"II*\0", PICTURE),
        (b"MM\0*", PICTURE),
        (b"SQLite format 3\0", DATABASE),
        (b"\0\x01\0\0Standard Jet DB", DATABASE),
        (b"\0\x01\0\0Standard ACE DB", DATABASE),
        (b"7z\xBC\xAF\x27\x1C", ARCHIVE),
        (b"Rar!\x1A\x07", ARCHIVE),
        (b"BZh91AY&SY", ARCHIVE),
        (b"\xFD7zXZ\0", ARCHIVE),
        (b"\x28\xB5\x2F\xFD", ARCHIVE),
        (b"\x04\x22\x4D\x18", ARCHIVE),
        (b"PK\x05\x06", "this zip file is empty; open one with data in it"),
        (b"$FL2", STATISTICS),
        (b"$FL3", STATISTICS),
        (b"<stata_dta>", STATISTICS),
        (b"RDX2\n", STATISTICS),
        (b"RDX3\n", STATISTICS),
        (b"HEADER RECORD*******LIBRARY HEADER RECORD", STATISTICS),
        (b"\x89HDF\r\n", "this is an HDF5 file; export the table in question as CSV or Parquet"),
        (b"FEA1", "this is a Feather file of version 1; write it again as version 2 or as Parquet"),
        (b"ORC", "this is an ORC file; write the data as Parquet or CSV"),
        (b"Obj\x01", "this is an Avro file; write the data as Parquet or CSV"),
        (b"{\\rtf", "this is a text document (RTF); copy its table into a spreadsheet and save that as .xlsx"),
        (b"MIME-Version:", "this is a web archive; open it in a spreadsheet program and save it as .xlsx"),
        (b"\x7FELF", "this is a program; choose a file of data"),
        (b"\x80\x04\x95", "this is a pickle of Python; write the data as CSV or Parquet"),
        (b"RIFF", PICTURE),
    ];
    if let Some((_, what)) = starts.iter().find(|(start, _)| head.starts_with(start)) {
        // A table may begin with these letters; the rest of such files is no text.
        let letters = matches!(*what, PICTURE) && head.starts_with(b"RIFF") || head.starts_with(b"ORC");
        if !letters || head.contains(&0) {
            return Some(what);
        }
    }
    // SAS: twelve zeros and a number of its own.
    if head.get(12..20) == Some(&[0xC2, 0xEA, 0x81, 0x60, 0xB3, 0x14, 0x11, 0xCF]) {
        return Some(STATISTICS);
    }
    if head.get(257..262) == Some(b"ustar") {
        return Some(ARCHIVE);
    }
    // The oldest workbooks are a bare stream of records.
    if [[0x09, 0x00, 0x04, 0x00], [0x09, 0x02, 0x06, 0x00], [0x09, 0x04, 0x06, 0x00]]
        .iter()
        .any(|m| head.starts_with(m))
    {
        return Some("this is a workbook of Excel 4 or older; open it in a spreadsheet program and save it as .xlsx");
    }
    let extension = name.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "dbf" if head.contains(&0) => {
            Some("this is a dBase table; open it in a spreadsheet program and save it as .xlsx")
        }
        "dta" | "sav" | "sas7bdat" | "rds" | "rdata" if head.contains(&0) => Some(STATISTICS),
        _ => None,
    }
}
