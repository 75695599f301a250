//! The scatter in three dimensions: turned by dragging, zoomed by scrolling, nearer points larger and clearer.

use egui::{Align2, FontId, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, pos2};

use super::cloud::Cloud;
use crate::format;
use crate::pipeline::Findings;
use crate::ui::scene::Scene;
use crate::ui::theme;

const NEAR: f32 = 9.0;
const TILT_LIMIT: f32 = 1.5;

/// A turned view: from coordinates to the screen and to a depth in −1…1 (1 is nearest).
struct Eye {
    centre: Pos2,
    scale: f32,
    turn: (f32, f32),
    tilt: (f32, f32),
    reach: f32,
}

impl Eye {
    /// Where a point appears, and how near it is.
    fn see(&self, at: [f64; 3]) -> (Pos2, f32) {
        // Component 1 to the right, 2 upwards, 3 towards the viewer.
        let [x, y, z] = at.map(|v| v as f32 / self.reach);
        let (sin, cos) = self.turn;
        let (x, z) = (x * cos + z * sin, z * cos - x * sin);
        let (sin, cos) = self.tilt;
        let (y, z) = (y * cos - z * sin, y * sin + z * cos);
        // A little perspective: what is near is a little larger.
        let near = 1.0 / (1.0 - 0.18 * z);
        (self.centre + egui::vec2(x, -y) * self.scale * near, z)
    }
}

/// Draws the cloud; returns the customer under the pointer.
pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Findings, cloud: &Cloud) -> Option<(u32, Response)> {
    let t = theme::of(ui);
    let (rect, response) = ui.allocate_exact_size(ui.available_size(), Sense::click_and_drag());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "3D scatter"));
    let response = response.on_hover_and_drag_cursor(egui::CursorIcon::Grab);
    if response.dragged() {
        let moved = response.drag_delta();
        scene.view.turn = (scene.view.turn + moved.x * 0.008) % std::f32::consts::TAU;
        scene.view.tilt = (scene.view.tilt + moved.y * 0.008).clamp(-TILT_LIMIT, TILT_LIMIT);
    }
    if response.hovered() {
        let scroll = ui.input(|i| i.smooth_scroll_delta().y);
        scene.view.zoom = (scene.view.zoom * (scroll * 0.004).exp()).clamp(0.3, 12.0);
    }
    if response.double_clicked() {
        (scene.view.turn, scene.view.tilt, scene.view.zoom) = (0.6, 0.35, 1.0);
    }
    let eye = Eye {
        centre: rect.center(),
        scale: rect.size().min_elem() * 0.66 * scene.view.zoom,
        turn: scene.view.turn.sin_cos(),
        tilt: scene.view.tilt.sin_cos(),
        reach: if cloud.reach > 0.0 { cloud.reach as f32 } else { 1.0 },
    };
    let painter = ui.painter_at(rect);
    let mut seen: Vec<(f32, Pos2, u32)> = Vec::with_capacity(cloud.at.len());
    for (i, at) in cloud.at.iter().enumerate() {
        if !scene.view.hidden.contains(&cloud.clusters[i]) {
            let (place, depth) = eye.see(*at);
            if rect.contains(place) {
                seen.push((depth, place, i as u32));
            }
        }
    }
    seen.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    axes(&painter, &eye, findings, cloud, t);
    let size = if cloud.customers.len() > 5_000 { 1.7 } else { 2.3 } * scene.view.zoom.sqrt().min(2.0);
    let many = scene.selection.len() > 1;
    let mut marked = Vec::new();
    painter.extend(seen.iter().map(|&(depth, place, i)| {
        let i = i as usize;
        let closeness = ((depth + 0.8) / 1.6).clamp(0.0, 1.0);
        let picked = !scene.selection.is_empty() && scene.selection.contains(cloud.customers[i]);
        let mut color = t.segment(cloud.clusters[i] as usize).gamma_multiply(0.35 + 0.6 * closeness);
        if many && !picked {
            color = color.gamma_multiply(0.22);
        }
        if picked && !many {
            marked.push((place, cloud.clusters[i]));
        }
        Shape::circle_filled(place, size * (0.7 + 0.7 * closeness), color)
    }));
    for (place, cluster) in marked {
        painter.circle(place, 2.6 * size, t.segment(cluster as usize), Stroke::new(t.shape.ring, t.text.normal));
    }
    let font = FontId::proportional(t.font.small);
    let hint = "Drag to turn · scroll to zoom · double-click to reset";
    painter.text(rect.left_bottom(), Align2::LEFT_BOTTOM, hint, font, t.text.faint);
    let pointer = response.hover_pos().filter(|_| !response.dragged())?;
    // The last within reach is the nearest to the eye.
    let found = seen.iter().rev().find(|(_, place, _)| place.distance(pointer) < NEAR * 0.6);
    let found = found.or_else(|| {
        let near = seen.iter().filter(|(_, place, _)| place.distance(pointer) < NEAR);
        near.min_by(|a, b| a.1.distance(pointer).total_cmp(&b.1.distance(pointer)))
    });
    found.map(|(.., i)| (cloud.customers[*i as usize], response))
}

/// The floor of the space as a grid, and the three axes with what they explain.
fn axes(painter: &egui::Painter, eye: &Eye, findings: &Findings, cloud: &Cloud, t: &crate::ui::theme::Theme) {
    let font = FontId::proportional(t.font.small);
    let reach = cloud.reach;
    let grid = Stroke::new(t.shape.hairline, t.plot.grid);
    let steps = 4;
    let floor = -reach * 0.7;
    for i in -steps..=steps {
        let v = reach * f64::from(i) / f64::from(steps);
        painter.line_segment([eye.see([v, floor, -reach]).0, eye.see([v, floor, reach]).0], grid);
        painter.line_segment([eye.see([-reach, floor, v]).0, eye.see([reach, floor, v]).0], grid);
    }
    for i in 0..3 {
        let mut end = [0.0; 3];
        end[i] = reach * if i == 0 { 1.0 } else { 0.6 };
        let mut start = end.map(|v| -v);
        if i == 1 {
            start[1] = floor;
        }
        let (from, to) = (eye.see(start).0, eye.see(end).0);
        painter.line_segment([from, to], Stroke::new(t.shape.hairline, t.text.faint));
        let share = findings.pca.explained_variance_ratio.get(i).copied().unwrap_or(0.0);
        let text = format!("PC{} {}", i + 1, format::percent(share));
        let away = (to - from).normalized() * t.space.m;
        let at = Rect::from_center_size(to + away, egui::Vec2::ZERO).center();
        painter.text(pos2(at.x, at.y), Align2::CENTER_CENTER, text, font.clone(), t.text.muted);
    }
}
