//! Work that is not saved: written down as it is done, and forgotten once it is saved.

use std::path::PathBuf;
use std::sync::Arc;

use super::keeper::{Keep, Work};
use super::recovery::Recovery;
use super::saving::Saving;
use super::threads::Ticket;
use super::{ProjectState, view};
use crate::app::App;
use crate::project::{Origin, Project, Stamp};
use crate::recipe::{History, Recipe};

/// What differs from one state of the work to the next.
#[derive(Debug, Clone)]
pub(in crate::app) struct Mark {
    entries: usize,
    at: usize,
    recipe: Arc<Recipe>,
    notes: String,
    data_inside: bool,
    /// Numbers and names of those that belong to the project.
    runs: Vec<(u64, String)>,
}

impl PartialEq for Mark {
    /// Recipes are the same where they are the same piece of memory: equal ones of different decisions are two states.
    fn eq(&self, other: &Self) -> bool {
        fn plain(m: &Mark) -> (usize, usize, bool, &String, &Vec<(u64, String)>) {
            (m.entries, m.at, m.data_inside, &m.notes, &m.runs)
        }
        Arc::ptr_eq(&self.recipe, &other.recipe) && plain(self) == plain(other)
    }
}

impl Mark {
    pub fn of(history: &History, notes: &str, data_inside: bool, runs: Vec<(u64, String)>) -> Mark {
        let (entries, at) = history.entries();
        let recipe = history.recipe().clone();
        Mark { entries: entries.len(), at, recipe, notes: notes.to_string(), data_inside, runs }
    }

    /// Whether there is anything to lose: a file that was only opened is opened again in a moment.
    fn is_work(&self) -> bool {
        self.entries > 1 || !self.notes.trim().is_empty() || !self.runs.is_empty()
    }
}

/// How the work is kept.
#[derive(Default)]
pub(in crate::app) struct Keeping {
    pub(super) recovery: Option<Recovery>,
    /// Where the work of this window is written down, once there is any.
    pub(super) file: Option<PathBuf>,
    /// A file that the next writing makes needless.
    pub(super) replaces: Option<PathBuf>,
    /// The state in the project's file.
    pub(super) saved: Option<Mark>,
    /// The state that was last given to be written down. Where that fails, the keeper tries again by itself.
    pub(super) kept: Option<(Mark, view::Kept)>,
    /// What is being saved.
    pub(super) saving: Option<Saving>,
    /// Where to save again once that is done.
    pub(super) again: Vec<PathBuf>,
    /// The project that is being opened.
    pub(super) opening: Option<Ticket>,
    /// Whether the work cannot be written down at present.
    pub(super) failed: bool,
    /// How the project's file was when it was last read or written.
    pub(super) known: Option<Stamp>,
}

impl App {
    /// Writes unsaved work down in `folder` from now on, and offers what earlier windows left there.
    pub fn keep_work_in(&mut self, folder: PathBuf) {
        self.keeping.recovery = Recovery::start(folder);
        if let Some(recovery) = &mut self.keeping.recovery {
            self.project.left_behind = recovery.left_behind();
        } else {
            self.tell(false, "Unsaved work cannot be kept on this computer: save your projects yourself.".into());
        }
    }

    /// The project as it is now; `origin` for work that is only written down.
    pub(super) fn present_project(&self, origin: Option<Origin>) -> Option<Project> {
        Some(Project {
            history: self.session.history()?.clone(),
            runs: Arc::new(self.runs.kept().cloned().collect()),
            view: view::Kept::of(&self.view).to_json(),
            notes: self.project.notes.clone(),
            data_inside: self.project.data_inside,
            origin,
        })
    }

    pub(super) fn mark(&self) -> Option<Mark> {
        let runs = self.runs.kept().map(|r| (r.number, r.label.clone())).collect();
        Some(Mark::of(self.session.history()?, &self.project.notes, self.project.data_inside, runs))
    }

    /// Looks whether the work differs from what is saved and from what is written down, and has it written down.
    pub(in crate::app) fn keep_work(&mut self) {
        let Some(mark) = self.mark() else { return };
        let unsaved = self.keeping.saved.as_ref() != Some(&mark);
        self.project.unsaved = unsaved && (self.project.path.is_some() || mark.is_work());
        if !self.project.unsaved {
            return self.forget_work();
        }
        let Some(recovery) = &mut self.keeping.recovery else { return };
        let state = (mark.clone(), view::Kept::of(&self.view));
        if self.keeping.kept.as_ref() == Some(&state) {
            return;
        }
        let file = self.keeping.file.get_or_insert_with(|| recovery.next_file()).clone();
        let replaces = self.keeping.replaces.take();
        self.keeping.kept = Some(state);
        let origin = self.project.path.clone().map(|path| Origin { path, known: self.keeping.known });
        if let Some(project) = self.present_project(origin) {
            self.threads.keep(Keep::Work(Box::new(Work { project, mark, file, replaces })));
        }
    }

    fn forget_work(&mut self) {
        self.keeping.kept = None;
        for file in [self.keeping.file.take(), self.keeping.replaces.take()].into_iter().flatten() {
            self.threads.keep(Keep::Forget(file));
        }
    }

    /// Before something else is opened: work that is not saved stays written down and is offered again.
    pub(in crate::app) fn set_aside(&mut self) {
        self.keep_work();
        // What is just being saved is not lost either; should that fail, it is said then.
        let saving = self.keeping.saving.as_ref().is_some_and(|s| Some(&s.mark) == self.mark().as_ref());
        if self.project.unsaved && !saving {
            let name = self.project_name().unwrap_or_default();
            if self.keeping.file.is_none() {
                self.tell(false, format!("The unsaved work on {name} is lost: it cannot be kept on this computer."));
            } else if self.keeping.failed {
                self.tell(false, format!("The last unsaved work on {name} could not be written down."));
            } else {
                self.tell(true, format!("The unsaved work on {name} is kept: it is offered again at the next start."));
            }
        }
        if let Some(opening) = &self.keeping.opening {
            opening.stop();
        }
        // Neither the folder nor whether it can be written to has to do with what is open.
        let Keeping { recovery, failed, .. } = std::mem::take(&mut self.keeping);
        self.keeping = Keeping { recovery, failed, ..Keeping::default() };
        let left_behind = std::mem::take(&mut self.project.left_behind);
        self.project = ProjectState { left_behind, ..ProjectState::default() };
    }
}
