//! The snake plot: means of standardised features, one line per cluster.

use std::sync::Arc;

use super::{Lines, parallel};
use crate::app::LinesView;
use crate::chart::{Axis, Chart, Ink, Line, Marks, Numbers, Over, Scale};
use crate::format;

pub fn chart(lines: &Lines, view: &LinesView) -> Chart {
    let order = view.arranged(&lines.names);
    let k = lines.clusters();
    // Beside each other, so that the quartiles of one do not cover those of the next.
    let step = (0.5 / k.max(1) as f64).min(0.06);
    let shift = |c: usize| if view.quartiles { (c as f64 - (k as f64 - 1.0) / 2.0) * step } else { 0.0 };
    let mut under = Vec::new();
    let mut all: Vec<f64> = vec![0.0];
    let mut drawn = Vec::with_capacity(k);
    let mut over = Vec::new();
    for (c, (cluster, (name, ink))) in lines.standards.clusters.iter().zip(&lines.segments).enumerate() {
        let ink = *ink;
        let (mut x, mut y, mut tips) = (Vec::new(), Vec::new(), Vec::new());
        for (i, &column) in order.iter().enumerate() {
            let s = cluster[column];
            let at = i as f64 + 0.5 + shift(c);
            x.push(at);
            y.push(s.mean);
            all.push(s.mean);
            let [mean, sd, q1, q3] = [s.mean, s.sd, s.q1, s.q3].map(|v| format::number(v, 2));
            tips.push(format!(
                "{}\n{}: mean {mean}, standard deviation {sd}\nHalf of its customers between {q1} and {q3}",
                lines.labels[column], name
            ));
            if view.quartiles {
                all.extend([s.q1, s.q3]);
                let points = vec![[at, s.q1], [at, s.q3]];
                under.push(Over::Line { points, ink, width: 4.0, opacity: 0.35, dashed: false });
            }
            over.push(Over::Dot { at: [at, s.mean], ink, radius: 2.5, label: String::new() });
        }
        drawn.push(Line { name: name.clone(), x, y, ink, tips, ..Line::default() });
    }
    let (low, high) = all.iter().filter(|v| v.is_finite()).fold((-0.5, 0.5), |(l, h), v| (v.min(l), v.max(h)));
    let room = (high - low) * 0.06;
    let zero = vec![[0.0, 0.0], [order.len() as f64, 0.0]];
    under.insert(0, Over::Line { points: zero, ink: Ink::Strong, width: 1.0, opacity: 0.5, dashed: true });
    let names: Vec<String> = order.iter().map(|&column| lines.labels[column].clone()).collect();
    let bars = if view.quartiles { "; bars hold the middle half of its customers" } else { "" };
    Chart {
        title: "Snake plot".into(),
        note: format!("Mean of each segment; 0 is the mean of everyone{bars}"),
        x: Axis { label: String::new(), scale: Scale::Names(Arc::new(names)) },
        y: Axis {
            label: "Standard deviations from everyone's mean, after transform and scale".into(),
            scale: Scale::Linear { from: low - room, to: high + room, format: Numbers::Plain },
        },
        marks: Marks::Lines(drawn),
        under,
        over,
        legend: lines.segments.clone(),
        data: parallel::data(lines, &order),
        ..Chart::default()
    }
}
