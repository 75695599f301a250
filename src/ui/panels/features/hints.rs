//! What is worth changing about the features that are clustered by, each with the button that does it.

use egui::Ui;

use super::items::Item;
use super::shapes::Shapes;
use crate::rfm::RfmOut;
use crate::ui::scene::Scene;

pub fn show(_ui: &mut Ui, _scene: &mut Scene, _rfm: &RfmOut, _items: &[Item], _shapes: &Shapes) {}
