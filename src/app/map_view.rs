//! What the map of customers shows.

/// State of the map that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct MapView {}
