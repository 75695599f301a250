//! Lloyd's k-means with everything it does on the way.

use ndarray::{Array2, ArrayView1, ArrayView2};
use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::cluster::kmeans::too_few_rows;
use crate::error::{Error, Result};

/// More rounds than this are not shown; on the few thousand points of a lesson a few dozen are usual.
const MOST_ROUNDS: usize = 300;

/// What a step does.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// One more centroid is put on a point, by k-means++ (Arthur & Vassilvitskii 2007): each point with a chance in
    /// proportion to its squared distance to the nearest centroid so far; the first with equal chances.
    Place {
        /// The point that was drawn.
        row: usize,
        /// The chance it had, 0–1.
        chance: f64,
        /// Every point's chance, 0–1; sums to one.
        chances: Vec<f64>,
    },
    /// Every point goes to its nearest centroid.
    Assign {
        /// Points that changed their cluster; all of them in the first round.
        changed: usize,
    },
    /// Every centroid moves to the mean of its points.
    Move {
        /// The longest way that one of them went.
        furthest: f64,
        /// Clusters that had lost all their points; each went to the point furthest from its own centroid.
        empty: usize,
    },
}

/// One step and how things stand after it.
#[derive(Debug, Clone)]
pub struct Step {
    pub what: What,
    /// 0 while centroids are placed, then from 1.
    pub round: usize,
    /// Centroids placed so far × features.
    pub centroids: Array2<f64>,
    /// Cluster of each point; empty until points are assigned for the first time.
    pub labels: Vec<u32>,
    /// Sum of squared distances to the centroid of the own cluster; to the nearest one while centroids are placed.
    pub inertia: f64,
}

/// Every step of one start of k-means on `points` (n × d, finite) with `k` clusters: k placements, then assignments and
/// moves in turn until an assignment changes nothing. The inertia never rises from one step to the next, and the last
/// step is a fixed point of Lloyd's iteration. A point that is equally near to two centroids stays where it is.
///
/// # Errors
/// [`Error::Data`] where `k` is 0 or there are fewer than `k` different points.
pub fn trace(points: ArrayView2<f64>, k: usize, seed: u64) -> Result<Vec<Step>> {
    let n = points.nrows();
    if k == 0 {
        return Err(Error::data("A clustering needs at least one cluster; choose a larger k."));
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut steps: Vec<Step> = Vec::new();
    let mut nearest = vec![f64::INFINITY; n];
    let mut centroids = Array2::zeros((0, points.ncols()));
    for c in 0..k {
        let chances: Vec<f64> = if c == 0 {
            vec![1.0 / n.max(1) as f64; n]
        } else {
            let total: f64 = nearest.iter().sum();
            nearest.iter().map(|d| d / total).collect()
        };
        // Points at a centroid have no chance; where all lie at one, there is nothing more to place.
        let row = draw(&chances, random.r#gen()).ok_or_else(|| too_few_rows(k))?;
        centroids.push_row(points.row(row)).map_err(|e| Error::data(format!("Centroids do not fit ({e}).")))?;
        for (near, point) in nearest.iter_mut().zip(points.rows()) {
            *near = near.min(squared(point, points.row(row)));
        }
        let what = What::Place { row, chance: chances[row], chances };
        let inertia = nearest.iter().sum();
        steps.push(Step { what, round: 0, centroids: centroids.clone(), labels: Vec::new(), inertia });
    }
    let mut labels: Vec<u32> = Vec::new();
    for round in 1..=MOST_ROUNDS {
        let changed = assign(points, &centroids, &mut labels);
        let inertia = inertia(points, &centroids, &labels);
        let what = What::Assign { changed };
        steps.push(Step { what, round, centroids: centroids.clone(), labels: labels.clone(), inertia });
        if changed == 0 {
            break;
        }
        let (moved, empty) = means(points, &centroids, &labels);
        let ways = centroids.rows().into_iter().zip(moved.rows());
        let furthest = ways.map(|(a, b)| squared(a, b)).fold(0.0, f64::max).sqrt();
        centroids = moved;
        let inertia = self::inertia(points, &centroids, &labels);
        let what = What::Move { furthest, empty };
        steps.push(Step { what, round, centroids: centroids.clone(), labels: labels.clone(), inertia });
    }
    Ok(steps)
}

/// The point at which the running total of chances passes `at` (0–1), never one without a chance.
fn draw(chances: &[f64], mut at: f64) -> Option<usize> {
    let mut last = None;
    for (i, chance) in chances.iter().enumerate().filter(|(_, c)| **c > 0.0) {
        last = Some(i);
        if at < *chance {
            break;
        }
        at -= chance;
    }
    last
}

/// Gives every point its nearest centroid; returns how many changed.
fn assign(points: ArrayView2<f64>, centroids: &Array2<f64>, labels: &mut Vec<u32>) -> usize {
    let first = labels.is_empty();
    let mut changed = 0;
    for (i, point) in points.rows().into_iter().enumerate() {
        let own = if first { 0 } else { labels[i] as usize };
        let mut best = (squared(point, centroids.row(own)), own);
        for (c, centroid) in centroids.rows().into_iter().enumerate() {
            let distance = squared(point, centroid);
            if distance < best.0 {
                best = (distance, c);
            }
        }
        if first {
            labels.push(best.1 as u32);
            changed += 1;
        } else if best.1 != own {
            labels[i] = best.1 as u32;
            changed += 1;
        }
    }
    changed
}

/// Means of the clusters, and how many clusters had no point. Such a cluster's centroid goes to the point that is
/// furthest from its own, so that the next assignment gives it something.
fn means(points: ArrayView2<f64>, centroids: &Array2<f64>, labels: &[u32]) -> (Array2<f64>, usize) {
    let mut moved = Array2::zeros(centroids.raw_dim());
    let mut sizes = vec![0usize; centroids.nrows()];
    for (point, &label) in points.rows().into_iter().zip(labels) {
        sizes[label as usize] += 1;
        moved.row_mut(label as usize).scaled_add(1.0, &point);
    }
    for (mut row, &size) in moved.rows_mut().into_iter().zip(&sizes) {
        row /= size.max(1) as f64;
    }
    let empty: Vec<usize> = (0..sizes.len()).filter(|&c| sizes[c] == 0).collect();
    if !empty.is_empty() {
        let away = |i: usize| squared(points.row(i), moved.row(labels[i] as usize));
        let mut order: Vec<(f64, usize)> = (0..labels.len()).map(|i| (away(i), i)).collect();
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        for (&c, &(_, row)) in empty.iter().zip(&order) {
            moved.row_mut(c).assign(&points.row(row));
        }
    }
    (moved, empty.len())
}

fn inertia(points: ArrayView2<f64>, centroids: &Array2<f64>, labels: &[u32]) -> f64 {
    let own = points.rows().into_iter().zip(labels);
    own.map(|(point, &label)| squared(point, centroids.row(label as usize))).sum()
}

pub(super) fn squared(a: ArrayView1<f64>, b: ArrayView1<f64>) -> f64 {
    a.iter().zip(b).map(|(p, q)| (p - q) * (p - q)).sum()
}

#[cfg(test)]
mod tests {
    use ndarray::array;
    use proptest::prelude::*;

    use super::*;

    fn rises(steps: &[Step]) -> Option<(usize, f64, f64)> {
        let pairs = steps.windows(2).enumerate();
        let mut all = pairs.map(|(i, w)| (i + 1, w[0].inertia, w[1].inertia));
        all.find(|(_, a, b)| *b > a * (1.0 + 1e-12) + 1e-12)
    }

    #[test]
    fn a_tiny_case_is_what_every_split_in_two_gives_at_best() {
        let points = array![[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [9.0, 9.0], [9.0, 8.0], [5.0, 5.5], [8.0, 8.5]];
        // Brute force: the least inertia over all splits.
        let best = (1u32..(1 << 6)).map(|mask| {
            let labels: Vec<u32> = (0..7).map(|i| (mask >> i) & 1).collect();
            let (centroids, _) = means(points.view(), &Array2::zeros((2, 2)), &labels);
            inertia(points.view(), &centroids, &labels)
        });
        let best = best.fold(f64::INFINITY, f64::min);
        let ends: Vec<f64> =
            (0..20).map(|seed| trace(points.view(), 2, seed).unwrap().pop().unwrap().inertia).collect();
        assert!(ends.iter().all(|e| *e >= best - 1e-12), "{ends:?} {best}");
        assert!(ends.iter().any(|e| (e - best).abs() < 1e-12), "{ends:?} {best}");
    }

    #[test]
    fn the_first_steps_say_why_a_point_was_taken() {
        let points = array![[0.0], [1.0], [4.0]];
        let steps = trace(points.view(), 2, 7).unwrap();
        let What::Place { row, chance, .. } = steps[0].what else { panic!("{:?}", steps[0].what) };
        assert_eq!(chance, 1.0 / 3.0);
        let from = points[[row, 0]];
        let distances: Vec<f64> = points.iter().map(|p| (p - from) * (p - from)).collect();
        let total: f64 = distances.iter().sum();
        assert_eq!(steps[0].inertia, total);
        let What::Place { row: second, chance, ref chances } = steps[1].what else { panic!() };
        assert_eq!(*chances, distances.iter().map(|d| d / total).collect::<Vec<_>>());
        assert_eq!(chance, chances[second]);
        assert!(second != row && steps[1].labels.is_empty());
        assert_eq!(steps[2].what, What::Assign { changed: 3 });
    }

    #[test]
    fn what_cannot_be_clustered_is_said() {
        let same = array![[1.0, 2.0], [1.0, 2.0]];
        assert!(trace(same.view(), 2, 1).unwrap_err().to_string().contains("fewer than 2 different"));
        assert!(trace(same.view(), 0, 1).is_err());
        assert!(trace(Array2::<f64>::zeros((0, 2)).view(), 1, 1).is_err());
        assert_eq!(trace(same.view(), 1, 1).unwrap().last().unwrap().inertia, 0.0);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        #[test]
        fn inertia_never_rises_and_the_end_is_a_fixed_point(
            values in prop::collection::vec(-50i32..50, 6..160), k in 1usize..7, seed in 0u64..1000,
        ) {
            let points = Array2::from_shape_fn((values.len() / 2, 2), |(i, j)| f64::from(values[2 * i + j]) / 8.0);
            let Ok(steps) = trace(points.view(), k, seed) else { return Ok(()) };
            prop_assert!(rises(&steps).is_none(), "{:?}", rises(&steps));
            let last = steps.last().unwrap();
            prop_assert_eq!(&last.what, &What::Assign { changed: 0 });
            let (again, empty) = means(points.view(), &last.centroids, &last.labels);
            prop_assert_eq!(empty, 0);
            prop_assert!(again.iter().zip(&last.centroids).all(|(a, b)| (a - b).abs() < 1e-9));
            let mut labels = last.labels.clone();
            prop_assert_eq!(assign(points.view(), &again, &mut labels), 0);
            prop_assert_eq!(trace(points.view(), k, seed).unwrap().len(), steps.len());
        }
    }
}
