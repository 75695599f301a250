//! The same recipe gives the same files, byte for byte: from run to run, for any number of threads, in any place, and
//! whether the window or the program without one writes them. Only the summary says how long it took and how much memory.

mod common;
#[path = "common/program.rs"]
mod program;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use program::{ok, shop};
use quintile::app::{Action, App};
use quintile::worker::ExportTarget;

/// Everything that a run can write beside the usual files, as the lines of a recipe.
const OUTPUTS: &str = "
[outputs]
sql = [\"duckdb\", \"postgres\", \"spark\", \"bigquery\"]
formats = [\"parquet\", \"json\"]
per_segment = true
per_transaction = true
csv = \"excel_semicolon\"

[presentation]
company = \"Shop & sons\"
";

/// The files of a folder and of those in it, by name.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            let bytes = std::fs::read(&path).unwrap();
            found.insert(name.clone(), if name == "summary.json" { timeless(&bytes) } else { bytes });
        }
    }
    found
}

/// A summary without the lines that say how long it took and how much memory.
fn timeless(summary: &[u8]) -> Vec<u8> {
    let mut within = false;
    let mut out = Vec::new();
    for line in std::str::from_utf8(summary).unwrap().lines() {
        within |= line.starts_with("  \"duration_secs\": {");
        if !within && !line.starts_with("  \"peak_memory_bytes\":") {
            out.extend(line.bytes().chain([b'\n']));
        }
        within &= !line.starts_with("  }");
    }
    assert!(out.len() < summary.len(), "there is something to leave out");
    out
}

fn equal(one: &Path, other: &Path) {
    let (one, other) = (files(one), files(other));
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (name, bytes) in &one {
        let same = bytes.iter().zip(&other[name]).take_while(|(a, b)| a == b).count();
        assert!(*bytes == other[name], "{name} differs from byte {same} on");
    }
}

/// A recipe for `file` with every output, as the program itself writes it.
fn recipe(file: &str, flags: &[&str], folder: &Path) -> PathBuf {
    let first = folder.join("first");
    let mut args = vec!["run", file, "--out", first.to_str().unwrap()];
    args.extend(flags);
    ok(&args);
    let text = std::fs::read_to_string(first.join("recipe.toml")).unwrap();
    // What it says of outputs is said anew.
    let mut kept = String::new();
    let mut left_out = false;
    for line in text.lines() {
        if line.starts_with('[') {
            left_out = line == "[outputs]" || line == "[presentation]";
        }
        if !left_out {
            kept.push_str(line);
            kept.push('\n');
        }
    }
    let path = folder.join("recipe.toml");
    std::fs::write(&path, kept + OUTPUTS).unwrap();
    path
}

fn run(recipe: &Path, out: &Path, threads: Option<&str>) {
    let mut args = vec!["run", "--recipe", recipe.to_str().unwrap(), "--out", out.to_str().unwrap()];
    args.extend(threads.iter().flat_map(|n| ["--threads", n]));
    ok(&args);
}

/// The folder that the window writes, without anything being drawn.
fn export_from_window(recipe: &Path, out: &Path) {
    let mut app = App::new(|| {});
    app.open(recipe);
    let wait = |app: &mut App, what: &str, done: &dyn Fn(&App) -> bool| {
        let start = Instant::now();
        while !done(app) {
            assert!(start.elapsed() < Duration::from_secs(300), "waiting for {what}: {:?}", app.take_notices());
            app.drain(Duration::from_millis(5));
            std::thread::sleep(Duration::from_millis(2));
        }
    };
    // Checks are not waited for: the export does that.
    wait(&mut app, "the analysis", &|app| app.session.findings().is_some());
    app.apply(Action::Export(ExportTarget::Folder(out.to_path_buf())));
    wait(&mut app, "the files", &|app| app.exports_running == 0);
    assert!(!app.written.is_empty(), "{:?}", app.take_notices());
}

#[test]
fn the_sample_twice_for_any_number_of_threads_and_from_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let recipe = recipe(&shop(), &["--k", "4"], folder.path());
    run(&recipe, &at("once"), None);
    let names = files(&at("once")).into_keys().collect::<Vec<_>>();
    assert!(names.iter().any(|n| n == "segments.xlsx") && names.iter().any(|n| n == "summary.json"), "{names:?}");
    for threads in ["1", "3"] {
        run(&recipe, &at(threads), Some(threads));
        equal(&at("once"), &at(threads));
    }
    // Over the files of the run before.
    run(&recipe, &at("1"), None);
    equal(&at("once"), &at("1"));
    export_from_window(&recipe, &at("window"));
    equal(&at("once"), &at("window"));
}

#[test]
fn a_table_of_customers_with_another_algorithm() {
    let Some(file) = common::shared("tables/Mall_Customers.csv") else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let recipe = recipe(file.to_str().unwrap(), &["--algorithm", "gaussian-mixture"], folder.path());
    run(&recipe, &at("once"), Some("1"));
    run(&recipe, &at("twice"), Some("2"));
    equal(&at("once"), &at("twice"));
    export_from_window(&recipe, &at("window"));
    equal(&at("once"), &at("window"));
}

#[test]
fn real_sales_found_automatically() {
    let Some(file) = common::shared("online_retail/OnlineRetail.csv") else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let recipe = recipe(file.to_str().unwrap(), &[], folder.path());
    run(&recipe, &at("once"), Some("1"));
    run(&recipe, &at("twice"), None);
    equal(&at("once"), &at("twice"));
    export_from_window(&recipe, &at("window"));
    equal(&at("once"), &at("window"));
}
