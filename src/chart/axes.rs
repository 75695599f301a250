//! The frame of a chart: where the marks go, which values are marked along the axes, and their labels.

use super::below::Below;
use super::layout::{Draft, GAP, Options};
use super::picture::{Anchor, Area, Pen};
use super::scale::{self, Map, Tick};
use super::{Axis, Chart, Marks, Scale, text};

/// Where everything goes.
pub(super) struct Frame {
    pub plot: Area,
    pub x: Map,
    pub y: Map,
    y_ticks: Vec<Tick>,
    /// Rows of labels of rules, and the top of the first.
    rule_rows: usize,
    rule_top: f32,
}

/// Places the axes, and draws grid and labels.
pub(super) fn draw(draft: &mut Draft, chart: &Chart, mut room: Area, options: &Options) -> Frame {
    let size = draft.palette.small_size;
    let row = size * 1.45;
    let own = (made_up(&chart.x, chart, true), made_up(&chart.y, chart, false));
    let (x_scale, y_scale) = (own.0.as_ref().unwrap_or(&chart.x.scale), own.1.as_ref().unwrap_or(&chart.y.scale));
    let shown =
        |own: &Option<Scale>, scale: &Scale| own.is_none() && !matches!(scale, Scale::None | Scale::Bare { .. });
    // Small pictures of a few lines' height have no room for words.
    let roomy = room.height() >= 5.0 * row && room.width() >= 8.0 * row;
    let words = options.words && roomy;

    if words && !chart.y.label.is_empty() {
        let label = text::elided(&chart.y.label, size, false, room.width());
        draft.text([room.left, room.top + row / 2.0], label, size, false, draft.palette.muted, Anchor::Start);
        room.top += row + 4.0;
    }
    if words && !chart.x.label.is_empty() {
        room.bottom -= row + 1.0;
    }
    let plan = Plan {
        chart,
        x_scale,
        y_scale,
        x_shown: shown(&own.0, x_scale) && roomy,
        y_shown: shown(&own.1, y_scale) && roomy,
        words,
        above: options.above,
        room,
        size,
    };
    let (frame, below) = plan.placed();

    if plan.y_shown {
        vertical(draft, chart, y_scale, &frame, room.left);
    }
    let plot = &frame.plot;
    let grid = matches!(chart.marks, Marks::Rows(_) | Marks::Points(_) | Marks::Discs(_));
    below.draw(draft, plot, grid, size);
    if on_base(chart) && roomy {
        let y = plot.bottom + 0.5;
        draft.line([plot.left, y], [plot.right, y], Pen::new(1.0, draft.palette.line));
    }
    if words && !chart.x.label.is_empty() {
        let label = text::elided(&chart.x.label, size, false, room.width());
        // Centred below the marks, but within the picture.
        let half = text::width(&label, size, false) / 2.0;
        let middle = plot.center()[0].min(room.right - half).max(room.left + half);
        let y = room.bottom + row / 2.0 + 1.0;
        draft.text([middle, y], label, size, false, draft.palette.muted, Anchor::Middle);
    }
    frame
}

/// Whether the marks stand on the horizontal axis.
fn on_base(chart: &Chart) -> bool {
    matches!(chart.marks, Marks::Bars(_) | Marks::Lines(_) | Marks::Boxes(_))
}

/// What decides where the axes go.
struct Plan<'a> {
    chart: &'a Chart,
    x_scale: &'a Scale,
    y_scale: &'a Scale,
    x_shown: bool,
    y_shown: bool,
    words: bool,
    above: f32,
    /// Without the labels of the axes.
    room: Area,
    size: f32,
}

impl Plan<'_> {
    /// The room that labels take decides how many there are, and these how much room they take: where the marks that come
    /// out are wider than was thought, all is placed once more.
    fn placed(&self) -> (Frame, Below) {
        let mut wide = match self.y_scale {
            _ if !self.y_shown => None,
            Scale::Names(names) => {
                let widest = names.iter().map(|n| text::width(n, self.size, false)).fold(0.0, f32::max);
                Some(widest.min(self.room.width() * 0.4).min(220.0))
            }
            _ => Some(0.0),
        };
        for _ in 0..2 {
            let (frame, below) = self.with(wide);
            let found = widest(&frame.y_ticks, self.size);
            match wide {
                Some(known) if found > known => wide = Some(found),
                _ => return (frame, below),
            }
        }
        self.with(wide)
    }

    /// With labels of this width on the left.
    fn with(&self, wide: Option<f32>) -> (Frame, Below) {
        let Plan { chart, x_scale, y_scale, room, size, .. } = *self;
        let inset = if matches!(chart.marks, Marks::Points(_)) { 6.0 } else { 0.0 };
        let mut left = room.left + wide.map_or(0.0, |w| w + GAP);
        let right_gap = if self.x_shown && !matches!(x_scale, Scale::Names(_)) { 6.0 } else { 0.0 };
        let right = (room.right - right_gap).max(left + 1.0);
        let x_most = ((right - left) / 56.0).clamp(1.0, 16.0) as usize;
        let across = |left: f32| {
            let map = Map::new(x_scale, left + inset, right - inset);
            if matches!(chart.marks, Marks::Rows(_)) { scale::rounded_up(&map, x_scale, x_most) } else { map }
        };
        let mut x = across(left);
        let below = match x_scale {
            _ if !self.x_shown => Below::default(),
            Scale::Names(names) => {
                let below = Below::names(names, &x, room, size);
                let missing = below.missing(names, &x, room, size);
                if missing > 0.0 {
                    left += missing.min(room.width() * 0.12);
                    x = across(left);
                    Below::names(names, &x, room, size)
                } else {
                    below
                }
            }
            _ => Below::ticks(x_scale, &x, x_most, room, size),
        };
        let rule_rows = if self.words { rule_rows(chart, &x, room, size) } else { 0 };
        // Half a label stands out above the highest mark and below the lowest.
        let half = if self.y_shown { size * 0.4 } else { 0.0 };
        let top = (room.top + self.above + rule_rows as f32 * size * 1.45 + half).min(room.bottom - 1.0);
        let bottom = (room.bottom - below.high.max(half)).max(top + 1.0);
        let plot = Area::new(left.round(), top.round(), right.round(), bottom.round());

        let y_most = (plot.height() / 40.0).clamp(2.0, 12.0) as usize;
        let y = Map::new(y_scale, plot.bottom - inset, plot.top + inset);
        let y = match y_scale {
            Scale::Names(_) => y.between(plot.top, plot.bottom),
            _ if on_base(chart) => scale::rounded_up(&y, y_scale, y_most),
            _ => y,
        };
        let (x, y, below) = if chart.equal { self.equalled(x, y, plot, below, x_most) } else { (x, y, below) };
        let y_ticks = if self.y_shown { scale::some_ticks(y_scale, &y, y_most) } else { Vec::new() };
        (Frame { plot, x, y, y_ticks, rule_rows, rule_top: room.top }, below)
    }

    /// The same axes with one unit as long on the one as on the other: the range of one of them grows about its middle.
    fn equalled(&self, x: Map, y: Map, plot: Area, below: Below, x_most: usize) -> (Map, Map, Below) {
        let per = |m: &Map| {
            let (from, to) = m.range();
            f64::from((m.place(to) - m.place(from)).abs()) / (to - from)
        };
        let wider = |m: &Map, by: f64| {
            let ((from, to), (low, high)) = (m.range(), (m.place(m.range().0), m.place(m.range().1)));
            let (middle, half) = ((from + to) / 2.0, (to - from) / 2.0 * by);
            let scale = Scale::Linear { from: middle - half, to: middle + half, format: super::Numbers::Plain };
            Map::new(&scale, low, high)
        };
        let (across, up) = (per(&x), per(&y));
        let usable = across.is_finite() && up.is_finite() && across > 0.0 && up > 0.0 && plot.width() > 1.0;
        if !usable {
            return (x, y, below);
        }
        if across > up {
            let x = wider(&x, across / up);
            let below = if self.x_shown { Below::ticks(self.x_scale, &x, x_most, self.room, self.size) } else { below };
            (x, y, below)
        } else {
            (x, wider(&y, up / across), below)
        }
    }
}

/// Labels and grid of the vertical axis.
fn vertical(draft: &mut Draft, chart: &Chart, scale: &Scale, frame: &Frame, left: f32) {
    let (size, color) = (draft.palette.small_size, draft.palette.muted);
    let (plot, map) = (&frame.plot, &frame.y);
    if let Scale::Names(names) = scale {
        let room = plot.left - GAP - left;
        let band = plot.height() / names.len().max(1) as f32;
        let every = (size * 1.15 / band).ceil().max(1.0) as usize;
        for (i, name) in names.iter().enumerate().step_by(every) {
            let label = text::elided(name, size, false, room + 0.5);
            let y = map.place(i as f64 + 0.5);
            draft.text([plot.left - GAP, y], label, size, false, color, Anchor::End);
        }
        return;
    }
    let grid = Pen::new(1.0, draft.palette.grid);
    for tick in &frame.y_ticks {
        let y = map.place(tick.value);
        if !(on_base(chart) && y > plot.bottom - 1.0) {
            let line = y.floor() + 0.5;
            draft.line([plot.left, line], [plot.right, line], grid);
        }
        draft.text([plot.left - GAP, y], tick.label.clone(), size, false, color, Anchor::End);
    }
}

fn widest(ticks: &[Tick], size: f32) -> f32 {
    ticks.iter().map(|t| text::width(&t.label, size, false)).fold(0.0, f32::max)
}

/// A scale that holds all marks, for an axis that has none.
fn made_up(axis: &Axis, chart: &Chart, horizontal: bool) -> Option<Scale> {
    if !matches!(axis.scale, Scale::None) {
        return None;
    }
    let mut low = f64::INFINITY;
    let mut high = f64::NEG_INFINITY;
    let mut take = |v: f64| {
        if v.is_finite() {
            (low, high) = (low.min(v), high.max(v));
        }
    };
    let mut along = |bars: &[super::Bar], along: bool| {
        take(if along { f64::INFINITY } else { 0.0 });
        for bar in bars {
            if along {
                [bar.from, bar.to].map(&mut take)
            } else {
                [bar.value, bar.value].map(&mut take)
            };
        }
    };
    match &chart.marks {
        Marks::Bars(bars) => along(bars, horizontal),
        Marks::Rows(bars) => along(bars, !horizontal),
        Marks::Lines(lines) => {
            lines.iter().for_each(|l| if horizontal { &l.x } else { &l.y }.iter().for_each(|v| take(*v)))
        }
        Marks::Discs(discs) => {
            let side = usize::from(!horizontal);
            discs.iter().for_each(|d| take(d.at[side]));
        }
        Marks::Points(points) => if horizontal { &points.x } else { &points.y }.iter().for_each(|v| take(*v)),
        Marks::Boxes(boxes) if horizontal => {
            boxes.iter().for_each(|b| [b.at, b.at + 1.0].into_iter().for_each(&mut take))
        }
        Marks::Boxes(boxes) => boxes.iter().for_each(|b| {
            [b.whiskers.0, b.whiskers.1].into_iter().chain(b.outliers.iter().copied()).for_each(&mut take);
        }),
        _ => return None,
    }
    if matches!(chart.marks, Marks::Discs(_)) {
        // Discs and their names need room around their places.
        let room = (high - low).max(1e-9) * 0.22;
        (low, high) = (low - room, high + room);
    }
    (low <= high).then_some(Scale::Linear { from: low, to: high, format: super::Numbers::Plain })
}

/// How many rows the labels of the rules need so that they stand clear of each other; at most three.
fn rule_rows(chart: &Chart, map: &Map, room: Area, size: f32) -> usize {
    rule_labels(chart, map, room, size).iter().map(|l| l.row + 1).max().unwrap_or(0)
}

struct RuleLabel {
    x: f32,
    row: usize,
    text: String,
}

/// Labels of rules, each in the first row where it is clear of those before; what has no room is left out.
fn rule_labels(chart: &Chart, map: &Map, room: Area, size: f32) -> Vec<RuleLabel> {
    let (from, to) = map.range();
    let mut rules: Vec<&super::Rule> =
        chart.rules.iter().filter(|r| !r.label.is_empty() && (from..=to).contains(&r.at)).collect();
    rules.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut free = [f32::NEG_INFINITY; 3];
    let mut labels = Vec::new();
    for rule in rules {
        let text = text::elided(&rule.label, size, false, room.width());
        let half = text::width(&text, size, false) / 2.0;
        let x = map.place(rule.at).min(room.right - half).max(room.left + half);
        if let Some(row) = free.iter().position(|f| x - half >= *f) {
            free[row] = x + half + GAP;
            labels.push(RuleLabel { x, row, text });
        }
    }
    labels
}

/// Draws the rules over the marks.
pub(super) fn rules(draft: &mut Draft, chart: &Chart, frame: &Frame) {
    let palette = draft.palette;
    let (from, to) = frame.x.range();
    let pen = Pen::dashed(1.0, palette.text);
    for rule in chart.rules.iter().filter(|r| (from..=to).contains(&r.at)) {
        let x = frame.x.place(rule.at).floor() + 0.5;
        draft.line([x, frame.plot.top], [x, frame.plot.bottom], pen);
    }
    if frame.rule_rows == 0 {
        return;
    }
    let size = palette.small_size;
    let room = Area { left: 0.0, right: draft.picture.size[0], ..frame.plot };
    for label in rule_labels(chart, &frame.x, room, size) {
        if label.row < frame.rule_rows {
            // The first row stands next to the marks.
            let up = (frame.rule_rows - 1 - label.row) as f32;
            let y = frame.rule_top + (up + 0.5) * size * 1.45;
            draft.text([label.x, y], label.text, size, false, palette.text, Anchor::Middle);
        }
    }
}
