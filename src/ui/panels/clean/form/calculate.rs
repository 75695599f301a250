//! A calculated column: its name and how it is worked out, as an expression or in a form.

use egui::Ui;

use super::Place;
use super::controls::{WIDTH, field};
use crate::recipe::Formula;
use crate::ui::scene::Scene;
use crate::ui::widgets::choice::setting;
use crate::ui::widgets::formula::{self, Scope, proposed_name};

/// Draws the controls. `proposed` is the name that was proposed last, `other` what stood in the other way to say it.
pub fn show(
    ui: &mut Ui,
    scene: &mut Scene,
    place: &Place,
    name: &mut String,
    formula: &mut Formula,
    proposed: &mut String,
    other: &mut Option<Formula>,
) {
    let scope = Scope::rows(place.prepared, place.at);
    let mistake = formula::mistake_in_rows(place.table(), formula);
    formula::show(ui, scene, &scope, formula, other, mistake.as_ref());
    let table = place.table();
    let free = formula::free_name(&proposed_name(formula), |name| table.column(name).is_some());
    // The name follows the formula until somebody types another one.
    if name == proposed && free != *proposed {
        name.clone_from(&free);
    }
    *proposed = free;
    let hint = "The column's name; one of a column that is there replaces it";
    setting(ui, "Name", hint, |ui| field(ui, "Name of the column", "what it is to be called", WIDTH, name));
}
