//! Statistics of every column.

use rayon::prelude::*;

use super::columns::{columns, load};
use super::distribution::Distribution;
use super::values::{Col, NONE, Numbers, Words};
use super::view::View;
use super::{Source, Subject, Summary, SummaryKind};
use crate::ctx::Ctx;
use crate::error::Result;

/// Bars of the small histogram.
const SPARK: usize = 24;

/// Statistics of every column of a source, in its order.
pub(super) fn summaries(subject: &Subject, source: Source, ctx: &Ctx) -> Result<Vec<Summary>> {
    let view = View::of(subject, source);
    let one = |info: super::ColumnInfo| match load(&view, &info.name, ctx)? {
        Col::Numbers(numbers) => of_numbers(&view, &numbers, ctx),
        Col::Words(words) => of_words(&view, &words, ctx),
    };
    columns(subject, source).into_par_iter().map(one).collect()
}

fn of_numbers(view: &View, numbers: &Numbers, ctx: &Ctx) -> Result<Summary> {
    let d = numbers.distribution(view, None, ctx)?;
    let m = d.moments();
    let info = &numbers.info;
    Ok(Summary {
        name: info.name.clone(),
        label: info.label.clone(),
        definition: info.definition.clone(),
        kind: info.kind,
        count: d.count(),
        missing: view.len() - d.count(),
        distinct: d.distinct(),
        mean: m.mean,
        sd: m.sd,
        min: d.min(),
        q25: d.quantile(0.25),
        median: d.quantile(0.5),
        q75: d.quantile(0.75),
        max: d.max(),
        skew: m.skew,
        // Days cannot be added up.
        sum: if numbers.is_date() || d.count() == 0 { f64::NAN } else { m.sum },
        top: None,
        spark: spark(&d),
    })
}

fn of_words(view: &View, words: &Words, ctx: &Ctx) -> Result<Summary> {
    let counts = words.counts(view, None, ctx)?;
    let count: usize = counts.par_iter().map(|&n| n as usize).sum();
    let top = (0..counts.len() as u32).filter(|&c| counts[c as usize] > 0).fold(NONE, |best, code| {
        let better = best == NONE
            || counts[code as usize] > counts[best as usize]
            || (counts[code as usize] == counts[best as usize] && words.by_name(code, best).is_lt());
        if better { code } else { best }
    });
    let none = f64::NAN;
    Ok(Summary {
        name: words.info.name.clone(),
        label: words.info.label.clone(),
        definition: words.info.definition.clone(),
        kind: SummaryKind::Words,
        count,
        missing: view.len() - count,
        distinct: counts.par_iter().filter(|&&n| n > 0).count(),
        mean: none,
        sd: none,
        min: none,
        q25: none,
        median: none,
        q75: none,
        max: none,
        skew: none,
        sum: none,
        top: (top != NONE).then(|| (words.name(top).to_string(), counts[top as usize] as usize)),
        spark: Vec::new(),
    })
}

/// Rows per stretch between the 1 % and the 99 % quantile; what lies beyond counts in the outermost ones, as a few
/// extreme values would leave nothing to see.
fn spark(d: &Distribution) -> Vec<u32> {
    let (low, high) = (d.quantile(0.01), d.quantile(0.99));
    if d.count() == 0 || low == high {
        return if d.count() == 0 { Vec::new() } else { vec![d.count() as u32] };
    }
    let mut below: Vec<usize> = (0..=SPARK).map(|i| d.below(low + (high - low) * i as f64 / SPARK as f64)).collect();
    (below[0], below[SPARK]) = (0, d.count());
    below.windows(2).map(|w| (w[1] - w[0]) as u32).collect()
}
