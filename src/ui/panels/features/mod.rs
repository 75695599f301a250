//! Features: recency, frequency and monetary, their scores and the grid of segments; or the numbers of a table of
//! customers.

mod choose;
mod feature_cards;
mod grid;
mod settings;

use egui::{ScrollArea, Ui, vec2};

use super::rfm;
use crate::app::{FeaturesTab, Status};
use crate::format;
use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::customers::{self, Customers};
use crate::ui::widgets::{choice, state, text};

/// Height of the grid and of the table beside it.
const LOWER: f32 = 372.0;

/// In the title row: which side of the panel.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let tabs = FeaturesTab::ALL.map(|tab| (tab, tab.title()));
    choice::tabs(ui, &mut scene.view.features.tab, &tabs);
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    match scene.view.features.tab {
        FeaturesTab::Features => features(ui, scene),
        FeaturesTab::Rfm => rfm::scores(ui, scene),
        FeaturesTab::Map => rfm::map(ui, scene),
        FeaturesTab::Dates => rfm::dates(ui, scene),
    }
}

fn features(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        settings::show(ui, scene);
        ui.add_space(t.space.xs);
        let Some(rfm) = scene.session.rfm.get().cloned() else {
            return state::waiting(ui, scene, Stage::Rfm);
        };
        let current = *scene.session.rfm.status() == Status::Ready;
        state::dimmed(ui, !current, |ui| {
            choose::show(ui, scene, &rfm);
            ui.add_space(t.space.xs);
            feature_cards::show(ui, scene, &rfm);
            ui.add_space(t.space.xs);
            for warning in &rfm.warnings {
                ui.horizontal_top(|ui| {
                    text::icon(ui, egui_material_icons::icons::ICON_WARNING, t.state.warn);
                    text::muted(ui, state::sentence(warning));
                });
            }
            // The grid and the table take what is left of the panel, at least `LOWER`.
            let height = (ui.clip_rect().bottom() - ui.cursor().top() - t.space.s).max(LOWER);
            let grid_width = if ui.available_width() > 1000.0 { 440.0 } else { 328.0 };
            // Side by side where there is room, else one below the other.
            let table_width = ui.available_width() - grid_width - t.space.m;
            let beside = table_width >= 420.0;
            let table = |ui: &mut Ui, scene: &mut Scene| {
                text::heading_and_note(ui, "Customers", format::count(rfm.customers.len()));
                customers::show(
                    ui,
                    scene,
                    &Customers { slot: "feature customers", rfm: &rfm, clusters: None, only: None },
                );
            };
            if rfm.segment.is_empty() {
                // A note above says that there are no scores, so no grid.
                let width = ui.available_width();
                ui.allocate_ui(vec2(width, height), |ui| {
                    ui.set_height(height);
                    table(ui, scene);
                });
            } else if beside {
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = t.space.m;
                    ui.allocate_ui(vec2(grid_width, height), |ui| {
                        ui.vertical(|ui| grid::show(ui, scene, &rfm, vec2(grid_width, height)))
                    });
                    ui.allocate_ui(vec2(table_width, height), |ui| {
                        ui.vertical(|ui| {
                            ui.set_width(table_width);
                            ui.set_height(height);
                            table(ui, scene);
                        });
                    });
                });
            } else {
                let width = ui.available_width();
                grid::show(ui, scene, &rfm, vec2(width, LOWER));
                ui.add_space(t.space.m);
                ui.allocate_ui(vec2(width, height), |ui| {
                    ui.set_height(height);
                    table(ui, scene);
                });
            }
        });
    });
}
