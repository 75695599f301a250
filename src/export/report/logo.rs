//! The company's logo: read, and checked before anything is made with it.

use std::fs;
use std::path::Path;

use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage, SvgImage};

use super::data::File;
use crate::error::{Error, Result};

/// A logo is a small picture; what is larger was surely given by mistake, and would be carried in every report.
const MOST_BYTES: u64 = 10 << 20;

/// The logo at `path` as a file of the report, by what it holds and not by its name.
///
/// # Errors
/// [`Error::Read`] where it is missing, too large, or no PNG, JPEG or SVG that can be drawn.
pub(super) fn read(path: &Path) -> Result<File> {
    let wrong = |why: String| Error::read(path, format!("{why}; give a PNG, JPEG or SVG file as the logo, or none"));
    let size = fs::metadata(path).map_err(|e| wrong(e.to_string()))?.len();
    if size > MOST_BYTES {
        return Err(wrong("the logo is larger than 10 MB".into()));
    }
    let bytes = fs::read(path).map_err(|e| wrong(e.to_string()))?;
    let data = Bytes::new(bytes.clone());
    let raster = |format| RasterImage::plain(data.clone(), format).map(|_| ()).map_err(|e| e.to_string());
    let (ending, drawn) = if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        ("png", raster(ExchangeFormat::Png))
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        ("jpg", raster(ExchangeFormat::Jpg))
    } else if looks_like_svg(&bytes) {
        ("svg", SvgImage::new(data.clone()).map(|_| ()).map_err(|_| "the SVG cannot be understood".to_string()))
    } else {
        return Err(wrong("the logo is neither PNG, JPEG nor SVG".into()));
    };
    drawn.map_err(|why| wrong(format!("the logo cannot be drawn ({why})")))?;
    Ok(File { name: format!("logo.{ending}"), bytes })
}

fn looks_like_svg(bytes: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    head.trim_start_matches('\u{feff}').trim_start().starts_with('<') && head.contains("<svg")
}
