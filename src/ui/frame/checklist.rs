//! The first steps of somebody who is new, at the foot of the rail: four lines that tick themselves off.

use egui::{Align, Layout, Margin, RichText, Sense, Stroke, Ui, WidgetInfo, vec2};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_CLOSE, ICON_RADIO_BUTTON_UNCHECKED};

use crate::app::FirstStep;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, text};

/// Draws them as a panel at the bottom of `ui`, where there is room for them: nothing is ever covered.
pub fn show(ui: &mut Ui, scene: &mut Scene) {
    if scene.settings.checklist_away || scene.session.recipe().is_none() {
        return;
    }
    let t = theme::of(ui);
    let done = |step: FirstStep| scene.settings.steps_done.iter().any(|d| d == step.name());
    let ticked: Vec<bool> = FirstStep::ALL.into_iter().map(done).collect();
    let n = ticked.iter().filter(|on| **on).count();
    let row = t.shape.row;
    let lines = if n == ticked.len() { 2.0 } else { ticked.len() as f32 };
    // In a low window the head alone says how far one is.
    let whole = ui.available_height() > row * (lines + 1.5) + t.space.xl;
    let frame =
        egui::Frame::new().inner_margin(Margin { left: t.space.s as i8, bottom: t.space.s as i8, ..Margin::ZERO });
    egui::Panel::bottom("first steps").frame(frame).resizable(false).show_separator_line(false).show(ui, |ui| {
        let top = ui.max_rect().expand2(vec2(t.space.s, 0.0));
        ui.painter().hline(top.x_range(), top.top() - t.space.xs, Stroke::new(t.shape.hairline, t.bg.line));
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.spacing_mut().interact_size.y = row;
        ui.horizontal(|ui| {
            ui.label(RichText::new("First steps").size(t.font.small).color(t.text.faint));
            let count = format!("{n} of {}", ticked.len());
            ui.label(RichText::new(count).size(t.font.small).color(t.text.faint));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button::small_icon(ui, ICON_CLOSE, "Put the first steps away").clicked() {
                    scene.set(|s| s.checklist_away = true);
                }
            });
        });
        if !whole {
            return;
        }
        if n == ticked.len() {
            text::muted(ui, "All done. You know the way from a file to a list.");
            return;
        }
        let next = ticked.iter().position(|on| !on);
        for (i, step) in FirstStep::ALL.into_iter().enumerate() {
            if line(ui, step, ticked[i], next == Some(i)) {
                scene.command(step.goes_to());
            }
        }
    });
}

/// Returns whether it was clicked.
fn line(ui: &mut Ui, step: FirstStep, done: bool, next: bool) -> bool {
    let t = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), t.shape.row), Sense::click());
    let name = format!("First step: {}", step.text());
    response.widget_info(|| WidgetInfo::selected(egui::Role::Button, ui.is_enabled(), done, &name));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, t.shape.radius_small, t.bg.hover);
    }
    let mut row = ui.new_child(egui::UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)));
    row.spacing_mut().item_spacing.x = t.space.xs;
    let (icon, color) =
        if done { (ICON_CHECK_CIRCLE, t.state.good) } else { (ICON_RADIO_BUTTON_UNCHECKED, t.text.faint) };
    row.label(icon.rich_text().size(t.font.body).color(color));
    let mut words = RichText::new(step.text()).size(t.font.small);
    words = match (done, next) {
        (true, _) => words.color(t.text.faint),
        (false, true) => words.color(t.text.normal).family(semibold()),
        (false, false) => words.color(t.text.muted),
    };
    row.add(egui::Label::new(words).truncate());
    response.on_hover_text(step.hint()).clicked()
}
