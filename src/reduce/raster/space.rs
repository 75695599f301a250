//! Three dimensions: turned, seen with a little perspective, the nearest point of each pixel.

use super::shade::{covered, spread};
use super::{Cloud, Dress, Pixel, STRIDE};
use crate::ctx::Ctx;
use crate::error::Result;

/// How much larger what is near appears.
const PERSPECTIVE: f32 = 0.18;
/// In pictures of ids: nobody is here.
pub const NOBODY: u32 = u32::MAX;

/// Where one looks from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Eye {
    /// Turned about the vertical axis, and tilted towards the eye, in radians.
    pub turn: f32,
    pub tilt: f32,
    /// Half the sides of the box; the middle of the box is in the middle of the picture.
    pub half: [f32; 3],
    /// Where the middle of the box appears, in pixels from the top left.
    pub middle: [f32; 2],
    /// Pixels per unit of `half`.
    pub scale: f32,
}

impl Eye {
    /// Ready to look at many points.
    pub fn look(&self) -> Look {
        Look { eye: *self, turn: self.turn.sin_cos(), tilt: self.tilt.sin_cos() }
    }
}

/// An eye with its angles worked out.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    eye: Eye,
    turn: (f32, f32),
    tilt: (f32, f32),
}

impl Look {
    /// Where a place in the box (0–1 on each axis) appears, in pixels from the top left, and how near it is: about −1 to
    /// 1, 1 is nearest. The first axis points to the right, the second upwards, the third towards the eye.
    pub fn see(&self, at: [f32; 3]) -> ([f32; 2], f32) {
        let half = self.eye.half;
        let [x, y, z] = [(at[0] * 2.0 - 1.0) * half[0], (at[1] * 2.0 - 1.0) * half[1], (at[2] * 2.0 - 1.0) * half[2]];
        let (sin, cos) = self.turn;
        let (x, z) = (x * cos + z * sin, z * cos - x * sin);
        let (sin, cos) = self.tilt;
        let (y, z) = (y * cos - z * sin, y * sin + z * cos);
        // What comes close to the eye must not turn inside out.
        let near = self.eye.scale / (1.0 - PERSPECTIVE * z).max(0.1);
        ([self.eye.middle[0] + x * near, self.eye.middle[1] - y * near], z)
    }
}

/// How much of its colour a point has at this nearness: what is far fades into the ground.
pub fn clearness(depth: f32) -> f32 {
    0.35 + 0.65 * ((depth + 1.0) / 2.0).clamp(0.0, 1.0)
}

/// A picture of a turned cloud.
#[derive(Debug)]
pub struct Space {
    pub size: [usize; 2],
    /// Row by row from the top.
    pub pixels: Vec<Pixel>,
    /// The point seen in each pixel, or [`NOBODY`].
    pub ids: Vec<u32>,
    /// Points in the picture that are not hidden.
    pub points: usize,
}

/// Draws `cloud` as `eye` sees it into `size` pixels. Points that stand back are faint, and behind all others.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn space(cloud: &Cloud, dress: &Dress, eye: &Eye, size: [usize; 2], ctx: &Ctx) -> Result<Space> {
    let [width, height] = size;
    let look = eye.look();
    // Nearness above, the point below: the greatest is what is seen. 0 is nobody, as no nearness is.
    let mut nearest = vec![0u64; width * height];
    let mut points = 0;
    for (i, at) in cloud.at.iter().enumerate() {
        if i.is_multiple_of(STRIDE) {
            ctx.tick(i, cloud.len())?;
        }
        if !dress.is_shown(i) {
            continue;
        }
        let ([x, y], depth) = look.see(*at);
        if !(x >= 0.0 && y >= 0.0 && x < width as f32 && y < height as f32) {
            continue;
        }
        points += 1;
        // 30 bits of nearness, and a bit for those who do not stand back.
        let steps = ((depth + 4.0).clamp(0.01, 8.0) * (1 << 27) as f32) as u64;
        let front = u64::from(!dress.stands_back(i)) << 62;
        let key = front | (steps << 32) | i as u64;
        let pixel = &mut nearest[y as usize * width + x as usize];
        *pixel = (*pixel).max(key);
    }
    let mut pixels = vec![[0; 4]; width * height];
    let mut ids = vec![NOBODY; width * height];
    let faint = |c: [u8; 3]| dress.faded(c, 0.3);
    for ((pixel, id), key) in pixels.iter_mut().zip(&mut ids).zip(&nearest) {
        if *key == 0 {
            continue;
        }
        let point = (*key & 0xffff_ffff) as usize;
        *id = point as u32;
        let depth = (((*key >> 32) & 0x3fff_ffff) as f32) / (1 << 27) as f32 - 4.0;
        let color = dress.faded(dress.color(point), clearness(depth));
        *pixel = if dress.stands_back(point) { covered(faint(color), 140) } else { covered(color, 255) };
    }
    let reach = if points * 8 < width * height { 2 } else { 1 };
    spread(&mut pixels, size, 0.7, reach);
    Ok(Space { size, pixels, ids, points })
}

impl Space {
    /// The point that is seen nearest to a pixel, within so many pixels.
    pub fn nearest(&self, at: [f32; 2], within: f32) -> Option<usize> {
        let [width, height] = self.size;
        let range = |v: f32, most: usize| {
            let from = (v - within).floor().max(0.0) as usize;
            from..((v + within).ceil().max(0.0) as usize).min(most)
        };
        let mut best = (within, None);
        for y in range(at[1], height) {
            for x in range(at[0], width) {
                let id = self.ids[y * width + x];
                let away = (x as f32 + 0.5 - at[0]).hypot(y as f32 + 0.5 - at[1]);
                if id != NOBODY && away < best.0 {
                    best = (away, Some(id as usize));
                }
            }
        }
        best.1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EYE: Eye = Eye { turn: 0.0, tilt: 0.0, half: [1.0; 3], middle: [50.0, 50.0], scale: 40.0 };

    /// Two customers in line with the eye, the second one nearer, and one at the side.
    fn cloud() -> Cloud {
        let places = [[0.5, 0.5, 0.0], [0.5, 0.5, 1.0], [0.0, 0.0, 0.5], [1.0, 1.0, 0.5]];
        Cloud::new(0..4, |c| places[c as usize], &Ctx::silent()).unwrap()
    }

    fn draw(cloud: &Cloud, hidden: Option<u32>, selected: &[u32]) -> Space {
        let inks = vec![[10, 0, 0], [20, 0, 0], [30, 0, 0], [40, 0, 0]];
        let ink = |c: u32| Some(c as u16).filter(|_| Some(c) != hidden);
        let dress = Dress::new(cloud, inks, [0; 3], ink, selected, &Ctx::silent()).unwrap();
        space(cloud, &dress, &EYE, [100, 100], &Ctx::silent()).unwrap()
    }

    fn seen(space: &Space, cloud: &Cloud, x: usize, y: usize) -> Option<u32> {
        space.nearest([x as f32, y as f32], 2.0).map(|i| cloud.customers[i])
    }

    #[test]
    fn the_nearer_point_hides_the_further_one_unless_it_is_hidden_or_stands_back() {
        let cloud = cloud();
        assert_eq!(seen(&draw(&cloud, None, &[]), &cloud, 50, 50), Some(1));
        assert_eq!(seen(&draw(&cloud, Some(1), &[]), &cloud, 50, 50), Some(0));
        assert_eq!(seen(&draw(&cloud, None, &[0, 2]), &cloud, 50, 50), Some(0));
        let all = draw(&cloud, None, &[]);
        assert_eq!(all.points, 4);
        assert_eq!(seen(&all, &cloud, 10, 90), Some(2), "low values lie at the left and at the bottom");
        assert_eq!(seen(&all, &cloud, 30, 30), None);
    }

    #[test]
    fn a_quarter_turn_brings_the_side_to_the_front() {
        let look = Eye { turn: std::f32::consts::FRAC_PI_2, ..EYE }.look();
        let (_, depth) = look.see([0.0, 0.5, 0.5]);
        assert!((depth - 1.0).abs() < 1e-6);
        let ([x, _], _) = look.see([0.5, 0.5, 1.0]);
        assert!(x > 80.0);
    }
}
