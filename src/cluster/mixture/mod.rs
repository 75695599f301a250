//! Gaussian mixtures by expectation and maximisation.

mod em;
mod gauss;
mod inverse;
mod light;
mod search;

use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use self::em::{Model, is_flat};
use self::gauss::{LANE, Lane, Rows};
use super::Clustering;
use super::algorithm::{Algorithm, Data, Found};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::Covariance;

pub use inverse::inverse_and_log_det;
pub(super) use light::fit_light;

/// A fitted mixture: what it takes to say how probable each component is for a new row.
#[derive(Debug, Clone)]
pub struct Mixture {
    pub covariance: Covariance,
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
    /// Bayesian information criterion (Schwarz 1978): parameters · ln n − 2 · log-likelihood.
    pub bic: f64,
    /// Akaike's information criterion (1974): 2 · parameters − 2 · log-likelihood.
    pub aic: f64,
    /// Whether the iteration came to its end.
    pub converged: bool,
}

/// Gaussian mixtures as an [`Algorithm`].
#[derive(Debug, Clone)]
pub struct GaussianMixture {
    pub covariance: Covariance,
    pub restarts: u32,
    pub seed: u64,
}

impl Algorithm for GaussianMixture {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        search::all(self, data, ks, found, ctx)
    }

    fn cannot(&self, k: usize) -> Error {
        Error::data(format!(
            "There is no mixture of {k} Gaussian groups in which every group is the likeliest one for somebody; choose a smaller k."
        ))
    }
}

impl Mixture {
    fn new(model: &Model, log_likelihood: f64, customers: f64) -> Mixture {
        let (k, d) = (model.weights.len(), model.components[0].mean.len());
        let covariance = |values: &Vec<f64>| match model.form {
            Covariance::Full => Array2::from_shape_fn((d, d), |(a, b)| values[a * d + b]),
            Covariance::Diagonal => Array2::from_shape_fn((d, d), |(a, b)| if a == b { values[a] } else { 0.0 }),
        };
        let per_component = match model.form {
            Covariance::Full => d * (d + 1) / 2,
            Covariance::Diagonal => d,
        };
        let parameters = k * (d + per_component) + k - 1;
        Mixture {
            covariance: model.form,
            weights: model.weights.clone(),
            means: Array2::from_shape_fn((k, d), |(c, j)| model.components[c].mean[j]),
            covariances: model.covariances.iter().map(covariance).collect(),
            log_likelihood,
            parameters,
            bic: parameters as f64 * customers.ln() - 2.0 * log_likelihood,
            aic: 2.0 * parameters as f64 - 2.0 * log_likelihood,
            converged: model.converged,
        }
    }

    fn model(&self) -> Model {
        let values = |matrix: &Array2<f64>| match self.covariance {
            Covariance::Full => matrix.iter().copied().collect(),
            Covariance::Diagonal => matrix.diag().to_vec(),
        };
        let means = self.means.rows().into_iter().map(|row| row.to_vec()).collect();
        Model::new(self.covariance, self.weights.clone(), means, self.covariances.iter().map(values).collect())
    }

    /// The probability of each component for every row of `x` (n × d, scaled as the rows it was fitted to): n × k, each
    /// row adding up to 1. The likeliest component is the row's label.
    ///
    /// # Errors
    /// [`Error::Cancelled`] only.
    pub fn probabilities(&self, x: ArrayView2<f64>, ctx: &Ctx) -> Result<Array2<f64>> {
        let (model, k) = (self.model(), self.weights.len());
        let mut out = Array2::zeros((x.nrows(), k));
        let n = x.nrows();
        let chunks = out.axis_chunks_iter_mut(Axis(0), PROBABILITY_ROWS).into_par_iter();
        chunks.zip(x.axis_chunks_iter(Axis(0), PROBABILITY_ROWS)).enumerate().try_for_each(
            |(chunk, (mut out, x))| {
                ctx.tick(chunk * PROBABILITY_ROWS, n)?;
                let rows = Rows::from_values(x.ncols(), x.rows().into_iter().map(|row| row.into_iter()));
                let (mut lanes, mut total): (Vec<Lane>, Lane) = (vec![[0.0; LANE]; k], [0.0; LANE]);
                for (at, mut row) in out.rows_mut().into_iter().enumerate() {
                    if at % LANE == 0 {
                        model.probabilities(&rows, at / LANE, &mut lanes, &mut total);
                    }
                    row.iter_mut().zip(&lanes).for_each(|(to, lane)| *to = lane[at % LANE]);
                }
                Ok(())
            },
        )?;
        Ok(out)
    }

    /// The components that have no extent in some direction: their customers share a value, or lie in a line or plane. The
    /// likelihood of such a mixture, and with it BIC and AIC, is a matter of how thin a component may be.
    pub fn flat(&self) -> Vec<usize> {
        let is_flat = |c: &usize| {
            let values: Vec<f64> = self.covariances[*c].iter().copied().collect();
            is_flat(&values, self.means.ncols())
        };
        (0..self.weights.len()).filter(is_flat).collect()
    }

    /// The same with its components in another order: the new i-th is the old `order[i]`-th.
    pub(super) fn renumbered(&self, order: &[usize]) -> Mixture {
        Mixture {
            weights: order.iter().map(|&c| self.weights[c]).collect(),
            means: self.means.select(Axis(0), order),
            covariances: order.iter().map(|&c| self.covariances[c].clone()).collect(),
            ..self.clone()
        }
    }
}

/// Rows whose probabilities are computed on one thread.
const PROBABILITY_ROWS: usize = 2048;
