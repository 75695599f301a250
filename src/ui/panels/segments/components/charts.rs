//! How much each component explains, and what it is made of.

use std::sync::Arc;

use super::{labels, meaning};
use crate::chart::{Axis, Bar, Cell, Cells, Chart, Data, Ink, Marks, Numbers, Over, Scale};
use crate::format;
use crate::pipeline::Findings;

/// Components in the table of loadings; further ones explain next to nothing and would be too narrow to read.
const MOST: usize = 5;

fn names(many: usize) -> Arc<Vec<String>> {
    Arc::new((1..=many).map(|i| format!("PC{i}")).collect())
}

/// Shares of the variance as bars, and their running total as a line.
pub fn explained(findings: &Findings) -> Chart {
    let shares = &findings.pca.explained_variance_ratio;
    let mut total = 0.0;
    let totals: Vec<f64> = shares
        .iter()
        .map(|s| {
            total += s;
            total
        })
        .collect();
    let bar = |(i, share): (usize, &f64)| Bar {
        from: i as f64,
        to: (i + 1) as f64,
        value: *share,
        tip: format!(
            "PC{}: {} of the variance\nPC1 to PC{0} together: {}{}",
            i + 1,
            format::percent(*share),
            format::percent(totals[i]),
            meaning(findings, i).map_or(String::new(), |m| format!("\n{}", m.against()))
        ),
        ..Bar::default()
    };
    let points: Vec<[f64; 2]> = totals.iter().enumerate().map(|(i, t)| [i as f64 + 0.5, *t]).collect();
    let dot = |at: &[f64; 2]| Over::Dot { at: *at, ink: Ink::Warn, radius: 2.0, label: String::new() };
    let mut over: Vec<Over> = points.iter().map(dot).collect();
    over.insert(0, Over::Line { points, ink: Ink::Warn, width: 1.75, opacity: 1.0, dashed: false });
    let names = names(shares.len());
    Chart {
        title: "Explained variance".into(),
        x: Axis { label: String::new(), scale: Scale::Names(names.clone()) },
        y: Axis { label: String::new(), scale: Scale::Linear { from: 0.0, to: 1.0, format: Numbers::Percent } },
        marks: Marks::Bars(shares.iter().enumerate().map(bar).collect()),
        over,
        legend: vec![("Each component".into(), Ink::Accent), ("All up to it".into(), Ink::Warn)],
        data: Data::default()
            .text("component", names.to_vec())
            .number("explained_variance_ratio", shares.clone())
            .number("cumulative", totals),
        ..Chart::default()
    }
}

/// Loadings as a table: features in rows, components in columns.
pub fn loadings(findings: &Findings) -> Chart {
    let (rows, columns) = (labels(findings), names(findings.pca.loadings.nrows().min(MOST)));
    let at = |feature: usize, component: usize| findings.pca.loadings[[component, feature]];
    let mut cells = Vec::new();
    for (f, label) in rows.iter().enumerate() {
        for c in 0..columns.len() {
            let v = at(f, c);
            let side = match v {
                v if v.abs() < 0.005 => "plays no part in",
                v if v > 0.0 => "high means a high score on",
                _ => "high means a low score on",
            };
            cells.push(Cell {
                ink: Some(Ink::Diverging(v as f32)),
                text: format::number(v, 2),
                tip: format!("{label} {side} PC{}\nLoading {}", c + 1, format::number(v, 3)),
                ring: false,
            });
        }
    }
    let left_out = findings.pca.loadings.nrows() - columns.len();
    let note = match left_out {
        0 => "Weight of each feature in each component, −1 to 1".to_string(),
        n => format!("Weight of each feature in each component, −1 to 1; the last {n} components are not shown"),
    };
    let mut data = Data::default().text("feature", rows.clone());
    for (c, name) in columns.iter().enumerate() {
        let values: Vec<f64> = (0..rows.len()).map(|f| at(f, c)).collect();
        data = data.number(name.clone(), values);
    }
    Chart {
        title: "Loadings".into(),
        note,
        x: Axis { label: String::new(), scale: Scale::Names(columns.clone()) },
        y: Axis { label: String::new(), scale: Scale::Names(Arc::new(rows)) },
        marks: Marks::Cells(Cells { columns: columns.len(), cells }),
        data,
        ..Chart::default()
    }
}
