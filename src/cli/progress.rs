//! Progress on a terminal: one line that is written over.

use std::io::{IsTerminal, Write};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::ctx::Ctx;
use crate::pipeline::{Key, Stage, StageOutput, Watch};

/// Writes the stage, its percent and the time to stderr, if that is a terminal; silent otherwise.
pub(super) struct Progress {
    start: Instant,
    /// When the line was last drawn; `None` when stderr is no terminal.
    drawn: Option<Mutex<Option<Instant>>>,
}

impl Progress {
    pub(super) fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        Progress { start: Instant::now(), drawn: terminal.then(Mutex::default) }
    }

    fn draw(&self, text: &str, at_once: bool) {
        let Some(drawn) = &self.drawn else { return };
        let Ok(mut last) = drawn.lock() else { return };
        if !at_once && last.is_some_and(|t| t.elapsed() < Duration::from_millis(50)) {
            return;
        }
        *last = Some(Instant::now());
        let secs = self.start.elapsed().as_secs_f64();
        // A terminal that is gone is no reason to stop.
        let _ = write!(std::io::stderr(), "\r\x1b[K{text}  {secs:.1} s");
    }

    /// A context for work outside the stages, whose progress is shown behind `text`.
    pub(super) fn ctx(self: &Arc<Self>, text: &'static str, cancel: Arc<AtomicBool>) -> Ctx {
        let progress = self.clone();
        let report = move |share: f32| progress.draw(&format!("{text}  {:.0} %", share * 100.0), false);
        Ctx::new(cancel, Some(Arc::new(report)))
    }

    /// Takes the line away.
    pub(super) fn clear(&self) {
        if self.drawn.is_some() {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

impl Watch for Progress {
    fn started(&self, stage: Stage, _: Key) {
        self.draw(&format!("{}  0 %", stage.doing()), true);
    }

    fn progress(&self, stage: Stage, share: f32) {
        self.draw(&format!("{}  {:.0} %", stage.doing(), share * 100.0), false);
    }

    fn done(&self, _: Stage, _: Key, _: &StageOutput, _: Option<f64>) {}
}
