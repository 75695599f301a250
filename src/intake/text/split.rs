//! Cuts one record into its cells.

use super::dialect::{Dialect, Separator};

/// Longest text between two quotes. A quote that closes later than this was opened by mistake.
const LONGEST_QUOTED: usize = 1 << 20;

/// Where a record ended, and what was odd about it.
#[derive(Debug, Clone, Copy)]
pub(super) struct RecordEnd {
    /// Start of the next record, or the length of the input.
    pub next: usize,
    /// A quote stood anywhere but around a cell, so that cuts that count quotes cannot be trusted.
    pub odd_quotes: bool,
    /// A quoted cell had no end, or went on after it: the record may have been read wrongly.
    pub broken_quotes: bool,
}

/// Cuts records out of bytes, one after the other.
pub(super) struct Splitter<'a> {
    bytes: &'a [u8],
    dialect: Dialect,
    at: usize,
    odd_quotes: bool,
    broken_quotes: bool,
    /// A stretch in which no quoted cell finds its end: looking again for each would take for ever.
    no_end: std::ops::Range<usize>,
    /// Text of a quoted cell that is not a plain piece of the input.
    text: Vec<u8>,
}

impl<'a> Splitter<'a> {
    pub(super) fn new(bytes: &'a [u8], dialect: Dialect) -> Self {
        Splitter { bytes, dialect, at: 0, odd_quotes: false, broken_quotes: false, no_end: 0..0, text: Vec::new() }
    }

    /// Cuts the record that starts at `at` and hands each cell to `cell`, with whether it was quoted. A cell that
    /// starts with a quote goes on to the quote before the next separator or line end; doubled quotes inside stand
    /// for one.
    #[inline]
    pub(super) fn record(&mut self, at: usize, mut cell: impl FnMut(&[u8], bool)) -> RecordEnd {
        self.at = at;
        self.odd_quotes = false;
        self.broken_quotes = false;
        match self.dialect.separator {
            Separator::Byte(delimiter) => self.delimited(delimiter, &mut cell),
            Separator::Blanks => self.blanks(&mut cell),
            Separator::WideBlanks => self.wide_blanks(&mut cell),
        }
        RecordEnd { next: self.at, odd_quotes: self.odd_quotes, broken_quotes: self.broken_quotes }
    }

    #[inline]
    fn delimited(&mut self, delimiter: u8, cell: &mut impl FnMut(&[u8], bool)) {
        let newline = self.dialect.newline;
        // Files without a quote or an escape have none of these bytes to compare with; a newline ends the cell first.
        let quote = self.dialect.quote.unwrap_or(newline);
        loop {
            if self.dialect.skip_space {
                while self.bytes.get(self.at) == Some(&b' ') {
                    self.at += 1;
                }
            }
            if self.bytes.get(self.at) == Some(&quote) && quote != newline {
                self.quoted(quote, delimiter, cell);
            } else if self.dialect.escape.is_some() {
                self.escaped(delimiter, cell);
            } else {
                let start = self.at;
                let rest = &self.bytes[start..];
                // Cells are short, so a plain loop beats a vector search that has to be set up for each.
                let mut odd = false;
                let mut length = rest.len();
                for (i, &b) in rest.iter().enumerate() {
                    if b == delimiter || b == newline {
                        length = i;
                        break;
                    }
                    odd |= b == quote;
                }
                self.odd_quotes |= odd;
                self.at = start + length;
                let text = &rest[..length];
                let at_line_end = rest.get(length) != Some(&delimiter);
                cell(if at_line_end { text.strip_suffix(b"\r").unwrap_or(text) } else { text }, false);
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

    /// An unquoted cell in a dialect where a character may take the meaning of the next one away.
    fn escaped(&mut self, delimiter: u8, cell: &mut impl FnMut(&[u8], bool)) {
        self.text.clear();
        while let Some(&b) = self.bytes.get(self.at)
            && b != delimiter
            && b != self.dialect.newline
        {
            self.odd_quotes |= Some(b) == self.dialect.quote;
            self.at += self.take(b);
        }
        let at_line_end = self.bytes.get(self.at) != Some(&delimiter);
        let text = if at_line_end { self.text.strip_suffix(b"\r").unwrap_or(&self.text) } else { &self.text };
        cell(text, false);
    }

    /// Adds the character at the current place to the text, or the one that it escapes; returns the bytes used.
    fn take(&mut self, b: u8) -> usize {
        if Some(b) == self.dialect.escape
            && let Some(&next) = self.bytes.get(self.at + 1)
            && (Some(next) == self.dialect.quote || next == b || Separator::Byte(next) == self.dialect.separator)
        {
            self.odd_quotes |= Some(next) == self.dialect.quote;
            self.text.push(next);
            return 2;
        }
        self.text.push(b);
        1
    }

    /// How many blanks may be skipped from `at` to a place where a cell ends; `None` if none ends there.
    fn cell_end(&self, mut at: usize, delimiter: u8) -> Option<usize> {
        loop {
            match self.bytes.get(at) {
                None => return Some(at),
                Some(&b) if b == delimiter || b == self.dialect.newline => return Some(at),
                Some(b'\r') if self.bytes.get(at + 1).is_none_or(|&b| b == self.dialect.newline) => {
                    return Some((at + 1).min(self.bytes.len()));
                }
                Some(b' ') => at += 1,
                Some(_) => return None,
            }
        }
    }

    /// A cell that starts with a quote; stops at the delimiter, the newline or the end.
    fn quoted(&mut self, quote: u8, delimiter: u8, cell: &mut impl FnMut(&[u8], bool)) {
        let start = self.at + 1;
        if self.no_end.contains(&self.at) {
            return self.unclosed(delimiter, cell);
        }
        // Most quoted cells hold no quote.
        if self.dialect.escape.is_none()
            && let Some(first) = memchr::memchr(quote, &self.bytes[start..]).map(|i| start + i)
            && let Some(end) = self.cell_end(first + 1, delimiter)
        {
            self.at = end;
            return cell(&self.bytes[start..first], true);
        }
        self.text.clear();
        let opened = self.at;
        self.at = start;
        let limit = self.bytes.len().min(start + LONGEST_QUOTED);
        while self.at < limit {
            let b = self.bytes[self.at];
            if b != quote {
                self.at += self.take(b);
            } else if self.dialect.escape.is_none() && self.bytes.get(self.at + 1) == Some(&quote) {
                self.text.push(quote);
                self.at += 2;
            } else if let Some(end) = self.cell_end(self.at + 1, delimiter) {
                self.at = end;
                return cell(&self.text, true);
            } else {
                // A quote that nobody escaped.
                self.odd_quotes = true;
                self.broken_quotes = true;
                self.text.push(quote);
                self.at += 1;
            }
        }
        self.no_end = opened..limit;
        self.at = opened;
        self.unclosed(delimiter, cell);
    }

    /// A quote that is never closed opened nothing: it is a character of a plain cell. Otherwise the rest of the
    /// file would be one cell.
    fn unclosed(&mut self, delimiter: u8, cell: &mut impl FnMut(&[u8], bool)) {
        self.odd_quotes = true;
        self.broken_quotes = true;
        let rest = &self.bytes[self.at..];
        let length = memchr::memchr2(delimiter, self.dialect.newline, rest).unwrap_or(rest.len());
        let text = &rest[..length];
        cell(text.strip_suffix(b"\r").unwrap_or(text), false);
        self.at += length;
    }

    fn line(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let length = memchr::memchr(self.dialect.newline, rest);
        self.at = length.map_or(self.bytes.len(), |i| self.at + i + 1);
        let line = &rest[..length.unwrap_or(rest.len())];
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    fn blanks(&mut self, cell: &mut impl FnMut(&[u8], bool)) {
        let line = self.line();
        let mut at = 0;
        while at < line.len() {
            if matches!(line[at], b' ' | b'\t') {
                at += 1;
                continue;
            }
            // A quoted cell may hold blanks; one that does not end before a blank is plain text.
            if Some(line[at]) == self.dialect.quote
                && let Some(length) = memchr::memchr(line[at], &line[at + 1..])
                && line.get(at + length + 2).is_none_or(|b| matches!(b, b' ' | b'\t'))
            {
                cell(&line[at + 1..at + 1 + length], true);
                at += length + 2;
                continue;
            }
            let length = line[at..].iter().take_while(|b| !matches!(b, b' ' | b'\t')).count();
            cell(&line[at..at + length], false);
            at += length;
        }
    }

    fn wide_blanks(&mut self, cell: &mut impl FnMut(&[u8], bool)) {
        let line = self.line().trim_ascii();
        let mut start = 0;
        let mut at = 0;
        while at < line.len() {
            let blanks = line[at..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            if blanks > 1 || (blanks == 1 && line[at] == b'\t') {
                cell(&line[start..at], false);
                start = at + blanks;
            }
            at += blanks.max(1);
        }
        if start < line.len() {
            cell(&line[start..], false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str, dialect: Dialect) -> (Vec<Vec<String>>, bool) {
        let mut out = Vec::new();
        let mut splitter = Splitter::new(text.as_bytes(), dialect);
        let (mut at, mut broken) = (0, false);
        while at < text.len() {
            let mut row = Vec::new();
            let end = splitter.record(at, |c, _| row.push(String::from_utf8_lossy(c).into_owned()));
            broken |= end.broken_quotes;
            at = end.next;
            out.push(row);
        }
        (out, broken)
    }

    #[test]
    fn quotes_escapes_and_line_ends() {
        let csv = Dialect::CSV;
        assert_eq!(cut("a,\"b, \"\"c\"\"\r\nd\"\r\n", csv).0, [["a", "b, \"c\"\r\nd"]]);
        assert_eq!(cut("\"a\" ,b\n", csv).0, [["a", "b"]]);
        let backslash = Dialect { escape: Some(b'\\'), ..csv };
        assert_eq!(cut("\"say \\\"hi\\\", \\\\ and \\n\",x\\,y\n", backslash).0, [["say \"hi\", \\ and \\n", "x,y"]]);
        let single = Dialect { quote: Some(b'\''), skip_space: true, ..csv };
        assert_eq!(cut("'a, b', 'it''s', \"c\n", single).0, [["a, b", "it's", "\"c"]]);
        let none = Dialect { quote: None, ..csv };
        assert_eq!(cut("\"a,b\"\n", none).0, [["\"a", "b\""]]);
        assert_eq!(cut("a,b\rc,d", Dialect { newline: b'\r', ..csv }).0, [["a", "b"], ["c", "d"]]);
    }

    #[test]
    fn stray_quotes_are_text() {
        let (rows, broken) = cut("\"say \"hi\" to me\",2\n5\" pipe,3\n", Dialect::CSV);
        assert!(broken);
        assert_eq!(rows, [["say \"hi\" to me", "2"], ["5\" pipe", "3"]]);
        let (rows, broken) = cut("1,\"never closed\n2,b\n", Dialect::CSV);
        assert!(broken);
        assert_eq!(rows, [["1", "\"never closed"], ["2", "b"]]);
    }

    #[test]
    fn blanks_cut_cells() {
        let blanks = Dialect { separator: Separator::Blanks, ..Dialect::CSV };
        assert_eq!(cut(" 1  \"a b\"\tc\r\n", blanks).0, [["1", "a b", "c"]]);
        let wide = Dialect { separator: Separator::WideBlanks, ..Dialect::CSV };
        assert_eq!(cut("New York   12  a b\n", wide).0, [["New York", "12", "a b"]]);
    }

    /// Every cell opens a quote that nothing closes: one look at the end must do.
    #[test]
    fn many_unclosed_quotes_take_no_time() {
        let text = "1,\"x\n".repeat(600_000);
        assert_eq!(cut(&text, Dialect::CSV).0.len(), 600_000);
    }
}
