//! Where in a grid of cells the table is: what stands above it (titles, notes), its header, what stands below it
//! (notes, totals). The rules look at texts only, so they hold for sheets and text files alike, and they would
//! rather keep a row too many than lose one of the table.

use std::ops::Range;

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
    matches!(text.trim().parse::<u32>(), Ok(1900..=2100)) || (is_value(text) && text.contains(['-', '/', '.']))
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
    let first = lines.iter().position(|l| l.fill() >= enough).unwrap_or(0);
    if given.header == Some(false) {
        return first..first;
    }
    let below = |i: usize| &lines[i + 1..lines.len().min(i + 21)];
    // A title of several cells may come first; the names are then in a wider row soon after it.
    let wider = (first + 1..lines.len().min(first + 6))
        .find(|&i| names(&lines[i], below(i), usual) && lines[first..i].iter().all(|l| l.fill() < lines[i].fill()));
    let found = if names(&lines[first], below(first), usual) {
        // Two columns of labels and values above a wider table look like names and are none.
        wider.filter(|&i| lines[first].fill() * 2 <= lines[i].fill() && parents(lines, merges, i).start > first)
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
    // Names merged with the cell below, or a label over several columns, go on in the next row.
    loop {
        let last = lines[header.end - 1].row;
        let spans = |m: &&Merge| m.top >= lines[header.start].row && m.top <= last;
        let down = merges.iter().filter(spans).any(|m| m.bottom > last);
        let across = merges.iter().filter(spans).any(|m| m.bottom == last && is_label(m, usual));
        match lines.get(header.end) {
            Some(next) if header.len() <= MOST_PARENT_ROWS && (down || across) && no_values(next) => header.end += 1,
            _ => return header,
        }
    }
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

/// What the rules about the end of a table have to know of its rows.
pub(super) struct Body<'a> {
    /// Usual number of filled cells.
    pub fill: usize,
    /// Per column: share of rows that are filled, 0–1.
    pub filled: Vec<f64>,
    /// Per column: whether its cells are values rather than words.
    pub values: Vec<bool>,
    /// Sum of a column from the first row of data up to (not with) a row; `None` where it is no column of numbers.
    pub sum: &'a dyn Fn(usize, usize) -> Option<f64>,
}

/// What stands at the end of a sheet.
#[derive(Debug, Default, PartialEq)]
pub(super) struct End {
    /// Lines from here on are no data; an index into the lines given.
    pub data: usize,
    /// Which of them are totals; the others are notes.
    pub totals: Vec<usize>,
}

/// Sorts the last rows of a sheet into data, totals and notes. `after_blank` says whether blank rows stand directly
/// above a line.
pub(super) fn find_end(lines: &[Line], body: &Body, after_blank: impl Fn(usize) -> bool) -> End {
    let mut data = lines.len();
    while data > 0 && is_note(lines, data - 1, data, body, &after_blank) {
        data -= 1;
    }
    let mut totals = Vec::new();
    // A grand total stands below the totals of its parts; each adds up what is above it.
    while data > 0 && totals.len() < 3 && is_total(&lines[data - 1], body) {
        data -= 1;
        totals.insert(0, data);
    }
    if totals.is_empty() {
        return End { data, totals };
    }
    // Notes between the table and its total do not occur; blank rows do.
    End { data, totals }
}

/// A note fills a cell or two of a wide table, with words, and stands apart or where values should be.
fn is_note(lines: &[Line], i: usize, end: usize, body: &Body, after_blank: &impl Fn(usize) -> bool) -> bool {
    let line = &lines[i];
    let fill = line.fill();
    let few = if body.fill >= 6 { 2 } else { 1 };
    if body.fill < 3 || fill > few || total_word(line).is_some() {
        return false;
    }
    let Some((column, text)) = line.filled().next() else { return true };
    if is_value(text) && !text.contains(' ') {
        return false;
    }
    let misplaced = body.values.get(column).copied().unwrap_or(true) || body.filled.get(column).is_none_or(|&f| f < 0.5);
    let lower = text.to_lowercase();
    let marked = text.starts_with('*')
        || text.contains(": ")
        || ["note", "source", "quelle", "hinweis", "generated", "printed", "page ", "stand", "©", "(c)", "erstellt", "fuente", "disclaimer", "end of"]
            .iter()
            .any(|w| lower.starts_with(w));
    let apart = (i..end.max(i + 1)).any(after_blank) || (end < lines.len() && end == i + 1);
    apart || marked || misplaced || text.split_whitespace().count() >= 4
}

/// How certain a label is to mean a total.
#[derive(PartialEq)]
enum TotalWord {
    /// The label is nothing but the word.
    Alone,
    /// The word starts a longer label: `Total 2011`, but also `Total Wine`.
    Start,
}

const TOTAL_WORDS: [&str; 27] = [
    "total", "totals", "grand total", "sub total", "subtotal", "overall total", "sum", "sums", "overall", "summe",
    "gesamt", "gesamtsumme", "gesamtergebnis", "insgesamt", "zwischensumme", "totale", "totale generale", "somme",
    "total general", "suma", "suma total", "totaal", "razem", "totalt", "toplam", "итого", "всего",
];

fn total_word(line: &Line) -> Option<TotalWord> {
    let (_, label) = line.filled().find(|(_, c)| !is_value(c))?;
    let plain: String = fold(label);
    let plain = plain.trim_end_matches([':', ' ', '.']).to_string();
    if TOTAL_WORDS.contains(&plain.as_str()) || ["合计", "总计", "合計", "総計"].contains(&plain.as_str()) {
        return Some(TotalWord::Alone);
    }
    let first = plain.split([' ', ':']).next().unwrap_or_default();
    TOTAL_WORDS.contains(&first).then_some(TotalWord::Start)
}

/// A total says so and adds up its column; or it says nothing else and lacks what every row of the table has.
fn is_total(line: &Line, body: &Body) -> bool {
    let Some(word) = total_word(line) else { return false };
    let label = line.filled().find(|(_, c)| !is_value(c)).map_or(0, |(column, _)| column);
    let mut sums = 0;
    for (column, text) in line.filled().filter(|(_, c)| is_value(c)) {
        let (Ok(shown), Some(sum)) = (text.replace(',', "").parse::<f64>(), (body.sum)(column, line.row)) else { continue };
        let decimals = text.split_once('.').map_or(0, |(_, d)| d.len().min(9)) as i32;
        let rounding = 0.5000001 * 10f64.powi(-decimals) + 1e-9 * sum.abs();
        sums += usize::from(sum != 0.0 && (shown - sum).abs() <= rounding.max(0.011));
    }
    // The other cells that every row has must be missing too: a customer may well be called Sum.
    let missing = (0..body.filled.len())
        .filter(|&c| c != label && body.filled[c] >= 0.99)
        .filter(|&c| line.cells.get(c).is_none_or(|t| t.trim().is_empty()))
        .count();
    match word {
        TotalWord::Alone => sums > 0 || missing > 0,
        TotalWord::Start => sums > 0 && missing > 0,
    }
}

/// Lower case, without accents, blanks collapsed.
pub(super) fn fold(text: &str) -> String {
    let plain: String = text.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect();
    plain.to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &[&[&str]]) -> Vec<Line> {
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

    fn end(rows: &[&[&str]], blank_above: &[usize]) -> End {
        let lines = lines(rows);
        let sum = |column: usize, row: usize| {
            lines[..row].iter().map(|l| l.cells[column].parse::<f64>().ok()).sum::<Option<f64>>()
        };
        let body = Body { fill: 3, filled: vec![1.0, 1.0, 1.0], values: vec![true, false, true], sum: &sum };
        find_end(&lines, &body, |i| blank_above.contains(&i))
    }

    #[test]
    fn totals_and_notes_end_the_table() {
        let (a, b): (&[&str], &[&str]) = (&["1", "x", "5.25"], &["2", "y", "6"]);
        assert_eq!(end(&[a, b], &[]), End { data: 2, totals: vec![] });
        assert_eq!(end(&[a, b, &["Total", "", "11.25"]], &[]), End { data: 2, totals: vec![2] });
        assert_eq!(end(&[a, b, &["", "Total 2011", "11.25"]], &[]), End { data: 2, totals: vec![2] });
        assert_eq!(end(&[a, b, &["Total", "", "11.25"], &["Source: shop", "", ""]], &[3]), End { data: 2, totals: vec![2] });
        assert_eq!(end(&[a, b, &["exported by the till", "", ""]], &[2]), End { data: 2, totals: vec![] });
    }

    #[test]
    fn rows_that_only_look_like_totals_stay() {
        let (a, b): (&[&str], &[&str]) = (&["1", "x", "5.25"], &["2", "y", "6"]);
        assert_eq!(end(&[a, b, &["3", "Total Wine", "9"]], &[]).data, 3);
        assert_eq!(end(&[a, b, &["7", "Sum", "9"]], &[]).data, 3);
        assert_eq!(end(&[a, b, &["3", "", ""]], &[]).data, 3);
    }
}
