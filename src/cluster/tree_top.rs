//! The top of a tree of joins, small enough to be looked at: what lies below is gathered in branches.

use super::Dendrogram;

/// The last joins of a tree, and what they joined.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TreeTop {
    /// From left to right, the larger side of each join first.
    pub branches: Vec<Branch>,
    /// Ascending height. Nodes below `branches.len()` are branches, the others joins from the first.
    pub joins: Vec<Join>,
}

/// What was joined below the top.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    pub customers: u32,
    /// The height of its own last join; 0 for a leaf.
    pub height: f64,
    /// One of its customers.
    pub one: u32,
}

/// Two nodes of the top, joined.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Join {
    pub a: usize,
    pub b: usize,
    pub height: f64,
    pub customers: u32,
}

impl TreeTop {
    /// The top of `tree` with at most `most` branches (at least 2).
    pub fn of(tree: &Dendrogram, most: usize) -> TreeTop {
        let all = tree.merges.len();
        let kept = all.min(most.max(2) - 1);
        if kept == 0 {
            return TreeTop::default();
        }
        let first_kept = tree.leaves + all - kept;
        let mut one_of_leaf = vec![u32::MAX; tree.leaves];
        for (customer, &leaf) in tree.leaf_of.iter().enumerate().rev() {
            one_of_leaf[leaf as usize] = customer as u32;
        }
        let size = |node: usize| match node.checked_sub(tree.leaves) {
            Some(merge) => tree.merges[merge].size,
            None => tree.leaf_sizes[node],
        };
        let branch = |node: usize| {
            let mut leaf = node;
            while let Some(merge) = leaf.checked_sub(tree.leaves) {
                leaf = tree.merges[merge].a as usize;
            }
            let height = node.checked_sub(tree.leaves).map_or(0.0, |merge| tree.merges[merge].height);
            Branch { customers: size(node), height, one: one_of_leaf[leaf] }
        };
        // From the root down, the larger side first; deep trees would overflow a recursion.
        let mut branches = Vec::new();
        let mut place_of = vec![0; kept];
        let mut branch_of = std::collections::BTreeMap::new();
        let mut open = vec![tree.leaves + all - 1];
        while let Some(node) = open.pop() {
            if node < first_kept {
                branch_of.insert(node, branches.len());
                branches.push(branch(node));
                continue;
            }
            let merge = &tree.merges[node - tree.leaves];
            let (a, b) = (merge.a as usize, merge.b as usize);
            let (left, right) = if size(b) > size(a) { (b, a) } else { (a, b) };
            open.extend([right, left]);
        }
        for (i, place) in place_of.iter_mut().enumerate() {
            *place = branches.len() + i;
        }
        let place = |node: u32| match (node as usize).checked_sub(first_kept) {
            Some(join) => place_of[join],
            None => branch_of[&(node as usize)],
        };
        let joins = tree.merges[all - kept..].iter().map(|m| {
            let (a, b) = (place(m.a), place(m.b));
            Join { a, b, height: m.height, customers: m.size }
        });
        TreeTop { joins: joins.collect(), branches }
    }

    /// Most clusters that a cut of the top can make.
    pub fn most(&self) -> usize {
        self.branches.len()
    }

    /// How many clusters a cut at `height` makes.
    pub fn k_at(&self, height: f64) -> usize {
        1 + self.joins.iter().filter(|j| j.height > height).count()
    }

    /// Between which heights a cut makes `k` clusters: at least the first, below the second; infinite for 1.
    pub fn heights(&self, k: usize) -> (f64, f64) {
        let kept = (self.joins.len() + 1).saturating_sub(k.max(1));
        let below = match kept {
            0 => self
                .branches
                .iter()
                .map(|b| b.height)
                .fold(0.0, f64::max)
                .min(self.joins.first().map_or(0.0, |j| j.height)),
            _ => self.joins[kept - 1].height,
        };
        (below, self.joins.get(kept).map_or(f64::INFINITY, |j| j.height))
    }

    /// For each node, branches first and joins after, which of the k clusters it lies in; `None` for joins above the cut.
    /// Clusters are numbered from left to right.
    pub fn cut(&self, k: usize) -> Vec<Option<usize>> {
        let b = self.branches.len();
        let kept = (self.joins.len() + 1).saturating_sub(k.clamp(1, b.max(1)));
        let mut root: Vec<usize> = (0..b + self.joins.len()).collect();
        // Downwards, so that each node knows the highest join below the cut that it lies in.
        for (i, join) in self.joins[..kept].iter().enumerate().rev() {
            root[join.a] = root[b + i];
            root[join.b] = root[b + i];
        }
        let mut seen: Vec<usize> = Vec::new();
        for &of in &root[..b] {
            if !seen.contains(&of) {
                seen.push(of);
            }
        }
        let number =
            |(node, of): (usize, &usize)| (node < b + kept).then(|| seen.iter().position(|s| s == of)).flatten();
        root.iter().enumerate().map(number).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::Merge;

    /// 0 and 1 at 1, 2 and 3 at 2, 4 to those at 3, all at 10.
    fn tree() -> Dendrogram {
        let merge = |a, b, height, size| Merge { a, b, height, size };
        Dendrogram {
            leaves: 5,
            leaf_sizes: vec![1; 5],
            leaf_of: vec![4, 3, 2, 1, 0],
            merges: vec![merge(0, 1, 1.0, 2), merge(2, 3, 2.0, 2), merge(4, 6, 3.0, 3), merge(5, 7, 10.0, 5)],
        }
    }

    #[test]
    fn the_whole_of_a_small_tree() {
        let top = TreeTop::of(&tree(), 60);
        let ones: Vec<u32> = top.branches.iter().map(|b| b.one).collect();
        // Larger sides first: leaves 2, 3 and 4, then 0 and 1; customer i sits in leaf 4 − i.
        assert_eq!(ones, [2, 1, 0, 4, 3]);
        assert_eq!(top.joins.iter().map(|j| j.height).collect::<Vec<_>>(), [1.0, 2.0, 3.0, 10.0]);
        assert_eq!([10.5, 5.0, 2.5, 0.5].map(|h| top.k_at(h)), [1, 2, 3, 5]);
        assert_eq!(top.heights(2), (3.0, 10.0));
        assert_eq!(top.heights(1), (10.0, f64::INFINITY));
        assert_eq!(top.heights(5), (0.0, 1.0));
        assert_eq!(&top.cut(2)[..5], [Some(0), Some(0), Some(0), Some(1), Some(1)]);
        assert_eq!(&top.cut(3)[..5], [Some(0), Some(0), Some(1), Some(2), Some(2)]);
        assert_eq!(top.cut(2)[8], None, "the root lies above the cut");
    }

    #[test]
    fn what_lies_below_is_gathered() {
        let top = TreeTop::of(&tree(), 3);
        let branches: Vec<(u32, f64)> = top.branches.iter().map(|b| (b.customers, b.height)).collect();
        assert_eq!(branches, [(2, 2.0), (1, 0.0), (2, 1.0)]);
        assert_eq!(top.joins.len(), 2);
        assert_eq!(&top.cut(2)[..3], [Some(0), Some(0), Some(1)]);
        for k in 1..=3 {
            let (from, below) = top.heights(k);
            let at = if below.is_finite() { (from + below) / 2.0 } else { from + 1.0 };
            assert_eq!(top.k_at(at), k);
        }
    }
}
