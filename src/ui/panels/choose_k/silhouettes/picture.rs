//! Silhouettes laid out: a bar per customer, or per row of pixels where there are more customers than those.

use std::ops::Range;

use super::super::sketch::{Look, Sketch, faded};
use crate::chart::text::{elided, width};
use crate::chart::{Anchor, Area, At, Ink, Map, Palette, Pen, Picture, Scale, nice_step};
use crate::cluster::SilhouettePlot;
use crate::format;

/// Room for the names on the left, the means on the right and the axis below.
const NAMES: f32 = 196.0;
const MEANS: f32 = 72.0;
const AXIS: f32 = 34.0;
/// Above the first cluster, for the mean of all.
const TOP: f32 = 20.0;
/// Between clusters.
const GAP: f32 = 8.0;

/// Where things lie.
pub struct Places {
    pub left: f32,
    pub right: f32,
    /// Height of one customer.
    pub step: f32,
    /// Top and bottom of each cluster.
    clusters: Vec<(f32, f32)>,
    starts: Vec<usize>,
    bottom: f32,
    low: f64,
    size: At,
}

impl Places {
    pub fn of(plot: &SilhouettePlot, size: At) -> Places {
        let n = plot.customers.len().max(1) as f32;
        let shown = plot.starts.windows(2).filter(|w| w[1] > w[0]).count().max(1);
        let room = size[1] - AXIS - TOP - GAP * (shown - 1) as f32;
        let step = (room / n).max(0.0);
        let mut top = TOP;
        let clusters = plot.starts.windows(2).map(|w| {
            let bottom = top + (w[1] - w[0]) as f32 * step;
            let area = (top, bottom);
            top = if w[1] > w[0] { bottom + GAP } else { bottom };
            area
        });
        let clusters = clusters.collect();
        let least = plot.values.iter().copied().fold(0.0, f32::min);
        let low = (f64::from(least) * 10.0).floor() / 10.0;
        Places {
            left: NAMES,
            right: (size[0] - MEANS).max(NAMES + 40.0),
            step,
            clusters,
            starts: plot.starts.clone(),
            bottom: size[1] - AXIS,
            low,
            size,
        }
    }

    fn map(&self) -> Map {
        Map::new(&Scale::Linear { from: self.low, to: 1.0, format: Default::default() }, self.left, self.right)
    }

    /// The customer whose bar is at a height.
    pub fn place_at(&self, y: f32) -> Option<usize> {
        let cluster = self.clusters.iter().position(|(top, bottom)| (*top..*bottom).contains(&y))?;
        let within = ((y - self.clusters[cluster].0) / self.step) as usize;
        Some((self.starts[cluster] + within).min(self.starts[cluster + 1] - 1))
    }

    /// The height at which a customer's bar begins.
    pub fn y_of(&self, place: usize) -> f32 {
        let cluster = self.starts.partition_point(|&start| start <= place).saturating_sub(1);
        let (top, _) = self.clusters.get(cluster).copied().unwrap_or_default();
        top + (place - self.starts[cluster]) as f32 * self.step
    }

    /// Customers who share a row of pixels with this one.
    pub fn row_of(&self, place: usize) -> Range<usize> {
        if self.step >= 1.0 {
            return place..place + 1;
        }
        let cluster = self.starts.partition_point(|&start| start <= place).saturating_sub(1);
        let (start, end) = (self.starts[cluster], self.starts[cluster + 1]);
        let row = ((place - start) as f32 * self.step).floor();
        let at = |row: f32| (start + (row / self.step).ceil() as usize).min(end);
        at(row)..at(row + 1.0).max(at(row) + 1).min(end)
    }
}

/// The picture; `selected` are customers, ascending.
pub fn picture(
    plot: &SilhouettePlot,
    places: &Places,
    names: &[String],
    selected: &[u32],
    palette: &'static Palette,
) -> Picture {
    let mut s = Sketch::new(palette, places.size);
    let map = places.map();
    axis(&mut s, places, &map);
    let zero = map.place(0.0);
    for (c, &(top, bottom)) in places.clusters.iter().enumerate() {
        let (start, end) = (plot.starts[c], plot.starts[c + 1]);
        if start == end {
            continue;
        }
        bars(&mut s, plot, places, &map, c, selected);
        let middle = (top + bottom) / 2.0;
        let p = s.palette;
        s.dot([4.5, middle - 7.0], 4.5, p.color(Ink::Segment(c)));
        let room = NAMES - 26.0;
        let size = p.note_size;
        s.words([16.0, middle - 7.0], elided(&names[c], size, false, room), Anchor::Start, Look::new(size, p.text));
        let count = format::plural(end - start, "customer", "customers");
        s.words([16.0, middle + 8.0], count, Anchor::Start, Look::new(p.small_size, p.muted));
        let mean = map.place(plot.means[c]);
        s.hair([mean, top], [mean, bottom.max(top + 2.0)], Pen::new(1.0, p.text));
        let right = places.right + 12.0;
        let value = format::number(plot.means[c], 3);
        s.words([right, middle - 7.0], value, Anchor::Start, Look::new(size, p.text).bold());
        s.words([right, middle + 8.0], "mean", Anchor::Start, Look::new(p.small_size, p.muted));
    }
    let p = s.palette;
    s.hair([zero, TOP - 4.0], [zero, places.bottom], Pen::new(1.0, p.faint));
    let mean = map.place(plot.mean);
    s.hair([mean, TOP - 4.0], [mean, places.bottom], Pen::dashed(1.25, p.accent));
    let words = format!("mean {}", format::number(plot.mean, 3));
    let half = width(&words, p.small_size, false) / 2.0;
    let x = mean.clamp(places.left + half, places.right - half);
    s.words([x, TOP - 12.0], words, Anchor::Middle, Look::new(p.small_size, p.accent));
    s.done()
}

fn axis(s: &mut Sketch, places: &Places, map: &Map) {
    let p = s.palette;
    let step = nice_step(1.0 - places.low, 8);
    let first = (places.low / step).ceil() as i32;
    let last = (1.0 / step + 1e-9).floor() as i32;
    for i in first..=last {
        let (v, x) = (f64::from(i) * step, map.place(f64::from(i) * step));
        s.hair([x, TOP - 4.0], [x, places.bottom], Pen::new(1.0, p.grid));
        let text = format::number(v, if step < 0.1 { 2 } else { 1 });
        s.words([x, places.bottom + 10.0], text, Anchor::Middle, Look::new(p.small_size, p.muted));
    }
    let middle = (places.left + places.right) / 2.0;
    let words = "silhouette: below 0, a neighbouring cluster is nearer";
    s.words([middle, places.bottom + 25.0], words, Anchor::Middle, Look::new(p.small_size, p.muted));
}

/// The bars of one cluster: one per row of pixels at most, as long as the mean of its customers.
fn bars(s: &mut Sketch, plot: &SilhouettePlot, places: &Places, map: &Map, cluster: usize, selected: &[u32]) {
    let p = s.palette;
    let color = p.color(Ink::Segment(cluster));
    let zero = map.place(0.0);
    let end = plot.starts[cluster + 1];
    let mut place = plot.starts[cluster];
    // A hairline apart where there is room for it.
    let gap = if places.step >= 4.0 { 1.0 } else { 0.0 };
    while place < end {
        let row = places.row_of(place);
        let row = place..row.end.max(place + 1).min(end);
        let values = &plot.values[row.clone()];
        let value = values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64;
        let picked = plot.customers[row.clone()].iter().filter(|c| selected.binary_search(c).is_ok()).count();
        let top = places.y_of(row.start);
        let high = (places.step * row.len() as f32 - gap).max(1.0);
        let (x, fill) = (map.place(value), if selected.is_empty() || picked > 0 { color } else { faded(color, 0.35) });
        s.rect(Area::new(zero.min(x), top, zero.max(x), top + high), 0.0, fill);
        if picked > 0 {
            // The selection is told by its place too, not by strength alone.
            s.rect(Area::new(places.left - 6.0, top, places.left - 2.0, top + high), 0.0, p.accent);
        }
        place = row.end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Shape;

    fn plot(each: usize) -> SilhouettePlot {
        let value = |i: usize| 0.9 - (i % each) as f32 / each as f32;
        SilhouettePlot {
            customers: (0..2 * each as u32).collect(),
            values: (0..2 * each).map(value).collect(),
            starts: vec![0, each, 2 * each],
            means: vec![0.4; 2],
            mean: 0.4,
            error: None,
            of: 2 * each,
            misplaced: Vec::new(),
        }
    }

    #[test]
    fn many_customers_share_rows_of_pixels() {
        for each in [7, 20_000] {
            let plot = plot(each);
            let size = [700.0, 500.0];
            let places = Places::of(&plot, size);
            let names = ["a".to_string(), "b".to_string()];
            let picture = picture(&plot, &places, &names, &[], Palette::of(true));
            let bars = picture.shapes.iter().filter(|s| matches!(s, Shape::Rect { .. })).count();
            assert!(bars <= 500 && bars >= 14.min(2 * each), "{bars} bars");
            // Every customer is in exactly one row, and found at its height.
            let mut place = 0;
            while place < 2 * each {
                let row = places.row_of(place);
                assert_eq!(row.start, place);
                assert!(row.end > place);
                let found = places.place_at(places.y_of(place) + 0.4 * places.step).unwrap();
                assert!(row.contains(&found), "{found} not in {row:?}");
                place = row.end;
            }
        }
    }
}
