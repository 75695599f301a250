//! What each segment is: statistics, names, recommended actions.

mod archetypes;
pub mod card;
mod describe;
mod naming;
mod plain;
pub mod standard;
mod tables;

pub use describe::profiles;
pub use tables::{FeatureSummary, Profile};
