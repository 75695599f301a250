//! Text files: CSV, TSV and their relatives.

mod dialect;
mod encoding;
mod parse;

use std::borrow::Cow;
use std::path::Path;

use encoding_rs::{Encoding, UTF_8};
use rayon::prelude::*;

use super::intern::{ColumnBuilder, column_names, table};
use super::{InputReport, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::Input;
pub(super) use dialect::is_header;
use parse::Separator;

/// Reads a text file.
pub(super) fn read(path: &Path, bytes: Vec<u8>, input: &Input, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let file_size = bytes.len() as u64;
    let found = encoding::find(&bytes, input.encoding.as_deref())?;
    // Every encoding but UTF-16 keeps ASCII as it is: cut the bytes first, decode the distinct cells later.
    let (bytes, start, cells) = if found.encoding.is_ascii_compatible() {
        (bytes, found.mark, found.encoding)
    } else {
        (found.encoding.decode_with_bom_removal(&bytes).0.into_owned().into_bytes(), 0, UTF_8)
    };
    let delimiter = input.delimiter.map(|c| match u8::try_from(c) {
        Ok(b) if b.is_ascii() && b != b'"' && b != b'\n' && b != b'\r' => Ok(b),
        _ => {
            Err(Error::Recipe(format!("{c:?} cannot be a delimiter; give one ASCII character such as , ; | or a tab")))
        }
    });
    let dialect = dialect::find(&bytes[start..], delimiter.transpose()?, input.header);
    let start = first_record(&bytes, start);
    if start >= bytes.len() {
        return Err(Error::read(path, "the file is empty; choose another file"));
    }
    let mut first = Vec::new();
    let end = parse::split_record(&bytes, start, dialect.separator, dialect.newline, &mut |cell| {
        first.push(decode(cells, cell).into_owned());
    });
    let columns = first.len();
    let body = if dialect.header { end.next } else { start };
    let parsed = parse::parse(&bytes, body.min(bytes.len()), columns, dialect, &ctx.part(0.0, 0.8))?;
    let rest = ctx.part(0.8, 1.0);
    let names = column_names(dialect.header.then_some(first), columns);
    let finish = |(column, name): (ColumnBuilder, String)| column.finish(name, &|cell| decode(cells, cell), &rest);
    let finished = parsed.columns.into_par_iter().zip(names).map(finish).collect::<Result<_>>()?;
    let table = table(finished);
    let report = InputReport {
        path: path.to_path_buf(),
        format: "csv".into(),
        encoding: Some(found.encoding.name().to_lowercase()),
        delimiter: Some(match dialect.separator {
            Separator::Byte(b) => char::from(b).to_string(),
            Separator::Blanks => "whitespace".into(),
        }),
        header: dialect.header,
        sheet: None,
        sheets: Vec::new(),
        bytes: file_size,
        rows: table.rows,
        columns,
        ragged_rows: parsed.ragged_rows,
        broken_quotes: parsed.broken_quotes,
        ..InputReport::default()
    };
    Ok((table, report))
}

/// Blank lines above the first record do not count.
fn first_record(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut line = start;
    while let Some(b) = bytes.get(at) {
        match b {
            b'\n' | b'\r' => line = at + 1,
            b' ' => {}
            _ => return line,
        }
        at += 1;
    }
    bytes.len()
}

fn decode<'a>(encoding: &'static Encoding, cell: &'a [u8]) -> Cow<'a, str> {
    encoding.decode_without_bom_handling(cell).0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &[u8]) -> Table {
        read(Path::new("x.csv"), text.to_vec(), &Input::default(), &Ctx::silent()).unwrap().0
    }

    fn cells(table: &Table, column: usize) -> Vec<&str> {
        (0..table.rows).map(|r| table.columns[column].text(r)).collect()
    }

    #[test]
    fn quotes_newlines_and_short_rows() {
        let table = read_text(b"id,note\r\n1,\"a \"\"b\"\"\r\nc\"\r\n2\r\n\r\n3,d,e\r\n4,5\" pipe\r\n5,\"x\"y\n");
        assert_eq!(cells(&table, 0), ["1", "2", "3", "4", "5"]);
        assert_eq!(cells(&table, 1), ["a \"b\"\r\nc", "", "d", "5\" pipe", "xy"]);
    }

    #[test]
    fn cells_keep_their_spaces_and_other_alphabets() {
        let table = read_text(b"id,name\n1, caf\xe9 \n2,Gr\xfc\xdfe\n");
        assert_eq!(cells(&table, 1), [" café ", "Grüße"]);
        let wide: Vec<u8> =
            [0xff, 0xfe].into_iter().chain("id,x\n1,ы\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(cells(&read_text(&wide), 1), ["ы"]);
    }

    #[test]
    fn an_unclosed_quote_and_an_empty_file_are_no_panic() {
        let table = read_text(b"id,x\n1,\"never closed\n2,b\n");
        assert_eq!((cells(&table, 0), cells(&table, 1)), (vec!["1", "2"], vec!["\"never closed", "b"]));
        assert!(read(Path::new("x"), b"\n \n".to_vec(), &Input::default(), &Ctx::silent()).is_err());
        assert_eq!(read_text(b"id,x\n").rows, 0);
    }

    /// Large enough for several pieces: the same cells must come out as from one thread and one piece.
    #[test]
    fn pieces_change_nothing() {
        let mut text = String::from("id,a,b\n");
        let mut expected = Vec::new();
        for i in 0..400_000 {
            let b =
                if i % 7 == 0 { format!("\"line {i}\nwith, \"\"quotes\"\"\"") } else { format!("plain {}", i % 1000) };
            text.push_str(&format!("{i},{},{b}\n", i % 13));
            if i % 7 == 0 {
                expected.push((i, format!("line {i}\nwith, \"quotes\"")));
            }
        }
        assert!(text.len() > 8 << 20);
        let table = read_text(text.as_bytes());
        assert_eq!(table.rows, 400_000);
        for (row, b) in expected {
            assert_eq!(table.columns[0].text(row), row.to_string());
            assert_eq!(table.columns[2].text(row), b);
        }
        // One stray quote makes the cuts unreliable; the reader has to notice.
        let stray = text.replacen("plain 1\n", "5\" plain\n", 1);
        let table = read_text(stray.as_bytes());
        assert_eq!(table.rows, 400_000);
        assert_eq!(table.columns[2].text(1), "5\" plain");
    }
}
