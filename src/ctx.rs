//! Progress and cancellation: the only thing a long loop has to call is [`Ctx::tick`].

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
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
    /// The largest share so far in millionths: parts that run side by side must not make progress go back.
    highest: Arc<AtomicU32>,
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
        Ctx {
            cancel,
            report,
            started: Instant::now(),
            last_report_millis: Arc::default(),
            highest: Arc::default(),
            from: 0.0,
            to: 1.0,
        }
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
                let whole = self.from + (self.to - self.from) * share.clamp(0.0, 1.0);
                let millionths = (whole * 1e6) as u32;
                let highest = self.highest.fetch_max(millionths, Ordering::Relaxed).max(millionths);
                report(highest as f32 / 1e6);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;
    use std::time::Duration;

    use super::*;

    #[test]
    fn progress_never_goes_back_and_parts_lie_within_the_whole() {
        let seen: Arc<Mutex<Vec<f32>>> = Arc::default();
        let sink = seen.clone();
        let ctx = Ctx::new(Arc::default(), Some(Arc::new(move |share| sink.lock().unwrap().push(share))));
        let (first, second) = (ctx.part(0.0, 0.5), ctx.part(0.5, 1.0));
        for (part, done) in [(&first, 1), (&second, 1), (&first, 2), (&second, 2)] {
            std::thread::sleep(Duration::from_millis(35));
            part.tick(done, 2).unwrap();
        }
        assert_eq!(*seen.lock().unwrap(), [0.25, 0.75, 0.75, 1.0]);
    }

    #[test]
    fn a_raised_flag_stops() {
        let cancel = Arc::new(AtomicBool::new(false));
        let ctx = Ctx::new(cancel.clone(), None);
        assert!(ctx.part(0.2, 0.4).tick(1, 2).is_ok());
        cancel.store(true, Ordering::Relaxed);
        assert_eq!(ctx.part(0.2, 0.4).tick(1, 2), Err(Error::Cancelled));
    }
}
