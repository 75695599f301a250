//! Recency, frequency and monetary per customer, their scores, and the map from scores to segments.

pub mod score;
mod segment_map;
mod tables;

pub use score::AxisScores;
pub use segment_map::{Segment, SegmentMap};
pub use tables::{CustomerTable, Feature, RfmOut, Unit};
