//! Exports of the window: when they are written, how far they are, and what came of them.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::{Action, App};
use crate::error::{Error, Result};
use crate::export::{ExportKind, Exported};
use crate::pipeline::{Findings, Keys, Stage};
use crate::recipe::Recipe;
use crate::worker::{ExportTarget, Job};

/// How exports stand.
#[derive(Default)]
pub struct Exports {
    /// Those that were asked for before the last stage was done, with what was found by then.
    waiting: Vec<(Keys, Arc<Findings>, ExportTarget)>,
    /// How far the one is that is being written, 0–1.
    pub share: f32,
    /// What is to be said of the last one: files of an earlier run that were removed, tables that there are not.
    pub notes: Vec<String>,
    /// Why the last one could not be written.
    pub error: Option<String>,
    /// Raised to stop those that are being written.
    stop: Arc<AtomicBool>,
}

impl Exports {
    /// Whether one waits for the checks of k.
    pub fn is_waiting(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Forgets what came of the last one; another file was opened.
    pub(super) fn forget(&mut self) {
        self.notes.clear();
        self.error = None;
    }
}

impl App {
    pub(super) fn export(&mut self, target: ExportTarget) {
        // Decisions can be kept before the analysis is done, and also when it fails.
        let decisions = matches!(target, ExportTarget::File(ExportKind::Recipe, _));
        let about_findings = matches!(target, ExportTarget::Folder(_) | ExportTarget::File(..)) && !decisions;
        // Files say what every stage found; the checks come last, and nobody waits for them but exports.
        if about_findings
            && self.session.is_judging()
            && let (Some(keys), Some(findings)) = (self.session.keys(), self.session.findings())
        {
            let findings = self.decided(findings);
            self.exports_running += 1;
            self.exports.waiting.push((keys, findings, target));
            return;
        }
        if about_findings && let Some((_, error)) = self.session.failure().filter(|(stage, _)| *stage != Stage::Judge) {
            let why = error.to_string();
            return self.tell(false, why);
        }
        // Where the checks were stopped or failed, the rest can be had without them.
        let findings = self.session.whole().or(self.session.findings());
        let job = match (findings, self.session.recipe(), target) {
            (Some(findings), _, target @ (ExportTarget::Folder(_) | ExportTarget::File(..))) => {
                Job::Export { findings: self.decided(findings), target, cancel: self.exports.stop.clone() }
            }
            (None, Some(recipe), ExportTarget::File(ExportKind::Recipe, path)) => {
                Job::SaveRecipe { recipe: recipe.clone(), path }
            }
            (_, _, ExportTarget::Rejects(path)) => match self.session.intake.get() {
                Some(intake) => Job::SaveRejects { intake: intake.clone(), path },
                None => return self.tell(false, "Nothing to export yet: the file is not read.".into()),
            },
            _ => return self.tell(false, "Nothing to export yet: the analysis is not finished.".into()),
        };
        self.exports_running += 1;
        self.worker.submit(job);
    }

    /// The findings under the recipe in force: what a decision about outputs changes, no stage finds anew.
    fn decided(&self, findings: &Arc<Findings>) -> Arc<Findings> {
        match self.session.recipe() {
            Some(recipe) if !Arc::ptr_eq(recipe, &findings.recipe) => {
                Arc::new(Findings { recipe: recipe.clone(), ..Findings::clone(findings) })
            }
            _ => findings.clone(),
        }
    }

    /// Writes what waited for checks that are done, or that will not come because something else was decided since:
    /// files hold what was in force when they were asked for.
    pub(super) fn export_what_waited(&mut self) {
        let (now, judging) = (self.session.keys(), self.session.is_judging());
        for (keys, findings, target) in std::mem::take(&mut self.exports.waiting) {
            let same = now == Some(keys);
            if same && judging {
                self.exports.waiting.push((keys, findings, target));
                continue;
            }
            let whole = self.session.whole().filter(|_| same);
            let recipe = findings.recipe.clone();
            let findings = whole.map_or(findings, |whole| Arc::new(Findings { recipe, ..Findings::clone(whole) }));
            self.worker.submit(Job::Export { findings, target, cancel: self.exports.stop.clone() });
        }
    }

    /// Stops what is being written or waits to be; what stood in the folder before stays.
    pub(super) fn stop_exports(&mut self) {
        let waiting = std::mem::take(&mut self.exports.waiting).len();
        self.exports_running -= waiting;
        std::mem::take(&mut self.exports.stop).store(true, Ordering::Relaxed);
        if waiting > 0 && self.exports_running == 0 {
            self.tell(true, STOPPED.into());
        }
    }

    /// Takes in what came of an export.
    pub(super) fn exported(&mut self, target: ExportTarget, result: Result<Exported>) {
        self.exports_running -= 1;
        self.exports.share = 0.0;
        // The Export panel lists what an analysis gave.
        let listed = !matches!(target, ExportTarget::Rejects(_) | ExportTarget::Own(_));
        if listed {
            self.exports.forget();
        }
        match result {
            Ok(exported) => {
                let place = match &target {
                    ExportTarget::Folder(path)
                    | ExportTarget::File(_, path)
                    | ExportTarget::Rejects(path)
                    | ExportTarget::Own(path) => path.display(),
                };
                self.tell(true, format!("Written: {place}"));
                if listed {
                    self.written = exported.written;
                    self.exports.notes = exported.notes;
                }
            }
            Err(Error::Cancelled) => self.tell(true, STOPPED.into()),
            Err(error) => {
                if listed {
                    self.exports.error = Some(error.to_string());
                }
                self.tell(false, error.to_string());
            }
        }
    }

    /// Decides on the picture for the head of the report.
    pub(super) fn set_logo(&mut self, logo: Option<PathBuf>) {
        let Some(recipe) = self.session.recipe() else { return };
        let mut recipe = Box::new(Recipe::clone(recipe));
        let label = if logo.is_some() { "Set the logo of the report" } else { "Report without a logo" };
        recipe.presentation.logo = logo;
        self.apply(Action::Decide { label: label.into(), recipe, merge: false });
    }
}

const STOPPED: &str = "The export was stopped; nothing was written.";
