//! How surely each customer belongs to its cluster.

use crate::cluster::Detail;
use crate::pipeline::Findings;

/// Whether the clusters come from an algorithm that knows.
pub fn known(findings: &Findings) -> bool {
    matches!(findings.chosen.clustering.detail, Detail::Mixture(_))
}

/// The probability of each customer's own cluster, 0–1.
pub fn of(findings: &Findings) -> Option<Vec<f64>> {
    let _ = findings;
    None
}
