//! Which cluster gets which name: the assignment that makes all names together fit best.

use std::cmp::Ordering;

use super::archetypes::{Archetype, Orders};

/// What a name goes by.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Pattern {
    /// Mean recency, frequency and monetary score of the cluster's customers, 1–5 each.
    pub scores: [f64; 3],
    /// What nearly all of them have in common in their number of purchases.
    pub orders: Orders,
    /// Standardised differences from everyone in recency, frequency and monetary, high is good. They go on
    /// where scores end: of two clusters with nothing but fives, one may spend ten times as much.
    pub place: [f64; 3],
}

/// Cost of using a pattern again: it is better to share a true name and tell the clusters apart by a
/// qualifier than to take a name that is more than about this far off (squared distance in scores).
const REPEAT: f64 = 1.0;
/// Cost of a name that would be untrue; larger than any sum of distances can be.
const UNTRUE: f64 = 1e4;
/// Cost of not saying that customers bought only once, where they did.
const UNSAID: f64 = 3.0;

/// For each cluster the index of its pattern. Minimises the total of squared distances plus penalties
/// over all assignments (Hungarian method), so the result does not depend on the order of clusters
/// except between exactly equal totals.
pub(super) fn assign(clusters: &[Pattern], archetypes: &[Archetype]) -> Vec<usize> {
    let any = archetypes.iter().filter(|a| a.orders == Orders::Any).count().max(1);
    // Enough copies that every cluster can have a name that is true.
    let copies = clusters.len().div_ceil(any).max(clusters.len().min(4));
    let costs: Vec<Vec<f64>> = clusters
        .iter()
        .map(|cluster| {
            (0..copies)
                .flat_map(|copy| archetypes.iter().map(move |a| cost(cluster, a) + REPEAT * copy as f64))
                .collect()
        })
        .collect();
    hungarian(&costs).into_iter().map(|column| column % archetypes.len()).collect()
}

/// The pattern that is nearest to one group, whatever others are called.
pub(super) fn nearest(group: &Pattern, archetypes: &[Archetype]) -> Option<usize> {
    (0..archetypes.len()).min_by(|&a, &b| cost(group, &archetypes[a]).total_cmp(&cost(group, &archetypes[b])))
}

fn cost(cluster: &Pattern, archetype: &Archetype) -> f64 {
    let distance: f64 =
        cluster.scores.iter().zip([archetype.r, archetype.f, archetype.m]).map(|(a, b)| (a - b) * (a - b)).sum();
    let penalty = match (cluster.orders, archetype.orders) {
        (a, b) if a == b => 0.0,
        (_, Orders::Any) => UNSAID,
        _ => UNTRUE,
    };
    distance + penalty
}

/// Least total cost of giving each row its own column; rows ≤ columns. O(rows² × columns), by shortest
/// augmenting paths with potentials (Kuhn 1955; Jonker and Volgenant 1987).
fn hungarian(costs: &[Vec<f64>]) -> Vec<usize> {
    let rows = costs.len();
    let columns = costs.first().map_or(0, Vec::len);
    // 1-based with a virtual column 0, as is usual for this method.
    let mut row_potential = vec![0.0; rows + 1];
    let mut column_potential = vec![0.0; columns + 1];
    let mut row_of = vec![0; columns + 1];
    let mut previous = vec![0; columns + 1];
    for row in 1..=rows {
        row_of[0] = row;
        let mut column = 0;
        let mut least = vec![f64::INFINITY; columns + 1];
        let mut used = vec![false; columns + 1];
        while row_of[column] != 0 {
            used[column] = true;
            let r = row_of[column];
            let (mut delta, mut next) = (f64::INFINITY, 0);
            for c in 1..=columns {
                if used[c] {
                    continue;
                }
                let reduced = costs[r - 1][c - 1] - row_potential[r] - column_potential[c];
                if reduced < least[c] {
                    least[c] = reduced;
                    previous[c] = column;
                }
                if least[c] < delta {
                    delta = least[c];
                    next = c;
                }
            }
            for c in 0..=columns {
                if used[c] {
                    row_potential[row_of[c]] += delta;
                    column_potential[c] -= delta;
                } else {
                    least[c] -= delta;
                }
            }
            column = next;
        }
        while column != 0 {
            row_of[column] = row_of[previous[column]];
            column = previous[column];
        }
    }
    let mut out = vec![0; rows];
    for (column, &row) in row_of.iter().enumerate().skip(1) {
        if row > 0 {
            out[row - 1] = column - 1;
        }
    }
    out
}

/// Words that order clusters of the same name along recency, frequency or monetary, best first.
pub(super) const QUALIFIERS: [[&str; 3]; 3] = [
    ["more recent", "in between", "longer ago"],
    ["more orders", "in between", "fewer orders"],
    ["higher spend", "medium spend", "lower spend"],
];

/// Distinct names from the assigned ones: clusters that share a name get the words of the feature in which
/// they differ most, and only where these cannot tell them apart, a number.
pub(super) fn distinct(names: &[&str], clusters: &[Pattern]) -> Vec<String> {
    let mut out: Vec<String> = names.iter().map(|n| n.to_string()).collect();
    for (i, name) in names.iter().enumerate() {
        let group: Vec<usize> = (0..names.len()).filter(|&j| names[j] == *name).collect();
        if group.len() == 1 || group[0] != i {
            continue;
        }
        let spread = |axis: usize| {
            let values = group.iter().map(|&j| clusters[j].place[axis]);
            values.clone().fold(f64::MIN, f64::max) - values.fold(f64::MAX, f64::min)
        };
        // Money first: between equal spreads it is what people ask for.
        let axis = [2, 1, 0].into_iter().max_by(|&a, &b| later_if_equal(spread(a), spread(b))).unwrap_or(2);
        let mut order = group.clone();
        order.sort_by(|&a, &b| clusters[b].place[axis].total_cmp(&clusters[a].place[axis]).then(a.cmp(&b)));
        for (place, &j) in order.iter().enumerate() {
            let words = match (spread(axis) > 0.0, place) {
                (false, _) => format!("{}", place + 1),
                (true, 0) => QUALIFIERS[axis][0].into(),
                (true, p) if p == order.len() - 1 => QUALIFIERS[axis][2].into(),
                (true, _) if order.len() == 3 => QUALIFIERS[axis][1].into(),
                (true, p) => format!("{} {p}", QUALIFIERS[axis][1]),
            };
            out[j] = format!("{name}, {words}");
        }
    }
    out
}

/// For `max_by`, which returns the last of equal values: the earlier one should win.
fn later_if_equal(a: f64, b: f64) -> Ordering {
    a.total_cmp(&b).then(Ordering::Greater)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::archetypes::Patterns;

    fn pattern(r: f64, f: f64, m: f64, orders: Orders) -> Pattern {
        Pattern { scores: [r, f, m], orders, place: [r, f, m] }
    }

    fn names(clusters: &[Pattern]) -> Vec<String> {
        let archetypes = &Patterns::shipped().archetype;
        let assigned = assign(clusters, archetypes);
        let base: Vec<&str> = assigned.iter().map(|&i| archetypes[i].name.as_str()).collect();
        distinct(&base, clusters)
    }

    #[test]
    fn names_are_true_of_plain_patterns() {
        use Orders::*;
        for (scores, orders, expected) in [
            ([4.8, 4.9, 4.8], Any, "Champions"),
            ([1.2, 4.6, 4.7], Any, "Lapsed top customers"),
            ([1.3, 1.1, 1.4], One, "One-time buyers, long gone"),
            ([4.7, 1.0, 1.6], One, "Recent first-timers"),
            ([4.4, 1.1, 4.4], One, "Recent first-timers with a large order"),
            ([1.4, 2.0, 4.5], Any, "Lapsed big spenders"),
            ([2.5, 4.2, 4.0], Any, "Valuable regulars going quiet"),
            ([2.0, 3.7, 3.9], Any, "Lapsed valuable regulars"),
            ([3.6, 4.3, 4.2], Any, "Loyal regulars"),
            ([4.2, 2.6, 4.4], Any, "Recent big spenders"),
            ([4.2, 4.3, 2.4], Any, "Frequent small-basket buyers"),
            ([3.1, 2.9, 3.0], Any, "Steady mid-value customers"),
            ([1.2, 1.5, 1.4], Any, "Lapsed small buyers"),
            ([1.0, 1.0, 1.0], None, "Inactive in this window"),
        ] {
            assert_eq!(names(&[pattern(scores[0], scores[1], scores[2], orders)]), [expected]);
        }
    }

    #[test]
    fn one_time_names_are_only_given_to_one_time_buyers() {
        let clusters: Vec<Pattern> = (0..40).map(|i| pattern(1.5, 1.2, 1.0 + i as f64 / 10.0, Orders::Any)).collect();
        for name in names(&clusters) {
            assert!(
                !name.contains("One-time") && !name.contains("first-timers") && !name.contains("Inactive"),
                "{name}"
            );
        }
    }

    #[test]
    fn alike_clusters_share_a_name_with_a_qualifier_that_says_how_they_differ() {
        let clusters = [
            pattern(1.4, 1.0, 1.2, Orders::One),
            pattern(1.4, 1.0, 2.4, Orders::One),
            pattern(4.6, 4.7, 4.7, Orders::Any),
        ];
        assert_eq!(
            names(&clusters),
            ["One-time buyers, long gone, lower spend", "One-time buyers, long gone, higher spend", "Champions"]
        );
    }

    #[test]
    fn scores_at_the_top_do_not_hide_who_spends_more() {
        let mut clusters = [pattern(4.3, 5.0, 5.0, Orders::Any), pattern(4.7, 5.0, 5.0, Orders::Any)];
        clusters[0].place = [1.0, 1.2, 3.5];
        clusters[1].place = [1.3, 1.3, 1.4];
        assert_eq!(names(&clusters), ["Champions, higher spend", "Champions, lower spend"]);
    }

    #[test]
    fn names_stay_distinct_for_a_hundred_identical_clusters() {
        let clusters = vec![pattern(3.0, 3.0, 3.0, Orders::Any); 100];
        let mut all = names(&clusters);
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 100);
    }

    #[test]
    fn the_assignment_is_optimal() {
        // Brute force over all injections of 4 rows into 5 columns, pseudo-random costs.
        let mut state = 1u64;
        for _ in 0..50 {
            let costs: Vec<Vec<f64>> = (0..4)
                .map(|_| {
                    (0..5)
                        .map(|_| {
                            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                            (state >> 40) as f64
                        })
                        .collect()
                })
                .collect();
            let mut best = f64::INFINITY;
            for code in 0..5usize.pow(4) {
                let columns: Vec<usize> = (0..4).map(|i| code / 5usize.pow(i) % 5).collect();
                if (0..4).all(|i| !columns[..i].contains(&columns[i])) {
                    best = best.min(columns.iter().enumerate().map(|(r, &c)| costs[r][c]).sum());
                }
            }
            let found: f64 = hungarian(&costs).iter().enumerate().map(|(r, &c)| costs[r][c]).sum();
            assert_eq!(found, best);
        }
    }
}
