//! A picture as PNG: its SVG drawn by resvg with the embedded font and nothing from the system.

use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{FilterQuality, Pixmap, PixmapPaint, PremultipliedColorU8, Transform};
use resvg::usvg::{self, fontdb};

use super::picture::{Picture, Raster, Shape};
use super::{svg, text};
use crate::error::{Error, Result};

/// Writes the picture as PNG with `scale` pixels per point.
///
/// # Errors
/// When the picture is too large for memory, or `out` fails.
pub fn write_png(picture: &Picture, scale: f32, mut out: impl Write) -> io::Result<()> {
    let drawn = drawn(picture, scale).map_err(io::Error::other)?;
    out.write_all(&drawn.encode_png().map_err(io::Error::other)?)
}

/// The picture as pixels, `scale` per point.
///
/// # Errors
/// When the picture is too large for memory.
pub fn pixels(picture: &Picture, scale: f32) -> Result<Raster> {
    let drawn = drawn(picture, scale)?;
    let straight = |p: &PremultipliedColorU8| {
        let c = p.demultiply();
        [c.red(), c.green(), c.blue(), c.alpha()]
    };
    let pixels = drawn.pixels().iter().map(straight).collect();
    Ok(Raster { width: drawn.width() as usize, height: drawn.height() as usize, pixels })
}

/// Draws the shapes in their order; images are set between the others, because resvg is built without decoders.
fn drawn(picture: &Picture, scale: f32) -> Result<Pixmap> {
    let [wide, high] = picture.size.map(|s| (s * scale).round().clamp(1.0, 40_000.0) as u32);
    let too_large = || Error::data("The picture is too large to be drawn; make the chart smaller.");
    let mut pixmap = Pixmap::new(wide, high).ok_or_else(too_large)?;
    let options = usvg::Options { fontdb: fonts(), font_family: "Inter".into(), ..usvg::Options::default() };
    let mut rest = &picture.shapes[..];
    while !rest.is_empty() {
        let until = rest.iter().position(|s| matches!(s, Shape::Image { .. })).unwrap_or(rest.len());
        let (shapes, after) = rest.split_at(until);
        let document = svg::document(picture.size, "", shapes);
        let tree = usvg::Tree::from_str(&document, &options).map_err(|e| Error::data(e.to_string()))?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        rest = after;
        if let Some((Shape::Image { area, raster }, after)) = rest.split_first() {
            let image = pixmap_of(raster).ok_or_else(too_large)?;
            let (x, y) = (area.width() / raster.width as f32, area.height() / raster.height as f32);
            let place = Transform::from_row(x, 0.0, 0.0, y, area.left, area.top).post_scale(scale, scale);
            let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
            pixmap.draw_pixmap(0, 0, image.as_ref(), &paint, place, None);
            rest = after;
        }
    }
    Ok(pixmap)
}

/// A raster as the bytes of a PNG file; none where it is empty.
pub(super) fn encoded(raster: &Raster) -> Vec<u8> {
    pixmap_of(raster).and_then(|p| p.encode_png().ok()).unwrap_or_default()
}

fn pixmap_of(raster: &Raster) -> Option<Pixmap> {
    let mut pixmap = Pixmap::new(raster.width as u32, raster.height as u32)?;
    for (to, [r, g, b, a]) in pixmap.pixels_mut().iter_mut().zip(&raster.pixels) {
        *to = resvg::tiny_skia::ColorU8::from_rgba(*r, *g, *b, *a).premultiply();
    }
    Some(pixmap)
}

/// The embedded fonts, for every family that is asked for.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let load = || {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(text::REGULAR.to_vec());
        fonts.load_font_data(text::SEMIBOLD.to_vec());
        fonts.set_sans_serif_family("Inter");
        Arc::new(fonts)
    };
    FONTS.get_or_init(load).clone()
}
