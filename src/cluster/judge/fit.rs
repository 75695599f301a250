//! How the data sets of a check are clustered: with the algorithm that is judged, but lightly.

use std::collections::BTreeMap;
use std::sync::Arc;

use ndarray::{Array2, ArrayView1};

use super::draw::{Drawn, mix};
use crate::cluster::algorithm::{self, Data};
use crate::cluster::blocks::Blocks;
use crate::cluster::kmeans::kmeans_each;
use crate::cluster::lloyd::{approach, labels_of};
use crate::cluster::mixture::fit_light;
use crate::cluster::seeding::first_centroids;
use crate::cluster::{Clustering, Detail};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::{Algorithm, Cluster};

/// Starts of k-means per data set, at least and at most, and customers that all starts together may read.
const RESTARTS: (u32, u32) = (2, 10);
const RESTARTS_READ: usize = 10_000;
/// Starts of the slower algorithms.
const SLOW_RESTARTS: u32 = 1;
/// k-means stops when its centroids move by less than this share of the mean variance.
const TOLERANCE: f64 = 1e-4;

/// The number of the data itself among all data sets.
pub const DATA: u64 = 0;

/// How one data set is clustered.
pub struct Method {
    choice: Cluster,
    /// Starts of a full search.
    starts: u32,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// k-means, few starts and no improvements.
    Light,
    /// A mixture from the clusters of light k-means.
    Mixture,
    /// Once per k.
    PerK,
    /// Once for all ks: a tree that is cut.
    AllKs,
    /// Once; it finds the number itself.
    Own,
}

/// A data set ready to be clustered again and again.
pub struct Prepared {
    pub drawn: Drawn,
    blocks: Option<Blocks>,
    /// Of a tree, cut.
    cuts: BTreeMap<usize, Option<Groups>>,
    number: u64,
}

/// What clustering one data set for one k gave.
#[derive(Clone)]
pub struct Groups {
    pub labels: Vec<u32>,
    inertia: Option<f64>,
    pub k: usize,
    pub noise: Option<u32>,
    centroids: Array2<f64>,
    detail: Detail,
}

impl Groups {
    fn of(c: Clustering) -> Groups {
        let Clustering { k, labels, centroids, inertia, noise, detail, .. } = c;
        Groups { labels, inertia: Some(inertia), k, noise, centroids, detail }
    }

    /// The group that each of other customers would belong to: the likeliest component of a mixture, else the one of the
    /// nearest centroid, to which differing words count as they do in k-prototypes.
    pub fn classify(&self, others: &Data, ctx: &Ctx) -> Result<Vec<u32>> {
        if let Detail::Mixture(m) = &self.detail {
            let likeliest = |p: ArrayView1<f64>| {
                let best = p.iter().enumerate().rev().max_by(|a, b| a.1.total_cmp(b.1));
                best.map_or(0, |(group, _)| group as u32)
            };
            return Ok(m.probabilities(others.x, ctx)?.rows().into_iter().map(likeliest).collect());
        }
        let differing = |row: usize, group: usize| match &self.detail {
            Detail::Prototypes(p) => {
                let words = others.words.iter().zip(&p.modes[group]);
                p.word_weight * words.filter(|(c, mode)| c.names[c.codes[row] as usize] != **mode).count() as f64
            }
            _ => 0.0,
        };
        let nearest = |(row, values): (usize, ArrayView1<f64>)| {
            let apart = |c: ArrayView1<f64>| c.iter().zip(&values).map(|(p, q)| (p - q) * (p - q)).sum::<f64>();
            let groups = self.centroids.rows().into_iter().enumerate();
            let distances = groups.map(|(group, centroid)| apart(centroid) + differing(row, group));
            let least = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
            least.map_or(0, |(group, _)| group as u32)
        };
        Ok(others.x.rows().into_iter().enumerate().map(nearest).collect())
    }
}

impl Method {
    /// The algorithm of `choice`; `sampled` of `n` customers are in each data set.
    pub fn new(choice: &Cluster, words: bool, sampled: usize, n: usize) -> Method {
        let light = (RESTARTS_READ.div_ceil(sampled.max(1)) as u32).clamp(RESTARTS.0, RESTARTS.1);
        let (kind, restarts) = match choice.algorithm {
            Algorithm::KMeans | Algorithm::MiniBatch => (Kind::Light, light),
            // Without words it is k-means.
            Algorithm::KPrototypes if !words => (Kind::Light, light),
            Algorithm::GaussianMixture => (Kind::Mixture, light),
            Algorithm::KPrototypes => (Kind::PerK, SLOW_RESTARTS),
            Algorithm::Agglomerative => (Kind::AllKs, SLOW_RESTARTS),
            Algorithm::Hdbscan => (Kind::Own, SLOW_RESTARTS),
        };
        // Counts of customers mean the same share of them in a sample.
        let scaled = |count: u32| ((f64::from(count) * sampled as f64 / n as f64).round() as u32).max(2);
        let starts = choice.restarts;
        let choice = Cluster {
            restarts,
            min_cluster_size: choice.min_cluster_size.map(scaled),
            min_samples: choice.min_samples.map(scaled),
            ..choice.clone()
        };
        Method { choice, starts, kind }
    }

    /// Whether the number of clusters is given to it.
    pub fn takes_k(&self) -> bool {
        self.kind != Kind::Own
    }

    /// Gets a data set ready to be clustered for `ks`; `number` tells it from others.
    pub fn prepare(&self, drawn: Drawn, number: u64, ks: &[usize], ctx: &Ctx) -> Result<Prepared> {
        let blocks = match self.kind {
            Kind::Light | Kind::Mixture => Some(Blocks::new(drawn.x.view(), ctx)?),
            _ => None,
        };
        let cuts = match self.kind {
            Kind::AllKs => {
                let cuts = self.run(&drawn, ks, number, ctx)?;
                ks.iter().copied().zip(cuts).collect()
            }
            _ => BTreeMap::new(),
        };
        Ok(Prepared { drawn, blocks, cuts, number })
    }

    /// Clusters it into `k` groups; `None` where it has fewer than k different customers, or does not suit the algorithm.
    pub fn groups(&self, of: &Prepared, k: usize, ctx: &Ctx) -> Result<Option<Groups>> {
        match (&of.blocks, self.kind) {
            (Some(blocks), Kind::Mixture) => self.mixture(of, blocks, k, ctx),
            (Some(blocks), _) => self.light(of, blocks, k, ctx),
            (_, Kind::AllKs) => Ok(of.cuts.get(&k).cloned().flatten()),
            _ => Ok(self.run(&of.drawn, &[k], of.number, ctx)?.pop().flatten()),
        }
    }

    /// The within-cluster sum of squares for `k` groups; `None` as for [`Method::groups`], and for mixtures, which seek
    /// something else.
    pub fn inertia(&self, of: &Prepared, k: usize, ctx: &Ctx) -> Result<Option<f64>> {
        match (&of.blocks, self.kind) {
            (_, Kind::Mixture) => Ok(None),
            // The data itself counts once, so that it gets all the care that a search takes.
            (Some(_), _) if of.number == DATA => {
                let found = kmeans_each(of.drawn.x.view(), &[k], self.starts, self.choice.seed, &|_, _| {}, ctx)?;
                Ok(found.into_iter().flatten().next().map(|c| c.inertia))
            }
            (Some(blocks), _) => Ok(self.best_start(of, blocks, k, ctx)?.map(|(_, inertia)| inertia)),
            (None, _) => Ok(self.groups(of, k, ctx)?.and_then(|g| g.inertia)),
        }
    }

    /// The algorithm itself, on one data set.
    fn run(&self, drawn: &Drawn, ks: &[usize], number: u64, ctx: &Ctx) -> Result<Vec<Option<Groups>>> {
        let choice = Cluster { seed: mix(self.choice.seed, number), ..self.choice.clone() };
        match algorithm::algorithm(&choice).cluster(&drawn.data(), ks, &|_, _| {}, ctx) {
            Ok(found) => Ok(found.into_iter().map(|c| c.map(Groups::of)).collect()),
            Err(Error::Cancelled) => Err(Error::Cancelled),
            // This draw does not suit it; others may.
            Err(_) => Ok(vec![None; ks.len()]),
        }
    }

    fn light(&self, of: &Prepared, blocks: &Blocks, k: usize, ctx: &Ctx) -> Result<Option<Groups>> {
        let Some((centers, inertia)) = self.best_start(of, blocks, k, ctx)? else { return Ok(None) };
        let mut labels = vec![0; blocks.n];
        for (&row, &label) in blocks.rows.iter().zip(&labels_of(blocks, &centers, ctx)?) {
            labels[row as usize] = label;
        }
        let centroids = Array2::from_shape_fn((k, blocks.d), |(c, j)| centers[c * blocks.d + j]);
        Ok(Some(Groups { labels, inertia: Some(inertia), k, noise: None, centroids, detail: Detail::Means }))
    }

    fn mixture(&self, of: &Prepared, blocks: &Blocks, k: usize, ctx: &Ctx) -> Result<Option<Groups>> {
        let Some(start) = self.light(of, blocks, k, ctx)? else { return Ok(None) };
        let (labels, mixture) = fit_light(of.drawn.x.view(), &start.labels, k, self.choice.covariance, ctx)?;
        Ok(Some(Groups { labels, inertia: None, detail: Detail::Mixture(Arc::new(mixture)), ..start }))
    }

    /// Centroids and inertia of the best of a few runs of Lloyd's iteration.
    fn best_start(&self, of: &Prepared, blocks: &Blocks, k: usize, ctx: &Ctx) -> Result<Option<(Vec<f64>, f64)>> {
        let tolerance = TOLERANCE * blocks.scatter / (blocks.n * blocks.d) as f64;
        let mut best: Option<(Vec<f64>, f64)> = None;
        for restart in 0..self.choice.restarts {
            let seed = mix(self.choice.seed, of.number);
            let mut rng = super::draw::generator(seed, k as u64, u64::from(restart));
            let Some(centers) = first_centroids(blocks, k, &mut rng, ctx)? else { return Ok(None) };
            let run = approach(blocks, centers, tolerance, f64::INFINITY, ctx)?;
            if best.as_ref().is_none_or(|(_, least)| run.inertia < *least) {
                best = Some((run.centers, run.inertia));
            }
        }
        Ok(best)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_light_run_finds_what_is_plain_to_see() {
        let x = Array2::from_shape_fn((90, 2), |(i, j)| (i / 30 * 10) as f64 + ((i * 7 + j * 3) % 5) as f64 * 0.1);
        let drawn = Drawn::of(&Data::numbers(x.view()), (0..90).collect());
        let method = Method::new(&Cluster::DEFAULT, false, 90, 90);
        let prepared = method.prepare(drawn, 1, &[3], &Ctx::silent()).unwrap();
        let groups = method.groups(&prepared, 3, &Ctx::silent()).unwrap().unwrap();
        for (i, &label) in groups.labels.iter().enumerate() {
            assert_eq!(label, groups.labels[i / 30 * 30]);
        }
        assert_eq!(groups.classify(&Data::numbers(x.view()), &Ctx::silent()).unwrap(), groups.labels);
        assert_eq!(method.inertia(&prepared, 3, &Ctx::silent()).unwrap(), groups.inertia);
        assert!(method.groups(&prepared, 40, &Ctx::silent()).unwrap().is_none(), "15 different customers");
    }
}
