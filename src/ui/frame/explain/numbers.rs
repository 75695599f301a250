//! The numbers of this data by the names that help texts use.

use super::heavy::Heavy;
use crate::format::{self, plural};
use crate::intake::Role;
use crate::profile::Profile;
use crate::reduce::distances;
use crate::ui::panels::{choose_k, new_file, profiles, rfm};
use crate::ui::scene::Scene;
use crate::ui::widgets::text::bytes;

/// The value of a placeholder; `None` while it is not known, or where there is no such thing.
pub fn number(name: &str, scene: &Scene, heavy: Option<&Heavy>) -> Option<String> {
    of_file(name, scene)
        .or_else(|| of_customers(name, scene, heavy))
        .or_else(|| of_clusters(name, scene))
        .or_else(|| of_profiles(name, scene))
        .or_else(|| choose_k::help::number(name, scene))
        .or_else(|| rfm::help::number(name, scene))
        .or_else(|| profiles::help::number(name, scene))
        .or_else(|| new_file::help::number(name, scene))
}

/// The file and what cleaning left of it.
fn of_file(name: &str, scene: &Scene) -> Option<String> {
    let session = scene.session;
    let intake = || session.intake.get();
    let funnel = || session.rfm.get().map(|r| r.funnel.as_slice()).filter(|f| !f.is_empty());
    // The step that took most rows away, with how many.
    let worst = || {
        let steps = funnel()?.windows(2).map(|pair| (pair[0].rows.saturating_sub(pair[1].rows), &pair[1]));
        steps.max_by_key(|(rows, _)| *rows).filter(|(rows, _)| *rows > 0)
    };
    Some(match name {
        "rows" => format::count(intake()?.table.rows),
        "columns" => format::count(intake()?.table.columns.len()),
        "file_size" => bytes(intake()?.reports.iter().map(|r| r.bytes).sum()),
        "read_secs" => format::number(session.secs(crate::pipeline::Stage::Intake)?, 2),
        "rows_that_do_not_fit" => match intake()?.reports.iter().map(|r| r.rejected).sum::<usize>() {
            0 => "every row fits the table".into(),
            n => format!("{} not fit the table", plural(n, "row does", "rows do")),
        },
        "columns_with_gaps" => {
            let with = intake()?.table.columns.iter().filter(|c| c.missing() > 0).count();
            plural(with, "column lacks", "columns lack")
        }
        "roles_found" => {
            let roles = session.roles.get()?;
            let with = Role::ALL.iter().filter(|role| roles.column(**role).is_some());
            plural(with.count(), "column has", "columns have")
        }
        // Before customers are set aside: what Explore shows.
        "transactions" => format::count(session.clean.get()?.transactions.row.len()),
        "rows_kept" => format::count(funnel()?.last()?.rows),
        "rows_removed" => format::count(funnel()?.first()?.rows.saturating_sub(funnel()?.last()?.rows)),
        "share_kept" => format::percent(funnel()?.last()?.rows as f64 / funnel()?.first()?.rows.max(1) as f64),
        "worst_step" => worst()?.1.step.clone(),
        "worst_step_rows" => plural(worst()?.0, "row", "rows"),
        "steps_on" => {
            let steps = &session.recipe()?.clean.steps;
            match (steps.len(), steps.iter().filter(|s| s.on).count()) {
                (0, _) => "none so far".into(),
                (all, on) => format!("{on} of {all} switched on"),
            }
        }
        "returns_policy" => session.recipe()?.clean.returns.label().to_lowercase(),
        "shape_reason" => session.roles.get()?.shape.reason.clone(),
        _ => return None,
    })
}

/// Customers and what is known of each.
fn of_customers(name: &str, scene: &Scene, heavy: Option<&Heavy>) -> Option<String> {
    let session = scene.session;
    let rfm = || session.rfm.get();
    let money = |v: f64| format::money(v, scene.currency());
    Some(match name {
        "customers" => format::count(rfm()?.customers.len()),
        "money" => money(rfm().filter(|r| r.has_money())?.customers.monetary().iter().sum()),
        "mean_money" => money(heavy?.mean),
        "median_money" => money(heavy?.median),
        "most_money" => money(heavy?.most),
        "top_fifth" => format::percent(heavy?.top_fifth),
        "snapshot" => rfm()?.snapshot?.to_string(),
        "first_day" => rfm()?.first_day?.to_string(),
        "last_day" => rfm()?.last_day?.to_string(),
        "frequency_of" => rfm().map(|r| r.frequency_of).filter(|words| !words.is_empty())?.to_string(),
        "once" => format::count(*rfm()?.scores.get(1)?.sizes.first()?),
        "empty_bins" => {
            let scores = &rfm().filter(|r| !r.scores.is_empty())?.scores;
            let empty = scores.iter().flat_map(|a| &a.sizes).filter(|s| **s == 0).count();
            if empty == 0 { "no score is".into() } else { plural(empty, "score is", "scores are") }
        }
        "known_features" => format::count(rfm()?.customers.features.len()),
        "used_count" => match session.matrix.get()?.columns.len() {
            1 => "is switched on".into(),
            _ => "are switched on".into(),
        },
        "used_features" => plural(session.matrix.get()?.columns.len(), "feature", "features"),
        "features" => {
            let features = &rfm()?.customers.features;
            let label = |name: &String| {
                features.iter().find(|f| f.name == *name).map_or_else(|| name.clone(), |f| f.label.to_lowercase())
            };
            let names: Vec<String> = session.matrix.get()?.columns.iter().map(|c| label(&c.name)).collect();
            names.join(", ")
        }
        "transform" => session.recipe()?.features.transform.label().to_string(),
        "scale" => session.recipe()?.features.scale.label().to_string(),
        "rfm_segments" => format::count(session.portraits.get()?.rfm.len()),
        "selected" => plural(scene.selection.len(), "customer is", "customers are"),
        _ => return None,
    })
}

/// Clusters, how they were found and how they lie.
fn of_clusters(name: &str, scene: &Scene) -> Option<String> {
    let session = scene.session;
    let chosen = || session.chosen.get();
    let silhouette = || chosen()?.scores.silhouette;
    let pca = || session.pca.get().map(|p| &p.explained_variance_ratio);
    let explained = |n: usize| Some(format::percent(pca()?.iter().take(n).sum()));
    Some(match name {
        "k" => chosen()?.clustering.clusters().to_string(),
        "chosen_by" => {
            let words = &chosen()?.chosen_by;
            let own = format!("k = {} was ", chosen()?.clustering.clusters());
            words.strip_prefix(&own).unwrap_or(words).to_string()
        }
        "silhouette" => format::number(silhouette()?, 3),
        "silhouette_says" => match silhouette()? {
            s if s >= 0.5 => "clearly apart".into(),
            s if s >= 0.25 => "apart, with some overlap: usual for customers".into(),
            _ => "hardly apart: read the borders as zones, not lines".into(),
        },
        "silhouette_sample" => format::count(session.search.get()?.silhouette_sample),
        "restarts" => session.recipe()?.cluster.restarts.to_string(),
        "seed" => session.recipe()?.cluster.seed.to_string(),
        "noise" => {
            let clustering = &chosen()?.clustering;
            let noise = clustering.noise?;
            plural(*clustering.sizes.get(noise as usize)?, "customer", "customers")
        }
        "joins" => format::count(session.rfm.get()?.customers.len().checked_sub(1)?),
        "pc1" => explained(1)?,
        "pc12" => explained(2)?,
        "components" => format::count(pca()?.len()),
        "components_for_most" => {
            let mut sum = 0.0;
            let n = pca()?.iter().take_while(|share| {
                let more = sum < 0.9;
                sum += *share;
                more
            });
            plural(n.count(), "component", "components")
        }
        "pc1_feature" => {
            let loadings = &session.pca.get()?.loadings;
            let first = loadings.outer_iter().next()?;
            let at = (0..first.len()).max_by(|a, b| first[*a].abs().total_cmp(&first[*b].abs()))?;
            let column = session.matrix.get()?.columns.get(at)?;
            let features = &session.rfm.get()?.customers.features;
            features
                .iter()
                .find(|f| f.name == column.name)
                .map_or_else(|| column.name.clone(), |f| f.label.to_lowercase())
        }
        "nearest_pair" | "nearest_distance" => {
            let clustering = &chosen()?.clustering;
            let k = clustering.clusters();
            let between = distances(clustering.centroids.slice(ndarray::s![..k, ..]));
            let pairs = (0..k).flat_map(|a| (a + 1..k).map(move |b| (a, b)));
            let (a, b) = pairs.min_by(|x, y| between[[x.0, x.1]].total_cmp(&between[[y.0, y.1]]))?;
            match name {
                "nearest_distance" => format::number(between[[a, b]], 2),
                _ => {
                    let profiles = session.profiles.get()?;
                    format!("{} and {}", profiles.get(a)?.name, profiles.get(b)?.name)
                }
            }
        }
        "order" => {
            let rfm = session.rfm.get()?;
            match rfm.value {
                Some(at) => format!("by mean {}, highest first", rfm.customers.features[at].label.to_lowercase()),
                None => "by size, largest first".into(),
            }
        }
        _ => return None,
    })
}

/// What is said of the segments, and what was written.
fn of_profiles(name: &str, scene: &Scene) -> Option<String> {
    Some(match name {
        "telling_feature" => telling(scene)?.0,
        "telling_low" => telling(scene)?.1,
        "telling_high" => telling(scene)?.2,
        "files_written" => match scene.written.len() {
            0 => return None,
            n => plural(n, "file was", "files were"),
        },
        _ => return None,
    })
}

/// The clustered feature in which segments lie farthest apart, and who is lowest and highest in it.
fn telling(scene: &Scene) -> Option<(String, String, String)> {
    let (rfm, profiles, matrix) =
        (scene.session.rfm.get()?, scene.session.profiles.get()?, scene.session.matrix.get()?);
    let places: Vec<usize> = matrix.columns.iter().filter_map(|c| rfm.customers.position(&c.name)).collect();
    let ends = |place: usize| {
        let of = |p: &&Profile| p.features.get(place).map_or(f64::NAN, |f| f.difference);
        let finite = || profiles.iter().filter(|p| of(p).is_finite());
        let low = finite().min_by(|a, b| of(a).total_cmp(&of(b)))?;
        let high = finite().max_by(|a, b| of(a).total_cmp(&of(b)))?;
        Some((of(&high) - of(&low), low, of(&low), high, of(&high)))
    };
    let (place, (_, low, from, high, to)) =
        places.into_iter().filter_map(|p| Some((p, ends(p)?))).max_by(|a, b| a.1.0.total_cmp(&b.1.0))?;
    let words = |p: &Profile, v: f64| format!("{} for {}", format::number(v, 1), p.name);
    Some((rfm.customers.features[place].label.to_lowercase(), words(low, from), words(high, to)))
}
