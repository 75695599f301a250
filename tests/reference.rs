//! What resampling and comparisons say of the iris flowers, against scikit-learn and published numbers. Clusters, indices,
//! knees, projections and transforms stand in `tests/cluster.rs`, `tests/pca.rs` and with their code.

mod common;

use quintile::cluster::{
    Data, Gap, KChecks, KSearch, Known, KnownChecks, Spread, compare, gaps, judge, kmeans, readings, search_in,
};
use quintile::ctx::Ctx;
use quintile::recipe::Cluster;
use serde_json::Value;

/// What simulations may differ by.
const WITHIN: f64 = 0.03;

fn golden() -> Value {
    serde_json::from_str(include_str!("golden/resampling/iris.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|v| v.as_f64().unwrap()).collect()
}

fn close(got: f64, want: f64, what: &str) {
    assert!((got - want).abs() <= WITHIN, "{what}: {got}, expected {want}");
}

/// The checks of iris with as many draws as it takes for chance to be small.
fn checked(seed: u64) -> (KSearch, KChecks) {
    let x = common::iris();
    let choice = Cluster { seed, k_max: 5, references: 100, resamples: 400, ..Cluster::DEFAULT };
    let data = Data::numbers(x.view());
    let search = search_in(&data, &[0.0; 150], &choice, &mut Known::default(), &|_| {}, &Ctx::silent()).unwrap();
    let checks = judge(&data, &search, &choice, &mut KnownChecks::default(), &|_| {}, &Ctx::silent()).unwrap();
    (search, checks)
}

/// The smallest k whose gap reaches that of the next less its standard error and less `slack`.
fn first_within(gaps: &[Gap], slack: f64) -> Option<usize> {
    let enough = |pair: &&[Gap]| pair[0].gap.unwrap() >= pair[1].gap.unwrap() - pair[1].error.unwrap() - slack;
    gaps.windows(2).find(enough).map(|pair| pair[0].k)
}

#[test]
fn gap_statistics_of_both_boxes_are_those_of_scikit_learn() {
    let x = common::iris();
    let golden = golden();
    let ks: Vec<usize> = (1..=8).collect();
    for (spread, name) in [(Spread::PrincipalComponents, "principal components"), (Spread::Features, "features")] {
        let want = numbers(&golden["gap"][name]["gap"]);
        let errors = numbers(&golden["gap"][name]["error"]);
        for seed in [42, 7] {
            let found = gaps(x.view(), &ks, 200, spread, seed, &Ctx::silent()).unwrap();
            for (i, gap) in found.iter().enumerate() {
                close(gap.gap.unwrap(), want[i], &format!("gap, {name}, k = {}", gap.k));
                assert!((gap.error.unwrap() - errors[i]).abs() < 0.01, "{name}, k = {}: {gap:?} {}", gap.k, errors[i]);
            }
        }
    }
}

#[test]
fn the_box_of_the_gap_statistic_matters() {
    let x = common::iris();
    let ks: Vec<usize> = (1..=8).collect();
    for seed in [42, 0, 7] {
        // Along the principal components Gap(4) and Gap(5) − s(5) differ by less than 0.01, so that the draw decides
        // between 4 and 5; along the features nothing reaches the next, but Gap(6) is as near.
        let found = gaps(x.view(), &ks, 200, Spread::PrincipalComponents, seed, &Ctx::silent()).unwrap();
        assert_eq!(first_within(&found, WITHIN), Some(4), "{found:?}");
        assert!([Some(4), Some(5)].contains(&first_within(&found, 0.0)), "{found:?}");
        let found = gaps(x.view(), &ks, 200, Spread::Features, seed, &Ctx::silent()).unwrap();
        assert_eq!(first_within(&found, -WITHIN), None, "no answer up to 7: {found:?}");
        assert!([None, Some(6)].contains(&first_within(&found, 0.0)), "{found:?}");
    }
}

#[test]
fn bootstrap_jaccard_and_prediction_strength_of_iris() {
    let golden = golden();
    for seed in [42, 1] {
        let (_, checks) = checked(seed);
        let sorted = |k: usize| {
            let row = checks.rows.iter().find(|row| row.k == k).unwrap();
            let mut all: Vec<f64> = row.jaccard.as_ref().unwrap().iter().map(|j| j.unwrap()).collect();
            all.sort_by(f64::total_cmp);
            all
        };
        for (k, published) in [(2, vec![0.99, 1.0]), (3, vec![0.90, 0.92, 1.0])] {
            for (got, want) in sorted(k).iter().zip(&published) {
                close(*got, *want, &format!("Jaccard, k = {k}"));
            }
        }
        // With more clusters than there are, k-means has several solutions; those of both implementations are alike.
        for k in 2..=4 {
            for (got, want) in sorted(k).iter().zip(numbers(&golden["jaccard"][k.to_string()])) {
                assert!((got - want).abs() <= 2.0 * WITHIN, "k = {k}: {got} {want}");
            }
        }
        for (k, published) in [(2, 0.98), (3, 0.79), (4, 0.58)] {
            let got = checks.rows[k - 2].strength.unwrap();
            close(got, published, &format!("prediction strength, k = {k}"));
            close(got, golden["strength"][k.to_string()].as_f64().unwrap(), &format!("prediction strength, k = {k}"));
        }
        assert!(checks.stable.starts_with(&[2, 3]), "{:?}", checks.stable);
    }
}

#[test]
fn on_iris_the_criteria_disagree_and_that_is_what_is_said() {
    let (search, checks) = checked(42);
    assert_eq!(checks.strength_says, Some(2));
    assert!(
        checks.verdict.starts_with("No clear k: over k = 2…5, the criteria disagree between 2 and"),
        "{}",
        checks.verdict
    );
    let readings = readings(&search, Some(&checks));
    let names: Vec<&str> = readings.iter().map(|r| r.name).collect();
    assert_eq!(
        names,
        [
            "Inertia",
            "Silhouette",
            "Calinski-Harabasz",
            "Davies-Bouldin",
            "Gap statistic",
            "Prediction strength",
            "Stability"
        ]
    );
    let line = |name: &str| readings.iter().find(|r| r.name == name).unwrap().line.clone();
    assert!(line("Inertia").starts_with("152 at k = 2, 78.9 at 3") && line("Inertia").contains("k = 2…5"));
    assert!(line("Silhouette").starts_with("0.681 at k = 2, the largest; next 0.553 at 3"), "{}", line("Silhouette"));
    assert!(line("Davies-Bouldin").starts_with("0.40 at k = 2, the smallest; next 0.66 at 3"));
    assert!(line("Gap statistic").contains("over k = 1…6"), "{}", line("Gap statistic"));
    assert!(line("Prediction strength").contains("at k = 2, 0."), "{}", line("Prediction strength"));
    for reading in &readings {
        println!("{}: {:?}. {}", reading.name, reading.best, reading.line);
        assert!(reading.points.windows(2).all(|w| w[0].k < w[1].k) && reading.line.ends_with('.'));
    }
    println!("{}", checks.verdict);
}

#[test]
fn clusters_of_iris_against_its_species() {
    let x = common::iris();
    let species: Vec<u32> = (0..150).map(|i| i / 50).collect();
    let ids: Vec<String> = (0..150).map(|i| i.to_string()).collect();
    let found = kmeans(x.view(), 3, 10, 42, &Ctx::silent()).unwrap();
    let c = compare(&ids, &species, &ids, &found.labels);
    assert!((c.adjusted_rand.unwrap() - 0.730238).abs() < 1e-6, "{:?}", c.adjusted_rand);
    // Sizes 50, 62 and 38: setosa alone, 48 of versicolor, 36 of virginica.
    assert_eq!(c.counts, [[50, 0, 0], [0, 48, 2], [0, 14, 36]]);
    assert!((c.staying - 134.0 / 150.0).abs() < 1e-12);
    assert!((c.partners[1].unwrap().jaccard - 48.0 / 64.0).abs() < 1e-12);
}

#[test]
fn comparisons_are_those_of_scikit_learn_and_scipy() {
    let pairs: Value = serde_json::from_str(include_str!("golden/compare/pairs.json")).unwrap();
    for pair in pairs.as_array().unwrap() {
        let labels = |key: &str| numbers(&pair[key]).into_iter().map(|v| v as u32).collect::<Vec<u32>>();
        let (a, b) = (labels("a"), labels("b"));
        let ids: Vec<String> = (0..a.len()).map(|i| format!("c{i}")).collect();
        let c = compare(&ids, &a, &ids, &b);
        let want = pair["adjusted_rand"].as_f64().unwrap();
        assert!((c.adjusted_rand.unwrap() - want).abs() < 1e-12, "{:?}, expected {want}", c.adjusted_rand);
        let staying = (c.staying * a.len() as f64).round() as u64;
        assert_eq!(staying, pair["staying"].as_u64().unwrap());
        // The same in another order of the second's customers.
        let reversed: Vec<String> = ids.iter().rev().cloned().collect();
        let backwards: Vec<u32> = b.iter().rev().copied().collect();
        assert_eq!(compare(&ids, &a, &reversed, &backwards), c);
    }
}
