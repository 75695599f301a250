//! What the other sides of the Segments panel show: components, distances, lines.

/// State of those sides that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct SidesView {}
