//! What inks look like: the colours of the two themes, read from the same files as the window's.

use std::sync::OnceLock;

use serde::{Deserialize, Deserializer};

use super::Ink;
use super::picture::Color;

/// Colours and sizes of one theme.
#[derive(Debug, Clone)]
pub struct Palette {
    /// Behind a chart.
    pub ground: Color,
    /// Behind a chart within a card.
    pub card: Color,
    /// Thin lines that separate.
    pub line: Color,
    pub grid: Color,
    pub text: Color,
    pub muted: Color,
    pub faint: Color,
    pub accent: Color,
    good: Color,
    warn: Color,
    bad: Color,
    sequential: Vec<Color>,
    diverging: Vec<Color>,
    segments: Vec<Color>,
    ink: Vec<Color>,
    /// Sizes of fonts in points.
    pub title_size: f32,
    pub note_size: f32,
    pub small_size: f32,
}

impl Palette {
    /// The dark or the light theme's.
    pub fn of(dark: bool) -> &'static Palette {
        static PALETTES: OnceLock<[Palette; 2]> = OnceLock::new();
        let palettes = PALETTES.get_or_init(|| {
            [include_str!("../../assets/theme/light.toml"), include_str!("../../assets/theme/dark.toml")]
                .map(Palette::read)
        });
        &palettes[usize::from(dark)]
    }

    fn read(colors: &str) -> Palette {
        let shipped = "the shipped theme is read by a test";
        let c: Colors = toml::from_str(colors).expect(shipped);
        let m: Metrics = toml::from_str(include_str!("../../assets/theme/metrics.toml")).expect(shipped);
        Palette {
            ground: c.bg.panel.0,
            card: c.bg.card.0,
            line: c.bg.line.0,
            grid: c.plot.grid.0,
            text: c.text.normal.0,
            muted: c.text.muted.0,
            faint: c.text.faint.0,
            accent: c.accent.normal.0,
            good: c.state.good.0,
            warn: c.state.warn.0,
            bad: c.state.bad.0,
            sequential: c.plot.sequential.into_iter().map(|h| h.0).collect(),
            diverging: c.plot.diverging.into_iter().map(|h| h.0).collect(),
            segments: m.segments.into_iter().map(|h| h.0).collect(),
            ink: m.ink.into_iter().map(|h| h.0).collect(),
            title_size: m.font.body,
            note_size: m.font.small,
            small_size: m.font.tiny,
        }
    }

    /// What an ink looks like.
    pub fn color(&self, ink: Ink) -> Color {
        match ink {
            Ink::Accent => self.accent,
            Ink::Faint => mixed(self.ground, self.faint, 0.55),
            Ink::Strong => self.text,
            Ink::Segment(i) => self.segments[i % self.segments.len()],
            Ink::Pale(i) => mixed(self.ground, self.segments[i % self.segments.len()], 0.5),
            Ink::Own([r, g, b]) => [r, g, b, 255],
            Ink::Sequential(share) => ramp(&self.sequential, share),
            Ink::Diverging(value) => ramp(&self.diverging, (value.clamp(-1.0, 1.0) + 1.0) / 2.0),
            Ink::Good => self.good,
            Ink::Warn => self.warn,
            Ink::Bad => self.bad,
        }
    }

    /// A colour for what is there but not selected.
    pub fn weak(&self, color: Color) -> Color {
        mixed(self.ground, color, 0.35)
    }

    /// The text colour that is easier to read on `ground`.
    pub fn text_on(&self, ground: Color) -> Color {
        let easier = |a: &&Color, b: &&Color| contrast(**a, ground).total_cmp(&contrast(**b, ground));
        self.ink.iter().max_by(easier).copied().unwrap_or(self.text)
    }
}

/// `share` 0–1 of the way from one opaque colour to another.
pub fn mixed(from: Color, to: Color, share: f32) -> Color {
    std::array::from_fn(|i| (f32::from(from[i]) + (f32::from(to[i]) - f32::from(from[i])) * share).round() as u8)
}

/// The same colour with an opacity of 0–1.
pub fn faded([r, g, b, a]: Color, opacity: f32) -> Color {
    [r, g, b, (f32::from(a) * opacity).round() as u8]
}

/// Contrast ratio of two opaque colours, 1–21 (WCAG 2, relative luminance).
pub fn contrast(a: Color, b: Color) -> f32 {
    let linear = |v: u8| {
        let v = f32::from(v) / 255.0;
        if v <= 0.04045 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = |c: Color| 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn ramp(stops: &[Color], share: f32) -> Color {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let position = share * (stops.len() - 1) as f32;
    let below = (position as usize).min(stops.len() - 2);
    mixed(stops[below], stops[below + 1], position - below as f32)
}

/// A colour as it stands in the theme's files: `#1c232b`, or with opacity `#1c232b80`.
struct Hex(Color);

impl<'de> Deserialize<'de> for Hex {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Hex, D::Error> {
        let text = String::deserialize(d)?;
        let digits = text.strip_prefix('#').unwrap_or_default();
        let wrong = || serde::de::Error::custom(format!("{text:?} is no colour such as #1c232b"));
        let value = u32::from_str_radix(digits, 16).map_err(|_| wrong())?;
        match digits.len() {
            6 => Ok(Hex(((value << 8) | 0xff).to_be_bytes())),
            8 => Ok(Hex(value.to_be_bytes())),
            _ => Err(wrong()),
        }
    }
}

#[derive(Deserialize)]
struct Colors {
    bg: Grounds,
    text: Texts,
    accent: Accents,
    state: States,
    plot: Plots,
}

#[derive(Deserialize)]
struct Grounds {
    panel: Hex,
    card: Hex,
    line: Hex,
}

#[derive(Deserialize)]
struct Texts {
    normal: Hex,
    muted: Hex,
    faint: Hex,
}

#[derive(Deserialize)]
struct Accents {
    normal: Hex,
}

#[derive(Deserialize)]
struct States {
    good: Hex,
    warn: Hex,
    bad: Hex,
}

#[derive(Deserialize)]
struct Plots {
    grid: Hex,
    sequential: Vec<Hex>,
    diverging: Vec<Hex>,
}

#[derive(Deserialize)]
struct Metrics {
    segments: Vec<Hex>,
    ink: Vec<Hex>,
    font: Fonts,
}

#[derive(Deserialize)]
struct Fonts {
    body: f32,
    small: f32,
    tiny: f32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::SEGMENT_COLOURS;

    #[test]
    fn segments_have_the_same_colours_as_in_exports() {
        for (i, hex) in SEGMENT_COLOURS.into_iter().enumerate() {
            assert_eq!(Palette::of(false).color(Ink::Segment(i)), ((hex << 8) | 0xff).to_be_bytes());
        }
    }

    #[test]
    fn texts_can_be_read_on_every_colour_of_the_maps() {
        for palette in [Palette::of(false), Palette::of(true)] {
            for i in 0..=40 {
                let share = i as f32 / 40.0;
                for ink in [Ink::Sequential(share), Ink::Diverging(share * 2.0 - 1.0), Ink::Segment(i)] {
                    let ground = palette.color(ink);
                    assert!(contrast(palette.text_on(ground), ground) >= 4.5, "{ink:?}");
                }
            }
        }
    }
}
