//! Principal components from the covariance matrix.

use linfa_linalg::eigh::Eigh;
use ndarray::{Array2, ArrayView2, Axis};
use rayon::prelude::*;

use super::Pca;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Rows per task. Fixed, and parts are added in order, so that the result does not depend on the number of threads.
const ROWS: usize = 4096;

/// All principal components of `x` (n × d, finite), by exact eigen-decomposition of its covariance matrix
/// (ddof 0). The entry of largest magnitude of each component is made positive. Without any variance the shares
/// are zero and the components are the features themselves.
///
/// Fails with [`Error::Data`] for an empty matrix, or when the decomposition fails.
pub fn pca(x: ArrayView2<f64>, ctx: &Ctx) -> Result<Pca> {
    let (n, d) = x.dim();
    if n == 0 || d == 0 {
        return Err(Error::data("A projection needs at least one customer and one feature; there is none left."));
    }
    let mean: Vec<f64> = sum_of_parts(x, d, ctx, |rows, sum| {
        for row in rows.rows() {
            for (s, v) in sum.iter_mut().zip(row) {
                *s += v;
            }
        }
    })?
    .into_iter()
    .map(|s| s / n as f64)
    .collect();
    let products = sum_of_parts(x, d * d, ctx, |rows, sum| {
        let mut centred = vec![0.0; d];
        for row in rows.rows() {
            for j in 0..d {
                centred[j] = row[j] - mean[j];
            }
            for i in 0..d {
                for j in i..d {
                    sum[i * d + j] += centred[i] * centred[j];
                }
            }
        }
    })?;
    let covariance = Array2::from_shape_fn((d, d), |(i, j)| products[i.min(j) * d + i.max(j)] / n as f64);
    let total: f64 = covariance.diag().sum();
    let (ratio, loadings) = if total > 0.0 { components(&covariance)? } else { (vec![0.0; d], Array2::eye(d)) };
    let scores = project(x, &mean, &loadings, ctx)?;
    Ok(Pca { scores, loadings, explained_variance_ratio: ratio, mean })
}

/// Shares of variance and components, strongest first.
fn components(covariance: &Array2<f64>) -> Result<(Vec<f64>, Array2<f64>)> {
    let d = covariance.nrows();
    let failed = |why: String| {
        Error::data(format!("The principal components could not be computed ({why}); try another scale."))
    };
    let (values, vectors) = covariance.eigh().map_err(|e| failed(e.to_string()))?;
    if values.iter().chain(vectors.iter()).any(|v| !v.is_finite()) {
        return Err(failed("the variances leave the range of numbers".into()));
    }
    let mut order: Vec<usize> = (0..d).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]).then(a.cmp(&b)));
    let mut loadings = Array2::zeros((d, d));
    for (mut row, &from) in loadings.rows_mut().into_iter().zip(&order) {
        let vector = vectors.column(from);
        // The first of equally large entries decides, rounding aside.
        let largest = vector.iter().fold(0.0_f64, |m, v| m.max(v.abs()));
        let decides = vector.iter().find(|v| v.abs() >= largest * (1.0 - 1e-9)).copied().unwrap_or(1.0);
        row.assign(&(&vector * decides.signum()));
    }
    // Rounding can leave a tiny negative variance.
    let kept: Vec<f64> = order.iter().map(|&i| values[i].max(0.0)).collect();
    let total: f64 = kept.iter().sum();
    Ok((kept.into_iter().map(|v| v / total).collect(), loadings))
}

fn project(x: ArrayView2<f64>, mean: &[f64], loadings: &Array2<f64>, ctx: &Ctx) -> Result<Array2<f64>> {
    let mut scores = Array2::zeros(x.raw_dim());
    let parts = scores.axis_chunks_iter_mut(Axis(0), ROWS).into_par_iter();
    parts.zip(x.axis_chunks_iter(Axis(0), ROWS)).try_for_each(|(mut scores, x)| {
        ctx.tick(2, 3)?;
        for (mut to, row) in scores.rows_mut().into_iter().zip(x.rows()) {
            for (score, loading) in to.iter_mut().zip(loadings.rows()) {
                *score = row.iter().zip(mean).zip(loading).map(|((v, m), l)| (v - m) * l).sum();
            }
        }
        Ok(())
    })?;
    Ok(scores)
}

/// `width` sums over all rows, made part by part.
fn sum_of_parts(
    x: ArrayView2<f64>,
    width: usize,
    ctx: &Ctx,
    add: impl Fn(ArrayView2<f64>, &mut [f64]) + Sync,
) -> Result<Vec<f64>> {
    let parts: Vec<Vec<f64>> = x
        .axis_chunks_iter(Axis(0), ROWS)
        .into_par_iter()
        .map(|rows| {
            ctx.tick(1, 3)?;
            let mut sum = vec![0.0; width];
            add(rows, &mut sum);
            Ok(sum)
        })
        .collect::<Result<_>>()?;
    let mut total = vec![0.0; width];
    for part in parts {
        for (t, p) in total.iter_mut().zip(part) {
            *t += p;
        }
    }
    Ok(total)
}
