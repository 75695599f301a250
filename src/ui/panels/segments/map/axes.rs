//! What stands at the axes, and where their marks are.

use std::rc::Rc;

use egui_plot::{GridInput, GridMark};

use super::places::{is_log, unscaled};
use crate::app::Axes;
use crate::chart::nice_step;
use crate::format;
use crate::pipeline::Findings;
use crate::rfm::{FREQUENCY, MONETARY, RECENCY, Unit};
use crate::ui::scene::Scene;

/// One axis in words.
pub struct AxisText {
    /// In full, for the side of a picture.
    pub label: String,
    /// In a word or two, for the edge of a box.
    pub short: String,
    pub log: bool,
    /// How a place on it is written.
    pub write: Rc<dyn Fn(f64) -> String>,
}

/// The axes of the picture, two or three; t-SNE's have neither name nor unit.
pub fn texts(scene: &Scene, findings: &Findings) -> Vec<AxisText> {
    match scene.view.axes {
        Axes::Pca2 => (0..2).map(|i| component(findings, i)).collect(),
        Axes::Pca3 => (0..3).map(|i| component(findings, i)).collect(),
        Axes::Tsne2 => vec![nameless(), nameless()],
        Axes::Tsne3 => vec![nameless(), nameless(), nameless()],
        axes => axes.features().into_iter().map(|i| feature(scene, findings, i)).collect(),
    }
}

fn nameless() -> AxisText {
    AxisText { label: String::new(), short: String::new(), log: false, write: Rc::new(|_| String::new()) }
}

fn component(findings: &Findings, i: usize) -> AxisText {
    let share = format::percent(findings.pca.explained_variance_ratio.get(i).copied().unwrap_or(0.0));
    AxisText {
        label: format!("Principal component {}, {share} of the variance", i + 1),
        short: format!("PC{} {share}", i + 1),
        log: false,
        write: Rc::new(format::short),
    }
}

fn feature(scene: &Scene, findings: &Findings, i: usize) -> AxisText {
    let feature = &findings.rfm.customers.features[i];
    let (unit, currency) = (feature.unit, scene.currency().map(str::to_string));
    let log = is_log(&findings.rfm, i);
    let of = match feature.name.as_str() {
        RECENCY => ", days since the last purchase".to_string(),
        FREQUENCY => format!(", {}", findings.rfm.frequency_of),
        MONETARY => ", net spend".to_string(),
        _ => String::new(),
    };
    let scale = if log { " (log scale)" } else { "" };
    let write = move |place: f64| {
        let value = unscaled(place, log);
        match unit {
            Unit::Share => format::percent(value),
            Unit::Number | Unit::Words => format::short(value),
            Unit::Days | Unit::Count => format::number(value.round(), 0),
            // Marks are round numbers: cents would only be noise.
            Unit::Money => format!("{}{}", currency.as_deref().unwrap_or_default(), format::number(value.round(), 0)),
        }
    };
    AxisText {
        label: format!("{}{of}{scale}", feature.label),
        short: format!("{}{}", feature.label, if log { " (log)" } else { "" }),
        log,
        write: Rc::new(write),
    }
}

/// An axis with its marks.
#[derive(Debug, Clone)]
pub struct Ruled {
    /// In full, for the side of a picture.
    pub label: String,
    /// In a word or two, for the edge of a box; empty for axes without meaning.
    pub short: String,
    /// Places and what is written there; none where it means nothing.
    pub marks: Vec<(f64, String)>,
}

/// The axes with a few round marks between these ends.
pub fn ruled(texts: &[AxisText], low: [f64; 3], high: [f64; 3]) -> Vec<Ruled> {
    let one = |(a, text): (usize, &AxisText)| {
        let places = if text.short.is_empty() { Vec::new() } else { ticks(text, low[a], high[a]) };
        let marks = places.into_iter().map(|v| (v, (text.write)(v))).collect();
        Ruled { label: text.label.clone(), short: text.short.clone(), marks }
    };
    texts.iter().enumerate().map(one).collect()
}

/// Marks at 0, 1, 2, 5, 10, 20 … on an axis of log(1 + x); the steps say how far apart marks of a kind are.
pub fn log_marks(input: GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let mut marks = vec![GridMark { value: 0.0, step_size: std::f64::consts::LN_10 }];
    for power in 0..12 {
        for step in [1.0, 2.0, 5.0] {
            let value = (step * 10f64.powi(power)).ln_1p();
            let step_size = if step == 1.0 { std::f64::consts::LN_10 } else { std::f64::consts::LN_2 };
            marks.push(GridMark { value, step_size });
        }
    }
    marks.retain(|m| (low..=high).contains(&m.value));
    marks
}

/// A few round places between two others.
fn ticks(text: &AxisText, low: f64, high: f64) -> Vec<f64> {
    if text.log {
        let powers = std::iter::once(0.0).chain((0..12).map(|p| 10f64.powi(p).ln_1p()));
        let marks: Vec<f64> = powers.filter(|v| (low..=high).contains(v)).collect();
        if marks.len() >= 2 {
            return marks;
        }
    }
    let step = nice_step(high - low, 4);
    let first = (low / step).ceil();
    (0..12).map(|i| (first + f64::from(i)) * step).take_while(|v| *v <= high).collect()
}
