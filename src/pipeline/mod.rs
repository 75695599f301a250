//! The stages in order, their keys, the cache, progress and cancellation.

mod findings;
mod run;
mod stage;

pub use findings::{Findings, StageOutput};
pub use run::{Pipeline, Stopped, Unwatched, Watch, guarded};
pub use stage::{Key, Keys, STAGES, Stage};
