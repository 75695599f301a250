//! The waist of the house: one row per customer. Everything before makes this table, everything after
//! needs nothing else.

use std::sync::Arc;

use chrono::NaiveDate;

use super::score::AxisScores;
use super::segment_map::SegmentMap;
use crate::clean::FunnelStep;

/// What a feature's numbers count, for formatting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Days,
    Count,
    Money,
    /// A plain number.
    Number,
}

/// One number per customer.
#[derive(Debug, Clone)]
pub struct Feature {
    /// Column name in outputs, for example `recency_days`.
    pub name: String,
    /// Words for people, for example "Recency".
    pub label: String,
    /// One sentence: what it is and how it is counted.
    pub definition: String,
    pub unit: Unit,
    pub values: Vec<f64>,
}

/// One row per customer: ids in natural order, and features of the same length. The first three
/// features are always recency, frequency and monetary.
#[derive(Debug, Clone, Default)]
pub struct CustomerTable {
    pub ids: Vec<String>,
    pub features: Vec<Feature>,
}

impl CustomerTable {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Days from the last purchase to the snapshot date.
    pub fn recency(&self) -> &[f64] {
        &self.features[0].values
    }

    /// Number of purchases.
    pub fn frequency(&self) -> &[f64] {
        &self.features[1].values
    }

    /// Net spend.
    pub fn monetary(&self) -> &[f64] {
        &self.features[2].values
    }
}

/// The RFM stage's findings.
#[derive(Debug, Clone)]
pub struct RfmOut {
    pub customers: CustomerTable,
    /// Scores and cut points of recency, frequency and monetary, in this order. High is good on each.
    pub scores: [AxisScores; 3],
    /// The map from scores to segments.
    pub map: Arc<SegmentMap>,
    /// Index into `map.segments`, one per customer.
    pub segment: Vec<u8>,
    pub snapshot: NaiveDate,
    /// First and last day with a transaction after cleaning.
    pub first_day: NaiveDate,
    pub last_day: NaiveDate,
    /// What one unit of frequency is, in words: `invoices`, `days` or `rows`.
    pub frequency_of: &'static str,
    /// The whole funnel: the steps of cleaning and those of this stage.
    pub funnel: Vec<FunnelStep>,
    pub warnings: Vec<String>,
}
