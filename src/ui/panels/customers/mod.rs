//! Every customer: a table of any size, and the card of one of them.

use egui::Ui;

use crate::ui::scene::Scene;

pub fn show(_ui: &mut Ui, _scene: &mut Scene) {}
