//! Segment maps: which scores belong to which segment. Those that come with the program are data in
//! `assets/segments/`; the user's own are files of the same form, or part of the recipe.
//!
//! A map is proved before it is used: every combination of scores leads to exactly one segment. Gaps are refused unless
//! the map names a segment for the rest. Overlaps are allowed only between ranges whose order is stated; the first one
//! that holds counts. Names that no combination leads to are refused, unless such ranges come before theirs, or they are
//! for the rest; then they are named in the map's notes.

mod check;
mod file;
mod shipped;

use std::sync::Arc;

use crate::error::{Error, Result};
use crate::recipe::{MapAxes, Rfm};

pub use check::{MapCheck, Overlap, cells, check};
pub use file::{MapFile, MapRange, Segment};

/// A map that was checked: every combination of scores leads to exactly one segment.
#[derive(Debug, Clone)]
pub struct SegmentMap {
    pub title: String,
    pub segments: Vec<Segment>,
    /// Scores per axis that it takes.
    pub scores: u8,
    /// Index into `segments` per recency, frequency and monetary score: `[(r − 1)·s² + (f − 1)·s + (m − 1)]`.
    table: Vec<u8>,
    /// What is to be said about it: overlaps and the order that resolves them, names that no score leads to.
    pub notes: Vec<String>,
    /// As it was written down.
    file: Arc<MapFile>,
}

impl SegmentMap {
    /// The common ten-segment grid of recency × frequency.
    pub fn grid_10() -> Arc<SegmentMap> {
        shipped::map(0)
    }

    /// A map that comes with the program, by its name in recipes; `-` and `_` are alike.
    pub fn by_name(name: &str) -> Option<Arc<SegmentMap>> {
        let wanted = name.trim().to_lowercase().replace('-', "_");
        shipped::NAMES.iter().position(|n| *n == wanted).map(shipped::map)
    }

    /// Names and titles of the maps that come with the program.
    pub fn names() -> Vec<(&'static str, String)> {
        shipped::NAMES.iter().enumerate().map(|(i, name)| (*name, shipped::map(i).title.clone())).collect()
    }

    /// The map that a recipe asks for, for its number of scores.
    ///
    /// # Errors
    /// There is no map of this name, or the user's own has a hole or another mistake, which is named.
    pub fn of(choice: &Rfm) -> Result<Arc<SegmentMap>> {
        let map = match &choice.own_map {
            Some(file) => Arc::new(SegmentMap::from_file(file)?),
            None => SegmentMap::by_name(&choice.map).ok_or_else(|| {
                let names = shipped::NAMES.join(", ");
                Error::Recipe(format!(
                    "there is no segment map {:?}; take one of {names}, or write your own",
                    choice.map
                ))
            })?,
        };
        let wanted = choice.scores as u8;
        Ok(if map.scores == wanted { map } else { Arc::new(map.for_scores(wanted)) })
    }

    /// Proves a map that was written down.
    ///
    /// # Errors
    /// It has gaps, overlaps that nothing resolves, names that nothing leads to, or is no map at all; all that is wrong
    /// is named.
    pub fn from_file(file: &MapFile) -> Result<SegmentMap> {
        let (found, cells) = check::prove(file)?;
        let s = usize::from(file.scores);
        let place = |r: usize, f: usize, m: usize| match file.axes {
            MapAxes::Rf => r * s + f,
            // Scores from 0 here; the mean of scores from 1, halves up.
            MapAxes::RFm => r * s + (f + m).div_ceil(2),
            MapAxes::Rfm => (r * s + f) * s + m,
        };
        let table = (0..s * s * s).map(|i| cells[place(i / (s * s), i / s % s, i % s)]).collect();
        let mut notes = file.notes.clone();
        if file.axes == MapAxes::RFm {
            notes.push("FM is the mean of the frequency and the monetary score, halves rounded up.".into());
        }
        notes.extend(found.remarks(file.order.as_deref()));
        if found.rest > 0 {
            notes.push(format!(
                "{} of {} combinations of scores lead to none of the other segments and are {}.",
                found.rest,
                cells.len(),
                file.rest.as_deref().unwrap_or_default()
            ));
        }
        let (title, segments) = (file.title.clone(), file.segment.clone());
        Ok(SegmentMap { title, segments, scores: file.scores, table, notes, file: Arc::new(file.clone()) })
    }

    /// Reads a map and proves it.
    ///
    /// # Errors
    /// The text is no map, or as [`SegmentMap::from_file`].
    pub fn from_toml(text: &str) -> Result<SegmentMap> {
        SegmentMap::from_file(&MapFile::from_toml(text)?)
    }

    /// The map for another number of scores, 3–10, than it is for: score `s` of `n` stands for the map's score of the same share of
    /// customers, `ceil((s − ½) · own / n)`, so that the best stays the best and the worst the worst.
    pub fn for_scores(&self, n: u8) -> SegmentMap {
        let (n, own) = (usize::from(n), usize::from(self.scores));
        if n == own {
            return self.clone();
        }
        let on_own = |score: usize| ((2 * score + 1) * own).div_ceil(2 * n) - 1;
        let scaled = |i: usize| {
            let [r, f, m] = [i / (n * n), i / n % n, i % n].map(on_own);
            self.table[(r * own + f) * own + m]
        };
        let table: Vec<u8> = (0..n * n * n).map(scaled).collect();
        let each: Vec<String> = (0..n).map(|s| (on_own(s) + 1).to_string()).collect();
        let mut notes = self.notes.clone();
        notes.push(format!(
            "The map is written for {own} scores; scores 1 to {n} stand for its scores {}, by the share of customers.",
            each.join(", ")
        ));
        let was_there = |i: &usize| self.table.contains(&(*i as u8)) && !table.contains(&(*i as u8));
        let lost: Vec<String> =
            (0..self.segments.len()).filter(was_there).map(|i| self.segments[i].name.clone()).collect();
        notes.extend(check::unreachable_note(&lost));
        SegmentMap { scores: n as u8, table, notes, ..self.clone() }
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

    /// Whether some segments depend on the monetary score.
    pub fn needs_money(&self) -> bool {
        let scores = || 1..=self.scores;
        scores().any(|r| scores().any(|f| self.cell(r, f).is_none()))
    }

    /// Which scores it goes by.
    pub fn axes(&self) -> MapAxes {
        self.file.axes
    }

    /// The map as it was written down, for its own number of scores.
    pub fn to_file(&self) -> MapFile {
        (*self.file).clone()
    }

    /// The map as a recency × frequency grid for the number of scores in force, to paint on. Where monetary has a say, a
    /// cell gets the segment of most of its monetary scores, of equals the one of the higher scores. Segments without a
    /// cell are left out, so that the grid is a map that can be used.
    pub fn as_grid(&self) -> MapFile {
        let scores = || 1..=self.scores;
        let common = |r: u8, f: u8| {
            let of: Vec<u8> = scores().map(|m| self.segment_of(r, f, m)).collect();
            let votes = |segment: u8| of.iter().filter(|&&s| s == segment).count();
            of.iter().copied().max_by_key(|&segment| votes(segment)).unwrap_or_default()
        };
        let name = |segment: u8| self.segments[usize::from(segment)].name.clone();
        let rows = scores().map(|f| (format!("f{f}"), scores().map(|r| name(common(r, f))).collect::<Vec<_>>()));
        let grid: std::collections::BTreeMap<_, _> = rows.collect();
        let used = |s: &&Segment| grid.values().flatten().any(|n| *n == s.name);
        let segment = self.segments.iter().filter(used).cloned().collect();
        MapFile { title: self.title.clone(), scores: self.scores, grid, segment, ..MapFile::default() }
    }
}

impl MapFile {
    /// Reads a map without looking whether it can be used.
    ///
    /// # Errors
    /// The text is no segment map; the line is named.
    pub fn from_toml(text: &str) -> Result<MapFile> {
        toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            Error::Recipe(format!(
                "the segment map cannot be read: line {line}: {}",
                e.message().trim_end().replace('\n', " ")
            ))
        })
    }

    /// The map as the text of a file.
    pub fn to_toml(&self) -> String {
        toml::to_string(self).expect("a segment map holds only values that TOML can write")
    }
}

#[cfg(test)]
mod tests;
