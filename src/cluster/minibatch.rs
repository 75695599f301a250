//! Mini-batch k-means (Sculley 2010) for very many customers.

use super::Clustering;
use super::algorithm::{Algorithm, Data, Found};
use crate::ctx::Ctx;
use crate::error::Result;

/// See the head of this file.
#[derive(Debug, Clone)]
pub struct MiniBatch {
    pub restarts: u32,
    pub seed: u64,
}

impl Algorithm for MiniBatch {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        let _ = (data, ks, found, ctx);
        Err(crate::error::Error::data("to be written"))
    }
}
