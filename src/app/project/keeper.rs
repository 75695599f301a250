//! The thread that writes work down as it is done, so that little is lost whatever happens.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use super::keeping::Mark;
use super::threads::Done;
use crate::ctx::Ctx;
use crate::error::Error;
use crate::pipeline::guarded;
use crate::project::{self, Project};

/// The least time between two writings of the same work. With the time that writing takes it has to stay below two
/// seconds.
const BETWEEN: Duration = Duration::from_millis(400);
/// After this time what could not be written is tried again, if nothing new comes before.
const AGAIN: Duration = Duration::from_secs(3);

/// What the keeper is told. Of several things about one file only the newest counts.
pub(super) enum Keep {
    Work(Box<Work>),
    /// This state of the work is in the project's file: what is written down goes, unless it is of a newer state.
    Saved {
        file: PathBuf,
        mark: Mark,
    },
    /// The work is saved or given up.
    Forget(PathBuf),
}

/// Work to be written down.
pub(super) struct Work {
    pub project: Project,
    /// Its state.
    pub mark: Mark,
    pub file: PathBuf,
    /// Another file, of which this is a newer state; removed once this is written.
    pub replaces: Option<PathBuf>,
}

/// What is still to be done.
#[derive(Default)]
struct Keeper {
    /// One per file.
    pending: Vec<Work>,
    /// Files to be removed.
    needless: Vec<PathBuf>,
    /// The state that each file is to have, whether it could be written or not.
    newest: HashMap<PathBuf, Mark>,
}

impl Keeper {
    fn take(&mut self, keep: Keep) {
        match keep {
            Keep::Work(mut work) => {
                if let Some(old) = self.pending.iter().position(|p| p.file == work.file) {
                    // What the older one was to remove is still to be removed.
                    let old = self.pending.remove(old);
                    work.replaces = work.replaces.or(old.replaces);
                }
                self.needless.retain(|file| *file != work.file);
                self.newest.insert(work.file.clone(), work.mark.clone());
                self.pending.push(*work);
            }
            Keep::Saved { file, mark } => {
                if self.newest.get(&file) == Some(&mark) {
                    self.forget(file);
                }
            }
            Keep::Forget(file) => self.forget(file),
        }
    }

    fn forget(&mut self, file: PathBuf) {
        if let Some(at) = self.pending.iter().position(|p| p.file == file) {
            self.needless.extend(self.pending.remove(at).replaces);
        }
        self.newest.remove(&file);
        self.needless.push(file);
    }

    /// Does all of it; what cannot be written stays to be tried again. Returns whether anything was written, and the first
    /// reason why something was not.
    fn work_off(&mut self) -> (bool, Option<Error>) {
        for file in self.needless.drain(..) {
            // Already gone is as good.
            let _ = std::fs::remove_file(file);
        }
        let (mut wrote, mut failed) = (false, None);
        for work in std::mem::take(&mut self.pending) {
            match guarded("autosave", || project::save_work(&work.project, &work.file, &Ctx::silent())) {
                Ok(_) => {
                    wrote = true;
                    if let Some(old) = work.replaces.filter(|old| *old != work.file) {
                        let _ = std::fs::remove_file(old);
                    }
                }
                Err(error) => {
                    failed.get_or_insert(error);
                    self.pending.push(work);
                }
            }
        }
        (wrote, failed)
    }
}

/// Keeps work until nobody can ask for it any more. `closing` is set when the window closes: what is left is written
/// without waiting.
pub(super) fn serve(asked: &Receiver<Keep>, sender: &Sender<Done>, wake: &dyn Fn(), closing: &AtomicBool) {
    let mut keeper = Keeper::default();
    let mut complained = false;
    loop {
        let next = match keeper.pending.is_empty() {
            true => asked.recv().map_err(|_| RecvTimeoutError::Disconnected),
            false => asked.recv_timeout(AGAIN),
        };
        let last = match next {
            Ok(keep) => {
                keeper.take(keep);
                false
            }
            Err(RecvTimeoutError::Timeout) => false,
            // Once more, in case there is room on the disk by now.
            Err(RecvTimeoutError::Disconnected) => true,
        };
        let started = Instant::now();
        asked.try_iter().for_each(|keep| keeper.take(keep));
        let news = match keeper.work_off() {
            // Once is enough until it works again.
            (_, Some(error)) if !complained => Some(Done::NotKept(error)),
            (true, None) if complained => Some(Done::Kept),
            _ => None,
        };
        if let Some(news) = news {
            complained = matches!(news, Done::NotKept(_));
            // The receiver is gone only when the window is closing.
            let _ = sender.send(news);
            wake();
        }
        if last {
            return;
        }
        // Changes of a moment go into one writing; the end of the program does not wait.
        while !closing.load(Ordering::Relaxed)
            && let Some(left) = BETWEEN.checked_sub(started.elapsed())
        {
            std::thread::sleep(left.min(Duration::from_millis(20)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{History, Recipe};
    use std::path::Path;

    fn project() -> Project {
        let history = History::new("Open shop.csv", Recipe::for_file("/nowhere/shop.csv"));
        let (runs, view, notes) = (Default::default(), serde_json::Value::Null, String::new());
        Project { history, runs, view, notes, data_inside: false, origin: None }
    }

    fn work(project: &Project, notes: &str, file: &Path, replaces: Option<&Path>) -> (Keep, Mark) {
        let project = Project { notes: notes.into(), ..project.clone() };
        let mark = Mark::of(&project.history, notes, false, Vec::new());
        let replaces = replaces.map(Path::to_path_buf);
        (Keep::Work(Box::new(Work { project, mark: mark.clone(), file: file.into(), replaces })), mark)
    }

    #[test]
    fn what_is_saved_goes_and_newer_work_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (file, old) = (folder.path().join("a.quintile"), folder.path().join("old.quintile"));
        let project = project();
        let mut keeper = Keeper::default();
        let (first, one) = work(&project, "one", &file, None);
        keeper.take(first);
        assert!(matches!(keeper.work_off(), (true, None)) && file.exists());
        // Another state came while the first one was being saved.
        let (second, two) = work(&project, "two", &file, None);
        keeper.take(second);
        keeper.take(Keep::Saved { file: file.clone(), mark: one.clone() });
        keeper.work_off();
        assert!(file.exists(), "its newer state is not saved");
        keeper.take(Keep::Saved { file: file.clone(), mark: two });
        keeper.work_off();
        assert!(!file.exists());
        // Saved before it was ever written down: what it was to replace goes too.
        std::fs::write(&old, "").unwrap();
        let (again, one) = work(&project, "one", &file, Some(&old));
        keeper.take(again);
        keeper.take(Keep::Saved { file: file.clone(), mark: one });
        assert!(matches!(keeper.work_off(), (false, None)));
        assert!(!file.exists() && !old.exists());
    }

    #[test]
    fn what_cannot_be_written_is_tried_again_and_said_once() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("gone");
        let file = folder.join("a.quintile");
        let (keep, asked) = crossbeam_channel::unbounded();
        let (sender, done) = crossbeam_channel::unbounded();
        let closing = AtomicBool::new(false);
        let project = project();
        std::thread::scope(|scope| {
            scope.spawn(|| serve(&asked, &sender, &|| (), &closing));
            let patience = Duration::from_secs(60);
            keep.send(work(&project, "one", &file, None).0).unwrap();
            assert!(matches!(done.recv_timeout(patience), Ok(Done::NotKept(_))));
            // Nobody changes anything more; the place comes back.
            std::fs::create_dir(&folder).unwrap();
            assert!(matches!(done.recv_timeout(patience), Ok(Done::Kept)), "it was told once, and tried again");
            assert!(file.exists());
            drop(keep);
        });
        assert!(done.try_recv().is_err());
    }
}
