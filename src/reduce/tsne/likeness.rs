//! How alike each row is to its nearest neighbours.

use ndarray::ArrayView2;
use rayon::prelude::*;

use crate::ctx::Ctx;
use crate::error::Result;

/// Symmetric likenesses p_ij in rows: those of row `i` stand at `from[i]..from[i + 1]`. They add up to 1.
pub struct Likeness {
    pub from: Vec<usize>,
    pub to: Vec<u32>,
    pub p: Vec<f64>,
}

/// Likenesses of the rows of `x`: Gaussian, as wide around each row as it takes for `perplexity` neighbours, among the
/// 3 · perplexity nearest ones (van der Maaten 2014, section 4.1), then made symmetric.
pub fn likeness(x: ArrayView2<f64>, perplexity: f64, ctx: &Ctx) -> Result<Likeness> {
    let n = x.nrows();
    let k = ((3.0 * perplexity) as usize + 1).min(n - 1);
    let d = x.ncols();
    // Column by column: distances to all rows are summed without leaving the cache.
    let columns: Vec<Vec<f64>> = x.columns().into_iter().map(|c| c.to_vec()).collect();
    let near: Vec<Vec<(u32, f64)>> = (0..n)
        .into_par_iter()
        .map_init(
            || (vec![0.0; n], Vec::with_capacity(n)),
            |(squared, order), i| {
                ctx.tick(i, n)?;
                squared.fill(0.0);
                for column in columns.iter().take(d) {
                    let own = column[i];
                    for (s, v) in squared.iter_mut().zip(column) {
                        *s += (v - own) * (v - own);
                    }
                }
                order.clear();
                order.extend((0..n as u32).filter(|j| *j != i as u32));
                let nearer = |a: &u32, b: &u32| squared[*a as usize].total_cmp(&squared[*b as usize]).then(a.cmp(b));
                if k < order.len() {
                    order.select_nth_unstable_by(k, nearer);
                    order.truncate(k);
                }
                order.sort_unstable();
                let squared: Vec<f64> = order.iter().map(|&j| squared[j as usize]).collect();
                Ok(order.iter().copied().zip(shares(&squared, perplexity)).collect())
            },
        )
        .collect::<Result<_>>()?;
    Ok(symmetric(&near))
}

/// Shares of the neighbours at these squared distances, whose entropy is the logarithm of the perplexity; found by halving.
fn shares(squared: &[f64], perplexity: f64) -> Vec<f64> {
    // Only differences of distances count; without the smallest, the nearest neighbour never underflows.
    let least = squared.iter().copied().fold(f64::INFINITY, f64::min);
    let wanted = perplexity.ln();
    let (mut beta, mut low, mut high) = (1.0, 0.0, f64::INFINITY);
    let mut shares = vec![0.0; squared.len()];
    for _ in 0..100 {
        let (mut sum, mut mean) = (0.0, 0.0);
        for (share, s) in shares.iter_mut().zip(squared) {
            *share = (-(s - least) * beta).exp();
            sum += *share;
            mean += *share * (s - least);
        }
        for share in &mut shares {
            *share /= sum;
        }
        let entropy = sum.ln() + beta * mean / sum;
        if (entropy - wanted).abs() < 1e-5 {
            break;
        }
        if entropy > wanted {
            low = beta;
            beta = if high.is_finite() { (beta + high) / 2.0 } else { beta * 2.0 };
        } else {
            high = beta;
            beta = (beta + low) / 2.0;
        }
        if !(1e-300..=1e300).contains(&beta) {
            // More neighbours at one distance than the perplexity asks for: they share alike.
            break;
        }
    }
    shares
}

fn symmetric(near: &[Vec<(u32, f64)>]) -> Likeness {
    let n = near.len();
    let mut rows: Vec<Vec<(u32, f64)>> = vec![Vec::new(); n];
    for (i, row) in near.iter().enumerate() {
        for &(j, p) in row {
            rows[i].push((j, p));
            rows[j as usize].push((i as u32, p));
        }
    }
    let mut likeness = Likeness { from: Vec::with_capacity(n + 1), to: Vec::new(), p: Vec::new() };
    likeness.from.push(0);
    for row in &mut rows {
        // A pair of mutual neighbours stands there twice; both orders of adding two numbers give the same.
        row.sort_unstable_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
        for pair in row.chunk_by(|a, b| a.0 == b.0) {
            likeness.to.push(pair[0].0);
            likeness.p.push(pair.iter().map(|(_, p)| p).sum());
        }
        likeness.from.push(likeness.to.len());
    }
    let total: f64 = likeness.p.iter().sum();
    for p in &mut likeness.p {
        *p /= total;
    }
    likeness
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn shares_have_the_wanted_perplexity() {
        let squared: Vec<f64> = (1..=90).map(|i| f64::from(i).powi(2) / 50.0).collect();
        let p = shares(&squared, 30.0);
        let entropy: f64 = p.iter().filter(|p| **p > 0.0).map(|p| -p * p.ln()).sum();
        assert!((entropy.exp() - 30.0).abs() < 1e-3, "{}", entropy.exp());
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn likenesses_are_symmetric_and_add_up_to_one() {
        let x = Array2::from_shape_fn((40, 2), |(i, j)| ((i * 37 + j * 11) as f64 * 0.71).sin());
        let l = likeness(x.view(), 5.0, &Ctx::silent()).unwrap();
        assert!((l.p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        let of = |i: usize, j: u32| {
            let row = l.from[i]..l.from[i + 1];
            row.into_iter().find(|&e| l.to[e] == j).map(|e| l.p[e])
        };
        for i in 0..40 {
            for j in 0..40 {
                assert_eq!(of(i, j as u32), of(j, i as u32));
            }
        }
    }
}
