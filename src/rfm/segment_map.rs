//! Segment maps: which scores belong to which segment. Those that come with the program are data in
//! `assets/segments/`; the user's own are files of the same form, or part of the recipe.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// One named segment of a map.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// Name, unique within the map.
    pub name: String,
    /// What its customers have in common, in one sentence.
    #[serde(default)]
    pub meaning: String,
    /// What to do about them.
    #[serde(default)]
    pub action: String,
    /// Its colour as `#rrggbb`; unset: by its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// A map as it is written down: in files and in recipes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapFile {
    pub title: String,
    /// Rows of the grid, `f1` to `f5`, each with a segment's name per recency score.
    pub grid: BTreeMap<String, Vec<String>>,
    pub segment: Vec<Segment>,
}

/// A map that was checked: every combination of scores leads to exactly one segment.
#[derive(Debug, Clone)]
pub struct SegmentMap {
    pub title: String,
    pub segments: Vec<Segment>,
    /// Scores per axis that the map is for.
    pub scores: u8,
    /// Index into `segments` per recency, frequency and monetary score: `[(r − 1)·s² + (f − 1)·s + (m − 1)]`.
    table: Vec<u8>,
    /// What is to be said about it: overlaps and the order that resolves them, names that no score leads to.
    pub notes: Vec<String>,
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
        let mut table = vec![u8::MAX; 125];
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
                table[r * 25 + (f - 1) * 5..][..5].fill(index as u8);
            }
        }
        for (i, segment) in file.segment.iter().enumerate() {
            if !table.iter().any(|&c| c as usize == i) {
                return Err(Error::Recipe(format!("no cell leads to the segment {:?}", segment.name)));
            }
            if file.segment[..i].iter().any(|s| s.name == segment.name) {
                return Err(Error::Recipe(format!("the segment {:?} is defined twice", segment.name)));
            }
        }
        Ok(SegmentMap { title: file.title, segments: file.segment, scores: 5, table, notes: Vec::new() })
    }

    /// The segment of a customer with these scores, each 1 to [`SegmentMap::scores`]; an index into `segments`.
    pub fn segment_of(&self, r: u8, f: u8, m: u8) -> u8 {
        let s = usize::from(self.scores);
        let place = |score: u8| usize::from(score) - 1;
        self.table[place(r) * s * s + place(f) * s + place(m)]
    }

    /// The segment of a cell of the recency × frequency grid; `None` where monetary has a say in it.
    pub fn cell(&self, r: u8, f: u8) -> Option<u8> {
        let first = self.segment_of(r, f, 1);
        (2..=self.scores).all(|m| self.segment_of(r, f, m) == first).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_grid_is_a_partition_with_ten_segments() {
        let map = SegmentMap::grid_10();
        assert_eq!(map.segments.len(), 10);
        let name = |r, f| map.segments[map.segment_of(r, f, 3) as usize].name.as_str();
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
