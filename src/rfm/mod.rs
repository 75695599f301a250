//! Recency, frequency and monetary per customer, their scores, and the map from scores to segments.

pub mod score;
mod segment_map;
mod tables;

pub use score::AxisScores;
pub use segment_map::{Segment, SegmentMap};
pub use tables::{CustomerTable, Feature, RfmOut, Unit};
pub fn rfm(_c: &crate::clean::CleanOut, _r: &crate::recipe::Rfm, _k: &crate::recipe::Clean, _ctx: &crate::ctx::Ctx) -> crate::error::Result<RfmOut> { Err(crate::error::Error::data("stub")) }
