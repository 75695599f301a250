//! The matrix that clustering works on, and how each column was made from a feature.

use ndarray::Array2;
use serde::Serialize;

use crate::recipe::{Scale, Transform};

/// How one feature was transformed and scaled; enough to treat a new customer the same way:
/// `(transform(value) − center) / spread`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FittedColumn {
    pub name: String,
    pub transform: Transform,
    /// Yeo-Johnson's exponent, found by maximum likelihood.
    pub lambda: Option<f64>,
    pub scale: Scale,
    pub center: f64,
    /// Never zero: a constant feature gets 1.
    pub spread: f64,
}

/// Customers × features, transformed and scaled; all values finite.
#[derive(Debug, Clone)]
pub struct FeatureMatrix {
    pub columns: Vec<FittedColumn>,
    /// Row-major, one row per customer.
    pub x: Array2<f64>,
    /// For example: a feature is constant.
    pub warnings: Vec<String>,
}
