//! `segments.csv`: one row per cluster.

use super::tables::Grid;
use crate::pipeline::Findings;
use crate::profile::FeatureSummary;
use crate::rfm::Unit;

/// A number of a cluster's feature.
type Statistic = fn(&FeatureSummary) -> f64;

/// Clusters in canonical order, last those in none as number 0, with their sizes, shares (0–1), and the mean, quartiles
/// (type 7) and standardised difference of every feature.
pub(super) fn grid(findings: &Findings) -> Grid<'_> {
    let profiles = findings.profiles.as_slice();
    let mut grid = Grid::new(profiles.len());
    grid.whole("cluster", |row| Some(profiles[row].number as u64));
    grid.text("segment", |row| &profiles[row].name);
    grid.whole("customers", |row| Some(profiles[row].customers as u64));
    grid.number("share_of_customers", |row| profiles[row].share_of_customers);
    grid.number("revenue", |row| profiles[row].revenue);
    grid.number("share_of_revenue", |row| profiles[row].share_of_revenue);
    let statistics: [(&str, Statistic); 5] = [
        ("mean", |f| f.mean),
        ("q1", |f| f.q1),
        ("median", |f| f.median),
        ("q3", |f| f.q3),
        ("difference", |f| f.difference),
    ];
    let features = findings.rfm.customers.features.iter().enumerate();
    for (at, feature) in features.filter(|(_, f)| f.unit != Unit::Words) {
        for (name, of) in statistics {
            grid.number(format!("{}_{name}", feature.name), move |row| {
                profiles[row].features.get(at).map_or(f64::NAN, of)
            });
        }
    }
    grid.text("description", |row| &profiles[row].description);
    grid.text("action", |row| &profiles[row].action);
    grid.text("channel", |row| &profiles[row].channel);
    grid
}
