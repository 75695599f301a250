//! Cuts bytes into columns, in parallel where quotes allow it.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::dialect::{Dialect, Separator};
use super::repair::{self, Repair};
use super::split::{RecordEnd, Splitter};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::intern::ColumnBuilder;
use crate::intake::report::MOST_REJECTS;
use crate::intake::table::Code;

/// Bytes per piece of work at least. Larger pieces share more distinct cells, so that joining them is less work.
const PIECE: usize = 4 << 20;
/// Rows between two looks at the cancel flag.
const ROWS_PER_TICK: usize = 1 << 14;
/// Rows from whose length the number of all rows is guessed.
const ROWS_TO_GUESS: usize = 1000;
/// Lines that are read a second time at most; a file with more of them is broken beyond repair.
const MOST_REPAIRS: usize = 20_000;
/// Cells beyond the last column that are kept at most.
const MOST_EXTRA: usize = 1 << 20;

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Oddity {
    /// It has this many cells less than the table has columns.
    Short(usize),
    /// It has this many cells more.
    Long(usize),
    /// Its quotes do not pair.
    Quotes,
    /// It did not fit and was read in another way.
    Repaired(Repair),
}

/// A record that does not fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Odd {
    pub start: usize,
    pub end: usize,
    pub row: usize,
    pub oddity: Oddity,
}

/// The cells of all rows after the header.
#[derive(Default)]
pub(super) struct Parsed {
    pub columns: Vec<ColumnBuilder>,
    pub rows: usize,
    pub ragged_rows: usize,
    /// Rows with a quoted cell that had no end, or went on after it.
    pub broken_quotes: usize,
    /// Rows with numbers that were cut at their thousands commas, and put together.
    pub thousands: usize,
    /// Rows without any text.
    pub blank_rows: usize,
    /// Lines that start with `#` and do not fit the table.
    pub comments: usize,
    /// The first records that do not fit, in the order of the file, and how many there are.
    pub odd: Vec<Odd>,
    pub odd_rows: usize,
    /// Cells beyond the last column, with their row.
    pub extra: Vec<(usize, Vec<Vec<u8>>)>,
    /// Rows of which a cell beyond the last column holds text.
    pub filled_extra: usize,
    /// The first rows with one cell too many, which is empty, and how many there are.
    trailing: Vec<Odd>,
    trailing_rows: usize,
    odd_quotes: bool,
    repairs: usize,
}

/// Cuts everything from `start` into `columns` columns. Rows with more cells keep the extra ones apart, rows with
/// fewer get empty ones. The result does not depend on the number of threads.
pub(super) fn parse(bytes: &[u8], start: usize, columns: usize, dialect: Dialect, ctx: &Ctx) -> Result<Parsed> {
    let pieces = cut(bytes, start, dialect);
    let done = AtomicUsize::new(0);
    let work = |&(from, to): &(usize, usize)| Parsed::piece(bytes, from, to, columns, dialect, &done, ctx);
    let parsed: Vec<Parsed> = pieces.par_iter().map(work).collect::<Result<_>>()?;
    if pieces.len() > 1 && parsed.iter().any(|p| p.odd_quotes) {
        // The cuts trusted that quotes come in pairs. They do not, so read from start to end.
        drop(parsed);
        let whole = Parsed::piece(bytes, start, bytes.len(), columns, dialect, &AtomicUsize::new(0), ctx)?;
        return Ok(whole.judge_trailing());
    }
    Ok(merge(parsed, columns, ctx)?.judge_trailing())
}

/// Ranges that start at a record. A newline is the end of a record if an even number of quotes stands before.
fn cut(bytes: &[u8], start: usize, dialect: Dialect) -> Vec<(usize, usize)> {
    let size = PIECE.max((bytes.len() - start) / (2 * rayon::current_num_threads()));
    let count = ((bytes.len() - start) / size).max(1);
    let edges: Vec<usize> = (0..=count).map(|i| start + (bytes.len() - start) * i / count).collect();
    let quote = dialect.quote.filter(|_| matches!(dialect.separator, Separator::Byte(_)));
    let unescaped = |from: usize, to: usize, quote: u8| {
        let free = |&i: &usize| from + i == 0 || Some(bytes[from + i - 1]) != dialect.escape;
        memchr::memchr_iter(quote, &bytes[from..to]).filter(free).count()
    };
    let quotes: Vec<usize> =
        edges.par_windows(2).map(|e| quote.map_or(0, |quote| unescaped(e[0], e[1], quote))).collect();
    let mut starts = vec![start];
    let mut before = 0;
    for i in 1..count {
        before += quotes[i - 1];
        let mut inside = before % 2 == 1;
        let mut at = edges[i];
        let quote_or_newline = quote.unwrap_or(dialect.newline);
        while let Some(offset) = memchr::memchr2(quote_or_newline, dialect.newline, &bytes[at..]) {
            at += offset + 1;
            if bytes[at - 1] != dialect.newline {
                inside ^= at < 2 || Some(bytes[at - 2]) != dialect.escape;
            } else if !inside {
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

impl Parsed {
    fn piece(
        bytes: &[u8],
        from: usize,
        to: usize,
        columns: usize,
        dialect: Dialect,
        done: &AtomicUsize,
        ctx: &Ctx,
    ) -> Result<Parsed> {
        let mut piece = Parsed { columns: (0..columns).map(|_| ColumnBuilder::new()).collect(), ..Parsed::default() };
        let mut splitter = Splitter::new(&bytes[..to], dialect);
        let (mut at, mut ticked) = (from, from);
        let mut extra: Vec<Vec<u8>> = Vec::new();
        while at < to {
            let start = at;
            let (mut cells, mut filled) = (0, false);
            let builders = &mut piece.columns;
            let end = splitter.record(at, |cell, _| {
                filled |= !cell.is_empty();
                match builders.get_mut(cells) {
                    Some(builder) => builder.push(cell),
                    None => extra.push(cell.to_vec()),
                }
                cells += 1;
            });
            at = end.next;
            if cells == columns && filled && !end.broken_quotes {
                piece.rows += 1;
                piece.odd_quotes |= end.odd_quotes;
            } else {
                at = piece.unusual(&bytes[..to], start, end, cells, &mut extra, dialect);
            }
            if piece.rows == ROWS_TO_GUESS {
                // Growing lists step by step takes twice the memory, and most of the time goes into giving it out.
                let rows = (to - from) / ((at - from) / ROWS_TO_GUESS).max(1);
                piece.columns.iter_mut().for_each(|b| b.codes.reserve_exact(rows + rows / 32));
            }
            if piece.rows.is_multiple_of(ROWS_PER_TICK) {
                let so_far = done.fetch_add(at - ticked, Ordering::Relaxed) + (at - ticked);
                ticked = at;
                ctx.tick(so_far.min(bytes.len()), bytes.len())?;
            }
        }
        Ok(piece)
    }

    /// Deals with a record that is blank, a comment, too short, too long, or has quotes that do not pair. Its cells
    /// are in the columns already. Returns where the next record starts.
    fn unusual(
        &mut self,
        bytes: &[u8],
        start: usize,
        end: RecordEnd,
        cells: usize,
        extra: &mut Vec<Vec<u8>>,
        dialect: Dialect,
    ) -> usize {
        let columns = self.columns.len();
        let record = &bytes[start..end.next];
        let blank = |b: &u8| b.is_ascii_whitespace() || Separator::Byte(*b) == dialect.separator;
        let comment = record.first() == Some(&b'#') && cells != columns && columns > 1;
        self.odd_quotes |= end.odd_quotes;
        if comment || record.iter().all(blank) {
            *(if comment { &mut self.comments } else { &mut self.blank_rows }) += 1;
            self.take_back(cells, extra);
            return end.next;
        }
        if self.repairs < MOST_REPAIRS
            && let Some((how, fitting, line_end)) = repair::line(bytes, start, end, cells, columns, dialect, false)
        {
            self.take_back(cells, extra);
            for (builder, cell) in self.columns.iter_mut().zip(&fitting) {
                builder.push(cell);
            }
            self.repairs += 1;
            self.broken_quotes += usize::from(how == Repair::Quotes);
            self.odd(start, line_end, Oddity::Repaired(how));
            self.rows += 1;
            return line_end;
        }
        if cells > columns && !end.broken_quotes {
            let mut all: Vec<Vec<u8>> = Vec::with_capacity(cells);
            Splitter::new(bytes, dialect).record(start, |cell, _| all.push(cell.to_vec()));
            let all: Vec<&[u8]> = all.iter().map(Vec::as_slice).collect();
            if let Some(fitting) = repair::thousands(&all, columns, dialect) {
                self.take_back(cells, extra);
                for (builder, cell) in self.columns.iter_mut().zip(&fitting) {
                    builder.push(cell);
                }
                self.thousands += 1;
                self.odd(start, end.next, Oddity::Repaired(Repair::Thousands));
                self.rows += 1;
                return end.next;
            }
        }
        if end.broken_quotes {
            self.broken_quotes += 1;
            self.odd(start, end.next, Oddity::Quotes);
        }
        if cells < columns {
            for builder in self.columns.iter_mut().skip(cells) {
                builder.codes.push(0);
            }
            self.ragged_rows += 1;
            self.odd(start, end.next, Oddity::Short(columns - cells));
        } else if cells > columns {
            let text = extra.iter().any(|c| !c.trim_ascii().is_empty());
            self.filled_extra += usize::from(text);
            if text || extra.len() > 1 {
                self.ragged_rows += 1;
                self.odd(start, end.next, Oddity::Long(cells - columns));
            } else {
                self.trailing_rows += 1;
                if self.trailing.len() < MOST_REJECTS {
                    self.trailing.push(Odd { start, end: end.next, row: self.rows, oddity: Oddity::Long(1) });
                }
            }
            let kept = std::mem::take(extra);
            if self.extra.len() < MOST_EXTRA {
                self.extra.push((self.rows, kept));
            }
        }
        self.rows += 1;
        end.next
    }

    /// A separator at the end of every row says nothing; at the end of a few it may be one too many further left.
    fn judge_trailing(mut self) -> Parsed {
        if self.trailing_rows * 10 < self.rows {
            self.ragged_rows += self.trailing_rows;
            self.odd_rows += self.trailing_rows;
            self.odd.append(&mut self.trailing);
            self.odd.sort_by_key(|o| o.start);
            self.odd.truncate(MOST_REJECTS);
        }
        self
    }

    /// Removes the cells of the record that was read last.
    fn take_back(&mut self, cells: usize, extra: &mut Vec<Vec<u8>>) {
        for builder in self.columns.iter_mut().take(cells) {
            builder.codes.pop();
        }
        extra.clear();
    }

    fn odd(&mut self, start: usize, end: usize, oddity: Oddity) {
        // One record may be odd in two ways; it is one row.
        if self.odd.last().is_some_and(|o| o.start == start) {
            return;
        }
        self.odd_rows += 1;
        if self.odd.len() < MOST_REJECTS {
            self.odd.push(Odd { start, end, row: self.rows, oddity });
        }
    }
}

/// Joins the pieces column by column. Codes follow the first appearance in the file.
fn merge(mut pieces: Vec<Parsed>, columns: usize, ctx: &Ctx) -> Result<Parsed> {
    if pieces.len() == 1 {
        return Ok(pieces.remove(0));
    }
    let mut out = Parsed::default();
    let mut by_column: Vec<Vec<ColumnBuilder>> = (0..columns).map(|_| Vec::new()).collect();
    for piece in pieces {
        let room = MOST_REJECTS.saturating_sub(out.odd.len());
        out.odd.extend(piece.odd.iter().take(room).map(|o| Odd { row: o.row + out.rows, ..*o }));
        let before = out.rows;
        out.extra.extend(piece.extra.into_iter().map(|(row, cells)| (row + before, cells)));
        out.rows += piece.rows;
        out.ragged_rows += piece.ragged_rows;
        out.broken_quotes += piece.broken_quotes;
        out.thousands += piece.thousands;
        out.blank_rows += piece.blank_rows;
        out.comments += piece.comments;
        let room = MOST_REJECTS.saturating_sub(out.trailing.len());
        out.trailing.extend(piece.trailing.iter().take(room).map(|o| Odd { row: o.row + before, ..*o }));
        out.trailing_rows += piece.trailing_rows;
        out.odd_rows += piece.odd_rows;
        out.filled_extra += piece.filled_extra;
        for (list, builder) in by_column.iter_mut().zip(piece.columns) {
            list.push(builder);
        }
    }
    let join = |parts: Vec<ColumnBuilder>| {
        let rows = parts.iter().map(|p| p.codes.len()).sum();
        let mut parts = parts.into_iter();
        let Some(mut whole) = parts.next() else { return Ok(ColumnBuilder::new()) };
        let first = std::mem::replace(&mut whole.codes, Vec::with_capacity(rows));
        whole.codes.extend_from_slice(&first);
        drop(first);
        for part in parts {
            let mut codes: Vec<Code> = Vec::with_capacity(part.interner.len());
            for (i, cell) in part.interner.cells().enumerate() {
                if i.is_multiple_of(ROWS_PER_TICK) {
                    ctx.tick(1, 1)?;
                }
                codes.push(whole.interner.intern(cell));
            }
            whole.codes.extend(part.codes.iter().map(|&c| codes[c as usize]));
        }
        Ok(whole)
    };
    out.columns = by_column.into_par_iter().map(join).collect::<Result<_>>()?;
    Ok(out)
}
