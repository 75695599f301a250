//! What is drawn beside the points: centroids, ellipses, and rings around single customers.

use egui::{Color32, Painter, Pos2, Stroke};

use super::colors::{group_color, hidden};
use super::surface::Surface;
use crate::app::MapColor;
use crate::chart::Palette;
use crate::pipeline::Findings;
use crate::reduce::raster::{Moments, ellipse};
use crate::ui::scene::Scene;
use crate::ui::theme::Theme;
use crate::ui::widgets::chart::paint;

/// Corners of an ellipse.
const CORNERS: usize = 72;
/// Groups of fewer points have no ellipse.
const FEWEST: usize = 3;

/// Where a place is seen.
pub type See<'a> = dyn Fn([f64; 3]) -> Pos2 + 'a;

/// A group that is marked.
#[derive(Debug, Clone)]
pub struct Marked {
    moments: Moments,
    color: Color32,
    /// What stands in its middle; nothing is drawn there without it.
    number: Option<String>,
    /// Ellipses of so many standard deviations.
    rings: Vec<f64>,
}

/// The groups with what is switched on of centroids and ellipses.
pub fn marked(scene: &mut Scene, findings: &Findings, groups: &[Moments]) -> Vec<Marked> {
    let hidden = hidden(scene).clone();
    let view = &scene.view.segments.map;
    let color = if view.color == MapColor::Segment { MapColor::Segment } else { MapColor::Cluster };
    let palette = Palette::of(scene.view.dark);
    let noise = findings.chosen.clustering.noise.filter(|_| color == MapColor::Cluster);
    let shown = |g: &(usize, &Moments)| g.1.points > 0 && !hidden.contains(&(g.0 as u32)) && noise != Some(g.0 as u32);
    let mark = |(g, moments): (usize, &Moments)| Marked {
        moments: *moments,
        color: paint::color(group_color(findings, color, palette, g)),
        // Only clusters are known by a number.
        number: view.centroids.then(|| if color == MapColor::Cluster { (g + 1).to_string() } else { String::new() }),
        rings: match moments.points >= FEWEST {
            true => [(1.0, view.one_sd), (2.0, view.two_sd)].iter().filter(|r| r.1).map(|r| r.0).collect(),
            false => Vec::new(),
        },
    };
    groups.iter().enumerate().filter(shown).map(mark).collect()
}

/// Draws ellipses, and centroids over them. `see` places values on the picture.
pub fn draw(to: &mut impl Surface, marked: &[Marked], see: &See, t: &Theme) {
    for mark in marked {
        for sd in &mark.rings {
            let points = outline(&mark.moments, *sd, see);
            // On the ground's colour, so that it is seen over a dense cloud.
            to.line(points.clone(), Stroke::new(3.5, t.bg.panel.gamma_multiply(0.7)));
            let width = if *sd > 1.5 { t.shape.hairline } else { t.shape.curve };
            to.line(points, Stroke::new(width, mark.color));
        }
    }
    for (mark, number) in marked.iter().filter_map(|m| m.number.as_ref().map(|n| (m, n))) {
        let at = see(mark.moments.mean);
        to.circle(at, 9.0, t.bg.panel, Stroke::new(t.shape.ring, mark.color));
        to.text(at, t.font.tiny, true, t.text.normal, number);
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
    // The last corner is the first one: the line is closed.
    (0..=CORNERS)
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
