//! A table of customers as it is shown: the columns and the order that somebody chose.

use std::io::{self, Write};

use super::csv::CsvWriter;
use crate::explore::customers::{CustomerColumn, CustomerSheet, Values};
use crate::recipe::CsvFor;

/// Writes the customers at `places` in this order, one column per entry of `columns`, as CSV for `whom`. Numbers have the fewest
/// digits that read back exactly; what is not known is empty.
pub fn write_shown(
    sheet: &CustomerSheet,
    columns: &[CustomerColumn],
    places: &[u32],
    whom: CsvFor,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut csv = CsvWriter::for_whom(out, whom);
    let columns: Vec<(&CustomerColumn, Values)> =
        columns.iter().filter_map(|c| Some((c, Values::of(sheet, c)?))).collect();
    columns.iter().for_each(|(column, _)| csv.text(&column.file_name()));
    csv.end()?;
    for &place in places {
        for (_, values) in &columns {
            match values {
                Values::Numbers(numbers) => csv.number(numbers[place as usize]),
                Values::Texts(ids) => csv.id(&ids[place as usize]),
                named => csv.text(&named.text(place as usize)),
            }
        }
        csv.end()?;
    }
    csv.finish()
}

/// The same as lines of cells with tabs between them, as spreadsheets paste them.
pub fn customers_as_tsv(sheet: &CustomerSheet, columns: &[CustomerColumn], places: &[u32]) -> String {
    let columns: Vec<(&CustomerColumn, Values)> =
        columns.iter().filter_map(|c| Some((c, Values::of(sheet, c)?))).collect();
    let head: Vec<String> = columns.iter().map(|(column, _)| column.label(sheet)).collect();
    let mut out = head.join("\t");
    for &place in places {
        for (i, (_, values)) in columns.iter().enumerate() {
            out.push(if i == 0 { '\n' } else { '\t' });
            match values {
                Values::Numbers(numbers) if numbers[place as usize].is_finite() => {
                    out.push_str(&(numbers[place as usize] + 0.0).to_string());
                }
                Values::Numbers(_) => {}
                named => out.extend(named.text(place as usize).chars().map(|c| if c.is_control() { ' ' } else { c })),
            }
        }
    }
    out.push('\n');
    out
}
