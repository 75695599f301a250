//! What a layout ends in: shapes in points from the top left, and the places of the marks for whoever points at them.

use std::sync::Arc;

use super::scale::Map;

/// Red, green, blue and opacity, not premultiplied.
pub type Color = [u8; 4];

/// A place in points, from the left and from the top.
pub type At = [f32; 2];

/// A rectangle with sides along the axes.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Area {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Area {
    pub fn new(left: f32, top: f32, right: f32, bottom: f32) -> Area {
        Area { left, top, right, bottom }
    }

    pub fn width(&self) -> f32 {
        self.right - self.left
    }

    pub fn height(&self) -> f32 {
        self.bottom - self.top
    }

    pub fn center(&self) -> At {
        [(self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0]
    }

    pub fn contains(&self, [x, y]: At) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// The same with `by` points less on each side (more, where it is negative).
    pub fn shrunk(&self, by: f32) -> Area {
        Area::new(self.left + by, self.top + by, self.right - by, self.bottom - by)
    }
}

/// Which part of a text stands at its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Anchor {
    #[default]
    Start,
    Middle,
    End,
}

/// A line's look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pen {
    pub width: f32,
    pub color: Color,
    /// Lengths of dash and gap; `None`: drawn through.
    pub dash: Option<[f32; 2]>,
}

impl Pen {
    pub fn new(width: f32, color: Color) -> Pen {
        Pen { width, color, dash: None }
    }

    pub fn dashed(width: f32, color: Color) -> Pen {
        Pen { width, color, dash: Some([4.0, 3.0]) }
    }
}

/// A line of text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Words {
    /// Where its anchor stands; the second number is the baseline.
    pub at: At,
    pub text: String,
    /// Size of the font in points.
    pub size: f32,
    pub bold: bool,
    pub color: Color,
    pub anchor: Anchor,
    /// Turned clockwise about its anchor, in degrees.
    pub angle: f32,
}

/// A picture of pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    pub width: usize,
    pub height: usize,
    /// Row by row from the top, `width` × `height`.
    pub pixels: Vec<Color>,
}

/// One thing that is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    Rect {
        area: Area,
        radius: f32,
        fill: Option<Color>,
        pen: Option<Pen>,
    },
    Line {
        points: Vec<At>,
        pen: Pen,
    },
    /// What lies between two lines with the same number of points.
    Strip {
        upper: Vec<At>,
        lower: Vec<At>,
        fill: Color,
    },
    Circle {
        center: At,
        radius: f32,
        fill: Option<Color>,
        pen: Option<Pen>,
    },
    Text(Words),
    Image {
        area: Area,
        raster: Arc<Raster>,
    },
}

/// The outline of a mark.
#[derive(Debug, Clone, PartialEq)]
pub enum Outline {
    Rect(Area),
    /// A closed polygon.
    Polygon(Vec<At>),
    Circle(At, f32),
    /// A vertical line with a dot for each line that has a value there.
    Cross {
        x: f32,
        dots: Vec<At>,
    },
}

/// One mark: where the pointer finds it, and what is then outlined.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    pub mark: usize,
    /// Larger than what is drawn where that is easier to hit.
    pub hit: Area,
    pub outline: Outline,
}

/// The points of one line, for finding the one nearest to the pointer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Track {
    /// Number of its first point among the marks.
    pub first: usize,
    /// Places of its points in ascending order from the left; the second number is NaN in gaps.
    pub at: Vec<At>,
}

/// Points that are left to whoever draws the picture, because there are too many for shapes.
#[derive(Debug, Clone, PartialEq)]
pub struct Cloud {
    /// Before which of the shapes they are drawn.
    pub before: usize,
    pub area: Area,
}

/// A chart laid out.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    /// Width and height.
    pub size: At,
    pub shapes: Vec<Shape>,
    pub places: Vec<Place>,
    pub tracks: Vec<Track>,
    /// Places of single points; empty where they are drawn as a [`Cloud`].
    pub dots: Vec<At>,
    pub cloud: Option<Cloud>,
    /// Between the axes.
    pub plot: Area,
    pub x: Option<Map>,
    pub y: Option<Map>,
}

/// What lies under the pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    pub mark: usize,
    /// All marks that are named together: one per line at the same place.
    pub together: Vec<usize>,
    pub outline: Outline,
}

/// How near the pointer has to be to a point, in points.
const NEAR: f32 = 9.0;

impl Picture {
    /// The mark at a place; of several the last drawn one.
    pub fn hit(&self, at: At) -> Option<Hit> {
        let one = |mark, outline| Some(Hit { mark, together: vec![mark], outline });
        if let Some(place) = self.places.iter().rev().find(|p| p.hit.contains(at) && p.outline.reaches(at)) {
            return one(place.mark, place.outline.clone());
        }
        if !self.plot.contains(at) {
            return None;
        }
        let near = |d: &At| (d[0] - at[0]).hypot(d[1] - at[1]);
        let dot = self.dots.iter().enumerate().map(|(i, d)| (near(d), i)).filter(|(d, _)| *d <= NEAR);
        if let Some((_, i)) = dot.min_by(|a, b| a.0.total_cmp(&b.0)) {
            return one(i, Outline::Circle(self.dots[i], 4.0));
        }
        self.on_lines(at)
    }

    /// The place on the common axis of the lines that is nearest to the pointer.
    fn on_lines(&self, at: At) -> Option<Hit> {
        let nearest = |t: &Track| {
            let after = t.at.partition_point(|p| p[0] < at[0]);
            let around = after.saturating_sub(1)..(after + 1).min(t.at.len());
            around.min_by(|&a, &b| (t.at[a][0] - at[0]).abs().total_cmp(&(t.at[b][0] - at[0]).abs()))
        };
        let found: Vec<(usize, At)> =
            self.tracks.iter().filter_map(|t| nearest(t).map(|i| (t.first + i, t.at[i]))).collect();
        let x = found.iter().map(|f| f.1[0]).min_by(|a, b| (a - at[0]).abs().total_cmp(&(b - at[0]).abs()))?;
        let here: Vec<(usize, At)> = found.into_iter().filter(|f| (f.1[0] - x).abs() < 0.5).collect();
        let above = |f: &&(usize, At)| f.1[1].is_finite();
        let first = here.iter().filter(above).min_by(|a, b| (a.1[1] - at[1]).abs().total_cmp(&(b.1[1] - at[1]).abs()));
        let mark = first.or(here.first())?.0;
        let dots = here.iter().filter(above).map(|f| f.1).collect();
        Some(Hit { mark, together: here.iter().map(|f| f.0).collect(), outline: Outline::Cross { x, dots } })
    }
}

impl Outline {
    /// Whether a place within the mark's rectangle is really on it.
    fn reaches(&self, [x, y]: At) -> bool {
        let Outline::Polygon(points) = self else { return true };
        // Even–odd rule: a ray to the right crosses the outline an odd number of times.
        let mut inside = false;
        let mut last = points.len().wrapping_sub(1);
        for (i, a) in points.iter().enumerate() {
            let b = points[last];
            if (a[1] > y) != (b[1] > y) && x < (b[0] - a[0]) * (y - a[1]) / (b[1] - a[1]) + a[0] {
                inside = !inside;
            }
            last = i;
        }
        inside
    }
}
