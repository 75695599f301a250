//! What the search for a number of clusters promises beyond its figures: nothing is computed twice, a stop loses nothing,
//! and neither the order of rows nor the number of threads changes a word of it.

mod common;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use ndarray::{Array2, Axis};
use proptest::prelude::*;
use quintile::cluster::{Clustering, Data, KChecks, KScores, KSearch, Known, KnownChecks, judge, readings, search_in};
use quintile::ctx::Ctx;
use quintile::error::{Error, Result};
use quintile::recipe::{Algorithm, Cluster};

const CHOICE: Cluster = Cluster { k_max: 6, restarts: 3, references: 8, resamples: 8, ..Cluster::DEFAULT };

/// One run with what is known, and all parts that it told of.
fn searched(x: &Array2<f64>, choice: &Cluster, known: &mut Known, ctx: &Ctx) -> (Result<KSearch>, Vec<KSearch>) {
    let parts = Mutex::new(Vec::new());
    let value: Vec<f64> = x.column(0).to_vec();
    let found = search_in(&Data::numbers(x.view()), &value, choice, known, &|p| parts.lock().unwrap().push(p), ctx);
    (found, parts.into_inner().unwrap())
}

fn judged(x: &Array2<f64>, search: &KSearch, choice: &Cluster, known: &mut KnownChecks, ctx: &Ctx) -> Result<KChecks> {
    judge(&Data::numbers(x.view()), search, choice, known, &|_| {}, ctx)
}

fn both(x: &Array2<f64>, choice: &Cluster) -> (KSearch, KChecks) {
    let search = searched(x, choice, &mut Known::default(), &Ctx::silent()).0.unwrap();
    let checks = judged(x, &search, choice, &mut KnownChecks::default(), &Ctx::silent()).unwrap();
    (search, checks)
}

#[test]
fn a_wider_range_computes_only_the_new_ks() {
    let x = common::blobs(400, 3, 4, 1);
    let mut known = Known::default();
    let (first, parts) = searched(&x, &CHOICE, &mut known, &Ctx::silent());
    let first = first.unwrap();
    assert_eq!(parts.len(), 5, "one part per k");
    // A mark that a second computation would wipe out.
    known.by_k.get_mut(&3).unwrap().1.smallest = 12_345;
    let wider = Cluster { k_max: 10, ..CHOICE };
    let (second, parts) = searched(&x, &wider, &mut known, &Ctx::silent());
    let second = second.unwrap();
    assert_eq!(parts.len(), 4, "7, 8, 9 and 10");
    assert_eq!(second.rows[1].smallest, 12_345);
    for (a, b) in first.clusterings.iter().zip(&second.clusterings) {
        assert!(Arc::ptr_eq(a.as_ref().unwrap(), b.as_ref().unwrap()));
    }
    known.by_k.get_mut(&3).unwrap().1.smallest = first.rows[1].smallest;
    let whole = searched(&x, &wider, &mut Known::default(), &Ctx::silent()).0.unwrap();
    for (a, b) in searched(&x, &wider, &mut known, &Ctx::silent()).0.unwrap().rows.iter().zip(&whole.rows) {
        // Silhouettes of several ks are summed together: which ks they are moves the last digits.
        assert!((a.silhouette.unwrap() - b.silhouette.unwrap()).abs() < 1e-12);
        assert_eq!(KScores { silhouette: None, ..a.clone() }, KScores { silhouette: None, ..b.clone() });
    }
    let (narrow, parts) = searched(&x, &Cluster { k_min: 3, k_max: 4, ..CHOICE }, &mut known, &Ctx::silent());
    assert_eq!((narrow.unwrap().rows.len(), parts.len()), (2, 0), "a narrower range takes nothing");
}

#[test]
fn parts_only_grow_and_leave_the_say_to_the_whole() {
    let x = common::blobs(3000, 3, 4, 1);
    let (whole, parts) = searched(&x, &CHOICE, &mut Known::default(), &Ctx::silent());
    let whole = whole.unwrap();
    let mut had = Vec::new();
    for part in &parts {
        let ks: Vec<usize> = part.rows.iter().map(|row| row.k).collect();
        assert!(ks.len() == had.len() + 1 && had.iter().all(|k| ks.contains(k)), "{had:?} {ks:?}");
        assert!(part.votes.is_empty() && part.verdict.contains("5 new ks"), "{}", part.verdict);
        for row in &part.rows {
            let end = whole.rows.iter().find(|r| r.k == row.k).unwrap();
            assert_eq!((row.inertia, row.smallest), (end.inertia, end.smallest));
            assert_eq!((row.calinski_harabasz, row.davies_bouldin), (end.calinski_harabasz, end.davies_bouldin));
            assert_eq!(row.silhouette, None);
        }
        let lines = readings(part, None);
        assert!(lines.iter().all(|r| r.best.is_none() && r.line.contains("being computed")));
        had = ks;
    }
    assert_eq!(whole.votes.len(), 4);
}

/// Stops as soon as a part arrives.
fn stopping<T>(work: impl FnOnce(&Ctx, &(dyn Fn() + Sync)) -> T) -> T {
    let cancel = Arc::new(AtomicBool::new(false));
    let ctx = Ctx::new(cancel.clone(), None);
    work(&ctx, &|| cancel.store(true, Ordering::Relaxed))
}

#[test]
fn what_a_stopped_search_has_clustered_is_not_clustered_again() {
    let x = common::blobs(3000, 3, 4, 1);
    let value: Vec<f64> = x.column(0).to_vec();
    let mut known = Known::default();
    let stopped = stopping(|ctx, stop| {
        search_in(&Data::numbers(x.view()), &value, &CHOICE, &mut known, &|_| stop(), ctx).map(|_| ())
    });
    assert_eq!(stopped, Err(Error::Cancelled));
    assert!(known.by_k.is_empty() && !known.unjudged.is_empty());
    let kept = known.unjudged.clone();
    let (found, parts) = searched(&x, &CHOICE, &mut known, &Ctx::silent());
    let found = found.unwrap();
    assert_eq!(parts.len(), 5, "each k is told of");
    for (k, clustering) in kept {
        let at = found.rows.iter().position(|row| row.k == k).unwrap();
        assert!(Arc::ptr_eq(&clustering.unwrap(), found.clusterings[at].as_ref().unwrap()));
    }
    assert!(known.unjudged.is_empty());
    let whole = searched(&x, &CHOICE, &mut Known::default(), &Ctx::silent()).0.unwrap();
    assert_eq!(found.rows, whole.rows);
    assert_eq!(found.verdict, whole.verdict);
}

#[test]
fn checks_come_k_by_k_and_a_stop_keeps_those_that_are_there() {
    let x = common::blobs(500, 3, 4, 1);
    let search = searched(&x, &CHOICE, &mut Known::default(), &Ctx::silent()).0.unwrap();
    let mut known = KnownChecks::default();
    let stopped = stopping(|ctx, stop| {
        let part = |checks: KChecks| {
            if checks.rows.len() == 2 {
                stop();
            }
        };
        judge(&Data::numbers(x.view()), &search, &CHOICE, &mut known, &part, ctx)
    });
    assert_eq!(stopped, Err(Error::Cancelled));
    assert_eq!(known.by_k.keys().copied().collect::<Vec<_>>(), [2, 3]);
    let ks = Mutex::new(Vec::new());
    let part = |checks: KChecks| ks.lock().unwrap().push(checks.rows.len());
    let rest = judge(&Data::numbers(x.view()), &search, &CHOICE, &mut known, &part, &Ctx::silent()).unwrap();
    // 4, 5, 6 and the gap of 7.
    assert_eq!(ks.into_inner().unwrap(), [3, 4, 5, 5]);
    assert_eq!(rest, judged(&x, &search, &CHOICE, &mut KnownChecks::default(), &Ctx::silent()).unwrap());
    assert_eq!(rest.gaps.iter().map(|g| g.k).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!((rest.sample, rest.customers, rest.references, rest.resamples), (500, 500, 8, 8));

    // With everything known, even a raised flag stops nothing.
    let again = stopping(|ctx, stop| {
        stop();
        judged(&x, &search, &CHOICE, &mut known, ctx)
    });
    assert_eq!(again.unwrap(), rest);
    // A wider range judges the new ks alone, and says the same as judging all of them.
    let wider = Cluster { k_max: 8, ..CHOICE };
    let search = searched(&x, &wider, &mut Known::default(), &Ctx::silent()).0.unwrap();
    let ks = Mutex::new(0);
    let part = |_: KChecks| *ks.lock().unwrap() += 1;
    let found = judge(&Data::numbers(x.view()), &search, &wider, &mut known, &part, &Ctx::silent()).unwrap();
    assert_eq!(ks.into_inner().unwrap(), 3, "7, 8 and the gap of 9");
    assert_eq!(found, judged(&x, &search, &wider, &mut KnownChecks::default(), &Ctx::silent()).unwrap());
}

#[test]
fn four_round_groups_are_found_and_stable() {
    let x = common::blobs(800, 3, 4, 5);
    let (search, checks) = both(&x, &Cluster { references: 20, resamples: 20, ..CHOICE });
    assert_eq!((checks.gap_says, checks.strength_says), (Some(4), Some(4)), "{checks:?}");
    assert!(checks.stable.contains(&4) && !checks.stable.contains(&6), "{:?}", checks.stable);
    assert!(checks.verdict.contains("say 4") && checks.verdict.contains("stable clusters"), "{}", checks.verdict);
    let best: Vec<Option<usize>> = readings(&search, Some(&checks)).iter().map(|r| r.best).collect();
    assert!(best.iter().filter(|b| **b == Some(4)).count() >= 5, "{best:?}");
}

#[test]
fn an_even_spread_has_no_clusters() {
    use rand::{Rng, SeedableRng};
    let mut rng = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(4);
    let x = Array2::from_shape_fn((600, 2), |_| rng.gen_range(0.0..1.0));
    let (search, checks) = both(&x, &Cluster { references: 30, ..CHOICE });
    assert_eq!(checks.gap_says, Some(1), "{:?}", checks.gaps);
    assert!(checks.verdict.contains("gap statistic 1 (no clusters)"), "{}", checks.verdict);
    let gap = readings(&search, Some(&checks)).into_iter().find(|r| r.name == "Gap statistic").unwrap();
    assert!(gap.line.contains("too evenly"), "{}", gap.line);
}

#[test]
fn without_resampling_the_criteria_of_the_search_have_the_say() {
    let x = common::iris();
    let (search, checks) = both(&x, &Cluster { references: 0, resamples: 0, ..Cluster::DEFAULT });
    assert!(checks.rows.is_empty() && checks.gaps.is_empty() && checks.notes.is_empty());
    assert!(checks.verdict.starts_with("No clear k: over k = 2…10, the criteria disagree between 2 and 4"));
    assert_eq!(readings(&search, Some(&checks)).len(), 4);
    let (_, gap_alone) = both(&x, &Cluster { resamples: 0, ..CHOICE });
    assert!(gap_alone.rows.iter().all(|r| r.gap.is_some() && r.jaccard.is_none() && r.strength.is_none()));
    assert!(!gap_alone.verdict.contains("stable"), "{}", gap_alone.verdict);
    let (_, resamples_alone) = both(&x, &Cluster { references: 0, ..CHOICE });
    assert!(resamples_alone.rows.iter().all(|r| r.gap.is_none() && r.jaccard.is_some() && r.strength.is_some()));
    assert!(resamples_alone.gaps.is_empty() && !resamples_alone.verdict.contains("gap"));
}

#[test]
fn hostile_data_gives_rows_that_say_so() {
    let equal = Array2::from_elem((30, 3), 2.5);
    let few = Array2::from_shape_fn((40, 2), |(i, j)| ((i % 4) * (j + 1)) as f64);
    let three = common::iris().select(Axis(0), &[0, 60, 120]);
    let far = Array2::from_shape_fn((60, 2), |(i, j)| if i == 0 { 1e12 } else { ((i * 7 + j * 3) % 11) as f64 });
    for algorithm in [Algorithm::KMeans, Algorithm::GaussianMixture, Algorithm::Agglomerative] {
        let choice = Cluster { algorithm, ..CHOICE };
        let (_, checks) = both(&equal, &choice);
        assert!(
            checks.rows.iter().all(|r| r.failed.is_some() && r.jaccard.is_none() && r.gap.is_none()),
            "{algorithm}"
        );
        assert_eq!((checks.gap_says, checks.strength_says, checks.stable.len()), (None, None, 0));
        let (search, checks) = both(&few, &choice);
        for (row, found) in checks.rows.iter().zip(&search.rows) {
            assert_eq!(row.failed, found.failed, "{algorithm}, k = {}", row.k);
        }
        assert!(checks.rows[0].jaccard.is_some());
        let (_, checks) = both(&three, &choice);
        assert_eq!(checks.rows.len(), 5);
        assert!(checks.rows[2].failed.is_some());
        let (search, checks) = both(&far, &choice);
        assert_eq!(checks.rows.len(), search.rows.len());
        for reading in readings(&search, Some(&checks)) {
            assert!(!reading.line.contains("NaN") && !reading.line.contains("inf"), "{}", reading.line);
        }
    }
}

/// The rows of `x` in another order, and the same search of them.
fn turned(x: &Array2<f64>, search: &KSearch) -> (Array2<f64>, KSearch) {
    let n = x.nrows();
    // A step that visits every row.
    let step = [7, 11, 13].into_iter().find(|step| !n.is_multiple_of(*step)).unwrap();
    let rows: Vec<usize> = (0..n).map(|i| (i * step + 3) % n).collect();
    let mut search = search.clone();
    for clustering in search.clusterings.iter_mut().flatten() {
        let labels = rows.iter().map(|&row| clustering.labels[row]).collect();
        *clustering = Arc::new(Clustering { labels, ..Clustering::clone(clustering) });
    }
    (x.select(Axis(0), &rows), search)
}

fn on_threads<T: Send>(threads: usize, work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(work)
}

#[test]
fn a_sample_of_many_customers_does_not_depend_on_order_or_threads() {
    let x = common::blobs(6007, 3, 4, 9);
    let one = on_threads(1, || both(&x, &CHOICE));
    let (y, search) = turned(&x, &one.0);
    let other = on_threads(3, || judged(&y, &search, &CHOICE, &mut KnownChecks::default(), &Ctx::silent()).unwrap());
    assert_eq!(one.1, other);
    assert_eq!((one.1.sample, one.1.customers), (5000, 6007));
    assert_eq!(one.1.notes, ["Resampling works on 5,000 of 6,007 customers, drawn by the seed."]);
    assert_ne!(both(&x, &Cluster { seed: 7, ..CHOICE }).1.rows, one.1.rows, "the seed draws");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn neither_rows_nor_threads_change_a_check(
        values in prop::collection::vec(-12i32..12, 20..240),
        algorithm in prop::sample::select(vec![Algorithm::KMeans, Algorithm::Agglomerative, Algorithm::GaussianMixture]),
    ) {
        // Few different values, so that many customers are equal.
        let n = values.len() / 2;
        let x = Array2::from_shape_fn((n, 2), |(i, j)| f64::from(values[2 * i + j]) / 4.0);
        let choice = Cluster { algorithm, k_max: 4, references: 3, resamples: 3, ..CHOICE };
        let (search, one) = on_threads(1, || both(&x, &choice));
        let (y, search) = turned(&x, &search);
        let other = on_threads(2, || judged(&y, &search, &choice, &mut KnownChecks::default(), &Ctx::silent()).unwrap());
        prop_assert_eq!(one, other);
    }
}
