//! One card per feature: definition, histogram before and after the transform, score cuts and bins.

use std::sync::Arc;

use egui::{RichText, Ui, vec2};

use crate::explore::{Histogram, histogram};
use crate::features::FeatureMatrix;
use crate::format;
use crate::rfm::score::quantile;
use crate::rfm::{AxisScores, RfmOut, Unit};
use crate::ui::scene::Scene;
use crate::ui::theme;
use crate::ui::widgets::customers::value;
use crate::ui::widgets::histogram::{self as drawn, Marks};
use crate::ui::widgets::{card, text};

const BINS: usize = 36;

/// Histograms of one feature.
struct Shape {
    /// Values up to the 99th percentile, so that one giant does not flatten everyone else.
    before: Histogram,
    /// Customers above it, and the percentile itself.
    beyond: usize,
    limit: f64,
    median: f64,
    after: Option<Histogram>,
}

/// Cards of features; the rest is only listed.
const MOST_CARDS: usize = 12;

pub fn show(ui: &mut Ui, scene: &mut Scene, rfm: &Arc<RfmOut>) {
    let matrix = scene.session.matrix.get().filter(|m| m.x.nrows() == rfm.customers.len()).cloned();
    let places = places(rfm, matrix.as_deref());
    let input = (rfm.clone(), matrix.clone());
    let rows = rfm.customers.len() * places.len().div_ceil(3);
    let made = scene.cache.get_later("feature shapes", input, rows, ui.ctx(), {
        let places = places.clone();
        move |(rfm, matrix)| places.iter().map(|&i| shape(rfm, matrix.as_deref(), i)).collect::<Vec<_>>()
    });
    let Some(shapes) = made.filter(|shapes| shapes.len() == places.len()) else {
        text::muted(ui, "Drawing histograms…");
        return;
    };
    let columns = ((ui.available_width() / 200.0) as usize).clamp(1, 3);
    card::grid(ui, columns, &places, |ui, at, &i| feature(ui, scene, rfm, matrix.as_deref(), i, &shapes[at]));
    let clustered = matrix.map_or(0, |m| m.columns.len());
    if clustered > places.len() {
        text::muted(
            ui,
            format!("{} more are clustered by and not drawn here.", format::count(clustered - places.len())),
        );
    }
}

/// Places in the customer table of what was counted and of what is clustered by.
fn places(rfm: &RfmOut, matrix: Option<&FeatureMatrix>) -> Vec<usize> {
    let clustered =
        |i: &usize| matrix.is_some_and(|m| m.columns.iter().any(|c| c.name == rfm.customers.features[*i].name));
    let all = 0..rfm.customers.features.len();
    all.filter(|i| *i < rfm.scores.len() || clustered(i)).take(MOST_CARDS).collect()
}

/// The column of the matrix that a feature became.
fn column_of(matrix: &FeatureMatrix, rfm: &RfmOut, i: usize) -> Option<usize> {
    matrix.columns.iter().position(|c| c.name == rfm.customers.features[i].name)
}

fn shape(rfm: &RfmOut, matrix: Option<&FeatureMatrix>, i: usize) -> Shape {
    let values = &rfm.customers.features[i].values;
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (limit, highest) = (quantile(&sorted, 0.99), sorted.last().copied().unwrap_or(0.0));
    // Where the tail is short, all of it is shown.
    let limit = if highest <= 1.5 * limit { highest } else { limit };
    let after = matrix.and_then(|m| Some(histogram(m.x.column(column_of(m, rfm, i)?).iter().copied(), BINS)));
    Shape {
        before: histogram(values.iter().copied().filter(|v| *v <= limit), BINS),
        beyond: sorted.len() - sorted.partition_point(|v| *v <= limit),
        limit,
        median: quantile(&sorted, 0.5),
        after,
    }
}

fn feature(ui: &mut Ui, scene: &Scene, rfm: &RfmOut, matrix: Option<&FeatureMatrix>, i: usize, shape: &Shape) {
    let t = theme::of(ui);
    let feature = &rfm.customers.features[i];
    let axis = rfm.scores.get(i);
    let cuts = axis.map_or(&[][..], |a| &a.cuts);
    let unit = feature.unit;
    let write = |v: f64| value(v, unit, scene.currency());
    ui.spacing_mut().item_spacing.y = t.space.xs;
    text::heading(ui, feature.label.as_str()).on_hover_text(feature.definition.as_str());
    let counts = match unit {
        Unit::Days => "days, median",
        Unit::Money => "net spend, median",
        Unit::Count => rfm.frequency_of,
        Unit::Number | Unit::Share | Unit::Words => "median",
    };
    let counts = if unit == Unit::Count { format!("{counts}, median") } else { counts.to_string() };
    ui.horizontal(|ui| {
        text::big(ui, write(shape.median));
        ui.label(RichText::new(counts).size(t.font.small).color(t.text.muted));
    });
    drawn::show(ui, &shape.before, 78.0, t.accent.normal, &Marks { cuts, value: &write });
    let beyond = if shape.beyond == 0 && axis.is_none() {
        "All customers".to_string()
    } else if shape.beyond == 0 {
        "Dashed lines cut the scores".to_string()
    } else {
        format!("{} above {} not drawn", format::plural(shape.beyond, "customer", "customers"), write(shape.limit))
    };
    let line = text::muted_line(ui, beyond.as_str());
    if axis.is_some() {
        line.on_hover_text("Dashed lines are the cut points between scores");
    }
    ui.add_space(t.space.xs);
    if let (Some(after), Some(column)) = (&shape.after, matrix.and_then(|m| m.columns.get(column_of(m, rfm, i)?))) {
        let lambda = column.lambda.map_or_else(String::new, |l| format!(", λ = {}", format::number(l, 2)));
        text::muted_line(ui, format!("After {}{lambda}, {}", column.transform.label(), column.scale.label()));
        drawn::show(ui, after, 58.0, t.text.faint, &Marks { cuts: &[], value: &|v| format::number(v, 1) });
        ui.add_space(t.space.xs);
    }
    if shape.after.is_none() && matrix.is_some() {
        text::muted_line(ui, "Not clustered by");
    }
    if let Some(axis) = axis {
        bins(ui, axis);
    }
}

/// Customers per score as five blocks; empty ones are pointed out.
fn bins(ui: &mut Ui, axis: &AxisScores) {
    let t = theme::of(ui);
    let most = axis.sizes.iter().copied().max().unwrap_or(1).max(1) as f32;
    let n = axis.sizes.len().max(1) as f32;
    text::muted_line(ui, "Customers per score");
    let gap = t.space.xs;
    let width = (ui.available_width() - gap * (n - 1.0)) / n;
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap;
        for (i, &size) in axis.sizes.iter().enumerate() {
            ui.vertical(|ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing.y = 1.0;
                let (rect, response) = ui.allocate_exact_size(vec2(width, t.space.xs), egui::Sense::hover());
                let fill = if size == 0 {
                    t.state.warn
                } else {
                    t.accent.normal.gamma_multiply(0.25 + 0.75 * size as f32 / most)
                };
                ui.painter().rect_filled(rect, t.shape.radius_small, fill);
                ui.label(RichText::new((i + 1).to_string()).size(t.font.tiny).color(t.text.faint));
                let (text, color) =
                    if size == 0 { ("empty".to_string(), t.state.warn) } else { (format::count(size), t.text.muted) };
                let label = ui.label(RichText::new(text).size(t.font.tiny).color(color)).union(response);
                if size == 0 {
                    label.on_hover_text(
                        "No customer has this score: equal values always get equal scores, and ties swallowed this bin",
                    );
                }
            });
        }
    });
}
