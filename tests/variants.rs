//! The same invoice rows written nine ways: each is read, with no option given, to the rows of the truth file.

mod common;

use std::path::Path;

use chrono::NaiveDateTime;
use common::{fields, shared};
use quintile::clean::clean;
use quintile::ctx::Ctx;
use quintile::intake::kind::ColumnKind;
use quintile::intake::{self, Role, dates};
use quintile::recipe::Recipe;

/// Customer (empty for none), seconds since 1970-01-01, amount.
type Row = (String, i64, f64);

const ROWS: usize = 26_701;

/// The rows of the truth file, read by the means of this test alone.
fn truth() -> Option<Vec<Row>> {
    let text = std::fs::read_to_string(shared("messy/variants/00_truth_utf8.csv")?).unwrap();
    let mut rows = Vec::new();
    for line in text.lines().skip(1) {
        let fields = fields(line);
        assert_eq!(fields.len(), 8, "{line}");
        let at = NaiveDateTime::parse_from_str(&fields[4], "%Y-%m-%d %H:%M:%S").unwrap().and_utc().timestamp();
        let amount = fields[3].parse::<f64>().unwrap() * fields[5].parse::<f64>().unwrap();
        rows.push((fields[6].clone(), at, amount));
    }
    assert_eq!(rows.len(), ROWS);
    Some(rows)
}

/// The rows of a file as intake reads them, with nothing given but the path.
fn read(path: &Path) -> Vec<Row> {
    let ctx = Ctx::silent();
    let recipe = Recipe::for_file(path);
    let read = intake::read(&recipe.input, &ctx).unwrap();
    let roles = intake::roles::find(&read.table, &recipe.roles, &ctx).unwrap();
    let column = |role: Role| {
        let name = roles.column(role).unwrap_or_else(|| panic!("{} has no {}", path.display(), role.name()));
        read.table.column(name).unwrap()
    };
    let (customer, date) = (column(Role::CustomerId), column(Role::Date));
    let (quantity, price) = (column(Role::Quantity), column(Role::UnitPrice));
    let ColumnKind::Date { style, .. } = &date.kind else { panic!("{} has no dates", path.display()) };
    let number = |column: &intake::Column, row| column.number(column.text(row)).unwrap_or(f64::NAN);
    let row = |row: usize| {
        let at = dates::parse(date.text(row), style).unwrap_or(i64::MIN);
        (customer.text(row).to_string(), at, number(quantity, row) * number(price, row))
    };
    let rows: Vec<Row> = (0..read.table.rows).map(row).collect();
    // What goes on to be counted is the same.
    let cleaned = clean(&read.table, &roles, &recipe.clean, None, &ctx).unwrap();
    let step = |id: &str| cleaned.funnel.iter().find(|s| s.id == id).unwrap_or_else(|| panic!("no step {id}")).rows;
    assert_eq!(step(&cleaned.funnel[0].id.clone()), rows.len());
    assert_eq!(cleaned.transactions.customers.len(), {
        let mut ids: Vec<&str> = rows.iter().filter(|r| !r.0.is_empty()).map(|r| r.0.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    });
    rows
}

/// Rows of a variant that differ from the truth in customer, moment or amount.
fn differences(name: &str) -> Option<[usize; 3]> {
    let truth = truth()?;
    let rows = read(&shared("messy/variants")?.join(name));
    assert_eq!(rows.len(), truth.len(), "{name}");
    let mut out = [0; 3];
    for (read, truth) in rows.iter().zip(&truth) {
        out[0] += usize::from(read.0 != truth.0);
        out[1] += usize::from(read.1 != truth.1);
        out[2] += usize::from((read.2 - truth.2).abs() > 1e-9 || read.2.is_nan());
    }
    Some(out)
}

/// One test per file, so that each says by itself whether it is read right.
macro_rules! variants {
    ($($test:ident: $file:literal, $differences:expr;)*) => {$(
        #[test]
        fn $test() {
            if let Some(found) = differences($file) {
                assert_eq!(found, $differences, "rows with another customer, moment, amount");
            }
        }
    )*};
}

variants! {
    the_truth_itself: "00_truth_utf8.csv", [0, 0, 0];
    semicolons_decimal_commas_day_first: "01_semicolon_decimalcomma_dmy_cp1252_crlf.csv", [0, 0, 0];
    a_byte_order_mark: "03_utf8_bom_comma.csv", [0, 0, 0];
    currency_thousands_and_a_12_hour_clock: "05_currency_thousands_parens_12h.csv", [0, 0, 0];
    // 275 rows end before the customer; 162 of them had one (counted with pandas).
    ragged_rows: "07_ragged_rows.csv", [162, 0, 0];
    quoted_newlines: "09_quoted_newlines.csv", [0, 0, 0];
    dates_as_a_spreadsheet_counts_them: "11_excel_serial_dates.csv", [0, 0, 0];
    no_header: "13_no_header.csv", [0, 0, 0];
    single_quotes: "15_single_quote_char.csv", [0, 0, 0];
    accented_french_headers: "17_accented_headers_utf8.csv", [0, 0, 0];
}
