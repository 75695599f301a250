//! The segments of a map: what they mean, what to do about them, and who is there.

use std::sync::Arc;

use egui::{Align, Label, Layout, RichText, Sense, Stroke, Ui};

use super::cube::Cube;
use super::{ink, named};
use crate::app::MapDraft;
use crate::format;
use crate::rfm::RfmOut;
use crate::ui::panels::rfm::sums;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::text;

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>, cube: &Cube) {
    let t = theme::of(ui);
    let map = &rfm.map;
    let draft = MapDraft::of(map);
    let fits = cube.scores == map.scores;
    let customers = match fits {
        true => cube.sums(map.segments.len(), |r, f, m| Some(usize::from(map.segment_of(r, f, m)))),
        false => vec![0; map.segments.len()],
    };
    // Two columns where the list has the whole width.
    let columns = if ui.available_width() > 700.0 { 2 } else { 1 };
    let gap = t.space.xl;
    let width = (ui.available_width() - gap * (columns - 1) as f32) / columns as f32;
    let all: Vec<usize> = (0..map.segments.len()).collect();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for part in all.chunks(all.len().div_ceil(columns).max(1)) {
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = 0.0;
                for &i in part {
                    let share = customers[i] as f64 / cube.total.max(1) as f64;
                    if segment(ui, rfm, i, draft.cells_of(i), customers[i], share) {
                        let members = sums::members(rfm, i as u8);
                        scene.select(members, map.segments[i].name.clone());
                    }
                }
            });
        }
    });
}

/// One segment; returns whether it was clicked.
fn segment(ui: &mut Ui, rfm: &RfmOut, i: usize, cells: usize, customers: usize, share: f64) -> bool {
    let t = theme::of(ui);
    let about = &rfm.map.segments[i];
    let color = ink::color(t, &rfm.map, i);
    let block = ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = t.shape.ring;
        ui.add_space(t.space.xs);
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = t.font.body + t.space.xs;
            named(ui, color, &about.name);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let words =
                    format!("{} · {}", format::plural(customers, "customer", "customers"), format::percent(share));
                ui.label(RichText::new(words).size(t.font.small).color(t.text.muted))
                    .on_hover_text("Customers in this segment now, and their share of all");
                let cells = match cells {
                    0 => "no cell".to_string(),
                    n => format::plural(n, "cell", "cells"),
                };
                ui.label(RichText::new(cells).size(t.font.small).color(t.text.faint))
                    .on_hover_text("Combinations of scores that lead to this segment");
            });
        });
        if !about.meaning.is_empty() {
            text::muted(ui, about.meaning.as_str());
        }
        if !about.action.is_empty() {
            ui.add(Label::new(RichText::new(about.action.as_str()).size(t.font.small).color(t.text.faint)).wrap());
        }
        ui.add_space(t.space.xs);
    });
    let rect = block.response.rect;
    let response = ui.interact(rect, ui.scope_id().with(("segment", i)), Sense::click());
    let name = format!("Select {}", about.name);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(t.shape.hairline, t.bg.line));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect.expand2(egui::vec2(t.space.xs, 0.0)), t.shape.radius_small, t.accent.soft);
    }
    response.on_hover_cursor(egui::CursorIcon::PointingHand).clicked()
}
