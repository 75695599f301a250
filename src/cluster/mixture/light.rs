//! One short run of expectation and maximisation, for the many data sets that the number of components is tested on.

use ndarray::ArrayView2;

use super::Mixture;
use super::em::Model;
use super::gauss::Rows;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::recipe::Covariance;

/// The run ends when the mean log-likelihood of a customer grows by less than this (scikit-learn's `tol`).
const TOLERANCE: f64 = 1e-3;
const STEPS: usize = 100;

/// The likeliest component of each row of `x` (n × d, finite) in a mixture that starts from `labels` (n of them, below
/// `k`), and that mixture. A component may end as nobody's likeliest.
///
/// Fails with [`crate::error::Error::Cancelled`] only.
pub fn fit_light(
    x: ArrayView2<f64>,
    labels: &[u32],
    k: usize,
    covariance: Covariance,
    ctx: &Ctx,
) -> Result<(Vec<u32>, Mixture)> {
    let rows = Rows::from_values(x.ncols(), x.rows().into_iter().map(|row| row.into_iter()));
    let model = Model::from_labels(&rows, labels, k, covariance, ctx)?.fit(&rows, TOLERANCE, STEPS, ctx)?;
    let (labels, log_likelihood) = model.labels(&rows, ctx)?;
    let mixture = Mixture::new(&model, log_likelihood, x.nrows() as f64);
    Ok((labels, mixture))
}
