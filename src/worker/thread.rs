//! The thread itself.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use crossbeam_channel::{Receiver, Sender};

use super::{ExportTarget, FileJob, Job, Message, Shared};
use crate::ctx::Ctx;
use crate::error::Error;
use crate::export::{self, ExportKind, Exported, Written};
use crate::format;
use crate::intake::{self, IntakeOut};
use crate::pipeline::{Findings, Key, Keys, Pipeline, Stage, StageOutput, Watch, guarded};
use crate::recipe::{Input, Recipe};

/// Where messages leave the thread.
#[derive(Clone)]
pub(super) struct Outlet {
    sender: Sender<Message>,
    wake: Arc<dyn Fn() + Send + Sync>,
    shared: Arc<Mutex<Shared>>,
}

impl Outlet {
    pub(super) fn new(sender: Sender<Message>, wake: Arc<dyn Fn() + Send + Sync>, shared: Arc<Mutex<Shared>>) -> Self {
        Outlet { sender, wake, shared }
    }

    /// Sends a result; waits for room.
    fn send(&self, message: Message) {
        // The receiver is gone only when the window is closing; then nobody misses the message.
        let _ = self.sender.send(message);
        (self.wake)();
    }

    /// Sends progress, or forgets it when the window is behind.
    fn send_if_room(&self, message: Message) {
        if self.sender.try_send(message).is_ok() {
            (self.wake)();
        }
    }
}

/// Tells the window what the pipeline does, and stops it when it turns to something nobody wants any more.
struct Reporter {
    outlet: Outlet,
    cancel: Arc<AtomicBool>,
    input: Input,
    keys: Keys,
    /// The stage being computed, for progress.
    current: Mutex<Option<Key>>,
}

impl Watch for Reporter {
    fn started(&self, stage: Stage, key: Key) {
        if let Ok(mut shared) = self.outlet.shared.lock() {
            if shared.wanted.is_none_or(|keys| !keys.contains(key)) {
                self.cancel.store(true, Ordering::Relaxed);
                return;
            }
            shared.running = Some((stage, key, self.cancel.clone()));
        }
        if let Ok(mut current) = self.current.lock() {
            *current = Some(key);
        }
        self.outlet.send(Message::Started { stage, key });
        if stage == Stage::Intake && is_large(&self.input) {
            // Whatever is wrong with the file is said by the stage itself.
            let head = guarded("preview", || intake::preview(&self.input, &Ctx::new(self.cancel.clone(), None)));
            if let Ok(Some(head)) = head {
                self.outlet.send(Message::Head { key, intake: Arc::new(head) });
            }
        }
    }

    fn progress(&self, stage: Stage, share: f32) {
        if let Ok(current) = self.current.lock()
            && let Some(key) = *current
        {
            self.outlet.send_if_room(Message::Progress { stage, key, share });
        }
    }

    fn part(&self, stage: Stage, key: Key, output: StageOutput) {
        self.outlet.send_if_room(Message::Part { stage, key, output });
    }

    fn ready(&self, findings: &Findings) {
        self.outlet.send(Message::Ready { keys: self.keys, findings: Arc::new(findings.clone()) });
    }

    fn done(&self, stage: Stage, key: Key, output: &StageOutput, secs: Option<f64>) {
        self.outlet.send(Message::Done { stage, key, output: output.clone(), secs });
    }
}

/// Bytes of a file from which its head is shown before it is read.
const LARGE: u64 = 32 << 20;

/// Whether it takes long enough to read the file that its head is worth a look before.
fn is_large(input: &Input) -> bool {
    matches!(input.files.as_slice(), [file] if std::fs::metadata(file).is_ok_and(|m| m.is_file() && m.len() > LARGE))
}

/// Serves jobs until the handle is dropped.
pub(super) fn serve(jobs: &Receiver<Job>, outlet: &Outlet) {
    let mut pipeline = Pipeline::new();
    while let Ok(first) = jobs.recv() {
        // Of all analyses that wait only the newest is run, after the exports that wait with it.
        let mut newest = None;
        for job in std::iter::once(first).chain(jobs.try_iter()) {
            match job {
                Job::Analyse(recipe) => newest = Some(recipe),
                Job::Export { findings, target, cancel } => write(&findings, target, cancel, outlet),
                Job::SaveRecipe { recipe, path } => save(&recipe, path, outlet),
                Job::SaveRejects { intake, path } => save_rejects(&intake, path, outlet),
                Job::Write { job, path } => write_own(&job, path, outlet),
            }
        }
        if let Some(recipe) = newest {
            analyse(&mut pipeline, &recipe, outlet);
        }
    }
}

fn analyse(pipeline: &mut Pipeline, recipe: &Arc<Recipe>, outlet: &Outlet) {
    let cancel = Arc::new(AtomicBool::new(false));
    let input = recipe.input.clone();
    let keys = Keys::of(recipe);
    let reporter =
        Arc::new(Reporter { outlet: outlet.clone(), cancel: cancel.clone(), input, keys, current: Mutex::new(None) });
    let result = pipeline.run(recipe, cancel, reporter);
    let mut superseded = false;
    if let Ok(mut shared) = outlet.shared.lock() {
        shared.running = None;
        superseded = shared.wanted.is_some_and(|wanted| wanted != keys);
    }
    match result {
        Ok(findings) => outlet.send(Message::Finished { keys, findings: Arc::new(findings) }),
        // Nobody stopped it: a newer analysis goes on with what this one was at.
        Err(stopped) if stopped.error == Error::Cancelled && superseded => {}
        Err(stopped) if stopped.error == Error::Cancelled => {
            outlet.send(Message::Cancelled { stage: stopped.stage, key: stopped.key });
        }
        Err(stopped) => {
            outlet.send(Message::Failed { stage: stopped.stage, key: stopped.key, error: stopped.error });
        }
    }
}

fn one(written: Written) -> Exported {
    Exported { written: vec![written], notes: Vec::new() }
}

fn save(recipe: &Recipe, path: PathBuf, outlet: &Outlet) {
    let result = guarded("export", || {
        let bytes = export::write_file(&path, |out| out.write_all(recipe.to_toml().as_bytes()))?;
        Ok(one(Written { path: path.clone(), bytes }))
    });
    outlet.send(Message::Exported { target: ExportTarget::File(ExportKind::Recipe, path), result });
}

fn save_rejects(intake: &IntakeOut, path: PathBuf, outlet: &Outlet) {
    let result = guarded("export", || export::write_rejects(&intake.reports, &path).map(one));
    outlet.send(Message::Exported { target: ExportTarget::Rejects(path), result });
}

fn write_own(job: &FileJob, path: PathBuf, outlet: &Outlet) {
    let result = guarded("export", || {
        let bytes = export::write_file(&path, |out| (job.fill)(out))?;
        Ok(one(Written { path: path.clone(), bytes }))
    });
    outlet.send(Message::Exported { target: ExportTarget::Own(path), result });
}

fn write(findings: &Findings, target: ExportTarget, cancel: Arc<AtomicBool>, outlet: &Outlet) {
    let progress = outlet.clone();
    let report = move |share: f32| progress.send_if_room(Message::Writing { share });
    let ctx = Ctx::new(cancel, Some(Arc::new(report)));
    // Another analysis, which writes numbers in another way, may have begun since.
    let now = format::numbers();
    format::write_numbers_as(findings.recipe.presentation.numbers);
    let result = guarded("export", || match &target {
        ExportTarget::Folder(dir) => export::write_all(findings, dir, &ctx),
        ExportTarget::File(kind, path) => export::write_one(findings, *kind, path, &ctx).map(one),
        ExportTarget::Rejects(path) => export::write_rejects(&findings.intake.reports, path).map(one),
        // A file of its own comes as a job of its own.
        ExportTarget::Own(_) => Ok(Exported::default()),
    });
    format::write_numbers_as(now);
    outlet.send(Message::Exported { target, result });
}
