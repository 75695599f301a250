//! From counts to colours.

use super::Pixel;

/// Opacity of a pixel with one point.
const LONE: f32 = 0.55;
/// Above this count a pixel counts as one of the fullest when the scale is set.
const MOST: usize = 1 << 12;

/// Opacity by count: a lone point is clearly seen, and it grows with the logarithm up to the fullest pixels. The fullest
/// thousandth of the pixels does not set the scale: customers who are all alike would make everybody else pale.
pub struct Scale {
    opacity: Vec<u8>,
}

impl Scale {
    /// The scale for these counts; 0 where there is nothing.
    pub fn new(counts: impl Iterator<Item = u32>) -> Scale {
        let mut times = vec![0usize; MOST];
        for count in counts {
            times[(count as usize).min(MOST - 1)] += 1;
        }
        times[0] = 0;
        let beyond = times.iter().sum::<usize>() / 1000;
        let mut above = 0;
        let top = (1..MOST).rev().find(|&c| {
            above += times[c];
            above > beyond
        });
        let top = (top.unwrap_or(1).max(3) as f32).ln();
        let of = |count: usize| LONE + (1.0 - LONE) * ((count.max(1) as f32).ln() / top).min(1.0);
        let opacity = (0..MOST).map(|c| if c == 0 { 0 } else { (of(c) * 255.0) as u8 }).collect();
        Scale { opacity }
    }

    pub fn opacity(&self, count: u32) -> u8 {
        self.opacity[(count as usize).min(MOST - 1)]
    }
}

/// A colour with an opacity multiplied in.
pub fn covered([r, g, b]: [u8; 3], opacity: u8) -> Pixel {
    let by = |v: u8| (u16::from(v) * u16::from(opacity) / 255) as u8;
    [by(r), by(g), by(b), opacity]
}

/// Makes points larger than a pixel: empty pixels beside a full one take its colour with a share of its opacity, `reach`
/// times over. A single pixel is hardly seen.
pub fn spread(pixels: &mut [Pixel], [width, height]: [usize; 2], share: f32, reach: usize) {
    let by = (share * 256.0) as u16;
    let weaker = |p: Pixel| p.map(|v| ((u16::from(v) * by) >> 8) as u8);
    for _ in 0..reach {
        // The row above as it was, so that a colour goes one pixel at a time.
        let mut above: Vec<Pixel> = vec![[0; 4]; width];
        let mut row: Vec<Pixel> = above.clone();
        for y in 0..height {
            row.copy_from_slice(&pixels[y * width..(y + 1) * width]);
            let below = if y + 1 < height { (y + 1) * width } else { y * width };
            for x in 0..width {
                if row[x][3] > 0 {
                    continue;
                }
                let mut best = above[x];
                let beside = [row[x.saturating_sub(1)], row[(x + 1).min(width - 1)], pixels[below + x]];
                for next in beside {
                    if next[3] > best[3] {
                        best = next;
                    }
                }
                if best[3] > 0 {
                    pixels[y * width + x] = weaker(best);
                }
            }
            std::mem::swap(&mut above, &mut row);
        }
    }
}
