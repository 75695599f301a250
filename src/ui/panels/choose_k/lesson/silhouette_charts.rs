//! The pictures of the silhouette lesson.

use std::sync::Arc;

use super::kmeans_charts::{axes, marked};
use super::silhouette::Group;
use crate::chart::{Axis, Bar, Chart, Data, Ink, Marks, Numbers, Over, Points, Scale};
use crate::cluster::lesson::SilhouetteParts;
use crate::format;
use crate::ui::panels::segments::name;

/// Distances drawn to each of the two clusters.
const DRAWN: usize = 9;

/// The customers with some of the distances that a and b are means of.
pub fn plane(group: &Group, parts: &SilhouetteParts, selected: &[u32]) -> Chart {
    let plane = &group.plane;
    let at = |row: usize| [plane.points[[row, 0]], plane.points[[row, 1]]];
    let here = at(parts.row);
    let far = |row: usize| (at(row)[0] - here[0]).hypot(at(row)[1] - here[1]);
    let (mut lines, mut over) = (Vec::new(), Vec::new());
    let clusters = [Some(parts.own), parts.b.map(|b| b.0)];
    for cluster in clusters.into_iter().flatten() {
        let mut rows: Vec<usize> =
            (0..group.labels.len()).filter(|r| group.labels[*r] == cluster && *r != parts.row).collect();
        rows.sort_by(|&a, &b| far(a).total_cmp(&far(b)).then(a.cmp(&b)));
        // From the nearest to the furthest, so that what is drawn stands for all.
        for i in 0..DRAWN.min(rows.len()) {
            let row = rows[(2 * i + 1) * rows.len() / (2 * DRAWN.min(rows.len()))];
            let points = vec![here, at(row)];
            let ink = Ink::Segment(cluster as usize);
            let dashed = cluster != parts.own;
            lines.push(Over::Line { points, ink: Ink::Strong, width: 1.25, opacity: 0.85, dashed });
            over.push(Over::Dot { at: at(row), ink, radius: 2.5, label: String::new() });
        }
    }
    over.push(Over::Dot {
        at: here,
        ink: Ink::Segment(parts.own as usize),
        radius: 7.0,
        label: format!("s = {}", format::number(parts.value, 3)),
    });
    let [x, y] = axes(plane);
    let customer = plane.customers[parts.row];
    // The one customer in question is marked already.
    let selected = if *selected == [customer] { &[][..] } else { selected };
    let inks = (0..group.k).map(|c| if clusters.contains(&Some(c as u32)) { Ink::Segment(c) } else { Ink::Pale(c) });
    let names: Vec<String> = (0..group.k).map(|c| name(&group.findings, c)).collect();
    Chart {
        title: "Distances of one customer".into(),
        note: "Some of them: whole lines to its own segment, dashed to the nearest".into(),
        x,
        y,
        marks: Marks::Points(Points {
            x: plane.x.clone(),
            y: plane.y.clone(),
            group: Arc::new(group.labels.iter().map(|l| (*l).min(255) as u8).collect()),
            inks: inks.collect(),
            selected: marked(plane, selected),
        }),
        over: lines.into_iter().chain(over).collect(),
        equal: true,
        data: Data::default()
            .names("customer", group.findings.rfm.customers.ids.clone(), plane.customers.to_vec())
            .names("segment", Arc::new(names), group.labels.clone())
            .number("x", plane.x.clone())
            .number("y", plane.y.clone())
            .number("silhouette", group.values.clone()),
        ..Chart::default()
    }
}

/// Mean distances to each segment, the own one first.
pub fn bars(group: &Group, parts: &SilhouetteParts) -> Chart {
    let mut order: Vec<usize> = (0..group.k).filter(|c| *c != parts.own as usize).collect();
    let mean = |c: usize| parts.means[c].unwrap_or(f64::INFINITY);
    order.sort_by(|&a, &b| mean(a).total_cmp(&mean(b)));
    order.insert(0, parts.own as usize);
    let nearest = parts.b.map(|b| b.0 as usize);
    let label = |c: usize| {
        let called = name(&group.findings, c);
        match (c == parts.own as usize, nearest == Some(c)) {
            (true, _) => format!("a  {called}"),
            (_, true) => format!("b  {called}"),
            _ => called,
        }
    };
    let bar = |(i, &c): (usize, &usize)| Bar {
        from: i as f64,
        to: (i + 1) as f64,
        value: parts.means[c].unwrap_or(0.0),
        ink: if c == parts.own as usize || nearest == Some(c) { Ink::Segment(c) } else { Ink::Pale(c) },
        tip: format!(
            "{}\nMean distance {} to {}",
            name(&group.findings, c),
            parts.means[c].map_or("–".into(), |m| format::number(m, 3)),
            format::plural(parts.sizes[c], "customer", "customers")
        ),
        ..Bar::default()
    };
    let names: Vec<String> = order.iter().map(|&c| label(c)).collect();
    let values: Vec<f64> = order.iter().map(|&c| parts.means[c].unwrap_or(f64::NAN)).collect();
    let most = values.iter().copied().filter(|v| v.is_finite()).fold(0.0, f64::max);
    Chart {
        title: "Mean distance to each segment".into(),
        x: Axis {
            label: String::new(),
            scale: Scale::Linear { from: 0.0, to: most.max(1e-9), format: Numbers::Plain },
        },
        y: Axis { label: String::new(), scale: Scale::Names(Arc::new(names.clone())) },
        marks: Marks::Rows(order.iter().enumerate().map(bar).collect()),
        data: Data::default().text("segment", names).number("mean_distance", values),
        ..Chart::default()
    }
}
