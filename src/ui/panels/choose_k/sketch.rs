//! Pictures of this panel, built shape by shape, so that what is saved is what is seen.

use crate::chart::text::{MIDDLE, width};
use crate::chart::{Anchor, Area, At, Color, Palette, Pen, Picture, Shape, Words};

/// Around a saved picture.
const MARGIN: f32 = 16.0;

/// A picture in the making.
pub struct Sketch {
    pub palette: &'static Palette,
    size: At,
    shapes: Vec<Shape>,
}

impl Sketch {
    pub fn new(palette: &'static Palette, size: At) -> Sketch {
        Sketch { palette, size, shapes: Vec::new() }
    }

    /// Words whose middle stands at the height of `at`.
    pub fn words(&mut self, at: At, text: impl Into<String>, anchor: Anchor, look: Look) {
        let text = text.into();
        let [x, y] = at;
        let words = Words {
            at: [x, y + MIDDLE * look.size],
            text,
            size: look.size,
            bold: look.bold,
            color: look.color,
            anchor,
            angle: 0.0,
        };
        self.shapes.push(Shape::Text(words));
    }

    /// The same on a ground of its own, so that lines behind do not disturb; kept within `room` from left to right.
    pub fn tag(&mut self, at: At, text: &str, look: Look, ground: Color, room: (f32, f32)) {
        let half = width(text, look.size, look.bold) / 2.0 + 3.0;
        let x = at[0].min(room.1 - half).max(room.0 + half);
        let high = look.size / 2.0 + 2.0;
        self.rect(Area::new(x - half, at[1] - high, x + half, at[1] + high), 3.0, ground);
        self.words([x, at[1]], text, Anchor::Middle, look);
    }

    pub fn rect(&mut self, area: Area, radius: f32, fill: Color) {
        self.shapes.push(Shape::Rect { area, radius, fill: Some(fill), pen: None });
    }

    pub fn line(&mut self, points: Vec<At>, pen: Pen) {
        if points.len() > 1 {
            self.shapes.push(Shape::Line { points, pen });
        }
    }

    /// A horizontal or vertical line, sharp on the screen.
    pub fn hair(&mut self, from: At, to: At, pen: Pen) {
        let snap = |[x, y]: At| if from[0] == to[0] { [x.floor() + 0.5, y] } else { [x, y.floor() + 0.5] };
        self.shapes.push(Shape::Line { points: vec![snap(from), snap(to)], pen });
    }

    pub fn dot(&mut self, center: At, radius: f32, fill: Color) {
        self.shapes.push(Shape::Circle { center, radius, fill: Some(fill), pen: None });
    }

    pub fn ring(&mut self, center: At, radius: f32, pen: Pen) {
        self.shapes.push(Shape::Circle { center, radius, fill: None, pen: Some(pen) });
    }

    /// Areas that lie behind everything so far.
    pub fn fills(&mut self, shapes: Vec<Shape>) {
        self.shapes.splice(0..0, shapes);
    }

    pub fn done(self) -> Picture {
        Picture { size: self.size, shapes: self.shapes, ..Picture::default() }
    }
}

/// How words look.
#[derive(Clone, Copy)]
pub struct Look {
    pub size: f32,
    pub color: Color,
    pub bold: bool,
}

impl Look {
    pub fn new(size: f32, color: Color) -> Look {
        Look { size, color, bold: false }
    }

    pub fn bold(self) -> Look {
        Look { bold: true, ..self }
    }
}

/// A colour with an opacity of 0–1.
pub fn faded([r, g, b, a]: Color, opacity: f32) -> Color {
    [r, g, b, (f32::from(a) * opacity) as u8]
}

/// The picture as it is saved: on its ground, with its title and a note above.
pub fn saved(picture: Picture, title: &str, note: &str, palette: &'static Palette) -> Picture {
    let head = palette.title_size + if note.is_empty() { 0.0 } else { palette.note_size + 4.0 } + 10.0;
    let [wide, high] = picture.size;
    let mut sketch = Sketch::new(palette, [wide + 2.0 * MARGIN, high + head + 2.0 * MARGIN]);
    let [w, h] = sketch.size;
    sketch.rect(Area::new(0.0, 0.0, w, h), 0.0, palette.ground);
    let title_at = [MARGIN, MARGIN + palette.title_size / 2.0];
    sketch.words(title_at, title, Anchor::Start, Look::new(palette.title_size, palette.text).bold());
    if !note.is_empty() {
        let at = [MARGIN, MARGIN + palette.title_size + 4.0 + palette.note_size / 2.0];
        sketch.words(at, note, Anchor::Start, Look::new(palette.note_size, palette.muted));
    }
    sketch.shapes.extend(picture.shapes.into_iter().map(|s| moved(s, MARGIN, MARGIN + head)));
    sketch.done()
}

fn moved(shape: Shape, dx: f32, dy: f32) -> Shape {
    let at = |[x, y]: At| [x + dx, y + dy];
    let area = |a: Area| Area::new(a.left + dx, a.top + dy, a.right + dx, a.bottom + dy);
    let all = |points: Vec<At>| points.into_iter().map(at).collect();
    match shape {
        Shape::Rect { area: a, radius, fill, pen } => Shape::Rect { area: area(a), radius, fill, pen },
        Shape::Line { points, pen } => Shape::Line { points: all(points), pen },
        Shape::Strip { upper, lower, fill } => Shape::Strip { upper: all(upper), lower: all(lower), fill },
        Shape::Circle { center, radius, fill, pen } => Shape::Circle { center: at(center), radius, fill, pen },
        Shape::Text(words) => Shape::Text(Words { at: at(words.at), ..words }),
        Shape::Image { area: a, raster } => Shape::Image { area: area(a), raster },
    }
}
