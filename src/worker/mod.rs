//! The analytics thread: jobs in, messages out. It lives as long as its [`Worker`] handle and survives
//! any panic in a job.

mod job;
mod message;
mod thread;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

pub use job::{ExportTarget, FileJob, Fill, Job};
pub use message::Message;

use crate::pipeline::{Key, Keys, Stage};
use crate::recipe::Recipe;

/// Messages that may wait; progress beyond that is lost, results wait.
const MESSAGES: usize = 256;

/// What the running analysis and the handle both look at.
#[derive(Default)]
struct Shared {
    /// Keys of the newest recipe; a stage with another key is not worth computing.
    wanted: Option<Keys>,
    /// The stage being computed, and the flag that stops it.
    running: Option<(Stage, Key, Arc<AtomicBool>)>,
}

/// The handle: owns both ends of the conversation and wakes the window when there is news.
pub struct Worker {
    jobs: Option<Sender<Job>>,
    messages: Receiver<Message>,
    shared: Arc<Mutex<Shared>>,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts the thread. `wake` is called after each message; it has to be cheap.
    pub fn start(wake: impl Fn() + Send + Sync + 'static) -> Worker {
        let (jobs, job_queue) = unbounded();
        let (sender, messages) = bounded(MESSAGES);
        let shared = Arc::new(Mutex::new(Shared::default()));
        let outlet = thread::Outlet::new(sender, Arc::new(wake), shared.clone());
        let thread = std::thread::Builder::new()
            .name("analytics".into())
            .spawn(move || thread::serve(&job_queue, &outlet))
            .expect("the system can start one thread");
        Worker { jobs: Some(jobs), messages, shared, thread: Some(thread) }
    }

    /// Asks for findings under `recipe`. What runs now goes on only if it computes something that this
    /// recipe needs as well. The last stage gives way even then: all others of this recipe come before it, and what it
    /// knows of single ks is kept.
    pub fn analyse(&self, recipe: Arc<Recipe>) -> Keys {
        let keys = Keys::of(&recipe);
        if let Ok(mut shared) = self.shared.lock() {
            let another = shared.wanted.replace(keys) != Some(keys);
            if let Some((stage, key, cancel)) = &shared.running
                && (!keys.contains(*key) || (another && *stage == Stage::Judge))
            {
                cancel.store(true, Ordering::Relaxed);
            }
        }
        self.submit(Job::Analyse(recipe));
        keys
    }

    /// Queues any job.
    pub fn submit(&self, job: Job) {
        if let Some(jobs) = &self.jobs {
            // The thread ends only after `jobs` is gone, so the channel is open.
            let _ = jobs.send(job);
        }
    }

    /// Stops the analysis that runs now, and those that wait.
    pub fn cancel(&self) {
        if let Ok(mut shared) = self.shared.lock() {
            shared.wanted = None;
            if let Some((.., cancel)) = &shared.running {
                cancel.store(true, Ordering::Relaxed);
            }
        }
    }

    /// The next message, if there is one.
    pub fn try_receive(&self) -> Option<Message> {
        self.messages.try_recv().ok()
    }

    /// Waits for the next message; `None` after `timeout`.
    pub fn receive(&self, timeout: std::time::Duration) -> Option<Message> {
        self.messages.recv_timeout(timeout).ok()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.cancel();
        self.jobs = None;
        // The thread may wait for room in the channel; make room until it is gone.
        if let Some(thread) = self.thread.take() {
            while !thread.is_finished() {
                while self.messages.try_recv().is_ok() {}
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        }
    }
}
