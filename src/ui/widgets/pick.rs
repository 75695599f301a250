//! Small settings in the head of a card: a name with its value and the menu that changes it, and a flag.

use egui::{
    Button, FontId, Popup, PopupCloseBehavior, RichText, ScrollArea, Sense, Stroke, TextEdit, TextWrapMode, Ui,
    WidgetInfo, pos2, vec2,
};
use egui_material_icons::icons::{ICON_CHECK, ICON_KEYBOARD_ARROW_DOWN};

use super::sheet::excerpt;
use crate::ui::theme;

/// Longest value shown whole, in characters.
const LONGEST: usize = 20;
/// From this many choices on there is a field to search them by.
const MANY: usize = 9;

/// One of several values.
pub struct Pick<'a> {
    /// What it sets, in a word.
    pub name: &'a str,
    /// What a screen reader calls it; unlike any other on the panel.
    pub full_name: String,
    pub hint: &'a str,
}

impl Pick<'_> {
    /// Draws the value in `words` and its menu. Returns what was picked. `options` are values and their words; they are
    /// asked for while the menu is open.
    pub fn show<'o, T: Clone + PartialEq>(
        &self,
        ui: &mut Ui,
        words: &str,
        options: impl FnOnce() -> Vec<(T, &'o str)>,
        current: &T,
    ) -> Option<T> {
        let response = self.draw(ui, words);
        let t = theme::of(ui);
        let mut picked = None;
        let popup = Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClickOutside).gap(t.space.xs);
        let id = response.id.with("wanted");
        let open = popup.show(|ui| {
            let options = options();
            if options.len() >= MANY {
                ui.set_width(t.frame.rail + 2.0 * t.space.xl);
            }
            let wanted = if options.len() >= MANY { search(ui, id, self.name) } else { String::new() };
            let found: Vec<_> = options.iter().filter(|(_, words)| words.to_lowercase().contains(&wanted)).collect();
            let height = t.shape.row;
            ui.spacing_mut().item_spacing.y = 0.0;
            // Files may have thousands of columns: only those one sees are drawn.
            let list = ScrollArea::vertical().max_height(12.0 * height).auto_shrink([options.len() < MANY, true]);
            list.show_rows(ui, height, found.len(), |ui, rows| {
                for (value, words) in rows.map(|i| found[i]) {
                    let on = value == current;
                    let mark = ICON_CHECK.rich_text().size(t.font.small);
                    let mark = mark.color(if on { t.accent.normal } else { egui::Color32::TRANSPARENT });
                    let shown = RichText::new(*words).size(t.font.small);
                    let button = Button::new((mark, shown)).frame_when_inactive(false).min_size(vec2(0.0, height));
                    if ui.add(button).accessible_name(*words).clicked() {
                        picked = (!on).then(|| value.clone());
                        ui.close();
                    }
                }
                if found.is_empty() {
                    ui.label(RichText::new("Nothing is called so.").size(t.font.small).color(t.text.muted));
                }
            });
        });
        if open.is_none() {
            ui.data_mut(|d| d.remove_temp::<String>(id));
        }
        picked
    }

    fn draw(&self, ui: &mut Ui, value: &str) -> egui::Response {
        let t = theme::of(ui);
        let font = FontId::proportional(t.font.small);
        let icon = FontId::new(t.font.small, ICON_KEYBOARD_ARROW_DOWN.font_family());
        let painter = ui.painter();
        let galleys = [
            painter.layout_no_wrap(self.name.to_string(), font.clone(), t.text.muted),
            painter.layout_no_wrap(excerpt(value, LONGEST), font, t.text.normal),
            painter.layout_no_wrap(ICON_KEYBOARD_ARROW_DOWN.codepoint.into(), icon, t.text.faint),
        ];
        let gap = t.space.xs;
        let shown = galleys.iter().filter(|g| g.size().x > 0.0);
        let wide = shown.clone().map(|g| g.size().x + gap).sum::<f32>() - gap;
        let size = vec2(wide + 2.0 * (t.space.xs + t.shape.ring), t.shape.row - t.shape.ring);
        let (rect, response) = ui.allocate_exact_size(size, Sense::click());
        let visuals = ui.style().interact(&response);
        let (fill, stroke) = (visuals.weak_bg_fill, visuals.bg_stroke);
        ui.painter().rect(rect, t.shape.radius_small, fill, stroke, egui::StrokeKind::Inside);
        let mut x = rect.left() + t.space.xs + t.shape.ring;
        for galley in shown {
            let size = galley.size();
            ui.painter().galley(pos2(x, rect.center().y - size.y / 2.0), galley.clone(), t.text.normal);
            x += size.x + gap;
        }
        let called = format!("{}: {value}", self.full_name);
        response.widget_info(|| WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), &called));
        let full = if value.chars().count() > LONGEST { format!("{value}\n") } else { String::new() };
        response.on_hover_text(format!("{full}{}", self.hint))
    }
}

/// Makes room for settings as small as these in a row that wraps.
pub fn small(ui: &mut Ui) {
    let t = theme::of(ui);
    let spacing = ui.spacing_mut();
    spacing.item_spacing = vec2(t.space.xs, t.space.xs);
    spacing.button_padding = vec2(t.space.xs + t.shape.ring, 0.0);
    spacing.interact_size.y = t.shape.row - t.shape.ring;
}

/// The field above a long list; returns what is wanted, in lower case.
fn search(ui: &mut Ui, id: egui::Id, name: &str) -> String {
    let t = theme::of(ui);
    let mut wanted: String = ui.data(|d| d.get_temp(id)).unwrap_or_default();
    let field = TextEdit::singleline(&mut wanted).hint_text("Search").desired_width(f32::INFINITY);
    ui.add(field).accessible_name(format!("Search {}", name.to_lowercase())).request_focus();
    ui.add_space(t.space.xs);
    ui.data_mut(|d| d.insert_temp(id, wanted.clone()));
    wanted.to_lowercase()
}

/// Something that is on or off, as a word that lights up; in a row that [`small`] prepared. Returns whether it was
/// switched.
pub fn flag(ui: &mut Ui, name: &str, full_name: &str, hint: &str, on: &mut bool) -> bool {
    let t = theme::of(ui);
    let color = if *on { t.accent.normal } else { t.text.muted };
    let button = Button::new(RichText::new(name).size(t.font.small).color(color))
        .fill(if *on { t.accent.soft } else { t.bg.card })
        .stroke(Stroke::new(t.shape.hairline, if *on { t.accent.normal } else { t.bg.line }))
        .corner_radius(t.shape.radius_small)
        .min_size(vec2(0.0, t.shape.row - t.shape.ring))
        .wrap_mode(TextWrapMode::Extend);
    let response = ui.add(button).on_hover_text(hint);
    response.widget_info(|| WidgetInfo::selected(egui::Role::CheckBox, ui.is_enabled(), *on, full_name));
    if response.clicked() {
        *on = !*on;
    }
    response.clicked()
}
