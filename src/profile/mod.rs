//! What each segment is: statistics, names, recommended actions.

mod tables;

pub use tables::{FeatureSummary, Profile};
pub fn profiles(_r: &crate::rfm::RfmOut, _m: &crate::features::FeatureMatrix, _c: &crate::cluster::Chosen, _cur: Option<&str>, _ctx: &crate::ctx::Ctx) -> crate::error::Result<Vec<Profile>> { Err(crate::error::Error::data("stub")) }
