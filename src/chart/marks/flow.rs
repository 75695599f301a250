//! A Sankey diagram with two columns: names on both sides, and bands as thick as their values between them.

use crate::chart::layout::Draft;
use crate::chart::palette::faded;
use crate::chart::picture::{Anchor, Area, At, Outline, Place, Shape};
use crate::chart::{Band, Flow, Ink, text};

/// Width of the bars at both ends, and points of a band's outline.
const BAR: f32 = 8.0;
const PARTS: usize = 24;

pub(in crate::chart) fn draw(draft: &mut Draft, flow: &Flow, plot: &Area) {
    let good = |b: &&Band| b.value > 0.0 && b.value.is_finite() && b.from < flow.left.len() && b.to < flow.right.len();
    let total: f64 = flow.bands.iter().filter(good).map(|b| b.value).sum();
    if total <= 0.0 {
        return;
    }
    let sums = |n: usize, end: fn(&Band) -> usize| {
        let mut sums = vec![0.0; n];
        flow.bands.iter().filter(good).for_each(|b| sums[end(b)] += b.value);
        sums
    };
    let (left, right) = (sums(flow.left.len(), |b| b.from), sums(flow.right.len(), |b| b.to));
    let used = |sums: &[f64]| sums.iter().filter(|s| **s > 0.0).count();
    let rows = used(&left).max(used(&right)).max(1);
    // Room for a label at each bar where there is enough.
    let gap = (plot.height() * 0.35 / rows as f32).min(10.0);
    let scale = (plot.height() - gap * (rows - 1) as f32).max(1.0) / total as f32;
    let size = draft.palette.small_size;
    let widest = |names: &[(String, Ink)]| {
        let widest = names.iter().map(|n| text::width(&n.0, size, false)).fold(0.0, f32::max);
        widest.min(plot.width() * 0.28)
    };
    let (before, after) = (widest(&flow.left), widest(&flow.right));
    let inner = Area::new(plot.left + before + 6.0, plot.top, plot.right - after - 6.0, plot.bottom);
    let tops = |sums: &[f64]| {
        let high = sums.iter().sum::<f64>() as f32 * scale + gap * used(sums).saturating_sub(1) as f32;
        let mut y = inner.top + (inner.height() - high).max(0.0) / 2.0;
        let top = |s: &f64| {
            let at = y;
            y += if *s > 0.0 { *s as f32 * scale + gap } else { 0.0 };
            at
        };
        sums.iter().map(top).collect::<Vec<f32>>()
    };
    let (left_tops, right_tops) = (tops(&left), tops(&right));
    bands(draft, flow, &inner, scale, [left_tops.clone(), right_tops.clone()]);
    let sides = [
        (&flow.left, &left, left_tops, inner.left, Anchor::End),
        (&flow.right, &right, right_tops, inner.right - BAR, Anchor::Start),
    ];
    for (names, sums, tops, x, anchor) in sides {
        let mut free = f32::NEG_INFINITY;
        for (i, (name, ink)) in names.iter().enumerate().filter(|(i, _)| sums[*i] > 0.0) {
            let high = (sums[i] as f32 * scale).max(1.0);
            let color = draft.palette.color(*ink);
            draft.fill(Area::new(x, tops[i], x + BAR, tops[i] + high), 1.0, color);
            let y = tops[i] + high / 2.0;
            // Names of thin bars in a row would lie on each other: the first is named.
            if y - size * 0.6 < free {
                continue;
            }
            free = y + size * 0.6;
            let (at, room) = if anchor == Anchor::End { (x - 6.0, before) } else { (x + BAR + 6.0, after) };
            let words = text::elided(name, size, false, room + 0.5);
            let y = y.max(plot.top + size * 0.6).min(plot.bottom - size * 0.6);
            draft.text([at, y], words, size, false, draft.palette.text, anchor);
        }
    }
}

/// The bands, in their order at both ends so that they cross as little as they can.
fn bands(draft: &mut Draft, flow: &Flow, inner: &Area, scale: f32, tops: [Vec<f32>; 2]) {
    let count = flow.bands.len();
    let mut places: Vec<[f32; 2]> = vec![[0.0; 2]; count];
    for (side, mut next) in tops.into_iter().enumerate() {
        let mut order: Vec<usize> = (0..count).collect();
        order.sort_by_key(|&i| {
            let b = &flow.bands[i];
            if side == 0 { (b.from, b.to) } else { (b.to, b.from) }
        });
        for i in order {
            let b = &flow.bands[i];
            let Some(top) = next.get_mut(if side == 0 { b.from } else { b.to }) else { continue };
            places[i][side] = *top;
            *top += if b.value > 0.0 { b.value as f32 * scale } else { 0.0 };
        }
    }
    let any_ring = flow.bands.iter().any(|b| b.ring);
    let (from, to) = (inner.left + BAR, inner.right - BAR);
    for (i, band) in flow.bands.iter().enumerate() {
        let Some((_, ink)) = flow.left.get(band.from).filter(|_| band.to < flow.right.len()) else { continue };
        if !(band.value > 0.0 && band.value.is_finite()) {
            continue;
        }
        let high = (band.value as f32 * scale).max(0.5);
        let upper = curve(from, places[i][0], to, places[i][1]);
        let lower: Vec<At> = upper.iter().map(|p| [p[0], p[1] + high]).collect();
        let opacity = match (band.ring, any_ring) {
            (true, _) => 0.75,
            (false, true) => 0.18,
            (false, false) => 0.38,
        };
        let fill = faded(draft.palette.color(*ink), opacity);
        draft.push(Shape::Strip { upper: upper.clone(), lower: lower.clone(), fill });
        let top = places[i][0].min(places[i][1]);
        let hit = Area::new(from, top, to, places[i][0].max(places[i][1]) + high);
        let outline = Outline::Polygon(upper.into_iter().chain(lower.into_iter().rev()).collect());
        draft.picture.places.push(Place { mark: i, hit, outline });
    }
}

/// From one height to another, level at both ends.
fn curve(x0: f32, y0: f32, x1: f32, y1: f32) -> Vec<At> {
    let at = |i: usize| {
        let t = i as f32 / PARTS as f32;
        // A cubic Bézier curve with its handles half-way across.
        let (a, b, c, d) = ((1.0 - t).powi(3), 3.0 * t * (1.0 - t).powi(2), 3.0 * t * t * (1.0 - t), t.powi(3));
        let middle = (x0 + x1) / 2.0;
        [a * x0 + (b + c) * middle + d * x1, (a + b) * y0 + (c + d) * y1]
    };
    (0..=PARTS).map(at).collect()
}
