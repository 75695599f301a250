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

/// Seconds since 1970-01-01 of a date as text, without a time zone; `None` where the text is not a date in
/// this style.
pub fn parse(text: &str, style: &DateStyle) -> Option<i64> {
    if *style != DateStyle::YearFirst {
        return None;
    }
    let text = text.trim();
    let time = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S"]
        .iter()
        .find_map(|f| chrono::NaiveDateTime::parse_from_str(text, f).ok())
        .or_else(|| chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0))?;
    Some(time.and_utc().timestamp())
}
