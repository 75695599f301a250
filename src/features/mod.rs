//! Features of customers, and how they are prepared for clustering.

mod prepare;
mod tables;

pub use prepare::prepare;
pub use tables::{FeatureMatrix, FittedColumn};
