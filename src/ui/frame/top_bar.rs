//! The bar at the top: name, file, history, search, theme, settings, explain.

use egui::{Align, Layout, Margin, RichText, Stroke, Ui, UiBuilder, vec2};
use egui_material_icons::icons::{
    ICON_DARK_MODE, ICON_FOLDER_OPEN, ICON_HELP, ICON_HISTORY, ICON_LIGHT_MODE, ICON_REDO, ICON_SEARCH, ICON_SETTINGS,
    ICON_UNDO,
};

use super::{history, mark};
use crate::app::Command;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::button;

const SEARCH: f32 = 280.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let frame = egui::Frame::new().fill(t.bg.app).inner_margin(Margin::symmetric(t.space.m as i8, 0));
    egui::Panel::top("top bar").frame(frame).exact_size(t.frame.top).show_separator_line(false).show(ui, |ui| {
        let whole = ui.max_rect();
        ui.painter().hline(ui.clip_rect().x_range(), whole.bottom(), Stroke::new(t.shape.hairline, t.bg.line));
        // The search stands in the middle of the window whatever is left and right of it.
        let middle = egui::Rect::from_center_size(whole.center(), vec2(SEARCH, whole.height()));
        let left = egui::Rect::from_min_max(whole.min, egui::pos2(middle.left() - t.space.m, whole.bottom()));
        let right = egui::Rect::from_min_max(egui::pos2(middle.right() + t.space.m, whole.top()), whole.max);
        ui.scope_builder(UiBuilder::new().max_rect(left).layout(Layout::left_to_right(Align::Center)), |ui| {
            name(ui, scene)
        });
        ui.scope_builder(UiBuilder::new().max_rect(middle).layout(Layout::left_to_right(Align::Center)), |ui| {
            search(ui, scene)
        });
        ui.scope_builder(UiBuilder::new().max_rect(right).layout(Layout::right_to_left(Align::Center)), |ui| {
            tools(ui, scene)
        });
    });
}

fn name(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(t.font.icon), egui::Sense::hover());
    mark::paint(ui.painter(), rect, t);
    ui.label(RichText::new("Quintile").family(semibold()));
    ui.add_space(t.space.s);
    // The welcome panel has the same button, larger.
    if scene.session.recipe().is_some() && button::command(ui, ICON_FOLDER_OPEN, Command::Open, true).clicked() {
        scene.command(Command::Open);
    }
    super::project::show(ui, scene);
}

fn search(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let keys = Command::Palette.shortcut().map(|k| ui.ctx().format_shortcut(&k)).unwrap_or_default();
    let text = RichText::new("Search anything").size(t.font.small).color(t.text.muted);
    let icon = ICON_SEARCH.rich_text().size(t.font.icon).color(t.text.faint);
    let button = egui::Button::new((icon, text))
        .right_text(RichText::new(keys).size(t.font.tiny).color(t.text.faint))
        .fill(t.bg.panel)
        .min_size(vec2(SEARCH, t.shape.control - t.space.xs));
    if ui.add(button).accessible_name("Search commands").clicked() {
        scene.command(Command::Palette);
    }
}

/// From right to left.
fn tools(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    ui.spacing_mut().item_spacing.x = t.space.xs;
    if button::command(ui, ICON_HELP, Command::ToggleExplain, true).clicked() {
        scene.command(Command::ToggleExplain);
    }
    if button::command(ui, ICON_SETTINGS, Command::Settings, true).clicked() {
        scene.command(Command::Settings);
    }
    let theme = if scene.view.dark { ICON_LIGHT_MODE } else { ICON_DARK_MODE };
    if button::command(ui, theme, Command::ToggleTheme, true).clicked() {
        scene.command(Command::ToggleTheme);
    }
    ui.add_space(t.space.s);
    decisions(ui, scene);
    let (can_undo, can_redo) = scene.session.history().map_or((false, false), |h| (h.can_undo(), h.can_redo()));
    if button::command(ui, ICON_REDO, Command::Redo, can_redo).clicked() {
        scene.command(Command::Redo);
    }
    if button::command(ui, ICON_UNDO, Command::Undo, can_undo).clicked() {
        scene.command(Command::Undo);
    }
}

/// The button of the list of decisions, and the list while it is open.
fn decisions(ui: &mut Ui, scene: &mut Scene) {
    let can = scene.session.history().is_some();
    let response = button::command(ui, ICON_HISTORY, Command::History, can);
    if can {
        history::show(scene, &response);
    }
}
