//! Recency, frequency and monetary: scores and segments, the segment map, and two dates compared.

mod axes;
mod bins;
mod dates;
mod heat;
pub mod help;
pub mod ink;
mod made;
mod map;
mod pairs;
mod settings;
mod spread;
mod sums;
mod views;

use std::sync::Arc;

use egui::{ScrollArea, Ui};
use egui_material_icons::icons::{ICON_GRID_ON, ICON_WARNING};

use crate::app::{FeaturesTab, Status};
use crate::pipeline::Stage;
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{state, text};

/// The tab of scores and segments.
pub fn scores(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        settings::show(ui, scene);
        ui.add_space(t.space.xs);
        let Some(rfm) = scored(ui, scene) else { return };
        let current = *scene.session.rfm.status() == Status::Ready;
        // The lines that are being dragged stay as strong as they are.
        let dim = !current && scene.view.rfm.dragging.is_none();
        state::dimmed(ui, dim, |ui| {
            axes::show(ui, scene, &rfm);
            for note in &rfm.warnings {
                ui.horizontal_top(|ui| {
                    text::icon(ui, ICON_WARNING, t.state.warn);
                    text::muted(ui, state::sentence(note));
                });
            }
            ui.add_space(t.space.xs);
            views::show(ui, scene, &rfm);
        });
    });
}

/// The customer table if it has scores; else what is missing is said in its place.
fn scored(ui: &mut Ui, scene: &mut Scene) -> Option<Arc<RfmOut>> {
    let Some(rfm) = scene.session.rfm.get().cloned() else {
        state::waiting(ui, scene, Stage::Rfm);
        return None;
    };
    if rfm.scores.is_empty() || rfm.segment.is_empty() {
        let why = "This table has no recency and frequency, so its customers have no RFM scores and no RFM segments. \
                   Cluster them by their features, or say which columns hold recency, frequency and monetary.";
        if state::empty(ui, ICON_GRID_ON, why, Some("Go to the features")) {
            scene.view.features.tab = FeaturesTab::Features;
        }
        return None;
    }
    Some(rfm)
}

/// The tab of the segment map and its editor.
pub fn map(ui: &mut Ui, scene: &mut Scene) {
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        if let Some(rfm) = scored(ui, scene) {
            map::show(ui, scene, &rfm);
        }
    });
}

/// The tab of two snapshot dates.
pub fn dates(ui: &mut Ui, scene: &mut Scene) {
    if let Some(rfm) = scored(ui, scene) {
        dates::show(ui, scene, &rfm);
    }
}
