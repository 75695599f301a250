use super::*;
use crate::cluster::{Gap, KCheck};

fn votes(ks: [Option<usize>; 4]) -> Vec<Vote> {
    KCriterion::ALL.iter().zip(ks).map(|(&criterion, k)| Vote { criterion, k }).collect()
}

fn rows(range: std::ops::RangeInclusive<usize>) -> Vec<KScores> {
    let row = |k| KScores {
        k,
        inertia: 1.0,
        silhouette: None,
        silhouette_error: None,
        calinski_harabasz: None,
        davies_bouldin: None,
        bic: None,
        aic: None,
        smallest: 20,
        failed: None,
    };
    range.map(row).collect()
}

#[test]
fn sentences() {
    let verdict = |ks| verdict(&votes(ks), &rows(2..=10), &vec![None; 9]);
    assert_eq!(verdict([Some(3); 4]), "Over k = 2…10, all four criteria say 3.");
    assert_eq!(
        verdict([Some(4), Some(2), Some(3), Some(2)]),
        "Over k = 2…10, the criteria disagree: elbow says 4, silhouette and Davies-Bouldin 2, Calinski-Harabasz 3."
    );
    assert_eq!(
        verdict([None, Some(2), Some(2), Some(2)]),
        "Over k = 2…10, the criteria that have an answer agree: silhouette, Calinski-Harabasz and Davies-Bouldin say 2, elbow has no answer."
    );
    assert_eq!(verdict([None; 4]), "Over k = 2…10, no criterion has an answer.");
    assert_eq!(
        others(&votes([Some(4), Some(2), Some(3), Some(2)]), Some(KCriterion::Elbow)),
        "silhouette and Davies-Bouldin say 2, Calinski-Harabasz 3"
    );
}

fn search(ks: [Option<usize>; 4]) -> KSearch {
    let rows = rows(2..=10);
    KSearch {
        clusterings: vec![None; rows.len()],
        rows,
        votes: votes(ks),
        silhouette_sample: 0,
        verdict: String::new(),
        notes: Vec::new(),
    }
}

fn checks(gap: Option<usize>, strength: Option<usize>, stable: &[usize]) -> KChecks {
    let row = |k| KCheck { k, jaccard: Some(vec![Some(0.9)]), strength: Some(0.5), ..KCheck::default() };
    KChecks {
        rows: (2..=10).map(row).collect(),
        gaps: (1..=11).map(|k| Gap { k, gap: Some(1.0), error: Some(0.1) }).collect(),
        gap_says: gap,
        strength_says: strength,
        stable: stable.to_vec(),
        ..KChecks::default()
    }
}

#[test]
fn no_clear_k_is_said_as_such() {
    let iris = search([Some(4), Some(2), Some(3), Some(2)]);
    assert_eq!(
        overall(&iris, &checks(Some(4), Some(2), &[2, 3])),
        "No clear k: over k = 2…10, the criteria disagree between 2 and 4: elbow and gap statistic say 4, silhouette, \
         Davies-Bouldin and prediction strength 2, Calinski-Harabasz 3. 2 and 3 give stable clusters, 4 does not."
    );
    assert_eq!(
        overall(&search([None; 4]), &checks(None, None, &[])),
        "No clear k: over k = 2…10, no criterion has an answer. With no k is every cluster stable."
    );
}

#[test]
fn agreement_and_majorities() {
    let said = overall(&search([Some(3); 4]), &checks(Some(3), Some(3), &[2, 3]));
    assert_eq!(said, "Over k = 2…10, all six criteria say 3. 3 gives stable clusters.");
    let said = overall(&search([Some(5), Some(3), Some(3), Some(3)]), &checks(Some(3), None, &[2]));
    assert_eq!(
        said,
        "Over k = 2…10, most criteria say 3: elbow says 5, silhouette, Calinski-Harabasz, Davies-Bouldin and gap \
         statistic 3, prediction strength has no answer. Stable clusters come with 2, which no criterion prefers."
    );
}

#[test]
fn a_single_clustering_has_nothing_to_be_compared_with() {
    assert_eq!(
        verdict(&votes([None; 4]), &rows(7..=7), &[None]),
        "Only one number of clusters was tried, and it is not possible."
    );
    let mut search = search([None; 4]);
    search.clusterings.truncate(1);
    let mut checks = checks(None, None, &[]);
    checks.rows[0].jaccard = Some(vec![Some(0.8), Some(0.3)]);
    assert!(overall(&search, &checks).ends_with("One of its two clusters is stable."));
}

#[test]
fn no_clusters_is_an_answer() {
    let said = overall(&search([Some(2); 4]), &checks(Some(1), None, &[]));
    assert!(said.contains("gap statistic 1 (no clusters)"), "{said}");
}

#[test]
fn without_checks_only_the_search_speaks() {
    let said = overall(&search([Some(4), Some(2), Some(3), Some(2)]), &KChecks::default());
    assert!(said.ends_with("silhouette and Davies-Bouldin 2, Calinski-Harabasz 3."), "{said}");
    assert!(!said.contains("stable") && !said.contains("gap"), "{said}");
}

#[test]
fn a_tiny_cluster_is_pointed_out() {
    let mut search = search([Some(2), Some(2), Some(3), Some(2)]);
    let clustering = crate::cluster::Clustering {
        k: 2,
        labels: vec![0; 1000],
        centroids: ndarray::Array2::zeros((2, 1)),
        sizes: vec![997, 3],
        inertia: 1.0,
        noise: None,
        detail: crate::cluster::Detail::Means,
    };
    search.clusterings[0] = Some(std::sync::Arc::new(clustering));
    search.rows[0].smallest = 3;
    let said = overall(&search, &KChecks::default());
    assert!(said.ends_with("The smallest cluster has only 3 customers (0.3 %) with 2: perhaps outliers."), "{said}");
}

#[test]
fn words_of_stability_are_those_of_clusterboot() {
    assert_eq!(stability(0.5), "dissolved");
    assert_eq!(stability(0.55), "not to be trusted");
    assert_eq!(stability(0.6), "a pattern, but doubtful who belongs to it");
    assert_eq!(stability(0.75), "stable");
    assert_eq!(stability(0.85), "highly stable");
}

#[test]
fn a_single_criterion_has_nobody_to_agree_with() {
    let votes_of = [Some(3), None, None, None];
    assert_eq!(
        verdict(&votes(votes_of), &rows(2..=4), &vec![None; 3]),
        "Over k = 2…4, only one criterion has an answer: elbow says 3, silhouette, Calinski-Harabasz and Davies-Bouldin \
         have no answer."
    );
    let said = overall(&search(votes_of), &KChecks::default());
    assert!(said.starts_with("Over k = 2…10, only one criterion has an answer: elbow says 3, "), "{said}");
}

#[test]
fn what_is_judged_so_far_is_not_said_of_all_ks() {
    let search = search([Some(4), Some(2), Some(3), Some(2)]);
    let mut checks = checks(None, Some(2), &[]);
    checks.rows.truncate(2);
    checks.gaps.truncate(3);
    let said = overall(&search, &checks);
    assert!(!said.contains("gap") && !said.contains("strength"), "{said}");
    assert!(said.ends_with(". So far, up to k = 3: with no k is every cluster stable."), "{said}");
    // The gap's answer is the first that suffices, and stays.
    checks.gap_says = Some(2);
    assert!(overall(&search, &checks).contains("gap statistic"));
    checks.rows.remove(0);
    assert_eq!(so_far(&search, &checks).unwrap(), "so far, from 1 of 9 ks");
}

#[test]
fn what_cannot_be_judged_is_neither_stable_nor_unstable() {
    let mut search = search([Some(2), Some(2), Some(6), Some(5)]);
    let mut checks = checks(None, None, &[2]);
    checks.rows[4].jaccard = Some(vec![Some(0.9), None]);
    search.rows[3].smallest = 1;
    assert_eq!((checks.rows[4].k, search.rows[3].k), (6, 5));
    let said = overall(&search, &checks);
    assert!(said.ends_with(" 2 gives stable clusters."), "{said}");
    checks.stable.clear();
    let said = overall(&search, &checks);
    assert!(said.ends_with(" With no k that can be judged is every cluster stable."), "{said}");
}

#[test]
fn how_many_of_the_clusters_of_one_clustering_are_stable() {
    let said = |jaccard: &[Option<f64>]| {
        let row = KCheck { k: jaccard.len(), jaccard: Some(jaccard.to_vec()), ..KCheck::default() };
        alone_is_stable(None, &KChecks { rows: vec![row], ..KChecks::default() })
    };
    let (good, bad) = (Some(0.9), Some(0.5));
    assert_eq!(said(&[good, good]).unwrap(), "Both of its clusters are stable.");
    assert_eq!(said(&[bad, bad]).unwrap(), "Neither of its clusters is stable.");
    assert_eq!(said(&[good, good, good]).unwrap(), "All of its three clusters are stable.");
    assert_eq!(said(&[bad, bad, bad]).unwrap(), "None of its three clusters is stable.");
    assert_eq!(said(&[good]).unwrap(), "Its only cluster is stable.");
    assert_eq!(said(&[good, None, bad]).unwrap(), "Of the two that can be judged, one is stable.");
    assert_eq!(said(&[]), None);
}
