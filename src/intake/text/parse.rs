//! Cuts bytes into records and cells, in parallel where quotes allow it.

use rayon::prelude::*;

use super::dialect::Dialect;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::intern::{ColumnBuilder, Interner};
use crate::intake::table::Code;

/// What stands between two cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Separator {
    Byte(u8),
    /// One or more spaces or tabs; leading ones do not count.
    Blanks,
}

const QUOTE: u8 = b'"';
/// Bytes per piece of work: small enough to stop soon, large enough that pieces share few distinct cells.
const PIECE: usize = 4 << 20;

/// Where a record ended.
pub(super) struct RecordEnd {
    /// Start of the next record, or the length of the input.
    pub next: usize,
    odd_quotes: bool,
    broken_quotes: bool,
}

/// Cuts the record that starts at `at` and hands each cell to `cell`. A cell that starts with a quote goes on
/// to the matching one; doubled quotes inside stand for one. Anything after the closing quote is kept.
pub(super) fn split_record(
    bytes: &[u8],
    at: usize,
    separator: Separator,
    newline: u8,
    cell: &mut dyn FnMut(&[u8]),
) -> RecordEnd {
    let mut out = Splitter { bytes, at, newline, odd_quotes: false, broken_quotes: false };
    match separator {
        Separator::Byte(delimiter) => out.delimited(delimiter, &mut *cell),
        Separator::Blanks => out.blanks(&mut *cell),
    }
    RecordEnd { next: out.at, odd_quotes: out.odd_quotes, broken_quotes: out.broken_quotes }
}

struct Splitter<'a> {
    bytes: &'a [u8],
    at: usize,
    newline: u8,
    /// A quote stood anywhere but around a cell: cuts that count quotes cannot be trusted.
    odd_quotes: bool,
    /// A quoted cell had no end, or went on after it: rows may have been read wrongly.
    broken_quotes: bool,
}

impl Splitter<'_> {
    #[inline]
    fn delimited(&mut self, delimiter: u8, mut cell: impl FnMut(&[u8])) {
        loop {
            if self.bytes.get(self.at) == Some(&QUOTE) {
                self.quoted(delimiter, &mut cell);
            } else {
                let start = self.at;
                let mut end = start;
                // Cells are short, so a plain loop beats a vector search that has to be set up for each.
                while let Some(&b) = self.bytes.get(end)
                    && b != delimiter
                    && b != self.newline
                {
                    self.odd_quotes |= b == QUOTE;
                    end += 1;
                }
                self.at = end;
                let at_line_end = self.bytes.get(end) != Some(&delimiter);
                let text = &self.bytes[start..end];
                cell(if at_line_end { text.strip_suffix(b"\r").unwrap_or(text) } else { text });
            }
            match self.bytes.get(self.at) {
                Some(&b) if b == delimiter => self.at += 1,
                Some(_) => {
                    self.at += 1;
                    return;
                }
                None => return,
            }
        }
    }

    /// A cell that starts with a quote; stops at the delimiter, the newline or the end.
    fn quoted(&mut self, delimiter: u8, cell: &mut impl FnMut(&[u8])) {
        let start = self.at + 1;
        let Some(first) = memchr::memchr(QUOTE, &self.bytes[start..]).map(|i| start + i) else {
            return self.unclosed(delimiter, cell);
        };
        let ends_here = |at: usize, bytes: &[u8], newline: u8| match bytes.get(at) {
            None => true,
            Some(&b) if b == delimiter || b == newline => true,
            Some(b'\r') => bytes.get(at + 1).is_none_or(|&b| b == newline),
            _ => false,
        };
        if ends_here(first + 1, self.bytes, self.newline) {
            cell(&self.bytes[start..first]);
            self.at = first + 1 + usize::from(self.bytes.get(first + 1) == Some(&b'\r') && self.newline != b'\r');
            return;
        }
        let mut text = Vec::new();
        let mut from = start;
        let mut inside = true;
        while self.at < self.bytes.len() {
            if inside {
                let Some(quote) = memchr::memchr(QUOTE, &self.bytes[from..]).map(|i| from + i) else {
                    return self.unclosed(delimiter, cell);
                };
                text.extend_from_slice(&self.bytes[from..quote]);
                if self.bytes.get(quote + 1) == Some(&QUOTE) {
                    text.push(QUOTE);
                    from = quote + 2;
                } else {
                    inside = false;
                    from = quote + 1;
                }
            } else if ends_here(from, self.bytes, self.newline) {
                self.at = from + usize::from(self.bytes.get(from) == Some(&b'\r') && self.newline != b'\r');
                break;
            } else {
                self.odd_quotes = true;
                self.broken_quotes = true;
                text.push(self.bytes[from]);
                from += 1;
            }
        }
        cell(&text);
    }

    /// A quote that is never closed opened nothing: it is a character of a plain cell. Otherwise the rest of the
    /// file would be one cell.
    fn unclosed(&mut self, delimiter: u8, cell: &mut impl FnMut(&[u8])) {
        self.odd_quotes = true;
        self.broken_quotes = true;
        let rest = &self.bytes[self.at..];
        let length = memchr::memchr2(delimiter, self.newline, rest).unwrap_or(rest.len());
        let text = &rest[..length];
        cell(text.strip_suffix(b"\r").unwrap_or(text));
        self.at += length;
    }

    fn blanks(&mut self, mut cell: impl FnMut(&[u8])) {
        let line_end = memchr::memchr(self.newline, &self.bytes[self.at..]).map(|i| self.at + i);
        let line = &self.bytes[self.at..line_end.unwrap_or(self.bytes.len())];
        for text in line.split(|b| matches!(b, b' ' | b'\t' | b'\r')).filter(|t| !t.is_empty()) {
            cell(text);
        }
        self.at = line_end.map_or(self.bytes.len(), |i| i + 1);
    }
}

/// The cells of all rows after the header.
pub(super) struct Parsed {
    pub columns: Vec<ColumnBuilder>,
    pub ragged_rows: usize,
    /// Rows with a quoted cell that had no end, or went on after it.
    pub broken_quotes: usize,
}

/// Cuts everything from `start` into `columns` columns. Rows with more cells lose the extra ones, rows with
/// fewer get empty ones; both are counted. The result does not depend on the number of threads.
pub(super) fn parse(bytes: &[u8], start: usize, columns: usize, dialect: Dialect, ctx: &Ctx) -> Result<Parsed> {
    let pieces = cut(bytes, start, dialect);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let work = |&(from, to): &(usize, usize)| {
        let piece = Piece::parse(bytes, from, to, columns, dialect, ctx)?;
        let so_far = done.fetch_add(to - from, std::sync::atomic::Ordering::Relaxed) + (to - from);
        ctx.tick(so_far, bytes.len())?;
        Ok(piece)
    };
    let parsed: Vec<Piece> = pieces.par_iter().map(work).collect::<Result<_>>()?;
    if pieces.len() > 1 && parsed.iter().any(|p| p.odd_quotes) {
        // The cuts trusted that quotes come in pairs. They do not, so read from start to end.
        return merge(vec![Piece::parse(bytes, start, bytes.len(), columns, dialect, ctx)?], columns, ctx);
    }
    merge(parsed, columns, ctx)
}

/// Ranges that start at a record. A newline is the end of a record if an even number of quotes stands before.
fn cut(bytes: &[u8], start: usize, dialect: Dialect) -> Vec<(usize, usize)> {
    let count = ((bytes.len() - start) / PIECE).max(1);
    let edges: Vec<usize> = (0..=count).map(|i| start + (bytes.len() - start) * i / count).collect();
    let quotes: Vec<usize> = match dialect.separator {
        Separator::Blanks => vec![0; count],
        Separator::Byte(_) => {
            edges.par_windows(2).map(|e| memchr::memchr_iter(QUOTE, &bytes[e[0]..e[1]]).count()).collect()
        }
    };
    let mut starts = vec![start];
    let mut before = 0;
    for i in 1..count {
        before += quotes[i - 1];
        let mut inside = before % 2 == 1;
        let mut at = edges[i];
        while let Some(offset) = memchr::memchr2(QUOTE, dialect.newline, &bytes[at..]) {
            at += offset + 1;
            if bytes[at - 1] == QUOTE && dialect.separator != Separator::Blanks {
                inside = !inside;
            } else if bytes[at - 1] == dialect.newline && !inside {
                break;
            }
        }
        if starts.last().is_some_and(|&last| last < at) && at < bytes.len() {
            starts.push(at);
        }
    }
    starts.push(bytes.len());
    starts.windows(2).map(|w| (w[0], w[1])).collect()
}

struct Piece {
    columns: Vec<ColumnBuilder>,
    ragged_rows: usize,
    odd_quotes: bool,
    broken_quotes: usize,
}

impl Piece {
    fn parse(bytes: &[u8], from: usize, to: usize, columns: usize, dialect: Dialect, ctx: &Ctx) -> Result<Piece> {
        let mut piece = Piece {
            columns: (0..columns).map(|_| ColumnBuilder::new()).collect(),
            ragged_rows: 0,
            odd_quotes: false,
            broken_quotes: 0,
        };
        let mut at = from;
        let mut rows = 0usize;
        while at < to {
            let mut cells = 0;
            let record_start = at;
            let builders = &mut piece.columns;
            let mut push = |cell: &[u8]| {
                if let Some(builder) = builders.get_mut(cells) {
                    builder.push(cell);
                }
                cells += 1;
            };
            let end = match dialect.separator {
                Separator::Byte(delimiter) => {
                    let bytes = &bytes[..to];
                    let mut s =
                        Splitter { bytes, at, newline: dialect.newline, odd_quotes: false, broken_quotes: false };
                    s.delimited(delimiter, &mut push);
                    RecordEnd { next: s.at, odd_quotes: s.odd_quotes, broken_quotes: s.broken_quotes }
                }
                separator => split_record(&bytes[..to], at, separator, dialect.newline, &mut push),
            };
            at = end.next;
            piece.odd_quotes |= end.odd_quotes;
            piece.broken_quotes += usize::from(end.broken_quotes);
            // A blank line is no row.
            if cells == 0 || (cells == 1 && columns > 1 && bytes[record_start..at].iter().all(u8::is_ascii_whitespace))
            {
                if cells == 1 {
                    piece.columns[0].codes.pop();
                }
                continue;
            }
            if cells != columns {
                piece.ragged_rows += 1;
                for builder in piece.columns.iter_mut().skip(cells) {
                    builder.codes.push(0);
                }
            }
            rows += 1;
            if rows.is_multiple_of(1 << 14) {
                ctx.tick(at, bytes.len())?;
            }
        }
        Ok(piece)
    }
}

/// Joins the pieces column by column. Codes follow the first appearance in the file.
fn merge(mut pieces: Vec<Piece>, columns: usize, ctx: &Ctx) -> Result<Parsed> {
    let ragged_rows = pieces.iter().map(|p| p.ragged_rows).sum();
    let broken_quotes = pieces.iter().map(|p| p.broken_quotes).sum();
    if pieces.len() == 1 {
        let piece = pieces.remove(0);
        return Ok(Parsed { columns: piece.columns, ragged_rows, broken_quotes });
    }
    let mut by_column: Vec<Vec<ColumnBuilder>> = (0..columns).map(|_| Vec::new()).collect();
    for piece in pieces {
        for (list, builder) in by_column.iter_mut().zip(piece.columns) {
            list.push(builder);
        }
    }
    let join = |parts: Vec<ColumnBuilder>| {
        ctx.tick(1, 1)?;
        let mut whole = ColumnBuilder { interner: Interner::new(), codes: Vec::new() };
        whole.codes.reserve_exact(parts.iter().map(|p| p.codes.len()).sum());
        for part in parts {
            let codes: Vec<Code> = part.interner.cells().map(|cell| whole.interner.intern(cell)).collect();
            whole.codes.extend(part.codes.iter().map(|&c| codes[c as usize]));
        }
        Ok(whole)
    };
    let columns = by_column.into_par_iter().map(join).collect::<Result<_>>()?;
    Ok(Parsed { columns, ragged_rows, broken_quotes })
}
