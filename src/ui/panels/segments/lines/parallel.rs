//! Parallel coordinates: every feature an upright axis, clusters as medians with quartiles, customers as faint lines.

use std::sync::Arc;

use super::Lines;
use crate::app::LinesView;
use crate::chart::{Anchor, Axis, Chart, Data, Ink, Line, Marks, Numbers, Over, Scale};
use crate::cluster::lesson::sample;
use crate::format;
use crate::profile::standard::marks;
use crate::rfm::Unit;
use crate::ui::widgets::customers::value;

/// Customers drawn, and how many of the selection.
const CUSTOMERS: usize = 400;
const SELECTED: usize = 250;
const SEED: u64 = 400;
/// Standard deviations shown on a common scale; who is beyond is drawn at the edge.
const REACH: f64 = 4.0;
/// Marks of an axis are at least this share of its length apart.
const APART: f64 = 0.11;

/// Where a value of the matrix stands on the picture's vertical axis.
pub fn height(lines: &Lines, column: usize, value: f64, own_units: bool) -> f64 {
    let everyone = &lines.standards.everyone[column];
    if own_units {
        let reach = everyone.most - everyone.least;
        if reach > 0.0 { (value - everyone.least) / reach } else { 0.5 }
    } else {
        everyone.standard(value).clamp(-REACH, REACH)
    }
}

/// The value of the matrix at a height; the ends stand for whatever lies beyond.
pub fn value_at(lines: &Lines, column: usize, at: f64, own_units: bool) -> f64 {
    let everyone = &lines.standards.everyone[column];
    if own_units {
        everyone.least + at * (everyone.most - everyone.least)
    } else if at >= REACH * 0.995 {
        everyone.most.max(everyone.mean + REACH * everyone.sd)
    } else if at <= -REACH * 0.995 {
        everyone.least.min(everyone.mean - REACH * everyone.sd)
    } else {
        everyone.mean + at * everyone.sd
    }
}

pub fn chart(lines: &Lines, view: &LinesView, selected: &[u32], currency: Option<&str>) -> Chart {
    let order = view.arranged(&lines.names);
    let (findings, own) = (&lines.findings, view.own_units);
    let at = |column: usize, v: f64| height(lines, column, v, own);
    let of_standard = |column: usize, z: f64| {
        let everyone = &lines.standards.everyone[column];
        at(column, everyone.mean + z * everyone.sd)
    };
    let path = |f: &dyn Fn(usize) -> f64| -> Vec<[f64; 2]> {
        order.iter().enumerate().map(|(i, &column)| [i as f64 + 0.5, f(column)]).collect()
    };
    let mut under = Vec::new();
    let n = findings.rfm.customers.len();
    let labels = &findings.chosen.clustering.labels;
    let drawn = if view.customers { sample(n, CUSTOMERS, SEED) } else { Vec::new() };
    let any = !selected.is_empty();
    let customer = |row: u32, ink: Ink, opacity: f32| {
        let x = findings.matrix.x.row(row as usize);
        Over::Line { points: path(&|column| at(column, x[column])), ink, width: 1.0, opacity, dashed: false }
    };
    let ink = |row: u32| {
        let label = labels.get(row as usize).copied().unwrap_or(0);
        if findings.chosen.clustering.is_noise(label) { Ink::Faint } else { Ink::Segment(label as usize) }
    };
    for &row in drawn.iter().filter(|row| selected.binary_search(row).is_err()) {
        under.push(if any { customer(row, Ink::Faint, 0.35) } else { customer(row, ink(row), 0.22) });
    }
    let picked: Vec<u32> = sample(selected.len(), SELECTED, SEED).iter().map(|i| selected[*i as usize]).collect();
    under.extend(picked.iter().filter(|row| (**row as usize) < n).map(|&row| customer(row, ink(row), 0.6)));
    if view.quartiles {
        for (c, cluster) in lines.standards.clusters.iter().enumerate() {
            let upper = path(&|column| of_standard(column, cluster[column].q3));
            let lower = path(&|column| of_standard(column, cluster[column].q1));
            under.push(Over::Band { upper, lower, ink: Ink::Segment(c), opacity: 0.16 });
        }
    }
    let ends = if own { [0.0, 1.0] } else { [-REACH, REACH] };
    for (i, &column) in order.iter().enumerate() {
        axis(&mut under, lines, view, column, i as f64 + 0.5, ends, currency);
    }
    let median = |(c, cluster): (usize, &Vec<crate::profile::standard::Standard>)| {
        let points = path(&|column| of_standard(column, cluster[column].median));
        Line {
            name: super::common::name(findings, c),
            x: points.iter().map(|p| p[0]).collect(),
            y: points.iter().map(|p| p[1]).collect(),
            ink: Ink::Segment(c),
            tips: order.iter().map(|&column| tip(lines, c, column, currency)).collect(),
            ..Line::default()
        }
    };
    let medians: Vec<Line> = lines.standards.clusters.iter().enumerate().map(median).collect();
    let mut over = Vec::new();
    // A seam below and a stronger line above, so that medians stand out from their customers.
    for line in &medians {
        let points: Vec<[f64; 2]> = line.x.iter().zip(&line.y).map(|(x, y)| [*x, *y]).collect();
        over.push(Over::Line { points, ink: line.ink, width: 2.75, opacity: 1.0, dashed: false });
    }
    let names: Vec<String> = order.iter().map(|&column| lines.labels[column].clone()).collect();
    let scale = match own {
        true => Scale::Bare { from: ends[0], to: ends[1] },
        false => Scale::Linear { from: ends[0], to: ends[1], format: Numbers::Plain },
    };
    let y_label = if own { "" } else { "Standard deviations from everyone's mean" };
    Chart {
        title: "Parallel coordinates".into(),
        note: note(view, n, drawn.len(), picked.len(), selected.len()),
        x: Axis { label: String::new(), scale: Scale::Names(Arc::new(names)) },
        y: Axis { label: y_label.into(), scale },
        marks: Marks::Lines(medians),
        under,
        over,
        legend: lines.segments.clone(),
        data: data(lines, &order),
        ..Chart::default()
    }
}

/// One axis with its marks and its brush.
fn axis(
    under: &mut Vec<Over>,
    lines: &Lines,
    view: &LinesView,
    column: usize,
    x: f64,
    [low, high]: [f64; 2],
    currency: Option<&str>,
) {
    let line = |points, width| Over::Line { points, ink: Ink::Strong, width, opacity: 0.55, dashed: false };
    under.push(line(vec![[x, low], [x, high]], 1.0));
    let own = view.own_units;
    let column_of = &lines.findings.matrix.columns[column];
    let feature = lines.findings.rfm.customers.features.iter().find(|f| f.name == column_of.name);
    let unit = feature.map_or(Unit::Number, |f| f.unit);
    if own {
        for (mark, at) in marks(column_of, &lines.standards.everyone[column], APART) {
            let words = Over::Words {
                at: [x, height(lines, column, at, true)],
                shift: [5.0, 0.0],
                text: round(mark, unit, currency),
                ink: None,
                anchor: Anchor::Start,
            };
            under.push(words);
        }
    }
    for brush in view.brushes.iter().filter(|b| b.feature == column_of.name) {
        let [from, to] = [brush.from, brush.to].map(|v| height(lines, column, v, own));
        let side = |y: f64| vec![[x - 0.045, y], [x + 0.045, y]];
        under.push(Over::Band { upper: side(to), lower: side(from), ink: Ink::Accent, opacity: 0.45 });
    }
}

/// A round value, without the cents that money has elsewhere.
fn round(mark: f64, unit: Unit, currency: Option<&str>) -> String {
    match unit {
        Unit::Money if mark.fract() == 0.0 => format!("{}{}", currency.unwrap_or(""), format::number(mark, 0)),
        Unit::Days | Unit::Count => format::short(mark),
        _ => value(mark, unit, currency),
    }
}

fn note(view: &LinesView, n: usize, drawn: usize, picked: usize, selected: usize) -> String {
    let mut parts = vec!["Strong lines are medians".to_string()];
    if view.quartiles {
        parts.push("bands hold the middle half".into());
    }
    if view.customers {
        parts.push(match drawn < n {
            true => {
                format!("{} of {} customers drawn faintly, by a fixed seed", format::count(drawn), format::count(n))
            }
            false => format!("all {} drawn faintly", format::plural(n, "customer", "customers")),
        });
    }
    if picked > 0 && picked < selected {
        parts.push(format!("{} of the {} selected", format::count(picked), format::count(selected)));
    }
    parts.join("; ")
}

fn tip(lines: &Lines, cluster: usize, column: usize, currency: Option<&str>) -> String {
    let findings = &lines.findings;
    let name = &findings.matrix.columns[column].name;
    let head = &lines.labels[column];
    let called = super::common::name(findings, cluster);
    let found = findings.rfm.customers.features.iter().position(|f| f.name == *name);
    let summary = found.and_then(|at| Some((&findings.profiles.get(cluster)?.features[at], at)));
    let Some((summary, at)) = summary else { return format!("{head}\n{called}") };
    let unit = findings.rfm.customers.features[at].unit;
    let [q1, median, q3] = [summary.q1, summary.median, summary.q3].map(|v| value(v, unit, currency));
    format!("{head}\n{called}: median {median}, half between {q1} and {q3}")
}

/// Clusters × features, in standard deviations.
pub fn data(lines: &Lines, order: &[usize]) -> Data {
    let mut rows: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    let mut numbers: [Vec<f64>; 4] = Default::default();
    for (c, cluster) in lines.standards.clusters.iter().enumerate() {
        for &column in order {
            rows[0].push(lines.segments[c].0.clone());
            rows[1].push(lines.labels[column].clone());
            let s = cluster[column];
            for (to, v) in numbers.iter_mut().zip([s.mean, s.q1, s.median, s.q3]) {
                to.push(v);
            }
        }
    }
    let [segments, features] = rows;
    let [mean, q1, median, q3] = numbers;
    Data::default()
        .text("segment", segments)
        .text("feature", features)
        .number("mean_standardised", mean)
        .number("q1_standardised", q1)
        .number("median_standardised", median)
        .number("q3_standardised", q3)
}
