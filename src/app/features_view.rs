//! What the Features panel looks at.

/// The sides of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
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
}

/// State of the panel that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct FeaturesView {
    pub tab: FeaturesTab,
}
