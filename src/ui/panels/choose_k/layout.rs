//! The board laid out: bands under each other over one axis of k, and the sizes of the clusters at the bottom.

use super::board::{Band, Board, Values};
use super::sketch::{Look, Sketch, faded};
use crate::chart::text::wrapped;
use crate::chart::{Anchor, Area, At, Ink, Palette, Pen, Picture};
use crate::format;

/// Widths of the names on the left and of the readings on the right.
const NAMES: f32 = 124.0;
const SAYS: f32 = 188.0;
/// Height of the axis, and of the sizes.
const AXIS: f32 = 24.0;
const SIZES: f32 = 76.0;
/// The lowest a band can be drawn.
pub const LOWEST: f32 = 44.0;
/// Above and below a curve.
const PAD: f32 = 10.0;

/// The height that the board needs where a band is as low as it can be.
pub fn least(board: &Board) -> f32 {
    board.bands.len() as f32 * LOWEST + AXIS + SIZES
}

/// The height at which the numbers of the axis stand.
pub fn axis(high: f32) -> f32 {
    high - SIZES - AXIS / 2.0
}

/// Where things lie.
pub struct Places {
    /// Between the names and the readings, the sizes included.
    pub plot: Area,
    pub bands: Vec<Area>,
    pub sizes: Area,
    ks: Vec<usize>,
    step: f32,
    left: f32,
}

impl Places {
    pub fn of(board: &Board, [wide, high]: At) -> Places {
        let plot = Area::new(NAMES, 0.0, (wide - SAYS).max(NAMES + 80.0), high);
        let n = board.ks.len().max(1) as f32;
        let step = plot.width() / n;
        let below = (high - AXIS - SIZES).max(1.0);
        let band = below / board.bands.len().max(1) as f32;
        let bands =
            (0..board.bands.len()).map(|i| Area::new(plot.left, i as f32 * band, plot.right, (i + 1) as f32 * band));
        let sizes = Area::new(plot.left, below + AXIS, plot.right, high);
        Places { plot, bands: bands.collect(), sizes, ks: board.ks.clone(), step, left: plot.left + step / 2.0 }
    }

    /// The middle of a column.
    pub fn x(&self, at: usize) -> f32 {
        self.left + at as f32 * self.step
    }

    /// The k whose column is nearest to a place.
    pub fn k_at(&self, x: f32) -> Option<usize> {
        let at = ((x - self.left) / self.step).round().clamp(0.0, (self.ks.len().max(1) - 1) as f32);
        self.ks.get(at as usize).copied()
    }

    fn at_of(&self, k: usize) -> Option<usize> {
        self.ks.iter().position(|x| *x == k)
    }

    /// The column of a k in the strip of sizes.
    pub fn column(&self, at: usize) -> Area {
        let half = (self.step * 0.32).min(26.0);
        Area::new(self.x(at) - half, self.sizes.top + 2.0, self.x(at) + half, self.sizes.bottom)
    }
}

/// The picture. `k` is in force, `hovered` is pointed at.
pub fn picture(
    board: &Board,
    size: At,
    k: Option<usize>,
    hovered: Option<usize>,
    palette: &'static Palette,
) -> Picture {
    let places = Places::of(board, size);
    let mut s = Sketch::new(palette, size);
    let chosen = k.and_then(|k| places.at_of(k));
    let pointed = hovered.and_then(|k| places.at_of(k)).filter(|at| Some(*at) != chosen);
    columns(&mut s, board, &places, chosen, pointed);
    for (band, area) in board.bands.iter().zip(&places.bands) {
        one(&mut s, board, band, area, &places, chosen, pointed);
    }
    sizes(&mut s, board, &places, size);
    s.done()
}

/// The columns of the ks with their numbers, and the line of the one in force.
fn columns(s: &mut Sketch, board: &Board, places: &Places, chosen: Option<usize>, pointed: Option<usize>) {
    let p = s.palette;
    let y = places.sizes.top - AXIS / 2.0;
    let bottom = places.sizes.top - AXIS + 3.0;
    for (at, k) in board.ks.iter().enumerate() {
        let x = places.x(at);
        let strong = pointed == Some(at);
        let pen = Pen::new(1.0, if strong { p.faint } else { p.grid });
        s.hair([x, 0.0], [x, bottom], pen);
        if chosen == Some(at) {
            s.rect(Area::new(x - 1.0, 0.0, x + 1.0, bottom), 0.0, p.accent);
            s.rect(Area::new(x - 14.0, y - 9.0, x + 14.0, y + 9.0), 9.0, p.accent);
            s.words([x, y], k.to_string(), Anchor::Middle, Look::new(p.note_size, p.text_on(p.accent)).bold());
        } else {
            let color = if strong { p.text } else { p.muted };
            s.words([x, y], k.to_string(), Anchor::Middle, Look::new(p.note_size, color));
        }
    }
    s.words([0.0, y], "k, number of clusters", Anchor::Start, Look::new(p.small_size, p.muted));
}

fn one(
    s: &mut Sketch,
    board: &Board,
    band: &Band,
    area: &Area,
    places: &Places,
    chosen: Option<usize>,
    pointed: Option<usize>,
) {
    let p = s.palette;
    let right = places.plot.right + SAYS;
    s.hair([0.0, area.bottom], [right, area.bottom], Pen::new(1.0, p.line));
    let middle = (area.top + area.bottom) / 2.0;
    s.words([0.0, middle - 8.0], band.name, Anchor::Start, Look::new(p.note_size, p.text).bold());
    s.words([0.0, middle + 8.0], band.good, Anchor::Start, Look::new(p.small_size, p.muted));
    says(s, band, middle, right, area.height());

    let inner = Area::new(area.left, area.top + PAD, area.right, area.bottom - PAD);
    let Some((mut low, mut high)) = band.values.range() else { return pending(s, board, band, &inner, places) };
    if let Some(line) = band.line.filter(|l| band.decimals > 0 || *l <= high) {
        (low, high) = (low.min(line), high.max(line));
    }
    let span = if high > low { high - low } else { 1.0 };
    let y = |v: f64| inner.bottom - ((v - low) / span) as f32 * inner.height();
    if let Some(line) = band.line.filter(|l| (low..=high).contains(l)) {
        s.hair([area.left, y(line)], [area.right, y(line)], Pen::dashed(1.0, faded(p.faint, 0.7)));
    }
    pending(s, board, band, &inner, places);
    match &band.values {
        Values::Curve(values) => curve(s, band, values, &y, places, chosen),
        Values::Dots(values) => dots(s, values, &y, places),
    }
    for at in [chosen, pointed, band.best.and_then(|k| places.at_of(k))].into_iter().flatten() {
        value(s, band, at, &y, places, area, chosen == Some(at) || pointed == Some(at));
    }
}

/// What the band says, in up to three lines.
fn says(s: &mut Sketch, band: &Band, middle: f32, right: f32, high: f32) {
    let p = s.palette;
    let left = right - SAYS + 16.0;
    let size = p.small_size;
    let mut lines = wrapped(&band.reading, size, false, right - left);
    lines.truncate(((high - 4.0) / (size + 3.0)).max(1.0) as usize);
    let step = size + 3.0;
    let first = middle - step * (lines.len() - 1) as f32 / 2.0;
    for (i, line) in lines.iter().enumerate() {
        s.words([left, first + i as f32 * step], line.as_str(), Anchor::Start, Look::new(size, p.muted));
    }
}

fn curve(
    s: &mut Sketch,
    band: &Band,
    values: &[Option<(f64, Option<f64>)>],
    y: &impl Fn(f64) -> f32,
    places: &Places,
    chosen: Option<usize>,
) {
    let p = s.palette;
    let points: Vec<(usize, f64, Option<f64>)> =
        values.iter().enumerate().filter_map(|(at, v)| v.map(|(v, e)| (at, v, e))).collect();
    // A line joins neighbours only: what lies between is not there yet or could not be had.
    for run in points.chunk_by(|a, b| b.0 == a.0 + 1) {
        s.line(run.iter().map(|(at, v, _)| [places.x(*at), y(*v)]).collect(), Pen::new(1.5, p.muted));
    }
    for &(at, v, error) in &points {
        let (x, best) = (places.x(at), band.best.and_then(|k| places.at_of(k)) == Some(at));
        if let Some(e) = error.filter(|e| *e > 0.0) {
            let (top, bottom) = (y(v + e), y(v - e));
            s.hair([x, top], [x, bottom], Pen::new(1.0, p.muted));
            for end in [top, bottom] {
                s.hair([x - 3.0, end], [x + 3.0, end], Pen::new(1.0, p.muted));
            }
        }
        let center = [x, y(v)];
        match (best, chosen == Some(at)) {
            (true, _) => {
                s.dot(center, 5.5, p.ground);
                s.dot(center, 4.0, p.color(Ink::Good));
                s.ring(center, 6.5, Pen::new(1.5, p.color(Ink::Good)));
            }
            (false, true) => s.dot(center, 4.0, p.accent),
            (false, false) => s.dot(center, 2.5, p.muted),
        }
    }
}

/// One dot per cluster in its colour; the least stable one is ringed.
fn dots(s: &mut Sketch, values: &[Option<Vec<f64>>], y: &impl Fn(f64) -> f32, places: &Places) {
    let p = s.palette;
    for (at, all) in values.iter().enumerate().filter_map(|(at, v)| Some((at, v.as_ref()?))) {
        let x = places.x(at);
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        let most = all.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        s.hair([x, y(most)], [x, y(least)], Pen::new(1.0, p.faint));
        for (cluster, v) in all.iter().enumerate().filter(|(_, v)| v.is_finite()) {
            s.dot([x, y(*v)], 3.0, p.color(Ink::Segment(cluster)));
        }
        let ink = if least >= 0.75 { Ink::Good } else { Ink::Warn };
        s.ring([x, y(least)], 5.0, Pen::new(1.5, p.color(ink)));
    }
}

/// Hollow dots where something is still to come.
fn pending(s: &mut Sketch, board: &Board, band: &Band, inner: &Area, places: &Places) {
    let p = s.palette;
    let y = (inner.top + inner.bottom) / 2.0;
    for at in (0..board.ks.len()).filter(|&at| !band.values.known(at)) {
        match board.failed[at] {
            Some(_) => s.words([places.x(at), y], "×", Anchor::Middle, Look::new(p.small_size, p.faint)),
            None => s.ring([places.x(at), y], 2.5, Pen::new(1.0, faded(p.faint, 0.6))),
        }
    }
}

/// The value beside its point, on the side with room, and above or below the line there.
fn value(s: &mut Sketch, band: &Band, at: usize, y: &impl Fn(f64) -> f32, places: &Places, area: &Area, strong: bool) {
    let p = s.palette;
    let Some(v) = band.values.main(at) else { return };
    let text = format::number(v, band.decimals);
    let half = crate::chart::text::width(&text, p.small_size, false) / 2.0 + 3.0;
    let (x, gap) = (places.x(at), 8.0);
    let right = x + gap + 2.0 * half <= area.right + 8.0;
    let (x, beside) = if right { (x + gap + half, Some(at + 1)) } else { (x - gap - half, at.checked_sub(1)) };
    let here = y(v);
    // Where the line passes under the words.
    let next = beside.filter(|b| *b < places.ks.len()).and_then(|b| band.values.main(b)).map_or(here, y);
    let share = ((gap + half) / places.step).min(1.0);
    let line = here + (next - here) * share;
    let high = p.small_size / 2.0 + 5.0;
    let above = line - high >= area.top + 6.0;
    let middle = if above { line - high } else { (line + high).min(area.bottom - 7.0) };
    let color = if strong { p.text } else { p.muted };
    s.tag([x, middle], &text, Look::new(p.small_size, color), faded(p.ground, 0.75), (area.left, area.right + 8.0));
}

/// The clusters of each k as a column to scale, the most valuable on top.
fn sizes(s: &mut Sketch, board: &Board, places: &Places, size: At) {
    let p = s.palette;
    let area = places.sizes;
    let middle = (area.top + area.bottom) / 2.0;
    s.words([0.0, middle - 8.0], "Cluster sizes", Anchor::Start, Look::new(p.note_size, p.text).bold());
    s.words([0.0, middle + 8.0], "share of customers", Anchor::Start, Look::new(p.small_size, p.muted));
    for (at, sizes) in board.sizes.iter().enumerate() {
        let column = places.column(at);
        let total = sizes.iter().sum::<usize>().max(1) as f32;
        let mut top = column.top;
        for (i, n) in sizes.iter().enumerate() {
            let bottom = top + *n as f32 / total * column.height();
            s.rect(
                Area::new(column.left, top, column.right, (bottom - 1.0).max(top + 0.5)),
                1.0,
                p.color(Ink::Segment(i)),
            );
            top = bottom;
        }
    }
    let left = size[0] - SAYS + 16.0;
    let words = "In the colours of the clusters, the first on top";
    let lines = wrapped(words, p.small_size, false, SAYS - 16.0);
    for (i, line) in lines.iter().enumerate() {
        let y = middle + (i as f32 - (lines.len() - 1) as f32 / 2.0) * (p.small_size + 3.0);
        s.words([left, y], line.as_str(), Anchor::Start, Look::new(p.small_size, p.muted));
    }
}
