//! The first values of a calculation, beside what they were worked out from.

use egui::{Align, Label, Layout, RichText, Ui, vec2};

use super::engine::Outcome;
use crate::ui::style::semibold;
use crate::ui::theme;

/// Widest and narrowest column.
const WIDEST: f32 = 128.0;
const NARROWEST: f32 = 72.0;

pub fn show(ui: &mut Ui, outcome: &Outcome) {
    let t = theme::of(ui);
    let n = outcome.columns.len();
    if n == 0 {
        return;
    }
    let gap = t.space.m;
    let width = ((ui.available_width() - gap * n as f32) / n as f32).clamp(NARROWEST, WIDEST);
    let rows = outcome.columns.iter().map(|c| c.values.len()).max().unwrap_or(0);
    egui::ScrollArea::horizontal().id_salt("first values").show(ui, |ui| {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let line = |ui: &mut Ui, i: Option<usize>| {
                ui.horizontal(|ui| {
                    ui.spacing_mut().item_spacing.x = gap;
                    for column in &outcome.columns {
                        let text = i.map_or(column.name.as_str(), |i| column.values.get(i).map_or("", String::as_str));
                        let missing = i.is_some() && text.is_empty();
                        let mut shown = RichText::new(if missing { "missing" } else { text }).size(t.font.small);
                        let color = match (i, missing) {
                            (_, true) | (None, false) if !column.result => t.text.faint,
                            (_, true) => t.text.faint,
                            _ if column.result => t.text.normal,
                            _ => t.text.muted,
                        };
                        if column.result && !missing {
                            shown = shown.family(semibold());
                        }
                        let align = if column.number { Align::Max } else { Align::Min };
                        let layout = Layout::top_down(align);
                        ui.allocate_ui_with_layout(vec2(width, t.shape.row - t.space.xs), layout, |ui| {
                            ui.set_width(width);
                            ui.add(Label::new(shown.color(color)).truncate());
                        });
                    }
                });
            };
            line(ui, None);
            for i in 0..rows {
                line(ui, Some(i));
            }
        });
    });
}
