//! Classification trees: Breiman, Friedman, Olshen and Stone, Classification and Regression Trees (1984), with the Gini
//! index and exact splits found on sorted columns.

use rayon::prelude::*;

use super::round::roundest;
use crate::ctx::Ctx;
use crate::error::Result;

/// How far to grow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Questions from the root to a leaf at most.
    pub depth: usize,
    /// Customers in a leaf at least.
    pub leaf: usize,
    /// For a round threshold one in so many of a node's customers may change sides; 0: none.
    pub round: usize,
}

/// A question: `value <= threshold` goes to the first child.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Split {
    pub column: usize,
    pub threshold: f64,
    pub children: [usize; 2],
}

/// A node; the root is the first of its tree.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    /// `None` for a leaf.
    pub split: Option<Split>,
    /// Customers of each class that it was grown on.
    pub counts: Vec<usize>,
}

impl Node {
    /// The class of most of its customers; of equals the first.
    pub fn class(&self) -> usize {
        most(&self.counts)
    }

    /// Those of other classes.
    pub fn wrong(&self) -> usize {
        self.counts.iter().sum::<usize>() - self.counts[self.class()]
    }
}

/// The place of the largest count; of equals the first.
pub(super) fn most(counts: &[usize]) -> usize {
    (0..counts.len()).rev().max_by_key(|&c| counts[c]).unwrap_or(0)
}

/// A tree of questions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tree {
    pub nodes: Vec<Node>,
}

impl Tree {
    /// The leaf that a customer with these values falls into.
    pub fn leaf(&self, value: impl Fn(usize) -> f64) -> usize {
        let mut at = 0;
        while let Some(split) = &self.nodes[at].split {
            at = split.children[usize::from(value(split.column) > split.threshold)];
        }
        at
    }

    /// The leaves under a node, left to right.
    pub fn leaves(&self, under: usize) -> Vec<usize> {
        let (mut out, mut open) = (Vec::new(), vec![under]);
        while let Some(at) = open.pop() {
            match &self.nodes[at].split {
                Some(split) => open.extend([split.children[1], split.children[0]]),
                None => out.push(at),
            }
        }
        out
    }
}

/// The best question of a column at a node: what it is worth, the neighbours between which it parts, and how many
/// customers are on the first side.
struct Best {
    worth: f64,
    column: usize,
    first: usize,
}

/// Grows a tree on `columns` (all of one length, finite) that tells `classes` classes apart. Of equally good questions the
/// one on the earlier column counts, then the lower threshold; the order of customers has no say.
pub(super) fn grow(columns: &[Vec<f64>], labels: &[u32], classes: usize, limits: Limits, ctx: &Ctx) -> Result<Tree> {
    let n = labels.len();
    // Per column the customers by value. Where values are equal their order has no say.
    let sort = |column: &Vec<f64>| {
        ctx.tick(0, 2)?;
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.par_sort_unstable_by(|&a, &b| column[a as usize].total_cmp(&column[b as usize]));
        Ok(order)
    };
    let mut orders: Vec<Vec<u32>> = columns.par_iter().map(sort).collect::<Result<_>>()?;
    let counts = counted(labels.iter().copied(), classes);
    let mut tree = Tree { nodes: vec![Node { split: None, counts }] };
    // Node, depth, and its customers' place in each order.
    let mut open = vec![(0, 0, 0..n)];
    let mut first_side = vec![false; n];
    let mut aside: Vec<u32> = Vec::new();
    while let Some((at, depth, range)) = open.pop() {
        ctx.tick(1, 2)?;
        if depth == limits.depth || range.is_empty() || tree.nodes[at].wrong() == 0 {
            continue;
        }
        let counts = &tree.nodes[at].counts;
        let search =
            |column: usize| best(column, &columns[column], &orders[column][range.clone()], labels, counts, limits);
        let candidates: Vec<Option<Best>> = (0..columns.len()).into_par_iter().map(search).collect();
        ctx.tick(1, 2)?;
        let better = |a: Best, b: Best| if b.worth > a.worth { b } else { a };
        let Some(found) = candidates.into_iter().flatten().reduce(better) else { continue };

        let column = &columns[found.column];
        let order = &orders[found.column][range.clone()];
        let sorted: Vec<f64> = order.iter().map(|&i| column[i as usize]).collect();
        let allowed = range.len().checked_div(limits.round).unwrap_or(0);
        let threshold = roundest(&sorted, sorted[found.first - 1], sorted[found.first], allowed);
        let first = sorted.partition_point(|v| *v <= threshold);
        for (i, &customer) in order.iter().enumerate() {
            first_side[customer as usize] = i < first;
        }
        for order in &mut orders {
            ctx.tick(1, 2)?;
            part(&mut order[range.clone()], &first_side, &mut aside);
        }
        let middle = range.start + first;
        let children = [tree.nodes.len(), tree.nodes.len() + 1];
        for side in [range.start..middle, middle..range.end] {
            let of = orders[found.column][side.clone()].iter().map(|&i| labels[i as usize]);
            let counts = counted(of, classes);
            open.push((tree.nodes.len(), depth + 1, side));
            tree.nodes.push(Node { split: None, counts });
        }
        tree.nodes[at].split = Some(Split { column: found.column, threshold, children });
    }
    Ok(tree)
}

fn counted(labels: impl Iterator<Item = u32>, classes: usize) -> Vec<usize> {
    let mut counts = vec![0; classes];
    labels.for_each(|label| counts[label as usize] += 1);
    counts
}

/// The question on one column that makes both sides purest: Σ n²(class, side) / n(side) is largest where the Gini index
/// of the two is least.
fn best(
    column: usize,
    values: &[f64],
    order: &[u32],
    labels: &[u32],
    counts: &[usize],
    limits: Limits,
) -> Option<Best> {
    let n = order.len();
    let (mut left, mut right) = (vec![0u64; counts.len()], counts.iter().map(|&c| c as u64).collect::<Vec<_>>());
    // Sums of squares as whole numbers, so that equal questions are equally good to the last bit.
    let (mut left_squares, mut right_squares) = (0u64, right.iter().map(|c| c * c).sum::<u64>());
    let mut found: Option<Best> = None;
    for i in 0..n.saturating_sub(1) {
        let class = labels[order[i] as usize] as usize;
        left_squares += 2 * left[class] + 1;
        right_squares -= 2 * right[class] - 1;
        left[class] += 1;
        right[class] -= 1;
        let first = i + 1;
        let parts = values[order[i] as usize] < values[order[first] as usize];
        if !parts || first < limits.leaf || n - first < limits.leaf {
            continue;
        }
        let worth = left_squares as f64 / first as f64 + right_squares as f64 / (n - first) as f64;
        if found.as_ref().is_none_or(|f| worth > f.worth) {
            found = Some(Best { worth, column, first });
        }
    }
    found
}

/// Those on the first side to the front, each side in its order.
fn part(order: &mut [u32], first_side: &[bool], aside: &mut Vec<u32>) {
    aside.clear();
    let mut to = 0;
    for i in 0..order.len() {
        let customer = order[i];
        if first_side[customer as usize] {
            order[to] = customer;
            to += 1;
        } else {
            aside.push(customer);
        }
    }
    order[to..].copy_from_slice(aside);
}
