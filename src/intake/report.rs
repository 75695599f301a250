//! What intake says about a file: the facts that the Data panel, `inspect` and `summary.json` show.

use std::path::PathBuf;

use serde::Serialize;

use super::kind::ColumnKind;

/// How a file was read.
#[derive(Debug, Clone, Serialize)]
pub struct InputReport {
    pub path: PathBuf,
    /// `csv`, `xlsx`, `xls`, `xlsb`, `ods` or `parquet`.
    pub format: String,
    /// Text files only, for example `utf-8`.
    pub encoding: Option<String>,
    /// Text files only; `whitespace` for runs of blanks.
    pub delimiter: Option<String>,
    /// Whether the first row was taken as column names.
    pub header: bool,
    /// The sheet that was read, and all sheets of the workbook.
    pub sheet: Option<String>,
    pub sheets: Vec<String>,
    pub bytes: u64,
    pub rows: usize,
    pub columns: usize,
    /// Rows with more or fewer fields than the header; missing fields are read as empty.
    pub ragged_rows: usize,
    /// Rows with a quoted cell that had no end, or went on after it: such rows may be read wrongly.
    pub broken_quotes: usize,
}

/// What is known about a column without looking at single cells.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnReport {
    pub name: String,
    #[serde(flatten)]
    pub kind: ColumnKind,
    /// Rows without a value.
    pub missing: usize,
    /// Distinct values.
    pub distinct: usize,
    pub examples: Vec<String>,
    /// For example `customer_id`; empty where the column has no role.
    pub role: Option<String>,
    /// Why it has that role.
    pub role_reason: Option<String>,
}
