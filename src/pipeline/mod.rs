//! The stages in order, their keys, the cache, progress and cancellation.

mod findings;
mod stage;

pub use findings::{Findings, StageOutput};
pub use stage::{Key, Keys, Stage};
