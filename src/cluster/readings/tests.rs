use std::sync::Arc;

use ndarray::Array2;

use super::*;
use crate::cluster::{Clustering, Detail, Gap, KCheck, KScores, Vote, search as search_of};
use crate::ctx::Ctx;
use crate::recipe::Cluster;

fn row(k: usize) -> KScores {
    KScores {
        k,
        inertia: 100.0 / k as f64,
        silhouette: Some(0.6),
        silhouette_error: None,
        calinski_harabasz: Some(k as f64),
        davies_bouldin: Some(1.0 / k as f64),
        bic: None,
        aic: None,
        smallest: 20,
        failed: None,
    }
}

/// k = 2…5, every criterion for `best`.
fn search(best: Option<usize>) -> KSearch {
    KSearch {
        rows: (2..=5).map(row).collect(),
        clusterings: vec![None; 4],
        votes: KCriterion::ALL.iter().map(|&criterion| Vote { criterion, k: best }).collect(),
        silhouette_sample: 100,
        verdict: String::new(),
        notes: Vec::new(),
    }
}

fn check(k: usize, jaccard: &[f64], strength: f64) -> KCheck {
    let jaccard = Some(jaccard.iter().map(|&j| Some(j)).collect());
    KCheck { k, jaccard, strength: Some(strength), ..KCheck::default() }
}

fn gaps(values: &[Option<f64>]) -> Vec<Gap> {
    values.iter().zip(1..).map(|(&gap, k)| Gap { k, gap, error: gap.map(|_| 0.01) }).collect()
}

fn line(search: &KSearch, checks: Option<&KChecks>, measure: Measure) -> String {
    readings(search, checks).into_iter().find(|r| r.measure == measure).unwrap().line
}

#[test]
fn a_wider_range_is_advised_only_at_its_end() {
    let wider = "(the largest k tried: a wider range may say more)";
    assert!(line(&search(Some(5)), None, Measure::CalinskiHarabasz).contains(wider));
    assert!(!line(&search(Some(4)), None, Measure::CalinskiHarabasz).contains(wider));
    // Six customers: from k = 6 on no criterion is defined, so 5 is not the largest k that was tried.
    let x = Array2::from_shape_fn((6, 2), |(i, j)| if j == 0 { (i * i) as f64 } else { 3.0 });
    let choice = Cluster { k_min: 2, k_max: 8, ..Cluster::DEFAULT };
    let found = search_of(x.view(), &[0.0; 6], &choice, &Ctx::silent()).unwrap();
    let said = line(&found, None, Measure::CalinskiHarabasz);
    assert!(said.contains(" at k = 5, the largest") && !said.contains(wider), "{said}");
    assert!(!line(&found, None, Measure::DaviesBouldin).contains(wider));
}

#[test]
fn a_sample_and_noise_are_told_apart() {
    let clustering = Clustering {
        k: 3,
        labels: [vec![0; 60], vec![1; 40], vec![2; 7]].concat(),
        centroids: Array2::zeros((3, 1)),
        sizes: vec![60, 40, 7],
        inertia: 1.0,
        noise: Some(2),
        detail: Detail::Means,
    };
    let mut dense = search(Some(2));
    dense.clusterings[0] = Some(Arc::new(clustering));
    let said = line(&dense, None, Measure::Silhouette);
    assert!(said.ends_with("structure. The 7 customers without a clear cluster are left out."), "{said}");
    let mut only = dense.clone();
    only.clusterings.truncate(1);
    only.rows.truncate(1);
    assert!(line(&only, None, Measure::Silhouette).starts_with("0.600 with 2 clusters: a reasonable structure."));
    dense.silhouette_sample = 30;
    dense.rows[0].silhouette_error = Some(0.01);
    let said = line(&dense, None, Measure::Silhouette);
    assert!(said.contains(" Measured on 30 of 100 customers, drawn by the seed. The 7 customers"), "{said}");
}

#[test]
fn differences_of_bic_are_graded_as_by_kass_and_raftery() {
    let grades = [
        (2.0, "not worth more than a bare mention"),
        (6.0, "positive evidence"),
        (10.0, ": strong evidence"),
        (10.5, "very strong evidence"),
    ];
    for (by, words) in grades {
        let mut mixture = search(Some(3));
        for row in &mut mixture.rows {
            row.bic = Some(if row.k == 3 { 100.0 } else { 100.0 + by + (row.k as f64 - 2.0) });
        }
        let said = line(&mixture, None, Measure::Bic);
        assert!(said.contains(words) && said.contains("below that at 2"), "{by}: {said}");
    }
}

#[test]
fn no_gap_is_explained_by_what_is_true() {
    let rows: Vec<KCheck> = (2..=5).map(|k| check(k, &[0.9, 0.9], 0.9)).collect();
    let said = |values: &[Option<f64>]| {
        let checks = KChecks { rows: rows.clone(), gaps: gaps(values), ..KChecks::default() };
        line(&search(Some(2)), Some(&checks), Measure::Gap)
    };
    let rising = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map(Some);
    assert_eq!(said(&rising), "No answer over k = 1…6: it still rises, from 0.100 at 1 to 0.600 at 6.");
    assert_eq!(
        said(&[Some(0.1), Some(0.2), Some(0.3), None, None, None]),
        "No answer: at k = 4 no spread is left within the clusters, or there are too few different customers; before, it \
         still rises, from 0.100 at 1 to 0.300 at 3."
    );
    assert_eq!(
        said(&[Some(0.1), None, None, None, None, None]),
        "No answer: at k = 2 no spread is left within the clusters, or there are too few different customers."
    );
    assert_eq!(said(&rising[..5]), "Computed up to k = 5 so far.");
}

#[test]
fn while_ks_are_missing_nothing_is_said_of_all() {
    let search = search(Some(2));
    let mut checks =
        KChecks { rows: vec![check(2, &[0.9, 0.8], 0.9), check(3, &[0.9, 0.5], 0.7)], ..KChecks::default() };
    (checks.stable, checks.strength_says) = (vec![2], Some(2));
    let of = |measure| readings(&search, Some(&checks)).into_iter().find(|r| r.measure == measure).unwrap();
    let (strength, stable) = (of(Measure::Strength), of(Measure::Stability));
    assert_eq!((strength.best, stable.best), (None, None));
    assert_eq!(strength.line, "0.90 at k = 2, which is at least 0.80; so far, up to k = 3.");
    assert_eq!(
        stable.line,
        "All clusters are stable with k = 2, at least 0.80 with 2; with 3 the weakest has 0.50: dissolved; so far, up to k = 3."
    );
}

#[test]
fn clusters_of_one_customer_are_not_called_stable() {
    let mut search = search(Some(2));
    search.rows[3].smallest = 1;
    let mut rows: Vec<KCheck> = (2..=5).map(|k| check(k, &[0.9, 1.0 - k as f64 / 10.0], 0.9)).collect();
    rows[3] = check(5, &[1.0, 1.0], 0.9);
    let checks = KChecks { rows: rows.clone(), stable: vec![2], ..KChecks::default() };
    assert_eq!(checks.stabilities(&search), [(2, 0.8), (3, 0.7), (4, 0.6)]);
    assert_eq!(
        line(&search, Some(&checks), Measure::Stability),
        "All clusters are stable with k = 2, at least 0.80 with 2; with 3 the weakest has 0.70: a pattern, but doubtful who \
         belongs to it. With 5 a cluster has one customer; it is found again whenever that customer is drawn, which says \
         nothing."
    );
    // Of a cluster of which nobody was drawn nothing is known.
    rows[0].jaccard = Some(vec![Some(0.9), None]);
    let checks = KChecks { rows, ..KChecks::default() };
    assert_eq!(checks.stabilities(&search), [(3, 0.7), (4, 0.6)]);
}
