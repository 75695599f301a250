//! The customers as points: coordinates, clusters, and which of them are drawn.

use egui_plot::PlotPoint;
use rand::SeedableRng;
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::app::Axes;
use crate::pipeline::Findings;
use crate::rfm::Unit;
use crate::rfm::score::quantile;

/// Beyond this many, a subset with a fixed seed is drawn.
pub const MOST_POINTS: usize = 20_000;
const SEED: u64 = 20_000;

/// Points to draw; all vectors have one entry per drawn customer.
pub struct Cloud {
    /// Places in the customer table, ascending.
    pub customers: Vec<u32>,
    pub clusters: Vec<u32>,
    /// Coordinates; the third is zero in two dimensions.
    pub at: Vec<[f64; 3]>,
    /// Drawn or not.
    pub total: usize,
    /// Radius of the ball around the origin that holds all but the furthest hundredth: what a turning view
    /// has to show. A few giants must not shrink everyone else.
    pub reach: f64,
}

impl Cloud {
    /// The points of `findings` on `axes`.
    pub fn new(findings: &Findings, axes: Axes) -> Cloud {
        let total = findings.rfm.customers.len();
        let customers: Vec<u32> = if total <= MOST_POINTS {
            (0..total as u32).collect()
        } else {
            let mut random = Xoshiro256PlusPlus::seed_from_u64(SEED);
            let mut picked: Vec<u32> =
                rand::seq::index::sample(&mut random, total, MOST_POINTS).into_iter().map(|i| i as u32).collect();
            picked.sort_unstable();
            picked
        };
        let labels = &findings.chosen.clustering.labels;
        let at: Vec<[f64; 3]> = customers.iter().map(|&c| place(findings, axes, c as usize)).collect();
        let mut radii: Vec<f64> = at.iter().map(|p| p.iter().map(|v| v * v).sum::<f64>().sqrt()).collect();
        radii.sort_unstable_by(f64::total_cmp);
        let reach = quantile(&radii, 0.99);
        let clusters = customers.iter().map(|&c| labels[c as usize]).collect();
        Cloud { customers, clusters, at, total, reach }
    }
}

/// Points per cluster, those selected apart from the rest; in two dimensions.
pub struct Split {
    pub rest: Vec<Vec<PlotPoint>>,
    pub picked: Vec<Vec<PlotPoint>>,
}

impl Split {
    /// Splits `cloud` by cluster and by membership in `selected` (ascending).
    pub fn new(cloud: &Cloud, clusters: usize, selected: &[u32]) -> Split {
        let mut split = Split { rest: vec![Vec::new(); clusters], picked: vec![Vec::new(); clusters] };
        for ((&customer, &cluster), at) in cloud.customers.iter().zip(&cloud.clusters).zip(&cloud.at) {
            let side = if selected.binary_search(&customer).is_ok() { &mut split.picked } else { &mut split.rest };
            side[cluster as usize].push(PlotPoint::new(at[0], at[1]));
        }
        split
    }
}

/// Whether a feature is drawn on a logarithmic axis: counts and money have long tails, days have not.
pub fn is_log(findings: &Findings, feature: usize) -> bool {
    matches!(findings.rfm.customers.features[feature].unit, Unit::Count | Unit::Money)
}

fn place(findings: &Findings, axes: Axes, customer: usize) -> [f64; 3] {
    let scores = &findings.pca.scores;
    let component = |i: usize| if i < scores.ncols() { scores[(customer, i)] } else { 0.0 };
    let feature = |i: usize| {
        let f = &findings.rfm.customers.features[i];
        let v = f.values[customer];
        // The sign survives: where nothing is set aside, net spend may be negative.
        if is_log(findings, i) { v.signum() * v.abs().ln_1p() } else { v }
    };
    match axes {
        Axes::Pca2 => [component(0), component(1), 0.0],
        Axes::Pca3 => [component(0), component(1), component(2)],
        Axes::Features(x, y) => [feature(x), feature(y), 0.0],
    }
}
