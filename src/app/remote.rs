//! A finding as the window knows it: there, on its way, failed; always with the last one that was there.

use std::sync::Arc;

use crate::error::Error;
use crate::pipeline::Key;

/// The keys of a part of what is being computed, and of a part of what was wanted before. No stage has them, so that a
/// part is never taken for the whole.
const PART: Key = Key::MAX;
const STALE: Key = Key::MAX - 1;

/// What a panel can show, and how current it is.
#[derive(Debug, Clone)]
pub struct Remote<T> {
    /// The last value that arrived, and the key it belongs to.
    value: Option<(Key, Arc<T>)>,
    status: Status,
}

/// How a stage stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Status {
    /// Nothing was asked for.
    Idle,
    /// The value shown belongs to an older recipe; the new one waits for its turn, or was cancelled.
    OutOfDate,
    /// Being computed; share done, 0–1.
    Running(f32),
    Ready,
    Failed(Error),
}

impl<T> Default for Remote<T> {
    fn default() -> Self {
        Remote { value: None, status: Status::Idle }
    }
}

impl<T> Remote<T> {
    /// The value to show, current or not.
    pub fn get(&self) -> Option<&Arc<T>> {
        self.value.as_ref().map(|(_, v)| v)
    }

    /// The value, only if it is current.
    pub fn ready(&self) -> Option<&Arc<T>> {
        if self.status == Status::Ready { self.get() } else { None }
    }

    /// What is there of the present computation: the value once it is done, before that its parts so far.
    pub fn coming(&self) -> Option<&Arc<T>> {
        match (&self.status, &self.value) {
            (Status::Ready, Some((_, value))) | (_, Some((PART, value))) => Some(value),
            _ => None,
        }
    }

    pub fn status(&self) -> &Status {
        &self.status
    }

    /// The recipe changed so that `key` is wanted: keeps a value that has it, marks another as out of date.
    pub(super) fn want(&mut self, key: Key) {
        if let Some((have, _)) = self.value.as_mut().filter(|(have, _)| *have == PART) {
            *have = STALE;
        }
        self.status = match &self.value {
            Some((have, _)) if *have == key => Status::Ready,
            _ => Status::OutOfDate,
        };
    }

    pub(super) fn running(&mut self, share: f32) {
        self.status = Status::Running(share);
    }

    /// A part of what is being computed, to look at meanwhile.
    pub(super) fn part(&mut self, value: Arc<T>) {
        self.value = Some((PART, value));
    }

    pub(super) fn arrived(&mut self, key: Key, value: Arc<T>) {
        self.value = Some((key, value));
        self.status = Status::Ready;
    }

    pub(super) fn failed(&mut self, error: Error) {
        self.status = Status::Failed(error);
    }

    pub(super) fn out_of_date(&mut self) {
        self.status = Status::OutOfDate;
    }
}
