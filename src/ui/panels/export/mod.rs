//! Export: what will be written, in which form and where; afterwards what was written.

mod choices;
mod files;
mod outcome;
mod presentation;
mod preview;
mod words;

use std::sync::Arc;

use egui::{RichText, ScrollArea, TextEdit, Ui, vec2};
use egui_material_icons::icons::{ICON_CLOSE, ICON_DOWNLOAD, ICON_FOLDER_OPEN};

use super::welcome::expand_home;
use crate::app::{Action, Browse, Command};
use crate::export::{Foreseen, foresee};
use crate::pipeline::{Findings, Stage};
use crate::recipe::Recipe;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, card, state, text};
use crate::worker::ExportTarget;

/// Room from which what is written stands beside what is decided.
const TWO_COLUMNS: f32 = 680.0;

/// In the title row: the one next action.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    if scene.exporting {
        let stop = button::plain(ui, ICON_CLOSE, "Stop writing");
        if stop.on_hover_text("What stood in the folder before stays as it was").clicked() {
            scene.act(Action::StopExports);
        }
        return;
    }
    let folder = scene.view.typed.export_path.trim().to_string();
    let ready = scene.session.findings().is_some();
    let (label, hint) = match folder.is_empty() {
        true => ("Export into a folder…", Command::ExportFolder.tooltip()),
        false => ("Export here", format!("Write all files below into {folder}")),
    };
    let go = ui.add_enabled_ui(ready, |ui| button::primary(ui, ICON_DOWNLOAD, label)).inner;
    if go.on_hover_text(hint).clicked() {
        export(scene);
    }
}

fn export(scene: &mut Scene) {
    match scene.view.typed.export_path.trim() {
        "" => scene.command(Command::ExportFolder),
        folder => {
            let folder = expand_home(folder);
            scene.act(Action::Export(ExportTarget::Folder(folder)));
        }
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, current)) = scene.findings() else { return state::waiting(ui, scene, Stage::Portray) };
    let Some(recipe) = scene.session.recipe().cloned() else { return };
    let t = theme::of(ui);
    let planned = planned(ui, scene, &findings, &recipe);
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        outcome::show(ui, scene);
        place(ui, scene);
        ui.add_space(t.space.xs);
        let width = ui.available_width();
        if width < TWO_COLUMNS {
            choices::show(ui, scene, &findings, &recipe);
            ui.add_space(t.space.xs);
            presentation::show(ui, scene, &recipe);
            ui.add_space(t.space.xs);
            written(ui, scene, &findings, &recipe, &planned, current);
            return;
        }
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.m;
            ui.vertical(|ui| {
                ui.set_width(t.frame.side);
                choices::show(ui, scene, &findings, &recipe);
                ui.add_space(t.space.xs);
                presentation::show(ui, scene, &recipe);
            });
            ui.vertical(|ui| {
                ui.set_width(ui.available_width());
                written(ui, scene, &findings, &recipe, &planned, current);
            });
        });
    });
}

/// The files and a look into them.
fn written(
    ui: &mut Ui,
    scene: &mut Scene,
    findings: &Arc<Findings>,
    recipe: &Arc<Recipe>,
    planned: &[Foreseen],
    current: bool,
) {
    let t = theme::of(ui);
    state::dimmed(ui, !current, |ui| {
        files::show(ui, scene, findings, planned);
        ui.add_space(t.space.xs);
        preview::show(ui, scene, findings, recipe);
    });
}

/// What will be written under the recipe in force; the last plan while a new one is made.
fn planned(ui: &Ui, scene: &mut Scene, findings: &Arc<Findings>, recipe: &Arc<Recipe>) -> Vec<Foreseen> {
    let input = (findings.clone(), recipe.clone());
    let found = scene.cache.follow("planned files", input, ui.ctx(), |(findings, recipe), ctx| {
        foresee(&under(findings, recipe), ctx).ok()
    });
    found.value.map(|files| Vec::clone(&files)).unwrap_or_default()
}

/// Findings under a recipe that differs in outputs alone.
fn under(findings: &Findings, recipe: &Arc<Recipe>) -> Findings {
    Findings { recipe: recipe.clone(), ..findings.clone() }
}

/// Where to.
fn place(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    card::card(ui, |ui| {
        text::heading_and_note(ui, "Where", "Written as a whole or not at all. Files of the same name are replaced.");
        ui.add_space(t.space.xs);
        ui.horizontal(|ui| {
            let browse = 110.0;
            let field = TextEdit::singleline(&mut scene.view.typed.export_path)
                .hint_text("Folder, for example ~/segments; made if it is not there")
                .desired_width(ui.available_width() - browse - t.space.s)
                .margin(vec2(t.space.s, t.space.s - t.shape.hairline));
            let field = ui.add(field).accessible_name("Folder to export into");
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            let ready = scene.session.findings().is_some() && !scene.exporting;
            if entered && ready && !scene.view.typed.export_path.trim().is_empty() {
                export(scene);
            }
            let height = field.rect.height();
            let icon = ICON_FOLDER_OPEN.rich_text().size(t.font.icon).color(t.text.muted);
            let button = egui::Button::new((icon, RichText::new("Browse…"))).min_size(vec2(browse, height));
            if ui.add(button).accessible_name("Browse for a folder…").clicked() {
                scene.act(Action::Browse(Browse::ExportFolder));
            }
        });
    });
}
