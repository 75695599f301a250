//! Agglomerative clustering: a tree of joins that serves every number of clusters.

mod chain;
mod dendrogram;
mod micro;

use std::sync::Arc;

pub use dendrogram::{Dendrogram, Merge};

use super::algorithm::{Algorithm, Data, Found};
use super::distinct::Distinct;
use super::labelled::from_labels;
use super::{Clustering, Detail};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::count;
use crate::recipe::Linkage;

/// Different rows that are the leaves of a tree themselves. Ward keeps no distances, only time is the limit (some 3·m²
/// distances); the others keep m²/2 distances of 4 bytes.
const MOST_LEAVES_WARD: usize = 20_000;
const MOST_LEAVES: usize = 12_000;

/// Micro-clusters where there are more rows.
const MICRO: usize = 2_000;

/// Agglomerative clustering as an [`Algorithm`].
#[derive(Debug, Clone)]
pub struct Agglomerative {
    pub linkage: Linkage,
    pub seed: u64,
}

impl Agglomerative {
    /// The tree of the rows of `data`.
    ///
    /// # Errors
    /// [`crate::error::Error::Data`] for values that are not finite.
    pub fn tree(&self, data: &Data, ctx: &Ctx) -> Result<Dendrogram> {
        let rows = Distinct::new(&Data::numbers(data.x), &ctx.part(0.0, 0.05))?;
        if rows.len() <= self.most_leaves() {
            let joins = chain::joins(&rows.values, rows.d, &rows.weights, self.linkage, &ctx.part(0.05, 1.0))?;
            return Ok(Dendrogram::new(rows.weights, rows.of, joins));
        }
        let micro = micro::clusters(&rows, MICRO, self.seed, &ctx.part(0.05, 0.7))?;
        let joins = chain::joins(&micro.means, rows.d, &micro.sizes, self.linkage, &ctx.part(0.7, 1.0))?;
        Ok(Dendrogram::new(micro.sizes, rows.for_customers(&micro.labels), joins))
    }

    fn most_leaves(&self) -> usize {
        match self.linkage {
            Linkage::Ward => MOST_LEAVES_WARD,
            Linkage::Average | Linkage::Complete => MOST_LEAVES,
        }
    }
}

impl Algorithm for Agglomerative {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        let tree = Arc::new(self.tree(data, &ctx.part(0.0, 0.9))?);
        let cutting = ctx.part(0.9, 1.0);
        let each = ks.iter().enumerate().map(|(i, &k)| {
            cutting.tick(i, ks.len())?;
            let clustering = match k {
                k if (1..=tree.leaves).contains(&k) => {
                    Some(from_labels(data.x, tree.labels(k), k, None, Detail::Tree(tree.clone()), &cutting)?)
                }
                _ => None,
            };
            found(k, &clustering);
            Ok(clustering)
        });
        each.collect()
    }

    fn notes(&self, n: usize) -> Vec<String> {
        if n <= self.most_leaves() {
            return Vec::new();
        }
        vec![format!(
            "With more than {} different customers the tree of joins grows on {} micro-clusters: k-means makes groups of near neighbours first, and the tree joins these, weighted by their sizes.",
            count(self.most_leaves()),
            count(MICRO)
        )]
    }
}
