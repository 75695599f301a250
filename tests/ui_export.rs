//! The Export panel: what is decided there is what is written.

use std::path::Path;
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use quintile::app::{Action, Command, Panel};
use quintile::recipe::{CsvFor, Dialect, Numbers, TableFormat};
use quintile::ui::Window;
use quintile::worker::ExportTarget;

type Test = Harness<'static, Option<Window>>;

fn open_window(size: egui::Vec2) -> Test {
    let draw = |ui: &mut egui::Ui, window: &mut Option<Window>| {
        let ctx = ui.ctx().clone();
        window.get_or_insert_with(|| Window::new(&ctx)).ui(ui);
    };
    let mut test = Harness::builder().with_size(size).with_max_steps(64).build_ui_state(draw, None);
    test.run_steps(3);
    test
}

fn window(test: &Test) -> &Window {
    test.state().as_ref().expect("made in the first frame")
}

/// Draws frames until `done`, or fails after a minute.
fn wait(test: &mut Test, what: &str, done: impl Fn(&Window) -> bool) {
    let start = Instant::now();
    while !done(window(test)) {
        assert!(start.elapsed() < Duration::from_secs(60), "waiting for {what}");
        test.step();
        std::thread::sleep(Duration::from_millis(2));
    }
    test.run_steps(3);
}

/// Draws frames until something is called so.
fn wait_for(test: &mut Test, label: &str) {
    let start = Instant::now();
    while test.query_by_label_contains(label).is_none() {
        assert!(start.elapsed() < Duration::from_secs(60), "waiting for {label}");
        test.step();
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn click(test: &mut Test, label: &str) {
    test.get_by_label(label).click();
    test.run_steps(3);
}

/// Moves a switch, whose name stands beside it too.
fn switch(test: &mut Test, label: &str) {
    test.get_by_role_and_label(Role::CheckBox, label).click();
    test.run_steps(3);
}

fn fill(test: &mut Test, label: &str, text: &str) {
    test.get_by_label(label).focus();
    test.run_steps(2);
    test.get_by_label(label).type_text(text);
    test.run_steps(2);
    test.key_press(egui::Key::Enter);
    test.run_steps(3);
}

/// A part of the sample, analysed quickly.
const RECIPE: &str =
    "[input]\nfiles = [\"shop.csv\"]\n[cluster]\nk = 3\nk_max = 4\nrestarts = 2\nreferences = 0\nresamples = 0\n";

/// A part of the sample, analysed, with the Export panel in front; and the folder that it is read from.
fn at_export(size: egui::Vec2) -> (Test, tempfile::TempDir) {
    let source = tempfile::tempdir().unwrap();
    let shop = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv")).unwrap();
    let part: String = shop.split_inclusive('\n').take(4000).collect();
    std::fs::write(source.path().join("shop.csv"), part).unwrap();
    std::fs::write(source.path().join("recipe.toml"), RECIPE).unwrap();
    let mut test = open_window(size);
    test.state_mut().as_mut().unwrap().app.open(&source.path().join("recipe.toml"));
    wait(&mut test, "the sample", |w| w.app.session.whole().is_some());
    let keys = Command::Go(Panel::Export).shortcut().expect("every step has a key");
    test.key_press_modifiers(keys.modifiers, keys.logical_key);
    test.run_steps(3);
    assert_eq!(window(&test).app.view.panel, Panel::Export);
    (test, source)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn what_is_switched_on_is_written_and_has_a_name_in_the_history() {
    let (mut test, _source) = at_export(egui::vec2(1280.0, 1400.0));
    wait_for(&mut test, "Save customers.csv alone…");
    for label in ["Tables as Parquet too", "Tables as JSON too", "Customers of each segment", "Transactions"] {
        switch(&mut test, label);
    }
    click(&mut test, "CSV files are for: Excel, 1234,5");
    fill(&mut test, "Company name", "Acme");
    wait_for(&mut test, "Save transactions.parquet alone…");
    let app = &window(&test).app;
    let outputs = &app.session.recipe().unwrap().outputs;
    assert_eq!(outputs.formats, [TableFormat::Parquet, TableFormat::Json]);
    assert!(outputs.per_segment && outputs.per_transaction);
    assert_eq!(outputs.csv, CsvFor::ExcelSemicolon);
    assert_eq!(app.session.recipe().unwrap().presentation.company, "Acme");
    let (entries, _) = app.session.history().unwrap().entries();
    let labels: Vec<&str> = entries.iter().map(|e| e.label.as_str()).collect();
    for label in [
        "Export tables as Parquet",
        "Export customers per segment",
        "Export transactions with segments",
        "CSV for Excel with semicolon",
        "Name the company",
    ] {
        assert!(labels.contains(&label), "{label} in {labels:?}");
    }

    // The panel says how customers.csv will begin; the file does.
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results");
    wait_for(&mut test, "customer_id;recency_days;frequency");
    fill(&mut test, "Folder to export into", out.to_str().unwrap());
    wait(&mut test, "the files", |w| !w.app.written.is_empty());
    let there = names(&out);
    assert_eq!(there.len(), window(&test).app.written.len());
    let segments = window(&test).app.session.profiles.get().unwrap().len();
    assert_eq!(there.iter().filter(|n| n.starts_with("customers-")).count(), 3 * segments, "{there:?}");
    for name in ["transactions.csv", "customers.parquet", "segments.json", "cuts.csv"] {
        assert!(there.contains(&name.to_string()), "{name} in {there:?}");
    }
    let text = std::fs::read_to_string(out.join("customers.csv")).unwrap();
    assert!(text.starts_with("\u{feff}customer_id;recency_days;frequency"), "{}", &text[..80]);
    assert!(test.query_by_label("Open folder").is_some());

    // Switched off again, the files of the earlier export go, and the panel says so.
    switch(&mut test, "Customers of each segment");
    switch(&mut test, "Tables as JSON too");
    click(&mut test, "Export here");
    wait(&mut test, "the second export", |w| w.app.exports_running == 0 && w.app.written.len() < there.len());
    assert!(!names(&out).iter().any(|n| n.starts_with("customers-") || n == "customers.json"), "{:?}", names(&out));
    assert!(test.query_by_label_contains("of the earlier run were removed").is_some());
    let (entries, _) = window(&test).app.session.history().unwrap().entries();
    assert!(entries.iter().any(|e| e.label == "Do not export customers per segment"));
}

#[test]
fn dialects_numbers_and_currency_are_decisions() {
    let (mut test, _source) = at_export(egui::vec2(1280.0, 1400.0));
    click(&mut test, "Query for DuckDB");
    click(&mut test, "Query for Spark SQL");
    click(&mut test, "Query for DuckDB");
    assert_eq!(window(&test).app.session.recipe().unwrap().outputs.sql, [Dialect::Spark]);
    fill(&mut test, "Currency sign", "CHF");
    assert_eq!(window(&test).app.session.recipe().unwrap().presentation.currency.as_deref(), Some("CHF"));
    test.get_by_role_and_label(Role::ComboBox, "Numbers").click();
    test.run_steps(3);
    click(&mut test, Numbers::Apostrophe.example());
    assert_eq!(window(&test).app.session.recipe().unwrap().presentation.numbers, Numbers::Apostrophe);
    fill(&mut test, "Logo file", "/nowhere/logo.png");
    assert!(test.query_by_label_contains("There is no file /nowhere/logo.png").is_some());
}

#[test]
fn a_failure_is_told_where_it_happened_and_harms_nothing() {
    let (mut test, _source) = at_export(egui::vec2(1280.0, 800.0));
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("segments.xlsx")).unwrap();
    std::fs::write(folder.path().join("customers.csv"), "mine").unwrap();
    fill(&mut test, "Folder to export into", folder.path().to_str().unwrap());
    wait(&mut test, "the failure", |w| w.app.exports.error.is_some());
    assert!(test.query_by_label("Nothing was written").is_some());
    assert!(test.query_all_by_label_contains("a folder of this name is in the way").next().is_some());
    assert_eq!(std::fs::read_to_string(folder.path().join("customers.csv")).unwrap(), "mine");
    assert_eq!(names(folder.path()), ["customers.csv", "segments.xlsx"]);
    // Put right, it works, and the failure is gone.
    std::fs::remove_dir(folder.path().join("segments.xlsx")).unwrap();
    click(&mut test, "Export here");
    wait(&mut test, "the files", |w| !w.app.written.is_empty());
    assert!(window(&test).app.exports.error.is_none() && test.query_by_label("Nothing was written").is_none());
}

#[test]
fn an_export_that_is_stopped_leaves_what_was_there() {
    let (mut test, _source) = at_export(egui::vec2(1280.0, 800.0));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("customers.csv"), "mine").unwrap();
    // Asked for and stopped in one breath: writing the workbook alone takes longer than that.
    let app = &mut test.state_mut().as_mut().unwrap().app;
    app.apply(Action::Export(ExportTarget::Folder(folder.path().to_path_buf())));
    assert_eq!(app.exports_running, 1);
    test.step();
    click(&mut test, "Stop writing");
    wait(&mut test, "the end", |w| w.app.exports_running == 0);
    assert!(window(&test).app.written.is_empty() && window(&test).app.exports.error.is_none());
    assert_eq!(names(folder.path()), ["customers.csv"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("customers.csv")).unwrap(), "mine");
    // The next one is not stopped by it.
    let app = &mut test.state_mut().as_mut().unwrap().app;
    app.apply(Action::Export(ExportTarget::Folder(folder.path().to_path_buf())));
    wait(&mut test, "the files", |w| !w.app.written.is_empty());
}

#[test]
fn both_themes_and_all_sizes_draw_it() {
    let (mut test, _source) = at_export(egui::vec2(900.0, 600.0));
    for size in [egui::vec2(900.0, 600.0), egui::vec2(1280.0, 800.0), egui::vec2(1920.0, 1080.0)] {
        test.set_size(size);
        for command in [Command::ToggleTheme, Command::ToggleExplain, Command::ToggleTheme, Command::ToggleExplain] {
            let keys = command.shortcut().unwrap();
            test.key_press_modifiers(keys.modifiers, keys.logical_key);
            test.run_steps(3);
        }
    }
}
