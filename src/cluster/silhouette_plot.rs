//! The silhouettes of single customers under one clustering, in the order in which they are drawn.

use ndarray::{ArrayView2, Axis};
use rand::SeedableRng;
use rand::seq::index;
use rand_xoshiro::Xoshiro256PlusPlus;

use super::Clustering;
use super::silhouette::{error_of_mean, silhouette_values};
use crate::ctx::Ctx;
use crate::error::Result;

/// Silhouettes customer by customer: cluster after cluster, within each the best placed first. Noise is left out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SilhouettePlot {
    /// Rows of the customer table.
    pub customers: Vec<u32>,
    /// −1 to 1, in the same order.
    pub values: Vec<f32>,
    /// Where each cluster starts, and the end: one more than there are clusters.
    pub starts: Vec<usize>,
    /// Mean of each cluster; NaN where the sample has nobody of it.
    pub means: Vec<f64>,
    pub mean: f64,
    /// Standard error of the mean where these are a sample.
    pub error: Option<f64>,
    /// Customers in clusters; more than are drawn where these are a sample.
    pub of: usize,
    /// Rows of those who lie nearer to another cluster (silhouette below 0), ascending.
    pub misplaced: Vec<u32>,
}

/// Silhouettes (Rousseeuw 1987) of the rows of `x` (n × d): of all of them, or of the sample that the mean of many
/// customers is of too ([`silhouette_values`]). With `quick` of that many at most, drawn by `seed`, to look at meanwhile.
/// `None` where fewer than two clusters have customers.
///
/// Fails with [`crate::error::Error::Cancelled`] only.
pub fn silhouette_plot(
    x: ArrayView2<f64>,
    clustering: &Clustering,
    quick: Option<usize>,
    seed: u64,
    ctx: &Ctx,
) -> Result<Option<SilhouettePlot>> {
    let labels = &clustering.labels;
    let mut rows: Vec<u32> = (0..x.nrows() as u32).filter(|&r| !clustering.is_noise(labels[r as usize])).collect();
    let of = rows.len();
    if let Some(most) = quick.filter(|most| of > *most) {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
        let mut drawn: Vec<u32> = index::sample(&mut random, of, most).iter().map(|i| rows[i]).collect();
        drawn.sort_unstable();
        rows = drawn;
    }
    let places: Vec<usize> = rows.iter().map(|&r| r as usize).collect();
    let own: Vec<u32> = places.iter().map(|&r| labels[r]).collect();
    if own.iter().all(|label| *label == own[0]) {
        return Ok(None);
    }
    let found = match rows.len() == x.nrows() {
        true => silhouette_values(x, &own, seed, ctx)?,
        false => silhouette_values(x.select(Axis(0), &places).view(), &own, seed, ctx)?,
    };
    let rows: Vec<u32> = found.rows.iter().map(|&r| rows[r as usize]).collect();
    let own: Vec<u32> = found.rows.iter().map(|&r| own[r as usize]).collect();
    let values = found.values;
    let mean = values.iter().sum::<f64>() / values.len().max(1) as f64;
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_unstable_by(|&a, &b| own[a].cmp(&own[b]).then(values[b].total_cmp(&values[a])).then(a.cmp(&b)));
    let k = clustering.clusters();
    let starts: Vec<usize> = (0..=k as u32).map(|c| order.partition_point(|&i| own[i] < c)).collect();
    let means =
        starts.windows(2).map(|w| order[w[0]..w[1]].iter().map(|&i| values[i]).sum::<f64>() / (w[1] - w[0]) as f64);
    let error = (rows.len() < of).then(|| error_of_mean(&values, mean, of));
    Ok(Some(SilhouettePlot {
        customers: order.iter().map(|&i| rows[i]).collect(),
        values: order.iter().map(|&i| values[i] as f32).collect(),
        means: means.collect(),
        starts,
        mean,
        error,
        of,
        misplaced: (0..rows.len()).filter(|&i| values[i] < 0.0).map(|i| rows[i]).collect(),
    }))
}

impl SilhouettePlot {
    /// The cluster of the customer at a place of the drawing.
    pub fn cluster_at(&self, place: usize) -> usize {
        self.starts.partition_point(|&start| start <= place).saturating_sub(1)
    }

    /// The cluster that the customer at a place lies nearest to, beside its own, by mean distance to the customers that
    /// are drawn. Time customers × features. `None` where there is no other.
    pub fn neighbour(&self, place: usize, x: ArrayView2<f64>) -> Option<usize> {
        let row = x.row(*self.customers.get(place)? as usize);
        let own = self.cluster_at(place);
        let mean = |c: usize| {
            let members = &self.customers[self.starts[c]..self.starts[c + 1]];
            let distance = |&m: &u32| {
                let squares = row.iter().zip(x.row(m as usize)).map(|(a, b)| (a - b).powi(2));
                squares.sum::<f64>().sqrt()
            };
            (!members.is_empty()).then(|| members.iter().map(distance).sum::<f64>() / members.len() as f64)
        };
        let others = (0..self.means.len()).filter(|&c| c != own).filter_map(|c| Some((mean(c)?, c)));
        others.min_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, c)| c)
    }
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::cluster::Detail;

    fn clustering(labels: Vec<u32>, k: usize, noise: Option<u32>) -> Clustering {
        let sizes = (0..k as u32).map(|c| labels.iter().filter(|l| **l == c).count()).collect();
        let centroids = Array2::zeros((k, 1));
        Clustering { k, labels, centroids, sizes, inertia: 0.0, noise, detail: Detail::Means }
    }

    #[test]
    fn customers_stand_cluster_by_cluster_best_first() {
        let x = array![[0.0], [10.0], [1.0], [11.0], [6.0], [100.0]];
        let c = clustering(vec![0, 1, 0, 1, 0, 2], 3, Some(2));
        let plot = silhouette_plot(x.view(), &c, None, 1, &Ctx::silent()).unwrap().unwrap();
        assert_eq!(plot.starts, [0, 3, 5]);
        assert_eq!((plot.of, plot.error), (5, None));
        // By hand: 6 is 5.5 from the others of its cluster and 4.5 from the next one.
        let of_six = plot.customers.iter().position(|c| *c == 4).unwrap();
        assert!((plot.values[of_six] - (4.5 - 5.5) / 5.5).abs() < 1e-6);
        assert_eq!(plot.misplaced, [4]);
        assert_eq!(of_six, 2, "the worst placed comes last");
        assert_eq!((plot.cluster_at(2), plot.cluster_at(3)), (0, 1));
        assert_eq!(plot.neighbour(of_six, x.view()), Some(1));
        let mean = plot.values.iter().map(|v| f64::from(*v)).sum::<f64>() / 5.0;
        assert!((plot.mean - mean).abs() < 1e-6);
        assert!((plot.means[1] - f64::from(plot.values[3] + plot.values[4]) / 2.0).abs() < 1e-6);
    }

    #[test]
    fn a_sample_says_how_far_its_mean_may_be_off() {
        let x =
            Array2::from_shape_fn((400, 1), |(i, _)| if i % 2 == 0 { 0.0 } else { 9.0 } + (i * 37 % 100) as f64 / 50.0);
        let c = clustering((0..400).map(|i| i % 2).collect(), 2, None);
        let all = silhouette_plot(x.view(), &c, None, 1, &Ctx::silent()).unwrap().unwrap();
        let some = silhouette_plot(x.view(), &c, Some(100), 1, &Ctx::silent()).unwrap().unwrap();
        assert_eq!((some.customers.len(), some.of, all.error), (100, 400, None));
        let error = some.error.unwrap();
        let variance = some.values.iter().map(|v| (f64::from(*v) - some.mean).powi(2)).sum::<f64>() / 99.0;
        // A quarter of all is drawn: by Cochran (1977), theorem 2.2, the variance of the mean is three quarters as large.
        assert!((error - (variance / 100.0 * 0.75).sqrt()).abs() < 1e-6);
        assert!(error > 0.0 && (some.mean - all.mean).abs() < 5.0 * error, "{} {} {error}", some.mean, all.mean);
    }

    #[test]
    fn one_cluster_has_no_silhouettes() {
        let x = array![[0.0], [1.0], [2.0]];
        let c = clustering(vec![0; 3], 1, None);
        assert_eq!(silhouette_plot(x.view(), &c, None, 1, &Ctx::silent()).unwrap(), None);
    }
}
