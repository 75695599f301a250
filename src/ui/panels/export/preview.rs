//! A look into what will be written: the first lines of `customers.csv` as they will be.

use std::sync::Arc;

use egui::{Label, RichText, ScrollArea, Ui};

use super::under;
use crate::export::first_lines;
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
