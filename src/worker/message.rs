//! What the worker tells the window.

use std::sync::Arc;

use super::job::ExportTarget;
use crate::error::{Error, Result};
use crate::export::Exported;
use crate::intake::IntakeOut;
use crate::pipeline::{Findings, Key, Keys, Stage, StageOutput};

/// One answer. Those about a stage carry its key, so that an answer to an old question is recognised.
pub enum Message {
    /// A stage began to compute: show it as running.
    Started { stage: Stage, key: Key },
    /// The head of a large file, long before all of it is read: something to look at meanwhile.
    Head { key: Key, intake: Arc<IntakeOut> },
    /// A part of its findings, to look at meanwhile. May be lost when the window is slow.
    Part { stage: Stage, key: Key, output: StageOutput },
    /// How far it is, 0–1. May be lost when the window is slow.
    Progress { stage: Stage, key: Key, share: f32 },
    /// Its findings; `secs` is `None` when they were known already.
    Done { stage: Stage, key: Key, output: StageOutput, secs: Option<f64> },
    /// It could not be done; the stages after it were not tried.
    Failed { stage: Stage, key: Key, error: Error },
    /// The user stopped it.
    Cancelled { stage: Stage, key: Key },
    /// Everything but [`Stage::Judge`] is done: what panels need.
    Ready { keys: Keys, findings: Arc<Findings> },
    /// Every stage is done: what exports need.
    Finished { keys: Keys, findings: Arc<Findings> },
    /// How far the export is that is being written, 0–1. May be lost when the window is slow.
    Writing { share: f32 },
    /// An export is done, was stopped or failed.
    Exported { target: ExportTarget, result: Result<Exported> },
}
