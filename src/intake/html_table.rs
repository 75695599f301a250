//! Tables of web pages: many shops and tills write one and call it `.xls`.

use encoding_rs::Encoding;

use super::read::Source;
use super::workbook;
use super::{InputReport, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::Input;

/// Cells a span may make at most, so that a typing error in a page cannot fill memory.
const MOST_SPAN: usize = 1000;

/// Whether the start of a text (in lower case) is that of a web page, or of a table cut out of one.
pub(super) fn looks_like(lower: &str) -> bool {
    ["<!doctype html", "<html", "<table", "<body", "<head", "<meta", "<style", "<div"].iter().any(|t| lower.starts_with(t))
        || ((lower.starts_with("<?xml") || lower.starts_with("<!--")) && (lower.contains("<html") || lower.contains("<table")))
}

/// Reads the largest table of a page.
pub(super) fn read(source: &Source, input: &Input, ctx: &Ctx) -> Result<(Table, InputReport)> {
    let (text, encoding) = decode(&source.bytes);
    let mut tables = tables(&text, ctx)?;
    let cells = |t: &Vec<Vec<String>>| t.iter().map(Vec::len).sum::<usize>();
    let Some(best) = (0..tables.len()).max_by_key(|&i| (cells(&tables[i]), std::cmp::Reverse(i))) else {
        return Err(Error::read(
            &source.path,
            "this is a web page without a table; open it in a spreadsheet program and save it as .xlsx, or export the data as CSV",
        ));
    };
    let found = tables.len();
    let rows = tables.swap_remove(best);
    let mut notes = vec!["The file is a web page, whatever its name says; its table was read.".to_string()];
    if found > 1 {
        notes.push(format!("The page has {found} tables; the largest was read."));
    }
    let (table, mut report) = workbook::from_rows(source, rows, "html", input, ctx)?;
    report.encoding = Some(encoding.to_lowercase());
    report.notes.splice(0..0, notes);
    Ok((table, report))
}

/// By its mark, by what the page says of itself, or else UTF-8 if it is, Windows-1252 if not.
fn decode(bytes: &[u8]) -> (String, &'static str) {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(2048)]).to_lowercase();
    let said = head.split_once("charset=").map(|(_, rest)| {
        rest.trim_start_matches(['"', '\'']).split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).next().unwrap_or_default()
    });
    let encoding = Encoding::for_bom(bytes)
        .map(|(e, _)| e)
        .or_else(|| std::str::from_utf8(bytes).is_ok().then_some(encoding_rs::UTF_8))
        .or_else(|| said.and_then(|s| Encoding::for_label(s.as_bytes())).filter(|e| *e != encoding_rs::UTF_8))
        .unwrap_or(encoding_rs::WINDOWS_1252);
    (encoding.decode(bytes).0.into_owned(), encoding.name())
}

/// A table being read.
#[derive(Default)]
struct Open {
    rows: Vec<Vec<String>>,
    /// Cells of the row being read, and those that reach down into the next rows: column, rows left.
    row: Option<Vec<String>>,
    reaching: Vec<(usize, usize)>,
    cell: Option<(String, usize, usize)>,
}

impl Open {
    fn end_cell(&mut self) {
        let (Some((text, across, down)), Some(row)) = (self.cell.take(), self.row.as_mut()) else { return };
        // Cells of rows above stand where they reach down to.
        while self.reaching.iter().any(|&(column, _)| column == row.len()) {
            row.push(String::new());
        }
        for i in 0..across {
            if down > 1 {
                self.reaching.push((row.len(), down));
            }
            row.push(if i == 0 { text.split_whitespace().collect::<Vec<_>>().join(" ") } else { String::new() });
        }
    }

    fn end_row(&mut self) {
        self.end_cell();
        if let Some(row) = self.row.take() {
            self.rows.push(row);
            self.reaching.retain_mut(|(_, rows)| {
                *rows -= 1;
                *rows > 0
            });
        }
    }
}

/// All tables, those within others on their own.
fn tables(text: &str, ctx: &Ctx) -> Result<Vec<Vec<Vec<String>>>> {
    let mut done = Vec::new();
    let mut open: Vec<Open> = Vec::new();
    let mut at = 0;
    let mut tags = 0usize;
    while let Some(start) = text[at..].find('<').map(|i| at + i) {
        put_text(&mut open, &text[at..start]);
        tags += 1;
        if tags.is_multiple_of(1 << 12) {
            ctx.tick(at, text.len())?;
        }
        if text[start..].starts_with("<!--") {
            at = text[start..].find("-->").map_or(text.len(), |i| start + i + 3);
            continue;
        }
        let Some(end) = text[start..].find('>').map(|i| start + i) else { break };
        let tag = &text[start + 1..end];
        at = end + 1;
        let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect::<String>().to_lowercase();
        match name.as_str() {
            "style" | "script" => {
                let close = format!("</{name}");
                // Upper case closes too; pages mix them.
                let rest = &text[at..];
                at = rest.find(&close).or_else(|| rest.find(&close.to_uppercase())).map_or(text.len(), |i| at + i);
            }
            "table" => open.push(Open::default()),
            "/table" => {
                if let Some(mut table) = open.pop() {
                    table.end_row();
                    done.push(table.rows);
                }
            }
            "tr" => {
                if let Some(table) = open.last_mut() {
                    table.end_row();
                    table.row = Some(Vec::new());
                }
            }
            "/tr" => {
                if let Some(table) = open.last_mut() {
                    table.end_row();
                }
            }
            "td" | "th" => {
                if let Some(table) = open.last_mut() {
                    table.end_cell();
                    table.row.get_or_insert_default();
                    table.cell = Some((String::new(), span(tag, "colspan"), span(tag, "rowspan")));
                }
            }
            "/td" | "/th" => {
                if let Some(table) = open.last_mut() {
                    table.end_cell();
                }
            }
            "br" | "br/" | "p" | "/p" | "div" | "/div" | "li" => put_text(&mut open, " "),
            _ => {}
        }
    }
    // A page that is cut off still has what came before.
    while let Some(mut table) = open.pop() {
        table.end_row();
        done.push(table.rows);
    }
    done.retain(|rows| rows.iter().any(|r| r.iter().any(|c| !c.is_empty())));
    Ok(done)
}

fn put_text(open: &mut [Open], text: &str) {
    if let Some((cell, ..)) = open.last_mut().and_then(|t| t.cell.as_mut()) {
        unescape(text, cell);
    }
}

/// The number in `colspan="2"`; 1 without.
fn span(tag: &str, name: &str) -> usize {
    let lower = tag.to_lowercase();
    let value = lower.split_once(name).map_or("", |(_, rest)| rest);
    let digits: String = value.chars().skip_while(|c| matches!(c, '=' | '"' | '\'' | ' ')).take_while(char::is_ascii_digit).collect();
    digits.parse::<usize>().unwrap_or(1).clamp(1, MOST_SPAN)
}

/// Appends a text with its entities (`&amp;`, `&#233;`) replaced.
fn unescape(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.char_indices().take(12).find(|(_, c)| *c == ';').map(|(i, _)| i);
        let known = end.and_then(|end| {
            let entity = &rest[1..end];
            let number = entity.strip_prefix('#').and_then(|n| match n.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok(),
                None => n.parse().ok(),
            });
            let c = match entity {
                "amp" => Some('&'),
                "lt" => Some('<'),
                "gt" => Some('>'),
                "quot" => Some('"'),
                "apos" => Some('\''),
                "nbsp" => Some(' '),
                "euro" => Some('€'),
                "pound" => Some('£'),
                "yen" => Some('¥'),
                "auml" => Some('ä'),
                "ouml" => Some('ö'),
                "uuml" => Some('ü'),
                "Auml" => Some('Ä'),
                "Ouml" => Some('Ö'),
                "Uuml" => Some('Ü'),
                "szlig" => Some('ß'),
                "eacute" => Some('é'),
                "egrave" => Some('è'),
                "agrave" => Some('à'),
                "ccedil" => Some('ç'),
                "ntilde" => Some('ñ'),
                _ => number.and_then(char::from_u32),
            };
            Some((end, c?))
        });
        match known {
            Some((end, c)) => {
                out.push(c);
                rest = &rest[end + 1..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out.push_str(rest);
}
