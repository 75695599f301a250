//! Principal components: what the axes of the map mean.

mod biplot;
mod charts;

use std::sync::Arc;

use egui::{RichText, ScrollArea, Ui, vec2};

use crate::format;
use crate::pipeline::{Findings, Stage};
use crate::reduce::{Ends, Poles, ends};
use crate::rfm::Feature;
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::{choice, state, text};

/// Height of the bars of explained variance.
const BARS: f32 = 176.0;

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Reduce);
    };
    state::dimmed(ui, !current, |ui| sides(ui, scene, &findings, current));
}

fn sides(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>, current: bool) {
    let t = theme::of(ui);
    let room = ui.available_size();
    let right = (room.x * 0.42).clamp(300.0, 560.0);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.l;
        ui.allocate_ui(vec2(room.x - right - t.space.l, room.y), |ui| {
            ui.vertical(|ui| {
                pickers(ui, scene, findings);
                let words = reading(findings, scene.view.segments.sides.components);
                let below = (words.len() as f32 * 2.0 + 1.5) * t.shape.row;
                let size = vec2(room.x - right - t.space.l, (ui.available_height() - below).max(280.0));
                biplot::show(ui, scene, findings, current, size);
                ui.add_space(t.space.xs);
                for sentence in words {
                    text::muted(ui, sentence);
                }
            });
        });
        ScrollArea::vertical().id_salt("components").auto_shrink([false, false]).show(ui, |ui| {
            ui.set_width(right - t.space.s);
            ui.vertical(|ui| {
                meanings(ui, findings);
                ui.add_space(t.space.m);
                let width = ui.available_width();
                let chart = scene.cache.get("explained variance", findings.clone(), |f| Arc::new(charts::explained(f)));
                chart::show(ui, scene, &chart, vec2(width, BARS), Pointing::Marks);
                ui.add_space(t.space.m);
                let chart = scene.cache.get("loadings", findings.clone(), |f| Arc::new(charts::loadings(f)));
                let rows = findings.matrix.columns.len() as f32;
                let height = 3.0 * t.shape.row + rows * t.shape.row;
                chart::show(ui, scene, &chart, vec2(width, height), Pointing::Marks);
            });
        });
    });
}

/// Which two components the biplot shows.
fn pickers(ui: &mut Ui, scene: &mut Scene, findings: &Findings) {
    let t = theme::of(ui);
    let many = findings.pca.explained_variance_ratio.len();
    let (x, y) = shown_components(scene.view.segments.sides.components, many);
    let options: Vec<(usize, String)> = (0..many).map(|i| (i, called(findings, i))).collect();
    ui.horizontal(|ui| {
        for (name, at, which) in [("Across", x, 0), ("Up", y, 1)] {
            ui.label(RichText::new(name).size(t.font.small).color(t.text.muted));
            if let Some(picked) = choice::combo(ui, name, 124.0, &called(findings, at), &options, &at) {
                let pair = &mut scene.view.segments.sides.components;
                // The other one gives way.
                *pair = match (which, picked == x, picked == y) {
                    (0, _, true) | (1, true, _) => (y, x),
                    (0, ..) => (picked, y),
                    _ => (x, picked),
                };
            }
        }
    });
}

/// Components that exist, two different ones where there are two.
fn shown_components((x, y): (usize, usize), many: usize) -> (usize, usize) {
    let last = many.saturating_sub(1);
    let (x, y) = (x.min(last), y.min(last));
    if x == y && many > 1 { (x, if x == 0 { 1 } else { 0 }) } else { (x, y) }
}

fn called(findings: &Findings, component: usize) -> String {
    let share = findings.pca.explained_variance_ratio.get(component).copied().unwrap_or(0.0);
    format!("PC{} · {}", component + 1, format::percent(share))
}

/// The features that the components are made of, in the order of the matrix.
fn features(findings: &Findings) -> Vec<Option<&Feature>> {
    let known = &findings.rfm.customers.features;
    findings.matrix.columns.iter().map(|c| known.iter().find(|f| f.name == c.name)).collect()
}

/// Labels of the matrix's columns.
pub fn labels(findings: &Findings) -> Vec<String> {
    let columns = findings.matrix.columns.iter().zip(features(findings));
    columns.map(|(c, f)| f.map_or_else(|| c.name.clone(), |f| f.label.clone())).collect()
}

/// Who stands at the ends of a component.
fn meaning(findings: &Findings, component: usize) -> Option<Ends> {
    let labels = labels(findings);
    let columns = findings.matrix.columns.iter().zip(&labels);
    let poles: Vec<Poles> = columns.map(|(c, label)| Poles::of(&c.name, label)).collect();
    ends(&findings.pca.loadings.row(component).to_vec(), &poles)
}

/// How to read the arrows, with the features themselves: which go together and which against each other, as far as the
/// two components show it.
fn reading(findings: &Findings, components: (usize, usize)) -> Vec<String> {
    let pca = &findings.pca;
    let (x, y) = shown_components(components, pca.explained_variance_ratio.len());
    let labels = labels(findings);
    let arrow = |f: usize| [pca.loadings[[x, f]], if x == y { 0.0 } else { pca.loadings[[y, f]] }];
    let mut out = vec![
        "An arrow points to where its feature is high; the longer it is, the more the picture shows of the feature."
            .into(),
    ];
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for a in 0..labels.len() {
        for b in a + 1..labels.len() {
            let ([ax, ay], [bx, by]) = (arrow(a), arrow(b));
            let (long, other) = (ax.hypot(ay), bx.hypot(by));
            // A short arrow points anywhere.
            if long.min(other) > 0.25 {
                pairs.push(((ax * bx + ay * by) / (long * other), a, b));
            }
        }
    }
    let by = |p: &&(f64, usize, usize), q: &&(f64, usize, usize)| p.0.total_cmp(&q.0);
    let both = |a: usize, b: usize| (labels[a].as_str(), labels[b].to_lowercase());
    if let Some(&(cosine, a, b)) = pairs.iter().max_by(by).filter(|p| p.0 > 0.7) {
        let (a, b) = both(a, b);
        let how = if cosine > 0.95 { "the same way" } else { "nearly the same way" };
        out.push(format!("{a} and {b} point {how}: who is high in one tends to be high in the other."));
    }
    match pairs.iter().min_by(by) {
        Some(&(cosine, a, b)) if cosine < -0.5 => {
            let (a, b) = both(a, b);
            out.push(format!("{a} and {b} point against each other: who is high in one tends to be low in the other."));
        }
        _ => {
            let square = pairs.iter().filter(|p| p.0.abs() < 0.3).min_by(|p, q| p.0.abs().total_cmp(&q.0.abs()));
            if let Some(&(_, a, b)) = square {
                let (a, b) = both(a, b);
                out.push(format!("{a} and {b} stand nearly at a right angle: one says little about the other here."));
            }
        }
    }
    out
}

/// Each component in words, as long as it explains something.
fn meanings(ui: &mut Ui, findings: &Findings) {
    let t = theme::of(ui);
    text::heading(ui, "What the components mean");
    let shares = &findings.pca.explained_variance_ratio;
    for (i, share) in shares.iter().enumerate().take(4).filter(|(_, share)| **share > 1e-9) {
        let Some(ends) = meaning(findings, i) else { continue };
        ui.horizontal_top(|ui| {
            ui.allocate_ui(vec2(t.space.xl + t.space.s, t.font.body), |ui| {
                ui.set_min_width(t.space.xl + t.space.s);
                ui.label(RichText::new(format!("PC{}", i + 1)).family(semibold()));
            });
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.add(egui::Label::new(ends.against()).wrap()).on_hover_text(
                    "Customers with a high score against those with a low one. Named are the features whose loading is \
                     at least half of the strongest, strongest first",
                );
                text::muted(ui, format!("{} of the variance", format::percent(*share)));
            });
        });
    }
    if shares.iter().all(|s| *s <= 1e-9) {
        text::muted(ui, "No feature varies, so there are no components. Choose features that differ.");
    }
    let two: f64 = shares.iter().take(2).sum();
    if shares.len() > 2 {
        let says = match two {
            s if s >= 0.8 => "a flat picture tells most of the story",
            s if s >= 0.5 => "a flat picture tells a good half of the story",
            _ => "a flat picture hides most of what there is: look at further components too",
        };
        text::muted(ui, format!("The first two hold {} together: {says}.", format::percent(two)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shown_components_exist_and_differ() {
        assert_eq!(shown_components((0, 1), 3), (0, 1));
        assert_eq!(shown_components((5, 1), 2), (1, 0));
        assert_eq!(shown_components((0, 1), 1), (0, 0));
    }
}
