//! Gaussian mixtures by expectation and maximisation.

use ndarray::Array2;

use super::Clustering;
use super::algorithm::{Algorithm, Data, Found};
use crate::ctx::Ctx;
use crate::error::Result;

/// A fitted mixture: what it takes to say how probable each component is for a new row.
#[derive(Debug, Clone)]
pub struct Mixture {
    /// Shares of the components, adding up to 1; in canonical order.
    pub weights: Vec<f64>,
    /// k × d.
    pub means: Array2<f64>,
    /// One d × d matrix per component; diagonal ones for diagonal covariance.
    pub covariances: Vec<Array2<f64>>,
    /// Sum over customers of the log of their density.
    pub log_likelihood: f64,
    /// Free parameters.
    pub parameters: usize,
    pub bic: f64,
    pub aic: f64,
    /// Whether the iteration came to its end.
    pub converged: bool,
}

/// See the head of this file.
#[derive(Debug, Clone)]
pub struct GaussianMixture {
    pub covariance: crate::recipe::Covariance,
    pub restarts: u32,
    pub seed: u64,
}

impl Algorithm for GaussianMixture {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        let _ = (data, ks, found, ctx);
        Err(crate::error::Error::data("to be written"))
    }
}

impl Mixture {
    /// The same with its components in another order: the new i-th is the old `order[i]`-th.
    pub(super) fn renumbered(&self, order: &[usize]) -> Mixture {
        Mixture {
            weights: order.iter().map(|&c| self.weights[c]).collect(),
            means: self.means.select(ndarray::Axis(0), order),
            covariances: order.iter().map(|&c| self.covariances[c].clone()).collect(),
            ..self.clone()
        }
    }
}
