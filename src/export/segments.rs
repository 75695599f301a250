//! `segments.csv`: one row per cluster.

use std::io::Write;

use super::csv::CsvWriter;
use super::directory::Failure;
use crate::pipeline::Findings;
use crate::rfm::Unit;

/// Writes clusters in canonical order, last those in none as number 0, with their sizes, shares (0–1), and the mean, quartiles (type 7) and
/// standardised difference of every feature.
pub(super) fn write(findings: &Findings, out: &mut dyn Write) -> Result<(), Failure> {
    let mut csv = CsvWriter::new(out);
    for name in ["cluster", "segment", "customers", "share_of_customers", "revenue", "share_of_revenue"] {
        csv.text(name);
    }
    let is_number = |unit: Unit| unit != Unit::Words;
    for feature in findings.rfm.customers.features.iter().filter(|f| is_number(f.unit)) {
        for statistic in ["mean", "q1", "median", "q3", "difference"] {
            csv.text(&format!("{}_{statistic}", feature.name));
        }
    }
    for name in ["description", "action", "channel"] {
        csv.text(name);
    }
    csv.end()?;
    for profile in findings.profiles.iter() {
        csv.whole(profile.number as u64);
        csv.text(&profile.name);
        csv.whole(profile.customers as u64);
        csv.number(profile.share_of_customers);
        csv.number(profile.revenue);
        csv.number(profile.share_of_revenue);
        let features = profile.features.iter().zip(&findings.rfm.customers.features);
        for (f, _) in features.filter(|(_, feature)| is_number(feature.unit)) {
            for value in [f.mean, f.q1, f.median, f.q3, f.difference] {
                csv.number(value);
            }
        }
        csv.text(&profile.description);
        csv.text(&profile.action);
        csv.text(&profile.channel);
        csv.end()?;
    }
    Ok(csv.finish()?)
}
