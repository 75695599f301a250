//! Calculated columns and features: what is worked out from what, as the user wrote it or filled it into a form.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::choices::choice;

/// One calculation: a column of the table (as a cleaning step), or a feature of every customer.
///
/// Columns are given by name. A feature is worked out from features by name; from rows only within aggregates, over the
/// transactions that recency, frequency and monetary are counted from. Comparisons give 1 or 0, the time between dates
/// days. What a formula cannot work out for a row is missing there; a formula that makes no sense
/// (a column that is not there, text among numbers) is an error that says where.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case", deny_unknown_fields)]
pub enum Formula {
    /// A polars SQL expression over the columns, for example `Quantity * UnitPrice`. As a feature of customers it may
    /// use features (`monetary / frequency`), or columns of the table within aggregates (`avg(UnitPrice)`).
    Expression { expression: String },
    /// Two columns or numbers and what is done with them.
    Arithmetic { left: Operand, op: Operation, right: Operand },
    /// Texts of several columns, one after the other; missing ones are passed over.
    JoinText {
        columns: Vec<String>,
        #[serde(default)]
        separator: String,
    },
    /// Numbers into bins. A value equal to an edge belongs to the bin below it, so equal values share a bin.
    Bins {
        column: String,
        method: BinMethod,
        /// How many, for equal width and quantiles.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        bins: Option<u32>,
        /// Ascending inner edges, for [`BinMethod::Edges`].
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        edges: Vec<f64>,
        /// One per bin; none: the bin's range in words as a column, its number from 1 as a feature.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        labels: Vec<String>,
    },
    /// A part of a date.
    DatePart { column: String, part: DatePart },
    /// Days from a date to another one; negative for later dates.
    DaysSince {
        column: String,
        /// The day to count to; unset: the snapshot date, or for a column of the table, which is worked out before
        /// there is one, the day after its last date.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<NaiveDate>,
    },
    /// One column of 0 and 1 per value, named `name_value`.
    OneHot {
        column: String,
        /// The values that get a column; empty: the most frequent ones.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        values: Vec<String>,
        /// How many of the most frequent ones; unset: 10.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        most: Option<u32>,
    },
    /// The place of a value in an order, from 1; values that are not in it are missing.
    Ordinal { column: String, order: Vec<String> },
    /// Rows of a customer into one value; for customers only.
    Aggregate {
        column: String,
        how: Aggregation,
        /// For [`Aggregation::ShareOf`]: the value whose share of the customer's rows is wanted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        value: Option<String>,
    },
}

impl Formula {
    /// The names of the columns it says outright; those within an expression are found when it is read.
    pub fn columns(&self) -> Vec<&str> {
        match self {
            Formula::Expression { .. } => Vec::new(),
            Formula::Arithmetic { left, right, .. } => [left, right]
                .into_iter()
                .filter_map(|o| match o {
                    Operand::Column(name) => Some(name.as_str()),
                    Operand::Number(_) => None,
                })
                .collect(),
            Formula::JoinText { columns, .. } => columns.iter().map(String::as_str).collect(),
            Formula::Bins { column, .. }
            | Formula::DatePart { column, .. }
            | Formula::DaysSince { column, .. }
            | Formula::OneHot { column, .. }
            | Formula::Ordinal { column, .. }
            | Formula::Aggregate { column, .. } => vec![column],
        }
    }

    /// What it works out, in words on one line.
    pub fn sentence(&self) -> String {
        let operand = |o: &Operand| match o {
            Operand::Column(name) => name.clone(),
            Operand::Number(value) => value.to_string(),
        };
        match self {
            Formula::Expression { expression } => expression.clone(),
            Formula::Arithmetic { left, op, right } => format!("{} {} {}", operand(left), op.label(), operand(right)),
            Formula::JoinText { columns, .. } => format!("{} as one text", columns.join(" and ")),
            Formula::Bins { column, method, .. } => format!("bins of {column}, {}", method.label().to_lowercase()),
            Formula::DatePart { column, part } => format!("{} of {column}", part.label().to_lowercase()),
            Formula::DaysSince { column, until: Some(day) } => format!("days from {column} to {day}"),
            Formula::DaysSince { column, until: None } => format!("days from {column} to the snapshot"),
            Formula::OneHot { column, .. } => format!("a column of 0 and 1 per value of {column}"),
            Formula::Ordinal { column, .. } => format!("place of {column} in its order"),
            Formula::Aggregate { column, how: Aggregation::ShareOf, value } => {
                format!("share of {:?} in {column}", value.as_deref().unwrap_or(""))
            }
            Formula::Aggregate { column, how, .. } => {
                format!("{} of {column} per customer", how.label().to_lowercase())
            }
        }
    }
}

/// A column or a number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Operand {
    Number(f64),
    Column(String),
}

choice! {
    /// What is done with two numbers.
    Operation {
        Add = "add", "+", "The sum.";
        Subtract = "subtract", "−", "The first minus the second.";
        Multiply = "multiply", "×", "The product.";
        Divide = "divide", "÷", "The first divided by the second; missing where the second is zero.";
    }
}

choice! {
    /// Where the edges of bins lie.
    BinMethod {
        EqualWidth = "equal_width", "Equal width", "Bins of the same width from the smallest to the largest value.";
        Quantile = "quantile", "Quantiles", "Bins with as many values each as ties allow; type-7 quantiles.";
        Edges = "edges", "Own edges", "Edges that you give.";
    }
}

choice! {
    /// A part of a date.
    DatePart {
        Year = "year", "Year", "For example 2011.";
        Quarter = "quarter", "Quarter", "1 to 4.";
        Month = "month", "Month", "1 to 12.";
        YearMonth = "year_month", "Year and month", "For example 2011-12.";
        Week = "week", "Week", "ISO week, 1 to 53.";
        Day = "day", "Day of month", "1 to 31.";
        Weekday = "weekday", "Weekday", "Monday 1 to Sunday 7.";
        Hour = "hour", "Hour", "0 to 23, where there is a time.";
    }
}

choice! {
    /// How the rows of a customer become one value.
    Aggregation {
        Sum = "sum", "Sum", "The sum of the values, exact for money.";
        Mean = "mean", "Mean", "The mean of the values.";
        Median = "median", "Median", "The middle value.";
        Min = "min", "Smallest", "The smallest value.";
        Max = "max", "Largest", "The largest value.";
        Count = "count", "Count", "Rows with a value.";
        Distinct = "distinct", "Distinct", "Different values.";
        First = "first", "First", "The value of the earliest row that has one; among rows of one moment the smallest.";
        Last = "last", "Last", "The value of the latest row that has one; among rows of one moment the smallest.";
        Mode = "mode", "Most frequent", "The value of most rows; the smallest of several.";
        ShareOf = "share_of", "Share of a value", "Which part of the rows has a given value, 0 to 1.";
    }
}

/// A feature of every customer that the user defined.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Calculation {
    /// Its column name in outputs.
    pub name: String,
    #[serde(flatten)]
    pub formula: Formula,
}
