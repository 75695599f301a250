//! The customers as points; the picture fills the panel.

mod axes;
mod colors;
mod dots;
mod flat;
mod frame;
mod kept;
mod legend;
mod marks;
mod places;
mod pointer;
mod probability;
mod save;
mod space;
mod strip;
mod surface;
mod tsne;
mod who;

pub use kept::MapKept;

use std::sync::Arc;

use egui::{Rect, Ui, UiBuilder, pos2};

use crate::app::{Axes, MapColor};
use crate::format;
use crate::pipeline::{Findings, Stage};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::{choice, state, text};

/// What the axes are, whatever their number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Pca,
    Tsne,
    Features,
}

/// In the title row: which axes.
pub fn controls(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, _)) = scene.findings() else { return };
    let axes = scene.view.axes;
    let kind = match axes {
        Axes::Pca2 | Axes::Pca3 => Kind::Pca,
        Axes::Tsne2 | Axes::Tsne3 => Kind::Tsne,
        Axes::Features(..) | Axes::Features3(..) => Kind::Features,
    };
    let mut next = (kind, axes.is_space());
    let depth = [
        (false, "2D", "Two axes: drag to move, scroll to zoom"),
        (true, "3D", "Three axes: drag to turn, scroll to zoom"),
    ];
    if let Some(space) = choice::segmented(ui, "Dimensions", &depth, next.1) {
        next.1 = space;
    }
    let kinds = [
        (Kind::Pca, "PCA", "Principal components: the view that keeps most of the differences"),
        (Kind::Tsne, "t-SNE", "Neighbours stay neighbours; computed when you ask for it"),
        (Kind::Features, "Features", "Any two or three features in their own units"),
    ];
    if let Some(kind) = choice::segmented(ui, "Axes", &kinds, kind) {
        next.0 = kind;
    }
    if next == (kind, axes.is_space()) {
        return;
    }
    let chosen = match next {
        (Kind::Pca, space) => Some(if space { Axes::Pca3 } else { Axes::Pca2 }),
        (Kind::Tsne, space) => {
            tsne::start(scene, &findings);
            Some(if space { Axes::Tsne3 } else { Axes::Tsne2 })
        }
        (Kind::Features, space) => strip::feature_axes(scene, &findings, space),
    };
    scene.view.axes = chosen.unwrap_or(axes);
}

pub fn show(ui: &mut Ui, scene: &mut Scene) {
    let Some((findings, current)) = scene.findings() else {
        return state::waiting(ui, scene, Stage::Reduce);
    };
    // Axes and colours chosen for another table may name features that this one does not have.
    if !strip::fits(scene.view.axes, &findings) {
        scene.view.axes = Axes::Pca2;
    }
    if !colors::options(&findings).iter().any(|(color, _)| *color == scene.view.segments.map.color) {
        scene.view.segments.map.color = MapColor::Cluster;
    }
    pointer::take_found(scene);
    if current {
        crate::ui::panels::selected::drawer(ui, scene, "segments selected", &findings);
    }
    egui::CentralPanel::default().frame(egui::Frame::new()).show(ui, |ui| {
        state::dimmed(ui, !current, |ui| picture(ui, scene, &findings, current));
    });
}

fn picture(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>, current: bool) {
    let t = theme::of(ui);
    let run = tsne::run(ui.ctx(), scene, findings);
    strip::show(ui, scene, findings, &run);
    let axes = scene.view.axes;
    if axes.is_tsne() && run.tsne.is_none() {
        return tsne::empty(ui, scene, findings, &run);
    }
    let cloud = places::cloud(ui.ctx(), scene, findings, run.tsne.clone());
    let dressed = cloud.and_then(|cloud| colors::dressed(ui.ctx(), scene, findings, &cloud));
    let Some(dressed) = dressed else {
        text::muted_line(ui, "Placing the customers…");
        return;
    };
    let groups =
        places::moments(ui.ctx(), scene, &dressed.cloud, &places::Groups::new(findings, scene.view.segments.map.color));
    let caption = t.font.small + t.space.s;
    let whole = ui.available_rect_before_wrap();
    let area = Rect::from_min_max(whole.min, pos2(whole.right(), whole.bottom() - caption));
    let mut child = ui.new_child(UiBuilder::new().max_rect(area).id_salt("map"));
    let room = legend::room(scene);
    let drawn = match axes.is_space() {
        true => space::show(&mut child, scene, findings, &dressed, &groups, room),
        false => flat::show(&mut child, scene, findings, &dressed, &groups, room),
    };
    legend::show(ui, scene, findings, &dressed, &groups, area);
    let below = Rect::from_min_max(pos2(whole.left(), area.bottom()), whole.max);
    let mut line = ui.new_child(UiBuilder::new().max_rect(below).layout(egui::Layout::left_to_right(egui::Align::Max)));
    let said = said(scene, findings, &dressed, run.tsne.as_deref(), drawn.note);
    let (sight, size, axes_seen, marked) = drawn.seen;
    scene.cache.map.seen = Some(save::Seen {
        dressed: dressed.clone(),
        sight,
        size: size.into(),
        axes: axes_seen,
        marked,
        legend: legend::entries(scene, findings),
        title: title(scene, findings),
        note: said.clone(),
        dark: scene.view.dark,
    });
    let hint = match axes.is_space() {
        true => "Drag to turn · scroll to zoom",
        false => "Drag to move · scroll to zoom",
    };
    line.with_layout(egui::Layout::right_to_left(egui::Align::Max), |ui| {
        ui.label(egui::RichText::new(hint).size(t.font.small).color(t.text.faint));
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Max), |ui| {
            text::muted_line(ui, &said).on_hover_text(&said);
        });
    });
    ui.allocate_rect(whole, egui::Sense::hover());
    let Some(customer) = drawn.pointed else { return };
    if drawn.response.clicked() && current && scene.view.segments.map.outline.is_empty() {
        pointer::click(ui, scene, customer, &findings.rfm.customers.ids[customer as usize]);
    }
    drawn.response.on_hover_ui_at_pointer(|ui| who::show(ui, scene, findings, customer));
}

/// What the picture is called where it is saved.
fn title(scene: &Scene, findings: &Findings) -> String {
    let label = |i: usize| findings.rfm.customers.features[i].label.as_str();
    match scene.view.axes {
        Axes::Pca2 | Axes::Pca3 => "Customers by principal components".into(),
        Axes::Tsne2 | Axes::Tsne3 => "Customers by t-SNE".into(),
        axes => {
            let names: Vec<&str> = axes.features().into_iter().map(label).collect();
            format!("Customers by {}", names.join(", ").to_lowercase())
        }
    }
}

/// What is to be said under the picture: how it was drawn, on whom, and what it leaves out.
fn said(
    scene: &mut Scene,
    findings: &Findings,
    dressed: &colors::Dressed,
    tsne: Option<&crate::reduce::Tsne>,
    note: Option<String>,
) -> String {
    let total = findings.rfm.customers.len();
    let mut parts: Vec<String> = Vec::new();
    parts.extend(pointer::finding(scene, total));
    if let Some(tsne) = tsne.filter(|_| scene.view.axes.is_tsne()) {
        parts.push(tsne::caveat(tsne, total));
    }
    parts.extend(note);
    if dressed.cloud.without > 0 {
        let without = format::plural(dressed.cloud.without, "customer", "customers");
        parts.push(format!("{without} without a value on these axes left out"));
    }
    let hidden = dressed.cloud.len() - dressed.dress.shown;
    if hidden > 0 {
        parts.push(format!("{} hidden in the legend", format::plural(hidden, "customer", "customers")));
    }
    if parts.is_empty() {
        parts.push(format!("All {}", format::plural(dressed.dress.shown, "customer", "customers")));
    }
    parts.join(" · ")
}
