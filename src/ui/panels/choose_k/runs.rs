//! Runs that were kept, and two of them side by side.

use egui::Ui;

use crate::ui::scene::Scene;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let _ = (ui, scene);
}
