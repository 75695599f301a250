//! `segments.xlsx`: a workbook that a team can use as it is.
//!
//! Sheets: Summary (figures and charts), Customers (one row each, as a table with filters), Method (what was
//! done, in words). Every text is written as text, so that no id or name can become a formula.

mod customers;
mod method;
mod scores;
mod style;
mod summary;

use std::io::Write;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, Workbook, XlsxError};

use self::style::Style;
use super::ExportKind;
use super::directory::Failure;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::pipeline::Findings;

/// Rows of customers that fit on one sheet of Excel below the header.
const CUSTOMERS_PER_SHEET: usize = 1_048_575;

impl From<XlsxError> for Failure {
    fn from(e: XlsxError) -> Self {
        Failure::Io(e.to_string())
    }
}

/// Writes the workbook into a file.
pub(super) fn write<W: Write + Send>(findings: &Findings, out: &mut W, ctx: &Ctx) -> std::result::Result<(), Failure> {
    build(findings, out, CUSTOMERS_PER_SHEET, ctx)
}

/// Writes the workbook into anything, with at most `per_sheet` customers on a sheet (Excel holds 1,048,575
/// below a header; more are never put on one sheet, and at least one always is).
///
/// # Errors
/// [`crate::error::Error::Write`] when `out` fails, [`crate::error::Error::Cancelled`].
pub fn write_workbook<W: Write + Send>(findings: &Findings, out: &mut W, per_sheet: usize, ctx: &Ctx) -> Result<()> {
    let per_sheet = per_sheet.clamp(1, CUSTOMERS_PER_SHEET);
    build(findings, out, per_sheet, ctx).map_err(|e| e.at(Path::new(ExportKind::Workbook.file_name())))
}

fn build<W: Write + Send>(
    findings: &Findings,
    out: &mut W,
    per_sheet: usize,
    ctx: &Ctx,
) -> std::result::Result<(), Failure> {
    let sheets = customers::sheet_names(findings.rfm.customers.len(), per_sheet);
    let style = Style::new(findings.clean.currency.as_deref());
    let mut workbook = Workbook::new();
    workbook.set_properties(&DocProperties::new().set_title("Customer segments").set_comment("Made with Quintile"));
    summary::write(findings, &style, &sheets, workbook.add_worksheet())?;
    for (i, name) in sheets.iter().enumerate() {
        let from = i * per_sheet;
        let to = (from + per_sheet).min(findings.rfm.customers.len());
        customers::write(findings, &style, name, from..to, workbook.add_worksheet(), ctx)?;
    }
    method::write(findings, &style, workbook.add_worksheet())?;
    ctx.tick(1, 1)?;
    workbook.save_to_writer(out)?;
    Ok(())
}
