//! Clouds of points: circles while they are few, else left to a density picture.

use crate::chart::layout::Draft;
use crate::chart::palette::faded;
use crate::chart::picture::{Area, At, Cloud, Shape};
use crate::chart::scale::Map;
use crate::chart::{Ink, Points};

pub(in crate::chart) fn draw(draft: &mut Draft, points: &Points, plot: &Area, x: &Map, y: &Map, most: usize) {
    let n = points.x.len().min(points.y.len());
    if n > most {
        draft.picture.cloud = Some(Cloud { before: draft.picture.shapes.len(), area: *plot });
        return;
    }
    let at = |i: usize| -> At { [x.place(points.x[i]), y.place(points.y[i])] };
    let dots: Vec<At> = (0..n).map(at).collect();
    let selected = |i: usize| points.selected.as_ref().is_none_or(|s| s.get(i).copied().unwrap_or(false));
    let radius = radius(n);
    let faint = faded(draft.palette.color(Ink::Faint), 0.45);
    let inks: Vec<_> = points.inks.iter().map(|ink| faded(draft.palette.color(*ink), 0.8)).collect();
    let accent = faded(draft.palette.accent, 0.8);
    // What is selected lies on top.
    for on_top in [false, true] {
        for (i, center) in dots.iter().enumerate().filter(|(i, _)| selected(*i) == on_top) {
            if !plot.contains(*center) {
                continue;
            }
            let group = points.group.get(i).copied().unwrap_or(0) as usize;
            let fill = if on_top { inks.get(group).copied().unwrap_or(accent) } else { faint };
            draft.push(Shape::Circle { center: *center, radius, fill: Some(fill), pen: None });
        }
    }
    draft.picture.dots = dots;
}

/// Smaller where there are many.
pub(in crate::chart) fn radius(n: usize) -> f32 {
    match n {
        0..300 => 3.2,
        300..2_000 => 2.5,
        2_000..8_000 => 2.0,
        _ => 1.6,
    }
}
