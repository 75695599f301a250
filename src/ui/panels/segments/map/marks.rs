//! What is drawn beside the points: centroids, ellipses, and rings around single customers.

use egui::{Align2, Color32, FontId, Painter, Pos2, Shape, Stroke};

use super::colors::{group_color, hidden};
use crate::app::MapColor;
use crate::chart::Palette;
use crate::pipeline::Findings;
use crate::reduce::raster::{Moments, ellipse};
use crate::ui::scene::Scene;
use crate::ui::style::semibold;
use crate::ui::theme::Theme;
use crate::ui::widgets::chart::paint;

/// Corners of an ellipse.
const CORNERS: usize = 72;
/// Groups of fewer points have no ellipse.
const FEWEST: usize = 3;

/// Where a place is seen.
pub type See<'a> = dyn Fn([f64; 3]) -> Pos2 + 'a;

/// Draws the ellipses and centroids that are switched on. `see` places values on the screen; `space` says whether they
/// have depth.
pub fn show(painter: &Painter, scene: &mut Scene, findings: &Findings, groups: &[Moments], see: &See, t: &Theme) {
    let view = &scene.view.segments.map;
    let color = if view.color == MapColor::Segment { MapColor::Segment } else { MapColor::Cluster };
    let (centroids, rings) = (view.centroids, [(1.0, view.one_sd), (2.0, view.two_sd)]);
    let palette = Palette::of(scene.view.dark);
    let hidden = hidden(scene).clone();
    let noise = findings.chosen.clustering.noise.filter(|_| color == MapColor::Cluster);
    let shown = |g: &(usize, &Moments)| {
        g.1.points > 0 && !hidden.contains(&(g.0 as u32)) && noise != Some(g.0 as u32)
    };
    let ink = |g: usize| paint::color(group_color(findings, color, palette, g));
    for (g, moments) in groups.iter().enumerate().filter(shown) {
        for (sd, _) in rings.iter().filter(|r| r.1 && moments.points >= FEWEST) {
            let points = outline(moments, *sd, see);
            // On the ground's colour, so that it is seen over a dense cloud.
            painter.add(Shape::closed_line(points.clone(), Stroke::new(3.5, t.bg.panel.gamma_multiply(0.7))));
            let width = if *sd > 1.5 { t.shape.hairline } else { t.shape.curve };
            painter.add(Shape::closed_line(points, Stroke::new(width, ink(g))));
        }
    }
    if !centroids {
        return;
    }
    for (g, moments) in groups.iter().enumerate().filter(shown) {
        let at = see(moments.mean);
        painter.circle(at, 9.0, t.bg.panel, Stroke::new(t.shape.ring, ink(g)));
        let font = FontId::new(t.font.tiny, semibold());
        painter.text(at, Align2::CENTER_CENTER, g + 1, font, t.text.normal);
    }
}

/// The outline of so many standard deviations around the mean, as it is seen: the covariance is carried to the screen by
/// how the screen changes at the mean.
fn outline(moments: &Moments, sd: f64, see: &See) -> Vec<Pos2> {
    let at = see(moments.mean);
    let slope: [[f64; 3]; 2] = {
        let by_axis: [egui::Vec2; 3] = std::array::from_fn(|a| {
            let step = moments.covariance[a][a].sqrt().max(1e-9) * 0.05;
            let mut beside = moments.mean;
            beside[a] += step;
            (see(beside) - at) / step as f32
        });
        [by_axis.map(|v| f64::from(v.x)), by_axis.map(|v| f64::from(v.y))]
    };
    let covariance = |i: usize, j: usize| -> f64 {
        let sum = |a: usize| (0..3).map(|b| moments.covariance[a][b] * slope[j][b]).sum::<f64>();
        (0..3).map(|a| slope[i][a] * sum(a)).sum()
    };
    let [long, short] = ellipse([[covariance(0, 0), covariance(0, 1)], [covariance(1, 0), covariance(1, 1)]]);
    (0..CORNERS)
        .map(|i| {
            let (sin, cos) = (i as f64 / CORNERS as f64 * std::f64::consts::TAU).sin_cos();
            let part = |a: usize| ((long[a] * cos + short[a] * sin) * sd) as f32;
            at + egui::vec2(part(0), part(1))
        })
        .collect()
}

/// A ring around a customer: the only selected one, or the one under the pointer.
pub fn ring(painter: &Painter, at: Pos2, radius: f32, color: Color32, t: &Theme) {
    painter.circle_stroke(at, radius + 1.5, Stroke::new(t.shape.ring + 2.0, t.bg.panel));
    painter.circle_stroke(at, radius + 1.5, Stroke::new(t.shape.ring, color));
}
