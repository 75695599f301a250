//! The Data panel, by what a person sees: structure that can be overruled, columns, rows that do not fit.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use quintile::app::{Action, Command, Panel, Status};
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
        text.push_str(&format!("{},{customer},2024-{month:02}-{day:02},{}.50,note {}\n", 1000 + i, 5 + i * 13 % 97, i % 9));
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
