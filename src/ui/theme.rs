//! Design tokens: every colour and size of the window, read from `assets/theme/`.

use std::sync::OnceLock;

use egui::Color32;

use super::tokens::{Accent, Background, Colors, Font, FrameSizes, Metrics, PlotColors, Shape, Space, State, Text};

/// One theme with all its tokens.
#[derive(Debug, Clone)]
pub struct Theme {
    pub bg: Background,
    pub text: Text,
    pub accent: Accent,
    pub state: State,
    pub plot: PlotColors,
    segments: Vec<Color32>,
    ink: Vec<Color32>,
    pub font: Font,
    pub space: Space,
    pub shape: Shape,
    pub frame: FrameSizes,
}

impl Theme {
    /// The dark or the light theme.
    pub fn get(dark: bool) -> &'static Theme {
        static THEMES: OnceLock<[Theme; 2]> = OnceLock::new();
        let themes = THEMES.get_or_init(|| {
            [include_str!("../../assets/theme/light.toml"), include_str!("../../assets/theme/dark.toml")]
                .map(Theme::read)
        });
        &themes[usize::from(dark)]
    }

    fn read(colors: &str) -> Theme {
        let shipped = "the shipped theme is read by a test";
        let c: Colors = toml::from_str(colors).expect(shipped);
        let m: Metrics = toml::from_str(include_str!("../../assets/theme/metrics.toml")).expect(shipped);
        Theme {
            bg: c.bg,
            text: c.text,
            accent: c.accent,
            state: c.state,
            plot: c.plot,
            segments: m.segments,
            ink: m.ink,
            font: m.font,
            space: m.space,
            shape: m.shape,
            frame: m.frame,
        }
    }

    /// The colour of a segment or cluster by its 0-based canonical number; repeats after ten.
    pub fn segment(&self, index: usize) -> Color32 {
        self.segments[index % self.segments.len()]
    }

    /// A colour for `share` in 0–1, perceptually even.
    pub fn sequential(&self, share: f32) -> Color32 {
        ramp(&self.plot.sequential, share)
    }

    /// A colour for a value in −1…1 around a neutral 0.
    pub fn diverging(&self, value: f32) -> Color32 {
        ramp(&self.plot.diverging, (value.clamp(-1.0, 1.0) + 1.0) / 2.0)
    }

    /// The ink that is easier to read on a coloured `background`.
    pub fn text_on(&self, background: Color32) -> Color32 {
        let easier = |a: &Color32, b: &Color32| contrast(*a, background).total_cmp(&contrast(*b, background));
        self.ink.iter().copied().max_by(|a, b| easier(a, b)).unwrap_or(self.text.normal)
    }
}

/// The theme in which `ui` is drawn.
pub fn of(ui: &egui::Ui) -> &'static Theme {
    Theme::get(ui.visuals().dark_mode)
}

/// Contrast ratio of two opaque colours, 1–21 (WCAG 2, relative luminance).
pub fn contrast(a: Color32, b: Color32) -> f32 {
    let luminance = |c: Color32| {
        let linear = egui::Rgba::from(c);
        0.2126 * linear.r() + 0.7152 * linear.g() + 0.0722 * linear.b()
    };
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn ramp(stops: &[Color32], share: f32) -> Color32 {
    let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
    let position = share * (stops.len() - 1) as f32;
    let below = (position as usize).min(stops.len() - 2);
    stops[below].lerp_to_gamma(stops[below + 1], position - below as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_can_be_read_on_every_background_of_both_themes() {
        for dark in [true, false] {
            let t = Theme::get(dark);
            for background in [t.bg.app, t.bg.panel, t.bg.card, t.bg.input, t.bg.hover] {
                for text in [t.text.normal, t.text.muted] {
                    let ratio = contrast(text, background);
                    assert!(ratio >= 4.5, "{text:?} on {background:?}, dark {dark}: {ratio}");
                }
            }
            for background in [t.bg.app, t.bg.panel, t.bg.card] {
                assert!(contrast(t.text.faint, background) >= 3.0, "faint on {background:?}, dark {dark}");
                assert!(contrast(t.accent.normal, background) >= 4.5, "accent on {background:?}, dark {dark}");
            }
            assert!(contrast(t.accent.on, t.accent.normal) >= 4.5, "text on the accent, dark {dark}");
        }
    }

    #[test]
    fn numbers_on_heat_maps_can_be_read() {
        for dark in [true, false] {
            let t = Theme::get(dark);
            for i in 0..=20 {
                let background = t.sequential(i as f32 / 20.0);
                assert!(contrast(t.text_on(background), background) >= 4.5, "{background:?}");
                let background = t.diverging(i as f32 / 10.0 - 1.0);
                assert!(contrast(t.text_on(background), background) >= 4.5, "{background:?}");
            }
        }
    }

    #[test]
    fn black_on_white_has_contrast_21() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    }
}
