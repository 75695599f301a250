//! Numbers for clusters that do not depend on chance: most valuable first.

use std::cmp::Ordering;

use ndarray::{Array2, Axis};

use super::Clustering;

/// Renumbers clusters by the mean `value` of their customers, descending; then by size, larger first; then by
/// centroid, ascending from the first feature on. Noise comes last, whatever it is worth.
pub fn canonical(clustering: Clustering, value: &[f64]) -> Clustering {
    let Clustering { k, labels, centroids, sizes, inertia, noise, detail } = clustering;
    let mut means = vec![0.0; k];
    for (&label, v) in labels.iter().zip(value) {
        means[label as usize] += v;
    }
    for (mean, &size) in means.iter_mut().zip(&sizes) {
        *mean /= size.max(1) as f64;
    }
    let by_centroid = |a: usize, b: usize| {
        let pairs = centroids.row(a).into_iter().zip(centroids.row(b));
        pairs.map(|(p, q)| p.total_cmp(q)).find(|o| o.is_ne()).unwrap_or(Ordering::Equal)
    };
    let mut order: Vec<usize> = (0..k).collect();
    let is_noise = |c: usize| noise == Some(c as u32);
    order.sort_by(|&a, &b| {
        is_noise(a)
            .cmp(&is_noise(b))
            .then(means[b].total_cmp(&means[a]))
            .then(sizes[b].cmp(&sizes[a]))
            .then_with(|| by_centroid(a, b))
    });
    let mut new_number = vec![0; k];
    for (new, &old) in order.iter().enumerate() {
        new_number[old] = new as u32;
    }
    Clustering {
        k,
        labels: labels.into_iter().map(|l| new_number[l as usize]).collect(),
        sizes: order.iter().map(|&old| sizes[old]).collect(),
        centroids: if k == 0 { Array2::zeros((0, 0)) } else { centroids.select(Axis(0), &order) },
        inertia,
        noise: noise.map(|label| new_number[label as usize]),
        detail: detail.renumbered(&order),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn most_valuable_then_largest_then_centroid() {
        let clustering = Clustering {
            k: 4,
            labels: vec![0, 1, 1, 2, 3],
            centroids: array![[5.0, 2.0], [0.0, 0.0], [5.0, 1.0], [9.0, 9.0]],
            sizes: vec![1, 2, 1, 1],
            inertia: 1.0,
            noise: None,
            detail: crate::cluster::Detail::Means,
        };
        let c = canonical(clustering, &[10.0, 9.0, 11.0, 10.0, 70.0]);
        assert_eq!(c.labels, vec![3, 1, 1, 2, 0]);
        assert_eq!(c.sizes, vec![1, 2, 1, 1]);
        assert_eq!(c.centroids, array![[9.0, 9.0], [0.0, 0.0], [5.0, 1.0], [5.0, 2.0]]);
    }
}
