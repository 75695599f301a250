//! Segment maps: which scores belong to which segment, as data in `assets/segments/`.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::Deserialize;

use crate::error::{Error, Result};

/// One named segment of a map.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Name, unique within the map.
    pub name: String,
    /// What its customers have in common, in one sentence.
    pub meaning: String,
    /// What to do about them.
    pub action: String,
}

/// A map from recency and frequency scores to segments that covers each of the 25 cells exactly once.
#[derive(Debug, Clone)]
pub struct SegmentMap {
    pub title: String,
    pub segments: Vec<Segment>,
    /// `cells[r − 1][f − 1]` is an index into `segments`.
    pub cells: [[u8; 5]; 5],
}

/// The file's form: rows of the grid from frequency 5 down to 1, each with recency 1 to 5.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MapFile {
    title: String,
    grid: BTreeMap<String, Vec<String>>,
    segment: Vec<Segment>,
}

impl SegmentMap {
    /// The common ten-segment grid of recency × frequency.
    pub fn grid_10() -> Arc<SegmentMap> {
        static MAP: OnceLock<Arc<SegmentMap>> = OnceLock::new();
        MAP.get_or_init(|| {
            let text = include_str!("../../assets/segments/rf_grid_10.toml");
            Arc::new(SegmentMap::from_toml(text).expect("the shipped map is checked by a test"))
        })
        .clone()
    }

    /// Reads a map and proves it: every cell has exactly one segment, and every segment has a cell.
    pub fn from_toml(text: &str) -> Result<SegmentMap> {
        let file: MapFile =
            toml::from_str(text).map_err(|e| Error::Recipe(format!("the segment map cannot be read: {e}")))?;
        let mut cells = [[u8::MAX; 5]; 5];
        for f in 1..=5usize {
            let row = file
                .grid
                .get(&format!("f{f}"))
                .ok_or_else(|| Error::Recipe(format!("the segment map has no row f{f}: a gap")))?;
            if row.len() != 5 {
                return Err(Error::Recipe(format!("row f{f} of the segment map has {} cells instead of 5", row.len())));
            }
            for (r, name) in row.iter().enumerate() {
                let index = file.segment.iter().position(|s| s.name == *name).ok_or_else(|| {
                    Error::Recipe(format!("row f{f} of the segment map names {name:?}, which is no segment"))
                })?;
                cells[r][f - 1] = index as u8;
            }
        }
        for (i, segment) in file.segment.iter().enumerate() {
            if !cells.iter().flatten().any(|&c| c as usize == i) {
                return Err(Error::Recipe(format!("no cell leads to the segment {:?}", segment.name)));
            }
            if file.segment[..i].iter().any(|s| s.name == segment.name) {
                return Err(Error::Recipe(format!("the segment {:?} is defined twice", segment.name)));
            }
        }
        Ok(SegmentMap { title: file.title, segments: file.segment, cells })
    }

    /// The segment of a customer with these scores (1–5); an index into `segments`.
    pub fn segment_of(&self, r: u8, f: u8) -> u8 {
        self.cells[r as usize - 1][f as usize - 1]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_grid_is_a_partition_with_ten_segments() {
        let map = SegmentMap::grid_10();
        assert_eq!(map.segments.len(), 10);
        let name = |r, f| map.segments[map.segment_of(r, f) as usize].name.as_str();
        assert_eq!(name(5, 5), "Champions");
        assert_eq!(name(5, 1), "New");
        assert_eq!(name(1, 5), "Can't Lose");
        assert_eq!(name(3, 3), "Need Attention");
        assert_eq!(name(4, 1), "Promising");
        assert_eq!(name(2, 4), "At Risk");
    }

    #[test]
    fn gaps_and_unreachable_names_are_refused() {
        let text = include_str!("../../assets/segments/rf_grid_10.toml");
        let gap = text.replace("f3 =", "f9 =");
        assert!(SegmentMap::from_toml(&gap).unwrap_err().to_string().contains("f3"));
        let unreachable = format!("{text}\n[[segment]]\nname = \"Nobody\"\nmeaning = \"-\"\naction = \"-\"\n");
        assert!(SegmentMap::from_toml(&unreachable).unwrap_err().to_string().contains("Nobody"));
    }
}
