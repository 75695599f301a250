//! All numbers of clusters of a range, the criteria for each, and what the criteria say.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use ndarray::{ArrayView2, Axis};
use rayon::prelude::*;

use super::algorithm::{Algorithm, Data, algorithm};
use super::canonical::canonical;
use super::indices::{calinski_harabasz, davies_bouldin};
use super::kmeans::{finite, too_few_rows};
use super::kneedle::kneedle;
use super::silhouette::mean_silhouettes;
use super::words::verdict;
use super::{Clustering, Detail, KScores, KSearch, Known, Vote};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::{Cluster, KCriterion};

/// [`search_in`] on numbers alone, from nothing.
pub fn search(x: ArrayView2<f64>, value: &[f64], choice: &Cluster, ctx: &Ctx) -> Result<KSearch> {
    search_in(&Data::numbers(x), value, choice, &mut Known::default(), &|_| {}, ctx)
}

/// Clusters `data` by the recipe's algorithm for every k of its range and judges each. `value` (one per row, usually
/// monetary) decides the numbering of clusters. A k that cannot be had is a row that says why.
///
/// Ks in `known` are not computed again, and new ones are added to it; a stop keeps what is clustered by then. `part` is
/// told of what is there so far, from any thread: see [`KSearch::votes`].
///
/// Fails with [`Error::Data`] for fewer than three customers, and where the data does not suit the algorithm.
pub fn search_in(
    data: &Data,
    value: &[f64],
    choice: &Cluster,
    known: &mut Known,
    part: &(dyn Fn(KSearch) + Sync),
    ctx: &Ctx,
) -> Result<KSearch> {
    let n = data.x.nrows();
    if n < 3 {
        return Err(Error::data(format!(
            "Clustering needs at least 3 customers, but only {n} {} left; check the cleaning steps and the window.",
            if n == 1 { "is" } else { "are" }
        )));
    }
    finite(data.x)?;
    let algorithm = algorithm(choice);
    if !data.words.is_empty() && !algorithm.takes_words() {
        let names: Vec<&str> = data.words.iter().map(|column| column.name.as_str()).collect();
        let hold = if names.len() == 1 { "holds" } else { "hold" };
        return Err(Error::data(format!(
            "{} {hold} words, and {} needs numbers: choose k-prototypes, make columns of 0 and 1 of the words or put them in an order, or leave them out.",
            names.join(", "),
            choice.algorithm.label()
        )));
    }
    let work = Work { data, value, algorithm: algorithm.as_ref(), choice, notes: algorithm.notes(n), part };
    let missing = work.missing(known);
    if !missing.is_empty() {
        let new = work.cluster(&missing, known, ctx)?;
        let ks: Vec<usize> = missing.iter().zip(&new).map(|(&k, c)| c.as_ref().map_or(k, |c| c.clusters())).collect();
        let (sample, scores) = score_all(data.x, &ks, &new, choice.seed, &ctx.part(0.7, 1.0))?;
        known.silhouette_sample = sample;
        known.unjudged.retain(|k, _| !ks.contains(k));
        let scored = new.into_iter().zip(scores).map(|(clustering, mut row)| {
            if clustering.is_none() {
                row.failed = Some(algorithm.cannot(row.k).to_string());
            }
            (clustering, row)
        });
        known.by_k.extend(ks.into_iter().zip(scored));
    }
    Ok(found(work.rows(known), known.silhouette_sample, work.notes))
}

/// One search.
struct Work<'a, 'd> {
    data: &'a Data<'d>,
    value: &'a [f64],
    algorithm: &'a dyn Algorithm,
    choice: &'a Cluster,
    notes: Vec<String>,
    part: &'a (dyn Fn(KSearch) + Sync),
}

impl Work<'_, '_> {
    fn range(&self) -> std::ops::RangeInclusive<usize> {
        self.choice.k_min as usize..=self.choice.k_max as usize
    }

    /// The ks of the range that are not known. An algorithm that finds the number itself is asked once, for whatever k.
    fn missing(&self, known: &Known) -> Vec<usize> {
        match self.algorithm.takes_k() {
            true => self.range().filter(|k| !known.by_k.contains_key(k)).collect(),
            false if known.by_k.is_empty() => vec![self.choice.k_max as usize],
            false => Vec::new(),
        }
    }

    /// What is known of this search.
    fn rows(&self, known: &Known) -> Vec<(Option<Arc<Clustering>>, KScores)> {
        let asked = |k: &usize| !self.algorithm.takes_k() || self.range().contains(k);
        known.by_k.iter().filter(|(k, _)| asked(k)).map(|(_, row)| row.clone()).collect()
    }

    /// What an earlier search that was stopped has left of k.
    fn left(&self, known: &Known, k: usize) -> Option<Option<Arc<Clustering>>> {
        match self.algorithm.takes_k() {
            true => known.unjudged.get(&k).cloned(),
            false => known.unjudged.values().next().cloned(),
        }
    }

    /// Clusterings of the ks that are missing. What is clustered stays in `known` when the search is stopped.
    fn cluster(&self, missing: &[usize], known: &mut Known, ctx: &Ctx) -> Result<Vec<Option<Arc<Clustering>>>> {
        let to_cluster: Vec<usize> = missing.iter().copied().filter(|&k| self.left(known, k).is_none()).collect();
        let so_far = Mutex::new(known.clone());
        let told = |k: usize, clustering: Option<&Arc<Clustering>>| {
            let mut row = quick_criteria(self.data.x, k, clustering);
            if clustering.is_none() {
                row.failed = Some(self.algorithm.cannot(row.k).to_string());
            }
            // Whoever looks on is told in the order in which it is kept, so that no later part knows less.
            let mut so_far = so_far.lock().unwrap_or_else(PoisonError::into_inner);
            so_far.unjudged.insert(row.k, clustering.cloned());
            so_far.by_k.insert(row.k, (clustering.cloned(), row));
            let rows = self.rows(&so_far);
            (self.part)(partly_found(rows, missing.len(), so_far.silhouette_sample, self.notes.clone()));
        };
        for &k in missing {
            if let Some(clustering) = self.left(known, k) {
                told(k, clustering.as_ref());
            }
        }
        let ctx = ctx.part(0.0, 0.7);
        let new = match to_cluster.is_empty() {
            true => Ok(Vec::new()),
            false => cluster_all(self.data, self.value, &to_cluster, self.algorithm, &told, &ctx),
        };
        known.unjudged = so_far.into_inner().unwrap_or_else(PoisonError::into_inner).unjudged;
        let new: BTreeMap<usize, Option<Arc<Clustering>>> = to_cluster.into_iter().zip(new?).collect();
        Ok(missing.iter().map(|&k| new.get(&k).cloned().or_else(|| self.left(known, k)).flatten()).collect())
    }
}

/// What is there before every k is clustered and judged: rows, of which the new ones lack their silhouettes, and no votes
/// yet, as a criterion's choice among a few ks is none.
fn partly_found(
    rows: Vec<(Option<Arc<Clustering>>, KScores)>,
    missing: usize,
    silhouette_sample: usize,
    notes: Vec<String>,
) -> KSearch {
    let (clusterings, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    let all = if missing == 1 { "one new k is".into() } else { format!("{missing} new ks are") };
    let verdict = format!("The criteria have no say before {all} clustered and judged.");
    KSearch { rows, clusterings, votes: Vec::new(), silhouette_sample, verdict, notes }
}

/// What is found, with what the criteria say of it.
fn found(rows: Vec<(Option<Arc<Clustering>>, KScores)>, silhouette_sample: usize, notes: Vec<String>) -> KSearch {
    let (clusterings, rows): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
    // A criterion that the algorithm does not have is no criterion without an answer.
    let asked = |c: &KCriterion| *c != KCriterion::Bic || rows.iter().any(|row: &KScores| row.bic.is_some());
    let votes = KCriterion::ALL.iter().copied().filter(asked);
    let votes: Vec<Vote> = votes.map(|criterion| Vote { criterion, k: answer(criterion, &rows) }).collect();
    let verdict = verdict(&votes, &rows, &clusterings);
    KSearch { rows, clusterings, votes, silhouette_sample, verdict, notes }
}

/// Canonical clusterings for each of `ks`; `None` where there are fewer than k different rows.
pub(super) fn cluster_all(
    data: &Data,
    value: &[f64],
    ks: &[usize],
    algorithm: &dyn Algorithm,
    told: &(dyn Fn(usize, Option<&Arc<Clustering>>) + Sync),
    ctx: &Ctx,
) -> Result<Vec<Option<Arc<Clustering>>>> {
    // Each is numbered once, whether it is heard of early or at the end.
    let numbered: Mutex<BTreeMap<usize, Arc<Clustering>>> = Mutex::default();
    let early = |k: usize, clustering: &Option<Clustering>| {
        let clustering = clustering.clone().map(|c| Arc::new(canonical(c, value)));
        if let Some(c) = &clustering {
            numbered.lock().unwrap_or_else(PoisonError::into_inner).insert(k, c.clone());
        }
        told(k, clustering.as_ref());
    };
    let clusterings = algorithm.cluster(data, ks, &early, ctx)?;
    let mut numbered = numbered.into_inner().unwrap_or_else(PoisonError::into_inner);
    let pairs = ks.iter().zip(clusterings);
    Ok(pairs.map(|(k, c)| c.map(|c| numbered.remove(k).unwrap_or_else(|| Arc::new(canonical(c, value))))).collect())
}

/// A row with the criteria that take one look at each customer.
fn quick_criteria(x: ArrayView2<f64>, k: usize, clustering: Option<&Arc<Clustering>>) -> KScores {
    let row = without_criteria(clustering.map_or(k, |c| c.clusters()), clustering);
    match clustering {
        // With noise the criteria are those of the others, see `score_all`.
        Some(c) if c.noise.is_none() => {
            let (bic, aic) = information(c);
            let (calinski_harabasz, davies_bouldin) = (calinski_harabasz(x, c), davies_bouldin(x, c));
            KScores { calinski_harabasz, davies_bouldin, bic, aic, ..row }
        }
        _ => row,
    }
}

/// Bayesian and Akaike information criterion, where there is a likelihood.
fn information(c: &Clustering) -> (Option<f64>, Option<f64>) {
    match &c.detail {
        Detail::Mixture(m) => (Some(m.bic), Some(m.aic)),
        _ => (None, None),
    }
}

/// A row before its criteria are computed.
fn without_criteria(k: usize, clustering: Option<&Arc<Clustering>>) -> KScores {
    KScores {
        k,
        inertia: clustering.map_or(f64::NAN, |c| c.inertia),
        silhouette: None,
        silhouette_error: None,
        calinski_harabasz: None,
        davies_bouldin: None,
        bic: None,
        aic: None,
        smallest: clustering.and_then(|c| c.sizes[..c.clusters()].iter().copied().min()).unwrap_or(0),
        failed: clustering.is_none().then(|| too_few_rows(k).to_string()),
    }
}

/// One row of criteria per k, and the number of rows the silhouette was computed on. Noise is left out of them.
pub(super) fn score_all(
    x: ArrayView2<f64>,
    ks: &[usize],
    clusterings: &[Option<Arc<Clustering>>],
    seed: u64,
    ctx: &Ctx,
) -> Result<(usize, Vec<KScores>)> {
    if let [Some(c)] = clusterings
        && let Some(noise) = c.noise
    {
        let kept: Vec<usize> = (0..x.nrows()).filter(|&row| c.labels[row] != noise).collect();
        let clear = Arc::new(without_noise(c, &kept));
        return score_all(x.select(Axis(0), &kept).view(), &[clear.k], &[Some(clear)], seed, ctx);
    }
    let several: Vec<&[u32]> = clusterings.iter().flatten().filter(|c| c.k > 1).map(|c| &c.labels[..]).collect();
    let found = mean_silhouettes(x, &several, seed, ctx)?;
    let mut found_each = found.means.into_iter().zip(found.errors);
    let silhouettes: Vec<(Option<f64>, Option<f64>)> = clusterings
        .iter()
        .map(|c| c.as_ref().filter(|c| c.k > 1).and_then(|_| found_each.next()).unwrap_or_default())
        .collect();
    let rows = ks.par_iter().zip(clusterings).zip(silhouettes);
    let rows = rows.map(|((&k, clustering), (silhouette, silhouette_error))| {
        ctx.tick(1, 1)?;
        Ok(KScores { k, silhouette, silhouette_error, ..quick_criteria(x, k, clustering.as_ref()) })
    });
    Ok((found.sample, rows.collect::<Result<_>>()?))
}

/// The clusters of the rows `kept`, which are all but the noise.
fn without_noise(c: &Clustering, kept: &[usize]) -> Clustering {
    let k = c.clusters();
    Clustering {
        k,
        labels: kept.iter().map(|&row| c.labels[row]).collect(),
        centroids: c.centroids.slice(ndarray::s![..k, ..]).to_owned(),
        sizes: c.sizes[..k].to_vec(),
        inertia: c.inertia,
        noise: None,
        detail: Detail::Means,
    }
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
        KCriterion::Bic => largest(|r| r.bic.map(|v| -v)),
    }
}
