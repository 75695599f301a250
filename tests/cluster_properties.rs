//! What has to hold for any data: the same result on any number of threads, indices as their definitions say, inertia no
//! worse than another implementation's, and a prompt stop.

mod common;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::KMeans;
use ndarray::{Array2, ArrayView1, Axis};
use proptest::prelude::*;
use quintile::cluster::{
    Clustering, Data, algorithm, calinski_harabasz, davies_bouldin, exact_up_to, kmeans, kmeans_each, kmeans_light,
    mean_silhouettes, search, silhouette_values, silhouettes,
};
use quintile::ctx::Ctx;
use quintile::error::Error;
use quintile::recipe::{self, Cluster};

const DEFAULT: Cluster = Cluster { k_max: 6, restarts: 4, ..Cluster::DEFAULT };

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

fn distance(p: ArrayView1<f64>, q: ArrayView1<f64>) -> f64 {
    p.iter().zip(q).map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
}

fn matrix(rows: std::ops::Range<usize>) -> impl Strategy<Value = Array2<f64>> {
    (rows, 1usize..5).prop_flat_map(|(n, d)| {
        // Few different values, so that ties and duplicates are common.
        prop::collection::vec((-20i32..20).prop_map(|v| f64::from(v) / 4.0), n * d)
            .prop_map(move |values| Array2::from_shape_vec((n, d), values).unwrap())
    })
}

/// Labels of any kind as a clustering with its own centroids.
fn clustering(x: &Array2<f64>, labels: &[u32]) -> Clustering {
    let k = *labels.iter().max().unwrap() as usize + 1;
    let mut centroids = Array2::zeros((k, x.ncols()));
    let mut sizes = vec![0; k];
    for (row, &label) in x.rows().into_iter().zip(labels) {
        let mut centroid = centroids.row_mut(label as usize);
        centroid += &row;
        sizes[label as usize] += 1;
    }
    for (mut centroid, &size) in centroids.rows_mut().into_iter().zip(&sizes) {
        centroid /= size as f64;
    }
    let inertia = x.rows().into_iter().zip(labels).map(|(r, &l)| distance(r, centroids.row(l as usize)).powi(2)).sum();
    Clustering { k, labels: labels.to_vec(), centroids, sizes, inertia, noise: None, detail: Default::default() }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_result_is_a_fixed_point_and_the_same_on_any_number_of_threads(x in matrix(3..150), k in 1usize..6) {
        let one = on_threads(1, || kmeans(x.view(), k, 3, 7, &Ctx::silent()));
        let two = on_threads(2, || kmeans(x.view(), k, 3, 7, &Ctx::silent()));
        let (one, two) = match (one, two) {
            (Ok(one), Ok(two)) => (one, two),
            (one, two) => {
                prop_assert!(one.is_err() && two.is_err());
                let mut rows: Vec<String> = x.rows().into_iter().map(|r| r.to_string()).collect();
                rows.sort();
                rows.dedup();
                prop_assert!(rows.len() < k, "it fails only when there are too few different rows");
                return Ok(());
            }
        };
        prop_assert_eq!(&one.labels, &two.labels);
        prop_assert_eq!(one.inertia.to_bits(), two.inertia.to_bits());
        prop_assert_eq!(&one.centroids, &two.centroids);
        prop_assert_eq!(one.sizes.iter().sum::<usize>(), x.nrows());
        prop_assert!(one.sizes.iter().all(|&s| s > 0));
        let again = clustering(&x, &one.labels);
        prop_assert!((again.inertia - one.inertia).abs() <= 1e-9 * (1.0 + one.inertia));
        prop_assert!((&again.centroids - &one.centroids).iter().all(|v| v.abs() < 1e-9));
        for (row, &label) in x.rows().into_iter().zip(&one.labels) {
            let own = distance(row, one.centroids.row(label as usize));
            prop_assert!(one.centroids.rows().into_iter().all(|c| own <= distance(row, c) + 1e-9));
        }
    }

    #[test]
    fn silhouettes_are_those_of_the_definition(x in matrix(3..90), a in 2u32..6, b in 2u32..4, shift in 0usize..9) {
        let n = x.nrows();
        let first: Vec<u32> = (0..n).map(|i| (i as u32 * 7 + 3) % a).collect();
        let second: Vec<u32> = (0..n).map(|i| u32::from(i > shift) * ((i / 3) as u32 % b)).collect();
        let found = silhouettes(x.view(), &[&first, &second], &Ctx::silent()).unwrap();
        for (labels, found) in [first, second].iter().zip(found) {
            let clusters = *labels.iter().max().unwrap() + 1;
            let present = (0..clusters).filter(|c| labels.contains(c)).count();
            prop_assert_eq!(found.mean.is_some(), present >= 2 && present < n);
            if present < 2 {
                continue;
            }
            for i in 0..n {
                let mean_to = |c: u32| {
                    let members: Vec<usize> = (0..n).filter(|&j| j != i && labels[j] == c).collect();
                    let total: f64 = members.iter().map(|&j| distance(x.row(i), x.row(j))).sum();
                    (!members.is_empty()).then(|| total / members.len() as f64)
                };
                let other = (0..clusters).filter(|&c| c != labels[i]).filter_map(mean_to).fold(f64::INFINITY, f64::min);
                let want = match mean_to(labels[i]) {
                    Some(own) if own.max(other) > 0.0 => (other - own) / own.max(other),
                    _ => 0.0,
                };
                prop_assert!((found.samples[i] - want).abs() < 1e-9, "{} {}", found.samples[i], want);
            }
        }
    }

    #[test]
    fn indices_are_those_of_their_definitions(x in matrix(6..90), k in 2u32..5) {
        let n = x.nrows();
        let labels: Vec<u32> = (0..n).map(|i| (i as u32 * 5 + 1) % k).collect();
        let c = clustering(&x, &labels);
        let mean = x.mean_axis(ndarray::Axis(0)).unwrap();
        let k = c.k as f64;
        let between: f64 =
            (0..c.k).map(|i| c.sizes[i] as f64 * distance(c.centroids.row(i), mean.view()).powi(2)).sum();
        if c.inertia > 1e-9 {
            let want = (between / (k - 1.0)) / (c.inertia / (n as f64 - k));
            let got = calinski_harabasz(x.view(), &c).unwrap();
            prop_assert!((got - want).abs() <= 1e-9 * (1.0 + want), "{} {}", got, want);
        }
        let sigma: Vec<f64> = (0..c.k)
            .map(|i| {
                let rows = (0..n).filter(|&r| labels[r] as usize == i);
                rows.map(|r| distance(x.row(r), c.centroids.row(i))).sum::<f64>() / c.sizes[i] as f64
            })
            .collect();
        let apart = |i: usize, j: usize| distance(c.centroids.row(i), c.centroids.row(j));
        if (0..c.k).all(|i| (0..i).all(|j| apart(i, j) > 1e-6)) {
            let worst = |i: usize| {
                (0..c.k).filter(|&j| j != i).map(|j| (sigma[i] + sigma[j]) / apart(i, j)).fold(0.0, f64::max)
            };
            let want = (0..c.k).map(worst).sum::<f64>() / k;
            let got = davies_bouldin(x.view(), &c).unwrap();
            prop_assert!((got - want).abs() <= 1e-9 * (1.0 + want), "{} {}", got, want);
        }
    }
}

/// The bits of each row with its label; sizes, inertia and centroids in bits.
type Bits = (Vec<(Vec<u64>, u32)>, Vec<usize>, u64, Vec<u64>);

/// The labels by the values of rows, and the rest that must not depend on the order of rows.
fn by_row(x: &Array2<f64>, c: &Clustering) -> Bits {
    let bits = |values: ArrayView1<f64>| values.iter().map(|v| v.to_bits()).collect::<Vec<u64>>();
    let mut rows: Vec<(Vec<u64>, u32)> = x.rows().into_iter().map(bits).zip(c.labels.iter().copied()).collect();
    rows.sort();
    (rows, c.sizes.clone(), c.inertia.to_bits(), c.centroids.iter().map(|v| v.to_bits()).collect())
}

fn cluster_by(by: recipe::Algorithm, x: &Array2<f64>, k: usize) -> Result<Option<Clustering>, Error> {
    let choice = Cluster { algorithm: by, ..DEFAULT };
    Ok(algorithm(&choice).cluster(&Data::numbers(x.view()), &[k], &|_, _| {}, &Ctx::silent())?.remove(0))
}

const BOTH: [recipe::Algorithm; 2] = [recipe::Algorithm::KMeans, recipe::Algorithm::MiniBatch];

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn neither_threads_nor_the_order_of_rows_matter(x in matrix(3..150), k in 1usize..6, by in 0usize..2, by_rows in 1usize..7) {
        let turned = x.select(Axis(0), &turned(x.nrows(), by_rows));
        let one = on_threads(1, || cluster_by(BOTH[by], &x, k)).unwrap();
        let three = on_threads(3, || cluster_by(BOTH[by], &turned, k)).unwrap();
        prop_assert_eq!(one.map(|c| by_row(&x, &c)), three.map(|c| by_row(&turned, &c)));
    }
}

/// Places of n rows in another order.
fn turned(n: usize, step: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|i| (i * 7919 + step * 104_729) % 1009);
    order.rotate_left(step % n);
    order
}

#[test]
fn neither_threads_nor_the_order_of_rows_matter_where_starts_are_on_a_part() {
    // Many features: starts on rows. Few: on means of neighbours. Whole numbers: very many equal rows.
    let whole = |n, d| common::blobs(n, d, 5, 3).mapv(|v| (v / 2.0).round());
    for x in [common::blobs(9_000, 3, 5, 1), common::blobs(30_000, 9, 4, 2), whole(70_000, 2), whole(110_000, 3)] {
        let other = x.select(Axis(0), &turned(x.nrows(), 5));
        for by in BOTH {
            let one = on_threads(1, || cluster_by(by, &x, 5)).unwrap().unwrap();
            let three = on_threads(3, || cluster_by(by, &other, 5)).unwrap().unwrap();
            assert!(by_row(&x, &one) == by_row(&other, &three), "{by:?} {:?}", x.dim());
            is_an_end(&x, &one);
        }
    }
}

/// Everyone belongs to the nearest centroid, and centroids are the means of their clusters.
fn is_an_end(x: &Array2<f64>, c: &Clustering) {
    let again = clustering(x, &c.labels);
    assert!((again.inertia - c.inertia).abs() <= 1e-9 * (1.0 + c.inertia), "{} {}", again.inertia, c.inertia);
    assert_eq!(again.sizes, c.sizes);
    assert!((&again.centroids - &c.centroids).iter().all(|v| v.abs() <= 1e-9 * (1.0 + c.centroids[[0, 0]].abs())));
    for (row, &label) in x.rows().into_iter().zip(&c.labels) {
        let own = distance(row, c.centroids.row(label as usize));
        assert!(c.centroids.rows().into_iter().all(|other| own <= distance(row, other) * (1.0 + 1e-9) + 1e-9));
    }
}

#[test]
fn far_outliers_and_constant_features_are_clustered_and_too_few_different_rows_are_not() {
    for n in [400, 6_000, 70_000] {
        let mut x = common::blobs(n, 3, 4, 7);
        x.column_mut(1).fill(3.5);
        x[[n / 2, 0]] = 1e9;
        x[[n / 3, 2]] = -1e12;
        for by in BOTH {
            let found = cluster_by(by, &x, 4).unwrap().unwrap();
            assert!(found.sizes.iter().all(|&s| s > 0), "{by:?} {n}: {:?}", found.sizes);
            assert!(found.sizes.contains(&1), "the farthest is alone, {by:?} {n}: {:?}", found.sizes);
            // Five different rows, one of them very rare.
            let few = Array2::from_shape_fn((n, 2), |(i, j)| if i == 1 { 9.0 } else { ((i % 4) * (j + 1)) as f64 });
            let five = cluster_by(by, &few, 5).unwrap().unwrap();
            assert_eq!((five.inertia, five.sizes.iter().min()), (0.0, Some(&1)), "{by:?} {n}");
            assert!(cluster_by(by, &few, 6).unwrap().is_none(), "{by:?} {n}");
            assert!(cluster_by(by, &Array2::zeros((n, 2)), 2).unwrap().is_none(), "{by:?} {n}");
        }
    }
}

#[test]
fn what_is_not_a_number_is_a_sentence() {
    for (value, says) in [(f64::NAN, "without a value"), (f64::INFINITY, "infinite"), (-1e200, "too large")] {
        for n in [50, 6_000] {
            let mut x = common::blobs(n, 3, 4, 7);
            x[[n / 2, 1]] = value;
            for by in BOTH {
                let error = cluster_by(by, &x, 3).unwrap_err();
                assert!(matches!(&error, Error::Data(text) if text.contains(says)), "{error}");
                let choice = Cluster { algorithm: by, ..DEFAULT };
                assert_eq!(search(x.view(), &vec![1.0; n], &choice, &Ctx::silent()).unwrap_err(), error);
            }
            assert!(kmeans_light(x.view(), 3, 2, 1, &Ctx::silent()).is_err());
        }
    }
}

#[test]
fn a_light_run_is_an_end_and_not_far_behind() {
    let x = common::blobs(800, 3, 5, 4);
    let full = kmeans(x.view(), 5, 10, 42, &Ctx::silent()).unwrap();
    let light = kmeans_light(x.view(), 5, 5, 42, &Ctx::silent()).unwrap().unwrap();
    is_an_end(&x, &light);
    assert!(light.inertia <= full.inertia * 1.05);
    assert!(kmeans_light(Array2::zeros((20, 2)).view(), 2, 3, 1, &Ctx::silent()).unwrap().is_none());
}

#[test]
fn mini_batch_is_within_two_percent_of_k_means_and_says_what_it_did() {
    let x = common::blobs(150_000, 3, 6, 9);
    let full = kmeans(x.view(), 6, 10, 42, &Ctx::silent()).unwrap();
    let mini = cluster_by(recipe::Algorithm::MiniBatch, &x, 6).unwrap().unwrap();
    assert!(mini.inertia <= full.inertia * 1.02, "{} against {}", mini.inertia, full.inertia);
    let by = algorithm(&Cluster { algorithm: recipe::Algorithm::MiniBatch, restarts: 3, ..DEFAULT });
    let note = by.notes(150_000).remove(0);
    assert!(note.contains("3 starts from batches of 1,024 drawn from 102,400 customers (68.3 % of all)"), "{note}");
    assert!(by.notes(5_000)[0].contains("drawn from all customers"));
}

#[test]
fn silhouettes_of_a_sample_are_those_of_its_rows() {
    let x = common::blobs(107_500, 3, 3, 8);
    let c = kmeans(x.view(), 3, 2, 1, &Ctx::silent()).unwrap();
    assert!(x.nrows() > exact_up_to(3));
    let shown = silhouette_values(x.view(), &c.labels, 7, &Ctx::silent()).unwrap();
    assert!((20_000..30_000).contains(&shown.rows.len()) && shown.rows.is_sorted());
    let means = mean_silhouettes(x.view(), &[&c.labels], 7, &Ctx::silent()).unwrap();
    assert_eq!(means.sample, shown.rows.len());
    let mean = shown.values.iter().sum::<f64>() / shown.values.len() as f64;
    assert!((mean - means.means[0].unwrap()).abs() < 1e-12);
    let few = common::blobs(900, 3, 3, 8);
    let labels: Vec<u32> = (0..900).map(|i| i % 3).collect();
    let all = silhouette_values(few.view(), &labels, 7, &Ctx::silent()).unwrap();
    assert_eq!(all.values, silhouettes(few.view(), &[&labels], &Ctx::silent()).unwrap()[0].samples);
    assert_eq!(all.rows, (0..900).collect::<Vec<u32>>());
}

#[test]
fn a_search_is_the_same_on_any_number_of_threads() {
    let x = common::blobs(20_500, 3, 5, 11);
    let value: Vec<f64> = x.column(2).to_vec();
    let run = |threads| on_threads(threads, || search(x.view(), &value, &DEFAULT, &Ctx::silent()).unwrap());
    let (one, two, three) = (run(1), run(2), run(3));
    for other in [&two, &three] {
        assert_eq!(one.rows, other.rows);
        for (a, b) in one.clusterings.iter().zip(&other.clusterings) {
            assert_eq!(a.as_ref().unwrap().labels, b.as_ref().unwrap().labels);
        }
    }
    assert_eq!(one.silhouette_sample, 20_500);
}

#[test]
fn inertia_is_never_worse_than_that_of_linfa() {
    let mut data = vec![common::iris()];
    data.extend((0..4).map(|start| common::blobs(600, 2 + start as usize, 4, start)));
    for x in data {
        for k in 2..=7 {
            let ours = kmeans(x.view(), k, 10, 42, &Ctx::silent()).unwrap().inertia;
            let set = DatasetBase::from(x.clone());
            let model = KMeans::params_with_rng(k, rand_xoshiro::Xoshiro256PlusPlus::clone(&rng()))
                .n_runs(10)
                .tolerance(1e-6)
                .fit(&set)
                .unwrap();
            // linfa's own number is divided by n.
            let theirs = model.inertia() * x.nrows() as f64;
            assert!(ours <= theirs * 1.0001, "k = {k}: {ours} against {theirs}");
        }
    }
}

fn rng() -> rand_xoshiro::Xoshiro256PlusPlus {
    rand::SeedableRng::seed_from_u64(1)
}

#[test]
fn a_cancelled_search_on_half_a_million_rows_stops() {
    let x = common::blobs(500_000, 3, 5, 5);
    let value = vec![1.0; x.nrows()];
    for wait in [20, 200, 700] {
        let cancel = Arc::new(AtomicBool::new(false));
        let ctx = Ctx::new(Arc::clone(&cancel), None);
        let choice = Cluster { restarts: 1000, k_max: 50, ..DEFAULT };
        let (result, took) = std::thread::scope(|scope| {
            let run = scope.spawn(|| {
                let result = search(x.view(), &value, &choice, &ctx);
                (result.map(|_| ()), Instant::now())
            });
            std::thread::sleep(Duration::from_millis(wait));
            let asked = Instant::now();
            cancel.store(true, Ordering::Relaxed);
            let (result, ended) = run.join().unwrap();
            (result, ended - asked)
        });
        println!("cancelled after {wait} ms, stopped within {took:?}");
        // The whole search takes minutes, so this result proves a stop on the way; how soon is printed above.
        assert_eq!(result, Err(Error::Cancelled));
    }
}

#[test]
fn three_values_that_no_binary_fraction_holds_are_not_four_clusters_of_many_rows() {
    let x = Array2::from_shape_fn((9_999, 1), |(i, _)| (((i * 7919) % 9_999) * 3 / 9_999) as f64 * 1.37 + 0.1);
    assert!(matches!(kmeans(x.view(), 4, 2, 1, &Ctx::silent()), Err(Error::Data(_))));
    let mut sizes = kmeans(x.view(), 3, 2, 1, &Ctx::silent()).unwrap().sizes;
    sizes.sort_unstable();
    assert_eq!(sizes, [3_333; 3]);
}

#[test]
fn a_k_of_many_rows_does_not_depend_on_the_other_ks() {
    let x = common::blobs(12_000, 3, 5, 7);
    let alone = kmeans(x.view(), 5, 3, 42, &Ctx::silent()).unwrap();
    let found = kmeans_each(x.view(), &[5, 50], 3, 42, &|_, _| {}, &Ctx::silent()).unwrap();
    assert_eq!(found[0].as_ref().unwrap().labels, alone.labels);
    assert_eq!(found[0].as_ref().unwrap().inertia.to_bits(), alone.inertia.to_bits());
}
