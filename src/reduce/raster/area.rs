//! Which customers lie within an outline on the screen: all of them, however many are drawn.

use super::{Cloud, Dress, Eye, STRIDE, Window};
use crate::ctx::Ctx;
use crate::error::Result;

/// A closed outline in pixels from the top left; by the even-odd rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    corners: Vec<[f32; 2]>,
    low: [f32; 2],
    high: [f32; 2],
    /// Which sides cross each row of pixels, from `low` on.
    rows: Vec<Vec<u32>>,
}

impl Outline {
    pub fn new(corners: Vec<[f32; 2]>) -> Outline {
        let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        for c in &corners {
            for a in 0..2 {
                low[a] = low[a].min(c[a]);
                high[a] = high[a].max(c[a]);
            }
        }
        let mut outline = Outline { corners, low, high, rows: Vec::new() };
        if outline.corners.len() >= 3 && low.iter().chain(&high).all(|v| v.is_finite()) {
            outline.rows = vec![Vec::new(); (high[1] - low[1]).min(1e5) as usize + 1];
            for i in 0..outline.corners.len() {
                let (a, b) = outline.side(i as u32);
                let (from, to) = (outline.row(a[1].min(b[1])), outline.row(a[1].max(b[1])));
                for row in from..=to {
                    outline.rows[row].push(i as u32);
                }
            }
        }
        outline
    }

    fn side(&self, i: u32) -> ([f32; 2], [f32; 2]) {
        let i = i as usize;
        (self.corners[i], self.corners[(i + 1) % self.corners.len()])
    }

    fn row(&self, y: f32) -> usize {
        ((y - self.low[1]).max(0.0) as usize).min(self.rows.len() - 1)
    }

    /// Whether a place lies within.
    pub fn contains(&self, [x, y]: [f32; 2]) -> bool {
        // False for NaN as well.
        let near = x >= self.low[0] && x <= self.high[0] && y >= self.low[1] && y <= self.high[1];
        if !near || self.rows.is_empty() {
            return false;
        }
        let mut inside = false;
        for &i in &self.rows[self.row(y)] {
            let (a, b) = self.side(i);
            if (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] {
                inside = !inside;
            }
        }
        inside
    }

    /// Customers within it where `window` fills `size` pixels; ascending. Hidden ones do not count.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub fn in_flat(
        &self,
        cloud: &Cloud,
        dress: &Dress,
        window: &Window,
        size: [f32; 2],
        ctx: &Ctx,
    ) -> Result<Vec<u32>> {
        let x = window.x.map(|v| cloud.unit(0, v));
        let y = window.y.map(|v| cloud.unit(1, v));
        let across = f64::from(size[0]) / (x[1] - x[0]);
        let down = f64::from(size[1]) / (y[1] - y[0]);
        let place =
            |p: &[f32; 3]| [((f64::from(p[0]) - x[0]) * across) as f32, ((y[1] - f64::from(p[1])) * down) as f32];
        let of = |pixel: f32| x[0] + f64::from(pixel) / across;
        let up = |pixel: f32| y[1] - f64::from(pixel) / down;
        let runs = cloud.runs((of(self.low[0]), of(self.high[0])), (up(self.high[1]), up(self.low[1])));
        self.gather(cloud, dress, runs.flatten(), |i| place(&cloud.at[i]), ctx)
    }

    /// The same for a turned cloud.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub fn in_space(&self, cloud: &Cloud, dress: &Dress, eye: &Eye, ctx: &Ctx) -> Result<Vec<u32>> {
        let look = eye.look();
        self.gather(cloud, dress, 0..cloud.len(), |i| look.see(cloud.at[i]).0, ctx)
    }

    fn gather(
        &self,
        cloud: &Cloud,
        dress: &Dress,
        points: impl Iterator<Item = usize>,
        place: impl Fn(usize) -> [f32; 2],
        ctx: &Ctx,
    ) -> Result<Vec<u32>> {
        let mut found = Vec::new();
        for (n, i) in points.enumerate() {
            if n.is_multiple_of(STRIDE) {
                ctx.tick(n, cloud.len())?;
            }
            if dress.is_shown(i) && self.contains(place(i)) {
                found.push(cloud.customers[i]);
            }
        }
        found.sort_unstable();
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(corners: &[[f32; 2]], [x, y]: [f32; 2]) -> bool {
        let mut inside = false;
        for i in 0..corners.len() {
            let (a, b) = (corners[i], corners[(i + 1) % corners.len()]);
            if (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] {
                inside = !inside;
            }
        }
        inside
    }

    proptest! {
        #[test]
        fn rows_of_sides_say_the_same_as_all_sides(
            corners in proptest::collection::vec([0.0..100.0f32, 0.0..100.0f32], 3..20),
            points in proptest::collection::vec([-10.0..110.0f32, -10.0..110.0f32], 60),
        ) {
            let outline = Outline::new(corners.clone());
            for p in points {
                prop_assert_eq!(outline.contains(p), plain(&corners, p));
            }
        }
    }

    #[test]
    fn all_customers_in_a_box_are_found_in_both_views() {
        let place = |c: u32| [f64::from(c % 100), f64::from(c / 100), 0.0];
        let cloud = Cloud::new(0..10_000, place, &Ctx::silent()).unwrap();
        let ink = |c: u32| Some(0).filter(|_| c.is_multiple_of(2));
        let dress = Dress::new(&cloud, vec![[0; 3]], [0; 3], ink, &[], &Ctx::silent()).unwrap();
        let window = Window { x: [0.0, 100.0], y: [0.0, 100.0] };
        let square = Outline::new(vec![[9.5, 9.5], [29.5, 9.5], [29.5, 19.5], [9.5, 19.5]]);
        let found = square.in_flat(&cloud, &dress, &window, [100.0, 100.0], &Ctx::silent()).unwrap();
        // Columns 10–29, and rows 81–90 from the bottom, every second customer.
        let expected: Vec<u32> = (0..10_000)
            .filter(|c| c % 2 == 0 && (10..30).contains(&(c % 100)) && (81..=90).contains(&(c / 100)))
            .collect();
        assert_eq!(found, expected);
        let eye = Eye { turn: 0.0, tilt: 0.0, half: [1.0, 1.0, 0.001], middle: [49.5, 49.5], scale: 49.5 };
        let turned = square.in_space(&cloud, &dress, &eye, &Ctx::silent()).unwrap();
        // The picture has 99 pixels for 99 steps: half a pixel lower than the flat one.
        assert_eq!(turned.len(), expected.len());
    }

    #[test]
    fn a_line_or_nothing_holds_nobody() {
        assert!(!Outline::new(vec![]).contains([0.0, 0.0]));
        assert!(!Outline::new(vec![[0.0, 0.0], [9.0, 9.0]]).contains([1.0, 1.0]));
        assert!(!Outline::new(vec![[0.0, 0.0], [9.0, 9.0], [f32::NAN, 1.0]]).contains([f32::NAN, 1.0]));
    }
}
