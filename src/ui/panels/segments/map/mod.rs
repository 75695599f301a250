//! The customers as points; the picture fills the panel.

mod cloud;
mod flat;
mod legend;
mod space;

use egui::{RichText, Ui};

use crate::app::Axes;
use crate::format;
use crate::pipeline::{Findings, Stage};
use crate::rfm::{RfmOut, Unit};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::customers::{shown_features, value};
use crate::ui::widgets::{choice, state, text};

use cloud::Cloud;

/// In the title row: which axes.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let mut options = vec![
        (
            Axes::Pca2,
            "PCA 2D".to_string(),
            "First two principal components: the flat view that keeps most of the variance".to_string(),
        ),
        (Axes::Pca3, "PCA 3D".to_string(), "Three principal components; drag to turn, scroll to zoom".to_string()),
    ];
    if let Some(rfm) = scene.session.rfm.get() {
        options.extend(pairs(rfm));
    }
    let options: Vec<(Axes, &str, &str)> =
        options.iter().map(|(a, label, hint)| (*a, label.as_str(), hint.as_str())).collect();
    if let Some(axes) = choice::segmented(ui, "Axes", &options, scene.view.axes) {
        scene.view.axes = axes;
    }
}

/// The pairs of features that can be looked at in their own units.
fn pairs(rfm: &RfmOut) -> Vec<(Axes, String, String)> {
    let places = shown_features(rfm, 3);
    let features = &rfm.customers.features;
    // One letter says it for recency, frequency and monetary; else a word, where words tell the features apart.
    let word = |i: usize| features[i].label.split(' ').next().unwrap_or_default();
    let distinct = places.iter().all(|&i| places.iter().filter(|&&j| word(j) == word(i)).count() == 1);
    let short = |i: usize| match (rfm.scores.is_empty(), distinct) {
        (false, _) => features[i].label.chars().take(1).collect(),
        (true, true) => shortened(word(i), 9),
        (true, false) => shortened(&features[i].label, 9),
    };
    let mut out = Vec::new();
    for (n, &x) in places.iter().enumerate() {
        for &y in &places[n + 1..] {
            let hint = format!("{} and {} in their own units", features[x].label, features[y].label.to_lowercase());
            out.push((Axes::Features(x, y), format!("{} × {}", short(x), short(y)), hint));
        }
    }
    out
}

/// The first letters of a long text.
fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_string(),
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Reduce);
    };
    // Axes chosen for another table may name features that this one does not have.
    if let Axes::Features(x, y) = scene.view.axes
        && !pairs(&findings.rfm).iter().any(|(axes, ..)| *axes == Axes::Features(x, y))
    {
        scene.view.axes = Axes::Pca2;
    }
    if current {
        crate::ui::panels::selected::drawer(ui, scene, "segments selected", &findings);
    }
    egui::CentralPanel::default().frame(egui::Frame::new()).show(ui, |ui| {
        state::dimmed(ui, !current, |ui| picture(ui, scene, &findings, current));
    });
}

fn picture(ui: &mut Ui, scene: &mut Scene, findings: &std::sync::Arc<Findings>, current: bool) {
    let axes = scene.view.axes;
    let cloud = scene.cache.get("cloud", (findings.clone(), axes), |(f, axes)| Cloud::new(f, *axes));
    legend::show(ui, scene, findings);
    if cloud.customers.len() < cloud.total {
        text::muted_line(
            ui,
            format!(
                "{} of {} customers drawn, picked with a fixed seed",
                format::count(cloud.customers.len()),
                format::count(cloud.total)
            ),
        );
    }
    let pointed = match axes {
        Axes::Pca3 => space::show(ui, scene, findings, &cloud),
        _ => flat::show(ui, scene, findings, &cloud),
    };
    let Some((customer, response)) = pointed else { return };
    if response.clicked() && current {
        scene.select(vec![customer], format!("Customer {}", findings.rfm.customers.ids[customer as usize]));
    }
    response.on_hover_ui_at_pointer(|ui| who(ui, scene, findings, customer));
}

/// The hover card: who this is.
fn who(ui: &mut Ui, scene: &Scene, findings: &Findings, customer: u32) {
    let t = theme::of(ui);
    let i = customer as usize;
    let rfm = &findings.rfm;
    let cluster = findings.chosen.clustering.labels[i] as usize;
    ui.set_max_width(240.0);
    ui.spacing_mut().item_spacing.y = t.space.xs;
    ui.label(RichText::new(format!("Customer {}", rfm.customers.ids[i])).family(semibold()));
    ui.horizontal(|ui| {
        text::dot(ui, t.segment(cluster));
        ui.label(findings.profiles.get(cluster).map_or("", |p| p.name.as_str()));
    });
    for place in shown_features(rfm, 5) {
        let feature = &rfm.customers.features[place];
        let unit = match feature.unit {
            Unit::Days => "days",
            Unit::Count => rfm.frequency_of,
            _ => "",
        };
        let unit = if feature.values[i] == 1.0 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
        text::fact(ui, &feature.label, format!("{} {unit}", value(feature.values[i], feature.unit, scene.currency())));
    }
    if let Some(&segment) = rfm.segment.get(i) {
        let scores: Vec<String> = rfm.scores.iter().map(|a| a.scores[i].to_string()).collect();
        text::fact(ui, "RFM scores", scores.join(" "));
        text::fact(ui, "RFM segment", rfm.map.segments[segment as usize].name.as_str());
    }
}
