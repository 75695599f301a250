//! How a text file separates its fields and rows, found by trying.

use super::parse::{Separator, split_record};
use crate::intake::{dates, kind};

/// How to read the bytes of a text file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dialect {
    pub separator: Separator,
    /// `\n`, or `\r` for files of the old Macintosh.
    pub newline: u8,
    pub header: bool,
}

/// Bytes looked at to find the dialect.
const SAMPLE: usize = 1 << 18;

/// Finds what the user did not give. `bytes` are in an encoding that contains ASCII, without mark.
pub(super) fn find(bytes: &[u8], delimiter: Option<u8>, header: Option<bool>) -> Dialect {
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    let newline =
        if memchr::memchr(b'\n', sample).is_none() && memchr::memchr(b'\r', sample).is_some() { b'\r' } else { b'\n' };
    // The last row of the sample may be cut in the middle.
    let end = if sample.len() < bytes.len() {
        memchr::memrchr(newline, sample).map_or(sample.len(), |i| i + 1)
    } else {
        sample.len()
    };
    let sample = &sample[..end];
    let separator = match delimiter {
        Some(b' ') => Separator::Blanks,
        Some(byte) => Separator::Byte(byte),
        None => find_separator(sample, newline),
    };
    let header = header.unwrap_or_else(|| records(sample, separator, newline, 1).first().is_none_or(|r| is_header(r)));
    Dialect { separator, newline, header }
}

/// The separator that cuts the rows most evenly: by the share of rows with the most common number of
/// fields, then by that number. Runs of blanks are tried only when nothing else cuts evenly.
fn find_separator(sample: &[u8], newline: u8) -> Separator {
    let mut best = (0.0, Separator::Byte(b','));
    for byte in *b",;\t|" {
        let separator = Separator::Byte(byte);
        let (fields, share) = evenness(&records(sample, separator, newline, 2000));
        // A few more fields do not make up for uneven rows.
        let score = if fields > 1 { share + 0.01 * (fields as f64).ln() } else { 0.0 };
        if score > best.0 {
            best = (score, separator);
        }
    }
    if best.0 < 0.8 {
        let (fields, share) = evenness(&records(sample, Separator::Blanks, newline, 2000));
        if fields > 1 && share > 0.9 && share > best.0 {
            return Separator::Blanks;
        }
    }
    best.1
}

/// The most common number of fields, and the share of rows that have it.
fn evenness(records: &[Vec<String>]) -> (usize, f64) {
    let mut counts = std::collections::BTreeMap::new();
    for record in records {
        *counts.entry(record.len()).or_insert(0usize) += 1;
    }
    let common = counts.into_iter().max_by_key(|&(fields, rows)| (rows, fields));
    common.map_or((0, 0.0), |(fields, rows)| (fields, rows as f64 / records.len() as f64))
}

/// The first records of the sample; blank lines are left out.
fn records(sample: &[u8], separator: Separator, newline: u8, limit: usize) -> Vec<Vec<String>> {
    let mut out = Vec::new();
    let mut at = 0;
    while at < sample.len() && out.len() < limit {
        let mut record = Vec::new();
        let end = split_record(sample, at, separator, newline, &mut |cell| {
            record.push(String::from_utf8_lossy(cell).into_owned());
        });
        if record.iter().any(|c| !c.trim().is_empty()) {
            out.push(record);
        }
        at = end.next;
    }
    out
}

/// A header names things: none of its cells is a number or a date, and few are empty or alike.
pub(in crate::intake) fn is_header(first: &[String]) -> bool {
    let styles = [dates::DateStyle::YearFirst, dates::DateStyle::MonthFirst, dates::DateStyle::DayFirst];
    let value = |cell: &String| {
        kind::parse_number(cell).is_some() || styles.iter().any(|style| dates::parse(cell, style).is_some())
    };
    let named = first.iter().filter(|c| !c.trim().is_empty()).count();
    let mut distinct: Vec<&str> = first.iter().map(|c| c.trim()).collect();
    distinct.sort_unstable();
    distinct.dedup();
    named * 2 > first.len() && distinct.len() * 2 > first.len() && !first.iter().any(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (Separator, bool) {
        let dialect = find(text.as_bytes(), None, None);
        (dialect.separator, dialect.header)
    }

    #[test]
    fn separators_and_headers_are_found() {
        assert_eq!(found("id,date\n1,2011-01-02\n2,2011-02-03\n"), (Separator::Byte(b','), true));
        assert_eq!(found("id;price\n1;12,50\n2;3,75\n"), (Separator::Byte(b';'), true));
        assert_eq!(found("a\tb c\n1\t2\n"), (Separator::Byte(b'\t'), true));
        assert_eq!(found("a|b\n1|x, y\n"), (Separator::Byte(b'|'), true));
        assert_eq!(found(" id  date   x\r\n 00001 19970101  1\r\n 00002 19970112 12\r\n"), (Separator::Blanks, true));
        assert_eq!(found("1,2011-01-02\n2,2011-02-03\n"), (Separator::Byte(b','), false));
        assert_eq!(found("id,note\n1,\"a, b\nc\"\n2,d\n"), (Separator::Byte(b','), true));
    }

    #[test]
    fn old_line_ends_are_found() {
        assert_eq!(find(b"a,b\r1,2\r", None, None).newline, b'\r');
    }
}
