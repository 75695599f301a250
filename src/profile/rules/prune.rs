//! The size of a tree: weakest-link pruning (Breiman et al. 1984, chapter 3).

use super::tree::Tree;

/// Cuts questions back that add too little: as long as there is one whose answers, taken together, put fewer than
/// `worth` (0–1) of all customers more into their class per additional leaf, or there are more than `leaves` leaves, the
/// weakest goes. A question stays where otherwise a class would lose its last leaf in which it has at least half of the
/// customers; such classes are too small to be worth a leaf by numbers, and still want their rule.
pub(super) fn prune(tree: &mut Tree, worth: f64, leaves: usize) {
    let n = tree.nodes[0].counts.iter().sum::<usize>().max(1) as f64;
    loop {
        let all = tree.leaves(0);
        let mut weakest: Option<(f64, usize)> = None;
        for at in 0..tree.nodes.len() {
            // Cut ones are no part of the tree any more, and never reached from the root.
            let under = tree.leaves(at);
            if tree.nodes[at].split.is_none() || !all.contains(&under[0]) || orphans(tree, at, &all, &under) {
                continue;
            }
            let wrong: usize = under.iter().map(|&leaf| tree.nodes[leaf].wrong()).sum();
            let saved = tree.nodes[at].wrong() as f64 - wrong as f64;
            let gain = saved / (under.len() - 1) as f64 / n;
            if weakest.is_none_or(|(least, _)| gain < least) {
                weakest = Some((gain, at));
            }
        }
        match weakest {
            Some((gain, at)) if gain < worth || all.len() > leaves => tree.nodes[at].split = None,
            _ => return,
        }
    }
}

/// Whether a class that has a leaf of its own would have none without this question.
fn orphans(tree: &Tree, at: usize, all: &[usize], under: &[usize]) -> bool {
    let own = |leaf: usize| {
        let node = &tree.nodes[leaf];
        let customers: usize = node.counts.iter().sum();
        (2 * node.wrong() <= customers).then(|| node.class())
    };
    let left: Vec<usize> = all.iter().filter(|leaf| !under.contains(leaf)).filter_map(|&leaf| own(leaf)).collect();
    let kept = own(at);
    under.iter().filter_map(|&leaf| own(leaf)).any(|class| kept != Some(class) && !left.contains(&class))
}
