//! Two threads: one writes down every change at once, so that little is lost whatever happens; the other does what takes
//! longer and was asked for: save, open, look at another file.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::stamp;
use crate::app::NewData;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::pipeline::guarded;
use crate::project::{self, Comparison, Opened, Project};

/// The least time between two writings of the same work. With the time that writing takes it has to stay below two
/// seconds.
const BETWEEN: Duration = Duration::from_millis(400);

/// What the keeper is told. Of several things about one file only the newest counts.
pub(super) enum Keep {
    /// Write this down; then remove another file, of which it is a newer state.
    Work { project: Box<Project>, file: PathBuf, replaces: Option<PathBuf> },
    /// The work is saved or given up.
    Forget(PathBuf),
}

/// What is asked of the other thread.
pub(in crate::app) enum Errand {
    /// `known`: size and time of the file when it was last read or written; `None`: whatever is there is replaced.
    Save {
        project: Box<Project>,
        path: PathBuf,
        known: Option<(u64, u64)>,
    },
    Open {
        path: PathBuf,
        unpack_to: PathBuf,
    },
    /// Work that was not saved.
    Recover {
        path: PathBuf,
        unpack_to: PathBuf,
    },
    /// Another file is laid beside the columns of the present one.
    Look(Box<Look>),
    Compare(Box<dyn FnOnce() -> Comparison + Send>),
}

/// Looks at another file, until it is told to stop.
type Look = dyn FnOnce(&Ctx) -> Result<NewData> + Send;

/// What comes of an errand.
pub(in crate::app) enum Done {
    Saved {
        path: PathBuf,
        result: std::result::Result<(), NotSaved>,
    },
    Opened {
        path: PathBuf,
        result: Result<Box<Opened>>,
    },
    Recovered {
        path: PathBuf,
        result: Result<Box<Opened>>,
    },
    Looked(Result<NewData>),
    Compared(Result<Comparison>),
    /// Work could not be written down.
    NotKept(Error),
}

/// Why a project was not saved.
pub(in crate::app) enum NotSaved {
    /// Somebody else wrote the file since it was read.
    Changed,
    Failed(Error),
}

/// The handle of both.
pub(in crate::app) struct Threads {
    keep: Option<Sender<Keep>>,
    errands: Option<Sender<Errand>>,
    done: Receiver<Done>,
    keeper: Option<JoinHandle<()>>,
    other: Option<JoinHandle<()>>,
    /// Set when the window closes: what is left is written without waiting.
    closing: Arc<AtomicBool>,
}

impl Threads {
    pub fn start(wake: impl Fn() + Send + Sync + 'static) -> Threads {
        let (keep, work) = unbounded();
        let (errands, asked) = unbounded();
        let (sender, done) = unbounded();
        let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(wake);
        let closing = Arc::new(AtomicBool::new(false));
        let keeper = {
            let (sender, wake, closing) = (sender.clone(), wake.clone(), closing.clone());
            let serve = move || serve_keeper(&work, &sender, &*wake, &closing);
            std::thread::Builder::new().name("keeper".into()).spawn(serve)
        };
        let other = std::thread::Builder::new().name("projects".into()).spawn(move || {
            while let Ok(errand) = asked.recv() {
                // The receiver is gone only when the window is closing.
                let _ = sender.send(run(errand));
                wake();
            }
        });
        // Without a thread nothing can be kept; what is asked for then never ends, which the window lives with.
        Threads { keep: Some(keep), errands: Some(errands), done, keeper: keeper.ok(), other: other.ok(), closing }
    }

    pub(super) fn keep(&self, what: Keep) {
        if let Some(keep) = &self.keep {
            let _ = keep.send(what);
        }
    }

    pub fn ask(&self, errand: Errand) {
        if let Some(errands) = &self.errands {
            let _ = errands.send(errand);
        }
    }

    pub fn try_receive(&self) -> Option<Done> {
        self.done.try_recv().ok()
    }
}

impl Drop for Threads {
    /// Waits until everything that was asked for is written.
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        (self.keep, self.errands) = (None, None);
        for thread in [self.keeper.take(), self.other.take()].into_iter().flatten() {
            let _ = thread.join();
        }
    }
}

fn serve_keeper(work: &Receiver<Keep>, sender: &Sender<Done>, wake: &(dyn Fn() + Send + Sync), closing: &AtomicBool) {
    let mut complained = false;
    while let Ok(first) = work.recv() {
        let started = Instant::now();
        let mut newest: Vec<Keep> = Vec::new();
        for keep in std::iter::once(first).chain(work.try_iter()) {
            push(&mut newest, keep);
        }
        for keep in newest {
            let result = match keep {
                Keep::Forget(file) => {
                    // Already gone is as good.
                    let _ = std::fs::remove_file(file);
                    continue;
                }
                Keep::Work { project, file, replaces } => guarded("autosave", || {
                    project::save_work(&project, &file, &Ctx::silent())?;
                    if let Some(old) = replaces.filter(|old| *old != file) {
                        let _ = std::fs::remove_file(old);
                    }
                    Ok(())
                }),
            };
            match result {
                Ok(()) => complained = false,
                // Once is enough until it works again.
                Err(_) if complained => {}
                Err(error) => {
                    complained = true;
                    let _ = sender.send(Done::NotKept(error));
                    wake();
                }
            }
        }
        // Changes of a moment go into one writing; the end of the program does not wait.
        while !closing.load(Ordering::Relaxed)
            && let Some(left) = BETWEEN.checked_sub(started.elapsed())
        {
            std::thread::sleep(left.min(Duration::from_millis(20)));
        }
    }
}

/// Adds what is to be done, in place of what it makes needless.
fn push(list: &mut Vec<Keep>, keep: Keep) {
    let file = |k: &Keep| match k {
        Keep::Work { file, .. } | Keep::Forget(file) => file.clone(),
    };
    let about = file(&keep);
    let mut keep = keep;
    list.retain(|old| {
        let same = file(old) == about;
        // What the older one was to remove is still to be removed.
        if let (true, Keep::Work { replaces: Some(gone), .. }, Keep::Work { replaces, .. }) = (same, old, &mut keep) {
            replaces.get_or_insert_with(|| gone.clone());
        }
        !same
    });
    list.push(keep);
}

fn run(errand: Errand) -> Done {
    let ctx = Ctx::silent();
    match errand {
        Errand::Save { project, path, known } => {
            if known.is_some_and(|known| stamp(&path).is_some_and(|now| now != known)) {
                return Done::Saved { path, result: Err(NotSaved::Changed) };
            }
            let result = guarded("save", || project::save(&project, &path, &ctx).map(drop));
            Done::Saved { path, result: result.map_err(NotSaved::Failed) }
        }
        Errand::Open { path, unpack_to } => {
            let result = guarded("open", || project::open(&path, &unpack_to, &ctx).map(Box::new));
            Done::Opened { path, result }
        }
        Errand::Recover { path, unpack_to } => {
            let result = guarded("recover", || project::open(&path, &unpack_to, &ctx).map(Box::new));
            Done::Recovered { path, result }
        }
        Errand::Look(look) => Done::Looked(guarded("look at the file", || look(&ctx))),
        Errand::Compare(compare) => Done::Compared(guarded("compare", || Ok(compare()))),
    }
}
