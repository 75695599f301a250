//! The scatter in two dimensions.

use std::ops::RangeInclusive;

use egui::{Response, Ui};
use egui_plot::{AxisHints, GridInput, GridMark, Plot, PlotPoint, PlotPoints, Points};

use super::cloud::{Cloud, Split, is_log};
use crate::app::Axes;
use crate::format;
use crate::pipeline::Findings;
use crate::rfm::{FREQUENCY, MONETARY, RECENCY, Unit};
use crate::ui::scene::Scene;
use crate::ui::theme;

/// How near the pointer has to be, in points.
const NEAR: f32 = 9.0;

/// Draws the plot; returns the customer under the pointer.
pub fn show(
    ui: &mut Ui,
    scene: &mut Scene,
    findings: &std::sync::Arc<Findings>,
    cloud: &std::rc::Rc<Cloud>,
) -> Option<(u32, Response)> {
    let t = theme::of(ui);
    let axes = scene.view.axes;
    let clusters = findings.profiles.len();
    let key = (findings.clone(), axes, scene.selection.customers.clone());
    let split = scene.cache.get("split", key, |(_, _, selected)| Split::new(cloud, clusters, selected));
    let (x, y) = match axes {
        Axes::Features(x, y) => (axis(scene, findings, x), axis(scene, findings, y)),
        _ => (component(findings, 0), component(findings, 1)),
    };
    let (x_log, y_log) = match axes {
        Axes::Features(x, y) => (is_log(findings, x), is_log(findings, y)),
        _ => (false, false),
    };
    let font = egui::FontId::proportional(t.font.small);
    let (write_x, write_y) = (x.write.clone(), y.write.clone());
    let hint = |a: AxisHints<'static>, label: String| {
        a.label(egui::RichText::new(label).size(t.font.small).color(t.text.muted))
            .tick_label_color(t.text.muted)
            .label_spacing(egui::Rangef::new(t.space.l, t.space.xl))
            .tick_label_font(font.clone())
    };
    let x_hint =
        hint(AxisHints::new_x(), x.label).formatter(move |m: GridMark, _: &RangeInclusive<f64>| write_x(m.value));
    let y_hint =
        hint(AxisHints::new_y(), y.label).formatter(move |m: GridMark, _: &RangeInclusive<f64>| write_y(m.value));
    let mut plot = Plot::new(("scatter", axes))
        .show_background(false)
        .grid_color(t.plot.grid)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .show_crosshair(false)
        .label_formatter(|_| None)
        .set_margin_fraction(egui::vec2(0.04, 0.06))
        .custom_x_axes(vec![x_hint])
        .custom_y_axes(vec![y_hint]);
    if !matches!(axes, Axes::Features(..)) {
        plot = plot.data_aspect(1.0);
    }
    if x_log {
        plot = plot.x_grid_spacer(log_marks);
    }
    if y_log {
        plot = plot.y_grid_spacer(log_marks);
    }
    // The turned label of the y axis stands a hair outside the plot; without room its tops are cut off.
    ui.set_clip_rect(ui.clip_rect().expand2(egui::vec2(t.space.xs, 0.0)));
    let hidden = &scene.view.hidden;
    let many = scene.selection.len() > 1;
    let radius = if cloud.customers.len() > 5_000 { 1.8 } else { 2.4 };
    let drawn = split.clone();
    let shown = plot.show(ui, |plot| {
        let visible = |c: &usize| !hidden.contains(&(*c as u32));
        for c in (0..clusters).filter(visible) {
            let color = t.segment(c).gamma_multiply(if many { 0.22 } else { 0.85 });
            let points = PlotPoints::Owned(drawn.rest[c].clone());
            plot.points(Points::new(format!("{c}"), points).radius(radius).color(color).allow_hover(false));
        }
        for c in (0..clusters).filter(visible) {
            let points = &drawn.picked[c];
            if !many {
                let halo = PlotPoints::Owned(points.clone());
                plot.points(Points::new("halo", halo).radius(3.0 * radius).color(t.text.normal).allow_hover(false));
            }
            let points = PlotPoints::Owned(points.clone());
            let size = if many { radius * 1.25 } else { 2.2 * radius };
            plot.points(Points::new(format!("picked {c}"), points).radius(size).color(t.segment(c)).allow_hover(false));
        }
        if plot.response().hovered() {
            let scroll = plot.ctx().input(|i| i.smooth_scroll_delta().y);
            if scroll != 0.0 {
                plot.zoom_bounds_around_hovered(egui::Vec2::splat((scroll * 0.004).exp()));
            }
        }
    });
    let response = shown.response;
    let pointer = response.hover_pos()?;
    let mut best = (NEAR, None);
    for (i, at) in cloud.at.iter().enumerate() {
        if scene.view.hidden.contains(&cloud.clusters[i]) {
            continue;
        }
        let distance = shown.transform.position_from_point(&PlotPoint::new(at[0], at[1])).distance(pointer);
        if distance < best.0 {
            best = (distance, Some(cloud.customers[i]));
        }
    }
    best.1.map(|customer| (customer, response))
}

/// What stands at an axis, and how its marks are written.
struct AxisText {
    label: String,
    write: std::rc::Rc<dyn Fn(f64) -> String>,
}

fn component(findings: &Findings, i: usize) -> AxisText {
    let share = findings.pca.explained_variance_ratio.get(i).copied().unwrap_or(0.0);
    let label = format!("Principal component {}, {} of the variance", i + 1, format::percent(share));
    AxisText { label, write: std::rc::Rc::new(format::short) }
}

fn axis(scene: &Scene, findings: &Findings, i: usize) -> AxisText {
    let feature = &findings.rfm.customers.features[i];
    let (unit, currency) = (feature.unit, scene.currency().map(str::to_string));
    let log = is_log(findings, i);
    let of = match feature.name.as_str() {
        RECENCY => ", days since the last purchase".to_string(),
        FREQUENCY => format!(", {}", findings.rfm.frequency_of),
        MONETARY => ", net spend".to_string(),
        _ => String::new(),
    };
    let label = format!("{}{of}{}", feature.label, if log { " (log scale)" } else { "" });
    let write = move |v: f64| {
        if unit == Unit::Number {
            return format::short(v);
        }
        // Marks are round numbers: cents would only be noise.
        let v = (if log { v.signum() * v.abs().exp_m1() } else { v }).round();
        let sign = currency.as_deref().filter(|_| unit == Unit::Money).unwrap_or_default();
        format!("{sign}{}", format::number(v, 0))
    };
    AxisText { label, write: std::rc::Rc::new(write) }
}

/// Marks at 0, 1, 2, 5, 10, 20 … on an axis of log(1 + x); the steps say how far apart marks of a kind are.
fn log_marks(input: GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let mut marks = vec![GridMark { value: 0.0, step_size: std::f64::consts::LN_10 }];
    for power in 0..12 {
        for step in [1.0, 2.0, 5.0] {
            let value = (step * 10f64.powi(power)).ln_1p();
            let step_size = if step == 1.0 { std::f64::consts::LN_10 } else { std::f64::consts::LN_2 };
            marks.push(GridMark { value, step_size });
        }
    }
    marks.retain(|m| (low..=high).contains(&m.value));
    marks
}
