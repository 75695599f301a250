//! JSON lines, and JSON files that hold an array of objects.

use std::collections::HashMap;
use std::path::Path;

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use rayon::prelude::*;

use super::intern::{ColumnBuilder, column_names, table};
use super::json_text::{Broken, Scanner};
use super::read::Source;
use super::{InputReport, MOST_REJECTS, Reject, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Columns a table of objects may have: more come from ids used as names.
const MOST_COLUMNS: usize = 16_384;
/// Objects between two looks at the cancel flag.
const PER_TICK: usize = 1 << 11;

/// Whether a text looks like JSON: an object first, or an array of objects.
pub(super) fn looks_like(head: &[u8]) -> bool {
    let head = String::from_utf8_lossy(head);
    let text = head.trim_start_matches('\u{feff}').trim_start();
    let inner = text.strip_prefix('[').map(str::trim_start);
    let object = |t: &str| t.strip_prefix('{').is_some_and(|t| t.trim_start().starts_with(['"', '}']));
    object(text) || inner.is_some_and(object)
}

#[derive(Default)]
struct Rows {
    places: HashMap<String, usize>,
    names: Vec<String>,
    columns: Vec<ColumnBuilder>,
    rows: usize,
}

impl Rows {
    /// Reads one object as a row. On an error nothing of it stays.
    fn object(&mut self, scanner: &mut Scanner) -> std::result::Result<(), Broken> {
        let mut cells: Vec<(usize, std::borrow::Cow<str>)> = Vec::with_capacity(self.names.len());
        let (places, names) = (&mut self.places, &mut self.names);
        let mut new = Vec::new();
        let known = names.len();
        let read = scanner.object(&mut String::new(), &mut |key, text| {
            let place = match places.get(key) {
                Some(&place) => place,
                None => match new.iter().position(|n| n == key) {
                    Some(i) => known + i,
                    None => {
                        new.push(key.to_string());
                        known + new.len() - 1
                    }
                },
            };
            cells.push((place, text));
        });
        read?;
        for name in new {
            places.insert(name.clone(), names.len());
            names.push(name);
        }
        self.columns.resize_with(self.names.len(), ColumnBuilder::new);
        for (place, text) in cells {
            let builder = &mut self.columns[place];
            builder.codes.resize(builder.codes.len().max(self.rows), 0);
            // A name that stands twice in an object means its last value, as in most programs.
            builder.codes.truncate(self.rows);
            builder.push(text.as_bytes());
        }
        self.rows += 1;
        Ok(())
    }
}

/// Reads a JSON file: an object per line, an array of objects, or an object with such an array in it.
pub(super) fn read(source: Source, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let Source { path, bytes, compression, size, .. } = source;
    let (text, encoding) = decode(bytes);
    let mut rows = Rows::default();
    let mut report = InputReport {
        path: path.clone(),
        compression,
        encoding: Some(encoding.into()),
        header: true,
        first_line: 1,
        bytes: size,
        ..InputReport::default()
    };
    if by_lines(&path, &text) {
        report.format = "jsonl".into();
        lines(&text, &mut rows, &mut report, ctx)?;
    } else {
        report.format = "json".into();
        match whole(&text, &mut rows, &mut report, ctx) {
            Ok(()) => {}
            Err(Stop::Error(error)) => return Err(error),
            Err(Stop::Broken(broken)) => {
                let (before, after) = text.split_at(floor(&text, broken.at));
                let line = before.matches('\n').count() + 1;
                if rows.rows == 0 {
                    return Err(Error::read(&path, format!("the JSON text is broken in line {line}: {}", broken.what)));
                }
                report.rejected = 1;
                report.rejects.push(Reject {
                    line,
                    row: None,
                    text: after.chars().take(200).collect(),
                    reason: format!("{}; everything from here on was left out", broken.what),
                });
            }
        }
    }
    if rows.rows == 0 {
        return Err(Error::read(
            &path,
            "no table can be made of this JSON text; an object per line or an array of objects is needed",
        ));
    }
    if rows.names.len() > MOST_COLUMNS {
        return Err(Error::read(
            &path,
            format!("its objects have {} different names, so they are no rows of one table", rows.names.len()),
        ));
    }
    drop(text);
    let height = rows.rows;
    let names = column_names(Some(rows.names), rows.columns.len());
    let finish = |(mut builder, name): (ColumnBuilder, String)| {
        builder.codes.resize(height, 0);
        builder.finish(name, &|c| String::from_utf8_lossy(c), ctx)
    };
    let columns = rows.columns.into_par_iter().zip(names).map(finish).collect::<Result<Vec<_>>>()?;
    let table = table(columns);
    (report.rows, report.columns) = (table.rows, table.columns.len());
    Ok((table, report))
}

/// The nearest place at or before `at` where a text may be cut.
fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0)
}

/// Whether every line is an object of its own: the file says so by its name, or several of its first lines are.
fn by_lines(path: &Path, text: &str) -> bool {
    let extension = path.file_stem().filter(|_| has_extension(path, "gz")).map_or(path, Path::new);
    if has_extension(extension, "jsonl") || has_extension(extension, "ndjson") {
        return true;
    }
    let object = |line: &str| {
        let mut scanner = Scanner::new(line);
        scanner.object(&mut String::new(), &mut |_, _| {}).is_ok() && scanner.peek().is_none()
    };
    let mut filled = text.lines().filter(|l| !l.trim().is_empty());
    let first: Vec<&str> = filled.by_ref().take(5).collect();
    first.len() > 1 && first[0].trim_start().starts_with('{') && first.iter().any(|l| object(l))
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension))
}

/// UTF-8, or UTF-16 by its mark; what is no UTF-8 is taken for Windows-1252.
fn decode(bytes: Vec<u8>) -> (String, &'static str) {
    if bytes.starts_with(&[0xFF, 0xFE]) {
        return (UTF_16LE.decode_with_bom_removal(&bytes).0.into_owned(), "utf-16le");
    }
    if bytes.starts_with(&[0xFE, 0xFF]) {
        return (UTF_16BE.decode_with_bom_removal(&bytes).0.into_owned(), "utf-16be");
    }
    match String::from_utf8(bytes) {
        Ok(mut text) => {
            if text.starts_with('\u{feff}') {
                text.drain(..'\u{feff}'.len_utf8());
            }
            (text, "utf-8")
        }
        Err(e) => (WINDOWS_1252.decode_without_bom_handling(e.as_bytes()).0.into_owned(), "windows-1252"),
    }
}

/// An object per line. A broken line is no row, and said.
fn lines(text: &str, rows: &mut Rows, report: &mut InputReport, ctx: &Ctx) -> Result<()> {
    let mut at = 0;
    for (i, line) in text.split('\n').enumerate() {
        if i.is_multiple_of(PER_TICK) {
            ctx.tick(at, text.len())?;
        }
        at += line.len() + 1;
        let line = line.trim();
        if line.is_empty() {
            continue;
        }
        let mut scanner = Scanner::new(line);
        let mut read = rows.object(&mut scanner);
        if read.is_ok() && scanner.peek().is_some() && !(scanner.take(b',') && scanner.peek().is_none()) {
            // The row before the rest is whole, but which half of the line is meant?
            read = Err(Broken { at: scanner.at(), what: "something stands behind the object" });
        }
        if let Err(broken) = read {
            report.rejected += 1;
            if report.rejects.len() < MOST_REJECTS {
                report.rejects.push(Reject {
                    line: i + 1,
                    row: None,
                    text: line.chars().take(200).collect(),
                    reason: format!("{} (at character {}); the line was left out", broken.what, broken.at + 1),
                });
            }
        }
        if rows.names.len() > MOST_COLUMNS {
            return Ok(());
        }
    }
    Ok(())
}

enum Stop {
    Broken(Broken),
    Error(Error),
}

impl From<Broken> for Stop {
    fn from(broken: Broken) -> Self {
        Stop::Broken(broken)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Error(error)
    }
}

/// Objects one after another, an array of them, or an object that holds an array of them.
fn whole(text: &str, rows: &mut Rows, report: &mut InputReport, ctx: &Ctx) -> std::result::Result<(), Stop> {
    let mut scanner = Scanner::new(text);
    match scanner.peek() {
        Some(b'[') => array(&mut scanner, text.len(), rows, ctx),
        Some(b'{') => {
            // The largest array of objects directly in the object is the table.
            let mut best: Option<(String, &str)> = None;
            let mut other = 0;
            Scanner::new(text).object(&mut String::new(), &mut |key, value| {
                if let std::borrow::Cow::Borrowed(value) = value
                    && value.starts_with('[')
                    && looks_like(&value.as_bytes()[..value.len().min(200)])
                    && value.len() > best.as_ref().map_or(0, |(_, b)| b.len())
                {
                    best = Some((key.to_string(), value));
                } else {
                    other += 1;
                }
            })?;
            let mut after = Scanner::new(text);
            after.value()?;
            match best.filter(|_| after.peek().is_none()) {
                Some((key, value)) => {
                    let mut note = format!("The rows are the objects in {key:?}");
                    if other > 0 {
                        note.push_str("; what else the file holds was left out");
                    }
                    report.notes.push(note + ".");
                    array(&mut Scanner::new(value), value.len(), rows, ctx)
                }
                None => {
                    let mut scanner = Scanner::new(text);
                    while scanner.peek().is_some() {
                        rows.object(&mut scanner)?;
                        scanner.take(b',');
                        if rows.rows.is_multiple_of(PER_TICK) {
                            ctx.tick(scanner.at(), text.len())?;
                        }
                    }
                    Ok(())
                }
            }
        }
        _ => Ok(()),
    }
}

fn array(scanner: &mut Scanner, length: usize, rows: &mut Rows, ctx: &Ctx) -> std::result::Result<(), Stop> {
    scanner.take(b'[');
    if scanner.take(b']') {
        return Ok(());
    }
    loop {
        rows.object(scanner)?;
        if rows.rows.is_multiple_of(PER_TICK) {
            ctx.tick(scanner.at(), length)?;
        }
        if rows.names.len() > MOST_COLUMNS {
            return Ok(());
        }
        if scanner.take(b',') {
            continue;
        }
        if scanner.take(b']') {
            return Ok(());
        }
        return Err(Stop::Broken(Broken { at: scanner.at(), what: "a comma or ] is missing after an object" }));
    }
}
