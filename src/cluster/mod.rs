//! Clusters of customers, the criteria that judge them, and the choice of their number.

mod tables;

pub use tables::{Chosen, Clustering, KScores, KSearch, Vote};
