//! What stands in `project.json`. Fields that this program does not know are passed over.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Stamp;

/// The name of the file in the zip.
pub(super) const FORM: &str = "project.json";

#[derive(Serialize, Deserialize)]
pub(super) struct Form {
    pub version: u32,
    /// The version of the program that wrote it.
    #[serde(default)]
    pub program: String,
    pub saved: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<PathBuf>,
    /// How that file was when the work on it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin_known: Option<Stamp>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    pub history: HistoryForm,
    #[serde(default)]
    pub runs: Vec<RunForm>,
    #[serde(default)]
    pub view: Value,
    /// Every file that a recipe names.
    #[serde(default)]
    pub files: Vec<FileForm>,
    #[serde(default)]
    pub data_inside: bool,
    /// How many lists lie in `lists/` and in `ids/`.
    #[serde(default)]
    pub lists: usize,
    #[serde(default)]
    pub ids: usize,
}

#[derive(Serialize, Deserialize)]
pub(super) struct HistoryForm {
    /// The entry in force, from 0.
    pub at: usize,
    pub entries: Vec<EntryForm>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct EntryForm {
    pub label: String,
    /// The sections of the recipe that differ from the entry before; all of them in the first.
    pub set: Map<String, Value>,
}

#[derive(Serialize, Deserialize)]
pub(super) struct RunForm {
    pub number: u64,
    pub label: String,
    pub kept: bool,
    pub ended: DateTime<Utc>,
    pub secs: Option<Value>,
    /// The sections of its recipe that differ from the run before, from the recipe in force for the first.
    pub set: Map<String, Value>,
    /// k and the criteria by name.
    pub scores: Map<String, Value>,
    pub features: Vec<String>,
    pub segments: Vec<String>,
    /// Which of the lists of customers it is of.
    pub ids: usize,
    pub customers: usize,
    /// Rows and columns of the centroids.
    pub centroids: (usize, usize),
    pub sizes: Vec<usize>,
    pub inertia: Value,
    pub noise: Option<u32>,
    /// Under which its findings are known.
    pub key: u64,
    pub entry: (usize, String),
}

#[derive(Serialize, Deserialize)]
pub(super) struct FileForm {
    /// As recipes have it: from the project's folder where it lies below.
    pub path: PathBuf,
    /// Where it lay when the project was saved.
    pub was: PathBuf,
    /// Its name in the zip, where it is kept inside, with size and time in nanoseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inside: Option<Inside>,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Inside {
    pub name: String,
    pub bytes: u64,
    pub modified: u64,
}
