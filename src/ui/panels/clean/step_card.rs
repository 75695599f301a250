//! The card of one of the user's steps: switch, words, effect, examples, and what can be done with it.

use egui::{Align, Layout, Sense, Stroke, Ui, vec2};
use egui_material_icons::icons::{
    ICON_ARROW_DOWNWARD, ICON_ARROW_UPWARD, ICON_CONTENT_COPY, ICON_DELETE, ICON_DRAG_INDICATOR, ICON_EDIT,
};

use super::flow::{self, Dragged};
use super::tile::{self, Left};
use super::{decide, preview};
use crate::clean::{FunnelStep, StepEffect};
use crate::recipe::CleanStep;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, choice, state, text};

/// What is known about a step.
pub struct Seen<'a> {
    /// What it did when the steps last ran; `None` if it was not among them.
    pub effect: Option<&'a StepEffect>,
    /// Its line of the funnel.
    pub line: Option<&'a FunnelStep>,
    /// Whether the steps last ran as they are now.
    pub current: bool,
    /// Whether the funnel belongs to the steps as they are now.
    pub figures: bool,
    /// Rows of the file.
    pub most: usize,
    /// Whether another step is being edited.
    pub busy: bool,
}

/// Examples on a card.
const EXAMPLES: usize = 3;

pub fn show(ui: &mut Ui, scene: &mut Scene, i: usize, steps: &[CleanStep], seen: &Seen) -> egui::Rect {
    let t = theme::of(ui);
    let step = &steps[i];
    let error = seen.effect.and_then(|e| e.error.as_deref()).filter(|_| step.on);
    let stroke = error.map(|_| Stroke::new(t.shape.hairline, t.state.bad));
    let left = match (seen.line.filter(|_| seen.figures), seen.effect) {
        (Some(line), _) => Some(flow::left(scene, line)),
        (None, Some(effect)) => Some(Left { rows: effect.rows_after, ..Left::default() }),
        (None, None) => None,
    };
    tile::show(ui, stroke, |ui| {
        let left = left.filter(|_| step.on);
        tile::head(ui, &step.what.sentence(), "", left.as_ref(), |ui| {
            handle(ui, i);
            let mut on = step.on;
            if choice::toggle(ui, &mut on, &format!("Step {} is on", i + 1)).changed() {
                decide(scene, if on { "Switch on" } else { "Switch off" }, &step.what, |s| s[i].on = on);
            }
        });
        ui.horizontal(|ui| {
            let buttons = 5.0 * (t.shape.control - t.space.xs) + t.space.s;
            let width = (ui.available_width() - buttons).max(0.0);
            ui.allocate_ui_with_layout(vec2(width, t.shape.row), Layout::left_to_right(Align::Center), |ui| {
                ui.set_width(width);
                note(ui, step, seen);
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                actions(ui, scene, i, steps, seen.busy);
            });
        });
        let Some(effect) = seen.effect.filter(|_| step.on) else { return };
        if let Some(error) = error {
            tile::problem(ui, &state::sentence(error));
        }
        state::dimmed(ui, !seen.current, |ui| {
            preview::examples(ui, effect, EXAMPLES);
            tile::bar(ui, effect.rows_before, effect.rows_after, seen.most);
        });
    })
}

fn note(ui: &mut Ui, step: &CleanStep, seen: &Seen) {
    match seen.effect {
        _ if !step.on => {
            text::muted_line(ui, "Switched off.");
        }
        Some(effect) => {
            state::dimmed(ui, !seen.current, |ui| text::muted_line(ui, preview::summary(effect)));
        }
        None => {
            text::muted_line(ui, "Being done…");
        }
    }
}

/// Where the card is taken hold of; the arrows do the same by keyboard.
fn handle(ui: &mut Ui, i: usize) {
    let t = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(t.space.m, t.shape.row), Sense::drag());
    let color = if response.hovered() || response.dragged() { t.text.normal } else { t.text.faint };
    let glyph = ICON_DRAG_INDICATOR.rich_text().size(t.font.icon).color(color);
    let layout = Layout::left_to_right(Align::Center);
    ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(layout)).label(glyph);
    let name = format!("Drag step {}", i + 1);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &name));
    response.dnd_set_drag_payload(Dragged(i));
    response.on_hover_text("Drag to another place").on_hover_cursor(egui::CursorIcon::Grab);
}

/// From right to left.
fn actions(ui: &mut Ui, scene: &mut Scene, i: usize, steps: &[CleanStep], busy: bool) {
    let step = &steps[i];
    let named = |what: &str| format!("{what} step {}", i + 1);
    if button::icon(ui, ICON_DELETE, &named("Delete")).clicked() {
        decide(scene, "Delete step", &step.what, |steps| {
            steps.remove(i);
        });
    }
    if button::icon(ui, ICON_CONTENT_COPY, &named("Duplicate")).clicked() {
        decide(scene, "Duplicate step", &step.what, |steps| steps.insert(i + 1, step.clone()));
    }
    let mut shift = |ui: &mut Ui, glyph, name: String, to: Option<usize>| {
        let clicked = ui.add_enabled_ui(to.is_some(), |ui| button::icon(ui, glyph, &name)).inner.clicked();
        if let Some(to) = to.filter(|_| clicked) {
            flow::move_step(scene, steps, i, to);
        }
    };
    shift(ui, ICON_ARROW_DOWNWARD, format!("{} down", named("Move")), Some(i + 1).filter(|&to| to < steps.len()));
    shift(ui, ICON_ARROW_UPWARD, format!("{} up", named("Move")), i.checked_sub(1));
    if ui.add_enabled_ui(!busy, |ui| button::icon(ui, ICON_EDIT, &named("Edit"))).inner.clicked() {
        scene.view.clean.edit(i, step.what.clone());
    }
}
