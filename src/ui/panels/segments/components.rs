//! Principal components: what the axes of the map mean.

use egui::Ui;

use crate::ui::scene::Scene;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let _ = (ui, scene);
}
