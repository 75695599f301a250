//! The Data panel, by what a person sees: structure that can be overruled, columns, rows that do not fit.

#[path = "common/window.rs"]
mod window;

use std::path::{Path, PathBuf};

use egui_kittest::kittest::Queryable;
use quintile::app::{Command, Panel, Status};
use window::*;

/// The Data panel with a file open whose roles are found, or which failed before.
fn open(path: &Path) -> Test {
    let mut test = open_window([1600.0, 900.0]);
    let app = app(&mut test);
    app.open(path);
    app.view.panel = Panel::Data;
    app.view.explain = false;
    settled(&mut test, "the roles");
    test
}

/// Waits until roles are found, or something failed before.
fn settled(test: &mut Test, what: &str) {
    wait(test, what, |t| has_roles(t) || window(t).app.session.failure().is_some());
}

fn has_roles(test: &Test) -> bool {
    *window(test).app.session.roles.status() == Status::Ready
}

fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// Sales of forty customers over a year.
fn sales() -> String {
    let mut text = String::from("InvoiceNo,CustomerID,InvoiceDate,Amount,Note\n");
    for i in 0..400u32 {
        let (customer, month, day) = (500 + i * 7 % 40, 1 + i % 12, 1 + i % 28);
        text.push_str(&format!(
            "{},{customer},2024-{month:02}-{day:02},{}.50,note {}\n",
            1000 + i,
            5 + i * 13 % 97,
            i % 9
        ));
    }
    text
}

#[test]
fn the_structure_is_shown_and_another_delimiter_changes_the_preview() {
    let folder = tempfile::tempdir().unwrap();
    let mut test = open(&file(folder.path(), "sales.csv", &sales()));
    for chip in ["Format: CSV", "Encoding: utf-8", "Delimiter: comma", "Column names: line 1"] {
        assert!(shows(&test, chip), "{chip}");
    }
    // Heads and cells of the first rows.
    for text in ["InvoiceDate", "2024-01-01", "note 0"] {
        assert!(shows(&test, text), "{text}");
    }
    test.check_accessibility();
    click(&mut test, "Delimiter: comma");
    click(&mut test, "semicolon");
    settled(&mut test, "the other delimiter");
    assert_eq!(recipe(&test).input.delimiter, Some(';'));
    assert!(shows(&test, "Delimiter: semicolon"));
    assert!(shows(&test, "InvoiceNo,CustomerID,InvoiceDate,Amount,Note"), "a line is one cell now");
    // It is a decision like any other.
    press(&mut test, Command::Undo);
    settled(&mut test, "undo");
    assert!(shows(&test, "Delimiter: comma") && shows(&test, "InvoiceDate"));
}

#[test]
fn lines_above_the_table_are_stepped_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut test = open(&file(folder.path(), "sales.csv", &sales()));
    click(&mut test, "Column names: line 1");
    click(&mut test, "More: Lines above to leave out");
    assert_eq!(recipe(&test).input.skip_rows, Some(1));
    click(&mut test, "More: Lines above to leave out");
    let history = decisions(&test).0.len();
    assert_eq!(recipe(&test).input.skip_rows, Some(2));
    assert_eq!(history, 2, "a run of steps is one decision");
}

#[test]
fn a_column_gets_a_role_and_a_type_in_its_head() {
    let folder = tempfile::tempdir().unwrap();
    let mut test = open(&file(folder.path(), "sales.csv", &sales()));
    click(&mut test, "What Note is");
    click(&mut test, "Product");
    settled(&mut test, "the role");
    assert_eq!(recipe(&test).roles.product.as_deref(), Some("Note"));
    assert!(shows(&test, "Note is the product"));
    click(&mut test, "Type of Amount: number");
    click(&mut test, "Text");
    settled(&mut test, "the type");
    let steps = recipe(&test).clean.steps.clone();
    assert_eq!(steps.len(), 1);
    click(&mut test, "Type of Amount: → text");
    click(&mut test, "As found");
    assert!(recipe(&test).clean.steps.is_empty());
}

#[test]
fn hundreds_of_columns_are_drawn_only_where_one_looks() {
    let folder = tempfile::tempdir().unwrap();
    let names: Vec<String> = (0..700).map(|i| format!("column {i}")).collect();
    let mut text = names.join(",");
    for row in 0..300 {
        let cells: Vec<String> = (0..700).map(|i| format!("r{row}c{i}")).collect();
        text.push('\n');
        text.push_str(&cells.join(","));
    }
    let test = open(&file(folder.path(), "wide.csv", &text));
    assert!(shows(&test, "r0c0") && !shows(&test, "r0c300") && !shows(&test, "r200c0"));
    assert!(shows(&test, "Table with 300 rows"));
}

#[test]
fn a_file_that_cannot_be_read_says_what_and_offers_a_way_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.xlsx");
    std::fs::write(&path, b"PK\x03\x04 this is no workbook").unwrap();
    let mut test = open(&path);
    assert!(says(&test, "broken.xlsx"));
    for button in ["Open another file…", "Try again"] {
        assert!(shows(&test, button), "{button}");
    }
    test.check_accessibility();
    // Put right on disk, it opens.
    std::fs::write(&path, sales()).unwrap();
    click(&mut test, "Try again");
    wait(&mut test, "the file", has_roles);
    assert!(shows(&test, "InvoiceDate"));
}

#[test]
fn a_role_says_how_sure_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut test = open(&file(folder.path(), "sales.csv", &sales()));
    assert!(says(&test, "Sure: its name says so"));
    // What the user chose needs no confidence.
    decide(&mut test, "Choose the customer", |r| r.roles.customer_id = Some("CustomerID".into()));
    settled(&mut test, "the role");
    assert!(says(&test, "Chosen by you"));
}

#[test]
fn a_finding_shows_its_rows_and_selects_their_customers() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = sales();
    // Three rows twice, of customers 500, 507 and 514.
    let again: Vec<String> = text.lines().skip(1).take(3).map(str::to_string).collect();
    text.push_str(&format!("{}\n", again.join("\n")));
    let mut test = open(&file(folder.path(), "sales.csv", &text));
    done(&mut test);
    assert!(says(&test, "Show: Quality ("));
    let tab = test.query_all_by_label_contains("Show: Quality (").next().unwrap();
    tab.click();
    test.run_steps(4);
    test.check_accessibility();
    click(&mut test, "Show the rows: exact duplicates of an earlier row");
    assert!(says(&test, "Showing 3 of 403 rows: exact duplicates of an earlier row"));
    assert!(shows(&test, "Table with 3 rows"));
    click(&mut test, "Select 3 customers");
    let ids = findings(&test).rfm.customers.ids.clone();
    let selected: Vec<&str> = selected(&test).iter().map(|&c| ids[c as usize].as_str()).collect();
    assert_eq!(selected, ["500", "507", "514"]);
    click(&mut test, "Show all rows");
    assert!(shows(&test, "Table with 403 rows"));
}

#[test]
fn what_the_file_cannot_tell_is_asked_and_the_answer_is_a_decision() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = String::from("InvoiceNo,CustomerID,InvoiceDate,Amount\n");
    for i in 0..300u32 {
        text.push_str(&format!(
            "{},{},{}/{}/2023,{}.50\n",
            1000 + i,
            500 + i * 7 % 40,
            1 + i % 12,
            1 + i * 5 % 12,
            5 + i % 97
        ));
    }
    let mut test = open(&file(folder.path(), "sales.csv", &text));
    assert!(says(&test, "2/6/2023 in InvoiceDate: is it 2 June 2023 or 6 February 2023?"));
    assert!(says(&test, "values could be either. Read as month first until you decide."));
    test.check_accessibility();
    let day = |test: &Test| findings(test).clean.transactions.day.clone();
    done(&mut test);
    let before = day(&test);
    click(&mut test, "2 June 2023 (day first)");
    done(&mut test);
    assert!(!says(&test, "is it 2 June 2023"), "the question is answered");
    let after = day(&test);
    // Row 1 is 2/6/2023: days since 1970 of 6 February and of 2 June.
    assert_eq!((before[1], after[1]), (19394, 19510));
}

#[test]
fn rows_that_do_not_fit_are_listed_exported_and_looked_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<String> = sales().lines().map(str::to_string).collect();
    lines[200] = format!("{},one too many,and another", lines[200]);
    let mut test = open(&file(folder.path(), "sales.csv", &(lines.join("\n") + "\n")));
    let rejects = window(&test).app.session.intake.get().unwrap().reports[0].rejects.clone();
    assert_eq!(rejects.iter().map(|r| r.line).collect::<Vec<_>>(), [201]);
    click(&mut test, "Show: Rows that do not fit (1)");
    assert!(shows(&test, "201") && says(&test, "one too many,and another"));
    test.check_accessibility();
    let out = folder.path().join("rejects.csv");
    fill(&mut test, "File for the rows that do not fit", out.to_str().unwrap());
    click(&mut test, "Write");
    wait(&mut test, "the file", |t| window(t).app.exports_running == 0);
    let written = std::fs::read_to_string(&out).unwrap();
    let mut written = written.lines();
    assert_eq!(written.next(), Some("line,reason,text"));
    let row = written.next().unwrap();
    assert!(row.starts_with("201,") && row.ends_with("one too many,and another\""), "{row}");
    assert!(window(&test).app.written.is_empty(), "the Export panel lists what an analysis gave");
    // A click leads to what became of it.
    test.query_all_by_label_contains("one too many").next().unwrap().click();
    test.run_steps(4);
    assert!(shows(&test, "Table with 400 rows"));
}
