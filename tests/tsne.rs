//! t-SNE against scikit-learn's: as good a picture of iris and of three blobs. The golden file says how it was made.

mod common;

use ndarray::{Array2, ArrayView2};
use quintile::ctx::Ctx;
use quintile::reduce::tsne::{Settings, tsne};
use serde_json::Value;

/// How far neighbours in the picture are from being neighbours in the data (Venna & Kaski 2001), 0–1; 1 is best.
fn trustworthiness(x: ArrayView2<f64>, y: ArrayView2<f64>, neighbours: usize) -> f64 {
    let n = x.nrows();
    // Everybody else from near to far; of equally far ones the first first.
    let order = |of: ArrayView2<f64>, i: usize| -> Vec<usize> {
        let far = |j: &usize| (&of.row(i) - &of.row(*j)).mapv(|v| v * v).sum();
        let mut others: Vec<usize> = (0..n).filter(|j| *j != i).collect();
        others.sort_by(|a, b| far(a).total_cmp(&far(b)));
        others
    };
    let mut penalty = 0.0;
    for i in 0..n {
        let in_data = order(x, i);
        for j in &order(y, i)[..neighbours] {
            let rank = 1 + in_data.iter().position(|k| k == j).unwrap();
            penalty += rank.saturating_sub(neighbours) as f64;
        }
    }
    let (n, k) = (n as f64, neighbours as f64);
    1.0 - penalty * 2.0 / (n * k * (2.0 * n - 3.0 * k - 1.0))
}

fn matrix(rows: &Value) -> Array2<f64> {
    let rows: Vec<Vec<f64>> = serde_json::from_value(rows.clone()).unwrap();
    Array2::from_shape_fn((rows.len(), rows[0].len()), |(i, j)| rows[i][j])
}

#[test]
fn pictures_are_as_good_as_those_of_scikit_learn() {
    let golden: Value = serde_json::from_str(include_str!("golden/tsne/tsne.json")).unwrap();
    for (name, x) in [("iris", common::iris()), ("blobs", matrix(&golden["blobs"]["x"]))] {
        let theirs = &golden[name];
        let number = |key: &str| theirs[key].as_f64().unwrap();
        // The measure itself, on their picture.
        let measured = trustworthiness(x.view(), matrix(&theirs["picture"]).view(), 5);
        assert!((measured - number("trustworthiness")).abs() < 2e-3, "{name}: {measured}");

        let found = tsne(x.view(), &Settings::default(), &|_| {}, &Ctx::silent()).unwrap();
        let mut y = Array2::zeros((x.nrows(), 2));
        for (&row, at) in found.rows.iter().zip(&found.at) {
            (y[(row as usize, 0)], y[(row as usize, 1)]) = (at[0], at[1]);
        }
        let trust = trustworthiness(x.view(), y.view(), 5);
        let divergence = found.divergence.unwrap();
        println!(
            "{name}: trustworthiness {trust:.4}, divergence {divergence:.4}; scikit-learn's {measured:.4}, {:.4}",
            number("divergence")
        );
        assert!(trust >= number("trustworthiness") - 0.02, "{name}: {trust}");
        assert!(divergence <= number("divergence") * 1.1 + 0.01, "{name}: {divergence}");
    }
}
