//! What the user decides about clustering.

use serde::{Deserialize, Serialize};

use super::{Algorithm, Covariance, KChoice, KCriterion, Linkage};
use crate::error::{Error, Result};

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

impl Cluster {
    /// Refuses values out of range, and choices that contradict each other.
    pub(super) fn check(&self) -> Result<()> {
        let refuse = |text: String| Err(Error::Recipe(text));
        if self.k_min < 2 || self.k_max < self.k_min || self.k_max > 50 {
            return refuse(format!(
                "the range of k is {}..{}; it has to lie within 2..50, smallest first",
                self.k_min, self.k_max
            ));
        }
        if let KChoice::Fixed(k) = self.k
            && !(1..=100).contains(&k)
        {
            return refuse(format!("k is {k}; it has to lie within 1..100"));
        }
        if !(1..=1000).contains(&self.restarts) {
            return refuse(format!("restarts is {}; it has to lie within 1..1000", self.restarts));
        }
        if self.k_by == KCriterion::Bic && self.algorithm != Algorithm::GaussianMixture {
            return refuse(format!(
                "k_by is bic, which only Gaussian mixtures have; choose algorithm = \"gaussian_mixture\" or another criterion than bic for {}",
                self.algorithm.label()
            ));
        }
        if self.min_cluster_size.is_some_and(|size| size < 2) {
            return refuse("min_cluster_size has to be at least 2: one customer is no dense region".into());
        }
        if self.min_samples == Some(0) {
            return refuse("min_samples has to be at least 1; 1 counts the customer alone".into());
        }
        if let Some(weight) = self.word_weight
            && !(weight > 0.0 && weight.is_finite())
        {
            return refuse(format!("word_weight is {weight}; it has to be above zero, or words would not count"));
        }
        for (name, value) in [("references", self.references), ("resamples", self.resamples)] {
            if value > 1000 {
                return refuse(format!("{name} is {value}; it has to lie within 0..1000"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contradictions_and_values_out_of_range_are_refused_in_a_sentence() {
        let d = Cluster::default;
        for (wrong, part) in [
            (Cluster { k_min: 1, ..d() }, "within 2..50"),
            (Cluster { k: KChoice::Fixed(0), ..d() }, "within 1..100"),
            (Cluster { restarts: 0, ..d() }, "within 1..1000"),
            (Cluster { k_by: KCriterion::Bic, ..d() }, "only Gaussian mixtures"),
            (Cluster { min_cluster_size: Some(1), ..d() }, "at least 2"),
            (Cluster { min_samples: Some(0), ..d() }, "at least 1"),
            (Cluster { word_weight: Some(0.0), ..d() }, "above zero"),
            (Cluster { word_weight: Some(f64::NAN), ..d() }, "above zero"),
            (Cluster { references: 1001, ..d() }, "references is 1001"),
        ] {
            let error = wrong.check().unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let mixture = Cluster { algorithm: Algorithm::GaussianMixture, k_by: KCriterion::Bic, ..d() };
        assert!(mixture.check().is_ok() && d().check().is_ok());
    }
}
