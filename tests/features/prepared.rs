//! Weights, transforms and scales of single features, hints, and what recounts when a feature is chosen.

use std::sync::Arc;

use quintile::cluster;
use quintile::ctx::Ctx;
use quintile::features::hints::{self, HintKind};
use quintile::features::{matrix, prepare};
use quintile::pipeline::{Keys, Stage};
use quintile::recipe::{Cluster, FeatureChoice, Features, FillMissing, KChoice, Recipe, Scale, Transform};
use quintile::rfm::{CustomerTable, Feature, Unit};

use crate::{by, calculation};

fn table(columns: &[(&str, Vec<f64>)]) -> CustomerTable {
    CustomerTable {
        ids: Arc::new((0..columns[0].1.len()).map(|i| i.to_string()).collect()),
        features: columns
            .iter()
            .map(|(name, values)| Feature::new(*name, name.to_uppercase(), "", Unit::Number, values.clone()))
            .collect(),
    }
}

/// Numbers that look random, the same every time.
fn noise(seed: u64, n: usize) -> Vec<f64> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 11) as f64 / (1u64 << 53) as f64
    };
    (0..n).map(|_| next() + next() + next()).collect()
}

#[test]
fn a_weight_of_two_is_the_feature_twice() {
    let (a, b) = (noise(1, 300), noise(2, 300));
    let twice = table(&[("a", a.clone()), ("b", b.clone()), ("b again", b.clone())]);
    let once = table(&[("a", a), ("b", b)]);
    let plain = Features { transform: Transform::None, ..Features::default() };
    let mut weighted = plain.clone();
    weighted.each.insert("B".into(), FeatureChoice { weight: 2.0, ..FeatureChoice::default() });
    let ctx = Ctx::silent();
    let (twice, once) = (prepare(&twice, &plain, &ctx).unwrap(), prepare(&once, &weighted, &ctx).unwrap());
    for i in 0..300 {
        let square = |x: &ndarray::Array2<f64>, j: usize| {
            x.row(i).iter().zip(x.row(j)).map(|(p, q)| (p - q).powi(2)).sum::<f64>()
        };
        for j in [0, 7, 100] {
            let (a, b) = (square(&twice.x, j), square(&once.x, j));
            assert!((a - b).abs() < 1e-12 * a.max(1.0));
        }
    }
    let choice = Cluster { k: KChoice::Fixed(4), k_min: 4, k_max: 4, ..Cluster::default() };
    let labels = |x: ndarray::ArrayView2<f64>| {
        let search = cluster::search(x, &[], &choice, &ctx).unwrap();
        let found = cluster::choose(&search, x, &[], &choice, &ctx).unwrap();
        (found.clustering.labels.clone(), found.clustering.inertia)
    };
    let (a, b) = (labels(twice.x.view()), labels(once.x.view()));
    assert_eq!(a.0, b.0);
    assert!((a.1 - b.1).abs() < 1e-9 * a.1);
    assert_eq!(once.columns[1].weight, 2.0);
}

#[test]
fn single_features_have_their_own_transform_and_scale() {
    let customers = table(&[("a", vec![0.0, 1.0, 3.0, 10.0]), ("b", vec![5.0, -5.0, 0.0, 5.0])]);
    let mut choice = Features { transform: Transform::None, scale: Scale::None, ..Features::default() };
    choice.each.insert("a".into(), FeatureChoice { transform: Some(Transform::Log1p), ..FeatureChoice::default() });
    let ranked =
        FeatureChoice { transform: Some(Transform::Rank), scale: Some(Scale::MinMax), ..FeatureChoice::default() };
    choice.each.insert("b".into(), ranked);
    let m = prepare(&customers, &choice, &Ctx::silent()).unwrap();
    let close = |found: Vec<f64>, expected: [f64; 4]| {
        assert!(found.iter().zip(expected).all(|(f, e)| (f - e).abs() < 1e-12), "{found:?}");
    };
    close(m.x.column(0).to_vec(), [0.0, 2f64.ln(), 4f64.ln(), 11f64.ln()]);
    // Mid-ranks: −5 is 1/8, 0 is 3/8, 5 twice 3/4; min–max stretches them to 0–1.
    close(m.x.column(1).to_vec(), [1.0, 0.0, 0.4, 1.0]);
    assert!((m.columns[1].apply(2.5) - 0.7).abs() < 1e-12, "between two known values");
    assert_eq!((m.columns[1].apply(-99.0), m.columns[1].apply(99.0)), (0.0, 1.0));
    let wrong = |weight| {
        let mut choice = choice.clone();
        choice.each.insert("a".into(), FeatureChoice { weight, ..FeatureChoice::default() });
        prepare(&customers, &choice, &Ctx::silent()).unwrap_err().to_string()
    };
    assert!(wrong(0.0).contains("weight of A") && wrong(f64::NAN).contains("above zero"));
}

#[test]
fn missing_values_stop_or_count_as_something() {
    let customers = table(&[("a", vec![1.0, f64::NAN, 3.0, 8.0, f64::NAN]), ("b", noise(3, 5))]);
    let mut choice = Features { transform: Transform::None, scale: Scale::None, ..Features::default() };
    let error = prepare(&customers, &choice, &Ctx::silent()).unwrap_err().to_string();
    assert!(error.contains("A has no finite value for 2 customers"), "{error}");
    for (missing, expected) in [(FillMissing::Zero, 0.0), (FillMissing::Median, 3.0)] {
        choice.each.insert("a".into(), FeatureChoice { missing: Some(missing), ..FeatureChoice::default() });
        let m = prepare(&customers, &choice, &Ctx::silent()).unwrap();
        assert_eq!(m.x.column(0).to_vec(), [1.0, expected, 3.0, 8.0, expected]);
        assert_eq!((m.columns[0].fill, m.columns[0].apply(f64::NAN)), (Some(expected), expected));
    }
}

#[test]
fn words_are_no_numbers() {
    let mut customers = table(&[("a", vec![0.0, 1.0]), ("b", vec![1.0, 2.0])]);
    customers.features[0].unit = Unit::Words;
    customers.features[0].names = Some(Arc::new(vec!["x".into(), "y".into()]));
    let m = prepare(&customers, &Features::default(), &Ctx::silent()).unwrap();
    assert_eq!((m.x.ncols(), m.columns[0].name.as_str()), (1, "b"));
    assert_eq!((m.words[0].name.as_str(), &m.words[0].codes[..]), ("a", &[0, 1][..]));
    let found = hints::of_values(&customers, &Features::default());
    assert_eq!(found.iter().map(|h| h.kind).collect::<Vec<_>>(), [HintKind::Words]);
}

#[test]
fn doubtful_features_are_pointed_out() {
    let n = 400;
    let a = noise(4, n);
    let near: Vec<f64> = a.iter().zip(noise(5, n)).map(|(a, e)| 3.0 - 2.0 * a + 0.1 * e).collect();
    let mut far = noise(6, n);
    far[17] = 500.0;
    let mut gaps = noise(7, n);
    gaps[3] = f64::NAN;
    let customers = table(&[("a", a), ("near", near), ("far", far), ("same", vec![2.5; n]), ("gaps", gaps)]);
    let mut choice = Features { transform: Transform::None, ..Features::default() };
    let of_values = hints::of_values(&customers, &choice);
    assert_eq!(of_values.iter().map(|h| h.kind).collect::<Vec<_>>(), [HintKind::Constant, HintKind::Missing]);
    assert!(
        of_values[0].text.contains("SAME is 2.50 for everyone") && of_values[1].text.contains("1 customer has"),
        "{of_values:?}"
    );
    choice.each.insert("gaps".into(), FeatureChoice { missing: Some(FillMissing::Zero), ..FeatureChoice::default() });
    let m = matrix(&customers, &choice, &Ctx::silent()).unwrap();
    let found = hints::of_matrix(&customers, &m, &Ctx::silent()).unwrap();
    assert_eq!(found.iter().map(|h| h.kind).collect::<Vec<_>>(), [HintKind::Skewed, HintKind::Correlated]);
    assert!((found[0].size - 19.9).abs() < 0.2, "one far out among 400: {}", found[0].size);
    assert_eq!(found[1].features, ["a", "near"]);
    assert!(
        found[1].size < -0.99 && found[1].text.contains("A and NEAR") && found[1].text.contains("−1.00"),
        "{:?}",
        found[1]
    );
    assert!(
        m.warnings.iter().any(|w| w.contains("FAR is extremely skewed"))
            && m.warnings.iter().any(|w| w.contains("say nearly the same"))
    );
    // A transform tames the tail, and there is nothing to point out.
    let ranked = FeatureChoice { transform: Some(Transform::Rank), ..FeatureChoice::default() };
    choice.each.insert("far".into(), ranked);
    let m = prepare(&customers, &choice, &Ctx::silent()).unwrap();
    let found = hints::of_matrix(&customers, &m, &Ctx::silent()).unwrap();
    assert!(!found.iter().any(|h| h.kind == HintKind::Skewed));
}

#[test]
fn choosing_a_feature_recounts_nobody() {
    let before = Recipe::for_file("sales.csv");
    let keys = |recipe: &Recipe| Keys::of(recipe);
    let same_until =
        |a: &Recipe, b: &Recipe| Stage::ALL.into_iter().find(|stage| keys(a).get(*stage) != keys(b).get(*stage));
    let mut chosen = before.clone();
    chosen.features.columns = Some(vec!["recency_days".into(), "avg_basket_value".into()]);
    assert_eq!(same_until(&before, &chosen), Some(Stage::Enrich));
    let mut calculated = before.clone();
    calculated.features.calculate = vec![calculation("per order", by("monetary / frequency"))];
    assert_eq!(same_until(&before, &calculated), Some(Stage::Enrich));
    let mut both = calculated.clone();
    both.features.columns = Some(vec!["Per Order".into()]);
    assert_eq!(same_until(&calculated, &both), Some(Stage::Features));
    // A column of a table of customers decides who is left out.
    let mut column = before.clone();
    column.features.columns = Some(vec!["Income".into()]);
    assert_eq!(same_until(&before, &column), Some(Stage::Rfm));
    let mut weighted = before.clone();
    weighted.features.each.insert("monetary".into(), FeatureChoice { weight: 2.0, ..FeatureChoice::default() });
    assert_eq!(same_until(&before, &weighted), Some(Stage::Features));
}
