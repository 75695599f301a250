//! How a panel stands: empty, out of date, failed.

use egui::{RichText, Ui};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{ICON_AUTO_FIX_HIGH, ICON_ERROR, ICON_FOLDER_OPEN, ICON_PENDING, ICON_REFRESH};

use super::sheet::excerpt;
use super::{button, card, text};
use crate::app::{Command, Panel, Status};
use crate::error::Error;
use crate::intake::{Role, RolesOut};
use crate::pipeline::Stage;
use crate::recipe::Input;
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
        // What failed before stands above with its remedy; nothing more is on its way.
        _ if scene.session.failure().is_some() => {}
        _ if scene.session.stopped() => {
            if empty(ui, ICON_PENDING, "The analysis was stopped.", Some("Run again")) {
                scene.command(Command::RunAgain);
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
    let remedy = remedy(scene, stage);
    card::frame(ui).stroke(egui::Stroke::new(t.shape.hairline, t.state.bad)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            text::icon(ui, ICON_ERROR, t.state.bad);
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = t.space.xs;
                let title = format!("{} did not work", stage.doing());
                ui.label(RichText::new(title).family(semibold()));
                let (shown, full) = brief(&sentence(&error.to_string()));
                let label = ui.add(egui::Label::new(RichText::new(shown).color(t.text.muted)).wrap());
                if let Some(full) = full {
                    label.on_hover_text(full);
                }
                if stage == Stage::Intake {
                    other_file(ui, scene);
                }
                if remedy != scene.view.panel && button::link(ui, &format!("Go to {}", remedy.title())).clicked() {
                    scene.command(Command::Go(remedy));
                }
            });
        });
    });
    ui.add_space(t.space.xs);
}

/// Longest error shown whole, in characters; a file of hundreds of columns has them all in some messages.
const LONGEST: usize = 320;

/// The start of a long text, and the whole of it where that was cut.
pub fn brief(text: &str) -> (String, Option<String>) {
    let shown = excerpt(text, LONGEST);
    if shown == text { (shown, None) } else { (shown, Some(excerpt(text, 10 * LONGEST))) }
}

/// What can be done about a file that cannot be read.
fn other_file(ui: &mut Ui, scene: &mut Scene) {
    let Some(input) = scene.session.recipe().map(|r| r.input.clone()) else { return };
    let as_found = Input { files: input.files.clone(), ..Input::default() };
    ui.horizontal_wrapped(|ui| {
        if input != as_found {
            let read = button::plain(ui, ICON_AUTO_FIX_HIGH, "Read it as found");
            if read.on_hover_text("Forget every setting about how the file is to be read").clicked() {
                scene.decide("Read the file as found", false, |r| r.input = as_found);
            }
        }
        if button::plain(ui, ICON_FOLDER_OPEN, "Open another file…").clicked() {
            scene.command(Command::Open);
        }
        if button::plain(ui, ICON_REFRESH, "Try again").on_hover_text("After the file was changed").clicked() {
            scene.command(Command::RunAgain);
        }
    });
}

/// The panel where a failure can be put right: a role that is missing is chosen in Data, whatever stage missed it.
pub fn remedy(scene: &Scene, failed: Stage) -> Panel {
    let missing = scene.session.roles.get().is_some_and(|roles| missing_role(roles).is_some());
    if failed == Stage::Clean && missing { Panel::Data } else { crate::ui::panels::panel_of(failed) }
}

/// The first role without which nothing can be counted and that has no column.
pub fn missing_role(roles: &RolesOut) -> Option<Role> {
    let has = |role| roles.column(role).is_some();
    if roles.shape.is_of_customers() {
        // Rows are numbered where no column says who the customer is.
        None
    } else if !has(Role::CustomerId) {
        Some(Role::CustomerId)
    } else if !has(Role::Date) {
        Some(Role::Date)
    } else if !(has(Role::Amount) || has(Role::Quantity) && has(Role::UnitPrice)) {
        Some(Role::Amount)
    } else {
        None
    }
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
