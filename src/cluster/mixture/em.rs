//! Expectation and maximisation (Dempster, Laird & Rubin 1977).

use rayon::prelude::*;

use super::gauss::{
    Component, LANE, LEAST_VARIANCE, Lane, Rows, add_moments, cholesky, log_densities, moments_len, normalise,
};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::recipe::Covariance;

/// Blocks whose moments are summed on one thread. Fixed, and the sums added in order, so that any number of threads gives
/// the same bits.
const CHUNK: usize = 64;

/// The parameters of a mixture.
#[derive(Debug, Clone)]
pub(super) struct Model {
    pub form: Covariance,
    pub weights: Vec<f64>,
    pub components: Vec<Component>,
    /// d × d row-major each, or the d variances.
    pub covariances: Vec<Vec<f64>>,
    /// Sum over customers of the log of their density; of the parameters before the last step.
    pub log_likelihood: f64,
    pub converged: bool,
}

/// What a pass over the rows finds: the log-likelihood and the moments of each component.
struct Pass {
    log_likelihood: f64,
    moments: Vec<f64>,
}

impl Model {
    /// A model from given parameters.
    pub fn new(form: Covariance, weights: Vec<f64>, means: Vec<Vec<f64>>, mut covariances: Vec<Vec<f64>>) -> Model {
        let parameters = weights.iter().zip(means).zip(&mut covariances);
        let components = parameters.map(|((&w, mean), c)| Component::new(w, mean, c, form)).collect();
        Model { form, weights, components, covariances, log_likelihood: f64::NEG_INFINITY, converged: false }
    }

    /// The model in which every row belongs to the component of its label alone.
    pub fn from_labels(rows: &Rows, labels: &[u32], k: usize, form: Covariance, ctx: &Ctx) -> Result<Model> {
        let shares = |b: usize, lanes: &mut [Lane], _: &mut Lane| {
            for (c, lane) in lanes.iter_mut().enumerate() {
                for (i, to) in lane.iter_mut().enumerate() {
                    *to = if labels.get(b * LANE + i) == Some(&(c as u32)) { 1.0 } else { 0.0 };
                }
            }
        };
        // About the origin first and about the means then, so that no digits are lost where the rows lie far from it.
        let mut about = vec![vec![0.0; rows.d]; k];
        let first = pass(rows, &about, form, &shares, ctx)?;
        for (about, moments) in about.iter_mut().zip(first.moments.chunks_exact(moments_len(rows.d, form))) {
            about.iter_mut().zip(&moments[1..]).for_each(|(to, sum)| *to = sum / moments[0].max(1.0));
        }
        Ok(maximise(rows, &about, form, &pass(rows, &about, form, &shares, ctx)?))
    }

    /// Steps until the mean log-likelihood of a customer grows by less than `tolerance`, `most` of them at the most.
    pub fn fit(mut self, rows: &Rows, tolerance: f64, most: usize, ctx: &Ctx) -> Result<Model> {
        let customers = rows.customers();
        let mut before = f64::NEG_INFINITY;
        for _ in 0..most {
            let pass = self.expect(rows, ctx)?;
            let gain = (pass.log_likelihood - before) / customers;
            if gain.abs() < tolerance {
                self.log_likelihood = pass.log_likelihood;
                self.converged = true;
                return Ok(self);
            }
            before = pass.log_likelihood;
            self = maximise(rows, &self.means(), self.form, &pass);
            self.log_likelihood = before;
        }
        Ok(self)
    }

    /// How many components have no extent in some direction.
    pub fn flat(&self) -> usize {
        let d = self.components[0].mean.len();
        let is_flat = |values: &&Vec<f64>| match self.form {
            Covariance::Full => is_flat(values, d),
            Covariance::Diagonal => values.iter().any(|&v| v < FLAT * LEAST_VARIANCE),
        };
        self.covariances.iter().filter(is_flat).count()
    }

    pub fn means(&self) -> Vec<Vec<f64>> {
        self.components.iter().map(|c| c.mean.clone()).collect()
    }

    fn expect(&self, rows: &Rows, ctx: &Ctx) -> Result<Pass> {
        pass(rows, &self.means(), self.form, &|b, lanes, total| self.probabilities(rows, b, lanes, total), ctx)
    }

    /// Probabilities of the components for the rows of a block, one lane each, and the logs of the rows' densities.
    pub fn probabilities(&self, rows: &Rows, b: usize, lanes: &mut [Lane], log_total: &mut Lane) {
        let (values, _) = rows.block(b);
        lanes.iter_mut().zip(&self.components).for_each(|(lane, c)| log_densities(values, c, lane));
        normalise(lanes, log_total);
    }

    /// The likeliest component of every row (the first of equally likely ones), and the log-likelihood.
    pub fn labels(&self, rows: &Rows, ctx: &Ctx) -> Result<(Vec<u32>, f64)> {
        let mut labels = vec![0; rows.len];
        let sums: Vec<f64> = labels
            .par_chunks_mut(CHUNK * LANE)
            .enumerate()
            .map(|(chunk, labels)| {
                ctx.tick(0, 1)?;
                let (mut lanes, mut total) = (vec![[0.0; LANE]; self.components.len()], [0.0; LANE]);
                let mut sum = 0.0;
                for (b, labels) in (chunk * CHUNK..).zip(labels.chunks_mut(LANE)) {
                    self.probabilities(rows, b, &mut lanes, &mut total);
                    sum += total.iter().zip(rows.block(b).1).map(|(v, w)| v * w).sum::<f64>();
                    for (i, label) in labels.iter_mut().enumerate() {
                        *label = likeliest(lanes.iter().map(|lane| lane[i]));
                    }
                }
                Ok(sum)
            })
            .collect::<Result<_>>()?;
        Ok((labels, sums.iter().sum()))
    }
}

/// Below this many times the least variance a direction has no extent of its own.
const FLAT: f64 = 10.0;

/// Whether a covariance has no extent in some direction: the squared pivots are the variances that are left to each feature
/// when those before it are known.
pub(super) fn is_flat(covariance: &[f64], d: usize) -> bool {
    cholesky(covariance, d).is_none_or(|l| (0..d).any(|a| l[a * d + a].powi(2) < FLAT * LEAST_VARIANCE))
}

/// The place of the largest; the first of equal ones.
pub(super) fn likeliest(probabilities: impl Iterator<Item = f64>) -> u32 {
    let mut best = (0, f64::NEG_INFINITY);
    for (c, p) in probabilities.enumerate() {
        if p > best.1 {
            best = (c as u32, p);
        }
    }
    best.0
}

/// One pass over the rows: `shares` says how far the rows of a block belong to each component, and the logs of their
/// densities; moments are taken about the points `about`.
fn pass(
    rows: &Rows,
    about: &[Vec<f64>],
    form: Covariance,
    shares: &(impl Fn(usize, &mut [Lane], &mut Lane) + Sync),
    ctx: &Ctx,
) -> Result<Pass> {
    let (k, len, full) = (about.len(), moments_len(rows.d, form), form == Covariance::Full);
    let starts: Vec<usize> = (0..rows.blocks()).step_by(CHUNK).collect();
    let parts: Vec<Pass> = starts
        .par_iter()
        .map(|&from| {
            ctx.tick(0, 1)?;
            let (mut lanes, mut total) = (vec![[0.0; LANE]; k], [0.0; LANE]);
            let mut part = Pass { log_likelihood: 0.0, moments: vec![0.0; k * len] };
            for b in from..(from + CHUNK).min(rows.blocks()) {
                shares(b, &mut lanes, &mut total);
                let (values, weights) = rows.block(b);
                part.log_likelihood += total.iter().zip(weights).map(|(v, w)| v * w).sum::<f64>();
                for (c, lane) in lanes.iter_mut().enumerate() {
                    lane.iter_mut().zip(weights).for_each(|(to, w)| *to *= w);
                    add_moments(values, lane, &about[c], full, &mut part.moments[c * len..][..len]);
                }
            }
            Ok(part)
        })
        .collect::<Result<_>>()?;
    let mut whole = Pass { log_likelihood: 0.0, moments: vec![0.0; k * len] };
    for part in parts {
        whole.log_likelihood += part.log_likelihood;
        whole.moments.iter_mut().zip(part.moments).for_each(|(to, value)| *to += value);
    }
    Ok(whole)
}

/// The parameters that the moments about the points `about` say.
fn maximise(rows: &Rows, about: &[Vec<f64>], form: Covariance, pass: &Pass) -> Model {
    let (d, len) = (rows.d, moments_len(rows.d, form));
    let mut weights = Vec::with_capacity(about.len());
    let (mut means, mut covariances) = (Vec::new(), Vec::new());
    for (moments, about) in pass.moments.chunks_exact(len).zip(about) {
        // A component that nobody belongs to any more stays finite, as in scikit-learn.
        let count = moments[0] + 10.0 * f64::EPSILON;
        let shift: Vec<f64> = moments[1..=d].iter().map(|sum| sum / count).collect();
        let products = &moments[1 + d..];
        let covariance = match form {
            Covariance::Diagonal => {
                let variance = |j: usize| (products[j] / count - shift[j] * shift[j]).max(0.0) + LEAST_VARIANCE;
                (0..d).map(variance).collect()
            }
            Covariance::Full => {
                let mut matrix = vec![0.0; d * d];
                let mut product = products.iter();
                for a in 0..d {
                    for (b, sum) in (0..=a).zip(&mut product) {
                        let value = sum / count - shift[a] * shift[b];
                        matrix[a * d + b] = value;
                        matrix[b * d + a] = value;
                    }
                    matrix[a * d + a] = matrix[a * d + a].max(0.0) + LEAST_VARIANCE;
                }
                matrix
            }
        };
        weights.push(count);
        means.push(about.iter().zip(&shift).map(|(m, s)| m + s).collect());
        covariances.push(covariance);
    }
    let total: f64 = weights.iter().sum();
    weights.iter_mut().for_each(|w| *w /= total);
    Model::new(form, weights, means, covariances)
}
