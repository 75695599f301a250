//! Progress and cancellation: the only thing a long loop has to call is [`Ctx::tick`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Instant;

use crate::error::{Error, Result};

/// Called with the share done (0–1), at most about every 30 ms.
type Report = Arc<dyn Fn(f32) + Send + Sync>;

/// Handed down into every stage. Cheap to clone, usable from many threads.
#[derive(Clone)]
pub struct Ctx {
    cancel: Arc<AtomicBool>,
    report: Option<Report>,
    started: Instant,
    last_report_millis: Arc<AtomicU64>,
    from: f32,
    to: f32,
}

impl Ctx {
    /// A context that reports to nobody and is never cancelled.
    pub fn silent() -> Self {
        Self::new(Arc::default(), None)
    }

    /// A context that stops with [`Error::Cancelled`] once `cancel` is set, and reports to `report`.
    pub fn new(cancel: Arc<AtomicBool>, report: Option<Report>) -> Self {
        Ctx { cancel, report, started: Instant::now(), last_report_millis: Arc::default(), from: 0.0, to: 1.0 }
    }

    /// The same context for a part of the work: its 0–1 is `from`–`to` of this one.
    pub fn part(&self, from: f32, to: f32) -> Self {
        let width = self.to - self.from;
        Ctx { from: self.from + width * from, to: self.from + width * to, ..self.clone() }
    }

    /// Say that `done` of `total` units are done. Fails with [`Error::Cancelled`] when the user asked
    /// to stop. Cheap enough to be called every few thousand rows; call it at least every 50 ms.
    pub fn tick(&self, done: usize, total: usize) -> Result<()> {
        if self.cancel.load(Ordering::Relaxed) {
            return Err(Error::Cancelled);
        }
        if let Some(report) = &self.report {
            let now = self.started.elapsed().as_millis() as u64;
            let last = self.last_report_millis.load(Ordering::Relaxed);
            if now >= last + 30
                && self.last_report_millis.compare_exchange(last, now, Ordering::Relaxed, Ordering::Relaxed).is_ok()
            {
                let share = done as f32 / total.max(1) as f32;
                report(self.from + (self.to - self.from) * share.clamp(0.0, 1.0));
            }
        }
        Ok(())
    }
}
