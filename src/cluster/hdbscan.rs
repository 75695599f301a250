//! HDBSCAN: dense regions of any form (Campello, Moulavi & Sander 2013).

use super::Clustering;
use super::algorithm::{Algorithm, Data, Found};
use crate::ctx::Ctx;
use crate::error::Result;

/// What HDBSCAN knows beyond labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Density {
    /// The settings that were used.
    pub min_cluster_size: usize,
    pub min_samples: usize,
    /// How firmly each customer belongs to its cluster, 0–1; 0 for noise.
    pub strength: Vec<f32>,
}

/// See the head of this file.
#[derive(Debug, Clone)]
pub struct Hdbscan {
    pub min_cluster_size: Option<u32>,
    pub min_samples: Option<u32>,
}

impl Algorithm for Hdbscan {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        let _ = (data, ks, found, ctx);
        Err(crate::error::Error::data("to be written"))
    }

    fn takes_k(&self) -> bool {
        false
    }
}
