//! k-prototypes (Huang 1997): k-means for numbers and words together.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rand::seq::index::sample;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::algorithm::{Algorithm, Data, Found};
use super::distinct::Distinct;
use super::kmeans::mix;
use super::labelled::from_labels;
use super::{Clustering, Detail};
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// A column of words, one per customer.
#[derive(Debug, Clone, PartialEq)]
pub struct WordColumn {
    pub name: String,
    /// Places in `names`.
    pub codes: Vec<u32>,
    pub names: Vec<String>,
}

/// What k-prototypes knows beyond centroids.
#[derive(Debug, Clone, PartialEq)]
pub struct Prototypes {
    /// Names of the columns of words.
    pub columns: Vec<String>,
    /// The most frequent word of each cluster in each column: k × columns.
    pub modes: Vec<Vec<String>>,
    /// What a differing word counts as in squared distance.
    pub word_weight: f64,
    /// Sum of squared distances and of word_weight per differing word.
    pub cost: f64,
}

/// k-prototypes as an [`Algorithm`].
#[derive(Debug, Clone)]
pub struct KPrototypes {
    pub word_weight: Option<f64>,
    pub restarts: u32,
    pub seed: u64,
}

/// Different rows on which starts are tried; where there are more, a sample of them.
const START_ROWS: usize = 10_000;

/// On few rows a start costs next to nothing, and this many times as many are tried.
const FEW_ROWS: usize = 2_000;
const STARTS_IF_FEW: usize = 5;

/// The best starts are taken to their end on all rows.
const FINALISTS: usize = 2;

/// Steps after which a run stops even if it has not settled; never met on ordinary data.
const MOST_STEPS: usize = 1_000;

/// Rows summed at a time. Fixed, and their sums added in order, so that any number of threads gives the same bits.
const CHUNK: usize = 4096;

impl Algorithm for KPrototypes {
    fn cluster(&self, data: &Data, ks: &[usize], found: &Found, ctx: &Ctx) -> Result<Vec<Option<Clustering>>> {
        if data.words.is_empty() {
            return Err(Error::data(
                "k-prototypes is for numbers and words together, but no feature holds words; choose a feature of words such as a country, or k-means.",
            ));
        }
        let rows = Distinct::new(data, &ctx.part(0.0, 0.1))?;
        let all = Mixed::new(rows, data, self.word_weight);
        let m = all.rows.len();
        let drawn = (m > START_ROWS).then(|| {
            let mut drawn = sample(&mut Xoshiro256PlusPlus::seed_from_u64(self.seed), m, START_ROWS).into_vec();
            drawn.sort_unstable();
            all.at(&drawn)
        });
        let some = drawn.as_ref().unwrap_or(&all);
        let starts = self.restarts.max(1) as usize * if m <= FEW_ROWS { STARTS_IF_FEW } else { 1 };
        let running = ctx.part(0.1, 1.0);
        let (done, units) = (AtomicUsize::new(0), ks.len() * (starts + FINALISTS));
        let here = || {
            let share = done.load(Ordering::Relaxed) as f32 / units as f32;
            running.part(share, share)
        };
        let each = ks.par_iter().with_max_len(1).map(|&k| {
            let clustering = if !(1..=m).contains(&k) {
                None
            } else {
                let runs = (0..starts).into_par_iter().with_max_len(1).map(|start| {
                    let mut rng = Xoshiro256PlusPlus::seed_from_u64(mix(self.seed, k as u64, start as u64));
                    let run = some.settle(some.seeded(k, &mut rng, &here())?, &here())?;
                    done.fetch_add(1, Ordering::Relaxed);
                    Ok(run)
                });
                let mut runs: Vec<Run> = runs.collect::<Result<_>>()?;
                runs.sort_by(|a, b| a.cost.total_cmp(&b.cost));
                runs.truncate(FINALISTS);
                let mut ends = Vec::new();
                for run in runs {
                    ends.push(all.settle(run.prototypes, &here())?);
                    done.fetch_add(1, Ordering::Relaxed);
                }
                // There is at least one start.
                let best = ends.into_iter().min_by(|a, b| a.cost.total_cmp(&b.cost));
                best.map(|run| all.clustering(data, k, run, &here())).transpose()?
            };
            found(k, &clustering);
            Ok(clustering)
        });
        each.collect()
    }

    fn takes_words(&self) -> bool {
        true
    }

    fn notes(&self, _n: usize) -> Vec<String> {
        let judges = "Inertia with its bend, silhouette, Calinski-Harabasz and Davies-Bouldin";
        vec![format!("{judges} judge the numbers alone; the words have no say in them.")]
    }
}

impl Prototypes {
    /// The same with its clusters in another order: the new i-th is the old `order[i]`-th.
    pub(super) fn renumbered(&self, order: &[usize]) -> Prototypes {
        Prototypes { modes: order.iter().map(|&c| self.modes[c].clone()).collect(), ..self.clone() }
    }
}

/// Different rows of numbers and words.
struct Mixed<'a> {
    rows: Distinct,
    columns: &'a [WordColumn],
    word_weight: f64,
}

/// Centres of k clusters.
#[derive(Clone)]
struct Centers {
    k: usize,
    /// k × d.
    means: Vec<f64>,
    /// k × columns of words.
    modes: Vec<u32>,
}

struct Run {
    prototypes: Centers,
    labels: Vec<u32>,
    cost: f64,
}

impl<'a> Mixed<'a> {
    fn new(rows: Distinct, data: &Data<'a>, word_weight: Option<f64>) -> Mixed<'a> {
        let word_weight = word_weight.unwrap_or_else(|| {
            let half = 0.5 * mean_variance(&rows);
            // Numbers that say nothing leave the words alone to decide.
            if half > 0.0 { half } else { 1.0 }
        });
        Mixed { rows, columns: data.words, word_weight }
    }

    fn at(&self, places: &[usize]) -> Mixed<'a> {
        Mixed { rows: self.rows.at(places), columns: self.columns, word_weight: self.word_weight }
    }

    fn words(&self, row: usize) -> &[u32] {
        &self.rows.words[row * self.columns.len()..][..self.columns.len()]
    }

    /// Squared distance of a row to a centre, and `word_weight` for each differing word.
    fn apart(&self, row: usize, means: &[f64], modes: &[u32]) -> f64 {
        let numbers: f64 = self.rows.row(row).iter().zip(means).map(|(p, q)| (p - q) * (p - q)).sum();
        let differing = self.words(row).iter().zip(modes).filter(|(p, q)| p != q).count();
        numbers + self.word_weight * differing as f64
    }

    /// Centres at rows that were drawn far apart (k-means++, Arthur & Vassilvitskii 2007).
    fn seeded(&self, k: usize, rng: &mut Xoshiro256PlusPlus, ctx: &Ctx) -> Result<Centers> {
        let m = self.rows.len();
        let mut centers = Centers { k, means: Vec::new(), modes: Vec::new() };
        let mut nearest = vec![f64::INFINITY; m];
        for c in 0..k {
            ctx.tick(0, 1)?;
            let row = if c == 0 {
                rng.gen_range(0..m)
            } else {
                let weighed = |row: usize| nearest[row] * f64::from(self.rows.weights[row]);
                let mut target = rng.r#gen::<f64>() * (0..m).map(weighed).sum::<f64>();
                let passed = (0..m).find(|&row| {
                    target -= weighed(row);
                    target < 0.0
                });
                passed.unwrap_or(m - 1)
            };
            centers.means.extend_from_slice(self.rows.row(row));
            centers.modes.extend_from_slice(self.words(row));
            for (other, had) in nearest.iter_mut().enumerate() {
                *had = had.min(self.apart(other, self.rows.row(row), self.words(row)));
            }
        }
        Ok(centers)
    }

    /// Gives rows to the nearest centre and moves centres to the means and modes of their rows, until no row moves.
    fn settle(&self, mut prototypes: Centers, ctx: &Ctx) -> Result<Run> {
        let mut labels = vec![u32::MAX; self.rows.len()];
        for _ in 0..MOST_STEPS {
            let (moved, mut apart) = self.assign(&prototypes, &mut labels, ctx)?;
            self.fill_empty(prototypes.k, &mut labels, &mut apart);
            if !moved {
                break;
            }
            self.follow(&mut prototypes, &labels);
        }
        // Labels that were filled up belong to the centres that follow them.
        let weights = self.rows.weights.iter();
        let (d, w) = (self.rows.d, self.columns.len());
        let costs = labels.iter().zip(weights).enumerate().map(|(row, (&label, &weight))| {
            let c = label as usize;
            f64::from(weight) * self.apart(row, &prototypes.means[c * d..][..d], &prototypes.modes[c * w..][..w])
        });
        let cost = costs.sum();
        Ok(Run { prototypes, labels, cost })
    }

    /// Whether any label changed, and how far each row is from its centre.
    fn assign(&self, centers: &Centers, labels: &mut [u32], ctx: &Ctx) -> Result<(bool, Vec<f64>)> {
        let (d, w) = (self.rows.d, self.columns.len());
        let mut apart = vec![0.0; labels.len()];
        let moved: Vec<bool> = labels
            .par_chunks_mut(CHUNK)
            .zip(apart.par_chunks_mut(CHUNK))
            .enumerate()
            .map(|(chunk, (labels, apart))| {
                ctx.tick(0, 1)?;
                let mut moved = false;
                for (i, (label, apart)) in labels.iter_mut().zip(apart).enumerate() {
                    let (mut best, mut least) = (0, f64::INFINITY);
                    for c in 0..centers.k {
                        let to =
                            self.apart(chunk * CHUNK + i, &centers.means[c * d..][..d], &centers.modes[c * w..][..w]);
                        if to < least {
                            (best, least) = (c as u32, to);
                        }
                    }
                    moved |= *label != best;
                    (*label, *apart) = (best, least);
                }
                Ok(moved)
            })
            .collect::<Result<_>>()?;
        Ok((moved.contains(&true), apart))
    }

    /// Gives each cluster without rows the row that is farthest from its centre and not the only one of its cluster.
    fn fill_empty(&self, k: usize, labels: &mut [u32], apart: &mut [f64]) {
        let mut counts = vec![0; k];
        labels.iter().for_each(|&label| counts[label as usize] += 1);
        for empty in 0..k {
            if counts[empty] > 0 {
                continue;
            }
            let several = (0..labels.len()).filter(|&row| counts[labels[row] as usize] > 1);
            if let Some(row) = several.max_by(|&a, &b| apart[a].total_cmp(&apart[b]).then(b.cmp(&a))) {
                counts[labels[row] as usize] -= 1;
                (labels[row], apart[row], counts[empty]) = (empty as u32, 0.0, 1);
            }
        }
    }

    /// Moves the centres to the means and the most frequent words of their rows.
    fn follow(&self, centers: &mut Centers, labels: &[u32]) {
        let (d, w) = (self.rows.d, self.columns.len());
        let mut counts = vec![0.0; centers.k];
        let mut sums = vec![0.0; centers.k * d];
        let mut words: Vec<Vec<u64>> = self.columns.iter().map(|c| vec![0; centers.k * c.names.len()]).collect();
        for (row, &label) in labels.iter().enumerate() {
            let (c, weight) = (label as usize, self.rows.weights[row]);
            counts[c] += f64::from(weight);
            for (sum, value) in sums[c * d..][..d].iter_mut().zip(self.rows.row(row)) {
                *sum += f64::from(weight) * value;
            }
            for (column, &word) in self.words(row).iter().enumerate() {
                words[column][c * self.columns[column].names.len() + word as usize] += u64::from(weight);
            }
        }
        for c in (0..centers.k).filter(|&c| counts[c] > 0.0) {
            for j in 0..d {
                centers.means[c * d + j] = sums[c * d + j] / counts[c];
            }
            for (column, counted) in words.iter().enumerate() {
                let names = &self.columns[column].names;
                let counted = &counted[c * names.len()..][..names.len()];
                // Of equally frequent words the first in the alphabet.
                let more = |&a: &usize, &b: &usize| counted[a].cmp(&counted[b]).then(names[b].cmp(&names[a]));
                centers.modes[c * w + column] = (0..names.len()).max_by(more).unwrap_or(0) as u32;
            }
        }
    }

    fn clustering(&self, data: &Data, k: usize, run: Run, ctx: &Ctx) -> Result<Clustering> {
        let w = self.columns.len();
        let word =
            |c: usize, column: usize| self.columns[column].names[run.prototypes.modes[c * w + column] as usize].clone();
        let prototypes = Prototypes {
            columns: self.columns.iter().map(|column| column.name.clone()).collect(),
            modes: (0..k).map(|c| (0..w).map(|column| word(c, column)).collect()).collect(),
            word_weight: self.word_weight,
            cost: run.cost,
        };
        let labels = self.rows.for_customers(&run.labels);
        from_labels(data.x, labels, k, None, Detail::Prototypes(Arc::new(prototypes)), ctx)
    }
}

/// Mean over the columns of numbers of the variance over the customers.
fn mean_variance(rows: &Distinct) -> f64 {
    let n = rows.customers() as f64;
    let variance = |j: usize| {
        let weighed = |value: &dyn Fn(f64) -> f64| -> f64 {
            (0..rows.len()).map(|row| f64::from(rows.weights[row]) * value(rows.row(row)[j])).sum::<f64>() / n
        };
        let mean = weighed(&|v| v);
        weighed(&|v| (v - mean) * (v - mean))
    };
    (0..rows.d).map(variance).sum::<f64>() / rows.d.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_that_words_have_no_say_in_the_criteria() {
        let notes = KPrototypes { word_weight: None, restarts: 1, seed: 1 }.notes(10);
        assert!(notes[0].ends_with("judge the numbers alone; the words have no say in them."), "{notes:?}");
    }
}
