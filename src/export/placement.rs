//! How customers belong to their clusters, and how a new one is placed: what differs between algorithms.

use serde::Serialize;

use crate::cluster::{Clustering, Detail};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::features::FeatureMatrix;
use crate::pipeline::Findings;
use crate::recipe::Algorithm;

/// The heading of the column that says how firmly each customer belongs to its cluster, and its values (0–1): for a
/// mixture the probability of the own cluster, for HDBSCAN the strength. `None` for algorithms that know neither.
pub(super) fn belonging(findings: &Findings, ctx: &Ctx) -> Result<Option<(&'static str, Vec<f64>)>> {
    let clustering = &findings.chosen.clustering;
    Ok(match &clustering.detail {
        Detail::Mixture(mixture) => {
            let all = mixture.probabilities(findings.matrix.x.view(), ctx)?;
            let own = all.rows().into_iter().zip(&clustering.labels).map(|(row, &label)| row[label as usize]);
            Some((MEMBERSHIP, own.collect()))
        }
        Detail::Density(density) => Some((STRENGTH, density.strength.iter().map(|&s| f64::from(s)).collect())),
        Detail::Means | Detail::Tree(_) | Detail::Prototypes(_) => None,
    })
}

const MEMBERSHIP: &str = "membership";
const STRENGTH: &str = "strength";

/// How a new customer is placed.
#[derive(Serialize)]
pub(super) struct Placement<'a> {
    algorithm: Algorithm,
    rule: &'static str,
    /// Of the customers of this analysis, the share (0–1) for whom the rule gives the cluster they are in. `null` where the
    /// rule is that of the algorithm itself.
    agrees: Option<f64>,
    /// How many customers of this analysis the rule puts into each cluster, where that is not the number in it.
    #[serde(skip)]
    pub placed: Option<Vec<usize>>,
    /// Names of the features of words.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a [String]>,
    /// What a differing word counts as in squared distance.
    #[serde(skip_serializing_if = "Option::is_none")]
    word_weight: Option<f64>,
}

/// What a cluster of some algorithms has beside its centroid.
#[derive(Serialize, Default)]
pub(super) struct ClusterPart<'a> {
    /// Mixtures.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    covariance: Option<Vec<Vec<f64>>>,
    /// k-prototypes: one word per feature of words.
    #[serde(skip_serializing_if = "Option::is_none")]
    modes: Option<&'a [String]>,
}

impl<'a> ClusterPart<'a> {
    pub fn of(clustering: &'a Clustering, cluster: usize) -> ClusterPart<'a> {
        match &clustering.detail {
            Detail::Mixture(m) => ClusterPart {
                weight: Some(m.weights[cluster]),
                mean: Some(m.means.row(cluster).to_vec()),
                covariance: Some(m.covariances[cluster].rows().into_iter().map(|row| row.to_vec()).collect()),
                modes: None,
            },
            Detail::Prototypes(p) => ClusterPart { modes: Some(&p.modes[cluster]), ..ClusterPart::default() },
            Detail::Means | Detail::Tree(_) | Detail::Density(_) => ClusterPart::default(),
        }
    }
}

impl<'a> Placement<'a> {
    pub fn of(findings: &'a Findings) -> Placement<'a> {
        let clustering = &findings.chosen.clustering;
        let (rule, approximate) = match &clustering.detail {
            Detail::Means => ("The cluster is the one whose centroid is nearest (Euclidean distance over z).", false),
            Detail::Mixture(_) => (
                "The cluster is the likeliest one: that with the largest ln(weight) - ln(det(covariance)) / 2 - (z - mean)' * inverse(covariance) * (z - mean) / 2. The probabilities of the clusters are the exponentials of these numbers, divided by their sum.",
                false,
            ),
            Detail::Tree(_) => (
                "A tree of joins has no rule for new customers. As an approximation the cluster is the one whose centroid is nearest (Euclidean distance over z); agrees says for which share of the customers here that gives the cluster they are in.",
                true,
            ),
            Detail::Density(_) => (
                "HDBSCAN has no rule for new customers. As an approximation the cluster is the one, among those numbered from 1, whose centroid is nearest (Euclidean distance over z); agrees says for which share of the customers here that gives the cluster they are in. Cluster 0 are those who belong to none.",
                true,
            ),
            Detail::Prototypes(_) => (
                "The cluster is the one with the least squared Euclidean distance of z to its centroid plus word_weight for each feature of words whose word differs from the cluster's in modes; who has no word counts as (none).",
                false,
            ),
        };
        let (words, word_weight) = match &clustering.detail {
            Detail::Prototypes(p) => (Some(&p.columns[..]), Some(p.word_weight)),
            _ => (None, None),
        };
        let (agrees, placed) = approximate.then(|| nearest(clustering, &findings.matrix)).unzip();
        Placement { algorithm: findings.recipe.cluster.algorithm, rule, agrees, placed, words, word_weight }
    }
}

/// The share of customers whose cluster has the nearest centroid of all clusters but the noise, and for how many each
/// cluster's is the nearest.
fn nearest(clustering: &Clustering, matrix: &FeatureMatrix) -> (f64, Vec<usize>) {
    let mut same = 0;
    let mut placed = vec![0; clustering.k];
    for (row, &label) in matrix.x.rows().into_iter().zip(&clustering.labels) {
        let mut best = (0, f64::INFINITY);
        for c in 0..clustering.clusters() {
            let squared: f64 = row.iter().zip(clustering.centroids.row(c)).map(|(p, q)| (p - q) * (p - q)).sum();
            if squared < best.1 {
                best = (c as u32, squared);
            }
        }
        same += usize::from(best.0 == label);
        placed[best.0 as usize] += 1;
    }
    (same as f64 / clustering.labels.len().max(1) as f64, placed)
}

/// The algorithm with the settings that matter to it, as one line of words.
pub(super) fn method(findings: &Findings) -> String {
    let c = &findings.recipe.cluster;
    let starts = format!("{} starts per k, seed {}", c.restarts, c.seed);
    match c.algorithm {
        Algorithm::KMeans => format!("k-means with k-means++ starts, {} per k, seed {}", c.restarts, c.seed),
        Algorithm::MiniBatch => format!("Mini-batch k-means, {starts}"),
        Algorithm::GaussianMixture => {
            let form = c.covariance.label().to_lowercase();
            format!("Gaussian mixture with {form} covariance by expectation and maximisation, {starts}")
        }
        Algorithm::Agglomerative => {
            format!(
                "Agglomerative clustering with {} linkage",
                c.linkage.label().to_lowercase().replace("ward", "Ward")
            )
        }
        Algorithm::Hdbscan => match &findings.chosen.clustering.detail {
            Detail::Density(density) => format!(
                "HDBSCAN: clusters of at least {} customers, density by the distance to the nearest {}",
                crate::format::count(density.min_cluster_size),
                crate::format::count(density.min_samples)
            ),
            _ => "HDBSCAN".into(),
        },
        Algorithm::KPrototypes => match &findings.chosen.clustering.detail {
            Detail::Prototypes(p) => format!(
                "k-prototypes on numbers and the words of {}; a differing word counts {} in squared distance; {starts}",
                p.columns.join(", "),
                crate::format::short(p.word_weight)
            ),
            _ => format!("k-prototypes, {starts}"),
        },
    }
}

/// The algorithm and its settings for programs.
#[derive(Serialize)]
pub(super) struct Settings<'a> {
    name: Algorithm,
    restarts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    covariance: Option<&'a str>,
    /// Of the mixture in force: parameters are counted as free ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    mixture: Option<MixturePart>,
    #[serde(skip_serializing_if = "Option::is_none")]
    linkage: Option<&'a str>,
    /// Leaves of the tree: different customers, or micro-clusters.
    #[serde(skip_serializing_if = "Option::is_none")]
    leaves: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_cluster_size: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_samples: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    word_weight: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cost: Option<f64>,
    /// Customers that belong to no cluster.
    noise: usize,
}

#[derive(Serialize)]
struct MixturePart {
    log_likelihood: f64,
    parameters: usize,
    bic: f64,
    aic: f64,
    converged: bool,
    weights: Vec<f64>,
}

impl<'a> Settings<'a> {
    pub fn of(findings: &'a Findings) -> Settings<'a> {
        let (c, clustering) = (&findings.recipe.cluster, &findings.chosen.clustering);
        let none = Settings {
            name: c.algorithm,
            restarts: c.restarts,
            covariance: None,
            mixture: None,
            linkage: None,
            leaves: None,
            min_cluster_size: None,
            min_samples: None,
            words: None,
            word_weight: None,
            cost: None,
            noise: clustering.noise.map_or(0, |noise| clustering.sizes[noise as usize]),
        };
        match &clustering.detail {
            Detail::Means => none,
            Detail::Mixture(m) => Settings {
                covariance: Some(c.covariance.name()),
                mixture: Some(MixturePart {
                    log_likelihood: m.log_likelihood,
                    parameters: m.parameters,
                    bic: m.bic,
                    aic: m.aic,
                    converged: m.converged,
                    weights: m.weights.clone(),
                }),
                ..none
            },
            Detail::Tree(tree) => Settings { linkage: Some(c.linkage.name()), leaves: Some(tree.leaves), ..none },
            Detail::Density(density) => Settings {
                min_cluster_size: Some(density.min_cluster_size),
                min_samples: Some(density.min_samples),
                ..none
            },
            Detail::Prototypes(p) => {
                Settings { words: Some(&p.columns), word_weight: Some(p.word_weight), cost: Some(p.cost), ..none }
            }
        }
    }
}
