//! Controls that the forms are made of.

use egui::{RichText, TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_ADD, ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD, ICON_CLOSE};

use super::scope::Name;
use crate::format;
use crate::ui::theme;
use crate::ui::widgets::{button, choice, text};

/// Width of a setting.
pub const WIDTH: f32 = 210.0;
/// Lines of a list that are drawn without scrolling.
const LINES: f32 = 6.0;

/// A field for a text.
pub fn field(ui: &mut Ui, name: &str, hint: &str, width: f32, value: &mut String) -> egui::Response {
    let t = theme::of(ui);
    let margin = vec2(t.space.s, t.space.s - t.shape.ring);
    let edit = TextEdit::singleline(value).hint_text(hint).desired_width(width - 2.0 * margin.x).margin(margin);
    ui.add(edit).accessible_name(name)
}

/// One of the names.
pub fn one<'n>(ui: &mut Ui, label: &str, names: impl Iterator<Item = &'n Name>, chosen: &mut String) {
    let options: Vec<(String, String)> = names.map(|n| (n.name.clone(), n.name.clone())).collect();
    let shown = match (chosen.is_empty(), options.is_empty()) {
        (false, _) => chosen.as_str(),
        (true, true) => "There is none",
        (true, false) => "Choose one",
    };
    if let Some(picked) = choice::combo(ui, label, ui.available_width(), shown, &options, chosen) {
        *chosen = picked;
    }
}

/// A field for several values with commas between them; `read` makes one of each. The text stays as it is typed until
/// the field is left.
pub fn several<T: Clone + PartialEq>(
    ui: &mut Ui,
    name: &str,
    hint: &str,
    values: &mut Vec<T>,
    write: fn(&T) -> String,
    read: fn(&str) -> Option<T>,
) {
    let t = theme::of(ui);
    let id = ui.make_persistent_id(("several", name));
    let joined = |values: &[T]| values.iter().map(write).collect::<Vec<_>>().join(", ");
    let mut typed: String = ui.data(|d| d.get_temp(id)).unwrap_or_else(|| joined(values));
    let parts = |typed: &str| -> Option<Vec<T>> {
        typed.split(',').map(str::trim).filter(|part| !part.is_empty()).map(read).collect()
    };
    // Another draft or an undo has other values than those that were typed.
    if parts(&typed).is_some_and(|p| p != *values) {
        typed = joined(values);
    }
    let wrong = parts(&typed).is_none();
    let margin = vec2(t.space.s, t.space.s - t.shape.ring);
    let edit = TextEdit::singleline(&mut typed)
        .hint_text(hint)
        .desired_width(ui.available_width() - 2.0 * margin.x)
        .margin(margin)
        .text_color(if wrong { t.state.bad } else { t.text.normal });
    let response = ui.add(edit).accessible_name(name);
    if response.changed()
        && let Some(read) = parts(&typed)
    {
        *values = read;
    }
    if response.has_focus() {
        ui.data_mut(|d| d.insert_temp(id, typed));
    } else {
        ui.data_mut(|d| d.remove::<String>(id));
    }
}

/// A list of texts whose order counts, with what may still join it.
pub fn ordered(ui: &mut Ui, what: &str, list: &mut Vec<String>, more: &[(String, String)]) {
    let t = theme::of(ui);
    let (mut gone, mut swap) = (None, None);
    let height = LINES * t.shape.control;
    egui::ScrollArea::vertical().id_salt(("ordered", what)).max_height(height).auto_shrink([false, true]).show(
        ui,
        |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (i, value) in list.iter().enumerate() {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = 0.0;
                    let place = RichText::new(format!("{}", i + 1)).size(t.font.small).color(t.text.faint);
                    ui.add_sized(vec2(t.space.xl, t.shape.row), egui::Label::new(place));
                    let width = WIDTH - t.space.xl;
                    ui.allocate_ui(vec2(width, t.shape.row), |ui| {
                        ui.set_width(width);
                        text::line(ui, value.as_str())
                    });
                    let named = |doing: &str| format!("{doing} {value}");
                    let up = ui.add_enabled_ui(i > 0, |ui| button::icon(ui, ICON_ARROW_UPWARD, &named("Move up")));
                    let down = i + 1 < list.len();
                    let down = ui.add_enabled_ui(down, |ui| button::icon(ui, ICON_ARROW_DOWNWARD, &named("Move down")));
                    if up.inner.clicked() {
                        swap = Some((i - 1, i));
                    } else if down.inner.clicked() {
                        swap = Some((i, i + 1));
                    } else if button::icon(ui, ICON_CLOSE, &named("Take out")).clicked() {
                        gone = Some(i);
                    }
                });
            }
        },
    );
    if let Some((a, b)) = swap {
        list.swap(a, b);
    }
    if let Some(i) = gone {
        list.remove(i);
    }
    let left: Vec<&(String, String)> = more.iter().filter(|(value, _)| !list.contains(value)).collect();
    ui.horizontal(|ui| {
        let add = ui.add_enabled_ui(!left.is_empty(), |ui| button::plain(ui, ICON_ADD, &format!("Add a {what}…")));
        egui::Popup::menu(&add.inner).show(|ui| {
            if let Some(value) = lines(ui, left.iter().copied()) {
                list.push(value);
            }
        });
        if left.len() > 1 && button::link(ui, &format!("Add all {}", format::count(left.len()))).clicked() {
            list.extend(left.iter().map(|(value, _)| value.clone()));
        }
    });
}

/// A menu of values with remarks; returns what was clicked.
pub fn lines<'v>(ui: &mut Ui, values: impl Iterator<Item = &'v (String, String)>) -> Option<String> {
    let t = theme::of(ui);
    ui.set_width(1.5 * WIDTH);
    let mut picked = None;
    egui::ScrollArea::vertical().max_height(2.0 * t.frame.rail).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 1.0;
        for (value, note) in values {
            let note = RichText::new(note).size(t.font.small).color(t.text.muted);
            let line = egui::Button::new(RichText::new(value))
                .right_text(note)
                .truncate()
                .frame_when_inactive(false)
                .min_size(vec2(ui.available_width(), t.shape.row));
            if ui.add(line).accessible_name(value).clicked() {
                picked = Some(value.clone());
            }
        }
    });
    picked
}
