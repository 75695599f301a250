//! What is drawn below and above the marks, in the values of the axes.

use super::layout::Draft;
use super::palette::{faded, mixed};
use super::picture::{Anchor, Area, At, Color, Pen, Shape};
use super::scale::Map;
use super::{Ink, text};

/// Something to look at that is not a mark.
#[derive(Debug, Clone, PartialEq)]
pub enum Over {
    /// A line through points; `width` in points of the screen, `opacity` 0–1.
    Line { points: Vec<[f64; 2]>, ink: Ink, width: f32, opacity: f32, dashed: bool },
    /// What lies between two lines with the same number of points.
    Band { upper: Vec<[f64; 2]>, lower: Vec<[f64; 2]>, ink: Ink, opacity: f32 },
    /// An arrow with a label at its tip, kept clear of the others; the label may be empty.
    Arrow { from: [f64; 2], to: [f64; 2], ink: Ink, label: String },
    /// A ringed dot, such as a centroid, with a label in it or, where that has no room, beside it; may be empty; `radius` in points of the screen.
    Dot { at: [f64; 2], ink: Ink, radius: f32, label: String },
    /// A measure in the lower left corner: how long `length` is, for pictures whose axes mean nothing.
    Measure { length: f64, label: String },
    /// What the ends of the axes mean, within the plot; each may be empty.
    Ends { left: String, right: String, top: String, bottom: String },
    /// Words at a place on a thin veil, moved by `shift` points.
    Words { at: [f64; 2], shift: [f32; 2], text: String, ink: Option<Ink>, anchor: Anchor },
}

const HEAD: f32 = 8.0;

/// Draws `overs`. Labels are placed last, the first ones first, each where it covers nothing that was there before.
pub(super) fn draw(draft: &mut Draft, overs: &[Over], plot: &Area, x: &Map, y: &Map) {
    let place = |p: &[f64; 2]| -> At { [x.place(p[0]), y.place(p[1])] };
    let mut labels = Labels::new(*plot);
    let mut wanted: Vec<(At, f32, &str, Color)> = Vec::new();
    for over in overs {
        match over {
            Over::Line { points, ink, width, opacity, dashed } => {
                let color = faded(draft.palette.color(*ink), *opacity);
                let pen = if *dashed { Pen::dashed(*width, color) } else { Pen::new(*width, color) };
                let points: Vec<At> = points.iter().map(place).collect();
                for points in clipped(&points, plot) {
                    draft.push(Shape::Line { points, pen });
                }
            }
            Over::Band { upper, lower, ink, opacity } => {
                let fill = faded(draft.palette.color(*ink), *opacity);
                let [upper, lower] = [upper, lower].map(|side| side.iter().map(place).collect());
                draft.push(Shape::Strip { upper, lower, fill });
            }
            Over::Arrow { from, to, ink, label } => {
                let color = draft.palette.color(*ink);
                let (a, b) = (place(from), place(to));
                arrow(draft, a, b, color);
                labels.along(a, b);
                wanted.push((b, HEAD * 0.6, label, draft.palette.text));
            }
            Over::Dot { at, ink, radius, label } => {
                let (center, fill) = (place(at), draft.palette.color(*ink));
                let halo = Pen::new(2.0, draft.palette.ground);
                draft.push(Shape::Circle { center, radius: radius + 2.0, fill: None, pen: Some(halo) });
                let pen = Some(Pen::new(2.0, draft.palette.text));
                draft.push(Shape::Circle { center, radius: *radius, fill: Some(fill), pen });
                labels.taken(Area::new(center[0], center[1], center[0], center[1]).shrunk(-*radius));
                let size = draft.palette.small_size;
                if text::width(label, size, true) < 1.5 * radius && size < 1.5 * radius {
                    draft.text(center, label.clone(), size, true, draft.palette.text_on(fill), Anchor::Middle);
                } else {
                    wanted.push((center, radius + 3.0, label, draft.palette.text));
                }
            }
            Over::Ends { left, right, top, bottom } => {
                let size = draft.palette.small_size;
                let (row, inset) = (size * 1.45, 5.0);
                let places = [
                    (left, [plot.left + inset, plot.bottom - row / 2.0], Anchor::Start),
                    (right, [plot.right - inset, plot.bottom - row / 2.0], Anchor::End),
                    (top, [plot.left + inset, plot.top + row / 2.0], Anchor::Start),
                    (bottom, [plot.left + inset, plot.bottom - row * 1.6], Anchor::Start),
                ];
                for (words, at, anchor) in places.into_iter().filter(|p| !p.0.is_empty()) {
                    let words = text::elided(words, size, false, plot.width() * 0.48);
                    let wide = text::width(&words, size, false);
                    let from = if anchor == Anchor::End { at[0] - wide } else { at[0] };
                    let area = Area::new(from - 2.0, at[1] - row / 2.0, from + wide + 2.0, at[1] + row / 2.0);
                    let ground = faded(draft.palette.ground, 0.72);
                    draft.fill(area, 3.0, ground);
                    draft.text(at, words, size, false, draft.palette.muted, anchor);
                    labels.taken(area);
                }
            }
            Over::Measure { length, label } => {
                let long = x.place(x.range().0 + length) - x.place(x.range().0);
                let (left, y) = (plot.left + 2.0, plot.bottom - 3.0);
                let pen = Pen::new(1.5, draft.palette.muted);
                let (end, tick) = (left + long, 4.0);
                let points = vec![[left, y - tick], [left, y], [end, y], [end, y - tick]];
                draft.push(Shape::Line { points, pen });
                let size = draft.palette.small_size;
                draft.text([left, y - 13.0], label.clone(), size, false, draft.palette.muted, Anchor::Start);
                labels.taken(Area::new(left, y - 20.0, end, y));
            }
            Over::Words { at, shift, text, ink, anchor } => {
                let color = ink.map_or(draft.palette.muted, |ink| draft.palette.color(ink));
                let [left, top] = place(at);
                let size = draft.palette.small_size;
                let wide = text::width(text, size, false);
                let from = match anchor {
                    Anchor::Start => left + shift[0],
                    Anchor::Middle => left + shift[0] - wide / 2.0,
                    Anchor::End => left + shift[0] - wide,
                };
                let (middle, half) = (top + shift[1], size * 0.6);
                let ground = faded(draft.palette.ground, 0.7);
                draft.fill(Area::new(from - 1.0, middle - half, from + wide + 1.0, middle + half), 2.0, ground);
                draft.text([left + shift[0], top + shift[1]], text.clone(), size, false, color, *anchor);
            }
        }
    }
    let size = draft.palette.note_size;
    for (at, gap, label, color) in wanted {
        let label = text::elided(label, size, false, plot.width() * 0.4);
        labels.beside(draft, at, gap, label, size, color);
    }
}

/// The parts of a line that lie within the plot (Liang & Barsky 1984, segment by segment).
fn clipped(points: &[At], plot: &Area) -> Vec<Vec<At>> {
    let mut runs: Vec<Vec<At>> = Vec::new();
    for pair in points.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
        let (mut from, mut to) = (0.0_f32, 1.0_f32);
        let sides =
            [(-dx, a[0] - plot.left), (dx, plot.right - a[0]), (-dy, a[1] - plot.top), (dy, plot.bottom - a[1])];
        for (slope, room) in sides {
            if slope < 0.0 {
                from = from.max(room / slope);
            } else if slope > 0.0 {
                to = to.min(room / slope);
            } else if room < 0.0 {
                to = -1.0;
            }
        }
        let inside = from <= to && dx.is_finite() && dy.is_finite();
        if !inside {
            continue;
        }
        let at = |share: f32| [a[0] + dx * share, a[1] + dy * share];
        let (start, end) = (if from > 0.0 { at(from) } else { a }, if to < 1.0 { at(to) } else { b });
        match runs.last_mut().filter(|run| run.last() == Some(&start)) {
            Some(run) => run.push(end),
            None => runs.push(vec![start, end]),
        }
    }
    runs
}

fn arrow(draft: &mut Draft, from: At, to: At, color: Color) {
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx.hypot(dy);
    if length < 1.0 {
        return;
    }
    let (ux, uy) = (dx / length, dy / length);
    let head = HEAD.min(length);
    // A seam of the ground's colour, so that arrows stand out from the points.
    let seam = Pen::new(4.0, faded(mixed(draft.palette.ground, draft.palette.card, 0.5), 0.7));
    draft.line(from, to, seam);
    draft.line(from, to, Pen::new(2.0, color));
    let wing =
        |side: f32| -> At { [to[0] - ux * head - uy * side * head * 0.5, to[1] - uy * head + ux * side * head * 0.5] };
    draft.push(Shape::Line { points: vec![wing(1.0), to, wing(-1.0)], pen: Pen::new(2.0, color) });
}

/// Places for labels that cover neither each other nor what else is there.
pub(super) struct Labels {
    plot: Area,
    taken: Vec<Area>,
}

impl Labels {
    pub fn new(plot: Area) -> Labels {
        Labels { plot, taken: Vec::new() }
    }

    /// A place where no label may stand.
    pub fn taken(&mut self, area: Area) {
        self.taken.push(area);
    }

    /// A line that no label should cross.
    fn along(&mut self, from: At, to: At) {
        let parts = 12;
        for i in 0..=parts {
            let share = i as f32 / parts as f32;
            let at = [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
            self.taken.push(Area::new(at[0] - 2.0, at[1] - 2.0, at[0] + 2.0, at[1] + 2.0));
        }
    }

    /// Writes `label` beside `at`, at least `gap` points away, on the side where it covers least.
    pub fn beside(&mut self, draft: &mut Draft, at: At, gap: f32, label: String, size: f32, color: Color) {
        if label.is_empty() {
            return;
        }
        let (wide, high) = (text::width(&label, size, false), size * 1.25);
        let candidate = |angle: f32, away: f32| {
            let (sin, cos) = angle.sin_cos();
            // The label's nearer side stands `away` from the place.
            let middle = at[0] + cos * (away + wide / 2.0);
            // What stands above or below may give way to the sides.
            let within = middle.min(self.plot.right - wide / 2.0).max(self.plot.left + wide / 2.0);
            let middle = if sin.abs() > 0.9 { within } else { middle };
            let center = [middle, at[1] + sin * (away + high / 2.0)];
            Area::new(center[0] - wide / 2.0, center[1] - high / 2.0, center[0] + wide / 2.0, center[1] + high / 2.0)
        };
        let cost = |area: &Area| {
            let covered: f32 = self.taken.iter().map(|t| common(t, area)).sum();
            let inside = common(area, &self.plot);
            covered + 3.0 * (wide * high - inside)
        };
        let turns = [0.0, 0.5, -0.5, 1.0, 0.25, -0.25, 0.75, -0.75, 0.12, -0.12, 0.88, -0.88];
        let mut best: Option<(f32, Area)> = None;
        for away in [0.0, 1.0, 2.4, 3.8, 5.2].map(|rows| gap + high * rows) {
            for turn in turns {
                let area = candidate(turn * std::f32::consts::PI, away);
                let cost = cost(&area);
                if best.as_ref().is_none_or(|(least, _)| cost < *least - 0.5) {
                    best = Some((cost, area));
                }
            }
            if best.as_ref().is_some_and(|(cost, _)| *cost < 0.5) {
                break;
            }
        }
        let Some((_, area)) = best else { return };
        let ground = faded(draft.palette.ground, 0.72);
        draft.fill(area.shrunk(-1.0), 3.0, ground);
        draft.text(area.center(), label, size, false, color, Anchor::Middle);
        self.taken.push(area.shrunk(-2.0));
    }
}

/// The area that two rectangles share.
fn common(a: &Area, b: &Area) -> f32 {
    let wide = a.right.min(b.right) - a.left.max(b.left);
    let high = a.bottom.min(b.bottom) - a.top.max(b.top);
    wide.max(0.0) * high.max(0.0)
}

#[cfg(test)]
mod tests {
    use crate::chart::{Anchor, Axis, Chart, Disc, Marks, Numbers, Options, Palette, Scale, Shape, layout};

    use super::*;

    fn linear(from: f64, to: f64) -> Axis {
        Axis { label: String::new(), scale: Scale::Linear { from, to, format: Numbers::Plain } }
    }

    #[test]
    fn labels_of_arrows_in_one_direction_do_not_cover_each_other() {
        let arrow = |i: usize| Over::Arrow {
            from: [0.0, 0.0],
            to: [1.0, 0.02 * i as f64],
            ink: Ink::Accent,
            label: format!("A long name {i}"),
        };
        let discs = Marks::Discs(vec![Disc::default()]);
        let over = (0..8).map(arrow).collect();
        let chart = Chart { x: linear(-2.0, 2.0), y: linear(-2.0, 2.0), marks: discs, over, ..Chart::default() };
        let picture = layout(&chart, [600.0, 500.0], Palette::of(true), &Options::BODY);
        let boxes: Vec<Area> = picture
            .shapes
            .iter()
            .filter_map(|s| match s {
                Shape::Text(w) if w.text.starts_with("A long") && w.anchor == Anchor::Middle => {
                    let half = text::width(&w.text, w.size, false) / 2.0;
                    Some(Area::new(w.at[0] - half, w.at[1] - w.size * 0.7, w.at[0] + half, w.at[1]))
                }
                _ => None,
            })
            .collect();
        assert_eq!(boxes.len(), 8);
        for (i, a) in boxes.iter().enumerate() {
            assert!(boxes[..i].iter().all(|b| common(a, b) < 1.0), "{a:?} {boxes:?}");
        }
    }

    #[test]
    fn lines_end_where_the_plot_does() {
        let plot = Area::new(0.0, 0.0, 10.0, 10.0);
        assert_eq!(clipped(&[[-5.0, 5.0], [5.0, 5.0], [5.0, 25.0]], &plot), [[[0.0, 5.0], [5.0, 5.0], [5.0, 10.0]]]);
        assert_eq!(clipped(&[[2.0, 2.0], [8.0, 12.0], [2.0, 12.0]], &plot).len(), 1);
        assert!(clipped(&[[-5.0, -5.0], [-1.0, 30.0]], &plot).is_empty());
        assert!(clipped(&[[f32::NAN, 0.0], [1.0, 1.0]], &plot).is_empty());
    }

    #[test]
    fn one_unit_is_equally_long_on_both_axes() {
        let discs = Marks::Discs(vec![Disc { at: [0.5, 0.5], value: 3.0, ..Disc::default() }]);
        let chart = Chart { x: linear(0.0, 1.0), y: linear(0.0, 1.0), marks: discs, equal: true, ..Chart::default() };
        for size in [[700.0, 300.0], [300.0, 700.0]] {
            let picture = layout(&chart, size, Palette::of(false), &Options::BODY);
            let (x, y) = (picture.x.unwrap(), picture.y.unwrap());
            let (across, up) = (x.place(1.0) - x.place(0.0), y.place(0.0) - y.place(1.0));
            assert!((across - up).abs() < 0.01, "{across} {up}");
            let hit = picture.hit([x.place(0.5), y.place(0.5)]).expect("the disc");
            assert_eq!(hit.mark, 0);
        }
    }
}
