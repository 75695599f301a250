//! Controls that the forms of steps are made of.

use std::ops::RangeInclusive;

use egui::{RichText, TextEdit, Ui, vec2};

use super::Place;
use crate::format;
use crate::intake::Column;
use crate::ui::theme;
use crate::ui::widgets::{choice, decimal, text};

/// Width of a setting.
pub const WIDTH: f32 = 210.0;

/// A field for a text.
pub fn field(ui: &mut Ui, name: &str, hint: &str, width: f32, value: &mut String) {
    let t = theme::of(ui);
    let margin = vec2(t.space.s, t.space.s - t.shape.ring);
    let edit = TextEdit::singleline(value).hint_text(hint).desired_width(width - 2.0 * margin.x).margin(margin);
    ui.add(edit).accessible_name(name);
}

/// One column of the table before the step, among those that `fits`.
pub fn one_column(ui: &mut Ui, place: &Place, name: &str, column: &mut String, fits: fn(&Column) -> bool) {
    let all = place.table().columns.iter().filter(|c| fits(c));
    let options: Vec<(String, String)> = all.map(|c| (c.name.clone(), c.name.clone())).collect();
    let shown = if column.is_empty() { "Choose a column" } else { column.as_str() };
    if let Some(picked) = choice::combo(ui, name, ui.available_width(), shown, &options, column) {
        *column = picked;
    }
}

/// Any number of columns; `none` says what an empty list means. Columns that are not there (any more) come first.
pub fn columns(
    ui: &mut Ui,
    place: &Place,
    name: &str,
    none: &str,
    columns: &mut Vec<String>,
    fits: fn(&Column) -> bool,
) {
    let t = theme::of(ui);
    let shown = match columns.as_slice() {
        [] => none.to_string(),
        [one] => one.clone(),
        more => format!("{}: {}", format::plural(more.len(), "column", "columns"), more.join(", ")),
    };
    let width = ui.available_width();
    let button = egui::Button::new(RichText::new(shown)).truncate().min_size(vec2(width, t.shape.control - t.space.xs));
    let response = ui.add_sized(vec2(width, t.shape.control - t.space.xs), button).accessible_name(name);
    egui::Popup::menu(&response).close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.set_width(width.max(WIDTH));
        text::muted(ui, format!("No tick: {none}."));
        egui::ScrollArea::vertical().max_height(2.0 * t.frame.rail).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = t.shape.ring;
            let there = place.table();
            let absent: Vec<String> = columns.iter().filter(|c| there.column(c).is_none()).cloned().collect();
            let names = there.columns.iter().filter(|c| fits(c) || columns.contains(&c.name)).map(|c| c.name.clone());
            let names: Vec<String> = absent.iter().cloned().chain(names).collect();
            for column in names {
                let mut on = columns.contains(&column);
                let label = if absent.contains(&column) { format!("{column} (not there)") } else { column.clone() };
                if ui.checkbox(&mut on, label).changed() {
                    if on {
                        columns.push(column);
                    } else {
                        columns.retain(|c| *c != column);
                    }
                }
            }
        });
    });
}

/// A number that has a value of its own while nobody gives one.
pub fn optional_number(
    ui: &mut Ui,
    name: &str,
    value: &mut Option<f64>,
    unset: f64,
    range: RangeInclusive<f64>,
    speed: f64,
) {
    let t = theme::of(ui);
    let mut number = value.unwrap_or(unset);
    let drag = decimal::drag(&mut number, 3).range(range).speed(speed);
    if ui.add(drag).accessible_name(name).changed() {
        *value = Some(number).filter(|n| *n != unset);
    }
    ui.label(RichText::new(name).size(t.font.small).color(t.text.muted));
}
