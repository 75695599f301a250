//! From starts to the mixture of each k.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ndarray::{Array2, ArrayView2, Axis, concatenate, s};
use rand::seq::index::sample;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::em::Model;
use super::gauss::Rows;
use super::{GaussianMixture, Mixture};
use crate::cluster::algorithm::{Data, Found};
use crate::cluster::distinct::Distinct;
use crate::cluster::kmeans::{kmeans_each, mix};
use crate::cluster::labelled::from_labels;
use crate::cluster::{Clustering, Detail};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::recipe::Covariance;

/// Different rows on which starts are tried; where there are more, a sample of them.
const START_ROWS: usize = 10_000;

/// How much is spent on the search for the best peak of the likelihood. A start or an end stops when the mean
/// log-likelihood of a customer grows by less than its tolerance.
struct Effort {
    /// Starts per restart of the recipe.
    starts: usize,
    start_tolerance: f64,
    start_steps: usize,
    end_tolerance: f64,
    end_steps: usize,
}

/// On up to [`FEW_ROWS`] different rows a start costs next to nothing and likelihoods have many peaks: more of them are
/// tried, and the best are taken to where further steps do not move them visibly.
const FEW: Effort =
    Effort { starts: 4, start_tolerance: 1e-4, start_steps: 200, end_tolerance: 1e-11, end_steps: 10_000 };
const FEW_ROWS: usize = 1_000;
const MANY: Effort = Effort { starts: 1, start_tolerance: 1e-3, start_steps: 60, end_tolerance: 1e-5, end_steps: 100 };

/// Every other start moves its centroids this often before it begins.
const MOVES: usize = 4;

/// The best starts are taken to their end.
const FINALISTS: usize = 2;

/// The rows in the forms that the steps of the search need.
struct Search<'a> {
    /// All rows.
    all: Rows,
    /// The rows on which starts are tried, and the same as a matrix.
    some: Rows,
    drawn: ArrayView2<'a, f64>,
    form: Covariance,
    seed: u64,
    effort: Effort,
}

/// Mixtures for every k of `ks`.
pub(super) fn all(
    how: &GaussianMixture,
    data: &Data,
    ks: &[usize],
    found: &Found,
    ctx: &Ctx,
) -> Result<Vec<Option<Clustering>>> {
    let rows = Distinct::new(&Data::numbers(data.x), &ctx.part(0.0, 0.03))?;
    let m = rows.len();
    let mut places: Vec<usize> = (0..m).collect();
    if m > START_ROWS {
        places = sample(&mut Xoshiro256PlusPlus::seed_from_u64(how.seed), m, START_ROWS).into_vec();
        places.sort_unstable();
    }
    let drawn = rows.view().select(Axis(0), &places);
    // Labels of k-means on these rows are the first start, as scikit-learn does it.
    let by_means = kmeans_each(drawn.view(), ks, how.restarts, how.seed, &|_, _| {}, &ctx.part(0.03, 0.15))?;
    let search = Search {
        some: Rows::of(&rows, places.iter().copied()),
        all: Rows::of(&rows, 0..m),
        drawn: drawn.view(),
        form: how.covariance,
        seed: how.seed,
        effort: if m <= FEW_ROWS { FEW } else { MANY },
    };
    let (fitting, done) = (ctx.part(0.15, 1.0), AtomicUsize::new(0));
    // The largest k first: they take longest.
    let mut order: Vec<usize> = (0..ks.len()).collect();
    order.sort_by_key(|&which| std::cmp::Reverse(ks[which]));
    let starts = how.restarts.max(1) as usize * search.effort.starts;
    let progress = Progress { ctx: &fitting, done, units: ks.len() * (starts + FINALISTS) };
    let mut each: Vec<(usize, Option<Clustering>)> = order
        .par_iter()
        .with_max_len(1)
        .map(|&which| {
            let k = ks[which];
            let first = by_means[which].as_ref().filter(|_| (1..=m).contains(&k));
            let best = first.map(|first| search.best(k, &first.labels, starts, &progress)).transpose()?.flatten();
            let clustering = best.map(|(labels, mixture)| {
                let detail = Detail::Mixture(Arc::new(mixture));
                from_labels(data.x, rows.for_customers(&labels), k, None, detail, &progress.here())
            });
            let clustering = clustering.transpose()?;
            found(k, &clustering);
            Ok((which, clustering))
        })
        .collect::<Result<_>>()?;
    each.sort_by_key(|(which, _)| *which);
    Ok(each.into_iter().map(|(_, clustering)| clustering).collect())
}

/// Progress shared by runs on many threads.
struct Progress<'a> {
    ctx: &'a Ctx,
    done: AtomicUsize,
    units: usize,
}

impl Progress<'_> {
    fn here(&self) -> Ctx {
        let share = self.done.load(Ordering::Relaxed) as f32 / self.units as f32;
        self.ctx.part(share, share)
    }

    fn finish_one(&self) {
        self.done.fetch_add(1, Ordering::Relaxed);
    }
}

impl Search<'_> {
    /// The likeliest component of every different row in the best mixture of `k` components, and that mixture. `None` where
    /// no start leads to a mixture in which every component is the likeliest for somebody.
    fn best(
        &self,
        k: usize,
        by_means: &[u32],
        starts: usize,
        progress: &Progress,
    ) -> Result<Option<(Vec<u32>, Mixture)>> {
        let mut runs: Vec<Model> = (0..starts)
            .into_par_iter()
            .with_max_len(1)
            .map(|start| {
                let here = progress.here();
                let labels = match start {
                    0 => by_means.to_vec(),
                    _ => self.seeded(k, start, &here)?,
                };
                let model = Model::from_labels(&self.some, &labels, k, self.form, &here)?;
                let model = model.fit(&self.some, self.effort.start_tolerance, self.effort.start_steps, &here)?;
                progress.finish_one();
                Ok(model)
            })
            .collect::<Result<_>>()?;
        runs.sort_by(better);
        let mut ends = Vec::new();
        for run in runs {
            if ends.len() == FINALISTS {
                break;
            }
            let here = progress.here();
            let model = Model { converged: false, ..run };
            let model = model.fit(&self.all, self.effort.end_tolerance, self.effort.end_steps, &here)?;
            let (labels, log_likelihood) = model.labels(&self.all, &here)?;
            let mut nobody = vec![true; k];
            labels.iter().for_each(|&label| nobody[label as usize] = false);
            if !nobody.contains(&true) {
                ends.push((Model { log_likelihood, ..model }, labels));
                progress.finish_one();
            }
        }
        let best = ends.into_iter().min_by(|(a, _), (b, _)| better(a, b));
        Ok(best.map(|(model, labels)| (labels, Mixture::new(&model, model.log_likelihood, self.all.customers()))))
    }

    /// Labels by the nearest of k rows drawn far apart (k-means++, Arthur & Vassilvitskii 2007), in every other start after
    /// a few steps of k-means from there.
    fn seeded(&self, k: usize, start: usize, ctx: &Ctx) -> Result<Vec<u32>> {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(self.seed, k as u64, start as u64));
        let m = self.drawn.nrows();
        let (mut labels, mut nearest) = (vec![0; m], vec![f64::INFINITY; m]);
        let mut centers = Array2::zeros((0, self.drawn.ncols()));
        for c in 0..k {
            ctx.tick(0, 1)?;
            let row = match c {
                0 => rng.gen_range(0..m),
                _ => {
                    let mut target = rng.r#gen::<f64>() * nearest.iter().sum::<f64>();
                    let passed = nearest.iter().position(|&squared| {
                        target -= squared;
                        target < 0.0
                    });
                    passed.unwrap_or(m - 1)
                }
            };
            let center = self.drawn.slice(s![row..row + 1, ..]);
            give(self.drawn, &center, c as u32, &mut labels, &mut nearest);
            centers = concatenate![Axis(0), centers, center];
        }
        for _ in 0..if start.is_multiple_of(2) { MOVES } else { 0 } {
            ctx.tick(0, 1)?;
            let mut counts = vec![0.0; k];
            let mut sums = Array2::<f64>::zeros(centers.dim());
            for (row, &label) in self.drawn.rows().into_iter().zip(&labels) {
                counts[label as usize] += 1.0;
                let mut sum = sums.row_mut(label as usize);
                sum += &row;
            }
            for (c, &count) in counts.iter().enumerate().filter(|(_, count)| **count > 0.0) {
                centers.row_mut(c).assign(&(&sums.row(c) / count));
            }
            nearest.fill(f64::INFINITY);
            for c in 0..k {
                give(self.drawn, &centers.slice(s![c..c + 1, ..]), c as u32, &mut labels, &mut nearest);
            }
        }
        Ok(labels)
    }
}

/// Gives the label `c` to the rows that are nearer to `center` than to what they have.
fn give(x: ArrayView2<f64>, center: &ArrayView2<f64>, c: u32, labels: &mut [u32], nearest: &mut [f64]) {
    for ((label, had), x) in labels.iter_mut().zip(nearest).zip(x.rows()) {
        let squared: f64 = x.iter().zip(center).map(|(p, q)| (p - q) * (p - q)).sum();
        if squared < *had {
            (*label, *had) = (c, squared);
        }
    }
}

/// The fewest components without extent first, as these make likelihoods as large as they are thin; then the likeliest. Of
/// equal ones the first that is met.
fn better(a: &Model, b: &Model) -> std::cmp::Ordering {
    a.flat().cmp(&b.flat()).then(b.log_likelihood.total_cmp(&a.log_likelihood))
}
