//! Values that lie far from the others, or from those of their own group.

use rayon::prelude::*;

use super::bins::Bins;
use super::columns::{numbers, words};
use super::distribution::Distribution;
use super::sort::sorted_parts;
use super::values::{NONE, Numbers, Words};
use super::view::{Selected, View, chunks};
use super::words::{axis, note, say};
use super::{FarRule, Source, Subject};
use crate::chart::{Axis, Bar, Chart, Data, Ink, Marks, Numbers as Format, Rule, Scale};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::{count, percent};

const BINS: u32 = 60;
/// A robust z-score beyond this is far (Iglewicz and Hoaglin 1993).
const FAR_Z: f64 = 3.5;
/// The median absolute deviation of a normal distribution, in standard deviations.
const MAD_OF_NORMAL: f64 = 0.6745;
/// One over the mean absolute deviation of a normal distribution, in standard deviations.
const MEAN_OF_NORMAL: f64 = 1.253_314;
/// Fewer values do not say what is usual in a group.
const SMALLEST_GROUP: usize = 10;

/// What outliers are asked for.
pub(super) struct Wanted<'q> {
    pub source: Source,
    pub column: &'q str,
    pub rule: FarRule,
    pub by: Option<&'q str>,
}

/// From where to where values are usual.
type Usual = (f64, f64);

/// What counts as far.
enum Judge<'a> {
    /// For all values alike; whether the mean deviation had to stand in.
    All { usual: Usual, by_mean: bool },
    /// By code of a column of words; `None` for groups that are too small.
    Groups { words: Box<Words<'a>>, usual: Vec<Option<Usual>>, small: usize, rows_small: usize, far: Distribution },
}

impl Judge<'_> {
    #[inline]
    fn is_far(&self, view: &View, place: usize, value: f64) -> bool {
        let beyond = |(low, high): Usual| value < low || value > high;
        match self {
            Judge::All { usual, .. } => beyond(*usual),
            Judge::Groups { words, usual, .. } => match words.at(view, place) {
                NONE => false,
                code => usual[code as usize].is_some_and(beyond),
            },
        }
    }
}

/// Usual values by the robust z-score. Where more than half of the values are equal, the mean absolute deviation stands
/// in for the median one, as Iglewicz and Hoaglin propose.
fn by_robust_z(d: &Distribution, ctx: &Ctx) -> Result<(Usual, bool)> {
    let center = d.quantile(0.5);
    let away = d.distances(center, ctx)?;
    let mad = away.quantile(0.5);
    let reach = if mad > 0.0 { FAR_Z * mad / MAD_OF_NORMAL } else { FAR_Z * MEAN_OF_NORMAL * away.moments().mean };
    Ok(((center - reach, center + reach), mad == 0.0))
}

fn by_quartiles(d: &Distribution) -> Usual {
    let (low, high) = (d.quantile(0.25), d.quantile(0.75));
    let reach = 1.5 * (high - low);
    (low - reach, high + reach)
}

/// `None`: groups are asked for, but by which column was not said.
fn judge<'a>(view: &View<'a>, q: &Wanted, numbers: &Numbers, d: &Distribution, ctx: &Ctx) -> Result<Option<Judge<'a>>> {
    Ok(Some(match q.rule {
        FarRule::Iqr => Judge::All { usual: by_quartiles(d), by_mean: false },
        FarRule::RobustZ => {
            let (usual, by_mean) = by_robust_z(d, ctx)?;
            Judge::All { usual, by_mean }
        }
        FarRule::ByGroup => {
            let Some(by) = q.by else { return Ok(None) };
            groups(view, words(view, by, ctx)?, numbers, d, ctx)?
        }
    }))
}

/// Code and rows of a group, what is usual in it, and its values beyond that with their rows.
type Group = (usize, usize, Option<Usual>, Vec<(f64, u32)>);

/// What is usual in each group. Group and rank of each value go into one number, so that one sort brings the values of
/// each group together, however many groups there are.
fn groups<'a>(view: &View<'a>, words: Words<'a>, numbers: &Numbers, d: &Distribution, ctx: &Ctx) -> Result<Judge<'a>> {
    let values: Vec<f64> = d.iter().map(|(v, _)| v).collect();
    let finder = d.finder();
    let ranks = numbers.mapped(|v| finder.number(v).map_or(f64::NAN, |rank| rank as f64));
    let keys = |range: std::ops::Range<usize>| {
        ctx.tick(range.start, 2 * view.len())?;
        let key = |place: usize| {
            let (code, rank) = (words.at(view, place), ranks.at(view, place));
            (code != NONE && !rank.is_nan()).then(|| u64::from(code) << 32 | rank as u64)
        };
        Ok(range.filter_map(key).collect::<Vec<u64>>())
    };
    let keys: Vec<Vec<u64>> = chunks(view.len()).map(keys).collect::<Result<_>>()?;
    let sorted = sorted_parts(keys, ctx)?.concat();
    let group = |run: &[u64]| {
        let code = (run[0] >> 32) as usize;
        if run.len() < SMALLEST_GROUP {
            return Ok((code, run.len(), None, Vec::new()));
        }
        let runs = run.chunk_by(|a, b| a == b).map(|same| (values[same[0] as u32 as usize], same.len() as u32));
        let own = Distribution::of_counts(runs, ctx)?;
        let usual = by_robust_z(&own, ctx)?.0;
        let far = own.iter().filter(|(v, _)| *v < usual.0 || *v > usual.1).collect();
        Ok((code, run.len(), Some(usual), far))
    };
    let runs: Vec<&[u64]> = sorted.chunk_by(|a, b| a >> 32 == b >> 32).collect();
    let found: Vec<Group> = runs.into_par_iter().map(group).collect::<Result<_>>()?;
    let mut usual = vec![None; words.len()];
    let (mut small, mut rows_small) = (0, 0);
    let far = Distribution::of_counts(found.iter().flat_map(|(.., far)| far.iter().copied()), ctx)?;
    for (code, rows, of, _) in found {
        usual[code] = of;
        if of.is_none() {
            small += 1;
            rows_small += rows;
        }
    }
    Ok(Judge::Groups { words: Box::new(words), usual, small, rows_small, far })
}

pub(super) fn outliers(subject: &Subject, q: &Wanted, selection: Option<&[u32]>, ctx: &Ctx) -> Result<Chart> {
    let view = View::of(subject, q.source);
    let numbers = numbers(&view, q.column, ctx)?;
    let mut chart = Chart { title: format!("Outliers of {}", numbers.info.label), ..Chart::default() };
    let empty = |why: String| Ok(Chart { marks: Marks::Empty(why), ..chart.clone() });
    if let Some(why) = view.why_empty() {
        return empty(why);
    }
    let d = numbers.distribution(&view, None, ctx)?;
    if d.count() == 0 {
        return empty("The column has no value that can be read as a number. Choose another one.".into());
    }
    let Some(judge) = judge(&view, q, &numbers, &d, ctx)? else {
        return empty("Choose the column whose groups the values are compared within.".into());
    };
    let far_among = |only: &Selected| {
        let far = |place: usize| {
            let value = numbers.at(&view, place);
            !value.is_nan() && judge.is_far(&view, place, value) && only.has(&view, place)
        };
        numbers.distribution_where(&view, &far, ctx)
    };
    let far = match &judge {
        Judge::All { usual, .. } => {
            Distribution::of_counts(d.iter().filter(|(v, _)| *v < usual.0 || *v > usual.1), ctx)?
        }
        Judge::Groups { far, .. } => far.clone(),
    };
    let bins = Bins::even(&d, BINS, numbers.whole, numbers.is_date());
    let (all_counts, far_counts) = (bins.counts(&d), bins.counts(&far));
    let selected = view.selected(selection, ctx)?;
    let part = match &selected {
        Some(selected) => {
            Some((bins.counts(&numbers.distribution(&view, Some(selected), ctx)?), bins.counts(&far_among(selected)?)))
        }
        None => None,
    };
    let say = |v: f64| say(v, &numbers.info, subject);
    let mut bars = Vec::new();
    for i in 0..bins.len() {
        let (n, out) = (all_counts[i], far_counts[i]);
        if n == 0 {
            continue;
        }
        let range = format!("{} to {}", say(bins.edges[i]), say(bins.edges[i + 1]));
        let tip = format!("{range}\n{}, {} of them far out", view.rows_in_words(n), count(out));
        let bar = |value: usize, selected: Option<usize>, ink| Bar {
            from: bins.edges[i],
            to: bins.edges[i + 1],
            value: value as f64,
            selected: selected.map(|n| n as f64),
            ink,
            tip: tip.clone(),
        };
        // Where a bin has both kinds, the far ones stand in front of all.
        if out < n {
            bars.push(bar(n, part.as_ref().map(|p| p.0[i]), Ink::Accent));
        }
        if out > 0 {
            bars.push(bar(out, part.as_ref().map(|p| p.1[i]), Ink::Warn));
        }
    }
    chart.note = note(said_of(&view, &judge, &d, &far, q, &say));
    chart.legend = vec![("Usual".into(), Ink::Accent), ("Far from the others".into(), Ink::Warn)];
    if let Judge::All { usual, .. } = &judge {
        let within = |at: &f64| (d.min()..=d.max()).contains(at);
        chart.rules = [usual.0, usual.1].into_iter().filter(within).map(|at| Rule { at, label: say(at) }).collect();
    }
    chart.x = axis(&numbers, bins.edges[0], bins.edges[bins.len()], false, subject);
    // A few values far out would be invisible beside the many.
    let highest = all_counts.iter().copied().max().unwrap_or(1) as f64;
    let scale = Scale::Log { from: 0.5, to: highest * 1.3, format: Format::Whole };
    chart.y = Axis { label: if q.source == Source::Customers { "Customers" } else { "Rows" }.into(), scale };
    let floats = |counts: &[usize]| counts.iter().map(|&n| n as f64).collect::<Vec<_>>();
    chart.data = Data::default()
        .number("from", bins.edges[..bins.len()].to_vec())
        .number("to", bins.edges[1..].to_vec())
        .number(view.unit().1, floats(&all_counts))
        .number("outliers", floats(&far_counts));
    chart.marks = Marks::Bars(bars);
    Ok(chart)
}

fn said_of(
    view: &View,
    judge: &Judge,
    d: &Distribution,
    far: &Distribution,
    q: &Wanted,
    say: &dyn Fn(f64) -> String,
) -> Vec<String> {
    let found = format!(
        "{} of {} ({})",
        count(far.count()),
        view.rows_in_words(d.count()),
        percent(far.count() as f64 / d.count() as f64)
    );
    let missing = view.len() - d.count();
    let mut out = match judge {
        Judge::All { usual: (low, high), by_mean } => {
            let bounds = format!("below {} or above {}", say(*low), say(*high));
            match (q.rule, by_mean) {
                (FarRule::Iqr, _) => {
                    vec![format!("{found} lie more than 1.5 interquartile ranges beyond the quartiles, {bounds}")]
                }
                (_, false) => vec![format!("{found} have a robust z-score above {FAR_Z}, {bounds}")],
                (_, true) => vec![
                    format!("{found} have a robust z-score above {FAR_Z}, {bounds}"),
                    "half of the values or more are equal, so that the mean deviation stands in for the median one"
                        .into(),
                ],
            }
        }
        Judge::Groups { words, usual, small, rows_small, .. } => {
            let judged = usual.iter().flatten().count();
            let mut out = vec![format!(
                "{found} have a robust z-score above {FAR_Z} within their own group by {} ({} compared)",
                words.info.label,
                crate::format::plural(judged, "group", "groups")
            )];
            if *small > 0 {
                out.push(format!(
                    "{} with fewer than {SMALLEST_GROUP} values too small to say ({})",
                    crate::format::plural(*small, "group", "groups"),
                    view.rows_in_words(*rows_small)
                ));
            }
            out
        }
    };
    if missing > 0 {
        out.push(format!("{} without a value", count(missing)));
    }
    out
}

/// The customers with values far out (or with any value, where `far` is not asked for) that lie within a stretch.
pub(super) fn pick(
    subject: &Subject,
    q: &Wanted,
    far: bool,
    within: impl Fn(f64) -> bool + Sync,
    ctx: &Ctx,
) -> Result<Vec<u32>> {
    let view = View::of(subject, q.source);
    let numbers = numbers(&view, q.column, ctx)?;
    let d = numbers.distribution(&view, None, ctx)?;
    let Some(judge) = judge(&view, q, &numbers, &d, ctx)? else { return Ok(Vec::new()) };
    let has = |place: usize| {
        let value = numbers.at(&view, place);
        within(value) && (!far || judge.is_far(&view, place, value))
    };
    view.customers_where(has, ctx)
}
