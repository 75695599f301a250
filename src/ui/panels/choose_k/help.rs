//! What the drawer says about the sides of this panel, with the numbers of this data.

use crate::app::ChooseKTab;
use crate::cluster::{algorithm, stability};
use crate::format;
use crate::recipe::Algorithm;
use crate::ui::scene::Scene;

/// The text for the side in front.
pub fn text(tab: ChooseKTab) -> &'static str {
    match tab {
        ChooseKTab::Criteria => include_str!("../../../../assets/help/choose_k.md"),
        ChooseKTab::Silhouettes => include_str!("../../../../assets/help/choose_k_silhouettes.md"),
        ChooseKTab::Tree => include_str!("../../../../assets/help/choose_k_tree.md"),
        ChooseKTab::Runs => include_str!("../../../../assets/help/choose_k_runs.md"),
        ChooseKTab::Lesson => include_str!("../../../../assets/help/choose_k_lesson.md"),
    }
}

/// The value of a placeholder; `None` while it is not known.
pub fn number(name: &str, scene: &Scene) -> Option<String> {
    let recipe = || scene.session.recipe();
    let search = || scene.session.search.get();
    let checks = || scene.session.checks.ready();
    let chosen = || scene.session.chosen.get();
    let row = || {
        let k = chosen()?.clustering.clusters();
        search()?.rows.iter().find(|r| r.k == k)
    };
    let check = || {
        let k = chosen()?.clustering.clusters();
        checks()?.rows.iter().find(|r| r.k == k)
    };
    Some(match name {
        "algorithm" => recipe()?.cluster.algorithm.label().to_string(),
        "algorithm_hint" => recipe()?.cluster.algorithm.hint().to_string(),
        "ks" => {
            let rows = &search().filter(|_| recipe().is_some_and(|r| algorithm(&r.cluster).takes_k()))?.rows;
            match (rows.first()?.k, rows.last()?.k) {
                (first, last) if first < last => format!("every k from {first} to {last}"),
                (only, _) => format!("k = {only}"),
            }
        }
        "clusters_found" => {
            let found = chosen().filter(|_| recipe().is_some_and(|r| !algorithm(&r.cluster).takes_k()))?;
            format::plural(found.clustering.clusters(), "cluster", "clusters")
        }
        "inertia" => format::number(row()?.inertia, 0),
        "calinski_harabasz" => format::number(row()?.calinski_harabasz?, 0),
        "davies_bouldin" => format::number(row()?.davies_bouldin?, 2),
        "bic" => format::number(row()?.bic?, 0),
        "smallest" => format::count(row()?.smallest),
        "gap" => format::number(check()?.gap?, 2),
        "gap_says" => checks()?.gap_says?.to_string(),
        "strength" => format::number(check()?.strength?, 2),
        "least_stable" => {
            let all = check()?.jaccard.as_ref()?.iter().enumerate().filter_map(|(i, j)| Some((i, (*j)?)));
            let (cluster, least) = all.min_by(|a, b| a.1.total_cmp(&b.1))?;
            format!("cluster {} with {}: {}", cluster + 1, format::number(least, 2), stability(least))
        }
        "references" => {
            recipe().filter(|r| r.cluster.references > 0 && no_gap(scene).is_none())?.cluster.references.to_string()
        }
        "no_gap" => recipe().filter(|_| no_gap(scene).is_some())?.cluster.algorithm.label().to_string(),
        "no_gap_reason" => no_gap(scene)?.to_string(),
        "resamples" => recipe().filter(|r| r.cluster.resamples > 0)?.cluster.resamples.to_string(),
        "runs" => format::plural(scene.runs.list().len(), "run is", "runs are"),
        "linkage" => recipe()?.cluster.linkage.label().to_string(),
        _ => return None,
    })
}

/// Why there is no gap statistic; `None` where there is one, or where nobody asked for it.
fn no_gap(scene: &Scene) -> Option<&'static str> {
    let cluster = &scene.session.recipe()?.cluster;
    let words = scene.session.matrix.get().is_some_and(|m| !m.words.is_empty());
    match cluster.algorithm {
        _ if cluster.references == 0 => None,
        Algorithm::Hdbscan => Some("it finds the number of clusters itself, so there is nothing to compare between ks"),
        Algorithm::GaussianMixture => Some("a mixture is judged by its likelihood, which is what BIC is for"),
        Algorithm::KPrototypes if words => Some("words have no box over which data without clusters could be spread"),
        _ => None,
    }
}
