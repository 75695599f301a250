//! The form of the files in `assets/theme/`.

use egui::Color32;
use serde::{Deserialize, Deserializer};

/// Backgrounds and lines.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Background {
    #[serde(deserialize_with = "color")]
    pub app: Color32,
    #[serde(deserialize_with = "color")]
    pub panel: Color32,
    #[serde(deserialize_with = "color")]
    pub card: Color32,
    #[serde(deserialize_with = "color")]
    pub input: Color32,
    #[serde(deserialize_with = "color")]
    pub hover: Color32,
    #[serde(deserialize_with = "color")]
    pub line: Color32,
}

/// Three levels of text, no more.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    #[serde(deserialize_with = "color")]
    pub normal: Color32,
    #[serde(deserialize_with = "color")]
    pub muted: Color32,
    #[serde(deserialize_with = "color")]
    pub faint: Color32,
}

/// The one next action, selection, links.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accent {
    #[serde(deserialize_with = "color")]
    pub normal: Color32,
    #[serde(deserialize_with = "color")]
    pub soft: Color32,
    #[serde(deserialize_with = "color")]
    pub on: Color32,
}

/// States; always shown with an icon or a word too.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    #[serde(deserialize_with = "color")]
    pub good: Color32,
    #[serde(deserialize_with = "color")]
    pub warn: Color32,
    #[serde(deserialize_with = "color")]
    pub bad: Color32,
}

/// Colours that encode numbers.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlotColors {
    #[serde(deserialize_with = "color")]
    pub grid: Color32,
    #[serde(deserialize_with = "colors")]
    pub sequential: Vec<Color32>,
    #[serde(deserialize_with = "colors")]
    pub diverging: Vec<Color32>,
    #[serde(deserialize_with = "color")]
    pub shadow: Color32,
}

/// Font sizes in points.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Font {
    pub body: f32,
    pub small: f32,
    pub tiny: f32,
    pub title: f32,
    pub big: f32,
    pub hero: f32,
    pub icon: f32,
}

/// Distances in points.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Space {
    pub xs: f32,
    pub s: f32,
    pub m: f32,
    pub l: f32,
    pub xl: f32,
}

/// Sizes of single things in points.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    pub radius: f32,
    pub radius_small: f32,
    pub row: f32,
    pub control: f32,
    pub hairline: f32,
    pub curve: f32,
    pub ring: f32,
}

/// Sizes of the parts of the window in points.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FrameSizes {
    pub top: f32,
    pub status: f32,
    pub rail: f32,
    pub explain: f32,
    pub side: f32,
}

/// `metrics.toml`: what both themes share.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    #[serde(deserialize_with = "colors")]
    pub segments: Vec<Color32>,
    #[serde(deserialize_with = "colors")]
    pub ink: Vec<Color32>,
    pub font: Font,
    pub space: Space,
    pub shape: Shape,
    pub frame: FrameSizes,
}

/// `dark.toml` or `light.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colors {
    pub bg: Background,
    pub text: Text,
    pub accent: Accent,
    pub state: State,
    pub plot: PlotColors,
}

fn parse(text: &str) -> Result<Color32, String> {
    Color32::from_hex(text).map_err(|_| format!("{text:?} is no colour such as #1c232b"))
}

fn color<'de, D: Deserializer<'de>>(d: D) -> Result<Color32, D::Error> {
    parse(&String::deserialize(d)?).map_err(serde::de::Error::custom)
}

fn colors<'de, D: Deserializer<'de>>(d: D) -> Result<Vec<Color32>, D::Error> {
    Vec::<String>::deserialize(d)?.iter().map(|t| parse(t).map_err(serde::de::Error::custom)).collect()
}
