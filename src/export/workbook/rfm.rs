//! The segments of the map of scores, with the same figures as the clusters.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cells::shortened;
use super::group::Group;
use super::style::Style;
use super::{charts, figures};
use crate::pipeline::Findings;

/// Writes the sheet.
pub(super) fn write(
    findings: &Findings,
    name: &str,
    groups: &[Group],
    style: &Style,
    sheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    sheet.set_name(name)?;
    // A page to print, unless that would be too small to read.
    let pages = if groups.len() <= 12 { 1 } else { 0 };
    sheet.set_screen_gridlines(false).set_landscape().set_print_fit_to_pages(1, pages);
    sheet.write_string_with_format(0, 0, "RFM segments", &style.title)?;
    sheet.set_row_height(0, 32)?;
    let map = &findings.rfm.map;
    sheet.write_string_with_format(1, 0, shortened(&map.title), &style.subtitle)?;
    let table = figures::write(findings, groups, style, 3, sheet)?;
    let mut line = table.last + 2;
    let empty: Vec<&str> = map
        .segments
        .iter()
        .map(|s| s.name.as_str())
        .filter(|name| !groups.iter().any(|g| g.profile.name == **name))
        .collect();
    if !empty.is_empty() {
        let note = format!("Nobody is in {}.", empty.join(", "));
        sheet.write_string_with_format(line, 1, shortened(&note), &style.subtitle)?;
        line += 1;
    }
    line += 1;
    charts::of_segments(name, groups, &table, line, sheet)?;
    line += charts::rows(groups.len()) + 1;
    line = figures::advice(groups, style, line, sheet)? + 1;
    figures::differences(findings, groups, style, line, sheet)?;
    Ok(())
}
