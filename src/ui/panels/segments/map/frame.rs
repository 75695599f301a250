//! The box around a turned cloud: grids on the sides that face away, marks and names along its outline.

use egui::{Pos2, Stroke, Vec2, vec2};

use super::axes::Ruled;
use super::surface::Surface;
use crate::reduce::raster::{Cloud, Look};
use crate::ui::theme::Theme;

/// Draws what lies behind the points. `origin` is the top left of the picture.
pub fn behind(to: &mut impl Surface, look: &Look, axes: &[Ruled], cloud: &Cloud, origin: Pos2, t: &Theme) {
    let grid = Stroke::new(t.shape.hairline, t.plot.grid);
    let border = Stroke::new(t.shape.hairline, t.bg.line);
    let mut line = |from: [f32; 3], end: [f32; 3], stroke: Stroke| {
        to.line(vec![at(look, from, origin), at(look, end, origin)], stroke);
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
                for (mark, _) in axes.get(i).map_or(&[][..], |axis| &axis.marks) {
                    let v = cloud.unit(i, *mark) as f32;
                    let ends = match (i, j) == (b, c) {
                        true => [corner(v, 0.0), corner(v, 1.0)],
                        false => [corner(0.0, v), corner(1.0, v)],
                    };
                    line(ends[0], ends[1], grid);
                }
            }
            let around = [corner(0.0, 0.0), corner(1.0, 0.0), corner(1.0, 1.0), corner(0.0, 1.0)];
            for i in 0..4 {
                line(around[i], around[(i + 1) % 4], border);
            }
        }
    }
}

/// Draws marks and names of the axes, over the points.
pub fn labels(to: &mut impl Surface, look: &Look, axes: &[Ruled], cloud: &Cloud, origin: Pos2, t: &Theme) {
    let middle = at(look, [0.5; 3], origin);
    for (axis, text) in axes.iter().enumerate().filter(|(_, x)| !x.short.is_empty()) {
        let (start, end) = edge(look, axis);
        let (first, last) = (at(look, start, origin), at(look, end, origin));
        let along = (last - first).normalized();
        let middle_of_edge = first + (last - first) / 2.0;
        // Away from the box, at right angles to the edge.
        let mut out = vec2(-along.y, along.x);
        if out.dot(middle_of_edge - middle) < 0.0 {
            out = -out;
        }
        // An edge seen end on has no room for words.
        if (last - first).length() < 3.0 * t.space.xl {
            continue;
        }
        let mut widest = 0.0_f32;
        for (mark, words) in &text.marks {
            let mut place = start;
            place[axis] = cloud.unit(axis, *mark) as f32;
            let on = at(look, place, origin);
            to.line(vec![on, on + out * t.space.xs], Stroke::new(t.shape.hairline, t.text.faint));
            let reach = reach(to.measure(t.font.tiny, words), out);
            widest = widest.max(reach);
            to.text(on + out * (t.space.s + reach), t.font.tiny, false, t.text.faint, words);
        }
        let reach = reach(to.measure(t.font.small, &text.short), out);
        // The vertical axis has its name above its end: beside it, there is no room.
        let center = match axis {
            1 => {
                let top = if first.y < last.y { first } else { last };
                top - vec2(0.0, t.space.m)
            }
            _ => middle_of_edge + out * (t.space.l + 2.0 * widest + reach),
        };
        to.text(center, t.font.small, false, t.text.muted, &text.short);
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
