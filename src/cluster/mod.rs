//! Clusters of customers, the criteria that judge them, and the choice of their number.

mod tables;

pub use tables::{Chosen, Clustering, KScores, KSearch, Vote};
pub fn search(_x: ndarray::ArrayView2<f64>, _v: &[f64], _c: &crate::recipe::Cluster, _ctx: &crate::ctx::Ctx) -> crate::error::Result<KSearch> { Err(crate::error::Error::data("stub")) }
pub fn choose(_s: &KSearch, _x: ndarray::ArrayView2<f64>, _v: &[f64], _c: &crate::recipe::Cluster, _ctx: &crate::ctx::Ctx) -> crate::error::Result<Chosen> { Err(crate::error::Error::data("stub")) }
