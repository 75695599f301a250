//! The maps that come with the program.

use std::sync::{Arc, OnceLock};

use super::SegmentMap;

/// Their names in recipes and flags; the first is the usual one.
pub(super) const NAMES: [&str; 4] = ["grid25", "codes125", "classic11", "rfm_package"];

const TEXTS: [&str; NAMES.len()] = [
    include_str!("../../../assets/segments/grid25.toml"),
    include_str!("../../../assets/segments/codes125.toml"),
    include_str!("../../../assets/segments/classic11.toml"),
    include_str!("../../../assets/segments/rfm_package.toml"),
];

/// The map at a place of [`NAMES`].
pub(super) fn map(at: usize) -> Arc<SegmentMap> {
    static MAPS: OnceLock<Vec<Arc<SegmentMap>>> = OnceLock::new();
    let read = |text: &&str| Arc::new(SegmentMap::from_toml(text).expect("the shipped maps are checked by a test"));
    MAPS.get_or_init(|| TEXTS.iter().map(read).collect())[at].clone()
}
