//! Where axes and marks are drawn: the window, or a picture that is saved. The same code draws both.

use egui::{Align2, Color32, FontId, Painter, Pos2, Shape, Stroke, Vec2, vec2};

use crate::chart::{self, Anchor, Pen, Words};
use crate::ui::style::semibold;

/// Lines, circles and words.
pub trait Surface {
    fn line(&mut self, points: Vec<Pos2>, stroke: Stroke);
    fn circle(&mut self, center: Pos2, radius: f32, fill: Color32, stroke: Stroke);
    /// A line of text around a place.
    fn text(&mut self, center: Pos2, size: f32, bold: bool, color: Color32, text: &str);
    /// Width and height of a line of text.
    fn measure(&self, size: f32, text: &str) -> Vec2;
}

impl Surface for Painter {
    fn line(&mut self, points: Vec<Pos2>, stroke: Stroke) {
        self.add(Shape::line(points, stroke));
    }

    fn circle(&mut self, center: Pos2, radius: f32, fill: Color32, stroke: Stroke) {
        Painter::circle(self, center, radius, fill, stroke);
    }

    fn text(&mut self, center: Pos2, size: f32, bold: bool, color: Color32, text: &str) {
        let font = if bold { FontId::new(size, semibold()) } else { FontId::proportional(size) };
        Painter::text(self, center, Align2::CENTER_CENTER, text, font, color);
    }

    fn measure(&self, size: f32, text: &str) -> Vec2 {
        self.layout_no_wrap(text.to_string(), FontId::proportional(size), Color32::TRANSPARENT).size()
    }
}

/// The shapes of a picture that is saved.
#[derive(Default)]
pub struct Sheet(pub Vec<chart::Shape>);

/// A colour as pictures have it: not multiplied.
pub fn plain(color: Color32) -> chart::Color {
    color.to_srgba_unmultiplied()
}

/// The baseline lies below the middle of a line by this share of the font's size.
const BASELINE: f32 = 0.36;

impl Sheet {
    /// Words at a place of their own: `at` is the middle of the line at its start, middle or end.
    pub fn words(&mut self, at: Pos2, anchor: Anchor, size: f32, color: Color32, text: &str) -> &mut Words {
        let words = Words {
            at: [at.x, at.y + BASELINE * size],
            text: text.to_string(),
            size,
            color: plain(color),
            anchor,
            ..Words::default()
        };
        self.0.push(chart::Shape::Text(words));
        match self.0.last_mut() {
            Some(chart::Shape::Text(words)) => words,
            _ => unreachable!("it was added just now"),
        }
    }
}

impl Surface for Sheet {
    fn line(&mut self, points: Vec<Pos2>, stroke: Stroke) {
        let points = points.into_iter().map(|p| [p.x, p.y]).collect();
        self.0.push(chart::Shape::Line { points, pen: Pen::new(stroke.width, plain(stroke.color)) });
    }

    fn circle(&mut self, center: Pos2, radius: f32, fill: Color32, stroke: Stroke) {
        let pen = (stroke.width > 0.0).then(|| Pen::new(stroke.width, plain(stroke.color)));
        self.0.push(chart::Shape::Circle { center: [center.x, center.y], radius, fill: Some(plain(fill)), pen });
    }

    fn text(&mut self, center: Pos2, size: f32, bold: bool, color: Color32, text: &str) {
        self.words(center, Anchor::Middle, size, color, text).bold = bold;
    }

    fn measure(&self, size: f32, text: &str) -> Vec2 {
        vec2(chart::text::width(text, size, false), size * 1.2)
    }
}
