//! HDBSCAN against scikit-learn's.

use ndarray::{Array2, Axis, concatenate};
use quintile::cluster::{Clustering, Detail};
use quintile::recipe::{Algorithm, Cluster};
use serde::Deserialize;

use crate::data::{blobs, by_occurrence, cluster, golden, near, sets};

fn choice(size: usize, samples: usize) -> Cluster {
    let (min_cluster_size, min_samples) = (Some(size as u32), Some(samples as u32));
    Cluster { algorithm: Algorithm::Hdbscan, min_cluster_size, min_samples, ..Cluster::DEFAULT }
}

fn dense(x: &Array2<f64>, size: usize, samples: usize) -> Clustering {
    cluster(x, 2, &choice(size, samples)).unwrap().unwrap()
}

fn strength(found: &Clustering) -> &[f32] {
    match &found.detail {
        Detail::Density(density) => &density.strength,
        other => panic!("{other:?} is no density"),
    }
}

#[derive(Deserialize)]
struct Golden {
    moons: Vec<Vec<f64>>,
    runs: Vec<Run>,
}

#[derive(Deserialize)]
struct Run {
    data: String,
    min_cluster_size: usize,
    min_samples: usize,
    /// −1 is noise.
    labels: Vec<i32>,
    probabilities: Vec<f64>,
}

#[test]
fn dense_regions_are_scikit_learns() {
    let golden: Golden = golden("dense.json");
    let moons = Array2::from_shape_vec((golden.moons.len(), 2), golden.moons.concat()).unwrap();
    let mut sets = sets();
    sets.push(("moons", moons));
    for run in golden.runs {
        let Some((_, x)) = sets.iter().find(|(name, _)| *name == run.data) else { continue };
        let what = format!("{}, {} and {}", run.data, run.min_cluster_size, run.min_samples);
        let found = dense(x, run.min_cluster_size, run.min_samples);
        // Edges of equal length are joined in some order, and there are always such: a row in the midst has the same
        // reachability to all of its neighbours. A row or two at the rim can fall to either side.
        let other = run.labels.len() / 100;
        let pairs: Vec<(u32, i32)> = found.labels.iter().copied().zip(run.labels.iter().copied()).collect();
        let counterpart = |label: u32| {
            let mut of: Vec<i32> = pairs.iter().filter(|(l, _)| *l == label).map(|(_, o)| *o).collect();
            of.sort_unstable();
            of[of.len() / 2]
        };
        let wrong = pairs.iter().filter(|(label, theirs)| counterpart(*label) != *theirs).count();
        assert!(wrong <= other, "{what}: {wrong} rows are in another cluster");
        assert_eq!(by_occurrence(&run.labels).iter().max(), by_occurrence(&found.labels).iter().max(), "{what}");
        if let Some(noise) = found.noise {
            assert_eq!(counterpart(noise), -1, "{what}");
        }
        let off = strength(&found)
            .iter()
            .zip(&run.probabilities)
            .filter(|(own, theirs)| (f64::from(**own) - **theirs).abs() > 1e-6);
        let off = off.count();
        assert!(off <= other, "{what}: {off} rows have another strength");
    }
}

#[test]
fn noise_is_the_last_group_and_its_centroid_the_mean_of_its_rows() {
    let far = Array2::from_shape_fn((7, 2), |(i, j)| 100.0 * (i as f64 + 1.0) * if j == 0 { 1.0 } else { -1.0 });
    let x = concatenate![Axis(0), blobs(600, 2, 3), far];
    let found = dense(&x, 20, 5);
    let noise = found.noise.unwrap();
    assert_eq!((noise as usize, found.clusters()), (found.k - 1, 3));
    assert!(found.labels[600..].iter().all(|&label| label == noise));
    let rows: Vec<usize> = (0..x.nrows()).filter(|&row| found.labels[row] == noise).collect();
    assert_eq!(found.sizes[noise as usize], rows.len());
    let mean = x.select(Axis(0), &rows).mean_axis(Axis(0)).unwrap();
    assert!((&found.centroids.row(noise as usize) - &mean).iter().all(|v| v.abs() < 1e-9));
    let clear = (0..x.nrows()).filter(|&row| found.labels[row] != noise);
    let squared = clear.map(|row| {
        let apart = &x.row(row) - &found.centroids.row(found.labels[row] as usize);
        apart.dot(&apart)
    });
    near(found.inertia, squared.sum(), 1e-9, "inertia without the noise");
}

#[test]
fn many_rows_are_found_on_a_sample_and_the_others_follow_it() {
    let x = blobs(40_000, 2, 8);
    let found = dense(&x, 600, 30);
    assert_eq!(found.clusters(), 3);
    // Row i was drawn around point i mod 3, far from the others.
    let own = [0, 1, 2].map(|i| (0..).map(|at| found.labels[i + 3 * at]).find(|&l| !found.is_noise(l)).unwrap());
    let wrong = (0..40_000).filter(|&i| !found.is_noise(found.labels[i]) && found.labels[i] != own[i % 3]).count();
    assert_eq!(wrong, 0);
    let noise = found.noise.map_or(0, |noise| found.sizes[noise as usize]);
    assert!(noise < 4_000, "{noise}");
}

#[test]
fn customers_with_the_same_values_are_a_cluster_if_they_are_many() {
    let same = Array2::from_shape_fn((40, 2), |(i, _)| if i < 20 { 0.0 } else { 50.0 });
    let x = concatenate![Axis(0), same, blobs(60, 2, 3) + 500.0];
    let found = dense(&x, 15, 5);
    assert!(found.labels[..20].iter().all(|&l| l == found.labels[0] && !found.is_noise(l)));
    assert!(found.labels[20..40].iter().all(|&l| l == found.labels[20] && !found.is_noise(l)));
    assert_ne!(found.labels[0], found.labels[20]);
    assert!(strength(&found).iter().all(|s| (0.0..=1.0).contains(s)));
}

#[test]
fn too_few_or_too_even_customers_get_a_sentence() {
    let error = cluster(&blobs(30, 2, 1), 2, &choice(20, 5)).unwrap_err().to_string();
    assert!(error.contains("at least 20 customers") && error.contains("only 30"), "{error}");
    let even = Array2::from_shape_fn((400, 2), |(i, j)| if j == 0 { i / 20 } else { i % 20 } as f64);
    let error = cluster(&even, 2, &choice(30, 4)).unwrap_err().to_string();
    assert!(error.contains("no two dense regions"), "{error}");
}
