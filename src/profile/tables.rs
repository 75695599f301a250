//! What is said about each cluster.

use serde::Serialize;

/// Five numbers of one feature within one group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FeatureSummary {
    pub name: String,
    pub mean: f64,
    pub q1: f64,
    pub median: f64,
    pub q3: f64,
    /// (group mean − mean of everyone) / standard deviation of everyone, in the transformed, scaled
    /// space; comparable between features.
    pub difference: f64,
}

/// One cluster in words and numbers.
#[derive(Debug, Clone)]
pub struct Profile {
    /// Place in canonical order, from 1.
    pub cluster: usize,
    /// The number that people and files see: from 1; 0 for those who belong to no cluster.
    pub number: usize,
    /// Distinct among the clusters, from the cluster's pattern.
    pub name: String,
    /// Who they are, in one sentence with this data's numbers.
    pub description: String,
    /// What to do about them, and through which channel; empty where nothing is known of purchases.
    pub action: String,
    pub channel: String,
    pub customers: usize,
    /// 0–1.
    pub share_of_customers: f64,
    /// Net spend; NaN where the table does not know it.
    pub revenue: f64,
    /// 0–1, of the positive total; NaN likewise.
    pub share_of_revenue: f64,
    /// Same order as the customer table's features.
    pub features: Vec<FeatureSummary>,
    /// Indices of customers in this cluster, in table order.
    pub members: Vec<u32>,
}
