//! The Clean panel's own state: the step being edited, before it is a decision.

use crate::clean::steps::SpellingMethod;
use crate::recipe::{Formula, StepKind};

/// A cleaning step being made or edited. Nothing is computed with it but its preview.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Which draft it is; previews of an earlier one are not shown for it.
    pub number: u64,
    /// The step of the recipe that it is to replace; `None` for a new one at the end of the list.
    pub replaces: Option<usize>,
    pub step: StepKind,
    /// How spellings are compared, for a step that unifies them.
    pub method: SpellingMethod,
    /// A value being typed that is to join a list; for a calculated column the name that was proposed last.
    pub typed: String,
    /// For a calculated column: what stood in the other way to say it, form or expression.
    pub other: Option<Formula>,
}

/// What the Clean panel remembers between frames.
#[derive(Debug, Clone, Default)]
pub struct CleanView {
    pub draft: Option<Draft>,
    /// Every suggestion is shown, not only the first few.
    pub all_suggestions: bool,
    /// Drafts so far.
    drafts: u64,
}

impl CleanView {
    /// Opens the editor on a new step.
    pub fn add(&mut self, step: StepKind) {
        self.start(None, step);
    }

    /// Opens the editor on a step of the recipe.
    pub fn edit(&mut self, at: usize, step: StepKind) {
        self.start(Some(at), step);
    }

    fn start(&mut self, replaces: Option<usize>, step: StepKind) {
        self.drafts += 1;
        let method = SpellingMethod::Fingerprint;
        self.draft = Some(Draft { number: self.drafts, replaces, step, method, typed: String::new(), other: None });
    }
}
