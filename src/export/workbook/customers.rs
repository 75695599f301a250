//! The sheets with one row per customer: all of them, and a sheet per segment.
//!
//! They are prepared here with everything but their rows, see [`super::assemble`].

use rust_xlsxwriter::{Color, IgnoreError, Table, TableColumn, TableStyle, Url, Worksheet, XlsxError};

use super::assemble::{Large, Rows};
use super::cells::shortened;
use super::columns::Planned;
use super::group::Group;
use super::style::Style;
use crate::format;
use crate::pipeline::Findings;

/// Where a sheet is, and what is on it.
pub(super) struct Place<'a> {
    /// Among the sheets of the workbook, from 0.
    pub sheet: usize,
    pub name: &'a str,
    pub table: String,
    pub rows: Rows,
}

/// Prepares a sheet with a table of customers from line `header` (counted from 0) down.
fn prepare<'a>(
    place: Place,
    header: u32,
    planned: &[&'a Planned<'a>],
    style: &Style,
    sheet: &mut Worksheet,
) -> Result<Large<'a>, XlsxError> {
    let line = header + 1;
    for (at, column) in (0u16..).zip(planned) {
        sheet.set_column_width(at, column.width)?;
        sheet.write_blank(line, at, &column.format)?;
    }
    let titles: Vec<TableColumn> = planned
        .iter()
        .map(|c| TableColumn::new().set_header(&c.title).set_header_format(&style.header_table))
        .collect();
    let look = Table::new().set_name(&place.table).set_columns(&titles).set_style(TableStyle::Light1);
    sheet.add_table(header, 0, line, planned.len() as u16 - 1, &look)?;
    sheet.set_row_height(header, 20)?;
    sheet.set_freeze_panes(line, 1)?;
    sheet.set_repeat_rows(header, header)?;
    sheet.set_landscape().set_print_fit_to_pages(1, 0);
    let last = line + place.rows.len().max(1) as u32 - 1;
    sheet.ignore_error_range(line, 0, last, 0, IgnoreError::NumberStoredAsText)?;
    let columns = planned.iter().map(|column| &column.values).collect();
    Ok(Large { sheet: place.sheet, table: place.table, first: line as usize + 1, rows: place.rows, columns })
}

/// A sheet of all customers, or of a part of them: nothing but the table, as other programs read it too.
pub(super) fn all<'a>(
    place: Place,
    planned: &'a [Planned<'a>],
    style: &Style,
    sheet: &mut Worksheet,
) -> Result<Large<'a>, XlsxError> {
    sheet.set_name(place.name)?;
    let planned: Vec<&'a Planned<'a>> = planned.iter().collect();
    prepare(place, 0, &planned, style, sheet)
}

/// A segment's sheet: who they are and what to do above their table.
pub(super) fn segment<'a>(
    place: Place,
    findings: &Findings,
    group: &Group,
    planned: &'a [Planned<'a>],
    style: &Style,
    sheet: &mut Worksheet,
) -> Result<Large<'a>, XlsxError> {
    sheet.set_name(place.name)?;
    sheet.set_tab_color(Color::RGB(group.colour));
    let planned: Vec<&'a Planned<'a>> = planned.iter().filter(|c| !c.of_segment).collect();
    let band = style.band(group.colour).set_font_size(14).set_indent(1);
    for at in 0..planned.len().max(8) as u16 {
        sheet.write_blank(0, at, &band)?;
    }
    sheet.write_string_with_format(0, 0, shortened(&group.profile.name), &band)?;
    sheet.set_row_height(0, 26)?;
    let mut line = 1;
    for (label, text) in about(findings, group) {
        sheet.write_string_with_format(line, 0, label, &style.label)?;
        sheet.write_string_with_format(line, 1, shortened(&text), &style.text)?;
        line += 1;
    }
    let back = Url::new("internal:Summary!A1").set_text("Back to Summary");
    sheet.write_url_with_format(line, 0, &back, &style.link)?;
    prepare(place, line + 1, &planned, style, sheet)
}

/// What stands above a segment's table, as label and text.
fn about(findings: &Findings, group: &Group) -> Vec<(&'static str, String)> {
    let p = group.profile;
    let mut size = format!(
        "{}, {} of all",
        format::plural(p.customers, "customer", "customers"),
        format::percent(p.share_of_customers)
    );
    if p.revenue.is_finite() {
        let money = format::money(p.revenue, findings.clean.currency.as_deref());
        size.push_str(&format!("; revenue {money}, {} of all", format::percent(p.share_of_revenue)));
    }
    let mut lines = vec![("Size", size)];
    let mut add = |label, text: &str| {
        if !text.is_empty() {
            lines.push((label, text.to_string()));
        }
    };
    add("Who", &p.description);
    add("Note", group.note);
    add("To do", &p.action);
    add("Channel", &p.channel);
    if let Some(portrait) = group.portrait {
        add("Why", &portrait.reason);
        if let Some(stake) = &portrait.stake {
            add("At stake", &stake.words);
        }
    }
    for rule in &group.rules {
        let text = format!(
            "{} ({} of those it takes in are of this segment, and it takes in {} of the segment)",
            rule.sentence,
            format::percent(rule.precision),
            format::percent(rule.coverage)
        );
        add("Rule", &text);
    }
    lines
}
