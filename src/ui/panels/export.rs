//! Export: what will be written and where; afterwards what was written.

use egui::{Align, Layout, RichText, ScrollArea, TextEdit, Ui, vec2};
use egui_material_icons::icons::{
    ICON_ARTICLE, ICON_CHECK_CIRCLE, ICON_DATA_OBJECT, ICON_DOWNLOAD, ICON_FOLDER_OPEN, ICON_GRID_ON, ICON_SAVE,
    ICON_TABLE,
};

use super::welcome::expand_home;
use crate::app::{Action, Command};
use crate::export::ExportKind;
use crate::format;
use crate::pipeline::Stage;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, card, state, text};
use crate::worker::ExportTarget;

/// In the title row: the one next action.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let ready = scene.session.findings().is_some() && !scene.exporting;
    let export = ui.add_enabled_ui(ready, |ui| button::primary(ui, ICON_DOWNLOAD, "Export everything…")).inner;
    if export.on_hover_text(Command::ExportFolder.tooltip()).clicked() {
        scene.command(Command::ExportFolder);
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    if scene.session.findings().is_none() && scene.written.is_empty() {
        return state::waiting(ui, scene, Stage::Portray);
    }
    ScrollArea::vertical().auto_shrink([false, false]).show(ui, |ui| {
        if !scene.written.is_empty() {
            written(ui, scene);
            ui.add_space(t.space.xs);
        }
        everything(ui, scene);
        ui.add_space(t.space.xs);
        single(ui, scene);
    });
}

fn everything(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let customers = scene.session.rfm.get().map_or(0, |r| r.customers.len());
    let segments = scene.session.profiles.get().map_or(0, |p| p.len());
    card::card(ui, |ui| {
        text::heading(ui, "Everything into a folder");
        text::muted(ui, "Written as a whole or not at all. Files of the same name are replaced.");
        ui.add_space(t.space.xs);
        let rows = [
            (ICON_GRID_ON, ExportKind::Workbook, "Excel workbook: summary, customers, segments and method".to_string()),
            (
                ICON_TABLE,
                ExportKind::CUSTOMERS,
                format!("One row per customer with features and segment: {} rows", format::count(customers)),
            ),
            (
                ICON_TABLE,
                ExportKind::SEGMENTS,
                format!("One row per segment: {}", format::plural(segments, "row", "rows")),
            ),
            (ICON_ARTICLE, ExportKind::Recipe, "Every decision as text; runs again on next month's file".to_string()),
            (ICON_DATA_OBJECT, ExportKind::Model, "Transform, scale and centroids, to place new customers".to_string()),
            (ICON_DATA_OBJECT, ExportKind::Summary, "All key figures for other programs".to_string()),
        ];
        for (icon, kind, what) in rows {
            ui.horizontal(|ui| {
                text::icon(ui, icon, t.text.faint);
                ui.allocate_ui_with_layout(vec2(128.0, t.shape.row), Layout::left_to_right(Align::Center), |ui| {
                    ui.set_width(128.0);
                    ui.label(kind.file_name());
                });
                text::muted_line(ui, what);
            });
        }
        ui.add_space(t.space.xs);
        ui.horizontal(|ui| {
            let ready = scene.session.findings().is_some() && !scene.exporting;
            let width = 132.0;
            let field = TextEdit::singleline(&mut scene.view.typed.export_path)
                .hint_text("folder, for example ~/segments; made if it is not there")
                .desired_width((ui.available_width() - width - t.space.s).min(520.0))
                .margin(vec2(t.space.s, t.space.s - 1.0));
            let field = ui.add(field).accessible_name("Folder to export into");
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
            let ready = ready && !scene.view.typed.export_path.trim().is_empty();
            let label = if scene.exporting { "Writing…" } else { "Export here" };
            let go = egui::Button::new(label).min_size(vec2(0.0, field.rect.height()));
            if ui.add_enabled(ready, go).clicked() || (entered && ready) {
                let folder = expand_home(scene.view.typed.export_path.trim());
                scene.act(Action::Export(ExportTarget::Folder(folder)));
            }
        });
    });
}

fn single(ui: &mut Ui, scene: &mut Scene) {
    card::card(ui, |ui| {
        text::heading(ui, "One file");
        ui.horizontal_wrapped(|ui| {
            let ready = scene.session.findings().is_some() && !scene.exporting;
            let choices = [
                (ICON_GRID_ON, "Excel workbook…", Command::ExportWorkbook),
                (ICON_TABLE, "Customers as CSV…", Command::ExportCustomers),
                (ICON_SAVE, "Recipe…", Command::SaveRecipe),
            ];
            for (icon, text, command) in choices {
                let clicked = ui.add_enabled_ui(ready, |ui| button::plain(ui, icon, text)).inner;
                if clicked.on_hover_text(command.tooltip()).clicked() {
                    scene.command(command);
                }
            }
        });
    });
}

fn written(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(first) = scene.written.first() else { return };
    let folder = first.path.parent().unwrap_or(&first.path).to_path_buf();
    card::card(ui, |ui| {
        ui.horizontal(|ui| {
            text::icon(ui, ICON_CHECK_CIRCLE, t.state.good);
            let files = format::plural(scene.written.len(), "file", "files");
            ui.label(RichText::new(format!("{files} written")).family(semibold()));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button::plain(ui, ICON_FOLDER_OPEN, "Open folder").clicked() {
                    scene.act(Action::Reveal(folder.clone()));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    text::muted_line(ui, folder.display().to_string());
                });
            });
        });
        for file in scene.written {
            let name = file.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            text::fact(ui, &name, text::bytes(file.bytes));
        }
    });
}
