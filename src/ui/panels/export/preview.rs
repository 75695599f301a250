//! A look into what will be written: the sheets of the workbook, and the first lines of `customers.csv` as they will be.

use std::sync::Arc;

use egui::{FontId, Label, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::under;
use crate::export::{first_lines, workbook_sheets};
use crate::format;
use crate::pipeline::Findings;
use crate::recipe::{CsvFor, Recipe};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{card, text};

/// Customers that are shown.
const CUSTOMERS: usize = 8;

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>, recipe: &Arc<Recipe>) {
    let t = theme::of(ui);
    let input = (findings.clone(), recipe.clone());
    let found = scene.cache.follow("first lines", input, ui.ctx(), |(findings, recipe), ctx| {
        first_lines(&under(findings, recipe), CUSTOMERS, ctx).ok()
    });
    sheets(ui, scene, findings);
    ui.add_space(t.space.xs);
    card::card(ui, |ui| {
        let note = match recipe.outputs.csv {
            CsvFor::Programs => "comma, point, line ends as on Unix",
            CsvFor::Excel => "byte order mark, comma, point",
            CsvFor::ExcelSemicolon => "byte order mark, semicolon, decimal comma",
        };
        text::heading_and_note(ui, "customers.csv begins", note);
        ui.add_space(t.space.xs);
        let Some(lines) = found.value else { return };
        ScrollArea::horizontal().id_salt("first lines").show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = t.shape.ring;
            for (i, line) in lines.lines().enumerate() {
                let color = if i == 0 { t.text.normal } else { t.text.muted };
                let line = RichText::new(line).monospace().size(t.font.small).color(color);
                ui.add(Label::new(line).extend());
            }
        });
    });
}

/// The sheets of the workbook in their order, as the tabs at its foot.
fn sheets(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>) {
    let t = theme::of(ui);
    let found = scene.cache.follow("sheets", findings.clone(), ui.ctx(), |findings, _| Some(workbook_sheets(findings)));
    card::card(ui, |ui| {
        let Some(sheets) = found.value else { return };
        let all = findings.rfm.customers.len();
        let note = format!(
            "{}; {} on a sheet of their segment and among all",
            format::plural(sheets.len(), "sheet", "sheets"),
            format::plural(all, "customer", "customers")
        );
        text::heading_and_note(ui, "segments.xlsx", note);
        ui.add_space(t.space.xs);
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = vec2(t.space.xs, t.space.xs);
            for (name, customers) in sheets.iter() {
                tab(ui, name, *customers);
            }
        });
    });
}

/// A tab with the number of customers that its sheet lists.
fn tab(ui: &mut Ui, name: &str, customers: Option<usize>) {
    let t = theme::of(ui);
    let font = FontId::proportional(t.font.small);
    let count = customers.map_or(String::new(), format::count);
    let name_galley = ui.painter().layout_no_wrap(name.to_string(), font.clone(), t.text.normal);
    let count_galley = ui.painter().layout_no_wrap(count, font, t.text.faint);
    let gap = if customers.is_some() { t.space.xs } else { 0.0 };
    let size = vec2(name_galley.size().x + gap + count_galley.size().x + 2.0 * t.space.s, t.shape.row);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let stroke = Stroke::new(t.shape.hairline, t.bg.line);
    ui.painter().rect(rect, t.shape.radius_small, t.bg.panel, stroke, StrokeKind::Inside);
    let y = rect.center().y - name_galley.size().y / 2.0;
    let x = rect.left() + t.space.s;
    let beside = x + name_galley.size().x + gap;
    ui.painter().galley(pos2(x, y), name_galley, t.text.normal);
    ui.painter().galley(pos2(beside, y), count_galley, t.text.faint);
    let what = customers.map_or(String::new(), |n| format!(", {}", format::plural(n, "customer", "customers")));
    let called = format!("Sheet {name}{what}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &called));
    response.on_hover_text(called);
}
