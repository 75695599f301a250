//! k-prototypes against kmodes' KPrototypes, and against all partitions of a few customers.

use std::sync::Arc;

use ndarray::{Array2, array};
use quintile::cluster::{Clustering, Data, Detail, Prototypes, WordColumn, algorithm};
use quintile::ctx::Ctx;
use quintile::error::Result;
use quintile::recipe::{Algorithm, Cluster};
use serde::Deserialize;

use crate::data::{golden, near};

fn words(name: &str, all: &[&str]) -> WordColumn {
    let mut names: Vec<String> = Vec::new();
    let code = |word: &&str| {
        names.iter().position(|n| n == word).unwrap_or_else(|| {
            names.push(word.to_string());
            names.len() - 1
        }) as u32
    };
    let codes = all.iter().map(code).collect();
    WordColumn { name: name.into(), codes, names }
}

fn cluster(x: &Array2<f64>, words: &[WordColumn], k: usize, weight: Option<f64>) -> Result<Option<Clustering>> {
    let choice = Cluster { algorithm: Algorithm::KPrototypes, word_weight: weight, ..Cluster::DEFAULT };
    let data = Data { x: x.view(), words };
    Ok(algorithm(&choice).cluster(&data, &[k], &|_, _| {}, &Ctx::silent())?.into_iter().next().unwrap())
}

fn prototypes(found: &Clustering) -> Arc<Prototypes> {
    match &found.detail {
        Detail::Prototypes(prototypes) => prototypes.clone(),
        other => panic!("{other:?}"),
    }
}

/// Cost of a partition by its own means and modes.
fn cost(x: &Array2<f64>, words: &[WordColumn], labels: &[u32], k: usize, weight: f64) -> f64 {
    let mut sum = 0.0;
    for c in 0..k as u32 {
        let rows: Vec<usize> = (0..labels.len()).filter(|&row| labels[row] == c).collect();
        for column in x.columns() {
            let mean = rows.iter().map(|&row| column[row]).sum::<f64>() / rows.len().max(1) as f64;
            sum += rows.iter().map(|&row| (column[row] - mean).powi(2)).sum::<f64>();
        }
        for column in words {
            let count = |code: usize| rows.iter().filter(|&&row| column.codes[row] as usize == code).count();
            let most = (0..column.names.len()).map(count).max().unwrap();
            sum += weight * (rows.len() - most) as f64;
        }
    }
    sum
}

#[derive(Deserialize)]
struct Golden {
    numbers: Vec<Vec<f64>>,
    words: Vec<Vec<String>>,
    gamma: f64,
    /// Least cost of kmodes by k.
    costs: Vec<(usize, f64)>,
}

#[test]
fn costs_are_no_higher_than_those_of_kmodes() {
    let want: Golden = golden("prototypes.json");
    let x = Array2::from_shape_vec((want.numbers.len(), 2), want.numbers.concat()).unwrap();
    let columns: Vec<WordColumn> =
        (0..2).map(|j| words("w", &want.words.iter().map(|row| row[j].as_str()).collect::<Vec<_>>())).collect();
    for (k, theirs) in want.costs {
        let found = cluster(&x, &columns, k, Some(want.gamma)).unwrap().unwrap();
        let own = prototypes(&found).cost;
        near(own, cost(&x, &columns, &found.labels, k, want.gamma), 1e-9, "cost by its definition");
        assert!(own <= theirs * (1.0 + 1e-9), "k = {k}: {own} after {theirs}");
    }
}

#[test]
fn of_all_partitions_of_a_few_customers_the_cheapest_is_found() {
    let x = array![[0.0], [0.4], [1.1], [1.3], [2.9], [3.2], [3.3], [0.2], [2.2]];
    let columns = [words("country", &["a", "a", "b", "b", "a", "c", "c", "b", "c"])];
    for (k, weight) in [(2, 0.3), (3, 0.3), (2, 2.0), (3, 2.0)] {
        let found = cluster(&x, &columns, k, Some(weight)).unwrap().unwrap();
        let partitions = (0..k.pow(9)).map(|code| (0..9).map(|i| (code / k.pow(i) % k) as u32).collect::<Vec<u32>>());
        let least = partitions.map(|labels| cost(&x, &columns, &labels, k, weight)).fold(f64::INFINITY, f64::min);
        near(prototypes(&found).cost, least, 1e-12, "least cost");
        assert!(found.sizes.iter().all(|&size| size > 0));
    }
}

#[test]
fn a_word_counts_half_the_mean_variance_and_modes_are_words() {
    let x = array![[0.0, 0.0], [2.0, 0.0], [0.0, 4.0], [2.0, 4.0]];
    let columns = [words("channel", &["web", "shop", "web", "web"])];
    let found = cluster(&x, &columns, 1, None).unwrap().unwrap();
    let own = prototypes(&found);
    // Variances 1 and 4.
    assert_eq!((own.word_weight, own.cost), (1.25, 4.0 + 16.0 + 1.25));
    assert_eq!((&own.columns[..], &own.modes[..]), (&["channel".to_string()][..], &[vec!["web".to_string()]][..]));
}

#[test]
fn words_decide_where_numbers_do_not() {
    let x = Array2::from_elem((6, 1), 3.0);
    let columns = [words("country", &["x", "y", "x", "y", "y", "x"])];
    let found = cluster(&x, &columns, 2, None).unwrap().unwrap();
    assert_eq!(found.labels[0], found.labels[2]);
    assert_ne!(found.labels[0], found.labels[1]);
    assert!(cluster(&x, &columns, 3, None).unwrap().is_none(), "there are two different customers");
    let error = cluster(&x, &[], 2, None).unwrap_err().to_string();
    assert!(error.contains("no feature holds words"), "{error}");
}

#[test]
fn codes_in_another_order_give_the_same_partition() {
    let x = Array2::from_shape_fn((60, 1), |(i, _)| (i * 37 % 60) as f64 / 7.0);
    let all: Vec<&str> = (0..60).map(|i| ["red", "green", "blue"][i * i % 7 % 3]).collect();
    let one = words("w", &all);
    let other = WordColumn {
        codes: one.codes.iter().map(|c| 2 - c).collect(),
        names: one.names.iter().rev().cloned().collect(),
        ..one.clone()
    };
    let labels = |column: WordColumn| cluster(&x, &[column], 4, None).unwrap().unwrap().labels;
    assert_eq!(labels(one), labels(other));
}
