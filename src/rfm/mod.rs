//! Recency, frequency and monetary per customer, their scores, and the map from scores to segments; and tables that
//! have one row per customer already.

mod count;
mod given;
mod migration;
pub mod score;
mod segment_map;
mod tables;

pub use count::rfm;
pub use given::{Given, clean_customers};
pub use migration::{Migration, MigrationCell, Moved, compare};
pub use score::AxisScores;
pub use segment_map::{MapFile, Segment, SegmentMap};
pub use tables::{CustomerTable, FREQUENCY, Feature, MONETARY, RECENCY, RfmOut, Unit};
