//! `customers.csv`: one row per customer.

use std::io::Write;

use super::csv::CsvWriter;
use super::directory::Failure;
use super::placement::{belonging, belonging_name};
use crate::ctx::Ctx;
use crate::pipeline::Findings;
use crate::rfm::{CustomerTable, FREQUENCY, Feature, MONETARY, RECENCY};

/// Writes customers in table order (sorted by id): the ten columns that other programs rely on, then the
/// further features, and last how firmly they belong to their cluster where the algorithm knows. `cluster` counts from 1,
/// 0 is no cluster. What the table does not know is empty.
pub(super) fn write(findings: &Findings, out: &mut dyn Write, ctx: &Ctx) -> Result<(), Failure> {
    let rfm = &findings.rfm;
    let table = &rfm.customers;
    let clustering = &findings.chosen.clustering;
    let labels = &clustering.labels;
    let belonging = belonging(findings, ctx)?;
    let (axes, further) = (axes(table), further(table));
    let mut csv = CsvWriter::new(out);
    for name in header(findings) {
        csv.text(&name);
    }
    csv.end()?;
    for (row, id) in table.ids.iter().enumerate() {
        if row % 4096 == 0 {
            ctx.tick(row, table.len())?;
        }
        csv.text(id);
        for feature in &axes {
            csv.number(feature.map_or(f64::NAN, |f| f.values[row]));
        }
        for axis in 0..3 {
            match rfm.scores.get(axis) {
                Some(axis) => csv.whole(u64::from(axis.scores[row])),
                None => csv.text(""),
            }
        }
        csv.text(rfm.segment.get(row).map_or("", |&s| &rfm.map.segments[s as usize].name));
        csv.whole(clustering.number(labels[row]) as u64);
        csv.text(&findings.profiles[labels[row] as usize].name);
        for feature in &further {
            match &feature.names {
                Some(_) => csv.text(word(feature, row)),
                None => csv.number(feature.values[row]),
            }
        }
        if let Some((_, values)) = &belonging {
            csv.number(values[row]);
        }
        csv.end()?;
    }
    Ok(csv.finish()?)
}

/// The word of a customer; empty where there is none.
pub(super) fn word(feature: &Feature, row: usize) -> &str {
    let value = feature.values[row];
    let names = feature.names.as_ref().filter(|_| value.is_finite());
    names.and_then(|names| names.get(value as usize)).map_or("", String::as_str)
}

/// Column names, here and in the workbook.
pub(super) fn header(findings: &Findings) -> Vec<String> {
    let mut names = names(&findings.rfm.customers);
    names.extend(belonging_name(&findings.chosen.clustering).map(String::from));
    names
}

/// Column names of a customer table as it is written.
pub(super) fn names(table: &CustomerTable) -> Vec<String> {
    let mut names: Vec<String> = [
        "customer_id",
        "recency_days",
        "frequency",
        "monetary",
        "r_score",
        "f_score",
        "m_score",
        "rfm_segment",
        "cluster",
        "segment",
    ]
    .map(String::from)
    .into();
    names.extend(further(table).iter().map(|f| f.name.clone()));
    names
}

/// Recency, frequency and monetary, as far as the table has them.
pub(super) fn axes(table: &CustomerTable) -> [Option<&Feature>; 3] {
    [RECENCY, FREQUENCY, MONETARY].map(|name| table.features.iter().find(|f| f.name == name))
}

/// The other features.
pub(super) fn further(table: &CustomerTable) -> Vec<&Feature> {
    table.features.iter().filter(|f| ![RECENCY, FREQUENCY, MONETARY].contains(&f.name.as_str())).collect()
}
