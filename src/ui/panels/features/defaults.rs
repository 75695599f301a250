//! What holds for every feature that has no choice of its own, and what one row of the file is.

use egui::Ui;

use crate::recipe::{Scale, Transform};
use crate::ui::glossary;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::choice::recipe_combo;
use crate::ui::widgets::{card, shape};

const CONTROL: f32 = 116.0;
const SHAPE: f32 = 136.0;
/// Widths of the parts of the bar: the words, transform, scale, shape.
const PARTS: [f32; 4] = [96.0, 184.0, 160.0, 208.0];

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(features) = scene.session.recipe().map(|r| (r.features.transform, r.features.scale)) else { return };
    let (transform, scale) = features;
    card::frame(ui).inner_margin(egui::Margin::symmetric(t.space.m as i8, t.space.s as i8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        card::flow(ui, &PARTS, |ui, i| {
            ui.horizontal(|ui| match i {
                0 => name(ui, "For all features", "A feature can have a transform and a scale of its own below"),
                1 => {
                    name(ui, "Transform", transform.hint());
                    if let Some(picked) = recipe_combo!(ui, Transform, "Transform", CONTROL, transform) {
                        let label = format!("Transform: {}", picked.label());
                        scene.decide(label, false, |r| r.features.transform = picked);
                    }
                }
                2 => {
                    name(ui, "Scale", scale.hint());
                    if let Some(picked) = recipe_combo!(ui, Scale, "Scale", CONTROL, scale) {
                        scene.decide(format!("Scale: {}", picked.label()), false, |r| r.features.scale = picked);
                    }
                }
                _ => {
                    let reason = scene.session.roles.get().map_or(String::new(), |r| r.shape.reason.clone());
                    name(ui, "One row is", &reason);
                    shape::choose(ui, scene, SHAPE);
                }
            });
        });
    });
}

fn name(ui: &mut Ui, text: &str, hint: &str) {
    let label = glossary::term(ui, text);
    if !hint.is_empty() {
        label.on_hover_text(hint);
    }
}
