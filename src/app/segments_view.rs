//! What the Segments panel looks at.

use serde::{Deserialize, Serialize};

/// The sides of the panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum SegmentsTab {
    /// The customers as points.
    #[default]
    Map,
    /// Principal components: what the axes mean.
    Components,
    /// How far the clusters are from each other.
    Distances,
    /// Features side by side: parallel coordinates and the snake plot.
    Lines,
}

impl SegmentsTab {
    /// Every tab in order.
    pub const ALL: [SegmentsTab; 4] =
        [SegmentsTab::Map, SegmentsTab::Components, SegmentsTab::Distances, SegmentsTab::Lines];

    /// Its words.
    pub fn title(self) -> &'static str {
        match self {
            SegmentsTab::Map => "Map",
            SegmentsTab::Components => "Components",
            SegmentsTab::Distances => "Distances",
            SegmentsTab::Lines => "Lines",
        }
    }

    /// What it answers, in one line.
    pub fn question(self) -> &'static str {
        match self {
            SegmentsTab::Map => "Where do the customers lie?",
            SegmentsTab::Components => "What do the axes of the map mean?",
            SegmentsTab::Distances => "Which segments are near each other?",
            SegmentsTab::Lines => "In which features do the segments differ?",
        }
    }
}

/// State of the panel that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct SegmentsView {
    pub tab: SegmentsTab,
    pub map: super::MapView,
    pub sides: super::SidesView,
}
