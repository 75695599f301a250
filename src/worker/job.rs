//! What the window asks of the worker.

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::export::ExportKind;
use crate::intake::IntakeOut;
use crate::pipeline::Findings;
use crate::recipe::Recipe;

/// One request. Each variant says when it may be dropped.
pub enum Job {
    /// Bring findings up to this recipe. Only the newest matters: an older one that waits is dropped, one
    /// that runs is stopped as soon as it computes something that the newest does not need.
    Analyse(Arc<Recipe>),
    /// Write findings to disk. Never dropped, never merged: the user was promised these files. Raising `cancel` stops it;
    /// what was there before stays then.
    Export { findings: Arc<Findings>, target: ExportTarget, cancel: Arc<AtomicBool> },
    /// Write a recipe whose analysis is not done or cannot be done. Never dropped either.
    SaveRecipe { recipe: Arc<Recipe>, path: PathBuf },
    /// Write the rows of the files that do not fit. Never dropped.
    SaveRejects { intake: Arc<IntakeOut>, path: PathBuf },
    /// Write a file of its own. Never dropped.
    Write { job: FileJob, path: PathBuf },
}

/// What makes the content of a file; runs on the worker.
pub type Fill = dyn Fn(&mut dyn Write) -> io::Result<()> + Send + Sync;

/// A file that a panel offers: a picture, the data of a chart, a list of customers.
#[derive(Clone)]
pub struct FileJob {
    /// The name that is suggested, with its ending.
    pub name: String,
    pub fill: Arc<Fill>,
}

impl FileJob {
    pub fn new(
        name: impl Into<String>,
        fill: impl Fn(&mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        FileJob { name: name.into(), fill: Arc::new(fill) }
    }
}

impl fmt::Debug for FileJob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileJob").field("name", &self.name).finish_non_exhaustive()
    }
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
    /// A file of its own, see [`FileJob`].
    Own(PathBuf),
}
