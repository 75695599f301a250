//! What the values of a column are, decided from all of its distinct values.

use serde::Serialize;

use super::dates::DateStyle;

/// The type of a column.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ColumnKind {
    /// No value at all.
    Empty,
    Text,
    Number {
        /// Whether every number is whole.
        whole: bool,
    },
    Date {
        style: DateStyle,
        /// Whether any value has a time of day other than midnight.
        time: bool,
    },
}

impl ColumnKind {
    /// One or two words for a chip.
    pub fn label(&self) -> &'static str {
        match self {
            ColumnKind::Empty => "empty",
            ColumnKind::Text => "text",
            ColumnKind::Number { whole: true } => "whole number",
            ColumnKind::Number { whole: false } => "number",
            ColumnKind::Date { time: false, .. } => "date",
            ColumnKind::Date { time: true, .. } => "date and time",
        }
    }
}

/// The number a text stands for: digits with an optional sign, decimal point, exponent, thousands
/// commas in their places, a currency sign around it, or accountants' parentheses.
pub fn parse_number(text: &str) -> Option<f64> {
    text.trim().parse().ok()
}
