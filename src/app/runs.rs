//! Every analysis that was done, with what it decided and what came of it, so that two can be laid side by side.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::Utc;

use crate::pipeline::{Findings, Keys, Stage};
pub use crate::project::Run;

/// Memory that the customers and clusters of all runs may take together. The oldest that are not kept give way.
const MOST_BYTES: usize = 512 << 20;
/// Runs that are listed at most; each also holds its recipe.
const MOST_RUNS: usize = 500;

/// The runs of one session, oldest first.
#[derive(Debug, Default)]
pub struct Runs {
    list: Vec<Run>,
    done: u64,
    /// Runs that gave way to newer ones.
    dropped: usize,
}

impl Runs {
    /// The runs that a project kept.
    pub(super) fn restored(runs: impl Iterator<Item = Run>) -> Runs {
        let list: Vec<Run> = runs.collect();
        let done = list.iter().map(|r| r.number).max().unwrap_or(0);
        Runs { list, done, dropped: 0 }
    }

    pub fn list(&self) -> &[Run] {
        &self.list
    }

    /// Runs that gave way to newer ones, because together they took too much memory.
    pub fn dropped(&self) -> usize {
        self.dropped
    }

    pub fn get(&self, number: u64) -> Option<&Run> {
        self.list.iter().find(|r| r.number == number)
    }

    /// The run with the same findings as those in force.
    pub fn in_force(&self, keys: Option<Keys>) -> Option<&Run> {
        let key = keys?.get(Stage::Cluster);
        self.list.iter().rev().find(|r| r.key == key)
    }

    /// Takes in a finished analysis, unless there is one with the same choices. `entry` is the decision that led to it:
    /// what one drag passes by on its way is not a run each.
    pub fn record(&mut self, keys: Keys, findings: &Findings, entry: (usize, String)) {
        let key = keys.get(Stage::Cluster);
        if self.list.iter().any(|r| r.key == key) {
            return;
        }
        // A project that was moved finds its data in another folder: the same run under another key.
        if let Some(same) = self.list.iter_mut().find(|r| is_same(r, findings)) {
            same.key = key;
            return;
        }
        if self.list.last().is_some_and(|last| last.entry == entry && !last.kept && last.label.is_empty()) {
            self.list.pop();
            self.done -= 1;
        }
        let label = |name: &String| {
            let known = findings.rfm.customers.features.iter().find(|f| f.name == *name);
            known.map_or_else(|| name.clone(), |f| f.label.clone())
        };
        let took =
            |stage: Stage| findings.durations.iter().filter(|(s, _)| *s == stage).map(|(_, secs)| secs).sum::<f64>();
        let stages = [Stage::Features, Stage::Search, Stage::Cluster, Stage::Reduce, Stage::Profile, Stage::Name];
        // Findings that were reused took no time this once, which says nothing about the algorithm.
        let secs = (took(Stage::Search) > 0.0).then(|| stages.into_iter().map(took).sum());
        let words = findings.matrix.words.iter().map(|w| label(&w.name));
        self.done += 1;
        self.list.push(Run {
            number: self.done,
            label: String::new(),
            kept: false,
            ended: Utc::now(),
            secs,
            recipe: findings.recipe.clone(),
            scores: findings.chosen.scores.clone(),
            features: findings.matrix.columns.iter().map(|c| label(&c.name)).chain(words).collect(),
            segments: findings.profiles.iter().map(|p| p.name.clone()).collect(),
            clustering: findings.chosen.clustering.clone(),
            ids: findings.rfm.customers.ids.clone(),
            key,
            entry,
        });
        self.make_room();
    }

    /// Changes what the user says of a run.
    pub fn change(&mut self, number: u64, change: RunChange) {
        let Some(at) = self.list.iter().position(|r| r.number == number) else { return };
        match change {
            RunChange::Label(label) => self.list[at].label = label.trim().to_string(),
            RunChange::Keep(kept) => self.list[at].kept = kept,
            RunChange::Forget => drop(self.list.remove(at)),
        }
    }

    fn make_room(&mut self) {
        while self.list.len() > MOST_RUNS || self.bytes() > MOST_BYTES {
            // The newest stays, whatever its size.
            let older = &self.list[..self.list.len().saturating_sub(1)];
            let Some(at) = older.iter().position(|r| !r.kept && r.label.is_empty()) else { return };
            self.list.remove(at);
            self.dropped += 1;
        }
    }

    /// Bytes of labels and ids; what runs share counts once.
    fn bytes(&self) -> usize {
        let mut ids: Vec<*const Vec<String>> = Vec::new();
        let mut total = 0;
        for run in &self.list {
            total += run.clustering.labels.len() * size_of::<u32>();
            if !ids.contains(&Arc::as_ptr(&run.ids)) {
                ids.push(Arc::as_ptr(&run.ids));
                // An id is a few letters beside its three words.
                total += run.ids.len() * (size_of::<String>() + 8);
            }
        }
        total
    }
}

/// Whether a run did the same with the same result, wherever its files were.
fn is_same(run: &Run, findings: &Findings) -> bool {
    let (a, b) = (&run.recipe, &findings.recipe);
    let names = |files: &[PathBuf]| files.iter().map(|f| f.file_name().map(OsString::from)).collect::<Vec<_>>();
    run.clustering.labels == findings.chosen.clustering.labels
        && run.ids == findings.rfm.customers.ids
        && (&a.cluster, &a.features, &a.rfm, &a.roles, &a.clean)
            == (&b.cluster, &b.features, &b.rfm, &b.roles, &b.clean)
        && names(&a.input.files) == names(&b.input.files)
}

/// What the user may say of a run.
#[derive(Debug, Clone, PartialEq)]
pub enum RunChange {
    Label(String),
    /// Whether it stays when memory is short.
    Keep(bool),
    Forget,
}
