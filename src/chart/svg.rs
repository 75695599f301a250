//! A picture as SVG: the same shapes as in the window, texts as texts.

use std::fmt::Write;

use super::picture::{Anchor, At, Color, Pen, Picture, Shape, Words};
use super::png;

/// The picture as a document of its own; `title` is what screen readers and browsers call it.
pub fn to_svg(picture: &Picture, title: &str) -> String {
    document(picture.size, title, &picture.shapes)
}

/// A document of some shapes of a picture.
pub(super) fn document([wide, high]: At, title: &str, shapes: &[Shape]) -> String {
    let mut out = String::with_capacity(shapes.len() * 90 + 400);
    let (wide, high) = (number(wide), number(high));
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\" \
         font-family=\"Inter, 'Helvetica Neue', Arial, sans-serif\">"
    );
    let _ = writeln!(out, "<title>{}</title>", escaped(title));
    for shape in shapes {
        write_shape(&mut out, shape);
    }
    out.push_str("</svg>\n");
    out
}

fn write_shape(out: &mut String, shape: &Shape) {
    let _ = match shape {
        Shape::Rect { area, radius, fill, pen } => {
            let (x, y) = (number(area.left), number(area.top));
            let (w, h) = (number(area.width().max(0.0)), number(area.height().max(0.0)));
            let round = if *radius > 0.0 { format!(" rx=\"{}\"", number(*radius)) } else { String::new() };
            writeln!(out, "<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\"{round}{}/>", paint(*fill, *pen))
        }
        Shape::Line { points, pen } if points.len() == 2 => {
            let [[x1, y1], [x2, y2]] = [points[0], points[1]].map(|p| p.map(number));
            let paint = paint(None, Some(*pen));
            writeln!(out, "<line x1=\"{x1}\" y1=\"{y1}\" x2=\"{x2}\" y2=\"{y2}\"{paint}/>")
        }
        Shape::Line { points, pen } => {
            let paint = paint(None, Some(*pen));
            writeln!(out, "<polyline points=\"{}\"{paint} stroke-linejoin=\"round\"/>", list(points.iter()))
        }
        Shape::Strip { upper, lower, fill } => {
            let points = list(upper.iter().chain(lower.iter().rev()));
            writeln!(out, "<polygon points=\"{points}\"{}/>", paint(Some(*fill), None))
        }
        Shape::Circle { center, radius, fill, pen } => {
            let [x, y] = center.map(number);
            writeln!(out, "<circle cx=\"{x}\" cy=\"{y}\" r=\"{}\"{}/>", number(*radius), paint(*fill, *pen))
        }
        Shape::Text(words) => write_text(out, words),
        Shape::Image { area, raster } => {
            let (x, y) = (number(area.left), number(area.top));
            let (w, h) = (number(area.width()), number(area.height()));
            let data = base64(&png::encoded(raster));
            writeln!(
                out,
                "<image x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" preserveAspectRatio=\"none\" \
                 href=\"data:image/png;base64,{data}\"/>"
            )
        }
    };
}

fn write_text(out: &mut String, words: &Words) -> std::fmt::Result {
    let [x, y] = words.at.map(number);
    let (color, opacity) = color(words.color);
    let anchor = match words.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let bold = if words.bold { " font-weight=\"600\"" } else { "" };
    let turn = match words.angle {
        0.0 => String::new(),
        angle => format!(" transform=\"rotate({} {x} {y})\"", number(angle)),
    };
    let opacity = opacity.map(|o| format!(" fill-opacity=\"{o}\"")).unwrap_or_default();
    let text = escaped(&words.text);
    writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{color}\"{opacity}{anchor}{bold}{turn} \
         xml:space=\"preserve\">{text}</text>",
        number(words.size)
    )
}

fn paint(fill: Option<Color>, pen: Option<Pen>) -> String {
    let mut out = String::new();
    match fill.map(color) {
        None => out.push_str(" fill=\"none\""),
        Some((color, opacity)) => {
            let _ = write!(out, " fill=\"{color}\"");
            if let Some(opacity) = opacity {
                let _ = write!(out, " fill-opacity=\"{opacity}\"");
            }
        }
    }
    if let Some(pen) = pen {
        let (color, opacity) = color(pen.color);
        let _ = write!(out, " stroke=\"{color}\" stroke-width=\"{}\"", number(pen.width));
        if let Some(opacity) = opacity {
            let _ = write!(out, " stroke-opacity=\"{opacity}\"");
        }
        if let Some([dash, gap]) = pen.dash {
            let _ = write!(out, " stroke-dasharray=\"{} {}\"", number(dash), number(gap));
        }
    }
    out
}

fn color([r, g, b, a]: Color) -> (String, Option<String>) {
    (format!("#{r:02x}{g:02x}{b:02x}"), (a < 255).then(|| number(f32::from(a) / 255.0)))
}

fn list<'a>(points: impl Iterator<Item = &'a At>) -> String {
    points.map(|p| p.map(number).join(",")).collect::<Vec<_>>().join(" ")
}

/// Two decimals are a fiftieth of the smallest pixel; what is no number stands at 0.
fn number(value: f32) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// Text for XML 1.0: `<`, `>`, `&` and quotes as entities; characters that XML cannot hold are replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

/// Bytes in base64 (RFC 4648).
pub fn base64(data: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(data.len() * 4 / 3 + 4);
    for part in data.chunks(3) {
        let bits = part.iter().fold(0u32, |bits, b| (bits << 8) | u32::from(*b)) << (8 * (3 - part.len()));
        for i in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * i)) as usize & 63];
            out.push(if i <= part.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10.
        for (plain, coded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
