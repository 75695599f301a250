//! Workbooks of all kinds: the table found in the sheet, cells as other programs read them, refusals.

mod common;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use quintile::ctx::Ctx;
use quintile::error::Result;
use quintile::intake::{self, InputReport, IntakeOut, Table};
use quintile::recipe::{Input, Recipe};
use rust_xlsxwriter::{Format, Formula, Workbook};

fn read(path: &Path) -> Result<IntakeOut> {
    intake::read(&Recipe::for_file(path).input, &Ctx::silent())
}

fn with(path: &Path, change: impl FnOnce(&mut Input)) -> IntakeOut {
    let mut input = Recipe::for_file(path).input;
    change(&mut input);
    intake::read(&input, &Ctx::silent()).unwrap()
}

fn names(table: &Table) -> Vec<&str> {
    table.columns.iter().map(|c| c.name.as_str()).collect()
}

fn column<'a>(table: &'a Table, name: &str) -> Vec<&'a str> {
    let column = table.column(name).unwrap_or_else(|| panic!("no column {name:?} in {:?}", names(table)));
    (0..table.rows).map(|r| column.text(r)).collect()
}

fn row(table: &Table, row: usize) -> Vec<&str> {
    table.columns.iter().map(|c| c.text(row)).collect()
}

fn golden(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file)
}

/// One workbook in three formats; what stands in it is in `tests/golden/till.py`.
#[test]
fn a_till_report_reads_alike_in_every_format() {
    for extension in ["xlsx", "xls", "ods"] {
        let out = read(&golden(&format!("till/till.{extension}"))).unwrap();
        let (table, report) = (&out.table, &out.reports[0]);
        assert_eq!(report.format, extension);
        assert_eq!(
            names(table),
            ["Customer", "Day", "Time", "Money Net", "Money Gross", "Paid", "Share"],
            "{extension}"
        );
        assert_eq!(column(table, "Customer"), ["00017", "00018", "00017", "00020"], "{extension}");
        let days = ["2011-12-01 08:26:00", "2011-12-02", "2011-12-24 23:59:59", "2011-12-31"];
        assert_eq!(column(table, "Day"), days, "{extension}");
        assert_eq!(column(table, "Time"), ["08:26:00", "18:05:30", "00:00:01", "12:00:00"], "{extension}");
        assert_eq!(column(table, "Money Net"), ["10", "2.55", "17850", "0.1"], "{extension}");
        assert_eq!(column(table, "Money Gross"), ["20", "5.1", "35700", "0.2"], "{extension}");
        // 10 / (10 - 10) is an error; the others are what the formula gives.
        let share = column(table, "Share");
        assert_eq!(share[0], "");
        for (text, net) in share[1..].iter().zip([2.55, 17850.0, 0.1]) {
            assert!((text.parse::<f64>().unwrap() - net / (net - 10.0)).abs() < 1e-12, "{extension}: {text}");
        }
        assert_eq!(report.sheet.as_deref(), Some("Sales"));
        assert_eq!(report.sheets, ["Cover", "Lookup", "Sales"]);
        assert_eq!((report.header_rows, report.first_line), (2, 5));
        assert_eq!(report.preamble, ["Sales of December 2011", "Printed on | 2012-01-02"]);
        assert_eq!(report.footer, ["Prices in pounds, without postage."]);
        assert_eq!(report.totals, ["Total | 17862.65 | 35725.3"]);
        let told = out.warnings.join(" ");
        assert!(told.contains("1 × #DIV/0!") && told.contains("hidden sheet"), "{told}");
    }
}

#[test]
fn what_the_user_says_about_a_sheet_counts() {
    let path = golden("till/till.xlsx");
    let cover = with(&path, |input| input.sheet = Some("Cover".into()));
    assert_eq!(cover.reports[0].sheet.as_deref(), Some("Cover"));
    let hidden = with(&path, |input| input.sheet = Some("Lookup".into()));
    assert_eq!((hidden.table.rows, hidden.reports[0].header_rows), (50, 0));
    let totals = with(&path, |input| input.keep_totals = Some(true));
    assert_eq!(totals.table.rows, 5);
    assert_eq!(column(&totals.table, "Customer")[4], "Total");
    let skipped = with(&path, |input| (input.skip_rows, input.header) = (Some(6), Some(false)));
    assert_eq!(row(&skipped.table, 0)[..2], ["00017", "2011-12-01 08:26:00"]);
    let one = with(&path, |input| (input.skip_rows, input.header_rows) = (Some(5), Some(1)));
    assert!(names(&one.table).contains(&"Gross"), "{:?}", names(&one.table));
    let mut input = Recipe::for_file(&path).input;
    input.sheet = Some("Nowhere".into());
    let text = intake::read(&input, &Ctx::silent()).unwrap_err().to_string();
    assert!(text.contains("no sheet \"Nowhere\"") && text.contains("Cover, Lookup, Sales"), "{text}");
}

/// Writes a workbook with the given sheets.
fn write(folder: &Path, sheets: &[(&str, &[&[&str]])]) -> PathBuf {
    let mut book = Workbook::new();
    for (name, rows) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (r, row) in rows.iter().enumerate() {
            for (c, text) in row.iter().enumerate().filter(|(_, t)| !t.is_empty()) {
                match text.parse::<f64>() {
                    Ok(number) => sheet.write_number(r as u32, c as u16, number).unwrap(),
                    Err(_) => sheet.write_string(r as u32, c as u16, *text).unwrap(),
                };
            }
        }
    }
    let path = folder.join("book.xlsx");
    book.save(&path).unwrap();
    path
}

fn only_report(out: &IntakeOut) -> &InputReport {
    assert_eq!(out.reports.len(), 1);
    &out.reports[0]
}

#[test]
fn a_plain_sheet_loses_nothing() {
    let root = tempfile::tempdir().unwrap();
    // Repeated values, empty cells, a last row with few cells, a customer called Total: all of it is data.
    let rows: [&[&str]; 6] = [
        &["customer", "town", "n"],
        &["Ann", "Ulm", "1"],
        &["Ann", "Ulm", "1"],
        &["Bob", "", "2"],
        &["Total", "Rome", "5"],
        &["Zoe", "", ""],
    ];
    let out = read(&write(root.path(), &[("Data", &rows)])).unwrap();
    assert_eq!(out.table.rows, 5);
    assert_eq!(column(&out.table, "customer"), ["Ann", "Ann", "Bob", "Total", "Zoe"]);
    let report = only_report(&out);
    assert!(
        report.preamble.is_empty() && report.footer.is_empty() && report.totals.is_empty() && report.notes.is_empty()
    );
    let without: [&[&str]; 3] = [&["1", "a", "2.5"], &["2", "b", "3.5"], &["3", "c", "4"]];
    let out = read(&write(root.path(), &[("Data", &without)])).unwrap();
    assert_eq!(
        (out.table.rows, only_report(&out).header, names(&out.table)),
        (3, false, vec!["column_1", "column_2", "column_3"])
    );
}

#[test]
fn the_largest_of_several_tables_is_read_and_the_others_are_named() {
    let root = tempfile::tempdir().unwrap();
    let rows: [&[&str]; 12] = [
        &["id", "day", "amount", "", "Region", "Manager"],
        &["1", "2011-01-01", "5", "", "North", "Ann"],
        &["2", "2011-01-02", "6", "", "South", "Bob"],
        &["3", "2011-01-03", "7"],
        &["4", "2011-01-04", "8"],
        &["5", "2011-01-05", "9"],
        &["6", "2011-01-06", "9"],
        &[],
        &["shop", "rent"],
        &["Ulm", "100"],
        &["Bonn", "200"],
        &["Kiel", "300"],
    ];
    let out = read(&write(root.path(), &[("Data", &rows)])).unwrap();
    assert_eq!(names(&out.table), ["id", "day", "amount"]);
    assert_eq!(column(&out.table, "id"), ["1", "2", "3", "4", "5", "6"]);
    let notes = only_report(&out).notes.join(" ");
    assert!(notes.contains("rows 9 to 12") && notes.contains("Columns E to F"), "{notes}");
    assert!(only_report(&out).footer.iter().any(|l| l == "Kiel | 300"));
}

#[test]
fn a_spacer_column_and_blank_rows_do_not_cut_a_table() {
    let root = tempfile::tempdir().unwrap();
    let rows: [&[&str]; 6] = [
        &["", "id", "day", "", "amount"],
        &["", "1", "2011-01-01", "", "5"],
        &[],
        &["", "2", "2011-01-02", "", "6"],
        &["", "id", "day", "", "amount"],
        &["", "3", "2011-01-03", "", "8"],
    ];
    let out = read(&write(root.path(), &[("Data", &rows)])).unwrap();
    assert_eq!(names(&out.table), ["id", "day", "amount"]);
    assert_eq!(column(&out.table, "amount"), ["5", "6", "8"]);
    let notes = only_report(&out).notes.join(" ");
    assert!(notes.contains("1 blank row") && notes.contains("column names again"), "{notes}");
}

#[test]
fn a_sheet_per_month_is_one_table_and_other_measures_are_not() {
    let root = tempfile::tempdir().unwrap();
    let (jan, feb): ([&[&str]; 3], [&[&str]; 3]) =
        ([&["id", "amount"], &["1", "5"], &["2", "6"]], [&["ID", "Amount"], &["1", "7"], &["3", "8"]]);
    let out = read(&write(root.path(), &[("Jan 2011", &jan), ("Feb 2011", &feb)])).unwrap();
    assert_eq!(column(&out.table, "id"), ["1", "2", "1", "3"]);
    assert_eq!(column(&out.table, "amount"), ["5", "6", "7", "8"]);
    assert_eq!((only_report(&out).rows, only_report(&out).columns), (4, 2));
    let out = read(&write(root.path(), &[("Plan", &jan), ("Actual", &feb)])).unwrap();
    assert_eq!(column(&out.table, "amount"), ["5", "6"]);
    assert!(only_report(&out).notes.join(" ").contains("same columns"));
    let out = read(&write(root.path(), &[("Jan", &jan), ("Jan (2)", &jan)])).unwrap();
    assert_eq!(out.table.rows, 2);
    assert!(only_report(&out).notes.join(" ").contains("as a copy does"));
}

#[test]
fn merged_labels_booleans_and_cached_errors() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("merged.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let plain = Format::new();
    sheet.merge_range(0, 0, 0, 3, "Costs of 2011", &plain).unwrap();
    sheet.merge_range(1, 0, 2, 0, "Customer", &plain).unwrap();
    sheet.merge_range(1, 1, 1, 2, "Travel", &plain).unwrap();
    sheet.write(1, 3, "Food").unwrap();
    for (c, text) in [(1, "Air"), (2, "Hotel"), (3, "Lunch")] {
        sheet.write(2, c, text).unwrap();
    }
    for r in 3..8u32 {
        sheet.write(r, 0, format!("C{r}")).unwrap();
        sheet.write(r, 1, r).unwrap();
        sheet.write(r, 2, r % 2 == 0).unwrap();
        sheet.write_formula(r, 3, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    }
    sheet.merge_range(8, 0, 9, 0, "C8", &plain).unwrap();
    sheet.write(8, 1, 1).unwrap();
    sheet.write(9, 1, 2).unwrap();
    book.save(&path).unwrap();
    let out = read(&path).unwrap();
    assert_eq!(names(&out.table), ["Customer", "Travel Air", "Travel Hotel", "Food Lunch"]);
    assert_eq!(row(&out.table, 0), ["C3", "3", "FALSE", ""]);
    assert_eq!(column(&out.table, "Customer"), ["C3", "C4", "C5", "C6", "C7", "C8", ""]);
    let report = only_report(&out);
    assert_eq!(report.preamble, ["Costs of 2011"]);
    let notes = report.notes.join(" ");
    assert!(notes.contains("1 group of data cells is merged") && notes.contains("5 × #DIV/0!"), "{notes}");
}

/// Cells scattered to the corners of a sheet must cost neither minutes nor gigabytes.
#[test]
fn far_corners_are_no_danger() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join("corners.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for c in (0..16_384u16).step_by(16) {
        sheet.write(0, c, "x").unwrap();
        sheet.write(1_048_575, c, 1).unwrap();
    }
    book.save(&path).unwrap();
    let start = Instant::now();
    if let Err(error) = read(&path) {
        assert!(error.to_string().contains("scattered"), "{error}");
    }
    assert!(start.elapsed() < Duration::from_secs(60));
}

/// The cells as openpyxl reads them; see `tests/golden/workbooks.py`.
#[test]
fn cells_are_those_that_openpyxl_reads() {
    let Some(folder) = common::shared("messy/workbooks") else { return };
    let text = std::fs::read_to_string(golden("workbooks.json")).unwrap();
    let expected: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    assert!(expected.len() >= 6);
    for (file, expected) in &expected {
        let out = read(&folder.join(file)).unwrap();
        let texts = |v: &serde_json::Value| -> Vec<String> {
            v.as_array()
                .unwrap()
                .iter()
                .map(|t| t.as_str().unwrap().split_whitespace().collect::<Vec<_>>().join(" "))
                .collect()
        };
        assert_eq!(names(&out.table), texts(&expected["names"]), "{file}");
        assert_eq!(out.table.rows as u64, expected["height"].as_u64().unwrap(), "{file}");
        let rows = expected["rows"].as_array().unwrap();
        for (i, cells) in rows.iter().enumerate() {
            let at = if i + 1 == rows.len() { out.table.rows - 1 } else { i };
            let found: Vec<String> =
                row(&out.table, at).iter().map(|t| t.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
            assert_eq!(found, texts(cells), "{file}, row {at}");
        }
    }
}

/// No panic, no hang; every refusal says what is wrong and what to do.
#[test]
fn every_messy_workbook_is_read_or_refused_in_words() {
    let Some(folder) = common::shared("messy/workbooks") else { return };
    let mut read_well = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".md") {
            continue;
        }
        let start = Instant::now();
        match read(&path) {
            Ok(out) => {
                read_well += 1;
                assert_eq!(out.table.columns.len(), out.reports[0].columns, "{name}");
                assert!(out.table.columns.iter().all(|c| c.codes.len() == out.table.rows), "{name}");
                assert!(out.reports[0].sheet.is_some(), "{name}");
            }
            Err(error) => {
                let text = error.to_string();
                assert!(text.contains(';') && !text.contains("panic"), "{name}: {text}");
            }
        }
        assert!(start.elapsed() < Duration::from_secs(5), "{name} took {:?}", start.elapsed());
        if name == "pass_protected.xlsx" {
            assert!(read(&path).unwrap_err().to_string().contains("protected by a password; save a copy"));
        }
    }
    assert!(read_well > 50, "{read_well}");
}

#[test]
fn dates_since_1904_are_the_same_days() {
    let Some(folder) = common::shared("messy/workbooks") else { return };
    let days = |file: &str| {
        let out = read(&folder.join(file)).unwrap();
        column(&out.table, &out.table.columns[0].name).into_iter().map(str::to_string).collect::<Vec<_>>()
    };
    // calamine's own tests say the same of these two files.
    assert_eq!(days("date.xls"), ["2021-01-01", "2021-01-02", "255:10:10"]);
    assert_eq!(days("date_1904.xls"), days("date.xls"));
}

/// The same sales as a workbook and as text.
#[test]
fn the_retail_workbook_holds_what_its_text_holds() {
    let (Some(book), Some(text)) =
        (common::shared("online_retail/Online Retail.xlsx"), common::shared("online_retail/OnlineRetail.csv"))
    else {
        return;
    };
    let (book, text) = (read(&book).unwrap().table, read(&text).unwrap().table);
    assert_eq!((book.rows, names(&book)), (541_909, names(&text)));
    for name in ["InvoiceNo", "StockCode", "Quantity", "CustomerID", "Country"] {
        let (a, b) = (book.column(name).unwrap(), text.column(name).unwrap());
        let differs = (0..book.rows).filter(|&r| a.text(r).trim() != b.text(r).trim()).take(5);
        let examples: Vec<_> = differs.map(|r| (r, a.text(r), b.text(r))).collect();
        assert!(examples.is_empty(), "{name}: {examples:?}");
    }
    let price = |t: &Table, r: usize| t.column("UnitPrice").unwrap().text(r).parse::<f64>().unwrap();
    assert!((0..book.rows).all(|r| price(&book, r) == price(&text, r)));
}

/// Damage anywhere in a workbook ends in words or in a table, never in a panic.
#[test]
fn damaged_workbooks_are_refused_in_words() {
    let root = tempfile::tempdir().unwrap();
    for extension in ["xlsx", "xls", "ods"] {
        let whole = std::fs::read(golden(&format!("till/till.{extension}"))).unwrap();
        let path = root.path().join(format!("damaged.{extension}"));
        for i in 0..60 {
            let mut bytes = whole.clone();
            if i % 2 == 0 {
                bytes.truncate(whole.len() * (i + 1) / 61);
            } else {
                let at = whole.len() * i / 61;
                bytes[at..(at + 16).min(whole.len())].fill(i as u8);
            }
            std::fs::write(&path, &bytes).unwrap();
            if let Err(error) = read(&path) {
                assert!(error.to_string().starts_with("cannot read"), "{error}");
            }
        }
    }
}
