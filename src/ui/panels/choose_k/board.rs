//! All criteria as bands over one axis of k: their values as far as they are known, each one's best k, and what it says.

use std::sync::Arc;

use super::says;
use crate::chart::{Chart, Data};
use crate::cluster::{KChecks, KSearch, Measure, readings};
use crate::recipe::{Cluster, KCriterion};

/// What is drawn.
pub struct Board {
    /// Ascending, the range that was asked for.
    pub ks: Vec<usize>,
    pub bands: Vec<Band>,
    /// Sizes of the clusters per k, in the order of `ks`; empty while they are not known. The noise is last.
    pub sizes: Vec<Vec<usize>>,
    /// Why a k could not be had, in the order of `ks`.
    pub failed: Vec<Option<String>>,
    /// Title and numbers, for saving.
    pub about: Arc<Chart>,
}

/// One criterion.
#[derive(Default)]
pub struct Band {
    /// Which one; `None`: sizes.
    pub measure: Option<Measure>,
    pub name: &'static str,
    /// What it is, for whoever points at its name.
    pub hint: &'static str,
    pub good: &'static str,
    pub decimals: usize,
    pub values: Values,
    pub best: Option<usize>,
    /// A value that tells good from bad.
    pub line: Option<f64>,
    /// What it says, in a few words.
    pub reading: String,
    /// The same in full.
    pub in_full: String,
}

impl Default for Values {
    fn default() -> Self {
        Values::Curve(Vec::new())
    }
}

/// Values in the order of the board's ks; `None` where there is none or not yet.
pub enum Values {
    /// With a standard error where it has one.
    Curve(Vec<Option<(f64, Option<f64>)>>),
    /// One value per cluster.
    Dots(Vec<Option<Vec<f64>>>),
}

impl Values {
    pub fn known(&self, at: usize) -> bool {
        match self {
            Values::Curve(v) => v[at].is_some(),
            Values::Dots(v) => v[at].is_some(),
        }
    }

    /// What stands for the band at a k: the value, or the smallest of several.
    pub fn main(&self, at: usize) -> Option<f64> {
        match self {
            Values::Curve(v) => v[at].map(|(value, _)| value),
            Values::Dots(v) => v[at].as_ref().map(|all| all.iter().copied().fold(f64::INFINITY, f64::min)),
        }
    }

    /// Lowest and highest value, errors included.
    pub fn range(&self) -> Option<(f64, f64)> {
        let all: Vec<f64> = match self {
            Values::Curve(v) => {
                let ends = |(v, e): &(f64, Option<f64>)| [v - e.unwrap_or(0.0), v + e.unwrap_or(0.0)];
                v.iter().flatten().flat_map(ends).collect()
            }
            Values::Dots(v) => v.iter().flatten().flatten().copied().collect(),
        };
        let all = all.into_iter().filter(|v| v.is_finite());
        all.fold(None, |range, v| Some(range.map_or((v, v), |(low, high): (f64, f64)| (low.min(v), high.max(v)))))
    }
}

/// Puts together what is known of the range in `choice`. Until the search is done, nothing is called best.
pub fn board(search: &KSearch, checks: Option<&KChecks>, choice: &Cluster, done: bool) -> Board {
    let ks: Vec<usize> = (choice.k_min as usize..=choice.k_max as usize).collect();
    let row = |k: usize| search.rows.iter().find(|r| r.k == k);
    let good = |k: usize| row(k).filter(|r| r.failed.is_none());
    let check = |k: usize| checks.and_then(|c| c.rows.iter().find(|r| r.k == k));
    let vote = |criterion| search.votes.iter().filter(|_| done).find(|v| v.criterion == criterion).and_then(|v| v.k);
    let curve = |of: &dyn Fn(usize) -> Option<(f64, Option<f64>)>| {
        Values::Curve(ks.iter().map(|&k| of(k).filter(|(v, _)| v.is_finite())).collect())
    };
    let simple = |of: fn(&crate::cluster::KScores) -> Option<f64>| curve(&|k| good(k).and_then(of).map(|v| (v, None)));
    let tested = checks.filter(|c| ks.iter().all(|&k| check(k).is_some() || good(k).is_none()) && !c.rows.is_empty());
    let n = search.clusterings.iter().flatten().map(|c| c.labels.len()).next().unwrap_or(0);
    let mut bands = vec![
        Band {
            measure: Some(Measure::Inertia),
            name: "Inertia",
            hint: "Sum of squared distances of the customers to the centre of their cluster, in the prepared features. It \
                   falls with every k; the bend, found by Kneedle, is where more clusters begin to gain little.",
            good: "look for the bend",
            decimals: 0,
            values: simple(|r| Some(r.inertia)),
            best: vote(KCriterion::Elbow),
            ..Band::default()
        },
        Band {
            measure: Some(Measure::Silhouette),
            name: "Silhouette",
            hint: "How much nearer customers are to their own cluster than to the next one, −1 to 1, on average. 0.5 and \
                   more: clearly apart; below 0.25: hardly (Kaufman & Rousseeuw 1990).",
            good: "high is good",
            decimals: 3,
            values: curve(&|k| good(k).and_then(|r| Some((r.silhouette?, r.silhouette_error)))),
            best: vote(KCriterion::Silhouette),
            ..Band::default()
        },
        Band {
            measure: Some(Measure::CalinskiHarabasz),
            name: "Calinski-Harabasz",
            hint: "Variance between the clusters over variance within them, each per degree of freedom (1974).",
            good: "high is good",
            decimals: 0,
            values: simple(|r| r.calinski_harabasz),
            best: vote(KCriterion::CalinskiHarabasz),
            ..Band::default()
        },
        Band {
            measure: Some(Measure::DaviesBouldin),
            name: "Davies-Bouldin",
            hint: "How like each cluster is to its likest neighbour: their extents over the distance of their centres, on \
                   average (1979).",
            good: "low is good",
            decimals: 3,
            values: simple(|r| r.davies_bouldin),
            best: vote(KCriterion::DaviesBouldin),
            ..Band::default()
        },
    ];
    if choice.algorithm == crate::recipe::Algorithm::GaussianMixture {
        bands.push(Band {
            measure: Some(Measure::Bic),
            name: "BIC",
            hint: "Bayesian information criterion: minus twice the log likelihood, plus a price for every parameter.",
            good: "low is good",
            decimals: 0,
            values: simple(|r| r.bic),
            best: vote(KCriterion::Bic),
            ..Band::default()
        });
    }
    if choice.references > 0 {
        bands.push(Band {
            measure: Some(Measure::Gap),
            name: "Gap",
            hint: "How much smaller the log of the inertia is than in data without clusters (Tibshirani, Walther & Hastie \
                   2001), with its standard error. Best is the smallest k within one error of the next.",
            good: "high is good",
            decimals: 3,
            values: curve(&|k| check(k).and_then(|c| Some((c.gap?, c.gap_error)))),
            best: tested.and_then(|c| c.gap_says),
            ..Band::default()
        });
    }
    if choice.resamples > 0 {
        bands.push(Band {
            measure: Some(Measure::Strength),
            name: "Prediction strength",
            hint: "Of the pairs of customers that share a cluster, how many still do when the clusters are learned from the \
                   other half of the data; the worst cluster counts (Tibshirani & Walther 2005). At least 0.8 is good.",
            good: "0.8 and more is good",
            decimals: 2,
            values: curve(&|k| check(k).and_then(|c| Some((c.strength?, None)))),
            best: tested.and_then(|c| c.strength_says),
            line: Some(0.8),
            ..Band::default()
        });
        bands.push(Band {
            measure: Some(Measure::Stability),
            name: "Stability",
            hint: "How like each cluster stays to itself when customers are drawn anew: mean Jaccard similarity over the \
                   resamples, one dot per cluster (Hennig 2007). Below 0.75 a cluster is doubtful.",
            good: "0.75 and more is good",
            decimals: 2,
            values: Values::Dots(ks.iter().map(|&k| check(k).and_then(|c| dots(c.jaccard.as_ref()?))).collect()),
            best: tested.and_then(|c| c.stable.last().copied()),
            line: Some(0.75),
            ..Band::default()
        });
    }
    bands.push(Band {
        name: "Smallest cluster",
        hint: "Customers in the smallest cluster. Fewer than 1 % of all are perhaps outliers rather than a segment.",
        good: "customers",
        decimals: 0,
        values: simple(|r| Some(r.smallest as f64)),
        best: None,
        line: (n > 0).then_some(n as f64 / 100.0),
        ..Band::default()
    });
    let in_full = readings(search, checks);
    for band in &mut bands {
        band.reading = says::reading(band, &ks, search, checks, n, done);
        let line = in_full.iter().find(|r| Some(r.measure) == band.measure).map(|r| r.line.clone());
        band.in_full = line.unwrap_or_default();
    }
    let clustering = |k: usize| {
        let at = search.rows.iter().position(|r| r.k == k)?;
        search.clusterings.get(at)?.as_ref()
    };
    let sizes = ks.iter().map(|&k| clustering(k).map_or_else(Vec::new, |c| c.sizes.clone())).collect();
    let failed = ks.iter().map(|&k| row(k).and_then(|r| r.failed.clone())).collect();
    let about = Arc::new(about(&ks, &bands));
    Board { ks, bands, sizes, failed, about }
}

/// One value per cluster; NaN for a cluster of which nobody was drawn.
fn dots(jaccard: &[Option<f64>]) -> Option<Vec<f64>> {
    jaccard.iter().any(Option::is_some).then(|| jaccard.iter().map(|j| j.unwrap_or(f64::NAN)).collect())
}

/// Title and numbers of the picture.
fn about(ks: &[usize], bands: &[Band]) -> Chart {
    let numbers = |of: &dyn Fn(usize) -> Option<f64>| -> Vec<f64> {
        (0..ks.len()).map(|at| of(at).unwrap_or(f64::NAN)).collect()
    };
    let mut data = Data::default().number("k", ks.iter().map(|&k| k as f64).collect::<Vec<_>>());
    for band in bands {
        let name = band.name.to_lowercase().replace([' ', '-'], "_");
        match &band.values {
            Values::Curve(values) => {
                data = data.number(name.as_str(), numbers(&|at| band.values.main(at)));
                if values.iter().flatten().any(|(_, error)| error.is_some()) {
                    data = data.number(format!("{name}_error"), numbers(&|at| values[at]?.1));
                }
            }
            Values::Dots(values) => {
                let join = |all: &Option<Vec<f64>>| {
                    let all: Vec<String> = all.iter().flatten().map(f64::to_string).collect();
                    all.join(" ")
                };
                data = data.number(format!("{name}_of_the_least_stable"), numbers(&|at| band.values.main(at)));
                data = data.text(format!("{name}_per_cluster"), values.iter().map(join).collect());
            }
        }
    }
    Chart { title: "Criteria by number of clusters".into(), data, ..Chart::default() }
}
