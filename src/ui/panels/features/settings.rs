//! What one row is, and how features are prepared: transform and scale. How recency, frequency and monetary are counted
//! stands with their scores.

use egui::Ui;

use crate::recipe::{Scale, Transform};
use crate::ui::scene::Scene;
use crate::ui::widgets::choice::{recipe_combo, setting};
use crate::ui::widgets::{card, shape};

const CONTROL: f32 = 116.0;
const SHAPE: f32 = 136.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some(recipe) = scene.session.recipe().cloned() else { return };
    let features = &recipe.features;
    card::card(ui, |ui| {
        card::flow(ui, &[SHAPE, CONTROL, CONTROL], |ui, i| match i {
            0 => shape_of(ui, scene),
            1 => setting(ui, "Transform", features.transform.hint(), |ui| {
                if let Some(picked) = recipe_combo!(ui, Transform, "Transform", CONTROL, features.transform) {
                    scene.decide(format!("Transform: {}", picked.label()), false, |r| r.features.transform = picked);
                }
            }),
            _ => setting(ui, "Scale", features.scale.hint(), |ui| {
                if let Some(picked) = recipe_combo!(ui, Scale, "Scale", CONTROL, features.scale) {
                    scene.decide(format!("Scale: {}", picked.label()), false, |r| r.features.scale = picked);
                }
            }),
        });
    });
}

/// What one row of the file stands for.
fn shape_of(ui: &mut Ui, scene: &mut Scene) {
    let reason = scene.session.roles.get().map_or(String::new(), |r| r.shape.reason.clone());
    setting(ui, "One row is", &reason, |ui| shape::choose(ui, scene, SHAPE));
}
