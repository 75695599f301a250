//! Two columns of numbers against each other, coloured by a third.

use std::sync::Arc;

use rayon::prelude::*;

use super::columns::{load, numbers};
use super::values::{Col, NONE, Numbers};
use super::view::{View, chunks};
use super::words::{axis, note, say};
use super::{Source, Subject};
use crate::chart::{Chart, Data, Ink, Marks, Points};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::count;

/// Words with a colour of their own; all others share one more.
const MOST_WORDS: usize = 8;
/// Numbers are coloured by quantile bins of about equal size.
const NUMBER_BINS: usize = 5;

/// What a scatter plot is asked for.
pub(super) struct Wanted<'q> {
    pub source: Source,
    pub x: &'q str,
    pub y: &'q str,
    pub color: Option<&'q str>,
    pub log_x: bool,
    pub log_y: bool,
}

/// Where the points come from: rows with both values, in their order.
struct Cloud<'a> {
    view: View<'a>,
    x: Numbers<'a>,
    y: Numbers<'a>,
    log: (bool, bool),
}

impl<'a> Cloud<'a> {
    fn of(subject: &'a Subject, q: &Wanted, ctx: &Ctx) -> Result<Cloud<'a>> {
        let view = View::of(subject, q.source);
        let (x, y) = (numbers(&view, q.x, ctx)?, numbers(&view, q.y, ctx)?);
        let log = (q.log_x && !x.is_date(), q.log_y && !y.is_date());
        Ok(Cloud { view, x, y, log })
    }

    /// The point of a row, if it has one.
    #[inline]
    fn at(&self, place: usize) -> Option<(f64, f64)> {
        let (x, y) = (self.x.at(&self.view, place), self.y.at(&self.view, place));
        let fits = |v: f64, log: bool| if log { v > 0.0 } else { !v.is_nan() };
        (fits(x, self.log.0) && fits(y, self.log.1)).then_some((x, y))
    }

    /// The places of all points.
    fn places(&self, ctx: &Ctx) -> Result<Vec<u32>> {
        let n = self.view.len();
        let part = |range: std::ops::Range<usize>| {
            ctx.tick(range.start, n)?;
            Ok(range.filter(|&place| self.at(place).is_some()).map(|place| place as u32).collect())
        };
        let parts: Vec<Vec<u32>> = chunks(n).map(part).collect::<Result<_>>()?;
        Ok(parts.concat())
    }
}

pub(super) fn scatter(subject: &Subject, q: &Wanted, selection: Option<&[u32]>, ctx: &Ctx) -> Result<Chart> {
    let cloud = Cloud::of(subject, q, ctx)?;
    let view = &cloud.view;
    let (x, y) = (&cloud.x, &cloud.y);
    let mut chart = Chart { title: format!("{} by {}", y.info.label, x.info.label), ..Chart::default() };
    if let Some(why) = view.why_empty() {
        chart.marks = Marks::Empty(why);
        return Ok(chart);
    }
    let places = cloud.places(ctx)?;
    if places.is_empty() {
        let why = if cloud.log.0 || cloud.log.1 {
            "No row has a value above zero in both columns. Switch the logarithmic axes off, or choose other columns."
        } else {
            "No row has a value in both columns. Choose other ones."
        };
        chart.marks = Marks::Empty(why.into());
        return Ok(chart);
    }
    let values = |of: &Numbers| places.par_iter().map(|&p| of.at(view, p as usize)).collect::<Vec<f64>>();
    let (xs, ys) = (Arc::new(values(x)), Arc::new(values(y)));
    ctx.tick(1, 3)?;
    let selected = view.selected(selection, ctx)?;
    let selected =
        selected.map(|s| Arc::new(places.par_iter().map(|&p| s.has(view, p as usize)).collect::<Vec<bool>>()));
    let mut points = Points { x: xs.clone(), y: ys.clone(), inks: vec![Ink::Accent], ..Points::default() };
    let mut words = Vec::new();
    if let Some(color) = q.color {
        let colors = colors(view, color, ctx)?;
        points.group = Arc::new(places.par_iter().map(|&p| (colors.0)(p as usize)).collect());
        points.inks = colors.1.iter().map(|(_, ink)| *ink).collect();
        words = colors.1.iter().map(|(name, _)| name.clone()).collect();
        chart.legend = colors.1;
        chart.title = format!("{}, by {}", chart.title, colors.2);
    }
    let without = view.len() - places.len();
    chart.note = note([
        view.rows_in_words(places.len()),
        match (without, cloud.log) {
            (0, _) => String::new(),
            (n, (false, false)) => format!("{} without both values left out", count(n)),
            (n, _) => format!("{} without both values, or with one of zero or less, left out", count(n)),
        },
        selected.as_ref().map_or_else(String::new, |s| format!("{} selected", count(s.iter().filter(|s| **s).count()))),
    ]);
    points.selected = selected;
    chart.x = axis_over(x, &xs, cloud.log.0, subject);
    chart.y = axis_over(y, &ys, cloud.log.1, subject);
    chart.data = Data::default().number(x.info.name.clone(), xs).number(y.info.name.clone(), ys);
    if q.source == Source::Customers {
        chart.data = chart.data.names("customer_id", subject.rfm.customers.ids.clone(), places);
    }
    if let Some(color) = q.color {
        let group = points.group.par_iter().map(|&g| u32::from(g)).collect();
        chart.data = chart.data.names(color, Arc::new(words), group);
    }
    chart.marks = Marks::Points(points);
    Ok(chart)
}

/// An axis over all values with a little room on both sides.
fn axis_over(numbers: &Numbers, values: &[f64], log: bool, subject: &Subject) -> crate::chart::Axis {
    let (low, high) = values
        .par_iter()
        .map(|&v| (v, v))
        .reduce(|| (f64::INFINITY, f64::NEG_INFINITY), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    if log {
        let room = (high / low).powf(0.03).max(1.05);
        return axis(numbers, low / room, high * room, true, subject);
    }
    let room = if high > low { (high - low) * 0.03 } else { 0.5 };
    axis(numbers, low - room, high + room, false, subject)
}

type Group<'v> = Box<dyn Fn(usize) -> u8 + Sync + 'v>;
/// The colour of each row, the names of the colours, and what they mean.
type Colors<'v> = (Group<'v>, Vec<(String, Ink)>, String);

fn colors<'v>(view: &'v View, name: &str, ctx: &Ctx) -> Result<Colors<'v>> {
    match load(view, name, ctx)? {
        Col::Words(words) => {
            let counts = words.counts(view, None, ctx)?;
            let mut order: Vec<u32> = (0..words.len() as u32).filter(|&c| counts[c as usize] > 0).collect();
            order.sort_unstable_by(|&a, &b| {
                counts[b as usize].cmp(&counts[a as usize]).then_with(|| words.by_name(a, b))
            });
            // One more than fits would not save a colour by sharing it.
            let all = !words.inks.is_empty() || order.len() <= MOST_WORDS + 1;
            let top = if all { order.len() } else { MOST_WORDS };
            let ink = |i: usize| words.inks.get(order[i] as usize).copied().unwrap_or(Ink::Segment(i));
            let mut legend: Vec<(String, Ink)> = (0..top).map(|i| (words.name(order[i]).to_string(), ink(i))).collect();
            let mut group = vec![top as u8; words.len()];
            order[..top].iter().enumerate().for_each(|(i, &code)| group[code as usize] = i as u8);
            if order.len() > top {
                legend.push((format!("{} others", count(order.len() - top)), Ink::Faint));
            }
            let missing = legend.len() as u8;
            if counts.iter().map(|&n| n as usize).sum::<usize>() < view.len() {
                legend.push(("No value".into(), Ink::Faint));
            }
            let label = words.info.label.clone();
            let of = move |place: usize| match words.at(view, place) {
                NONE => missing,
                code => group[code as usize],
            };
            Ok((Box::new(of), legend, label))
        }
        Col::Numbers(numbers) => {
            let all = numbers.distribution(view, None, ctx)?;
            let mut cuts: Vec<f64> =
                (1..NUMBER_BINS).map(|i| all.quantile(i as f64 / NUMBER_BINS as f64)).filter(|c| !c.is_nan()).collect();
            cuts.dedup();
            // A bin that would hold nothing because its cut is the largest value.
            cuts.retain(|&c| c < all.max());
            let say = |v: f64| say(v, &numbers.info, view.subject);
            let mut legend: Vec<(String, Ink)> = Vec::new();
            if all.count() > 0 {
                let last = cuts.len();
                for i in 0..=last {
                    let name = match (i.checked_sub(1).map(|i| cuts[i]), cuts.get(i)) {
                        (None, None) => say(all.min()),
                        (None, Some(&to)) => format!("up to {}", say(to)),
                        (Some(from), Some(&to)) => format!("above {} to {}", say(from), say(to)),
                        (Some(from), None) => format!("above {}", say(from)),
                    };
                    legend.push((name, Ink::Sequential(0.15 + 0.85 * i as f32 / last.max(1) as f32)));
                }
            }
            let missing = legend.len() as u8;
            if all.count() < view.len() {
                legend.push(("No value".into(), Ink::Faint));
            }
            let label = numbers.info.label.clone();
            let of = move |place: usize| match numbers.at(view, place) {
                v if v.is_nan() => missing,
                v => cuts.iter().filter(|&&c| v > c).count() as u8,
            };
            Ok((Box::new(of), legend, label))
        }
    }
}

/// The customers of one point.
pub(super) fn pick_one(subject: &Subject, q: &Wanted, point: usize, ctx: &Ctx) -> Result<Vec<u32>> {
    let cloud = Cloud::of(subject, q, ctx)?;
    let places = cloud.places(ctx)?;
    let Some(&place) = places.get(point) else { return Ok(Vec::new()) };
    Ok(cloud.view.owners(ctx)?.at(&cloud.view, place as usize).into_iter().collect())
}

/// The customers with a point in a rectangle, the edges included.
pub(super) fn pick(subject: &Subject, q: &Wanted, x: (f64, f64), y: (f64, f64), ctx: &Ctx) -> Result<Vec<u32>> {
    let cloud = Cloud::of(subject, q, ctx)?;
    let within = |v: f64, (a, b): (f64, f64)| (a.min(b)..=a.max(b)).contains(&v);
    let has = |place: usize| cloud.at(place).is_some_and(|(px, py)| within(px, x) && within(py, y));
    cloud.view.customers_where(has, ctx)
}
