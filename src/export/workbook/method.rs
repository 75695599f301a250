//! The last sheet: what was done, in words, so that the figures can be explained and repeated.

use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use super::style::Style;
use crate::format;
use crate::intake::Role;
use crate::pipeline::Findings;

/// Writes the sheet.
pub(super) fn write(findings: &Findings, style: &Style, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("Method")?;
    sheet.set_screen_gridlines(false).set_print_fit_to_pages(1, 0);
    for (column, width) in [(0, 30.0), (1, 90.0), (2, 12.0), (3, 12.0), (4, 16.0)] {
        sheet.set_column_width(column, width)?;
    }
    let mut page = Page { sheet, style, row: 0 };
    page.line("How these segments were made", &style.title)?;

    page.heading("File")?;
    for report in &findings.intake.reports {
        let mut text = format!(
            "{} ({}), {} and {}",
            report.path.display(),
            report.format,
            format::plural(report.rows, "row", "rows"),
            format::plural(report.columns, "column", "columns")
        );
        for (what, value) in
            [("encoding", &report.encoding), ("delimiter", &report.delimiter), ("sheet", &report.sheet)]
        {
            if let Some(value) = value {
                text.push_str(&format!(", {what} {value:?}"));
            }
        }
        page.pair("Read from", &text)?;
    }

    page.heading("Which column is what")?;
    for role in Role::ALL {
        let found = findings.roles.roles.iter().find(|r| r.role == role);
        let text = match found {
            Some(found) => match &found.column {
                Some(column) => format!("{column}: {}", found.reason),
                None => format!("no column: {}", found.reason),
            },
            None => "no column".into(),
        };
        page.pair(role.label(), &text)?;
    }

    page.funnel(findings)?;
    page.pair(
        "Returns",
        &format!("{}: {}", findings.recipe.clean.returns.label(), findings.recipe.clean.returns.hint()),
    )?;

    page.heading("Recency, frequency, monetary")?;
    let rfm = &findings.rfm;
    page.pair("Snapshot date", &format!("{}; transactions from {} to {}", rfm.snapshot, rfm.first_day, rfm.last_day))?;
    page.pair(
        "Window",
        &findings.recipe.rfm.window_days.map_or_else(|| "the whole file".into(), |d| format!("the last {d} days")),
    )?;
    for feature in &rfm.customers.features {
        page.pair(&format!("{} ({})", feature.label, feature.name), &feature.definition)?;
    }
    for (axis, feature) in rfm.scores.iter().zip(&rfm.customers.features) {
        let cuts: Vec<String> = axis.cuts.iter().map(|&c| format::short(c)).collect();
        let sizes: Vec<String> = axis.sizes.iter().map(|&n| format::count(n)).collect();
        page.pair(
            &format!("{} score", feature.label),
            &format!(
                "cut points {}; customers with score 1 to {}: {}",
                cuts.join(" | "),
                sizes.len(),
                sizes.join(" | ")
            ),
        )?;
    }
    page.pair("Rule", findings.recipe.rfm.score_cuts.hint())?;

    page.heading("Clusters")?;
    let features = &findings.recipe.features;
    page.pair("Transform", &format!("{}: {}", features.transform.label(), features.transform.hint()))?;
    page.pair("Scale", &format!("{}: {}", features.scale.label(), features.scale.hint()))?;
    let cluster = &findings.recipe.cluster;
    page.pair(
        "Method",
        &format!(
            "k-means with k-means++ starts, {} per k, seed {}; clusters are numbered by mean monetary, most valuable first",
            cluster.restarts, cluster.seed
        ),
    )?;
    page.pair("Number of clusters", &format!("{}, by {}", findings.chosen.clustering.k, findings.chosen.chosen_by))?;
    page.pair("What the criteria say", &findings.search.verdict)?;
    page.pair("Names", "each cluster's mean scores are compared with the patterns that come with the program; every name is given once")?;

    let warnings = findings.warnings();
    page.heading("Warnings")?;
    if warnings.is_empty() {
        page.pair("None", "")?;
    }
    for (i, warning) in warnings.iter().enumerate() {
        page.pair(&format!("{}", i + 1), warning)?;
    }

    page.heading("Recipe")?;
    page.line("Saved as a .toml file, this text repeats the analysis.", &style.subtitle)?;
    for line in findings.recipe.to_toml().lines() {
        page.line(line, &style.mono)?;
    }
    Ok(())
}

/// A sheet that is filled from top to bottom.
struct Page<'a> {
    sheet: &'a mut Worksheet,
    style: &'a Style,
    row: u32,
}

impl Page<'_> {
    fn line(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.write_string_with_format(self.row, 0, text, format)?;
        }
        self.row += 1;
        Ok(())
    }

    fn heading(&mut self, text: &str) -> Result<(), XlsxError> {
        self.row += 1;
        let style = self.style;
        self.line(text, &style.heading)
    }

    fn pair(&mut self, label: &str, text: &str) -> Result<(), XlsxError> {
        self.sheet.write_string_with_format(self.row, 0, label, &self.style.label)?;
        self.sheet.write_string_with_format(self.row, 1, text, &self.style.wrapped)?;
        self.row += 1;
        Ok(())
    }

    /// What is left after each step.
    fn funnel(&mut self, findings: &Findings) -> Result<(), XlsxError> {
        self.heading("Cleaning")?;
        for (column, title) in [(0, "Step"), (1, "What it did"), (2, "Rows left"), (3, "Customers"), (4, "Money")] {
            self.sheet.write_string_with_format(self.row, column, title, &self.style.header)?;
        }
        self.row += 1;
        for step in &findings.rfm.funnel {
            let name = if step.on { step.step.clone() } else { format!("{} (off)", step.step) };
            self.sheet.write_string_with_format(self.row, 0, name, &self.style.wrapped)?;
            self.sheet.write_string_with_format(self.row, 1, &step.note, &self.style.wrapped)?;
            self.sheet.write_number_with_format(self.row, 2, step.rows as f64, &self.style.count)?;
            self.sheet.write_number_with_format(self.row, 3, step.customers as f64, &self.style.count)?;
            self.sheet.write_number_with_format(self.row, 4, step.amount, &self.style.money)?;
            self.row += 1;
        }
        Ok(())
    }
}
