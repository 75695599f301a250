//! The four criteria over one k axis, the best k of each, and one line for the k in force.

use egui::{Align2, FontId, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::cluster::{KScores, KSearch};
use crate::format;
use crate::recipe::KCriterion;
use crate::ui::style::semibold;
use crate::ui::theme;

/// One criterion as a curve.
struct Curve {
    criterion: KCriterion,
    name: &'static str,
    good: &'static str,
    decimals: usize,
    value: fn(&KScores) -> Option<f64>,
}

const CURVES: [Curve; 4] = [
    Curve { criterion: KCriterion::Elbow, name: "Inertia", good: "the bend", decimals: 0, value: |s| Some(s.inertia) },
    Curve {
        criterion: KCriterion::Silhouette,
        name: "Silhouette",
        good: "high is good",
        decimals: 3,
        value: |s| s.silhouette,
    },
    Curve {
        criterion: KCriterion::CalinskiHarabasz,
        name: "Calinski-Harabasz",
        good: "high is good",
        decimals: 0,
        value: |s| s.calinski_harabasz,
    },
    Curve {
        criterion: KCriterion::DaviesBouldin,
        name: "Davies-Bouldin",
        good: "low is good",
        decimals: 3,
        value: |s| s.davies_bouldin,
    },
];
const NAMES: f32 = 132.0;

/// Draws the curves; returns the k that was clicked or dragged to.
pub fn show(ui: &mut Ui, search: &KSearch, k: Option<usize>, height: f32) -> Option<usize> {
    let t = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Criteria by k"));
    let (first, last) = (search.rows.first()?.k, search.rows.last()?.k);
    let axis = t.font.small + t.space.s;
    let plot = Rect::from_min_max(
        pos2(rect.left() + NAMES, rect.top()),
        pos2(rect.right() - t.space.xl, rect.bottom() - axis),
    );
    let span = (last - first).max(1) as f32;
    let x_of = |k: usize| plot.left() + t.space.l + (k - first) as f32 / span * (plot.width() - 2.0 * t.space.l);
    let nearest =
        |x: f32| search.rows.iter().map(|r| r.k).min_by(|a, b| (x_of(*a) - x).abs().total_cmp(&(x_of(*b) - x).abs()));
    let hovered = response.hover_pos().filter(|p| p.x > plot.left()).and_then(|p| nearest(p.x));
    let font = FontId::proportional(t.font.small);
    let painter = ui.painter_at(rect);
    let band = plot.height() / CURVES.len() as f32;
    for row in &search.rows {
        let x = painter.round_to_pixel_center(x_of(row.k));
        painter.vline(x, plot.y_range(), Stroke::new(t.shape.hairline, t.plot.grid));
        let color = if Some(row.k) == k { t.text.normal } else { t.text.muted };
        painter.text(pos2(x, rect.bottom()), Align2::CENTER_BOTTOM, row.k.to_string(), font.clone(), color);
    }
    painter.text(pos2(rect.left(), rect.bottom()), Align2::LEFT_BOTTOM, "k, number of clusters", font, t.text.muted);
    if let Some(k) = k.filter(|k| (first..=last).contains(k)) {
        let x = painter.round_to_pixel_center(x_of(k));
        painter.vline(x, plot.y_range(), Stroke::new(t.shape.ring, t.accent.normal));
    }
    for (i, curve) in CURVES.iter().enumerate() {
        let top = plot.top() + i as f32 * band;
        let area = Rect::from_min_max(pos2(plot.left(), top), pos2(plot.right(), top + band));
        if i > 0 {
            painter.hline(rect.x_range(), painter.round_to_pixel_center(top), Stroke::new(t.shape.hairline, t.bg.line));
        }
        one(ui, search, curve, area, rect.left(), &x_of, k, hovered);
    }
    if let Some(row) = hovered.and_then(|h| search.rows.iter().find(|r| r.k == h)) {
        response
            .clone()
            .on_hover_ui_at_pointer(|ui| hover(ui, row))
            .on_hover_cursor(egui::CursorIcon::ResizeHorizontal);
    }
    let pointed = if response.clicked() || response.dragged() { response.interact_pointer_pos() } else { None };
    pointed.filter(|p| p.x > plot.left()).and_then(|p| nearest(p.x)).filter(|picked| Some(*picked) != k)
}

#[expect(clippy::too_many_arguments, reason = "one picture, drawn in one place")]
fn one(
    ui: &Ui,
    search: &KSearch,
    curve: &Curve,
    area: Rect,
    left: f32,
    x_of: &impl Fn(usize) -> f32,
    k: Option<usize>,
    hovered: Option<usize>,
) {
    let t = theme::of(ui);
    let painter = ui.painter();
    let small = FontId::proportional(t.font.small);
    let at = pos2(left, area.top() + t.space.m);
    let name = painter.text(at, Align2::LEFT_TOP, curve.name, FontId::new(t.font.small, semibold()), t.text.normal);
    painter.text(name.left_bottom() + vec2(0.0, 1.0), Align2::LEFT_TOP, curve.good, small.clone(), t.text.muted);
    let vote = search.votes.iter().find(|v| v.criterion == curve.criterion).and_then(|v| v.k);
    let says = vote.map_or_else(|| "no clear answer".to_string(), |k| format!("says k = {k}"));
    let color = if vote.is_some() { t.state.good } else { t.text.muted };
    painter.text(
        name.left_bottom() + vec2(0.0, t.font.small + t.space.xs),
        Align2::LEFT_TOP,
        says,
        small.clone(),
        color,
    );
    let points: Vec<(usize, f64)> =
        search.rows.iter().filter(|r| r.failed.is_none()).filter_map(|r| Some((r.k, (curve.value)(r)?))).collect();
    let low = points.iter().map(|p| p.1).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|p| p.1).fold(f64::NEG_INFINITY, f64::max);
    let inner = area.shrink2(vec2(0.0, t.space.l));
    let range = if high > low { high - low } else { 1.0 };
    let y_of = |v: f64| inner.bottom() - ((v - low) / range) as f32 * inner.height();
    let line: Vec<_> = points.iter().map(|(k, v)| pos2(x_of(*k), y_of(*v))).collect();
    painter.line(line, Stroke::new(t.shape.curve, t.text.muted));
    for &(at_k, v) in &points {
        let at = pos2(x_of(at_k), y_of(v));
        let (best, chosen) = (vote == Some(at_k), k == Some(at_k));
        let fill = if chosen {
            t.accent.normal
        } else if best {
            t.state.good
        } else {
            t.text.muted
        };
        painter.circle_filled(at, if chosen || best { t.space.xs + 0.5 } else { t.shape.ring + 0.5 }, fill);
        if best {
            painter.circle_stroke(at, t.space.s, Stroke::new(t.shape.curve, t.state.good));
        }
        if best || chosen || hovered == Some(at_k) {
            let text = format::number(v, curve.decimals);
            let galley = painter.layout_no_wrap(text, small.clone(), t.text.normal);
            // Beside the point, on the side with room, above the curve.
            let right = at.x + t.space.m + galley.size().x < area.right() + t.space.xl;
            let x = if right { at.x + t.space.s + 2.0 } else { at.x - t.space.s - 2.0 - galley.size().x };
            let y = (at.y - galley.size().y - 2.0).max(area.top() + 1.0);
            let back = Rect::from_min_size(pos2(x, y), galley.size()).expand2(vec2(2.0, 0.0));
            painter.rect_filled(back, t.shape.radius_small, t.bg.panel.gamma_multiply(0.85));
            painter.galley(pos2(x, y), galley, t.text.normal);
        }
    }
}

fn hover(ui: &mut Ui, row: &KScores) {
    crate::ui::widgets::text::heading(ui, format!("k = {}", row.k));
    if let Some(why) = &row.failed {
        crate::ui::widgets::text::muted(ui, why.as_str());
        return;
    }
    for curve in &CURVES {
        let value = (curve.value)(row).map_or_else(|| "–".into(), |v| format::number(v, curve.decimals));
        crate::ui::widgets::text::muted(ui, format!("{} {value}", curve.name));
    }
    crate::ui::widgets::text::muted(
        ui,
        format!("Smallest cluster {}", format::plural(row.smallest, "customer", "customers")),
    );
    crate::ui::widgets::text::muted(ui, "Click to use this k");
}
