//! Clustering against published numbers. Those of scikit-learn were computed with version 1.9; see REFERENCE.md of the
//! project's sources and `tests/golden/README.md`.

mod common;

use std::sync::Arc;

use ndarray::{Array2, s};
use quintile::cluster::{
    Clustering, calinski_harabasz, canonical, choose, davies_bouldin, kmeans, kneedle, search, silhouettes,
};
use quintile::ctx::Ctx;
use quintile::recipe::{Cluster, KChoice, KCriterion};

const DEFAULT: Cluster = Cluster::DEFAULT;

fn close(got: f64, want: f64, within: f64, what: &str) {
    assert!((got - want).abs() <= within, "{what}: {got}, expected {want}");
}

/// Inertia within 0.01 %.
fn inertia(got: f64, want: f64, what: &str) {
    close(got, want, want * 1e-4, what);
}

fn silhouette(x: &Array2<f64>, c: &Clustering) -> f64 {
    silhouettes(x.view(), &[&c.labels], &Ctx::silent()).unwrap()[0].mean.unwrap()
}

fn sorted_sizes(c: &Clustering) -> Vec<usize> {
    let mut sizes = c.sizes.clone();
    sizes.sort_unstable();
    sizes
}

#[test]
fn iris_inertia_for_one_to_six_clusters_and_several_seeds() {
    let x = common::iris();
    let expected = [681.3706, 152.3480, 78.8514, 57.2285, 46.4462, 39.0400];
    for seed in [42, 0, 1, 7, 2024] {
        for (i, want) in expected.iter().enumerate() {
            let c = kmeans(x.view(), i + 1, 10, seed, &Ctx::silent()).unwrap();
            inertia(c.inertia, *want, &format!("k = {}, seed {seed}", i + 1));
        }
    }
}

#[test]
fn iris_indices_for_two_and_three_clusters() {
    let x = common::iris();
    let two = kmeans(x.view(), 2, 10, 42, &Ctx::silent()).unwrap();
    close(silhouette(&x, &two), 0.681046, 1e-6, "silhouette");
    close(calinski_harabasz(x.view(), &two).unwrap(), 513.9245, 1e-4, "Calinski-Harabasz");
    close(davies_bouldin(x.view(), &two).unwrap(), 0.404293, 1e-6, "Davies-Bouldin");

    let three = kmeans(x.view(), 3, 10, 42, &Ctx::silent()).unwrap();
    close(silhouette(&x, &three), 0.552819, 1e-6, "silhouette");
    close(calinski_harabasz(x.view(), &three).unwrap(), 561.6278, 1e-4, "Calinski-Harabasz");
    close(davies_bouldin(x.view(), &three).unwrap(), 0.661972, 1e-6, "Davies-Bouldin");
    assert_eq!(sorted_sizes(&three), [38, 50, 62]);
    let mut within = [0.0; 3];
    for (row, &label) in x.rows().into_iter().zip(&three.labels) {
        within[label as usize] += (&row - &three.centroids.row(label as usize)).mapv(|v| v * v).sum();
    }
    within.sort_by(f64::total_cmp);
    for (got, want) in within.iter().zip([15.15100, 23.87947, 39.82097]) {
        close(*got, want, 1e-5, "sum of squares of a cluster");
    }
}

#[test]
fn iris_z_scored() {
    let x = common::z_scored(&common::iris());
    let c = kmeans(x.view(), 3, 10, 42, &Ctx::silent()).unwrap();
    inertia(c.inertia, 139.8205, "inertia");
    close(silhouette(&x, &c), 0.459948, 1e-4, "silhouette");
}

#[test]
fn the_knee_of_iris_depends_on_the_range() {
    let x = common::iris();
    let inertia: Vec<f64> = (1..=15).map(|k| kmeans(x.view(), k, 50, 42, &Ctx::silent()).unwrap().inertia).collect();
    for (from, to, knee) in [(1, 8, 2), (1, 10, 3), (2, 10, 4), (2, 15, 5)] {
        let ks: Vec<f64> = (from..=to).map(|k| k as f64).collect();
        assert_eq!(kneedle(&ks, &inertia[from - 1..to]).map(|i| ks[i]), Some(knee as f64), "{from} to {to}");
    }
}

#[test]
fn mall_customers() {
    let Some(x) = common::mall() else { return };
    for seed in [42, 1, 2] {
        let c = kmeans(x.view(), 5, 10, seed, &Ctx::silent()).unwrap();
        inertia(c.inertia, 44448.4554, "inertia");
        close(silhouette(&x, &c), 0.553932, 1e-6, "silhouette");
        close(calinski_harabasz(x.view(), &c).unwrap(), 247.359, 1e-3, "Calinski-Harabasz");
        close(davies_bouldin(x.view(), &c).unwrap(), 0.572563, 1e-6, "Davies-Bouldin");
        assert_eq!(sorted_sizes(&c), [22, 23, 35, 39, 81]);
    }
}

#[test]
fn uci_online_retail() {
    let Some((x, monetary)) = common::uci() else { return };
    let expected = [6474.135, 4856.3225, 3924.3787, 3267.998, 2840.157, 2533.0153, 2325.5066, 2144.7816, 1988.7336];
    for seed in [42, 0, 1, 5] {
        let found = search(x.view(), &monetary, &Cluster { seed, ..DEFAULT }, &Ctx::silent()).unwrap();
        for (row, want) in found.rows.iter().zip(expected) {
            // Of forty seeds, three each miss 0.01 % for k = 8 and 9, by up to 0.3 %.
            let within = if seed == 42 || row.k <= 7 { 1e-4 } else { 5e-3 };
            assert!(row.inertia <= want * (1.0 + within), "k = {}, seed {seed}: {}", row.k, row.inertia);
            assert!(row.inertia >= want * (1.0 - 1e-4), "k = {}, seed {seed}: {}", row.k, row.inertia);
        }
        assert_eq!(found.silhouette_sample, 4338);
        if seed != 42 {
            // Optima within 0.01 % of each other differ by more than 1e-4 in their silhouette.
            continue;
        }
        for (row, want) in found.rows.iter().zip([0.432661, 0.337247, 0.335208, 0.318493, 0.315389]) {
            // For k = 6 scikit-learn's best of 50 restarts is not the least inertia there is. 2840.1236 is lower by
            // 0.001 %; for its labels scikit-learn's silhouette_score is 0.315517.
            let want = if row.k == 6 && row.inertia < 2840.13 { 0.315517 } else { want };
            close(row.silhouette.unwrap(), want, 1e-4, &format!("silhouette for k = {}", row.k));
        }
        close(found.rows[2].calinski_harabasz.unwrap(), 3346.1279, 3346.0 * 1e-4, "Calinski-Harabasz");
        close(found.rows[2].davies_bouldin.unwrap(), 1.015870, 1e-4, "Davies-Bouldin");
        let four = found.clusterings[2].as_ref().unwrap();
        assert_eq!(sorted_sizes(four), [725, 877, 1161, 1575]);
        let chosen = choose(&found, x.view(), &monetary, &DEFAULT, &Ctx::silent()).unwrap();
        println!("{}\n{}\n{:?}", found.verdict, chosen.chosen_by, chosen.warnings);
    }
}

#[test]
fn search_gives_rows_votes_and_a_verdict_and_choose_follows_them() {
    let x = common::iris();
    let value: Vec<f64> = x.column(3).to_vec();
    let found = search(x.view(), &value, &DEFAULT, &Ctx::silent()).unwrap();
    assert_eq!(found.rows.iter().map(|r| r.k).collect::<Vec<_>>(), (2..=10).collect::<Vec<_>>());
    let vote = |c| found.votes.iter().find(|v| v.criterion == c).unwrap().k;
    assert_eq!(vote(KCriterion::Elbow), Some(4));
    assert_eq!(vote(KCriterion::Silhouette), Some(2));
    assert_eq!(vote(KCriterion::CalinskiHarabasz), Some(3));
    assert_eq!(vote(KCriterion::DaviesBouldin), Some(2));
    assert_eq!(
        found.verdict,
        "Over k = 2…10, the criteria disagree: elbow says 4, silhouette and Davies-Bouldin 2, Calinski-Harabasz 3."
    );
    let choose_by = |choice: &Cluster| choose(&found, x.view(), &value, choice, &Ctx::silent()).unwrap();
    let chosen = choose_by(&DEFAULT);
    assert_eq!(chosen.clustering.k, 4);
    assert_eq!(
        chosen.chosen_by,
        "elbow (Kneedle) over k = 2…10; silhouette and Davies-Bouldin say 2, Calinski-Harabasz 3"
    );
    assert_eq!(choose_by(&Cluster { k_by: KCriterion::CalinskiHarabasz, ..DEFAULT }).clustering.k, 3);

    let fixed = choose_by(&Cluster { k: KChoice::Fixed(6), ..DEFAULT });
    assert!(Arc::ptr_eq(&fixed.clustering, found.clusterings[4].as_ref().unwrap()), "inside the range: reused");
    assert!(fixed.chosen_by.contains("by hand") && fixed.chosen_by.contains("elbow says 4"), "{}", fixed.chosen_by);
    let outside = choose_by(&Cluster { k: KChoice::Fixed(12), ..DEFAULT });
    assert_eq!((outside.clustering.k, outside.scores.k), (12, 12));
    assert!(outside.scores.silhouette.is_some() && outside.scores.davies_bouldin.is_some());
    let one = choose_by(&Cluster { k: KChoice::Fixed(1), ..DEFAULT });
    inertia(one.clustering.inertia, 681.3706, "one cluster");
    assert_eq!((one.scores.silhouette, one.scores.calinski_harabasz, one.scores.davies_bouldin), (None, None, None));
}

#[test]
fn a_straight_inertia_curve_falls_back_to_silhouette_and_says_so() {
    // Three ks are a knee or a straight line; two ks have no knee.
    let x = common::iris();
    let choice = Cluster { k_max: 3, ..DEFAULT };
    let found = search(x.view(), &[0.0; 150], &choice, &Ctx::silent()).unwrap();
    let chosen = choose(&found, x.view(), &[0.0; 150], &choice, &Ctx::silent()).unwrap();
    assert_eq!(chosen.clustering.k, 2);
    assert!(
        chosen.chosen_by.starts_with("silhouette over k = 2…3, because the inertia curve has no knee"),
        "{}",
        chosen.chosen_by
    );
}

#[test]
fn more_clusters_than_different_rows_is_a_row_that_says_so() {
    let x = Array2::from_shape_fn((40, 2), |(i, j)| ((i % 4) * (j + 1)) as f64);
    let found = search(x.view(), &[1.0; 40], &DEFAULT, &Ctx::silent()).unwrap();
    for (row, clustering) in found.rows.iter().zip(&found.clusterings) {
        assert_eq!(row.failed.is_some(), row.k > 4, "k = {}", row.k);
        assert_eq!(clustering.is_some(), row.k <= 4);
    }
    assert_eq!(found.rows[2].inertia, 0.0);
    assert_eq!(found.rows[2].smallest, 10);
    assert!(found.rows[3].failed.as_ref().unwrap().contains("fewer than 5 different customers"));
    let fixed = Cluster { k: KChoice::Fixed(6), ..DEFAULT };
    assert!(choose(&found, x.view(), &[1.0; 40], &fixed, &Ctx::silent()).is_err());
}

#[test]
fn too_few_or_too_equal_customers_are_a_clear_error() {
    let x = Array2::zeros((2, 3));
    let error = search(x.view(), &[1.0; 2], &DEFAULT, &Ctx::silent()).unwrap_err().to_string();
    assert!(error.contains("at least 3 customers"), "{error}");
    let x = Array2::zeros((9, 3));
    let found = search(x.view(), &[1.0; 9], &DEFAULT, &Ctx::silent()).unwrap();
    let error = choose(&found, x.view(), &[1.0; 9], &DEFAULT, &Ctx::silent()).unwrap_err().to_string();
    assert!(error.contains("too few different customers"), "{error}");
    let three = common::iris().slice(s![..3, ..]).to_owned();
    let found = search(three.view(), &[3.0, 2.0, 1.0], &DEFAULT, &Ctx::silent()).unwrap();
    assert_eq!(choose(&found, three.view(), &[3.0, 2.0, 1.0], &DEFAULT, &Ctx::silent()).unwrap().clustering.k, 2);
}

#[test]
fn numbers_of_clusters_follow_value_whatever_the_seed() {
    let x = common::iris();
    let value: Vec<f64> = x.column(0).to_vec();
    let labels = |seed| canonical(kmeans(x.view(), 3, 10, seed, &Ctx::silent()).unwrap(), &value).labels;
    let first = labels(42);
    for seed in 0..5 {
        assert_eq!(labels(seed), first);
    }
}
