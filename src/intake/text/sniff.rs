//! Finds the dialect of a text file by trying: the right way of cutting gives rows of equal length whose cells
//! look like something. The idea of judging a cut by both comes from van den Burg, Nazábal and Sutton,
//! "Wrangling messy CSV files by detecting row and type patterns" (2019); the score is our own.

use super::cells::{Look, look};
use super::dialect::{Dialect, Separator};
use super::split::Splitter;
use crate::recipe::Input;

/// Bytes looked at in each of the places of a file.
const WINDOW: usize = 96 << 10;
/// Records looked at in each place.
const RECORDS: usize = 400;

/// Separators that exports use, and how much is believed of each when nothing else speaks for it.
const SEPARATORS: [(Separator, f64); 12] = [
    (Separator::Byte(b','), 1.0),
    (Separator::Byte(b';'), 1.0),
    (Separator::Byte(b'\t'), 1.0),
    (Separator::Byte(b'|'), 1.0),
    (Separator::Byte(0x1F), 1.0),
    (Separator::Byte(0x01), 1.0),
    (Separator::Byte(b'^'), 0.9),
    (Separator::Byte(b'~'), 0.9),
    (Separator::Byte(b' '), 0.75),
    (Separator::WideBlanks, 0.75),
    (Separator::Blanks, 0.75),
    (Separator::Byte(b':'), 0.5),
];

/// Finds what the recipe does not give. `bytes` are in an encoding that contains ASCII, without mark.
pub(super) fn find(bytes: &[u8], input: &Input) -> Dialect {
    let head = &bytes[..bytes.len().min(WINDOW)];
    let newline = newline(head);
    let samples = samples(bytes, newline);
    let given = input.delimiter.map(|c| match u8::try_from(c).unwrap_or(b',') {
        b' ' => vec![(Separator::Byte(b' '), 1.0), (Separator::Blanks, 1.0)],
        byte => vec![(Separator::Byte(byte), 1.0)],
    });
    let separators = given.clone().unwrap_or_else(|| SEPARATORS.to_vec());
    let one = |text: &Option<String>| text.as_ref().map(|t| t.bytes().next());
    let quotes: Vec<Option<u8>> = match one(&input.quote) {
        Some(quote) => vec![quote],
        None => [b'"', b'\''].into_iter().filter(|q| head_has(&samples, *q)).map(Some).chain([None]).collect(),
    };
    let escapes: Vec<Option<u8>> = match one(&input.escape) {
        Some(escape) => vec![escape],
        None if escapes_quotes(&samples) => vec![None, Some(b'\\')],
        None => vec![None],
    };
    let mut best: Option<(f64, Dialect)> = None;
    for &(separator, trust) in &separators {
        if let Separator::Byte(byte) = separator
            && given.is_none()
            && !head_has(&samples, byte)
        {
            continue;
        }
        let spaced = matches!(separator, Separator::Byte(b) if b != b' ' && b != b'\t' && follows(&samples, b));
        for &quote in &quotes {
            for &escape in escapes.iter().filter(|e| e.is_none() || quote.is_some()) {
                for skip_space in [false, true].into_iter().filter(|s| !s || spaced) {
                    let dialect = Dialect { separator, quote, escape, newline, skip_space };
                    let score = trust * score(&samples, dialect);
                    // A later dialect has to be better by more than chance; the order above is that of use.
                    if best.is_none_or(|(most, _)| score > most * 1.0001) {
                        best = Some((score, dialect));
                    }
                }
            }
        }
    }
    let quote = Some(b'"');
    let plain = Dialect { separator: Separator::Byte(b','), quote, escape: None, newline, skip_space: false };
    let mut dialect = match best {
        // A single column beats a separator that cuts unevenly.
        Some((score, dialect)) if score > ONE_COLUMN || given.is_some() => dialect,
        _ => plain,
    };
    // Where no cell is quoted, a quote that turns up below the sample still means what it usually does.
    if dialect.quote.is_none() && one(&input.quote).is_none() && !head_has(&samples, b'"') {
        dialect.quote = quote;
    }
    dialect
}

/// What a file of one column scores: evenly cut, but into nothing.
const ONE_COLUMN: f64 = 0.3;

/// `\n`, unless there is none and `\r` stands for it.
fn newline(head: &[u8]) -> u8 {
    if memchr::memchr(b'\n', head).is_none() && memchr::memchr(b'\r', head).is_some() { b'\r' } else { b'\n' }
}

/// Pieces of the head, the middle and the end that start and end with a line.
fn samples(bytes: &[u8], newline: u8) -> Vec<&[u8]> {
    let starts = if bytes.len() > 4 * WINDOW { vec![0, bytes.len() / 2, bytes.len() - WINDOW] } else { vec![0] };
    let end_of_first = if starts.len() == 1 { bytes.len() } else { WINDOW };
    let piece = |&start: &usize| {
        let end = if start == 0 { end_of_first } else { (start + WINDOW).min(bytes.len()) };
        let piece = &bytes[start..end];
        let from = if start == 0 { 0 } else { memchr::memchr(newline, piece).map_or(0, |i| i + 1) };
        let to = if end == bytes.len() {
            piece.len()
        } else {
            memchr::memrchr(newline, piece).map_or(piece.len(), |i| i + 1)
        };
        &piece[from.min(to)..to]
    };
    starts.iter().map(piece).collect()
}

fn head_has(samples: &[&[u8]], byte: u8) -> bool {
    samples.iter().any(|s| memchr::memchr(byte, s).is_some())
}

/// Whether a backslash stands before a quote anywhere.
fn escapes_quotes(samples: &[&[u8]]) -> bool {
    samples.iter().any(|s| s.windows(2).any(|w| w[0] == b'\\' && matches!(w[1], b'"' | b'\'')))
}

/// Whether nearly every separator has a space after it: then the space belongs to it.
fn follows(samples: &[&[u8]], separator: u8) -> bool {
    let (mut all, mut spaced) = (0usize, 0usize);
    for sample in samples {
        for at in memchr::memchr_iter(separator, sample) {
            match sample.get(at + 1) {
                Some(b' ') => spaced += 1,
                Some(b'\n' | b'\r') | None => continue,
                _ => {}
            }
            all += 1;
        }
    }
    all >= 3 && spaced * 10 >= all * 9
}

/// How well a dialect cuts the samples, 0–1: the share of rows of the most common length, times how much the cells
/// look like something, times a share that grows with the number of cells.
fn score(samples: &[&[u8]], dialect: Dialect) -> f64 {
    let mut lengths = std::collections::BTreeMap::new();
    let (mut records, mut cells, mut looks, mut quoted, mut broken) = (0usize, 0usize, 0.0, 0usize, 0usize);
    for sample in samples {
        let mut splitter = Splitter::new(sample, dialect);
        let (mut at, mut seen) = (0, 0);
        while at < sample.len() && seen < RECORDS {
            let (mut length, mut filled, mut sum) = (0usize, 0usize, 0.0);
            let end = splitter.record(at, |cell, was_quoted| {
                length += 1;
                filled += usize::from(!cell.trim_ascii().is_empty());
                quoted += usize::from(was_quoted);
                sum += likeness(cell, was_quoted, dialect);
            });
            at = end.next;
            if filled == 0 {
                continue;
            }
            seen += 1;
            records += 1;
            cells += length;
            looks += sum;
            broken += usize::from(end.broken_quotes);
            *lengths.entry(length).or_insert(0usize) += 1;
        }
    }
    if records == 0 {
        return 0.0;
    }
    // Rows of one cell are titles and notes, or a separator that is not there.
    let common =
        lengths.iter().filter(|(length, _)| **length > 1).max_by_key(|(length, rows)| (**rows * **length, **length));
    let Some((&length, &rows)) = common else { return 0.0 };
    // A trailing separator here and there, or a header without one, is half as bad as another length.
    let near: usize = lengths.iter().filter(|(l, _)| l.abs_diff(length) == 1 && **l > 1).map(|(_, rows)| rows).sum();
    let even = (rows as f64 + 0.5 * near as f64) / records as f64;
    let width = 1.0 - 1.0 / (length as f64 + 0.5);
    // Quotes around cells speak for the quote; a quote without effect is as good as none.
    let quotes = match dialect.quote {
        Some(b'"') => 1.001,
        Some(_) if quoted * 50 < cells => 0.9,
        Some(_) => 1.0005,
        None => 0.999,
    };
    // Unescaped quotes between double quotes are common; between others they speak against them.
    let fault = if dialect.quote == Some(b'"') { 0.1 } else { 0.5 };
    let whole = 1.0 - fault * broken as f64 / records as f64;
    even * width.sqrt() * (looks / cells as f64) * quotes * whole
}

/// How much a cell looks like one, 0–1. Cells with quotes at their ends or other separators inside were cut wrongly.
fn likeness(cell: &[u8], quoted: bool, dialect: Dialect) -> f64 {
    let text = cell.trim_ascii();
    let (Some(first), Some(last)) = (text.first(), text.last()) else { return 0.7 };
    if !quoted {
        let ends = [first, last].iter().filter(|b| matches!(b, b'"')).count()
            + usize::from(*first == b'\'' && *last == b'\'' && text.len() > 1) * 2;
        if ends > 0 {
            return 0.1;
        }
        if text.iter().any(|b| matches!(b, b';' | b'\t' | b'|' | b'"')) {
            return 0.4;
        }
        // The other half of a number or a list.
        if text.contains(&b',') && dialect.separator != Separator::Byte(b',') && look(text) == Look::Text {
            return 0.75;
        }
    }
    match look(text) {
        Look::Number | Look::Date => 1.0,
        _ if text.len() > 100 && !quoted => 0.7,
        _ => 0.9,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Dialect {
        find(text.as_bytes(), &Input::default())
    }

    fn separator(text: &str) -> Separator {
        found(text).separator
    }

    #[test]
    fn separators_are_found() {
        assert_eq!(separator("id,date\n1,2011-01-02\n2,2011-02-03\n"), Separator::Byte(b','));
        assert_eq!(separator("id;price;cost\n1;12,50;3,1\n2;3,75;2,2\n"), Separator::Byte(b';'));
        assert_eq!(separator("a\tb c\n1\t2\n"), Separator::Byte(b'\t'));
        assert_eq!(separator("a|b\n1|x, y\n"), Separator::Byte(b'|'));
        assert_eq!(separator(" id  date   x\r\n 00001 19970101  1\r\n 00002 19970112 12\r\n"), Separator::Blanks);
        assert_eq!(separator("city      pop\nNew York   12\nSan Remo   3\n"), Separator::WideBlanks);
        assert_eq!(separator("a b \"c d\"\n1 2 \"x y\"\n3  \"z\"\n"), Separator::Byte(b' '));
        assert_eq!(separator("id,note\n1,\"a, b\nc\"\n2,d\n"), Separator::Byte(b','));
        assert_eq!(separator("name\nJohn Smith\nAnn\nBob Lee Ray\n"), Separator::Byte(b','));
        assert_eq!(separator("at,what\n2011-01-02 10:00:00,a: b\n2011-01-02 10:00:01,c\n"), Separator::Byte(b','));
    }

    #[test]
    fn quotes_and_escapes_are_found() {
        let d = found("'a, b','it''s',1\n'c','d',2\n'e, f','g',3\n");
        assert_eq!((d.separator, d.quote), (Separator::Byte(b','), Some(b'\'')));
        assert_eq!(found("a,b\nit's,POPPY'S\ndon't,x\n").quote, Some(b'"'));
        let d = found("a,b\n\"say \\\"hi, you\\\"\",1\n\"x\",2\n\"say \\\"no\\\"\",3\n");
        assert_eq!((d.quote, d.escape), (Some(b'"'), Some(b'\\')));
        assert!(found("a, b, c\n1, \"x, y\", 3\n2, z, 4\n").skip_space);
        assert!(!found("a,b,c\n1, x,3\n2,z,4\n").skip_space);
    }

    #[test]
    fn old_line_ends_are_found() {
        assert_eq!(found("a,b\r1,2\r").newline, b'\r');
    }
}
