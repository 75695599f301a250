//! How k-means and the silhouette work, step by step on these customers.

mod kmeans;
mod kmeans_charts;
mod plane;
mod player;
mod silhouette;
mod silhouette_charts;
mod words;

use egui::{RichText, Ui};

use crate::app::{Lesson, LessonAxes};
use crate::pipeline::{Findings, Stage};
use crate::ui::panels::segments::labels;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{choice, state};

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Reduce);
    };
    settings(ui, scene, &findings);
    state::dimmed(ui, !current, |ui| match scene.view.choose_k.lesson.lesson {
        Lesson::KMeans => kmeans::show(ui, scene, &findings),
        Lesson::Silhouette => silhouette::show(ui, scene, &findings, current),
    });
}

/// Which lesson, and on which plane.
fn settings(ui: &mut Ui, scene: &mut Scene, findings: &Findings) {
    let t = theme::of(ui);
    // A feature that was chosen may be gone.
    let columns = findings.matrix.columns.len();
    let view = &mut scene.view.choose_k.lesson;
    if let LessonAxes::Columns(x, y) = view.axes
        && (x >= columns || y >= columns || x == y)
    {
        view.axes = LessonAxes::default();
    }
    ui.horizontal(|ui| {
        let lessons = [
            (Lesson::KMeans, "k-means", "How clusters are found, one step at a time"),
            (Lesson::Silhouette, "Silhouette", "How the silhouette of one customer is computed"),
        ];
        if let Some(lesson) = choice::segmented(ui, "Lesson", &lessons, view.lesson) {
            view.lesson = lesson;
            view.playing = false;
        }
        ui.add_space(t.space.s);
        ui.label(RichText::new("Plane").size(t.font.small).color(t.text.muted)).on_hover_text(
            "The lesson works on what you see: these two axes and no other. The analysis itself uses all features",
        );
        let labels = labels(findings);
        let mut options = vec![(LessonAxes::Components, "PC1 and PC2".to_string())];
        for x in 0..columns {
            for y in x + 1..columns {
                options.push((LessonAxes::Columns(x, y), format!("{} and {}", labels[x], labels[y])));
            }
        }
        let shown = options.iter().find(|o| o.0 == view.axes).map_or("", |o| o.1.as_str()).to_string();
        if let Some(axes) = choice::combo(ui, "Plane of the lesson", 184.0, &shown, &options, &view.axes) {
            view.axes = axes;
            view.step = 0;
            view.playing = false;
        }
        if view.lesson == Lesson::KMeans {
            ui.add_space(t.space.s);
            kmeans::controls(ui, view, findings);
        }
    });
}
