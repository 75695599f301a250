//! Work that was never saved: a folder of files, each of one window, held by a lock as long as that window lives.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, Utc};

use crate::project;

/// How many are offered, newest first. Older ones stay where they are.
const MOST_OFFERED: usize = 8;
/// A lock of which nobody has taken hold after this time never will be.
const ABANDONED: Duration = Duration::from_secs(60);

/// Work of an earlier window that was not saved.
#[derive(Debug, Clone, PartialEq)]
pub struct Unsaved {
    pub file: PathBuf,
    /// The project's name, or that of its data.
    pub name: String,
    pub saved: DateTime<Utc>,
    /// Decisions beside the first one.
    pub decisions: usize,
}

/// The folder of unsaved work, as this window sees it.
pub(super) struct Recovery {
    folder: PathBuf,
    session: String,
    /// Held as long as the window lives; the system lets go of it however the program ends.
    _lock: File,
    /// Locks of windows that are gone, held while their work is offered, so that no other window offers it too.
    taken: Vec<(PathBuf, File)>,
    files: usize,
}

impl Recovery {
    /// Takes part in `folder`, which is made if it is missing. `None` where it cannot be written to.
    pub fn start(folder: PathBuf) -> Option<Recovery> {
        fs::create_dir_all(&folder).ok()?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
        let session = format!("{}-{now}", std::process::id());
        let lock = File::create(folder.join(format!("{session}.lock"))).ok()?;
        lock.lock().ok()?;
        Some(Recovery { folder, session, _lock: lock, taken: Vec::new(), files: 0 })
    }

    /// A new file for the work of this window.
    pub fn next_file(&mut self) -> PathBuf {
        self.files += 1;
        self.folder.join(format!("{}-{}.{}", self.session, self.files, project::ENDING))
    }

    /// What windows that are gone left behind, newest first.
    pub fn left_behind(&mut self) -> Vec<Unsaved> {
        let mut found = Vec::new();
        let names: Vec<PathBuf> =
            fs::read_dir(&self.folder).into_iter().flatten().flatten().map(|e| e.path()).collect();
        for lock in names.iter().filter(|p| p.extension().is_some_and(|e| e == "lock")) {
            let Some(session) = lock.file_stem().and_then(|s| s.to_str()).filter(|s| *s != self.session) else {
                continue;
            };
            let start = format!("{session}-");
            let files: Vec<&PathBuf> = names.iter().filter(|p| project::is_project(p) && named(p, &start)).collect();
            let Some(held) = File::options().write(true).open(lock).ok().filter(|f| f.try_lock().is_ok()) else {
                continue;
            };
            if files.is_empty() {
                // Between making a lock and taking it there is a moment.
                if age(lock).is_some_and(|age| age > ABANDONED) {
                    let _ = fs::remove_file(lock);
                }
                continue;
            }
            // One that cannot be read any more is nothing to offer; it stays for whoever wants to look into it.
            found.extend(files.into_iter().filter_map(|file| glance(file)));
            self.taken.push((lock.clone(), held));
        }
        // What a writer that was stopped midway left.
        for path in names.iter().filter(|p| named(p, ".quintile-") && age(p).is_some_and(|age| age > ABANDONED)) {
            let _ = fs::remove_file(path);
        }
        found.sort_by(|a, b| b.saved.cmp(&a.saved).then_with(|| a.file.cmp(&b.file)));
        found.truncate(MOST_OFFERED);
        found
    }
}

impl Drop for Recovery {
    /// Locks under which nothing is kept any more go with their window.
    fn drop(&mut self) {
        let own = self.folder.join(format!("{}.lock", self.session));
        for lock in self.taken.iter().map(|(lock, _)| lock).chain([&own]) {
            let Some(session) = lock.file_stem().and_then(|s| s.to_str()) else { continue };
            let start = format!("{session}-");
            let mut entries = fs::read_dir(&self.folder).into_iter().flatten().flatten();
            if !entries.any(|e| named(&e.path(), &start)) {
                let _ = fs::remove_file(lock);
            }
        }
    }
}

fn named(path: &Path, start: &str) -> bool {
    path.file_name().and_then(|n| n.to_str()).is_some_and(|n| n.starts_with(start))
}

fn age(path: &Path) -> Option<Duration> {
    fs::metadata(path).ok()?.modified().ok()?.elapsed().ok()
}

/// What a file of unsaved work is about.
pub(super) fn glance(file: &Path) -> Option<Unsaved> {
    let glance = project::glance(file).ok()?;
    let stem = |p: &PathBuf| p.file_stem().map(|s| s.to_string_lossy().into_owned());
    let data = |p: &PathBuf| p.file_name().map(|s| s.to_string_lossy().into_owned());
    let name = glance.origin.as_ref().and_then(stem).or_else(|| glance.file.as_ref().and_then(data));
    let name = name.unwrap_or_else(|| "an analysis".into());
    Some(Unsaved { file: file.to_path_buf(), name, saved: glance.saved, decisions: glance.decisions })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctx::Ctx;
    use crate::project::{Origin, Project};
    use crate::recipe::{History, Recipe};

    fn work(origin: Option<&str>) -> Project {
        let mut history = History::new("Open shop.csv", Recipe::for_file("/nowhere/shop.csv"));
        let mut recipe = history.recipe().as_ref().clone();
        recipe.cluster.seed = 7;
        history.push("Set the seed", recipe, false);
        let origin = origin.map(|path| Origin { path: path.into(), known: None });
        let (runs, view, notes) = (Default::default(), serde_json::Value::Null, String::new());
        Project { history, runs, view, notes, data_inside: false, origin }
    }

    #[test]
    fn only_windows_that_are_gone_leave_work_behind_and_only_one_other_offers_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("unsaved");
        let mut first = Recovery::start(at.clone()).unwrap();
        let (a, b) = (first.next_file(), first.next_file());
        project::save(&work(None), &a, &Ctx::silent()).unwrap();
        project::save(&work(Some("/home/March.quintile")), &b, &Ctx::silent()).unwrap();
        fs::write(first.next_file(), "half a zip").unwrap();
        // Names hold the time; two windows of one program are never started in the same millisecond.
        std::thread::sleep(Duration::from_millis(3));
        let mut second = Recovery::start(at.clone()).unwrap();
        assert_eq!(second.left_behind(), [], "the first one lives");
        drop(first);
        let found = second.left_behind();
        assert_eq!(found.iter().map(|u| u.name.as_str()).collect::<Vec<_>>(), ["March", "shop.csv"]);
        assert_eq!(found[0].decisions, 1);
        std::thread::sleep(Duration::from_millis(3));
        let mut third = Recovery::start(at.clone()).unwrap();
        assert_eq!(third.left_behind(), [], "the second one offers it");
        drop(second);
        assert_eq!(third.left_behind().len(), 2, "nobody took it up");
        for file in [a, b] {
            fs::remove_file(file).unwrap();
        }
    }
}
