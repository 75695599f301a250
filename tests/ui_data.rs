//! The Data panel, by what a person sees: structure that can be overruled, columns, rows that do not fit.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use quintile::app::{Action, Command, Panel, Status};
use quintile::recipe::Recipe;
use quintile::ui::Window;

type Test = Harness<'static, Option<Window>>;

fn open(path: &Path) -> Test {
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test =
        Harness::builder().with_size(egui::vec2(1600.0, 900.0)).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    app(&mut test).open(path);
    app(&mut test).view.panel = Panel::Data;
    app(&mut test).view.explain = false;
    wait(&mut test, "the roles", settled);
    test
}

fn app(test: &mut Test) -> &mut quintile::app::App {
    &mut test.state_mut().as_mut().expect("made in the first frame").app
}

/// Roles are found, or something failed before.
fn settled(w: &Window) -> bool {
    *w.app.session.roles.status() == Status::Ready || w.app.session.failure().is_some()
}

fn wait(test: &mut Test, what: &str, done: impl Fn(&Window) -> bool) {
    let start = Instant::now();
    while !done(test.state().as_ref().expect("made in the first frame")) {
        assert!(start.elapsed() < Duration::from_secs(60), "waiting for {what}");
        test.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    test.run_steps(4);
}

/// The recipe changed, as a panel asks for it.
fn decision(test: &Test, change: impl FnOnce(&mut Recipe)) -> Action {
    let window = test.state().as_ref().expect("made in the first frame");
    let mut recipe = Box::new(Recipe::clone(window.app.session.recipe().expect("a file is open")));
    change(&mut recipe);
    Action::Decide { label: "a test".into(), recipe, merge: false }
}

fn click(test: &mut Test, label: &str) {
    test.get_by_label(label).click();
    test.run_steps(4);
}

/// For words that stand elsewhere as well.
fn press(test: &mut Test, label: &str) {
    test.get_by_role_and_label(egui::accesskit::Role::Button, label).click();
    test.run_steps(4);
}

fn shown(test: &Test, label: &str) -> bool {
    test.query_all_by_label(label).next().is_some()
}

fn contains(test: &Test, label: &str) -> bool {
    test.query_all_by_label_contains(label).next().is_some()
}

fn write(folder: &Path, name: &str, text: &str) -> PathBuf {
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
    let mut test = open(&write(folder.path(), "sales.csv", &sales()));
    for chip in ["Format: CSV", "Encoding: utf-8", "Delimiter: comma", "Column names: line 1"] {
        assert!(shown(&test, chip), "{chip}");
    }
    // Heads and cells of the first rows.
    for text in ["InvoiceDate", "2024-01-01", "note 0"] {
        assert!(shown(&test, text), "{text}");
    }
    test.check_accessibility();
    click(&mut test, "Delimiter: comma");
    click(&mut test, "semicolon");
    wait(&mut test, "the other delimiter", settled);
    assert_eq!(app(&mut test).session.recipe().unwrap().input.delimiter, Some(';'));
    assert!(shown(&test, "Delimiter: semicolon"));
    assert!(shown(&test, "InvoiceNo,CustomerID,InvoiceDate,Amount,Note"), "a line is one cell now");
    // It is a decision like any other.
    app(&mut test).apply(Action::Command(Command::Undo));
    wait(&mut test, "undo", settled);
    assert!(shown(&test, "Delimiter: comma") && shown(&test, "InvoiceDate"));
}

#[test]
fn lines_above_the_table_are_stepped_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut test = open(&write(folder.path(), "sales.csv", &sales()));
    click(&mut test, "Column names: line 1");
    click(&mut test, "More: Lines above to leave out");
    assert_eq!(app(&mut test).session.recipe().unwrap().input.skip_rows, Some(1));
    click(&mut test, "More: Lines above to leave out");
    let history = app(&mut test).session.history().unwrap().entries().0.len();
    assert_eq!(app(&mut test).session.recipe().unwrap().input.skip_rows, Some(2));
    assert_eq!(history, 2, "a run of steps is one decision");
}

#[test]
fn a_column_gets_a_role_and_a_type_in_its_head() {
    let folder = tempfile::tempdir().unwrap();
    let mut test = open(&write(folder.path(), "sales.csv", &sales()));
    click(&mut test, "What Note is");
    press(&mut test, "Product");
    wait(&mut test, "the role", settled);
    assert_eq!(app(&mut test).session.recipe().unwrap().roles.product.as_deref(), Some("Note"));
    assert!(shown(&test, "Note is the product"));
    click(&mut test, "Type of Amount: number");
    press(&mut test, "Text");
    wait(&mut test, "the type", settled);
    let steps = app(&mut test).session.recipe().unwrap().clean.steps.clone();
    assert_eq!(steps.len(), 1);
    click(&mut test, "Type of Amount: → text");
    press(&mut test, "As found");
    assert!(app(&mut test).session.recipe().unwrap().clean.steps.is_empty());
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
    let test = open(&write(folder.path(), "wide.csv", &text));
    assert!(shown(&test, "r0c0") && !shown(&test, "r0c300") && !shown(&test, "r200c0"));
    assert!(shown(&test, "Table with 300 rows"));
}

#[test]
fn a_file_that_cannot_be_read_says_what_and_offers_a_way_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.xlsx");
    std::fs::write(&path, b"PK\x03\x04 this is no workbook").unwrap();
    let mut test = open(&path);
    assert!(contains(&test, "broken.xlsx"));
    for button in ["Open another file…", "Try again"] {
        assert!(shown(&test, button), "{button}");
    }
    test.check_accessibility();
    // Put right on disk, it opens.
    std::fs::write(&path, sales()).unwrap();
    click(&mut test, "Try again");
    wait(&mut test, "the file", |w| *w.app.session.roles.status() == Status::Ready);
    assert!(shown(&test, "InvoiceDate"));
}

#[test]
fn a_role_says_how_sure_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut test = open(&write(folder.path(), "sales.csv", &sales()));
    assert!(contains(&test, "Sure: its name says so"));
    // What the user chose needs no confidence.
    let chosen = decision(&test, |r| r.roles.customer_id = Some("CustomerID".into()));
    app(&mut test).apply(chosen);
    wait(&mut test, "the role", settled);
    assert!(contains(&test, "Chosen by you"));
}

#[test]
fn a_finding_shows_its_rows_and_selects_their_customers() {
    let folder = tempfile::tempdir().unwrap();
    let mut text = sales();
    // Three rows twice, of customers 500, 507 and 514.
    let again: Vec<String> = text.lines().skip(1).take(3).map(str::to_string).collect();
    text.push_str(&format!("{}\n", again.join("\n")));
    let mut test = open(&write(folder.path(), "sales.csv", &text));
    wait(&mut test, "the analysis", |w| w.app.session.findings().is_some());
    assert!(contains(&test, "Show: Quality ("));
    let tab = test.query_all_by_label_contains("Show: Quality (").next().unwrap();
    tab.click();
    test.run_steps(4);
    test.check_accessibility();
    click(&mut test, "Show the rows: exact duplicates of an earlier row");
    assert!(contains(&test, "Showing 3 of 403 rows: exact duplicates of an earlier row"));
    assert!(shown(&test, "Table with 3 rows"));
    click(&mut test, "Select 3 customers");
    let ids = app(&mut test).session.rfm.get().unwrap().customers.ids.clone();
    let selected = app(&mut test).selection.clone();
    let selected: Vec<&str> = selected.customers.iter().map(|&c| ids[c as usize].as_str()).collect();
    assert_eq!(selected, ["500", "507", "514"]);
    click(&mut test, "Show all rows");
    assert!(shown(&test, "Table with 403 rows"));
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
    let mut test = open(&write(folder.path(), "sales.csv", &text));
    assert!(contains(&test, "2/6/2023 in InvoiceDate: is it 2 June 2023 or 6 February 2023?"));
    assert!(contains(&test, "values could be either. Read as month first until you decide."));
    test.check_accessibility();
    let day = |test: &mut Test| app(test).session.findings().unwrap().clean.transactions.day.clone();
    wait(&mut test, "the analysis", |w| w.app.session.findings().is_some());
    let before = day(&mut test);
    click(&mut test, "2 June 2023 (day first)");
    wait(&mut test, "the other order", |w| w.app.session.findings().is_some());
    assert!(!contains(&test, "is it 2 June 2023"), "the question is answered");
    let after = day(&mut test);
    // Row 1 is 2/6/2023: days since 1970 of 6 February and of 2 June.
    assert_eq!((before[1], after[1]), (19394, 19510));
}

#[test]
fn rows_that_do_not_fit_are_listed_exported_and_looked_up() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines: Vec<String> = sales().lines().map(str::to_string).collect();
    lines[200] = format!("{},one too many,and another", lines[200]);
    let mut test = open(&write(folder.path(), "sales.csv", &(lines.join("\n") + "\n")));
    let rejects = app(&mut test).session.intake.get().unwrap().reports[0].rejects.clone();
    assert_eq!(rejects.iter().map(|r| r.line).collect::<Vec<_>>(), [201]);
    click(&mut test, "Show: Rows that do not fit (1)");
    assert!(shown(&test, "201") && contains(&test, "one too many,and another"));
    test.check_accessibility();
    let out = folder.path().join("rejects.csv");
    test.get_by_label("File for the rows that do not fit").focus();
    test.run_steps(2);
    test.get_by_label("File for the rows that do not fit").type_text(out.to_str().unwrap());
    test.run_steps(2);
    click(&mut test, "Write");
    wait(&mut test, "the file", |w| w.app.exports_running == 0);
    let written = std::fs::read_to_string(&out).unwrap();
    let mut written = written.lines();
    assert_eq!(written.next(), Some("line,reason,text"));
    let row = written.next().unwrap();
    assert!(row.starts_with("201,") && row.ends_with("one too many,and another\""), "{row}");
    assert!(app(&mut test).written.is_empty(), "the Export panel lists what an analysis gave");
    // A click leads to what became of it.
    test.query_all_by_label_contains("one too many").next().unwrap().click();
    test.run_steps(4);
    assert!(shown(&test, "Table with 400 rows"));
}
