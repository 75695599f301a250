//! All joins by chains of nearest neighbours (Benzécri 1982; Murtagh 1983; as in Müllner 2011, "Modern hierarchical,
//! agglomerative clustering algorithms", figure 3).
//!
//! From any group one walks to its nearest neighbour, to that one's nearest neighbour and so on, until two groups are each
//! other's nearest: they are joined. For Ward, average and complete linkage this gives the joins of the greedy algorithm,
//! though not in their order.

use rayon::prelude::*;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::recipe::Linkage;

/// Distances computed between two calls of `tick`.
const TICK: usize = 1 << 21;

/// Up to this many rows distances are kept as 64-bit numbers, above it as 32-bit ones to halve the memory.
const DOUBLE_UP_TO: usize = 5_000;

/// Two rows that stand for their groups, and the height at which the groups are joined.
pub(super) type Join = (u32, u32, f64);

/// The joins of `weights.len()` rows (m × d, `values` row-major), each standing for as many customers as its weight says.
pub(super) fn joins(values: &[f64], d: usize, weights: &[u32], linkage: Linkage, ctx: &Ctx) -> Result<Vec<Join>> {
    if weights.len() < 2 {
        return Ok(Vec::new());
    }
    match linkage {
        Linkage::Ward => walk(&mut Centroids::new(values, d, weights), ctx),
        Linkage::Average | Linkage::Complete => {
            let (filling, walking) = (ctx.part(0.0, 0.2), ctx.part(0.2, 1.0));
            if weights.len() <= DOUBLE_UP_TO {
                walk(&mut Pairs::<f64>::new(values, d, weights, linkage, &filling)?, &walking)
            } else {
                walk(&mut Pairs::<f32>::new(values, d, weights, linkage, &filling)?, &walking)
            }
        }
    }
}

/// Groups in slots that can be measured and joined.
trait Groups {
    /// Slots in use, 0 to this.
    fn len(&self) -> usize;
    /// The group nearest to `slot` and its distance. Of equally near ones `favourite`, then the first.
    fn nearest(&self, slot: usize, favourite: Option<usize>) -> (usize, f64);
    /// Joins two groups at `distance`. One slot goes, and the numbers of others in `chain` follow.
    fn join(&mut self, a: usize, b: usize, distance: f64, chain: &mut [usize]) -> Join;
}

fn walk(groups: &mut impl Groups, ctx: &Ctx) -> Result<Vec<Join>> {
    let total = groups.len();
    let mut joins = Vec::with_capacity(total - 1);
    let mut chain: Vec<usize> = Vec::new();
    let mut measured = 0;
    while groups.len() > 1 {
        measured += groups.len();
        if measured >= TICK {
            measured = 0;
            // Each join leaves one group fewer to measure.
            let left = groups.len() as f64 / total as f64;
            ctx.tick(((1.0 - left * left) * 1e6) as usize, 1_000_000)?;
        }
        let Some(&tip) = chain.last() else {
            chain.push(0);
            continue;
        };
        let before = chain.len().checked_sub(2).map(|at| chain[at]);
        let (next, distance) = groups.nearest(tip, before);
        if before != Some(next) {
            chain.push(next);
            continue;
        }
        chain.truncate(chain.len() - 2);
        // Rounding may have led the chain to a group that is on it already; what lies behind that is void.
        if let Some(at) = chain.iter().position(|&slot| slot == tip || slot == next) {
            chain.truncate(at);
        }
        joins.push(groups.join(tip, next, distance, &mut chain));
    }
    Ok(joins)
}

/// Groups by their centroids, for Ward's linkage: no distance is kept.
struct Centroids {
    len: usize,
    /// d × m: feature by feature, so that a search runs over neighbouring numbers.
    columns: Vec<Vec<f64>>,
    weights: Vec<f64>,
    /// A row of each group.
    member: Vec<u32>,
    /// Height of the last join within each group.
    height: Vec<f64>,
}

impl Centroids {
    fn new(values: &[f64], d: usize, weights: &[u32]) -> Centroids {
        Centroids {
            len: weights.len(),
            columns: (0..d).map(|j| values.chunks_exact(d).map(|row| row[j]).collect()).collect(),
            weights: weights.iter().map(|&w| f64::from(w)).collect(),
            member: (0..weights.len() as u32).collect(),
            height: vec![0.0; weights.len()],
        }
    }
}

/// Groups measured at a time.
const LANE: usize = 64;

impl Groups for Centroids {
    fn len(&self) -> usize {
        self.len
    }

    fn nearest(&self, slot: usize, favourite: Option<usize>) -> (usize, f64) {
        let weight = self.weights[slot];
        let point: Vec<f64> = self.columns.iter().map(|column| column[slot]).collect();
        let (mut at, mut least) = (usize::MAX, f64::INFINITY);
        let mut lane = [0.0; LANE];
        let mut of_favourite = f64::INFINITY;
        for from in (0..self.len).step_by(LANE) {
            let to = (from + LANE).min(self.len);
            growths(&self.columns, &self.weights, from..to, &point, weight, &mut lane);
            if (from..to).contains(&slot) {
                lane[slot - from] = f64::INFINITY;
            }
            if let Some(f) = favourite.filter(|f| (from..to).contains(f)) {
                of_favourite = lane[f - from];
            }
            let smallest = lane[..to - from].iter().fold(f64::INFINITY, |a, &b| if b < a { b } else { a });
            if smallest < least || at == usize::MAX {
                let place = lane[..to - from].iter().position(|&v| v == smallest).unwrap_or(0);
                if from + place != slot {
                    (at, least) = (from + place, smallest);
                }
            }
        }
        match favourite {
            Some(f) if of_favourite <= least => (f, (2.0 * of_favourite).sqrt()),
            _ => (at, (2.0 * least).sqrt()),
        }
    }

    fn join(&mut self, a: usize, b: usize, distance: f64, chain: &mut [usize]) -> Join {
        let (keep, drop) = (a.min(b), a.max(b));
        // Never below what was joined before: rounding must not put a join under its own branches.
        let height = distance.max(self.height[keep]).max(self.height[drop]);
        let join = (self.member[keep], self.member[drop], height);
        let share = self.weights[drop] / (self.weights[keep] + self.weights[drop]);
        for column in &mut self.columns {
            column[keep] += share * (column[drop] - column[keep]);
            column.swap_remove(drop);
        }
        self.weights[keep] += self.weights[drop];
        self.height[keep] = height;
        self.weights.swap_remove(drop);
        self.height.swap_remove(drop);
        self.member.swap_remove(drop);
        self.len -= 1;
        // The last group took the free slot.
        chain.iter_mut().filter(|slot| **slot == self.len).for_each(|slot| *slot = drop);
        join
    }
}

/// By how much the inertia grows when the group at `point` joins each of `range`: w·v/(w + v) times the squared distance
/// of the centroids (Ward 1963).
fn growths(
    columns: &[Vec<f64>],
    weights: &[f64],
    range: std::ops::Range<usize>,
    point: &[f64],
    weight: f64,
    out: &mut [f64; LANE],
) {
    let count = range.len();
    out[..count].fill(0.0);
    for (column, &p) in columns.iter().zip(point) {
        for (to, &value) in out.iter_mut().zip(&column[range.clone()]) {
            let difference = value - p;
            *to += difference * difference;
        }
    }
    for (to, &w) in out.iter_mut().zip(&weights[range]) {
        *to *= w * weight / (w + weight);
    }
}

/// A distance that is kept.
trait Kept: Copy + Send + Sync + PartialOrd {
    fn of(value: f64) -> Self;
    fn value(self) -> f64;
}

impl Kept for f64 {
    fn of(value: f64) -> f64 {
        value
    }
    fn value(self) -> f64 {
        self
    }
}

impl Kept for f32 {
    fn of(value: f64) -> f32 {
        value as f32
    }
    fn value(self) -> f64 {
        f64::from(self)
    }
}

/// Groups by the distances of all pairs, for average and complete linkage.
struct Pairs<T> {
    linkage: Linkage,
    /// The rows whose distances are those of the groups, ascending; a slot is a place here.
    live: Vec<u32>,
    /// Distances of pairs of slots a > b at a·(a − 1)/2 + b.
    distances: Vec<T>,
    weights: Vec<f64>,
    height: Vec<f64>,
}

impl<T: Kept> Pairs<T> {
    fn new(values: &[f64], d: usize, weights: &[u32], linkage: Linkage, ctx: &Ctx) -> Result<Pairs<T>> {
        let m = weights.len();
        let mut distances = vec![T::of(0.0); m * (m - 1) / 2];
        let mut rows: Vec<(usize, &mut [T])> = Vec::with_capacity(m);
        let mut rest = &mut distances[..];
        for a in 0..m {
            let (row, after) = rest.split_at_mut(a);
            rows.push((a, row));
            rest = after;
        }
        rows.into_par_iter().try_for_each(|(a, row)| {
            ctx.tick(a * a, m * m)?;
            let own = &values[a * d..][..d];
            for (to, other) in row.iter_mut().zip(values.chunks_exact(d)) {
                let squared: f64 = own.iter().zip(other).map(|(p, q)| (p - q) * (p - q)).sum();
                *to = T::of(squared.sqrt());
            }
            Ok(())
        })?;
        Ok(Pairs {
            linkage,
            live: (0..m as u32).collect(),
            distances,
            weights: weights.iter().map(|&w| f64::from(w)).collect(),
            height: vec![0.0; m],
        })
    }

    fn place(a: usize, b: usize) -> usize {
        let (high, low) = (a.max(b), a.min(b));
        high * (high - 1) / 2 + low
    }
}

impl<T: Kept> Groups for Pairs<T> {
    fn len(&self) -> usize {
        self.live.len()
    }

    fn nearest(&self, at: usize, favourite: Option<usize>) -> (usize, f64) {
        let slot = self.live[at] as usize;
        let mut best = favourite.map(|f| (f, self.distances[Self::place(slot, self.live[f] as usize)]));
        let mut offer = |other: usize, distance: T| {
            if best.is_none_or(|(_, had)| distance < had) {
                best = Some((other, distance));
            }
        };
        let own = slot * slot.saturating_sub(1) / 2;
        for (other, &low) in self.live[..at].iter().enumerate() {
            offer(other, self.distances[own + low as usize]);
        }
        for (other, &high) in self.live.iter().enumerate().skip(at + 1) {
            let high = high as usize;
            offer(other, self.distances[high * (high - 1) / 2 + slot]);
        }
        best.map_or((at, 0.0), |(other, distance)| (other, distance.value()))
    }

    fn join(&mut self, a: usize, b: usize, distance: f64, chain: &mut [usize]) -> Join {
        let (keep_at, drop_at) = (a.min(b), a.max(b));
        let (keep, drop) = (self.live[keep_at] as usize, self.live[drop_at] as usize);
        let height = distance.max(self.height[keep]).max(self.height[drop]);
        let (w, v) = (self.weights[keep], self.weights[drop]);
        for &other in &self.live {
            let other = other as usize;
            if other == keep || other == drop {
                continue;
            }
            let gone = self.distances[Self::place(drop, other)];
            let kept = &mut self.distances[Self::place(keep, other)];
            *kept = match self.linkage {
                Linkage::Complete => {
                    if gone > *kept {
                        gone
                    } else {
                        *kept
                    }
                }
                _ => T::of((w * kept.value() + v * gone.value()) / (w + v)),
            };
        }
        self.weights[keep] = w + v;
        self.height[keep] = height;
        // The order of the others stays, and with it which of equally near ones is the first.
        self.live.remove(drop_at);
        chain.iter_mut().filter(|at| **at > drop_at).for_each(|at| *at -= 1);
        (keep as u32, drop as u32, height)
    }
}
