//! `--derive`: calculated columns and features from the command line.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use super::progress::Progress;
use crate::error::Error;
use crate::features::calculate::{ExpressionError, Level, Scope, check, level_by_names};
use crate::features::engagement;
use crate::pipeline::{Key, Stage, StageOutput, Watch};
use crate::recipe::{Calculation, CleanStep, Formula, Recipe, StepKind};
use crate::rfm::{FREQUENCY, MONETARY, RECENCY};

/// A name and the expression for it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Derived {
    pub name: String,
    pub expression: String,
}

/// `NAME = EXPRESSION`; the first sign counts.
pub(super) fn parse_derived(text: &str) -> Result<Derived, String> {
    let usage = || "write a name and an expression, such as \"total = Quantity * UnitPrice\"".to_string();
    let (name, expression) = text.split_once('=').ok_or_else(usage)?;
    let (name, expression) = (name.trim().trim_matches('"'), expression.trim());
    if name.is_empty() || expression.is_empty() {
        return Err(usage());
    }
    level_by_names(expression, |_| false).map_err(|why| shown(&why.message, &why, expression))?;
    Ok(Derived { name: name.into(), expression: expression.into() })
}

impl Derived {
    /// Whether it is about customers, given the features that are there so far.
    fn level(&self, recipe: &Recipe) -> Level {
        let is_feature = |name: &str| {
            let same = |own: &str| own.eq_ignore_ascii_case(name.trim());
            [RECENCY, FREQUENCY, MONETARY].into_iter().any(same)
                || engagement::is_name(name)
                || recipe.features.calculate.iter().any(|c| same(&c.name))
        };
        // It was parsed as a flag already.
        level_by_names(&self.expression, is_feature).unwrap_or(Level::Rows)
    }

    fn formula(&self) -> Formula {
        Formula::Expression { expression: self.expression.clone() }
    }

    /// Adds a cleaning step or a feature. A feature of the recipe with the same name is replaced.
    pub(super) fn add_to(&self, recipe: &mut Recipe) {
        match self.level(recipe) {
            Level::Rows => {
                let what = StepKind::Calculate { name: self.name.clone(), formula: self.formula() };
                recipe.clean.steps.push(CleanStep::from(what));
            }
            Level::Customers => {
                let new = Calculation { name: self.name.clone(), formula: self.formula() };
                match recipe.features.calculate.iter_mut().find(|c| c.name == self.name) {
                    Some(old) => *old = new,
                    None => recipe.features.calculate.push(new),
                }
            }
        }
    }
}

/// A sentence with the expression below it and carets under the place.
fn shown(sentence: &str, why: &ExpressionError, expression: &str) -> String {
    let lines: Vec<String> = why.pointed(expression).lines().map(|line| format!("  {line}")).collect();
    format!("{sentence}\n{}", lines.join("\n"))
}

/// An error as the terminal shows it: wrong expressions with their place.
pub(super) fn pointed(error: Error) -> anyhow::Error {
    match &error {
        Error::Expression { name, expression, why } => {
            anyhow::anyhow!(shown(&format!("{name:?} cannot be worked out: {}", why.message), why, expression))
        }
        _ => error.into(),
    }
}

/// Hands progress on, and stops the run when a column that was asked for on the command line cannot be worked out. In a
/// recipe such a step is left out with a warning; on the command line it was meant.
pub(super) struct WatchDerived {
    progress: Arc<Progress>,
    cancel: Arc<AtomicBool>,
    /// Places among the cleaning steps.
    steps: Vec<(usize, Derived)>,
    wrong: Mutex<Option<String>>,
}

impl WatchDerived {
    pub(super) fn new(
        progress: Arc<Progress>,
        cancel: Arc<AtomicBool>,
        recipe: &Recipe,
        derived: &[Derived],
    ) -> WatchDerived {
        let place = |d: &Derived| {
            let is = |step: &CleanStep| matches!(&step.what, StepKind::Calculate { name, formula } if *name == d.name && *formula == d.formula());
            recipe.clean.steps.iter().rposition(is).map(|at| (at, d.clone()))
        };
        let steps = derived.iter().filter_map(place).collect();
        WatchDerived { progress, cancel, steps, wrong: Mutex::default() }
    }

    /// What was wrong with a column, if anything.
    pub(super) fn wrong(&self) -> Option<anyhow::Error> {
        let wrong = self.wrong.lock().ok()?.take()?;
        Some(anyhow::Error::msg(wrong))
    }
}

impl Watch for WatchDerived {
    fn started(&self, stage: Stage, key: Key) {
        self.progress.started(stage, key);
    }

    fn progress(&self, stage: Stage, share: f32) {
        self.progress.progress(stage, share);
    }

    fn done(&self, stage: Stage, key: Key, output: &StageOutput, secs: Option<f64>) {
        self.progress.done(stage, key, output, secs);
        let StageOutput::Prepare(prepared) = output else { return };
        for (at, Derived { name, expression }) in &self.steps {
            let Some(error) = prepared.effects.get(*at).and_then(|effect| effect.error.as_ref()) else { continue };
            let scope = Scope::of(Some(prepared.table_before(*at)), &[]);
            let text = match check(expression, Level::Rows, &scope) {
                Err(why) => shown(&format!("{name:?} cannot be worked out: {}", why.message), &why, expression),
                Ok(_) => format!("{name:?} cannot be worked out: {error}"),
            };
            if let Ok(mut wrong) = self.wrong.lock() {
                *wrong = Some(text);
            }
            self.cancel.store(true, Ordering::Relaxed);
            return;
        }
    }
}
