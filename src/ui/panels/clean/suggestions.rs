//! What could be cleaned: proposed in a sentence each, done by nobody but the user.

use std::sync::Arc;

use egui::{Align, Layout, Ui};
use egui_material_icons::icons::ICON_TIPS_AND_UPDATES;

use super::append;
use crate::app::suggest::{self, Suggestions};
use crate::clean::Prepared;
use crate::format::{self, plural};
use crate::recipe::{Compare, StepKind};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{button, card, state, text};

/// Columns of one kind that are listed: those with the most rows.
const MOST_COLUMNS: usize = 3;

/// Suggestions shown before the others are asked for.
const FIRST: usize = 4;

/// What happens when a suggestion is taken up.
enum Take {
    /// The step is added as it is.
    Add(StepKind),
    /// The editor opens on it, to be looked through first.
    Review(StepKind),
}

/// One line: a name for the button, what was found, and the step.
struct Line {
    name: String,
    text: String,
    take: Take,
}

pub fn show(ui: &mut Ui, scene: &mut Scene, prepared: &Arc<Prepared>) {
    let t = theme::of(ui);
    let busy = scene.view.clean.draft.is_some();
    let input = (prepared.clone(), scene.session.roles.get().cloned());
    let found = scene.cache.follow("suggestions", input, ui.ctx(), |(prepared, roles), ctx| {
        suggest::suggestions(prepared, roles.as_deref(), ctx).ok()
    });
    card::card(ui, |ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        ui.horizontal(|ui| {
            text::icon(ui, ICON_TIPS_AND_UPDATES, t.text.muted);
            text::heading(ui, "Suggestions");
            text::muted_line(ui, "Done only if you say so.");
        });
        let Some(found_now) = found.value else {
            text::muted(ui, "Looking at the data…");
            return;
        };
        state::dimmed(ui, !found.current, |ui| {
            let lines = lines(&found_now, scene);
            if lines.is_empty() {
                text::muted(ui, "No duplicates, gaps, stray spaces or odd lines were found.");
            }
            let hidden = if scene.view.clean.all_suggestions { 0 } else { lines.len().saturating_sub(FIRST) };
            let shown = lines.len() - hidden;
            for line in lines.into_iter().take(shown) {
                show_line(ui, scene, line, busy || !found.current);
            }
            if hidden > 0 && button::link(ui, &format!("Show {} more", format::count(hidden))).clicked() {
                scene.view.clean.all_suggestions = true;
            }
        });
    });
    ui.add_space(t.space.xs);
}

fn show_line(ui: &mut Ui, scene: &mut Scene, line: Line, busy: bool) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let (word, name) = match line.take {
                Take::Add(_) => ("Add step", format!("Add step: {}", line.name)),
                Take::Review(_) => ("Review…", format!("Review: {}", line.name)),
            };
            let button = egui::Button::new(egui::RichText::new(word).size(t.font.small))
                .min_size(egui::vec2(t.frame.top * 1.75, t.shape.row));
            let clicked = ui.add_enabled(!busy, button).accessible_name(&name).clicked();
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| text::muted(ui, &line.text));
            match line.take {
                Take::Add(step) if clicked => append(scene, step),
                Take::Review(step) if clicked => scene.view.clean.add(step),
                _ => {}
            }
        });
    });
}

fn lines(found: &Suggestions, scene: &Scene) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(first) = found.non_products.first() {
        let rows: usize = found.non_products.iter().map(|s| s.rows).sum();
        let money: f64 = found.non_products.iter().map(|s| s.amount).sum();
        let values: Vec<String> = found.non_products.iter().map(|s| s.value.clone()).collect();
        lines.push(Line {
            name: "non-product lines".into(),
            text: format!(
                "{} of {:?} may be no products ({}…): {}, {}.",
                plural(values.len(), "value", "values"),
                first.column,
                first.reason,
                plural(rows, "row", "rows"),
                format::money(money, scene.currency())
            ),
            take: Take::Review(StepKind::ExcludeProducts { column: first.column.clone(), values }),
        });
    }
    if let Some((column, values)) = &found.status {
        let names: Vec<&str> = values.iter().take(4).map(|v| v.0.as_str()).collect();
        let first = values.first().map(|v| v.0.clone()).unwrap_or_default();
        lines.push(Line {
            name: format!("filter {column}"),
            text: format!("{column:?} says how an order stands ({}); perhaps only some count.", names.join(", ")),
            take: Take::Review(StepKind::Filter { column: column.clone(), op: Compare::Equals, values: vec![first] }),
        });
    }
    if found.duplicates > 0 {
        lines.push(Line {
            name: "drop duplicates".into(),
            text: format!(
                "{} an earlier row in every column; two equal lines of one order may be real.",
                plural(found.duplicates, "row equals", "rows equal")
            ),
            take: Take::Add(suggest::duplicates()),
        });
    }
    if found.untidy > 0 {
        lines.push(Line {
            name: "tidy text".into(),
            text: format!("{} stray spaces around or within the text.", plural(found.untidy, "cell has", "cells have")),
            take: Take::Add(suggest::tidy()),
        });
    }
    for spellings in found.spellings.iter().take(MOST_COLUMNS) {
        lines.push(Line {
            name: format!("spellings of {}", spellings.column),
            text: format!(
                "{:?} has {} in several spellings ({}).",
                spellings.column,
                plural(spellings.things, "value", "values"),
                plural(spellings.rows, "row", "rows")
            ),
            take: Take::Review(StepKind::UnifySpellings { column: spellings.column.clone(), map: Vec::new() }),
        });
    }
    for (column, rows) in found.missing.iter().take(MOST_COLUMNS) {
        lines.push(Line {
            name: format!("missing {column}"),
            text: format!("{} no {column:?}.", plural(*rows, "row has", "rows have")),
            take: Take::Review(suggest::without(column)),
        });
    }
    lines
}
