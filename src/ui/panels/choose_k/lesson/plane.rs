//! The customers of a lesson: a sample of them on two axes.

use std::sync::Arc;

use ndarray::Array2;

use crate::app::LessonAxes;
use crate::cluster::lesson::sample;
use crate::format;
use crate::pipeline::Findings;
use crate::ui::panels::segments::labels;

/// As many customers are drawn; more would hide each other.
pub const MOST: usize = 1_500;

/// Room for title, note and labels of the axes.
const HEAD: f32 = 100.0;

/// Some customers on two axes; all that a lesson computes with.
pub struct Plane {
    /// Places in the customer table, ascending.
    pub customers: Arc<Vec<u32>>,
    /// One row per customer.
    pub points: Array2<f64>,
    /// What the axes are.
    pub labels: [String; 2],
    /// From–to of each axis, with some air.
    pub ranges: [(f64, f64); 2],
    /// How many customers there are.
    pub all: usize,
    pub x: Arc<Vec<f64>>,
    pub y: Arc<Vec<f64>>,
}

impl Plane {
    /// The sample that `seed` draws, on `axes`, and `also` where it is not in it. Noise takes no part if `noise` is
    /// false.
    pub fn new(findings: &Findings, axes: LessonAxes, seed: u64, noise: bool, also: Option<u32>) -> Plane {
        let all = findings.rfm.customers.len();
        let clustering = &findings.chosen.clustering;
        let mut customers = sample(all, MOST, seed);
        if let Some(also) = also
            && let Err(at) = customers.binary_search(&also)
        {
            customers.insert(at, also);
        }
        if !noise {
            customers.retain(|c| !clustering.is_noise(clustering.labels[*c as usize]));
        }
        let scores = &findings.pca.scores;
        let standard = |column: usize| {
            let values = findings.matrix.x.column(column);
            let sd = values.std(0.0);
            (column, values.mean().unwrap_or(0.0), if sd > 1e-12 { sd } else { 1.0 })
        };
        let of: Box<dyn Fn(usize, usize) -> f64> = match axes {
            LessonAxes::Components => {
                Box::new(|row, side| if side < scores.ncols() { scores[[row, side]] } else { 0.0 })
            }
            LessonAxes::Columns(x, y) => {
                let columns = [standard(x), standard(y)];
                Box::new(move |row, side| {
                    let (column, mean, sd) = columns[side];
                    (findings.matrix.x[[row, column]] - mean) / sd
                })
            }
        };
        let points = Array2::from_shape_fn((customers.len(), 2), |(i, side)| of(customers[i] as usize, side));
        let names = labels(findings);
        let labels = match axes {
            LessonAxes::Components => [0, 1].map(|i| {
                let share = findings.pca.explained_variance_ratio.get(i).copied().unwrap_or(0.0);
                format!("PC{} · {}", i + 1, format::percent(share))
            }),
            LessonAxes::Columns(x, y) => [x, y].map(|c| format!("{}, standardised", names[c])),
        };
        let range = |side: usize| {
            let (low, high) =
                points.column(side).iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(*v), h.max(*v)));
            if low > high {
                return (-1.0, 1.0);
            }
            let air = ((high - low) * 0.04).max(1e-6);
            (low - air, high + air)
        };
        Plane {
            ranges: [range(0), range(1)],
            x: Arc::new(points.column(0).to_vec()),
            y: Arc::new(points.column(1).to_vec()),
            customers: Arc::new(customers),
            points,
            labels,
            all,
        }
    }

    /// How high a picture of this plane should be that is `width` points wide, within `most`: as flat as the customers
    /// lie, within reason.
    pub fn height(&self, width: f32, most: f32) -> f32 {
        let [across, up] = self.ranges.map(|(from, to)| to - from);
        let body = width * (up / across.max(1e-12)).clamp(0.66, 1.4) as f32;
        (body + HEAD).min(most)
    }

    /// Whom the lesson works on, in words.
    pub fn whom(&self) -> String {
        let shown = self.customers.len();
        if shown < self.all {
            format!("{} of {} customers, drawn by the seed", format::count(shown), format::count(self.all))
        } else {
            format!("All {}", format::plural(shown, "customer", "customers"))
        }
    }
}
