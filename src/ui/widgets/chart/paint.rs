//! The shapes of a layout as shapes of the window.

use std::sync::Arc;

use egui::epaint::{Mesh, TextShape, Vertex};
use egui::{
    Color32, ColorImage, FontFamily, FontId, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, TextureId, Vec2, pos2,
    vec2,
};

use super::rect_of;
use crate::chart::{self, Anchor, At, Outline, Pen, Picture, Raster, Words};
use crate::ui::style::semibold;

/// From this many points on they are drawn as one mesh.
const MANY: usize = 64;

/// Points that follow each other in a layout, as one mesh.
pub struct Run {
    /// Places among the shapes, from and up to but without.
    from: usize,
    to: usize,
    mesh: Arc<Mesh>,
}

/// The points of a layout whose top left is at `origin`; `disc` is the texture of a point.
pub fn runs(picture: &Picture, origin: Pos2, disc: TextureId) -> Vec<Run> {
    let point = |s: &chart::Shape| matches!(s, chart::Shape::Circle { pen: None, .. });
    let mut runs = Vec::new();
    let mut from = 0;
    for part in picture.shapes.chunk_by(|a, b| point(a) == point(b)) {
        let to = from + part.len();
        if part.len() >= MANY && point(&part[0]) {
            runs.push(Run { from, to, mesh: Arc::new(points(part, origin, disc)) });
        }
        from = to;
    }
    runs
}

/// Draws a layout with its top left at `origin`, for which `runs` were made. `cloud` is the density picture, where there
/// is one.
pub fn picture(painter: &Painter, picture: &Picture, origin: Pos2, cloud: Option<TextureId>, runs: &[Run]) {
    let draw_cloud = |at: usize| {
        if let (Some(texture), Some(place)) = (cloud, picture.cloud.as_ref().filter(|c| c.before == at)) {
            let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            painter.image(texture, rect_of(&place.area, origin), whole, Color32::WHITE);
        }
    };
    let mut runs = runs.iter().peekable();
    let mut at = 0;
    while at < picture.shapes.len() {
        draw_cloud(at);
        match runs.next_if(|r| r.from == at) {
            Some(run) => {
                painter.add(run.mesh.clone());
                at = run.to;
            }
            None => {
                shape(painter, &picture.shapes[at], origin);
                at += 1;
            }
        }
    }
    draw_cloud(at);
}

fn shape(painter: &Painter, shape: &chart::Shape, origin: Pos2) {
    match shape {
        chart::Shape::Rect { area, radius, fill, pen } => {
            let rect = rect_of(area, origin);
            let stroke = pen.map_or(Stroke::NONE, stroke);
            painter.rect(rect, *radius, fill.map_or(Color32::TRANSPARENT, color), stroke, StrokeKind::Middle);
        }
        chart::Shape::Line { points, pen } => line(painter, points, pen, origin),
        chart::Shape::Strip { upper, lower, fill } => {
            painter.add(strip(upper, lower, color(*fill), origin));
        }
        chart::Shape::Circle { center, radius, fill, pen } => {
            let fill = fill.map_or(Color32::TRANSPARENT, color);
            painter.circle(place(*center, origin), *radius, fill, pen.map_or(Stroke::NONE, stroke));
        }
        chart::Shape::Text(words) => text(painter, words, origin),
        // The window's layouts leave images to the density pictures.
        chart::Shape::Image { .. } => {}
    }
}

fn line(painter: &Painter, points: &[At], pen: &Pen, origin: Pos2) {
    let points: Vec<Pos2> = points.iter().map(|p| place(*p, origin)).collect();
    match pen.dash {
        Some([dash, gap]) => {
            painter.extend(Shape::dashed_line(&points, stroke(*pen), dash, gap));
        }
        None if points.len() == 2 => {
            painter.line_segment([points[0], points[1]], stroke(*pen));
        }
        None => {
            painter.line(points, stroke(*pen));
        }
    }
}

/// A strip with soft edges, half a point to either side of each line.
fn strip(upper: &[At], lower: &[At], color: Color32, origin: Pos2) -> Mesh {
    let n = upper.len().min(lower.len());
    let mut mesh = Mesh::default();
    for i in 0..n {
        let (before, after) = (i.saturating_sub(1), (i + 1).min(n - 1));
        // Across a steep line, half a point is more of the vertical.
        let soft = |line: &[At]| {
            let (across, down) = (line[after][0] - line[before][0], line[after][1] - line[before][1]);
            if across > 0.0 { 0.5 * (1.0 + (down / across).powi(2)).sqrt().min(4.0) } else { 0.5 }
        };
        let [a, b] = [upper[i], lower[i]].map(|p| place(p, origin));
        let sign = if b.y < a.y { -1.0 } else { 1.0 };
        let half = (b.y - a.y).abs() / 2.0;
        let (soft_a, soft_b) = (soft(upper), soft(lower));
        mesh.colored_vertex(a - vec2(0.0, soft_a * sign), Color32::TRANSPARENT);
        mesh.colored_vertex(a + vec2(0.0, soft_a.min(half) * sign), color);
        mesh.colored_vertex(b - vec2(0.0, soft_b.min(half) * sign), color);
        mesh.colored_vertex(b + vec2(0.0, soft_b * sign), Color32::TRANSPARENT);
        if i > 0 {
            let first = 4 * i as u32 - 4;
            for row in first..first + 3 {
                mesh.add_triangle(row, row + 1, row + 4);
                mesh.add_triangle(row + 1, row + 4, row + 5);
            }
        }
    }
    mesh
}

/// Many points as coloured copies of one disc.
fn points(shapes: &[chart::Shape], origin: Pos2, disc: TextureId) -> Mesh {
    let mut mesh = Mesh::with_texture(disc);
    mesh.reserve_vertices(shapes.len() * 4);
    mesh.reserve_triangles(shapes.len() * 2);
    for shape in shapes {
        let chart::Shape::Circle { center, radius, fill: Some(fill), .. } = shape else { continue };
        let (center, color) = (place(*center, origin), color(*fill));
        // The disc fills its texture but for the margin that softens its edge.
        let half = radius / DISC_SHARE;
        let first = mesh.vertices.len() as u32;
        for (x, y) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let pos = center + vec2((x * 2.0 - 1.0) * half, (y * 2.0 - 1.0) * half);
            mesh.vertices.push(Vertex { pos, uv: pos2(x, y), color });
        }
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first + 2, first + 1, first + 3);
    }
    mesh
}

const DISC: usize = 32;
const DISC_SHARE: f32 = 0.8;

/// A white disc with soft edges.
pub fn disc() -> ColorImage {
    let middle = DISC as f32 / 2.0;
    let pixel = |i: usize| {
        let (x, y) = ((i % DISC) as f32 + 0.5 - middle, (i / DISC) as f32 + 0.5 - middle);
        // Drawn at about a sixth of its size, two to three pixels here are half of one there.
        let inside = (middle * DISC_SHARE - x.hypot(y)) / 4.0 + 0.5;
        Color32::from_white_alpha((inside.clamp(0.0, 1.0) * 255.0) as u8)
    };
    ColorImage::new([DISC, DISC], (0..DISC * DISC).map(pixel).collect())
}

/// A raster as the window's images are.
pub fn image(raster: &Raster) -> ColorImage {
    ColorImage::new([raster.width, raster.height], raster.pixels.iter().map(|p| color(*p)).collect())
}

fn text(painter: &Painter, words: &Words, origin: Pos2) {
    let family = if words.bold { semibold() } else { FontFamily::Proportional };
    let galley = painter.layout_no_wrap(words.text.clone(), FontId::new(words.size, family), color(words.color));
    let Some(row) = galley.rows.first() else { return };
    let Some(glyph) = row.glyphs.first() else { return };
    let across = match words.anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => galley.size().x / 2.0,
        Anchor::End => galley.size().x,
    };
    let anchor = vec2(across, row.pos.y + glyph.pos.y);
    let angle = words.angle.to_radians();
    let turned = egui::emath::Rot2::from_angle(angle) * anchor;
    let at = place(words.at, origin) - turned;
    painter.add(TextShape::new(at, galley, color(words.color)).with_angle(angle));
}

/// What is under the pointer, lifted out.
pub fn highlight(painter: &Painter, outline: &Outline, plot: Rect, origin: Pos2, strong: Color32) {
    let fill = strong.gamma_multiply(0.16);
    match outline {
        Outline::Rect(area) => {
            painter.rect_filled(rect_of(area, origin), 0.0, fill);
        }
        Outline::Polygon(points) => {
            let points = points.iter().map(|p| place(*p, origin)).collect();
            painter.add(Shape::closed_line(points, Stroke::new(1.0, strong.gamma_multiply(0.7))));
        }
        Outline::Circle(center, radius) => {
            painter.circle_stroke(place(*center, origin), radius + 1.0, Stroke::new(1.5, strong));
        }
        Outline::Cross { x, dots } => {
            let x = (origin.x + x).floor() + 0.5;
            painter.vline(x, plot.y_range(), Stroke::new(1.0, strong.gamma_multiply(0.35)));
            for dot in dots {
                painter.circle_filled(place(*dot, origin), 3.0, strong);
            }
        }
    }
}

fn place(at: At, origin: Pos2) -> Pos2 {
    origin + Vec2::from(at)
}

fn stroke(pen: Pen) -> Stroke {
    Stroke::new(pen.width, color(pen.color))
}

/// A colour of the layout as the window's are: with opacity multiplied in.
pub fn color([r, g, b, a]: chart::Color) -> Color32 {
    let part = |v: u8| (u16::from(v) * u16::from(a) / 255) as u8;
    Color32::from_rgb_additive(part(r), part(g), part(b)) + Color32::from_black_alpha(a)
}

/// A colour with its opacity multiplied in already.
pub fn covered([r, g, b, a]: chart::Color) -> Color32 {
    Color32::from_rgb_additive(r, g, b) + Color32::from_black_alpha(a)
}
