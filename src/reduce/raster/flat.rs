//! Two dimensions: how many points lie in each pixel, and of which colours.

use super::shade::{Scale, covered, spread};
use super::{Cloud, Dress, Pixel, STRIDE};
use crate::ctx::Ctx;
use crate::error::Result;

/// What is looked at: a rectangle of the first two axes, in their values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    pub x: [f64; 2],
    pub y: [f64; 2],
}

impl Window {
    /// The same window grown by a share of its size on every side.
    pub fn grown(&self, by: f64) -> Window {
        let grow = |[from, to]: [f64; 2]| {
            let more = (to - from) * by;
            [from - more, to + more]
        };
        Window { x: grow(self.x), y: grow(self.y) }
    }
}

/// The points of a window.
#[derive(Debug)]
pub struct Flat {
    pub size: [usize; 2],
    /// Row by row from the top; empty where all points of the window are given one by one.
    pub pixels: Vec<Pixel>,
    /// Points in the window that are not hidden.
    pub points: usize,
    /// All of them, if they are few enough to be drawn one by one: places in the cloud.
    pub few: Option<Vec<u32>>,
}

/// What lies in one pixel.
#[derive(Clone, Copy, Default)]
struct Count {
    /// Points, and the sums of their colours.
    points: u32,
    sum: [u32; 3],
}

/// Draws a window of `cloud` into `size` pixels, or tells which points it has, where they are at most `few`. Each pixel
/// has the mean colour of its points, the more opaque the more they are. Points that stand back lie faintly below.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn flat(cloud: &Cloud, dress: &Dress, window: &Window, size: [usize; 2], few: usize, ctx: &Ctx) -> Result<Flat> {
    let [width, height] = size;
    let x = window.x.map(|v| cloud.unit(0, v));
    let y = window.y.map(|v| cloud.unit(1, v));
    let inside = |p: &[f32; 3]| {
        let (px, py) = (f64::from(p[0]), f64::from(p[1]));
        px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1]
    };
    let mut list = Vec::new();
    let mut points = 0;
    let mut seen = 0;
    for run in cloud.runs((x[0], x[1]), (y[0], y[1])) {
        for i in run.clone() {
            if dress.is_shown(i) && inside(&cloud.at[i]) {
                points += 1;
                if points <= few {
                    list.push(i as u32);
                }
            }
        }
        seen += run.len();
        if seen > STRIDE {
            ctx.tick(1, 3)?;
            seen = 0;
        }
    }
    if points <= few {
        return Ok(Flat { size, pixels: Vec::new(), points, few: Some(list) });
    }
    drop(list);
    let mut counts = vec![Count::default(); width * height];
    let mut behind = if dress.selects { vec![0u32; width * height] } else { Vec::new() };
    let across = (width as f64 / (x[1] - x[0])) as f32;
    let down = (height as f64 / (y[1] - y[0])) as f32;
    let (left, top) = (x[0] as f32, y[1] as f32);
    for run in cloud.runs((x[0], x[1]), (y[0], y[1])) {
        for i in run.clone() {
            if !dress.is_shown(i) {
                continue;
            }
            let p = &cloud.at[i];
            let (px, py) = ((p[0] - left) * across, (top - p[1]) * down);
            if !(px >= 0.0 && py >= 0.0 && px <= width as f32 && py <= height as f32) {
                continue;
            }
            // What lies on the lower or right edge belongs to the last pixel.
            let at = (py as usize).min(height - 1) * width + (px as usize).min(width - 1);
            if dress.stands_back(i) {
                behind[at] = behind[at].saturating_add(1);
                continue;
            }
            let count = &mut counts[at];
            count.points += 1;
            for (sum, part) in count.sum.iter_mut().zip(dress.color(i)) {
                *sum = sum.saturating_add(u32::from(part));
            }
        }
        seen += run.len();
        if seen > STRIDE {
            ctx.tick(2, 3)?;
            seen = 0;
        }
    }
    let scale = Scale::new(counts.iter().map(|c| c.points));
    let faint = Scale::new(behind.iter().copied());
    let back = back_color(dress);
    let mut pixels = vec![[0; 4]; width * height];
    for (i, (pixel, count)) in pixels.iter_mut().zip(&counts).enumerate() {
        if count.points > 0 {
            let mean = count.sum.map(|s| (s / count.points) as u8);
            *pixel = covered(mean, scale.opacity(count.points));
        } else if let Some(&n) = behind.get(i).filter(|n| **n > 0) {
            *pixel = covered(back, (u16::from(faint.opacity(n)) * 2 / 5) as u8);
        }
    }
    ctx.tick(3, 3)?;
    // The sparser the picture, the larger the points.
    let reach = if points * 8 < width * height { 2 } else { 1 };
    spread(&mut pixels, size, if reach > 1 { 0.75 } else { 0.5 }, reach);
    Ok(Flat { size, pixels, points, few: None })
}

/// One colour for all that stands back: half way from the ground to what is easily seen on it.
fn back_color(dress: &Dress) -> [u8; 3] {
    let light = dress.ground.iter().map(|v| u32::from(*v)).sum::<u32>() > 3 * 128;
    dress.faded(if light { [0; 3] } else { [255; 3] }, 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INKS: [[u8; 3]; 2] = [[200, 0, 0], [0, 0, 200]];

    /// A block of customers of the first ink in the left half, one lone customer of the second far right.
    fn cloud() -> Cloud {
        let place = |c: u32| match c {
            0 => [100.0, 50.0, 0.0],
            _ => [f64::from(c % 40), f64::from(c / 40 % 100), 0.0],
        };
        Cloud::new(0..30_000, place, &Ctx::silent()).unwrap()
    }

    fn dress(cloud: &Cloud, selected: &[u32], hidden: Option<u16>) -> Dress {
        let ink = |c: u32| Some(u16::from(c == 0)).filter(|i| Some(*i) != hidden);
        Dress::new(cloud, INKS.to_vec(), [0; 3], ink, selected, &Ctx::silent()).unwrap()
    }

    const WHOLE: Window = Window { x: [-1.0, 101.0], y: [-1.0, 100.0] };

    fn reds_and_blues(flat: &Flat) -> (usize, usize) {
        let count = |c: usize| flat.pixels.iter().filter(|p| p[c] > p[2 - c]).count();
        (count(0), count(2))
    }

    #[test]
    fn a_lone_point_is_seen_beside_thirty_thousand() {
        let cloud = cloud();
        let flat = flat(&cloud, &dress(&cloud, &[], None), &WHOLE, [200, 100], 100, &Ctx::silent()).unwrap();
        assert_eq!((flat.points, flat.few.is_none()), (30_000, true));
        let (reds, blues) = reds_and_blues(&flat);
        assert!(reds > 1000, "{reds}");
        assert!((3..30).contains(&blues), "{blues}");
        let alpha = flat.pixels.iter().filter(|p| p[2] > p[0]).map(|p| p[3]).max();
        assert!(alpha.unwrap() >= 128);
    }

    #[test]
    fn hidden_points_are_not_drawn_and_those_that_stand_back_have_no_colour() {
        let cloud = cloud();
        let draw = |dress: &Dress| flat(&cloud, dress, &WHOLE, [200, 100], 100, &Ctx::silent()).unwrap();
        let without = draw(&dress(&cloud, &[], Some(1)));
        assert_eq!(without.points, 29_999);
        assert_eq!(reds_and_blues(&without).1, 0);
        let selected = draw(&dress(&cloud, &[0], None));
        let (reds, blues) = reds_and_blues(&selected);
        assert!(reds == 0 && blues > 0);
        assert!(selected.pixels.iter().filter(|p| p[3] > 0).count() > 1000, "the others are there, without colour");
    }

    #[test]
    fn few_points_are_given_one_by_one() {
        let cloud = cloud();
        let window = Window { x: [90.0, 110.0], y: [0.0, 99.0] };
        let flat = flat(&cloud, &dress(&cloud, &[], None), &window, [200, 100], 100, &Ctx::silent()).unwrap();
        let few = flat.few.unwrap();
        assert_eq!(few.len(), 1);
        assert_eq!(cloud.customers[few[0] as usize], 0);
        assert!(flat.pixels.is_empty());
    }
}
