//! The silhouette of every customer, sorted within clusters.

use egui::Ui;

use crate::ui::scene::Scene;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let _ = (ui, scene);
}
