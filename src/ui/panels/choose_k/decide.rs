//! Decisions that several sides of this panel make.

use crate::recipe::{Algorithm, KChoice, KCriterion};
use crate::ui::scene::Scene;

/// Sets k; a drag is one entry of the history, with the k at which it ended.
pub fn k(scene: &mut Scene, k: usize, dragged: bool) {
    let label = if dragged { format!("Move k to {k}") } else { format!("Set k to {k}") };
    scene.decide(label, dragged, |r| r.cluster.k = KChoice::Fixed(k as u32));
}

/// Switches the algorithm. What automatic goes by stays where the new one has it.
pub fn algorithm(scene: &mut Scene, algorithm: Algorithm) {
    scene.decide(format!("Cluster by {}", algorithm.label()), false, |r| {
        r.cluster.algorithm = algorithm;
        if r.cluster.k_by == KCriterion::Bic && algorithm != Algorithm::GaussianMixture {
            r.cluster.k_by = KCriterion::Elbow;
        }
    });
}
