//! One layout for the window, SVG and PNG: a chart and a size become shapes.

use super::axes::{self, Frame};
use super::palette::Palette;
use super::picture::{Anchor, Area, At, Color, Outline, Pen, Picture, Place, Shape, Words};
use super::{Chart, Ink, Marks, marks, over, text};

/// What belongs to the picture besides the marks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Options {
    /// Title, note and ground, as in a picture that is saved. The window draws them itself.
    pub head: bool,
    /// Labels of the axes and the legend; small pictures do without.
    pub words: bool,
    /// Room in points kept free above the marks, within the plot's width.
    pub above: f32,
    /// Up to how many points are drawn as circles; beyond, they are left to [`Picture::cloud`].
    pub circles: usize,
}

/// As many points as a picture file holds as circles.
pub const MOST_CIRCLES: usize = 20_000;

impl Options {
    /// A picture of its own, with title, note and ground.
    pub const PICTURE: Options = Options { head: true, words: true, above: 0.0, circles: MOST_CIRCLES };
    /// Within a window that draws title and note.
    pub const BODY: Options = Options { head: false, ..Options::PICTURE };
}

/// Distances in points.
pub(super) const GAP: f32 = 8.0;
const MARGIN: f32 = 14.0;

/// Lays out `chart` in a picture of `size` points. Nothing lies outside of it.
pub fn layout(chart: &Chart, size: At, palette: &Palette, options: &Options) -> Picture {
    let size = size.map(|s| if s.is_finite() { s.clamp(1.0, 20_000.0) } else { 1.0 });
    let mut draft = Draft { palette, picture: Picture { size, ..Picture::default() } };
    let mut room = Area::new(0.0, 0.0, size[0], size[1]);
    if options.head {
        draft.fill(room, 0.0, palette.ground);
        let margin = MARGIN.min(size[0] / 8.0).min(size[1] / 8.0);
        room = room.shrunk(margin);
        head(&mut draft, chart, &mut room);
    }
    draft.picture.plot = room;
    match &chart.marks {
        Marks::Nothing => {}
        Marks::Empty(why) => draft.sentence(why, room),
        _ if room.width() < 4.0 || room.height() < 4.0 => {}
        _ => body(&mut draft, chart, room, options),
    }
    draft.picture
}

fn body(draft: &mut Draft, chart: &Chart, mut room: Area, options: &Options) {
    if options.words {
        legend(draft, chart, &mut room);
    }
    let frame = axes::draw(draft, chart, room, options);
    draft.picture.plot = frame.plot;
    let with_axes = !matches!(chart.marks, Marks::Tiles(_) | Marks::Flow(_));
    draft.picture.x = with_axes.then_some(frame.x);
    draft.picture.y = with_axes.then_some(frame.y);
    let Frame { plot, x, y, .. } = &frame;
    over::draw(draft, &chart.under, plot, x, y);
    match &chart.marks {
        Marks::Nothing | Marks::Empty(_) => {}
        Marks::Bars(bars) => marks::bars::upright(draft, bars, plot, x, y),
        Marks::Rows(bars) => marks::bars::rows(draft, bars, plot, x, y),
        Marks::Boxes(boxes) => marks::boxes::draw(draft, boxes, plot, x, y),
        Marks::Points(points) => marks::points::draw(draft, points, plot, x, y, options.circles),
        Marks::Discs(discs) => marks::discs::draw(draft, discs, plot, x, y),
        Marks::Lines(lines) => marks::lines::draw(draft, lines, plot, x, y),
        Marks::Cells(cells) => marks::cells::draw(draft, cells, plot),
        Marks::Tiles(tiles) => marks::tiles::draw(draft, tiles, plot),
        Marks::Flow(flow) => marks::flow::draw(draft, flow, plot),
    }
    over::draw(draft, &chart.over, plot, x, y);
    axes::rules(draft, chart, &frame);
}

/// Title and note at the top; `room` is what is left below.
fn head(draft: &mut Draft, chart: &Chart, room: &mut Area) {
    let palette = draft.palette;
    let note = chart.whole_note();
    let lines =
        [(&chart.title, true, palette.title_size, palette.text), (&note, false, palette.note_size, palette.muted)];
    let before = room.top;
    for (words, bold, size, color) in lines {
        for line in text::wrapped(words, size, bold, room.width()) {
            let high = size * 1.4;
            if room.top + high > room.bottom {
                return;
            }
            draft.text([room.left, room.top + high / 2.0], line, size, bold, color, Anchor::Start);
            room.top += high;
        }
    }
    if room.top > before {
        room.top = (room.top + GAP).min(room.bottom);
    }
}

/// Names of colours above the marks; colours of a scale become one strip with its ends named.
fn legend(draft: &mut Draft, chart: &Chart, room: &mut Area) {
    let palette = draft.palette;
    let (size, row) = (palette.small_size, palette.small_size * 1.6);
    if chart.legend.is_empty() || room.height() < 5.0 * row {
        return;
    }
    let of_scale = |ink: &Ink| matches!(ink, Ink::Sequential(_) | Ink::Diverging(_));
    if chart.legend.len() > 1 && chart.legend.iter().all(|(_, ink)| of_scale(ink)) {
        strip(draft, chart, room);
        return;
    }
    let (dot, between) = (8.0, 14.0);
    let mut at = [room.left, room.top + row / 2.0];
    // More rows would take the room of what they explain.
    let last_row = at[1] + row * ((room.height() * 0.18 / row).floor().clamp(1.0, 3.0) - 1.0);
    for (i, (name, ink)) in chart.legend.iter().enumerate() {
        let label = text::elided(name, size, false, (room.width() - dot - 5.0).min(180.0));
        let wide = dot + 5.0 + text::width(&label, size, false);
        if at[0] > room.left && at[0] + wide > room.right {
            if at[1] + row > last_row + 0.5 {
                let more = format!("+{}", chart.legend.len() - i);
                let x = at[0].min(room.right - text::width(&more, size, false));
                draft.text([x, at[1]], more, size, false, palette.muted, Anchor::Start);
                break;
            }
            at = [room.left, at[1] + row];
        }
        let color = palette.color(*ink);
        draft.fill(Area::new(at[0], at[1] - dot / 2.0, at[0] + dot, at[1] + dot / 2.0), 2.0, color);
        draft.text([at[0] + dot + 5.0, at[1]], label, size, false, palette.muted, Anchor::Start);
        at[0] += wide + between;
    }
    room.top = at[1] + row / 2.0 + 4.0;
}

/// A strip of the colours between the first and the last of the legend.
fn strip(draft: &mut Draft, chart: &Chart, room: &mut Area) {
    let palette = draft.palette;
    let (size, row) = (palette.small_size, palette.small_size * 1.6);
    let (Some((low, from)), Some((high, to))) = (chart.legend.first(), chart.legend.last()) else { return };
    let share = room.width() * 0.3;
    let (low, high) = (text::elided(low, size, false, share), text::elided(high, size, false, share));
    let wide = (room.width() * 0.3).min(140.0);
    let middle = room.top + row / 2.0;
    let left = room.left + text::width(&low, size, false) + 6.0;
    draft.text([room.left, middle], low, size, false, palette.muted, Anchor::Start);
    let parts = 24;
    for i in 0..parts {
        let at = i as f32 / (parts - 1) as f32;
        let ink = match (from, to) {
            (Ink::Sequential(a), Ink::Sequential(b)) => Ink::Sequential(a + (b - a) * at),
            (Ink::Diverging(a), Ink::Diverging(b)) => Ink::Diverging(a + (b - a) * at),
            _ => {
                if at < 0.5 {
                    *from
                } else {
                    *to
                }
            }
        };
        let part = wide / parts as f32;
        let x = left + part * i as f32;
        // A hair wider than its part, so that no seam shows between two.
        let overlap = if i + 1 < parts { 0.5 } else { 0.0 };
        draft.fill(Area::new(x, middle - 4.0, x + part + overlap, middle + 4.0), 0.0, palette.color(ink));
    }
    draft.text([left + wide + 6.0, middle], high, size, false, palette.muted, Anchor::Start);
    room.top += row + 4.0;
}

/// A picture being made.
pub(super) struct Draft<'a> {
    pub palette: &'a Palette,
    pub picture: Picture,
}

impl Draft<'_> {
    pub fn push(&mut self, shape: Shape) {
        self.picture.shapes.push(shape);
    }

    pub fn fill(&mut self, area: Area, radius: f32, color: Color) {
        self.push(Shape::Rect { area, radius, fill: Some(color), pen: None });
    }

    pub fn ring(&mut self, area: Area, radius: f32, pen: Pen) {
        self.push(Shape::Rect { area, radius, fill: None, pen: Some(pen) });
    }

    pub fn line(&mut self, from: At, to: At, pen: Pen) {
        self.push(Shape::Line { points: vec![from, to], pen });
    }

    /// A text whose capitals and digits stand in the middle of `at`.
    pub fn text(&mut self, at: At, text: String, size: f32, bold: bool, color: Color, anchor: Anchor) {
        if !text.is_empty() {
            let at = [at[0], at[1] + text::MIDDLE * size];
            self.push(Shape::Text(Words { at, text, size, bold, color, anchor, angle: 0.0 }));
        }
    }

    /// A mark that is found wherever it is drawn.
    pub fn place(&mut self, mark: usize, area: Area) {
        self.picture.places.push(Place { mark, hit: area, outline: Outline::Rect(area) });
    }

    /// A sentence in the middle of `room`.
    pub fn sentence(&mut self, words: &str, room: Area) {
        let size = self.palette.note_size;
        let lines = text::wrapped(words, size, false, (room.width() - 2.0 * GAP).min(360.0));
        let high = size * 1.5;
        let top = room.center()[1] - high * lines.len() as f32 / 2.0;
        for (i, line) in lines.into_iter().enumerate() {
            let y = top + high * (i as f32 + 0.5);
            if y - high / 2.0 >= room.top && y + high / 2.0 <= room.bottom {
                self.text([room.center()[0], y], line, size, false, self.palette.muted, Anchor::Middle);
            }
        }
    }
}
