//! Terms within a text: found, dotted below, explained where one points at them.

use std::ops::Range;

use egui::text::{CCursor, LayoutJob};
use egui::{CursorIcon, Galley, Label, Pos2, Rect, Sense, Ui, WidgetInfo};

use super::{Entry, all, card, dots, find};
use crate::ui::theme;

/// Words that mean what everybody takes them for where they stand within a sentence; in bold they count.
const PLAIN: [&str; 22] = [
    "customer",
    "cluster",
    "mean",
    "share",
    "run",
    "rule",
    "weight",
    "scale",
    "lift",
    "trend",
    "gap",
    "selection",
    "window",
    "project",
    "profile",
    "noise",
    "distance",
    "invoice",
    "transaction",
    "feature",
    "role",
    "k",
];

/// Terms of `text` with their places, counted in characters, each at most once and none of those in `seen`, which are added
/// to. `bold` are the places of bold words, where plain words count too.
pub fn terms_in(
    text: &str,
    bold: &[Range<usize>],
    seen: &mut Vec<&'static str>,
) -> Vec<(Range<usize>, &'static Entry)> {
    let letters: Vec<char> = text.chars().collect();
    let lower: Vec<char> = letters.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
    let mut found: Vec<(Range<usize>, &'static Entry)> = Vec::new();
    let mut add = |range: Range<usize>, entry: &'static Entry, seen: &mut Vec<&'static str>| {
        let free = found.iter().all(|(r, _): &(Range<usize>, _)| r.end <= range.start || range.end <= r.start);
        if free && !seen.contains(&entry.name.as_str()) {
            seen.push(&entry.name);
            found.push((range, entry));
        }
    };
    for range in bold {
        let word: String = letters[range.clone()].iter().collect();
        if let Some(entry) = find(&word) {
            add(range.clone(), entry, seen);
        }
    }
    // Longer names first, so that "standard error" is not "standard deviation" and "k-means++" not "k-means".
    let mut entries: Vec<&'static Entry> = all().iter().filter(|e| !PLAIN.contains(&e.name.as_str())).collect();
    entries.sort_by_key(|e| std::cmp::Reverse(e.name.chars().count()));
    for entry in entries {
        let name: Vec<char> = entry.name.to_lowercase().chars().collect();
        let starts = (0..(lower.len() + 1).saturating_sub(name.len())).filter(|&i| lower[i..].starts_with(&name));
        let word = |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric());
        for at in starts {
            let mut end = at + name.len();
            if lower.get(end) == Some(&'s') {
                end += 1;
            }
            if !word(at.checked_sub(1).and_then(|i| lower.get(i))) && !word(lower.get(end)) {
                add(at..end, entry, seen);
                break;
            }
        }
    }
    found.sort_by_key(|(range, _)| range.start);
    found
}

/// Text with terms in it.
pub struct Paragraph {
    pub job: LayoutJob,
    pub terms: Vec<(Range<usize>, &'static Entry)>,
}

impl Paragraph {
    /// Draws it; returns the term that was clicked.
    pub fn show(self, ui: &mut Ui) -> Option<&'static Entry> {
        let t = theme::of(ui);
        let label = Label::new(self.job).wrap();
        let label = if self.terms.is_empty() { label } else { label.sense(Sense::click()) };
        let (at, galley, response) = label.layout_in_ui(ui);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Label, ui.is_enabled(), galley.text()));
        if !ui.is_rect_visible(response.rect) {
            return None;
        }
        ui.painter().galley(at, galley.clone(), t.text.muted);
        let pointer = response.hover_pos();
        let mut pointed = None;
        for (range, entry) in &self.terms {
            let pieces = pieces(&galley, at, range);
            let on = pointer.is_some_and(|p| pieces.iter().any(|r| r.expand(1.0).contains(p)));
            let color = if on { t.accent.normal } else { t.text.faint };
            pieces.iter().for_each(|piece| dots(ui.painter(), *piece, color));
            if on {
                pointed = Some(*entry);
            }
        }
        // By keyboard the first term of the paragraph is meant.
        let meant = pointed.or_else(|| self.terms.first().map(|t| t.1).filter(|_| response.has_focus()));
        let clicked = response.clicked();
        if let Some(entry) = pointed {
            response.on_hover_cursor(CursorIcon::Help).on_hover_ui_at_pointer(|ui| card(ui, entry));
        }
        meant.filter(|_| clicked)
    }
}

/// The rectangles of a stretch of characters, one per line.
fn pieces(galley: &Galley, at: Pos2, range: &Range<usize>) -> Vec<Rect> {
    let mut pieces: Vec<Rect> = Vec::new();
    for i in range.clone() {
        let left = galley.pos_from_cursor(CCursor { index: i.into(), prefer_next_row: true });
        let right = galley.pos_from_cursor(CCursor { index: (i + 1).into(), prefer_next_row: false });
        let letter = Rect::from_two_pos(left.left_top(), right.right_bottom()).translate(at.to_vec2());
        match pieces.last_mut() {
            Some(piece) if (piece.top() - letter.top()).abs() < 1.0 => *piece = piece.union(letter),
            _ => pieces.push(letter),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str, bold: &[Range<usize>]) -> Vec<String> {
        let letters: Vec<char> = text.chars().collect();
        let found = terms_in(text, bold, &mut Vec::new());
        found.into_iter().map(|(r, e)| format!("{}={}", letters[r].iter().collect::<String>(), e.name)).collect()
    }

    #[test]
    fn whole_words_are_found_once_and_the_longer_name_wins() {
        let text = "The silhouette of k-means++ and a silhouette; silhouetted is no term. Medians, standard errors.";
        let expected =
            ["silhouette=silhouette", "k-means++=k-means++", "Medians=median", "standard errors=standard error"];
        assert_eq!(names(text, &[]), expected);
    }

    #[test]
    fn plain_words_count_in_bold_only() {
        assert_eq!(names("Noise is what is left.", &[]), [""; 0]);
        assert_eq!(names("Noise is what is left.", std::slice::from_ref(&(0..5))), ["Noise=noise"]);
        let mut seen = vec!["median"];
        assert!(terms_in("The median", &[], &mut seen).is_empty(), "explained above");
    }
}
