//! Principal components against published numbers.

mod common;

use ndarray::{Array2, array};
use quintile::ctx::Ctx;
use quintile::reduce::pca;

fn close(got: &[f64], want: &[f64], within: f64) {
    assert_eq!(got.len(), want.len());
    for (g, w) in got.iter().zip(want) {
        assert!((g - w).abs() <= within, "{got:?}, expected {want:?}");
    }
}

#[test]
fn iris() {
    let x = common::iris();
    let p = pca(x.view(), &Ctx::silent()).unwrap();
    close(&p.explained_variance_ratio, &[0.924619, 0.053066, 0.017103, 0.005212], 1e-6);
    // scikit-learn 1.9.1: PCA().fit(load_iris().data).components_[0]
    close(&p.loadings.row(0).to_vec(), &[0.36138659, -0.08452251, 0.85667061, 0.3582892], 1e-7);
}

#[test]
fn uci_online_retail() {
    let Some((x, _)) = common::uci() else { return };
    let p = pca(x.view(), &Ctx::silent()).unwrap();
    close(&p.explained_variance_ratio, &[0.75143341, 0.18712487, 0.06144171], 1e-6);
}

#[test]
fn scores_rebuild_the_matrix_and_loadings_are_orthonormal_with_fixed_signs() {
    for d in [1, 2, 3, 5, 12] {
        let x = common::blobs(9000, d, 4, 3);
        let p = pca(x.view(), &Ctx::silent()).unwrap();
        let back = p.scores.dot(&p.loadings);
        for ((i, j), value) in x.indexed_iter() {
            assert!((back[[i, j]] + p.mean[j] - value).abs() < 1e-10);
        }
        let unit = p.loadings.dot(&p.loadings.t());
        assert!((&unit - &Array2::<f64>::eye(d)).iter().all(|v| v.abs() < 1e-12));
        for row in p.loadings.rows() {
            assert!(row.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap() > 0.0);
        }
        assert!((p.explained_variance_ratio.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(p.explained_variance_ratio.windows(2).all(|w| w[0] >= w[1]));
    }
}

#[test]
fn without_variance_there_is_nothing_to_explain() {
    let p = pca(array![[2.0, 3.0], [2.0, 3.0]].view(), &Ctx::silent()).unwrap();
    assert_eq!(p.explained_variance_ratio, [0.0, 0.0]);
    assert!(p.scores.iter().all(|&v| v == 0.0));
    assert!(pca(Array2::zeros((0, 3)).view(), &Ctx::silent()).is_err());
}
