//! The frame of a chart: where the marks go, which values are marked along the axes, and their labels.

use super::layout::{Draft, GAP, Options};
use super::picture::{Anchor, Area, Pen, Shape, Words};
use super::scale::{self, Map, Tick};
use super::{Axis, Chart, Marks, Scale, text};

/// Where everything goes.
pub(super) struct Frame {
    pub plot: Area,
    pub x: Map,
    pub y: Map,
    /// Rows of labels of rules, and the top of the first.
    rule_rows: usize,
    rule_top: f32,
}

/// Places the axes, and draws grid and labels.
pub(super) fn draw(draft: &mut Draft, chart: &Chart, room: Area, options: &Options) -> Frame {
    let size = draft.palette.small_size;
    let row = size * 1.45;
    let mut room = room;
    let own = (made_up(&chart.x, chart, true), made_up(&chart.y, chart, false));
    let (x_scale, y_scale) = (own.0.as_ref().unwrap_or(&chart.x.scale), own.1.as_ref().unwrap_or(&chart.y.scale));
    let shown = |own: &Option<Scale>, scale: &Scale| own.is_none() && !matches!(scale, Scale::None);
    // Small pictures of a few lines' height have no room for words.
    let roomy = room.height() >= 5.0 * row && room.width() >= 8.0 * row;
    let (x_shown, y_shown) = (shown(&own.0, x_scale) && roomy, shown(&own.1, y_scale) && roomy);
    let words = options.words && roomy;

    if words && !chart.y.label.is_empty() {
        let label = text::elided(&chart.y.label, size, false, room.width());
        draft.text([room.left, room.top + row / 2.0], label, size, false, draft.palette.muted, Anchor::Start);
        room.top += row + 4.0;
    }
    if words && !chart.x.label.is_empty() {
        room.bottom -= row + 1.0;
    }
    let inset = if matches!(chart.marks, Marks::Points(_)) { 6.0 } else { 0.0 };

    // Vertical axis, first with the height that there is at most.
    let most = |high: f32| ((high / 40.0) as usize).clamp(2, 12);
    let high = room.height() - if x_shown { row } else { 0.0 };
    let mut y_map = Map::new(y_scale, 0.0, 1.0);
    if matches!(chart.marks, Marks::Bars(_) | Marks::Lines(_) | Marks::Boxes(_)) {
        y_map = scale::rounded_up(&y_map, y_scale, most(high));
    }
    let mut left = room.left;
    if y_shown {
        let widest = match y_scale {
            Scale::Names(names) => {
                let widest = names.iter().map(|n| text::width(n, size, false)).fold(0.0, f32::max);
                widest.min(room.width() * 0.4).min(220.0)
            }
            _ => widest(&scale::some_ticks(y_scale, &y_map, most(high)), size),
        };
        left += widest + GAP;
    }

    // Horizontal axis.
    let right_gap = if x_shown && !matches!(x_scale, Scale::Names(_)) { 6.0 } else { 0.0 };
    let right = (room.right - right_gap).max(left + 1.0);
    let x_most = |wide: f32| ((wide / 56.0) as usize).clamp(1, 16);
    let across = |left: f32| {
        let map = Map::new(x_scale, left + inset, right - inset);
        let rows = matches!(chart.marks, Marks::Rows(_));
        if rows { scale::rounded_up(&map, x_scale, x_most(right - left)) } else { map }
    };
    let mut x_map = across(left);
    let below = match x_scale {
        _ if !x_shown => Below::default(),
        Scale::Names(names) => {
            let below = Below::names(names, &x_map, room, size);
            let missing = below.missing(names, &x_map, room, size);
            if missing > 0.0 {
                left += missing.min(room.width() * 0.12);
                x_map = across(left);
                Below::names(names, &x_map, room, size)
            } else {
                below
            }
        }
        _ => Below::ticks(x_scale, &x_map, x_most(right - left), room, size),
    };
    let rule_rows = if words { rule_rows(chart, &x_map, room, size) } else { 0 };
    let rule_top = room.top;
    let top = room.top + options.above + rule_rows as f32 * row + if y_shown { size * 0.4 } else { 0.0 };
    let top = top.min(room.bottom - 1.0);
    let bottom = (room.bottom - below.high.max(if y_shown { size * 0.4 } else { 0.0 })).max(top + 1.0);
    let plot = Area::new(left.round(), top.round(), right.round(), bottom.round());
    y_map = match y_scale {
        Scale::Names(_) => y_map.between(plot.top, plot.bottom),
        _ => y_map.between(plot.bottom - inset, plot.top + inset),
    };

    let frame = Frame { plot, x: x_map, y: y_map, rule_rows, rule_top };
    let y_most = most(plot.height());
    if y_shown {
        vertical(draft, chart, y_scale, &frame, room.left, y_most);
    }
    let grid = matches!(chart.marks, Marks::Rows(_) | Marks::Points(_));
    below.draw(draft, &plot, grid, size);
    if matches!(chart.marks, Marks::Bars(_) | Marks::Lines(_) | Marks::Boxes(_)) && roomy {
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

/// Labels and grid of the vertical axis.
fn vertical(draft: &mut Draft, chart: &Chart, scale: &Scale, frame: &Frame, left: f32, most: usize) {
    let (size, color) = (draft.palette.small_size, draft.palette.muted);
    let (plot, map) = (&frame.plot, &frame.y);
    let room = plot.left - GAP - left;
    if let Scale::Names(names) = scale {
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
    for tick in scale::some_ticks(scale, map, most) {
        let y = map.place(tick.value);
        let base = matches!(chart.marks, Marks::Bars(_) | Marks::Lines(_) | Marks::Boxes(_)) && y > plot.bottom - 1.0;
        if !base {
            let line = y.floor() + 0.5;
            draft.line([plot.left, line], [plot.right, line], grid);
        }
        draft.text([plot.left - GAP, y], tick.label, size, false, color, Anchor::End);
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
        Marks::Points(points) => if horizontal { &points.x } else { &points.y }.iter().for_each(|v| take(*v)),
        Marks::Boxes(boxes) if horizontal => {
            boxes.iter().for_each(|b| [b.at, b.at + 1.0].into_iter().for_each(&mut take))
        }
        Marks::Boxes(boxes) => boxes.iter().for_each(|b| {
            [b.whiskers.0, b.whiskers.1].into_iter().chain(b.outliers.iter().copied()).for_each(&mut take);
        }),
        _ => return None,
    }
    (low <= high).then_some(Scale::Linear { from: low, to: high, format: super::Numbers::Plain })
}

/// The labels below the marks.
#[derive(Default)]
struct Below {
    /// Anchor from the left, and lines of words.
    labels: Vec<(f32, Vec<String>)>,
    grid: Vec<f32>,
    turned: bool,
    /// Height of the labels with their gap.
    high: f32,
}

impl Below {
    /// Labels of an axis of values: as many as stand clear of each other.
    fn ticks(scale: &Scale, map: &Map, most: usize, room: Area, size: f32) -> Below {
        let place = |ticks: &[Tick]| -> Option<Vec<(f32, Vec<String>)>> {
            let mut labels = Vec::new();
            let mut free = f32::NEG_INFINITY;
            for tick in ticks {
                let wide = text::width(&tick.label, size, false);
                if wide > room.width() {
                    return None;
                }
                let x = map.place(tick.value).min(room.right - wide / 2.0).max(room.left + wide / 2.0);
                if x - wide / 2.0 < free {
                    return None;
                }
                free = x + wide / 2.0 + 10.0;
                labels.push((x, vec![tick.label.clone()]));
            }
            Some(labels)
        };
        for most in (1..=most).rev() {
            let ticks = scale::ticks(scale, map, most);
            if let Some(labels) = place(&ticks).filter(|l| !l.is_empty()) {
                let grid = ticks.iter().map(|t| map.place(t.value)).collect();
                return Below { labels, grid, turned: false, high: size * 1.45 + 3.0 };
            }
        }
        Below::default()
    }

    /// Names: level where all fit, else turned, and thinned where even that is too dense.
    fn names(names: &[String], map: &Map, room: Area, size: f32) -> Below {
        let band = map.place(1.0) - map.place(0.0);
        let middle = |i: usize| map.place(i as f64 + 0.5);
        let widths: Vec<f32> = names.iter().map(|n| text::width(n, size, false)).collect();
        let widest = widths.iter().copied().fold(0.0, f32::max);
        // Short names such as numbers may be thinned level; reading turned digits is worse.
        let every = if widest <= 30.0 { ((widest + 8.0) / band).ceil().max(1.0) as usize } else { 1 };
        let level = |i: usize, lines: Vec<String>| {
            let half = lines.iter().map(|l| text::width(l, size, false)).fold(0.0, f32::max) / 2.0;
            (middle(i).min(room.right - half).max(room.left + half), lines)
        };
        if widest + 6.0 <= band * every as f32 {
            let mut labels: Vec<_> =
                (0..names.len()).step_by(every).map(|i| level(i, vec![names[i].clone()])).collect();
            // The last one may have been moved inwards, on to the one before.
            if let [.., a, b] = &labels[..]
                && every > 1
                && b.0 - a.0 < widest + 4.0
            {
                labels.pop();
            }
            return Below { labels, grid: Vec::new(), turned: false, high: size * 1.45 + 3.0 };
        }
        if let Some(lines) = in_two_lines(names, band - 6.0, size).filter(|_| room.height() > size * 12.0) {
            let labels = lines.into_iter().enumerate().map(|(i, lines)| level(i, lines)).collect();
            return Below { labels, grid: Vec::new(), turned: false, high: size * 2.75 + 3.0 };
        }
        // Turned by 45 degrees, ending below the middle of its band.
        let every = (size * 1.1 / (band * SLOPE)).ceil().max(1.0) as usize;
        let most = turned_most(room, size);
        let mut high: f32 = 0.0;
        let labels = (0..names.len())
            .step_by(every)
            .map(|i| {
                let left = (middle(i) - room.left) / SLOPE - size * 0.7;
                let label = text::elided(&names[i], size, false, left.min(most).max(0.0));
                high = high.max((text::width(&label, size, false) + size) * SLOPE);
                (middle(i), vec![label])
            })
            .collect();
        Below { labels, grid: Vec::new(), turned: true, high: high + 5.0 }
    }

    /// How far the first turned labels would stand out to the left.
    fn missing(&self, names: &[String], map: &Map, room: Area, size: f32) -> f32 {
        if !self.turned {
            return 0.0;
        }
        let most = turned_most(room, size);
        let out = |(i, name): (usize, &String)| {
            let long = (text::width(name, size, false) + 0.5).min(most) + size * 0.7;
            long * SLOPE - (map.place(i as f64 + 0.5) - room.left)
        };
        names.iter().enumerate().take(8).map(out).fold(0.0, f32::max)
    }

    fn draw(self, draft: &mut Draft, plot: &Area, grid: bool, size: f32) {
        let color = draft.palette.muted;
        if grid {
            let pen = Pen::new(1.0, draft.palette.grid);
            for x in &self.grid {
                let x = x.floor() + 0.5;
                draft.line([x, plot.top], [x, plot.bottom], pen);
            }
        }
        for (x, lines) in self.labels {
            if !self.turned {
                for (i, text) in lines.into_iter().enumerate() {
                    let y = plot.bottom + 3.0 + size * (0.725 + 1.3 * i as f32);
                    draft.text([x, y], text, size, false, color, Anchor::Middle);
                }
            } else if let Some(text) = lines.into_iter().next().filter(|t| !t.is_empty()) {
                let at = [x + size * 0.26, plot.bottom + 4.0 + size * 0.52];
                let words = Words { at, text, size, bold: false, color, anchor: Anchor::End, angle: -45.0 };
                draft.push(Shape::Text(words));
            }
        }
    }
}

/// How far a text turned by 45 degrees reaches down per point of its length.
const SLOPE: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// Length of the longest turned label.
fn turned_most(room: Area, size: f32) -> f32 {
    ((room.height() * 0.4) / SLOPE - size).clamp(0.0, 150.0)
}

/// All names broken between words into one or two lines of at most `room`, if that can be done.
fn in_two_lines(names: &[String], room: f32, size: f32) -> Option<Vec<Vec<String>>> {
    let lines = |name: &String| {
        let fits = name.split_whitespace().all(|word| text::width(word, size, false) <= room);
        Some(text::wrapped(name, size, false, room)).filter(|lines| fits && lines.len() <= 2)
    };
    names.iter().map(lines).collect()
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
