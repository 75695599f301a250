//! The list of rows that do not fit: line number, text, reason.

use super::decode::Decoder;
use super::dialect::Dialect;
use super::parse::{Oddity, Parsed};
use super::repair::Repair;
use crate::format;
use crate::intake::Reject;

/// Bytes of a row that are shown.
const SHOWN: usize = 300;

/// One entry per odd record that was kept, in the order of the file.
pub(super) fn list(bytes: &[u8], parsed: &Parsed, dialect: Dialect, decoder: &Decoder) -> Vec<Reject> {
    let (mut line, mut counted) = (1, 0);
    let last = parsed.odd.iter().map(|o| o.end).max().unwrap_or(0);
    let list = parsed.odd.iter().map(|odd| {
        line += memchr::memchr_iter(dialect.newline, &bytes[counted..odd.start]).count();
        counted = odd.start;
        let record = &bytes[odd.start..odd.end];
        let shown = record.trim_ascii_end();
        let mut text = decoder.text(&shown[..shown.len().min(SHOWN)]).into_owned();
        if shown.len() > SHOWN {
            text.push('…');
        }
        let unfinished = odd.end == last && odd.end == bytes.len() && record.last() != Some(&dialect.newline);
        Reject { line, row: Some(odd.row), text, reason: reason(odd.oddity, unfinished) }
    });
    list.collect()
}

fn reason(oddity: Oddity, unfinished: bool) -> String {
    let cells = |n| format::plural(n, "cell", "cells");
    match oddity {
        Oddity::Short(n) if unfinished => {
            format!("The file ends in the middle of this row, {} short; what is missing was read as empty.", cells(n))
        }
        Oddity::Short(n) => format!("{} less than the table has columns; what is missing was read as empty.", cells(n)),
        Oddity::Long(n) => format!("{} more than the table has columns; what is beyond was left out.", cells(n)),
        Oddity::Quotes => "The quotes do not pair; look whether the cells were cut where they should be.".into(),
        Oddity::Repaired(Repair::Quotes) => {
            "The quotes do not pair; those too many were taken as text, so that the row fits.".into()
        }
        Oddity::Repaired(Repair::Thousands) => {
            "A number has commas between its thousands and no quotes around it; it was put together.".into()
        }
        Oddity::Repaired(Repair::Separator(d)) => {
            let name = match d {
                b'\t' => "tabs".into(),
                b' ' => "spaces".into(),
                other => format!("{:?}", char::from(other)),
            };
            format!("The row is separated by {name}, unlike the others; it was read so.")
        }
    }
}

/// `LF`, `CRLF`, `CR`, or `mixed` if both of the first two occur in the head.
pub(super) fn newline_name(bytes: &[u8], newline: u8) -> String {
    let head = &bytes[..bytes.len().min(1 << 16)];
    if newline == b'\r' {
        return "CR".into();
    }
    let (mut with, mut without) = (0, 0);
    for at in memchr::memchr_iter(b'\n', head) {
        if at > 0 && head[at - 1] == b'\r' { with += 1 } else { without += 1 }
    }
    match (with, without) {
        (0, _) => "LF".into(),
        (_, 0) => "CRLF".into(),
        _ => "mixed".into(),
    }
}
