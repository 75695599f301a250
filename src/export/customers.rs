//! `customers.csv`: one row per customer.

use std::io::Write;

use super::csv::CsvWriter;
use super::directory::Failure;
use crate::ctx::Ctx;
use crate::pipeline::Findings;

/// Writes customers in table order (sorted by id): the ten columns that other programs rely on, then the
/// further features. `cluster` counts from 1.
pub(super) fn write(findings: &Findings, out: &mut dyn Write, ctx: &Ctx) -> Result<(), Failure> {
    let rfm = &findings.rfm;
    let table = &rfm.customers;
    let labels = &findings.chosen.clustering.labels;
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
        for feature in &table.features[..3] {
            csv.number(feature.values[row]);
        }
        for axis in &rfm.scores {
            csv.whole(u64::from(axis.scores[row]));
        }
        csv.text(&rfm.map.segments[rfm.segment[row] as usize].name);
        csv.whole(u64::from(labels[row]) + 1);
        csv.text(&findings.profiles[labels[row] as usize].name);
        for feature in &table.features[3..] {
            csv.number(feature.values[row]);
        }
        csv.end()?;
    }
    Ok(csv.finish()?)
}

/// Column names, here and in the workbook.
pub(super) fn header(findings: &Findings) -> Vec<String> {
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
    names.extend(findings.rfm.customers.features[3..].iter().map(|f| f.name.clone()));
    names
}
