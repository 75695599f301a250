//! What the panel asks of the domain about calculated features.

use std::sync::Arc;

use crate::app::{FeatureDraft, Level};
use crate::clean::{CleanOut, Prepared};
use crate::intake::RolesOut;
use crate::recipe::{Formula, Recipe};
use crate::rfm::RfmOut;
use crate::ui::cache::{Followed, Same};
use crate::ui::scene::Scene;
use crate::ui::widgets::expression::{Mistake, Word};

/// Functions that expressions may use.
pub fn functions(_level: Level) -> Vec<Word> {
    Vec::new()
}

/// Whether an output is called so, whatever the features are.
pub fn is_fixed(_name: &str) -> bool {
    false
}

/// A calculation that is being written, and what it would be worked out from.
#[derive(Clone)]
pub struct Trial {
    prepared: Arc<Prepared>,
    roles: Arc<RolesOut>,
    clean: Arc<CleanOut>,
    rfm: Arc<RfmOut>,
    recipe: Arc<Recipe>,
    number: u64,
    replaces: Option<usize>,
    level: Level,
    formula: Formula,
}

impl Trial {
    /// The draft as it is now; `None` until there are customers.
    pub fn of(scene: &Scene, draft: &FeatureDraft) -> Option<Trial> {
        Some(Trial {
            prepared: scene.session.prepared.get()?.clone(),
            roles: scene.session.roles.get()?.clone(),
            clean: scene.session.clean.get()?.clone(),
            rfm: scene.session.rfm.get()?.clone(),
            recipe: scene.session.recipe()?.clone(),
            number: draft.number,
            replaces: draft.replaces,
            level: draft.level,
            formula: draft.formula.clone(),
        })
    }
}

impl Same for Trial {
    fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.rfm, &other.rfm)
            && Arc::ptr_eq(&self.prepared, &other.prepared)
            && Arc::ptr_eq(&self.recipe, &other.recipe)
            && (self.number, self.replaces, self.level) == (other.number, other.replaces, other.level)
            && self.formula == other.formula
    }
}

/// One column of the first values.
#[derive(Debug, Clone, Default)]
pub struct TrialColumn {
    pub name: String,
    /// As people read them; empty where there is none.
    pub values: Vec<String>,
    pub number: bool,
    /// Whether it is a result, not what it was worked out from.
    pub result: bool,
}

/// What came of trying a calculation.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Which draft it belongs to.
    pub number: u64,
    pub columns: Vec<TrialColumn>,
    /// What to know about the result as a whole.
    pub note: String,
    wrong: Option<Mistake>,
}

impl Outcome {
    /// What is wrong with it.
    pub fn mistake(&self) -> Option<&Mistake> {
        self.wrong.as_ref()
    }
}

/// Tries the calculation on another thread; what came of the one before stays until it is done.
pub fn follow(ctx: &egui::Context, scene: &mut Scene, trial: Trial) -> Followed<Outcome> {
    scene.cache.follow("calculation", trial, ctx, |trial, _| {
        let _ = (&trial.roles, &trial.clean);
        Some(Outcome { number: trial.number, ..Outcome::default() })
    })
}
