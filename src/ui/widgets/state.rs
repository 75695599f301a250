//! How a panel stands: empty, out of date, failed.

use egui::{Align, Layout, RichText, Ui};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{ICON_ERROR, ICON_PENDING};

use super::{button, card, text};
use crate::app::{Command, Status};
use crate::error::Error;
use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;

/// An icon, one sentence, one button; in the middle of the room there is. Returns whether the button was clicked.
pub fn empty(ui: &mut Ui, icon: MaterialIcon, sentence: &str, action: Option<&str>) -> bool {
    let t = theme::of(ui);
    let mut clicked = false;
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() / 3.0).max(t.space.xl));
        ui.label(icon.rich_text().size(2.0 * t.font.big).color(t.text.faint));
        ui.add_space(t.space.s);
        ui.label(RichText::new(sentence).color(t.text.muted));
        ui.add_space(t.space.m);
        if let Some(action) = action {
            clicked = ui.add(egui::Button::new(action).min_size(egui::vec2(0.0, t.shape.control))).clicked();
        }
    });
    clicked
}

/// The empty state of a panel whose findings are not there yet: what it waits for.
pub fn waiting(ui: &mut Ui, scene: &mut Scene, stage: Stage) {
    match scene.session.status(stage) {
        Status::Failed(_) => {}
        _ if scene.session.recipe().is_none() => {
            if empty(ui, ICON_PENDING, "No file is open.", Some("Open a file…")) {
                scene.command(Command::Open);
            }
        }
        _ => {
            let doing = scene.session.running().map_or(stage.doing(), |(s, _)| s.doing());
            empty(ui, ICON_PENDING, &format!("{doing}…"), None);
        }
    }
}

/// Draws `add`, faded when what it shows is not current.
pub fn dimmed<R>(ui: &mut Ui, dim: bool, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.scope(|ui| {
        if dim {
            ui.multiply_opacity(0.5);
        }
        add(ui)
    })
    .inner
}

/// What happened and what to do. The button leads to the panel where it can be changed.
pub fn failure(ui: &mut Ui, scene: &mut Scene, stage: Stage, error: &Error) {
    let t = theme::of(ui);
    let here = scene.view.panel;
    let remedy = crate::ui::panels::panel_of(stage);
    card::frame(ui).stroke(egui::Stroke::new(t.shape.hairline, t.state.bad)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            text::icon(ui, ICON_ERROR, t.state.bad);
            ui.vertical(|ui| {
                let title = format!("{} did not work", stage.doing());
                ui.label(RichText::new(title).family(semibold()));
                ui.add(egui::Label::new(RichText::new(sentence(&error.to_string())).color(t.text.muted)).wrap());
            });
            if remedy != here {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    if button::link(ui, &format!("Go to {}", remedy.title())).clicked() {
                        scene.command(Command::Go(remedy));
                    }
                });
            }
        });
    });
    ui.add_space(t.space.xs);
}

/// A text with a capital first letter and a full stop.
pub fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let mut out: String = chars.next().map(|c| c.to_uppercase().collect::<String>()).unwrap_or_default();
    out.push_str(chars.as_str());
    if !out.ends_with(['.', '!', '?', '…']) {
        out.push('.');
    }
    out
}
