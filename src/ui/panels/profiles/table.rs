//! All segments as rows, with bars in the cells.

use egui::{Align, Label, Layout, RichText, Sense, Ui, vec2};
use egui_extras::{Column, TableBuilder};

use super::cards::bar;
use crate::format;
use crate::pipeline::Findings;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::customers::{shown_features, value};
use crate::ui::widgets::text;

/// Columns of medians; the differences above have all features.
const MOST_FEATURES: usize = 8;

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Findings, current: bool) {
    let t = theme::of(ui);
    let rfm = &findings.rfm;
    let places = shown_features(rfm, MOST_FEATURES);
    let money = rfm.has_money();
    let note = if rfm.scores.is_empty() { "with medians" } else { "with the medians of what was counted" };
    text::heading_and_note(ui, "All segments", note);
    let fixed: &[&str] = if money {
        &["Segment", "Customers", "Share", "Net spend", "Share"]
    } else {
        &["Segment", "Customers", "Share"]
    };
    let numbers = fixed.len() - 1 + places.len();
    let mut clicked = None;
    let number = ((ui.available_width() - 212.0) / numbers as f32 - t.space.s).max(64.0);
    TableBuilder::new(ui)
        .id_salt("profile table")
        .sense(Sense::click())
        .vscroll(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::exact(200.0).clip(true))
        .columns(Column::exact(number).clip(true), numbers)
        .header(t.shape.row, |mut row| {
            let medians = places.iter().map(|&i| rfm.customers.features[i].label.clone());
            for (i, name) in fixed.iter().map(|s| s.to_string()).chain(medians).enumerate() {
                row.col(|ui| {
                    let layout = if i == 0 {
                        Layout::left_to_right(Align::Center)
                    } else {
                        Layout::right_to_left(Align::Center)
                    };
                    ui.with_layout(layout, |ui| {
                        let text = RichText::new(name).size(t.font.small).family(semibold()).color(t.text.muted);
                        ui.add(Label::new(text).truncate());
                    });
                });
            }
        })
        .body(|body| {
            body.rows(t.shape.control, findings.profiles.len(), |mut row| {
                let i = row.index();
                let profile = &findings.profiles[i];
                row.col(|ui| {
                    text::dot(ui, t.segment(i));
                    text::line(ui, profile.name.as_str());
                });
                row.col(|ui| cell(ui, format::count(profile.customers), None));
                row.col(|ui| {
                    cell(ui, format::percent(profile.share_of_customers), Some((profile.share_of_customers, i)))
                });
                if money {
                    row.col(|ui| cell(ui, format::money(profile.revenue, scene.currency()), None));
                    let share = profile.share_of_revenue;
                    row.col(|ui| cell(ui, format::percent(share), Some((share, i))));
                }
                for &place in &places {
                    let (summary, feature) = (&profile.features[place], &rfm.customers.features[place]);
                    row.col(|ui| cell(ui, value(summary.median, feature.unit, scene.currency()), None));
                }
                if row.response().clicked() {
                    clicked = Some(i);
                }
            });
        });
    if let Some(i) = clicked.filter(|_| current) {
        super::select(scene, &findings.profiles[i]);
    }
}

fn cell(ui: &mut Ui, text: String, share: Option<(f64, usize)>) {
    let t = theme::of(ui);
    let room = ui.max_rect();
    if let Some((share, segment)) = share {
        let track = egui::Rect::from_min_size(
            egui::pos2(room.left() + t.space.m, room.bottom() - t.space.xs),
            vec2(room.width() - t.space.m, t.space.xs - 1.0),
        );
        bar(ui, track, share, t.segment(segment));
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| ui.add(Label::new(RichText::new(text)).truncate()));
}
