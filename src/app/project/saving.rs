//! The project into its file.

use std::path::{Path, PathBuf};

use super::keeping::Mark;
use super::threads::{Done, Errand, NotSaved, Ticket};
use crate::app::{App, Command, cache_folder};
use crate::project::{self, Stamp, is_project};

/// A save in progress.
pub(super) struct Saving {
    ticket: Ticket,
    /// The state that is saved.
    pub mark: Mark,
}

impl App {
    pub(in crate::app) fn project_command(&mut self, command: Command) {
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
    pub(super) fn reads_from_the_cache(&self) -> bool {
        let Ok(folder) = cache_folder() else { return false };
        self.session.recipe().is_some_and(|r| r.input.files.iter().any(|file| file.starts_with(&folder)))
    }

    fn suggested_name(&self) -> Option<String> {
        let file = self.session.recipe()?.input.files.first().cloned();
        let stem = self.project.path.clone().or(file)?.file_stem()?.to_string_lossy().into_owned();
        Some(format!("{stem}.{}", project::ENDING))
    }

    /// `known`: how the file was when it was last read or written; `None`: whatever is there is replaced.
    pub(super) fn save_project(&mut self, path: PathBuf, known: Option<Stamp>) {
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
            self.keeping.again.retain(|other| *other != path);
            self.keeping.again.push(path);
            return;
        }
        // So that what is saved is what is written down, and goes with it.
        self.keep_work();
        let (Some(project), Some(mark)) = (self.present_project(None), self.mark()) else { return };
        let kept = self.keeping.file.clone().map(|file| (file, mark.clone()));
        let ticket = Ticket::default();
        self.keeping.saving = Some(Saving { ticket: ticket.clone(), mark });
        self.project.busy = true;
        self.threads.ask(Errand::Save { ticket, project: Box::new(project), path, known, kept });
    }

    /// Takes in what came of a save.
    pub(super) fn saved(&mut self, ticket: &Ticket, path: PathBuf, result: Result<Option<Stamp>, NotSaved>) {
        let Some(Saving { mark, .. }) = self.keeping.saving.take_if(|saving| saving.ticket == *ticket) else {
            return self.saved_before(&path, result);
        };
        let done = result.is_ok();
        match result {
            Ok(now) => {
                self.keeping.known = now;
                self.keeping.saved = Some(mark);
                // What is newer is written down again as a change of this file.
                self.keeping.kept = None;
                self.remember(&path);
                self.tell(true, format!("Saved: {}", path.display()));
                self.project.path = Some(path.clone());
            }
            Err(NotSaved::Changed(now)) => {
                // Whoever saves again has read this, of the file as it is now.
                self.keeping.known = now;
                self.tell(
                    false,
                    format!(
                        "{} was changed by another program or window since it was read, so it was left alone. Save as \
                         another file, or save again to replace it.",
                        path.display()
                    ),
                );
            }
            Err(NotSaved::Failed(error)) => self.tell(false, error.to_string()),
        }
        // The same place again would only fail again.
        self.keeping.again.retain(|next| done || *next != path);
        if !self.keeping.again.is_empty() {
            let path = self.keeping.again.remove(0);
            let known = self.keeping.known.filter(|_| self.project.path.as_ref() == Some(&path));
            self.save_project(path, known);
        }
        self.project.busy = self.is_busy();
    }

    /// The save was of what was open before.
    fn saved_before(&mut self, path: &Path, result: Result<Option<Stamp>, NotSaved>) {
        let why = match result {
            Ok(_) => {
                self.remember(path);
                return self.tell(true, format!("Saved: {}", path.display()));
            }
            Err(NotSaved::Changed(_)) => {
                format!("{} was changed by another program or window, so it was left alone.", path.display())
            }
            Err(NotSaved::Failed(error)) => format!("{}.", error.to_string().trim_end_matches('.')),
        };
        let kept = self.keeping.recovery.is_some() && !self.keeping.failed;
        let then = if kept { " The unsaved work on it is offered again at the next start." } else { "" };
        self.tell(false, format!("{why}{then}"));
    }

    pub(super) fn is_busy(&self) -> bool {
        self.keeping.saving.is_some() || self.keeping.opening.is_some()
    }
}

impl Drop for App {
    /// Saves that wait for another one are still done, and what is saved is not offered as unsaved at the next start.
    /// Nothing else is waited for.
    fn drop(&mut self) {
        self.forget_new_file();
        if let Some(opening) = &self.keeping.opening {
            opening.stop();
        }
        while self.keeping.saving.is_some() {
            match self.threads.wait() {
                Some(Done::Saved { ticket, path, result }) => self.saved(&ticket, path, result),
                Some(_) => {}
                None => break,
            }
        }
        self.keep_work();
    }
}

/// `March` and `March.2026` are names of projects as well.
fn add_ending(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}", project::ENDING));
    path.with_file_name(name)
}
