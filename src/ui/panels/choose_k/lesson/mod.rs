//! How k-means and the silhouette work, step by step on these customers.

use egui::Ui;

use crate::ui::scene::Scene;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let _ = (ui, scene);
}
