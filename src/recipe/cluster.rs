//! What the user decides about clustering.

use serde::{Deserialize, Serialize};

use super::{Algorithm, Covariance, KChoice, KCriterion, Linkage};

/// How the clusters are found and judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Cluster {
    pub algorithm: Algorithm,
    /// `"auto"` or a number. HDBSCAN finds its own.
    pub k: KChoice,
    /// Smallest and largest number of clusters to try.
    pub k_min: u32,
    pub k_max: u32,
    /// What `auto` goes by.
    pub k_by: KCriterion,
    /// Starts per k of the algorithms that start at random; the best one wins.
    pub restarts: u32,
    pub seed: u64,
    /// Gaussian mixtures: the form of the groups.
    pub covariance: Covariance,
    /// Agglomerative clustering: what counts as the distance of two groups.
    pub linkage: Linkage,
    /// HDBSCAN: the fewest customers that make a cluster; `None`: one in a hundred, at least 5.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_cluster_size: Option<u32>,
    /// HDBSCAN: the neighbour whose distance counts as density; `None`: as `min_cluster_size`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_samples: Option<u32>,
    /// k-prototypes: what a differing word counts as in squared distance; `None`: half the mean variance of the
    /// numbers (Huang 1997).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub word_weight: Option<f64>,
    /// Reference data sets per k for the gap statistic; 0: no gap statistic.
    pub references: u32,
    /// Resamples per k for the stability of clusters and for prediction strength; 0: neither.
    pub resamples: u32,
}

impl Cluster {
    /// What the program does when nobody decided anything.
    pub const DEFAULT: Cluster = Cluster {
        algorithm: Algorithm::KMeans,
        k: KChoice::Auto,
        k_min: 2,
        k_max: 10,
        k_by: KCriterion::Elbow,
        restarts: 10,
        seed: 42,
        covariance: Covariance::Full,
        linkage: Linkage::Ward,
        min_cluster_size: None,
        min_samples: None,
        word_weight: None,
        references: 20,
        resamples: 20,
    };
}

impl Default for Cluster {
    fn default() -> Self {
        Cluster::DEFAULT
    }
}
