//! How the export goes: how far it is, why it failed, or the files that were written.

use egui::{Align, Layout, RichText, Sense, Stroke, Ui, UiBuilder, vec2};
use egui_material_icons::icons::{ICON_CHECK_CIRCLE, ICON_ERROR, ICON_FOLDER_OPEN, ICON_INFO};

use crate::app::Action;
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::{button, card, state, text};

/// Room for one written file, in points.
const FILE: f32 = 300.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    if scene.exporting {
        progress(ui, scene);
    } else if let Some(error) = scene.exports.error.clone() {
        failed(ui, &error);
    } else if !scene.written.is_empty() {
        written(ui, scene);
    } else {
        return;
    }
    ui.add_space(t.space.xs);
}

fn progress(ui: &mut Ui, scene: &Scene) {
    let t = theme::of(ui);
    card::card(ui, |ui| {
        ui.horizontal(|ui| {
            ui.add(egui::Spinner::new().size(t.font.icon).color(t.accent.normal));
            let share = scene.exports.share.clamp(0.0, 1.0);
            if scene.exports.is_waiting() {
                ui.label(RichText::new("Waiting for the tests of each k").family(semibold()));
                text::muted_line(ui, "The files say what resampling found; they are written as soon as it is known.");
            } else {
                ui.label(RichText::new(format!("Writing files  {:.0} %", share * 100.0)).family(semibold()));
                text::muted_line(ui, "What stands in the folder stays as it is until all of them are complete.");
            }
        });
        ui.add_space(t.space.xs);
        let (rect, bar) = ui.allocate_exact_size(vec2(ui.available_width(), t.space.xs), Sense::hover());
        bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Share written"));
        ui.painter().rect_filled(rect, t.shape.radius_small, t.bg.line);
        let mut filled = rect;
        filled.set_width(rect.width() * scene.exports.share.clamp(0.0, 1.0));
        ui.painter().rect_filled(filled, t.shape.radius_small, t.accent.normal);
    });
}

fn failed(ui: &mut Ui, error: &str) {
    let t = theme::of(ui);
    card::frame(ui).stroke(Stroke::new(t.shape.hairline, t.state.bad)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal_top(|ui| {
            text::icon(ui, ICON_ERROR, t.state.bad);
            ui.vertical(|ui| {
                ui.label(RichText::new("Nothing was written").family(semibold()));
                text::muted(ui, state::sentence(error));
                text::muted(
                    ui,
                    "What stood there before is unharmed. Put it right, or choose another folder, and export again.",
                );
            });
        });
    });
}

fn written(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let Some(first) = scene.written.first() else { return };
    let folder = first.path.parent().unwrap_or(&first.path).to_path_buf();
    let bytes: u64 = scene.written.iter().map(|w| w.bytes).sum();
    card::card(ui, |ui| {
        ui.horizontal(|ui| {
            text::icon(ui, ICON_CHECK_CIRCLE, t.state.good);
            let files = format::plural(scene.written.len(), "file", "files");
            ui.label(RichText::new(format!("{files} written, {}", text::bytes(bytes))).family(semibold()));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                if button::plain(ui, ICON_FOLDER_OPEN, "Open folder").clicked() {
                    scene.act(Action::Reveal(folder.clone()));
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    text::muted_line(ui, folder.display().to_string());
                });
            });
        });
        // As many columns as there is room for, filled from top to bottom.
        let columns = ((ui.available_width() / FILE) as usize).max(1);
        let lines = scene.written.len().div_ceil(columns).max(1);
        let width = (ui.available_width() - t.space.xl * (columns - 1) as f32) / columns as f32;
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = t.space.xl;
            for part in scene.written.chunks(lines) {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    ui.spacing_mut().item_spacing = vec2(t.space.s, 0.0);
                    for file in part {
                        let name = file.path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
                        line(ui, &name, file.bytes);
                    }
                });
            }
        });
        for note in &scene.exports.notes {
            ui.horizontal_top(|ui| {
                text::icon(ui, ICON_INFO, t.state.warn);
                text::muted(ui, note.as_str());
            });
        }
    });
}

/// A file with its size; names of segments may be long.
fn line(ui: &mut Ui, name: &str, bytes: u64) {
    let t = theme::of(ui);
    let (rect, row) = ui.allocate_exact_size(vec2(ui.available_width(), t.font.body + t.space.xs), Sense::hover());
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(Layout::right_to_left(Align::Center)), |ui| {
        ui.label(RichText::new(text::bytes(bytes)).size(t.font.small).color(t.text.normal));
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| text::muted_line(ui, name));
    });
    row.on_hover_text(name);
}
