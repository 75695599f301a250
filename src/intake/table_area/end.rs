//! Where a table ends: totals and notes below it.

use super::{Line, fold, is_value};

/// What the rules about the end of a table have to know of its rows.
pub(in crate::intake) struct Body<'a> {
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
pub(in crate::intake) struct End {
    /// Lines from here on are no data; an index into the lines given.
    pub data: usize,
    /// Which of them are totals; the others are notes.
    pub totals: Vec<usize>,
}

/// Sorts the last rows of a sheet into data, totals and notes. `after_blank` says whether blank rows stand directly
/// above a line.
pub(in crate::intake) fn find_end(lines: &[Line], body: &Body, after_blank: impl Fn(usize) -> bool) -> End {
    let mut data = lines.len();
    while data > 0 && is_note(lines, data - 1, body, &after_blank) {
        data -= 1;
    }
    let mut totals = Vec::new();
    // A grand total stands below the totals of its parts; each adds up what is above it.
    while data > 0 && totals.len() < 3 && is_total(&lines[data - 1], body) {
        data -= 1;
        totals.insert(0, data);
    }
    End { data, totals }
}

/// A note fills a cell or two of a wide table, with words, and stands apart or where values should be.
fn is_note(lines: &[Line], i: usize, body: &Body, after_blank: &impl Fn(usize) -> bool) -> bool {
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
    let misplaced =
        body.values.get(column).copied().unwrap_or(true) || body.filled.get(column).is_none_or(|&f| f < 0.5);
    let lower = text.to_lowercase();
    let marked = text.starts_with('*')
        || text.contains(": ")
        || [
            "note",
            "source",
            "quelle",
            "hinweis",
            "generated",
            "printed",
            "page ",
            "stand",
            "©",
            "(c)",
            "erstellt",
            "fuente",
            "disclaimer",
            "end of",
        ]
        .iter()
        .any(|w| lower.starts_with(w));
    // With the rows directly above it that fill as little, it stands below a blank row.
    let apart = (0..=i).rev().take_while(|&j| lines[j].fill() <= few).any(after_blank);
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
    "total",
    "totals",
    "grand total",
    "sub total",
    "subtotal",
    "overall total",
    "sum",
    "sums",
    "overall",
    "summe",
    "gesamt",
    "gesamtsumme",
    "gesamtergebnis",
    "insgesamt",
    "zwischensumme",
    "totale",
    "totale generale",
    "somme",
    "total general",
    "suma",
    "suma total",
    "totaal",
    "razem",
    "totalt",
    "toplam",
    "итого",
    "всего",
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
        let (Ok(shown), Some(sum)) = (text.replace(',', "").parse::<f64>(), (body.sum)(column, line.row)) else {
            continue;
        };
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

#[cfg(test)]
mod tests {
    use super::super::tests::lines;
    use super::*;

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
        assert_eq!(
            end(&[a, b, &["Total", "", "11.25"], &["Source: shop", "", ""]], &[3]),
            End { data: 2, totals: vec![2] }
        );
        assert_eq!(end(&[a, b, &["exported by the till", "", ""]], &[2]), End { data: 2, totals: vec![] });
    }

    #[test]
    fn rows_that_only_look_like_totals_stay() {
        let (a, b): (&[&str], &[&str]) = (&["1", "x", "5.25"], &["2", "y", "6"]);
        assert_eq!(end(&[a, b, &["3", "Total Wine", "9"]], &[]).data, 3);
        assert_eq!(end(&[a, b, &["7", "Sum", "9"]], &[]).data, 3);
        assert_eq!(end(&[a, b, &["3", "", ""]], &[]).data, 3);
        assert_eq!(end(&[a, b, &["", "z", ""], &["exported by the till", "", ""]], &[3]).data, 3);
    }
}
