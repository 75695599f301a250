//! The waist of the house: one row per customer. Everything before makes this table, everything after
//! needs nothing else.

use std::sync::Arc;

use chrono::NaiveDate;

use super::score::AxisScores;
use super::segment_map::SegmentMap;
use crate::clean::FunnelStep;
use crate::recipe::Features;

/// What a feature's numbers count, for formatting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Days,
    Count,
    Money,
    /// A plain number.
    Number,
    /// A part of a whole, 0–1.
    Share,
    /// A word; the numbers are places in [`Feature::names`].
    Words,
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
    /// One per customer; NaN where there is none.
    pub values: Arc<Vec<f64>>,
    /// For words: what the numbers stand for. Words cannot be clustered by; they can be encoded.
    pub names: Option<Arc<Vec<String>>>,
}

impl Feature {
    /// A feature of numbers.
    pub fn new(
        name: impl Into<String>,
        label: impl Into<String>,
        definition: impl Into<String>,
        unit: Unit,
        values: Vec<f64>,
    ) -> Feature {
        let (name, label, definition) = (name.into(), label.into(), definition.into());
        Feature { name, label, definition, unit, values: Arc::new(values), names: None }
    }
}

/// Names of the features that transactions are counted into, and that an RFM table brings along.
pub const RECENCY: &str = "recency_days";
pub const FREQUENCY: &str = "frequency";
pub const MONETARY: &str = "monetary";

/// One row per customer: ids in natural order (numbers of rows where there are none), and features of the same length.
/// Where there are purchases, recency, frequency and monetary come first, in this order.
#[derive(Debug, Clone, Default)]
pub struct CustomerTable {
    /// Shared, as every stage that adds features has the same customers.
    pub ids: Arc<Vec<String>>,
    pub features: Vec<Feature>,
}

impl CustomerTable {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Days from the last purchase to the snapshot date; empty where the table does not know.
    pub fn recency(&self) -> &[f64] {
        self.values(RECENCY)
    }

    /// Number of purchases; empty where the table does not know.
    pub fn frequency(&self) -> &[f64] {
        self.values(FREQUENCY)
    }

    /// Net spend; empty where the table does not know.
    pub fn monetary(&self) -> &[f64] {
        self.values(MONETARY)
    }

    fn values(&self, name: &str) -> &[f64] {
        self.features.iter().find(|f| f.name == name).map_or(&[], |f| &f.values)
    }

    /// The feature called so: by its name in outputs, else by name or label without regard to case.
    pub fn position(&self, wanted: &str) -> Option<usize> {
        let loose = wanted.trim().to_lowercase();
        let same = |text: &str| text.trim().to_lowercase() == loose;
        let by = |f: &dyn Fn(&Feature) -> bool| self.features.iter().position(f);
        by(&|f| f.name == wanted).or_else(|| by(&|f| same(&f.name))).or_else(|| by(&|f| same(&f.label)))
    }
}

/// The RFM stage's findings.
#[derive(Debug, Clone)]
pub struct RfmOut {
    pub customers: CustomerTable,
    /// Scores and cut points of recency, frequency and monetary, in this order. High is good on each. A table that does
    /// not know what was spent has two, one without purchases none.
    pub scores: Vec<AxisScores>,
    /// The map from scores to segments.
    pub map: Arc<SegmentMap>,
    /// Index into `map.segments`, one per customer; empty where there are no scores.
    pub segment: Vec<u8>,
    /// The day to which recency counts; `None` where the table came with it counted, or without.
    pub snapshot: Option<NaiveDate>,
    /// First and last day with a transaction after cleaning, or with a last purchase.
    pub first_day: Option<NaiveDate>,
    pub last_day: Option<NaiveDate>,
    /// What one unit of frequency is, in words: `invoices`, `days`, `rows` or `purchases`; empty without frequency.
    pub frequency_of: &'static str,
    /// Names of the features to cluster by where the recipe names none; empty: all.
    pub usual: Vec<String>,
    /// The feature by which clusters are numbered, highest mean first: monetary, else one that reads like spend or
    /// income. `None`: by size, largest first.
    pub value: Option<usize>,
    /// The whole funnel: the steps of cleaning and those of this stage.
    pub funnel: Vec<FunnelStep>,
    /// What was decided on the user's behalf, as sentences: which columns are features, what orders the clusters.
    pub notes: Vec<String>,
    pub warnings: Vec<String>,
}

impl RfmOut {
    /// `choice` with the names of the features to cluster by filled in where it leaves them open.
    pub fn features(&self, choice: &Features) -> Features {
        let usual = (!self.usual.is_empty()).then(|| self.usual.clone());
        Features { columns: choice.columns.clone().or(usual), ..choice.clone() }
    }

    /// Whether the table knows what customers spent.
    pub fn has_money(&self) -> bool {
        !self.customers.monetary().is_empty()
    }

    /// One number per customer that orders clusters; empty where none does.
    pub fn values(&self) -> &[f64] {
        self.value.map_or(&[], |i| &self.customers.features[i].values)
    }
}
