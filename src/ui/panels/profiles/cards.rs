//! One card per segment.

use egui::{Align, Layout, RichText, Sense, Ui, vec2};
use egui_material_icons::icons::{ICON_CAMPAIGN, ICON_LIGHTBULB};

use crate::format;
use crate::pipeline::Findings;
use crate::profile::Profile;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::customers::{shown_features, value};
use crate::ui::widgets::{button, card, text};

/// Features of a card; the table above has all.
const MOST_FEATURES: usize = 8;

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Findings, current: bool) {
    let columns = (ui.available_width() / 330.0).floor().clamp(1.0, 4.0) as usize;
    let cards =
        card::grid(ui, columns, &findings.profiles, |ui, _, profile| one(ui, scene, findings, profile, current));
    let t = theme::of(ui);
    let radius = t.shape.radius as u8;
    for (i, edge) in cards.into_iter().enumerate() {
        let bar = egui::Rect::from_min_size(edge.min, vec2(edge.width(), t.space.xs - 1.0));
        let corners = egui::CornerRadius { nw: radius, ne: radius, sw: 0, se: 0 };
        ui.painter().rect_filled(bar, corners, t.segment(i));
    }
}

fn one(ui: &mut Ui, scene: &mut Scene, findings: &Findings, profile: &Profile, current: bool) {
    let t = theme::of(ui);
    let color = t.segment(profile.cluster - 1);
    ui.spacing_mut().item_spacing.y = t.space.xs;
    ui.add_space(t.space.xs);
    let name = RichText::new(profile.name.as_str()).size(t.font.title).family(semibold());
    ui.add(egui::Label::new(name).truncate());
    text::muted(ui, profile.description.as_str());
    ui.add_space(t.space.xs);
    ui.horizontal_top(|ui| {
        let half = (ui.available_width() - t.space.m) / 2.0;
        figure(ui, half, &format::count(profile.customers), "customers", profile.share_of_customers, color);
        if findings.rfm.has_money() {
            let revenue = format::money(profile.revenue, scene.currency());
            figure(ui, half, &revenue, "net spend", profile.share_of_revenue, color);
        }
    });
    ui.add_space(t.space.xs);
    for place in shown_features(&findings.rfm, MOST_FEATURES) {
        let (summary, feature) = (&profile.features[place], &findings.rfm.customers.features[place]);
        let write = |v| value(v, feature.unit, scene.currency());
        let hint = format!(
            "Half of them between {} and {}, mean {}",
            write(summary.q1),
            write(summary.q3),
            write(summary.mean)
        );
        text::fact(ui, &format!("{}, median", feature.label), write(summary.median)).on_hover_text(hint);
    }
    if !profile.action.is_empty() {
        card::rule(ui);
    }
    advice(ui, ICON_LIGHTBULB, &profile.action);
    advice(ui, ICON_CAMPAIGN, &profile.channel);
    ui.horizontal(|ui| {
        if button::link(ui, "Show customers").accessible_name(format!("Show customers of {}", profile.name)).clicked()
            && current
        {
            super::select(scene, profile);
        }
    });
}

/// A number, what it counts, and its share as a bar.
fn figure(ui: &mut Ui, width: f32, value: &str, unit: &str, share: f64, color: egui::Color32) {
    let t = theme::of(ui);
    ui.vertical(|ui| {
        ui.set_width(width);
        ui.spacing_mut().item_spacing.y = 2.0;
        text::big(ui, value);
        ui.horizontal(|ui| {
            ui.label(RichText::new(unit).size(t.font.small).color(t.text.muted));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.label(RichText::new(format::percent(share)).size(t.font.small).color(t.text.muted));
            });
        });
        let (rect, _) = ui.allocate_exact_size(vec2(width, t.space.xs), Sense::hover());
        bar(ui, rect, share, color);
    });
}

/// A share as a filled track.
pub fn bar(ui: &Ui, rect: egui::Rect, share: f64, color: egui::Color32) {
    let t = theme::of(ui);
    ui.painter().rect_filled(rect, t.shape.radius_small, t.bg.hover);
    let mut filled = rect;
    filled.set_width(rect.width() * share.clamp(0.0, 1.0) as f32);
    ui.painter().rect_filled(filled, t.shape.radius_small, color);
}

fn advice(ui: &mut Ui, icon: egui_material_icons::MaterialIcon, text: &str) {
    if text.is_empty() {
        return;
    }
    let t = theme::of(ui);
    ui.horizontal_top(|ui| {
        text::icon(ui, icon, t.text.faint);
        ui.add(egui::Label::new(RichText::new(text).size(t.font.small)).wrap());
    });
}
