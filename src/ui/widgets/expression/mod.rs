//! A field for expressions: names and functions are completed while they are typed, the place of a mistake is
//! underlined, and what it is stands below.

mod words;

use std::ops::Range;

use egui::text::{CCursor, CCursorRange, CharIndex, LayoutJob, TextFormat};
use egui::text_edit::TextEditState;
use egui::{CompletionPopup, FontId, RectAlign, Response, RichText, Stroke, Suggestion, TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_ERROR, ICON_FUNCTIONS, ICON_VIEW_COLUMN};

pub use words::{Word, WordKind};

use crate::ui::theme;
use crate::ui::widgets::button;

/// A mistake: bytes of the expression that are wrong, and what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// `None`: it is about the expression as a whole.
    pub at: Option<Range<usize>>,
    pub message: String,
}

/// Rows of the field.
const ROWS: usize = 3;
/// Names that are offered at once.
const MOST_OFFERED: usize = 12;

/// Draws the field with `words` to choose from. `name` is what a screen reader calls it, `example` stands in it while it
/// is empty.
pub fn show(
    ui: &mut Ui,
    name: &str,
    example: &str,
    text: &mut String,
    words: &[Word],
    mistake: Option<&Mistake>,
) -> Response {
    let t = theme::of(ui);
    let id = ui.make_persistent_id(("expression", name));
    let wrong = mistake.and_then(|m| m.at.clone());
    let mut layouter = |ui: &Ui, buffer: &dyn egui::TextBuffer, width: f32| {
        let mut job = highlighted(ui, buffer.as_str(), words, wrong.clone());
        job.wrap.max_width = width;
        ui.fonts_mut(|f| f.layout_job(job))
    };
    let state = words::Quotes::default();
    let edit = TextEdit::multiline(text)
        .hint_text(example)
        .desired_rows(ROWS)
        .desired_width(ui.available_width())
        .margin(vec2(t.space.s, t.space.s))
        .layouter(&mut layouter);
    let shown = CompletionPopup::new(id)
        // Called for every character from the start of the text in order, so that it can tell what stands in quotes.
        .word_boundary(|c| state.ends_word(c))
        .align(RectAlign::BOTTOM_START)
        .max_height(MOST_OFFERED as f32 * t.shape.row / 2.0)
        .show(ui, edit, |query| {
            words::offered(words, query.word, MOST_OFFERED).into_iter().map(|w| suggestion(t, w)).collect()
        });
    let response = shown.text_edit.response.response.clone();
    let response = response.accessible_name(name);
    let cursor = shown.text_edit.cursor_range.map(|range| range.primary.index.0);
    // Whoever opens the editor wants to type.
    let seen = id.with("seen");
    if ui.data(|d| d.get_temp::<bool>(seen)).is_none() {
        ui.data_mut(|d| d.insert_temp(seen, true));
        response.request_focus();
    }
    match mistake {
        Some(mistake) => {
            ui.horizontal_top(|ui| {
                super::text::icon(ui, ICON_ERROR, t.state.bad);
                ui.add(egui::Label::new(RichText::new(&mistake.message).size(t.font.small).color(t.state.bad)).wrap());
            });
        }
        None => {
            let around = cursor.and_then(|at| words::function_at(text, at, words));
            let hint = around
                .map_or("Names are offered as you type; the arrow keys choose, Enter or Tab takes one.".into(), |w| {
                    format!("{}   {}", w.note, w.hint)
                });
            super::text::muted(ui, hint);
        }
    }
    response
}

/// Two menus that put a name or a function where the cursor stands. Returns whether one was put there.
pub fn insert_menus(ui: &mut Ui, name: &str, text: &mut String, words: &[Word]) -> bool {
    let id = ui.make_persistent_id(("expression", name));
    let mut picked = None;
    ui.horizontal(|ui| {
        for (glyph, label, functions) in
            [(ICON_VIEW_COLUMN, "Insert a column…", false), (ICON_FUNCTIONS, "Insert a function…", true)]
        {
            let response = button::plain(ui, glyph, label);
            let all = words.iter().filter(|w| (w.kind == WordKind::Function) == functions);
            egui::Popup::menu(&response).show(|ui| {
                if let Some(word) = list(ui, all) {
                    picked = Some(word.insert());
                }
            });
        }
    });
    let Some(insert) = picked else { return false };
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    let all = text.chars().count();
    let at = state.cursor.char_range().map_or(all, |range| range.primary.index.0).min(all);
    let byte = text.char_indices().nth(at).map_or(text.len(), |(i, _)| i);
    let joins = text[..byte].chars().next_back().is_some_and(|c| c.is_alphanumeric() || c == '"');
    let insert = if joins { format!(" {insert}") } else { insert };
    text.insert_str(byte, &insert);
    let to = CCursor::new(CharIndex(at + insert.chars().count()));
    state.cursor.set_char_range(Some(CCursorRange::one(to)));
    state.store(ui.ctx(), id);
    ui.memory_mut(|m| m.request_focus(id));
    true
}

/// A list of words with their remarks; returns what was clicked.
fn list<'w>(ui: &mut Ui, words: impl Iterator<Item = &'w Word>) -> Option<&'w Word> {
    let t = theme::of(ui);
    ui.set_width(t.frame.explain + t.space.xl);
    let mut picked = None;
    egui::ScrollArea::vertical().max_height(2.0 * t.frame.rail).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for word in words {
            let note = RichText::new(&word.note).size(t.font.small).color(t.text.faint);
            let line = egui::Button::new(RichText::new(&word.name))
                .right_text(note)
                .truncate()
                .frame_when_inactive(false)
                .min_size(vec2(ui.available_width(), t.shape.row));
            let response = ui.add(line).accessible_name(&word.name);
            let response = if word.hint.is_empty() { response } else { response.on_hover_text(&word.hint) };
            if response.clicked() {
                picked = Some(word);
            }
        }
    });
    picked
}

fn suggestion(t: &theme::Theme, word: &Word) -> Suggestion {
    let color = match word.kind {
        WordKind::Function => t.accent.normal,
        WordKind::Name => t.text.normal,
    };
    let shown = RichText::new(&word.name).color(color);
    Suggestion::new(word.insert()).content(shown).description(RichText::new(&word.note).size(t.font.small))
}

/// The text with functions in the accent, texts and numbers quieter, and the mistake underlined.
fn highlighted(ui: &Ui, text: &str, words: &[Word], wrong: Option<Range<usize>>) -> LayoutJob {
    let t = theme::of(ui);
    let font = FontId::monospace(t.font.body);
    let mut job = LayoutJob::default();
    for (range, kind) in words::parts(text, words) {
        let color = match kind {
            words::Part::Function => t.accent.normal,
            words::Part::Name | words::Part::Other => t.text.normal,
            words::Part::Literal => t.state.good,
            words::Part::Space => t.text.muted,
        };
        // The mistake may begin or end within a part.
        let cuts = wrong.iter().flat_map(|w| [w.start, w.end]).filter(|c| range.contains(c));
        let mut edges: Vec<usize> = [range.start].into_iter().chain(cuts).chain([range.end]).collect();
        edges.dedup();
        for pair in edges.windows(2) {
            let mut format = TextFormat::simple(font.clone(), color);
            if wrong.as_ref().is_some_and(|w| w.start <= pair[0] && pair[1] <= w.end) {
                format.underline = Stroke::new(t.shape.ring, t.state.bad);
            }
            if let Some(piece) = text.get(pair[0]..pair[1]) {
                job.append(piece, 0.0, format);
            }
        }
    }
    job
}
