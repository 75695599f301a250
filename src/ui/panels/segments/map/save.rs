//! The picture as a file.

use std::sync::Arc;

use egui::Ui;

use crate::pipeline::Findings;
use crate::ui::scene::Scene;

pub fn button(_ui: &mut Ui, _scene: &mut Scene, _findings: &Arc<Findings>) {}
