//! Statistics of columns for looking at.

mod histogram;

pub use histogram::{Histogram, histogram};
