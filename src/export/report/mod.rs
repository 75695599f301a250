//! `report.html` and `report.pdf`: the segments on paper, a page to read first and a page for each.
//!
//! [`make`] turns findings into what the report says ([`data`]), with pictures from the chart model; [`html`] and [`pdf`]
//! fill the templates in `assets/report/` from that, so that both say the same. The templates are data: how the report
//! looks can be changed there.

mod charts;
mod data;
mod html;
mod logo;
mod make;
mod method;
mod parts;
mod pdf;
mod segment;
mod text;
mod world;

use std::io::Write;

use super::directory::Failure;
use crate::chart::text::{REGULAR, SEMIBOLD};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::pipeline::Findings;
use crate::recipe::Presentation;

/// Looks whether the report's logo can be read and drawn, before a long analysis or export that would end with it.
///
/// # Errors
/// [`Error::Read`] with what is wrong with the picture and what to give instead.
pub fn check_logo(presentation: &Presentation) -> Result<(), Error> {
    presentation.logo.as_deref().map_or(Ok(()), |path| logo::read(path).map(drop))
}

/// Writes the report as one HTML file that needs no other.
pub(super) fn write_html(findings: &Findings, out: &mut dyn Write, ctx: &Ctx) -> Result<(), Failure> {
    let report = make::report(findings, &ctx.part(0.0, 0.8))?;
    ctx.tick(8, 10)?;
    let page = html::render(&report).map_err(|why| unusable("html", &why))?;
    Ok(out.write_all(page.as_bytes())?)
}

/// Writes the report as PDF.
pub(super) fn write_pdf(findings: &Findings, out: &mut dyn Write, ctx: &Ctx) -> Result<(), Failure> {
    let report = make::report(findings, &ctx.part(0.0, 0.3))?;
    ctx.tick(3, 10)?;
    let stopped = || ctx.tick(3, 10).is_err();
    let made = pdf::render(&report, &[REGULAR, SEMIBOLD], &stopped);
    // Whatever it stumbled over then, the user's wish is the reason.
    ctx.tick(9, 10)?;
    Ok(out.write_all(&made.map_err(|why| unusable("typ", &why))?)?)
}

fn unusable(ending: &str, why: &str) -> Error {
    Error::data(format!("the report's template, assets/report/report.{ending}, cannot be filled: {why}"))
}
