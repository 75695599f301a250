//! Who may know whom: the rules of the crate's map, checked on the sources.

use std::path::{Path, PathBuf};

fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

/// Every source file with its room (the folder or file directly under `src`) and its code without comments.
fn rooms() -> Vec<(String, PathBuf, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&src, &mut files);
    assert!(files.len() > 40, "the walk found {} files", files.len());
    let code = |text: &str| text.lines().map(|l| l.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    files
        .into_iter()
        .map(|path| {
            let room = path
                .strip_prefix(&src)
                .unwrap()
                .components()
                .next()
                .unwrap()
                .as_os_str()
                .to_string_lossy()
                .into_owned();
            let text = code(&std::fs::read_to_string(&path).unwrap());
            (room.trim_end_matches(".rs").to_string(), path, text)
        })
        .collect()
}

const DOMAIN: [&str; 18] = [
    "chart", "recipe", "intake", "clean", "explore", "features", "rfm", "cluster", "reduce", "profile", "export",
    "project", "sample", "score", "ctx", "error", "exact", "format",
];

/// Fails with every place in `rooms` whose code contains one of `words`.
fn forbid(in_rooms: &[&str], words: &[&str]) {
    let mut found = Vec::new();
    for (room, path, code) in rooms() {
        if in_rooms.contains(&room.as_str()) {
            found.extend(words.iter().filter(|w| code.contains(**w)).map(|w| format!("{}: {w}", path.display())));
        }
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_app_and_ui_know_the_window() {
    let mut rooms = DOMAIN.to_vec();
    rooms.extend(["pipeline", "worker", "cli"]);
    forbid(&rooms, &["egui::", "eframe", "egui_plot", "egui_extras", "rfd::"]);
}

#[test]
fn the_domain_starts_no_threads_and_knows_no_one_above_it() {
    forbid(&DOMAIN, &["thread::spawn", "thread::Builder", "build_global", "static mut"]);
    forbid(&DOMAIN, &["crate::app", "crate::ui", "crate::worker", "crate::cli"]);
    // Exports are handed whole findings; nobody else looks up at the pipeline.
    let below: Vec<&str> = DOMAIN.into_iter().filter(|r| *r != "export").collect();
    forbid(&below, &["crate::pipeline"]);
    forbid(&["pipeline"], &["crate::app", "crate::ui", "crate::worker", "crate::cli"]);
    forbid(&["worker"], &["crate::app", "crate::ui", "crate::cli"]);
    forbid(&["app"], &["crate::ui", "crate::cli"]);
}

#[test]
fn the_window_computes_nothing_itself() {
    forbid(
        &["ui"],
        &["Pipeline::", "intake::read", "clean::clean", "cluster::search", "cluster::kmeans", "reduce::pca(", "rayon"],
    );
}

#[test]
fn no_colour_is_written_in_code() {
    forbid(
        &["ui", "app"],
        &["from_rgb(", "from_rgba", "Color32::RED", "Color32::GREEN", "Color32::BLUE", "Color32::YELLOW"],
    );
}

#[test]
fn no_file_grows_over_600_lines() {
    for (_, path, code) in rooms() {
        let lines = code.lines().count();
        assert!(lines <= 600, "{} has {lines} lines", path.display());
    }
}
