//! The intercluster distance map and the table of distances.

use std::sync::Arc;

use super::Between;
use crate::chart::{Axis, Cell, Cells, Chart, Data, Disc, Ink, Marks, Over, Scale, nice_step};
use crate::format;
use crate::pipeline::Findings;
use crate::ui::panels::segments::common;

/// Clusters as discs, near each other where they are alike; `rings` marks those that are selected.
pub fn map(findings: &Findings, between: &Between, rings: &[bool]) -> Chart {
    let clustering = &findings.chosen.clustering;
    let at = &between.mds.at;
    let all: usize = clustering.sizes.iter().sum();
    let disc = |c: usize| {
        let (size, name) = (clustering.sizes[c], common::name(findings, c));
        let share = format::percent(size as f64 / all.max(1) as f64);
        Disc {
            at: [at[[c, 0]], at[[c, 1]]],
            value: size as f64,
            tip: format!(
                "{name}\n{}, {share}\n{}\nClick to select its customers",
                format::plural(size, "customer", "customers"),
                between.likeness[c].says(findings)
            ),
            name,
            short: (c + 1).to_string(),
            ink: Ink::Segment(c),
            ring: rings.get(c).copied().unwrap_or(false),
        }
    };
    let k = at.nrows();
    // Each and its nearest neighbour, as far as the plane allows.
    let tie = |c: usize| {
        let nearest = between.likeness[c].nearest;
        let points = [c, nearest].map(|i| [at[[i, 0]], at[[i, 1]]]).to_vec();
        Over::Line { points, ink: Ink::Faint, width: 1.25, opacity: 0.9, dashed: true }
    };
    let low = |side: usize| (0..k).map(|c| at[[c, side]]).fold(f64::INFINITY, f64::min);
    let high = |side: usize| (0..k).map(|c| at[[c, side]]).fold(f64::NEG_INFINITY, f64::max);
    let (across, up) = (high(0) - low(0), high(1) - low(1));
    let unit = nice_step(across.max(up).max(1e-9), 6);
    let under = (0..k).map(tie).collect();
    let over = vec![Over::Measure { length: unit, label: format!("a distance of {}", format::short(unit)) }];
    let noise = clustering.noise.map(|c| clustering.sizes[c as usize]).filter(|n| *n > 0);
    let left_out = noise.map_or(String::new(), |n| format!("; {} of noise left out", format::count(n)));
    Chart {
        title: "Intercluster distance map".into(),
        note: format!("Near means alike; areas count customers{left_out}"),
        marks: Marks::Discs((0..k).map(disc).collect()),
        under,
        over,
        equal: true,
        data: Data::default()
            .text("segment", (0..k).map(|c| common::name(findings, c)).collect())
            .number("customers", clustering.sizes[..k].iter().map(|s| *s as f64).collect::<Vec<_>>())
            .number("x", at.column(0).to_vec())
            .number("y", at.column(1).to_vec()),
        ..Chart::default()
    }
}

/// Distances between centroids; a ring marks the nearest of each row.
pub fn table(findings: &Findings, between: &Between) -> Chart {
    let k = between.distances.nrows();
    let names: Vec<String> = (0..k).map(|c| format!("{} {}", c + 1, common::name(findings, c))).collect();
    let most = between.distances.iter().copied().fold(1e-12, f64::max);
    let mut cells = Vec::new();
    for a in 0..k {
        let like = &between.likeness[a];
        for b in 0..k {
            let d = between.distances[[a, b]];
            let tip = match (a == b, like.nearest == b) {
                (true, _) => common::name(findings, a),
                (_, true) => format!("{}\n{}", common::name(findings, a), like.says(findings)),
                _ => format!(
                    "{} and {}\n{} apart",
                    common::name(findings, a),
                    common::name(findings, b),
                    format::number(d, 2)
                ),
            };
            cells.push(Cell {
                // Alike is strong: what is near is looked for.
                ink: (a != b).then(|| Ink::Sequential(1.0 - (d / most) as f32)),
                text: if a == b { String::new() } else { format::number(d, 2) },
                tip,
                ring: a != b && like.nearest == b,
            });
        }
    }
    let numbers: Vec<String> = (1..=k).map(|c| c.to_string()).collect();
    let mut data = Data::default().text("segment", names.clone());
    for (b, name) in names.iter().enumerate() {
        let column: Vec<f64> = between.distances.column(b).to_vec();
        data = data.number(name.clone(), column);
    }
    Chart {
        title: "Distances between centroids".into(),
        note: "On the scaled features; a ring marks the nearest of each row".into(),
        x: Axis { label: String::new(), scale: Scale::Names(Arc::new(numbers)) },
        y: Axis { label: String::new(), scale: Scale::Names(Arc::new(names)) },
        marks: Marks::Cells(Cells { columns: k, cells }),
        data,
        ..Chart::default()
    }
}
