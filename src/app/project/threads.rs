//! Two threads: the keeper writes down every change at once; the other one does what takes longer and was asked for: save,
//! open, look at another file.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::Unsaved;
use super::keeper::{self, Keep};
use super::keeping::Mark;
use crate::app::{Compared, NewData};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::pipeline::guarded;
use crate::project::{self, Opened, Project, Stamp};

/// Ties an answer to its question: an answer with another ticket than the one that is waited for is an older one. Also
/// stops the work on what nobody waits for any more.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Ticket(Arc<AtomicBool>);

impl PartialEq for Ticket {
    /// Every new ticket is another one.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Ticket {
    /// Nobody waits for it any more.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn ctx(&self) -> Ctx {
        Ctx::new(self.0.clone(), None)
    }
}

/// What is asked of the other thread.
pub(in crate::app) enum Errand {
    Save {
        ticket: Ticket,
        project: Box<Project>,
        path: PathBuf,
        /// How the file was when it was last read or written; `None`: whatever is there is replaced.
        known: Option<Stamp>,
        /// Where the work is written down as long as it is not saved, and its state.
        kept: Option<(PathBuf, Mark)>,
    },
    Open {
        ticket: Ticket,
        path: PathBuf,
        unpack_to: PathBuf,
    },
    /// Work that was not saved.
    Recover {
        ticket: Ticket,
        unsaved: Unsaved,
        unpack_to: PathBuf,
    },
    /// Another file is laid beside the columns of the present one.
    Look(Ticket, Box<Look>),
    Compare(Ticket, Box<Compare>),
}

/// Looks at another file, until it is told to stop.
type Look = dyn FnOnce(&Ctx) -> Result<NewData> + Send;
type Compare = dyn FnOnce(&Ctx) -> Result<Compared> + Send;

/// What comes of an errand.
pub(in crate::app) enum Done {
    /// With how the file is now.
    Saved {
        ticket: Ticket,
        path: PathBuf,
        result: std::result::Result<Option<Stamp>, NotSaved>,
    },
    /// With how the file was before it was read.
    Opened {
        ticket: Ticket,
        path: PathBuf,
        known: Option<Stamp>,
        result: Result<Box<Opened>>,
    },
    Recovered {
        ticket: Ticket,
        unsaved: Unsaved,
        result: Result<Box<Opened>>,
    },
    Looked(Ticket, Result<NewData>),
    Compared(Ticket, Result<Box<Compared>>),
    /// Work could not be written down; it is tried again.
    NotKept(Error),
    /// It could be after all.
    Kept,
}

/// Why a project was not saved.
pub(in crate::app) enum NotSaved {
    /// Somebody else wrote the file since it was read; how it is now.
    Changed(Option<Stamp>),
    Failed(Error),
}

/// The handle of both.
pub(in crate::app) struct Threads {
    keep: Option<Sender<Keep>>,
    errands: Option<Sender<Errand>>,
    done: Receiver<Done>,
    keeper: Option<JoinHandle<()>>,
    other: Option<JoinHandle<()>>,
    /// Set when the window closes.
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
            let serve = move || keeper::serve(&work, &sender, &*wake, &closing);
            std::thread::Builder::new().name("keeper".into()).spawn(serve)
        };
        let tell = keep.clone();
        let other = std::thread::Builder::new().name("projects".into()).spawn(move || {
            while let Ok(errand) = asked.recv() {
                // The receiver is gone only when the window is closing.
                let _ = sender.send(run(errand, &tell));
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

    /// Whether there is something to be received.
    #[cfg(test)]
    pub fn has_answered(&self) -> bool {
        !self.done.is_empty()
    }

    /// Waits for the next one; `None` where there never will be one.
    pub(super) fn wait(&self) -> Option<Done> {
        loop {
            let alive = self.other.as_ref().is_some_and(|thread| !thread.is_finished());
            match self.done.recv_timeout(Duration::from_millis(200)) {
                Ok(done) => return Some(done),
                Err(_) if alive => {}
                Err(_) => return None,
            }
        }
    }
}

impl Drop for Threads {
    /// Waits until everything that was asked for is written.
    fn drop(&mut self) {
        self.closing.store(true, Ordering::Relaxed);
        (self.keep, self.errands) = (None, None);
        // The keeper ends last: it is told what was saved.
        for thread in [self.other.take(), self.keeper.take()].into_iter().flatten() {
            let _ = thread.join();
        }
    }
}

fn run(errand: Errand, keep: &Sender<Keep>) -> Done {
    match errand {
        Errand::Save { ticket, project, path, known, kept } => {
            // A save is never stopped: whoever asked for it may have closed the window since.
            let ctx = Ctx::silent();
            let written = guarded("save", || match known {
                Some(known) => project::save_over(&project, &path, known, &ctx),
                None => project::save(&project, &path, &ctx).map(Some),
            });
            // At once: what comes after is somebody else's.
            let now = Stamp::of(&path);
            let result = match written {
                Ok(Some(_)) => Ok(now),
                Ok(None) => Err(NotSaved::Changed(now)),
                Err(error) => Err(NotSaved::Failed(error)),
            };
            if let (Ok(_), Some((file, mark))) = (&result, kept) {
                // The keeper is gone only when it never was there.
                let _ = keep.send(Keep::Saved { file, mark });
            }
            Done::Saved { ticket, path, result }
        }
        Errand::Open { ticket, path, unpack_to } => {
            // Before: what is written while it is read is not what was read.
            let known = Stamp::of(&path);
            let result = guarded("open", || project::open(&path, &unpack_to, &ticket.ctx()).map(Box::new));
            Done::Opened { ticket, path, known, result }
        }
        Errand::Recover { ticket, unsaved, unpack_to } => {
            let result = guarded("recover", || {
                let mut opened = project::open(&unsaved.file, &unpack_to, &ticket.ctx())?;
                if let Some(origin) = &mut opened.project.origin {
                    // Who wrote it down did not say.
                    origin.known = origin.known.or_else(|| Stamp::of(&origin.path));
                }
                Ok(Box::new(opened))
            });
            Done::Recovered { ticket, unsaved, result }
        }
        Errand::Look(ticket, look) => {
            let ctx = ticket.ctx();
            Done::Looked(ticket, guarded("look at the file", || look(&ctx)))
        }
        Errand::Compare(ticket, compare) => {
            let ctx = ticket.ctx();
            Done::Compared(ticket, guarded("compare", || compare(&ctx).map(Box::new)))
        }
    }
}
