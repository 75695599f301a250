mod tables;

pub use tables::{FeatureMatrix, FittedColumn};
