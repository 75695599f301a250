//! The biplot: customers as faint points, features as arrows.

use std::sync::Arc;

use egui::{Ui, Vec2};

use super::{called, labels, meaning, shown_components};
use crate::chart::{Axis, Chart, Data, Ink, Marks, Numbers, Over, Pointed, Points, Scale};
use crate::format;
use crate::pipeline::Findings;
use crate::rfm::score::quantile;
use crate::ui::panels::segments::common;
use crate::ui::scene::Scene;
use crate::ui::widgets::chart::{self, Pointing};
use crate::ui::widgets::state;

/// Share of customers that lie beyond an end of an axis; a few giants must not shrink everyone else.
const BEYOND: f64 = 0.0025;
/// An end reaches to everyone unless that takes it this many times as far.
const STRETCH: f64 = 1.35;

/// Room for title, note and labels of the axes.
const HEAD: f32 = 104.0;

/// Customers on two components.
struct Cloud {
    x: Arc<Vec<f64>>,
    y: Arc<Vec<f64>>,
    group: Arc<Vec<u8>>,
    /// From–to of each axis, zero within, and customers beyond.
    ranges: [(f64, f64); 2],
    beyond: usize,
}

impl Cloud {
    fn new(findings: &Findings, x: usize, y: usize) -> Cloud {
        let scores = &findings.pca.scores;
        let xs = scores.column(x).to_vec();
        // With a single feature there is nothing to show upwards.
        let ys = if x == y { vec![0.0; xs.len()] } else { scores.column(y).to_vec() };
        let ranges = [&xs, &ys].map(|v| {
            let mut sorted = v.clone();
            sorted.sort_unstable_by(f64::total_cmp);
            let end = |usual: f64, most: f64| {
                let end = if most.abs() > usual.abs() * STRETCH { usual * 1.1 } else { most * 1.04 };
                if end.is_finite() { end } else { 0.0 }
            };
            let ends = (sorted.first().copied().unwrap_or(-1.0), sorted.last().copied().unwrap_or(1.0));
            let low = end(quantile(&sorted, BEYOND), ends.0).min(0.0);
            let high = end(quantile(&sorted, 1.0 - BEYOND), ends.1).max(0.0);
            if high > low { (low, high) } else { (-1.0, 1.0) }
        });
        let out = |v: f64, (low, high): (f64, f64)| v < low || v > high;
        let beyond = xs.iter().zip(&ys).filter(|(x, y)| out(**x, ranges[0]) || out(**y, ranges[1])).count();
        let group = findings.chosen.clustering.labels.iter().map(|l| (*l).min(255) as u8).collect();
        Cloud { x: Arc::new(xs), y: Arc::new(ys), group: Arc::new(group), ranges, beyond }
    }
}

pub fn show(ui: &mut Ui, scene: &mut Scene, findings: &Arc<Findings>, current: bool, size: Vec2) {
    let many = findings.pca.explained_variance_ratio.len();
    let (x, y) = shown_components(scene.view.segments.sides.components, many);
    let ctx = ui.ctx().clone();
    let key = (findings.clone(), x, y);
    let cloud = scene.cache.follow("biplot cloud", key, &ctx, |(f, x, y), _| Some(Arc::new(Cloud::new(f, *x, *y))));
    let Some(made) = cloud.value else {
        ui.add_space(size.y / 3.0);
        ui.vertical_centered(|ui| ui.spinner());
        return;
    };
    let cloud_now = Arc::clone(&made);
    let key = (findings.clone(), cloud_now, scene.selection.customers.clone());
    // What came from other findings fits neither their components nor their labels.
    let fits = made.x.len() == findings.rfm.customers.len();
    if !fits {
        return;
    }
    let chart = scene.cache.get("biplot", key, |(f, cloud, selected)| Arc::new(chart_of(f, cloud, selected, x, y)));
    // As flat as the cloud asks for, within reason: empty stripes above and below teach nothing.
    let [wide, high] = made.ranges.map(|(low, high)| high - low);
    let body = size.x * (high / wide.max(1e-12)).clamp(0.62, 1.6) as f32;
    let size = egui::vec2(size.x, (body + HEAD).min(size.y));
    state::dimmed(ui, !cloud.current, |ui| {
        if let Some(pointed) = chart::show(ui, scene, &chart, size, Pointing::Area).filter(|_| current) {
            pick(scene, findings, &made, pointed, x, y);
        }
    });
}

fn chart_of(findings: &Findings, cloud: &Cloud, selected: &[u32], x: usize, y: usize) -> Chart {
    let clusters = &findings.chosen.clustering;
    let any = !selected.is_empty();
    let ink = |c: usize| match clusters.is_noise(c as u32) {
        true => Ink::Faint,
        false if any => Ink::Segment(c),
        false => Ink::Pale(c),
    };
    let marked = any.then(|| {
        let mut marked = vec![false; cloud.x.len()];
        for &customer in selected {
            if let Some(mark) = marked.get_mut(customer as usize) {
                *mark = true;
            }
        }
        Arc::new(marked)
    });
    let loadings = &findings.pca.loadings;
    let pair = |f: usize| [loadings[[x, f]], if x == y { 0.0 } else { loadings[[y, f]] }];
    let labels = labels(findings);
    // As long as they can be without leaving the picture; equally stretched, so that angles and lengths compare.
    let fits = |f: usize| {
        let one = |part: f64, (low, high): (f64, f64)| match part {
            p if p > 1e-9 => high * 0.85 / p,
            p if p < -1e-9 => low * 0.85 / p,
            _ => f64::INFINITY,
        };
        let [a, b] = pair(f);
        one(a, cloud.ranges[0]).min(one(b, cloud.ranges[1]))
    };
    let stretch = (0..labels.len()).map(fits).fold(f64::INFINITY, f64::min);
    // Where an end lies next to zero, arrows may leave the customers.
    let wide = cloud.ranges.map(|(low, high)| high - low);
    let stretch = if stretch.is_finite() { stretch.max(0.3 * wide[0].min(wide[1])) } else { 1.0 };
    // Long arrows first: their labels get the best places.
    let mut order: Vec<usize> = (0..labels.len()).collect();
    let length = |f: usize| pair(f).iter().map(|v| v * v).sum::<f64>();
    order.sort_by(|&a, &b| length(b).total_cmp(&length(a)).then(a.cmp(&b)));
    let arrow = |&f: &usize| Over::Arrow {
        from: [0.0, 0.0],
        to: pair(f).map(|v| v * stretch),
        ink: Ink::Strong,
        label: labels[f].clone(),
    };
    let axis = |c: usize, (low, high): (f64, f64)| {
        let scale = Scale::Linear { from: low, to: high, format: Numbers::Plain };
        Axis { label: called(findings, c), scale }
    };
    let mut note = format!("{}; arrows are features", format::plural(cloud.x.len(), "customer", "customers"));
    if cloud.beyond > 0 {
        note.push_str(&format!("; {} beyond the edges", format::count(cloud.beyond)));
    }
    let names: Vec<String> = (0..clusters.k).map(|c| common::name(findings, c)).collect();
    let y_axis = match (x == y, cloud.ranges[1]) {
        (true, (from, to)) => Axis { label: String::new(), scale: Scale::Bare { from, to } },
        (false, range) => axis(y, range),
    };
    let ends = |c: usize| meaning(findings, c).map_or((String::new(), String::new()), |m| (m.low, m.high));
    let ((left, right), (bottom, top)) = (ends(x), if x == y { Default::default() } else { ends(y) });
    let named = |words: String, before: &str, after: &str| match words.is_empty() {
        true => words,
        false => format!("{before}{words}{after}"),
    };
    let ends = Over::Ends {
        left: named(left, "← ", ""),
        right: named(right, "", " →"),
        top: named(top, "↑ ", ""),
        bottom: named(bottom, "↓ ", ""),
    };
    Chart {
        title: if x == y { "Biplot of PC1".into() } else { format!("Biplot of PC{} and PC{}", x + 1, y + 1) },
        note,
        x: axis(x, cloud.ranges[0]),
        y: y_axis,
        marks: Marks::Points(Points {
            x: cloud.x.clone(),
            y: cloud.y.clone(),
            group: cloud.group.clone(),
            inks: (0..clusters.k).map(ink).collect(),
            selected: marked,
        }),
        over: std::iter::once(ends).chain(order.iter().map(arrow)).collect(),
        equal: true,
        data: Data::default()
            .names("customer", findings.rfm.customers.ids.clone(), (0..cloud.x.len() as u32).collect())
            .names("segment", Arc::new(names), clusters.labels.clone())
            .number(format!("PC{}", x + 1), cloud.x.clone())
            .number(format!("PC{}", y + 1), cloud.y.clone()),
        ..Chart::default()
    }
}

/// Selects who was pointed at.
fn pick(scene: &mut Scene, findings: &Findings, cloud: &Cloud, pointed: Pointed, x: usize, y: usize) {
    match pointed {
        Pointed::Mark(i) => {
            let id = findings.rfm.customers.ids.get(i).cloned().unwrap_or_default();
            scene.select(vec![i as u32], format!("Customer {id}"));
        }
        Pointed::Area { x: across, y: up } => {
            let inside = |i: &u32| {
                let i = *i as usize;
                (across.0..=across.1).contains(&cloud.x[i]) && (up.0..=up.1).contains(&cloud.y[i])
            };
            let found: Vec<u32> = (0..cloud.x.len() as u32).filter(inside).collect();
            scene.select(found, format!("An area of PC{} and PC{}", x + 1, y + 1));
        }
        Pointed::Range { .. } => {}
    }
}
