//! The legend over the picture: names, counts, and what is shown.

use egui::{Align, Layout, Rect, RichText, Ui, UiBuilder, pos2};
use egui_material_icons::icons::{ICON_EXPAND_LESS, ICON_EXPAND_MORE, ICON_VISIBILITY, ICON_VISIBILITY_OFF};

use crate::format;
use crate::pipeline::Findings;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, card, text};

const WIDTH: f32 = 252.0;

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Findings, room: Rect) {
    let t = theme::of(ui);
    let place = Rect::from_min_max(pos2(room.right() - WIDTH - t.space.s, room.top() + t.space.s), room.right_bottom());
    let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Min)).id_salt("legend"));
    let clusters = findings.profiles.len();
    card::frame(&ui).fill(t.bg.card.gamma_multiply(0.92)).inner_margin(t.space.s).show(&mut ui, |ui| {
        ui.set_width(WIDTH - 2.0 * t.space.s);
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.horizontal(|ui| {
            let hidden = scene.view.hidden.len();
            let title = if hidden == 0 {
                format::plural(clusters, "segment", "segments")
            } else {
                format!("{} of {clusters} segments", clusters - hidden)
            };
            ui.add_space(t.space.xs);
            ui.label(RichText::new(title).size(t.font.small).color(t.text.muted));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let (icon, name) = if scene.view.legend_open {
                    (ICON_EXPAND_LESS, "Fold the legend")
                } else {
                    (ICON_EXPAND_MORE, "Unfold the legend")
                };
                if button::icon(ui, icon, name).clicked() {
                    scene.view.legend_open = !scene.view.legend_open;
                }
            });
        });
        if !scene.view.legend_open {
            return;
        }
        for (i, profile) in findings.profiles.iter().enumerate() {
            row(ui, scene, i, clusters, &profile.name, profile.customers);
        }
        if !scene.view.hidden.is_empty() && button::link(ui, "Show all segments").clicked() {
            scene.view.hidden.clear();
        }
    });
}

fn row(ui: &mut Ui, scene: &mut Scene, i: usize, clusters: usize, name: &str, customers: usize) {
    let t = theme::of(ui);
    let cluster = i as u32;
    let hidden = scene.view.hidden.contains(&cluster);
    let others = (0..clusters as u32).filter(|c| *c != cluster);
    let alone = !hidden && clusters > 1 && others.clone().all(|c| scene.view.hidden.contains(&c));
    let (rect, response) = button::row(ui, t.shape.row, &format!("Show only {name}"), alone);
    let inner = rect.shrink2(egui::vec2(t.space.xs, 0.0));
    let mut line = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::left_to_right(Align::Center)));
    let ui = &mut line;
    ui.spacing_mut().item_spacing.x = t.space.s;
    let color = if hidden { t.text.faint } else { t.text.normal };
    text::dot(ui, if hidden { t.bg.line } else { t.segment(i) });
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let (icon, verb) = if hidden { (ICON_VISIBILITY_OFF, "Show") } else { (ICON_VISIBILITY, "Hide") };
        if button::icon(ui, icon, &format!("{verb} {name}")).clicked() {
            if hidden {
                scene.view.hidden.retain(|c| *c != cluster);
            } else {
                scene.view.hidden.push(cluster);
            }
        }
        ui.label(RichText::new(format::count(customers)).size(t.font.small).color(t.text.muted));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.add(egui::Label::new(RichText::new(name).size(t.font.small).color(color)).truncate());
        });
    });
    let hint = if alone { "Click to show all segments" } else { "Click to show only this segment" };
    if response.on_hover_text(format!("{name}\n{hint}")).clicked() {
        scene.view.hidden = if alone { Vec::new() } else { others.collect() };
    }
}
