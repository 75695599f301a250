//! Principal components from the covariance matrix.

use linfa_linalg::eigh::Eigh;
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::Pca;
use crate::cluster::wide;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Rows per task. Fixed, and parts are added in order, so that the result does not depend on the number of threads.
const ROWS: usize = 4096;
/// Rows that are worked on together, feature by feature.
const GROUP: usize = 32;
/// Sums kept side by side, so that additions overlap.
const LANES: usize = 8;
/// Rows whose mean is near enough to that of all for sums of squares about it.
const NEAR_MEAN: usize = 1024;

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
    let x = x.as_standard_layout();
    // A matrix in standard layout is a slice; the fallback is never taken.
    let flat = x.as_slice().unwrap_or(&[]);
    let (mean, covariance) = mean_and_covariance(flat, d, ctx)?;
    let total: f64 = covariance.diag().sum();
    let (ratio, loadings) = if total > 0.0 { components(&covariance)? } else { (vec![0.0; d], Array2::eye(d)) };
    let scores = project(flat, &mean, &loadings, ctx)?;
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

/// Means and covariances (ddof 0) in one pass over the rows, about a point near the mean: the sums of squares about it
/// differ from those about the mean by little, so that nothing is lost by taking that off.
fn mean_and_covariance(flat: &[f64], d: usize, ctx: &Ctx) -> Result<(Vec<f64>, Array2<f64>)> {
    let n = flat.len() / d;
    let (step, mut about) = (n.div_ceil(NEAR_MEAN), vec![0.0; d]);
    for row in flat.chunks_exact(d).step_by(step) {
        about.iter_mut().zip(row).for_each(|(to, v)| *to += v / n.div_ceil(step) as f64);
    }
    loop {
        let moments = Moments::of(flat, &about, ctx)?;
        let off: Vec<f64> = moments.sums.iter().map(|s| s / n as f64).collect();
        let covariance = Array2::from_shape_fn((d, d), |(i, j)| {
            moments.products[i.min(j) * d + i.max(j)].iter().sum::<f64>() / n as f64 - off[i] * off[j]
        });
        let mean: Vec<f64> = about.iter().zip(&off).map(|(a, o)| a + o).collect();
        // The few rows may be unlike all others; then once more about the mean itself.
        let far = (0..d).any(|j| off[j] * off[j] > covariance[[j, j]].max(0.0) && mean[j] != about[j]);
        let again = std::mem::replace(&mut about, mean.clone());
        if !far || again.iter().zip(&mean).all(|(a, m)| (a - m).abs() <= 1e-9 * m.abs()) {
            return Ok((mean, covariance));
        }
    }
}

/// Sums over rows, less a fixed point, of every feature and of every product of two.
struct Moments {
    sums: Vec<f64>,
    /// At i·d + j with i ≤ j, in parts whose sum is meant.
    products: Vec<[f64; LANES]>,
}

impl Moments {
    fn of(flat: &[f64], about: &[f64], ctx: &Ctx) -> Result<Moments> {
        let d = about.len();
        let parts: Vec<Moments> = flat
            .par_chunks(ROWS * d)
            .map(|rows| {
                ctx.tick(1, 3)?;
                let mut part = Moments { sums: vec![0.0; d], products: vec![[0.0; LANES]; d * d] };
                let mut group = vec![0.0; GROUP * d];
                for rows in rows.chunks(GROUP * d) {
                    less(rows, about, &mut group);
                    add_products(&group, &mut part.sums, &mut part.products);
                }
                Ok(part)
            })
            .collect::<Result<_>>()?;
        let mut total = Moments { sums: vec![0.0; d], products: vec![[0.0; LANES]; d * d] };
        for part in parts {
            total.sums.iter_mut().zip(part.sums).for_each(|(to, v)| *to += v);
            for (to, part) in total.products.iter_mut().zip(part.products) {
                to.iter_mut().zip(part).for_each(|(to, v)| *to += v);
            }
        }
        Ok(total)
    }
}

fn project(flat: &[f64], mean: &[f64], loadings: &Array2<f64>, ctx: &Ctx) -> Result<Array2<f64>> {
    let d = mean.len();
    let by_component: Vec<f64> = loadings.iter().copied().collect();
    let mut scores = Array2::zeros((flat.len() / d, d));
    // Just made, in standard layout.
    let to = scores.as_slice_mut().unwrap_or(&mut []);
    to.par_chunks_mut(ROWS * d).zip(flat.par_chunks(ROWS * d)).try_for_each(|(to, rows)| {
        ctx.tick(2, 3)?;
        let mut group = vec![0.0; GROUP * d];
        for (to, rows) in to.chunks_mut(GROUP * d).zip(rows.chunks(GROUP * d)) {
            less(rows, mean, &mut group);
            project_group(&group, &by_component, to);
        }
        Ok(())
    })?;
    Ok(scores)
}

wide! {
    /// Up to [`GROUP`] rows less `about`, feature by feature; zeros where there are fewer rows.
    fn less(rows: &[f64], about: &[f64], group: &mut [f64]) {
        let d = about.len();
        if rows.len() < group.len() {
            group.fill(0.0);
        }
        for (i, row) in rows.chunks_exact(d).enumerate() {
            for j in 0..d {
                group[j * GROUP + i] = row[j] - about[j];
            }
        }
    }
}

wide! {
    /// Adds a group's values and products of values to the sums.
    fn add_products(group: &[f64], sums: &mut [f64], products: &mut [[f64; LANES]]) {
        let d = sums.len();
        for i in 0..d {
            let first = &group[i * GROUP..][..GROUP];
            let mut parts = [0.0; LANES];
            for values in first.chunks_exact(LANES) {
                for l in 0..LANES {
                    parts[l] += values[l];
                }
            }
            sums[i] += parts.iter().sum::<f64>();
            for j in i..d {
                let second = &group[j * GROUP..][..GROUP];
                let mut parts = products[i * d + j];
                for (a, b) in first.chunks_exact(LANES).zip(second.chunks_exact(LANES)) {
                    for l in 0..LANES {
                        parts[l] += a[l] * b[l];
                    }
                }
                products[i * d + j] = parts;
            }
        }
    }
}

wide! {
    /// The scores of a group: for every component (d loadings each) the sum of loading times value.
    fn project_group(group: &[f64], loadings: &[f64], to: &mut [f64]) {
        let d = group.len() / GROUP;
        let rows = to.len() / d;
        for (c, loadings) in loadings.chunks_exact(d).enumerate() {
            let mut score = [0.0; GROUP];
            for (j, loading) in loadings.iter().enumerate() {
                let values = &group[j * GROUP..][..GROUP];
                for i in 0..GROUP {
                    score[i] += loading * values[i];
                }
            }
            for i in 0..rows {
                to[i * d + c] = score[i];
            }
        }
    }
}
