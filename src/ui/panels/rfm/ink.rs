//! The colours of a map's segments: those that the user gave, else by their place.

use egui::Color32;

use crate::chart::Ink;
use crate::rfm::SegmentMap;
use crate::ui::theme::Theme;

/// The colour of a segment in charts.
pub fn of(map: &SegmentMap, segment: usize) -> Ink {
    match given(map.segments.get(segment).and_then(|s| s.color.as_deref())) {
        Some(color) => Ink::Own([color.r(), color.g(), color.b()]),
        None => Ink::Segment(segment),
    }
}

/// The same in the window.
pub fn color(t: &Theme, map: &SegmentMap, segment: usize) -> Color32 {
    shown(t, map.segments.get(segment).and_then(|s| s.color.as_deref()), segment)
}

/// A colour as it is written in a map, or that of the place.
pub fn shown(t: &Theme, text: Option<&str>, place: usize) -> Color32 {
    given(text).unwrap_or_else(|| t.segment(place))
}

fn given(text: Option<&str>) -> Option<Color32> {
    Color32::from_hex(text?).ok()
}
