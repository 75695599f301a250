//! What resampling and reference data say about the ks of a search: the gap statistic, the stability of clusters, and
//! prediction strength.

mod draw;
mod fit;
mod gap;
mod resample;

use std::sync::atomic::{AtomicUsize, Ordering};

use super::readings::STRONG;
use super::words::{STABLE, overall};
use super::{Data, KCheck, KChecks, KSearch, KnownChecks};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::recipe::{Algorithm, Cluster};
use fit::Method;
use gap::{References, first_sufficient};
use resample::Resamples;

pub use gap::{Spread, gaps};

/// Judges every k of `search` by the gap statistic, by the bootstrap stability of its clusters and by prediction strength,
/// as far as the recipe asks for them. Ks in `known` are not computed again, and new ones are added to it, one by one, so
/// that a stop loses none. `part` is told of what is there so far, from any thread.
///
/// Of many customers, a sample drawn by the seed is judged. The result depends neither on the order of the rows nor on the
/// number of threads. The gap statistic is computed for k + 1 of the largest k too, and for 1 where the search begins at 2:
/// its rule compares neighbours and may say that there are no clusters at all.
///
/// A k that cannot be judged is a row that says why. Fails with [`crate::error::Error::Cancelled`] only.
pub fn judge(
    data: &Data,
    search: &KSearch,
    choice: &Cluster,
    known: &mut KnownChecks,
    part: &(dyn Fn(KChecks) + Sync),
    ctx: &Ctx,
) -> Result<KChecks> {
    let plan = Plan::new(data, search, choice);
    let new_gaps: Vec<usize> = plan.gaps.iter().copied().filter(|k| !known.gaps.contains_key(k)).collect();
    let new_rows: Vec<usize> = plan.rows.iter().copied().filter(|k| !known.by_k.contains_key(k)).collect();
    if new_gaps.is_empty() && new_rows.is_empty() {
        return Ok(plan.checks(search, known));
    }
    let drawn = draw::sample(data, plan.sample, choice.seed, ctx)?;
    let method = Method::new(choice, !data.words.is_empty(), plan.sample, plan.customers);
    let rows = drawn.rows.clone();
    let resamples = match new_rows.is_empty() || choice.resamples == 0 {
        true => None,
        false => Some(Resamples::new(&drawn, choice.resamples, choice.seed, &new_rows, &method, &ctx.part(0.0, 0.1))?),
    };
    let references = match new_gaps.is_empty() {
        true => None,
        false => {
            let (count, seed) = (choice.references, choice.seed);
            let (spread, here) = (Spread::PrincipalComponents, ctx.part(0.1, 0.2));
            References::new(drawn, count, spread, seed, &new_gaps, &method, &here)?
        }
    };

    let units = new_gaps.len() * (choice.references as usize + 1) + new_rows.len() * 2 * choice.resamples as usize;
    let finished = AtomicUsize::new(0);
    let done = || {
        let share = 0.2 + 0.8 * finished.fetch_add(1, Ordering::Relaxed) as f32 / units.max(1) as f32;
        let here = ctx.part(share, share);
        here.tick(0, 1)?;
        Ok(here)
    };
    let mut all: Vec<usize> = new_gaps.iter().chain(&new_rows).copied().collect();
    all.sort_unstable();
    all.dedup();
    for k in all {
        if new_gaps.contains(&k) {
            let nothing = super::Gap { k, gap: None, error: None };
            let found = references.as_ref().map_or(Ok(nothing), |r| r.gap(k, &method, &done))?;
            known.gaps.insert(k, found);
        }
        if new_rows.contains(&k) {
            let row = resampled(k, search, &rows, resamples.as_ref(), &method, &done)?;
            known.by_k.insert(k, row);
        }
        part(plan.checks(search, known));
    }
    Ok(plan.checks(search, known))
}

/// One k without its gap; a k that the search could not cluster says why.
fn resampled(
    k: usize,
    search: &KSearch,
    rows: &[usize],
    resamples: Option<&Resamples>,
    method: &Method,
    done: &(dyn Fn() -> Result<Ctx> + Sync),
) -> Result<KCheck> {
    let mut check = KCheck { k, ..KCheck::default() };
    let Some(at) = search.rows.iter().position(|row| row.k == k) else { return Ok(check) };
    match (&search.clusterings[at], resamples) {
        (None, _) => check.failed = search.rows[at].failed.clone(),
        (Some(_), None) => {}
        (Some(c), Some(resamples)) => {
            let labels: Vec<u32> = rows.iter().map(|&row| c.labels[row]).collect();
            check.jaccard = resamples.jaccard(&labels, c.clusters(), k, method, done)?;
            check.strength = resamples.strength(k, method, done)?;
            if check.jaccard.is_none() {
                check.failed = Some("The customers drawn anew could not be clustered.".into());
            }
        }
    }
    Ok(check)
}

/// What there is to do.
struct Plan {
    customers: usize,
    sample: usize,
    /// Ks of the search.
    rows: Vec<usize>,
    /// Ks whose gap is needed; none where there is no gap statistic.
    gaps: Vec<usize>,
    references: u32,
    resamples: u32,
    notes: Vec<String>,
}

impl Plan {
    fn new(data: &Data, search: &KSearch, choice: &Cluster) -> Plan {
        let (n, d) = data.x.dim();
        let takes_k = choice.algorithm != Algorithm::Hdbscan;
        let words = choice.algorithm == Algorithm::KPrototypes && !data.words.is_empty();
        let on = choice.resamples > 0 || (choice.references > 0 && takes_k);
        let rows: Vec<usize> = if on { search.rows.iter().map(|row| row.k).collect() } else { Vec::new() };
        let mixture = choice.algorithm == Algorithm::GaussianMixture;
        let with_gaps = choice.references > 0 && takes_k && !words && !mixture;
        let gaps = match (rows.first(), rows.last()) {
            (Some(&first), Some(&last)) if with_gaps => (if first == 2 { 1 } else { first }..=last + 1).collect(),
            _ => Vec::new(),
        };
        let sample = if on { n.min(sample_size(choice.algorithm, words, d)) } else { 0 };
        let mut notes = Vec::new();
        if on && sample < n {
            notes.push(format!(
                "Resampling works on {} of {} customers, drawn by the seed.",
                format::count(sample),
                format::count(n)
            ));
        }
        if choice.references > 0 && !takes_k {
            notes.push("HDBSCAN finds the number of clusters itself: only their stability is judged.".into());
        }
        if choice.references > 0 && words {
            let why =
                "The gap statistic compares with evenly spread numbers; with words among the features there are none.";
            notes.push(why.into());
        }
        if choice.references > 0 && mixture {
            let why = "The gap statistic measures inertia, which a mixture does not seek; BIC stands in its place.";
            notes.push(why.into());
        }
        let (references, resamples) = (choice.references, choice.resamples);
        Plan { customers: n, sample, rows, gaps, references, resamples, notes }
    }

    /// What is known of it.
    fn checks(&self, search: &KSearch, known: &KnownChecks) -> KChecks {
        let with_gap = |k: &usize| {
            let row = known.by_k.get(k)?;
            let gap = known.gaps.get(k).filter(|_| self.gaps.contains(k));
            Some(KCheck { gap: gap.and_then(|g| g.gap), gap_error: gap.and_then(|g| g.error), ..row.clone() })
        };
        let rows: Vec<KCheck> = self.rows.iter().filter_map(with_gap).collect();
        let gap_says = match (self.gaps.first(), self.rows.last()) {
            (Some(&first), Some(&last)) => first_sufficient(&known.gaps, first, last),
            _ => None,
        };
        let mut checks = KChecks {
            sample: self.sample,
            customers: self.customers,
            references: self.references,
            resamples: self.resamples,
            gaps: self.gaps.iter().filter_map(|k| known.gaps.get(k).copied()).collect(),
            gap_says,
            strength_says: rows.iter().rev().find(|row| row.strength.is_some_and(|s| s >= STRONG)).map(|row| row.k),
            stable: Vec::new(),
            rows,
            verdict: String::new(),
            notes: self.notes.clone(),
        };
        let stable = checks.stabilities(search).into_iter().filter(|(_, jaccard)| *jaccard >= STABLE);
        checks.stable = stable.map(|(k, _)| k).collect();
        checks.verdict = overall(search, &checks);
        checks
    }
}

/// Customers that resampling works on, so that all of it takes a second or a few. What a check says hardly depends on it:
/// the noise of resampling is larger.
fn sample_size(algorithm: Algorithm, words: bool, d: usize) -> usize {
    // Numbers that are read per pass; time grows with them, for trees and densities with their square.
    let (numbers, most) = match algorithm {
        Algorithm::KMeans | Algorithm::MiniBatch => (15_000, 5_000),
        Algorithm::KPrototypes if !words => (15_000, 5_000),
        Algorithm::KPrototypes | Algorithm::GaussianMixture => (6_000, 1_500),
        Algorithm::Agglomerative => (6_000, 1_500),
        Algorithm::Hdbscan => (10_000, 2_000),
    };
    (numbers / d.max(1)).clamp(500, most)
}
