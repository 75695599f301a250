//! A small table made by hand.

use quintile::intake::dates::DateStyle;
use quintile::intake::kind::ColumnKind;
use quintile::intake::{Column, Dict, Table};

/// Three rows with every type of column, missing cells, and a cell that is not of its column's type.
pub fn table() -> Table {
    let date = |time| ColumnKind::Date { style: DateStyle::YearFirst, time, ambiguous: false };
    let columns = vec![
        column("id", ColumnKind::Text, ["007", "", "008"]),
        column("day", date(false), ["2011-12-09", "2011-12-10", ""]),
        column("at", date(true), ["2011-12-09 08:26", "2011-12-09 08:26", ""]),
        column("n", ColumnKind::number(true), ["3", "-2", ""]),
        column("price", ColumnKind::number(false), ["1.50", "1.2e3", "n/a"]),
        column("note", ColumnKind::Text, ["a,b", "=1+1", ""]),
    ];
    Table { columns, rows: 3 }
}

/// A column of three cells.
pub fn column(name: &str, kind: ColumnKind, cells: [&str; 3]) -> Column {
    let mut dict = Dict::default();
    let mut counts = vec![0];
    let codes = cells
        .iter()
        .map(|cell| {
            let known = (0..dict.len() as u32).find(|&code| dict.get(code) == *cell);
            let code = known.unwrap_or_else(|| {
                counts.push(0);
                dict.push(cell)
            });
            counts[code as usize] += 1;
            code
        })
        .collect();
    Column { name: name.into(), dict, codes, counts, kind }
}
