//! What is odd about the data, so that whoever reads the figures knows what they stand on.

use rust_xlsxwriter::{Color, ConditionalFormatDataBar, ConditionalFormatType, Worksheet};

use super::page::{Cell, Page};
use super::style::Style;
use crate::ctx::Ctx;
use crate::export::directory::Failure;
use crate::format;
use crate::intake::{InputReport, quality};
use crate::pipeline::Findings;

/// Rows that do not fit the table, listed with their text; the sheet says how many there are in all.
const LISTED: usize = 1000;

/// Writes the sheet.
pub(super) fn write(
    findings: &Findings,
    name: &str,
    style: &Style,
    sheet: &mut Worksheet,
    ctx: &Ctx,
) -> Result<(), Failure> {
    let widths = [30.0, 62.0, 14.0, 14.0, 14.0, 48.0];
    let mut page = Page::new(name, "Data quality", &widths, style, sheet)?;
    page.line(
        "What the file holds, and what is odd about it. Nothing was changed here: the sheet Method says what was done.",
        &style.subtitle,
    )?;

    page.heading("Files")?;
    for report in &findings.intake.reports {
        file(&mut page, report)?;
    }

    let warnings = findings.warnings();
    page.heading("Warnings")?;
    if warnings.is_empty() {
        page.line("None.", &style.text)?;
    }
    for (i, warning) in warnings.iter().enumerate() {
        page.pair(&format!("Warning {}", i + 1), warning)?;
    }

    suspicious(findings, &mut page, ctx)?;
    columns(findings, &mut page)?;
    rejects(&findings.intake.reports, &mut page)?;
    Ok(())
}

/// How a file was read.
fn file(page: &mut Page, report: &InputReport) -> Result<(), Failure> {
    let name = report.path.file_name().unwrap_or_default().to_string_lossy();
    let mut said = vec![format!(
        "{}, {} in {}",
        report.format,
        format::plural(report.rows, "row", "rows"),
        format::plural(report.columns, "column", "columns")
    )];
    let count = |n: usize, one: &str, many: &str| (n > 0).then(|| format::plural(n, one, many));
    said.extend(count(report.preamble.len(), "line above the table left out", "lines above the table left out"));
    said.extend(count(report.footer.len(), "line below the table left out", "lines below the table left out"));
    said.extend(count(report.totals.len(), "row of totals", "rows of totals"));
    said.extend(count(report.comments, "comment left out", "comments left out"));
    said.extend(count(report.ragged_rows, "row with another number of cells", "rows with another number of cells"));
    said.extend(count(report.broken_quotes, "row with a broken quote", "rows with a broken quote"));
    page.pair(&name, &format!("{}.", said.join("; ")))?;
    for note in &report.notes {
        page.pair("", note)?;
    }
    Ok(())
}

/// What the checks found, with the rows that they count.
fn suspicious(findings: &Findings, page: &mut Page, ctx: &Ctx) -> Result<(), Failure> {
    let table = &findings.intake.table;
    page.heading("What the checks found")?;
    let items = quality::report(table, &findings.roles, ctx)?;
    if items.is_empty() {
        let style = page.style;
        page.line("Nothing.", &style.text)?;
        return Ok(());
    }
    page.head(&[("Column", false), ("Finding", false), ("Rows", true), ("Share of rows", true)])?;
    let first = page.row;
    for item in &items {
        page.list(&[
            Cell::Text(item.column.as_deref().unwrap_or("The whole table")),
            Cell::Text(&item.text),
            Cell::Count(item.rows),
            Cell::Share(item.rows as f64 / table.rows.max(1) as f64),
        ])?;
    }
    bars(page, first, 3)
}

/// Every column, its type and what is missing in it.
fn columns(findings: &Findings, page: &mut Page) -> Result<(), Failure> {
    if findings.roles.columns.is_empty() {
        return Ok(());
    }
    let steps = findings.recipe.clean.steps.iter().any(|step| step.on);
    page.heading(if steps { "Columns, after the cleaning steps" } else { "Columns" })?;
    page.head(&[
        ("Column", false),
        ("Type, role and examples", false),
        ("Missing", true),
        ("Share missing", true),
        ("Distinct values", true),
        ("What is doubtful", false),
    ])?;
    let first = page.row;
    for column in &findings.roles.columns {
        let mut about = vec![column.kind.label().to_string()];
        about.extend(column.role.as_ref().map(|role| format!("role {}", role.replace('_', " "))));
        about.extend((!column.written.is_empty()).then(|| column.written.clone()));
        let examples: Vec<&str> = column.examples.iter().take(3).map(String::as_str).collect();
        about.extend((!examples.is_empty()).then(|| format!("for example {}", examples.join(" | "))));
        page.list(&[
            Cell::Text(&column.name),
            Cell::Text(&about.join("; ")),
            Cell::Count(column.missing),
            Cell::Share(column.missing_share),
            Cell::Count(column.distinct),
            Cell::Text(&column.problems.join(" ")),
        ])?;
    }
    bars(page, first, 3)
}

/// Rows that do not fit the table, as they stand in the file.
fn rejects(reports: &[InputReport], page: &mut Page) -> Result<(), Failure> {
    let all: usize = reports.iter().map(|r| r.rejected).sum();
    page.heading("Rows that do not fit")?;
    let style = page.style;
    if all == 0 {
        page.line("Every row fits the table.", &style.text)?;
        return Ok(());
    }
    let kept = reports.iter().map(|r| r.rejects.len()).sum::<usize>().min(LISTED);
    let listed = if kept < all { format!("; the first {} are listed", format::count(kept)) } else { String::new() };
    page.line(
        &format!("{}{listed}.", format::plural(all, "row does not fit the table", "rows do not fit the table")),
        &style.subtitle,
    )?;
    page.head(&[("File and line", false), ("The row as it stands in the file, and what was done", false)])?;
    let rows = reports.iter().flat_map(|r| r.rejects.iter().map(move |reject| (r, reject)));
    for (report, reject) in rows.take(LISTED) {
        let name = report.path.file_name().unwrap_or_default().to_string_lossy();
        let place = format!("{name}, line {}", format::count(reject.line));
        page.list(&[Cell::Text(&place), Cell::Text(&format!("{}\n{}", reject.reason, reject.text))])?;
    }
    Ok(())
}

/// Bars for a column of shares, from line `first` to the last one.
fn bars(page: &mut Page, first: u32, column: u16) -> Result<(), Failure> {
    if page.row > first {
        let bar = ConditionalFormatDataBar::new()
            .set_fill_color(Color::RGB(0xf3c6a5))
            .set_solid_fill(true)
            .set_minimum(ConditionalFormatType::Number, 0)
            .set_maximum(ConditionalFormatType::Number, 1);
        page.sheet.add_conditional_format(first, column, page.row - 1, column, &bar)?;
    }
    Ok(())
}
