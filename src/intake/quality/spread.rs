//! Checks that compare the values of a column with each other: outliers, gaps, spellings.

use std::collections::HashMap;

use rayon::prelude::*;

use super::PER_TICK;
use super::checks::{Found, count};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::intake::{Column, dates, names};

/// Numbers beyond Tukey's outer fences: more than three interquartile ranges below the lower or above the upper
/// quartile (Tukey 1977, Exploratory Data Analysis). Quartiles interpolate linearly, as in pandas. Where half of all
/// values are equal the range is zero and nothing is called far out.
pub(super) fn outliers(column: &Column, ctx: &Ctx) -> Result<Option<Found>> {
    let rule = column.missing_rule();
    let numbers =
        column.per_value(ctx, |t| if rule.is_missing(t) { f64::NAN } else { column.number(t).unwrap_or(f64::NAN) })?;
    let mut sorted: Vec<(f64, u64)> = numbers
        .iter()
        .zip(&column.counts)
        .filter(|(n, c)| n.is_finite() && **c > 0)
        .map(|(n, c)| (*n, u64::from(*c)))
        .collect();
    ctx.tick(1, 2)?;
    sorted.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: u64 = sorted.iter().map(|(_, n)| n).sum();
    if total < 20 {
        return Ok(None);
    }
    let at = |position: u64| {
        let mut seen = 0;
        sorted
            .iter()
            .find(|(_, n)| {
                seen += n;
                seen > position
            })
            .map_or(f64::NAN, |(number, _)| *number)
    };
    let quantile = |share: f64| {
        let position = (total - 1) as f64 * share;
        let (below, part) = (position.floor(), position.fract());
        let low = at(below as u64);
        if part > 0.0 { low + (at(below as u64 + 1) - low) * part } else { low }
    };
    let (lower, upper) = (quantile(0.25), quantile(0.75));
    let range = upper - lower;
    if range.is_nan() || range <= 0.0 {
        return Ok(None);
    }
    let (low, high) = (lower - 3.0 * range, upper + 3.0 * range);
    let codes: Vec<bool> = numbers.iter().map(|n| *n < low || *n > high).collect();
    let rows = count(column, &codes);
    let text = format!(
        "{} far from the rest: below {} or above {} (three interquartile ranges beyond the quartiles).",
        format::plural(rows, "row is", "rows are"),
        format::short(low),
        format::short(high)
    );
    Ok((rows > 0).then_some(Found { text, rows, codes }))
}

/// The longest time without a row, if it is at least 30 days and ten times as long as the middle one. It counts no row.
pub(super) fn gap(column: &Column, days: impl Iterator<Item = Option<i32>>) -> Option<Found> {
    let mut days: Vec<i32> = days.zip(&column.counts).filter(|(_, n)| **n > 0).filter_map(|(day, _)| day).collect();
    days.sort_unstable();
    days.dedup();
    let mut gaps: Vec<(i32, i32)> = days.windows(2).map(|w| (w[1] - w[0], w[0])).collect();
    if gaps.len() < 10 {
        return None;
    }
    gaps.sort_unstable();
    let (length, from) = *gaps.last()?;
    let middle = gaps[gaps.len() / 2].0;
    let text = format!(
        "No row for {} days between {} and {}; look whether a part of the data is missing.",
        format::count(length as usize - 1),
        dates::date_of(from),
        dates::date_of(from + length)
    );
    (length >= 30 && length >= 10 * middle).then(|| Found { text, rows: 0, codes: vec![false; column.dict.len()] })
}

/// What a text is in essence: its words in order, each once, without case, accents and punctuation. The method
/// "fingerprint" of OpenRefine.
fn fingerprint(text: &str) -> String {
    let folded = names::fold(text);
    let mut words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// Rows whose text has a more common spelling.
pub(super) fn spellings(column: &Column, ctx: &Ctx) -> Result<Option<Found>> {
    let rule = column.missing_rule();
    let prints = column.per_value(ctx, |t| if rule.is_missing(t) { String::new() } else { fingerprint(t) })?;
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for (code, print) in prints.iter().enumerate() {
        if code.is_multiple_of(PER_TICK) {
            ctx.tick(code, prints.len())?;
        }
        if !print.is_empty() && column.counts[code] > 0 {
            groups.entry(print).or_default().push(code);
        }
    }
    let mut codes = vec![false; prints.len()];
    let mut several = 0;
    for group in groups.values().filter(|g| g.len() > 1) {
        let text = |code: usize| column.dict.get(code as u32);
        let best = group.iter().copied().min_by_key(|&c| (std::cmp::Reverse(column.counts[c]), text(c)));
        several += 1;
        group.iter().filter(|&&c| Some(c) != best).for_each(|&c| codes[c] = true);
    }
    let rows = count(column, &codes);
    let text = format!(
        "{} unlike a more common spelling of the same words (case, spaces, accents, punctuation or order differ), in {}.",
        format::plural(rows, "row is written", "rows are written"),
        format::plural(several, "group", "groups"),
    );
    Ok((rows > 0).then_some(Found { text, rows, codes }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_share_a_fingerprint() {
        assert_eq!(fingerprint(" Café,  NOIR"), fingerprint("noir cafe"));
        assert_ne!(fingerprint("cafe noir 2"), fingerprint("cafe noir"));
    }
}
