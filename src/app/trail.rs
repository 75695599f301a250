//! What belongs to the decisions of the history and not to the recipe: when each was made, and what came of it.

use std::sync::Arc;

use chrono::{DateTime, Local};

use crate::format::{count, plural};
use crate::pipeline::Findings;
use crate::recipe::{CleanStep, Entry, History, Recipe};

/// What an analysis found, as far as the history says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Rows that count after cleaning.
    pub rows: usize,
    pub customers: usize,
    /// Clusters.
    pub k: usize,
    /// What the decision itself did, for example "135,080 rows"; empty where nothing is known.
    pub effect: String,
}

impl Outcome {
    /// In a line.
    pub fn words(&self) -> String {
        let customers = plural(self.customers, "customer", "customers");
        format!("{} · {customers} · {}", plural(self.rows, "row", "rows"), plural(self.k, "cluster", "clusters"))
    }
}

/// One decision, beside what the history knows of it.
#[derive(Debug, Clone)]
struct Step {
    recipe: Arc<Recipe>,
    /// `None` for what came with a file.
    when: Option<DateTime<Local>>,
    /// `None` until the analysis is done.
    outcome: Option<Outcome>,
}

/// Times and outcomes of the entries of one history.
#[derive(Debug, Clone, Default)]
pub struct Trail {
    steps: Vec<Step>,
}

impl Trail {
    /// Decisions that came with a file: made some other time, which it does not say.
    pub(super) fn of_file(history: Option<&History>) -> Trail {
        let entries = history.map_or(&[][..], |h| h.entries().0);
        let step = |e: &Entry| Step { recipe: e.recipe.clone(), when: None, outcome: None };
        Trail { steps: entries.iter().map(step).collect() }
    }

    /// Notes new entries as made now, and forgets those that are no longer in the history.
    pub fn follow(&mut self, history: Option<&History>) {
        let entries = history.map_or(&[][..], |h| h.entries().0);
        self.steps.retain(|s| entries.iter().any(|e| Arc::ptr_eq(&e.recipe, &s.recipe)));
        let when = Some(Local::now());
        for entry in entries {
            if self.of(&entry.recipe).is_none() {
                self.steps.push(Step { recipe: entry.recipe.clone(), when, outcome: None });
            }
        }
    }

    /// The same decisions read their files from another place: what is known of them still holds.
    pub(super) fn moved(&mut self, before: &History, after: &History) {
        for (old, new) in before.entries().0.iter().zip(after.entries().0) {
            if let Some(step) = self.steps.iter_mut().find(|s| Arc::ptr_eq(&s.recipe, &old.recipe)) {
                step.recipe = new.recipe.clone();
            }
        }
    }

    /// An analysis is done: what came of the decision that led to it.
    pub fn arrived(&mut self, history: Option<&History>, findings: &Findings) {
        let Some(history) = history else { return };
        let (entries, _) = history.entries();
        let Some(at) = entries.iter().position(|e| Arc::ptr_eq(&e.recipe, &findings.recipe)) else { return };
        let before = at.checked_sub(1).map(|at| entries[at].recipe.clone());
        let rows = findings.rfm.funnel.last().map_or(0, |line| line.rows);
        let earlier = before.as_ref().and_then(|r| self.of(r)).and_then(|s| s.outcome.as_ref()).map(|o| o.rows);
        let effect = before.map_or_else(String::new, |before| effect(&before, findings, earlier, rows));
        let outcome =
            Outcome { rows, customers: findings.rfm.customers.len(), k: findings.chosen.clustering.clusters(), effect };
        if let Some(step) = self.steps.iter_mut().find(|s| Arc::ptr_eq(&s.recipe, &findings.recipe)) {
            step.outcome = Some(outcome);
        }
    }

    fn of(&self, recipe: &Arc<Recipe>) -> Option<&Step> {
        self.steps.iter().find(|s| Arc::ptr_eq(&s.recipe, recipe))
    }

    /// When a decision was made.
    pub fn when(&self, recipe: &Arc<Recipe>) -> Option<DateTime<Local>> {
        self.of(recipe)?.when
    }

    /// What came of it, once that is known.
    pub fn outcome(&self, recipe: &Arc<Recipe>) -> Option<&Outcome> {
        self.of(recipe)?.outcome.as_ref()
    }

    /// The name of a decision with what it did: "Drop rows without a customer: 135,080 rows".
    pub fn label(&self, label: &str, recipe: &Arc<Recipe>) -> String {
        match self.outcome(recipe).map(|o| o.effect.as_str()) {
            None | Some("") => label.to_string(),
            Some(effect) => format!("{label}: {effect}"),
        }
    }
}

/// What a decision about cleaning did: what the step that is new took away or changed; else by how many rows the total
/// changed.
fn effect(before: &Recipe, findings: &Findings, earlier: Option<usize>, rows: usize) -> String {
    let now = &findings.recipe;
    if before.clean.steps != now.clean.steps {
        let in_force = |step: &CleanStep| step.on && !before.clean.steps.contains(step);
        let new: Vec<usize> =
            now.clean.steps.iter().enumerate().filter(|(_, step)| in_force(step)).map(|(i, _)| i).collect();
        if let [at] = new[..]
            && let Some(effect) = findings.prepared.effects.get(at).filter(|e| e.error.is_none())
        {
            return match (effect.rows_before.saturating_sub(effect.rows_after), effect.cells_changed) {
                (0, 0) => "nothing changed".into(),
                (0, cells) => plural(cells, "cell", "cells"),
                (rows, _) => plural(rows, "row", "rows"),
            };
        }
    }
    let about_rows = before.clean != now.clean || before.customers != now.customers || before.roles != now.roles;
    match earlier.filter(|_| about_rows) {
        Some(then) if then > rows => format!("{} fewer", plural(then - rows, "row", "rows")),
        Some(then) if then < rows => format!("{} more", plural(rows - then, "row", "rows")),
        Some(_) if before.clean != now.clean => format!("{} as before", count(rows)),
        _ => String::new(),
    }
}
