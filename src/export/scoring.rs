//! How customers were scored and what became of them between two dates, for `summary.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::migration::{GONE, NEW, in_order, name};
use crate::exact::ExactSum;
use crate::pipeline::Findings;
use crate::rfm::{CutsFrom, Migration, Movement, up_or_down};

/// The scores and the segment map in force.
#[derive(Serialize)]
pub(super) struct Scoring<'a> {
    /// Name of a map that comes with the program; `own` for the user's.
    map: &'a str,
    title: &'a str,
    /// Which scores the map goes by: `rf`, `r_fm` or `rfm`.
    axes: &'a str,
    segments: usize,
    /// What is to be said about the map: overlaps, names that nothing leads to.
    notes: &'a [String],
    /// Scores per axis.
    scores: u32,
    binning: &'a str,
    score_cuts: &'a str,
}

impl Scoring<'_> {
    /// `None` without scores.
    pub fn of(findings: &Findings) -> Option<Scoring<'_>> {
        let (choice, map) = (&findings.recipe.rfm, &findings.rfm.map);
        (!findings.rfm.scores.is_empty()).then(|| Scoring {
            map: map_name(findings),
            title: &map.title,
            axes: map.axes().name(),
            segments: map.segments.len(),
            notes: &map.notes,
            scores: choice.scores,
            binning: choice.binning.name(),
            score_cuts: choice.score_cuts.name(),
        })
    }
}

/// The map's name in recipes, `own` for the user's.
pub(super) fn map_name(findings: &Findings) -> &str {
    if findings.recipe.rfm.own_map.is_some() { "own" } else { &findings.recipe.rfm.map }
}

/// The scores of one axis.
#[derive(Serialize)]
pub(super) struct Axis<'a> {
    feature: &'a str,
    /// Where the cut points come from: `quantiles`, `nested` or `given`.
    cuts_from: &'static str,
    /// Ascending, in the feature's unit; empty where they differ by cell, see [`Axis::within`].
    cuts: &'a [f64],
    /// Nested axes: the cut points by the scores on the axes before, for example `5` or `5-1`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    within: BTreeMap<String, &'a [f64]>,
    /// Customers with score 1, 2, …
    customers: &'a [usize],
}

impl Axis<'_> {
    pub fn all(findings: &Findings) -> Vec<Axis<'_>> {
        let axes = findings.rfm.scores.iter().zip(&findings.rfm.customers.features);
        axes.enumerate()
            .map(|(before, (axis, feature))| Axis {
                feature: &feature.name,
                cuts_from: axis.from.name(),
                cuts: &axis.cuts,
                within: match axis.from {
                    CutsFrom::Nested => {
                        let cells = axis.within.iter().enumerate();
                        cells.map(|(cell, cuts)| (cell_name(cell, before, axis.sizes.len()), &cuts[..])).collect()
                    }
                    CutsFrom::Quantiles | CutsFrom::Hand => BTreeMap::new(),
                },
                customers: &axis.sizes,
            })
            .collect()
    }
}

/// The scores on the axes before, by the place of a cell: `5`, or `5-1` for recency 5 and frequency 1.
pub(super) fn cell_name(cell: usize, before: usize, scores: usize) -> String {
    let score = |axis: usize| (cell / scores.pow((before - 1 - axis) as u32) % scores + 1).to_string();
    (0..before).map(score).collect::<Vec<_>>().join("-")
}

/// Who moved between two dates.
#[derive(Serialize)]
pub(super) struct Moves<'a> {
    from_date: String,
    to_date: String,
    cells: Vec<Cell<'a>>,
    /// Customers and revenue by where they went: `moved_up`, `slipping`, `level`, `new` and `gone`.
    #[serde(flatten)]
    movements: BTreeMap<&'static str, Sum>,
    /// What the order of segments goes by: `map` or `monetary`.
    ranked_by: &'static str,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Cell<'a> {
    from_segment: &'a str,
    to_segment: &'a str,
    customers: usize,
    revenue: f64,
    movement: &'static str,
}

#[derive(Serialize)]
struct Sum {
    customers: usize,
    revenue: f64,
}

impl Moves<'_> {
    pub fn of(migration: &Migration) -> Moves<'_> {
        let lists = up_or_down(migration);
        let sum = |movement: Movement| {
            let list = lists.of(movement);
            let revenue: ExactSum = list.iter().map(|&i| migration.customers[i as usize].revenue()).collect();
            (movement.name(), Sum { customers: list.len(), revenue: revenue.value() })
        };
        Moves {
            from_date: migration.from.to_string(),
            to_date: migration.to.to_string(),
            cells: in_order(migration)
                .into_iter()
                .map(|cell| Cell {
                    from_segment: name(&migration.map, cell.from, NEW),
                    to_segment: name(&migration.map, cell.to, GONE),
                    customers: cell.customers,
                    revenue: cell.revenue,
                    movement: migration.ranks.movement(cell.from, cell.to).name(),
                })
                .collect(),
            movements: Movement::ALL.into_iter().map(sum).collect(),
            ranked_by: if migration.ranks.stated { "map" } else { "monetary" },
            notes: &migration.notes,
        }
    }
}
