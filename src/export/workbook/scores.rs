//! The part of the method sheet that says how customers were scored.

use rust_xlsxwriter::XlsxError;

use super::page::Page;
use crate::export::scoring::cell_name;
use crate::format;
use crate::pipeline::Findings;
use crate::rfm::{AxisScores, CutsFrom};

impl Page<'_> {
    /// Cut points, bins, and the map from scores to segments; nothing without scores.
    pub(super) fn scores(&mut self, findings: &Findings) -> Result<(), XlsxError> {
        let (rfm, choice) = (&findings.rfm, &findings.recipe.rfm);
        for (before, (axis, feature)) in rfm.scores.iter().zip(&rfm.customers.features).enumerate() {
            let sizes: Vec<String> = axis.sizes.iter().map(|&n| format::count(n)).collect();
            let cuts = match axis.from {
                CutsFrom::Quantiles => format!("cut points {}", list(&axis.cuts)),
                CutsFrom::Hand => format!("cut points {}, given by hand", list(&axis.cuts)),
                CutsFrom::Nested => format!("cut points within each {}", BEFORE[before]),
            };
            let text = format!("{cuts}; customers with score 1 to {}: {}", sizes.len(), sizes.join(" | "));
            self.pair(&format!("{} score", feature.label), &text)?;
            if axis.from == CutsFrom::Nested {
                self.cells(axis, &rfm.scores[..before])?;
            }
        }
        if rfm.scores.is_empty() {
            return Ok(());
        }
        self.pair("Rule", choice.score_cuts.hint())?;
        self.pair("Binning", &format!("{}: {}", choice.binning.label(), choice.binning.hint()))?;
        self.pair("Segment map", &rfm.map.title)?;
        for note in &rfm.map.notes {
            self.pair("About the map", note)?;
        }
        Ok(())
    }

    /// The cut points of a nested axis, a line per recency score; of cells without customers only what applies there.
    fn cells(&mut self, axis: &AxisScores, before: &[AxisScores]) -> Result<(), XlsxError> {
        let s = axis.sizes.len();
        let mut used = vec![false; axis.within.len()];
        for i in 0..axis.scores.len() {
            used[before.iter().fold(0, |cell, b| cell * s + usize::from(b.scores[i]) - 1)] = true;
        }
        let per_line = axis.within.len() / s;
        for r in 0..s {
            let cell = |i: usize| match per_line {
                1 => list(&axis.within[i]),
                _ => format!("{}: {}", cell_name(i, before.len(), s), list(&axis.within[i])),
            };
            let here = (r * per_line..(r + 1) * per_line).filter(|&i| used[i]);
            let text: Vec<String> = here.map(cell).collect();
            let text = if text.is_empty() { "nobody".into() } else { text.join("; ") };
            self.pair(&format!("    within recency {}", r + 1), &text)?;
        }
        match used.iter().position(|used| !used) {
            Some(empty) => self.pair("    where nobody is yet", &list(&axis.within[empty])),
            None => Ok(()),
        }
    }
}

/// What an axis is nested in.
const BEFORE: [&str; 3] = ["", "recency score", "recency and frequency score"];

fn list(cuts: &[f64]) -> String {
    cuts.iter().map(|&cut| format::short(cut)).collect::<Vec<_>>().join(" | ")
}
