//! Comma-separated values as RFC 4180 has them, for programs or for Excel.

use std::io::{self, Write};

use crate::recipe::CsvFor;

/// Writes records field by field.
///
/// For programs: comma, quotes where a field needs them, CRLF-free line ends (`\n`, which every reader takes and every
/// line-based tool expects), UTF-8 without a byte order mark. Texts are written as they are, even where they begin with
/// `=`: ids have to join with other systems.
///
/// For Excel: a byte order mark, without which it takes the text for that of an old code page; CRLF; the separator and
/// the decimal sign of the place, without which everything lands in one column. Texts that it would take for formulas get
/// an apostrophe before them, as OWASP recommends ("CSV Injection", owasp.org). Ids that it would take for another number
/// or a date are written as `="00042"`, the one form that it reads as this text.
pub(crate) struct CsvWriter<W: Write> {
    out: W,
    line: Vec<u8>,
    fields: usize,
    /// Where the record begins in `line`: after the byte order mark in the first one.
    start: usize,
    whom: CsvFor,
    separator: u8,
}

const MARK: &[u8] = "\u{feff}".as_bytes();

impl<W: Write> CsvWriter<W> {
    /// For programs.
    pub fn new(out: W) -> Self {
        CsvWriter::for_whom(out, CsvFor::Programs)
    }

    pub fn for_whom(out: W, whom: CsvFor) -> Self {
        let mut line = Vec::with_capacity(256);
        if whom != CsvFor::Programs {
            line.extend_from_slice(MARK);
        }
        let separator = if whom == CsvFor::ExcelSemicolon { b';' } else { b',' };
        CsvWriter { out, start: line.len(), line, fields: 0, whom, separator }
    }

    /// A text; quoted when it holds the separator, a quote, a line break, or blanks at its ends.
    pub fn text(&mut self, text: &str) {
        if self.whom != CsvFor::Programs && is_formula(text) {
            self.field("'", text, "");
        } else {
            self.field("", text, "");
        }
    }

    /// A text that names something, such as a customer's id: it has to stay what it is.
    pub fn id(&mut self, id: &str) {
        if self.whom != CsvFor::Programs && is_changed(id) {
            self.field("=\"", id, "\"");
        } else {
            self.text(id);
        }
    }

    /// What is neither a text of the data nor a number, such as a date.
    pub fn plain(&mut self, text: &str) {
        self.field("", text, "");
    }

    /// `before`, `text` and `after` as one field.
    fn field(&mut self, before: &str, text: &str, after: &str) {
        self.separate();
        let edge = |c: Option<&u8>| matches!(c, Some(b' ' | b'\t'));
        let bytes = text.as_bytes();
        if after.is_empty()
            && memchr::memchr3(self.separator, b'"', b'\n', bytes).is_none()
            && memchr::memchr(b'\r', bytes).is_none()
            && !edge(bytes.first())
            && !edge(bytes.last())
        {
            self.line.extend_from_slice(before.as_bytes());
            self.line.extend_from_slice(bytes);
            return;
        }
        self.line.push(b'"');
        for b in [before, text, after].into_iter().flat_map(str::bytes) {
            if b == b'"' {
                self.line.push(b'"');
            }
            self.line.push(b);
        }
        self.line.push(b'"');
    }

    /// A number in the fewest digits that read back to exactly this value, whole numbers without a
    /// decimal point; empty where there is none.
    pub fn number(&mut self, value: f64) {
        self.separate();
        if value.is_finite() {
            let from = self.line.len();
            // Writing to a Vec cannot fail. Adding zero turns −0 into 0.
            let _ = write!(self.line, "{}", value + 0.0);
            if self.whom == CsvFor::ExcelSemicolon
                && let Some(at) = memchr::memchr(b'.', &self.line[from..])
            {
                self.line[from + at] = b',';
            }
        }
    }

    /// A whole number.
    pub fn whole(&mut self, value: u64) {
        self.separate();
        let _ = write!(self.line, "{value}");
    }

    /// Ends the record.
    pub fn end(&mut self) -> io::Result<()> {
        if self.fields == 1 && self.line.len() == self.start {
            // An empty line would be no record at all.
            self.line.extend_from_slice(b"\"\"");
        }
        self.line.extend_from_slice(if self.whom == CsvFor::Programs { b"\n" } else { b"\r\n" });
        self.out.write_all(&self.line)?;
        self.line.clear();
        (self.fields, self.start) = (0, 0);
        Ok(())
    }

    /// Hands the rest to the operating system.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn separate(&mut self) {
        if self.fields > 0 {
            self.line.push(self.separator);
        }
        self.fields += 1;
    }
}

/// Whether a spreadsheet may take the text for a formula: OWASP's list of first characters, full-width forms included.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// Whether Excel would read the id as something else and show it otherwise: zeros before a number, more digits than it
/// keeps, a power of ten, a fraction, a date or a time. Such ids consist of digits and a few signs, so that they are
/// harmless in quotes.
fn is_changed(id: &str) -> bool {
    const MOST_DIGITS: usize = 15;
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-+/.:, %".contains(&b);
    if !id.bytes().any(|b| b.is_ascii_digit()) || !id.bytes().all(plain) {
        return false;
    }
    let lower = id.to_ascii_lowercase();
    let mut words = lower.split(|c: char| !c.is_ascii_alphabetic()).filter(|w| !w.is_empty());
    match (words.next(), words.next()) {
        (None, _) => {
            let digits = id.bytes().all(|b| b.is_ascii_digit());
            !digits || id.len() > MOST_DIGITS || (id.len() > 1 && id.starts_with('0'))
        }
        (Some(word), None) => matches!(word, "e" | "am" | "pm") || MONTHS.iter().any(|m| word.starts_with(m)),
        (Some(_), Some(_)) => MONTHS.iter().any(|m| lower.contains(m)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(fill: impl Fn(&mut CsvWriter<&mut Vec<u8>>)) -> String {
        let mut out = Vec::new();
        let mut csv = CsvWriter::new(&mut out);
        fill(&mut csv);
        csv.end().unwrap();
        csv.finish().unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn fields_are_quoted_when_they_have_to_be() {
        let line = written(|c| {
            for text in ["plain", "a,b", "say \"hi\"", "two\nlines", "cr\rhere", " blank", "", "=1+1", "ü"] {
                c.text(text);
            }
        });
        assert_eq!(line, "plain,\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"cr\rhere\",\" blank\",,=1+1,ü\n");
        assert_eq!(written(|c| c.text("")), "\"\"\n");
    }

    #[test]
    fn ids_that_excel_would_change_are_told_from_those_it_keeps() {
        for id in
            ["00042", "0", "1E5", "12-11", "3/4", "1.50", "12:30", "12 am", "5 Mar", "MAR-2", "-5", "+49 30 1", "10%"]
        {
            assert_eq!(is_changed(id), id != "0", "{id}");
        }
        for id in ["12345678901234567", "1234567890123456"] {
            assert!(is_changed(id));
        }
        for id in ["12345", "C536379", "A-12", "=1+1", "", "Ünal 7", "123456789012345", "a\"1", "TEST0001P"] {
            assert!(!is_changed(id), "{id}");
        }
    }

    #[test]
    fn excel_gets_a_mark_its_separator_and_no_formulas() {
        let written = |whom| {
            let mut out = Vec::new();
            let mut csv = CsvWriter::for_whom(&mut out, whom);
            for id in ["00042", "12-11", "=cmd|' /C calc'!A0", "12345"] {
                csv.id(id);
            }
            csv.end().unwrap();
            for text in ["@SUM(A1)", "a;b", "a,b", "-5"] {
                csv.text(text);
            }
            csv.number(-1234.5);
            csv.end().unwrap();
            csv.finish().unwrap();
            String::from_utf8(out).unwrap()
        };
        let excel = written(CsvFor::Excel);
        assert_eq!(
            excel,
            "\u{feff}\"=\"\"00042\"\"\",\"=\"\"12-11\"\"\",'=cmd|' /C calc'!A0,12345\r\n'@SUM(A1),a;b,\"a,b\",'-5,-1234.5\r\n"
        );
        let semicolon = written(CsvFor::ExcelSemicolon);
        assert!(semicolon.ends_with("\r\n'@SUM(A1);\"a;b\";a,b;'-5;-1234,5\r\n"), "{semicolon}");
        assert!(written(CsvFor::Programs).starts_with("00042,12-11,=cmd|' /C calc'!A0,12345\n@SUM(A1),a;b,"));
    }

    #[test]
    fn numbers_read_back_exactly() {
        let values = [5.0, -0.0, 0.1 + 0.2, 1e300, 5e-324, 1.0 / 3.0, 123456789.12345679, -2.5];
        for value in values {
            let line = written(|c| c.number(value));
            assert_eq!(line.trim().parse::<f64>().unwrap(), value, "{line}");
        }
        assert_eq!(written(|c| c.number(5.0)), "5\n");
        assert_eq!(written(|c| c.number(-0.0)), "0\n");
        assert_eq!(
            written(|c| {
                c.number(f64::NAN);
                c.whole(7);
            }),
            ",7\n"
        );
    }

    /// A reader written for this test: records of fields, the mark taken off.
    fn read(text: &str, separator: char, end: &str) -> Vec<Vec<String>> {
        let (mut out, mut record, mut field) = (Vec::new(), Vec::new(), String::new());
        let mut rest = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut quoted = false;
        while let Some(c) = rest.chars().next() {
            if quoted && rest.starts_with("\"\"") {
                field.push('"');
                rest = &rest[2..];
            } else if c == '"' {
                quoted = !quoted;
                rest = &rest[1..];
            } else if !quoted && rest.starts_with(end) {
                record.push(std::mem::take(&mut field));
                out.push(std::mem::take(&mut record));
                rest = &rest[end.len()..];
            } else if !quoted && c == separator {
                record.push(std::mem::take(&mut field));
                rest = &rest[1..];
            } else {
                field.push(c);
                rest = &rest[c.len_utf8()..];
            }
        }
        assert!(!quoted && field.is_empty() && record.is_empty(), "the file ends with a line end");
        out
    }

    proptest::proptest! {
        #[test]
        fn every_option_reads_back(
            rows in proptest::collection::vec(
                ("[-=+@0-9a-zE,;.:/\"'\n\r\t ü🏆]{0,8}|.{0,8}", "[-=+@0-9E]{0,5}|[\"\t=a;,\n ]{0,6}|.{0,8}", proptest::num::f64::ANY, 0u64..),
                1..6,
            ),
            at in 0usize..3,
        ) {
            let whom = CsvFor::ALL[at];
            let mut out = Vec::new();
            let mut csv = CsvWriter::for_whom(&mut out, whom);
            csv.text("name");
            csv.end().unwrap();
            for (text, id, number, whole) in &rows {
                csv.text(text);
                csv.id(id);
                csv.number(*number);
                csv.whole(*whole);
                csv.end().unwrap();
            }
            csv.finish().unwrap();
            let excel = whom != CsvFor::Programs;
            proptest::prop_assert_eq!(out.starts_with("\u{feff}".as_bytes()), excel);
            let separator = if whom == CsvFor::ExcelSemicolon { ';' } else { ',' };
            let found = read(std::str::from_utf8(&out).unwrap(), separator, if excel { "\r\n" } else { "\n" });
            proptest::prop_assert_eq!(found.len(), rows.len() + 1);
            for (fields, (text, id, number, whole)) in found[1..].iter().zip(&rows) {
                // What a spreadsheet would take for a formula never stands at the beginning, but for the form that keeps ids.
                let kept = fields[1].strip_prefix("=\"").and_then(|f| f.strip_suffix('"')).filter(|_| excel);
                let plain = |field: &str| match field.strip_prefix('\'') {
                    Some(rest) if excel && is_formula(rest) => rest.to_string(),
                    _ => field.to_string(),
                };
                proptest::prop_assert!(!excel || !is_formula(&fields[0]));
                proptest::prop_assert!(!excel || kept.is_some() || !is_formula(&fields[1]));
                // In quotes of a formula stand signs that cannot end them.
                proptest::prop_assert!(kept.is_none_or(|id| !id.contains(['"', '(', '|', '!', '&'])));
                // An apostrophe of the text's own looks like one that guards it.
                if !text.starts_with('\'') {
                    proptest::prop_assert_eq!(&plain(&fields[0]), text);
                }
                if !id.starts_with('\'') {
                    proptest::prop_assert_eq!(&kept.map_or_else(|| plain(&fields[1]), String::from), id);
                }
                let point = fields[2].replace(',', ".");
                proptest::prop_assert_eq!(fields[2].contains('.') && separator == ';', false);
                if number.is_finite() {
                    proptest::prop_assert_eq!(point.parse::<f64>().unwrap(), *number);
                } else {
                    proptest::prop_assert_eq!(&point, "");
                }
                proptest::prop_assert_eq!(fields[3].parse::<u64>().unwrap(), *whole);
            }
        }
    }
}
