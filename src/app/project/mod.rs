//! The project in the window: opened, saved, kept from loss, named.

mod recovery;
mod threads;
mod view;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use recovery::Unsaved;
pub(super) use threads::{Done, Errand, NotSaved, Threads};

use self::recovery::Recovery;
use self::threads::Keep;
use super::{Action, App, Command, Panel, Run, Runs, Session, cache_folder};
use crate::format::plural;
use crate::project::{self, Opened, Project, is_project};
use crate::recipe::{History, Recipe, from_anywhere};

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

/// What differs from one state of the work to the next.
#[derive(Debug, Clone)]
struct Mark {
    entries: usize,
    at: usize,
    recipe: Arc<Recipe>,
    notes: String,
    data_inside: bool,
    runs: Vec<(u64, String)>,
}

impl PartialEq for Mark {
    /// Recipes are the same where they are the same piece of memory: equal ones of different decisions are two states.
    fn eq(&self, other: &Self) -> bool {
        let plain = |m: &'_ Mark| (m.entries, m.at, m.notes.clone(), m.data_inside, m.runs.clone());
        Arc::ptr_eq(&self.recipe, &other.recipe) && plain(self) == plain(other)
    }
}

/// How the work is kept.
#[derive(Default)]
pub(super) struct Keeping {
    recovery: Option<Recovery>,
    /// Where the work of this window is written down, once there is any.
    file: Option<PathBuf>,
    /// A file that the next writing makes needless.
    replaces: Option<PathBuf>,
    /// The state in the project's file, and the one written down last.
    saved: Option<Mark>,
    kept: Option<(Mark, view::Kept)>,
    /// The state being saved.
    saving: Option<(PathBuf, Mark)>,
    /// Whether the work could not be written down the last time.
    failed: bool,
    /// Where to save again once that is done.
    again: Option<PathBuf>,
    /// Size and time of the project's file when it was last read or written.
    known: Option<(u64, u64)>,
}

/// Size and time of a file.
pub(super) fn stamp(path: &Path) -> Option<(u64, u64)> {
    let meta = std::fs::metadata(path).ok()?;
    let modified = meta.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some((meta.len(), modified.as_nanos() as u64))
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

    /// What the window calls the project: its name, or that of the first data file; `None` before anything is open.
    pub fn project_name(&self) -> Option<String> {
        let file = |r: &Arc<Recipe>| Some(r.input.files.first()?.file_name()?.to_string_lossy().into_owned());
        self.session.recipe().and_then(|recipe| self.project.name().or_else(|| file(recipe)))
    }

    pub(super) fn project_action(&mut self, action: ProjectAction) {
        match action {
            ProjectAction::SaveAs(path) => self.save_project(path, None),
            ProjectAction::Recover(path) => {
                self.project.left_behind.retain(|u| u.file != path);
                match cache_folder() {
                    Ok(unpack_to) => {
                        self.project.busy = true;
                        self.threads.ask(Errand::Recover { path, unpack_to });
                    }
                    Err(error) => self.tell(false, error.to_string()),
                }
            }
            ProjectAction::Discard(path) => {
                self.project.left_behind.retain(|u| u.file != path);
                self.threads.keep(Keep::Forget(path));
            }
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

    pub(super) fn project_command(&mut self, command: Command) {
        let Some(name) = self.suggested_name() else {
            return self.tell(false, "There is nothing to save yet: open a file first.".into());
        };
        match (command, &self.project.path) {
            (Command::SaveProject, Some(path)) => {
                let (path, known) = (path.clone(), self.keeping.known);
                self.save_project(path, known);
            }
            (Command::SaveProjectWithData, _) => self.dialogs.save_project(name, true),
            _ => self.dialogs.save_project(name, false),
        }
    }

    /// Whether data were unpacked to where files are that can be made again.
    fn reads_from_the_cache(&self) -> bool {
        let Ok(folder) = cache_folder() else { return false };
        self.session.recipe().is_some_and(|r| r.input.files.iter().any(|file| file.starts_with(&folder)))
    }

    fn suggested_name(&self) -> Option<String> {
        let file = self.session.recipe()?.input.files.first().cloned();
        let stem = self.project.path.clone().or(file)?.file_stem()?.to_string_lossy().into_owned();
        Some(format!("{stem}.{}", project::ENDING))
    }

    fn save_project(&mut self, path: PathBuf, known: Option<(u64, u64)>) {
        let path = if is_project(&path) {
            path
        } else {
            let named = add_ending(&path);
            // The dialog asked about the name without the ending.
            if named.exists() && self.project.path.as_ref() != Some(&named) {
                let text = format!("{} is there already; choose it itself to replace it.", named.display());
                return self.tell(false, text);
            }
            named
        };
        // One after the other: what a save in progress writes is not what is there now.
        if self.keeping.saving.is_some() {
            self.keeping.again = Some(path);
            return;
        }
        let (Some(project), Some(mark)) = (self.present_project(None), self.mark()) else { return };
        self.keeping.saving = Some((path.clone(), mark));
        self.project.busy = true;
        self.threads.ask(Errand::Save { project: Box::new(project), path, known });
    }

    /// The project as it is now; `origin` for work that is only written down.
    fn present_project(&self, origin: Option<PathBuf>) -> Option<Project> {
        Some(Project {
            history: self.session.history()?.clone(),
            runs: Arc::new(self.runs.kept().cloned().collect()),
            view: view::Kept::of(&self.view).to_json(),
            notes: self.project.notes.clone(),
            data_inside: self.project.data_inside,
            origin,
        })
    }

    fn mark(&self) -> Option<Mark> {
        let history = self.session.history()?;
        let (entries, at) = history.entries();
        Some(Mark {
            entries: entries.len(),
            at,
            recipe: history.recipe().clone(),
            notes: self.project.notes.clone(),
            data_inside: self.project.data_inside,
            runs: self.runs.kept().map(|r| (r.number, r.label.clone())).collect(),
        })
    }

    /// Looks whether the work differs from what is saved and from what is written down, and has it written down.
    pub(super) fn keep_work(&mut self) {
        let Some(mark) = self.mark() else { return };
        let unsaved = self.keeping.saved.as_ref() != Some(&mark);
        self.project.unsaved = unsaved && (self.project.path.is_some() || is_work(&mark));
        if !self.project.unsaved {
            return self.forget_work();
        }
        let Some(recovery) = &mut self.keeping.recovery else { return };
        let state = (mark, view::Kept::of(&self.view));
        if self.keeping.kept.as_ref() == Some(&state) {
            return;
        }
        let file = self.keeping.file.get_or_insert_with(|| recovery.next_file()).clone();
        let replaces = self.keeping.replaces.take();
        self.keeping.kept = Some(state);
        let origin = self.project.path.clone();
        if let Some(project) = self.present_project(origin) {
            self.threads.keep(Keep::Work { project: Box::new(project), file, replaces });
        }
    }

    fn forget_work(&mut self) {
        self.keeping.kept = None;
        for file in [self.keeping.file.take(), self.keeping.replaces.take()].into_iter().flatten() {
            self.threads.keep(Keep::Forget(file));
        }
    }

    /// Before something else is opened: work that is not saved stays written down and is offered again.
    pub(super) fn set_aside(&mut self) {
        self.keep_work();
        let kept = self.keeping.file.take().filter(|_| self.project.unsaved);
        if let Some(file) = kept {
            let name = self.project_name().unwrap_or_default();
            if self.keeping.failed {
                self.tell(false, format!("The last unsaved work on {name} could not be written down."));
            } else {
                self.tell(true, format!("The unsaved work on {name} is kept: it is offered again at the next start."));
            }
            drop(file);
        }
        let recovery = self.keeping.recovery.take();
        self.keeping = Keeping { recovery, ..Keeping::default() };
        let left_behind = std::mem::take(&mut self.project.left_behind);
        self.project = ProjectState { left_behind, ..ProjectState::default() };
    }

    /// Opens a project; it is there a little later.
    pub(super) fn open_project(&mut self, path: &Path) {
        let path = from_anywhere(path.to_path_buf());
        match cache_folder() {
            Ok(unpack_to) => {
                self.project.busy = true;
                self.threads.ask(Errand::Open { path, unpack_to });
            }
            Err(error) => self.tell(false, error.to_string()),
        }
    }

    /// Takes in what the thread of projects has done.
    pub(super) fn project_done(&mut self, done: Done) {
        match done {
            Done::Saved { path, result } => self.saved(path, result),
            Done::Opened { path, result } => {
                self.project.busy = false;
                match result {
                    Ok(opened) => {
                        self.remember(&path);
                        self.adopt(*opened, Some(path), true);
                    }
                    Err(error) => self.tell(false, error.to_string()),
                }
            }
            Done::Recovered { path, result } => {
                self.project.busy = false;
                match result {
                    Ok(opened) => {
                        let origin = opened.project.origin.clone();
                        self.adopt(*opened, origin, false);
                        self.keeping.replaces = Some(path);
                    }
                    Err(error) => self.tell(false, error.to_string()),
                }
            }
            Done::Looked(result) => self.looked(result),
            Done::Compared(result) => self.compared(result),
            Done::NotKept(error) => {
                self.keeping.failed = true;
                self.tell(false, format!("Unsaved work cannot be written down, so save it yourself. {error}"));
            }
        }
    }

    fn saved(&mut self, path: PathBuf, result: std::result::Result<(), NotSaved>) {
        self.project.busy = false;
        let Some((_, mark)) = self.keeping.saving.take_if(|(saving, _)| *saving == path) else {
            // Of what was open before: only a failure is news.
            if let Err(NotSaved::Failed(error)) = result {
                self.tell(false, error.to_string());
            }
            return;
        };
        let again = self.keeping.again.take().filter(|_| result.is_ok());
        match result {
            Ok(()) => {
                self.keeping.known = stamp(&path);
                self.keeping.saved = Some(mark);
                self.remember(&path);
                self.tell(true, format!("Saved: {}", path.display()));
                self.project.path = Some(path);
            }
            Err(NotSaved::Changed) => {
                // Whoever saves again has read this.
                self.keeping.known = None;
                self.tell(
                    false,
                    format!(
                        "{} was changed by another program or window since it was opened, so it was left alone. Save as \
                         another file, or save again to replace it.",
                        path.display()
                    ),
                );
            }
            Err(NotSaved::Failed(error)) => self.tell(false, error.to_string()),
        }
        if let Some(path) = again {
            let known = self.keeping.known.filter(|_| self.project.path.as_ref() == Some(&path));
            self.save_project(path, known);
        }
    }

    /// Goes on with a project. `whole`: the file has all of it, as opposed to unsaved work.
    fn adopt(&mut self, opened: Opened, path: Option<PathBuf>, whole: bool) {
        let Opened { project, unpacked, missing, .. } = opened;
        self.set_aside();
        self.start(Session::with_history(project.history));
        self.runs = Runs::restored(project.runs.iter().cloned());
        self.view.panel = Panel::Segments;
        view::restore(&project.view, &mut self.view);
        if self.view.panel == Panel::Welcome {
            self.view.panel = Panel::Segments;
        }
        self.project.notes = project.notes;
        self.project.data_inside = project.data_inside;
        self.project.missing = missing;
        self.keeping.known = path.as_deref().and_then(stamp);
        self.project.path = path;
        self.keeping.saved = self.mark().filter(|_| whole);
        if !unpacked.is_empty() {
            let files = plural(unpacked.len(), "data file", "data files");
            let folder =
                unpacked[0].parent().and_then(Path::parent).map(|f| f.display().to_string()).unwrap_or_default();
            let text =
                format!("{files} not found at the old place: taken from within the project, unpacked to {folder}.");
            self.tell(true, text);
        }
        if !self.project.missing.is_empty() {
            self.view.panel = Panel::Data;
        }
        self.recompute();
    }

    /// Puts a file at the head of the recent ones; not those that the program made itself.
    pub(super) fn remember(&mut self, path: &Path) {
        let own = cache_folder().is_ok_and(|folder| path.starts_with(folder));
        if !own {
            let path = from_anywhere(path.to_path_buf());
            self.change_settings(|s| s.opened(path));
        }
    }

    /// Every decision reads `path` in place of the file that is gone, and files that lay beside that one beside this one.
    fn relink(&mut self, gone: &Path, path: &Path) {
        let path = from_anywhere(path.to_path_buf());
        if !path.is_file() {
            return self.tell(false, format!("There is no file {}.", path.display()));
        }
        let Some(history) = self.session.history() else { return };
        let (old, new) = (gone.parent(), path.parent());
        let beside = |file: &PathBuf| -> Option<PathBuf> {
            let here = new?.join(file.strip_prefix(old?).ok()?);
            (!file.exists() && here.is_file()).then_some(here)
        };
        let change = |recipe: &Recipe| {
            let mut recipe = recipe.clone();
            for file in &mut recipe.input.files {
                if file == gone {
                    file.clone_from(&path);
                } else if let Some(here) = beside(file) {
                    *file = here;
                }
            }
            recipe
        };
        let history: History = history.mapped(change);
        if let Some(present) = self.session.history_mut() {
            *present = history;
        }
        self.look_for_files();
        self.recompute();
    }

    /// Says which data files of the recipe in force are gone.
    pub(super) fn look_for_files(&mut self) {
        let files = self.session.recipe().map(|r| r.input.files.clone()).unwrap_or_default();
        self.project.missing = files.into_iter().filter(|f| !f.exists()).collect();
    }
}

/// Whether there is anything to lose: a file that was only opened is opened again in a moment.
fn is_work(mark: &Mark) -> bool {
    mark.entries > 1 || !mark.notes.trim().is_empty() || !mark.runs.is_empty()
}

/// `March` and `March.2026` are names of projects as well.
fn add_ending(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}", project::ENDING));
    path.with_file_name(name)
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
