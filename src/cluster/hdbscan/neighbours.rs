//! Distances to neighbours, and the tree that joins all rows at the least mutual reachability.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use rayon::prelude::*;

use crate::cluster::blocks::{BLOCK, Blocks, Node};
use crate::cluster::distance::{Lane, squared, squared_to_box};
use crate::ctx::Ctx;
use crate::error::Result;

/// Rows with the same values, by place in the blocks, and how many customers each stands for.
pub(super) struct Space<'a> {
    pub blocks: &'a Blocks,
    pub weights: Vec<u32>,
}

/// Two places joined at a distance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub a: u32,
    pub b: u32,
    pub distance: f64,
}

/// A neighbour that may be among the nearest.
#[derive(PartialEq)]
struct Near {
    squared: f64,
    weight: u32,
}

impl Eq for Near {}
impl PartialOrd for Near {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Near {
    fn cmp(&self, other: &Self) -> Ordering {
        self.squared.total_cmp(&other.squared).then(self.weight.cmp(&other.weight))
    }
}

impl Space<'_> {
    /// Squared distance of every place to its `samples`-th nearest customer, itself the first.
    pub fn core_distances(&self, samples: usize, ctx: &Ctx) -> Result<Vec<f64>> {
        let mut out = vec![0.0; self.blocks.n];
        out.par_chunks_mut(BLOCK).enumerate().try_for_each(|(b, out)| {
            ctx.tick(b, self.blocks.count)?;
            let mut point = vec![0.0; self.blocks.d];
            for (i, out) in out.iter_mut().enumerate() {
                self.blocks.copy_row(b * BLOCK + i, &mut point);
                let mut nearest = Nearest { samples: samples as u64, customers: 0, heap: BinaryHeap::new() };
                self.gather(self.blocks.root(), &point, &mut nearest);
                *out = nearest.heap.peek().map_or(0.0, |near| near.squared);
            }
            Ok(())
        })?;
        Ok(out)
    }

    fn gather(&self, node: Node, point: &[f64], nearest: &mut Nearest) {
        match node.halves() {
            Some((left, right)) => {
                let off = |node: Node| {
                    let (lo, hi, _) = self.blocks.node(node);
                    squared_to_box(point, lo, hi)
                };
                let (l, r) = ((off(left), left), (off(right), right));
                let (first, second) = if r.0 < l.0 { (r, l) } else { (l, r) };
                for (off, node) in [first, second] {
                    if off < nearest.bound() {
                        self.gather(node, point, nearest);
                    }
                }
            }
            None => {
                let mut lane: Lane = [0.0; BLOCK];
                squared(self.blocks.block(node.first), point, &mut lane);
                let from = node.first * BLOCK;
                for (i, &squared) in lane[..self.blocks.filled(node.first)].iter().enumerate() {
                    if squared < nearest.bound() {
                        nearest.add(Near { squared, weight: self.weights[from + i] });
                    }
                }
            }
        }
    }

    /// The edges of a tree of least total mutual reachability: for two rows the largest of their distance and of their core
    /// distances. Found in rounds, in each of which every component is joined to its nearest other one (Borůvka 1926).
    pub fn tree(&self, core: &[f64], ctx: &Ctx) -> Result<Vec<Edge>> {
        let n = self.blocks.n;
        let mut forest = Forest::new(n);
        let mut edges: Vec<Edge> = Vec::with_capacity(n.saturating_sub(1));
        let least_core = self.least_core(core);
        // What is known of each place: the nearest one in another component, or that none is nearer than `at_least`.
        let mut known: Vec<Option<Candidate>> = vec![None; n];
        let mut at_least: Vec<f64> = core.to_vec();
        while edges.len() + 1 < n {
            let component: Vec<u32> = (0..n as u32).map(|place| forest.root(place)).collect();
            let one_component = self.one_component(&component);
            let search = Search {
                space: self,
                core,
                component: &component,
                one_component: &one_component,
                least_core: &least_core,
            };
            // What each component has found so far: nothing farther can matter to it.
            let mut bound = vec![f64::INFINITY; n];
            for place in 0..n {
                known[place] = known[place].filter(|c| component[c.to as usize] != component[place]);
                if let Some(candidate) = known[place] {
                    let bound = &mut bound[component[place] as usize];
                    *bound = bound.min(candidate.squared);
                }
            }
            let mut waiting: Vec<u32> = (0..n as u32).filter(|&p| known[p as usize].is_none()).collect();
            waiting.sort_by(|&a, &b| at_least[a as usize].total_cmp(&at_least[b as usize]).then(a.cmp(&b)));
            // Waves of fixed size: within one all places are searched with the same bounds, whatever the number of threads.
            for (wave, places) in waiting.chunks(WAVE).enumerate() {
                let share = edges.len() + (waiting.len().min(wave * WAVE) * (n - edges.len())) / (2 * n);
                let found: Vec<Option<Candidate>> = places
                    .par_chunks(BLOCK)
                    .map(|places| {
                        ctx.tick(share, n)?;
                        Ok(places
                            .iter()
                            .map(|&place| {
                                let bound = bound[component[place as usize] as usize];
                                if at_least[place as usize] >= bound { None } else { search.nearest(place, bound) }
                            })
                            .collect::<Vec<_>>())
                    })
                    .collect::<Result<Vec<_>>>()?
                    .concat();
                for (&place, found) in places.iter().zip(found) {
                    let (place, own) = (place as usize, component[place as usize] as usize);
                    match found {
                        Some(candidate) => {
                            bound[own] = bound[own].min(candidate.squared);
                            at_least[place] = candidate.squared;
                            known[place] = Some(candidate);
                        }
                        None => at_least[place] = at_least[place].max(bound[own].min(f64::MAX)),
                    }
                }
            }
            let mut best: Vec<Option<(f64, u32)>> = vec![None; n];
            for (place, candidate) in known.iter().enumerate() {
                if let Some(candidate) = candidate {
                    let best = &mut best[component[place] as usize];
                    if best.is_none_or(|(squared, _)| candidate.squared < squared) {
                        *best = Some((candidate.squared, place as u32));
                    }
                }
            }
            for (squared, place) in best.into_iter().flatten() {
                if let Some(Candidate { to, .. }) = known[place as usize]
                    && forest.join(place, to)
                {
                    edges.push(Edge { a: place, b: to, distance: squared.sqrt() });
                }
            }
        }
        Ok(edges)
    }

    /// The least core distance below each node.
    fn least_core(&self, core: &[f64]) -> Vec<f64> {
        let mut out = vec![f64::INFINITY; 2 * self.blocks.count];
        self.fold(
            self.blocks.root(),
            &mut out,
            &|places| core[places].iter().copied().fold(f64::INFINITY, f64::min),
            &f64::min,
        );
        out
    }

    /// The component that all rows below each node belong to; [`MIXED`] where they belong to several.
    fn one_component(&self, component: &[u32]) -> Vec<u32> {
        let mut out = vec![MIXED; 2 * self.blocks.count];
        let both = |a: u32, b: u32| if a == b { a } else { MIXED };
        let of_block = |places: std::ops::Range<usize>| {
            let first = component[places.start];
            component[places].iter().fold(first, |a, &b| both(a, b))
        };
        self.fold(self.blocks.root(), &mut out, &of_block, &both);
        out
    }

    /// Works out a value for every node from those of the blocks.
    fn fold<T: Copy>(
        &self,
        node: Node,
        out: &mut [T],
        of_block: &impl Fn(std::ops::Range<usize>) -> T,
        both: &impl Fn(T, T) -> T,
    ) -> T {
        let value = match node.halves() {
            Some((left, right)) => {
                let (left, right) = (self.fold(left, out, of_block, both), self.fold(right, out, of_block, both));
                both(left, right)
            }
            None => of_block(node.first * BLOCK..node.first * BLOCK + self.blocks.rows_in(node)),
        };
        out[node.index()] = value;
        value
    }
}

/// Places searched between two looks at what the components have found.
const WAVE: usize = 4096;

/// No single component.
const MIXED: u32 = u32::MAX;

/// The nearest neighbours so far.
struct Nearest {
    samples: u64,
    customers: u64,
    heap: BinaryHeap<Near>,
}

impl Nearest {
    /// Nothing as far as this counts.
    fn bound(&self) -> f64 {
        match self.heap.peek() {
            Some(farthest) if self.customers >= self.samples => farthest.squared,
            _ => f64::INFINITY,
        }
    }

    fn add(&mut self, near: Near) {
        self.customers += u64::from(near.weight);
        self.heap.push(near);
        while let Some(farthest) = self.heap.peek()
            && self.customers - u64::from(farthest.weight) >= self.samples
        {
            self.customers -= u64::from(farthest.weight);
            self.heap.pop();
        }
    }
}

/// A place in another component, and the squared mutual reachability to it.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    squared: f64,
    to: u32,
}

/// One round's search for nearest places in other components.
struct Search<'a> {
    space: &'a Space<'a>,
    core: &'a [f64],
    component: &'a [u32],
    one_component: &'a [u32],
    least_core: &'a [f64],
}

impl Search<'_> {
    /// The nearest place of another component nearer than `bound`; of equally near ones the first met.
    fn nearest(&self, place: u32, bound: f64) -> Option<Candidate> {
        let blocks = self.space.blocks;
        let mut point = vec![0.0; blocks.d];
        blocks.copy_row(place as usize, &mut point);
        let mut best = Candidate { squared: bound, to: MIXED };
        self.visit(blocks.root(), 0.0, place, &point, &mut best);
        (best.to != MIXED).then_some(best)
    }

    fn visit(&self, node: Node, off: f64, place: u32, point: &[f64], best: &mut Candidate) {
        let own = self.component[place as usize];
        let at_least = off.max(self.core[place as usize]).max(self.least_core[node.index()]);
        if at_least >= best.squared || self.one_component[node.index()] == own {
            return;
        }
        let blocks = self.space.blocks;
        match node.halves() {
            Some((left, right)) => {
                let off = |node: Node| {
                    let (lo, hi, _) = blocks.node(node);
                    squared_to_box(point, lo, hi)
                };
                let (l, r) = ((off(left), left), (off(right), right));
                let (first, second) = if r.0 < l.0 { (r, l) } else { (l, r) };
                for (off, node) in [first, second] {
                    self.visit(node, off, place, point, best);
                }
            }
            None => {
                let mut lane: Lane = [0.0; BLOCK];
                squared(blocks.block(node.first), point, &mut lane);
                let from = node.first * BLOCK;
                for (i, &apart) in lane[..blocks.filled(node.first)].iter().enumerate() {
                    let reach = apart.max(self.core[from + i]).max(self.core[place as usize]);
                    if reach < best.squared && self.component[from + i] != own {
                        *best = Candidate { squared: reach, to: (from + i) as u32 };
                    }
                }
            }
        }
    }
}

/// Which places are joined already.
pub(super) struct Forest {
    parent: Vec<u32>,
}

impl Forest {
    pub fn new(n: usize) -> Forest {
        Forest { parent: (0..n as u32).collect() }
    }

    pub fn root(&mut self, mut place: u32) -> u32 {
        while self.parent[place as usize] != place {
            let above = self.parent[place as usize];
            self.parent[place as usize] = self.parent[above as usize];
            place = above;
        }
        place
    }

    /// Joins two components; false when they are one. The lower root stays.
    pub fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b) as usize] = a.min(b);
        a != b
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    #[test]
    fn core_distances_and_the_tree_are_those_of_all_pairs() {
        for (n, d, samples) in [(2, 1, 2), (40, 2, 3), (333, 3, 7)] {
            let x = Array2::from_shape_fn((n, d), |(i, j)| ((i * 7919 + j * 104_729) % 1009) as f64 * 0.37);
            let blocks = Blocks::new(x.view(), &Ctx::silent()).unwrap();
            let weights: Vec<u32> = (0..n as u32).map(|i| 1 + i % 2).collect();
            let space = Space { blocks: &blocks, weights: weights.clone() };
            let core = space.core_distances(samples, &Ctx::silent()).unwrap();
            let row = |place: usize| x.row(blocks.rows[place] as usize);
            let apart = |a: usize, b: usize| row(a).iter().zip(row(b)).map(|(p, q)| (p - q) * (p - q)).sum::<f64>();
            for (a, core) in core.iter().enumerate() {
                let mut all: Vec<f64> = (0..n).flat_map(|b| vec![apart(a, b); weights[b] as usize]).collect();
                all.sort_by(f64::total_cmp);
                assert!((core - all[samples - 1]).abs() < 1e-9);
            }
            let tree = space.tree(&core, &Ctx::silent()).unwrap();
            assert_eq!(tree.len(), n - 1);
            let got: f64 = tree.iter().map(|e| e.distance).sum();
            // Prim's algorithm on all pairs.
            let reach = |a: usize, b: usize| apart(a, b).max(core[a]).max(core[b]);
            let mut near: Vec<f64> = (0..n).map(|b| if b == 0 { -1.0 } else { reach(0, b) }).collect();
            let mut want = 0.0;
            for _ in 1..n {
                let next = (0..n).filter(|&b| near[b] >= 0.0).min_by(|&a, &b| near[a].total_cmp(&near[b])).unwrap();
                want += near[next].sqrt();
                near[next] = -1.0;
                (0..n).for_each(|b| near[b] = near[b].min(reach(next, b)));
            }
            assert!((got - want).abs() < 1e-9 * want.max(1.0), "{got} for {want}");
        }
    }
}
