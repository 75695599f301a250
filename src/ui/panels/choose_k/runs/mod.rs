//! Every run that was done, and two of them side by side.

mod compare;
mod differences;
mod table;

use egui::{ScrollArea, Ui};
use egui_material_icons::icons::ICON_HISTORY;

use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, state, text};

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let runs = scene.runs;
    // What was forgotten is no longer compared.
    scene.view.choose_k.runs.pair.retain(|number| runs.get(*number).is_some());
    if runs.list().is_empty() {
        let why = "No analysis is finished yet. Every one that finishes is listed here.";
        state::empty(ui, ICON_HISTORY, why, None);
        return;
    }
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        ui.horizontal(|ui| {
            text::heading(ui, format::plural(runs.list().len(), "run", "runs"));
            let mut note = "every finished analysis, as long as the file is open".to_string();
            if runs.dropped() > 0 {
                let dropped = format::plural(runs.dropped(), "older one was", "older ones were");
                note = format!("{note}; {dropped} dropped to save memory");
            }
            text::muted_line(ui, note);
        });
        table::show(ui, scene);
        ui.add_space(t.space.s);
        let pair = scene.view.choose_k.runs.pair.clone();
        match pair[..] {
            [a, b] => compare::show(ui, scene, a, b),
            [one] => {
                let name = runs.get(one).map(|r| r.name()).unwrap_or_default();
                text::muted(ui, format!("Tick a second run to lay it beside {name}."));
            }
            _ if runs.list().len() > 1 => {
                ui.horizontal(|ui| {
                    text::muted(ui, "Tick two runs to lay them side by side.");
                    let last: Vec<u64> = runs.list().iter().rev().take(2).map(|r| r.number).collect();
                    if button::link(ui, "Compare the last two").clicked() {
                        scene.view.choose_k.runs.pair = last.into_iter().rev().collect();
                    }
                });
            }
            _ => {
                drop(text::muted(ui, "Change k, the algorithm or the features: each result is listed beside this one."))
            }
        }
    });
}

/// Takes over how a run clustered, and by which features.
fn take_over(scene: &mut Scene, run: &crate::app::Run) {
    let (cluster, features) = (run.recipe.cluster.clone(), run.recipe.features.clone());
    scene.decide(format!("Use the choices of run {}", run.number), false, |r| {
        r.cluster = cluster;
        r.features = features;
    });
}
