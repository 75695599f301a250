//! Where in a grid of cells the table is: what stands above it (titles, notes), its header, what stands below it
//! (notes, totals). The rules look at texts only, so they hold for sheets and text files alike, and they would
//! rather keep a row too many than lose one of the table.

mod end;

use std::ops::Range;

pub(super) use end::{Body, find_end};
use unicode_normalization::UnicodeNormalization;

/// A row that is not blank.
#[derive(Debug, Clone, Default)]
pub(super) struct Line {
    /// Row of the sheet or line of the file, from 0.
    pub row: usize,
    /// Cells of the table's columns.
    pub cells: Vec<String>,
}

impl Line {
    /// Cells with something in them.
    pub fn fill(&self) -> usize {
        self.cells.iter().filter(|c| !c.trim().is_empty()).count()
    }

    fn filled(&self) -> impl Iterator<Item = (usize, &str)> {
        self.cells.iter().map(|c| c.trim()).enumerate().filter(|(_, c)| !c.is_empty())
    }

    /// The row as it is shown: its cells with bars between them.
    pub fn text(&self) -> String {
        let joined = self.filled().map(|(_, c)| c).collect::<Vec<_>>().join(" | ");
        if joined.chars().count() > 300 { joined.chars().take(300).chain("…".chars()).collect() } else { joined }
    }
}

/// Cells that were made one; rows count as in [`Line::row`], columns as in [`Line::cells`]; both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Merge {
    pub top: usize,
    pub left: usize,
    pub bottom: usize,
    pub right: usize,
}

/// What the user said about the header.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Given {
    pub header: Option<bool>,
    pub header_rows: Option<usize>,
    /// Whether they said where the table starts: at the first line.
    pub start: bool,
}

/// Rows above the first full row that may still belong to the header.
const MOST_PARENT_ROWS: usize = 3;

/// Whether a text is a value (number, date, amount of money) and not a word: after a sign of currency its first letter
/// or digit is a digit, and letters are few.
pub(super) fn is_value(text: &str) -> bool {
    const MONEY: [&str; 12] = ["EUR", "USD", "GBP", "CHF", "PLN", "SEK", "NOK", "DKK", "CZK", "kr", "Rs", "R$"];
    let text = text.trim();
    let text = MONEY.iter().find_map(|sign| text.strip_prefix(sign)).unwrap_or(text);
    let Some(first) = text.chars().find(|c| c.is_alphanumeric()) else { return false };
    let digits = text.chars().filter(|c| c.is_numeric()).count();
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    first.is_numeric() && digits >= letters && letters <= 6
}

/// A year, quarter or month that names a column of figures.
fn is_period(text: &str) -> bool {
    let text = text.trim();
    let marks = |mark: char| text.trim_start_matches('-').matches(mark).count();
    matches!(text.parse::<u32>(), Ok(1900..=2100))
        || (is_value(text) && (marks('-') > 0 || marks('/') > 0 || marks('.') == 2))
}

/// Whether a row can be one of names: mostly filled, its texts differ, and it holds no values, except periods above
/// figures.
fn names(line: &Line, below: &[Line], width: usize) -> bool {
    let filled: Vec<&str> = line.filled().map(|(_, c)| c).collect();
    let mut distinct = filled.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if filled.is_empty() || filled.len() * 2 < width || distinct.len() * 2 <= filled.len() {
        return false;
    }
    let values: Vec<(usize, &str)> = line.filled().filter(|(_, c)| is_value(c)).collect();
    if values.is_empty() {
        return true;
    }
    let pivoted = |column: usize| {
        let cells: Vec<&str> = below.iter().filter_map(|l| l.cells.get(column)).map(|c| c.trim()).collect();
        let figures = cells.iter().filter(|c| is_value(c) && !is_period(c)).count();
        figures * 2 > cells.len()
    };
    values.len() < filled.len() && values.iter().all(|&(column, text)| is_period(text) && pivoted(column))
}

/// The usual number of filled cells: the median of the lower two thirds of the sample, where titles are rare.
pub(super) fn usual_fill(lines: &[Line]) -> usize {
    let mut fills: Vec<usize> = lines[lines.len() / 3..].iter().map(Line::fill).collect();
    fills.sort_unstable();
    fills.get(fills.len() / 2).copied().unwrap_or(0)
}

/// The rows of names among the first rows of a sheet, as a range of `lines`: what stands before it is above the table,
/// what stands behind it is data. An empty range has no names; data starts there.
pub(super) fn find_header(lines: &[Line], merges: &[Merge], given: Given) -> Range<usize> {
    if lines.is_empty() {
        return 0..0;
    }
    let usual = if lines.len() <= 3 { lines.iter().map(Line::fill).max().unwrap_or(0) } else { usual_fill(lines) };
    let enough = if usual <= 1 { 1 } else { usual.div_ceil(2).max(2) };
    let first = if given.start { 0 } else { lines.iter().position(|l| l.fill() >= enough).unwrap_or(0) };
    if given.header == Some(false) {
        return first..first;
    }
    let below = |i: usize| &lines[i + 1..lines.len().min(i + 21)];
    // A title of several cells may come first; the names are then in a wider row soon after it.
    let soon = if given.start { first } else { lines.len().min(first + 6) };
    let wider = (first + 1..soon)
        .find(|&i| names(&lines[i], below(i), usual) && lines[first..i].iter().all(|l| l.fill() < lines[i].fill()));
    let found = if names(&lines[first], below(first), usual) {
        // Two columns of labels and values above a wider table look like names and are none.
        wider
            .filter(|&i| lines[first].fill() * 2 <= lines[i].fill() && parents(lines, merges, i).start > first)
            .or(Some(first))
    } else {
        wider
    };
    let Some(top) = found.or((given.header == Some(true) || given.header_rows.is_some()).then_some(first)) else {
        return first..first;
    };
    if let Some(n) = given.header_rows {
        // The rows may start above the first full one: parent labels are seldom complete.
        let start = parents(lines, merges, top).start;
        return start..(start + n).min(lines.len());
    }
    let mut header = parents(lines, merges, top);
    // A label over several columns goes on in the next row.
    loop {
        let last = lines[header.end - 1].row;
        let across = merges.iter().any(|m| m.top >= lines[header.start].row && m.bottom == last && is_label(m, usual));
        match lines.get(header.end) {
            Some(next) if header.len() <= MOST_PARENT_ROWS && no_values(next) => {
                // pandas writes the name of the rows alone below the labels of the columns.
                let row_name = header.len() > 1 && usual > 2 && next.fill() == 1 && !next.cells[0].trim().is_empty();
                if !across && !row_name && !completes(&lines[header.end - 1], next) {
                    return header;
                }
                header.end += 1;
            }
            _ => return header,
        }
    }
}

/// Whether a row fills exactly the gaps right of the labels in the row above, and the cells below those labels: then
/// the labels stand over several columns, even where nothing says that cells were merged.
fn completes(above: &Line, next: &Line) -> bool {
    let filled = |line: &Line, c: usize| line.cells.get(c).is_some_and(|t| !t.trim().is_empty());
    let width = above.cells.len().max(next.cells.len());
    let mut wanted = vec![false; width];
    let mut gaps = 0;
    for c in (1..width).filter(|&c| !filled(above, c)) {
        gaps += 1;
        wanted[c] = true;
        wanted[c - 1] = true;
    }
    gaps > 0 && above.row + 1 == next.row && filled(above, 0) && (0..width).all(|c| wanted[c] == filled(next, c))
}

/// The row of names with the rows directly above it whose merged labels span some of the columns.
fn parents(lines: &[Line], merges: &[Merge], top: usize) -> Range<usize> {
    let width = lines[top].fill();
    let mut start = top;
    while start > 0 && top - start < MOST_PARENT_ROWS {
        let above = &lines[start - 1];
        let labelled = merges.iter().any(|m| m.top == above.row && is_label(m, width));
        if above.row + 1 != lines[start].row || !labelled || !no_values(above) {
            break;
        }
        start -= 1;
    }
    start..top + 1
}

/// Over some columns of the table and not over all of them, as a title would be.
fn is_label(merge: &Merge, width: usize) -> bool {
    let span = merge.right - merge.left + 1;
    span > 1 && span < width
}

fn no_values(line: &Line) -> bool {
    line.filled().all(|(_, c)| !is_value(c) || is_period(c))
}

/// The names of `columns` columns from the rows of the header: labels over several columns are repeated, the parts of
/// a name joined with a blank. Without merged cells, labels in all rows but the last stand for the empty cells right
/// of them too.
pub(super) fn join_names(header: &[Line], merges: &[Merge], columns: usize) -> Vec<String> {
    let mut joined = vec![Vec::<String>::new(); columns];
    for (i, line) in header.iter().enumerate() {
        let mut label = String::new();
        let merged_row = merges.iter().any(|m| m.top == line.row && m.right > m.left);
        for (column, parts) in joined.iter_mut().enumerate() {
            let own = line.cells.get(column).map(|c| c.trim()).unwrap_or_default();
            let over = merges.iter().find(|m| {
                (m.top..=m.bottom).contains(&line.row) && (m.left..=m.right).contains(&column) && m.top == line.row
            });
            let text = match over {
                Some(m) => line.cells.get(m.left).map(|c| c.trim()).unwrap_or_default(),
                None if own.is_empty() && !merged_row && i + 1 < header.len() => &label,
                None => own,
            };
            if !text.is_empty() && parts.last().is_none_or(|last| last != text) {
                parts.push(text.to_string());
            }
            if !own.is_empty() {
                label = own.to_string();
            }
        }
    }
    joined.into_iter().map(|parts| parts.join(" ")).collect()
}

/// Lower case, without accents, blanks collapsed.
pub(super) fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn lines(rows: &[&[&str]]) -> Vec<Line> {
        let line = |(row, cells): (usize, &&[&str])| Line { row, cells: cells.iter().map(|c| c.to_string()).collect() };
        rows.iter().enumerate().map(line).collect()
    }

    fn header(rows: &[&[&str]]) -> Range<usize> {
        find_header(&lines(rows), &[], Given::default())
    }

    #[test]
    fn values_are_told_from_words() {
        for text in ["12", "-3.5", "£1,234.50", "2011-12-09", "9 Dec 2011", "12:30 PM", "(12.00)", "EUR 5", "1e-5"] {
            assert!(is_value(text), "{text}");
        }
        for text in ["", "name", "Q1", "Item 12", "1st quarter sales", "AB12", "-", "x2"] {
            assert!(!is_value(text), "{text}");
        }
    }

    #[test]
    fn a_plain_table_keeps_every_row() {
        assert_eq!(header(&[&["id", "day", "n"], &["1", "2011-01-01", "5"], &["2", "2011-01-02", "6"]]), 0..1);
        assert_eq!(header(&[&["1", "2011-01-01", "5"], &["2", "2011-01-02", "6"]]), 0..0);
        assert_eq!(header(&[&["name", "town"], &["Ann", "Ulm"], &["Bob", "Bonn"]]), 0..1);
        assert_eq!(header(&[&["id"], &["1"], &["2"]]), 0..1);
        assert_eq!(header(&[&["", "a", "b"], &["0", "x", "1"], &["1", "y", "2"]]), 0..1);
    }

    #[test]
    fn titles_above_the_table_are_left_out() {
        let table: [&[&str]; 6] = [
            &["Sales 2011", "", "", ""],
            &["Printed", "2012-01-03", "", ""],
            &["id", "day", "n", "price"],
            &["1", "2011-01-01", "5", "2.5"],
            &["2", "2011-01-02", "6", "3.5"],
            &["3", "2011-01-02", "6", "3.5"],
        ];
        assert_eq!(header(&table), 2..3);
        assert_eq!(header(&[&["customer", "2010", "2011"], &["a", "5.5", "7"], &["b", "1.5", "0"]]), 0..1);
        assert_eq!(header(&[&["customer", "2011-01", "2011-02"], &["a", "510.64", "-7"], &["b", "1.5", "0"]]), 0..1);
    }

    #[test]
    fn labels_over_columns_are_part_of_the_names() {
        let rows = lines(&[
            &["id", "Travel", "", "Total"],
            &["", "Air", "Hotel", ""],
            &["1", "5", "6", "11"],
            &["2", "7", "8", "15"],
            &["3", "7", "8", "15"],
        ]);
        let merge = |top, left, bottom, right| Merge { top, left, bottom, right };
        let merges = [merge(0, 0, 1, 0), merge(0, 1, 0, 2), merge(0, 3, 1, 3)];
        let found = find_header(&rows, &merges, Given::default());
        assert_eq!(found, 0..2);
        assert_eq!(join_names(&rows[found], &merges, 4), ["id", "Travel Air", "Travel Hotel", "Total"]);
        assert_eq!(join_names(&rows[0..2], &[], 4), ["id", "Travel Air", "Travel Hotel", "Total"]);
    }

    #[test]
    fn a_row_that_fills_the_gaps_of_the_names_goes_on_with_them() {
        let rows: [&[&str]; 4] =
            [&["id", "Travel", "", "Total"], &["", "Air", "Hotel", ""], &["1", "5", "6", "11"], &["2", "7", "8", "15"]];
        assert_eq!(header(&rows), 0..2);
        let gap: [&[&str]; 4] =
            [&["id", "town", "", "note"], &["a", "", "x", ""], &["b", "c", "", "d"], &["b", "c", "", "d"]];
        assert_eq!(header(&gap), 0..1);
    }
}
