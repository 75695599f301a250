//! The strip above the picture: tools, zoom, and what the axes show.

use egui::{Button, Stroke, Ui, Vec2, WidgetInfo};
use egui_material_icons::MaterialIcon;
use egui_material_icons::icons::{
    ICON_ADD, ICON_ARROW_SELECTOR_TOOL, ICON_FIT_SCREEN, ICON_LASSO_SELECT, ICON_REMOVE, ICON_SELECT,
};

use super::{save, tsne};
use crate::app::{Axes, MapTool};
use crate::pipeline::Findings;
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::button;
use crate::ui::widgets::customers::shown_features;
use crate::ui::widgets::pick::Pick;

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &std::sync::Arc<Findings>, run: &tsne::Run) {
    let t = theme::of(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = t.space.xs;
        egui::Frame::new()
            .fill(t.bg.input)
            .stroke(Stroke::new(t.shape.hairline, t.bg.line))
            .corner_radius(t.shape.radius)
            .inner_margin(1)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 1.0;
                let space = scene.view.axes.is_space();
                let drag = if space { "drag to turn, with Shift to move" } else { "drag to move" };
                let moves = format!("Move: {drag}, scroll to zoom, click to select a customer (V)");
                tool(ui, scene, MapTool::Move, ICON_ARROW_SELECTOR_TOOL, "Move", &moves);
                let joins = "Shift adds, Ctrl takes away, Escape clears";
                let boxes = format!("Select who lies in a rectangle (B)\n{joins}");
                tool(ui, scene, MapTool::Box, ICON_SELECT, "Box", &boxes);
                let lasso = format!("Select who lies within a line you draw (L)\n{joins}");
                tool(ui, scene, MapTool::Lasso, ICON_LASSO_SELECT, "Lasso", &lasso);
            });
        ui.add_space(t.space.xs);
        if button::icon(ui, ICON_ADD, "Zoom in (+)").clicked() {
            scene.view.segments.map.nearer = Some(1.5);
        }
        if button::icon(ui, ICON_REMOVE, "Zoom out (−)").clicked() {
            scene.view.segments.map.nearer = Some(1.0 / 1.5);
        }
        if button::icon(ui, ICON_FIT_SCREEN, "Show everything (R)").clicked() {
            scene.view.segments.map.reset();
        }
        save::button(ui, scene);
        ui.add_space(t.space.xs);
        match scene.view.axes {
            Axes::Features(..) | Axes::Features3(..) => features(ui, scene, findings),
            Axes::Tsne2 | Axes::Tsne3 => tsne::controls(ui, scene, run),
            Axes::Pca2 | Axes::Pca3 => {}
        }
    });
}

fn tool(ui: &mut Ui, scene: &mut Scene, tool: MapTool, icon: MaterialIcon, name: &str, hint: &str) {
    let t = theme::of(ui);
    let on = scene.view.segments.map.tool == tool;
    let color = if on { t.accent.normal } else { t.text.muted };
    let side = t.shape.row;
    ui.scope(|ui| {
        ui.spacing_mut().button_padding = Vec2::ZERO;
        let button = Button::new(icon.rich_text().size(t.font.icon).color(color))
            .frame_when_inactive(on)
            .fill(if on { t.accent.soft } else { egui::Color32::TRANSPARENT })
            .stroke(Stroke::NONE)
            .corner_radius(t.shape.radius_small)
            .min_size(Vec2::splat(side));
        let response = ui.add(button).on_hover_text(hint);
        response.widget_info(|| WidgetInfo::selected(egui::Role::RadioButton, true, on, format!("Tool: {name}")));
        if response.clicked() {
            scene.view.segments.map.tool = tool;
        }
    });
}

/// Which feature stands on which axis.
fn features(ui: &mut Ui, scene: &mut Scene, findings: &Findings) {
    let all = &findings.rfm.customers.features;
    let mut places = scene.view.axes.features();
    let space = scene.view.axes.is_space();
    let mut changed = false;
    for (axis, name) in ["X", "Y", "Z"].into_iter().enumerate().take(places.len()) {
        let numbers = || all.iter().enumerate().filter(|(_, f)| f.names.is_none());
        let options = || numbers().map(|(i, f)| (i, f.label.as_str())).collect();
        let pick = Pick { name, full_name: format!("{name} axis"), hint: "The feature on this axis, in its own unit" };
        if let Some(picked) = pick.show(ui, &all[places[axis]].label, options, &places[axis]) {
            // Two axes with the same feature would show a line: they trade places.
            if let Some(other) = places.iter().position(|p| *p == picked) {
                places[other] = places[axis];
            }
            places[axis] = picked;
            changed = true;
        }
    }
    if changed {
        remember(scene, &places);
        scene.view.axes = axes_of(&places, space);
    }
}

/// Keeps the features for when their axes are shown again.
fn remember(scene: &mut Scene, places: &[usize]) {
    let map = &mut scene.view.segments.map;
    let before = map.features.unwrap_or([usize::MAX; 3]);
    map.features = Some(std::array::from_fn(|a| places.get(a).copied().unwrap_or(before[a])));
}

fn axes_of(places: &[usize], space: bool) -> Axes {
    match (places, space) {
        ([x, y, z, ..], true) => Axes::Features3(*x, *y, *z),
        ([x, y, ..], _) => Axes::Features(*x, *y),
        _ => Axes::Pca2,
    }
}

/// Features as axes: those shown last, else those that customers are known by; `None` where there are too few.
pub fn feature_axes(scene: &Scene, findings: &Findings, space: bool) -> Option<Axes> {
    let features = &findings.rfm.customers.features;
    let fits = |i: usize| features.get(i).is_some_and(|f| f.names.is_none());
    let mut places: Vec<usize> = scene.view.segments.map.features.into_iter().flatten().filter(|i| fits(*i)).collect();
    // What was spent against how long ago tells most at a glance; the third axis has what is left.
    let mut usual = shown_features(&findings.rfm, 3);
    if usual.len() == 3 && !findings.rfm.scores.is_empty() {
        usual.swap(1, 2);
    }
    for i in usual.into_iter().chain(0..features.len()).filter(|i| fits(*i)) {
        if !places.contains(&i) {
            places.push(i);
        }
    }
    let wanted = if space { 3 } else { 2 };
    (places.len() >= wanted).then(|| axes_of(&places[..wanted], space))
}

/// Whether the axes can be shown for this table.
pub fn fits(axes: Axes, findings: &Findings) -> bool {
    let features = &findings.rfm.customers.features;
    axes.features().iter().all(|&i| features.get(i).is_some_and(|f| f.names.is_none()))
}
