//! The tree of joins, and what can be read off it.

use std::ops::Range;

/// A tree of joins, as SciPy writes it: leaves are 0..leaves, the i-th merge makes the node leaves + i.
///
/// Customers with the same values are one leaf; above a number of customers, leaves are micro-clusters.
#[derive(Debug, Clone, PartialEq)]
pub struct Dendrogram {
    pub leaves: usize,
    /// Customers of each leaf.
    pub leaf_sizes: Vec<u32>,
    /// The leaf of each customer.
    pub leaf_of: Vec<u32>,
    /// Ascending height; one fewer than leaves.
    pub merges: Vec<Merge>,
}

/// Two nodes joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Merge {
    /// The lower node number of the two.
    pub a: u32,
    pub b: u32,
    /// Distance at which they were joined, in SciPy's units: for Ward the square root of twice the growth of the inertia.
    pub height: f64,
    /// Customers below.
    pub size: u32,
}

impl Dendrogram {
    /// The tree of joins given as pairs of leaves, in any order in which a join comes after those below it.
    pub(super) fn new(leaf_sizes: Vec<u32>, leaf_of: Vec<u32>, mut joins: Vec<(u32, u32, f64)>) -> Dendrogram {
        let leaves = leaf_sizes.len();
        // Of equal heights the earlier, so that a join stays after those below it.
        joins.sort_by(|p, q| p.2.total_cmp(&q.2));
        let mut forest = Forest::new(leaves);
        let mut merges: Vec<Merge> = Vec::with_capacity(joins.len());
        let mut sizes = leaf_sizes.clone();
        for (p, q, height) in joins {
            let (p, q) = (forest.root(p), forest.root(q));
            let (a, b) = (p.min(q), p.max(q));
            forest.join(a, b);
            let size = sizes[a as usize] + sizes[b as usize];
            sizes.push(size);
            merges.push(Merge { a, b, height, size });
        }
        Dendrogram { leaves, leaf_sizes, leaf_of, merges }
    }

    /// The cluster of each leaf when the tree is cut into `k` clusters, 1 ≤ k ≤ leaves (nearest such k otherwise).
    /// Clusters are numbered by their first leaf.
    pub fn cut(&self, k: usize) -> Vec<u32> {
        let mut forest = Forest::new(self.leaves);
        for merge in &self.merges[..self.joins_for(k)] {
            forest.join(merge.a, merge.b);
        }
        let mut number = vec![u32::MAX; forest.parent.len()];
        let mut next = 0;
        (0..self.leaves as u32)
            .map(|leaf| {
                let root = forest.root(leaf) as usize;
                if number[root] == u32::MAX {
                    number[root] = next;
                    next += 1;
                }
                number[root]
            })
            .collect()
    }

    /// The cluster of each customer when the tree is cut into `k` clusters; see [`Dendrogram::cut`].
    pub fn labels(&self, k: usize) -> Vec<u32> {
        let of_leaf = self.cut(k);
        self.leaf_of.iter().map(|&leaf| of_leaf[leaf as usize]).collect()
    }

    /// The heights at which a cut gives `k` clusters: from the last join below it to the next one above. Empty where two
    /// joins have the same height; without end for k = 1.
    pub fn height_of(&self, k: usize) -> Range<f64> {
        let joins = self.joins_for(k);
        let below = if joins == 0 { 0.0 } else { self.merges[joins - 1].height };
        below..self.merges.get(joins).map_or(f64::INFINITY, |merge| merge.height)
    }

    /// How many clusters a cut at `height` leaves: joins at that height are made.
    pub fn k_at(&self, height: f64) -> usize {
        self.leaves - self.merges.partition_point(|merge| merge.height <= height)
    }

    /// The leaves from left to right so that no two branches of a drawing cross: the heavier branch of each join first.
    pub fn order(&self) -> Vec<u32> {
        let mut order = Vec::with_capacity(self.leaves);
        let nodes = (self.leaves + self.merges.len()) as u32;
        let mut stack: Vec<u32> = nodes.checked_sub(1).into_iter().collect();
        while let Some(node) = stack.pop() {
            match self.children(node) {
                None => order.push(node),
                Some((a, b)) if self.size(b) > self.size(a) => stack.extend([a, b]),
                Some((a, b)) => stack.extend([b, a]),
            }
        }
        order
    }

    /// The two nodes that were joined to `node`; `None` for a leaf.
    pub fn children(&self, node: u32) -> Option<(u32, u32)> {
        let merge = self.merges.get((node as usize).checked_sub(self.leaves)?)?;
        Some((merge.a, merge.b))
    }

    /// Customers below `node`.
    pub fn size(&self, node: u32) -> u32 {
        let node = node as usize;
        if node < self.leaves { self.leaf_sizes[node] } else { self.merges[node - self.leaves].size }
    }

    /// The height of `node`; 0 for a leaf.
    pub fn height(&self, node: u32) -> f64 {
        (node as usize).checked_sub(self.leaves).and_then(|at| self.merges.get(at)).map_or(0.0, |merge| merge.height)
    }

    fn joins_for(&self, k: usize) -> usize {
        self.leaves.saturating_sub(k.max(1)).min(self.merges.len())
    }
}

/// Which nodes are below which.
struct Forest {
    parent: Vec<u32>,
}

impl Forest {
    fn new(leaves: usize) -> Forest {
        let mut parent = Vec::with_capacity(2 * leaves);
        parent.extend(0..leaves as u32);
        Forest { parent }
    }

    /// The topmost node above `node`; halves the paths on its way.
    fn root(&mut self, mut node: u32) -> u32 {
        while self.parent[node as usize] != node {
            let above = self.parent[node as usize];
            self.parent[node as usize] = self.parent[above as usize];
            node = above;
        }
        node
    }

    /// Puts a new node above two topmost ones.
    fn join(&mut self, a: u32, b: u32) {
        let new = self.parent.len() as u32;
        self.parent.push(new);
        self.parent[a as usize] = new;
        self.parent[b as usize] = new;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points 0, 1, 5, 7, 20 by single numbers: 0–1 at 1, 5–7 at 2, those at 5, and 20 at 13.
    fn tree() -> Dendrogram {
        let joins = vec![(2, 3, 2.0), (0, 1, 1.0), (0, 3, 5.0), (4, 1, 13.0)];
        Dendrogram::new(vec![1, 3, 1, 1, 1], vec![4, 0, 1, 1, 1, 2, 3], joins)
    }

    #[test]
    fn nodes_are_numbered_as_scipy_does() {
        let merge = |a, b, height, size| Merge { a, b, height, size };
        let want = [merge(0, 1, 1.0, 4), merge(2, 3, 2.0, 2), merge(5, 6, 5.0, 6), merge(4, 7, 13.0, 7)];
        assert_eq!(tree().merges, want);
    }

    #[test]
    fn a_cut_gives_k_clusters_and_the_heights_between_which_it_lies() {
        let tree = tree();
        assert_eq!(tree.cut(1), [0; 5]);
        assert_eq!(tree.cut(2), [0, 0, 0, 0, 1]);
        assert_eq!(tree.cut(3), [0, 0, 1, 1, 2]);
        assert_eq!(tree.cut(5), [0, 1, 2, 3, 4]);
        assert_eq!(tree.cut(9), tree.cut(5));
        assert_eq!(tree.labels(3), [2, 0, 0, 0, 0, 1, 1]);
        assert_eq!(tree.height_of(1), 13.0..f64::INFINITY);
        assert_eq!(tree.height_of(3), 2.0..5.0);
        assert_eq!(tree.height_of(5), 0.0..1.0);
        for k in 1..=5 {
            let span = tree.height_of(k);
            assert_eq!(tree.k_at(span.start), k);
            assert_eq!(tree.k_at(span.end.min(99.0) - 1e-9), if k == 1 { 1 } else { k });
        }
    }

    #[test]
    fn no_branches_cross_in_the_order_for_drawing() {
        let tree = tree();
        let order = tree.order();
        assert_eq!(order, [1, 0, 2, 3, 4]);
        for k in 1..=5 {
            let labels = tree.cut(k);
            let along: Vec<u32> = order.iter().map(|&leaf| labels[leaf as usize]).collect();
            let changes = along.windows(2).filter(|pair| pair[0] != pair[1]).count();
            assert_eq!(changes, k - 1, "each cluster is one stretch");
        }
        assert_eq!(Dendrogram::new(vec![3], vec![0; 3], Vec::new()).order(), [0]);
        assert!(Dendrogram::new(Vec::new(), Vec::new(), Vec::new()).order().is_empty());
    }
}
