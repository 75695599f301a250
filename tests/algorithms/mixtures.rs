//! Gaussian mixtures against scikit-learn's and linfa's.

use std::sync::Arc;

use linfa::DatasetBase;
use linfa::traits::Fit;
use linfa_clustering::GaussianMixtureModel;
use ndarray::{Array1, Array2};
use quintile::cluster::{Clustering, Detail, Mixture};
use quintile::ctx::Ctx;
use quintile::recipe::{Algorithm, Cluster, Covariance};
use serde::Deserialize;

use crate::data::{blobs, cluster, golden, iris, near, sets};

fn choice(covariance: Covariance) -> Cluster {
    Cluster { algorithm: Algorithm::GaussianMixture, covariance, ..Cluster::DEFAULT }
}

fn mixture(found: &Clustering) -> Arc<Mixture> {
    match &found.detail {
        Detail::Mixture(mixture) => mixture.clone(),
        other => panic!("{other:?} is no mixture"),
    }
}

/// One fit of scikit-learn, components by their means, ascending.
#[derive(Deserialize)]
struct Golden {
    k: usize,
    covariance: Covariance,
    flat: usize,
    weights: Vec<f64>,
    means: Vec<Vec<f64>>,
    covariances: Vec<Vec<Vec<f64>>>,
    log_likelihood: f64,
    bic: f64,
    aic: f64,
    sizes: Vec<usize>,
}

#[test]
fn mixtures_are_scikit_learns() {
    for (name, x) in sets() {
        for want in golden::<Vec<Golden>>(&format!("mixture_{name}.json")) {
            // A likelihood has many peaks; the highest takes many starts.
            let many = Cluster { restarts: 50, ..choice(want.covariance) };
            let found = cluster(&x, want.k, &many).unwrap().unwrap();
            let got = mixture(&found);
            let what = format!("{name}, {}, k = {}", want.covariance, want.k);
            assert!(got.converged, "{what}");
            near(got.log_likelihood, want.log_likelihood, 1e-7, &format!("{what}: log-likelihood"));
            near(got.bic, want.bic, 1e-7, &format!("{what}: BIC"));
            near(got.aic, want.aic, 1e-7, &format!("{what}: AIC"));
            assert_eq!(got.flat().len(), want.flat);
            let mut order: Vec<usize> = (0..want.k).collect();
            order.sort_by(|&a, &b| got.means.row(a).iter().partial_cmp(got.means.row(b)).unwrap());
            for (c, &own) in order.iter().enumerate() {
                near(got.weights[own], want.weights[c], 1e-5, &format!("{what}: weight"));
                assert_eq!(found.sizes[own], want.sizes[c], "{what}: customers");
                for (a, &mean) in want.means[c].iter().enumerate() {
                    near(got.means[[own, a]], mean, 1e-5, &format!("{what}: mean"));
                    for (b, &covariance) in want.covariances[c][a].iter().enumerate() {
                        // Measured by the extent of the component in these two directions.
                        let extent = (want.covariances[c][a][a] * want.covariances[c][b][b]).sqrt();
                        let off = (got.covariances[own][[a, b]] - covariance).abs() / extent;
                        assert!(off < 1e-4, "{what}: a covariance is off by {off}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_likelihood_is_no_worse_than_linfas() {
    // linfa 0.8.1 has full covariance alone, no likelihood, and no log-sum-exp: good enough on rows that lie near.
    for (x, k) in [(blobs(600, 3, 1), 3), (iris(), 2)] {
        let found = cluster(&x, k, &choice(Covariance::Full)).unwrap().unwrap();
        let own = mixture(&found);
        let data = DatasetBase::from(x.clone());
        let other =
            GaussianMixtureModel::params(k).n_runs(10).tolerance(1e-8).max_n_iterations(1000).fit(&data).unwrap();
        let likelihood = log_likelihood(&x, other.weights(), other.means(), |c| {
            other.precisions().index_axis(ndarray::Axis(0), c).to_owned()
        });
        assert!(own.log_likelihood > likelihood - 1e-2, "{} after {likelihood}", own.log_likelihood);
        near(own.log_likelihood, likelihood, 1e-4, "the same optimum");
    }
}

/// By the formula, from precisions.
fn log_likelihood(
    x: &Array2<f64>,
    w: &Array1<f64>,
    means: &Array2<f64>,
    precision: impl Fn(usize) -> Array2<f64>,
) -> f64 {
    let d = x.ncols() as f64;
    let parts: Vec<(Array2<f64>, f64)> = (0..w.len())
        .map(|c| {
            let p = precision(c);
            let constant = w[c].ln() - 0.5 * d * (2.0 * std::f64::consts::PI).ln() + 0.5 * determinant(&p).ln();
            (p, constant)
        })
        .collect();
    let density = |row: ndarray::ArrayView1<f64>| {
        let terms = parts.iter().enumerate().map(|(c, (p, constant))| {
            let apart = &row - &means.row(c);
            (constant - 0.5 * apart.dot(&p.dot(&apart))).exp()
        });
        terms.sum::<f64>().ln()
    };
    x.rows().into_iter().map(density).sum()
}

fn determinant(a: &Array2<f64>) -> f64 {
    let (mut a, mut product) = (a.clone(), 1.0);
    for i in 0..a.nrows() {
        product *= a[[i, i]];
        for below in i + 1..a.nrows() {
            let factor = a[[below, i]] / a[[i, i]];
            for j in i..a.ncols() {
                a[[below, j]] -= factor * a[[i, j]];
            }
        }
    }
    product
}

#[test]
fn probabilities_add_up_and_the_likeliest_component_is_the_label() {
    let x = blobs(5_000, 3, 4);
    for &covariance in Covariance::ALL {
        let found = cluster(&x, 4, &choice(covariance)).unwrap().unwrap();
        let mixture = mixture(&found);
        let p = mixture.probabilities(x.view(), &Ctx::silent()).unwrap();
        for (row, &label) in p.rows().into_iter().zip(&found.labels) {
            assert!((row.sum() - 1.0).abs() < 1e-12);
            assert!(row.iter().all(|&v| (0.0..=row[label as usize]).contains(&v)));
        }
        // A row as far away as money can be is nobody's, and still somebody's most.
        let far = Array2::from_elem((1, 3), 1e9);
        let p = mixture.probabilities(far.view(), &Ctx::silent()).unwrap();
        assert!((p.sum() - 1.0).abs() < 1e-12 && p.iter().all(|v| v.is_finite()));
    }
}

#[test]
fn rows_beyond_the_sample_count_in_the_end() {
    let x = blobs(30_000, 2, 5);
    let found = cluster(&x, 3, &choice(Covariance::Full)).unwrap().unwrap();
    let mixture = mixture(&found);
    for c in 0..3 {
        near(mixture.weights[c], 1.0 / 3.0, 1e-3, "weight");
        near(mixture.covariances[c][[0, 0]], 1.0, 0.03, "variance");
        near(mixture.covariances[c][[0, 1]], 0.0, 0.03, "covariance");
    }
}
