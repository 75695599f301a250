//! Partitions that depend neither on the number of threads nor on the order of the rows.

use ndarray::{Array2, Axis};
use proptest::prelude::*;
use quintile::cluster::Clustering;
use quintile::error::Error;
use quintile::recipe::{Algorithm, Cluster, Covariance, Linkage};

use crate::data::{by_occurrence, cluster};

/// Every algorithm with settings that suit small data.
pub fn choices() -> Vec<Cluster> {
    let base = Cluster { restarts: 3, ..Cluster::DEFAULT };
    let mut all = Vec::new();
    for &covariance in Covariance::ALL {
        all.push(Cluster { algorithm: Algorithm::GaussianMixture, covariance, ..base.clone() });
    }
    for &linkage in Linkage::ALL {
        all.push(Cluster { algorithm: Algorithm::Agglomerative, linkage, ..base.clone() });
    }
    for min_cluster_size in [None, Some(2), Some(12)] {
        all.push(Cluster { algorithm: Algorithm::Hdbscan, min_cluster_size, min_samples: Some(3), ..base.clone() });
    }
    all
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

/// Few different values, so that ties and equal rows are common.
fn matrix() -> impl Strategy<Value = Array2<f64>> {
    (3usize..120, 1usize..4).prop_flat_map(|(n, d)| {
        prop::collection::vec((-20i32..20).prop_map(|v| f64::from(v) / 4.0), n * d)
            .prop_map(move |values| Array2::from_shape_vec((n, d), values).unwrap())
    })
}

/// What must be the same: labels, or the sentence.
fn outcome(found: Result<Option<Clustering>, Error>) -> Result<Option<Vec<u32>>, String> {
    found.map(|c| c.map(|c| c.labels)).map_err(|e| e.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn threads_change_nothing(x in matrix(), k in 1usize..6) {
        for choice in choices() {
            let one = on_threads(1, || cluster(&x, k, &choice));
            for threads in [2, 5] {
                let other = on_threads(threads, || cluster(&x, k, &choice));
                if let (Ok(Some(one)), Ok(Some(other))) = (&one, &other) {
                    prop_assert_eq!(one.inertia.to_bits(), other.inertia.to_bits());
                    prop_assert_eq!(&one.centroids, &other.centroids);
                }
                prop_assert_eq!(outcome(one.clone()), outcome(other));
            }
        }
    }

    #[test]
    fn the_order_of_rows_does_not_change_the_partition(x in matrix(), k in 1usize..6, step in 1usize..1000) {
        let n = x.nrows();
        // Rows in another order: multiples of a number that shares no divisor with n.
        let step = (step..).find(|s| (2..=n).all(|p| !(s.is_multiple_of(p) && n.is_multiple_of(p)))).unwrap();
        let order: Vec<usize> = (0..n).map(|i| (i * step + 3) % n).collect();
        let turned = x.select(Axis(0), &order);
        for choice in choices() {
            let (one, other) = (outcome(cluster(&x, k, &choice)), outcome(cluster(&turned, k, &choice)));
            match (one, other) {
                (Ok(Some(one)), Ok(Some(other))) => {
                    let one: Vec<u32> = order.iter().map(|&row| one[row]).collect();
                    prop_assert_eq!(by_occurrence(&one), by_occurrence(&other), "{} {}", choice.algorithm, k);
                }
                (one, other) => prop_assert_eq!(one, other),
            }
        }
    }

    #[test]
    fn equal_customers_share_a_cluster_and_no_cluster_is_empty(x in matrix(), k in 1usize..6) {
        let twice = ndarray::concatenate![Axis(0), x, x];
        for choice in choices() {
            if let Ok(Some(found)) = cluster(&twice, k, &choice) {
                prop_assert_eq!(&found.labels[..x.nrows()], &found.labels[x.nrows()..]);
                prop_assert!(found.sizes.iter().all(|&size| size > 0));
                prop_assert_eq!(found.sizes.iter().sum::<usize>(), twice.nrows());
            }
        }
    }
}
