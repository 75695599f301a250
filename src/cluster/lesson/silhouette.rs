//! The silhouette of one point with all that it is made of.

use ndarray::ArrayView2;

use super::trace::squared;
use crate::ctx::Ctx;
use crate::error::Result;

/// Rows between two looks at whether to go on.
const STRIDE: usize = 1 << 14;

/// s = (b − a)/max(a, b) of one point (Rousseeuw 1987), taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct SilhouetteParts {
    pub row: usize,
    pub own: u32,
    /// Points of each cluster; in the own one without the point itself.
    pub sizes: Vec<usize>,
    /// Mean distance to the points of each cluster, the own one without the point itself; `None` where there is none.
    pub means: Vec<Option<f64>>,
    /// Mean distance to the others of the own cluster; `None` for the only point of a cluster.
    pub a: Option<f64>,
    /// The nearest other cluster and the mean distance to it; `None` with a single cluster.
    pub b: Option<(u32, f64)>,
    /// −1 to 1; 0 where `a` or `b` is missing.
    pub value: f64,
}

/// The silhouette of the row `row` of `x` (n × d) under `labels` (0 to k − 1, n of them), with its parts. Equals the
/// entry of [`crate::cluster::silhouettes()`] up to the order of additions. Labels of k or more are left out, as noise is.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn silhouette_of(x: ArrayView2<f64>, labels: &[u32], k: usize, row: usize, ctx: &Ctx) -> Result<SilhouetteParts> {
    let (mut sums, mut sizes) = (vec![0.0; k], vec![0usize; k]);
    let here = x.row(row);
    for (i, (other, &label)) in x.rows().into_iter().zip(labels).enumerate() {
        if i % STRIDE == 0 {
            ctx.tick(i, labels.len())?;
        }
        if i != row && (label as usize) < k {
            sums[label as usize] += squared(here, other).sqrt();
            sizes[label as usize] += 1;
        }
    }
    let own = labels[row];
    let mean = |c: usize| (sizes[c] > 0).then(|| sums[c] / sizes[c] as f64);
    let means: Vec<Option<f64>> = (0..k).map(mean).collect();
    let a = means.get(own as usize).copied().flatten();
    let others = means.iter().enumerate().filter(|(c, _)| *c != own as usize);
    let b = others.filter_map(|(c, m)| Some((c as u32, (*m)?))).min_by(|p, q| p.1.total_cmp(&q.1));
    let value = match (a, b) {
        (Some(a), Some((_, b))) if a.max(b) > 0.0 => (b - a) / a.max(b),
        _ => 0.0,
    };
    Ok(SilhouetteParts { row, own, sizes, means, a, b, value })
}

/// Someone typical and someone at the border: the points with the largest silhouette and with the one nearest to zero;
/// the first of equals. `None` without points.
pub fn typical_and_border(values: &[f64]) -> Option<(usize, usize)> {
    let typical = (0..values.len()).min_by(|&i, &j| values[j].total_cmp(&values[i]).then(i.cmp(&j)))?;
    let border = (0..values.len()).min_by(|&i, &j| values[i].abs().total_cmp(&values[j].abs()).then(i.cmp(&j)))?;
    Some((typical, border))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::silhouettes;
    use ndarray::{Array2, array};

    #[test]
    fn each_point_has_the_silhouette_that_all_together_have() {
        let x = Array2::from_shape_fn((90, 3), |(i, j)| ((i * 37 + j * 101 + i * i) % 83) as f64 / 9.0);
        let labels: Vec<u32> = (0..90).map(|i| if i == 89 { 3 } else { (i * i % 3) as u32 }).collect();
        let all = silhouettes(x.view(), &[&labels], &Ctx::silent()).unwrap().remove(0).samples;
        for (row, expected) in all.iter().enumerate() {
            let one = silhouette_of(x.view(), &labels, 4, row, &Ctx::silent()).unwrap();
            assert!((one.value - expected).abs() < 1e-12, "{row}: {} {expected}", one.value);
        }
        // The only one of its cluster.
        let alone = silhouette_of(x.view(), &labels, 4, 89, &Ctx::silent()).unwrap();
        assert_eq!((alone.a, alone.value, alone.sizes[3]), (None, 0.0, 0));
        assert!(alone.b.is_some());
    }

    #[test]
    fn the_published_example() {
        // Scholar's documentation: .76478 .77812 .67543 | .49344 .66280.
        let x = array![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [3.0, 3.0], [4.0, 4.5]];
        let labels = [0, 0, 0, 1, 1];
        let of = |row| silhouette_of(x.view(), &labels, 2, row, &Ctx::silent()).unwrap();
        for (row, expected) in [0.76478, 0.77812, 0.67543, 0.49344, 0.66280].into_iter().enumerate() {
            assert!((of(row).value - expected).abs() < 5e-6, "{row}");
        }
        let first = of(0);
        assert_eq!(first.sizes, [2, 2]);
        assert!((first.a.unwrap() - (1.0 + 2f64.sqrt()) / 2.0).abs() < 1e-12);
        assert!((first.b.unwrap().1 - (18f64.sqrt() + 36.25f64.sqrt()) / 2.0).abs() < 1e-12);
    }

    #[test]
    fn noise_takes_no_part() {
        let x = array![[0.0], [1.0], [5.0], [6.0], [100.0]];
        let with = silhouette_of(x.view(), &[0, 0, 1, 1, 2], 2, 0, &Ctx::silent()).unwrap();
        let without = silhouette_of(x.slice(ndarray::s![..4, ..]), &[0, 0, 1, 1], 2, 0, &Ctx::silent()).unwrap();
        assert_eq!(with, without);
    }

    #[test]
    fn the_typical_one_is_surest_and_the_one_at_the_border_undecided() {
        assert_eq!(typical_and_border(&[0.2, 0.7, -0.1, 0.7, 0.1]), Some((1, 2)));
        assert_eq!(typical_and_border(&[]), None);
    }
}
