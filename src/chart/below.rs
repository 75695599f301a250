//! Labels below a horizontal axis: as many as there is room for, level, in two lines or turned.

use super::layout::Draft;
use super::picture::{Anchor, Area, Pen, Shape, Words};
use super::scale::{self, Map, Tick};
use super::{Scale, text};

/// The labels below the marks.
#[derive(Default)]
pub(super) struct Below {
    /// Anchor from the left, and lines of words.
    labels: Vec<(f32, Vec<String>)>,
    grid: Vec<f32>,
    turned: bool,
    /// Height of the labels with their gap.
    pub high: f32,
}

impl Below {
    /// Labels of an axis of values: as many as stand clear of each other.
    pub fn ticks(scale: &Scale, map: &Map, most: usize, room: Area, size: f32) -> Below {
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
    pub fn names(names: &[String], map: &Map, room: Area, size: f32) -> Below {
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
    pub fn missing(&self, names: &[String], map: &Map, room: Area, size: f32) -> f32 {
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

    pub fn draw(self, draft: &mut Draft, plot: &Area, grid: bool, size: f32) {
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
