//! stub
mod tables;
pub use tables::{FeatureMatrix, FittedColumn};
pub fn prepare(_c: &crate::rfm::CustomerTable, _f: &crate::recipe::Features, _ctx: &crate::ctx::Ctx) -> crate::error::Result<FeatureMatrix> { Err(crate::error::Error::data("stub")) }
