//! What the Choose k panel looks at.

use serde::{Deserialize, Serialize};

/// The sides of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ChooseKTab {
    /// All criteria on one axis of k.
    #[default]
    Criteria,
    /// The silhouette of every customer.
    Silhouettes,
    /// The tree of joins.
    Tree,
    /// Runs that were kept, compared.
    Runs,
    /// How k-means and the silhouette work, on these customers.
    Lesson,
}

impl ChooseKTab {
    /// Every tab in order.
    pub const ALL: [ChooseKTab; 5] =
        [ChooseKTab::Criteria, ChooseKTab::Silhouettes, ChooseKTab::Tree, ChooseKTab::Runs, ChooseKTab::Lesson];

    /// Its words.
    pub fn title(self) -> &'static str {
        match self {
            ChooseKTab::Criteria => "Criteria",
            ChooseKTab::Silhouettes => "Silhouettes",
            ChooseKTab::Tree => "Tree",
            ChooseKTab::Runs => "Runs",
            ChooseKTab::Lesson => "Step by step",
        }
    }

    /// What it answers, in one line.
    pub fn question(self) -> &'static str {
        match self {
            ChooseKTab::Criteria => "What do all criteria say of each number of clusters?",
            ChooseKTab::Silhouettes => "How well does each customer lie in its cluster?",
            ChooseKTab::Tree => "Which clusters join into which, and where to cut?",
            ChooseKTab::Runs => "What was tried, and how do two results differ?",
            ChooseKTab::Lesson => "How do k-means and the silhouette work, step by step?",
        }
    }
}

/// The order of the table of runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RunColumn {
    #[default]
    Number,
    Name,
    Ended,
    Took,
    K,
    Silhouette,
    CalinskiHarabasz,
    DaviesBouldin,
    Smallest,
}

/// What the table of runs looks at.
#[derive(Debug, Clone, Default)]
pub struct RunsView {
    /// Column, and whether the order is turned round.
    pub sort: (RunColumn, bool),
    /// Numbers of the runs laid side by side, at most two.
    pub pair: Vec<u64>,
    /// A run's new name while it is typed.
    pub naming: Option<(u64, String)>,
}

/// State of the panel that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct ChooseKView {
    pub tab: ChooseKTab,
    /// Whether the settings of the tests are shown.
    pub more: bool,
    /// The height at which the tree is about to be cut, while the line is dragged.
    pub cut: Option<f64>,
    /// Where a drag over silhouettes began, as a place among them.
    pub drag: Option<usize>,
    pub runs: RunsView,
    pub lesson: super::LessonView,
}
