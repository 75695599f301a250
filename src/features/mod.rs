//! From one row per customer to the matrix that clustering works on.
//!
//! [`engagement`] has the ready-made features, [`calculate`] works out what the user defined (columns of the table and
//! features of customers alike), [`enrich`] appends both to the table of customers, [`prepare`] transforms and scales.

pub mod calculate;
pub mod engagement;
mod enrich;
mod groups;
pub mod hints;
pub mod look;
mod prepare;
mod ranks;
mod scale;
mod tables;
mod transform;

pub use enrich::{Known, enrich, is_appended, without_appended};
pub use hints::{Hint, HintKind};
pub use prepare::{matrix, prepare};
pub use ranks::Ranks;
pub use tables::{FeatureMatrix, FittedColumn};
