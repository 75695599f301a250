//! Lists of values, and of what values become.

use egui::{RichText, Ui, vec2};
use egui_material_icons::icons::{ICON_ADD, ICON_ARROW_FORWARD, ICON_CLOSE, ICON_EXPAND_MORE};

use super::Place;
use super::controls::{WIDTH, field};
use crate::app::suggest;
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Width of the button that opens the values of a column.
pub const PICKER: f32 = 26.0;
/// Values offered by it.
const MOST_VALUES: usize = 60;
/// Lines of a list that are drawn at once without scrolling.
const LINES: usize = 6;

/// A button with the most frequent values of a column. Returns what was picked.
pub fn pick_value(ui: &mut Ui, scene: &mut Scene, place: &Place, column: &str) -> Option<String> {
    let t = theme::of(ui);
    let there = place.table().column(column).is_some();
    let response = ui.add_enabled_ui(there, |ui| button::icon(ui, ICON_EXPAND_MORE, "Values of the column")).inner;
    let mut picked = None;
    egui::Popup::menu(&response).show(|ui| {
        ui.set_width(1.5 * WIDTH);
        let input = (place.prepared.clone(), place.at, column.to_string());
        let found = scene.cache.follow("frequent values", input, ui.ctx(), |(prepared, at, column), _| {
            Some(suggest::frequent_values(prepared, *at, column, MOST_VALUES))
        });
        let Some(values) = found.value.filter(|_| found.current) else {
            text::muted(ui, "Counting…");
            return;
        };
        text::muted(ui, "Most frequent values");
        egui::ScrollArea::vertical().max_height(2.0 * t.frame.rail).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 1.0;
            for (value, rows) in values.iter() {
                let rows = RichText::new(format::count(*rows)).size(t.font.small).color(t.text.muted);
                let line = egui::Button::new(RichText::new(value.as_str()))
                    .right_text(rows)
                    .truncate()
                    .frame_when_inactive(false)
                    .min_size(vec2(ui.available_width(), t.shape.row));
                if ui.add(line).accessible_name(value.as_str()).clicked() {
                    picked = Some(value.clone());
                }
            }
        });
    });
    picked
}

/// A list of values, each in a field of its own.
pub fn values(ui: &mut Ui, scene: &mut Scene, place: &Place, column: &str, values: &mut Vec<String>) {
    let t = theme::of(ui);
    let mut gone = None;
    let height = LINES as f32 * (t.shape.control + t.space.xs);
    egui::ScrollArea::vertical().id_salt("values").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        for (i, value) in values.iter_mut().enumerate() {
            ui.horizontal(|ui| {
                field(ui, &format!("Value {}", i + 1), "", 1.5 * WIDTH, value);
                if button::icon(ui, ICON_CLOSE, &format!("Remove value {}", i + 1)).clicked() {
                    gone = Some(i);
                }
            });
        }
    });
    if let Some(i) = gone {
        values.remove(i);
    }
    ui.horizontal(|ui| {
        if button::plain(ui, ICON_ADD, "Add a value").clicked() {
            values.push(String::new());
        }
        if let Some(picked) = pick_value(ui, scene, place, column).filter(|p| !values.contains(p)) {
            values.push(picked);
        }
    });
}

/// Pairs of what stands there and what it becomes.
pub fn pairs(ui: &mut Ui, scene: &mut Scene, place: &Place, column: &str, map: &mut Vec<(String, String)>) {
    let t = theme::of(ui);
    let mut gone = None;
    let line = t.shape.control;
    egui::ScrollArea::vertical()
        .id_salt("pairs")
        .max_height(LINES as f32 * (line + t.space.xs))
        .auto_shrink([false, true])
        .show_rows(ui, line, map.len(), |ui, shown| {
            ui.spacing_mut().item_spacing.y = t.space.xs;
            let width = ((ui.available_width() - 2.0 * line - t.space.xl) / 2.0).min(1.5 * WIDTH);
            for i in shown {
                let Some((from, to)) = map.get_mut(i) else { continue };
                ui.horizontal(|ui| {
                    field(ui, &format!("Value {}", i + 1), "what stands there", width, from);
                    text::icon(ui, ICON_ARROW_FORWARD, t.text.faint);
                    field(ui, &format!("Value {} becomes", i + 1), "nothing: missing", width, to);
                    if button::icon(ui, ICON_CLOSE, &format!("Remove value {}", i + 1)).clicked() {
                        gone = Some(i);
                    }
                });
            }
        });
    if let Some(i) = gone {
        map.remove(i);
    }
    ui.horizontal(|ui| {
        if button::plain(ui, ICON_ADD, "Add a value").clicked() {
            map.push(Default::default());
        }
        if let Some(picked) = pick_value(ui, scene, place, column).filter(|p| map.iter().all(|(from, _)| from != p)) {
            map.push((picked.clone(), picked));
        }
    });
}
