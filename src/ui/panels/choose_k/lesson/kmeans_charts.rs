//! The pictures of the k-means lesson.

use std::sync::Arc;

use super::kmeans::Run;
use super::plane::Plane;
use super::words;
use crate::chart::{Anchor, Axis, Chart, Data, Ink, Line, Marks, Numbers, Over, Points, Rule, Scale};
use crate::cluster::lesson::{What, borders};

/// Shades of the chance of being drawn.
const SHADES: usize = 12;

/// Up to so many selected customers are ringed; more stand out by the others' being faint.
const RINGED: usize = 100;

/// Axes of a plane.
pub fn axes(plane: &Plane) -> [Axis; 2] {
    [0, 1].map(|side| {
        let (from, to) = plane.ranges[side];
        let label = plane.labels[side].clone();
        Axis { label, scale: Scale::Linear { from, to, format: Numbers::Plain } }
    })
}

/// Which points of the plane are selected; `None` where nobody is.
pub fn marked(plane: &Plane, selected: &[u32]) -> Option<Arc<Vec<bool>>> {
    (!selected.is_empty())
        .then(|| Arc::new(plane.customers.iter().map(|c| selected.binary_search(c).is_ok()).collect()))
}

/// How things stand after a step.
pub fn plane(run: &Run, at: usize, selected: &[u32]) -> Chart {
    let (plane, step) = (&run.plane, &run.steps[at]);
    let before = at.checked_sub(1).map(|i| &run.steps[i]);
    let k = step.centroids.nrows();
    let (mut group, inks): (Vec<u8>, Vec<Ink>) = match &step.what {
        What::Place { chances, .. } => shades(chances),
        _ => (step.labels.iter().map(|l| *l as u8).collect(), (0..k).map(Ink::Segment).collect()),
    };
    group.resize(plane.customers.len(), 0);
    let mut over: Vec<Over> = Vec::new();
    if !step.labels.is_empty() {
        // Far beyond the picture: a range may be drawn wider than asked for.
        let wide = plane.ranges.map(|(from, to)| (from - 3.0 * (to - from), to + 3.0 * (to - from)));
        let borders = borders(step.centroids.view(), wide);
        over.extend(borders.into_iter().map(|ends| Over::Line {
            points: ends.to_vec(),
            ink: Ink::Strong,
            width: 1.0,
            opacity: 0.45,
            dashed: true,
        }));
    }
    // The way of each centroid from where it was placed.
    for c in 0..k {
        let mut way: Vec<[f64; 2]> = Vec::new();
        for earlier in run.steps[..=at].iter().filter(|s| s.centroids.nrows() == k) {
            let at = [earlier.centroids[[c, 0]], earlier.centroids[[c, 1]]];
            if way.last() != Some(&at) {
                way.push(at);
            }
        }
        if let [placed, _, ..] = way[..] {
            over.push(Over::Words {
                at: placed,
                shift: [0.0, 0.0],
                text: "×".into(),
                ink: Some(Ink::Strong),
                anchor: Anchor::Middle,
            });
            over.push(Over::Line { points: way, ink: Ink::Strong, width: 1.25, opacity: 0.8, dashed: false });
        }
    }
    let point = |c: usize| [step.centroids[[c, 0]], step.centroids[[c, 1]]];
    let marks = marked(plane, selected);
    let few = marks.as_ref().is_some_and(|m| m.iter().filter(|m| **m).count() <= RINGED);
    if let Some(marks) = marks.as_ref().filter(|_| few) {
        for i in (0..marks.len()).filter(|i| marks[*i]) {
            let at = [plane.x[i], plane.y[i]];
            let ink = inks.get(group[i] as usize).copied().unwrap_or_default();
            over.push(Over::Dot { at, ink, radius: 3.5, label: String::new() });
        }
    }
    let placing = matches!(step.what, What::Place { .. });
    for c in 0..k {
        let ink = if placing { Ink::Accent } else { Ink::Segment(c) };
        if let (What::Move { .. }, Some(before)) = (&step.what, before) {
            let from = [before.centroids[[c, 0]], before.centroids[[c, 1]]];
            over.push(Over::Arrow { from, to: point(c), ink: Ink::Strong, label: String::new() });
        }
        let newest = placing && c + 1 == k;
        let radius = if newest { 10.0 } else { 8.5 };
        over.push(Over::Dot { at: point(c), ink, radius, label: (c + 1).to_string() });
    }
    let [x, y] = axes(plane);
    let names: Vec<String> = step.labels.iter().map(|l| (l + 1).to_string()).collect();
    let legend = match placing && k > 1 {
        true => vec![
            ("little chance to be drawn".into(), Ink::Sequential(0.0)),
            ("the greatest".into(), Ink::Sequential(1.0)),
        ],
        false => Vec::new(),
    };
    Chart {
        title: "Customers and centroids".into(),
        note: format!("{}; × marks where centroids began", plane.whom()),
        x,
        y,
        marks: Marks::Points(Points {
            x: plane.x.clone(),
            y: plane.y.clone(),
            group: Arc::new(group),
            inks,
            selected: marks.filter(|_| !few),
        }),
        over,
        equal: true,
        legend,
        data: Data::default()
            .names("customer", run.ids.clone(), plane.customers.to_vec())
            .text("cluster", names)
            .number("x", plane.x.clone())
            .number("y", plane.y.clone()),
        ..Chart::default()
    }
}

/// Points by their chance of being drawn, by its square root: distances, which the eye sees.
fn shades(chances: &[f64]) -> (Vec<u8>, Vec<Ink>) {
    let most = chances.iter().copied().fold(0.0, f64::max);
    let least = chances.iter().copied().fold(f64::INFINITY, f64::min);
    if most - least <= 1e-15 {
        return (vec![0; chances.len()], vec![Ink::Pale(8)]);
    }
    let shade = |c: &f64| ((c / most).sqrt() * (SHADES - 1) as f64).round() as u8;
    let inks = (0..SHADES).map(|i| Ink::Sequential(i as f32 / (SHADES - 1) as f32)).collect();
    (chances.iter().map(shade).collect(), inks)
}

/// The inertia after every step, with the present one marked.
pub fn inertia(run: &Run, at: usize) -> Chart {
    let values: Vec<f64> = run.steps.iter().map(|s| s.inertia).collect();
    let x: Vec<f64> = (1..=values.len()).map(|i| i as f64).collect();
    // The first placements are far above all that follows and would flatten it.
    let from = run.steps.iter().position(|s| !s.labels.is_empty()).unwrap_or(0).saturating_sub(1);
    let shown = &values[from.min(at)..];
    let (low, high) = shown.iter().fold((f64::INFINITY, 0.0_f64), |(l, h), v| (l.min(*v), h.max(*v)));
    let room = ((high - low) * 0.08).max(high * 1e-3);
    let tips = (0..values.len())
        .map(|i| format!("{}\nInertia {}\nClick to go there", words::title(&run.steps, i), words::figure(values[i])))
        .collect();
    let names: Vec<String> = (0..values.len()).map(|i| words::title(&run.steps, i)).collect();
    let here = [x[at], values[at]];
    Chart {
        title: "Inertia falls".into(),
        note: "Sum of squared distances to the centroid".into(),
        x: Axis {
            label: "Step".into(),
            scale: Scale::Linear { from: 0.0, to: x.len().max(2) as f64, format: Numbers::Whole },
        },
        y: Axis {
            label: String::new(),
            scale: Scale::Linear { from: (low - room).max(0.0), to: high + room, format: Numbers::Plain },
        },
        marks: Marks::Lines(vec![Line {
            name: "Inertia".into(),
            x: x.clone(),
            y: values.clone(),
            ink: Ink::Accent,
            tips,
            ..Line::default()
        }]),
        over: vec![Over::Dot { at: here, ink: Ink::Accent, radius: 4.0, label: words::figure(values[at]) }],
        rules: vec![Rule { at: x[at], label: String::new() }],
        data: Data::default().text("step", names).number("inertia", values),
        ..Chart::default()
    }
}
