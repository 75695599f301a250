//! Recency, frequency and monetary: scores and segments, the segment map, and two dates compared.

mod grid;
mod settings;

use egui::Ui;

use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::widgets::state;

/// The tab of scores and segments.
pub fn scores(ui: &mut Ui, scene: &mut Scene) {
    settings::show(ui, scene);
    let Some(rfm) = scene.session.rfm.get().cloned() else {
        return state::waiting(ui, scene, Stage::Rfm);
    };
    if !rfm.segment.is_empty() {
        grid::show(ui, scene, &rfm, ui.available_size());
    }
}

/// The tab of the segment map and its editor.
pub fn map(_ui: &mut Ui, _scene: &mut Scene) {}

/// The tab of two snapshot dates.
pub fn dates(_ui: &mut Ui, _scene: &mut Scene) {}
