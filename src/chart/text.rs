//! How wide texts are: advance widths of the embedded font, so that the window, SVG and PNG agree on what fits.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Inter in its two weights, as the window and the pictures use it.
pub const REGULAR: &[u8] = include_bytes!("../../assets/fonts/Inter-Regular.ttf");
pub const SEMIBOLD: &[u8] = include_bytes!("../../assets/fonts/Inter-SemiBold.ttf");

/// How far the middle of capitals and digits stands above the baseline, as a share of the font's size.
pub const MIDDLE: f32 = 0.364;

/// Width of a line of text in points. Kerning is left out; it makes texts a little narrower.
pub fn width(text: &str, size: f32, bold: bool) -> f32 {
    let font = font(bold);
    text.chars().map(|c| font.advance(c)).sum::<f32>() * size
}

/// The text itself, or as much of its beginning as fits into `room` with an ellipsis; empty where nothing fits.
pub fn elided(text: &str, size: f32, bold: bool, room: f32) -> String {
    if width(text, size, bold) <= room {
        return text.to_string();
    }
    let font = font(bold);
    let mut used = font.advance('…') * size;
    let mut kept = String::new();
    for c in text.chars() {
        used += font.advance(c) * size;
        if used > room {
            break;
        }
        kept.push(c);
    }
    let kept = kept.trim_end();
    if kept.is_empty() { String::new() } else { format!("{kept}…") }
}

/// The text in lines of at most `room`; a word that is wider is cut.
pub fn wrapped(text: &str, size: f32, bold: bool, room: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = if line.is_empty() { word.to_string() } else { format!("{line} {word}") };
        if line.is_empty() || width(&longer, size, bold) <= room {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word.to_string()));
        }
    }
    lines.push(line);
    lines.into_iter().map(|l| elided(&l, size, bold, room)).filter(|l| !l.is_empty()).collect()
}

fn font(bold: bool) -> &'static Font {
    static FONTS: OnceLock<[Font; 2]> = OnceLock::new();
    &FONTS.get_or_init(|| [REGULAR, SEMIBOLD].map(|data| Font::read(data).unwrap_or_default()))[usize::from(bold)]
}

/// Advance widths as shares of the font's size.
#[derive(Default)]
struct Font {
    latin: Vec<f32>,
    others: HashMap<char, f32>,
}

/// Characters that are looked up without hashing.
const LATIN: usize = 0x180;

impl Font {
    fn advance(&self, c: char) -> f32 {
        let known = match self.latin.get(c as usize) {
            Some(width) => Some(*width),
            None => self.others.get(&c).copied(),
        };
        // Another font has to stand in: ideographs and their like are square, others about as wide as digits.
        known.unwrap_or(if (0x1100..0xffa0).contains(&(c as u32)) { 1.0 } else { 0.62 })
    }

    /// Reads `cmap` (format 4), `hhea`, `hmtx` and `head` of an OpenType file (ISO/IEC 14496-22).
    fn read(data: &[u8]) -> Option<Font> {
        let short = |at: usize| Some(u16::from_be_bytes(data.get(at..at + 2)?.try_into().ok()?) as usize);
        let long = |at: usize| Some(u32::from_be_bytes(data.get(at..at + 4)?.try_into().ok()?) as usize);
        let table = |tag: &[u8; 4]| {
            let entries = short(4)?;
            let entry = (0..entries).map(|i| 12 + 16 * i).find(|&at| data.get(at..at + 4) == Some(tag))?;
            long(entry + 8)
        };
        let units = short(table(b"head")? + 18)? as f32;
        let (widths, hmtx) = (short(table(b"hhea")? + 34)?, table(b"hmtx")?);
        let advance = |glyph: usize| Some(short(hmtx + 4 * glyph.min(widths.checked_sub(1)?))? as f32 / units);
        let cmap = table(b"cmap")?;
        let sub = (0..short(cmap + 2)?)
            .filter_map(|i| Some(cmap + long(cmap + 4 + 8 * i + 4)?))
            .find(|&at| short(at) == Some(4))?;
        let segments = short(sub + 6)? / 2;
        let (ends, starts) = (sub + 14, sub + 16 + 2 * segments);
        let (deltas, offsets) = (starts + 2 * segments, starts + 4 * segments);
        let mut font = Font { latin: vec![0.62; LATIN], others: HashMap::new() };
        for s in 0..segments {
            let (start, end) = (short(starts + 2 * s)?, short(ends + 2 * s)?);
            let (delta, offset) = (short(deltas + 2 * s)?, short(offsets + 2 * s)?);
            for code in start..=end.min(0xfffe) {
                let glyph = match offset {
                    0 => (code + delta) & 0xffff,
                    _ => match short(offsets + 2 * s + offset + 2 * (code - start))? {
                        0 => 0,
                        glyph => (glyph + delta) & 0xffff,
                    },
                };
                let Some(c) = char::from_u32(code as u32).filter(|_| glyph > 0) else { continue };
                match font.latin.get_mut(code) {
                    Some(width) => *width = advance(glyph)?,
                    None => {
                        font.others.insert(c, advance(glyph)?);
                    }
                }
            }
        }
        Some(font)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_the_font() {
        // Advances read with fontTools from the two files: 2816 units to the em.
        for (c, regular, bold) in WIDTHS {
            assert!((width(&c.to_string(), 2816.0, false) - regular).abs() < 0.5, "{c}");
            assert!((width(&c.to_string(), 2816.0, true) - bold).abs() < 0.5, "{c} semibold");
        }
    }

    const WIDTHS: [(char, f32, f32); 5] = [
        ('0', 1824.0, 1888.0),
        ('m', 2448.0, 2528.0),
        ('…', 2312.0, 2270.0),
        ('£', 1776.0, 1853.0),
        ('−', 1856.0, 1894.0),
    ];

    #[test]
    fn texts_are_cut_and_wrapped_to_the_room() {
        let long = "United Kingdom of Great Britain";
        for room in [0.0, 10.0, 40.0, 120.0, 400.0] {
            let cut = elided(long, 11.0, false, room);
            assert!(width(&cut, 11.0, false) <= room, "{cut:?}");
            for line in wrapped(long, 11.0, false, room) {
                assert!(width(&line, 11.0, false) <= room, "{line:?}");
            }
        }
        assert_eq!(elided(long, 11.0, false, 400.0), long);
        assert_eq!(wrapped("one two", 10.0, false, 1000.0), ["one two"]);
    }
}
