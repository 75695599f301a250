//! Files in files: gzip and zip.

use std::io::{Cursor, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;
use zip::result::ZipError;

use super::memory;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Bytes unpacked between two looks at the cancel flag.
const PIECE: usize = 1 << 20;

/// A file of an archive.
pub(super) struct Member {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Unpacks gzip, all its members; at most as much as fits into `available` bytes of memory.
pub(super) fn gunzip(path: &Path, bytes: &[u8], available: u64, ctx: &Ctx) -> Result<Vec<u8>> {
    // The last four bytes say the size of the last member, modulo 4 GiB; a lie costs nothing but address space.
    let hint = bytes.last_chunk::<4>().map_or(0, |b| u32::from_le_bytes(*b)) as usize;
    let mut out = Vec::new();
    if hint < bytes.len().saturating_mul(100) {
        out.reserve_exact(hint);
    }
    let damaged = |e: std::io::Error, out: &[u8]| {
        Error::read(
            path,
            format!(
                "the gzip file is damaged or cut off after {} of its contents ({e}); get it again",
                memory::size(out.len() as f64)
            ),
        )
    };
    let mut reader = MultiGzDecoder::new(Cursor::new(bytes));
    unpack(path, &mut reader, &mut out, available, damaged, ctx)?;
    Ok(out)
}

/// Reads everything; stops when it grows beyond what memory allows.
fn unpack(
    path: &Path,
    reader: &mut dyn Read,
    out: &mut Vec<u8>,
    available: u64,
    damaged: impl Fn(std::io::Error, &[u8]) -> Error,
    ctx: &Ctx,
) -> Result<()> {
    loop {
        let before = out.len();
        match reader.take(PIECE as u64).read_to_end(out) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(e) => return Err(damaged(e, &out[..before])),
        }
        memory::check(path, out.len() as u64, memory::TEXT, available)?;
        ctx.tick(out.len(), out.len() * 2)?;
    }
}

/// What a zip archive is for, by the names of its members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ZipKind {
    Xlsx,
    Xlsb,
    Ods,
    Word,
    Slides,
    OpenText,
    Numbers,
    Archive,
}

/// Looks at the directory of a zip archive; also gives the size of everything unpacked.
pub(super) fn zip_kind(path: &Path, bytes: &[u8]) -> Result<(ZipKind, u64)> {
    let mut zip = open(path, bytes)?;
    let names: Vec<String> = zip.file_names().filter_map(|n| Some(n.ok()?.into_owned())).collect();
    let has = |name: &str| names.iter().any(|n| n.eq_ignore_ascii_case(name));
    let starts = |prefix: &str| names.iter().any(|n| n.starts_with(prefix));
    let office = has("[Content_Types].xml");
    let kind = if office && names.iter().any(|n| n.to_ascii_lowercase().ends_with("workbook.bin")) {
        ZipKind::Xlsb
    } else if office && names.iter().any(|n| n.to_ascii_lowercase().ends_with("workbook.xml")) {
        ZipKind::Xlsx
    } else if has("word/document.xml") || (office && starts("word/")) {
        ZipKind::Word
    } else if office && starts("ppt/") {
        ZipKind::Slides
    } else if (starts("Index/") && names.iter().any(|n| n.ends_with(".iwa"))) || has("Index.zip") {
        ZipKind::Numbers
    } else if has("mimetype") && has("content.xml") {
        let mut kind = String::new();
        let read = zip.by_name("mimetype").ok().and_then(|m| m.take(200).read_to_string(&mut kind).ok());
        if read.is_some() && kind.contains("spreadsheet") { ZipKind::Ods } else { ZipKind::OpenText }
    } else if has("content.xml") && has("META-INF/manifest.xml") {
        ZipKind::Ods
    } else {
        ZipKind::Archive
    };
    let size = zip.decompressed_size().and_then(|n| u64::try_from(n).ok()).unwrap_or(0);
    Ok((kind, size))
}

fn open<'a>(path: &Path, bytes: &'a [u8]) -> Result<ZipArchive<Cursor<&'a [u8]>>> {
    ZipArchive::new(Cursor::new(bytes))
        .map_err(|e| Error::read(path, format!("the zip file is damaged or cut off ({e}); get it again")))
}

/// The files of an archive that may hold tables: those with an extension of data, or else all that are no notes.
pub(super) fn members(path: &Path, bytes: &[u8], available: u64, ctx: &Ctx) -> Result<Vec<Member>> {
    let mut zip = open(path, bytes)?;
    let mut tables = Vec::new();
    let mut others = Vec::new();
    for i in 0..zip.len() {
        // The raw entry tells its name and size without a password.
        let Ok(file) = zip.by_index_raw(i) else { continue };
        // A name in an unknown encoding is still the name of a file.
        let name = file.name().map_or_else(|_| format!("file {}", i + 1), |n| n.into_owned());
        if file.is_dir() || file.size() == 0 || is_furniture(&name) {
            continue;
        }
        let list = if is_table(&name) { &mut tables } else { &mut others };
        list.push((i, name, file.size()));
    }
    let chosen = if tables.is_empty() { others } else { tables };
    if chosen.is_empty() {
        return Err(Error::read(path, "the zip file holds no file with data; open one that does"));
    }
    let declared: u64 = chosen.iter().map(|(.., size)| size).sum();
    memory::check(path, declared, memory::TEXT, available)?;
    let mut out = Vec::new();
    let mut taken = 0;
    for (i, name, size) in chosen {
        let mut file = zip.by_index(i).map_err(|e| refused(path, &name, &e))?;
        let mut bytes = Vec::with_capacity(size.min(1 << 30) as usize);
        let damaged =
            |e: std::io::Error, _: &[u8]| Error::read(path, format!("{name} in the zip file is damaged ({e}); get it again"));
        unpack(path, &mut file, &mut bytes, available.saturating_sub(taken), damaged, ctx)?;
        taken += bytes.len() as u64;
        out.push(Member { name: name.clone(), bytes });
    }
    Ok(out)
}

fn refused(path: &Path, name: &str, error: &ZipError) -> Error {
    let text = error.to_string();
    if text.to_lowercase().contains("password") || text.to_lowercase().contains("encrypt") {
        return Error::read(path, "the zip file is protected by a password; unpack it first and open the file in it");
    }
    Error::read(path, format!("{name} in the zip file cannot be unpacked ({text}); unpack it with another program first"))
}

/// What systems and archivers put beside the data.
fn is_furniture(name: &str) -> bool {
    let parts: Vec<&str> = name.split(['/', '\\']).collect();
    let file = parts.last().copied().unwrap_or_default().to_lowercase();
    parts.iter().any(|p| *p == "__MACOSX" || p.starts_with('.'))
        || file == "thumbs.db"
        || file == "desktop.ini"
        || ["readme", "license", "licence", "changelog", "terms"].iter().any(|w| file.starts_with(w))
}

fn is_table(name: &str) -> bool {
    const EXTENSIONS: [&str; 18] = [
        "csv", "tsv", "tab", "txt", "psv", "dat", "json", "jsonl", "ndjson", "xlsx", "xlsm", "xls", "xlsb", "ods", "parquet",
        "feather", "arrow", "gz",
    ];
    let extension = name.rsplit_once('.').map_or("", |(_, e)| e).to_lowercase();
    EXTENSIONS.contains(&extension.as_str())
}
