//! All numbers of clusters of a range, the criteria for each, and what the criteria say.

use std::sync::Arc;

use ndarray::ArrayView2;
use rayon::prelude::*;

use super::canonical::canonical;
use super::indices::{calinski_harabasz, davies_bouldin};
use super::kmeans::{kmeans_many, too_few_rows};
use super::kneedle::kneedle;
use super::silhouette::mean_silhouettes;
use super::words::verdict;
use super::{Clustering, KScores, KSearch, Vote};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::{Cluster, KCriterion};

/// Clusters the rows of `x` (n × d, finite) for every k of the recipe's range and judges each. `value` (one per row,
/// usually monetary) decides the numbering of clusters. A k that cannot be had is a row that says why.
///
/// Fails with [`Error::Data`] for fewer than three customers.
pub fn search(x: ArrayView2<f64>, value: &[f64], choice: &Cluster, ctx: &Ctx) -> Result<KSearch> {
    let n = x.nrows();
    if n < 3 {
        return Err(Error::data(format!(
            "Clustering needs at least 3 customers, but only {n} {} left; check the cleaning steps and the window.",
            if n == 1 { "is" } else { "are" }
        )));
    }
    let ks: Vec<usize> = (choice.k_min as usize..=choice.k_max as usize).collect();
    let clusterings = cluster_all(x, value, &ks, choice, &ctx.part(0.0, 0.7))?;
    let (silhouette_sample, rows) = score_all(x, &ks, &clusterings, choice.seed, &ctx.part(0.7, 1.0))?;
    let votes: Vec<Vote> =
        KCriterion::ALL.iter().map(|&criterion| Vote { criterion, k: answer(criterion, &rows) }).collect();
    let verdict = verdict(&votes);
    Ok(KSearch { rows, clusterings, votes, silhouette_sample, verdict })
}

/// Canonical clusterings for each of `ks`; `None` where there are fewer than k different rows.
pub(super) fn cluster_all(
    x: ArrayView2<f64>,
    value: &[f64],
    ks: &[usize],
    choice: &Cluster,
    ctx: &Ctx,
) -> Result<Vec<Option<Arc<Clustering>>>> {
    let found = kmeans_many(x, ks, choice.restarts, choice.seed, ctx)?;
    Ok(found.into_iter().map(|c| c.map(|c| Arc::new(canonical(c, value)))).collect())
}

/// One row of criteria per k, and the number of rows the silhouette was computed on.
pub(super) fn score_all(
    x: ArrayView2<f64>,
    ks: &[usize],
    clusterings: &[Option<Arc<Clustering>>],
    seed: u64,
    ctx: &Ctx,
) -> Result<(usize, Vec<KScores>)> {
    let several: Vec<&[u32]> = clusterings.iter().flatten().filter(|c| c.k > 1).map(|c| &c.labels[..]).collect();
    let (sample, means) = mean_silhouettes(x, &several, seed, ctx)?;
    let mut means = means.into_iter();
    let silhouettes: Vec<Option<f64>> = clusterings
        .iter()
        .map(|c| if c.as_ref().is_some_and(|c| c.k > 1) { means.next().flatten() } else { None })
        .collect();
    let rows = ks.par_iter().zip(clusterings).zip(silhouettes);
    let rows = rows.map(|((&k, clustering), silhouette)| {
        ctx.tick(1, 1)?;
        Ok(match clustering {
            Some(c) => KScores {
                k,
                inertia: c.inertia,
                silhouette,
                calinski_harabasz: calinski_harabasz(x, c),
                davies_bouldin: davies_bouldin(x, c),
                smallest: c.sizes.iter().copied().min().unwrap_or(0),
                failed: None,
            },
            None => KScores {
                k,
                inertia: f64::NAN,
                silhouette: None,
                calinski_harabasz: None,
                davies_bouldin: None,
                smallest: 0,
                failed: Some(too_few_rows(k).to_string()),
            },
        })
    });
    Ok((sample, rows.collect::<Result<_>>()?))
}

/// The k that a criterion prefers among the rows that did not fail; the smaller one of equals.
fn answer(criterion: KCriterion, rows: &[KScores]) -> Option<usize> {
    let good: Vec<&KScores> = rows.iter().filter(|r| r.failed.is_none()).collect();
    let largest = |of: fn(&KScores) -> Option<f64>| {
        let mut best: Option<(f64, usize)> = None;
        for row in &good {
            if let Some(value) = of(row)
                && best.is_none_or(|(had, _)| value > had)
            {
                best = Some((value, row.k));
            }
        }
        best.map(|(_, k)| k)
    };
    match criterion {
        KCriterion::Elbow => {
            let ks: Vec<f64> = good.iter().map(|r| r.k as f64).collect();
            let inertia: Vec<f64> = good.iter().map(|r| r.inertia).collect();
            kneedle(&ks, &inertia).map(|i| good[i].k)
        }
        KCriterion::Silhouette => largest(|r| r.silhouette),
        KCriterion::CalinskiHarabasz => largest(|r| r.calinski_harabasz),
        KCriterion::DaviesBouldin => largest(|r| r.davies_bouldin.map(|v| -v)),
    }
}
