//! Files of earlier runs in a folder that is written to again.
//!
//! A file that this run does not write but an earlier one did would be taken for a result of this one: `migration.csv` of
//! two other dates, the customers of a segment that is no more. What the earlier run lists in its `summary.json` is taken
//! away; whatever else is named like a result is left, and said.

use std::fs;
use std::path::{Path, PathBuf};

use super::kinds::{ExportKind, has_transactions};
use super::tables::Form;
use crate::pipeline::Findings;

/// What the names of files with the customers of one segment begin with.
pub(super) const OF_SEGMENTS: &str = "customers-";
/// More than a summary ever has, in bytes: what is larger is no list of ours.
const LARGEST_SUMMARY: u64 = 64 << 20;
/// Names in one sentence.
const MOST_NAMES: usize = 4;

/// What stands in a folder and is not written anew.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Leftovers {
    /// Listed by the earlier run: to be removed.
    pub listed: Vec<String>,
    /// Named like results, but listed by nobody: left alone.
    pub others: Vec<String>,
}

/// Looks for files in `dir` that are not among `names`. Inputs of the analysis are none, nor is whatever is no plain file.
pub(super) fn find(dir: &Path, names: &[String], inputs: &[PathBuf]) -> Leftovers {
    let listed = listed(dir);
    let inputs: Vec<PathBuf> = inputs.iter().filter_map(|f| f.canonicalize().ok()).collect();
    let Ok(entries) = fs::read_dir(dir) else { return Leftovers::default() };
    // The summary is written last: what is younger was put or changed there by somebody else.
    let written = fs::metadata(dir.join(ExportKind::Summary.file_name())).and_then(|m| m.modified()).ok();
    let mut out = Leftovers::default();
    for entry in entries.flatten() {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        let input = || entry.path().canonicalize().is_ok_and(|path| inputs.contains(&path));
        if plain && is_result(&name) && !names.contains(&name) && !input() {
            let modified = entry.metadata().and_then(|m| m.modified()).ok();
            let untouched = modified.zip(written).is_some_and(|(modified, written)| modified <= written);
            if untouched && listed.contains(&name) { out.listed.push(name) } else { out.others.push(name) }
        }
    }
    out.listed.sort();
    out.others.sort();
    out
}

/// Whether a run could have written a file of this name.
fn is_result(name: &str) -> bool {
    let of_segment = || Form::ALL.iter().any(|form| name.ends_with(&format!(".{}", form.ending())));
    ExportKind::known().iter().any(|kind| kind.file_name() == name) || (name.starts_with(OF_SEGMENTS) && of_segment())
}

/// The names in the list of the summary that stands in the folder; none where there is no such list.
fn listed(dir: &Path) -> Vec<String> {
    #[derive(serde::Deserialize)]
    struct Summary {
        #[serde(default)]
        files: Vec<String>,
    }
    let path = dir.join(ExportKind::Summary.file_name());
    if !fs::metadata(&path).is_ok_and(|m| m.is_file() && m.len() <= LARGEST_SUMMARY) {
        return Vec::new();
    }
    let read = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Summary>(&bytes).ok());
    read.map_or_else(Vec::new, |summary| summary.files)
}

impl Leftovers {
    /// What is to be said once the run is written.
    pub fn notes(&self, findings: &Findings) -> Vec<String> {
        let mut notes = Vec::new();
        match self.listed.len() {
            0 => {}
            1 => notes.push(format!("{} of the earlier run was removed, as this one has none.", some(&self.listed))),
            _ => notes.push(format!("{} of the earlier run were removed, as this one has none.", some(&self.listed))),
        }
        match self.others.len() {
            0 => {}
            1 => notes.push(format!("{} is not of this run; it was left as it is.", some(&self.others))),
            _ => notes.push(format!("{} are not of this run; they were left as they are.", some(&self.others))),
        }
        if findings.recipe.outputs.per_transaction && !has_transactions(findings) {
            notes.push("There is no table of transactions, as each row of the file is a customer.".into());
        }
        notes
    }
}

/// `a, b and c`, or `a, b, c and 5 more`.
fn some(names: &[String]) -> String {
    let (shown, rest) = names.split_at(names.len().min(MOST_NAMES));
    match (shown, rest.len()) {
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (shown, more) => format!("{} and {} more", shown.join(", "), crate::format::count(more)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_files_that_a_run_could_have_written_are_taken_away() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path();
        assert_eq!(find(&dir.join("nowhere"), &[], &[]), Leftovers::default());
        let files = [
            "customers.csv",
            "migration.csv",
            "customers-a.csv",
            "customers-mine.csv",
            "cuts.json",
            "notes.txt",
            "customers-in.csv",
        ];
        for name in files {
            fs::write(dir.join(name), "x").unwrap();
        }
        fs::create_dir(dir.join("customers-folder.csv")).unwrap();
        let list = r#"{"version":1,"files":["customers.csv","migration.csv","customers-a.csv","notes.txt","../x","customers-folder.csv","customers-in.csv"]}"#;
        fs::write(dir.join("summary.json"), list).unwrap();
        let found = find(dir, &["customers.csv".into(), "summary.json".into()], &[dir.join("customers-in.csv")]);
        assert_eq!(found.listed, ["customers-a.csv", "migration.csv"]);
        assert_eq!(found.others, ["customers-mine.csv", "cuts.json"]);
        fs::write(dir.join("summary.json"), "not json").unwrap();
        assert!(find(dir, &[], &[]).listed.is_empty());
    }

    #[test]
    fn what_was_changed_since_the_earlier_run_is_left() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path();
        let files = ["customers-a.csv", "customers-b.csv", "summary.json"];
        for name in files {
            fs::write(dir.join(name), r#"{"files":["customers-a.csv","customers-b.csv"]}"#).unwrap();
        }
        let written = fs::metadata(dir.join("summary.json")).unwrap().modified().unwrap();
        let since = |name: &str, secs| {
            let file = fs::File::options().write(true).open(dir.join(name)).unwrap();
            file.set_modified(written + std::time::Duration::from_secs(secs)).unwrap();
        };
        since("customers-a.csv", 0);
        since("customers-b.csv", 60);
        let found = find(dir, &["summary.json".into()], &[]);
        assert_eq!((found.listed, found.others), (vec!["customers-a.csv".into()], vec!["customers-b.csv".into()]));
    }

    #[test]
    fn many_names_are_counted() {
        let names = |n: usize| (0..n).map(|i| i.to_string()).collect::<Vec<_>>();
        assert_eq!([some(&names(1)), some(&names(3)), some(&names(6))], ["0", "0, 1 and 2", "0, 1, 2, 3 and 2 more"]);
    }
}
