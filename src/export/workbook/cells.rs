//! Cells as XML, quickly: what `rust_xlsxwriter` does for small sheets, for those of many rows.
//!
//! Texts stand in the table of strings that all sheets share (Excel makes such a table of other texts while it opens a
//! file), and cells hold places in it. As a place is the number of the row, or one of a few, nothing has to be looked up.

use std::io::Write;

use chrono::{Days, NaiveDate};

/// 1970-01-01 as Excel counts days, and the days that it counts right: 1900-03-01 to 9999-12-31.
const EPOCH: f64 = 25_569.0;
pub(super) const RIGHT_DAYS: std::ops::RangeInclusive<f64> = 61.0..=2_958_465.0;

/// What one column of a large sheet holds, by rows of the table of customers. Places of strings count from the first of
/// [`super::assemble::Strings`].
pub(super) enum Values<'a> {
    /// Each row has a text of its own: that of row 0 is at place `first` of the shared strings, the next ones follow.
    Own {
        first: usize,
    },
    /// One of a few texts: its number by row, and its place in the shared strings by number; `None` is an empty cell.
    Few {
        which: Which<'a>,
        places: Vec<Option<usize>>,
    },
    /// Numbers that are not finite are empty cells.
    Numbers(&'a [f64]),
    Scores(&'a [u8]),
    /// Numbers of a few groups, from the groups' places.
    Groups {
        labels: &'a [u32],
        numbers: Vec<usize>,
    },
    /// The day that lies so many days before another.
    DaysBefore {
        day: NaiveDate,
        days: &'a [f64],
    },
}

/// Numbers of texts, by rows.
pub(super) enum Which<'a> {
    Bytes(&'a [u8]),
    Labels(&'a [u32]),
    /// Whole numbers, or NaN for none.
    Numbers(&'a [f64]),
}

/// A column of a large sheet with the XML around its cells' values.
pub(super) struct Cells<'a> {
    values: &'a Values<'a>,
    /// Where the strings of the large sheets begin among all that are shared.
    base: usize,
    /// `<c r="B`, then the line, then `" s="3"><v>`.
    open: String,
    close: String,
    /// For a date that Excel cannot count.
    close_text: String,
}

impl<'a> Cells<'a> {
    /// The column at place `at` (from 0); `style` is the number of the cells' format.
    pub fn new(values: &'a Values<'a>, base: usize, at: usize, style: Option<u32>) -> Cells<'a> {
        let style = style.map_or_else(String::new, |s| format!(" s=\"{s}\""));
        let kind = if matches!(values, Values::Own { .. } | Values::Few { .. }) { " t=\"s\"" } else { "" };
        Cells {
            values,
            base,
            open: format!("<c r=\"{}", letters(at)),
            close: format!("\"{style}{kind}><v>"),
            close_text: format!("\"{style} t=\"inlineStr\"><is><t>"),
        }
    }

    /// Writes the cell of a row of the table on a line of the sheet; nothing where it is empty.
    fn write(&self, out: &mut Vec<u8>, line: &[u8], row: usize) {
        let value = match self.values {
            Values::Own { first } => return self.whole(out, line, (self.base + first + row) as u64),
            Values::Few { which, places } => {
                let number = match which {
                    Which::Bytes(codes) => usize::from(codes[row]),
                    Which::Labels(labels) => labels[row] as usize,
                    Which::Numbers(values) if values[row].is_finite() => values[row] as usize,
                    Which::Numbers(_) => return,
                };
                if let Some(Some(place)) = places.get(number) {
                    self.whole(out, line, (self.base + place) as u64);
                }
                return;
            }
            Values::Scores(scores) => return self.whole(out, line, u64::from(scores[row])),
            Values::Groups { labels, numbers } => return self.whole(out, line, numbers[labels[row] as usize] as u64),
            Values::Numbers(values) => values[row],
            Values::DaysBefore { day, days } => {
                let ago = days[row];
                let serial = serial(*day) - ago;
                if ago.is_finite() && !RIGHT_DAYS.contains(&serial) {
                    return self.old_day(out, line, *day, ago);
                }
                serial
            }
        };
        if value.is_finite() {
            self.head(out, line, &self.close);
            number(out, value);
            out.extend_from_slice(b"</v></c>");
        }
    }

    fn head(&self, out: &mut Vec<u8>, line: &[u8], close: &str) {
        out.extend_from_slice(self.open.as_bytes());
        out.extend_from_slice(line);
        out.extend_from_slice(close.as_bytes());
    }

    fn whole(&self, out: &mut Vec<u8>, line: &[u8], value: u64) {
        self.head(out, line, &self.close);
        whole(out, value);
        out.extend_from_slice(b"</v></c>");
    }

    /// A day that Excel cannot count, as text.
    fn old_day(&self, out: &mut Vec<u8>, line: &[u8], day: NaiveDate, ago: f64) {
        let then = if ago < 0.0 {
            day.checked_add_days(Days::new(-ago as u64))
        } else {
            day.checked_sub_days(Days::new(ago as u64))
        };
        if let Some(then) = then {
            self.head(out, line, &self.close_text);
            out.extend_from_slice(then.to_string().as_bytes());
            out.extend_from_slice(b"</t></is></c>");
        }
    }
}

/// Writes a row of the table as a line of the sheet, counted from 1.
pub(super) fn write_row(out: &mut Vec<u8>, line: usize, row: usize, columns: &[Cells]) {
    let mut digits = [0; 20];
    let digits = decimal(line as u64, &mut digits);
    out.extend_from_slice(b"<row r=\"");
    out.extend_from_slice(digits);
    out.extend_from_slice(b"\">");
    for column in columns {
        column.write(out, digits, row);
    }
    out.extend_from_slice(b"</row>");
}

/// Writes a text of the shared strings.
pub(super) fn write_string(out: &mut Vec<u8>, text: &str) {
    let outer_space = text.starts_with(char::is_whitespace) || text.ends_with(char::is_whitespace);
    // Without being told, a reader may drop spaces around a text, and take line ends within it as spaces.
    out.extend_from_slice(if outer_space || text.contains('\n') {
        b"<si><t xml:space=\"preserve\">"
    } else {
        b"<si><t>"
    });
    escape(out, shortened(text));
    out.extend_from_slice(b"</t></si>");
}

/// The text as far as a cell can hold it: 32,767 units of UTF-16.
pub(super) fn shortened(text: &str) -> &str {
    const MOST: usize = 32_767;
    if text.len() <= MOST {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > MOST
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// XML cannot say most control characters: they, and what reads like one, are written as Excel does, `_x0007_`.
fn escape(out: &mut Vec<u8>, text: &str) {
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.extend_from_slice(b"&amp;"),
            '<' => out.extend_from_slice(b"&lt;"),
            '>' => out.extend_from_slice(b"&gt;"),
            '\t' | '\n' => out.push(c as u8),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                // Writing into memory cannot fail.
                let _ = write!(out, "_x{:04X}_", c as u32);
            }
            '_' if looks_escaped(&text.as_bytes()[at..]) => out.extend_from_slice(b"_x005F_"),
            c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
}

/// Whether a text begins like an escaped character: `_x`, four hexadecimal digits, `_`.
fn looks_escaped(text: &[u8]) -> bool {
    matches!(text, [b'_', b'x', digits @ .., ] if digits.len() >= 5
        && digits[..4].iter().all(u8::is_ascii_hexdigit) && digits[4] == b'_')
}

/// A day as Excel counts it.
pub(super) fn serial(day: NaiveDate) -> f64 {
    let since = day.signed_duration_since(NaiveDate::default()).num_days();
    since as f64 + EPOCH
}

/// The letters of a column, counted from 0: A to Z, AA to ZZ, AAA to XFD.
pub(super) fn letters(column: usize) -> String {
    let mut left = column + 1;
    let mut out = Vec::new();
    while left > 0 {
        out.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    out.iter().rev().map(|&b| b as char).collect()
}

/// Writes a finite number in the fewest digits that give the same number again.
fn number(out: &mut Vec<u8>, value: f64) {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        if value < 0.0 {
            out.push(b'-');
        }
        whole(out, value.abs() as u64);
    } else {
        // A finite number and memory to write into: neither can fail.
        let _ = serde_json::to_writer(out, &value);
    }
}

fn whole(out: &mut Vec<u8>, value: u64) {
    out.extend_from_slice(decimal(value, &mut [0; 20]));
}

fn decimal(mut value: u64, digits: &mut [u8; 20]) -> &[u8] {
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = b'0' + (value % 10) as u8;
        value /= 10;
        if value == 0 {
            return &digits[at..];
        }
    }
}
