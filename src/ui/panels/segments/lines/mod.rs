//! Features side by side: parallel coordinates and the snake plot.

mod brush;
mod parallel;
mod snake;

use std::sync::Arc;

use egui::{Ui, vec2};

use crate::app::{LinesKind, LinesView};
use crate::chart::{Ink, Pointed};
use crate::ctx::Ctx;
use crate::pipeline::{Findings, Stage};
use crate::profile::standard::{Standards, standards_of};
use crate::ui::panels::segments::common;
use crate::ui::panels::segments::components::labels;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{button, choice, state, text};

/// What both pictures are made of.
pub struct Lines {
    findings: Arc<Findings>,
    standards: Standards,
    /// Names in outputs and labels of the features, in the order of the matrix.
    names: Vec<String>,
    labels: Vec<String>,
    /// Names of the segments with their colours.
    segments: Vec<(String, Ink)>,
}

impl Lines {
    /// Of segments of any kind, given by their names, colours and customers; `None` when cancelled.
    pub fn of(findings: &Arc<Findings>, segments: Vec<(String, Ink)>, labels: &[u32], ctx: &Ctx) -> Option<Arc<Lines>> {
        Some(Arc::new(Lines {
            standards: standards_of(&findings.matrix, labels, segments.len(), ctx).ok()?,
            names: findings.matrix.columns.iter().map(|c| c.name.clone()).collect(),
            labels: self::labels(findings),
            findings: findings.clone(),
            segments,
        }))
    }

    /// Clusters without noise.
    fn clusters(&self) -> usize {
        self.standards.clusters.len()
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Name);
    };
    let ctx = ui.ctx().clone();
    let made = scene.cache.follow("lines", findings.clone(), &ctx, |findings, ctx| {
        let clustering = &findings.chosen.clustering;
        let named = (0..clustering.clusters()).map(|c| (common::name(findings, c), Ink::Segment(c))).collect();
        Lines::of(findings, named, &clustering.labels, ctx)
    });
    settings(ui, scene);
    let Some(lines) = made.value else {
        ui.vertical_centered(|ui| {
            ui.add_space(ui.available_height() / 3.0);
            ui.spinner();
        });
        return;
    };
    let usable = current && made.current;
    let kind = scene.view.segments.sides.lines.kind;
    let clicked = state::dimmed(ui, !usable, |ui| picture(ui, scene, "lines chart", &lines, kind, usable));
    if let Some(segment) = clicked {
        common::select(scene, &lines.findings, segment);
    }
}

fn settings(ui: &mut Ui, scene: &mut Scene) {
    let t = theme::of(ui);
    let view = &mut scene.view.segments.sides.lines;
    let mut cleared = false;
    ui.horizontal(|ui| {
        let kinds = [
            (LinesKind::Parallel, "Parallel coordinates", "Every feature an axis, every customer a line"),
            (LinesKind::Snake, "Snake plot", "Means of each segment in standard deviations from everyone's mean"),
        ];
        if let Some(kind) = choice::segmented(ui, "Picture", &kinds, view.kind) {
            view.kind = kind;
        }
        if view.kind == LinesKind::Parallel {
            let units = [
                (true, "Own units", "Each axis from its least to its greatest value, spaced as the clustering sees it"),
                (false, "Standardised", "One scale for all, standard deviations from everyone's mean"),
            ];
            if let Some(own) = choice::segmented(ui, "Axes", &units, view.own_units) {
                view.own_units = own;
            }
            ui.add_space(t.space.s);
            choice::switch(ui, &mut view.customers, "Customers");
        }
        ui.add_space(t.space.s);
        choice::switch(ui, &mut view.quartiles, "Quartiles");
        ui.add_space(t.space.s);
        if !view.brushes.is_empty() && button::link(ui, "Clear brushes").clicked() {
            view.brushes.clear();
            cleared = true;
        }
        if !view.order.is_empty() && button::link(ui, "Usual order").clicked() {
            view.order.clear();
        }
    });
    if cleared {
        scene.select(Vec::new(), "");
    }
}

/// Draws the lines; returns the segment that was clicked. `slot` is where the picture is kept.
pub fn picture(
    ui: &mut Ui,
    scene: &mut Scene,
    slot: &'static str,
    lines: &Arc<Lines>,
    kind: LinesKind,
    usable: bool,
) -> Option<usize> {
    let t = theme::of(ui);
    if lines.clusters() == 0 {
        text::muted(ui, "No cluster was found, only noise, so there are no segments to compare.");
        return None;
    }
    let view = LinesView { kind, ..scene.view.segments.sides.lines.clone() };
    let hint = match view.kind {
        LinesKind::Parallel => {
            "Drag along an axis to select the customers in that stretch · drag an axis by its name to move it · click a line to select its segment"
        }
        LinesKind::Snake => "Click a line to select its segment · drag a feature by its name to move it",
    };
    let size = vec2(ui.available_width(), ui.available_height() - t.font.small - 2.0 * t.space.s);
    let key = (lines.clone(), (view.clone(), scene.currency().map(str::to_string)), scene.selection.customers.clone());
    let made = scene.cache.get(slot, key, |(lines, (view, currency), selected)| {
        Arc::new(match view.kind {
            LinesKind::Parallel => parallel::chart(lines, view, selected, currency.as_deref()),
            LinesKind::Snake => snake::chart(lines, view),
        })
    });
    let drawn = chart::drawn(ui, scene, &made, size, Pointing::Marks)?;
    text::muted_line(ui, hint);
    if usable && view.kind == LinesKind::Parallel {
        brush::show(ui, scene, lines, &view, &drawn);
    } else if usable {
        brush::order(ui, scene, lines, &view, &drawn);
    }
    match drawn.pointed.filter(|_| usable) {
        Some(Pointed::Mark(mark)) => Some(mark / lines.labels.len().max(1)),
        _ => None,
    }
}
