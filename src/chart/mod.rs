//! Charts as values: what is drawn, without where. One layout turns a chart into shapes, and the window, SVG and PNG
//! draw the same shapes, so that a picture that is saved is the picture that was seen.

mod axes;
mod below;
mod data;
mod layout;
mod marks;
mod over;
mod palette;
mod picture;
mod png;
mod raster;
mod scale;
mod svg;
pub mod text;

use std::sync::Arc;

pub use layout::{MOST_CIRCLES, Options, layout};
pub use marks::tiles::squarify;
pub use over::Over;
pub use palette::Palette;
pub use picture::{Anchor, Area, At, Cloud, Color, Hit, Outline, Pen, Picture, Place, Raster, Shape, Words};
pub use png::{pixels, write_png};
pub use raster::{density, whole};
pub use scale::{Map, Tick, full, in_full, nice_step, ticks};
pub use svg::{base64, to_svg};

/// One chart: marks on two axes, with its words and its data.
#[derive(Debug, Clone, Default)]
pub struct Chart {
    /// What it shows, in sentence case, for example "Revenue per month".
    pub title: String,
    /// What it was computed on and what was left out, for example "397,884 rows; 12 without a value"; may be empty.
    pub note: String,
    pub x: Axis,
    pub y: Axis,
    pub marks: Marks,
    /// Lines across the marks at a place on the horizontal axis: a mean, a cut point.
    pub rules: Vec<Rule>,
    /// Lines, arrows and words below and above the marks, in the values of the axes; nobody can point at them.
    pub under: Vec<Over>,
    pub over: Vec<Over>,
    /// Whether one unit is equally long on both axes, as distances ask for; a range grows where needed.
    pub equal: bool,
    /// Names of colours, in order; empty where the colours need none.
    pub legend: Vec<(String, Ink)>,
    /// The numbers behind the marks, as they are written to CSV.
    pub data: Data,
}

/// One axis.
#[derive(Debug, Clone, Default)]
pub struct Axis {
    /// What it measures; may be empty.
    pub label: String,
    pub scale: Scale,
}

/// How values become places along an axis.
#[derive(Debug, Clone, Default)]
pub enum Scale {
    /// No axis: treemaps, flows.
    #[default]
    None,
    /// From–to in values, evenly.
    Linear { from: f64, to: f64, format: Numbers },
    /// From–to in values, evenly, without marks and labels: the marks say what they are.
    Bare { from: f64, to: f64 },
    /// From–to in values above zero, by their logarithm.
    Log { from: f64, to: f64, format: Numbers },
    /// Days since 1970-01-01, shown as dates.
    Days { from: f64, to: f64 },
    /// One place per name: place `i` spans `i` to `i + 1`. On a vertical axis the first stands at the top.
    Names(Arc<Vec<String>>),
}

/// How numbers are written on axes, in cells and in tips.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Numbers {
    /// As many digits as tell the values apart.
    #[default]
    Plain,
    /// Whole numbers with thousands separators.
    Whole,
    /// Money with the file's own sign, if it has one.
    Money(Option<String>),
    /// Shares 0–1 as percent.
    Percent,
}

/// A colour by its meaning; the theme of whoever draws it says what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Ink {
    /// The one accent.
    #[default]
    Accent,
    /// Present, but not in question: customers that are not selected.
    Faint,
    /// Text colour.
    Strong,
    /// A segment's or category's own colour, by its place.
    Segment(usize),
    /// The same, pale: what lies behind.
    Pale(usize),
    /// A given colour: red, green, blue; segments that the user coloured.
    Own([u8; 3]),
    /// 0 (little) – 1 (much).
    Sequential(f32),
    /// −1 – 1, neutral at 0.
    Diverging(f32),
    Good,
    Warn,
    Bad,
}

/// What is drawn. Marks are counted from 0 in their order; a click or a drag is reported by these numbers.
#[derive(Debug, Clone, Default)]
pub enum Marks {
    /// Nothing to draw: why, in a sentence, and what to do.
    #[default]
    Nothing,
    Empty(String),
    /// Bars: histograms, categories, medians.
    Bars(Vec<Bar>),
    /// Bars that grow to the right from names on the vertical axis.
    Rows(Vec<Bar>),
    /// Box plots over places on the horizontal axis.
    Boxes(Vec<BoxPlot>),
    /// One point per customer or row.
    Points(Points),
    /// Discs at places of the plane, sized by a count.
    Discs(Vec<Disc>),
    /// Lines over a common axis.
    Lines(Vec<Line>),
    /// A matrix of cells; both axes are [`Scale::Names`].
    Cells(Cells),
    /// Rectangles whose area is a value.
    Tiles(Vec<Tile>),
    /// From a column of names on the left to one on the right.
    Flow(Flow),
}

/// A line across the marks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rule {
    /// Its place on the horizontal axis.
    pub at: f64,
    /// A word or number at its end; may be empty.
    pub label: String,
}

/// A bar from `from` to `to` on the axis it stands on, with `value` as its length.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Bar {
    pub from: f64,
    pub to: f64,
    pub value: f64,
    /// The part of `value` that belongs to the selection; drawn stronger, the rest fainter. `None`: nothing is selected.
    pub selected: Option<f64>,
    pub ink: Ink,
    /// Lines of the tip that appears over it.
    pub tip: String,
}

/// Five numbers of a distribution and what lies beyond.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BoxPlot {
    /// Its place on the horizontal axis, as in [`Scale::Names`]: the box is drawn around `at + 0.5`.
    pub at: f64,
    /// Lowest and highest value within 1.5 interquartile ranges of the quartiles (Tukey).
    pub whiskers: (f64, f64),
    /// 25 %, 50 % and 75 %.
    pub quartiles: [f64; 3],
    pub mean: f64,
    /// Values beyond the whiskers; at most a few hundred are given, `beyond` says how many there are.
    pub outliers: Vec<f64>,
    pub beyond: usize,
    pub ink: Ink,
    pub tip: String,
}

/// A cloud of points; `x`, `y` and `group` have one entry each per point.
#[derive(Debug, Clone, Default)]
pub struct Points {
    pub x: Arc<Vec<f64>>,
    pub y: Arc<Vec<f64>>,
    /// Which of `inks` a point has; empty: all the first.
    pub group: Arc<Vec<u8>>,
    pub inks: Vec<Ink>,
    /// Points that belong to the selection; `None`: nothing is selected.
    pub selected: Option<Arc<Vec<bool>>>,
}

/// A disc.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Disc {
    pub at: [f64; 2],
    /// Its area.
    pub value: f64,
    /// Beside it, and in it where there is room; either may be empty.
    pub name: String,
    pub short: String,
    pub ink: Ink,
    pub tip: String,
    pub ring: bool,
}

/// One line.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub name: String,
    pub x: Vec<f64>,
    /// NaN: a gap.
    pub y: Vec<f64>,
    pub ink: Ink,
    /// Fill the area below it.
    pub filled: bool,
    pub dashed: bool,
    /// One tip per point; empty: none.
    pub tips: Vec<String>,
}

/// Cells of a matrix, row by row from the top; mark number = row × columns + column.
#[derive(Debug, Clone, Default)]
pub struct Cells {
    pub columns: usize,
    pub cells: Vec<Cell>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cell {
    pub ink: Option<Ink>,
    /// Words in it where there is room, the first line strong; may be empty.
    pub text: String,
    pub tip: String,
    /// Whether it is marked with a ring: it holds selected customers, or is chosen.
    pub ring: bool,
}

/// A rectangle of a treemap.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tile {
    /// Its area, above zero.
    pub value: f64,
    pub name: String,
    /// A second line where there is room.
    pub text: String,
    pub ink: Ink,
    pub tip: String,
    pub ring: bool,
}

/// Bands between names on the left and names on the right (a Sankey diagram with two columns).
#[derive(Debug, Clone, Default)]
pub struct Flow {
    /// Names and colours, from the top.
    pub left: Vec<(String, Ink)>,
    pub right: Vec<(String, Ink)>,
    /// Band `i` is mark `i`.
    pub bands: Vec<Band>,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Band {
    pub from: usize,
    pub to: usize,
    /// Its thickness.
    pub value: f64,
    pub tip: String,
    pub ring: bool,
}

/// A small table: the numbers behind a chart.
#[derive(Debug, Clone, Default)]
pub struct Data {
    pub columns: Vec<(String, Values)>,
}

/// One column of [`Data`]; all columns of one table have the same length.
#[derive(Debug, Clone)]
pub enum Values {
    Text(Vec<String>),
    Number(Arc<Vec<f64>>),
    /// Texts that repeat themselves or are kept elsewhere: row `i` has `names[places[i]]`.
    Names {
        names: Arc<Vec<String>>,
        places: Arc<Vec<u32>>,
    },
}

impl Data {
    /// Adds a column of numbers.
    pub fn number(mut self, name: impl Into<String>, values: impl Into<Arc<Vec<f64>>>) -> Data {
        self.columns.push((name.into(), Values::Number(values.into())));
        self
    }

    /// Adds a column of texts by their places in `names`.
    pub fn names(mut self, name: impl Into<String>, names: Arc<Vec<String>>, places: Vec<u32>) -> Data {
        self.columns.push((name.into(), Values::Names { names, places: Arc::new(places) }));
        self
    }

    /// Adds a column of texts.
    pub fn text(mut self, name: impl Into<String>, values: Vec<String>) -> Data {
        self.columns.push((name.into(), Values::Text(values)));
        self
    }
}

/// What the user pointed at in a chart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pointed {
    /// A mark by its number.
    Mark(usize),
    /// A stretch of the horizontal axis, in its values (days for dates).
    Range { from: f64, to: f64 },
    /// A rectangle in the values of both axes.
    Area { x: (f64, f64), y: (f64, f64) },
}
