//! The finished file: the workbook as `rust_xlsxwriter` made it, with the rows of the large sheets put in.
//!
//! A large sheet is prepared like any other, with everything but its rows: widths, table, frozen panes, and one line with
//! the cells' formats where the first row is to stand. Here that line is replaced by all rows, made and deflated in pieces
//! on all cores and written in their order, so that neither time nor memory grow with cells as objects, and the file is
//! the same for any number of threads.

use std::io::{Cursor, Read, Write};
use std::ops::Range;

use rayon::prelude::*;
use zip::ZipArchive;

use super::cells::{Cells, Values, letters, write_row, write_string};
use super::deflate::{Piece, pack};
use super::package::{DEFLATED, Package, STORED};
use crate::ctx::Ctx;
use crate::export::directory::Failure;

/// Cells that are made at one go: some milliseconds of work, a megabyte of text.
const CELLS_PER_PIECE: usize = 1 << 14;
/// Texts likewise.
const TEXTS_PER_PIECE: usize = 1 << 14;
/// Pieces at work at a time; more than cores, as they take unequally long.
const AT_ONCE: usize = 32;

/// Which rows of the table of customers, in which order.
pub(super) enum Rows {
    Range(Range<usize>),
    Listed(Vec<u32>),
}

impl Rows {
    pub fn len(&self) -> usize {
        match self {
            Rows::Range(range) => range.len(),
            Rows::Listed(rows) => rows.len(),
        }
    }

    fn at(&self, i: usize) -> usize {
        match self {
            Rows::Range(range) => range.start + i,
            Rows::Listed(rows) => rows[i] as usize,
        }
    }
}

/// A sheet whose rows are put in here.
pub(super) struct Large<'a> {
    /// Its place among the sheets of the workbook, from 0.
    pub sheet: usize,
    /// The name of its table, which has one line and a header above it.
    pub table: String,
    /// The line of the first row, from 1; the header is above it.
    pub first: usize,
    pub rows: Rows,
    /// From the left; at least one.
    pub columns: Vec<&'a Values<'a>>,
}

impl Large<'_> {
    fn last(&self) -> usize {
        self.first + self.rows.len().max(1) - 1
    }

    /// The definition of this sheet's table with all lines, if `made` is it.
    fn full_table(&self, made: &str) -> Option<String> {
        if attribute(made, "displayName")? != self.table {
            return None;
        }
        let from = format!("ref=\"A{}:{}", self.first - 1, letters(self.columns.len() - 1));
        // The table and its filter.
        Some(made.replace(&format!("{from}{}\"", self.first), &format!("{from}{}\"", self.last())))
    }
}

/// Texts of the large sheets, in this order: words, then ids.
pub(super) struct Strings<'a> {
    pub words: Vec<&'a str>,
    pub ids: &'a [String],
}

/// Writes the workbook `made` with the rows of `large` put in.
pub(super) fn assemble<W: Write>(
    made: Vec<u8>,
    large: &[Large],
    strings: &Strings,
    out: W,
    ctx: &Ctx,
) -> Result<W, Failure> {
    let mut archive = ZipArchive::new(Cursor::new(made)).map_err(broken)?;
    let shared = text_of(&mut archive, SHARED)?;
    let known = attribute(&shared, "uniqueCount").and_then(|n| n.parse().ok()).ok_or_else(|| broken(SHARED))?;
    let mut work = Progress { done: 0, total: total(large, strings), ctx };
    let mut package = Package::new(out);
    for i in 0..archive.len() {
        let name = archive.by_index_raw(i).map_err(broken)?.name().map_err(broken)?.to_string();
        let sheet = large.iter().find(|l| name == format!("xl/worksheets/sheet{}.xml", l.sheet + 1));
        if let Some(large) = sheet {
            let made = text_of(&mut archive, &name)?;
            write_sheet(&mut package, &name, &made, large, known, &mut work)?;
        } else if name == SHARED {
            write_strings(&mut package, &shared, known, strings, &mut work)?;
        } else if name.starts_with("xl/tables/") {
            let made = text_of(&mut archive, &name)?;
            let full = large.iter().find_map(|l| l.full_table(&made)).ok_or_else(|| broken(&name))?;
            let mut whole = Some(pack(full.as_bytes()));
            package.stream(&name, || Ok(whole.take().into_iter().collect()))?;
        } else {
            let mut part = archive.by_index_raw(i).map_err(broken)?;
            let method = match part.compression() {
                zip::CompressionMethod::Stored => STORED,
                _ => DEFLATED,
            };
            let mut packed = Vec::new();
            part.read_to_end(&mut packed)?;
            package.copy(&name, method, part.crc32(), part.size(), &packed)?;
        }
    }
    package.finish()
}

const SHARED: &str = "xl/sharedStrings.xml";

fn total(large: &[Large], strings: &Strings) -> usize {
    large.iter().map(|l| l.rows.len() * l.columns.len()).sum::<usize>() + strings.ids.len() + strings.words.len()
}

struct Progress<'a> {
    done: usize,
    total: usize,
    ctx: &'a Ctx,
}

impl Progress<'_> {
    /// Makes the pieces of `ranges` that come next, all at the same time. Takes them from the list.
    fn pieces(
        &mut self,
        ranges: &mut impl Iterator<Item = Range<usize>>,
        weight: usize,
        fill: impl Fn(&mut Vec<u8>, Range<usize>) + Sync,
    ) -> Result<Vec<Piece>, Failure> {
        let now: Vec<Range<usize>> = ranges.take(AT_ONCE).collect();
        let (done, total, ctx) = (self.done, self.total, self.ctx);
        let made = now.par_iter().map(|range| {
            ctx.tick(done, total)?;
            let mut text = Vec::with_capacity(1 << 20);
            fill(&mut text, range.clone());
            Ok(pack(&text))
        });
        let made: crate::error::Result<Vec<Piece>> = made.collect();
        self.done += now.iter().map(|r| r.len() * weight).sum::<usize>();
        Ok(made?)
    }
}

/// `0..n` in parts of `size`.
fn parts(n: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    (0..n.div_ceil(size)).map(move |i| i * size..((i + 1) * size).min(n))
}

fn write_sheet<W: Write>(
    package: &mut Package<W>,
    name: &str,
    made: &str,
    large: &Large,
    known: usize,
    work: &mut Progress,
) -> Result<(), Failure> {
    let place = Place::find(made, large.first).ok_or_else(|| broken(name))?;
    let cells: Vec<Cells> = large
        .columns
        .iter()
        .enumerate()
        .map(|(at, &values)| Cells::new(values, known, at, style(place.pattern, at, large.first)))
        .collect();
    let dimension = format!("<dimension ref=\"A1:{}{}\"/>", letters(cells.len() - 1), large.last());
    let head = [place.before, &dimension, place.between].concat();
    let tail = place.after;

    let per_piece = (CELLS_PER_PIECE / cells.len()).max(1);
    let mut ranges = parts(large.rows.len(), per_piece);
    let mut head = Some(pack(head.as_bytes()));
    let mut tail = Some(pack(tail.as_bytes()));
    package.stream(name, || {
        if let Some(head) = head.take() {
            return Ok(vec![head]);
        }
        let rows = work.pieces(&mut ranges, cells.len(), |text, range| {
            for i in range {
                write_row(text, large.first + i, large.rows.at(i), &cells);
            }
        })?;
        Ok(if rows.is_empty() { tail.take().into_iter().collect() } else { rows })
    })
}

fn write_strings<W: Write>(
    package: &mut Package<W>,
    made: &str,
    known: usize,
    strings: &Strings,
    work: &mut Progress,
) -> Result<(), Failure> {
    let start = made.find("<sst ").ok_or_else(|| broken(SHARED))?;
    let from = start + made[start..].find('>').ok_or_else(|| broken(SHARED))? + 1;
    let end = made.rfind("</sst>").ok_or_else(|| broken(SHARED))?;
    // How often all of them are used is not said: the format asks for it as little as Excel does.
    let head = format!(
        "{}<sst xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" uniqueCount=\"{}\">{}",
        &made[..start],
        known + strings.words.len() + strings.ids.len(),
        &made[from..end]
    );
    let mut head = Some(pack(head.as_bytes()));
    let mut tail = Some(pack(&made.as_bytes()[end..]));
    let words = strings.words.len();
    let mut ranges = parts(words + strings.ids.len(), TEXTS_PER_PIECE);
    package.stream(SHARED, || {
        if let Some(head) = head.take() {
            return Ok(vec![head]);
        }
        let texts = work.pieces(&mut ranges, 1, |text, range| {
            for i in range {
                write_string(text, if i < words { strings.words[i] } else { &strings.ids[i - words] });
            }
        })?;
        Ok(if texts.is_empty() { tail.take().into_iter().collect() } else { texts })
    })
}

/// The XML of a prepared sheet, taken apart where rows are to stand.
struct Place<'a> {
    before: &'a str,
    /// From behind the dimension to the first row.
    between: &'a str,
    /// The line with the formats.
    pattern: &'a str,
    after: &'a str,
}

impl<'a> Place<'a> {
    fn find(xml: &'a str, line: usize) -> Option<Place<'a>> {
        let dimension = xml.find("<dimension ")?;
        let behind = dimension + xml[dimension..].find("/>")? + 2;
        let start = xml.find(&format!("<row r=\"{line}\""))?;
        let end = start + xml[start..].find("</row>")? + "</row>".len();
        Some(Place {
            before: &xml[..dimension],
            between: &xml[behind..start],
            pattern: &xml[start..end],
            after: &xml[end..],
        })
    }
}

/// The number of the format of a cell of the line with the formats.
fn style(pattern: &str, column: usize, line: usize) -> Option<u32> {
    let cell = format!("<c r=\"{}{line}\"", letters(column));
    let start = pattern.find(&cell)? + cell.len();
    let tag = &pattern[start..start + pattern[start..].find('>')?];
    attribute(tag, "s")?.parse().ok()
}

/// The value of the first attribute of this name.
fn attribute<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let start = xml.find(&format!(" {name}=\""))? + name.len() + 3;
    Some(&xml[start..start + xml[start..].find('"')?])
}

fn text_of(archive: &mut ZipArchive<Cursor<Vec<u8>>>, name: &str) -> Result<String, Failure> {
    let mut text = String::new();
    archive.by_name(name).map_err(broken)?.read_to_string(&mut text)?;
    Ok(text)
}

fn broken(what: impl std::fmt::Display) -> Failure {
    Failure::Io(format!("the workbook could not be put together: {what}"))
}
