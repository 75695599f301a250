//! What every algorithm has in common: numbers and words in, one clustering per k out, the same for any number of
//! threads, with progress and a way to stop.

use ndarray::ArrayView2;

use super::agglomerative::Agglomerative;
use super::hdbscan::Hdbscan;
use super::kmeans::{KMeans, too_few_rows};
use super::kprototypes::KPrototypes;
use super::minibatch::MiniBatch;
use super::mixture::GaussianMixture;
use super::{Clustering, WordColumn};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::{self, Cluster};

/// What is clustered.
#[derive(Clone, Copy)]
pub struct Data<'a> {
    /// n × d, transformed and scaled, finite.
    pub x: ArrayView2<'a, f64>,
    /// Columns of words, n entries each; only k-prototypes can use them.
    pub words: &'a [WordColumn],
}

impl<'a> Data<'a> {
    /// Numbers alone.
    pub fn numbers(x: ArrayView2<'a, f64>) -> Self {
        Data { x, words: &[] }
    }
}

/// Told of each k as soon as it is there, from any thread; `None` where there is no clustering of k.
pub type Found<'a> = dyn Fn(usize, &Option<Clustering>) + Sync + 'a;

/// A way to find clusters. Clusters come numbered as they were found; see [`super::canonical()`].
pub trait Algorithm: Send + Sync {
    /// Clusters `data` for every k of `ks`, in their order; `None` where there is none, see
    /// [`Algorithm::cannot`]. An algorithm that finds the number itself ([`Algorithm::takes_k`] is false) gives one clustering whatever `ks` says.
    ///
    /// The result is a function of `data` and the algorithm's own settings, seed included: not of the number of threads,
    /// and the partition not of the order of the rows.
    ///
    /// Fails with [`crate::error::Error::Data`] where the data does not suit it, in a sentence that says what to do.
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>>;

    /// Whether the number of clusters is given to it.
    fn takes_k(&self) -> bool {
        true
    }

    /// Whether it can use [`Data::words`].
    fn takes_words(&self) -> bool {
        false
    }

    /// Why there is no clustering for `k` where [`Algorithm::cluster`] gives none.
    fn cannot(&self, k: usize) -> Error {
        too_few_rows(k)
    }

    /// What to know about the way `n` customers are clustered, for example that a tree is grown on micro-clusters.
    fn notes(&self, _n: usize) -> Vec<String> {
        Vec::new()
    }
}

/// The algorithm that a recipe asks for, with its settings.
pub fn algorithm(choice: &Cluster) -> Box<dyn Algorithm> {
    match choice.algorithm {
        recipe::Algorithm::KMeans => Box::new(KMeans { restarts: choice.restarts, seed: choice.seed }),
        recipe::Algorithm::MiniBatch => Box::new(MiniBatch { restarts: choice.restarts, seed: choice.seed }),
        recipe::Algorithm::GaussianMixture => {
            Box::new(GaussianMixture { covariance: choice.covariance, restarts: choice.restarts, seed: choice.seed })
        }
        recipe::Algorithm::Agglomerative => Box::new(Agglomerative { linkage: choice.linkage, seed: choice.seed }),
        recipe::Algorithm::Hdbscan => {
            let (min_cluster_size, min_samples) = (choice.min_cluster_size, choice.min_samples);
            Box::new(Hdbscan { min_cluster_size, min_samples, seed: choice.seed })
        }
        recipe::Algorithm::KPrototypes => {
            Box::new(KPrototypes { word_weight: choice.word_weight, restarts: choice.restarts, seed: choice.seed })
        }
    }
}
