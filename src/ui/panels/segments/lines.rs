//! Features side by side: parallel coordinates and the snake plot.

use egui::Ui;

use crate::ui::scene::Scene;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let _ = (ui, scene);
}
