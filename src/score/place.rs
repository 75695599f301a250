//! From the values of a customer to scores, segment and cluster.

use ndarray::Array2;

use super::Model;
use crate::cluster::inverse_and_log_det;
use crate::features::FittedColumn;
use crate::recipe::{Algorithm, ScoreCuts};

/// Places customers by the rule of a model; made once for many customers.
pub struct Placer<'a> {
    model: &'a Model,
    columns: Vec<FittedColumn>,
    /// Mixtures: ln(weight) − ln(det) / 2, mean and inverse covariance of each cluster.
    gaussians: Vec<(f64, Vec<f64>, Array2<f64>)>,
    /// Indices into the model's clusters: those that customers can be placed in.
    candidates: Vec<usize>,
}

/// What a missing word counts as.
pub const NO_WORD: &str = "(none)";

/// Scores of one customer on recency, frequency and, where it is known, monetary, and the segment they lead to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scores<'a> {
    pub scores: Vec<u8>,
    pub segment: &'a str,
}

/// Where one customer is put.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// Indices into the model's clusters with how far each is, nearest first: distances, or for mixtures probabilities
    /// (0–1), largest first.
    pub clusters: Vec<(usize, f64)>,
}

impl<'a> Placer<'a> {
    pub fn new(model: &'a Model) -> Placer<'a> {
        let mixture = model.placement.algorithm == Algorithm::GaussianMixture;
        let gaussian = |cluster: &super::model::ModelCluster| {
            let (weight, mean, covariance) = cluster.gaussian()?;
            let (inverse, log_det) = inverse_and_log_det(&covariance);
            Some((weight.ln() - log_det / 2.0, mean, inverse))
        };
        Placer {
            model,
            columns: model.features.iter().map(|f| f.fitted()).collect(),
            gaussians: if mixture { model.clusters.iter().filter_map(gaussian).collect() } else { Vec::new() },
            candidates: (0..model.clusters.len()).filter(|&c| model.clusters[c].cluster > 0).collect(),
        }
    }

    /// The values as clustering sees them; `None` where one is missing that must not be, or cannot be transformed.
    pub fn prepared(&self, values: &[f64]) -> Option<Vec<f64>> {
        let z: Vec<f64> = self.columns.iter().zip(values).map(|(column, value)| column.apply(*value)).collect();
        z.iter().all(|v| v.is_finite()).then_some(z)
    }

    /// Where a customer belongs; `values` are in the order of the model's features, `words` in that of its features of
    /// words. `None` where a value is missing.
    pub fn place(&self, values: &[f64], words: &[&str]) -> Option<Place> {
        let z = self.prepared(values)?;
        let mut clusters: Vec<(usize, f64)> = match self.model.placement.algorithm {
            Algorithm::GaussianMixture => self.probabilities(&z),
            _ => self.candidates.iter().map(|&c| (c, self.squared(&z, words, c).sqrt())).collect(),
        };
        // Stable, so that of equally near ones the first wins.
        clusters.sort_by(|a, b| match self.is_by_probability() {
            true => b.1.total_cmp(&a.1),
            false => a.1.total_cmp(&b.1),
        });
        (!clusters.is_empty()).then_some(Place { clusters })
    }

    /// The nearest cluster alone, as an index into the model's clusters.
    pub fn nearest(&self, values: &[f64], words: &[&str]) -> Option<usize> {
        let z = self.prepared(values)?;
        // Squared distances are compared as they were when the clusters were found.
        let mut best: Option<(usize, f64)> = None;
        for &c in &self.candidates {
            let farness = match self.is_by_probability() {
                true => -self.log_density(&z, c),
                false => self.squared(&z, words, c),
            };
            if best.is_none_or(|(_, least)| farness < least) {
                best = Some((c, farness));
            }
        }
        best.map(|(c, _)| c)
    }

    /// Whether [`Place::clusters`] has probabilities.
    pub fn is_by_probability(&self) -> bool {
        self.model.placement.algorithm == Algorithm::GaussianMixture
    }

    fn squared(&self, z: &[f64], words: &[&str], c: usize) -> f64 {
        let cluster = &self.model.clusters[c];
        let numbers: f64 = z.iter().zip(&cluster.centroid).map(|(p, q)| (p - q) * (p - q)).sum();
        let differing = cluster.modes.iter().zip(words).filter(|(mode, word)| mode.as_str() != **word).count();
        numbers + self.model.placement.word_weight.map_or(0.0, |w| w.0) * differing as f64
    }

    /// Up to the same constant for all clusters.
    fn log_density(&self, z: &[f64], c: usize) -> f64 {
        let (constant, mean, inverse) = &self.gaussians[c];
        let off: Vec<f64> = z.iter().zip(mean).map(|(a, b)| a - b).collect();
        let mut squared = 0.0;
        for a in 0..off.len() {
            for b in 0..off.len() {
                squared += off[a] * inverse[[a, b]] * off[b];
            }
        }
        constant - squared / 2.0
    }

    fn probabilities(&self, z: &[f64]) -> Vec<(usize, f64)> {
        let logs: Vec<(usize, f64)> = self.candidates.iter().map(|&c| (c, self.log_density(z, c))).collect();
        let largest = logs.iter().map(|l| l.1).fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = logs.iter().map(|l| (l.1 - largest).exp()).sum();
        logs.into_iter().map(|(c, log)| (c, (log - largest).exp() / sum)).collect()
    }

    /// The scores of a customer, given the values of the model's axes in their order; `None` where the model has no
    /// scores or a value is missing.
    pub fn scores(&self, values: &[f64]) -> Option<Scores<'a>> {
        let rfm = self.model.rfm.as_ref()?;
        if values.len() != rfm.axes.len() || values.iter().any(|v| v.is_nan()) {
            return None;
        }
        let mut scores = Vec::with_capacity(3);
        for (axis, value) in rfm.axes.iter().zip(values) {
            let cuts = axis.cuts_for(&scores)?;
            let above = match rfm.rule {
                ScoreCuts::Quantile => cuts.iter().filter(|cut| *cut < value).count(),
                ScoreCuts::RfmPackage => cuts.iter().filter(|cut| *cut <= value).count(),
            };
            let score = if axis.low_is_good { cuts.len() + 1 - above } else { above + 1 };
            scores.push(score as u8);
        }
        // The frequency score stands in where nothing is known of money.
        let money = scores.get(2).copied().unwrap_or(scores[1]);
        let segment = rfm.segment(scores[0], scores[1], money);
        Some(Scores { scores, segment })
    }
}
