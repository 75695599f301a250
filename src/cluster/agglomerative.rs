//! Agglomerative clustering: a tree of joins.

use super::Clustering;
use super::algorithm::{Algorithm, Data, Found};
use crate::ctx::Ctx;
use crate::error::Result;

/// A tree of joins, as SciPy writes it: leaves are 0..leaves, the i-th merge makes the node leaves + i.
#[derive(Debug, Clone, PartialEq)]
pub struct Dendrogram {
    pub leaves: usize,
    /// Customers of each leaf: ones, or the sizes of micro-clusters.
    pub leaf_sizes: Vec<u32>,
    /// The leaf of each customer.
    pub leaf_of: Vec<u32>,
    /// Ascending height.
    pub merges: Vec<Merge>,
}

/// Two nodes joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    pub a: u32,
    pub b: u32,
    /// Distance at which they were joined, in SciPy's units.
    pub height: f64,
    /// Customers below.
    pub size: u32,
}

/// See the head of this file.
#[derive(Debug, Clone)]
pub struct Agglomerative {
    pub linkage: crate::recipe::Linkage,
    pub restarts: u32,
    pub seed: u64,
}

impl Algorithm for Agglomerative {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        let _ = (data, ks, found, ctx);
        Err(crate::error::Error::data("to be written"))
    }
}
