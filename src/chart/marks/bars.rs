//! Bars that stand on the horizontal axis, and bars that grow from names on the left.

use crate::chart::Bar;
use crate::chart::layout::Draft;
use crate::chart::picture::{Area, Outline, Place};
use crate::chart::scale::Map;

/// Bars upright.
pub(in crate::chart) fn upright(draft: &mut Draft, bars: &[Bar], plot: &Area, x: &Map, y: &Map) {
    let base = base(y).clamp(plot.top, plot.bottom);
    for (i, bar) in bars.iter().enumerate() {
        let Some((left, right)) = across(bar, x, plot.left, plot.right) else { continue };
        let end = |value: f64| long_enough(base, y.place(value).clamp(plot.top, plot.bottom), value, y);
        let area = |value: f64| {
            let end = end(value);
            Area::new(left, end.min(base), right, end.max(base))
        };
        paint(draft, bar, area);
        // The whole column answers, so that low bars can be hit too; of stacked ones, which cover each other in their
        // order, each answers for what it covers.
        let covers = i > 0 && bars[i - 1].from == bar.from && bars[i - 1].to == bar.to;
        let top = if covers { area(bar.value).top } else { plot.top };
        let hit = Area::new(left, top, right.max(left + 1.0), plot.bottom);
        let outline = Outline::Rect(area(bar.value));
        draft.picture.places.push(Place { mark: i, hit, outline });
    }
}

/// Bars to the right of names.
pub(in crate::chart) fn rows(draft: &mut Draft, bars: &[Bar], plot: &Area, x: &Map, y: &Map) {
    let base = base(x).clamp(plot.left, plot.right);
    for (i, bar) in bars.iter().enumerate() {
        let Some((top, bottom)) = across(bar, y, plot.top, plot.bottom) else { continue };
        let end = |value: f64| long_enough(base, x.place(value).clamp(plot.left, plot.right), value, x);
        let area = |value: f64| {
            let end = end(value);
            Area::new(end.min(base), top, end.max(base), bottom)
        };
        paint(draft, bar, area);
        let hit = Area::new(plot.left, top, plot.right, bottom.max(top + 1.0));
        let outline = Outline::Rect(area(bar.value));
        draft.picture.places.push(Place { mark: i, hit, outline });
    }
}

/// Where bars begin: at zero where the axis has one, else at its lower end.
fn base(map: &Map) -> f32 {
    let (from, to) = map.range();
    map.place(if map.is_log() { from } else { 0f64.clamp(from, to) })
}

/// A bar that stands for something is seen, however small that is.
fn long_enough(base: f32, end: f32, value: f64, map: &Map) -> f32 {
    let empty = value == 0.0 || !value.is_finite() || (map.is_log() && value < 0.0);
    if empty {
        base
    } else if (end - base).abs() < 1.0 {
        let up = map.place(map.range().1) < map.place(map.range().0);
        let sign = if (value > 0.0) == up { -1.0 } else { 1.0 };
        base + sign
    } else {
        end
    }
}

/// The sides of a bar: whole points with a gap to the next where there is room for it.
fn across(bar: &Bar, map: &Map, low: f32, high: f32) -> Option<(f32, f32)> {
    let (a, b) = (map.place(bar.from), map.place(bar.to));
    let (a, b) = (a.min(b).clamp(low, high), a.max(b).clamp(low, high));
    if b <= a || a.is_nan() || b.is_nan() {
        return None;
    }
    let wide = b - a;
    Some(if wide < 3.0 {
        (a, b)
    } else if wide < 24.0 {
        (a.round(), (b.round() - 1.0).max(a.round() + 1.0))
    } else {
        // Wide bars are categories: more air.
        let gap = (wide * 0.12).min(12.0).round();
        ((a + gap / 2.0).round(), (b - gap / 2.0).round())
    })
}

fn paint(draft: &mut Draft, bar: &Bar, area: impl Fn(f64) -> Area) {
    let color = draft.palette.color(bar.ink);
    let visible = |a: &Area| a.width() > 0.0 && a.height() > 0.0;
    let whole = area(bar.value);
    if !visible(&whole) {
        return;
    }
    match bar.selected {
        None => draft.fill(whole, 0.0, color),
        Some(part) => {
            draft.fill(whole, 0.0, draft.palette.weak(color));
            let strong = area(part);
            if part != 0.0 && visible(&strong) {
                draft.fill(strong, 0.0, color);
            }
        }
    }
}
