//! The Export panel: what is decided there is what is written.

#[path = "common/program.rs"]
mod program;
#[path = "common/tables.rs"]
mod tables;
#[path = "common/window.rs"]
mod window;

use egui_kittest::kittest::Queryable;
use program::names;
use quintile::app::{Action, Command, Panel};
use quintile::profile::Patterns;
use quintile::recipe::{CsvFor, Dialect, Numbers, TableFormat};
use quintile::worker::ExportTarget;
use window::*;

/// A part of the sample, analysed quickly.
const RECIPE: &str =
    "[input]\nfiles = [\"shop.csv\"]\n[cluster]\nk = 3\nk_max = 4\nrestarts = 2\nreferences = 0\nresamples = 0\n";

/// A part of the sample, analysed, with the Export panel in front; and the folder that it is read from.
fn at_export(size: [f32; 2]) -> (Test, tempfile::TempDir) {
    let source = tempfile::tempdir().unwrap();
    std::fs::write(source.path().join("shop.csv"), tables::part_of_the_sample(4000, None)).unwrap();
    let path = source.path().join("recipe.toml");
    std::fs::write(&path, RECIPE).unwrap();
    let mut test = open_window(size);
    app(&mut test).open(&path);
    whole(&mut test);
    press(&mut test, Command::Go(Panel::Export));
    assert_eq!(window(&test).app.view.panel, Panel::Export);
    (test, source)
}

/// Exports into a folder, whose path is typed.
fn export_into(test: &mut Test, folder: &std::path::Path) {
    write(test, "Folder to export into", folder.to_str().unwrap());
}

#[test]
fn what_is_switched_on_is_written_and_has_a_name_in_the_history() {
    let (mut test, _source) = at_export([1280.0, 1400.0]);
    wait_for(&mut test, "Save customers.csv alone…");
    for label in ["Tables as Parquet too", "Tables as JSON too", "Customers of each segment", "Transactions"] {
        click(&mut test, label);
    }
    click(&mut test, "CSV files are for: Excel, 1234,5");
    write(&mut test, "Company name", "Acme");
    wait_for(&mut test, "Save transactions.parquet alone…");
    let outputs = &recipe(&test).outputs;
    assert_eq!(outputs.formats, [TableFormat::Parquet, TableFormat::Json]);
    assert!(outputs.per_segment && outputs.per_transaction);
    assert_eq!(outputs.csv, CsvFor::ExcelSemicolon);
    assert_eq!(recipe(&test).presentation.company, "Acme");
    let (labels, _) = decisions(&test);
    for label in [
        "Export tables as Parquet",
        "Export customers per segment",
        "Export transactions with segments",
        "CSV for Excel with semicolon",
        "Name the company",
    ] {
        assert!(labels.iter().any(|l| l == label), "{label} in {labels:?}");
    }

    // The panel says how customers.csv will begin; the file does.
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("results");
    wait_for(&mut test, "customer_id;recency_days;frequency");
    export_into(&mut test, &out);
    wait(&mut test, "the files", |t| !window(t).app.written.is_empty());
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
    click(&mut test, "Customers of each segment");
    click(&mut test, "Tables as JSON too");
    click(&mut test, "Export here");
    wait(&mut test, "the second export", |t| {
        window(t).app.exports_running == 0 && window(t).app.written.len() < there.len()
    });
    assert!(!names(&out).iter().any(|n| n.starts_with("customers-") || n == "customers.json"), "{:?}", names(&out));
    assert!(test.query_by_label_contains("of the earlier run were removed").is_some());
    assert!(decisions(&test).0.iter().any(|label| label == "Do not export customers per segment"));
}

#[test]
fn dialects_numbers_and_currency_are_decisions() {
    let (mut test, _source) = at_export([1280.0, 1400.0]);
    click(&mut test, "Query for DuckDB");
    click(&mut test, "Query for Spark SQL");
    click(&mut test, "Query for DuckDB");
    assert_eq!(recipe(&test).outputs.sql, [Dialect::Spark]);
    write(&mut test, "Currency sign", "CHF");
    assert_eq!(recipe(&test).presentation.currency.as_deref(), Some("CHF"));
    pick(&mut test, "Numbers", Numbers::Apostrophe.example());
    assert_eq!(recipe(&test).presentation.numbers, Numbers::Apostrophe);
    write(&mut test, "Logo file", "/nowhere/logo.png");
    assert!(test.query_by_label_contains("There is no file /nowhere/logo.png").is_some());
}

#[test]
fn a_failure_is_told_where_it_happened_and_harms_nothing() {
    let (mut test, _source) = at_export([1280.0, 800.0]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("segments.xlsx")).unwrap();
    std::fs::write(folder.path().join("customers.csv"), "mine").unwrap();
    export_into(&mut test, folder.path());
    wait(&mut test, "the failure", |t| window(t).app.exports.error.is_some());
    assert!(test.query_by_label("Nothing was written").is_some());
    assert!(says(&test, "a folder of this name is in the way"));
    assert_eq!(std::fs::read_to_string(folder.path().join("customers.csv")).unwrap(), "mine");
    assert_eq!(names(folder.path()), ["customers.csv", "segments.xlsx"]);
    // Put right, it works, and the failure is gone.
    std::fs::remove_dir(folder.path().join("segments.xlsx")).unwrap();
    click(&mut test, "Export here");
    wait(&mut test, "the files", |t| !window(t).app.written.is_empty());
    assert!(window(&test).app.exports.error.is_none() && test.query_by_label("Nothing was written").is_none());
}

#[test]
fn an_export_that_is_stopped_leaves_what_was_there() {
    let (mut test, _source) = at_export([1280.0, 800.0]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("customers.csv"), "mine").unwrap();
    let export = Action::Export(ExportTarget::Folder(folder.path().to_path_buf()));
    // Asked for and stopped in one breath: writing the workbook alone takes longer than that.
    app(&mut test).apply(export.clone());
    assert_eq!(window(&test).app.exports_running, 1);
    test.step();
    control(&test, "Stop writing").expect("it is being written").click();
    test.run_steps(3);
    wait(&mut test, "the end", |t| window(t).app.exports_running == 0);
    assert!(window(&test).app.written.is_empty() && window(&test).app.exports.error.is_none());
    assert_eq!(names(folder.path()), ["customers.csv"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("customers.csv")).unwrap(), "mine");
    // The next one is not stopped by it.
    act(&mut test, export);
    wait(&mut test, "the files", |t| !window(t).app.written.is_empty());
}

#[test]
fn both_themes_and_all_sizes_draw_it() {
    let (mut test, _source) = at_export([900.0, 600.0]);
    for size in [[900.0, 600.0], [1280.0, 800.0], [1920.0, 1080.0]] {
        test.set_size(size.into());
        for command in [Command::ToggleTheme, Command::ToggleExplain, Command::ToggleTheme, Command::ToggleExplain] {
            press(&mut test, command);
        }
    }
}

#[test]
fn a_team_names_and_advises_in_its_own_words() {
    let (mut test, source) = at_export([1280.0, 800.0]);
    let own = source.path().join("advice.toml");
    let best = findings(&test).profiles[0].name.clone();
    std::fs::write(&own, Patterns::SHIPPED.replace(&format!("\"{best}\""), "\"Our heroes\"")).unwrap();
    write(&mut test, "File of names and advice", own.to_str().unwrap());
    done(&mut test);
    assert_eq!(findings(&test).profiles[0].name, "Our heroes");
    assert_eq!(recipe(&test).segments.patterns.as_deref(), Some(&*own));
    // What cannot be used changes nothing.
    let before = decisions(&test);
    let broken = source.path().join("broken.toml");
    std::fs::write(&broken, "[[archetype]]\nname = \"Half\"\n").unwrap();
    write(&mut test, "File of names and advice", broken.to_str().unwrap());
    assert_eq!(decisions(&test), before);
    assert_eq!(recipe(&test).segments.patterns.as_deref(), Some(&*own));
    write(&mut test, "File of names and advice", "");
    done(&mut test);
    assert_eq!(findings(&test).profiles[0].name, best);
}
