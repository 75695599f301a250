//! Questions about tables and who looks them up: a thread of its own, so that a chart never waits for the analysis and
//! the window never waits for a chart.
//!
//! Panels ask every frame for what they show. An answer that is known is there at once; another one is worked out,
//! newest question first, and meanwhile the last answer of the same place stays. Questions that the last frame did not
//! ask any more are dropped, or stopped where they are being answered.

mod known;
mod subject;
mod thread;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::thread::JoinHandle;

use super::selection::Selection;
use super::session::Session;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::explore::{Answer, Question, Source, Subject};
use crate::recipe::IdList;
use crate::rfm::{Feature, RfmOut};
use known::Known;
use subject::{Identities, Numbers};
use thread::{Done, Errand, Shared, Task, Work};

/// What a panel gets for a question.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// The answer, or the last one that the same place had.
    pub answer: Option<Arc<Answer>>,
    /// Whether it answers this very question about the analysis in force.
    pub current: bool,
    /// Why there is no answer to this question.
    pub error: Option<String>,
}

/// A question about one state of the findings with one selection.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    subject: u64,
    selection: u64,
    question: Question,
}

/// What a list of ids was made for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Purpose {
    /// Customers with a name.
    Group(String),
    /// The analysis is of these only.
    Only,
    /// The analysis goes without these.
    Without,
}

/// What an errand brings back.
pub(super) enum Found {
    /// Customers that were pointed at.
    Customers(Selection),
    /// Those who were selected, in a table that has changed.
    Again(Selection),
    /// The ids of the selected customers.
    Ids(IdList, Purpose),
}

/// Ready-made features as they were offered, the customers they are for, and those of them that the customers' table does
/// not have.
type Offered = (Arc<Vec<Feature>>, Weak<RfmOut>, Arc<Vec<Feature>>);

/// The handle: what is asked about, what is known, and the thread that finds out.
pub struct Explorer {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
    subject: Option<Arc<Subject>>,
    /// Whether the subject is the analysis in force; else it is the last one.
    current: bool,
    identities: Identities,
    numbers: Numbers,
    more: Option<Offered>,
    selection: (Arc<Vec<u32>>, u64),
    known: Known,
    /// The last answer at each place of the window.
    last: HashMap<u64, Arc<Answer>>,
    /// What this frame asked for and nobody knows yet.
    asked: Vec<Key>,
    frame: u64,
    /// The newest errand that selects, and what stops it.
    picking: Option<(u64, Arc<AtomicBool>)>,
    errands: u64,
}

impl Explorer {
    /// Starts the thread. `wake` is called whenever there is an answer; it has to be cheap.
    pub(super) fn start(wake: impl Fn() + Send + Sync + 'static) -> Explorer {
        let shared = Arc::<Shared>::default();
        let served = shared.clone();
        let thread = std::thread::Builder::new()
            .name("explore".into())
            .spawn(move || thread::serve(&served, &wake))
            .expect("the system can start one thread");
        Explorer {
            shared,
            thread: Some(thread),
            subject: None,
            current: false,
            identities: Identities::default(),
            numbers: Numbers::default(),
            more: None,
            selection: (Arc::default(), 0),
            known: Known::default(),
            last: HashMap::new(),
            asked: Vec::new(),
            frame: 0,
            picking: None,
            errands: 0,
        }
    }

    /// From now on questions are about the findings of `session`; while they are on their way, about the last ones.
    pub(super) fn about(&mut self, session: &Session) {
        let subject = subject::subject(session, self.subject.as_deref());
        self.current = subject.is_some();
        if let Some(subject) = subject {
            let more = self.more.as_ref().filter(|(_, rfm, _)| rfm.as_ptr() == Arc::as_ptr(&subject.rfm));
            let more = more.map_or_else(Arc::default, |(.., more)| more.clone());
            self.set(Subject { more, ..subject });
        }
    }

    /// Further features of the customers, to look at without choosing them.
    pub fn offer(&mut self, features: &Arc<Vec<Feature>>) {
        let Some(subject) = &self.subject else { return };
        let known = self.more.as_ref().is_some_and(|(offered, rfm, _)| {
            Arc::ptr_eq(offered, features) && rfm.as_ptr() == Arc::as_ptr(&subject.rfm)
        });
        if !known {
            let customers = &subject.rfm.customers;
            let has = |f: &Feature| customers.features.iter().any(|other| other.name == f.name);
            let fits = |f: &&Feature| f.values.len() == customers.len() && !has(f);
            let more = features.iter().filter(fits).cloned().collect();
            self.more = Some((features.clone(), Arc::downgrade(&subject.rfm), Arc::new(more)));
        }
    }

    fn set(&mut self, subject: Subject) {
        self.current = true;
        self.numbers = self.identities.of(&subject);
        self.subject = Some(Arc::new(subject));
    }

    /// Another file is open: nothing is known any more.
    pub fn forget(&mut self) {
        self.subject = None;
        self.current = false;
        self.last.clear();
        self.known = Known::default();
        self.more = None;
        self.forget_picks();
    }

    /// Answers show which part of them belongs to these customers.
    pub(super) fn select(&mut self, customers: &Arc<Vec<u32>>) {
        if !Arc::ptr_eq(&self.selection.0, customers) {
            let number = if customers.is_empty() { 0 } else { self.identities.of_selection(customers) };
            self.selection = (customers.clone(), number);
        }
    }

    /// What questions are asked about, once there is something.
    pub fn subject(&self) -> Option<&Arc<Subject>> {
        self.subject.as_ref()
    }

    /// The answer to `question` at a place of the window (any number that stays the same from frame to frame).
    pub fn ask(&mut self, place: u64, question: &Question) -> Asked {
        let last = |last: &HashMap<u64, Arc<Answer>>| last.get(&place).cloned();
        if self.subject.is_none() {
            return Asked { answer: last(&self.last), ..Asked::default() };
        }
        let key = self.key(question);
        match self.known.get(&key) {
            Some(Ok(answer)) => {
                self.last.insert(place, answer.clone());
                Asked { answer: Some(answer), current: self.current, error: None }
            }
            Some(Err(error)) => Asked { answer: None, current: self.current, error: Some(error) },
            None => {
                if !self.asked.contains(&key) {
                    self.asked.push(key);
                }
                Asked { answer: last(&self.last), ..Asked::default() }
            }
        }
    }

    fn key(&self, question: &Question) -> Key {
        let more = self.subject.as_ref().map(|s| &s.more);
        let has = |name: &String| more.is_some_and(|more| more.iter().any(|f| f.name == *name));
        let subject = match question {
            _ if source(question) != Source::Customers => self.numbers.rows,
            Question::Summaries { .. } | Question::Correlations { .. } | Question::Missing { .. } => self.numbers.more,
            _ if columns_of(question).into_iter().any(has) => self.numbers.more,
            _ => self.numbers.customers,
        };
        // These do not show who is selected.
        let selection = match question {
            Question::Summaries { .. } | Question::Correlations { .. } | Question::Boxes { .. } | Question::Pareto => 0,
            _ => self.selection.1,
        };
        Key { subject, selection, question: question.clone() }
    }

    /// A frame is drawn: what it did not ask for is not worth an answer any more.
    pub(super) fn end_frame(&mut self) {
        let asked = std::mem::take(&mut self.asked);
        self.frame += 1;
        let Some(subject) = &self.subject else { return };
        let mut inner = self.shared.lock();
        inner.questions.retain(|task| asked.contains(&task.key));
        if let Some((key, cancel)) = &inner.running
            && !asked.contains(key)
        {
            cancel.store(true, Ordering::Relaxed);
        }
        let mut new = false;
        for (order, key) in asked.into_iter().enumerate() {
            let running = inner.running.as_ref().is_some_and(|(k, c)| *k == key && !c.load(Ordering::Relaxed));
            // An answer may have come while the frame was drawn.
            let waits = inner.questions.iter().any(|task| task.key == key)
                || inner.done.iter().any(|d| matches!(d, Done::Answer { key: k, .. } if *k == key));
            if !running && !waits {
                let (subject, selection) = (subject.clone(), self.selection.0.clone());
                inner.questions.push(Task { key, subject, selection, since: (self.frame, order) });
                new = true;
            }
        }
        drop(inner);
        if new {
            self.shared.bell.notify_one();
        }
    }

    /// Sends for something that takes longer than a frame. One that `selects` makes an earlier one that does pointless.
    pub(super) fn send(&mut self, selects: bool, work: impl FnOnce(&Ctx) -> Result<Found> + Send + 'static) {
        self.errands += 1;
        let cancel = Arc::<AtomicBool>::default();
        if selects {
            self.forget_picks();
            self.picking = Some((self.errands, cancel.clone()));
        }
        let work: Box<Work> = Box::new(work);
        self.shared.lock().errands.push_back(Errand { number: self.errands, cancel, work });
        self.shared.bell.notify_one();
    }

    /// Whether something that was asked for is still to be answered.
    pub fn busy(&self) -> bool {
        let inner = self.shared.lock();
        !inner.questions.is_empty() || inner.running.is_some() || !inner.done.is_empty()
    }

    /// Whether customers are being looked for.
    pub fn picking(&self) -> bool {
        self.picking.is_some()
    }

    /// Somebody selected something else meanwhile.
    pub(super) fn forget_picks(&mut self) {
        if let Some((_, cancel)) = self.picking.take() {
            cancel.store(true, Ordering::Relaxed);
        }
    }

    /// Takes in what the thread has done; returns what errands brought back.
    pub(super) fn receive(&mut self) -> Vec<Result<Found>> {
        let done = std::mem::take(&mut self.shared.lock().done);
        let mut found = Vec::new();
        for done in done {
            match done {
                Done::Answer { result: Err(Error::Cancelled), .. } => {}
                Done::Answer { key, result } => {
                    self.known.keep(key, result.map(Arc::new).map_err(|e| e.to_string()));
                }
                Done::Errand { number, result } => {
                    let selects = matches!(result, Ok(Found::Customers(_) | Found::Again(_)));
                    let newest = self.picking.as_ref().is_some_and(|(n, _)| *n == number);
                    if newest {
                        self.picking = None;
                    }
                    if result.as_ref().err() != Some(&Error::Cancelled) && (newest || !selects) {
                        found.push(result);
                    }
                }
            }
        }
        found
    }
}

impl Drop for Explorer {
    fn drop(&mut self) {
        self.shared.quit();
        if let Some(thread) = self.thread.take() {
            // A panic was told as an answer already.
            let _ = thread.join();
        }
    }
}

/// The columns that a question names.
pub fn columns_of(question: &Question) -> Vec<&String> {
    match question {
        Question::Histogram { column, .. } | Question::Categories { column, .. } => vec![column],
        Question::Boxes { column, by, .. } | Question::Outliers { column, by, .. } => {
            std::iter::once(column).chain(by).collect()
        }
        Question::Scatter { x, y, color, .. } => [x, y].into_iter().chain(color).collect(),
        _ => Vec::new(),
    }
}

/// Which table a question is about.
fn source(question: &Question) -> Source {
    match question {
        Question::Summaries { source }
        | Question::Histogram { source, .. }
        | Question::Boxes { source, .. }
        | Question::Scatter { source, .. }
        | Question::Correlations { source, .. }
        | Question::Missing { source }
        | Question::Outliers { source, .. }
        | Question::Categories { source, .. } => *source,
        Question::Timeline { .. } | Question::WeekHours { .. } | Question::Cohorts { .. } => Source::Transactions,
        Question::Pareto => Source::Customers,
    }
}

#[cfg(test)]
mod tests;
