//! Histograms of recency, frequency and monetary: of everyone, and stacked by segment.

use std::sync::Arc;

use super::bins::{Bins, numbers};
use super::ink;
use crate::chart::{Axis, Bar, Chart, Data, Ink, Marks, Numbers, Scale};
use crate::format;
use crate::rfm::RfmOut;
use crate::rfm::score::quantile;
use crate::ui::widgets::customers::value;

/// A histogram, and what its marks stand for.
pub struct Spread {
    pub chart: Arc<Chart>,
    pub bins: Bins,
    /// Bin and segment of each mark; no segment in the histogram of everyone.
    pub marks: Vec<(usize, Option<u8>)>,
}

/// The histogram of one axis over all customers, with the part of the selection.
pub fn of_axis(rfm: &RfmOut, axis: usize, selection: &[u32], currency: Option<&str>) -> Spread {
    let (bins, median) = bins_of(rfm, axis);
    let feature = &rfm.customers.features[axis];
    let (mut counts, mut selected) = (vec![0usize; bins.len()], vec![0usize; bins.len()]);
    for &v in feature.values.iter() {
        if let Some(bin) = bins.place(v) {
            counts[bin] += 1;
        }
    }
    for v in selection.iter().filter_map(|i| feature.values.get(*i as usize)) {
        if let Some(bin) = bins.place(*v) {
            selected[bin] += 1;
        }
    }
    let any = !selection.is_empty();
    let bars = (0..bins.len()).map(|i| Bar {
        from: bins.edges[i],
        to: bins.edges[i + 1],
        value: counts[i] as f64,
        selected: any.then_some(selected[i] as f64),
        ink: Ink::Accent,
        tip: tip(rfm, axis, &bins, i, counts[i], currency),
    });
    let most = counts.iter().copied().max().unwrap_or(0);
    let note = note(rfm, axis, &bins, median, currency);
    let data = data(&bins).number("customers", counts.iter().map(|c| *c as f64).collect::<Vec<_>>());
    let mut y = up_to(most);
    // Little room: the note says what is counted.
    y.label.clear();
    let chart = Chart {
        title: feature.label.clone(),
        note: format!("customers · {note}"),
        x: bins.axis("", numbers(feature.unit, currency)),
        y,
        marks: Marks::Bars(bars.collect()),
        data,
        ..Chart::default()
    };
    Spread { chart: Arc::new(chart), marks: (0..bins.len()).map(|b| (b, None)).collect(), bins }
}

/// The same stacked by segment, or of one segment alone.
pub fn by_segment(rfm: &RfmOut, axis: usize, only: Option<u8>, currency: Option<&str>) -> Spread {
    let (bins, median) = bins_of(rfm, axis);
    let feature = &rfm.customers.features[axis];
    let segments = rfm.map.segments.len();
    let mut counts = vec![0usize; bins.len() * segments];
    for (v, s) in feature.values.iter().zip(&rfm.segment) {
        if let Some(bin) = bins.place(*v) {
            counts[bin * segments + usize::from(*s)] += 1;
        }
    }
    let shown: Vec<u8> = (0..segments as u8).filter(|s| only.is_none_or(|o| o == *s)).collect();
    let mut bars = Vec::new();
    let mut marks = Vec::new();
    let mut most = 0;
    for bin in 0..bins.len() {
        // The whole height first, then what is below the top segment, and so on: later bars cover earlier ones.
        let mut height: usize = shown.iter().map(|s| counts[bin * segments + usize::from(*s)]).sum();
        most = most.max(height);
        for &s in &shown {
            let n = counts[bin * segments + usize::from(s)];
            if n > 0 {
                let name = &rfm.map.segments[usize::from(s)].name;
                bars.push(Bar {
                    from: bins.edges[bin],
                    to: bins.edges[bin + 1],
                    value: height as f64,
                    selected: None,
                    ink: ink::of(&rfm.map, usize::from(s)),
                    tip: format!("{name}\n{}", tip(rfm, axis, &bins, bin, n, currency)),
                });
                marks.push((bin, Some(s)));
                height -= n;
            }
        }
    }
    let mut data = data(&bins);
    for &s in &shown {
        let column = (0..bins.len()).map(|b| counts[b * segments + usize::from(s)] as f64);
        data = data.number(rfm.map.segments[usize::from(s)].name.clone(), column.collect::<Vec<_>>());
    }
    let whose = only.map_or("by segment".to_string(), |s| format!("of {}", rfm.map.segments[usize::from(s)].name));
    let chart = Chart {
        title: format!("{} {whose}", feature.label),
        note: note(rfm, axis, &bins, median, currency),
        x: bins.axis("", numbers(feature.unit, currency)),
        y: up_to(most),
        marks: Marks::Bars(bars),
        data,
        ..Chart::default()
    };
    Spread { chart: Arc::new(chart), bins, marks }
}

/// Customers in a bin, of one segment or of all, ascending.
pub fn members(rfm: &RfmOut, axis: usize, bins: &Bins, bin: usize, segment: Option<u8>) -> Vec<u32> {
    let values = &rfm.customers.features[axis].values;
    let of = |i: &u32| segment.is_none_or(|s| rfm.segment.get(*i as usize) == Some(&s));
    (0..values.len() as u32).filter(|i| bins.place(values[*i as usize]) == Some(bin) && of(i)).collect()
}

fn bins_of(rfm: &RfmOut, axis: usize) -> (Bins, f64) {
    let values = &rfm.customers.features[axis].values;
    let mut sorted: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
    sorted.sort_unstable_by(f64::total_cmp);
    (Bins::of(&sorted), quantile(&sorted, 0.5))
}

fn up_to(most: usize) -> Axis {
    let to = (most as f64 * 1.04).max(1.0);
    Axis { label: "Customers".into(), scale: Scale::Linear { from: 0.0, to, format: Numbers::Whole } }
}

fn data(bins: &Bins) -> Data {
    Data::default().number("from", bins.edges[..bins.len()].to_vec()).number("to", bins.edges[1..].to_vec())
}

fn note(rfm: &RfmOut, axis: usize, bins: &Bins, median: f64, currency: Option<&str>) -> String {
    let feature = &rfm.customers.features[axis];
    let write = |v: f64| value(v, feature.unit, currency);
    let unit = if feature.unit == crate::rfm::Unit::Days { " days" } else { "" };
    let mut parts = vec![format!("median {}{unit}", write(median))];
    if bins.log {
        parts.push("log axis".into());
    }
    if bins.above > 0 {
        parts.push(format!("{} above {} not drawn", format::count(bins.above), write(bins.edges[bins.len()])));
    }
    if bins.below > 0 {
        parts.push(format!("{} below {} not drawn", format::count(bins.below), write(bins.edges[0])));
    }
    parts.join(" · ")
}

fn tip(rfm: &RfmOut, axis: usize, bins: &Bins, bin: usize, count: usize, currency: Option<&str>) -> String {
    let feature = &rfm.customers.features[axis];
    let write = |v: f64| value(v, feature.unit, currency);
    let (from, to) = (bins.edges[bin], bins.edges[bin + 1]);
    let unit = if feature.unit == crate::rfm::Unit::Days { " days" } else { "" };
    // Edges half-way between whole numbers hold the whole numbers between them.
    let range = match from.fract() == 0.5 && to.fract() == 0.5 {
        true if to - from == 1.0 => write(from + 0.5),
        true => format!("{} to {}", write(from + 0.5), write(to - 0.5)),
        false => format!("{} to {}", write(from), write(to)),
    };
    format!("{range}{unit}\n{}", format::plural(count, "customer", "customers"))
}
