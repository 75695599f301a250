//! What a file holds besides the rows of its table: notes below it, rows that only add up others, headers once more.

use super::cells::{Look, look};
use crate::intake::Reject;
use crate::intake::table::Table;

/// Rows at the end that are looked at.
const LOOKED_AT: usize = 12;

/// Rows that are none of the table's own.
#[derive(Debug, Default, PartialEq)]
pub(in crate::intake) struct Below {
    /// Rows to leave out, in ascending order.
    pub rows: Vec<usize>,
    /// Notes at the end, as they would stand in a file.
    pub footer: Vec<String>,
    /// Totals, wherever they stand.
    pub totals: Vec<String>,
}

/// Words with which a row of totals starts, in lower case.
const TOTALS: [&str; 24] = [
    "total",
    "totals",
    "grand total",
    "sub total",
    "sub-total",
    "subtotal",
    "overall total",
    "sum",
    "sums",
    "summe",
    "gesamt",
    "gesamtsumme",
    "gesamtergebnis",
    "zwischensumme",
    "teilsumme",
    "insgesamt",
    "totale",
    "total general",
    "total général",
    "sous-total",
    "suma",
    "somme",
    "totaal",
    "razem",
];

/// Words of rows at the end that say something else about the rows above.
const FIGURES: [&str; 15] = [
    "average",
    "avg",
    "mean",
    "median",
    "count",
    "minimum",
    "maximum",
    "durchschnitt",
    "mittelwert",
    "anzahl",
    "moyenne",
    "nombre",
    "promedio",
    "media",
    "gemiddelde",
];

/// Looks for notes among the last rows, and for totals. A row at the end is a note if one cell of it holds text and
/// none a value while the rows above fill most cells; it is a total if a cell says so and its cell in a column that
/// no other row leaves empty (an id, a date) is empty. A total further up has to say so in its first filled cell,
/// hold nothing but numbers besides, and lack two such columns.
pub(in crate::intake) fn find(table: &Table) -> Below {
    let mut below = Below::default();
    let width = table.columns.len();
    if width < 3 || table.rows < 4 {
        return below;
    }
    let cells = |row: usize| table.columns.iter().map(|c| c.text(row).trim()).collect::<Vec<&str>>();
    let candidates = rows_that_say_so(table);
    let last = table.rows.saturating_sub(LOOKED_AT)..table.rows;
    // Totals and notes must not count against a column.
    let odd = |row: usize| candidates.binary_search(&row).is_ok();
    let lone = |row: usize| cells(row).iter().filter(|c| !c.is_empty()).count() <= 1;
    let aside: Vec<usize> = candidates.iter().copied().chain(last.clone().filter(|&r| !odd(r) && lone(r))).collect();
    let rows = table.rows - aside.len().min(table.rows - 1);
    let full: Vec<bool> = table
        .columns
        .iter()
        .map(|c| {
            let missing = c.counts[0] as usize - aside.iter().filter(|&&r| c.codes[r] == 0).count();
            missing * 100 <= rows || (missing <= LOOKED_AT && missing * 2 < rows)
        })
        .collect();
    let text = |cells: &[&str]| cells.iter().filter(|c| !c.is_empty()).copied().collect::<Vec<_>>().join(" ");
    let is_value = |c: &&&str| look(c.as_bytes()).is_value();
    let lacking = |cells: &[&str]| cells.iter().zip(&full).filter(|(c, full)| c.is_empty() && **full).count();
    let mut end = table.rows;
    for row in last.rev() {
        let cells = cells(row);
        let filled = cells.iter().filter(|c| !c.is_empty()).count();
        let values = cells.iter().filter(is_value).count();
        let lacks = lacking(&cells);
        let says_so = odd(row) || cells.iter().find(|c| !c.is_empty()).is_some_and(|c| is_word(c, &FIGURES));
        if says_so && values > 0 && lacks > 0 && filled < width {
            below.totals.insert(0, text(&cells));
        } else if filled == 1
            && values == 0
            && lacks + 1 >= width.div_ceil(2)
            && cells.iter().any(|c| look(c.as_bytes()) == Look::Text)
        {
            below.footer.insert(0, text(&cells));
        } else {
            break;
        }
        end = row;
    }
    let mut inside = Vec::new();
    for &row in candidates.iter().filter(|&&row| row < end) {
        let cells = cells(row);
        let Some(label) = cells.iter().position(|c| !c.is_empty()) else { continue };
        let mut others = cells[label + 1..].iter().filter(|c| !c.is_empty()).peekable();
        let numbers = others.peek().is_some() && others.all(|c| look(c.as_bytes()) == Look::Number);
        // A label in the first column stands where the id or date would.
        let lacks = lacking(&cells) + usize::from(label == 0 && full[0]);
        if numbers && lacks >= 2 && is_total(cells[label]) {
            below.rows.push(row);
            inside.push(text(&cells));
        }
    }
    below.rows.extend(end..table.rows);
    below.totals.splice(0..0, inside);
    below
}

/// Rows with a cell that says that it adds up others. Sorted.
fn rows_that_say_so(table: &Table) -> Vec<usize> {
    let mut rows = Vec::new();
    for column in &table.columns {
        let says: Vec<bool> = column.dict.iter().map(is_total).collect();
        if says.contains(&true) {
            rows.extend((0..table.rows).filter(|&row| says[column.codes[row] as usize]));
        }
    }
    rows.sort_unstable();
    rows.dedup();
    rows
}

/// Takes rows that were left out off the list of odd ones; the others keep their place. `removed` is sorted.
/// Returns how many went.
pub(in crate::intake) fn forget(rejects: &mut Vec<Reject>, removed: &[usize]) -> usize {
    let before = rejects.len();
    rejects.retain_mut(|reject| {
        let Some(row) = reject.row.as_mut() else { return true };
        match removed.binary_search(row) {
            Ok(_) => false,
            Err(above) => {
                *row -= above;
                true
            }
        }
    });
    before - rejects.len()
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
    is_word(cell, &TOTALS) || {
        // `Total 2011`, and `17850 Total` as Excel calls the total of a group.
        let cell = cell.trim();
        let starts = |word: &str| cell.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        let ends = |word: &str| {
            cell.len()
                .checked_sub(word.len())
                .and_then(|at| cell.get(at..))
                .is_some_and(|end| end.eq_ignore_ascii_case(word))
        };
        cell.len() < 40 && (starts("total ") || ends(" total") || ends(" ergebnis"))
    }
}

/// Whether a cell is one of some words, all in lower case, but for a colon or dot behind it.
fn is_word(cell: &str, words: &[&str]) -> bool {
    const LONGEST: usize = 24;
    let word = cell.trim().trim_end_matches([':', '.']).trim();
    // Most cells are too long or start with a digit, and need no copy.
    word.len() <= LONGEST
        && word.starts_with(|c: char| c.is_alphabetic())
        && words.contains(&word.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctx::Ctx;
    use crate::intake::InputReport;
    use crate::recipe::Input;

    fn read(text: &str) -> (Table, InputReport) {
        super::super::read(std::path::Path::new("x.csv"), text.into(), &Input::default(), &Ctx::silent()).unwrap()
    }

    fn orders(rows: std::ops::Range<usize>) -> String {
        rows.map(|i| format!("{},2011-03-{:02},{i},{i}.50\n", 100 + i % 7, i % 28 + 1)).collect()
    }

    #[test]
    fn totals_inside_a_table_are_left_out_and_named() {
        let head = "customer,date,order,amount\n";
        let text = format!(
            "{head}{}Subtotal,,,210.5\n{}104 Total,,,9\nGrand Total,,,999\n\nPrinted by admin on 01/02/2024\nPage 1 of 1",
            orders(0..20),
            orders(20..60)
        );
        let (table, report) = read(&text);
        assert_eq!(table.rows, 60);
        assert_eq!(report.totals, ["Subtotal 210.5", "104 Total 9", "Grand Total 999"]);
        assert_eq!(report.footer, ["Printed by admin on 01/02/2024", "Page 1 of 1"]);
        assert_eq!((report.rejected, report.ragged_rows, report.rejects.len()), (0, 0, 0));
        assert!(report.notes.iter().any(|n| n.starts_with("3 rows that only add up others were left out: Subtotal")));
    }

    #[test]
    fn rows_that_are_only_called_total_stay() {
        let head = "customer,date,order,amount\n";
        let text = format!("{head}{}Total,2011-03-04,7,5.50\n{}", orders(0..20), orders(20..60));
        assert_eq!(read(&text).0.rows, 61);
    }

    #[test]
    fn rejects_keep_their_rows() {
        let reject = |row| Reject { line: row + 2, row: Some(row), text: String::new(), reason: String::new() };
        let mut rejects = vec![reject(1), reject(4), reject(6)];
        assert_eq!(forget(&mut rejects, &[0, 4]), 1);
        assert_eq!(rejects.iter().map(|r| r.row).collect::<Vec<_>>(), [Some(0), Some(4)]);
    }
}
