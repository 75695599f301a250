//! Features side by side: parallel coordinates and the snake plot.

mod brush;
mod parallel;
mod snake;

use std::sync::Arc;

use egui::{Ui, vec2};

use crate::app::{LinesKind, LinesView};
use crate::chart::{Ink, Pointed};
use crate::pipeline::{Findings, Stage};
use crate::profile::standard::{Standards, standards};
use crate::ui::panels::segments::common;
use crate::ui::panels::segments::components::labels;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{button, choice, state, text};

/// What both pictures are made of.
struct Lines {
    findings: Arc<Findings>,
    standards: Standards,
    /// Names in outputs and labels of the features, in the order of the matrix.
    names: Vec<String>,
    labels: Vec<String>,
}

impl Lines {
    /// Clusters without noise.
    fn clusters(&self) -> usize {
        self.standards.clusters.len()
    }

    /// Names of the clusters with their colours.
    fn legend(&self) -> Vec<(String, Ink)> {
        (0..self.clusters()).map(|c| (common::name(&self.findings, c), Ink::Segment(c))).collect()
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Name);
    };
    let ctx = ui.ctx().clone();
    let made = scene.cache.follow("lines", findings.clone(), &ctx, |findings, ctx| {
        let standards = standards(&findings.matrix, &findings.chosen.clustering, ctx).ok()?;
        let names = findings.matrix.columns.iter().map(|c| c.name.clone()).collect();
        Some(Arc::new(Lines { standards, names, labels: labels(findings), findings: findings.clone() }))
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
    state::dimmed(ui, !usable, |ui| picture(ui, scene, &lines, usable));
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

fn picture(ui: &mut Ui, scene: &mut Scene, lines: &Arc<Lines>, usable: bool) {
    let t = theme::of(ui);
    if lines.clusters() == 0 {
        drop(text::muted(ui, "No cluster was found, only noise, so there are no segments to compare."));
        return;
    }
    let view: LinesView = scene.view.segments.sides.lines.clone();
    let hint = match view.kind {
        LinesKind::Parallel => {
            "Drag along an axis to select the customers in that stretch · drag an axis by its name to move it · click a line to select its segment"
        }
        LinesKind::Snake => "Click a line to select its segment",
    };
    let size = vec2(ui.available_width(), ui.available_height() - t.font.small - 2.0 * t.space.s);
    let key = (lines.clone(), (view.clone(), scene.currency().map(str::to_string)), scene.selection.customers.clone());
    let made = scene.cache.get("lines chart", key, |(lines, (view, currency), selected)| {
        Arc::new(match view.kind {
            LinesKind::Parallel => parallel::chart(lines, view, selected, currency.as_deref()),
            LinesKind::Snake => snake::chart(lines, view),
        })
    });
    let Some(drawn) = chart::drawn(ui, scene, &made, size, Pointing::Marks) else { return };
    drop(text::muted_line(ui, hint));
    if usable && view.kind == LinesKind::Parallel {
        brush::show(ui, scene, lines, &view, &drawn);
    } else if usable {
        brush::order(ui, scene, lines, &view, &drawn);
    }
    if let Some(Pointed::Mark(mark)) = drawn.pointed.filter(|_| usable) {
        common::select(scene, &lines.findings, mark / lines.labels.len().max(1));
    }
}
