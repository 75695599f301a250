//! The choice of what one row of the file stands for.

use egui::Ui;

use super::choice;
use crate::recipe::TableShape;
use crate::ui::scene::Scene;

/// A list of the shapes a table can have, with what was found; the choice becomes a decision.
pub fn choose(ui: &mut Ui, scene: &mut Scene, width: f32) {
    let Some(found) = scene.session.roles.get().map(|r| r.shape.shape) else { return };
    let chosen = scene.session.recipe().and_then(|r| r.roles.shape);
    let mut options = vec![(None, "Automatic".to_string())];
    options.extend(TableShape::ALL.iter().map(|&s| (Some(s), s.label().to_string())));
    if let Some(picked) = choice::combo(ui, "One row is", width, found.label(), &options, &chosen) {
        let label = picked.map_or("Find out what a row is".to_string(), |s| format!("Read as: {}", s.label()));
        // Names of features of one kind of table mean nothing in another.
        scene.decide(label, false, |r| {
            r.roles.shape = picked;
            r.features.columns = None;
        });
    }
}
