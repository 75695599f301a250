//! The last sheet: what was done, in words, so that the figures can be explained and repeated.

use rust_xlsxwriter::{Worksheet, XlsxError};

use super::page::{Cell, Page};
use super::style::Style;
use crate::cluster::readings;
use crate::export::placement::method;
use crate::format;
use crate::intake::Role;
use crate::pipeline::Findings;
use crate::recipe::TableShape;

/// Writes the sheet.
pub(super) fn write(findings: &Findings, name: &str, style: &Style, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let widths = [30.0, 96.0, 13.0, 13.0, 17.0];
    let mut page = Page::new(name, "How these segments were made", &widths, style, sheet)?;

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
    let shape = &findings.roles.shape;
    page.pair("One row is", &format!("{}; {}", row_is(shape.shape), shape.reason))?;
    for (label, column) in [("Recency", &shape.recency), ("Frequency", &shape.frequency), ("Monetary", &shape.monetary)]
    {
        if let Some(column) = column {
            page.pair(label, column)?;
        }
    }
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

    funnel(&mut page, findings)?;
    let rfm = &findings.rfm;
    let counted = shape.shape == TableShape::Transactions;
    if counted {
        let returns = findings.recipe.clean.returns;
        page.pair("Returns", &format!("{}: {}", returns.label(), returns.hint()))?;
    }

    page.heading(if rfm.scores.is_empty() { "Features" } else { "Recency, frequency, monetary" })?;
    if let (Some(snapshot), Some(first), Some(last)) = (rfm.snapshot, rfm.first_day, rfm.last_day) {
        let what = if counted { "transactions" } else { "last purchases" };
        page.pair("Snapshot date", &format!("{snapshot}; {what} from {first} to {last}"))?;
    }
    if counted {
        let window = findings.recipe.rfm.window_days;
        page.pair("Window", &window.map_or_else(|| "the whole file".into(), |d| format!("the last {d} days")))?;
    }
    for (i, note) in rfm.notes.iter().enumerate() {
        page.pair(&format!("Note {}", i + 1), note)?;
    }
    for feature in &rfm.customers.features {
        page.pair(&format!("{} ({})", feature.label, feature.name), &feature.definition)?;
    }
    let windowed = findings.recipe.rfm.keep_inactive && findings.recipe.rfm.window_days.is_some();
    if rfm.snapshot.is_some() && !rfm.customers.recency().is_empty() && !windowed {
        page.pair("Last purchase", "The snapshot date minus recency.")?;
    }
    page.scores(findings)?;

    page.heading("Clusters")?;
    let features = &findings.recipe.features;
    let clustered: Vec<&str> = findings.matrix.columns.iter().map(|c| c.name.as_str()).collect();
    page.pair("Features", &clustered.join(", "))?;
    page.pair("Transform", &format!("{}: {}", features.transform.label(), features.transform.hint()))?;
    page.pair("Scale", &format!("{}: {}", features.scale.label(), features.scale.hint()))?;
    for c in &findings.matrix.columns {
        let as_the_others = c.transform == features.transform && c.scale == features.scale && c.weight == 1.0;
        if as_the_others && c.fill.is_none() {
            continue;
        }
        let fill = c.fill.map_or_else(String::new, |v| format!(", missing values count as {}", format::short(v)));
        let how = format!("transform {}, scale {}, weight {}{fill}", c.transform.label(), c.scale.label(), c.weight);
        page.pair(&c.name, &how)?;
    }
    let cluster = &findings.recipe.cluster;
    page.pair(
        "Method",
        &format!(
            "{}; clusters are numbered by {}",
            method(findings),
            match rfm.value {
                Some(at) => format!("mean {}, highest first", rfm.customers.features[at].label.to_lowercase()),
                None => "size, largest first".into(),
            }
        ),
    )?;
    page.pair(
        "Number of clusters",
        &format!("{}, by {}", findings.chosen.clustering.clusters(), findings.chosen.chosen_by),
    )?;
    page.pair("What the criteria say", findings.verdict())?;
    for reading in readings(&findings.search, findings.checks.as_deref()) {
        page.pair(reading.name, &reading.line)?;
    }
    if cluster.references == 0 && cluster.resamples == 0 {
        page.pair("Resampling", "off: neither the gap statistic nor the stability of clusters was computed")?;
    }
    let notes = findings.checks.iter().flat_map(|checks| &checks.notes).chain(&findings.search.notes);
    for note in notes {
        page.pair("Note", note)?;
    }
    page.pair(
        "Names",
        if rfm.scores.len() == 3 {
            match findings.recipe.segments.patterns {
                Some(_) => {
                    "each cluster's mean scores are compared with the patterns of the team's own file; clusters of one pattern are told apart by what differs most"
                }
                None => {
                    "each cluster's mean scores are compared with the patterns that come with the program; clusters of one pattern are told apart by what differs most"
                }
            }
        } else {
            "from the features in which a cluster differs most from everyone, in standard deviations after transform and scale"
        },
    )?;

    if let Some(at) = rfm.value {
        let by = rfm.customers.features[at].label.to_lowercase();
        page.pair("Sheets of segments", &format!("Customers by {by}, highest first."))?;
    }
    for resting in &findings.resting {
        page.pair("Names given by hand", resting)?;
    }
    rules(&mut page, findings)?;

    page.heading("Recipe")?;
    page.line("Saved as a .toml file, this text repeats the analysis.", &style.subtitle)?;
    for line in findings.recipe.to_toml().lines() {
        for part in parts(line) {
            page.line(part, &style.mono)?;
        }
    }
    Ok(())
}

/// A line of a recipe in parts that a cell can hold: lists, which is what gets long, may go on after a comma.
fn parts(line: &str) -> Vec<&str> {
    // In bytes, of which a text has at least as many as units of UTF-16.
    const MOST: usize = 30_000;
    let mut out = Vec::new();
    let (mut start, mut comma, mut quoted, mut escaped) = (0, None, false, false);
    for (at, c) in line.char_indices() {
        if let Some(comma) = comma.filter(|_| at - start >= MOST) {
            out.push(&line[start..comma]);
            start = comma;
        }
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = quoted,
            '"' => quoted = !quoted,
            ',' if !quoted => comma = Some(at + 1),
            _ => {}
        }
        comma = comma.filter(|&comma| comma > start);
    }
    out.push(&line[start..]);
    out
}

fn row_is(shape: TableShape) -> &'static str {
    match shape {
        TableShape::Transactions => "a purchase or a part of one",
        TableShape::RfmTable => "a customer with recency, frequency and monetary counted already",
        TableShape::CustomerTable => "a customer",
    }
}

/// What is left after each step.
fn funnel(page: &mut Page, findings: &Findings) -> Result<(), XlsxError> {
    page.heading("Cleaning")?;
    page.head(&[("Step", false), ("What it did", false), ("Rows left", true), ("Customers", true), ("Money", true)])?;
    for step in &findings.rfm.funnel {
        let name = if step.on { step.step.clone() } else { format!("{} (off)", step.step) };
        page.list(&[
            Cell::Text(&name),
            Cell::Text(&step.note),
            Cell::Count(step.rows),
            Cell::Count(step.customers),
            Cell::Money(step.amount),
        ])?;
    }
    Ok(())
}

/// The rules that tell the segments apart, with how well they do.
fn rules(page: &mut Page, findings: &Findings) -> Result<(), XlsxError> {
    let found = &findings.portraits.rules;
    if found.rules.is_empty() {
        return Ok(());
    }
    page.heading("Rules that tell the segments apart")?;
    page.pair("How good they are", &found.words)?;
    page.head(&[("Segment", false), ("Rule", false), ("Customers", true), ("Precision", true), ("Coverage", true)])?;
    for rule in &found.rules {
        let segment = findings.profiles.get(rule.segment).map_or("", |p| p.name.as_str());
        page.list(&[
            Cell::Text(segment),
            Cell::Text(&rule.sentence),
            Cell::Count(rule.customers),
            Cell::Share(rule.precision),
            Cell::Share(rule.coverage),
        ])?;
    }
    let style = page.style;
    page.line(
        "Precision is the share of those whom a rule takes in that are of its segment; coverage is the share of its segment that it takes in.",
        &style.subtitle,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_go_on_after_a_comma_outside_of_texts() {
        let id = r#""a, \"b\", c""#;
        let line = format!("only = [{}]", vec![id; 10_000].join(", "));
        let found = parts(&line);
        assert!(found.len() > 3 && found.iter().all(|part| part.len() < 31_000));
        assert_eq!(found.concat(), line);
        let read = |text: &str| text.parse::<toml::Table>().unwrap();
        assert_eq!(read(&found.join("\n")), read(&line));
        assert_eq!(parts("k = 3"), ["k = 3"]);
        assert_eq!(parts(""), [""]);
    }
}
