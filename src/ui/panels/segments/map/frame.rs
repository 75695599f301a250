//! The box around a turned cloud: grids on the sides that face away, marks and names along its outline.

use egui::{FontId, Painter, Pos2, Stroke, Vec2, vec2};

use super::axes::{AxisText, ticks};
use crate::reduce::raster::{Cloud, Look};
use crate::ui::theme::Theme;

/// Draws what lies behind the points. `origin` is the top left of the picture.
pub fn behind(painter: &Painter, look: &Look, texts: &[AxisText], cloud: &Cloud, origin: Pos2, t: &Theme) {
    let grid = Stroke::new(t.shape.hairline, t.plot.grid);
    let border = Stroke::new(t.shape.hairline, t.bg.line);
    let line = |from: [f32; 3], to: [f32; 3], stroke: Stroke| {
        painter.line_segment([at(look, from, origin), at(look, to, origin)], stroke);
    };
    for axis in 0..3 {
        for side in [0.0, 1.0] {
            if !faces_away(look, axis, side) {
                continue;
            }
            let (b, c) = ((axis + 1) % 3, (axis + 2) % 3);
            let corner = |vb: f32, vc: f32| {
                let mut place = [side; 3];
                (place[b], place[c]) = (vb, vc);
                place
            };
            for (i, j) in [(b, c), (c, b)] {
                let marks = texts.get(i).map(|text| ticks(text, cloud.low[i], cloud.high[i])).unwrap_or_default();
                // Axes without numbers have no grid either.
                let marks = if texts.get(i).is_some_and(|x| x.short.is_empty()) { Vec::new() } else { marks };
                for mark in marks {
                    let v = cloud.unit(i, mark) as f32;
                    let (from, to) = if (i, j) == (b, c) { (corner(v, 0.0), corner(v, 1.0)) } else { (corner(0.0, v), corner(1.0, v)) };
                    line(from, to, grid);
                }
            }
            for (from, to) in [((0.0, 0.0), (1.0, 0.0)), ((1.0, 0.0), (1.0, 1.0)), ((1.0, 1.0), (0.0, 1.0)), ((0.0, 1.0), (0.0, 0.0))] {
                line(corner(from.0, from.1), corner(to.0, to.1), border);
            }
        }
    }
}

/// Draws marks and names of the axes, over the points.
pub fn labels(painter: &Painter, look: &Look, texts: &[AxisText], cloud: &Cloud, origin: Pos2, t: &Theme) {
    let small = FontId::proportional(t.font.tiny);
    let name = FontId::proportional(t.font.small);
    let middle = at(look, [0.5; 3], origin);
    for (axis, text) in texts.iter().enumerate().filter(|(_, x)| !x.short.is_empty()) {
        let (start, end) = edge(look, axis);
        let (from, to) = (at(look, start, origin), at(look, end, origin));
        let along = (to - from).normalized();
        // Away from the box, at right angles to the edge.
        let mut out = vec2(-along.y, along.x);
        if out.dot(from + (to - from) / 2.0 - middle) < 0.0 {
            out = -out;
        }
        // An edge seen end on has no room for words.
        if (to - from).length() < 3.0 * t.space.xl {
            continue;
        }
        let mut widest = 0.0_f32;
        for mark in ticks(text, cloud.low[axis], cloud.high[axis]) {
            let v = cloud.unit(axis, mark) as f32;
            let mut place = start;
            place[axis] = v;
            let on = at(look, place, origin);
            painter.line_segment([on, on + out * t.space.xs], Stroke::new(t.shape.hairline, t.text.faint));
            let galley = painter.layout_no_wrap((text.write)(mark), small.clone(), t.text.faint);
            let size = galley.size();
            widest = widest.max(reach(size, out));
            let center = on + out * (t.space.s + reach(size, out));
            painter.galley(center - size / 2.0, galley, t.text.faint);
        }
        let galley = painter.layout_no_wrap(text.short.clone(), name.clone(), t.text.muted);
        let size = galley.size();
        let center = from + (to - from) / 2.0 + out * (t.space.l + 2.0 * widest + reach(size, out));
        painter.galley(center - size / 2.0, galley, t.text.muted);
    }
}

/// How far a text reaches from its middle in a direction.
fn reach(size: Vec2, direction: Vec2) -> f32 {
    (size.x * direction.x.abs() + size.y * direction.y.abs()) / 2.0
}

fn at(look: &Look, place: [f32; 3], origin: Pos2) -> Pos2 {
    let [x, y] = look.see(place).0;
    origin + vec2(x, y)
}

/// Whether a side of the box turns its back to the eye, so that the points are seen before it.
fn faces_away(look: &Look, axis: usize, side: f32) -> bool {
    let mut place = [0.5; 3];
    place[axis] = side;
    look.see(place).1 < 0.0
}

/// The edge along an axis where its numbers stand: on the outline of the box, at the bottom; at the left for the vertical
/// axis.
fn edge(look: &Look, axis: usize) -> ([f32; 3], [f32; 3]) {
    let (b, c) = ((axis + 1) % 3, (axis + 2) % 3);
    let mut best: Option<(f32, [f32; 3], [f32; 3])> = None;
    for (vb, vc) in [(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)] {
        let outline = faces_away(look, b, vb) != faces_away(look, c, vc);
        let mut start = [0.0; 3];
        (start[b], start[c]) = (vb, vc);
        let mut end = start;
        end[axis] = 1.0;
        let (from, to) = (look.see(start).0, look.see(end).0);
        let fit = if axis == 1 { -(from[0] + to[0]) } else { from[1] + to[1] };
        // Off the outline only where the box is seen straight on.
        let fit = if outline { fit } else { fit - 1e6 };
        if best.is_none_or(|(known, ..)| fit > known) {
            best = Some((fit, start, end));
        }
    }
    best.map_or(([0.0; 3], [1.0; 3]), |(_, start, end)| (start, end))
}
