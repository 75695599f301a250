//! How k-means and the silhouette work, step by step: every number that is computed on the way, to be looked at.

mod borders;
mod sample;
mod silhouette;
mod starts;
mod trace;

pub use borders::borders;
pub use sample::sample;
pub use silhouette::{SilhouetteParts, silhouette_of, typical_and_border};
pub use starts::{Starts, starts};
pub use trace::{Step, What, trace};
