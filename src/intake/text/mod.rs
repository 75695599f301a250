//! Text files: CSV, TSV and their relatives.
//!
//! The bytes are cut before they are decoded, so that each distinct cell is decoded once: [`encoding`] finds how
//! letters are written, [`sniff`] the separator, quotes and line ends, [`structure`] where the table starts and what
//! its columns are called, [`parse`] cuts everything into columns, [`repair`] has a second look at lines that do not
//! fit, and [`tail`] finds notes and totals below the table.

mod cells;
mod decode;
mod dialect;
mod encoding;
mod parse;
mod rejects;
mod repair;
mod sniff;
mod split;
mod structure;
mod tail;

use std::path::Path;

use encoding_rs::UTF_8;
use rayon::prelude::*;

use super::intern::{ColumnBuilder, column_names, table};
use super::{InputReport, Reject, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format;
use crate::recipe::Input;
use decode::Decoder;
use dialect::Dialect;
use parse::{Odd, Oddity};

/// Lines above and below the table that are kept with their text.
const MOST_LINES: usize = 50;

/// Reads a text file. `bytes` are all of it.
///
/// # Errors
/// A file without a single cell; a delimiter, quote, escape or encoding in `input` that cannot be one;
/// [`Error::Cancelled`].
pub(super) fn read(path: &Path, bytes: Vec<u8>, input: &Input, ctx: &Ctx) -> Result<(Table, InputReport)> {
    check(input)?;
    let file_size = bytes.len() as u64;
    let found = encoding::find(&bytes, input.encoding.as_deref())?;
    // Every encoding but UTF-16 keeps ASCII as it is: cut the bytes first, decode the distinct cells later.
    let (bytes, from, cells) = if found.encoding.is_ascii_compatible() {
        (bytes, found.mark, found.encoding)
    } else {
        (found.encoding.decode_with_bom_removal(&bytes).0.into_owned().into_bytes(), 0, UTF_8)
    };
    let decoder = Decoder::new(cells);
    let mut from = from;
    let mut given = input.clone();
    if let Some(separator) = excel_hint(&bytes[from..]) {
        from += memchr::memchr(b'\n', &bytes[from..]).map_or(bytes.len() - from, |i| i + 1);
        given.delimiter = given.delimiter.or(Some(separator));
    }
    let dialect = sniff::find(&bytes[from..], &given);
    let Some(layout) = structure::find(&bytes, from, dialect, &given) else {
        return Err(Error::read(path, "the file is empty; choose another file"));
    };
    ctx.tick(1, 100)?;
    let read = ctx.part(0.01, 0.8);
    let mut columns = layout.columns;
    let mut parsed = parse::parse(&bytes, layout.body.min(bytes.len()), columns, dialect, &read)?;
    let longest = parsed.extra.iter().map(|(_, cells)| columns + cells.len()).max().unwrap_or(columns);
    if parsed.filled_extra * 10 > parsed.rows && parsed.filled_extra > 1 {
        // The head did not show how wide the table is.
        columns = longest;
        parsed = parse::parse(&bytes, layout.body.min(bytes.len()), columns, dialect, &read)?;
    }
    let rest = ctx.part(0.8, 1.0);
    let decoded = |names: &Vec<Vec<u8>>| names.iter().map(|n| decoder.text(n).into_owned()).collect::<Vec<_>>();
    let header = layout.header.as_ref().map(decoded);
    let names = column_names(header.clone(), columns);
    let finish = |(column, name): (ColumnBuilder, String)| column.finish(name, &|cell| decoder.text(cell), &rest);
    let mut rejects = rejects::list(&bytes, &parsed, dialect, &decoder);
    let (rows, extra) = (parsed.rows, std::mem::take(&mut parsed.extra));
    let mut table =
        table(std::mem::take(&mut parsed.columns).into_par_iter().zip(names).map(finish).collect::<Result<_>>()?);
    debug_assert!(table.columns.iter().all(|c| c.codes.len() == rows));
    let extra =
        extra.into_iter().map(|(row, cells)| (row, cells.iter().map(|c| decoder.text(c).into_owned()).collect()));
    table.extra = extra.collect();
    table.header = header.unwrap_or_default();
    if layout.unnamed_first {
        table.header.remove(0);
    }
    let repeated = tail::repeated_headers(&table, layout.header_rows);
    table.remove(&repeated);
    let below = if input.keep_totals == Some(true) { tail::Below::default() } else { tail::find(&table) };
    table.remove(&below.rows);
    // What is no row of the table is none that does not fit either.
    let is_ragged = |odd: &Odd| matches!(odd.oddity, Oddity::Short(_) | Oddity::Long(_));
    let mut ragged: Vec<Reject> =
        rejects.iter().zip(&parsed.odd).filter(|(_, odd)| is_ragged(odd)).map(|(reject, _)| reject.clone()).collect();
    for removed in [&repeated, &below.rows] {
        parsed.odd_rows = parsed.odd_rows.saturating_sub(tail::forget(&mut rejects, removed));
        parsed.ragged_rows = parsed.ragged_rows.saturating_sub(tail::forget(&mut ragged, removed));
    }
    let (preamble, lines_above) = lines(&bytes[from..layout.start], dialect, &decoder);
    let counted = [
        (parsed.blank_rows, "row", "rows", "without any text left out."),
        (parsed.comments, "line", "lines", "that start with # left out as comments."),
        (
            parsed.thousands,
            "row",
            "rows",
            "with numbers that have commas between thousands and no quotes; they were put together.",
        ),
        (repeated.len(), "row", "rows", "that repeat the header or stand above a repeated one left out."),
        (decoder.nuls(), "distinct cell", "distinct cells", "had NUL characters, which were removed."),
        (
            decoder.repaired(),
            "distinct cell",
            "distinct cells",
            "had characters of Windows-1252 in the text of another encoding, which were put right.",
        ),
        (decoder.foreign(), "distinct cell", "distinct cells", "not in UTF-8 as the rest, and read as Windows-1252."),
    ];
    let said = counted.into_iter().filter(|(n, ..)| *n > 0);
    let mut notes: Vec<String> =
        said.map(|(n, one, many, what)| format!("{} {what}", format::plural(n, one, many))).collect();
    if !below.totals.is_empty() {
        notes.push(left_out(&below.totals, "row that only adds up others was", "rows that only add up others were"));
    }
    if !below.footer.is_empty() {
        notes.push(left_out(&below.footer, "line below the table was", "lines below the table were"));
    }
    if layout.unnamed_first {
        notes.push("The first column has no name: the header has one name less than the rows have cells.".into());
    }
    let report = InputReport {
        path: path.to_path_buf(),
        format: "csv".into(),
        encoding: Some(found.encoding.name().to_lowercase()),
        delimiter: Some(dialect.separator_name()),
        quote: dialect.quote.map(char::from),
        escape: dialect.escape.map(char::from),
        newline: Some(rejects::newline_name(&bytes, dialect.newline)),
        header: layout.header.is_some(),
        header_rows: layout.header_rows,
        first_line: lines_above + 1,
        preamble,
        footer: below.footer,
        totals: below.totals,
        comments: parsed.comments,
        bytes: file_size,
        rows: table.rows,
        columns,
        ragged_rows: parsed.ragged_rows,
        broken_quotes: parsed.broken_quotes,
        rejects,
        rejected: parsed.odd_rows,
        notes,
        ..InputReport::default()
    };
    Ok((table, report))
}

/// Says how many rows were left out, and shows the first of them.
fn left_out(rows: &[String], one: &str, many: &str) -> String {
    const SHOWN: usize = 3;
    let more = if rows.len() > SHOWN { "; …" } else { "" };
    let shown = rows[..rows.len().min(SHOWN)].join("; ");
    format!("{} left out: {shown}{more}.", format::plural(rows.len(), one, many))
}

/// Refuses what cannot be a delimiter, quote or escape.
fn check(input: &Input) -> Result<()> {
    let wrong = |c: char| !c.is_ascii() || matches!(c, '\n' | '\r');
    if let Some(c) = input.delimiter.filter(|&c| wrong(c) || c == '"') {
        return Err(Error::Recipe(format!(
            "{c:?} cannot be a delimiter; give one ASCII character such as , ; | or a tab"
        )));
    }
    for (text, what) in [(&input.quote, "a quote"), (&input.escape, "an escape")] {
        if let Some(text) = text.as_ref().filter(|t| t.chars().count() > 1 || t.chars().any(wrong)) {
            return Err(Error::Recipe(format!(
                "{text:?} cannot be {what} character; give one ASCII character, or none"
            )));
        }
    }
    Ok(())
}

/// Excel's own first line that says how the file is separated: `sep=;`.
fn excel_hint(bytes: &[u8]) -> Option<char> {
    match bytes {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', separator, b'\r' | b'\n', ..] => Some(char::from(*separator)),
        _ => None,
    }
}

/// The lines above the table as texts, and how many there are.
fn lines(bytes: &[u8], dialect: Dialect, decoder: &Decoder) -> (Vec<String>, usize) {
    let all = memchr::memchr_iter(dialect.newline, bytes).count();
    let texts = bytes.split(|&b| b == dialect.newline).map(|line| decoder.text(line.trim_ascii()).into_owned());
    let blank = |t: &String| t.bytes().all(|b| b.is_ascii_whitespace() || b",;|".contains(&b));
    (texts.filter(|t| !blank(t)).take(MOST_LINES).collect(), all)
}

#[cfg(test)]
mod tests;
