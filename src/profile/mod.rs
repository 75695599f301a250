//! What each segment is: statistics, names, recommended actions.

mod archetypes;
pub mod card;
mod describe;
mod names;
mod naming;
mod plain;
mod portray;
pub mod standard;
mod tables;

pub use describe::profiles;
pub use names::{annotate, can_be_named, named, rename};
pub use portray::{Known, portray};
pub use tables::{
    Condition, FeatureSummary, Grouping, Portrait, Portraits, Profile, Rule, Rules, Stake, Top, Tops, Trend,
};
