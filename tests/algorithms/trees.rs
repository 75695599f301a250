//! Agglomerative clustering against SciPy's and kodama's.

use std::collections::BTreeMap;
use std::sync::Arc;

use ndarray::Array2;
use quintile::cluster::{Dendrogram, Detail};
use quintile::recipe::{Algorithm, Cluster, Linkage};
use serde::Deserialize;

use crate::data::{blobs, by_occurrence, cluster, golden, near, sets, without_ties};

fn choice(linkage: Linkage) -> Cluster {
    Cluster { algorithm: Algorithm::Agglomerative, linkage, ..Cluster::DEFAULT }
}

fn tree(x: &Array2<f64>, linkage: Linkage) -> Arc<Dendrogram> {
    match cluster(x, 2, &choice(linkage)).unwrap().unwrap().detail {
        Detail::Tree(tree) => tree,
        other => panic!("{other:?} is no tree"),
    }
}

#[derive(Deserialize)]
struct Golden {
    linkage: Linkage,
    ties: bool,
    ambiguous: bool,
    heights: Vec<f64>,
    cuts: BTreeMap<usize, Vec<u32>>,
}

#[test]
fn heights_and_cuts_are_scipys() {
    for (name, set) in sets() {
        let all: Vec<Golden> = golden(&format!("trees_{name}.json"));
        assert!(all.iter().all(|want| want.ties || !want.ambiguous));
        for want in all.iter().filter(|want| !want.ambiguous) {
            let x = if want.ties { set.clone() } else { without_ties(&set) };
            let tree = tree(&x, want.linkage);
            let what = format!("{name}, {}, ties: {}", want.linkage, want.ties);
            // Equal customers are one leaf here, and joins at height 0 there.
            let doubles = x.nrows() - tree.leaves;
            assert!(want.heights[..doubles].iter().all(|&h| h == 0.0));
            assert_eq!(tree.merges.len(), want.heights.len() - doubles);
            for (i, (merge, &height)) in tree.merges.iter().zip(&want.heights[doubles..]).enumerate() {
                near(merge.height, height, 1e-9, &format!("{what}, join {i}"));
            }
            for (&k, labels) in &want.cuts {
                let got = cluster(&x, k, &choice(want.linkage)).unwrap().unwrap();
                assert_eq!(by_occurrence(&got.labels), by_occurrence(labels), "{what}, k = {k}");
            }
        }
    }
}

#[test]
fn joins_are_kodamas_on_random_rows() {
    for (linkage, method) in [
        (Linkage::Ward, kodama::Method::Ward),
        (Linkage::Average, kodama::Method::Average),
        (Linkage::Complete, kodama::Method::Complete),
    ] {
        for (n, d, seed) in [(2, 1, 1), (3, 2, 2), (50, 2, 3), (301, 5, 4), (1000, 3, 5)] {
            let x = blobs(n, d, seed);
            let tree = tree(&x, linkage);
            // The rows are leaves in another order there.
            let mut row_of = vec![0; n];
            tree.leaf_of.iter().enumerate().for_each(|(row, &leaf)| row_of[leaf as usize] = row);
            let mut distances = Vec::new();
            for i in 0..n {
                for j in i + 1..n {
                    let squared: f64 =
                        x.row(row_of[i]).iter().zip(x.row(row_of[j])).map(|(p, q)| (p - q).powi(2)).sum();
                    distances.push(squared.sqrt());
                }
            }
            let want = kodama::linkage(&mut distances, n, method);
            for (got, want) in tree.merges.iter().zip(want.steps()) {
                near(got.height, want.dissimilarity, 1e-9, "height");
                assert_eq!(
                    (got.a as usize, got.b as usize, got.size as usize),
                    (want.cluster1, want.cluster2, want.size)
                );
            }
        }
    }
}

#[test]
fn many_rows_grow_on_micro_clusters_and_find_the_same_groups() {
    // So far apart that no two rows of one are as far from each other as two of different ones.
    let mut x = blobs(40_000, 2, 9);
    x.indexed_iter_mut().for_each(|((i, _), v)| *v += [0.0, 20.0, -20.0][i % 3]);
    for &linkage in Linkage::ALL {
        let found = cluster(&x, 3, &choice(linkage)).unwrap().unwrap();
        let Detail::Tree(tree) = &found.detail else { panic!("no tree") };
        assert!(tree.leaves <= 2_000 && tree.leaf_sizes.iter().sum::<u32>() == 40_000);
        let own = tree.merges.last().unwrap();
        assert_eq!(own.size, 40_000);
        // Row i was drawn around point i mod 3.
        let wrong = found.labels.chunks_exact(3).filter(|l| **l != found.labels[..3]).count();
        assert_eq!(wrong, 0, "{linkage}");
        let mut sizes = vec![0; tree.leaves];
        tree.leaf_of.iter().for_each(|&leaf| sizes[leaf as usize] += 1);
        assert_eq!(sizes, tree.leaf_sizes);
    }
}
