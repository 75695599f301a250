//! As much Markdown as the help texts need: headings, paragraphs, lists, bold. Terms say what they mean where one points
//! at them.

use std::ops::Range;

use egui::text::LayoutJob;
use egui::{FontId, TextFormat, Ui};

use crate::ui::glossary::{Paragraph, terms_in};
use crate::ui::style::semibold;
use crate::ui::theme;

/// Draws `source`; a line is a heading (`#`), a list item (`-`) or a part of a paragraph. Returns the name of the term that
/// was clicked.
pub fn show(ui: &mut Ui, source: &str) -> Option<&'static str> {
    let t = theme::of(ui);
    let mut clicked = None;
    // A term is marked where it stands first.
    let mut seen = Vec::new();
    for block in blocks(source) {
        match block {
            Block::Heading(text) => {
                ui.add_space(t.space.xs);
                crate::ui::widgets::text::plain_heading(ui, text);
            }
            Block::Paragraph(text) => clicked = styled(ui, &text, &mut seen).show(ui).or(clicked),
            Block::Item(text) => {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = t.space.s;
                    let (rect, _) = ui.allocate_exact_size(egui::vec2(t.space.xs, t.font.body), egui::Sense::hover());
                    ui.painter().circle_filled(rect.center() + egui::vec2(0.0, 1.0), t.shape.ring, t.text.faint);
                    clicked = styled(ui, &text, &mut seen).show(ui).or(clicked);
                });
            }
        }
    }
    clicked.map(|entry| entry.name.as_str())
}

#[derive(Debug, PartialEq)]
enum Block {
    Heading(String),
    Paragraph(String),
    Item(String),
}

fn blocks(source: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let mut open = false;
    for line in source.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix('#') {
            out.push(Block::Heading(text.trim_start_matches('#').trim().into()));
            open = false;
        } else if let Some(text) = line.strip_prefix("- ") {
            out.push(Block::Item(text.into()));
            open = true;
        } else if line.is_empty() {
            open = false;
        } else if let (true, Some(Block::Paragraph(text) | Block::Item(text))) = (open, out.last_mut()) {
            text.push(' ');
            text.push_str(line);
        } else {
            out.push(Block::Paragraph(line.into()));
            open = true;
        }
    }
    out
}

/// Text with `**bold**` parts and the terms in it.
fn styled(ui: &Ui, text: &str, seen: &mut Vec<&'static str>) -> Paragraph {
    let t = theme::of(ui);
    let mut job = LayoutJob::default();
    let mut bold: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    for (i, part) in text.split("**").enumerate() {
        let letters = part.chars().count();
        let (font, color) = if i % 2 == 1 {
            bold.push(at..at + letters);
            (FontId::new(t.font.small, semibold()), t.text.normal)
        } else {
            (FontId::proportional(t.font.small), t.text.muted)
        };
        at += letters;
        job.append(part, 0.0, TextFormat { line_height: Some(t.font.small * 1.45), ..TextFormat::simple(font, color) });
    }
    let terms = terms_in(&job.text, &bold, seen);
    Paragraph { job, terms }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_join_to_paragraphs_and_items() {
        let found = blocks("# Title\none\ntwo\n\n- a\n  b\n- c\n");
        let expected = [
            Block::Heading("Title".into()),
            Block::Paragraph("one two".into()),
            Block::Item("a b".into()),
            Block::Item("c".into()),
        ];
        assert_eq!(found, expected);
    }
}
