//! The list of columns on the left: each with its kind, its shape and what it lacks; the one in focus with all its
//! statistics.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Galley, Rect, RichText, ScrollArea, Stroke, TextEdit, Ui, pos2, vec2};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{ICON_CLOSE, ICON_EVENT, ICON_TAG, ICON_TEXT_FIELDS};

use super::kinds::Known;
use super::statistics::{self, Described};
use crate::explore::{Source, Summary, SummaryKind};
use crate::format;
use crate::ui::scene::Scene;
use crate::ui::theme::{self, Theme};
use crate::ui::widgets::{button, choice, text};

/// The tables there are.
pub fn sources(ui: &mut Ui, scene: &mut Scene, of_sales: bool) {
    let mut options = vec![(Source::File, "File", "All rows that your cleaning steps left")];
    if of_sales {
        options.push((Source::Transactions, "Transactions", "The rows that count, after cleaning"));
    }
    options.push((Source::Customers, "Customers", "One row per customer: features, scores, segments"));
    if let Some(source) = choice::segmented(ui, "Table", &options, scene.view.explore.source) {
        let view = &mut scene.view.explore;
        view.source = source;
        view.focus = None;
        view.enlarged = None;
    }
}

/// The list, and below it what is in focus.
pub fn show(ui: &mut Ui, scene: &mut Scene, known: &Known) {
    let t = theme::of(ui);
    let many = format::plural(known.columns.len(), "column", "columns");
    let field = TextEdit::singleline(&mut scene.view.explore.search)
        .hint_text(format!("Search {many}"))
        .desired_width(f32::INFINITY);
    ui.add(field).accessible_name("Search columns");
    let wanted = scene.view.explore.search.trim().to_lowercase();
    let found: Vec<&Summary> = known
        .columns
        .iter()
        .filter(|c| c.label.to_lowercase().contains(&wanted) || c.name.to_lowercase().contains(&wanted))
        .collect();
    let focus = known.columns.iter().find(|c| Some(&c.name) == scene.view.explore.focus.as_ref());
    let height = row_height(t);
    let room = ui.available_height();
    // All rows where there is room; else the statistics take at most half of it.
    let below = if focus.is_some() { (room * 0.5).max(room - found.len() as f32 * height) } else { 0.0 };
    let mut clicked = None;
    ui.spacing_mut().item_spacing.y = 0.0;
    let list = ScrollArea::vertical().id_salt("columns").auto_shrink([false, focus.is_some()]).max_height(room - below);
    list.show_rows(ui, height, found.len(), |ui, rows| {
        for column in &found[rows] {
            if row(ui, &known.described(column), focus.is_some_and(|f| f.name == column.name)) {
                clicked = Some(*column);
            }
        }
    });
    if found.is_empty() {
        ui.add_space(t.space.s);
        text::muted(ui, "No column is called so.");
    }
    if let Some(column) = focus {
        ui.add_space(t.space.s);
        details(ui, scene, &known.described(column));
    }
    if let Some(column) = clicked {
        scene.view.explore.focus = Some(column.name.clone());
        scene.view.explore.follow(known.about(column));
    }
}

fn row_height(t: &Theme) -> f32 {
    t.font.body + t.font.tiny + 2.0 * t.space.s
}

pub fn icon(kind: SummaryKind) -> (MaterialIcon, &'static str) {
    match kind {
        SummaryKind::Number => (ICON_TAG, "Numbers"),
        SummaryKind::Date => (ICON_EVENT, "Dates"),
        SummaryKind::Words => (ICON_TEXT_FIELDS, "Words"),
    }
}

/// Name and gist on the left; shape and missing values on the right. Returns whether it was clicked.
fn row(ui: &mut Ui, described: &Described, focused: bool) -> bool {
    let t = theme::of(ui);
    let column = described.column;
    let (rect, response) = button::row(ui, row_height(t), &format!("Column {}", column.label), focused);
    if !ui.is_rect_visible(rect) {
        return response.clicked();
    }
    let inner = rect.shrink2(vec2(t.space.s, t.space.xs));
    let (glyph, kind) = icon(column.kind);
    let font = FontId::new(t.font.icon, glyph.font_family());
    let painter = ui.painter().with_clip_rect(rect);
    painter.text(inner.left_center(), Align2::LEFT_CENTER, glyph.codepoint, font, t.text.faint);
    let picture = Rect::from_min_max(pos2(inner.right() - t.frame.rail * 0.32, inner.top()), inner.max);
    let left = inner.left() + t.font.icon + t.space.s;
    let room = picture.left() - t.space.s - left;
    let half = (inner.height() - t.font.body - t.font.tiny) / 3.0;
    let name = one_line(ui, &column.label, t.font.body, t.text.normal, room);
    let gist = one_line(ui, &statistics::gist(described), t.font.tiny, t.text.muted, room);
    painter.galley(pos2(left, inner.top() + half / 2.0 - t.shape.hairline), name, t.text.normal);
    painter.galley(pos2(left, inner.bottom() - gist.size().y), gist, t.text.muted);
    shape(&painter, picture, column, t);
    let mut lines = vec![column.label.clone(), format!("{kind}, {}", statistics::gist(described))];
    if !column.definition.is_empty() {
        lines.insert(1, column.definition.clone());
    }
    if column.missing > 0 {
        let missing = format::plural(column.missing, "row", "rows");
        lines.push(format!("{missing} without a value, {}", format::percent(statistics::missing(column))));
    }
    lines.push("Click to draw it".into());
    response.on_hover_text(lines.join("\n")).clicked()
}

/// Text on one line, cut with an ellipsis where there is no room.
fn one_line(ui: &Ui, words: &str, size: f32, color: Color32, room: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(words.to_string(), FontId::proportional(size), color);
    job.wrap = TextWrapping::truncate_at_width(room);
    ui.painter().layout_job(job)
}

/// A sparkline histogram, or the share of the most frequent word; below it a bar of what is missing.
fn shape(painter: &egui::Painter, rect: Rect, column: &Summary, t: &Theme) {
    let bar = Rect::from_min_max(pos2(rect.left(), rect.bottom() - t.shape.ring), rect.max);
    let plot = Rect::from_min_max(rect.min, pos2(rect.right(), bar.top() - t.shape.ring));
    let ink = t.accent.normal.gamma_multiply(0.6);
    let most = column.spark.iter().copied().max().unwrap_or(0);
    if most > 0 {
        let step = plot.width() / column.spark.len() as f32;
        for (i, &count) in column.spark.iter().enumerate().filter(|(_, count)| **count > 0) {
            let high = (count as f32 / most as f32 * plot.height()).max(t.shape.hairline);
            let left = plot.left() + i as f32 * step;
            let gap = if step > 3.0 { t.shape.hairline } else { 0.0 };
            painter.rect_filled(
                Rect::from_min_max(pos2(left, plot.bottom() - high), pos2(left + step - gap, plot.bottom())),
                0.0,
                ink,
            );
        }
    } else if let Some((_, rows)) = column.top.as_ref().filter(|_| column.count > 0) {
        let share = *rows as f32 / column.count as f32;
        let track = Rect::from_center_size(plot.center(), vec2(plot.width(), t.space.s));
        painter.rect_filled(track, t.shape.radius_small, t.bg.line);
        let filled = Rect::from_min_max(track.min, pos2(track.left() + track.width() * share, track.bottom()));
        painter.rect_filled(filled, t.shape.radius_small, ink);
    }
    if column.missing > 0 {
        painter.rect_filled(bar, 0.0, t.bg.line);
        let lacking = (statistics::missing(column) as f32 * bar.width()).max(t.shape.ring);
        painter.rect_filled(Rect::from_min_max(bar.min, pos2(bar.left() + lacking, bar.bottom())), 0.0, t.state.warn);
    }
}

/// Every statistic of the column in focus.
fn details(ui: &mut Ui, scene: &mut Scene, described: &Described) {
    let t = theme::of(ui);
    let column = described.column;
    let top = ui.cursor().top() - t.space.xs;
    ui.painter().hline(ui.max_rect().x_range(), top, Stroke::new(t.shape.hairline, t.bg.line));
    ui.horizontal(|ui| {
        let (glyph, kind) = icon(column.kind);
        text::icon(ui, glyph, t.text.faint).on_hover_text(kind);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if button::icon(ui, ICON_CLOSE, "Close the statistics").clicked() {
                scene.view.explore.focus = None;
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                text::heading(ui, column.label.as_str())
            });
        });
    });
    ScrollArea::vertical().id_salt("statistics").auto_shrink([false, false]).show(ui, |ui| {
        if !column.definition.is_empty() {
            ui.label(RichText::new(&column.definition).size(t.font.small).color(t.text.muted));
            ui.add_space(t.space.xs);
        }
        statistics::list(ui, described);
    });
}
