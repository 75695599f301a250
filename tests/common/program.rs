//! The program as a user runs it.
#![allow(dead_code)] // each test binary uses a part of it

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// Runs the program to its end.
pub fn quintile(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_quintile")).args(args).output().unwrap()
}

/// The sample file.
pub fn shop() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("sample_data/shop.csv").display().to_string()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs and expects success with nothing on stderr.
pub fn ok(args: &[&str]) -> String {
    let output = quintile(args);
    assert!(output.status.success(), "{args:?}: {}", text(&output.stderr));
    assert_eq!(text(&output.stderr), "", "{args:?} is silent where stderr is no terminal");
    text(&output.stdout)
}

/// Runs and expects a failure of the analysis: status 1 and one line on stderr.
pub fn fails(args: &[&str]) -> String {
    let output = quintile(args);
    let stderr = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{args:?}: {stderr}");
    assert_eq!(stderr.trim_end().lines().count(), 1, "{args:?}: {stderr}");
    stderr
}

pub fn json(path: PathBuf) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// What a run writes, sorted.
pub const OUTPUTS: [&str; 9] = [
    "customers.csv",
    "cuts.csv",
    "model.json",
    "recipe.toml",
    "report.html",
    "report.pdf",
    "segments.csv",
    "segments.xlsx",
    "summary.json",
];

/// Names in a folder, sorted.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
