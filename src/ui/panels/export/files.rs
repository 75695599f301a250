//! The files that will be written, each of which can also be had alone.

use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, pos2, vec2};
use egui_material_icons::icons::{ICON_DOWNLOAD, ICON_EXPAND_LESS, ICON_EXPAND_MORE};

use super::words;
use crate::app::Action;
use crate::export::{ExportKind, Foreseen, TableKind};
use crate::format;
use crate::pipeline::Findings;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, card, text};

/// Room for names, numbers of rows and sizes, in points.
const NAME: f32 = 172.0;
const ROWS: f32 = 92.0;
const SIZE: f32 = 96.0;
/// Room from which there is place for what a file is.
const WIDE: f32 = 620.0;

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Findings, planned: &[Foreseen]) {
    let t = theme::of(ui);
    let ready = scene.session.findings().is_some() && !scene.exporting;
    let of_segments = |f: &&Foreseen| matches!(f.planned.kind, ExportKind::Table(TableKind::CustomersOf(_), _));
    let parts = planned.iter().filter(of_segments).count();
    card::card(ui, |ui| {
        let known: u64 = planned.iter().filter_map(|f| f.bytes).sum();
        let note = match planned.len() {
            0 => "Looking at what there is".to_string(),
            n => format!("{}; CSV and JSON about {}", format::plural(n, "file", "files"), text::bytes(known)),
        };
        text::heading_and_note(ui, "Files", note);
        ui.add_space(t.space.xs);
        ui.spacing_mut().item_spacing.y = 0.0;
        let open_id = ui.scope_id().with("files of segments");
        let mut open: bool = ui.data(|d| d.get_temp(open_id)).unwrap_or(false);
        let mut told = false;
        for file in planned {
            if of_segments(&file) {
                if !told {
                    told = true;
                    let name = format!("Customers of each segment: {}", format::plural(parts, "file", "files"));
                    let (rect, clicked) = button::row(ui, t.shape.row, &name, open);
                    group_line(ui, rect, &name, open);
                    open ^= clicked.clicked();
                }
                if !open {
                    continue;
                }
            }
            line(ui, scene, findings, file, ready);
        }
        ui.data_mut(|d| d.insert_temp(open_id, open));
    });
}

/// The line that stands for all files of single segments.
fn group_line(ui: &mut Ui, rect: Rect, name: &str, open: bool) {
    let t = theme::of(ui);
    ui.scope_builder(UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Center)), |ui| {
        text::icon(ui, if open { ICON_EXPAND_LESS } else { ICON_EXPAND_MORE }, t.text.faint);
        text::line(ui, name);
    });
}

fn line(ui: &mut Ui, scene: &mut Scene, findings: &Findings, file: &Foreseen, ready: bool) {
    let t = theme::of(ui);
    let (kind, name) = (file.planned.kind, &file.planned.name);
    let what = words::what(kind, &findings.profiles);
    let (rect, row) = ui.allocate_exact_size(vec2(ui.available_width(), t.shape.row), Sense::hover());
    let wide = rect.width() >= WIDE;
    let rows = file.rows.map_or(String::new(), |n| format::plural(n, "row", "rows"));
    let size = file.bytes.map_or(String::new(), |bytes| format!("about {}", text::bytes(bytes)));
    let button_at = rect.right() - t.shape.row;
    let size_at = button_at - SIZE;
    let rows_at = size_at - ROWS;
    let name_to = if wide { rect.left() + NAME } else { rows_at };
    let cell = |ui: &mut Ui, from: f32, to: f32, right: bool, add: &mut dyn FnMut(&mut Ui)| {
        let place = Rect::from_min_max(pos2(from, rect.top()), pos2(to - t.space.s, rect.bottom()));
        let layout = if right { Layout::right_to_left(Align::Center) } else { Layout::left_to_right(Align::Center) };
        ui.scope_builder(UiBuilder::new().max_rect(place).layout(layout), add);
    };
    cell(ui, rect.left(), name_to, false, &mut |ui| {
        text::icon(ui, words::icon(kind), t.text.faint);
        text::line(ui, name.as_str());
    });
    if wide {
        cell(ui, name_to, rows_at, false, &mut |ui| drop(text::muted_line(ui, what.as_str())));
    }
    cell(ui, rows_at, size_at, true, &mut |ui| drop(text::muted_line(ui, rows.as_str())));
    cell(ui, size_at, button_at, true, &mut |ui| drop(text::muted_line(ui, size.as_str())));
    let place = Rect::from_min_max(pos2(button_at, rect.top()), rect.max);
    ui.scope_builder(UiBuilder::new().max_rect(place).layout(Layout::left_to_right(Align::Center)), |ui| {
        let save = ui.add_enabled_ui(ready, |ui| button::small_icon(ui, ICON_DOWNLOAD, &format!("Save {name} alone…")));
        if save.inner.clicked() {
            scene.act(Action::ExportAs(kind, name.clone()));
        }
    });
    row.on_hover_text(format!("{name}\n{what}"));
}
