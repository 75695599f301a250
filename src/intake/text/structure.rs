//! Where the table is in a file: what stands above it, how many rows its column names take, how wide it is.

use super::cells::{Look, look};
use super::dialect::Dialect;
use super::repair;
use super::split::Splitter;
use crate::recipe::Input;

/// Records of the head that are looked at.
const RECORDS: usize = 1500;
/// Bytes of the head that are looked at.
const HEAD: usize = 1 << 20;
/// Blank or short rows above the table at most.
const MOST_ABOVE: usize = 200;
/// Rows of column names at most.
const MOST_HEADER_ROWS: usize = 3;

/// A record of the head.
struct Record {
    start: usize,
    end: usize,
    cells: Vec<Vec<u8>>,
    /// Cells that are not blank.
    filled: usize,
    /// The cells before the line was read again so that it fits.
    first_reading: Option<Vec<Vec<u8>>>,
}

/// Where the table is.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Layout {
    /// Where the lines above the table end: the first row of names or of data.
    pub start: usize,
    /// Where the first row of data starts.
    pub body: usize,
    /// The column names, one per column that has one; `None` where the file has none.
    pub header: Option<Vec<Vec<u8>>>,
    /// Rows that the names are taken from.
    pub header_rows: usize,
    /// Cells of a row.
    pub columns: usize,
    /// Whether a first column without a name was added: its cells name the rows.
    pub unnamed_first: bool,
}

/// Finds the table in `bytes` from `from` on. `None` if there is no record at all.
pub(super) fn find(bytes: &[u8], from: usize, dialect: Dialect, input: &Input) -> Option<Layout> {
    let start = input.skip_rows.map_or(from, |skip| skip_lines(bytes, from, dialect.newline, skip));
    let width = usual_width(&head(bytes, start, dialect, None));
    let mut records = head(bytes, start, dialect, Some(width));
    titles_stay(&mut records, width);
    let first_filled = records.iter().position(|r| r.filled > 0)?;
    let at = match input.skip_rows {
        Some(_) => first_filled,
        None => table_start(&records, first_filled, width),
    };
    let rows: Vec<&Record> = records[at..].iter().filter(|r| r.filled > 0).collect();
    let rows_of_names = match (input.header, input.header_rows) {
        (Some(false), _) | (_, Some(0)) => 0,
        (_, Some(n)) => n.min(rows.len()),
        (header, None) => header_rows(&rows, width, header == Some(true)),
    };
    let names = &rows[..rows_of_names];
    let body = rows.get(rows_of_names).map_or_else(|| records.last().map_or(bytes.len(), |r| r.end), |r| r.start);
    let header = (!names.is_empty()).then(|| join_names(names));
    let mut layout = Layout {
        start: rows.first().map_or(body, |r| r.start),
        body,
        columns: 0,
        header_rows: rows_of_names,
        header,
        unnamed_first: false,
    };
    drop_blank_names(&mut layout, &rows[rows_of_names..], width);
    layout.columns = columns(&layout, &rows[rows_of_names..], width, dialect);
    add_row_names(&mut layout, &rows[rows_of_names..], dialect);
    Some(layout)
}

/// The first records. Where the usual number of cells is known, a line that does not fit and can be read so that it
/// does is read so, as [`super::parse`] will.
fn head(bytes: &[u8], from: usize, dialect: Dialect, width: Option<usize>) -> Vec<Record> {
    let limit = bytes.len().min(from + HEAD);
    let mut splitter = Splitter::new(bytes, dialect);
    let mut records = Vec::new();
    let mut at = from;
    while at < limit && records.len() < RECORDS {
        let mut cells = Vec::new();
        let record = splitter.record(at, |cell, _| cells.push(cell.to_vec()));
        let (mut end, mut first_reading) = (record.next, None);
        if let Some(width) = width.filter(|&w| w > 1 && (w != cells.len() || record.broken_quotes))
            && let Some((_, fitting, line_end)) = repair::line(bytes, at, record, cells.len(), width, dialect, true)
        {
            first_reading = Some(std::mem::replace(&mut cells, fitting));
            end = line_end;
        }
        let filled = cells.iter().filter(|c| !c.trim_ascii().is_empty()).count();
        records.push(Record { start: at, end, cells, filled, first_reading });
        at = end;
    }
    records
}

/// A title of as many words as the table has columns is read as it stands: a blank row or the names follow it.
fn titles_stay(records: &mut [Record], width: usize) {
    for i in 0..records.len().min(MOST_ABOVE).saturating_sub(1) {
        let title = records[i + 1].filled == 0 || names_above_values(&records[i + 1], &records[i + 2..], width);
        if let Some(cells) = records[i].first_reading.take_if(|_| title) {
            records[i].filled = cells.iter().filter(|c| !c.trim_ascii().is_empty()).count();
            records[i].cells = cells;
        }
    }
}

fn skip_lines(bytes: &[u8], from: usize, newline: u8, lines: usize) -> usize {
    if lines == 0 {
        return from;
    }
    memchr::memchr_iter(newline, &bytes[from..]).nth(lines - 1).map_or(bytes.len(), |i| from + i + 1)
}

/// The most common number of cells; among equally common ones the larger.
fn usual_width(records: &[Record]) -> usize {
    let mut counts = std::collections::BTreeMap::new();
    for record in records.iter().filter(|r| r.filled > 0) {
        *counts.entry(record.cells.len()).or_insert(0usize) += 1;
    }
    counts.into_iter().max_by_key(|&(width, rows)| (rows, width)).map_or(0, |(width, _)| width)
}

/// The record with which the table starts. Titles and notes above it are rows with few cells, or of another length
/// than the rows below; often a blank row follows them.
fn table_start(records: &[Record], first: usize, width: usize) -> usize {
    let few = |r: &Record| r.filled <= (width / 4).max(1) && width > 1;
    let other = |r: &Record| r.cells.len() != width && (r.cells.len() * 2 <= width || r.filled * 2 <= width);
    let above = |r: &Record| r.filled == 0 || other(r) || few(r);
    let last = records.len().min(first + MOST_ABOVE);
    // Everything above the last blank row is a preamble if none of it could be a row of the table.
    let mut start = first;
    for (i, record) in records[..last].iter().enumerate().skip(first) {
        if !above(record) {
            break;
        }
        if record.filled == 0 {
            start = i + 1;
        }
    }
    while start < last && (records[start].filled == 0 || (other(&records[start]) && !fits_later(records, start))) {
        start += 1;
    }
    // A title in a row that spreadsheets filled up with separators, right above the table.
    if start == first && few(&records[start]) && records[start].cells.len() == width && width > 2 {
        let next = records[start + 1..].iter().find(|r| r.filled > 0);
        if next.is_some_and(|r| r.filled * 2 > width && r.cells.len() == width)
            && !records[start + 1..].iter().any(|r| r.filled > 0 && few(r) && r.filled == records[start].filled)
        {
            start += 1;
        }
    }
    // A first row of another length above a row of names: a note with separators in it.
    if start + 2 < records.len()
        && records[start].cells.len() != width
        && names_above_values(&records[start + 1], &records[start + 2..], width)
        && !names_above_values(&records[start], &records[start + 1..], records[start].cells.len())
    {
        start += 1;
    }
    if start >= records.len() { first } else { start }
}

/// Whether rows of the length of this one go on below it, so that it belongs to a table.
fn fits_later(records: &[Record], at: usize) -> bool {
    let length = records[at].cells.len();
    let below = records[at + 1..].iter().filter(|r| r.filled > 0).take(50);
    let (mut same, mut all) = (0, 0);
    for record in below {
        all += 1;
        same += usize::from(record.cells.len().abs_diff(length) <= 1);
    }
    length > 1 && same * 4 > all
}

/// Whether a record has names only, above columns of which some hold values.
fn names_above_values(record: &Record, below: &[Record], width: usize) -> bool {
    let rows: Vec<&Record> = below.iter().filter(|r| r.filled > 0).collect();
    record.cells.len() == width
        && record.filled == width
        && !record.cells.iter().any(|c| look(c).is_value())
        && value_columns(&rows, width).iter().any(|&v| v)
}

/// Which columns hold numbers or dates: nine in ten of their filled cells.
fn value_columns(rows: &[&Record], width: usize) -> Vec<bool> {
    let mut values = vec![0usize; width];
    let mut filled = vec![0usize; width];
    for row in rows.iter().take(300) {
        for (i, cell) in row.cells.iter().take(width).enumerate() {
            let look = look(cell);
            filled[i] +=
                usize::from(look != Look::Empty && !crate::intake::kind::is_missing(&String::from_utf8_lossy(cell)));
            values[i] += usize::from(look.is_value());
        }
    }
    (0..width).map(|i| filled[i] > 0 && values[i] * 10 >= filled[i] * 9).collect()
}

/// How many of the first rows are column names.
fn header_rows(rows: &[&Record], width: usize, sure: bool) -> usize {
    let Some(first) = rows.first() else { return 0 };
    let width = width.max(first.cells.len());
    let below = &rows[1..];
    let values = value_columns(below, width);
    let looks: Vec<Look> = first.cells.iter().map(|c| look(c)).collect();
    let (mut names, mut data) = (0usize, 0usize);
    for (i, look) in looks.iter().enumerate() {
        match look {
            Look::Text if values[i] => names += 1,
            Look::Number | Look::Date if values[i] => data += 1,
            _ => {}
        }
    }
    let header = sure
        || if years(first) {
            true
        } else if names + data > 0 {
            names > data
        } else {
            only_names(first, below)
        };
    if !header {
        return 0;
    }
    let mut count = 1;
    while count < MOST_HEADER_ROWS
        && count + 1 < rows.len()
        && goes_on(&rows[..count], rows[count], &rows[count + 1..], width)
    {
        count += 1;
    }
    count
}

/// Numbers that count up by one year: names after all.
fn years(first: &Record) -> bool {
    let numbers: Vec<u32> = first
        .cells
        .iter()
        .filter_map(|c| std::str::from_utf8(c.trim_ascii()).ok()?.parse().ok())
        .filter(|y| (1900..=2100).contains(y))
        .collect();
    numbers.len() > 2 && numbers.len() + 3 > first.cells.len() && numbers.windows(2).all(|w| w[1] == w[0] + 1)
}

/// Without a column of values only the first row itself can tell: names are mostly there, short, different, and not
/// among the texts below.
fn only_names(first: &Record, below: &[&Record]) -> bool {
    let names: Vec<&[u8]> = first.cells.iter().map(|c| c.trim_ascii()).filter(|c| !c.is_empty()).collect();
    let mut distinct = names.clone();
    distinct.sort_unstable();
    distinct.dedup();
    // A second table below may repeat the names once.
    let seen = below.len().min(300);
    let repeated = |name: &[u8], i: usize| {
        let same = |r: &&&Record| r.cells.get(i).is_some_and(|c| c.trim_ascii() == name);
        below[..seen].iter().filter(same).count() * 20 > seen
    };
    let again = first
        .cells
        .iter()
        .enumerate()
        .filter(|(i, c)| !c.trim_ascii().is_empty() && repeated(c.trim_ascii(), *i))
        .count();
    let one_note =
        below.is_empty() || first.cells.len() == 1 || first.filled * 2 > first.cells.len() || first.filled == 1;
    one_note
        && distinct.len() * 2 > names.len()
        && again * 3 <= names.len()
        && !first.cells.iter().any(|c| look(c).is_value())
        && names.iter().all(|n| n.len() <= 200)
}

/// Whether `next` is one more row of names: it has texts where the columns below hold values, and either fills gaps
/// of the row above or has no value at all.
fn goes_on(above: &[&Record], next: &Record, below: &[&Record], width: usize) -> bool {
    if next.cells.len() < width.min(above[0].cells.len()) || below.is_empty() {
        return false;
    }
    let values = value_columns(below, width);
    let all = values.iter().filter(|&&v| v).count();
    let cells = || next.cells.iter().zip(&values);
    let text_over_value = cells().filter(|(c, v)| **v && look(c) == Look::Text && !is_missing(c)).count();
    if all == 0 || next.cells.iter().any(|c| look(c).is_value()) {
        return false;
    }
    let empty = |r: &Record, i: usize| r.cells.get(i).is_none_or(|c| c.trim_ascii().is_empty());
    let fills = next
        .cells
        .iter()
        .enumerate()
        .filter(|(i, c)| !c.trim_ascii().is_empty() && above.iter().any(|r| empty(r, *i)))
        .count();
    let gaps = above[0].cells.len() - above[0].filled;
    if gaps > 0 && fills > 0 {
        return text_over_value > 0;
    }
    // A second full row of names, such as units: a text over every column of values.
    text_over_value == all && all >= 2
}

fn is_missing(cell: &[u8]) -> bool {
    crate::intake::kind::is_missing(&String::from_utf8_lossy(cell))
}

/// Names of several rows put together: the upper ones reach to the right over the gaps that merged cells leave.
fn join_names(rows: &[&Record]) -> Vec<Vec<u8>> {
    let width = rows.iter().map(|r| r.cells.len()).max().unwrap_or(0);
    let mut names = vec![Vec::new(); width];
    for (level, row) in rows.iter().enumerate() {
        let last = level + 1 == rows.len();
        let mut reach: &[u8] = b"";
        for (i, name) in names.iter_mut().enumerate() {
            let cell = row.cells.get(i).map_or(&b""[..], |c| c.as_slice());
            let filled = !cell.trim_ascii().is_empty();
            let below = rows[level + 1..].iter().any(|r| r.cells.get(i).is_some_and(|c| !c.trim_ascii().is_empty()));
            if filled {
                reach = cell;
            }
            let text = if filled {
                cell
            } else if !last && below {
                reach
            } else {
                b""
            };
            if rows.len() == 1 {
                *name = cell.to_vec();
            } else if !text.trim_ascii().is_empty() {
                if !name.is_empty() {
                    name.push(b' ');
                }
                name.extend_from_slice(text.trim_ascii());
            }
        }
    }
    names
}

/// A header longer than every row has a separator too many where it has a blank name.
fn drop_blank_names(layout: &mut Layout, body: &[&Record], width: usize) {
    let Some(header) = &mut layout.header else { return };
    let blank = |n: &Vec<u8>| n.trim_ascii().is_empty();
    let too_many = header.len().saturating_sub(width);
    if too_many > 0
        && header.iter().filter(|n| blank(n)).count() == too_many
        && body.iter().all(|r| r.cells.len() <= width)
    {
        header.retain(|n| !blank(n));
    }
}

/// How many cells a row of the table has. Cells beyond the names count where more than one row in ten has them.
fn columns(layout: &Layout, body: &[&Record], width: usize, dialect: Dialect) -> usize {
    let named = layout.header.as_ref().map_or(0, Vec::len);
    if named == 0 {
        return width.max(1);
    }
    let beyond = |r: &&&Record| {
        r.cells.iter().skip(named).any(|c| !c.trim_ascii().is_empty()) && !is_cut_in_thousands(r, named, dialect)
    };
    let longer = body.iter().filter(beyond).count();
    let last_filled = |r: &&Record| r.cells.iter().rposition(|c| !c.trim_ascii().is_empty()).map_or(0, |i| i + 1);
    // A single row too long may be broken.
    let many = longer * 10 > body.len() && (longer > 1 || body.len() == 1);
    if many { body.iter().map(last_filled).max().unwrap_or(named).max(named) } else { named }
}

/// Whether a row fits the names once its numbers are put together again.
fn is_cut_in_thousands(record: &Record, columns: usize, dialect: Dialect) -> bool {
    let cells: Vec<&[u8]> = record.cells.iter().map(Vec::as_slice).collect();
    repair::thousands(&cells, columns, dialect).is_some()
}

/// Tables written by R have one name less than columns: the first cell of each row names it.
fn add_row_names(layout: &mut Layout, body: &[&Record], dialect: Dialect) {
    let Some(header) = &mut layout.header else { return };
    let one_more = header.len() + 1;
    let all = |r: &&&Record| r.cells.len() == one_more && r.cells.last().is_some_and(|c| !c.trim_ascii().is_empty());
    let names = header.len();
    let cut = body.iter().filter(|r| is_cut_in_thousands(r, names, dialect)).count();
    if body.len() > 1 && names > 1 && body.iter().filter(all).count() == body.len() && cut * 2 < body.len() {
        header.insert(0, Vec::new());
        layout.columns = one_more;
        layout.unnamed_first = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The names, the number of header rows, and the first line of data.
    fn found(text: &str) -> (Vec<String>, usize, String) {
        let layout = find(text.as_bytes(), 0, Dialect::CSV, &Input::default()).unwrap();
        let names = layout.header.unwrap_or_default().iter().map(|n| String::from_utf8_lossy(n).into_owned()).collect();
        (names, layout.header_rows, text[layout.body..].lines().next().unwrap_or("").into())
    }

    #[test]
    fn titles_above_the_table_are_left_out() {
        let (names, _, first) = found("Report of May\n\nid,date,amount\n1,2011-01-02,5\n2,2011-01-03,6\n");
        assert_eq!((names.join("|"), first.as_str()), ("id|date|amount".into(), "1,2011-01-02,5"));
        let (names, _, _) = found("Spend in May,,,\n,,,\nname,a,b,c\nx,1,2,3\ny,1,2,3\n");
        assert_eq!(names.join("|"), "name|a|b|c");
        let (names, _, _) = found("Spend in May,,,\nname,a,b,c\nx,1,2,3\ny,1,2,3\n");
        assert_eq!(names.join("|"), "name|a|b|c");
        let (names, _, _) = found("made by x,y, on monday\ncm,T\n4000,98\n3999,97\n");
        assert_eq!(names.join("|"), "cm|T");
        let (names, _, first) = found("id,date\n1,2011-01-02\n");
        assert_eq!((names.len(), first.as_str()), (2, "1,2011-01-02"));
    }

    #[test]
    fn headers_are_told_from_data() {
        assert_eq!(found("1,2011-01-02\n2,2011-02-03\n").1, 0);
        assert_eq!(found("x,x,x\n1,2,3\n4,5,6\n").1, 1);
        assert_eq!(found("country,2004,2005,2006\nA,1,2,3\nB,3,4,5\n").1, 1);
        assert_eq!(found("name,town\nann,rome\nbob,oslo\n").1, 1);
        assert_eq!(found("ann,rome\nbob,oslo\nann,oslo\ncy,rome\nann,rome\n").1, 0);
        assert_eq!(found("id,name\n").1, 1);
    }

    #[test]
    fn names_over_two_rows_are_joined() {
        let (names, rows, first) =
            found("day,town,travel,,total\n,,air,rail,\n2011-01-02,x,1,2,3\n2011-01-03,y,1,,3\n");
        assert_eq!((names.join("|"), rows), ("day|town|travel air|travel rail|total".into(), 2));
        assert_eq!(first, "2011-01-02,x,1,2,3");
    }

    #[test]
    fn row_names_and_long_rows_get_columns() {
        let layout = find(b"a,b\nx,1,2\ny,3,4\n", 0, Dialect::CSV, &Input::default()).unwrap();
        assert!(layout.unnamed_first);
        assert_eq!(layout.columns, 3);
        let layout = find(b"a,b\n1,2,\n3,4,\n5,6\n", 0, Dialect::CSV, &Input::default()).unwrap();
        assert_eq!(layout.columns, 2);
    }
}
