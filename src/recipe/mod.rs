//! The recipe: everything the user decides, as one small serialisable value.
//!
//! Findings are a pure function of a recipe and the files it names. The window and the command line
//! hand the same recipe to the same pipeline, undo is a snapshot of it, and a saved analysis is its text.

mod choices;
mod cluster;
mod file;
mod formula;
mod groups;
mod history;
mod outputs;
mod rfm_check;
mod segments;
mod steps;
mod toml_lines;

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub use choices::{
    Algorithm, Binning, Combine, Covariance, FillMissing, FrequencyUnit, KChoice, KCriterion, Linkage, MapAxes,
    Returns, Scale, ScoreCuts, TableShape, Transform,
};
pub use cluster::Cluster;
pub use file::FORMAT_VERSION;
pub use formula::{Aggregation, BinMethod, Calculation, DatePart, Formula, Operand, Operation};
pub use groups::{Customers, Group, IdList};
pub use history::{Entry, History};
pub use outputs::{CsvFor, Dialect, Numbers, Outputs, Presentation, TableFormat};
pub use segments::{NamedSegment, Segments};
pub use steps::{
    CellType, CleanStep, Compare, Decimal, KeepRow, LetterCase, MissingAction, OutlierAction, OutlierRule, StepKind,
};

/// A whole analysis. `Default` is what the program does when nobody decided anything.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recipe {
    /// Version of this file format; see [`FORMAT_VERSION`].
    pub version: u32,
    pub input: Input,
    pub roles: Roles,
    pub clean: Clean,
    pub customers: Customers,
    pub rfm: Rfm,
    pub features: Features,
    pub cluster: Cluster,
    pub segments: Segments,
    pub outputs: Outputs,
    pub presentation: Presentation,
}

/// Which files, and how to read them. `None` means: found by looking at the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Input {
    pub files: Vec<PathBuf>,
    /// Sheet of a workbook by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// Delimiter of a text file, one ASCII character.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Encoding label such as `utf-8` or `windows-1252`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
    /// Character around cells that may hold the delimiter; empty for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// Character that makes the quote after it part of the text; empty where a doubled quote does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escape: Option<String>,
    /// Lines (rows of a sheet) above the table to leave out: titles, notes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skip_rows: Option<usize>,
    /// Whether the first row holds the column names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// How many rows the column names are spread over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header_rows: Option<usize>,
    /// Decimal sign of numbers, `.` or `,`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decimal: Option<char>,
    /// What several files are to each other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub combine: Option<Combine>,
    /// Keep rows that only add up the others; `None`: they are left out where they are certain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep_totals: Option<bool>,
}

/// Which column plays which role, by column name. `None` means: guessed; an empty name means: no column.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Roles {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub invoice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// Money of the row as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<String>,
    /// Money per piece; with a quantity and no amount, the amount is quantity × unit price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<String>,
    /// What kind of thing the product is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// What was taken off the price: money, percent or a code; zero or empty for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub discount: Option<String>,
    /// How the date column is written: `day_first` or `month_first` where only the order of day and month is open, or
    /// strftime codes such as `%d/%m/%Y %H:%M`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_format: Option<String>,
    /// What one row stands for; `None`: found by looking at the columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shape: Option<TableShape>,
    /// Tables with one row per customer: days since the last purchase, or the date of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recency: Option<String>,
    /// Tables with one row per customer: number of purchases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency: Option<String>,
    /// Tables with one row per customer: money spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monetary: Option<String>,
}

/// What is removed before anything is counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clean {
    /// Drop rows that equal an earlier row in every column of the file.
    pub drop_duplicates: bool,
    /// What to do with returns and cancellations.
    pub returns: Returns,
    /// Leave out customers whose net spend is zero or less (they cannot be put on a log scale).
    pub set_aside_not_positive: bool,
    /// What is done to the table before its columns get their roles, in this order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<CleanStep>,
}

/// How recency, frequency and monetary are counted and scored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rfm {
    /// The day on which the analysis looks back; `None`: the day after the last transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<NaiveDate>,
    /// Look back this many days only; `None`: the whole file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window_days: Option<u32>,
    /// Keep customers without a purchase in the window, with recency = window + 1, frequency 0, monetary 0.
    pub keep_inactive: bool,
    pub frequency: FrequencyUnit,
    /// Number of scores per axis, 3–10.
    pub scores: u32,
    pub score_cuts: ScoreCuts,
    /// Whether each axis is ranked alone.
    pub binning: Binning,
    /// Cut points given by hand, ascending, in the feature's own unit; `None`: by `score_cuts`. There are `scores − 1`
    /// of each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recency_cuts: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frequency_cuts: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monetary_cuts: Option<Vec<f64>>,
    /// Which map leads from scores to segments: the name of one that comes with the program.
    pub map: String,
    /// A map of the user's own; it counts in place of `map`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own_map: Option<crate::rfm::MapFile>,
    /// Another snapshot date, to compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compare_to: Option<NaiveDate>,
}

/// How the features are prepared for clustering.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Features {
    /// Names of the features that customers are clustered by; `None`: recency, frequency and monetary where there are
    /// such, else the columns of numbers that tell customers apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<Vec<String>>,
    /// For every feature that has no other choice of its own.
    pub transform: Transform,
    pub scale: Scale,
    /// Choices for single features, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub each: BTreeMap<String, FeatureChoice>,
    /// Features that the user defined, in the order in which they are worked out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub calculate: Vec<Calculation>,
}

/// How one feature is prepared, where it differs from the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FeatureChoice {
    /// How much it counts: the prepared values are multiplied by the square root of it, so that a feature of weight 2
    /// counts in squared distances as if it were there twice. Above zero.
    pub weight: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transform: Option<Transform>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// What customers without a value count as; unset: clustering stops and says how many there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub missing: Option<FillMissing>,
}

impl Default for FeatureChoice {
    fn default() -> Self {
        FeatureChoice { weight: 1.0, transform: None, scale: None, missing: None }
    }
}

impl Default for Recipe {
    fn default() -> Self {
        Recipe {
            version: FORMAT_VERSION,
            input: Input::default(),
            roles: Roles::default(),
            clean: Clean::default(),
            customers: Customers::default(),
            rfm: Rfm::default(),
            features: Features::default(),
            cluster: Cluster::default(),
            segments: Segments::default(),
            outputs: Outputs::default(),
            presentation: Presentation::default(),
        }
    }
}

impl Default for Clean {
    fn default() -> Self {
        Clean { drop_duplicates: false, returns: Returns::Net, set_aside_not_positive: true, steps: Vec::new() }
    }
}

impl Default for Rfm {
    fn default() -> Self {
        Rfm {
            snapshot: None,
            window_days: None,
            keep_inactive: false,
            frequency: FrequencyUnit::Auto,
            scores: 5,
            score_cuts: ScoreCuts::Quantile,
            binning: Binning::Independent,
            recency_cuts: None,
            frequency_cuts: None,
            monetary_cuts: None,
            map: "grid25".into(),
            own_map: None,
            compare_to: None,
        }
    }
}

impl Default for Features {
    fn default() -> Self {
        Features {
            columns: None,
            transform: Transform::Log1p,
            scale: Scale::ZScore,
            each: BTreeMap::new(),
            calculate: Vec::new(),
        }
    }
}

impl Recipe {
    /// The default recipe for one file.
    pub fn for_file(path: impl Into<PathBuf>) -> Self {
        Recipe::for_files([path.into()])
    }

    /// The default recipe for several files that belong together.
    pub fn for_files(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        let files = paths.into_iter().map(from_anywhere).collect();
        Recipe { input: Input { files, ..Input::default() }, ..Recipe::default() }
    }
}

/// The path of an existing file so that it holds from any folder; others stay as they were given, for the error that
/// names them.
pub fn from_anywhere(path: PathBuf) -> PathBuf {
    match std::path::absolute(&path) {
        Ok(whole) if whole.exists() => whole,
        _ => path,
    }
}
