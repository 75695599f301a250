//! Columns on the left, a grid of charts on the right.

use egui::Ui;

use crate::ui::scene::Scene;

pub fn show(_ui: &mut Ui, _scene: &mut Scene) {}
