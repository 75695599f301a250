//! A segment map as it is written down, in files and in recipes, and the codes that name combinations of scores.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::recipe::MapAxes;

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
    /// Where to reach them; empty: where those of the nearest pattern are reached.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub channel: String,
    /// Its colour as `#rrggbb`; unset: by its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
    /// Its place in the order of value, 1 for the best; says who moved up and who is slipping between two dates. Equal
    /// ranks are equally good; a segment without one has no place in the order. Unset everywhere: the order goes by mean
    /// monetary.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank: Option<u32>,
}

/// Scores that belong to a segment: all combinations within the bounds, both ends included. An axis without bounds may
/// have any score.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapRange {
    pub segment: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub r: Option<[u8; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub f: Option<[u8; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub m: Option<[u8; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fm: Option<[u8; 2]>,
}

/// A map as it is written down: in files and in recipes. Exactly one of `grid`, `codes` and `range` says which scores
/// lead to which segment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MapFile {
    pub title: String,
    /// Scores per axis that the map is written for, 3–10.
    #[serde(default = "five")]
    pub scores: u8,
    /// Which scores it goes by.
    #[serde(default = "rf")]
    pub axes: MapAxes,
    /// Name of the segment of all combinations that nothing else leads to; without it a gap is an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rest: Option<String>,
    /// For ranges that overlap: by what they are ordered, in words. The first range that holds wins; without these words
    /// an overlap is an error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// What else is to be known about the map, as sentences.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Rows of the grid, `f1`, `f2` and so on (`fm1` on R × FM), each with a segment's name per recency score, from 1.
    /// An empty name is a cell that nobody has filled yet.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub grid: BTreeMap<String, Vec<String>>,
    /// Codes of each segment by its name: the scores one after the other, as in `555` or `54`; with dashes between them
    /// where there are ten scores, as in `10-9-10`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, Vec<String>>,
    /// Ranges of scores, in the order in which they count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub range: Vec<MapRange>,
    /// The segments, in the order in which they are shown.
    pub segment: Vec<Segment>,
}

impl Default for MapFile {
    fn default() -> Self {
        MapFile {
            title: String::new(),
            scores: five(),
            axes: rf(),
            rest: None,
            order: None,
            notes: Vec::new(),
            grid: BTreeMap::new(),
            codes: BTreeMap::new(),
            range: Vec::new(),
            segment: Vec::new(),
        }
    }
}

fn five() -> u8 {
    5
}

fn rf() -> MapAxes {
    MapAxes::Rf
}

impl MapFile {
    /// How many scores a code has.
    pub(super) fn width(&self) -> usize {
        if self.axes == MapAxes::Rfm { 3 } else { 2 }
    }

    /// How many combinations of scores there are.
    pub(super) fn combinations(&self) -> usize {
        usize::from(self.scores).pow(self.width() as u32)
    }

    /// The code at a place: places count up as codes do, the last score fastest.
    pub(super) fn code(&self, place: usize) -> String {
        let s = usize::from(self.scores);
        let digits: Vec<String> =
            (0..self.width()).rev().map(|i| (place / s.pow(i as u32) % s + 1).to_string()).collect();
        digits.join(if self.scores >= 10 { "-" } else { "" })
    }

    /// The place of a code; `None` where it is no code of this map.
    pub(super) fn place(&self, code: &str) -> Option<usize> {
        let code = code.trim();
        let scores: Option<Vec<usize>> = if code.contains('-') {
            code.split('-').map(|t| t.parse().ok()).collect()
        } else {
            code.chars().map(|c| c.to_digit(10).map(|d| d as usize)).collect()
        };
        let s = usize::from(self.scores);
        let scores = scores.filter(|list| list.len() == self.width() && list.iter().all(|d| (1..=s).contains(d)))?;
        Some(scores.into_iter().fold(0, |place, d| place * s + d - 1))
    }

    /// The row of the grid for a frequency (or FM) score.
    pub(super) fn row(&self, score: u8) -> String {
        format!("{}{score}", if self.axes == MapAxes::RFm { "fm" } else { "f" })
    }

    /// What the digits of a code are.
    pub(super) fn digits(&self) -> &'static str {
        match self.axes {
            MapAxes::Rf => "recency, frequency",
            MapAxes::RFm => "recency, mean of frequency and monetary",
            MapAxes::Rfm => "recency, frequency, monetary",
        }
    }
}
