//! The descent: steps down the gradient with momentum, gains and early exaggeration, as scikit-learn takes them.

use ndarray::ArrayView2;
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use rayon::prelude::*;

use super::likeness::Likeness;
use super::tree::Tree;
use super::{Settings, Tsne};
use crate::ctx::Ctx;
use crate::error::Result;

/// How much more alike neighbours count at first.
const EXAGGERATION: f64 = 12.0;
/// The picture is handed on after as many steps; the divergence is computed, and the end looked for, after more.
const SHOW: usize = 10;
const LOOK: usize = 50;
/// Points per task. Sums are made by point and added in their order, so the size decides nothing but speed.
const POINTS: usize = 64;
/// Without a better divergence for as many steps it ends.
const PATIENCE: usize = 300;
const LEAST_GAIN: f64 = 0.01;
/// A gradient shorter than this leads nowhere.
const LEAST_GRADIENT: f64 = 1e-7;

/// Descends from the principal components `first` (n × d).
pub fn descend<const D: usize>(
    mut picture: Tsne,
    likeness: &Likeness,
    first: ArrayView2<f64>,
    settings: &Settings,
    part: &dyn Fn(Tsne),
    ctx: &Ctx,
) -> Result<Tsne> {
    let n = first.nrows();
    let mut y = start::<D>(first, settings.seed);
    let mut update = vec![[0.0; D]; n];
    let mut gains = vec![[1.0_f64; D]; n];
    let rate = (n as f64 / EXAGGERATION / 4.0).max(50.0);
    let early = settings.steps / 4;
    let mut best = (f64::INFINITY, 0);
    for step in 0..settings.steps {
        ctx.tick(step, settings.steps)?;
        let (exaggeration, momentum) = if step < early { (EXAGGERATION, 0.5) } else { (1.0, 0.8) };
        if step == early {
            best = (f64::INFINITY, step);
            // The second part of the descent begins afresh, as scikit-learn's does.
            update.fill([0.0; D]);
            gains.fill([1.0; D]);
        }
        let (gradient, sum) = gradient(&y, likeness, exaggeration, settings.angle);
        let looked_at = (step + 1) % LOOK == 0 || step + 1 == settings.steps;
        if looked_at {
            picture.divergence = Some(divergence(&y, likeness, sum));
        }
        let mut length = 0.0;
        for i in 0..n {
            for a in 0..D {
                let (g, u, gain) = (gradient[i][a], &mut update[i][a], &mut gains[i][a]);
                *gain = if *u * g < 0.0 { *gain + 0.2 } else { (*gain * 0.8).max(LEAST_GAIN) };
                length += (g * *gain).powi(2);
                *u = momentum * *u - rate * *gain * g;
                y[i][a] += *u;
            }
        }
        picture.step = step + 1;
        if looked_at && step >= early {
            let now = picture.divergence.unwrap_or(f64::INFINITY);
            if now < best.0 {
                best = (now, step);
            } else if step - best.1 > PATIENCE {
                break;
            }
            if length.sqrt() <= LEAST_GRADIENT {
                break;
            }
        }
        if (step + 1) % SHOW == 0 {
            picture.at = places(&y);
            part(picture.clone());
        }
    }
    picture.at = places(&y);
    picture.done = true;
    Ok(picture)
}

/// The first principal components, shrunk so that the strongest has a standard deviation of 0.0001; noise of that size
/// where there are no more components.
fn start<const D: usize>(first: ArrayView2<f64>, seed: u64) -> Vec<[f64; D]> {
    let n = first.nrows();
    let spread = |a: usize| (first.column(a).iter().map(|v| v * v).sum::<f64>() / n as f64).sqrt();
    let strongest = if first.ncols() > 0 { spread(0) } else { 0.0 };
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let known: Vec<bool> = (0..D).map(|a| a < first.ncols() && spread(a) > 1e-12 * strongest).collect();
    let place = |i: usize, a: usize, random: &mut Xoshiro256PlusPlus| {
        if known[a] { first[(i, a)] / strongest * 1e-4 } else { random.gen_range(-1e-4..1e-4) }
    };
    (0..n).map(|i| std::array::from_fn(|a| place(i, a, &mut random))).collect()
}

/// 4 (exaggeration · Σ p q (y_i − y_j) − Σ q² (y_i − y_j) / Z) for each point, and Z.
fn gradient<const D: usize>(
    y: &[[f64; D]],
    likeness: &Likeness,
    exaggeration: f64,
    angle: f64,
) -> (Vec<[f64; D]>, f64) {
    let tree = Tree::new(y, angle);
    let by_place: Vec<([f64; D], [f64; D], f64)> = tree
        .order
        .par_chunks(POINTS)
        .flat_map_iter(|points| {
            points.iter().map(|&i| {
                let i = i as usize;
                let mut pull = [0.0; D];
                for e in likeness.from[i]..likeness.from[i + 1] {
                    let other = &y[likeness.to[e] as usize];
                    let away: [f64; D] = std::array::from_fn(|a| y[i][a] - other[a]);
                    let weight = likeness.p[e] / (1.0 + away.iter().map(|v| v * v).sum::<f64>());
                    for a in 0..D {
                        pull[a] += weight * away[a];
                    }
                }
                let (push, sum) = tree.repulsion(&y[i]);
                (pull, push, sum)
            })
        })
        .collect();
    let sum = by_place.iter().map(|f| f.2).sum::<f64>().max(f64::MIN_POSITIVE);
    let mut gradient = vec![[0.0; D]; y.len()];
    for (&i, (pull, push, _)) in tree.order.iter().zip(&by_place) {
        gradient[i as usize] = std::array::from_fn(|a| 4.0 * (exaggeration * pull[a] - push[a] / sum));
    }
    (gradient, sum)
}

/// Σ p ln(p / q), where the q add up to 1.
fn divergence<const D: usize>(y: &[[f64; D]], likeness: &Likeness, sum: f64) -> f64 {
    let of = |i: usize| -> f64 {
        let pairs = likeness.from[i]..likeness.from[i + 1];
        pairs
            .filter(|&e| likeness.p[e] > 0.0)
            .map(|e| {
                let other = &y[likeness.to[e] as usize];
                let squared: f64 = (0..D).map(|a| (y[i][a] - other[a]).powi(2)).sum();
                likeness.p[e] * (likeness.p[e] * sum * (1.0 + squared)).ln()
            })
            .sum()
    };
    (0..y.len()).map(of).sum()
}

fn places<const D: usize>(y: &[[f64; D]]) -> Vec<[f64; 3]> {
    y.iter().map(|p| std::array::from_fn(|a| if a < D { p[a] } else { 0.0 })).collect()
}
