//! What each segment is: statistics, names, recommended actions.

mod advice;
mod archetypes;
pub mod boxes;
pub mod card;
mod counted;
mod describe;
mod names;
mod naming;
mod plain;
mod portray;
mod rfm_profiles;
mod rules;
mod sampled;
mod stake;
pub mod standard;
mod tables;
mod telling;
mod tops;
mod trend;

pub use archetypes::Patterns;
pub use describe::profiles;
pub use names::{Named, annotate, can_be_named, named, rename};
pub use portray::{Known, portray};
pub use stake::StakeKind;
pub use tables::{
    Condition, FeatureSummary, Grouping, Portrait, Portraits, Profile, Rule, Rules, Stake, Top, Tops, Trend,
};
pub use telling::{Telling, telling};
