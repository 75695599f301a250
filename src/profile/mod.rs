//! What each segment is: statistics, names, recommended actions.

mod tables;

pub use tables::{FeatureSummary, Profile};
