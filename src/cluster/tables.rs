//! What clustering finds: one clustering per k, the criteria that judge it, and the choice.

use std::sync::Arc;

use ndarray::Array2;
use serde::Serialize;

use super::{Dendrogram, Density, Mixture, Prototypes};
use crate::recipe::KCriterion;

/// Customers in k groups, numbered canonically: most valuable first (mean monetary, then size, then
/// centroid), so that the same data always gives the same numbers and colours.
#[derive(Debug, Clone)]
pub struct Clustering {
    /// How many groups; the noise, where there is any, is one of them.
    pub k: usize,
    /// One per customer, 0-based; people see label + 1.
    pub labels: Vec<u32>,
    /// k × features, in the transformed, scaled space: the means of the groups.
    pub centroids: Array2<f64>,
    pub sizes: Vec<usize>,
    /// Within-cluster sum of squares in that space about the means, not divided by n; noise left out.
    pub inertia: f64,
    /// The group of those who belong to no cluster: always the last one.
    pub noise: Option<u32>,
    /// What the algorithm knows beyond labels.
    pub detail: Detail,
}

impl Clustering {
    /// Clusters without the noise.
    pub fn clusters(&self) -> usize {
        self.k - usize::from(self.noise.is_some())
    }

    /// Whether a label is that of the noise.
    pub fn is_noise(&self, label: u32) -> bool {
        self.noise == Some(label)
    }

    /// The number that people and files see: from 1; 0 for noise.
    pub fn number(&self, label: u32) -> usize {
        if self.is_noise(label) { 0 } else { label as usize + 1 }
    }
}

/// What an algorithm knows of its clusters beyond labels and centroids.
#[derive(Debug, Clone, Default)]
pub enum Detail {
    /// Nothing: everyone belongs to the nearest centroid.
    #[default]
    Means,
    Mixture(Arc<Mixture>),
    /// The tree that was cut; the same for every k.
    Tree(Arc<Dendrogram>),
    Density(Arc<Density>),
    Prototypes(Arc<Prototypes>),
}

impl Detail {
    /// The same for clusters in another order: the new i-th cluster is the old `order[i]`-th.
    pub(super) fn renumbered(self, order: &[usize]) -> Detail {
        match self {
            Detail::Mixture(m) => Detail::Mixture(Arc::new(m.renumbered(order))),
            Detail::Prototypes(p) => Detail::Prototypes(Arc::new(p.renumbered(order))),
            same @ (Detail::Means | Detail::Tree(_) | Detail::Density(_)) => same,
        }
    }
}

/// The criteria for one k. A criterion that is not defined for this k is `None`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KScores {
    /// Clusters, noise not counted.
    pub k: usize,
    pub inertia: f64,
    /// Mean silhouette, −1 to 1; large is good.
    pub silhouette: Option<f64>,
    /// Standard error of the mean silhouette where it comes from a sample of the customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub silhouette_error: Option<f64>,
    /// Between over within variance; large is good.
    pub calinski_harabasz: Option<f64>,
    /// Mean likeness to the nearest other cluster; small is good.
    pub davies_bouldin: Option<f64>,
    /// Bayesian and Akaike information criterion of a mixture; small is good.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bic: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aic: Option<f64>,
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
    /// Empty in a part of a search, of which new ks have no silhouette yet.
    pub votes: Vec<Vote>,
    /// Customers on which the silhouette was computed; all of them where that is feasible.
    pub silhouette_sample: usize,
    /// One sentence: what the criteria say together.
    pub verdict: String,
    /// What to know about the way it was computed, for example that a tree was grown on micro-clusters.
    pub notes: Vec<String>,
}

impl KSearch {
    /// Whether the silhouettes come from customers drawn by the seed. Fewer than all customers may also mean that those
    /// without a clear cluster are left out.
    pub fn silhouette_sampled(&self) -> bool {
        self.rows.iter().any(|row| row.silhouette_error.is_some())
    }
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

/// What resampling and reference data say about the ks of a search.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct KChecks {
    /// Ascending k, the ks of the search, as far as they are done.
    pub rows: Vec<KCheck>,
    /// Customers that resampling worked on, and how many there are; below that a sample was drawn by the seed.
    pub sample: usize,
    pub customers: usize,
    pub references: u32,
    pub resamples: u32,
    /// Gap statistics in ascending k: those of `rows`, the next larger k, and k = 1 where the search begins at 2.
    pub gaps: Vec<Gap>,
    /// Smallest k of `gaps` with Gap(k) ≥ Gap(k+1) − s(k+1); 1 means no clusters. `None` while k + 1 is not known, and
    /// where no k up to the largest of the search does.
    pub gap_says: Option<usize>,
    /// Largest k with a prediction strength of at least 0.8.
    pub strength_says: Option<usize>,
    /// The ks of which every cluster is stable (mean bootstrap Jaccard of at least 0.75), see [`KChecks::stabilities`].
    pub stable: Vec<usize>,
    /// A few sentences: what all criteria say together, these and those of the search.
    pub verdict: String,
    /// What to know about the way it was computed, and what could not be.
    pub notes: Vec<String>,
}

impl KChecks {
    /// The ks whose stability can be judged, each with the mean Jaccard similarity of its least stable cluster. Left out are
    /// ks with a cluster of which nobody was drawn, and those with a cluster of one customer: that is found again
    /// whenever it is drawn, whatever the data.
    pub fn stabilities(&self, search: &KSearch) -> Vec<(usize, f64)> {
        let alone = self.alone(search);
        let judged = self.rows.iter().filter(|row| !alone.contains(&row.k));
        judged.filter_map(|row| Some((row.k, row.weakest()?))).collect()
    }

    /// The ks tested so far with a cluster of one customer.
    pub fn alone(&self, search: &KSearch) -> Vec<usize> {
        let alone = |k: usize| search.rows.iter().any(|row| row.k == k && row.failed.is_none() && row.smallest < 2);
        self.rows.iter().filter(|row| row.jaccard.is_some() && alone(row.k)).map(|row| row.k).collect()
    }

    /// Whether every k of `search` has been tested.
    pub fn complete(&self, search: &KSearch) -> bool {
        search.rows.iter().all(|row| self.rows.iter().any(|check| check.k == row.k))
    }
}

/// The gap statistic of one k (Tibshirani, Walther & Hastie 2001).
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Gap {
    pub k: usize,
    /// E*[log W] − log W, W the within-cluster sum of squares and E* over even spreads in the box of the data; large is
    /// good. `None` where W is zero, or where there are fewer than k different customers.
    pub gap: Option<f64>,
    /// s_k = sd·√(1 + 1/B).
    pub error: Option<f64>,
}

/// One k, resampled.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct KCheck {
    pub k: usize,
    /// Gap statistic (Tibshirani, Walther & Hastie 2001) and its standard error s_k = sd·√(1 + 1/B).
    pub gap: Option<f64>,
    pub gap_error: Option<f64>,
    /// Mean Jaccard similarity of each cluster to its likeliest counterpart in bootstrap samples (Hennig 2007), 0–1, by
    /// canonical number; `None` for a cluster of which no customer was drawn.
    pub jaccard: Option<Vec<Option<f64>>>,
    /// Prediction strength (Tibshirani & Walther 2005), 0–1.
    pub strength: Option<f64>,
    /// Why it could not be computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

impl KCheck {
    /// The mean Jaccard similarity of the least stable cluster; `None` where not every cluster has one.
    pub fn weakest(&self) -> Option<f64> {
        let all: Option<Vec<f64>> = self.jaccard.as_ref()?.iter().copied().collect();
        all?.into_iter().min_by(f64::total_cmp)
    }
}
