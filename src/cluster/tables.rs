//! What clustering finds: one clustering per k, the criteria that judge it, and the choice.

use std::sync::Arc;

use ndarray::Array2;
use serde::Serialize;

use crate::recipe::KCriterion;

/// Customers in k groups, numbered canonically: most valuable first (mean monetary, then size, then
/// centroid), so that the same data always gives the same numbers and colours.
#[derive(Debug, Clone)]
pub struct Clustering {
    pub k: usize,
    /// One per customer, 0-based; people see label + 1.
    pub labels: Vec<u32>,
    /// k × features, in the transformed, scaled space.
    pub centroids: Array2<f64>,
    pub sizes: Vec<usize>,
    /// Within-cluster sum of squares in that space, not divided by n.
    pub inertia: f64,
}

/// The criteria for one k. A criterion that is not defined for this k is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KScores {
    pub k: usize,
    pub inertia: f64,
    /// Mean silhouette, −1 to 1; large is good.
    pub silhouette: Option<f64>,
    /// Between over within variance; large is good.
    pub calinski_harabasz: Option<f64>,
    /// Mean likeness to the nearest other cluster; small is good.
    pub davies_bouldin: Option<f64>,
    /// Customers in the smallest cluster.
    pub smallest: usize,
    /// Why this k could not be computed; the other fields then mean nothing.
    pub failed: Option<String>,
}

/// One criterion's own answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Vote {
    pub criterion: KCriterion,
    /// `None`: no answer, for example a curve without a knee.
    pub k: Option<usize>,
}

/// All ks of the range.
#[derive(Debug, Clone)]
pub struct KSearch {
    /// Ascending k.
    pub rows: Vec<KScores>,
    /// Same order as `rows`; `None` where the k failed.
    pub clusterings: Vec<Option<Arc<Clustering>>>,
    pub votes: Vec<Vote>,
    /// Customers on which the silhouette was computed; all of them where that is feasible.
    pub silhouette_sample: usize,
    /// One sentence: what the criteria say together.
    pub verdict: String,
}

/// The clustering in force, and why it has this k.
#[derive(Debug, Clone)]
pub struct Chosen {
    pub clustering: Arc<Clustering>,
    pub scores: KScores,
    /// For example "elbow (Kneedle) over k = 2…10".
    pub chosen_by: String,
    pub warnings: Vec<String>,
}
