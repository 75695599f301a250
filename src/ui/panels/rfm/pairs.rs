//! Scatter of each pair of recency, frequency and monetary, coloured by segment.

use std::sync::Arc;

use super::bins::{Bins, numbers};
use super::ink;
use crate::chart::{Axis, Chart, Data, Marks, Points};
use crate::format;
use crate::rfm::{RfmOut, Unit};

/// Pairs of axes, horizontal first: what was spent over everything else, frequency over recency.
pub const PAIRS: [(usize, usize); 3] = [(0, 1), (1, 2), (0, 2)];

/// Points with ids and segments in the data that is saved; of more they would take more room than all findings.
const MOST_NAMED: usize = 100_000;

/// The scatter of two axes; points that have no place on a logarithmic axis are left out and counted.
pub fn chart(rfm: &RfmOut, pair: (usize, usize), selection: &[u32], currency: Option<&str>) -> Chart {
    let (x, y) = (&rfm.customers.features[pair.0], &rfm.customers.features[pair.1]);
    let (across, up) = (spread(&x.values), spread(&y.values));
    let drawn = |i: &usize| {
        let (a, b) = (x.values[*i], y.values[*i]);
        a.is_finite() && b.is_finite() && !(across.log && a <= 0.0) && !(up.log && b <= 0.0)
    };
    let kept: Vec<usize> = (0..rfm.customers.len()).filter(drawn).collect();
    let left_out = rfm.customers.len() - kept.len();
    let selected = (!selection.is_empty()).then(|| {
        let mut marks = vec![false; rfm.customers.len()];
        for i in selection {
            if let Some(mark) = marks.get_mut(*i as usize) {
                *mark = true;
            }
        }
        Arc::new(kept.iter().map(|&i| marks[i]).collect())
    });
    let (xs, ys): (Vec<f64>, Vec<f64>) = kept.iter().map(|&i| (x.values[i], y.values[i])).unzip();
    let (xs, ys) = (Arc::new(xs), Arc::new(ys));
    let group: Vec<u8> = kept.iter().filter_map(|&i| rfm.segment.get(i).copied()).collect();
    let mut data = Data::default();
    if kept.len() <= MOST_NAMED {
        data = data.text("customer_id", kept.iter().map(|&i| rfm.customers.ids[i].clone()).collect());
    }
    data = data.number(x.name.clone(), xs.clone()).number(y.name.clone(), ys.clone());
    if kept.len() <= MOST_NAMED {
        let names = group.iter().map(|s| rfm.map.segments[usize::from(*s)].name.clone());
        data = data.text("segment", names.collect());
    }
    let points = Points {
        x: xs,
        y: ys,
        group: Arc::new(group),
        inks: (0..rfm.map.segments.len()).map(|s| ink::of(&rfm.map, s)).collect(),
        selected,
    };
    let mut note = format::plural(kept.len(), "customer", "customers");
    if left_out > 0 {
        note += &format!("; {} with zero or less have no place on a log axis", format::count(left_out));
    }
    if kept.len() > MOST_NAMED {
        note += "; saved as data without ids";
    }
    Chart {
        title: format!("{} by {}", y.label, x.label.to_lowercase()),
        note,
        x: axis(&across, x.unit, &x.label, currency),
        y: axis(&up, y.unit, &y.label, currency),
        marks: Marks::Points(points),
        legend: Vec::new(),
        data,
        ..Chart::default()
    }
}

/// Customers in a rectangle, borders included, ascending.
pub fn members(rfm: &RfmOut, pair: (usize, usize), x: (f64, f64), y: (f64, f64)) -> Vec<u32> {
    let (xs, ys) = (&rfm.customers.features[pair.0].values, &rfm.customers.features[pair.1].values);
    let within = |v: f64, (a, b): (f64, f64)| a.min(b) <= v && v <= a.max(b);
    (0..xs.len() as u32).filter(|i| within(xs[*i as usize], x) && within(ys[*i as usize], y)).collect()
}

/// From–to of an axis, and whether it is logarithmic.
struct Span {
    from: f64,
    to: f64,
    log: bool,
}

fn spread(values: &[f64]) -> Span {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let log = Bins::of(&sorted).log;
    let first = if log { sorted.partition_point(|v| *v <= 0.0) } else { 0 };
    let (from, to) = (sorted.get(first).copied().unwrap_or(0.0), sorted.last().copied().unwrap_or(1.0));
    if log {
        Span { from: from / 1.15, to: to * 1.15, log }
    } else {
        let room = ((to - from) * 0.03).max(0.5);
        Span { from: from - room, to: to + room, log }
    }
}

fn axis(span: &Span, unit: Unit, label: &str, currency: Option<&str>) -> Axis {
    let label = if unit == Unit::Days { format!("{label}, days") } else { label.to_string() };
    let (from, to, format) = (span.from, span.to, numbers(unit, currency));
    let scale = if span.log {
        crate::chart::Scale::Log { from, to, format }
    } else {
        crate::chart::Scale::Linear { from, to, format }
    };
    Axis { label, scale }
}
