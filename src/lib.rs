//! Quintile: customer segments from any export of sales, on your own computer.

pub mod clean;
pub mod cluster;
pub mod ctx;
pub mod error;
pub mod export;
pub mod features;
pub mod format;
pub mod intake;
pub mod pipeline;
pub mod profile;
pub mod recipe;
pub mod reduce;
pub mod rfm;
pub mod sample;
