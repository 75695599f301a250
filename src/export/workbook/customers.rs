//! The sheets with one row per customer.

use std::ops::Range;

use rust_xlsxwriter::{Format, IgnoreError, Table, TableColumn, TableStyle, Worksheet};

use super::style::Style;
use crate::ctx::Ctx;
use crate::export::customers::{axes, further, header, word};
use crate::export::directory::Failure;
use crate::export::placement::belonging;
use crate::pipeline::Findings;
use crate::rfm::Feature;

/// "Customers", or "Customers 1", "Customers 2", … where one sheet cannot hold them.
pub(super) fn sheet_names(customers: usize, per_sheet: usize) -> Vec<String> {
    match customers.div_ceil(per_sheet) {
        0 | 1 => vec!["Customers".into()],
        n => (1..=n).map(|i| format!("Customers {i}")).collect(),
    }
}

/// Writes the customers of `rows` as a table with filter buttons; ids are text whatever they look like.
pub(super) fn write(
    findings: &Findings,
    style: &Style,
    name: &str,
    rows: Range<usize>,
    sheet: &mut Worksheet,
    ctx: &Ctx,
) -> Result<(), Failure> {
    let rfm = &findings.rfm;
    let table = &rfm.customers;
    let clustering = &findings.chosen.clustering;
    let labels = &clustering.labels;
    let belonging = belonging(findings, ctx)?;
    let with_format = |feature| -> (&Feature, &Format) { (feature, style.feature(feature)) };
    let axes = axes(table).map(|axis| axis.map(with_format));
    let further: Vec<(&Feature, &Format)> = further(table).into_iter().map(with_format).collect();
    sheet.set_name(name)?;

    let headers = header(findings);
    for (row, line) in rows.clone().zip(1u32..) {
        if line % 1024 == 1 {
            ctx.tick(row, table.len())?;
        }
        sheet.write_string(line, 0, &table.ids[row])?;
        // A feature may be missing or undefined; Excel has no cell for that but an empty one.
        for (column, axis) in (1u16..).zip(&axes) {
            if let Some((feature, format)) = axis.filter(|(f, _)| f.values[row].is_finite()) {
                sheet.write_number_with_format(line, column, feature.values[row], format)?;
            }
        }
        for (column, axis) in (4u16..).zip(&rfm.scores) {
            sheet.write_number(line, column, axis.scores[row])?;
        }
        if let Some(&segment) = rfm.segment.get(row) {
            sheet.write_string(line, 7, &rfm.map.segments[segment as usize].name)?;
        }
        sheet.write_number(line, 8, clustering.number(labels[row]) as f64)?;
        sheet.write_string(line, 9, &findings.profiles[labels[row] as usize].name)?;
        for (column, (feature, format)) in (10u16..).zip(&further) {
            if feature.names.is_some() {
                let word = word(feature, row);
                if !word.is_empty() {
                    sheet.write_string(line, column, word)?;
                }
            } else if feature.values[row].is_finite() {
                sheet.write_number_with_format(line, column, feature.values[row], format)?;
            }
        }
        if let Some((_, values)) = &belonging {
            sheet.write_number(line, 10 + further.len() as u16, values[row])?;
        }
    }

    let last = rows.len().max(1) as u32;
    let columns: Vec<TableColumn> = headers.iter().map(|h| TableColumn::new().set_header(h)).collect();
    let look = Table::new().set_name(name.replace(' ', "_")).set_columns(&columns).set_style(TableStyle::Light1);
    sheet.add_table(0, 0, last, headers.len() as u16 - 1, &look)?;
    sheet.set_freeze_panes(1, 1)?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.ignore_error_range(1, 0, last, 0, IgnoreError::NumberStoredAsText)?;
    let longest = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0).clamp(10, 48) as f64 + 2.0;
    for (column, header) in headers.iter().enumerate() {
        let width = match column {
            0 => longest(&mut table.ids[rows.clone()].iter().map(|id| id.chars().count()).chain([header.len() + 2])),
            7 => longest(&mut rfm.map.segments.iter().map(|s| s.name.chars().count())),
            9 => longest(&mut findings.profiles.iter().map(|p| p.name.chars().count())),
            // The filter button takes the place of about three characters.
            _ => header.chars().count() as f64 + 4.0,
        };
        sheet.set_column_width(column as u16, width)?;
    }
    Ok(())
}
