//! Recency, frequency and monetary per customer, their scores, and the map from scores to segments; and tables that
//! have one row per customer already.

mod count;
mod given;
mod migration;
mod movement;
mod picked;
pub mod score;
mod scored;
mod segment_map;
mod tables;

pub use count::{rfm, rfm_of};
pub use given::{Given, clean_customers, rows_of};
pub use migration::{INACTIVE, Migration, MigrationCell, Moved, compare};
pub use movement::{Movement, Ranks, UpOrDown, ranks, up_or_down};
pub use score::{AxisScores, CutsFrom};
pub use segment_map::{MapCheck, MapFile, MapRange, Overlap, Segment, SegmentMap, cells as map_cells, check};
pub use tables::{CustomerTable, FREQUENCY, Feature, MONETARY, RECENCY, RfmOut, Unit};
