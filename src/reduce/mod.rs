//! Projections: many features drawn as two or three.

mod loadings;
mod mds;
mod pca;
pub mod raster;
pub mod tsne;

use ndarray::Array2;

pub use loadings::{Ends, Poles, ends};
pub use mds::{Mds, classical_mds, distances};
pub use pca::pca;
pub use tsne::{Tsne, tsne};

/// Principal components by exact eigen-decomposition of the covariance matrix.
#[derive(Debug, Clone)]
pub struct Pca {
    /// Customers × components, strongest component first.
    pub scores: Array2<f64>,
    /// Components × features, rows of length one; the largest entry of each row is positive.
    pub loadings: Array2<f64>,
    /// Share of the total variance of each component; sums to one over all components.
    pub explained_variance_ratio: Vec<f64>,
    /// Mean of each input column, subtracted before projecting.
    pub mean: Vec<f64>,
}
