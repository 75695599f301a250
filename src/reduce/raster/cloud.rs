//! Customers as points, in an order that keeps neighbours together.

use crate::ctx::Ctx;
use crate::error::Result;

/// About as many points lie in a cell.
const PER_CELL: usize = 24;
const MOST_CELLS: usize = 512;

/// Points in the box of their values. They stand in the order of the cells of a grid over the first two axes, row by row:
/// what lies in a window is found by cell, and drawing runs through memory instead of jumping about.
#[derive(Debug, Default)]
pub struct Cloud {
    /// Place in the customer table of each point.
    pub customers: Vec<u32>,
    /// Places in the box, 0–1 on each axis. 0.5 where all values of an axis are the same.
    pub at: Vec<[f32; 3]>,
    /// Least and greatest value of each axis; different from each other.
    pub low: [f64; 3],
    pub high: [f64; 3],
    /// Customers without a finite place: not drawn.
    pub without: usize,
    /// Distance from the middle of the box within which all but the furthest hundredth lie, in values; for views that
    /// should not shrink everybody for a few giants.
    pub reach: f64,
    side: usize,
    /// Where the points of each cell begin; one more than there are cells.
    from: Vec<u32>,
}

impl Cloud {
    /// The points of `customers`, placed by `place` (three values each; those of axes that are not shown 0).
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub fn new(
        customers: impl ExactSizeIterator<Item = u32>,
        place: impl Fn(u32) -> [f64; 3],
        ctx: &Ctx,
    ) -> Result<Cloud> {
        let n = customers.len();
        let mut known: Vec<(u32, [f64; 3])> = Vec::with_capacity(n);
        let (mut low, mut high) = ([f64::INFINITY; 3], [f64::NEG_INFINITY; 3]);
        for (i, customer) in customers.enumerate() {
            if i.is_multiple_of(super::STRIDE) {
                ctx.tick(i, 2 * n)?;
            }
            let at = place(customer);
            if at.iter().all(|v| v.is_finite()) {
                for a in 0..3 {
                    low[a] = low[a].min(at[a]);
                    high[a] = high[a].max(at[a]);
                }
                known.push((customer, at));
            }
        }
        for a in 0..3 {
            // One place on an axis is a box around it.
            if known.is_empty() || high[a] <= low[a] {
                let middle = if known.is_empty() { 0.0 } else { low[a] };
                (low[a], high[a]) = (middle - 0.5, middle + 0.5);
            }
        }
        let span: [f64; 3] = std::array::from_fn(|a| high[a] - low[a]);
        let unit = |at: &[f64; 3]| -> [f32; 3] { std::array::from_fn(|a| ((at[a] - low[a]) / span[a]) as f32) };
        let side = ((known.len() / PER_CELL) as f64).sqrt() as usize;
        let side = side.clamp(1, MOST_CELLS);
        let cell = |at: &[f32; 3]| {
            let part = |v: f32| ((v * side as f32) as usize).min(side - 1);
            part(at[1]) * side + part(at[0])
        };
        let mut from = vec![0u32; side * side + 1];
        for (_, at) in &known {
            from[cell(&unit(at)) + 1] += 1;
        }
        for i in 1..from.len() {
            from[i] += from[i - 1];
        }
        ctx.tick(n, 2 * n)?;
        let mut to = from.clone();
        let mut cloud = Cloud {
            customers: vec![0; known.len()],
            at: vec![[0.0; 3]; known.len()],
            low,
            high,
            without: n - known.len(),
            reach: 0.0,
            side,
            from,
        };
        let middle: [f64; 3] = std::array::from_fn(|a| (low[a] + high[a]) / 2.0);
        let mut radii = Vec::with_capacity(known.len());
        for (i, (customer, at)) in known.iter().enumerate() {
            if i.is_multiple_of(super::STRIDE) {
                ctx.tick(n + i, 2 * n)?;
            }
            let unit = unit(at);
            let next = &mut to[cell(&unit)];
            cloud.customers[*next as usize] = *customer;
            cloud.at[*next as usize] = unit;
            *next += 1;
            radii.push((0..3).map(|a| (at[a] - middle[a]).powi(2)).sum::<f64>());
        }
        if !radii.is_empty() {
            let at = (radii.len() - 1) * 99 / 100;
            cloud.reach = radii.select_nth_unstable_by(at, f64::total_cmp).1.sqrt();
        }
        Ok(cloud)
    }

    pub fn len(&self) -> usize {
        self.at.len()
    }

    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// The values of a point.
    pub fn values(&self, point: usize) -> [f64; 3] {
        std::array::from_fn(|a| self.low[a] + f64::from(self.at[point][a]) * (self.high[a] - self.low[a]))
    }

    /// A value of an axis as a place in the box, 0–1 within it.
    pub fn unit(&self, axis: usize, value: f64) -> f64 {
        (value - self.low[axis]) / (self.high[axis] - self.low[axis])
    }

    /// Runs of points, row by row, whose cells touch a window of the box. Some of them lie outside of it.
    pub(super) fn runs(&self, x: (f64, f64), y: (f64, f64)) -> impl Iterator<Item = std::ops::Range<usize>> {
        let side = self.side;
        let part = |v: f64| ((v * side as f64).floor().clamp(0.0, side as f64 - 1.0)) as usize;
        let outside = self.is_empty() || x.1 < 0.0 || x.0 > 1.0 || y.1 < 0.0 || y.0 > 1.0;
        let rows = if outside { 1..1 } else { part(y.0)..part(y.1) + 1 };
        let (first, last) = (part(x.0), part(x.1));
        rows.map(move |row| self.from[row * side + first] as usize..self.from[row * side + last + 1] as usize)
            .filter(|run| !run.is_empty())
    }

    /// Whether more than so many points lie in a window.
    pub fn holds_more(&self, window: &super::Window, than: usize) -> bool {
        let x = window.x.map(|v| self.unit(0, v));
        let y = window.y.map(|v| self.unit(1, v));
        let inside = |i: &usize| {
            let (px, py) = (f64::from(self.at[*i][0]), f64::from(self.at[*i][1]));
            px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1]
        };
        self.runs((x[0], x[1]), (y[0], y[1])).flatten().filter(inside).nth(than).is_some()
    }

    /// The point nearest to a place of the first two axes, within the ellipse with these half axes; all in values. Points
    /// for which `seen` is false do not count.
    pub fn nearest(&self, at: [f64; 2], within: [f64; 2], seen: impl Fn(usize) -> bool) -> Option<usize> {
        let unit = [self.unit(0, at[0]), self.unit(1, at[1])];
        let half: [f64; 2] = std::array::from_fn(|a| within[a] / (self.high[a] - self.low[a]));
        let mut best = (1.0, None);
        for run in self.runs((unit[0] - half[0], unit[0] + half[0]), (unit[1] - half[1], unit[1] + half[1])) {
            for i in run {
                let p = self.at[i];
                let away =
                    ((f64::from(p[0]) - unit[0]) / half[0]).powi(2) + ((f64::from(p[1]) - unit[1]) / half[1]).powi(2);
                if away < best.0 && seen(i) {
                    best = (away, Some(i));
                }
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cloud(n: u32) -> Cloud {
        let place = |c: u32| [f64::from(c % 97) * 3.0, f64::from(c % 89) - 40.0, 0.0];
        Cloud::new(0..n, place, &Ctx::silent()).unwrap()
    }

    #[test]
    fn nobody_is_lost_and_places_come_back() {
        let cloud = cloud(5000);
        let mut all = cloud.customers.clone();
        all.sort_unstable();
        assert!(all.into_iter().eq(0..5000));
        for (i, &c) in cloud.customers.iter().enumerate() {
            let [x, y, _] = cloud.values(i);
            assert!((x - f64::from(c % 97) * 3.0).abs() < 1e-3 && (y - f64::from(c % 89) + 40.0).abs() < 1e-3);
        }
        let found: usize = cloud.runs((-1.0, 2.0), (-1.0, 2.0)).map(|r| r.len()).sum();
        assert_eq!(found, 5000);
        assert_eq!(cloud.runs((1.2, 2.0), (0.0, 1.0)).count(), 0);
        let window = crate::reduce::raster::Window { x: [-1.0, 10.0], y: [-50.0, 50.0] };
        let there = (0..5000).filter(|c| c % 97 < 4).count();
        assert!(cloud.holds_more(&window, there - 1) && !cloud.holds_more(&window, there));
    }

    #[test]
    fn the_nearest_point_is_the_nearest() {
        let cloud = cloud(5000);
        for at in [[10.0, 0.0], [144.4, -39.0], [288.0, 48.0], [77.0, 20.3]] {
            let away = |i: usize| {
                let v = cloud.values(i);
                (v[0] - at[0]).hypot(v[1] - at[1])
            };
            let found = cloud.nearest(at, [6.0, 6.0], |_| true).expect("points lie everywhere");
            let best = (0..cloud.len()).map(away).fold(f64::INFINITY, f64::min);
            assert!((away(found) - best).abs() < 1e-4);
        }
        assert_eq!(cloud.nearest([10.0, 500.0], [6.0, 6.0], |_| true), None);
    }

    #[test]
    fn customers_without_a_place_are_counted_and_one_place_is_a_box() {
        let place = |c: u32| if c == 3 { [f64::NAN, 1.0, 0.0] } else { [2.0, 1.0, 0.0] };
        let cloud = Cloud::new(0..5, place, &Ctx::silent()).unwrap();
        assert_eq!((cloud.len(), cloud.without), (4, 1));
        assert_eq!(cloud.at[0], [0.5, 0.5, 0.5]);
        let nobody = Cloud::new(0..0, |_| [0.0; 3], &Ctx::silent()).unwrap();
        assert!(nobody.is_empty() && nobody.nearest([0.0; 2], [1.0; 2], |_| true).is_none());
    }
}
