//! Finds the table in a sheet.

use std::ops::Range;

use super::super::table_area::{self, Body, Given, Line, Merge, find_end, find_header, is_value, join_names};
use super::grid::Grid;
use crate::format;
use crate::recipe::Input;

/// Rows looked at to find the header, and at the end to find notes and totals.
const HEAD: usize = 60;
const TAIL: usize = 30;
/// Parts of a sheet between blank rows that are looked at one by one.
const MOST_PARTS: usize = 200;

/// Where the table is, and what else stands in the sheet.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Columns of the sheet that are columns of the table.
    pub columns: Vec<usize>,
    /// One per column; empty without a header.
    pub names: Vec<String>,
    pub header_rows: usize,
    /// Row of the first name, or of the first data without a header; from 0.
    pub first: usize,
    /// Rows of the sheet that are rows of the table.
    pub rows: Vec<Range<usize>>,
    pub preamble: Vec<String>,
    pub footer: Vec<String>,
    pub totals: Vec<String>,
    pub notes: Vec<String>,
}

impl Found {
    /// Rows of the table.
    pub(super) fn len(&self) -> usize {
        self.rows.iter().map(Range::len).sum()
    }
}

/// A table among several in a sheet.
struct Part {
    header: Vec<Line>,
    first: usize,
    rows: Range<usize>,
    cells: usize,
}

/// Finds the table; `None` in a sheet without any cell.
pub(super) fn locate(grid: &Grid, merges: &[Merge], input: &Input) -> Option<Found> {
    let mut found = Found::default();
    let skipped = input.skip_rows.unwrap_or(0);
    let columns = main_columns(grid, &mut found.notes)?;
    let shifted = shift(merges, &columns);
    let given = Given { header: input.header, header_rows: input.header_rows };
    let parts = parts(grid, &columns, &shifted, given, skipped)?;
    let main = (0..parts.len()).max_by_key(|&i| (parts[i].cells, std::cmp::Reverse(i)))?;
    for (i, part) in parts.iter().enumerate().filter(|&(i, _)| i != main) {
        let side = if i < main { "above" } else { "below" };
        found.notes.push(format!(
            "Another table stands {side} this one, in rows {} to {}; it was left out, as it is smaller.",
            format::count(part.first + 1),
            format::count(part.rows.end)
        ));
    }
    let part = parts.into_iter().nth(main)?;
    let all = 0..grid.width();
    let outside = |rows: Range<usize>| {
        let mut lines: Vec<String> = Vec::new();
        for row in rows.filter(|&r| grid.fill(r, &all) > 0).take(100) {
            lines.push(grid.line(row, &all).text());
        }
        lines
    };
    found.preamble = outside(0..part.first);
    found.first = part.first;
    found.header_rows = part.header.len();
    let width = columns.len();
    let names = join_names(&part.header, &shifted, width);
    let (data_end, totals, footer) = end_of(grid, &columns, &part, input.keep_totals == Some(true));
    found.totals = totals.iter().map(|&r| grid.line(r, &all).text()).collect();
    found.footer = footer.into_iter().map(|r| grid.line(r, &all).text()).collect();
    found.footer.extend(outside(part.rows.end..grid.height()));
    // A row that repeats the names is a page break of a printed report.
    let header = part.header.last().filter(|l| l.fill() > 1).cloned();
    let repeats = |row: usize| {
        header.as_ref().is_some_and(|h| {
            columns.clone().zip(&h.cells).all(|(c, name)| grid.text(row, c) == name)
        })
    };
    let mut blank = 0;
    let mut repeated = 0;
    for row in part.rows.start..data_end {
        if grid.is_blank(row, &columns) {
            blank += 1;
        } else if repeats(row) {
            repeated += 1;
        } else {
            match found.rows.last_mut() {
                Some(range) if range.end == row => range.end = row + 1,
                _ => found.rows.push(row..row + 1),
            }
        }
    }
    if blank > 0 {
        found.notes.push(format!("{} within the table left out.", format::plural(blank, "blank row was", "blank rows were")));
    }
    if repeated > 0 {
        found.notes.push(format!(
            "{} the column names again; left out.",
            format::plural(repeated, "row repeats", "rows repeat")
        ));
    }
    let merged = merges.iter().filter(|m| m.top >= part.rows.start && m.bottom < data_end).count();
    if merged > 0 {
        found.notes.push(format!(
            "{} merged; only the first cell of each has its value, the others are empty. Fill missing values with the \
             previous one if it holds for all.",
            format::plural(merged, "group of data cells is", "groups of data cells are")
        ));
    }
    // Columns without a name and without a cell only keep others apart.
    for (i, name) in names.into_iter().enumerate() {
        let column = columns.start + i;
        let used = || found.rows.iter().any(|r| r.clone().any(|row| !grid.is_empty(row, column)));
        if !name.is_empty() || used() {
            found.columns.push(column);
            found.names.push(name);
        }
    }
    Some(found)
}

/// Merged cells with columns counted from the first one of the table; those outside are dropped.
fn shift(merges: &[Merge], columns: &Range<usize>) -> Vec<Merge> {
    let inside = merges.iter().filter(|m| m.left < columns.end && m.right >= columns.start);
    inside
        .map(|m| Merge {
            left: m.left.max(columns.start) - columns.start,
            right: m.right.min(columns.end - 1) - columns.start,
            ..*m
        })
        .collect()
}

/// The columns of the largest table among those that stand side by side, empty columns between them.
fn main_columns(grid: &Grid, notes: &mut Vec<String>) -> Option<Range<usize>> {
    let mut groups: Vec<Range<usize>> = Vec::new();
    for column in (0..grid.width()).filter(|&c| grid.column_cells(c) > 0) {
        match groups.last_mut() {
            Some(group) if group.end == column => group.end = column + 1,
            _ => groups.push(column..column + 1),
        }
    }
    let cells = |g: &Range<usize>| g.clone().map(|c| grid.column_cells(c)).sum::<usize>();
    let main = groups.iter().cloned().max_by_key(|g| (cells(g), std::cmp::Reverse(g.start)))?;
    if groups.len() == 1 {
        return Some(main);
    }
    let rows = |g: &Range<usize>| {
        let filled: Vec<usize> = (0..grid.height()).filter(|&r| !grid.is_blank(r, g)).collect();
        (filled.first().copied().unwrap_or(0), filled.len())
    };
    let (_, main_rows) = rows(&main);
    let head: Vec<Line> = lines_from(grid, &main, 0..grid.height(), HEAD);
    let header = find_header(&head, &[], Given::default());
    let header_row = head.get(header.start).filter(|_| !header.is_empty()).map(|l| l.row);
    let own_names: Vec<String> = header_row.map(|r| grid.line(r, &main).cells).unwrap_or_default();
    let mut whole = main.clone();
    let mut apart = Vec::new();
    for group in groups.iter().filter(|g| **g != main) {
        let (_, group_rows) = rows(group);
        // A column that only keeps others apart: names stand in the same row on both sides, and differ.
        let named = header_row.is_some_and(|r| {
            group.clone().all(|c| !grid.is_empty(r, c) && !own_names.iter().any(|n| n == grid.text(r, c)))
        });
        let as_long = group_rows * 10 >= main_rows * 8;
        if (named && (as_long || group.len() == 1)) || (header_row.is_none() && as_long) {
            whole = whole.start.min(group.start)..whole.end.max(group.end);
        } else if group_rows > 2 {
            apart.push(group.clone());
        }
    }
    for group in apart.into_iter().filter(|g| g.end <= whole.start || g.start >= whole.end) {
        notes.push(format!(
            "Columns {} to {} hold something else beside the table; they were left out.",
            letters(group.start),
            letters(group.end - 1)
        ));
    }
    Some(whole)
}

/// The name of a column in a spreadsheet: A, B, … Z, AA.
fn letters(column: usize) -> String {
    let mut text = String::new();
    let mut rest = column + 1;
    while rest > 0 {
        text.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    text
}

/// The first rows that are not blank.
fn lines_from(grid: &Grid, columns: &Range<usize>, rows: Range<usize>, most: usize) -> Vec<Line> {
    rows.filter(|&r| !grid.is_blank(r, columns)).take(most).map(|r| grid.line(r, columns)).collect()
}

/// The tables under one another: a blank row and a row of other names start a new one.
fn parts(grid: &Grid, columns: &Range<usize>, merges: &[Merge], given: Given, skipped: usize) -> Option<Vec<Part>> {
    let height = grid.height();
    let head = lines_from(grid, columns, skipped..height, HEAD);
    let header = find_header(&head, merges, given);
    let first = head.get(header.start).map(|l| l.row)?;
    let start = head.get(header.end).map_or(height, |l| l.row);
    let mut parts = vec![Part { header: head[header].to_vec(), first, rows: start..height, cells: 0 }];
    let gaps: Vec<usize> =
        (start + 1..height).filter(|&r| grid.is_blank(r - 1, columns) && !grid.is_blank(r, columns)).take(MOST_PARTS + 1).collect();
    if gaps.len() <= MOST_PARTS && given.header_rows.is_none() {
        for gap in gaps {
            let part = &parts[parts.len() - 1];
            let lines = lines_from(grid, columns, gap..height, HEAD);
            let Some(names) = starts_table(grid, columns, part, gap, &lines, merges) else { continue };
            let end = (part.rows.start..gap).rev().find(|&r| !grid.is_blank(r, columns)).map_or(part.rows.start, |r| r + 1);
            if let Some(part) = parts.last_mut() {
                part.rows.end = end.max(part.rows.start);
            }
            let rows = lines.get(names.end).map_or(height, |l| l.row)..height;
            parts.push(Part { header: lines[names].to_vec(), first: gap, rows, cells: 0 });
        }
    }
    for part in &mut parts {
        part.cells = part.rows.clone().map(|r| grid.fill(r, columns)).sum();
    }
    Some(parts)
}

/// Whether the row at `gap`, below a blank one, holds the names of another table: words only, where the table above has
/// values, and values below them.
fn starts_table(
    grid: &Grid,
    columns: &Range<usize>,
    above: &Part,
    gap: usize,
    lines: &[Line],
    merges: &[Merge],
) -> Option<Range<usize>> {
    let line = lines.first()?;
    let same = |h: &Line| h.cells == line.cells;
    if line.fill() < 2 || line.cells.iter().any(|c| is_value(c)) || above.header.last().is_some_and(same) {
        return None;
    }
    let block: Vec<Line> = lines.iter().take_while(|l| l.row - gap < lines.len() && !has_gap(grid, columns, gap, l.row)).cloned().collect();
    let header = find_header(&block, merges, Given::default());
    if header.is_empty() || header.start != 0 || block.len() < header.len() + 2 {
        return None;
    }
    let has_values = block[header.end..].iter().any(|l| l.cells.iter().any(|c| is_value(c)));
    let sample = lines_from(grid, columns, above.rows.start..gap, HEAD);
    let figures = |c: usize| {
        let filled: Vec<&String> = sample.iter().map(|l| &l.cells[c]).filter(|t| !t.trim().is_empty()).collect();
        !filled.is_empty() && filled.iter().filter(|t| is_value(t)).count() * 10 >= filled.len() * 9
    };
    let words_over_figures = (0..columns.len()).filter(|&c| !line.cells[c].trim().is_empty() && figures(c)).count();
    (has_values && words_over_figures > 0).then_some(header)
}

fn has_gap(grid: &Grid, columns: &Range<usize>, from: usize, to: usize) -> bool {
    (from..to).any(|r| grid.is_blank(r, columns))
}

/// One more than the last row of data, the rows of totals, and the rows of notes below.
fn end_of(grid: &Grid, columns: &Range<usize>, part: &Part, keep_totals: bool) -> (usize, Vec<usize>, Vec<usize>) {
    let rows = part.rows.clone();
    let last = rows.clone().rev().filter(|&r| !grid.is_blank(r, columns)).take(TAIL).collect::<Vec<_>>();
    let tail: Vec<Line> = last.into_iter().rev().map(|r| grid.line(r, columns)).collect();
    let Some(tail_start) = tail.first().map(|l| l.row) else { return (rows.end, Vec::new(), Vec::new()) };
    let sample = lines_from(grid, columns, rows.clone(), HEAD);
    // In a short table the notes are in the sample too; the first rows are data for sure.
    let sure = &sample[..sample.len().min(sample.len().div_ceil(2).max(1))];
    let height = (rows.start..rows.end).filter(|&r| !grid.is_blank(r, columns)).count();
    let mut body = Body {
        fill: table_area::usual_fill(sure),
        filled: Vec::new(),
        values: Vec::new(),
        sum: &|column, row| sum(grid, columns.start + column, rows.start..row),
    };
    for column in columns.clone() {
        // What the last rows lack must not count against the column.
        let cells = grid.column_cells(column).min(height) + tail.iter().filter(|l| l.cells[column - columns.start].trim().is_empty()).count();
        body.filled.push((cells as f64 / height.max(1) as f64).min(1.0));
        let texts: Vec<&str> = sure.iter().map(|l| l.cells[column - columns.start].trim()).filter(|t| !t.is_empty()).collect();
        body.values.push(!texts.is_empty() && texts.iter().filter(|t| is_value(t)).count() * 10 >= texts.len() * 9);
    }
    let after_blank = |i: usize| tail.get(i).is_some_and(|l| l.row > tail_start && grid.is_blank(l.row - 1, columns));
    let end = find_end(&tail, &body, after_blank);
    // Never the whole table.
    if end.data == 0 && tail.len() == height {
        return (rows.end, Vec::new(), Vec::new());
    }
    let row = |i: &usize| tail[*i].row;
    let totals: Vec<usize> = end.totals.iter().map(row).collect();
    let notes = (end.data..tail.len()).filter(|i| !end.totals.contains(i));
    if keep_totals && !totals.is_empty() {
        let after = totals.iter().max().map_or(rows.end, |&r| r + 1);
        return (after, Vec::new(), notes.map(|i| tail[i].row).filter(|&r| r >= after).collect());
    }
    (tail.get(end.data).map_or(rows.end, |l| l.row), totals, notes.map(|i| tail[i].row).collect())
}

/// The sum of a column's numbers in some rows; `None` where a cell is no number.
fn sum(grid: &Grid, column: usize, rows: Range<usize>) -> Option<f64> {
    grid.values(column, rows).into_iter().map(|(text, n)| text.trim().parse::<f64>().ok().map(|v| v * n as f64)).sum()
}
