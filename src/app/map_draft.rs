//! A segment map being painted, before it is a decision.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use super::App;
use crate::error::{Error, Result};
use crate::recipe::MapAxes;
use crate::rfm::{MapCheck, MapFile, Segment, SegmentMap, check, map_cells};

/// A map with cells that may be empty. Nothing is computed with it before it is applied.
#[derive(Debug, Clone, PartialEq)]
pub struct MapDraft {
    pub title: String,
    /// Scores per axis.
    pub scores: u8,
    pub axes: MapAxes,
    pub segments: Vec<Segment>,
    /// What each segment was called when the editing began; empty for those that were added.
    pub before: Vec<String>,
    /// Place in `segments` of each combination of scores, in the order of codes: recency, then frequency (or the mean
    /// of frequency and monetary), then monetary where the map goes by three axes. `None`: nobody has filled it yet.
    pub cells: Vec<Option<u8>>,
    /// The segment that is painted; `None` makes cells empty.
    pub brush: Option<u8>,
    /// The file it was read from, while nothing was changed: its ranges, notes and order are kept then.
    pub written: Option<MapFile>,
}

impl MapDraft {
    /// A draft that starts from a map, for the number of scores it is used with.
    pub fn of(map: &SegmentMap) -> MapDraft {
        let s = usize::from(map.scores);
        let axes = map.axes();
        let score = |place: usize| place as u8 + 1;
        let segment = |r: usize, f: usize, m: usize| Some(map.segment_of(score(r), score(f), score(m)));
        let cells = match axes {
            MapAxes::Rfm => (0..s * s * s).map(|i| segment(i / (s * s), i / s % s, i % s)).collect(),
            // A mean of two equal scores is that score.
            MapAxes::Rf | MapAxes::RFm => (0..s * s).map(|i| segment(i / s, i % s, i % s)).collect(),
        };
        let (title, segments) = (map.title.clone(), map.segments.clone());
        let before = segments.iter().map(|s| s.name.clone()).collect();
        MapDraft { title, scores: map.scores, axes, segments, before, cells, brush: Some(0), written: None }
    }

    /// A draft of a map that was written down, whether it can be used or not.
    pub fn of_file(file: MapFile) -> MapDraft {
        let cells = map_cells(&file);
        let combinations = usize::from(file.scores).pow(if file.axes == MapAxes::Rfm { 3 } else { 2 });
        let cells = (0..combinations).map(|i| cells.get(i).copied().flatten()).collect();
        let (title, scores, axes, segments) = (file.title.clone(), file.scores, file.axes, file.segment.clone());
        let before = segments.iter().map(|s| s.name.clone()).collect();
        MapDraft { title, scores, axes, segments, before, cells, brush: Some(0), written: Some(file) }
    }

    /// The same by other axes: a cell gets the segment of most of the scores that it stands for, of equals the one of
    /// the higher scores.
    pub fn by(&self, axes: MapAxes) -> MapDraft {
        let mut new = MapDraft { axes, written: None, cells: Vec::new(), ..self.clone() };
        let s = usize::from(self.scores);
        let n = if axes == MapAxes::Rfm { s * s * s } else { s * s };
        let mut votes: Vec<Vec<(Option<u8>, usize)>> = vec![Vec::new(); n];
        let scores = || 1..=self.scores;
        for (r, f, m) in scores().flat_map(|r| scores().flat_map(move |f| (1..=self.scores).map(move |m| (r, f, m)))) {
            let segment = self.segment_of(r, f, m);
            let at = &mut votes[new.place_of(r, f, m)];
            match at.iter_mut().find(|v| v.0 == segment) {
                Some(vote) => vote.1 += 1,
                None => at.push((segment, 1)),
            }
        }
        new.cells = votes.into_iter().map(|v| v.into_iter().max_by_key(|v| v.1).and_then(|v| v.0)).collect();
        new
    }

    /// The place of a customer with these scores.
    pub fn place_of(&self, r: u8, f: u8, m: u8) -> usize {
        self.place(r, if self.axes == MapAxes::RFm { (f + m).div_ceil(2) } else { f }, m)
    }

    /// Place of a cell: scores from 1; `m` counts only where the map goes by three axes.
    pub fn place(&self, r: u8, f: u8, m: u8) -> usize {
        let s = usize::from(self.scores);
        let (r, f, m) = (usize::from(r) - 1, usize::from(f) - 1, usize::from(m) - 1);
        if self.axes == MapAxes::Rfm { (r * s + f) * s + m } else { r * s + f }
    }

    /// Gives a cell to the brush. Returns whether that changed anything.
    pub fn paint(&mut self, place: usize) -> bool {
        match self.cells.get_mut(place) {
            Some(cell) if *cell != self.brush => {
                *cell = self.brush;
                self.written = None;
                true
            }
            _ => false,
        }
    }

    /// Adds a segment with a name of its own and takes it as the brush.
    pub fn add(&mut self) {
        let taken = |name: &str| self.segments.iter().any(|s| s.name == name);
        let name = (1..).map(|i| if i == 1 { "New segment".into() } else { format!("New segment {i}") });
        let name = name.into_iter().find(|n: &String| !taken(n)).unwrap_or_default();
        self.written = None;
        self.before.push(String::new());
        self.segments.push(Segment { name, ..Segment::default() });
        self.brush = Some((self.segments.len() - 1) as u8);
    }

    /// Takes a segment away; its cells are empty then.
    pub fn remove(&mut self, at: usize) {
        if at >= self.segments.len() {
            return;
        }
        self.written = None;
        self.segments.remove(at);
        self.before.remove(at);
        let moved = |segment: u8| match usize::from(segment).cmp(&at) {
            std::cmp::Ordering::Less => Some(segment),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(segment - 1),
        };
        for cell in &mut self.cells {
            *cell = cell.and_then(moved);
        }
        self.brush = self.brush.and_then(moved).or((!self.segments.is_empty()).then_some(0));
    }

    /// How many cells a segment has.
    pub fn cells_of(&self, segment: usize) -> usize {
        self.cells.iter().filter(|c| c.is_some_and(|c| usize::from(c) == segment)).count()
    }

    /// The segment of a customer with these scores; `None` where there is a gap.
    pub fn segment_of(&self, r: u8, f: u8, m: u8) -> Option<u8> {
        self.cells.get(self.place_of(r, f, m)).copied().flatten()
    }

    /// The draft as a map is written down.
    pub fn file(&self) -> MapFile {
        if let Some(file) = &self.written {
            return file.clone();
        }
        let s = usize::from(self.scores);
        let name = |cell: &Option<u8>| {
            cell.and_then(|c| self.segments.get(usize::from(c))).map_or(String::new(), |s| s.name.clone())
        };
        let mut file = MapFile {
            title: self.title.clone(),
            scores: self.scores,
            axes: self.axes,
            segment: self.segments.clone(),
            ..MapFile::default()
        };
        if self.axes == MapAxes::Rfm {
            let separator = if self.scores >= 10 { "-" } else { "" };
            let mut codes: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (i, cell) in self.cells.iter().enumerate().filter(|(_, cell)| cell.is_some()) {
                let digits = [i / (s * s), i / s % s, i % s].map(|d| (d + 1).to_string());
                codes.entry(name(cell)).or_default().push(digits.join(separator));
            }
            file.codes = codes;
        } else {
            let letters = if self.axes == MapAxes::RFm { "fm" } else { "f" };
            let row = |f: usize| (0..s).map(|r| name(&self.cells[r * s + f])).collect();
            file.grid = (0..s).map(|f| (format!("{letters}{}", f + 1), row(f))).collect();
        }
        file
    }

    /// What keeps the draft from being used.
    pub fn check(&self) -> MapCheck {
        check(&self.file())
    }
}

/// No map is larger than this; another file that is opened by mistake is not read whole.
const LARGEST: u64 = 1 << 20;

impl App {
    /// Opens a segment map to be looked at; it counts once it is applied.
    pub(super) fn open_map(&mut self, path: &Path) {
        match read(path) {
            Ok(file) => self.view.rfm.draft = Some(MapDraft::of_file(file)),
            Err(error) => self.tell(false, error.to_string()),
        }
    }
}

fn read(path: &Path) -> Result<MapFile> {
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(|e| Error::read(path, e))?;
    file.take(LARGEST).read_to_string(&mut text).map_err(|e| Error::read(path, e))?;
    let file = MapFile::from_toml(&text)?;
    if !(3..=10).contains(&file.scores) {
        return Err(Error::Recipe(format!("the segment map is for {} scores; it has to be 3 to 10", file.scores)));
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draft_of_any_map_is_that_map() {
        for (name, _) in SegmentMap::names() {
            let map = SegmentMap::by_name(name).unwrap();
            let draft = MapDraft::of(&map);
            let scores = || 1..=map.scores;
            for (r, f, m) in scores().flat_map(|r| scores().flat_map(move |f| scores().map(move |m| (r, f, m)))) {
                assert_eq!(draft.segment_of(r, f, m), Some(map.segment_of(r, f, m)), "{name} {r}{f}{m}");
            }
        }
    }

    #[test]
    fn other_axes_keep_what_they_can_say() {
        let grid = MapDraft::of(&SegmentMap::grid_10());
        let deep = grid.by(MapAxes::Rfm);
        assert_eq!(deep.cells.len(), 125);
        assert!(deep.check().is_usable());
        assert_eq!(deep.by(MapAxes::Rf), grid);
        let codes = MapDraft::of(&SegmentMap::by_name("codes125").unwrap());
        let flat = codes.by(MapAxes::Rf);
        assert_eq!(flat.cells.len(), 25);
        assert!(flat.cells.iter().all(Option::is_some));
    }

    #[test]
    fn a_file_with_a_gap_can_be_looked_at() {
        let mut file = SegmentMap::grid_10().to_file();
        file.grid.get_mut("f1").unwrap()[4] = String::new();
        let draft = MapDraft::of_file(file.clone());
        assert_eq!(draft.cells.iter().filter(|c| c.is_none()).count(), 1);
        assert_eq!(draft.file(), file);
        assert!(!draft.check().is_usable());
    }

    #[test]
    fn a_hole_is_named_and_a_painted_map_reads_back() {
        let mut draft = MapDraft::of(&SegmentMap::grid_10());
        assert!(draft.check().is_usable());
        draft.brush = None;
        let corner = draft.place(5, 1, 1);
        assert!(draft.paint(corner) && !draft.paint(corner));
        let found = draft.check();
        assert!(!found.is_usable());
        assert_eq!(found.gaps, ["51"]);
        draft.add();
        assert!(draft.paint(corner));
        draft.segments.last_mut().unwrap().name = "Fresh".into();
        // The only cell of "New" went to "Fresh", so "New" has to go.
        let new = draft.segments.iter().position(|s| s.name == "New").unwrap();
        assert!(!draft.check().is_usable());
        draft.remove(new);
        assert!(draft.check().is_usable(), "{:?}", draft.check().problems());
        let map = SegmentMap::from_file(&MapFile::from_toml(&draft.file().to_toml()).unwrap()).unwrap();
        let fresh = usize::from(map.segment_of(5, 1, 3));
        assert_eq!(map.segments[fresh].name, "Fresh");
        assert_eq!(map.segments[usize::from(map.segment_of(5, 5, 1))].name, "Champions");
    }
}
