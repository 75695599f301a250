//! What the drawer says about the sides of this panel.

use crate::app::SegmentsTab;

/// The text for the side in front.
pub fn text(tab: SegmentsTab) -> &'static str {
    match tab {
        SegmentsTab::Map => include_str!("../../../../assets/help/segments.md"),
        SegmentsTab::Components => include_str!("../../../../assets/help/segments_components.md"),
        SegmentsTab::Distances => include_str!("../../../../assets/help/segments_distances.md"),
        SegmentsTab::Lines => include_str!("../../../../assets/help/segments_lines.md"),
    }
}
