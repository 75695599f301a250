//! The gap statistic (Tibshirani, Walther & Hastie 2001): how much tighter clusters are than those of an even spread.

use std::collections::BTreeMap;

use ndarray::{Array2, ArrayView2};
use rand::Rng;
use rayon::prelude::*;

use super::draw::{Drawn, generator};
use super::fit::{DATA, Method, Prepared};
use crate::cluster::{Data, Gap};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::recipe::Cluster;
use crate::reduce;

/// The box in which reference customers are spread evenly. It matters: on the iris flowers one says 4 and the other nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// Along the principal components, as the paper recommends; follows the form of the data.
    PrincipalComponents,
    /// Along the features.
    Features,
}

/// The data and its even spreads, ready to be clustered.
pub struct References {
    /// The data first.
    sets: Vec<Prepared>,
}

impl References {
    /// Spreads `count` reference data sets like `drawn`. `None` where no box can be found.
    pub fn new(
        drawn: Drawn,
        count: u32,
        spread: Spread,
        seed: u64,
        ks: &[usize],
        method: &Method,
        ctx: &Ctx,
    ) -> Result<Option<References>> {
        let Some(frame) = frame(drawn.x.view(), spread, ctx)? else { return Ok(None) };
        let n = drawn.x.nrows();
        let spreads = (0..count).into_par_iter().with_max_len(1).map(|number| {
            let number = u64::from(number);
            let x = frame.even(n, &mut generator(seed, 1, number));
            let even = Drawn { rows: (0..n).collect(), x, words: Vec::new() };
            method.prepare(even, 1_000_000 + number, ks, ctx)
        });
        let mut sets: Vec<Prepared> = spreads.collect::<Result<_>>()?;
        sets.insert(0, method.prepare(drawn, DATA, ks, ctx)?);
        Ok(Some(References { sets }))
    }

    /// The gap of one k, with W the within-cluster sum of squares (squared distances) and s_k = sd·√(1 + 1/B), ddof 0.
    pub fn gap(&self, k: usize, method: &Method, done: &(dyn Fn() -> Result<Ctx> + Sync)) -> Result<Gap> {
        let none = Gap { k, gap: None, error: None };
        let log = |w: Option<f64>| w.filter(|w| *w > 0.0).map(f64::ln);
        let logs = self.sets.par_iter().with_max_len(1).map(|of| Ok(log(method.inertia(of, k, &done()?)?)));
        let logs: Vec<Option<f64>> = logs.collect::<Result<_>>()?;
        let (Some(own), logs) = (logs[0], logs[1..].iter().flatten().copied().collect::<Vec<f64>>()) else {
            return Ok(none);
        };
        if logs.is_empty() {
            return Ok(none);
        }
        let count = logs.len() as f64;
        let mean = logs.iter().sum::<f64>() / count;
        let variance = logs.iter().map(|l| (l - mean) * (l - mean)).sum::<f64>() / count;
        Ok(Gap { k, gap: Some(mean - own), error: Some((variance * (1.0 + 1.0 / count)).sqrt()) })
    }
}

/// Gap statistics of the rows of `x` (n × d, finite) for `ks`, by k-means against `count` even spreads drawn by `seed`. A
/// gap is `None` where there are fewer than k different rows, or where W is zero.
pub fn gaps(x: ArrayView2<f64>, ks: &[usize], count: u32, spread: Spread, seed: u64, ctx: &Ctx) -> Result<Vec<Gap>> {
    let n = x.nrows();
    let method = Method::new(&Cluster { seed, ..Cluster::DEFAULT }, false, n, n);
    let drawn = super::draw::sample(&Data::numbers(x), n, seed, ctx)?;
    let references = References::new(drawn, count, spread, seed, ks, &method, ctx)?;
    let none = |k| Gap { k, gap: None, error: None };
    ks.iter()
        .map(|&k| match &references {
            Some(references) => references.gap(k, &method, &|| Ok(ctx.clone())),
            None => Ok(none(k)),
        })
        .collect()
}

/// The smallest k up to `largest` with Gap(k) ≥ Gap(k+1) − s(k+1). `None` where there is none, or while a gap on the way
/// is not known. `gaps` begin with the smallest k.
pub fn first_sufficient(gaps: &BTreeMap<usize, Gap>, smallest: usize, largest: usize) -> Option<usize> {
    for k in smallest..=largest {
        let (own, next) = (gaps.get(&k)?, gaps.get(&(k + 1))?);
        if own.gap? >= next.gap? - next.error? {
            return Some(k);
        }
    }
    None
}

/// A box, and its place in space.
struct Frame {
    low: Vec<f64>,
    width: Vec<f64>,
    mean: Vec<f64>,
    /// One row per side of the box; `None`: sides are features.
    sides: Option<Array2<f64>>,
}

/// The box around `x`; `None` where principal components cannot be had.
fn frame(x: ArrayView2<f64>, spread: Spread, ctx: &Ctx) -> Result<Option<Frame>> {
    let bounds = |x: ArrayView2<f64>| {
        let low: Vec<f64> = x.columns().into_iter().map(|c| c.iter().copied().fold(f64::INFINITY, f64::min)).collect();
        let high = x.columns().into_iter().map(|c| c.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        let width = high.zip(&low).map(|(high, low)| high - low).collect();
        (low, width)
    };
    match spread {
        Spread::Features => {
            let (low, width) = bounds(x);
            Ok(Some(Frame { low, width, mean: vec![0.0; x.ncols()], sides: None }))
        }
        Spread::PrincipalComponents => match reduce::pca(x, ctx) {
            Ok(p) => {
                let (low, width) = bounds(p.scores.view());
                Ok(Some(Frame { low, width, mean: p.mean, sides: Some(p.loadings) }))
            }
            Err(Error::Cancelled) => Err(Error::Cancelled),
            Err(_) => Ok(None),
        },
    }
}

impl Frame {
    /// n points spread evenly over the box.
    fn even(&self, n: usize, rng: &mut impl Rng) -> Array2<f64> {
        let d = self.low.len();
        let within = Array2::from_shape_fn((n, d), |(_, j)| self.low[j] + self.width[j] * rng.r#gen::<f64>());
        let mut x = match &self.sides {
            Some(sides) => within.dot(sides),
            None => within,
        };
        for mut row in x.rows_mut() {
            for (value, mean) in row.iter_mut().zip(&self.mean) {
                *value += mean;
            }
        }
        x
    }
}
