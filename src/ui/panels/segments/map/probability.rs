//! How surely each customer belongs to its cluster.

use crate::cluster::Detail;
use crate::ctx::Ctx;
use crate::pipeline::Findings;

/// Whether the clusters come from an algorithm that knows.
pub fn known(findings: &Findings) -> bool {
    matches!(findings.chosen.clustering.detail, Detail::Mixture(_))
}

/// The probability of each customer's own cluster, 0–1; `None` where nobody knows.
pub fn of(findings: &Findings) -> Option<Vec<f64>> {
    let clustering = &findings.chosen.clustering;
    let Detail::Mixture(mixture) = &clustering.detail else { return None };
    let all = mixture.probabilities(findings.matrix.x.view(), &Ctx::silent()).ok()?;
    let own = |(row, label): (ndarray::ArrayView1<f64>, &u32)| row.get(*label as usize).copied().unwrap_or(f64::NAN);
    Some(all.rows().into_iter().zip(&clustering.labels).map(own).collect())
}
