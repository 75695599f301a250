//! Second reading of a line whose quotes do not pair, or that is cut by another separator than the rest.

use super::cells::look;
use super::dialect::{Dialect, Separator};
use super::split::{RecordEnd, Splitter};

/// Larger lines are not worth the work.
const MOST_STATES: usize = 1 << 20;
/// Commas between thousands that one line may have too many.
const MOST_COMMAS: usize = 8;
/// Separators that one quoted cell of a broken line may hold.
const MOST_TOKENS: usize = 64;

/// What was done to make a line fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repair {
    /// Quotes that do not pair were taken as text.
    Quotes,
    /// Numbers that were cut at their thousands commas were put together.
    Thousands,
    /// The line separates its cells by this character.
    Separator(u8),
}

/// Reads the line at `start` again, so that it has exactly `columns` cells. `record` and `cells` say how it was read at
/// first; `header` that it may hold names. Returns what was done, the cells, and where the next record starts; `None` if the first reading stands.
pub(super) fn line(
    bytes: &[u8],
    start: usize,
    record: RecordEnd,
    cells: usize,
    columns: usize,
    dialect: Dialect,
    header: bool,
) -> Option<(Repair, Vec<Vec<u8>>, usize)> {
    let line_end = memchr::memchr(dialect.newline, &bytes[start..record.next]).map_or(record.next, |i| start + i + 1);
    // Quotes of a record that ends with its line and closes them all are what they should be.
    let suspicious = record.broken_quotes || (line_end < record.next && cells < columns);
    if columns < 2 || !(suspicious || line_end == record.next) {
        return None;
    }
    let line = &bytes[start..line_end];
    let line = line.strip_suffix(&[dialect.newline]).unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let quotes = suspicious.then(|| quotes(line, columns, dialect)).flatten().map(|fit| (Repair::Quotes, fit));
    let (how, fitting) = quotes.or_else(|| {
        let (d, fit) = (cells < columns).then(|| separator(line, columns, dialect, header))??;
        Some((Repair::Separator(d), fit))
    })?;
    Some((how, fitting, line_end))
}

/// Puts numbers together that were cut at the commas between their thousands, if that leaves exactly `columns` cells in
/// just one way: `7,1,250.00` are two cells.
pub(super) fn thousands(cells: &[&[u8]], columns: usize, dialect: Dialect) -> Option<Vec<Vec<u8>>> {
    if dialect.separator != Separator::Byte(b',') || cells.len() <= columns || cells.len() > columns + MOST_COMMAS {
        return None;
    }
    let head = |c: &[u8]| {
        let digits = c.trim_ascii().trim_ascii_start();
        let digits = digits.iter().copied().skip_while(|b| !b.is_ascii_digit() && !b.is_ascii_alphabetic());
        let digits: Vec<u8> = digits.collect();
        (1..=3).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit) && digits[0] != b'0'
    };
    let tail = |c: &[u8]| {
        let (whole, rest) = c.split_at(c.len().min(3));
        whole.len() == 3
            && whole.iter().all(u8::is_ascii_digit)
            && (rest.is_empty() || (rest[0] == b'.' && rest[1..].iter().all(u8::is_ascii_digit)) || rest == b")")
    };
    // Places where a comma may stand between thousands. A head may be the tail of a longer number.
    let joins: Vec<usize> = (0..cells.len() - 1)
        .filter(|&i| tail(cells[i + 1]) && (head(cells[i]) || (cells[i].len() == 3 && tail(cells[i]))))
        .collect();
    if joins.len() != cells.len() - columns {
        return None;
    }
    let mut out: Vec<Vec<u8>> = Vec::with_capacity(columns);
    for (i, cell) in cells.iter().enumerate() {
        match out.last_mut().filter(|_| i > 0 && joins.contains(&(i - 1))) {
            Some(last) => {
                last.push(b',');
                last.extend_from_slice(cell);
            }
            None => out.push(cell.to_vec()),
        }
    }
    Some(out)
}

/// Cuts `line` (without its newline) into exactly `columns` cells, if that can be done by taking some quotes as text.
/// Among the ways to do so, the one that takes the fewest.
fn quotes(line: &[u8], columns: usize, dialect: Dialect) -> Option<Vec<Vec<u8>>> {
    let (Separator::Byte(delimiter), Some(quote)) = (dialect.separator, dialect.quote) else { return None };
    let tokens: Vec<&[u8]> = line.split(|&b| b == delimiter).collect();
    if tokens.len() < columns || tokens.len().saturating_mul(columns) > MOST_STATES {
        return None;
    }
    let trim = |t: &'_ [u8]| -> (usize, usize) {
        let from = if dialect.skip_space { t.iter().take_while(|b| **b == b' ').count() } else { 0 };
        (from, t.len() - t[from..].iter().rev().take_while(|b| **b == b' ').count().min(t.len() - from))
    };
    let opens = |t: &[u8]| t.get(trim(t).0) == Some(&quote);
    let closes = |t: &[u8]| {
        let (from, to) = trim(t);
        to > from && t[to - 1] == quote
    };
    // least[i][k]: the least oddities with which tokens from i on make k cells; with the token after the first cell.
    let n = tokens.len();
    let mut least = vec![vec![(u32::MAX, 0usize); columns + 1]; n + 1];
    least[n][0] = (0, n);
    for i in (0..n).rev() {
        // The first cell from token i on: one plain token, free unless it has quotes in it, or tokens between quotes.
        let plain = tokens[i].iter().filter(|&&b| b == quote).count() as u32;
        let mut ways = vec![(2 * plain, i + 1)];
        if opens(tokens[i]) {
            for j in i..n.min(i + MOST_TOKENS) {
                if closes(tokens[j]) && (j > i || tokens[i].trim_ascii().len() > 1) {
                    let inside = group(&tokens[i..=j], trim(tokens[i]).0, delimiter);
                    ways.push((odd_inside(&inside, quote) + (j - i) as u32, j + 1));
                }
            }
        }
        for k in 1..=columns.min(n - i) {
            let total = |&(cost, next): &(u32, usize)| (cost.saturating_add(least[next][k - 1].0), next);
            least[i][k] = ways.iter().map(total).min().unwrap_or((u32::MAX, 0));
        }
    }
    if least[0][columns].0 == u32::MAX {
        return None;
    }
    let mut cells = Vec::with_capacity(columns);
    let (mut i, mut k) = (0, columns);
    while k > 0 {
        let next = least[i][k].1;
        let whole = group(&tokens[i..next], 0, delimiter);
        let (from, to) = trim(&whole);
        let quoted = opens(tokens[i]) && closes(tokens[next - 1]) && to - from >= 2;
        cells.push(if quoted { undouble(&whole[from + 1..to - 1], quote) } else { whole[from..].to_vec() });
        (i, k) = (next, k - 1);
    }
    Some(cells)
}

/// Cuts `line` by another common separator, if that gives exactly `columns` cells and the dialect's own separator stands
/// in none of them but between quotes: a row that is merely short is not to be cut at its spaces.
fn separator(line: &[u8], columns: usize, dialect: Dialect, header: bool) -> Option<(u8, Vec<Vec<u8>>)> {
    if columns < 3 {
        return None;
    }
    [b';', b'\t', b'|', b',', b' '].into_iter().filter(|d| Separator::Byte(*d) != dialect.separator).find_map(|d| {
        let other = Dialect { separator: Separator::Byte(d), skip_space: false, ..dialect };
        let (mut cells, mut own) = (Vec::new(), false);
        let end = Splitter::new(line, other).record(0, |cell, quoted| {
            own |= !quoted && cell.iter().any(|b| Separator::Byte(*b) == dialect.separator);
            cells.push(cell.to_vec());
        });
        // A sentence of as many words as the table has columns is no row of it: `Page 1 of 1`.
        let values = cells.iter().filter(|c| look(c).is_value()).count();
        let sentence = d == b' ' && if columns < 5 { values * 2 <= columns } else { values == 0 && !header };
        (cells.len() == columns && !end.broken_quotes && !own && !sentence).then_some((d, cells))
    })
}

/// Tokens put together again, the first from `from` on.
fn group(tokens: &[&[u8]], from: usize, delimiter: u8) -> Vec<u8> {
    tokens.join(&delimiter)[from..].to_vec()
}

/// Quotes between the first and the last that are not doubled.
fn odd_inside(text: &[u8], quote: u8) -> u32 {
    let text = text.trim_ascii();
    let inside = &text[1..text.len() - 1];
    let (mut odd, mut i) = (0, 0);
    while i < inside.len() {
        if inside[i] == quote {
            if inside.get(i + 1) == Some(&quote) {
                i += 1;
            } else {
                odd += 1;
            }
        }
        i += 1;
    }
    odd
}

fn undouble(text: &[u8], quote: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut i = 0;
    while i < text.len() {
        out.push(text[i]);
        i += if text[i] == quote && text.get(i + 1) == Some(&quote) { 2 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(line: &str, columns: usize) -> Option<Vec<String>> {
        let cells = quotes(line.as_bytes(), columns, Dialect::CSV)?;
        Some(cells.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect())
    }

    #[test]
    fn stray_quotes_become_text() {
        assert_eq!(cut("1,\"a,2", 3).unwrap(), ["1", "\"a", "2"]);
        assert_eq!(cut("1,\"a\"\",\"x, y\",2", 4).unwrap(), ["1", "a\"", "x, y", "2"]);
        assert_eq!(cut("\"1,\"a, b\",2", 3).unwrap(), ["\"1", "a, b", "2"]);
        assert_eq!(cut("\"say \"\"hi\"\"\",\"b\"\"c\"", 2).unwrap(), ["say \"hi\"", "b\"c"]);
        assert_eq!(cut("a,b", 3), None);
    }

    #[test]
    fn thousands_are_put_together() {
        let join = |line: &str, columns: usize| {
            let cells: Vec<&[u8]> = line.as_bytes().split(|b| *b == b',').collect();
            let fit = thousands(&cells, columns, Dialect::CSV)?;
            Some(fit.iter().map(|c| String::from_utf8_lossy(c).into_owned()).collect::<Vec<_>>().join("|"))
        };
        assert_eq!(join("125,03/18/2023,7,1,250.00", 4).unwrap(), "125|03/18/2023|7|1,250.00");
        assert_eq!(join("a,$1,250,000.00,x", 3).unwrap(), "a|$1,250,000.00|x");
        assert_eq!(join("a,b,c", 2), None);
        // Which of the two commas is between thousands cannot be told.
        assert_eq!(join("5,100,200", 2), None);
    }

    #[test]
    fn another_separator_is_recognised() {
        let cells = separator(b"1 \"a b\" 2", 3, Dialect::CSV, false).unwrap();
        assert_eq!((cells.0, cells.1[1].as_slice()), (b' ', &b"a b"[..]));
        assert!(separator(b"1;2", 3, Dialect::CSV, false).is_none());
        assert!(separator(b"1,RED PEN", 3, Dialect::CSV, false).is_none());
        assert!(separator(b"1,BIG RED PEN", 3, Dialect::CSV, false).is_none());
    }
}
