//! Statistics of columns for looking at.

pub mod customers;
mod histogram;
mod question;

pub use histogram::{Histogram, histogram};
pub use question::{Answer, Correlation, FarRule, Measure, Period, Question, Source, Subject, Summary, SummaryKind};
