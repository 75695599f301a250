//! Dates as files write them: the order of day, month and year is decided for a column as a whole.

use serde::Serialize;

/// How a column writes its dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "order", content = "format", rename_all = "snake_case")]
pub enum DateStyle {
    /// Year, month, day: `2011-12-09`, `2011/12/9 8:26`, `2011-12-09T08:26:00Z`.
    YearFirst,
    /// Month, day, year: `12/9/2011 8:26`.
    MonthFirst,
    /// Day, month, year: `9.12.2011`.
    DayFirst,
    /// Eight digits: `20111209`.
    Compact,
    /// The user's own strftime format.
    Custom(String),
}
