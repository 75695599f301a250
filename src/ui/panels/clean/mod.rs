//! Clean: what is done to the table, what is left out and why, as a flow of steps drawn to scale.

mod add;
mod editor;
mod fixed;
mod flow;
mod form;
mod preview;
mod step_card;
mod suggestions;
mod tile;

use egui::{Margin, ScrollArea, Ui};

use crate::pipeline::Stage;
use crate::recipe::{CleanStep, StepKind};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::state;

/// From this width on, suggestions stand beside the flow.
const WIDE: f32 = 1000.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(prepared) = scene.session.prepared.get().cloned() else {
        return state::waiting(ui, scene, Stage::Prepare);
    };
    let wide = ui.available_width() >= WIDE;
    if wide {
        let side = egui::Frame::new().inner_margin(Margin { left: t.space.m as i8, ..Margin::ZERO });
        egui::Panel::right("clean suggestions")
            .frame(side)
            .exact_size(t.frame.side + t.space.xl)
            .show_separator_line(false)
            .resizable(false)
            .show(ui, |ui| {
                ScrollArea::vertical()
                    .auto_shrink([false, false])
                    .show(ui, |ui| suggestions::show(ui, scene, &prepared));
            });
    }
    egui::CentralPanel::default().frame(egui::Frame::new()).show(ui, |ui| {
        tile::heads(ui);
        ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| flow::show(ui, scene, &prepared, wide));
    });
}

/// Longest name of a decision about a step.
const MOST_LETTERS: usize = 72;

/// A change of the list of steps as a decision; `what` is the step it is about, and says it
/// alone where nothing is `doing`.
fn decide(scene: &mut Scene, doing: &str, what: &StepKind, change: impl FnOnce(&mut Vec<CleanStep>)) {
    let mut label = if doing.is_empty() { what.sentence() } else { format!("{doing}: {}", what.sentence()) };
    if let Some((at, _)) = label.char_indices().nth(MOST_LETTERS) {
        label.truncate(at);
        label.push('…');
    }
    scene.decide(label, false, |recipe| change(&mut recipe.clean.steps));
}

/// Adds a step at the end of the list.
fn append(scene: &mut Scene, step: StepKind) {
    let what = step.clone();
    decide(scene, "", &what, |steps| steps.push(step.into()));
}
