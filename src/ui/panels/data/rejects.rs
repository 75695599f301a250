//! Rows that do not fit: line, what is wrong, the text as it stands in the file; to copy, to export, to look up.

use std::sync::Arc;

use egui::{Align, Label, Layout, RichText, TextEdit, Ui, vec2};
use egui_extras::{Column, TableBuilder};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_CONTENT_COPY, ICON_DOWNLOAD};

use crate::app::{Action, Command, DataTab};
use crate::format;
use crate::intake::{IntakeOut, Reject};
use crate::ui::panels::welcome::expand_home;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::sheet::excerpt;
use crate::ui::widgets::{button, state, text};
use crate::worker::ExportTarget;

/// Room for the reasons, in points.
const REASON: f32 = 360.0;

pub fn show(ui: &mut Ui, scene: &mut Scene, intake: &Arc<IntakeOut>) {
    let t = theme::of(ui);
    let several = intake.reports.len() > 1;
    let rejects: Vec<(usize, &Reject)> =
        intake.reports.iter().enumerate().flat_map(|(i, r)| r.rejects.iter().map(move |reject| (i, reject))).collect();
    let all: usize = intake.reports.iter().map(|r| r.rejected).sum();
    if rejects.is_empty() {
        state::empty(ui, ICON_CHECK_CIRCLE, "Every row of the file fits the table.", None);
        return;
    }
    let shown = if all > rejects.len() {
        format!("The first {} of {}.", format::count(rejects.len()), format::plural(all, "row", "rows"))
    } else {
        format!("{}.", format::plural(all, "row", "rows"))
    };
    text::muted(
        ui,
        format!(
            "{shown} They have another number of cells than the table, or a quote without its partner. Click one to see what became of it."
        ),
    );
    tools(ui, scene, &rejects);
    ui.add_space(t.space.xs);
    let mut clicked = None;
    ui.spacing_mut().item_spacing = vec2(t.space.m, 0.0);
    let mut table = TableBuilder::new(ui)
        .id_salt("rejects")
        .sense(egui::Sense::click())
        .cell_layout(Layout::left_to_right(Align::Center))
        .auto_shrink([false, false])
        .min_scrolled_height(0.0);
    if several {
        table = table.column(Column::initial(120.0).clip(true).resizable(true));
    }
    table
        .column(Column::exact(64.0))
        .column(Column::initial(REASON).at_least(120.0).clip(true).resizable(true))
        .column(Column::remainder().clip(true))
        .header(t.shape.row, |mut header| {
            let names: &[&str] = if several {
                &["File", "Line", "What is wrong", "As it stands in the file"]
            } else {
                &["Line", "What is wrong", "As it stands in the file"]
            };
            for name in names {
                header.col(|ui| {
                    let right = *name == "Line";
                    let layout = if right { Layout::right_to_left(Align::Center) } else { *ui.layout() };
                    let name = RichText::new(*name).size(t.font.small).family(semibold()).color(t.text.muted);
                    ui.with_layout(layout, |ui| ui.label(name));
                });
            }
        })
        .body(|body| {
            body.rows(t.shape.row, rejects.len(), |mut row| {
                let (file, reject) = rejects[row.index()];
                let small = |text: &str| RichText::new(text).size(t.font.small);
                if several {
                    let name = intake.reports[file].path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                    row.col(|ui| drop(ui.add(Label::new(small(&name)).truncate())));
                }
                row.col(|ui| {
                    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                        ui.label(small(&format::count(reject.line)))
                    });
                });
                row.col(|ui| {
                    ui.add(Label::new(small(&reject.reason)).truncate()).on_hover_text(reject.reason.as_str());
                });
                row.col(|ui| {
                    let raw = RichText::new(excerpt(&reject.text, 300).replace(['\n', '\r'], "⏎")).monospace();
                    ui.add(Label::new(raw.size(t.font.tiny).color(t.text.muted)).truncate());
                });
                if row.response().clicked() {
                    clicked = Some((file, reject.row));
                }
            });
        });
    // Rows of one file are those of the table; of several, only the table as a whole has row numbers.
    if let Some((_, Some(row))) = clicked
        && !several
    {
        scene.view.data.filter = None;
        scene.view.data.reveal = Some((row, 0));
        scene.view.data.tab = DataTab::Preview;
    }
}

/// Copying and exporting.
fn tools(ui: &mut Ui, scene: &mut Scene, rejects: &[(usize, &Reject)]) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        if button::plain(ui, ICON_CONTENT_COPY, "Copy").on_hover_text("Copy line, reason and text of each").clicked() {
            let one = |r: &Reject| format!("{}\t{}\t{}", r.line, r.reason, r.text.replace(['\n', '\r', '\t'], " "));
            let lines: Vec<String> = rejects.iter().map(|(_, r)| one(r)).collect();
            ui.ctx().copy_text(format!("line\treason\ttext\n{}\n", lines.join("\n")));
        }
        let export = button::plain(ui, ICON_DOWNLOAD, "Export…");
        if export.on_hover_text(Command::ExportRejects.tooltip()).clicked() {
            scene.command(Command::ExportRejects);
        }
        let width = 64.0;
        let field = TextEdit::singleline(&mut scene.view.typed.rejects_path)
            .hint_text("or type a path, for example ~/rejects.csv")
            .desired_width((ui.available_width() - width - t.space.s).min(320.0))
            .margin(vec2(t.space.s, t.space.s - 2.0));
        let field = ui.add(field).accessible_name("File for the rows that do not fit");
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let ready = !scene.exporting && !scene.view.typed.rejects_path.trim().is_empty();
        let write = egui::Button::new("Write").min_size(vec2(0.0, field.rect.height()));
        if ui.add_enabled(ready, write).clicked() || (entered && ready) {
            let path = expand_home(scene.view.typed.rejects_path.trim());
            scene.act(Action::Export(ExportTarget::Rejects(path)));
        }
    });
}
