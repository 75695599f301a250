//! The project in the window: opened, saved, kept from loss, named.

mod keeper;
mod keeping;
mod opening;
mod recovery;
mod saving;
#[cfg(test)]
mod tests;
mod threads;
mod view;

use std::path::PathBuf;
use std::sync::Arc;

pub(super) use keeping::Keeping;
pub use recovery::Unsaved;
pub(super) use threads::{Done, Errand, Threads, Ticket};

use super::{Action, App, Run, Runs};
use crate::recipe::Recipe;

/// What the window knows of the project that it has open.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProjectState {
    /// Its file; `None` for an analysis that was not saved yet.
    pub path: Option<PathBuf>,
    /// The user's own text.
    pub notes: String,
    /// Whether the data are kept inside.
    pub data_inside: bool,
    /// Whether there are changes that the file does not have.
    pub unsaved: bool,
    /// Being opened or saved.
    pub busy: bool,
    /// Data files of the recipe in force that are gone.
    pub missing: Vec<PathBuf>,
    /// Work that is not saved and belongs to no window: offered to be recovered.
    pub left_behind: Vec<Unsaved>,
}

impl ProjectState {
    /// What people call it: the name of its file, without the ending.
    pub fn name(&self) -> Option<String> {
        self.path.as_ref().and_then(|p| p.file_stem()).map(|s| s.to_string_lossy().into_owned())
    }
}

/// What is asked about projects.
#[derive(Debug, Clone)]
pub enum ProjectAction {
    /// Save into this file, and go on with it.
    SaveAs(PathBuf),
    /// Go on with unsaved work.
    Recover(PathBuf),
    /// Throw it away.
    Discard(PathBuf),
    /// Ask again at the next start.
    Later,
    Notes(String),
    /// Whether the data are kept inside from the next saving on.
    DataInside(bool),
    /// Another place for a data file that is gone; without a path the system asks for one.
    Relink(PathBuf, Option<PathBuf>),
}

impl App {
    /// What the window calls the project: its name, or that of the first data file; `None` before anything is open.
    pub fn project_name(&self) -> Option<String> {
        let file = |r: &Arc<Recipe>| Some(r.input.files.first()?.file_name()?.to_string_lossy().into_owned());
        self.session.recipe().and_then(|recipe| self.project.name().or_else(|| file(recipe)))
    }

    pub(super) fn project_action(&mut self, action: ProjectAction) {
        match action {
            ProjectAction::SaveAs(path) => self.save_project(path, None),
            ProjectAction::Recover(path) => self.recover(&path),
            ProjectAction::Discard(path) => self.discard(path),
            ProjectAction::Later => self.project.left_behind.clear(),
            ProjectAction::Notes(notes) => self.project.notes = notes,
            ProjectAction::DataInside(false) if self.reads_from_the_cache() => self.tell(
                false,
                "These data exist only inside this project; export or move them to a folder of yours first.".into(),
            ),
            ProjectAction::DataInside(inside) => self.project.data_inside = inside,
            ProjectAction::Relink(gone, None) => self.dialogs.relink(gone),
            ProjectAction::Relink(gone, Some(path)) => self.relink(&gone, &path),
        }
    }

    /// Takes in what the threads have done.
    pub(super) fn project_done(&mut self, done: Done) {
        match done {
            Done::Saved { ticket, path, result } => self.saved(&ticket, path, result),
            Done::Opened { ticket, path, known, result } => self.opened(&ticket, path, known, result),
            Done::Recovered { ticket, unsaved, result } => self.recovered(&ticket, unsaved, result),
            Done::Looked(ticket, result) => self.looked(&ticket, result),
            Done::Compared(ticket, result) => self.compared(&ticket, result),
            Done::NotKept(error) => {
                self.keeping.failed = true;
                self.tell(false, format!("Unsaved work cannot be written down, so save it yourself. {error}"));
            }
            Done::Kept => {
                self.keeping.failed = false;
                self.tell(true, "Unsaved work is written down again.".into());
            }
        }
    }
}

impl Runs {
    /// Those that the user said something of: they belong to the project.
    pub(super) fn kept(&self) -> impl Iterator<Item = &Run> {
        self.list().iter().filter(|r| r.kept || !r.label.is_empty())
    }
}

impl From<ProjectAction> for Action {
    fn from(action: ProjectAction) -> Action {
        Action::Project(action)
    }
}
