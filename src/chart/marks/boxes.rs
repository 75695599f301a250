//! Box plots after Tukey.

use crate::chart::BoxPlot;
use crate::chart::layout::Draft;
use crate::chart::palette::{faded, mixed};
use crate::chart::picture::{Area, Outline, Pen, Place, Shape};
use crate::chart::scale::Map;

/// Radius of a value beyond the whiskers.
const DOT: f32 = 1.8;

pub(in crate::chart) fn draw(draft: &mut Draft, boxes: &[BoxPlot], plot: &Area, x: &Map, y: &Map) {
    let ground = draft.palette.ground;
    for (i, b) in boxes.iter().enumerate() {
        let (left, right) = (x.place(b.at), x.place(b.at + 1.0));
        let middle = ((left + right) / 2.0).floor() + 0.5;
        if middle < plot.left || middle > plot.right || b.quartiles.iter().any(|q| !q.is_finite()) {
            continue;
        }
        let half = ((right - left) * 0.3).clamp(1.0, 26.0).floor();
        let at = |value: f64| y.place(value).clamp(plot.top, plot.bottom);
        let color = draft.palette.color(b.ink);
        let pen = Pen::new(1.25, color);
        let faint = faded(color, 0.45);
        // Dots stay whole at the ends, and away where there is no room for one.
        let (top, bottom) = (plot.top + DOT, plot.bottom - DOT);
        let dots = plot.height() > 6.0 * DOT && plot.width() > 6.0 * DOT;
        for value in b.outliers.iter().filter(|v| dots && v.is_finite()) {
            let center = [middle, at(*value).clamp(top, bottom)];
            draft.push(Shape::Circle { center, radius: DOT, fill: Some(faint), pen: None });
        }
        let [q1, median, q3] = b.quartiles.map(at);
        for (whisker, end) in [(b.whiskers.0, q1), (b.whiskers.1, q3)] {
            let whisker = at(whisker);
            draft.line([middle, whisker], [middle, end], pen);
            draft.line([middle - half * 0.5, whisker], [middle + half * 0.5, whisker], pen);
        }
        let area = Area::new(middle - half, q3.min(q1), middle + half, q1.max(q3).max(q3.min(q1) + 1.0));
        let fill = Some(mixed(ground, color, 0.28));
        draft.push(Shape::Rect { area, radius: 2.0, fill, pen: Some(pen) });
        draft.line([area.left, median], [area.right, median], Pen::new(2.0, color));
        if dots && b.mean.is_finite() && (y.range().0..=y.range().1).contains(&b.mean) {
            let text = draft.palette.text;
            let pen = Some(Pen::new(1.25, text));
            draft.push(Shape::Circle { center: [middle, at(b.mean)], radius: 2.5, fill: Some(ground), pen });
        }
        let hit = Area::new(left.max(plot.left), plot.top, right.min(plot.right), plot.bottom);
        draft.picture.places.push(Place { mark: i, hit, outline: Outline::Rect(area) });
    }
}
