//! The tree that sums up far points: quarters within quarters (eighths in three dimensions).

/// A cell of space with what lies in it.
pub struct Node<const D: usize> {
    /// Mean of its points.
    centre: [f64; D],
    /// How many they are.
    points: f64,
    /// Squared side of the cell over the squared angle: nearer than this it has to be looked into. 0: not divided.
    open_within: f64,
    /// The node after everything in it.
    next: u32,
}

/// Nodes in depth-first order, so that whoever walks over them needs no stack.
pub struct Tree<const D: usize> {
    nodes: Vec<Node<D>>,
    /// Points by place in the tree: neighbours follow each other.
    pub order: Vec<u32>,
}

/// Cells smaller than the whole by this many halvings are not divided: what is in them lies at one place.
const DEEPEST: usize = 48;

impl<const D: usize> Tree<D> {
    /// A tree of finite points. The same points in the same order give the same tree.
    pub fn new(points: &[[f64; D]], angle: f64) -> Tree<D> {
        let mut tree = Tree { nodes: Vec::with_capacity(points.len() * 2), order: (0..points.len() as u32).collect() };
        let (mut low, mut high) = ([f64::INFINITY; D], [f64::NEG_INFINITY; D]);
        for p in points {
            for a in 0..D {
                low[a] = low[a].min(p[a]);
                high[a] = high[a].max(p[a]);
            }
        }
        let side = (0..D).map(|a| high[a] - low[a]).fold(0.0, f64::max);
        let middle = std::array::from_fn(|a| (low[a] + high[a]) / 2.0);
        let mut order = std::mem::take(&mut tree.order);
        let mut spare = vec![0; order.len()];
        let open = 1.0 / (angle * angle).max(1e-12);
        tree.grow(points, &mut order, &mut spare, middle, side, open, DEEPEST);
        tree.order = order;
        tree
    }

    #[allow(clippy::too_many_arguments)]
    fn grow(
        &mut self,
        points: &[[f64; D]],
        order: &mut [u32],
        spare: &mut [u32],
        middle: [f64; D],
        side: f64,
        open: f64,
        deeper: usize,
    ) {
        let mut centre = [0.0; D];
        for &i in order.iter() {
            for a in 0..D {
                centre[a] += points[i as usize][a];
            }
        }
        let count = order.len() as f64;
        let centre = centre.map(|s| s / count);
        let first = order[0] as usize;
        let divided = order.len() > 1 && deeper > 0 && order.iter().any(|&i| points[i as usize] != points[first]);
        let at = self.nodes.len();
        // Points at one place have it as their mean, whatever rounding says.
        let centre = if divided || order.len() > 1 && deeper == 0 { centre } else { points[first] };
        self.nodes.push(Node {
            centre,
            points: count,
            open_within: if divided { side * side * open } else { 0.0 },
            next: 0,
        });
        if divided {
            let place = |i: u32| -> usize {
                let p = &points[i as usize];
                (0..D).map(|a| usize::from(p[a] > middle[a]) << a).sum()
            };
            // Sorted by part, in order within each: by counting.
            let mut ends = [0usize; 8];
            for &i in order.iter() {
                ends[place(i)] += 1;
            }
            let mut starts = [0usize; 8];
            for part in 1..8 {
                starts[part] = starts[part - 1] + ends[part - 1];
            }
            let mut to = starts;
            for &i in order.iter() {
                let part = place(i);
                spare[to[part]] = i;
                to[part] += 1;
            }
            order.copy_from_slice(spare);
            for part in 0..1 << D {
                let range = starts[part]..to[part];
                if range.is_empty() {
                    continue;
                }
                let quarter = side / 4.0;
                let middle = std::array::from_fn(|a| middle[a] + if part >> a & 1 == 1 { quarter } else { -quarter });
                let (order, spare) = (&mut order[range.clone()], &mut spare[range]);
                self.grow(points, order, spare, middle, side / 2.0, open, deeper - 1);
            }
        }
        self.nodes[at].next = self.nodes.len() as u32;
    }

    /// Sums over all other points j: of q_ij² · (y_i − y_j), and of q_ij = 1 / (1 + |y_i − y_j|²).
    pub fn repulsion(&self, from: &[f64; D]) -> ([f64; D], f64) {
        let (mut force, mut sum) = ([0.0; D], 0.0);
        let mut at = 0;
        while let Some(node) = self.nodes.get(at) {
            let away: [f64; D] = std::array::from_fn(|a| from[a] - node.centre[a]);
            let squared: f64 = away.iter().map(|v| v * v).sum();
            if squared < node.open_within {
                at += 1;
                continue;
            }
            at = node.next as usize;
            // A place of its own: itself does not count.
            let points = if squared == 0.0 && node.open_within == 0.0 { node.points - 1.0 } else { node.points };
            let q = 1.0 / (1.0 + squared);
            let weight = points * q;
            sum += weight;
            for a in 0..D {
                force[a] += weight * q * away[a];
            }
        }
        (force, sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact<const D: usize>(points: &[[f64; D]], i: usize) -> ([f64; D], f64) {
        let (mut force, mut sum) = ([0.0; D], 0.0);
        for (j, other) in points.iter().enumerate().filter(|(j, _)| *j != i) {
            let away: [f64; D] = std::array::from_fn(|a| points[i][a] - other[a]);
            let q = 1.0 / (1.0 + away.iter().map(|v| v * v).sum::<f64>());
            sum += q;
            for a in 0..D {
                force[a] += q * q * away[a];
            }
            assert_ne!(i, j);
        }
        (force, sum)
    }

    fn cloud<const D: usize>() -> Vec<[f64; D]> {
        let mut points: Vec<[f64; D]> =
            (0..300).map(|i| std::array::from_fn(|a| ((i * (a + 3)) as f64 * 0.37).sin() * 20.0)).collect();
        // Several at one place.
        points.extend([[1.5; D]; 4]);
        points
    }

    fn compare<const D: usize>() {
        let points = cloud::<D>();
        let (fine, coarse) = (Tree::new(&points, 0.0), Tree::new(&points, 0.5));
        let (mut all, mut summed) = (0.0, 0.0);
        for (i, p) in points.iter().enumerate() {
            let (force, sum) = exact(&points, i);
            let (f, s) = fine.repulsion(p);
            assert!((s - sum).abs() < 1e-9 * sum, "{s} against {sum}");
            assert!((0..D).all(|a| (f[a] - force[a]).abs() < 1e-9), "{f:?} against {force:?}");
            all += sum;
            summed += coarse.repulsion(p).1;
        }
        assert!((summed / all - 1.0).abs() < 0.02, "{summed} against {all}");
    }

    #[test]
    fn without_an_angle_the_sums_are_exact_and_with_one_they_are_near() {
        compare::<2>();
        compare::<3>();
    }
}
