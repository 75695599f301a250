//! The report as PDF: `assets/report/report.typ` filled by typst.

use std::collections::BTreeMap;

use serde_json::Value;
use typst::foundations::{Bytes, Smart};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use super::data::Report;
use super::world::Paper;

const TEMPLATE: &str = include_str!("../../../assets/report/report.typ");

/// Words of more letters get places where a line may break, as no line of a page is wider than its column.
const LONGEST_PART: usize = 12;
const BREAK_HERE: char = '\u{200b}';

/// The report as the bytes of a PDF file, the same for the same report. `fonts` are the font files to set it in; what they
/// have no glyph for is drawn as an empty box. `stopped` is asked now and then and ends the work with an error.
///
/// # Errors
/// What typst says where the template or a picture cannot be used.
pub fn render(
    report: &Report,
    fonts: &[&'static [u8]],
    stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Vec<u8>, String> {
    let mut data = serde_json::to_value(report).map_err(|e| e.to_string())?;
    make_breakable(&mut data);
    let mut files: BTreeMap<String, Bytes> =
        report.files.iter().map(|file| (file.name.clone(), Bytes::new(file.bytes.clone()))).collect();
    files.insert("data.json".into(), Bytes::from_string(data.to_string()));
    let paper = Paper::new(TEMPLATE, fonts, files, stopped).ok_or("the template has no name")?;
    let made = typst::compile::<PagedDocument>(&paper).output.and_then(|document| {
        let options = PdfOptions {
            ident: Smart::Custom(format!("quintile {}", report.title)),
            creator: Smart::Custom(Some("Quintile".into())),
            timestamp: None,
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&document, &options)
    });
    // What typst remembers is worth nothing to the next report, which has other data.
    typst::comemo::evict(0);
    made.map_err(|errors| {
        let words: Vec<String> = errors.iter().map(|e| e.message.to_string()).collect();
        words.join("; ")
    })
}

/// Lets long words break anywhere, in all texts but the names of files, colours and places.
fn make_breakable(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(broken) = breakable(text) {
                *text = broken;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(make_breakable),
        Value::Object(entries) => {
            let kept = ["file", "logo", "color", "on_color", "anchor", "link", "kind"];
            let texts = entries.iter_mut().filter(|(name, _)| !kept.contains(&name.as_str()));
            texts.for_each(|(_, value)| make_breakable(value));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// The text with invisible places to break in its long words; `None` where there are none.
fn breakable(text: &str) -> Option<String> {
    let long = text.split_whitespace().any(|word| word.chars().count() > 2 * LONGEST_PART);
    if !long {
        return None;
    }
    let mut out = String::with_capacity(text.len() + text.len() / LONGEST_PART * BREAK_HERE.len_utf8());
    for word in text.split_inclusive(char::is_whitespace) {
        let longer = word.trim_end().chars().count() > 2 * LONGEST_PART;
        for (i, c) in word.chars().enumerate() {
            if longer && i > 0 && i.is_multiple_of(LONGEST_PART) {
                out.push(BREAK_HERE);
            }
            out.push(c);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_long_words_get_places_to_break() {
        assert_eq!(breakable("Champions who spend more than others"), None);
        let long = breakable(&format!("a {} b", "x".repeat(30))).unwrap();
        assert_eq!(long.matches(BREAK_HERE).count(), 2);
        assert_eq!(long.replace(BREAK_HERE, ""), format!("a {} b", "x".repeat(30)));
    }
}
