//! Segments: where the customers lie, coloured by cluster; the picture fills the panel.

mod cloud;
mod flat;
mod legend;
mod space;

use egui::{RichText, Ui};

use crate::app::Axes;
use crate::format;
use crate::pipeline::{Findings, Stage};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme;
use crate::ui::widgets::customers::value;
use crate::ui::widgets::{choice, state, text};

pub use cloud::Cloud;

/// In the title row: which axes.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let options = [
        (Axes::Pca2, "PCA 2D", "First two principal components: the flat view that keeps most of the variance"),
        (Axes::Pca3, "PCA 3D", "Three principal components; drag to turn, scroll to zoom"),
        (Axes::Features(0, 1), "R × F", "Recency and frequency in their own units"),
        (Axes::Features(0, 2), "R × M", "Recency and monetary in their own units"),
        (Axes::Features(1, 2), "F × M", "Frequency and monetary in their own units"),
    ];
    if let Some(axes) = choice::segmented(ui, "Axes", &options, scene.view.axes) {
        scene.view.axes = axes;
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Reduce);
    };
    if current {
        super::selected::drawer(ui, scene, "segments selected", &findings);
    }
    egui::CentralPanel::default().frame(egui::Frame::new()).show(ui, |ui| {
        state::dimmed(ui, !current, |ui| picture(ui, scene, &findings, current));
    });
}

fn picture(ui: &mut Ui, scene: &mut Scene, findings: &std::sync::Arc<Findings>, current: bool) {
    let t = theme::of(ui);
    let axes = scene.view.axes;
    let cloud = scene.cache.get("cloud", (findings.clone(), axes), |(f, axes)| Cloud::new(f, *axes));
    let room = ui.available_rect_before_wrap();
    let pointed = match axes {
        Axes::Pca3 => space::show(ui, scene, findings, &cloud),
        _ => flat::show(ui, scene, findings, &cloud),
    };
    legend::show(ui, scene, findings, room);
    if cloud.customers.len() < cloud.total {
        let note = format!(
            "{} of {} customers drawn, picked with a fixed seed",
            format::count(cloud.customers.len()),
            format::count(cloud.total)
        );
        let at = egui::pos2(room.left() + t.space.xl * 2.5, room.top() + t.space.s);
        let font = egui::FontId::proportional(t.font.small);
        ui.painter().text(at, egui::Align2::LEFT_TOP, note, font, t.text.muted);
    }
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
    for (feature, unit) in rfm.customers.features.iter().take(3).zip(["days", rfm.frequency_of, ""]) {
        let unit = if feature.values[i] == 1.0 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
        text::fact(ui, &feature.label, format!("{} {unit}", value(feature.values[i], feature.unit, scene.currency())));
    }
    let scores: Vec<String> = rfm.scores.iter().map(|a| a.scores[i].to_string()).collect();
    text::fact(ui, "RFM scores", scores.join(" "));
    text::fact(ui, "RFM segment", rfm.map.segments[rfm.segment[i] as usize].name.as_str());
}
