//! Comma-separated values as RFC 4180 has them.

use std::io::{self, Write};

/// Writes records field by field: comma, quotes where a field needs them, CRLF-free line ends (`\n`, which
/// every reader takes and every line-based tool expects), UTF-8 without a byte order mark.
///
/// Texts are written as they are, even where they begin with `=`: ids have to join with other systems.
pub(crate) struct CsvWriter<W: Write> {
    out: W,
    line: Vec<u8>,
    fields: usize,
}

impl<W: Write> CsvWriter<W> {
    pub fn new(out: W) -> Self {
        CsvWriter { out, line: Vec::with_capacity(256), fields: 0 }
    }

    /// A text; quoted when it holds a comma, a quote, a line break, or blanks at its ends.
    pub fn text(&mut self, text: &str) {
        self.separate();
        let edge = |c: Option<&u8>| matches!(c, Some(b' ' | b'\t'));
        let bytes = text.as_bytes();
        if memchr::memchr3(b',', b'"', b'\n', bytes).is_none()
            && memchr::memchr(b'\r', bytes).is_none()
            && !edge(bytes.first())
            && !edge(bytes.last())
        {
            self.line.extend_from_slice(bytes);
            return;
        }
        self.line.push(b'"');
        for &b in bytes {
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
            // Writing to a Vec cannot fail. Adding zero turns −0 into 0.
            let _ = write!(self.line, "{}", value + 0.0);
        }
    }

    /// A whole number.
    pub fn whole(&mut self, value: u64) {
        self.separate();
        let _ = write!(self.line, "{value}");
    }

    /// Ends the record.
    pub fn end(&mut self) -> io::Result<()> {
        if self.fields == 1 && self.line.is_empty() {
            // An empty line would be no record at all.
            self.line.extend_from_slice(b"\"\"");
        }
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.line.clear();
        self.fields = 0;
        Ok(())
    }

    /// Hands the rest to the operating system.
    pub fn finish(mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn separate(&mut self) {
        if self.fields > 0 {
            self.line.push(b',');
        }
        self.fields += 1;
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
}
