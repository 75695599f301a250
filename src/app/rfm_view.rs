//! What the RFM, segment map and two-dates tabs look at.

/// State of these tabs that changes no finding.
#[derive(Debug, Clone, Default)]
pub struct RfmView {}
