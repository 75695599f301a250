//! What the sides of the panel have in common.

use crate::pipeline::Findings;
use crate::ui::scene::Scene;

/// What a cluster is called.
pub fn name(findings: &Findings, cluster: usize) -> String {
    let noise = findings.chosen.clustering.is_noise(cluster as u32);
    match findings.profiles.get(cluster) {
        Some(profile) => profile.name.clone(),
        None if noise => "Noise".into(),
        None => format!("Cluster {}", cluster + 1),
    }
}

/// Selects the customers of a cluster.
pub fn select(scene: &mut Scene, findings: &Findings, cluster: usize) {
    if let Some(profile) = findings.profiles.get(cluster) {
        scene.select(profile.members.clone(), profile.name.as_str());
    }
}

/// Whether the selection is exactly this cluster: what its disc or row marks.
pub fn is_selected(scene: &Scene, findings: &Findings, cluster: usize) -> bool {
    let members = findings.profiles.get(cluster).map_or(&[][..], |p| &p.members);
    !members.is_empty() && scene.selection.len() == members.len() && scene.selection.customers[..] == *members
}
