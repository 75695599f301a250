//! The first sheet: key facts, the segments with figures, charts, what to do.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::cells::shortened;
use super::group::Group;
use super::style::Style;
use super::{charts, figures};
use crate::exact::ExactSum;
use crate::format;
use crate::pipeline::Findings;
use crate::recipe::KChoice;

pub(super) const NAME: &str = "Summary";

/// A key fact: its label, its value, and how many columns it takes.
enum Fact {
    Count(&'static str, f64),
    Money(&'static str, f64),
    Text(&'static str, String, u16),
}

/// Writes the sheet. `notes` are sentences on what the workbook holds.
pub(super) fn write(
    findings: &Findings,
    groups: &[Group],
    notes: &[String],
    style: &Style,
    sheet: &mut Worksheet,
) -> Result<(), XlsxError> {
    sheet.set_name(NAME)?;
    // A page to print, unless that would be too small to read.
    let pages = if groups.len() <= 12 { 1 } else { 0 };
    sheet.set_screen_gridlines(false).set_landscape().set_print_fit_to_pages(1, pages);
    let company = findings.recipe.presentation.company.trim();
    let title = if company.is_empty() { "Customer segments".into() } else { format!("{company}: customer segments") };
    sheet.write_string_with_format(0, 0, shortened(&title), &style.title)?;
    sheet.set_row_height(0, 32)?;
    let files: Vec<String> = findings
        .recipe
        .input
        .files
        .iter()
        .map(|f| f.file_name().map_or_else(|| f.display().to_string(), |n| n.to_string_lossy().into_owned()))
        .collect();
    sheet.write_string_with_format(1, 0, shortened(&files.join(", ")), &style.subtitle)?;
    facts(findings, style, 3, sheet)?;

    let header = 6;
    let table = figures::write(findings, groups, style, header, sheet)?;
    let mut line = table.last + 2;
    for note in notes {
        sheet.write_string_with_format(line, 1, shortened(note), &style.subtitle)?;
        line += 1;
    }
    line += 1;
    charts::of_segments(NAME, groups, &table, line, sheet)?;
    line += charts::rows(groups.len()) + 1;
    line = figures::advice(groups, style, line, sheet)? + 1;
    figures::differences(findings, groups, style, line, sheet)?;
    Ok(())
}

/// The key facts side by side: small labels above large values.
fn facts(findings: &Findings, style: &Style, line: u32, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let rfm = &findings.rfm;
    let mut facts = vec![Fact::Count("Customers", rfm.customers.len() as f64)];
    if rfm.has_money() {
        let revenue = rfm.customers.monetary().iter().copied().filter(|v| v.is_finite()).collect::<ExactSum>();
        facts.push(Fact::Money("Net revenue", revenue.value()));
    }
    facts.push(Fact::Count("Segments", findings.chosen.clustering.clusters() as f64));
    if let (Some(first), Some(last)) = (rfm.first_day, rfm.last_day) {
        let what = if findings.roles.shape.is_of_customers() { "Last purchases" } else { "Transactions" };
        facts.push(Fact::Text(what, format!("{first} to {last}"), 3));
    }
    facts.extend(rfm.snapshot.map(|day| Fact::Text("Snapshot date", day.to_string(), 2)));
    let mut at = 0;
    for fact in facts {
        let (label, span) = match &fact {
            Fact::Count(label, _) | Fact::Money(label, _) => (*label, 2),
            Fact::Text(label, _, span) => (*label, *span),
        };
        sheet.write_string_with_format(line, at, label, &style.fact_label)?;
        let format = match &fact {
            Fact::Count(..) => &style.fact_count,
            Fact::Money(..) => &style.fact_money,
            Fact::Text(..) => &style.fact,
        };
        // Numbers do not flow over into the next cell as texts do.
        if span > 1 {
            sheet.merge_range(line + 1, at, line + 1, at + span - 1, "", format)?;
        }
        match fact {
            Fact::Count(_, value) | Fact::Money(_, value) => {
                sheet.write_number_with_format(line + 1, at, value, format)?
            }
            Fact::Text(_, text, _) => sheet.write_string_with_format(line + 1, at, text, format)?,
        };
        at += span;
    }
    sheet.set_row_height(line + 1, 24)?;
    let how = format!(
        "{}{}{}",
        format::plural(findings.chosen.clustering.clusters(), "segment", "segments"),
        if findings.recipe.cluster.k == KChoice::Auto { ", by " } else { "; " },
        findings.chosen.chosen_by
    );
    sheet.write_string_with_format(line - 1, 0, shortened(&how), &style.subtitle)?;
    Ok(())
}
