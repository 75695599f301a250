//! What the Choose k panel looks at.

/// The sides of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
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
}

/// State of the panel that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct ChooseKView {
    pub tab: ChooseKTab,
    pub lesson: super::LessonView,
}
