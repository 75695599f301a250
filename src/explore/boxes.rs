//! Box plots of a column, by the groups of another one.

use std::sync::Arc;

use rayon::prelude::*;

use super::columns::{numbers, words};
use super::distribution::Distribution;
use super::groups::{Groups, by_group};
use super::values::{NONE, Words};
use super::view::View;
use super::words::{axis, note, say};
use super::{Source, Subject};
use crate::chart::{Axis, BoxPlot, Chart, Data, Ink, Marks, Scale};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::count;

/// Groups that get a box.
pub(super) const MOST_BOXES: usize = 20;
/// Outliers of one box that are drawn, evenly spread over all.
const MOST_OUTLIERS: usize = 300;

/// What box plots are asked for.
pub(super) struct Wanted<'q> {
    pub source: Source,
    pub column: &'q str,
    pub by: Option<&'q str>,
    pub log: bool,
}

pub(super) fn boxes(subject: &Subject, q: &Wanted, ctx: &Ctx) -> Result<Chart> {
    let view = View::of(subject, q.source);
    let numbers = numbers(&view, q.column, ctx)?;
    let by = q.by.map(|by| words(&view, by, ctx)).transpose()?;
    let label = &numbers.info.label;
    let title = by.as_ref().map_or_else(|| label.clone(), |by| format!("{label} by {}", by.info.label));
    let mut chart = Chart { title, ..Chart::default() };
    if let Some(why) = view.why_empty() {
        chart.marks = Marks::Empty(why);
        return Ok(chart);
    }
    let log = q.log && !numbers.is_date();
    // Quartiles are taken on the axis that is shown: on a logarithmic one only of what has a place there.
    let value = |place: usize| match numbers.at(&view, place) {
        v if log && v <= 0.0 => f64::NAN,
        v => v,
    };
    let groups = Groups::most_frequent(&view, by.as_ref(), MOST_BOXES, ctx)?;
    let found = by_group(&view, &numbers, &groups, |place| !value(place).is_nan(), ctx)?;
    let shown: usize = found.iter().map(Distribution::count).sum();
    if shown == 0 {
        let why = if log {
            "No value is above zero, and only those have a place on a logarithmic axis. Switch it off."
        } else {
            "The column has no value that can be read as a number. Choose another one."
        };
        chart.marks = Marks::Empty(why.into());
        return Ok(chart);
    }
    let say = |v: f64| say(v, &numbers.info, subject);
    let plots: Vec<BoxPlot> = found
        .par_iter()
        .zip(&groups.names)
        .enumerate()
        .filter(|(_, (d, _))| d.count() > 0)
        .map(|(i, (d, name))| plot(i, name, d, &say, view.unit()))
        .collect();
    let (low, high) =
        found.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), d| (l.min(d.min()), h.max(d.max())));
    chart.note = note([
        view.rows_in_words(shown),
        left_out(view.len(), shown, groups.rows_beyond, log),
        groups.said(),
        "whiskers reach to the last value within 1.5 interquartile ranges".into(),
    ]);
    let names = Arc::new(groups.names);
    let x_label = by.as_ref().map_or_else(String::new, |by: &Words| by.info.label.clone());
    chart.x = Axis { label: x_label, scale: Scale::Names(names.clone()) };
    let room = if high > low { (high - low) * 0.03 } else { 0.5 };
    chart.y = if log {
        axis(&numbers, low / 1.1, high * 1.1, true, subject)
    } else {
        axis(&numbers, low - room, high + room, false, subject)
    };
    chart.data = data(&plots, &names, &found);
    chart.marks = Marks::Boxes(plots);
    Ok(chart)
}

/// Rows that no box shows: without a value (on a logarithmic axis: above zero), or of groups beyond those shown.
fn left_out(rows: usize, shown: usize, beyond: usize, log: bool) -> String {
    match rows - shown - beyond {
        0 => String::new(),
        n => format!("{} without a value{} left out", count(n), if log { " above zero" } else { "" }),
    }
}

/// One box, with Tukey's whiskers.
fn plot(at: usize, name: &str, d: &Distribution, say: &dyn Fn(f64) -> String, unit: (&str, &str)) -> BoxPlot {
    let quartiles = [0.25, 0.5, 0.75].map(|p| d.quantile(p));
    let reach = 1.5 * (quartiles[2] - quartiles[0]);
    let whiskers = (d.first_from(quartiles[0] - reach), d.last_to(quartiles[2] + reach));
    let far: Vec<(f64, u32)> = d.iter().filter(|(v, _)| *v < whiskers.0 || *v > whiskers.1).collect();
    let beyond: usize = far.iter().map(|(_, n)| *n as usize).sum();
    // The extremes always, and of the others every so many.
    let step = far.len().div_ceil(MOST_OUTLIERS).max(1);
    let last = far.len().saturating_sub(1);
    let outliers = far.iter().enumerate().filter(|(i, _)| i % step == 0 || *i == last).map(|(_, (v, _))| *v).collect();
    let mean = d.moments().mean;
    let tip = format!(
        "{name}\n{}\nmedian {}, quartiles {} and {}\nmean {}\nlowest {}, highest {}\n{} beyond the whiskers",
        crate::format::plural(d.count(), unit.0, unit.1),
        say(quartiles[1]),
        say(quartiles[0]),
        say(quartiles[2]),
        say(mean),
        say(d.min()),
        say(d.max()),
        count(beyond)
    );
    BoxPlot { at: at as f64, whiskers, quartiles, mean, outliers, beyond, ink: Ink::Accent, tip }
}

fn data(plots: &[BoxPlot], names: &[String], found: &[Distribution]) -> Data {
    let column = |f: &dyn Fn(&BoxPlot) -> f64| plots.iter().map(f).collect::<Vec<f64>>();
    let of = |p: &BoxPlot| &found[p.at as usize];
    Data::default()
        .text("group", plots.iter().map(|p| names[p.at as usize].clone()).collect())
        .number("count", column(&|p| of(p).count() as f64))
        .number("mean", column(&|p| p.mean))
        .number("min", column(&|p| of(p).min()))
        .number("lower_whisker", column(&|p| p.whiskers.0))
        .number("q25", column(&|p| p.quartiles[0]))
        .number("median", column(&|p| p.quartiles[1]))
        .number("q75", column(&|p| p.quartiles[2]))
        .number("upper_whisker", column(&|p| p.whiskers.1))
        .number("max", column(&|p| of(p).max()))
        .number("beyond", column(&|p| p.beyond as f64))
}

/// The customers of one box, or of the boxes whose values lie in a rectangle.
pub(super) fn pick(
    subject: &Subject,
    q: &Wanted,
    wanted: impl Fn(usize, f64) -> bool + Sync,
    ctx: &Ctx,
) -> Result<Vec<u32>> {
    let view = View::of(subject, q.source);
    let numbers = numbers(&view, q.column, ctx)?;
    let by = q.by.map(|by| words(&view, by, ctx)).transpose()?;
    let log = q.log && !numbers.is_date();
    let groups = Groups::most_frequent(&view, by.as_ref(), MOST_BOXES, ctx)?;
    let has = |place: usize| {
        let (group, value) = (groups.at(&view, place), numbers.at(&view, place));
        // What has no place on the axis is in no box.
        let value = if log && value <= 0.0 { f64::NAN } else { value };
        group != NONE && !value.is_nan() && wanted(group as usize, value)
    };
    view.customers_where(has, ctx)
}
