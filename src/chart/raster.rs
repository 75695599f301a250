//! Many points as a density picture in which every lone point is still seen.

use rayon::prelude::*;

use super::layout::{MOST_CIRCLES, Options, layout};
use super::palette::{Palette, mixed};
use super::picture::{Area, At, Color, Picture, Raster, Shape};
use super::scale::Map;
use super::{Chart, Ink, Marks, Points};
use crate::ctx::Ctx;
use crate::error::Result;

/// Points between two looks at whether to go on.
const STRIDE: usize = 1 << 16;
/// As many parts are counted side by side; each holds a whole picture of counts.
const PARTS: usize = 4;
/// Opacity of a pixel with one point, and of the pixels around it.
const LONE: f32 = 0.5;
const AROUND: f32 = 0.6;

/// The whole picture of a chart, with title and note, as it is copied and saved: [`layout`] with [`Options::PICTURE`]
/// and, where there are too many points for circles, their density with `scale` pixels per point.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn whole(chart: &Chart, size: At, palette: &Palette, scale: f32, ctx: &Ctx) -> Result<Picture> {
    let mut picture = layout(chart, size, palette, &Options::PICTURE);
    if let (Some(cloud), Marks::Points(points), Some(x), Some(y)) =
        (picture.cloud.take(), &chart.marks, picture.x, picture.y)
    {
        let raster = density(points, &cloud.area, [x, y], palette, scale, ctx)?;
        let image = Shape::Image { area: cloud.area, raster: raster.into() };
        picture.shapes.insert(cloud.before, image);
    }
    Ok(picture)
}

impl Chart {
    /// The note with what the drawing leaves out.
    pub fn whole_note(&self) -> String {
        match &self.marks {
            Marks::Points(points) if points.x.len() > MOST_CIRCLES => {
                let join = if self.note.is_empty() { "" } else { "; " };
                let n = crate::format::count(points.x.len());
                format!("{}{join}density of {n} points", self.note)
            }
            _ => self.note.clone(),
        }
    }
}

/// How many points lie in each pixel of `area`, as colours: the mean of the points' inks, the more opaque the more
/// points there are (by the logarithm). Points that are not selected lie faintly below. Transparent where there is none.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn density(
    points: &Points,
    area: &Area,
    maps: [Map; 2],
    palette: &Palette,
    scale: f32,
    ctx: &Ctx,
) -> Result<Raster> {
    let width = ((area.width() * scale).round() as usize).clamp(1, 8192);
    let height = ((area.height() * scale).round() as usize).clamp(1, 8192);
    let counts = count(points, area, maps, palette, [width, height], ctx)?;
    let most = counts.iter().map(|c| c.points.max(c.others)).max().unwrap_or(1).max(2) as f32;
    let faint = mixed(palette.ground, palette.color(Ink::Faint), 0.7);
    let opacity = |n: u32| LONE + (1.0 - LONE) * (n as f32).ln() / most.ln();
    let shade = |c: &Count| -> Color {
        if c.points > 0 {
            let [r, g, b] = c.sum.map(|s| (f64::from(s) / f64::from(c.points)).round() as u8);
            [r, g, b, (opacity(c.points) * 255.0) as u8]
        } else if c.others > 0 {
            [faint[0], faint[1], faint[2], (opacity(c.others) * 200.0) as u8]
        } else {
            [0; 4]
        }
    };
    let own: Vec<Color> = counts.iter().map(shade).collect();
    ctx.tick(1, 1)?;
    // A single pixel is hardly seen: its neighbours take some of its colour where they have none.
    let mut pixels = own.clone();
    for y in 0..height {
        for x in 0..width {
            let at = y * width + x;
            if own[at][3] > 0 {
                continue;
            }
            let beside = [
                (x > 0).then(|| own[at - 1]),
                (x + 1 < width).then(|| own[at + 1]),
                (y > 0).then(|| own[at - width]),
                (y + 1 < height).then(|| own[at + width]),
            ];
            if let Some(strongest) = beside.into_iter().flatten().max_by_key(|c| c[3]).filter(|c| c[3] > 0) {
                let [r, g, b, a] = strongest;
                pixels[at] = [r, g, b, (f32::from(a) * AROUND) as u8];
            }
        }
    }
    Ok(Raster { width, height, pixels })
}

/// What lies in one pixel.
#[derive(Clone, Copy, Default)]
struct Count {
    /// Points that are selected (all, where nothing is), and the sums of their colours.
    points: u32,
    sum: [u32; 3],
    /// Points that are not.
    others: u32,
}

fn count(
    points: &Points,
    area: &Area,
    [x, y]: [Map; 2],
    palette: &Palette,
    [width, height]: [usize; 2],
    ctx: &Ctx,
) -> Result<Vec<Count>> {
    let n = points.x.len().min(points.y.len());
    let inks: Vec<Color> = points.inks.iter().map(|ink| palette.color(*ink)).collect();
    let accent = palette.accent;
    let (across, down) = (width as f32 / area.width(), height as f32 / area.height());
    let part = n.div_ceil(PARTS).max(STRIDE);
    let count_part = |from: usize| -> Result<Vec<Count>> {
        let mut counts = vec![Count::default(); width * height];
        for start in (from..(from + part).min(n)).step_by(STRIDE) {
            ctx.tick(start, n)?;
            for i in start..(start + STRIDE).min(from + part).min(n) {
                let (px, py) = ((x.place(points.x[i]) - area.left) * across, (y.place(points.y[i]) - area.top) * down);
                // False for NaN as well.
                let inside = px >= 0.0 && py >= 0.0 && px <= width as f32 && py <= height as f32;
                if !inside {
                    continue;
                }
                // What lies on the lower or right edge belongs to the last pixel.
                let (px, py) = ((px as usize).min(width - 1), (py as usize).min(height - 1));
                let count = &mut counts[py * width + px];
                if points.selected.as_ref().is_some_and(|s| !s.get(i).copied().unwrap_or(false)) {
                    count.others += 1;
                    continue;
                }
                let group = points.group.get(i).copied().unwrap_or(0) as usize;
                let color = inks.get(group).unwrap_or(&accent);
                count.points += 1;
                for (sum, part) in count.sum.iter_mut().zip(color) {
                    *sum = sum.saturating_add(u32::from(*part));
                }
            }
        }
        Ok(counts)
    };
    let starts: Vec<usize> = (0..n.max(1)).step_by(part).collect();
    let counts = starts.into_par_iter().map(count_part).reduce_with(|a, b| {
        let (mut a, b) = (a?, b?);
        for (a, b) in a.iter_mut().zip(&b) {
            a.points += b.points;
            a.others += b.others;
            for (a, b) in a.sum.iter_mut().zip(b.sum) {
                *a = a.saturating_add(b);
            }
        }
        Ok(a)
    });
    counts.unwrap_or_else(|| Ok(vec![Count::default(); width * height]))
}
