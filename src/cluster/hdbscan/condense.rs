//! From the tree of joins to clusters: the condensed tree and its most stable clusters (Campello, Moulavi & Sander 2013;
//! Campello et al. 2015, "excess of mass").

use super::neighbours::{Edge, Forest};

/// What the condensed tree says of the rows.
pub(super) struct Found {
    /// The cluster of each place; `None` for noise.
    pub labels: Vec<Option<u32>>,
    /// 0–1, how long a place stays in its cluster as the density asked for rises; 0 for noise.
    pub strength: Vec<f32>,
    pub clusters: usize,
}

/// A join of the single-linkage tree, or a place.
#[derive(Clone, Copy)]
struct Node {
    /// The two nodes below; `None` for a place.
    below: Option<(u32, u32)>,
    /// Density 1 / distance at which it falls apart.
    density: f64,
    customers: u64,
}

/// A cluster of the condensed tree.
struct Cluster {
    parent: Option<usize>,
    /// Density at which it comes into being.
    born: f64,
    stability: f64,
    /// Largest density at which a customer, or a cluster, leaves it.
    dies: f64,
}

/// The clusters of at least `least` customers. `weights` are the customers of each place, `core` their core distances; a
/// place of so many customers with the same values is a cluster by itself.
pub(super) fn clusters(mut edges: Vec<Edge>, weights: &[u32], core: &[f64], least: usize) -> Found {
    edges.sort_by(|p, q| p.distance.total_cmp(&q.distance).then(p.a.cmp(&q.a)).then(p.b.cmp(&q.b)));
    let (nodes, n) = (single_linkage(&edges, weights, core), weights.len());
    let least = least as u64;
    let mut all = vec![Cluster { parent: None, born: 0.0, stability: 0.0, dies: 0.0 }];
    // Where each place leaves which cluster.
    let mut leaves: Vec<(usize, f64)> = vec![(0, 0.0); n];
    let mut stack = vec![(nodes.len() - 1, 0)];
    let mut lost = Vec::new();
    while let Some((at, cluster)) = stack.pop() {
        let node = nodes[at];
        let Some((a, b)) = node.below else {
            leaves[at] = (cluster, node.density);
            leave(&mut all[cluster], node.density, node.customers);
            continue;
        };
        let big = |child: u32| nodes[child as usize].customers >= least;
        for child in [b, a] {
            let customers = nodes[child as usize].customers;
            if big(a) && big(b) {
                leave(&mut all[cluster], node.density, customers);
                all.push(Cluster { parent: Some(cluster), born: node.density, stability: 0.0, dies: 0.0 });
                stack.push((child as usize, all.len() - 1));
            } else if big(child) {
                stack.push((child as usize, cluster));
            } else {
                leave(&mut all[cluster], node.density, customers);
                lost.push(child as usize);
                while let Some(at) = lost.pop() {
                    match nodes[at].below {
                        Some((a, b)) => lost.extend([a as usize, b as usize]),
                        None => leaves[at] = (cluster, node.density),
                    }
                }
            }
        }
    }
    choose(&all, &leaves)
}

/// Customers leave a cluster at a density.
fn leave(cluster: &mut Cluster, density: f64, customers: u64) {
    cluster.stability += (density - cluster.born) * customers as f64;
    cluster.dies = cluster.dies.max(density);
}

/// Places first, then the joins from the nearest to the farthest.
fn single_linkage(edges: &[Edge], weights: &[u32], core: &[f64]) -> Vec<Node> {
    // Customers with the same values have no distance and would be infinitely dense; they count as twice as dense as the
    // densest that is not.
    let positive = edges.iter().map(|e| e.distance).chain(core.iter().copied()).filter(|&v| v > 0.0);
    let least = positive.fold(f64::INFINITY, f64::min);
    let nowhere = if least.is_finite() { 2.0 / least } else { 1.0 };
    let density = |distance: f64| if distance > 0.0 { 1.0 / distance } else { nowhere };
    let mut nodes: Vec<Node> = Vec::with_capacity(2 * weights.len());
    nodes.extend(weights.iter().zip(core).map(|(&w, &c)| Node {
        below: None,
        density: density(c),
        customers: w.into(),
    }));
    let mut forest = Forest::new(weights.len());
    let mut top: Vec<u32> = (0..weights.len() as u32).collect();
    for edge in edges {
        let (a, b) = (top[forest.root(edge.a) as usize], top[forest.root(edge.b) as usize]);
        forest.join(edge.a, edge.b);
        top[forest.root(edge.a) as usize] = nodes.len() as u32;
        let customers = nodes[a as usize].customers + nodes[b as usize].customers;
        nodes.push(Node { below: Some((a.min(b), a.max(b))), density: density(edge.distance), customers });
    }
    nodes
}

/// Takes the clusters of which those below are together less stable; never the whole.
fn choose(all: &[Cluster], leaves: &[(usize, f64)]) -> Found {
    let mut below = vec![0.0; all.len()];
    let mut taken = vec![false; all.len()];
    // Clusters come after those they are part of.
    for c in (1..all.len()).rev() {
        taken[c] = below[c] <= all[c].stability;
        below[all[c].parent.unwrap_or(0)] += if taken[c] { all[c].stability } else { below[c] };
    }
    // The topmost cluster that was taken on the way up, if any.
    let mut owner: Vec<Option<usize>> = vec![None; all.len()];
    for c in 1..all.len() {
        owner[c] = all[c].parent.and_then(|parent| owner[parent]).or(taken[c].then_some(c));
    }
    let mut number = vec![None; all.len()];
    let mut clusters = 0;
    for c in 1..all.len() {
        if owner[c] == Some(c) {
            number[c] = Some(clusters as u32);
            clusters += 1;
        }
    }
    let labels = leaves.iter().map(|&(cluster, _)| owner[cluster].and_then(|c| number[c])).collect();
    let strength = leaves.iter().map(|&(cluster, density)| match owner[cluster].map(|c| all[c].dies) {
        Some(dies) if dies > 0.0 => (density.min(dies) / dies) as f32,
        Some(_) => 1.0,
        None => 0.0,
    });
    Found { labels, strength: strength.collect(), clusters }
}
