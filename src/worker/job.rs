//! What the window asks of the worker.

use std::path::PathBuf;
use std::sync::Arc;

use crate::export::ExportKind;
use crate::intake::IntakeOut;
use crate::pipeline::Findings;
use crate::recipe::Recipe;

/// One request. Each variant says when it may be dropped.
pub enum Job {
    /// Bring findings up to this recipe. Only the newest matters: an older one that waits is dropped, one
    /// that runs is stopped as soon as it computes something that the newest does not need.
    Analyse(Arc<Recipe>),
    /// Write findings to disk. Never dropped, never merged: the user was promised these files.
    Export { findings: Arc<Findings>, target: ExportTarget },
    /// Write a recipe whose analysis is not done or cannot be done. Never dropped either.
    SaveRecipe { recipe: Arc<Recipe>, path: PathBuf },
    /// Write the rows of the files that do not fit. Never dropped.
    SaveRejects { intake: Arc<IntakeOut>, path: PathBuf },
}

/// What to write and where.
#[derive(Debug, Clone, PartialEq)]
pub enum ExportTarget {
    /// Every output into a folder, all or nothing.
    Folder(PathBuf),
    /// One output into a file.
    File(ExportKind, PathBuf),
    /// The rows that do not fit the table, as CSV. Needs no finished analysis.
    Rejects(PathBuf),
}
