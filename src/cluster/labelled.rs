//! A clustering from labels alone.

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::{Clustering, Detail};
use crate::ctx::Ctx;
use crate::error::Result;

/// Rows summed at a time. Fixed, and their sums added in order, so that any number of threads gives the same bits.
const CHUNK: usize = 8192;

/// The clusters that `labels` (0..k, one per row of `x`) form: their means, sizes and inertia. `noise` is the label of
/// those who belong to none; the inertia leaves them out.
pub(super) fn from_labels(
    x: ArrayView2<f64>,
    labels: Vec<u32>,
    k: usize,
    noise: Option<u32>,
    detail: Detail,
    ctx: &Ctx,
) -> Result<Clustering> {
    let d = x.ncols();
    let x = x.as_standard_layout();
    // A matrix in standard layout is a slice; the fallback is never taken.
    let flat = x.as_slice().unwrap_or(&[]);
    let starts: Vec<usize> = (0..labels.len()).step_by(CHUNK).collect();
    let part = |from: usize| from..(from + CHUNK).min(labels.len());
    let parts: Vec<(Vec<f64>, Vec<usize>)> = starts
        .par_iter()
        .map(|&from| {
            ctx.tick(0, 1)?;
            let (mut sums, mut sizes) = (vec![0.0; k * d], vec![0; k]);
            for row in part(from) {
                let label = labels[row] as usize;
                sizes[label] += 1;
                for (sum, value) in sums[label * d..][..d].iter_mut().zip(&flat[row * d..][..d]) {
                    *sum += value;
                }
            }
            Ok((sums, sizes))
        })
        .collect::<Result<_>>()?;
    let (mut means, mut sizes) = (vec![0.0; k * d], vec![0_usize; k]);
    for (sums, counts) in parts {
        means.iter_mut().zip(sums).for_each(|(to, sum)| *to += sum);
        sizes.iter_mut().zip(counts).for_each(|(to, count)| *to += count);
    }
    for (c, &size) in sizes.iter().enumerate() {
        means[c * d..][..d].iter_mut().for_each(|sum| *sum /= size.max(1) as f64);
    }
    let within: Vec<f64> = starts
        .par_iter()
        .map(|&from| {
            ctx.tick(1, 1)?;
            let clear = part(from).filter(|&row| Some(labels[row]) != noise);
            let squared = clear.map(|row| {
                let mean = &means[labels[row] as usize * d..][..d];
                flat[row * d..][..d].iter().zip(mean).map(|(v, m)| (v - m) * (v - m)).sum::<f64>()
            });
            Ok(squared.sum())
        })
        .collect::<Result<_>>()?;
    let centroids = Array2::from_shape_fn((k, d), |(c, j)| means[c * d + j]);
    Ok(Clustering { k, labels, centroids, sizes, inertia: within.iter().sum(), noise, detail })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn means_and_inertia_with_the_noise_left_out() {
        let x = array![[0.0, 0.0], [2.0, 0.0], [5.0, 5.0], [100.0, -100.0], [5.0, 7.0]];
        let c = from_labels(x.view(), vec![0, 0, 1, 2, 1], 3, Some(2), Detail::Means, &Ctx::silent()).unwrap();
        assert_eq!(c.centroids, array![[1.0, 0.0], [5.0, 6.0], [100.0, -100.0]]);
        assert_eq!((c.sizes, c.inertia), (vec![2, 2, 1], 4.0));
    }
}
