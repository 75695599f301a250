//! What happens to clusters when the customers are drawn anew: bootstrap Jaccard and prediction strength.

use rayon::prelude::*;

use super::draw::{Drawn, bootstrap, generator, halves};
use super::fit::{Groups, Method, Prepared};
use crate::ctx::Ctx;
use crate::error::Result;

/// Bootstrap samples and halves of the same customers, ready to be clustered.
pub struct Resamples {
    bootstraps: Vec<Prepared>,
    /// Empty for an algorithm that finds the number itself.
    halves: Vec<[Prepared; 2]>,
}

impl Resamples {
    /// Draws `count` of each.
    pub fn new(drawn: &Drawn, count: u32, seed: u64, ks: &[usize], method: &Method, ctx: &Ctx) -> Result<Resamples> {
        let numbers = |count: u32| (0..count).into_par_iter().with_max_len(1).map(u64::from);
        let bootstraps = numbers(count)
            .map(|number| {
                method.prepare(bootstrap(drawn, &mut generator(seed, 2, number)), 2_000_000 + number, ks, ctx)
            })
            .collect::<Result<_>>()?;
        // An algorithm that finds the number itself foretells nothing for a k.
        let halves = numbers(if method.takes_k() { count } else { 0 })
            .map(|number| {
                let [first, second] = halves(drawn, &mut generator(seed, 3, number));
                let number = 3_000_000 + 2 * number;
                Ok([method.prepare(first, number, ks, ctx)?, method.prepare(second, number + 1, ks, ctx)?])
            })
            .collect::<Result<_>>()?;
        Ok(Resamples { bootstraps, halves })
    }

    /// Mean Jaccard similarity of each of `clusters` clusters to its likeliest counterpart in the bootstrap samples (Hennig
    /// 2007, as `clusterboot` of R's fpc: customers drawn several times count once). `labels` are those of the drawn
    /// customers; labels from `clusters` on are noise. Samples without a customer of a cluster say nothing of it; `None`
    /// where none has one, and as a whole where no sample could be clustered.
    pub fn jaccard(
        &self,
        labels: &[u32],
        clusters: usize,
        k: usize,
        method: &Method,
        done: &(dyn Fn() -> Result<Ctx> + Sync),
    ) -> Result<Option<Vec<Option<f64>>>> {
        let each = self.bootstraps.par_iter().with_max_len(1).map(|of| {
            let groups = method.groups(of, k, &done()?)?;
            Ok(groups.map(|groups| similarities(labels, clusters, &of.drawn.rows, &groups)))
        });
        let each: Vec<Option<Vec<Option<f64>>>> = each.collect::<Result<_>>()?;
        let each: Vec<Vec<Option<f64>>> = each.into_iter().flatten().collect();
        if each.is_empty() {
            return Ok(None);
        }
        let mean = |cluster: usize| {
            let known: Vec<f64> = each.iter().filter_map(|found| found[cluster]).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        Ok(Some((0..clusters).map(mean).collect()))
    }

    /// Prediction strength (Tibshirani & Walther 2005, as `prediction.strength` of R's fpc): the mean over halvings and
    /// over both halves of the share of pairs in the worst cluster of a half that the clusters of the other half put together.
    /// A cluster of one customer counts as 0. `None` where no half could be clustered.
    pub fn strength(&self, k: usize, method: &Method, done: &(dyn Fn() -> Result<Ctx> + Sync)) -> Result<Option<f64>> {
        let each = self.halves.par_iter().with_max_len(1).map(|[first, second]| {
            let here = done()?;
            let (Some(a), Some(b)) = (method.groups(first, k, &here)?, method.groups(second, k, &here)?) else {
                return Ok(None);
            };
            let one = foretold(&a, &b.classify(&first.drawn.data(), &here)?);
            let other = foretold(&b, &a.classify(&second.drawn.data(), &here)?);
            Ok(Some((one + other) / 2.0))
        });
        let each: Vec<Option<f64>> = each.collect::<Result<_>>()?;
        let known: Vec<f64> = each.into_iter().flatten().collect();
        Ok((!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64))
    }
}

/// For each cluster the largest Jaccard similarity to a group of a bootstrap sample, among the customers in that sample;
/// `None` where none of its customers is. `rows[i]` is the customer of `groups.labels[i]`.
fn similarities(labels: &[u32], clusters: usize, rows: &[usize], groups: &Groups) -> Vec<Option<f64>> {
    let mut both = vec![0_usize; clusters * groups.k];
    let (mut own, mut theirs) = (vec![0_usize; clusters], vec![0_usize; groups.k]);
    for (i, &row) in rows.iter().enumerate() {
        if i > 0 && rows[i - 1] == row {
            continue;
        }
        let (cluster, group) = (labels[row] as usize, groups.labels[i] as usize);
        theirs[group] += 1;
        if cluster < clusters {
            own[cluster] += 1;
            both[cluster * groups.k + group] += 1;
        }
    }
    (0..clusters)
        .map(|cluster| {
            let likeness = |group: usize| {
                let both = both[cluster * groups.k + group];
                both as f64 / (own[cluster] + theirs[group] - both) as f64
            };
            let real = (0..groups.k).filter(|&group| groups.noise != Some(group as u32));
            (own[cluster] > 0).then(|| real.map(likeness).fold(0.0, f64::max))
        })
        .collect()
}

/// The least share, over the clusters of a half, of pairs of its customers that are together in `said` too.
fn foretold(half: &Groups, said: &[u32]) -> f64 {
    let others = said.iter().max().map_or(0, |&m| m as usize + 1);
    let mut table = vec![0_usize; half.k * others];
    for (&own, &other) in half.labels.iter().zip(said) {
        table[own as usize * others + other as usize] += 1;
    }
    table
        .chunks(others.max(1))
        .map(|row| {
            let size: usize = row.iter().sum();
            let pairs: usize = row.iter().map(|&c| c * c.saturating_sub(1)).sum();
            if size > 1 { pairs as f64 / (size * (size - 1)) as f64 } else { 0.0 }
        })
        .fold(1.0, f64::min)
}
