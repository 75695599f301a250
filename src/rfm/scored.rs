//! From a table of customers to scores and segments, and what is to be said about them.

use std::sync::Arc;

use super::SegmentMap;
use super::score::{AxisScores, CutsFrom, score_all};
use super::tables::CustomerTable;
use crate::error::Result;
use crate::recipe::Rfm;

/// What a table is scored to.
#[derive(Debug)]
pub(super) struct Scored {
    pub scores: Vec<AxisScores>,
    pub map: Arc<SegmentMap>,
    pub segment: Vec<u8>,
    pub notes: Vec<String>,
}

/// Scores recency, frequency and (where the table has it) monetary, which are the table's first features, and looks up
/// each customer's segment.
///
/// # Errors
/// The recipe's segment map cannot be used.
pub(super) fn score(table: &CustomerTable, choice: &Rfm) -> Result<Scored> {
    let scores = score_all(table, choice);
    let map = SegmentMap::of(choice)?;
    let mut notes = Vec::new();
    let segment = match &scores[..] {
        [r, f, m] => (0..table.len()).map(|i| map.segment_of(r.scores[i], f.scores[i], m.scores[i])).collect(),
        [r, f] => {
            if map.needs_money() {
                notes.push(
                    "The table does not know what customers spent, so the frequency score stands in for the monetary score \
                     in the segment map."
                        .into(),
                );
            }
            r.scores.iter().zip(&f.scores).map(|(&r, &f)| map.segment_of(r, f, f)).collect()
        }
        _ => Vec::new(),
    };
    Ok(Scored { scores, map, segment, notes })
}

/// Says which scores nobody has, and why.
pub(super) fn empty_scores(table: &CustomerTable, scores: &[AxisScores]) -> Vec<String> {
    let mut out = Vec::new();
    for (feature, axis) in table.features.iter().zip(scores) {
        let empty: Vec<String> =
            axis.sizes.iter().enumerate().filter(|(_, n)| **n == 0).map(|(i, _)| (i + 1).to_string()).collect();
        if !empty.is_empty() {
            let (value, ties) = most_frequent(&feature.values);
            let why = if axis.from == CutsFrom::Hand {
                "nobody lies between the cut points that you gave".into()
            } else if axis.from == CutsFrom::Nested {
                "it is ranked within cells of equal earlier scores, and small or tied cells do not fill every score"
                    .into()
            } else if ties > 1 {
                format!(
                    "{} customers share the value {}, and equal values get equal scores",
                    crate::format::count(ties),
                    crate::format::short(value)
                )
            } else {
                "there are fewer customers than scores".into()
            };
            out.push(format!(
                "No customer has the {} score {}: {why}.",
                feature.label.to_lowercase(),
                empty.join(", ")
            ));
        }
    }
    out
}

/// The value that occurs most often, the smallest of equals, and how often.
fn most_frequent(values: &[f64]) -> (f64, usize) {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let runs = sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len()));
    runs.fold((f64::NAN, 0), |best, run| if run.1 > best.1 { run } else { best })
}
