//! `segments.DIALECT.sql`: the segmentation as one query, for warehouses with more rows than fit elsewhere.
//!
//! The query reads a table `transactions` with the columns of the file and returns `customer_id`, `rfm_segment` and
//! `cluster`. It has the numbers of this analysis in it (snapshot date, cut points, centroids) and gives every customer of
//! the file the label that the analysis gave. What has no exact counterpart in SQL refuses the query, in a sentence that
//! is among the warnings of a run.
//!
//! Money is added up in exact decimals: floating-point sums depend on the order of the rows, and a value at a cut point
//! could fall on either side.

mod cells;
mod clusters;
mod dialect;
mod query;
mod ranks;
mod rows;
mod scores;
mod steps;

use std::io::Write;

use self::dialect::Sql;
use self::query::{Query, one_line};
use super::directory::Failure;
use crate::cluster::Detail;
use crate::error::Error;
use crate::pipeline::Findings;
use crate::recipe::Dialect;

/// Writes the query.
pub(super) fn write(findings: &Findings, dialect: Dialect, out: &mut dyn Write) -> Result<(), Failure> {
    let text = text(findings, dialect).map_err(|why| Error::data(format!("{CANNOT}{why}")))?;
    Ok(out.write_all(text.as_bytes())?)
}

const CANNOT: &str = "The segmentation cannot be written as SQL: ";

/// Why no query can be written of these findings, as a sentence; `None` where one can.
pub fn cannot(findings: &Findings) -> Option<String> {
    rows_of(findings, Dialect::DuckDb).err().map(|why| format!("{CANNOT}{why}."))
}

/// What is to be said where the algorithm has no rule of its own for new customers.
const APPROXIMATE: &str = "The cluster is that of the nearest mean, which is an approximation: trees and HDBSCAN have no \
rule for new customers. Customers who are in no cluster (0) get the nearest one.";

fn is_approximate(findings: &Findings) -> bool {
    matches!(findings.chosen.clustering.detail, Detail::Tree(_) | Detail::Density(_))
}

/// What a recipe that asks for queries should be told about them, as sentences.
pub fn warnings(findings: &Findings) -> Vec<String> {
    if findings.recipe.outputs.sql.is_empty() {
        return Vec::new();
    }
    match cannot(findings) {
        Some(sentence) => vec![sentence],
        None => {
            let partly = clusters::refused(findings).map(|why| format!("In the SQL {why}."));
            partly
                .or_else(|| is_approximate(findings).then(|| format!("In the SQL: {APPROXIMATE}")))
                .into_iter()
                .collect()
        }
    }
}

/// The parts of the query up to one row per customer with an RFM segment.
fn rows_of(findings: &Findings, dialect: Dialect) -> Result<(Query, Vec<String>), String> {
    let rfm = &*findings.rfm;
    if findings.roles.shape.is_of_customers() || !scores::is_counted(rfm) {
        return Err(
            "it counts recency, frequency and monetary from transactions, and this file has one row per customer"
                .into(),
        );
    }
    let columns = rows::Columns::of(findings)?;
    let mut query = Query::new(Sql(dialect));
    steps::add(&mut query, &findings.prepared, &columns.names(), findings.recipe.clean.drop_duplicates)?;
    rows::add(&mut query, findings, rfm, &columns)?;
    scores::add(&mut query, findings, columns.has_invoice())?;
    Ok((query, columns.assumptions(findings)))
}

/// The whole file.
///
/// # Errors
/// Why it cannot be written, without a full stop.
fn text(findings: &Findings, dialect: Dialect) -> Result<String, String> {
    let (mut query, assumptions) = rows_of(findings, dialect)?;
    let refused = clusters::refused(findings);
    let cluster = match &refused {
        None => {
            clusters::add(&mut query, findings);
            "cluster"
        }
        Some(_) if dialect == Dialect::BigQuery => "CAST(NULL AS INT64) AS cluster",
        Some(_) => "CAST(NULL AS INTEGER) AS cluster",
    };
    let mut head = vec![
        format!("Customer segments as one query, for {}. Written by Quintile.", dialect.label()),
        format!(
            "It reads the table transactions and returns customer_id, rfm_segment and cluster, as the analysis of {} customers{} labels them.",
            crate::format::count(findings.rfm.customers.len()),
            findings.rfm.snapshot.map(|day| format!(" on {day}")).unwrap_or_default()
        ),
        "Cut points, centroids and the snapshot date are those of the analysis: rows after that date do not count. To label at a later date, replace the date everywhere.".into(),
        "Money is added up as exact decimals, so that the order of rows cannot move a value across a cut point.".into(),
        "Columns of the table, by the names in the file:".into(),
    ];
    if is_approximate(findings) {
        head.insert(2, APPROXIMATE.into());
    }
    head.extend(assumptions.iter().map(|a| format!("  {a}")));
    if findings.recipe.input.files.len() > 1 {
        head.push("The file was put together from several; the table has to hold what they were together.".into());
    }
    head.extend(refused.map(|why| format!("Not complete: {why}.")));
    let head: String = head.iter().map(|line| format!("-- {}\n", one_line(line))).collect();
    Ok(format!(
        "{head}\n{}\n\nSELECT customer_id, rfm_segment, {cluster}\nFROM {}\nORDER BY customer_id;\n",
        query.text(),
        query.last()
    ))
}
