//! The editor of one step: its controls, what it would do, and the decision.

use std::sync::Arc;

use egui::{Align, Layout, RichText, Stroke, Ui, vec2};
use egui_material_icons::icons::{ICON_CHECK, ICON_CLOSE};

use super::form::{self, Place};
use super::{append, decide, preview};
use crate::app::{Draft, Status};
use crate::clean::Prepared;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, card, text};

/// Draws the editor of the draft; `steps` is the number of steps in the recipe.
pub fn show(ui: &mut Ui, scene: &mut Scene, prepared: &Arc<Prepared>, steps: usize) {
    let t = theme::of(ui);
    // Taken out while it is drawn, so that its controls can use the scene.
    let Some(mut draft) = scene.view.clean.draft.take() else { return };
    let at = draft.replaces.unwrap_or(steps);
    let mut end = End::Open;
    card::frame(ui).stroke(Stroke::new(t.shape.hairline, t.accent.normal)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = t.space.s;
        ui.push_id(("step editor", draft.number), |ui| {
            let place = Place { prepared, at: at.min(prepared.steps().len()) };
            ui.horizontal(|ui| {
                ui.label(RichText::new(draft.step.label()).family(semibold()));
                text::muted_line(ui, draft.step.hint());
            });
            form::show(ui, scene, &place, &mut draft);
            card::rule(ui);
            let possible = preview::live(ui, scene, prepared, place.at, &draft);
            // Until the steps before it are done again, nobody knows what it does.
            let possible = possible && *scene.session.prepared.status() == Status::Ready;
            end = buttons(ui, &draft, possible);
        });
    });
    match end {
        End::Open => scene.view.clean.draft = Some(draft),
        End::Cancelled => {}
        End::Applied => apply(scene, draft),
    }
}

/// How a frame of the editor ended.
enum End {
    Open,
    Cancelled,
    Applied,
}

fn buttons(ui: &mut Ui, draft: &Draft, possible: bool) -> End {
    let mut end = End::Open;
    let row = vec2(ui.available_width(), theme::of(ui).shape.control);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), |ui| {
        let apply = if draft.replaces.is_some() { "Apply changes" } else { "Add this step" };
        if ui.add_enabled_ui(possible, |ui| button::primary(ui, ICON_CHECK, apply)).inner.clicked() {
            end = End::Applied;
        }
        if button::plain(ui, ICON_CLOSE, "Cancel").clicked() {
            end = End::Cancelled;
        }
    });
    end
}

fn apply(scene: &mut Scene, draft: Draft) {
    let Some(at) = draft.replaces else { return append(scene, draft.step) };
    let step = draft.step.clone();
    decide(scene, "Edit step", &draft.step, |steps| {
        if let Some(old) = steps.get_mut(at) {
            old.what = step;
        }
    });
}
