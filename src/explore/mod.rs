//! Statistics of columns for looking at.

mod histogram;
mod question;
mod standin;

pub use histogram::{Histogram, histogram};
pub use question::{Answer, Correlation, FarRule, Measure, Period, Question, Source, Subject, Summary, SummaryKind};
pub use standin::{answer, pick};
