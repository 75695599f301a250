//! Where the customers stand on the axes, and where the clusters lie there.

use std::rc::Rc;
use std::sync::Arc;

use crate::app::{Axes, MapColor};
use crate::cluster::Chosen;
use crate::ctx::Ctx;
use crate::pipeline::Findings;
use crate::reduce::raster::{Cloud, Moments};
use crate::reduce::{Pca, Tsne};
use crate::rfm::{RfmOut, Unit};
use crate::ui::cache::Same;
use crate::ui::scene::Scene;

/// Up to this many points are drawn one by one.
pub const MOST_POINTS: usize = 20_000;

/// What places depend on.
#[derive(Clone)]
struct Input {
    rfm: Arc<RfmOut>,
    pca: Arc<Pca>,
    axes: Axes,
    /// The picture of t-SNE, as far as it is.
    tsne: Option<Arc<Tsne>>,
}

impl Same for Input {
    fn same(&self, other: &Self) -> bool {
        self.rfm.same(&other.rfm) && self.pca.same(&other.pca) && self.axes == other.axes && self.tsne.same(&other.tsne)
    }
}

/// The customers on the axes; `None` for the moment it takes to place a million of them.
pub fn cloud(
    ctx: &egui::Context,
    scene: &mut Scene,
    findings: &Findings,
    tsne: Option<Arc<Tsne>>,
) -> Option<Arc<Cloud>> {
    let axes = scene.view.axes;
    let input = Input { rfm: findings.rfm.clone(), pca: findings.pca.clone(), axes, tsne };
    let rows = match &input.tsne {
        Some(tsne) => tsne.at.len(),
        None => findings.rfm.customers.len(),
    };
    let made = scene.cache.get_later("map places", input, rows, ctx, |input| Arc::new(placed(input)));
    made.map(|cloud| Arc::clone(&cloud))
}

fn placed(input: &Input) -> Cloud {
    let Input { rfm, pca, axes, tsne } = input;
    let ctx = Ctx::silent();
    let all = 0..rfm.customers.len() as u32;
    let cloud = match (axes, tsne) {
        (Axes::Tsne2 | Axes::Tsne3, Some(tsne)) => {
            // In the order of the table, so that a picture in the making keeps its order of drawing.
            let mut places: Vec<(u32, [f64; 3])> = tsne.rows.iter().copied().zip(tsne.at.iter().copied()).collect();
            places.sort_unstable_by_key(|p| p.0);
            let mut at = places.iter().map(|p| p.1);
            let customers: Vec<u32> = places.iter().map(|p| p.0).collect();
            let next = std::cell::RefCell::new(&mut at);
            Cloud::new(customers.into_iter(), |_| next.borrow_mut().next().unwrap_or([f64::NAN; 3]), &ctx)
        }
        (Axes::Tsne2 | Axes::Tsne3, None) => Cloud::new(0..0u32, |_| [0.0; 3], &ctx),
        (Axes::Pca2 | Axes::Pca3, _) => {
            let most = if *axes == Axes::Pca3 { 3 } else { 2 };
            let known = pca.scores.ncols().min(most);
            Cloud::new(
                all,
                |c| std::array::from_fn(|a| if a < known { pca.scores[(c as usize, a)] } else { 0.0 }),
                &ctx,
            )
        }
        (Axes::Features(..) | Axes::Features3(..), _) => {
            let columns: Vec<(&[f64], bool)> = axes
                .features()
                .iter()
                .map(|&i| (rfm.customers.features[i].values.as_slice(), is_log(rfm, i)))
                .collect();
            let value = |c: u32, a: usize| match columns.get(a) {
                Some((values, log)) => scaled(values[c as usize], *log),
                None => 0.0,
            };
            Cloud::new(all, |c| std::array::from_fn(|a| value(c, a)), &ctx)
        }
    };
    // A silent context cancels nothing.
    cloud.unwrap_or_default()
}

/// Whether a feature is drawn on a logarithmic axis: counts and money have long tails, days have not.
pub fn is_log(rfm: &RfmOut, feature: usize) -> bool {
    matches!(rfm.customers.features[feature].unit, Unit::Count | Unit::Money)
}

/// A value as its axis has it. The sign survives: where nothing is set aside, net spend may be negative.
pub fn scaled(value: f64, log: bool) -> f64 {
    if log { value.signum() * value.abs().ln_1p() } else { value }
}

/// The value of a place on an axis.
pub fn unscaled(place: f64, log: bool) -> f64 {
    if log { place.signum() * place.abs().exp_m1() } else { place }
}

/// Which group each customer belongs to, of those that give the colours: clusters or RFM segments.
#[derive(Clone)]
pub struct Groups {
    pub chosen: Arc<Chosen>,
    pub rfm: Arc<RfmOut>,
    pub by_segment: bool,
}

impl Groups {
    pub fn new(findings: &Findings, color: MapColor) -> Groups {
        let by_segment = color == MapColor::Segment;
        Groups { chosen: findings.chosen.clone(), rfm: findings.rfm.clone(), by_segment }
    }

    pub fn of(&self, customer: u32) -> u32 {
        match self.by_segment {
            true => u32::from(self.rfm.segment[customer as usize]),
            false => self.chosen.clustering.labels[customer as usize],
        }
    }

    pub fn len(&self) -> usize {
        if self.by_segment { self.rfm.map.segments.len() } else { self.chosen.clustering.k }
    }
}

impl Same for Groups {
    fn same(&self, other: &Self) -> bool {
        self.chosen.same(&other.chosen) && self.rfm.same(&other.rfm) && self.by_segment == other.by_segment
    }
}

/// Where the groups lie and how they spread; empty until that is known.
pub fn moments(ctx: &egui::Context, scene: &mut Scene, cloud: &Arc<Cloud>, groups: &Groups) -> Rc<Vec<Moments>> {
    let input = (cloud.clone(), groups.clone());
    let made = scene.cache.get_later("map groups", input, cloud.len(), ctx, |(cloud, groups)| {
        Moments::of(cloud, groups.len(), |c| groups.of(c), &Ctx::silent()).unwrap_or_default()
    });
    made.unwrap_or_default()
}
