//! A small analysis made by hand, without the stages that usually make it.

use std::sync::Arc;

use chrono::NaiveDate;
use ndarray::{Array2, Axis};
use quintile::clean::{CleanOut, FunnelStep, Transactions};
use quintile::cluster::{Chosen, Clustering, Detail, KScores, KSearch, Vote};
use quintile::ctx::Ctx;
use quintile::features::{FeatureMatrix, FittedColumn};
use quintile::intake::{InputReport, IntakeOut, Role, RoleFound, RolesOut, ShapeFound, Table};
use quintile::pipeline::{Findings, Stage};
use quintile::profile::{Patterns, profiles};
use quintile::recipe::{KCriterion, Recipe, Scale, ScoreCuts, Transform};
use quintile::reduce::Pca;
use quintile::rfm::score::score_axis;
use quintile::rfm::{CustomerTable, Feature, RfmOut, SegmentMap, Unit};

/// `n` customers: the first 40 % buy much and often, the others bought once, long ago.
pub fn findings(n: usize) -> Findings {
    let good = |i: usize| i * 5 < n * 2;
    let noise = |i: usize, salt: usize| ((i * 7919 + salt * 104_729) % 1000) as f64 / 1000.0;
    let values = |f: &dyn Fn(usize) -> f64| (0..n).map(f).collect::<Vec<f64>>();
    let recency =
        values(&|i| if good(i) { 1.0 + (noise(i, 1) * 20.0).floor() } else { 200.0 + (noise(i, 1) * 150.0).floor() });
    let frequency = values(&|i| if good(i) { 8.0 + (noise(i, 2) * 20.0).floor() } else { 1.0 });
    let monetary = values(&|i| if good(i) { 2000.0 + noise(i, 3) * 3333.33 } else { 10.0 + noise(i, 3) / 3.0 });
    let basket = values(&|i| monetary[i] / frequency[i]);
    let feature = |name: &str, label: &str, unit, values: &Vec<f64>| {
        Feature::new(name, label, format!("How {label} is counted."), unit, values.clone())
    };
    let mut ids: Vec<String> = (0..n).map(|i| format!("{:05}", 12_346 + i)).collect();
    if n >= 4 {
        ids[1] = "=1+1".into();
        ids[2] = "a,\"b\"\nc".into();
        ids[3] = "00042".into();
    }
    let features = vec![
        feature("recency_days", "Recency", Unit::Days, &recency),
        feature("frequency", "Frequency", Unit::Count, &frequency),
        feature("monetary", "Monetary", Unit::Money, &monetary),
        feature("basket_mean", "Mean basket", Unit::Money, &basket),
    ];
    let scores = vec![
        score_axis(&recency, 5, ScoreCuts::Quantile, true),
        score_axis(&frequency, 5, ScoreCuts::Quantile, false),
        score_axis(&monetary, 5, ScoreCuts::Quantile, false),
    ];
    let map = SegmentMap::grid_10();
    let segment =
        (0..n).map(|i| map.segment_of(scores[0].scores[i], scores[1].scores[i], scores[2].scores[i])).collect();
    let step = |id: &str, rows| FunnelStep {
        id: id.into(),
        step: format!("Step {id}"),
        rows,
        customers: n,
        amount: 1234.5,
        note: "=nothing was removed".into(),
        on: true,
        ..FunnelStep::default()
    };
    let day = |text: &str| text.parse::<NaiveDate>().unwrap();

    let mut columns = Vec::new();
    let mut x = Array2::zeros((n, features.len()));
    for (c, f) in features.iter().enumerate() {
        let logs: Vec<f64> = f.values.iter().map(|v| v.ln_1p()).collect();
        let center = logs.iter().sum::<f64>() / n as f64;
        let spread = (logs.iter().map(|v| (v - center).powi(2)).sum::<f64>() / n as f64).sqrt();
        for (i, v) in logs.iter().enumerate() {
            x[[i, c]] = (v - center) / spread;
        }
        columns.push(FittedColumn {
            name: f.name.clone(),
            transform: Transform::Log1p,
            lambda: None,
            scale: Scale::ZScore,
            center,
            spread,
            ..FittedColumn::default()
        });
    }
    let labels: Vec<u32> = (0..n).map(|i| u32::from(!good(i))).collect();
    let mut centroids = Array2::zeros((2, x.ncols()));
    for label in 0..2 {
        let rows: Vec<usize> = (0..n).filter(|&i| labels[i] == label as u32).collect();
        centroids.row_mut(label).assign(&x.select(Axis(0), &rows).mean_axis(Axis(0)).unwrap());
    }
    let sizes = vec![labels.iter().filter(|&&l| l == 0).count(), labels.iter().filter(|&&l| l == 1).count()];
    let clustering = Arc::new(Clustering {
        k: 2,
        labels,
        centroids,
        sizes: sizes.clone(),
        inertia: 1.5,
        noise: None,
        detail: Detail::Means,
    });
    let scored = KScores {
        k: 2,
        inertia: 1.5,
        silhouette: Some(0.9),
        silhouette_error: None,
        calinski_harabasz: Some(100.0),
        davies_bouldin: None,
        bic: None,
        aic: None,
        smallest: sizes[0].min(sizes[1]),
        failed: None,
    };

    let rfm = RfmOut {
        customers: CustomerTable { ids: Arc::new(ids), features },
        scores,
        map,
        segment,
        snapshot: Some(day("2011-12-10")),
        first_day: Some(day("2010-12-01")),
        last_day: Some(day("2011-12-09")),
        frequency_of: "invoices",
        usual: Vec::new(),
        value: Some(2),
        notes: Vec::new(),
        funnel: vec![step("file", 541_909), step("customer_present", 406_829)],
        warnings: Vec::new(),
    };
    let matrix = FeatureMatrix { columns, x: x.clone(), words: Vec::new(), warnings: Vec::new() };
    let chosen = Chosen {
        clustering: clustering.clone(),
        scores: scored.clone(),
        chosen_by: "silhouette over k = 2…2".into(),
        warnings: Vec::new(),
    };
    let profiles = profiles(&rfm, &matrix, &chosen, Some("£"), Patterns::shipped(), &Ctx::silent()).unwrap();
    let roles = Role::ALL
        .into_iter()
        .map(|role| RoleFound {
            role,
            column: (role == Role::CustomerId).then(|| "CustomerID".to_string()),
            reason: "its name".into(),
            confidence: 0.9,
            chosen: false,
        })
        .collect();
    Findings {
        recipe: Arc::new(Recipe::for_file("in/shop.csv")),
        intake: Arc::new(IntakeOut {
            table: Table::default(),
            reports: vec![InputReport {
                path: "in/shop.csv".into(),
                format: "csv".into(),
                encoding: Some("utf-8".into()),
                delimiter: Some(",".into()),
                header: true,
                sheet: None,
                sheets: Vec::new(),
                bytes: 10,
                rows: 541_909,
                columns: 8,
                ..InputReport::default()
            }],
            warnings: vec!["a warning".into()],
        }),
        prepared: Arc::default(),
        roles: Arc::new(RolesOut {
            roles,
            columns: Vec::new(),
            shape: ShapeFound::default(),
            date_format: None,
            warnings: Vec::new(),
        }),
        clean: Arc::new(CleanOut {
            transactions: Transactions::default(),
            funnel: Vec::new(),
            currency: Some("£".into()),
            warnings: Vec::new(),
        }),
        rfm: Arc::new(rfm),
        matrix: Arc::new(matrix),
        search: Arc::new(KSearch {
            rows: vec![scored],
            clusterings: vec![Some(clustering)],
            votes: vec![Vote { criterion: KCriterion::Silhouette, k: Some(2) }],
            silhouette_sample: n,
            verdict: "All criteria agree on 2.".into(),
            notes: Vec::new(),
        }),
        chosen: Arc::new(chosen),
        pca: Arc::new(Pca {
            scores: Array2::zeros((n, 2)),
            loadings: Array2::from_elem((2, 4), 0.5),
            explained_variance_ratio: vec![0.75, 0.25],
            mean: vec![0.0; 4],
        }),
        profiles: Arc::new(profiles),
        resting: Vec::new(),
        portraits: Arc::default(),
        migration: Arc::new(None),
        checks: None,
        durations: vec![(Stage::Intake, 0.25), (Stage::Search, 0.5)],
    }
}
