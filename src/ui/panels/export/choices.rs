//! What is written beside the usual files: one line each.

use std::sync::Arc;

use egui::{Label, RichText, Sense, Ui};

use super::under;
use crate::export::sql_warnings;
use crate::format;
use crate::pipeline::Findings;
use crate::recipe::{CsvFor, Dialect, Recipe, TableFormat};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{card, choice, pick, text};

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>, recipe: &Arc<Recipe>) {
    let t = theme::of(ui);
    let outputs = &recipe.outputs;
    card::card(ui, |ui| {
        text::heading(ui, "What else");
        text::muted(ui, "Workbook, tables as CSV, recipe, model and summary are always written.");
        ui.add_space(t.space.s);
        for format in TableFormat::ALL {
            let name = format!("Tables as {} too", format.label());
            let line = match format {
                TableFormat::Parquet => "Typed columns, small and quick to read: pandas, DuckDB, Spark",
                TableFormat::Json => "One object per row, for programs and the web",
            };
            if option(ui, outputs.formats.contains(&format), true, &name, line) {
                let label = format!("Export tables as {}", format.label());
                decide(scene, outputs.formats.contains(&format), label, |r| flip(&mut r.outputs.formats, format));
            }
        }
        let segments = format::plural(findings.profiles.len(), "file", "files");
        let line = format!("The list that a team works with: {segments} per format");
        if option(ui, outputs.per_segment, true, "Customers of each segment", &line) {
            let label = "Export customers per segment".to_string();
            decide(scene, outputs.per_segment, label, |r| r.outputs.per_segment ^= true);
        }
        let has = !findings.clean.transactions.row.is_empty();
        let line = if has {
            "Each transaction with its customer's segment"
        } else {
            "Not for this file: each of its rows is a customer"
        };
        if option(ui, outputs.per_transaction && has, has, "Transactions", line) {
            let label = "Export transactions with segments".to_string();
            decide(scene, outputs.per_transaction, label, |r| r.outputs.per_transaction ^= true);
        }
        ui.add_space(t.space.xs);
        sql(ui, scene, findings, recipe);
        ui.add_space(t.space.xs);
        csv(ui, scene, outputs.csv);
    });
}

/// A switch with its name and one line below. Returns whether it was switched.
fn option(ui: &mut Ui, on: bool, enabled: bool, name: &str, line: &str) -> bool {
    let t = theme::of(ui);
    let mut on = on;
    let switched = ui.add_enabled_ui(enabled, |ui| {
        ui.horizontal_top(|ui| {
            let switched = ui.vertical(|ui| choice::toggle(ui, &mut on, name).changed()).inner;
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = t.shape.ring;
                let label =
                    Label::new(RichText::new(name).color(t.text.normal)).selectable(false).sense(Sense::click());
                let clicked = ui.add(label).clicked();
                text::muted(ui, line);
                switched || clicked
            })
            .inner
        })
        .inner
    });
    ui.add_space(t.space.xs);
    switched.inner
}

/// Decides, with the label of what is switched on, or of not doing it any more.
fn decide(scene: &mut Scene, was_on: bool, label: String, change: impl FnOnce(&mut Recipe)) {
    let label = if was_on { label.replacen("Export", "Do not export", 1) } else { label };
    scene.decide(label, false, change);
}

/// Puts `value` into the list or takes it out; the list stays in order.
fn flip<T: Ord + Copy>(list: &mut Vec<T>, value: T) {
    match list.contains(&value) {
        true => list.retain(|v| *v != value),
        false => {
            list.push(value);
            list.sort();
        }
    }
}

fn sql(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>, recipe: &Arc<Recipe>) {
    let t = theme::of(ui);
    let chosen = &recipe.outputs.sql;
    let input = (findings.clone(), recipe.clone());
    let remarks = scene.cache.follow("remarks on queries", input, ui.ctx(), |(findings, recipe), _| {
        Some(sql_warnings(&under(findings, recipe)))
    });
    let remarks = remarks.value.map(|r| Vec::clone(&r)).unwrap_or_default();
    let hint = "The segmentation as one query, so that a warehouse can label all its customers";
    choice::setting(ui, "Query for a warehouse", hint, |ui| {
        ui.horizontal_wrapped(|ui| {
            pick::small(ui);
            for dialect in Dialect::ALL {
                let mut on = chosen.contains(&dialect);
                let (name, full) = (dialect.label(), format!("Query for {}", dialect.label()));
                let file = format!("Writes segments.{}.sql", dialect.name());
                if pick::flag(ui, name, &full, &file, &mut on) {
                    let label = format!("Export a query for {}", dialect.label());
                    decide(scene, !on, label, |r| flip(&mut r.outputs.sql, dialect));
                }
            }
        });
        for remark in remarks {
            ui.add(Label::new(RichText::new(remark).size(t.font.small).color(t.state.warn)).wrap());
        }
    });
}

fn csv(ui: &mut Ui, scene: &mut Scene, current: CsvFor) {
    choice::setting(ui, "CSV files are for", "Parquet, JSON and the workbook are the same for everybody", |ui| {
        let options = CsvFor::ALL.map(|c| (c, c.label(), c.hint()));
        if let Some(whom) = choice::segmented(ui, "CSV files are for", &options, current) {
            let label = match whom {
                CsvFor::Programs => "CSV for programs",
                CsvFor::Excel => "CSV for Excel with comma",
                CsvFor::ExcelSemicolon => "CSV for Excel with semicolon",
            };
            scene.decide(label, false, |r| r.outputs.csv = whom);
        }
        text::muted(ui, current.hint());
    });
}
