//! Recency, frequency and monetary per customer, their scores, and the map from scores to segments.

mod count;
pub mod score;
mod segment_map;
mod tables;

pub use count::rfm;
pub use score::AxisScores;
pub use segment_map::{Segment, SegmentMap};
pub use tables::{CustomerTable, Feature, RfmOut, Unit};
