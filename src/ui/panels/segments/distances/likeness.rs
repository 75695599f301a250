//! Which cluster is most like which, and in what they differ all the same.

use ndarray::Array2;

use crate::format;
use crate::pipeline::Findings;
use crate::ui::panels::segments::common;
use crate::ui::panels::segments::components::labels;

/// Features named.
const NAMED: usize = 3;
/// Smaller differences in standard deviations are not worth naming.
const WORTH: f64 = 0.15;

/// A cluster and its nearest neighbour.
pub struct Likeness {
    pub nearest: usize,
    pub distance: f64,
    /// Labels of features and how much higher the cluster is than its neighbour, in standard deviations of everyone;
    /// the largest first.
    pub differences: Vec<(String, f64)>,
}

/// One per cluster; empty where there are fewer than two.
pub fn of_each(findings: &Findings, distances: &Array2<f64>) -> Vec<Likeness> {
    let k = distances.nrows();
    if k < 2 {
        return Vec::new();
    }
    let labels = labels(findings);
    let places: Vec<Option<usize>> = findings
        .matrix
        .columns
        .iter()
        .map(|c| findings.rfm.customers.features.iter().position(|f| f.name == c.name))
        .collect();
    let difference = |cluster: usize, column: usize| {
        let profile = findings.profiles.get(cluster)?;
        places[column].and_then(|at| profile.features.get(at)).map(|f| f.difference)
    };
    (0..k)
        .map(|of| {
            let others = (0..k).filter(|c| *c != of);
            let nearest = others.min_by(|&a, &b| distances[[of, a]].total_cmp(&distances[[of, b]])).unwrap_or(of);
            let mut differences: Vec<(String, f64)> = labels
                .iter()
                .enumerate()
                .filter_map(|(j, label)| Some((label.clone(), difference(of, j)? - difference(nearest, j)?)))
                .collect();
            differences.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
            Likeness { nearest, distance: distances[[of, nearest]], differences }
        })
        .collect()
}

impl Likeness {
    /// "Most like Loyal customers, 1.42 apart: recency 0.9 lower, monetary 0.4 higher."
    pub fn says(&self, findings: &Findings) -> String {
        let parts: Vec<String> = self
            .differences
            .iter()
            .filter(|(_, d)| d.abs() >= WORTH)
            .take(NAMED)
            .map(|(label, d)| {
                let side = if *d > 0.0 { "higher" } else { "lower" };
                format!("{} {} {side}", label.to_lowercase(), format::number(d.abs(), 1))
            })
            .collect();
        let differs = match parts.is_empty() {
            true => "hardly different in any single feature".to_string(),
            false => parts.join(", "),
        };
        let name = common::name(findings, self.nearest);
        format!("Most like {name}, {} apart: {differs}.", format::number(self.distance, 2))
    }
}
