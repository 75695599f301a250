//! The thread that answers.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::{Found, Key};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::explore::{self, Answer, Subject};
use crate::pipeline::guarded;

/// A question that waits.
pub(super) struct Task {
    pub key: Key,
    pub subject: Arc<Subject>,
    pub selection: Arc<Vec<u32>>,
    /// The frame that asked first, and its place among the questions of that frame.
    pub since: (u64, usize),
}

/// What an errand does.
pub(super) type Work = dyn FnOnce(&Ctx) -> Result<Found> + Send;

/// Something to be fetched; never dropped unless it is stopped.
pub(super) struct Errand {
    pub number: u64,
    pub cancel: Arc<AtomicBool>,
    pub work: Box<Work>,
}

/// What the thread has done.
pub(super) enum Done {
    Answer { key: Key, result: Result<Answer> },
    Errand { number: u64, result: Result<Found> },
}

/// What both sides look at.
#[derive(Default)]
pub(super) struct Inner {
    pub questions: Vec<Task>,
    pub errands: VecDeque<Errand>,
    /// The question being answered, and what stops it.
    pub running: Option<(Key, Arc<AtomicBool>)>,
    /// What stops the errand being done.
    errand: Option<Arc<AtomicBool>>,
    pub done: Vec<Done>,
    quit: bool,
}

#[derive(Default)]
pub(super) struct Shared {
    inner: Mutex<Inner>,
    /// Rung when there is something to do.
    pub bell: Condvar,
}

impl Shared {
    /// No panic can leave the lists half changed: every change is one assignment, push or removal.
    pub(super) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Stops what runs and ends the thread.
    pub(super) fn quit(&self) {
        let mut inner = self.lock();
        inner.quit = true;
        inner.questions.clear();
        for errand in &inner.errands {
            errand.cancel.store(true, Ordering::Relaxed);
        }
        let running = inner.running.as_ref().map(|(_, cancel)| cancel);
        for cancel in running.into_iter().chain(&inner.errand) {
            cancel.store(true, Ordering::Relaxed);
        }
        drop(inner);
        self.bell.notify_one();
    }
}

/// What to do next: errands in their order, then the newest question; of one frame's questions the first.
enum Next {
    Question(Task, Arc<AtomicBool>),
    Errand(Errand),
}

fn next(shared: &Shared) -> Option<Next> {
    let mut inner = shared.lock();
    loop {
        if inner.quit {
            return None;
        }
        if let Some(errand) = inner.errands.pop_front() {
            inner.errand = Some(errand.cancel.clone());
            return Some(Next::Errand(errand));
        }
        let newest = (0..inner.questions.len()).max_by_key(|&i| {
            let (frame, order) = inner.questions[i].since;
            (frame, std::cmp::Reverse(order))
        });
        if let Some(at) = newest {
            let task = inner.questions.remove(at);
            let cancel = Arc::<AtomicBool>::default();
            inner.running = Some((task.key.clone(), cancel.clone()));
            return Some(Next::Question(task, cancel));
        }
        inner = shared.bell.wait(inner).unwrap_or_else(PoisonError::into_inner);
    }
}

/// Answers until it is told to end. A panic becomes an answer like any other error.
pub(super) fn serve(shared: &Shared, wake: &impl Fn()) {
    while let Some(next) = next(shared) {
        match next {
            Next::Question(Task { key, subject, selection, .. }, cancel) => {
                let ctx = Ctx::new(cancel, None);
                let selected = (!selection.is_empty()).then_some(selection.as_slice());
                let result = guarded("explore", || explore::answer(&subject, &key.question, selected, &ctx));
                // Whatever it was asked about is let go before the window hears of it.
                drop((subject, selection));
                let mut inner = shared.lock();
                inner.running = None;
                inner.done.push(Done::Answer { key, result });
            }
            Next::Errand(Errand { number, cancel, work }) => {
                let ctx = Ctx::new(cancel, None);
                let result = guarded("explore", || work(&ctx));
                let mut inner = shared.lock();
                inner.errand = None;
                inner.done.push(Done::Errand { number, result });
            }
        }
        wake();
    }
}
