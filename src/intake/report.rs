//! What intake says about a file: the facts that the Data panel, `inspect` and `summary.json` show.

use std::path::PathBuf;

use serde::Serialize;

use super::kind::ColumnKind;

/// How a file was read.
#[derive(Debug, Clone, Default, Serialize)]
pub struct InputReport {
    pub path: PathBuf,
    /// `csv`, `jsonl`, `xlsx`, `xls`, `xlsb`, `ods`, `parquet` or `arrow`.
    pub format: String,
    /// What the file was packed in: `gzip` or `zip`, with the name of the member that was read.
    pub compression: Option<String>,
    /// Text files only, for example `utf-8`.
    pub encoding: Option<String>,
    /// Text files only; `whitespace` for runs of blanks.
    pub delimiter: Option<String>,
    /// The character around cells that may hold the delimiter; `None` where no cell is quoted.
    pub quote: Option<char>,
    /// The character before a quote that is part of the text, where it is not the quote itself.
    pub escape: Option<char>,
    /// `LF`, `CRLF`, `CR` or `mixed`.
    pub newline: Option<String>,
    /// Whether the column names come from the file.
    pub header: bool,
    /// Rows that the column names were put together from; 0 without a header.
    pub header_rows: usize,
    /// Line (row of a sheet) of the first header row, or of the first data row without a header; from 1.
    pub first_line: usize,
    /// What stands above the table (title, notes) and was left out: the lines as they are in the file.
    pub preamble: Vec<String>,
    /// What stands below the table (notes, a second table) and was left out.
    pub footer: Vec<String>,
    /// Rows of the table that only add up the others. They are left out unless the recipe keeps them.
    pub totals: Vec<String>,
    /// Lines left out because they start with the comment sign.
    pub comments: usize,
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
    /// The first [`MOST_REJECTS`] rows that do not fit the table, in the order of the file.
    pub rejects: Vec<Reject>,
    /// How many there are in all.
    pub rejected: usize,
    /// What else was done to read the file, as sentences.
    pub notes: Vec<String>,
}

/// Rejects kept with their text; the rest is counted.
pub const MOST_REJECTS: usize = 1000;

/// A row that could not be read as it should: it has another number of fields, or a quote that does not pair.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reject {
    /// Line of the file on which the row starts, from 1; row of the sheet in a workbook.
    pub line: usize,
    /// Row of the table that came of it, from 0; `None` where it was left out.
    pub row: Option<usize>,
    /// The row as it stands in the file, at most some hundred characters of it.
    pub text: String,
    /// What is wrong, and what was done about it.
    pub reason: String,
}

/// What is known about a column without looking at single cells.
#[derive(Debug, Clone, Serialize)]
pub struct ColumnReport {
    pub name: String,
    #[serde(flatten)]
    pub kind: ColumnKind,
    /// How the values are written, in words: `decimal comma, points between thousands, €`. Empty for texts.
    pub written: String,
    /// Rows without a value.
    pub missing: usize,
    /// Their share of all rows, 0–1.
    pub missing_share: f64,
    /// The texts that stand for no value, with their rows, the most common first. An empty cell is the empty text.
    pub missing_tokens: Vec<(String, usize)>,
    /// Distinct values.
    pub distinct: usize,
    /// Distinct values that could mean another number or another day; [`ColumnReport::problems`] say what was assumed.
    pub ambiguous_values: usize,
    pub examples: Vec<String>,
    pub histogram: Distribution,
    /// What is wrong or doubtful about the values, as sentences.
    pub problems: Vec<String>,
    /// For example `customer_id`; empty where the column has no role.
    pub role: Option<String>,
    /// Why it has that role.
    pub role_reason: Option<String>,
    /// 0–1: how sure that is.
    pub role_confidence: Option<f64>,
}

/// How the rows of a column spread over its values.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Distribution {
    /// There is nothing to spread.
    #[default]
    None,
    /// Rows per bin; the bins divide `min`–`max` evenly.
    Numbers { min: f64, max: f64, bins: Vec<usize> },
    /// Rows per bin; the bins divide the time from `first` to `last` evenly.
    Dates { first: String, last: String, bins: Vec<usize> },
    /// The most common values with their rows, and the rows of all others.
    Top { values: Vec<(String, usize)>, others: usize },
}
