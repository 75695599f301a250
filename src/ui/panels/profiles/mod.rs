//! Profiles: who the segments are, how they differ, and what to do about them.

mod cards;
mod differences;
mod table;

use egui::{ScrollArea, Ui};

use crate::pipeline::Stage;
use crate::profile::Profile;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{choice, state};

/// In the title row: cards or table.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let options = [(false, "Cards", "One card per segment"), (true, "Table", "All segments as rows with bars")];
    if let Some(table) = choice::segmented(ui, "View", &options, scene.view.profile_table) {
        scene.view.profile_table = table;
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Portray);
    };
    if current {
        super::selected::drawer(ui, scene, "profiles selected", &findings);
    }
    egui::CentralPanel::default().frame(egui::Frame::new()).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
            state::dimmed(ui, !current, |ui| {
                differences::show(ui, scene, &findings, current);
                ui.add_space(t.space.s);
                if scene.view.profile_table {
                    table::show(ui, scene, &findings, current);
                } else {
                    cards::show(ui, scene, &findings, current);
                }
            });
        });
    });
}

/// Selects the customers of a segment.
fn select(scene: &mut Scene, profile: &Profile) {
    scene.view.selection_open = true;
    scene.select(profile.members.clone(), profile.name.as_str());
}
