//! Segments as areas and as medians.

use std::sync::Arc;

use super::bins::numbers;
use super::ink;
use crate::chart::{Axis, Bar, Chart, Data, Marks, Scale, Tile};
use crate::format;
use crate::rfm::RfmOut;
use crate::rfm::score::quantile;
use crate::ui::widgets::customers::value;

/// What segments add up to; one entry per segment of the map.
pub struct Sums {
    pub customers: Vec<usize>,
    pub money: Vec<f64>,
    pub selected: Vec<usize>,
    /// Per axis and segment; NaN where a segment has nobody.
    pub medians: Vec<Vec<f64>>,
}

/// A chart with the segment of each mark.
pub struct OfSegments {
    pub chart: Arc<Chart>,
    pub segments: Vec<u8>,
}

/// Adds up segments.
pub fn sums(rfm: &RfmOut, selection: &[u32]) -> Sums {
    let n = rfm.map.segments.len();
    let money = rfm.customers.monetary();
    let mut out = Sums { customers: vec![0; n], money: vec![0.0; n], selected: vec![0; n], medians: Vec::new() };
    for (i, &s) in rfm.segment.iter().enumerate() {
        out.customers[usize::from(s)] += 1;
        out.money[usize::from(s)] += money.get(i).copied().unwrap_or(0.0);
    }
    for s in selection.iter().filter_map(|i| rfm.segment.get(*i as usize)) {
        out.selected[usize::from(*s)] += 1;
    }
    out.medians = (0..rfm.scores.len()).map(|axis| medians(rfm, axis, n)).collect();
    out
}

fn medians(rfm: &RfmOut, axis: usize, segments: usize) -> Vec<f64> {
    let mut values = vec![Vec::new(); segments];
    for (v, s) in rfm.customers.features[axis].values.iter().zip(&rfm.segment) {
        values[usize::from(*s)].push(*v);
    }
    let median = |mut of: Vec<f64>| {
        of.sort_unstable_by(f64::total_cmp);
        quantile(&of, 0.5)
    };
    values.into_iter().map(median).collect()
}

/// Customers of a segment, ascending.
pub fn members(rfm: &RfmOut, segment: u8) -> Vec<u32> {
    (0..rfm.segment.len() as u32).filter(|i| rfm.segment[*i as usize] == segment).collect()
}

/// The treemap of segments by customers, or by net spend.
pub fn areas(rfm: &RfmOut, sums: &Sums, by_money: bool, currency: Option<&str>) -> OfSegments {
    let of = |s: usize| if by_money { sums.money[s] } else { sums.customers[s] as f64 };
    let whole: f64 = (0..sums.customers.len()).map(of).filter(|v| *v > 0.0).sum();
    let mut segments: Vec<u8> = (0..sums.customers.len() as u8).filter(|s| of(usize::from(*s)) > 0.0).collect();
    segments.sort_by(|a, b| of(usize::from(*b)).total_cmp(&of(usize::from(*a))));
    let tiles = segments.iter().map(|&s| {
        let s = usize::from(s);
        let number = if by_money { format::money(of(s), currency) } else { format::count(sums.customers[s]) };
        Tile {
            value: of(s),
            name: rfm.map.segments[s].name.clone(),
            text: format!("{number} · {}", format::percent(of(s) / whole)),
            ink: ink::of(&rfm.map, s),
            tip: tip(rfm, sums, s, currency),
            ring: sums.selected[s] > 0,
        }
    });
    let left_out = (0..sums.customers.len()).filter(|&s| sums.customers[s] > 0 && of(s) <= 0.0).count();
    let mut note =
        if by_money { format::money(whole, currency) } else { format::plural(whole as usize, "customer", "customers") };
    if left_out > 0 {
        note += &format!("; {} without net spend not drawn", format::plural(left_out, "segment", "segments"));
    }
    let data = Data::default()
        .text("segment", segments.iter().map(|s| rfm.map.segments[usize::from(*s)].name.clone()).collect())
        .number(
            if by_money { "revenue" } else { "customers" },
            segments.iter().map(|s| of(usize::from(*s))).collect::<Vec<_>>(),
        );
    let chart = Chart {
        title: if by_money { "Segments by net spend".into() } else { "Segments by customers".into() },
        note,
        marks: Marks::Tiles(tiles.collect()),
        data,
        ..Chart::default()
    };
    OfSegments { chart: Arc::new(chart), segments }
}

/// Bars of the median of one axis per segment.
pub fn medians_of(rfm: &RfmOut, sums: &Sums, axis: usize, currency: Option<&str>) -> OfSegments {
    let feature = &rfm.customers.features[axis];
    let medians = &sums.medians[axis];
    let segments: Vec<u8> = (0..medians.len() as u8).filter(|s| sums.customers[usize::from(*s)] > 0).collect();
    let (mut low, mut high) = (0.0f64, 0.0f64);
    let bars = segments.iter().enumerate().map(|(row, &s)| {
        let s = usize::from(s);
        (low, high) = (low.min(medians[s]), high.max(medians[s]));
        let unit = if feature.unit == crate::rfm::Unit::Days { " days" } else { "" };
        let median =
            format!("Median {} {}{unit}", feature.label.to_lowercase(), value(medians[s], feature.unit, currency));
        Bar {
            from: row as f64,
            to: row as f64 + 1.0,
            value: medians[s],
            selected: None,
            ink: ink::of(&rfm.map, s),
            tip: format!("{}\n{median}", tip(rfm, sums, s, currency)),
        }
    });
    let bars: Vec<Bar> = bars.collect();
    let names: Vec<String> = segments.iter().map(|s| rfm.map.segments[usize::from(*s)].name.clone()).collect();
    let data = Data::default().text("segment", names.clone()).number(
        format!("median_{}", feature.name),
        segments.iter().map(|s| medians[usize::from(*s)]).collect::<Vec<_>>(),
    );
    let format = numbers(feature.unit, currency);
    let chart = Chart {
        title: format!("Median {}", feature.label.to_lowercase()),
        note: if feature.unit == crate::rfm::Unit::Days { "days".into() } else { String::new() },
        x: Axis { label: String::new(), scale: Scale::Linear { from: low, to: high.max(1e-9) * 1.04, format } },
        y: Axis { label: String::new(), scale: Scale::Names(Arc::new(names)) },
        marks: Marks::Rows(bars),
        data,
        ..Chart::default()
    };
    OfSegments { chart: Arc::new(chart), segments }
}

/// A segment in words: customers, money, what they have in common.
pub fn tip(rfm: &RfmOut, sums: &Sums, segment: usize, currency: Option<&str>) -> String {
    let about = &rfm.map.segments[segment];
    let n = sums.customers[segment];
    let all = rfm.customers.len().max(1) as f64;
    let customers = format::plural(n, "customer", "customers");
    let mut lines = vec![about.name.clone(), format!("{customers}, {} of all", format::percent(n as f64 / all))];
    if rfm.has_money() {
        let whole: f64 = sums.money.iter().sum();
        let share = if whole > 0.0 { format::percent(sums.money[segment] / whole) } else { "–".into() };
        lines.push(format!("{}, {share} of the net spend", format::money(sums.money[segment], currency)));
    }
    if !about.meaning.is_empty() {
        lines.push(about.meaning.clone());
    }
    lines.join("\n")
}
