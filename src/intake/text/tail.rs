//! What stands below the table: notes, and rows that only add up the others.

use super::cells::{Look, look};
use crate::intake::table::Table;

/// Rows at the end that are looked at.
const LOOKED_AT: usize = 12;

/// Rows at the end of the table that are none of its rows.
#[derive(Debug, Default, PartialEq)]
pub(in crate::intake) struct Below {
    /// Rows to leave out, all at the end of the table.
    pub rows: usize,
    /// Notes, as they would stand in a file.
    pub footer: Vec<String>,
    /// Totals.
    pub totals: Vec<String>,
}

/// Words with which a row of totals starts, in lower case.
const TOTALS: [&str; 14] = [
    "total",
    "totals",
    "grand total",
    "sub total",
    "subtotal",
    "overall total",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "insgesamt",
    "totale",
    "total general",
    "total général",
];

/// Looks for notes and totals among the last rows. A row is a note if one cell of it holds text and none a value while
/// the rows above fill most cells; it is a total if a cell says so and its cell in a column that no other row leaves
/// empty (an id, a date) is empty.
pub(in crate::intake) fn find(table: &Table) -> Below {
    let mut below = Below::default();
    let width = table.columns.len();
    if width < 3 || table.rows < 4 {
        return below;
    }
    let missing: Vec<usize> = table.columns.iter().map(|c| c.counts[0] as usize).collect();
    for row in (table.rows.saturating_sub(LOOKED_AT)..table.rows).rev() {
        let cells: Vec<&str> = table.columns.iter().map(|c| c.text(row).trim()).collect();
        let filled = cells.iter().filter(|c| !c.is_empty()).count();
        let values = cells.iter().filter(|c| look(c.as_bytes()).is_value()).count();
        let says_total = cells.iter().any(|c| is_total(c));
        let full_elsewhere = |i: usize| missing[i] <= LOOKED_AT && missing[i] * 2 < table.rows;
        let lacks = cells.iter().enumerate().filter(|(i, c)| c.is_empty() && full_elsewhere(*i)).count();
        let text = || cells.iter().filter(|c| !c.is_empty()).copied().collect::<Vec<_>>().join(" ");
        if says_total && values > 0 && lacks > 0 && filled < width {
            below.totals.insert(0, text());
        } else if filled == 1
            && values == 0
            && lacks + 1 >= width.div_ceil(2)
            && cells.iter().any(|c| look(c.as_bytes()) == Look::Text)
        {
            below.footer.insert(0, text());
        } else {
            break;
        }
        below.rows += 1;
    }
    below
}

/// Rows that repeat the column names, as files put together from several have them, and the titles right above them.
/// Sorted. Only for names of one row.
pub(in crate::intake) fn repeated_headers(table: &Table, header_rows: usize) -> Vec<usize> {
    let names: Vec<&str> = table.header.iter().map(|n| n.trim()).collect();
    if header_rows != 1 || names.len() != table.columns.len() || names.len() < 2 || names.iter().any(|n| n.is_empty()) {
        return Vec::new();
    }
    let code = |i: usize| table.columns[i].dict.iter().position(|t| t.trim() == names[i]).map(|c| c as u32);
    let Some(codes) = (0..names.len()).map(code).collect::<Option<Vec<u32>>>() else { return Vec::new() };
    let is_header = |row: usize| table.columns.iter().zip(&codes).all(|(c, code)| c.codes[row] == *code);
    let is_title = |row: usize| {
        let filled = table.columns.iter().filter(|c| c.codes[row] != 0).count();
        filled == 1 && table.columns[0].codes[row] != 0
    };
    let mut rows = Vec::new();
    for row in (0..table.rows).filter(|&row| table.columns[0].codes[row] == codes[0] && is_header(row)) {
        if row > 0 && is_title(row - 1) {
            rows.push(row - 1);
        }
        rows.push(row);
    }
    rows
}

/// Whether a cell says that its row adds up others: `Total`, `Grand Total:`, `Summe`.
pub(in crate::intake) fn is_total(cell: &str) -> bool {
    let word = cell.trim().trim_end_matches([':', '.']).trim().to_lowercase();
    TOTALS.contains(&word.as_str()) || (word.starts_with("total ") && word.len() < 40)
}
