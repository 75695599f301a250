//! How far each feature has moved.

use egui::{Align, Label, Layout, RichText, Ui};
use egui_extras::{Column, TableBuilder};

use super::compared::{head, right};
use crate::format::number;
use crate::project::{Comparison, Reading};
use crate::ui::theme;
use crate::ui::widgets::text;

const NUMBER: f32 = 84.0;

const HINT: &str = "Population stability index: both files are counted in the tenths of the earlier one, and Σ (now − \
                    before) × ln(now / before) is taken over the shares. Below 0.1 is stable, up to 0.25 shifted, above it \
                    another population (Siddiqi 2006).";

pub fn show(ui: &mut Ui, comparison: &Comparison) {
    let t = theme::of(ui);
    text::heading_and_note(ui, "Drift of the features", "population stability index");
    // Cards side by side have another space between columns than one alone.
    let name = (ui.available_width() - (NUMBER + ui.spacing().item_spacing.x) * 4.0).max(100.0);
    ui.spacing_mut().item_spacing.y = 0.0;
    let mut table = TableBuilder::new(ui).id_salt("drift").striped(false).vscroll(false);
    table = table.cell_layout(Layout::left_to_right(Align::Center)).column(Column::exact(name).clip(true));
    for _ in 0..4 {
        table = table.column(Column::exact(NUMBER).clip(true));
    }
    let heads = [
        ("Median before", "The middle customer of the earlier file"),
        ("Median now", "The middle customer of the new file"),
        ("Index", HINT),
        ("Reading", HINT),
    ];
    let mut rows: Vec<(&str, [f64; 2], Option<f64>)> =
        comparison.drift.iter().map(|d| (d.label.as_str(), [d.before, d.after], d.index)).collect();
    rows.push(("Shares of segments", [f64::NAN; 2], Some(comparison.segments_index)));
    table
        .header(t.shape.row, |mut row| {
            row.col(|ui| drop(head(ui, "Feature")));
            for (words, hint) in heads {
                row.col(|ui| right(ui, |ui| drop(head(ui, words).on_hover_text(hint))));
            }
        })
        .body(|body| {
            body.rows(t.shape.row, rows.len(), |mut row| {
                let (label, medians, index) = rows[row.index()];
                row.col(|ui| drop(text::line(ui, label)));
                for median in medians {
                    let words = if median.is_nan() { "–".to_string() } else { short(median) };
                    row.col(|ui| right(ui, |ui| small(ui, &words, t.text.normal)));
                }
                let words = index.map_or("–".to_string(), |i| number(i, 3));
                row.col(|ui| right(ui, |ui| small(ui, &words, t.text.normal)));
                let reading = index.map(Reading::of);
                let color = match reading {
                    Some(Reading::Stable) => t.state.good,
                    Some(Reading::Shifted) => t.state.warn,
                    Some(Reading::Changed) => t.state.bad,
                    None => t.text.muted,
                };
                row.col(|ui| right(ui, |ui| small(ui, reading.map_or("no values", Reading::word), color)));
            });
        });
}

/// With as many decimals as tell small numbers apart.
fn short(value: f64) -> String {
    number(value, if value.abs() >= 100.0 || value.fract() == 0.0 { 0 } else { 2 })
}

fn small(ui: &mut Ui, words: &str, color: egui::Color32) {
    let size = theme::of(ui).font.small;
    ui.add(Label::new(RichText::new(words).size(size).color(color)).truncate());
}
