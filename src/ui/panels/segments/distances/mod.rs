//! How far the clusters are from each other.

mod charts;
mod likeness;

use std::sync::Arc;

use egui::{Label, RichText, ScrollArea, Ui, vec2};

use crate::chart::Pointed;
use crate::format;
use crate::pipeline::{Findings, Stage};
use crate::reduce::{Mds, classical_mds, distances};
use crate::ui::panels::segments::common;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{button, state, text};

use likeness::Likeness;

/// The clusters' places and distances; noise is left out.
struct Between {
    distances: ndarray::Array2<f64>,
    mds: Mds,
    /// One per cluster; empty for a single one.
    likeness: Vec<Likeness>,
}

impl Between {
    fn new(findings: &Findings) -> Result<Between, String> {
        let clustering = &findings.chosen.clustering;
        let centroids = clustering.centroids.slice(ndarray::s![..clustering.clusters(), ..]);
        let distances = distances(centroids);
        let mds = classical_mds(distances.view()).map_err(|e| e.to_string())?;
        let likeness = likeness::of_each(findings, &distances);
        Ok(Between { distances, mds, likeness })
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Name);
    };
    let between = scene.cache.get("between clusters", findings.clone(), |f| Between::new(f));
    match &*between {
        Err(why) => drop(text::muted(ui, why.as_str())),
        Ok(between) if between.likeness.is_empty() => {
            let k = findings.chosen.clustering.clusters();
            let why = match k {
                0 => "No cluster was found, only noise, so there are no distances between clusters.",
                _ => "There is one cluster only, so there are no distances between clusters.",
            };
            if state::empty(ui, egui_material_icons::icons::ICON_HUB, why, Some("Choose k")) {
                scene.command(crate::app::Command::Go(crate::app::Panel::ChooseK));
            }
        }
        Ok(between) => state::dimmed(ui, !current, |ui| sides(ui, scene, &findings, between, current)),
    }
}

fn sides(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>, between: &Between, current: bool) {
    let t = theme::of(ui);
    let room = ui.available_size();
    let k = between.likeness.len();
    let right = (room.x * 0.46).clamp(320.0, 640.0);
    let left = room.x - right - t.space.l;
    let key = (findings.clone(), scene.selection.customers.clone());
    let rings: Vec<bool> = (0..k).map(|c| common::is_selected(scene, findings, c)).collect();
    let map = scene.cache.get("distance map", key, |(f, _)| Arc::new(charts::map(f, between, &rings)));
    let table = scene.cache.get("distance table", findings.clone(), |f| Arc::new(charts::table(f, between)));
    let mut picked = None;
    // The pictures take what the sentences below leave, which scroll where they are many.
    let height = (room.y - 2.0 * t.shape.row - k as f32 * 1.55 * t.shape.row).max(room.y * 0.52);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.l;
        if let Some(Pointed::Mark(c)) = chart::show(ui, scene, &map, vec2(left, height), Pointing::Marks) {
            picked = Some(c);
        }
        ui.vertical(|ui| {
            let words = how_well(findings, &between.mds);
            let rows = k as f32 * (t.shape.row + t.space.s) + 4.0 * t.shape.row;
            let size = vec2(right, rows.min(height - 3.0 * t.shape.row));
            if let Some(Pointed::Mark(cell)) = chart::show(ui, scene, &table, size, Pointing::Marks) {
                picked = Some(cell / k);
            }
            text::muted(ui, words).on_hover_text(
                "Clusters are placed by classical multidimensional scaling (Torgerson 1952). Stress is Kruskal's: how far \
                 the distances in the picture are from the true ones, 0 for not at all",
            );
        });
    });
    ui.add_space(t.space.s);
    text::heading_and_note(
        ui,
        "Each segment and the one most like it",
        "how much higher or lower, in standard deviations",
    );
    ScrollArea::vertical().id_salt("likeness").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = t.space.xs;
        for (c, like) in between.likeness.iter().enumerate() {
            ui.push_id(c, |ui| {
                ui.horizontal_top(|ui| {
                    text::dot(ui, t.segment(c));
                    ui.vertical(|ui| {
                        ui.spacing_mut().item_spacing.y = 0.0;
                        ui.spacing_mut().interact_size.y = t.font.body;
                        let name = common::name(findings, c);
                        if button::link(ui, &name).on_hover_text("Select its customers").clicked() {
                            picked = Some(c);
                        }
                        let says = like.says(findings);
                        ui.add(Label::new(RichText::new(says).size(t.font.small).color(t.text.muted)).wrap());
                    });
                });
            });
        }
    });
    if let Some(cluster) = picked.filter(|_| current) {
        common::select(scene, findings, cluster);
    }
}

/// What the plane shows of the distances, and what it does not.
fn how_well(findings: &Findings, mds: &Mds) -> String {
    // Kruskal (1964) on his stress: 0.2 poor, 0.1 fair, 0.05 good, 0.025 excellent, 0 perfect.
    let rating = match mds.stress {
        s if s < 1e-6 => return "The plane shows every distance exactly.".into(),
        s if s <= 0.025 => "excellent",
        s if s <= 0.05 => "good",
        s if s <= 0.1 => "fair",
        s if s <= 0.2 => "poor: trust the table more than the picture",
        _ => "bad: trust the table, not the picture",
    };
    let stress = format::number(mds.stress, 3);
    let held = format::percent(mds.held);
    let worst = mds.worst.map_or(String::new(), |(a, b, d, shown)| {
        let side = if shown < d { "nearer" } else { "further apart" };
        let pair = format!("{} and {}", common::name(findings, a), common::name(findings, b));
        let [d, shown] = [d, shown].map(|v| format::number(v, 2));
        format!(" Most off: {pair} are drawn {side} ({shown}) than they are ({d}).")
    });
    format!("Two dimensions hold {held} of the squared distances; stress {stress}, {rating}.{worst}")
}
