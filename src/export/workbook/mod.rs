//! `segments.xlsx`: a workbook that a team can use as it is.
//!
//! Sheets: Summary (figures, charts, what to do), one per segment with its customers, Customers (all of them), RFM
//! segments, Months, Method (what was done, in words), Data quality. Every text is written as text, so that no id or name
//! can become a formula or a link. The file is the same from run to run.
//!
//! Small sheets are those of `rust_xlsxwriter`; the rows of the large ones are put in by [`assemble`].

mod assemble;
mod cells;
mod charts;
mod columns;
mod customers;
mod deflate;
mod figures;
mod group;
mod method;
mod months;
mod names;
mod package;
mod page;
mod quality;
mod rfm;
mod scores;
mod style;
mod summary;

use std::cmp::Ordering;
use std::io::Write;
use std::path::Path;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::assemble::{Large, Rows, assemble};
use self::columns::Source;
use self::customers::Place;
use self::group::Group;
use self::names::SheetNames;
use self::style::Style;
use super::ExportKind;
use super::directory::Failure;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::pipeline::Findings;

/// Rows of customers that fit on one sheet of Excel below the header.
const CUSTOMERS_PER_SHEET: usize = 1_048_575;
/// What stands above the table of a segment takes some rows of its sheet.
const ABOVE: usize = 40;
/// Cells of a sheet, so that its XML stays well below 4 GB.
const CELLS_PER_SHEET: usize = 60_000_000;
/// Segments with a sheet of their own: nobody pages through hundreds.
const SEGMENT_SHEETS: usize = 100;

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
    ctx.tick(0, 1)?;
    let style = Style::new(findings.clean.currency.as_deref());
    let source = Source::new(findings, &ctx.part(0.0, 0.05))?;
    let planned = source.columns(&style);
    let everyone = findings.rfm.customers.len();
    let Sheets { all, groups, per_sheet, per_segment } = Sheets::of(findings, planned.len(), per_sheet);
    let rfm_groups = group::rfm_segments(findings);

    let mut workbook = Workbook::new();
    // The moment of writing would make equal files differ.
    let made = ExcelDateTime::from_ymd(2000, 1, 1)?;
    let about = DocProperties::new().set_title("Customer segments").set_comment("Made with Quintile");
    workbook.set_properties(&about.set_company(&findings.recipe.presentation.company).set_creation_datetime(&made));
    summary::write(findings, &groups, &notes(&groups, &all), &style, workbook.add_worksheet())?;

    let mut large: Vec<Large> = Vec::new();
    for (i, group) in groups.iter().enumerate() {
        ctx.tick(i, groups.len() * 20)?;
        if group.sheets.is_empty() {
            continue;
        }
        let rows = by_value(findings, &group.profile.members);
        for (part, (name, rows)) in group.sheets.iter().zip(rows.chunks(per_segment.max(1))).enumerate() {
            let place = Place {
                sheet: 1 + large.len(),
                name,
                table: format!("segment_{}_{}", i + 1, part + 1),
                rows: Rows::Listed(rows.to_vec()),
            };
            large.push(customers::segment(place, findings, group, &planned, &style, workbook.add_worksheet())?);
        }
    }
    for (i, name) in all.iter().enumerate() {
        let place = Place {
            sheet: 1 + large.len(),
            name,
            table: format!("customers_{}", i + 1),
            rows: Rows::Range(i * per_sheet..((i + 1) * per_sheet).min(everyone)),
        };
        large.push(customers::all(place, &planned, &style, workbook.add_worksheet())?);
    }
    if !rfm_groups.is_empty() {
        rfm::write(findings, RFM, &rfm_groups, &style, workbook.add_worksheet())?;
    }
    if months::has_months(&groups) {
        months::write(MONTHS, &groups, &style, workbook.add_worksheet())?;
    }
    method::write(findings, METHOD, &style, workbook.add_worksheet())?;
    quality::write(findings, QUALITY, &style, workbook.add_worksheet(), &ctx.part(0.05, 0.15))?;

    let mut made = Vec::new();
    workbook.save_to_writer(&mut made)?;
    assemble(made, &large, &source.strings(), out, &ctx.part(0.15, 1.0))?;
    ctx.tick(1, 1)?;
    Ok(())
}

/// The sheets with customers.
struct Sheets<'a> {
    /// Names of those with all customers.
    all: Vec<String>,
    /// The segments, with the names of their sheets.
    groups: Vec<Group<'a>>,
    /// Customers on a sheet of all, and on one of a segment, at most.
    per_sheet: usize,
    per_segment: usize,
}

impl Sheets<'_> {
    /// For tables of this many columns.
    fn of(findings: &Findings, columns: usize, per_sheet: usize) -> Sheets<'_> {
        let per_sheet = per_sheet.min(CELLS_PER_SHEET / columns.max(1)).max(1);
        let per_segment = per_sheet.min(CUSTOMERS_PER_SHEET - ABOVE);
        // Those of the program first, as they are known before.
        let mut names = SheetNames::default();
        for fixed in [summary::NAME, RFM, MONTHS, METHOD, QUALITY] {
            names.give(fixed);
        }
        let all = names.give_parts("Customers", findings.rfm.customers.len().div_ceil(per_sheet));
        let mut groups = group::clusters(findings);
        for group in groups.iter_mut().take(SEGMENT_SHEETS) {
            group.sheets = names.give_parts(&group.profile.name, group.profile.customers.div_ceil(per_segment));
        }
        Sheets { all, groups, per_sheet, per_segment }
    }
}

/// The sheets of the workbook in their order, with the number of customers on those that list customers.
pub fn sheets(findings: &Findings) -> Vec<(String, Option<usize>)> {
    // One more for how firmly customers belong, where the algorithm knows.
    let columns = super::customers::names(&findings.rfm.customers).len() + 1;
    let Sheets { all, groups, per_sheet, per_segment } = Sheets::of(findings, columns, CUSTOMERS_PER_SHEET);
    let parts = |names: &[String], customers: usize, most: usize| -> Vec<(String, Option<usize>)> {
        let left = |part: usize| customers.saturating_sub(part * most).min(most);
        names.iter().enumerate().map(|(part, name)| (name.clone(), Some(left(part)))).collect()
    };
    let mut sheets = vec![(summary::NAME.to_string(), None)];
    sheets.extend(groups.iter().flat_map(|g| parts(&g.sheets, g.profile.customers, per_segment)));
    sheets.extend(parts(&all, findings.rfm.customers.len(), per_sheet));
    let others = [
        (RFM, !group::rfm_segments(findings).is_empty()),
        (MONTHS, months::has_months(&groups)),
        (METHOD, true),
        (QUALITY, true),
    ];
    sheets.extend(others.into_iter().filter(|(_, there)| *there).map(|(name, _)| (name.to_string(), None)));
    sheets
}

const RFM: &str = "RFM segments";
const MONTHS: &str = "Months";
const METHOD: &str = "Method";
const QUALITY: &str = "Data quality";

/// A segment's customers, those of most value first; equal ones, and all where nothing is known of value, in the order of
/// the table.
fn by_value(findings: &Findings, members: &[u32]) -> Vec<u32> {
    let values = findings.rfm.values();
    let mut rows = members.to_vec();
    if !values.is_empty() {
        let value = |row: u32| values[row as usize];
        rows.sort_by(|&a, &b| {
            let (a, b) = (value(a), value(b));
            // Who has no value comes last.
            b.partial_cmp(&a).unwrap_or_else(|| match (a.is_nan(), b.is_nan()) {
                (true, false) => Ordering::Greater,
                (false, true) => Ordering::Less,
                _ => Ordering::Equal,
            })
        });
    }
    rows
}

/// What is to be said of the sheets: where customers are spread over several, and which segments have none.
fn notes(groups: &[Group], all: &[String]) -> Vec<String> {
    let span = |names: &[String]| {
        format!("on {} sheets, {} to {}.", format::count(names.len()), names[0], names[names.len() - 1])
    };
    let mut notes = Vec::new();
    if all.len() > 1 {
        notes.push(format!("One sheet of Excel cannot hold all customers: they are {}", span(all)));
    }
    for group in groups.iter().filter(|g| g.sheets.len() > 1) {
        let name = &group.profile.name;
        notes.push(format!("One sheet of Excel cannot hold the customers of {name}: they are {}", span(&group.sheets)));
    }
    if groups.len() > SEGMENT_SHEETS {
        notes.push(format!(
            "Only the first {} of {} segments have a sheet of their own; the sheet of all customers can be filtered by segment.",
            SEGMENT_SHEETS,
            format::count(groups.len())
        ));
    }
    notes
}
