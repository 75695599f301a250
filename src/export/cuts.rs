//! `cuts.csv`: the stretch of values that each score stands for.

use std::rc::Rc;

use super::tables::Grid;
use crate::pipeline::Findings;
use crate::recipe::ScoreCuts;

/// One score of one axis, among everybody or, nested, among those with some scores on the axes before.
struct Cut<'a> {
    axis: &'a str,
    /// The recency and frequency score that it holds within; `None` for all.
    within: [Option<u64>; 2],
    score: u64,
    /// NaN where there is no bound.
    from: f64,
    to: f64,
    customers: u64,
}

/// One row per axis, cell and score, by score ascending: from what value to what value it goes, whether a value equal to
/// the bound belongs to it, and how many customers have it. Bounds are in the feature's unit; the lowest has no `from`, the
/// highest no `to`. Where axes are nested, `r_score` and `f_score` say within which scores the row holds. Without rows for
/// a table that has no scores.
pub(super) fn grid(findings: &Findings) -> Grid<'_> {
    let cuts = Rc::new(cuts(findings));
    let upper = findings.recipe.rfm.score_cuts == ScoreCuts::Quantile;
    let mut grid = Grid::new(cuts.len());
    let of = cuts.clone();
    grid.text("axis", move |row| of[row].axis);
    for (i, name) in ["r_score", "f_score"].into_iter().enumerate() {
        let of = cuts.clone();
        grid.whole(name, move |row| of[row].within[i]);
    }
    let of = cuts.clone();
    grid.whole("score", move |row| Some(of[row].score));
    let of = cuts.clone();
    grid.number("from", move |row| of[row].from);
    let of = cuts.clone();
    grid.number("to", move |row| of[row].to);
    let of = cuts.clone();
    grid.flag("from_included", move |row| !upper || of[row].from.is_nan());
    let of = cuts.clone();
    grid.flag("to_included", move |row| upper || of[row].to.is_nan());
    grid.whole("customers", move |row| Some(cuts[row].customers));
    grid
}

fn cuts(findings: &Findings) -> Vec<Cut<'_>> {
    let axes = &findings.rfm.scores;
    let mut out = Vec::new();
    for (before, (axis, feature)) in axes.iter().zip(&findings.rfm.customers.features).enumerate() {
        let scores = axis.sizes.len();
        let nested = !axis.within.is_empty();
        let cells = if nested { axis.within.len() } else { 1 };
        // Customers by cell and score.
        let mut customers = vec![0u64; cells * scores];
        for (row, &score) in axis.scores.iter().enumerate() {
            let earlier = axes[..before].iter().filter(|_| nested);
            let cell = earlier.fold(0, |cell, axis| cell * scores + usize::from(axis.scores[row]) - 1);
            customers[cell * scores + usize::from(score) - 1] += 1;
        }
        for cell in 0..cells {
            let cuts = if nested { &axis.within[cell] } else { &axis.cuts };
            let digit = |axis: usize| (cell / scores.pow((before - 1 - axis) as u32) % scores + 1) as u64;
            let within = [0, 1].map(|axis| (nested && axis < before).then(|| digit(axis)));
            for score in 1..=scores {
                // Little recency is good: its highest score is the lowest stretch.
                let stretch = if before == 0 { scores - score } else { score - 1 };
                let bound = |at: Option<usize>| at.and_then(|at| cuts.get(at)).copied().unwrap_or(f64::NAN);
                out.push(Cut {
                    axis: &feature.name,
                    within,
                    score: score as u64,
                    from: bound(stretch.checked_sub(1)),
                    to: bound(Some(stretch)),
                    customers: customers[cell * scores + score - 1],
                });
            }
        }
    }
    out
}
