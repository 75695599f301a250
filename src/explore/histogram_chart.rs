//! How often values occur.

use super::bins::Bins;
use super::columns::numbers;
use super::distribution::Distribution;
use super::values::Numbers;
use super::view::View;
use super::words::{axis, note, say};
use super::{Source, Subject};
use crate::chart::{Axis, Bar, Chart, Data, Ink, Marks, Numbers as Format, Rule, Scale};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::{count, percent};

/// What a histogram is asked for.
pub(super) struct Wanted<'q> {
    pub source: Source,
    pub column: &'q str,
    pub bins: u32,
    pub log_x: bool,
    pub log_y: bool,
}

pub(super) fn histogram(subject: &Subject, q: &Wanted, selection: Option<&[u32]>, ctx: &Ctx) -> Result<Chart> {
    let view = View::of(subject, q.source);
    let title = |label: &str| format!("Distribution of {label}");
    let numbers = numbers(&view, q.column, ctx)?;
    let mut chart = Chart { title: title(&numbers.info.label), ..Chart::default() };
    if let Some(why) = view.why_empty() {
        chart.marks = Marks::Empty(why);
        return Ok(chart);
    }
    let all = numbers.distribution(&view, None, ctx)?;
    let log = q.log_x && !numbers.is_date();
    let bins = bins(&numbers, &all, q.bins, log);
    if bins.len() == 0 {
        let why = if all.count() == 0 {
            "The column has no value that can be read as a number. Choose another one."
        } else {
            "No value is above zero, and only those have a place on a logarithmic axis. Switch it off."
        };
        chart.marks = Marks::Empty(why.into());
        return Ok(chart);
    }
    let selected = view.selected(selection, ctx)?;
    let part = match &selected {
        Some(selected) => Some(bins.counts(&numbers.distribution(&view, Some(selected), ctx)?)),
        None => None,
    };
    let counts = bins.counts(&all);
    let shown: usize = counts.iter().sum();
    let tip = |i: usize, n: usize| {
        let range = range_in_words(&numbers, &bins, i, subject);
        let mut tip = format!("{range}\n{}, {}", view.rows_in_words(n), percent(n as f64 / shown as f64));
        if let Some(part) = &part {
            tip.push_str(&format!("\n{} of them selected", count(part[i])));
        }
        tip
    };
    let bar = |(i, &n): (usize, &usize)| Bar {
        from: bins.edges[i],
        to: bins.edges[i + 1],
        value: n as f64,
        selected: part.as_ref().map(|part| part[i] as f64),
        ink: Ink::Accent,
        tip: tip(i, n),
    };
    chart.marks = Marks::Bars(counts.iter().enumerate().map(bar).collect());
    chart.note = note([
        view.rows_in_words(shown),
        left_out(view.len() - all.count(), "without a value"),
        left_out(all.count() - shown, "of zero or less left out"),
        part.as_ref().map_or_else(String::new, |part| format!("{} selected", count(part.iter().sum()))),
    ]);
    chart.rules = rules(&numbers, &all, log, subject);
    chart.x = axis(&numbers, bins.edges[0], bins.edges[bins.len()], log, subject);
    let highest = counts.iter().copied().max().unwrap_or(0) as f64;
    let scale = if q.log_y {
        Scale::Log { from: 0.5, to: (highest * 1.3).max(1.0), format: Format::Whole }
    } else {
        Scale::Linear { from: 0.0, to: (highest * 1.05).max(1.0), format: Format::Whole }
    };
    chart.y = Axis { label: if q.source == Source::Customers { "Customers" } else { "Rows" }.into(), scale };
    chart.data = data(&numbers, &bins, &counts, part.as_deref(), view.unit().1);
    Ok(chart)
}

/// The bins of a column.
fn bins(numbers: &Numbers, all: &Distribution, wanted: u32, log: bool) -> Bins {
    if log { Bins::logarithmic(all, wanted) } else { Bins::even(all, wanted, numbers.whole, numbers.is_date()) }
}

fn left_out(n: usize, which: &str) -> String {
    if n == 0 { String::new() } else { format!("{} {which}", count(n)) }
}

/// What one bin holds: its single value where there is only one, else from–to.
fn range_in_words(numbers: &Numbers, bins: &Bins, i: usize, subject: &Subject) -> String {
    let (from, to) = (bins.edges[i], bins.edges[i + 1]);
    let say = |v: f64| say(v, &numbers.info, subject);
    if numbers.whole && to - from == 1.0 {
        return say(from.ceil());
    }
    if i + 1 == bins.len() {
        format!("{} to {}", say(from), say(to))
    } else {
        format!("{} to below {}", say(from), say(to))
    }
}

/// Mean and median.
fn rules(numbers: &Numbers, all: &Distribution, log: bool, subject: &Subject) -> Vec<Rule> {
    let rules = [("mean", all.moments().mean), ("median", all.quantile(0.5))];
    let fits = |at: f64| at.is_finite() && (!log || at > 0.0);
    let rules = rules.into_iter().filter(|(_, at)| fits(*at));
    let words = |at: f64| if numbers.is_date() { super::words::date(at) } else { say(at, &numbers.info, subject) };
    rules.map(|(name, at)| Rule { at, label: format!("{name} {}", words(at)) }).collect()
}

fn data(numbers: &Numbers, bins: &Bins, counts: &[usize], part: Option<&[usize]>, unit: &str) -> Data {
    let floats = |counts: &[usize]| counts.iter().map(|&n| n as f64).collect::<Vec<_>>();
    let (from, to) = (&bins.edges[..bins.len()], &bins.edges[1..]);
    let out = if numbers.is_date() {
        let words = |days: &[f64]| days.iter().map(|&d| super::words::day(d)).collect();
        Data::default().text("from", words(from)).text("to", words(to))
    } else {
        Data::default().number("from", from.to_vec()).number("to", to.to_vec())
    };
    let out = out.number(unit, floats(counts));
    match part {
        Some(part) => out.number("selected", floats(part)),
        None => out,
    }
}
