//! Features: what describes a customer. Which features are clustered by and how they are prepared, those that could be,
//! and the user's own.

mod catalogue;
mod chosen;
mod decisions;
mod defaults;
mod editor;
mod engine;
mod hints;
mod items;
mod shapes;
mod tile;
mod trial;

use std::sync::Arc;

use egui::{ScrollArea, Ui};
use egui_material_icons::icons::{ICON_ADD, ICON_WARNING};

use super::rfm;
use crate::app::{FeaturesTab, Level, Status};
use crate::pipeline::Stage;
use crate::recipe::Formula;
use crate::rfm::Feature;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, choice, state, text};

use shapes::Shapes;

/// Room that the button in the title row needs with its words.
const ADD: f32 = 150.0;

/// In the title row: which side of the panel, and its one action.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let tabs = FeaturesTab::ALL.map(|tab| (tab, tab.title()));
    choice::tabs(ui, &mut scene.view.features.tab, &tabs);
    if scene.view.features.tab == FeaturesTab::Features {
        let possible = scene.session.rfm.get().is_some() && scene.view.features.draft.is_none();
        let room = ui.available_width() >= ADD;
        let add = ui.add_enabled_ui(possible, |ui| match room {
            true => button::primary(ui, ICON_ADD, "Add calculated…"),
            false => button::icon(ui, ICON_ADD, "Add calculated…"),
        });
        if add.inner.clicked() {
            scene.view.features.add(Level::Customers, Formula::Expression { expression: String::new() });
        }
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    match scene.view.features.tab {
        FeaturesTab::Features => features(ui, scene),
        FeaturesTab::Rfm => rfm::scores(ui, scene),
        FeaturesTab::Map => rfm::map(ui, scene),
        FeaturesTab::Dates => rfm::dates(ui, scene),
    }
}

fn features(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    ScrollArea::vertical().id_salt("features").auto_shrink([false, false]).show(ui, |ui| {
        defaults::show(ui, scene);
        let Some(rfm) = scene.session.rfm.get().cloned() else {
            return state::waiting(ui, scene, Stage::Rfm);
        };
        let Some(recipe) = scene.session.recipe().cloned() else { return };
        // What is ready-made belongs to the customers as they are counted now; of another number it says nothing.
        let made = scene.follow_catalogue(ui.ctx()).and_then(|f| f.value);
        let n = rfm.customers.len();
        let ready = made.as_ref().map(|c| c.features.clone()).unwrap_or_default();
        let ready = if ready.iter().all(|f| f.values.len() == n) { ready } else { Default::default() };
        let words = word_columns(ui, scene);
        let shapes = Shapes::follow(ui.ctx(), scene, &rfm, &ready, &words);
        let names = decisions::chosen(&rfm, &recipe.features);
        let items = items::all(&rfm, &ready, &words, &recipe.features.calculate, &names, catalogue::group);
        let current = *scene.session.rfm.status() == Status::Ready;
        ui.add_space(t.space.xs);
        editor::show(ui, scene, &rfm, &items);
        state::dimmed(ui, !current, |ui| {
            hints::show(ui, scene, &rfm, &items, &shapes);
            chosen::show(ui, scene, &rfm, &items, &names, &shapes);
            notes(ui, &rfm);
            ui.add_space(t.space.s);
            if let Some(problem) = made.as_ref().and_then(|c| c.problem.as_ref()) {
                warning(ui, problem);
            }
            catalogue::show(ui, scene, &rfm, &items, &shapes);
            ui.add_space(t.space.m);
        });
    });
}

/// Columns of words that could be encoded; those of the table before while they are looked for.
fn word_columns(ui: &Ui, scene: &mut Scene) -> Arc<Vec<Feature>> {
    let session = scene.session;
    let (Some(prepared), Some(roles)) = (session.prepared.get(), session.roles.get()) else { return Arc::default() };
    let input = (prepared.clone(), roles.clone());
    let found = scene.cache.follow("word columns", input, ui.ctx(), |(prepared, roles), _| {
        Some(Arc::new(items::word_columns(prepared, roles)))
    });
    found.value.map(|v| Arc::clone(&v)).unwrap_or_default()
}

/// What was decided on the user's behalf, and what to beware of.
fn notes(ui: &mut Ui, rfm: &crate::rfm::RfmOut) {
    for note in &rfm.notes {
        text::muted(ui, note.as_str());
    }
    for text in &rfm.warnings {
        warning(ui, text);
    }
}

fn warning(ui: &mut Ui, sentence: &str) {
    let t = theme::of(ui);
    ui.horizontal_top(|ui| {
        text::icon(ui, ICON_WARNING, t.state.warn);
        let (shown, full) = state::brief(&state::sentence(sentence));
        let label = text::muted(ui, shown);
        if let Some(full) = full {
            label.on_hover_text(full);
        }
    });
}
