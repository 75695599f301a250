//! The matrix that clustering works on, and how each column was made from a feature.

use ndarray::Array2;
use serde::Serialize;

use super::Ranks;
use crate::recipe::{Scale, Transform};

/// How one feature was transformed and scaled; enough to treat a new customer the same way:
/// `√weight · (transform(value) − center) / spread`, where a missing value counts as `fill`.
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
    /// How much the feature counts; squared distances grow by this factor.
    pub weight: f64,
    /// What a missing value counts as, in the feature's own unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<f64>,
    /// For ranks: the curve from values to shares.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranks: Option<Ranks>,
}

impl Default for FittedColumn {
    fn default() -> Self {
        FittedColumn {
            name: String::new(),
            transform: Transform::None,
            lambda: None,
            scale: Scale::None,
            center: 0.0,
            spread: 1.0,
            weight: 1.0,
            fill: None,
            ranks: None,
        }
    }
}

/// Customers × features, transformed and scaled; all values finite.
#[derive(Debug, Clone)]
pub struct FeatureMatrix {
    pub columns: Vec<FittedColumn>,
    /// Row-major, one row per customer.
    pub x: Array2<f64>,
    /// Features of words, which only k-prototypes can use.
    pub words: Vec<crate::cluster::WordColumn>,
    /// For example: a feature is constant.
    pub warnings: Vec<String>,
}
