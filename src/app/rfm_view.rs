//! What the RFM, segment map and two-dates tabs look at.

use serde::{Deserialize, Serialize};

use super::map_draft::MapDraft;
use crate::rfm::MapFile;

/// The pictures of scores and segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum ScoreView {
    /// Recency × frequency.
    #[default]
    Grid,
    /// Segments by customers and by revenue.
    Areas,
    /// Medians of each axis per segment.
    Medians,
    /// How each axis spreads within each segment.
    Spread,
    /// Each pair of axes, a point per customer.
    Pairs,
}

/// What a cell of the recency × frequency grid, or of the migration matrix, shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum Measure {
    #[default]
    Customers,
    Revenue,
    /// Mean monetary per customer; not of the migration matrix.
    Mean,
}

/// The pictures of two dates compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub enum DatesView {
    #[default]
    Matrix,
    Flow,
    Up,
    Slipping,
}

/// Order of the lists of who moved: column from the left, and whether the largest comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MovedSort {
    pub column: usize,
    pub descending: bool,
}

impl Default for MovedSort {
    /// By what was spent up to the later date.
    fn default() -> Self {
        MovedSort { column: 4, descending: true }
    }
}

/// State of these tabs that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct RfmView {
    pub view: ScoreView,
    pub measure: Measure,
    /// Histograms of this segment alone; `None`: of all, stacked.
    pub only_segment: Option<u8>,
    /// The axis whose cut point is being dragged, so that one drag is one entry of the history.
    pub dragging: Option<usize>,
    /// Cut points of each axis while they are being typed.
    pub cuts: [Option<String>; 3],
    /// The map being edited, before it is a decision.
    pub draft: Option<MapDraft>,
    /// The last map of the user's own, so that one can go back to it from another.
    pub own_map: Option<MapFile>,
    /// Whether the field for the path of a map is open, and what is typed into it.
    pub opening: bool,
    pub map_path: String,
    /// The other date while it is being typed.
    pub other_date: Option<String>,
    pub dates: DatesView,
    pub dates_measure: Measure,
    pub moved_sort: MovedSort,
    /// The move between two dates that was clicked: segments by their places in the map; `None`: new or gone.
    pub cell: Option<(Option<u8>, Option<u8>)>,
}
