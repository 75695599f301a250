//! From one row per customer to the matrix that clustering works on.

mod enrich;
mod prepare;
mod scale;
mod tables;
mod transform;

pub use enrich::{Known, enrich};
pub use prepare::prepare;
pub use tables::{FeatureMatrix, FittedColumn};
