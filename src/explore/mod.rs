//! Answers to questions about a table: statistics of its columns, and charts.
//!
//! A [`Question`] about a [`Subject`] is a small value; [`answer`] works it out, [`pick`] says which customers a mark,
//! a stretch or an area of the answer stands for. Answers do not depend on the order of rows or the number of threads.

mod answer;
mod bins;
mod boxes;
mod categories;
mod cluster_order;
mod cohorts;
mod columns;
mod correlations;
pub mod customers;
mod distribution;
mod groups;
mod histogram;
mod histogram_chart;
mod missing;
mod outliers;
mod pareto;
mod pick;
mod question;
mod scatter;
mod sort;
mod summaries;
mod tally;
mod timeline;
mod values;
mod view;
mod week_hours;
mod words;

pub use answer::answer;
pub use columns::{ColumnInfo, columns};
pub use histogram::{Histogram, histogram};
pub use pick::pick;
pub use question::{Answer, Correlation, FarRule, Measure, Period, Question, Source, Subject, Summary, SummaryKind};
