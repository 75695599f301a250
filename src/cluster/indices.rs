//! Calinski-Harabasz and Davies-Bouldin, as scikit-learn computes them. Both need 2 ≤ k ≤ n − 1.

use ndarray::ArrayView2;

use super::Clustering;

/// Calinski-Harabasz: [B/(k−1)] / [W/(n−k)] with B and W the between- and within-cluster sums of squares
/// (Caliński & Harabasz 1974). One when W is zero; `None` outside 2 ≤ k ≤ n − 1.
pub fn calinski_harabasz(x: ArrayView2<f64>, c: &Clustering) -> Option<f64> {
    let n = x.nrows();
    if c.k < 2 || c.k >= n {
        return None;
    }
    // The mean of all rows is the mean of the centroids weighed by size.
    let mut mean = vec![0.0; x.ncols()];
    for (centroid, &size) in c.centroids.rows().into_iter().zip(&c.sizes) {
        for (m, v) in mean.iter_mut().zip(centroid) {
            *m += v * size as f64 / n as f64;
        }
    }
    let between: f64 = c
        .centroids
        .rows()
        .into_iter()
        .zip(&c.sizes)
        .map(|(centroid, &size)| size as f64 * centroid.iter().zip(&mean).map(|(v, m)| (v - m) * (v - m)).sum::<f64>())
        .sum();
    if c.inertia == 0.0 {
        return Some(1.0);
    }
    Some(between * (n - c.k) as f64 / (c.inertia * (c.k - 1) as f64))
}

/// Davies-Bouldin: mean over clusters of max (σᵢ + σⱼ)/d(cᵢ, cⱼ), with σ the mean unsquared distance to the centroid
/// (Davies & Bouldin 1979). Zero when all σ are zero; `None` outside 2 ≤ k ≤ n − 1.
pub fn davies_bouldin(x: ArrayView2<f64>, c: &Clustering) -> Option<f64> {
    if c.k < 2 || c.k >= x.nrows() {
        return None;
    }
    let mut sigma = vec![0.0; c.k];
    for (row, &label) in x.rows().into_iter().zip(&c.labels) {
        let centroid = c.centroids.row(label as usize);
        sigma[label as usize] += row.iter().zip(centroid).map(|(v, m)| (v - m) * (v - m)).sum::<f64>().sqrt();
    }
    for (s, &size) in sigma.iter_mut().zip(&c.sizes) {
        *s /= size.max(1) as f64;
    }
    // scikit-learn's allclose to zero.
    if sigma.iter().all(|s| s.abs() <= 1e-8) {
        return Some(0.0);
    }
    let worst = |i: usize| {
        (0..c.k)
            .filter(|&j| j != i)
            .map(|j| {
                let pairs = c.centroids.row(i).into_iter().zip(c.centroids.row(j));
                let apart = pairs.map(|(p, q)| (p - q) * (p - q)).sum::<f64>().sqrt();
                // Coinciding centroids count as infinitely far apart, as in scikit-learn.
                if apart == 0.0 { 0.0 } else { (sigma[i] + sigma[j]) / apart }
            })
            .fold(0.0, f64::max)
    };
    Some((0..c.k).map(worst).sum::<f64>() / c.k as f64)
}
