//! A project from its file, and unsaved work from where it was written down.

use std::path::{Path, PathBuf};

use super::keeper::Keep;
use super::threads::{Errand, Ticket};
use super::{Unsaved, view};
use crate::app::{App, Panel, Runs, Session, Trail, cache_folder};
use crate::error::Result;
use crate::format::plural;
use crate::project::{Opened, Origin, Stamp};
use crate::recipe::{History, Recipe, from_anywhere};

impl App {
    /// Opens a project; it is there a little later.
    pub(in crate::app) fn open_project(&mut self, path: &Path) {
        let path = from_anywhere(path.to_path_buf());
        if let Some((ticket, unpack_to)) = self.begin_opening() {
            self.threads.ask(Errand::Open { ticket, path, unpack_to });
        }
    }

    /// Goes on with unsaved work.
    pub(super) fn recover(&mut self, path: &Path) {
        let Some(at) = self.project.left_behind.iter().position(|u| u.file == path) else { return };
        if let Some((ticket, unpack_to)) = self.begin_opening() {
            let unsaved = self.project.left_behind.remove(at);
            self.threads.ask(Errand::Recover { ticket, unsaved, unpack_to });
        }
    }

    /// Throws unsaved work away.
    pub(super) fn discard(&mut self, path: PathBuf) {
        self.project.left_behind.retain(|u| u.file != path);
        self.threads.keep(Keep::Forget(path));
    }

    /// Of several that are opened one right after the other only the last one is wanted.
    fn begin_opening(&mut self) -> Option<(Ticket, PathBuf)> {
        match cache_folder() {
            Ok(unpack_to) => {
                let ticket = Ticket::default();
                if let Some(before) = self.keeping.opening.replace(ticket.clone()) {
                    before.stop();
                }
                self.project.busy = true;
                Some((ticket, unpack_to))
            }
            Err(error) => {
                self.tell(false, error.to_string());
                None
            }
        }
    }

    /// Whether this is what is being opened, which it is no more from now on.
    fn end_opening(&mut self, ticket: &Ticket) -> bool {
        let present = self.keeping.opening.take_if(|opening| opening == ticket).is_some();
        self.project.busy = self.is_busy();
        present
    }

    pub(super) fn opened(&mut self, ticket: &Ticket, path: PathBuf, known: Option<Stamp>, result: Result<Box<Opened>>) {
        if !self.end_opening(ticket) {
            return;
        }
        match result {
            Ok(opened) => {
                self.remember(&path);
                self.adopt(*opened, Some(Origin { path, known }), true);
            }
            Err(error) => self.tell(false, error.to_string()),
        }
    }

    pub(super) fn recovered(&mut self, ticket: &Ticket, unsaved: Unsaved, result: Result<Box<Opened>>) {
        let present = self.end_opening(ticket);
        match result {
            Ok(opened) if present => {
                let origin = opened.project.origin.clone();
                self.adopt(*opened, origin, false);
                self.keeping.replaces = Some(unsaved.file);
                return;
            }
            Err(error) if present => self.tell(false, error.to_string()),
            _ => {}
        }
        // It is still there.
        self.project.left_behind.insert(0, unsaved);
    }

    /// Goes on with a project. `whole`: its file has all of it, as opposed to unsaved work.
    fn adopt(&mut self, opened: Opened, file: Option<Origin>, whole: bool) {
        let Opened { project, unpacked, missing, .. } = opened;
        self.set_aside();
        self.start(Session::with_history(project.history));
        self.trail = Trail::of_file(self.session.history());
        self.runs = Runs::restored(project.runs.iter().cloned());
        self.view.panel = Panel::Segments;
        view::restore(&project.view, &mut self.view);
        if self.view.panel == Panel::Welcome {
            self.view.panel = Panel::Segments;
        }
        self.project.notes = project.notes;
        self.project.data_inside = project.data_inside;
        self.project.missing = missing;
        self.keeping.known = file.as_ref().and_then(|f| f.known);
        self.project.path = file.map(|f| f.path);
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
    pub(in crate::app) fn remember(&mut self, path: &Path) {
        let own = cache_folder().is_ok_and(|folder| path.starts_with(folder));
        if !own {
            let path = from_anywhere(path.to_path_buf());
            self.change_settings(|s| s.opened(path));
        }
    }

    /// Every decision reads `path` in place of the file that is gone, and files that lay beside that one beside this one.
    pub(super) fn relink(&mut self, gone: &Path, path: &Path) {
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
        let moved: History = history.mapped(change);
        self.trail.moved(history, &moved);
        if let Some(present) = self.session.history_mut() {
            *present = moved;
        }
        self.look_for_files();
        self.recompute();
    }

    /// Says which data files of the recipe in force are gone.
    pub(in crate::app) fn look_for_files(&mut self) {
        let files = self.session.recipe().map(|r| r.input.files.clone()).unwrap_or_default();
        self.project.missing = files.into_iter().filter(|f| !f.exists()).collect();
    }
}
