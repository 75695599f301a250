//! The clustering in force: the k that was asked for, or the one a criterion prefers.

use std::sync::Arc;

use ndarray::ArrayView2;

use super::algorithm::{Data, algorithm};
use super::search::{cluster_all, score_all};
use super::words::{SMALL_SHARE, name, others, range};
use super::{Chosen, Clustering, Detail, KScores, KSearch};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::{number, percent, plural};
use crate::recipe::{Cluster, KChoice, KCriterion};

/// Below this mean silhouette there is no substantial structure (Kaufman & Rousseeuw 1990, table 4).
const LOW_SILHOUETTE: f64 = 0.25;

/// [`choose_in`] on numbers alone.
pub fn choose(search: &KSearch, x: ArrayView2<f64>, value: &[f64], choice: &Cluster, ctx: &Ctx) -> Result<Chosen> {
    choose_in(search, &Data::numbers(x), value, choice, ctx)
}

/// Takes the clustering from `search`, or computes it when the recipe fixes a k outside the searched range (k = 1
/// included). The data, `value` and the recipe are those that `search` was made with.
///
/// Fails with [`Error::Data`] when the k asked for cannot be had, or no k of the range could.
pub fn choose_in(search: &KSearch, data: &Data, value: &[f64], choice: &Cluster, ctx: &Ctx) -> Result<Chosen> {
    let (clustering, scores, chosen_by) = match choice.k {
        _ if !algorithm(choice).takes_k() => {
            let (clustering, scores) = own(search)?;
            (clustering, scores, format!("{} finds the number itself", choice.algorithm.label()))
        }
        KChoice::Fixed(k) => {
            let k = k as usize;
            let (clustering, scores) = fixed(search, data, value, k, choice, ctx)?;
            let others = others(&search.votes, None);
            (clustering, scores, format!("k = {k} was set by hand; over {}, {others}", range(&search.rows)))
        }
        KChoice::Auto => {
            let (k, chosen_by) = auto(search, choice.k_by)?;
            let (clustering, scores) = fixed(search, data, value, k, choice, ctx)?;
            (clustering, scores, chosen_by)
        }
    };
    let warnings = warnings(&clustering, &scores, data.x.nrows());
    Ok(Chosen { clustering, scores, chosen_by, warnings })
}

/// The only clustering of an algorithm that finds the number itself.
fn own(search: &KSearch) -> Result<(Arc<Clustering>, KScores)> {
    match (search.clusterings.first(), search.rows.first()) {
        (Some(Some(clustering)), Some(scores)) => Ok((clustering.clone(), scores.clone())),
        _ => Err(Error::data("No clusters were found; choose another algorithm.")),
    }
}

fn fixed(
    search: &KSearch,
    data: &Data,
    value: &[f64],
    k: usize,
    choice: &Cluster,
    ctx: &Ctx,
) -> Result<(Arc<Clustering>, KScores)> {
    if let Some(at) = search.rows.iter().position(|row| row.k == k) {
        return match &search.clusterings[at] {
            Some(clustering) => Ok((Arc::clone(clustering), search.rows[at].clone())),
            None => Err(algorithm(choice).cannot(k)),
        };
    }
    let algorithm = algorithm(choice);
    let found = cluster_all(data, value, &[k], algorithm.as_ref(), &|_, _| {}, &ctx.part(0.0, 0.7))?;
    let (_, mut rows) = score_all(data.x, &[k], &found, choice.seed, &ctx.part(0.7, 1.0))?;
    match (found.into_iter().next().flatten(), rows.pop()) {
        (Some(clustering), Some(scores)) => Ok((clustering, scores)),
        _ => Err(algorithm.cannot(k)),
    }
}

/// The k of the criterion asked for, or of the silhouette where the elbow has no answer, and how it came about.
fn auto(search: &KSearch, by: KCriterion) -> Result<(usize, String)> {
    let vote = |criterion| search.votes.iter().find(|v| v.criterion == criterion).and_then(|v| v.k);
    let method = |criterion| match criterion {
        KCriterion::Elbow => "elbow (Kneedle)",
        other => name(other),
    };
    let range = range(&search.rows);
    let says = |used| others(&search.votes, Some(used));
    if let Some(k) = vote(by) {
        return Ok((k, format!("{} over {range}; {}", method(by), says(by))));
    }
    let fallback = KCriterion::Silhouette;
    if let Some(k) = vote(fallback) {
        let why = if by == KCriterion::Elbow { "the inertia curve has no knee" } else { "it has no answer" };
        return Ok((
            k,
            format!("{} over {range}, because {why} for {}; {}", name(fallback), method(by), says(fallback)),
        ));
    }
    match search.rows.iter().find(|row| row.failed.is_none()) {
        Some(row) => Ok((row.k, format!("the smallest k of {range}, because no criterion has an answer there"))),
        None => Err(Error::data(format!(
            "No number of clusters over {range} is possible: there are too few different customers. Choose a smaller range, or k = 1."
        ))),
    }
}

fn warnings(clustering: &Clustering, scores: &KScores, n: usize) -> Vec<String> {
    let mut warnings = Vec::new();
    if clustering.k == 1 {
        return warnings;
    }
    for (i, &size) in clustering.sizes[..clustering.clusters()].iter().enumerate() {
        if (size as f64) < SMALL_SHARE * n as f64 || size < 2 {
            let (some, share) = (plural(size, "customer", "customers"), percent(size as f64 / n as f64));
            warnings.push(format!("Cluster {} has only {some} ({share}): perhaps outliers.", i + 1));
        }
    }
    if let Detail::Mixture(mixture) = &clustering.detail {
        warnings.extend(flat(&mixture.flat()));
        if !mixture.converged {
            warnings.push(
                "The fit of the mixture was stopped before it came to its end; its groups may still shift.".into(),
            );
        }
    }
    if let Some(silhouette) = scores.silhouette
        && silhouette < LOW_SILHOUETTE
    {
        warnings.push(format!(
            "The mean silhouette is {}: the clusters overlap, and their borders are a matter of convention.",
            number(silhouette, 2)
        ));
    }
    warnings
}

/// About groups of a mixture that have no extent in some direction.
fn flat(groups: &[usize]) -> Option<String> {
    let numbers: Vec<String> = groups.iter().map(|c| (c + 1).to_string()).collect();
    let (which, share) = match &numbers[..] {
        [] => return None,
        [one] => (format!("Cluster {one} has"), "its customers share"),
        several => (format!("Clusters {} have", several.join(", ")), "their customers share"),
    };
    Some(format!(
        "{which} no extent in some direction: {share} a value, such as one order each. How likely the mixture is, and with it BIC and AIC, then depends on how thin a group may be."
    ))
}
