//! The customers as a table: which columns there are, whom filters leave, and in which order. Columns of numbers, words
//! and codes are read where they lie; nothing is copied but the list of places.

mod arrange;
mod column;
mod facts;

use std::sync::Arc;

pub use arrange::{Arranged, arrange, find};
pub use column::{CustomerColumn, Values};
pub use facts::{ColumnFacts, facts};

use crate::cluster::Chosen;
use crate::profile::Profile;
use crate::rfm::{Feature, RfmOut};

/// Everything a table of customers can show. Cheap to clone.
#[derive(Debug, Clone)]
pub struct CustomerSheet {
    pub rfm: Arc<RfmOut>,
    /// Clusters with their names, where they belong to these customers.
    pub clusters: Option<(Arc<Chosen>, Arc<Vec<Profile>>)>,
}

/// Which customers are shown of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// Numbers from–to, both included; `None`: open. A customer without a value has none in the range.
    Between { from: Option<f64>, to: Option<f64> },
    /// One of these words; for scores and clusters their names.
    OneOf(Vec<String>),
    /// Text that has this in it, whatever its case.
    Contains(String),
}

/// A condition on one column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnFilter {
    pub column: CustomerColumn,
    pub condition: Condition,
}

/// Whom the table shows, and in which order.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerQuery {
    /// Every one has to hold.
    pub filters: Vec<ColumnFilter>,
    /// Part of the id, whatever its case; empty: any.
    pub id: String,
    /// Only these places of the customer table, ascending.
    pub only: Option<Arc<Vec<u32>>>,
    pub sort: CustomerColumn,
    pub descending: bool,
}

impl Default for CustomerQuery {
    fn default() -> Self {
        CustomerQuery {
            filters: Vec::new(),
            id: String::new(),
            only: None,
            sort: CustomerColumn::Id,
            descending: false,
        }
    }
}

impl CustomerSheet {
    pub fn len(&self) -> usize {
        self.rfm.customers.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Every column there is: the id, recency, frequency and monetary, their scores, both segments, further features.
    pub fn columns(&self) -> Vec<CustomerColumn> {
        let rfm = &self.rfm;
        let axes = rfm.scores.len();
        let feature = |f: &Feature| CustomerColumn::Feature(f.name.clone());
        let mut out = vec![CustomerColumn::Id];
        out.extend(rfm.customers.features.iter().take(axes).map(feature));
        out.extend((0..axes).map(CustomerColumn::Score));
        if !rfm.segment.is_empty() {
            out.push(CustomerColumn::RfmSegment);
        }
        if self.clusters.is_some() {
            out.push(CustomerColumn::Cluster);
        }
        out.extend(rfm.customers.features.iter().skip(axes).map(feature));
        out
    }

    /// The columns that are shown until somebody chooses: everything about recency, frequency and monetary, and the
    /// segments, and the first few further features.
    pub fn usual_columns(&self) -> Vec<CustomerColumn> {
        const MOST_FEATURES: usize = 8;
        let mut columns = self.columns();
        columns.truncate(columns.len() - self.further().saturating_sub(MOST_FEATURES));
        columns
    }

    /// Features beside recency, frequency and monetary.
    fn further(&self) -> usize {
        self.rfm.customers.features.len() - self.rfm.scores.len()
    }

    /// What customers spent in all, among these places; `None` where the table does not know.
    pub fn money(&self, places: &[u32]) -> Option<f64> {
        let values = self.rfm.customers.monetary();
        (!values.is_empty())
            .then(|| places.iter().map(|&c| values[c as usize]).collect::<crate::exact::ExactSum>().value())
    }
}
