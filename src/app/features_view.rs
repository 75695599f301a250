//! What the Features panel looks at.

use serde::{Deserialize, Serialize};

use crate::recipe::Formula;

/// The sides of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum FeaturesTab {
    /// What customers are clustered by, and calculated features.
    #[default]
    Features,
    /// Recency, frequency, monetary: scores and segments.
    Rfm,
    /// From scores to segments: the map and its editor.
    Map,
    /// Two snapshot dates compared.
    Dates,
}

impl FeaturesTab {
    /// Every tab in order.
    pub const ALL: [FeaturesTab; 4] = [FeaturesTab::Features, FeaturesTab::Rfm, FeaturesTab::Map, FeaturesTab::Dates];

    /// Its words.
    pub fn title(self) -> &'static str {
        match self {
            FeaturesTab::Features => "Features",
            FeaturesTab::Rfm => "RFM scores",
            FeaturesTab::Map => "Segment map",
            FeaturesTab::Dates => "Two dates",
        }
    }

    /// What it answers, in one line.
    pub fn question(self) -> &'static str {
        match self {
            FeaturesTab::Features => "What are customers clustered by?",
            FeaturesTab::Rfm => "How do customers score on recency, frequency and monetary?",
            FeaturesTab::Map => "Which scores lead to which segment?",
            FeaturesTab::Dates => "Who moved from which segment to which between two dates?",
        }
    }
}

/// What a calculation gives a value to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Level {
    /// Every customer: a feature.
    Customers,
    /// Every row of the table: a column, made by a cleaning step.
    Rows,
}

/// A calculated feature or column being made or edited. Nothing is computed with it but its preview.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureDraft {
    /// Which draft it is; previews of an earlier one are not shown for it.
    pub number: u64,
    /// The calculation of the recipe that it is to replace; `None` for a new one.
    pub replaces: Option<usize>,
    pub level: Level,
    pub name: String,
    /// The name that was proposed last; it follows the formula while nobody types another one.
    pub proposed: String,
    pub formula: Formula,
    /// What stood in the other way of saying it, form or expression.
    pub other: Option<Formula>,
}

/// State of the panel that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct FeaturesView {
    pub tab: FeaturesTab,
    /// Words by which the catalogue is narrowed.
    pub search: String,
    pub draft: Option<FeatureDraft>,
    /// Drafts so far.
    drafts: u64,
}

impl FeaturesView {
    /// Opens the editor on a new calculation.
    pub fn add(&mut self, level: Level, formula: Formula) {
        self.start(None, level, String::new(), formula);
    }

    /// Opens the editor on a calculation of the recipe.
    pub fn edit(&mut self, at: usize, name: String, formula: Formula) {
        self.start(Some(at), Level::Customers, name, formula);
    }

    /// Another file is open: nothing that was begun belongs to it.
    pub(super) fn forget(&mut self) {
        self.search.clear();
        self.draft = None;
    }

    fn start(&mut self, replaces: Option<usize>, level: Level, name: String, formula: Formula) {
        self.drafts += 1;
        let (number, proposed) = (self.drafts, String::new());
        self.draft = Some(FeatureDraft { number, replaces, level, name, proposed, formula, other: None });
    }
}
