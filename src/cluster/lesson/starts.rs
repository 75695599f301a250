//! Where other starts end: local optima made visible.

use ndarray::{Array2, ArrayView2};

use super::trace::trace;
use crate::cluster::kmeans::kmeans;
use crate::ctx::Ctx;
use crate::error::Result;

/// What several starts of k-means end at, on the same points.
#[derive(Debug, Clone)]
pub struct Starts {
    /// Inertia at the end of each plain start, in the order of their seeds.
    pub ends: Vec<f64>,
    /// What the program's own k-means finds with as many restarts.
    pub engine: f64,
    /// Its centroids, k × features.
    pub centroids: Array2<f64>,
}

/// Ends of `count` plain starts (see [`trace()`]) with the seeds from `seed` on, and the program's own result.
///
/// # Errors
/// Those of [`trace()`], and [`crate::error::Error::Cancelled`].
pub fn starts(points: ArrayView2<f64>, k: usize, seed: u64, count: usize, ctx: &Ctx) -> Result<Starts> {
    let end = |i: usize| {
        ctx.tick(i, count + 1)?;
        let steps = trace(points, k, seed.wrapping_add(i as u64))?;
        Ok(steps.last().map_or(f64::NAN, |s| s.inertia))
    };
    let ends = (0..count).map(end).collect::<Result<Vec<f64>>>()?;
    let found = kmeans(points, k, count as u32, seed, &ctx.part(0.9, 1.0))?;
    Ok(Starts { ends, engine: found.inertia, centroids: found.centroids })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn no_start_ends_below_the_engine() {
        // Six groups on a circle and four centroids: there are many ways to join groups, not all equally good.
        let points = Array2::from_shape_fn((180, 2), |(i, j)| {
            let angle = (i % 6) as f64 * std::f64::consts::TAU / 6.0;
            let centre = if j == 0 { angle.cos() } else { angle.sin() };
            10.0 * centre + ((i * 7919 + j * 104_729) % 97) as f64 / 97.0
        });
        let found = starts(points.view(), 4, 3, 12, &Ctx::silent()).unwrap();
        assert_eq!(found.ends.len(), 12);
        assert!(found.ends.iter().all(|e| *e >= found.engine * (1.0 - 1e-9)), "{found:?}");
        assert!(found.ends.iter().any(|e| *e <= found.engine * (1.0 + 1e-9)), "{found:?}");
        assert!(found.ends.iter().any(|e| *e > 1.01 * found.engine), "no start went astray: {found:?}");
        assert_eq!(found.centroids.dim(), (4, 2));
    }
}
