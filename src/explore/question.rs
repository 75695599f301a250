//! What one may ask of a table, and what comes back. Questions are small values; answers are kept under them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::chart::Chart;
use crate::clean::{CleanOut, Prepared};
use crate::cluster::Chosen;
use crate::intake::RolesOut;
use crate::profile::Profile;
use crate::recipe::Recipe;
use crate::rfm::{Feature, RfmOut};

/// What questions are asked about: findings, shared.
#[derive(Debug, Clone)]
pub struct Subject {
    pub recipe: Arc<Recipe>,
    pub prepared: Arc<Prepared>,
    pub roles: Arc<RolesOut>,
    pub clean: Arc<CleanOut>,
    pub rfm: Arc<RfmOut>,
    /// Ready-made features that the customer table does not have because nobody chose them; may be empty.
    pub more: Arc<Vec<Feature>>,
    /// Clusters and what they are called, once they are there.
    pub clusters: Option<(Arc<Chosen>, Arc<Vec<Profile>>)>,
}

/// Which table is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Source {
    /// All rows that the user's cleaning steps left, before anything else was removed.
    File,
    /// The rows that count, after cleaning.
    #[default]
    Transactions,
    /// One row per customer: features, scores, segments.
    Customers,
}

/// What bars and cells measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Measure {
    /// Rows of the table (customers, where it is the customer table).
    #[default]
    Rows,
    Customers,
    /// Distinct orders: what frequency counts.
    Orders,
    /// Net spend.
    Revenue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Correlation {
    #[default]
    Pearson,
    Spearman,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Period {
    Day,
    Week,
    #[default]
    Month,
}

/// How values are found to lie far from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum FarRule {
    /// More than 1.5 interquartile ranges beyond the quartiles (Tukey).
    #[default]
    Iqr,
    /// Robust z-score: 0.6745 · |x − median| / MAD above 3.5 (Iglewicz and Hoaglin 1993).
    RobustZ,
    /// Few values of the same group nearby: far from its own group's median by the group's own spread.
    ByGroup,
}

/// One question. Columns are given by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Question {
    /// Statistics of every column.
    Summaries {
        source: Source,
    },
    Histogram {
        source: Source,
        column: String,
        bins: u32,
        log_x: bool,
        log_y: bool,
    },
    /// Box plots of `column`, one per value of `by` (the most frequent ones), or one in all.
    Boxes {
        source: Source,
        column: String,
        by: Option<String>,
        log: bool,
    },
    Scatter {
        source: Source,
        x: String,
        y: String,
        color: Option<String>,
        log_x: bool,
        log_y: bool,
    },
    Correlations {
        source: Source,
        method: Correlation,
    },
    /// Which columns lack values, and which lack them together.
    Missing {
        source: Source,
    },
    Outliers {
        source: Source,
        column: String,
        rule: FarRule,
        by: Option<String>,
    },
    /// The most frequent values of a column.
    Categories {
        source: Source,
        column: String,
        measure: Measure,
        most: u32,
    },
    Timeline {
        period: Period,
        measure: Measure,
    },
    WeekHours {
        measure: Measure,
    },
    /// First-purchase month × months since.
    Cohorts {
        measure: Measure,
        share: bool,
    },
    /// Share of revenue that the best customers bring.
    Pareto,
}

/// One column in numbers.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    pub name: String,
    /// What it is for people: a label, or the name again.
    pub label: String,
    pub definition: String,
    pub kind: SummaryKind,
    /// Rows with a value, and without.
    pub count: usize,
    pub missing: usize,
    pub distinct: usize,
    /// Of numbers (of days since 1970-01-01 for dates); NaN where there is none. `sd` has ddof 1, as in pandas; `skew`
    /// is the adjusted Fisher–Pearson coefficient G1, as in pandas.
    pub mean: f64,
    pub sd: f64,
    pub min: f64,
    pub q25: f64,
    pub median: f64,
    pub q75: f64,
    pub max: f64,
    pub skew: f64,
    pub sum: f64,
    /// Of words: the most frequent value and its rows.
    pub top: Option<(String, usize)>,
    /// A small histogram, counts only; empty for words.
    pub spark: Vec<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SummaryKind {
    #[default]
    Number,
    Date,
    Words,
}

/// What comes back.
#[derive(Debug, Clone)]
pub enum Answer {
    Summaries(Arc<Vec<Summary>>),
    Chart(Arc<Chart>),
    /// Two pictures that belong together, such as the missing-data matrix and its patterns.
    Charts(Vec<Arc<Chart>>),
}
