//! Recency, frequency and monetary: scores and segments, the segment map, and two dates compared.

use egui::Ui;

use crate::ui::scene::Scene;

/// The tab of scores and segments.
pub fn scores(_ui: &mut Ui, _scene: &mut Scene) {}

/// The tab of the segment map and its editor.
pub fn map(_ui: &mut Ui, _scene: &mut Scene) {}

/// The tab of two snapshot dates.
pub fn dates(_ui: &mut Ui, _scene: &mut Scene) {}
