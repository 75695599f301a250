//! Features: what customers are clustered by; and, on sides of their own, scores, segment maps and two dates.

mod choose;
mod feature_cards;
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

/// Least height of the table.
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
            // The table takes what is left of the panel, at least `LOWER`.
            let height = (ui.clip_rect().bottom() - ui.cursor().top() - t.space.s).max(LOWER);
            let width = ui.available_width();
            ui.allocate_ui(vec2(width, height), |ui| {
                ui.set_height(height);
                text::heading_and_note(ui, "Customers", format::count(rfm.customers.len()));
                let what = Customers { slot: "feature customers", rfm: &rfm, clusters: None, only: None };
                customers::show(ui, scene, &what);
            });
        });
    });
}
