//! Facts that can be overruled: small buttons with a name and a value that open a menu.

use egui::{
    Button, FontId, Popup, PopupCloseBehavior, Response, RichText, Sense, Stroke, TextEdit, Ui, WidgetInfo, pos2, vec2,
};
use egui_material_icons::icons::{
    ICON_ADD, ICON_CHECK, ICON_EXPAND_LESS, ICON_EXPAND_MORE, ICON_KEYBOARD_ARROW_DOWN, ICON_REMOVE,
};

use super::button;
use super::sheet::excerpt;
use crate::ui::theme;

/// Longest value shown whole, in characters.
const LONGEST: usize = 22;

/// A fact with its name.
pub struct Chip<'a> {
    pub name: &'a str,
    pub value: &'a str,
    /// Whether the user decided it; else it was found.
    pub chosen: bool,
    pub hint: &'a str,
}

impl Chip<'_> {
    /// A fact that cannot be changed.
    pub fn fixed(self, ui: &mut Ui) -> Response {
        self.draw(ui, false)
    }

    /// A fact with the menu that changes it. Clicks outside close the menu; `add` closes it with [`Ui::close`].
    pub fn menu(self, ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
        let t = theme::of(ui);
        let response = self.draw(ui, true);
        Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).gap(t.space.xs).show(add);
    }

    fn draw(&self, ui: &mut Ui, editable: bool) -> Response {
        let t = theme::of(ui);
        let font = FontId::proportional(t.font.small);
        let color = if self.chosen { t.accent.normal } else { t.text.normal };
        let mut galleys = vec![
            ui.painter().layout_no_wrap(self.name.to_string(), font.clone(), t.text.muted),
            ui.painter().layout_no_wrap(excerpt(self.value, LONGEST), font, color),
        ];
        if editable {
            let icon = FontId::new(t.font.small, ICON_KEYBOARD_ARROW_DOWN.font_family());
            galleys.push(ui.painter().layout_no_wrap(ICON_KEYBOARD_ARROW_DOWN.codepoint.into(), icon, t.text.faint));
        }
        let gap = t.space.s - t.shape.ring;
        let wide = galleys.iter().map(|g| g.size().x).sum::<f32>() + gap * (galleys.len() - 1) as f32;
        let sense = if editable { Sense::click() } else { Sense::hover() };
        let (rect, response) = ui.allocate_exact_size(vec2(wide + 2.0 * t.space.s, t.shape.row), sense);
        let visuals = ui.style().interact(&response);
        let (fill, stroke) = match editable {
            true => (visuals.weak_bg_fill, visuals.bg_stroke),
            false => (t.bg.input, Stroke::NONE),
        };
        ui.painter().rect(rect, t.shape.radius_small, fill, stroke, egui::StrokeKind::Inside);
        let mut x = rect.left() + t.space.s;
        for galley in galleys {
            let size = galley.size();
            ui.painter().galley(pos2(x, rect.center().y - size.y / 2.0), galley, color);
            x += size.x + gap;
        }
        let role = if editable { egui::Role::Button } else { egui::Role::Label };
        let called = format!("{}: {}", self.name, self.value);
        response.widget_info(|| WidgetInfo::labeled(role, ui.is_enabled(), &called));
        let origin = match (editable, self.chosen) {
            (true, true) => "\nSet by you. Click to change it.",
            (true, false) => "\nFound by looking at the file. Click to change it.",
            (false, _) => "",
        };
        let full = if self.value.chars().count() > LONGEST { format!("{}\n", self.value) } else { String::new() };
        response.on_hover_text(format!("{full}{}{origin}", self.hint))
    }
}

/// A value that can be picked: what it is in the recipe, its words, and a remark.
pub struct Choice<T> {
    pub value: T,
    pub words: String,
    pub note: String,
}

impl<T> Choice<T> {
    pub fn new(value: T, words: impl Into<String>) -> Self {
        Choice { value, words: words.into(), note: String::new() }
    }

    /// "Automatic", with what was found.
    pub fn automatic(found: &str, chosen: bool) -> Choice<Option<T>> {
        let note = if chosen { String::new() } else { found.to_string() };
        Choice { value: None, words: "Automatic".into(), note }
    }
}

/// The lines of a menu; returns what was picked and closes the menu.
pub fn choices<T: Clone + PartialEq>(ui: &mut Ui, choices: &[Choice<T>], current: &T) -> Option<T> {
    let t = theme::of(ui);
    let mut picked = None;
    egui::ScrollArea::vertical().max_height(12.0 * t.shape.control).show(ui, |ui| {
        for choice in choices {
            let on = choice.value == *current;
            let mark = ICON_CHECK.rich_text().size(t.font.small);
            let mark = mark.color(if on { t.accent.normal } else { egui::Color32::TRANSPARENT });
            let note = RichText::new(&choice.note).size(t.font.small).color(t.text.faint);
            let button = Button::new((mark, choice.words.as_str(), note)).frame_when_inactive(false);
            if ui.add(button).accessible_name(&choice.words).clicked() {
                if !on {
                    picked = Some(choice.value.clone());
                }
                ui.close();
            }
        }
    });
    picked
}

/// A number with a button on either side. Returns the new number.
pub fn stepper(ui: &mut Ui, name: &str, value: usize, range: std::ops::RangeInclusive<usize>) -> Option<usize> {
    let t = theme::of(ui);
    let mut new = None;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.xs;
        ui.label(RichText::new(name).size(t.font.small).color(t.text.muted));
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let more = ui.add_enabled_ui(value < *range.end(), |ui| {
                button::icon(ui, ICON_ADD, "One more").accessible_name(format!("More: {name}"))
            });
            ui.label(crate::format::count(value));
            let fewer = ui.add_enabled_ui(value > *range.start(), |ui| {
                button::icon(ui, ICON_REMOVE, "One fewer").accessible_name(format!("Fewer: {name}"))
            });
            if more.inner.clicked() {
                new = Some(value + 1);
            } else if fewer.inner.clicked() {
                new = Some(value - 1);
            }
        });
    });
    new
}

/// A field for one character that is not in the list. Returns it once it is typed.
pub fn one_character(ui: &mut Ui, name: &str) -> Option<char> {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(name).size(t.font.small).color(t.text.muted));
        let mut text = String::new();
        ui.add(TextEdit::singleline(&mut text).desired_width(t.space.xl).char_limit(1)).accessible_name(name);
        text.chars().next().filter(char::is_ascii)
    })
    .inner
}

/// A line that unfolds what is below it.
pub fn fold(ui: &mut Ui, slot: &str, title: &str, add: impl FnOnce(&mut Ui)) {
    let t = theme::of(ui);
    let id = ui.make_persistent_id(slot);
    let mut open: bool = ui.data(|d| d.get_temp(id)).unwrap_or(false);
    let glyph = if open { ICON_EXPAND_LESS } else { ICON_EXPAND_MORE };
    let glyph = glyph.rich_text().size(t.font.body).color(t.text.faint);
    let words = RichText::new(title).size(t.font.small).color(t.text.muted);
    ui.scope(|ui| {
        ui.spacing_mut().button_padding = vec2(0.0, t.shape.hairline);
        let line = Button::new((glyph, words)).frame_when_inactive(false).truncate();
        if ui.add(line).accessible_name(title).clicked() {
            open = !open;
        }
    });
    if open {
        add(ui);
    }
    ui.data_mut(|d| d.insert_temp(id, open));
}

/// Lines of a file as they stand there.
pub fn raw_lines(ui: &mut Ui, lines: &[String]) {
    let t = theme::of(ui);
    egui::Frame::new().fill(t.bg.input).corner_radius(t.shape.radius_small).inner_margin(t.space.s).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 2.0;
        for line in lines.iter().take(40) {
            let text = RichText::new(excerpt(line, 300)).monospace().size(t.font.tiny).color(t.text.muted);
            ui.add(egui::Label::new(text).truncate()).on_hover_text(excerpt(line, 1000));
        }
        if lines.len() > 40 {
            super::text::muted(ui, format!("and {} more", crate::format::count(lines.len() - 40)));
        }
    });
}

/// A small word on a ground of its own that can be clicked.
pub fn small(ui: &mut Ui, word: &str, name: &str, fill: egui::Color32, color: egui::Color32) -> Response {
    let t = theme::of(ui);
    let galley = ui.painter().layout_no_wrap(word.to_string(), egui::FontId::proportional(t.font.tiny), color);
    let size = galley.size() + vec2(t.space.s + 2.0, 3.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let fill = if response.hovered() || response.has_focus() { fill.lerp_to_gamma(color, 0.2) } else { fill };
    ui.painter().rect_filled(rect, t.shape.radius_small, fill);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, color);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, name));
    response
}
