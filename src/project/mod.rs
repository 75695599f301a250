//! Projects: an analysis with everything worth finding again, as one `.quintile` file.
//!
//! A project is a zip. `project.json` holds the history of decisions (the first recipe whole, then only the sections that
//! each decision changed), the kept runs, what was looked at, and notes. Long lists of customers lie beside it, each once,
//! and so do the data, where they are asked for. Files below the project's folder are named from there, so that the
//! folder can be moved. A project is written whole or not at all, and is on the disk when that is said.

mod compare;
mod data;
mod drift;
mod form;
mod history;
mod lists;
mod open;
pub mod remap;
mod run;
mod save;
mod values;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::{DateTime, Utc};

pub use compare::{Comparison, Group, Move, Side, Size, compare};
pub use data::Stamp;
pub use drift::{Drift, Reading, index_of, stability_index};
pub use open::{Glance, glance, open, recipe_in};
pub use run::Run;
pub use save::{save, save_over, save_work};

use crate::recipe::History;

/// The ending of project files.
pub const ENDING: &str = "quintile";

/// Version of the format that this program writes. A file with a larger number is refused.
pub const FORMAT_VERSION: u32 = 1;

/// Whether a path is called like a project.
pub fn is_project(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case(ENDING))
}

/// Everything that a project file holds but the data.
#[derive(Debug, Clone)]
pub struct Project {
    pub history: History,
    /// Runs that the user kept or named.
    pub runs: Arc<Vec<Run>>,
    /// What was looked at; the window's own words.
    pub view: serde_json::Value,
    /// The user's own text.
    pub notes: String,
    /// Whether the files that the recipe in force reads are kept inside.
    pub data_inside: bool,
    /// For work that was not saved: the project that it belongs to; `None` where it never was one.
    pub origin: Option<Origin>,
}

/// The project that work belongs to which was not saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    pub path: PathBuf,
    /// How its file was when it was last read or written by whoever did the work; `None` where that is not known.
    pub known: Option<Stamp>,
}

/// A project that was read.
#[derive(Debug, Clone)]
pub struct Opened {
    pub project: Project,
    pub saved: DateTime<Utc>,
    /// Files that were not where they had been and come from within the project, where they lie now.
    pub unpacked: Vec<PathBuf>,
    /// Files of the recipe in force that are nowhere.
    pub missing: Vec<PathBuf>,
}
