//! What is known of single ks already, so that a wider range computes only the new ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Clustering, Gap, KCheck, KScores};

/// Clusterings and criteria by k, all of the same data, algorithm and settings.
#[derive(Debug, Clone, Default)]
pub struct Known {
    pub by_k: BTreeMap<usize, (Option<Arc<Clustering>>, KScores)>,
    /// Clustered, but not judged yet: what a stop on the way has left.
    pub unjudged: BTreeMap<usize, Option<Arc<Clustering>>>,
    /// Customers on which the silhouettes were computed.
    pub silhouette_sample: usize,
}

/// Checks by k, all of the same data, algorithm and settings.
#[derive(Debug, Clone, Default)]
pub struct KnownChecks {
    pub by_k: BTreeMap<usize, KCheck>,
    /// Gap statistics, also of the ks beside the range.
    pub gaps: BTreeMap<usize, Gap>,
}
