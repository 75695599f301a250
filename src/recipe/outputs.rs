//! What is written beside the usual files, and how it is presented.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A dialect of SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dialect {
    DuckDb,
    Postgres,
    Spark,
    BigQuery,
}

impl Dialect {
    pub const ALL: [Dialect; 4] = [Dialect::DuckDb, Dialect::Postgres, Dialect::Spark, Dialect::BigQuery];

    /// Its name in flags, recipes and file names.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::DuckDb => "duckdb",
            Dialect::Postgres => "postgres",
            Dialect::Spark => "spark",
            Dialect::BigQuery => "bigquery",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            Dialect::DuckDb => "DuckDB",
            Dialect::Postgres => "PostgreSQL",
            Dialect::Spark => "Spark SQL",
            Dialect::BigQuery => "BigQuery",
        }
    }
}

impl std::str::FromStr for Dialect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.trim().to_lowercase();
        let found = Dialect::ALL.into_iter().find(|d| d.name() == wanted);
        found.ok_or_else(|| format!("{text:?} is no dialect; write duckdb, postgres, spark or bigquery"))
    }
}

/// A further format of tables, beside CSV.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TableFormat {
    Parquet,
    Json,
}

impl TableFormat {
    pub const ALL: [TableFormat; 2] = [TableFormat::Parquet, TableFormat::Json];

    /// Its name in flags and recipes.
    pub fn name(self) -> &'static str {
        match self {
            TableFormat::Parquet => "parquet",
            TableFormat::Json => "json",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            TableFormat::Parquet => "Parquet",
            TableFormat::Json => "JSON",
        }
    }
}

impl std::str::FromStr for TableFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.trim().to_lowercase();
        let found = TableFormat::ALL.into_iter().find(|f| f.name() == wanted);
        found.ok_or_else(|| format!("{text:?} is no further format; write parquet or json (CSV is always written)"))
    }
}

/// For whom CSV files are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CsvFor {
    /// Programs: comma, point, UTF-8 without a mark, texts as they are.
    #[default]
    Programs,
    /// Excel of an English-speaking place: comma and point, a byte order mark, texts that look like formulas made harmless.
    Excel,
    /// Excel of a place that writes 1.234,56: semicolon and decimal comma, otherwise likewise.
    ExcelSemicolon,
}

impl CsvFor {
    pub const ALL: [CsvFor; 3] = [CsvFor::Programs, CsvFor::Excel, CsvFor::ExcelSemicolon];

    /// Its name in flags.
    pub fn name(self) -> &'static str {
        match self {
            CsvFor::Programs => "programs",
            CsvFor::Excel => "excel",
            CsvFor::ExcelSemicolon => "excel-semicolon",
        }
    }

    /// Its name for people.
    pub fn label(self) -> &'static str {
        match self {
            CsvFor::Programs => "Programs",
            CsvFor::Excel => "Excel, 1234.5",
            CsvFor::ExcelSemicolon => "Excel, 1234,5",
        }
    }

    /// One sentence that explains the choice.
    pub fn hint(self) -> &'static str {
        match self {
            CsvFor::Programs => {
                "Comma and decimal point, UTF-8 without a mark, every text exactly as it is in the data, so that ids join with other systems."
            }
            CsvFor::Excel => {
                "For Excel where numbers are written 1,234.5: comma, a byte order mark, ids kept as text, texts that look like formulas made harmless."
            }
            CsvFor::ExcelSemicolon => {
                "For Excel where numbers are written 1.234,5: semicolon and decimal comma, a byte order mark, ids kept as text, texts that look like formulas made harmless."
            }
        }
    }
}

impl std::str::FromStr for CsvFor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.trim().to_lowercase().replace('_', "-");
        let found = CsvFor::ALL.into_iter().find(|c| c.name() == wanted);
        found.ok_or_else(|| format!("{text:?} is none of programs, excel, excel-semicolon"))
    }
}

/// What is written beside the usual files of a run.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outputs {
    /// The segmentation as a query, one file per dialect.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sql: Vec<Dialect>,
    /// Tables of customers, segments and cut points in these formats too.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub formats: Vec<TableFormat>,
    /// A file of customers per segment, beside the one of all.
    pub per_segment: bool,
    /// A table with one row per transaction and its customer's segment.
    pub per_transaction: bool,
    pub csv: CsvFor,
}

/// How numbers are written for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Numbers {
    /// 1,234,567.89
    #[default]
    Comma,
    /// 1.234.567,89
    Point,
    /// 1 234 567,89
    Space,
    /// 1’234’567.89
    Apostrophe,
}

impl Numbers {
    pub const ALL: [Numbers; 4] = [Numbers::Comma, Numbers::Point, Numbers::Space, Numbers::Apostrophe];

    /// The sign before decimals.
    pub fn decimal(self) -> char {
        match self {
            Numbers::Comma | Numbers::Apostrophe => '.',
            Numbers::Point | Numbers::Space => ',',
        }
    }

    /// Its name in flags and recipes.
    pub fn name(self) -> &'static str {
        match self {
            Numbers::Comma => "comma",
            Numbers::Point => "point",
            Numbers::Space => "space",
            Numbers::Apostrophe => "apostrophe",
        }
    }

    /// An example, which is also its name for people.
    pub fn example(self) -> &'static str {
        match self {
            Numbers::Comma => "1,234,567.89",
            Numbers::Point => "1.234.567,89",
            Numbers::Space => "1\u{202f}234\u{202f}567,89",
            Numbers::Apostrophe => "1’234’567.89",
        }
    }
}

impl std::str::FromStr for Numbers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = text.trim().to_lowercase();
        let found = Numbers::ALL.into_iter().find(|n| n.name() == wanted);
        found.ok_or_else(|| format!("{text:?} is none of comma, point, space, apostrophe"))
    }
}

/// How what was found is presented.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Presentation {
    /// Whose report it is; empty for nobody's.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub company: String,
    /// A picture (PNG, JPEG or SVG) for the head of the report.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logo: Option<PathBuf>,
    /// The sign of the currency; unset: that of the file, if it has one. Empty: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    pub numbers: Numbers,
}
