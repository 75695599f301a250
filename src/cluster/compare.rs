//! Two clusterings of the same customers, compared: who is where, and how alike the two are as a whole.

use std::collections::HashMap;

use serde::Serialize;

use super::matching::best_pairs;

/// What two clusterings have in common. Labels are 0-based; noise is a group like any other.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// Customers in both; everything else here is about them.
    pub customers: usize,
    /// Customers whom only the first, and only the second knows.
    pub only_first: usize,
    pub only_second: usize,
    /// Customers by cluster of the first (rows, by label) and of the second (columns, in the order of `columns`).
    pub counts: Vec<Vec<usize>>,
    /// Labels of the second: first the partners of the first's clusters in their order, then those without a partner.
    pub columns: Vec<u32>,
    /// The partner in the second of each cluster of the first, by label. Partners are chosen so that as many customers as
    /// possible stay with theirs (the assignment problem, solved exactly).
    pub partners: Vec<Option<Partner>>,
    /// Share of the common customers who are in a cluster and in its partner, 0–1; 0 without common customers.
    pub staying: f64,
    /// Adjusted Rand index (Hubert & Arabie 1985): 1 for the same partition, about 0 for unrelated ones. `None` without
    /// common customers.
    pub adjusted_rand: Option<f64>,
}

/// A cluster of the second clustering that corresponds to one of the first.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Partner {
    /// Its label.
    pub label: u32,
    /// Customers in both.
    pub customers: usize,
    /// Those over the customers in either, 0–1.
    pub jaccard: f64,
}

/// Compares the labels of two clusterings, one per customer of `ids_a` and of `ids_b`. Each id occurs once in either;
/// customers are matched by id, in whatever order they come.
pub fn compare(ids_a: &[String], labels_a: &[u32], ids_b: &[String], labels_b: &[u32]) -> Comparison {
    let (rows, width) = (groups(labels_a), groups(labels_b));
    let mut counts = vec![vec![0; width]; rows];
    let mut customers = 0;
    let mut count = |a: u32, b: u32| {
        counts[a as usize][b as usize] += 1;
        customers += 1;
    };
    if ids_a == ids_b {
        labels_a.iter().zip(labels_b).for_each(|(&a, &b)| count(a, b));
    } else {
        let of_b: HashMap<&str, u32> = ids_b.iter().map(String::as_str).zip(labels_b.iter().copied()).collect();
        for (id, &a) in ids_a.iter().zip(labels_a) {
            if let Some(&b) = of_b.get(id.as_str()) {
                count(a, b);
            }
        }
    }
    let adjusted_rand = (customers > 0).then(|| adjusted_rand(&counts));
    let pairs = best_pairs(&counts);
    let size_b = |b: usize| counts.iter().map(|row| row[b]).sum::<usize>();
    let partners: Vec<Option<Partner>> = pairs
        .iter()
        .enumerate()
        .map(|(a, b)| {
            let b = (*b)?;
            let both = counts[a][b];
            let either = counts[a].iter().sum::<usize>() + size_b(b) - both;
            // Two groups without a common customer are no partners.
            (both > 0).then(|| Partner { label: b as u32, customers: both, jaccard: both as f64 / either as f64 })
        })
        .collect();
    let mut columns: Vec<u32> = partners.iter().flatten().map(|p| p.label).collect();
    columns.extend((0..width as u32).filter(|b| !columns.contains(b)).collect::<Vec<_>>());
    let staying = partners.iter().flatten().map(|p| p.customers).sum::<usize>() as f64 / customers.max(1) as f64;
    let counts = counts.iter().map(|row| columns.iter().map(|&b| row[b as usize]).collect()).collect();
    Comparison {
        customers,
        only_first: ids_a.len() - customers,
        only_second: ids_b.len() - customers,
        counts,
        columns,
        partners,
        staying,
        adjusted_rand,
    }
}

fn groups(labels: &[u32]) -> usize {
    labels.iter().max().map_or(0, |&largest| largest as usize + 1)
}

/// Adjusted Rand index of a table of counts, by pairs of customers as scikit-learn has it; 1 where both partitions are
/// the same, trivial ones included.
fn adjusted_rand(counts: &[Vec<usize>]) -> f64 {
    let squares = |sizes: &mut dyn Iterator<Item = usize>| sizes.map(|size| (size as f64).powi(2)).sum::<f64>();
    let n = counts.iter().flatten().sum::<usize>() as f64;
    let together = squares(&mut counts.iter().flatten().copied());
    let rows = squares(&mut counts.iter().map(|row| row.iter().sum()));
    let width = counts.first().map_or(0, Vec::len);
    let columns = squares(&mut (0..width).map(|b| counts.iter().map(|row| row[b]).sum()));
    // Ordered pairs that are together in both, in the first alone, in the second alone, and in neither.
    let (both, first, second) = (together - n, rows - together, columns - together);
    let neither = n * n - rows - columns + together;
    if first == 0.0 && second == 0.0 {
        return 1.0;
    }
    2.0 * (both * neither - first * second)
        / ((both + first) * (first + neither) + (both + second) * (second + neither))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &str) -> Vec<String> {
        names.chars().map(String::from).collect()
    }

    #[test]
    fn partners_stand_on_the_diagonal() {
        let c = compare(&ids("abcdefg"), &[0, 0, 0, 1, 1, 2, 2], &ids("abcdefg"), &[2, 2, 1, 0, 0, 1, 1]);
        assert_eq!((c.customers, c.only_first, c.only_second), (7, 0, 0));
        assert_eq!(c.columns, [2, 0, 1]);
        assert_eq!(c.counts, [[2, 0, 1], [0, 2, 0], [0, 0, 2]]);
        assert_eq!(c.partners[0], Some(Partner { label: 2, customers: 2, jaccard: 2.0 / 3.0 }));
        assert_eq!(c.partners[1].unwrap().jaccard, 1.0);
        assert_eq!(c.staying, 6.0 / 7.0);
        // scikit-learn 1.9: adjusted_rand_score of these labels.
        assert!((c.adjusted_rand.unwrap() - 0.475).abs() < 1e-15);
    }

    #[test]
    fn customers_are_matched_by_id_and_the_others_counted() {
        let c = compare(&ids("abcd"), &[0, 0, 1, 1], &ids("xdcb"), &[0, 1, 1, 0]);
        assert_eq!((c.customers, c.only_first, c.only_second), (3, 1, 1));
        assert_eq!(c.counts, [[1, 0], [0, 2]]);
        assert_eq!((c.staying, c.adjusted_rand), (1.0, Some(1.0)));
    }

    #[test]
    fn a_cluster_may_have_no_partner() {
        let c = compare(&ids("abcd"), &[0, 1, 2, 2], &ids("abcd"), &[0, 0, 0, 0]);
        assert_eq!(c.partners.iter().filter(|p| p.is_some()).count(), 1);
        assert_eq!(c.partners[2].unwrap().customers, 2);
        // scikit-learn 1.9 says 0 for anything against one cluster.
        assert_eq!(c.adjusted_rand, Some(0.0));
        let c = compare(&ids("ab"), &[0, 0], &ids("ab"), &[0, 1]);
        assert_eq!((c.columns, c.counts), (vec![0, 1], vec![vec![1, 1]]));
    }

    #[test]
    fn nothing_in_common_and_nothing_at_all() {
        let c = compare(&ids("ab"), &[0, 1], &ids("cd"), &[0, 1]);
        assert_eq!((c.customers, c.only_first, c.staying, c.adjusted_rand), (0, 2, 0.0, None));
        assert!(c.partners.iter().all(Option::is_none));
        let c = compare(&[], &[], &[], &[]);
        assert_eq!((c.customers, c.counts.len(), c.adjusted_rand), (0, 0, None));
    }
}
