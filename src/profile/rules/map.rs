//! The segments of a map as rules: ranges of recency and frequency scores, said with the values that have them.

use super::round::roundest;
use super::sentence::{Manner, Speech, sentence};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::profile::{Condition, Profile, Rule, Rules};
use crate::rfm::RfmOut;
use crate::rfm::score::AxisScores;

/// Rules for the segments of the map, whose profiles are `segments`: rectangles of recency × frequency scores. No rules,
/// but words that say why, where the map goes by more than these two or where scores are ranked within cells.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub(in crate::profile) fn of_map(
    rfm: &RfmOut,
    segments: &[Profile],
    currency: Option<&str>,
    ctx: &Ctx,
) -> Result<Rules> {
    let silent = |words: &str| Ok(Rules { words: words.into(), ..Rules::default() });
    let (Some(r), Some(f)) = (rfm.scores.first(), rfm.scores.get(1)) else { return Ok(Rules::default()) };
    if rfm.map.needs_money() {
        return silent(
            "The map goes by all three scores together, which no short sentence says; its codes are in the map.",
        );
    }
    if !r.within.is_empty() || !f.within.is_empty() {
        return silent(
            "Frequency is ranked among customers of one recency score, so that no single range of values is a segment.",
        );
    }
    let features = &rfm.customers.features;
    let axes = [Axis::of(r, &features[0].values, true), Axis::of(f, &features[1].values, false)];
    ctx.tick(1, 3)?;
    let s = r.sizes.len();
    // Customers per cell: recency bin, then frequency bin, counted from the smallest values.
    let mut cells = vec![0usize; s * s];
    for (&r, &f) in r.scores.iter().zip(&f.scores) {
        cells[(s - usize::from(r)) * s + usize::from(f) - 1] += 1;
    }
    ctx.tick(2, 3)?;
    let speech = [Speech::of(&features[0]), Speech::of(&features[1])];
    let manner = Manner { frequency_of: rfm.frequency_of, currency };
    let mut rules = Vec::new();
    for (place, profile) in segments.iter().enumerate() {
        let Some(index) = rfm.map.segments.iter().position(|segment| segment.name == profile.name) else { continue };
        let own = |r: usize, f: usize| rfm.map.cell((s - r) as u8, f as u8 + 1) == Some(index as u8);
        for [r, f] in rectangles(s, own) {
            let customers: usize =
                (r[0]..=r[1]).flat_map(|i| (f[0]..=f[1]).map(move |j| i * s + j)).map(|cell| cells[cell]).sum();
            if customers == 0 {
                continue;
            }
            let bounds = axes.iter().zip([r, f]).zip(&features[..2]);
            let conditions: Vec<Condition> = bounds
                .map(|((axis, bins), feature)| {
                    let (least, most) = axis.bounds(bins);
                    Condition { feature: feature.name.clone(), least, most, word: None }
                })
                .filter(|c| c.least.is_some() || c.most.is_some())
                .collect();
            rules.push(Rule {
                segment: place,
                sentence: sentence(&conditions, &speech, manner),
                conditions,
                customers,
                right: customers,
                precision: 1.0,
                coverage: customers as f64 / profile.customers.max(1) as f64,
            });
        }
    }
    rules.sort_by(|a, b| a.segment.cmp(&b.segment).then(b.customers.cmp(&a.customers)));
    let words = "The segments of the map are ranges of scores; said with the values that have these scores, the rules \
                 hold for every customer."
        .to_string();
    Ok(Rules { rules, fidelity: 1.0, words, without: Vec::new() })
}

/// The least and the largest value in each bin, from the smallest values up; `None` for empty bins.
struct Axis(Vec<Option<(f64, f64)>>);

impl Axis {
    fn of(axis: &AxisScores, values: &[f64], low_is_good: bool) -> Axis {
        let s = axis.sizes.len();
        let mut bins: Vec<Option<(f64, f64)>> = vec![None; s];
        for (&score, &value) in axis.scores.iter().zip(values) {
            let bin = if low_is_good { s - usize::from(score) } else { usize::from(score) - 1 };
            let (low, high) = bins[bin].unwrap_or((value, value));
            bins[bin] = Some((low.min(value), high.max(value)));
        }
        Axis(bins)
    }

    /// Bounds that hold for exactly the values in these bins; `None` where there is nothing beyond.
    fn bounds(&self, [from, to]: [usize; 2]) -> (Option<f64>, Option<f64>) {
        let largest = |bins: &[Option<(f64, f64)>]| bins.iter().flatten().map(|b| b.1).reduce(f64::max);
        let least = |bins: &[Option<(f64, f64)>]| bins.iter().flatten().map(|b| b.0).reduce(f64::min);
        let between = |low: Option<f64>, high: Option<f64>| Some(roundest(&[low?, high?], low?, high?, 0));
        (
            between(largest(&self.0[..from]), least(&self.0[from..])),
            between(largest(&self.0[..=to]), least(&self.0[to + 1..])),
        )
    }
}

/// The cells of an s × s grid that are `own`, as few rectangles as taking the largest first leads to.
fn rectangles(s: usize, own: impl Fn(usize, usize) -> bool) -> Vec<[[usize; 2]; 2]> {
    let mut open: Vec<bool> = (0..s * s).map(|cell| own(cell / s, cell % s)).collect();
    let ranges: Vec<[usize; 2]> = (0..s).flat_map(|from| (from..s).map(move |to| [from, to])).collect();
    let mut out = Vec::new();
    while open.contains(&true) {
        let mut best: Option<(usize, [[usize; 2]; 2])> = None;
        for &a in &ranges {
            for &b in &ranges {
                let size = (a[1] - a[0] + 1) * (b[1] - b[0] + 1);
                let all = || (a[0]..=a[1]).all(|i| open[i * s + b[0]..=i * s + b[1]].iter().all(|o| *o));
                if best.is_none_or(|(most, _)| size > most) && all() {
                    best = Some((size, [a, b]));
                }
            }
        }
        // An open cell is a rectangle itself.
        let Some((_, rectangle)) = best else { break };
        let [a, b] = rectangle;
        (a[0]..=a[1]).for_each(|i| open[i * s + b[0]..=i * s + b[1]].fill(false));
        out.push(rectangle);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_is_in_exactly_one_rectangle() {
        for mask in 0u32..512 {
            let own = |i: usize, j: usize| mask >> (i * 3 + j) & 1 == 1;
            let found = rectangles(3, own);
            for (i, j) in (0..9).map(|cell| (cell / 3, cell % 3)) {
                let within = |[a, b]: &&[[usize; 2]; 2]| (a[0]..=a[1]).contains(&i) && (b[0]..=b[1]).contains(&j);
                assert_eq!(found.iter().filter(within).count(), usize::from(own(i, j)), "{mask:b} {i} {j}");
            }
        }
        assert_eq!(rectangles(5, |_, _| true), [[[0, 4], [0, 4]]]);
    }
}
