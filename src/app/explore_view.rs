//! What the Explore panel looks at.

/// The two sides of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ExploreTab {
    /// Columns and charts.
    #[default]
    Charts,
    /// The table of customers, and the card of one of them.
    Customers,
}

/// State of the panel that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct ExploreView {
    pub tab: ExploreTab,
}
