//! The proof of a map: does every combination of scores lead to one segment, and every segment have one?

use super::file::{MapFile, MapRange};
use crate::error::{Error, Result};
use crate::format::{count, plural};
use crate::recipe::MapAxes;

/// No segment is known for a combination of scores.
const NOBODY: u8 = u8::MAX;
/// More segments than anybody tells apart.
const MOST_SEGMENTS: usize = 100;
/// So many are named; the others are counted.
const NAMED: usize = 5;

/// One combination of scores to which several entries lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlap {
    pub code: String,
    /// Names of the segments, the one that counts first.
    pub segments: Vec<String>,
}

/// What a look at a map finds before it is used.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MapCheck {
    /// What makes no sense at all, as sentences without a full stop.
    pub mistakes: Vec<String>,
    /// Codes that lead to no segment, ascending. Empty where the map names a segment for the rest.
    pub gaps: Vec<String>,
    /// Codes that lead to several segments, ascending.
    pub overlaps: Vec<Overlap>,
    /// Whether the map says by what its ranges are ordered, so that overlaps are no mistake.
    pub ordered: bool,
    /// Names that no code leads to.
    pub unreachable: Vec<String>,
    /// Names that are defined twice, and codes that a segment lists twice.
    pub duplicates: Vec<String>,
    /// Names that lead to no segment of the list.
    pub unknown: Vec<String>,
    /// Codes that go to the segment of the rest.
    pub rest: usize,
    /// Names whose being unreachable is no mistake: shadowed by ranges that come first, or of the rest.
    shadowed: Vec<String>,
    /// Of how many codes, and what their digits are.
    combinations: usize,
    digits: &'static str,
}

impl MapCheck {
    /// Whether customers can be put into segments by the map.
    pub fn is_usable(&self) -> bool {
        self.problems().is_empty()
    }

    /// What keeps the map from being used, each with what to do, as sentences without a full stop.
    pub fn problems(&self) -> Vec<String> {
        let mut out = self.mistakes.clone();
        let some = |names: &[String]| first(names.iter().map(|n| format!("{n:?}")));
        if !self.duplicates.is_empty() {
            out.push(format!("{} there twice; keep one", first_and_verb(&self.duplicates)));
        }
        if !self.unknown.is_empty() {
            out.push(format!("it leads to {}, which its list of segments lacks; add or rename", some(&self.unknown)));
        }
        if !self.gaps.is_empty() {
            out.push(format!(
                "it has a gap: {} of {} combinations of scores lead to no segment ({}; the digits are {}); give each a \
                 segment, or name one as rest",
                count(self.gaps.len()),
                count(self.combinations),
                first(self.gaps.iter().cloned()),
                self.digits
            ));
        }
        if !self.overlaps.is_empty() && !self.ordered {
            let named = first(self.overlaps.iter().map(|o| format!("{} in {}", o.code, o.segments.join(" and "))));
            out.push(format!(
                "it overlaps: {} of {} combinations of scores lead to several segments ({named}; the digits are {}); \
                 leave one, or write ranges and say under order by what they are ordered",
                count(self.overlaps.len()),
                count(self.combinations),
                self.digits
            ));
        }
        let lost: Vec<String> = self.unreachable.iter().filter(|n| !self.shadowed.contains(n)).cloned().collect();
        if !lost.is_empty() {
            out.push(format!("no combination of scores leads to {}; give it one, or take it out", some(&lost)));
        }
        out
    }

    /// What is to be said about a map that can be used.
    pub fn remarks(&self, order: Option<&str>) -> Vec<String> {
        let mut out = Vec::new();
        if let (Some(order), false) = (order, self.overlaps.is_empty()) {
            let example = &self.overlaps[0];
            let verb = if self.overlaps.len() == 1 { "lies" } else { "lie" };
            out.push(format!(
                "{} of {} combinations of scores {verb} in more than one range (for example {} in {}); the first range that holds \
                 counts, and they are ordered by this: {}.",
                count(self.overlaps.len()),
                count(self.combinations),
                example.code,
                example.segments.join(", "),
                order.trim_end_matches('.')
            ));
        }
        out.extend(unreachable_note(&self.unreachable));
        out
    }
}

/// That nobody can be in these segments.
pub(super) fn unreachable_note(names: &[String]) -> Option<String> {
    let named = names.join(", ");
    (!names.is_empty()).then(|| format!("No combination of scores leads to {named}: nobody can be there."))
}

/// The first few, and how many more.
fn first(items: impl ExactSizeIterator<Item = String>) -> String {
    let more = items.len().saturating_sub(NAMED);
    let named: Vec<String> = items.take(NAMED).collect();
    if more > 0 { format!("{} and {} more", named.join(", "), count(more)) } else { named.join(", ") }
}

fn first_and_verb(names: &[String]) -> String {
    format!("{} {}", first(names.iter().map(|n| format!("{n:?}"))), if names.len() == 1 { "is" } else { "are" })
}

/// Looks at a map without using it.
pub fn check(file: &MapFile) -> MapCheck {
    examine(file).0
}

/// The segment of each combination of scores as far as it is known, in the order of codes, whether the map can be used
/// or not; an index into its segments. Empty where the map makes no sense at all.
pub fn cells(file: &MapFile) -> Vec<Option<u8>> {
    examine(file).1.into_iter().map(|cell| (cell != NOBODY).then_some(cell)).collect()
}

/// The segment of each combination, in the order of [`MapFile::code`]; an error names what is wrong.
pub(super) fn prove(file: &MapFile) -> Result<(MapCheck, Vec<u8>)> {
    let (found, cells) = examine(file);
    let problems = found.problems();
    if problems.is_empty() {
        return Ok((found, cells));
    }
    let title = if file.title.is_empty() { String::new() } else { format!(" \u{201c}{}\u{201d}", file.title) };
    Err(Error::Recipe(format!("the segment map{title} cannot be used: {}", problems.join(". Also, "))))
}

/// Fills the combinations entry by entry and notes what does not fit.
struct Filling<'a> {
    file: &'a MapFile,
    cells: Vec<u8>,
    /// Per combination the segments that lead there, beside the first.
    others: Vec<Vec<u8>>,
    found: MapCheck,
}

fn examine(file: &MapFile) -> (MapCheck, Vec<u8>) {
    let mut found = MapCheck { digits: file.digits(), ..MapCheck::default() };
    if !(3..=10).contains(&file.scores) {
        found.mistakes.push(format!("it is written for {} scores; scores has to lie within 3 to 10", file.scores));
    }
    if file.segment.is_empty() || file.segment.len() > MOST_SEGMENTS {
        let n = plural(file.segment.len(), "segment", "segments");
        found.mistakes.push(format!("it has {n}; write 1 to {MOST_SEGMENTS}"));
    }
    let forms = [!file.grid.is_empty(), !file.codes.is_empty(), !file.range.is_empty()];
    if forms.iter().filter(|f| **f).count() != 1 {
        let which = if forms.contains(&true) { "several of grid, codes and range" } else { "no grid, codes or range" };
        found.mistakes.push(format!("it has {which}; write exactly one of them"));
    }
    for (i, segment) in file.segment.iter().enumerate() {
        if segment.name.trim().is_empty() {
            found.mistakes.push("one of its segments has no name; give it one".into());
        } else if file.segment[..i].iter().any(|s| s.name == segment.name) {
            note(&mut found.duplicates, &segment.name);
        }
        if let Some(color) = segment.color.as_deref().filter(|c| !is_color(c)) {
            let name = &segment.name;
            found.mistakes.push(format!("the colour {color:?} of {name:?} is none; write it as #rrggbb"));
        }
    }
    if !found.mistakes.is_empty() {
        return (found, Vec::new());
    }
    let n = file.combinations();
    found.combinations = n;
    let mut filling = Filling { file, cells: vec![NOBODY; n], others: vec![Vec::new(); n], found };
    filling.grid();
    filling.codes();
    filling.ranges();
    filling.finish()
}

/// Adds a name once.
fn note(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|n| n == name) {
        list.push(name.to_string());
    }
}

fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
}

impl Filling<'_> {
    fn segment(&mut self, name: &str) -> Option<u8> {
        let at = self.file.segment.iter().position(|s| s.name == name);
        if at.is_none() {
            note(&mut self.found.unknown, name);
        }
        at.map(|i| i as u8)
    }

    fn put(&mut self, place: usize, segment: u8) {
        match self.cells[place] {
            NOBODY => self.cells[place] = segment,
            own if own != segment && !self.others[place].contains(&segment) => self.others[place].push(segment),
            _ => {}
        }
    }

    fn grid(&mut self) {
        let s = usize::from(self.file.scores);
        let rows: Vec<String> = (1..=self.file.scores).map(|f| self.file.row(f)).collect();
        for (row, names) in &self.file.grid {
            let Some(f) = rows.iter().position(|r| r == row) else {
                let (first, last) = (&rows[0], &rows[s - 1]);
                let text = format!("its grid has a row {row:?}; the rows of {s} scores are {first} to {last}");
                self.found.mistakes.push(text);
                continue;
            };
            // Three axes have cells too; there the cell holds for every monetary score.
            let deep = if self.file.width() == 3 { s } else { 1 };
            if names.len() > s {
                let text = format!("row {row} of its grid has {} cells; it may have {s}, one per recency", names.len());
                self.found.mistakes.push(text);
            }
            for (r, name) in names.iter().enumerate().take(s).filter(|(_, name)| !name.is_empty()) {
                if let Some(segment) = self.segment(name) {
                    (0..deep).for_each(|m| self.put((r * s + f) * deep + m, segment));
                }
            }
        }
    }

    fn codes(&mut self) {
        for (name, codes) in &self.file.codes {
            let Some(segment) = self.segment(name) else { continue };
            for code in codes {
                match self.file.place(code) {
                    Some(place) if self.cells[place] == segment => note(&mut self.found.duplicates, code.trim()),
                    Some(place) => self.put(place, segment),
                    None => self.found.mistakes.push(format!(
                        "{code:?} of {name:?} is no code of {} on {} scores; write {}",
                        self.file.digits(),
                        self.file.scores,
                        self.file.code(self.cells.len() - 1)
                    )),
                }
            }
        }
    }

    fn ranges(&mut self) {
        for range in &self.file.range {
            let Some(segment) = self.segment(&range.segment) else { continue };
            let Some(bounds) = self.bounds(range) else { continue };
            let s = usize::from(self.file.scores);
            for place in 0..self.cells.len() {
                let mut rest = place;
                let within = bounds.iter().rev().all(|&[low, high]| {
                    let score = (rest % s + 1) as u8;
                    rest /= s;
                    (low..=high).contains(&score)
                });
                if within {
                    self.put(place, segment);
                }
            }
        }
    }

    /// The bounds of each digit of a code.
    fn bounds(&mut self, range: &MapRange) -> Option<Vec<[u8; 2]>> {
        let all = [("r", range.r), ("f", range.f), ("m", range.m), ("fm", range.fm)];
        let wanted: &[&str] = match self.file.axes {
            MapAxes::Rf => &["r", "f"],
            MapAxes::RFm => &["r", "fm"],
            MapAxes::Rfm => &["r", "f", "m"],
        };
        let (name, scores) = (&range.segment, self.file.scores);
        let mut wrong = Vec::new();
        for (axis, bounds) in all {
            let Some([low, high]) = bounds else { continue };
            if !wanted.contains(&axis) {
                wrong.push(format!(
                    "a range of {name:?} has bounds for {axis}, but the axes are {}",
                    self.file.axes.label()
                ));
            } else if low < 1 || high > scores || low > high {
                wrong.push(format!(
                    "the bounds {low} to {high} of {axis} in a range of {name:?} do not lie within 1 to {scores}"
                ));
            }
        }
        let fine = wrong.is_empty();
        self.found.mistakes.extend(wrong);
        let of = |axis: &&str| all.iter().find(|(a, _)| a == axis).and_then(|(_, b)| *b).unwrap_or([1, scores]);
        fine.then(|| wanted.iter().map(of).collect())
    }

    fn finish(mut self) -> (MapCheck, Vec<u8>) {
        let file = self.file;
        let name = |segment: u8| file.segment[segment as usize].name.clone();
        for (place, others) in self.others.iter().enumerate().filter(|(_, others)| !others.is_empty()) {
            let segments = std::iter::once(self.cells[place]).chain(others.iter().copied()).map(name).collect();
            self.found.overlaps.push(Overlap { code: file.code(place), segments });
        }
        self.found.ordered = !file.range.is_empty() && file.order.as_ref().is_some_and(|o| !o.trim().is_empty());
        let rest = file.rest.as_deref().and_then(|name| self.segment(name));
        for (place, cell) in self.cells.iter_mut().enumerate().filter(|(_, cell)| **cell == NOBODY) {
            match rest {
                Some(segment) => {
                    *cell = segment;
                    self.found.rest += 1;
                }
                None => self.found.gaps.push(file.code(place)),
            }
        }
        for (i, segment) in file.segment.iter().enumerate() {
            if self.cells.contains(&(i as u8)) || self.found.unreachable.contains(&segment.name) {
                continue;
            }
            self.found.unreachable.push(segment.name.clone());
            let overlapped = self.others.iter().any(|others| others.contains(&(i as u8)));
            if (self.found.ordered && overlapped) || rest == Some(i as u8) {
                self.found.shadowed.push(segment.name.clone());
            }
        }
        (self.found, self.cells)
    }
}
