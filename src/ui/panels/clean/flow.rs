//! The flow: the file as read, the user's steps in their order, the steps that are always there.

use std::sync::Arc;

use egui::{Rect, Sense, Stroke, Ui};

use super::tile::{self, Left};
use super::{add, decide, editor, fixed, step_card, suggestions};
use crate::app::Status;
use crate::clean::{FunnelStep, Prepared};
use crate::format;
use crate::recipe::CleanStep;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{state, text};

/// The funnel as last computed, and whether it belongs to the recipe as it is now. The RFM stage has all of it: the
/// steps of cleaning and its own.
fn funnel(scene: &Scene) -> (Vec<FunnelStep>, bool) {
    let session = scene.session;
    match (session.rfm.get(), session.clean.get()) {
        (Some(rfm), _) if session.clean.status() == &Status::Ready || session.clean.get().is_none() => {
            (rfm.funnel.clone(), session.rfm.status() == &Status::Ready)
        }
        (_, Some(clean)) => (clean.funnel.clone(), session.clean.status() == &Status::Ready),
        _ => (Vec::new(), false),
    }
}

/// What is left after a line of the funnel.
pub fn left(scene: &Scene, line: &FunnelStep) -> Left {
    // A table of customers need not say what they spent.
    let money = line.amount.is_finite().then(|| format::money(line.amount, scene.currency()));
    Left { rows: line.rows, customers: Some(line.customers), money }
}

pub fn show(ui: &mut Ui, scene: &mut Scene, prepared: &Arc<Prepared>, wide: bool) {
    let t = theme::of(ui);
    let Some(steps) = scene.session.recipe().map(|r| r.clean.steps.clone()) else { return };
    let (lines, current) = funnel(scene);
    let most = prepared.table.rows;
    ui.spacing_mut().item_spacing.y = 0.0;
    // Room for the scroll bar.
    ui.set_max_width(ui.available_width() - t.space.m);
    let read = Left { rows: most, ..Left::default() };
    let read = lines.first().map_or(read, |line| left(scene, line));
    tile::show(ui, None, |ui| {
        tile::head(ui, "File as read", "", Some(&read), |_| {});
        tile::bar(ui, most, most, most);
    });
    let editing = scene.view.clean.draft.as_ref().map(|d| d.replaces.filter(|&i| i < steps.len()));
    let ready = *scene.session.prepared.status() == Status::Ready;
    let mut cards = Vec::with_capacity(steps.len());
    for (i, step) in steps.iter().enumerate() {
        tile::connector(ui);
        if editing == Some(Some(i)) {
            cards.push(ui.scope(|ui| editor::show(ui, scene, prepared, steps.len())).response.rect);
            continue;
        }
        let place = place_of(prepared, i, step);
        let effect = place.and_then(|p| prepared.effects.get(p));
        let line = place.and_then(|p| lines.iter().find(|l| l.index == Some(p) && l.step == step.what.sentence()));
        let seen = step_card::Seen { effect, line, current: ready, figures: current, most, busy: editing.is_some() };
        let rect = ui.push_id(("step", i), |ui| step_card::show(ui, scene, i, &steps, &seen)).inner;
        drop_zone(ui, scene, i, &steps, rect);
        cards.push(rect);
    }
    tile::connector(ui);
    if editing == Some(None) {
        editor::show(ui, scene, prepared, steps.len());
        ui.add_space(t.space.s);
    } else {
        add::row(ui, scene, steps.is_empty(), editing.is_some());
    }
    if !wide {
        suggestions::show(ui, scene, prepared);
    }
    if let Some(roles) = scene.session.roles.get().filter(|r| r.shape.is_of_customers()) {
        tile::connector(ui);
        tile::show(ui, None, |ui| {
            text::heading(ui, roles.shape.shape.label());
            text::muted(ui, format!("{} {}", roles.shape.shape.hint(), state::sentence(&roles.shape.reason)));
        });
    }
    if !lines.is_empty() {
        state::dimmed(ui, !current, |ui| fixed::show(ui, scene, &lines, most));
    }
    ui.add_space(t.space.s);
    let warnings = scene.session.clean.get().map_or(&[][..], |c| &c.warnings);
    for warning in warnings {
        tile::warning(ui, &state::sentence(warning));
    }
}

/// Where a step stood when the steps last ran: at its own place if it is the same one, else wherever it was.
fn place_of(prepared: &Prepared, i: usize, step: &CleanStep) -> Option<usize> {
    let then = prepared.steps();
    if then.get(i) == Some(step) { Some(i) } else { then.iter().position(|s| s == step) }
}

/// The step that is being dragged, by its place.
#[derive(Clone, Copy)]
pub struct Dragged(pub usize);

/// A step let go over the card of another one takes its place.
fn drop_zone(ui: &mut Ui, scene: &mut Scene, i: usize, steps: &[CleanStep], rect: Rect) {
    let t = theme::of(ui);
    let zone = ui.interact(rect, ui.scope_id().with(("drop zone", i)), Sense::hover());
    if let Some(dragged) = zone.dnd_hover_payload::<Dragged>().filter(|d| d.0 != i) {
        let y = if dragged.0 > i { rect.top() } else { rect.bottom() };
        ui.painter().hline(rect.x_range(), y, Stroke::new(t.shape.ring, t.accent.normal));
    }
    if let Some(dragged) = zone.dnd_release_payload::<Dragged>().filter(|d| d.0 != i) {
        move_step(scene, steps, dragged.0, i);
    }
}

/// Puts the step at `from` to the place `to`.
pub fn move_step(scene: &mut Scene, steps: &[CleanStep], from: usize, to: usize) {
    let Some(step) = steps.get(from) else { return };
    decide(scene, if to < from { "Move up" } else { "Move down" }, &step.what, |steps| {
        let step = steps.remove(from);
        steps.insert(to.min(steps.len()), step);
    });
}
