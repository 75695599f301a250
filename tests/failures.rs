//! Writing that fails: a full disk, a place that may only be read, a folder in the way, a path that vanished. Each time a
//! sentence says what to do, and what was there before is unharmed.

mod by_hand;
#[path = "common/program.rs"]
mod program;

use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use by_hand::findings::findings;
use program::{fails, names, ok, shop};
use quintile::ctx::Ctx;
use quintile::error::Error;
use quintile::export::{ExportKind, write_all, write_file, write_one};
use quintile::pipeline::Findings;
use quintile::recipe::{Dialect, TableFormat};

/// Where the small disk is, in the process that has one.
const DISK: &str = "QUINTILE_TEST_DISK";

/// Runs the test called `name` again in a process of its own, where a disk of `size` is mounted on a folder. `false`, and
/// a line that says so, where the system does not allow it.
#[cfg(target_os = "linux")]
fn on_a_small_disk(name: &str, size: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let script = format!("mount -t tmpfs -o size={size} tmpfs \"$1\" || exit 77; shift; exec \"$@\"");
    for way in [&["-m"][..], &["-rm"]] {
        let allowed = Command::new("unshare").args(way).arg("true").output().is_ok_and(|out| out.status.success());
        if !allowed {
            continue;
        }
        let done = Command::new("unshare")
            .args(way)
            .args(["sh", "-c", &script, "sh"])
            .arg(folder.path())
            .arg(std::env::current_exe().unwrap())
            .args(["--exact", name, "--include-ignored", "--nocapture"])
            .env(DISK, folder.path())
            .output()
            .unwrap();
        if done.status.code() == Some(77) {
            continue;
        }
        let said = String::from_utf8_lossy(&done.stdout);
        assert!(
            done.status.success() && said.contains("1 passed"),
            "{said}\n{}",
            String::from_utf8_lossy(&done.stderr)
        );
        return true;
    }
    println!("skipped: no disk can be mounted here (unshare or mount is missing, or not allowed)");
    false
}

fn disk() -> Option<PathBuf> {
    std::env::var_os(DISK).map(PathBuf::from)
}

/// Fills what is left of the disk but for `room` bytes.
fn fill(disk: &Path, room: u64) {
    let path = disk.join("filler");
    let mut file = fs::File::create(&path).unwrap();
    while file.write_all(&[7; 4096]).is_ok() {}
    let size = file.metadata().unwrap().len();
    file.set_len(size - room.min(size)).unwrap();
}

/// An analysis that is written in every format that it can be.
fn found(customers: usize) -> Findings {
    let mut found = findings(customers);
    let mut recipe = (*found.recipe).clone();
    recipe.outputs.formats = vec![TableFormat::Parquet, TableFormat::Json];
    recipe.outputs.sql = Dialect::ALL.to_vec();
    found.recipe = Arc::new(recipe);
    found
}

/// Every kind of export that it has.
fn kinds() -> Vec<ExportKind> {
    let kinds = ExportKind::all(&found(50));
    assert!(kinds.len() >= 12, "{kinds:?}");
    kinds
}

fn is_words(error: &Error, part: &str) {
    let said = error.to_string();
    assert!(matches!(error, Error::Write { .. }) && said.contains(part), "{said}");
    assert!(!said.contains("os error"), "{said}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_said_and_leaves_the_earlier_files() {
    on_a_small_disk("full_disk", "32m");
}

/// Runs on the small disk.
#[test]
#[ignore = "runs in a process with a small disk, see a_full_disk_is_said_and_leaves_the_earlier_files"]
fn full_disk() {
    let Some(disk) = disk() else { return };
    let found = found(300);
    let old = disk.join("old");
    let written = write_all(&found, &old, &Ctx::silent());
    assert!(written.is_ok(), "{written:?}");
    let before: Vec<(String, Vec<u8>)> =
        names(&old).into_iter().map(|n| (n.clone(), fs::read(old.join(&n)).unwrap())).collect();
    let same = || {
        assert_eq!(names(&old), before.iter().map(|(n, _)| n.clone()).collect::<Vec<_>>());
        for (name, bytes) in &before {
            assert!(fs::read(old.join(name)).unwrap() == *bytes, "{name}");
        }
    };
    // Room for a part of the files: writing starts, and fails on the way.
    let all: usize = before.iter().map(|(_, bytes)| bytes.len()).sum();
    for room in [0, 4096, all as u64 / 2] {
        let _ = fs::remove_file(disk.join("filler"));
        fill(&disk, room);
        is_words(&write_all(&found, &old, &Ctx::silent()).map(|_| ()).unwrap_err(), "the disk is full; make room");
        same();
        let new = disk.join("new");
        is_words(&write_all(&found, &new, &Ctx::silent()).map(|_| ()).unwrap_err(), "the disk is full");
        assert!(!new.exists(), "no folder is left behind");
        assert_eq!(names(&disk), ["filler", "old"], "nothing is left behind");
    }
    let _ = fs::remove_file(disk.join("filler"));
    fill(&disk, 0);
    for kind in kinds() {
        let path = old.join(kind.file_name());
        is_words(&write_one(&found, kind, &path, &Ctx::silent()).unwrap_err(), "the disk is full");
        same();
    }
    // The program says it on one line, and its status says that it failed.
    let said = fails(&["run", &shop(), "--k", "3", "--out", old.to_str().unwrap()]);
    assert!(said.contains("the disk is full; make room on it, or choose another place"), "{said}");
    same();
    assert_eq!(names(&disk), ["filler", "old"]);
    // With room again, the same command works.
    fs::remove_file(disk.join("filler")).unwrap();
    let again = write_all(&found, &old, &Ctx::silent()).unwrap();
    assert_eq!(again.written.len(), before.len());
}

#[test]
#[cfg(target_os = "linux")]
fn a_disk_that_can_only_be_read_is_said() {
    on_a_small_disk("read_only_disk", "32m");
}

/// Runs on the small disk.
#[test]
#[ignore = "runs in a process with a small disk, see a_disk_that_can_only_be_read_is_said"]
fn read_only_disk() {
    let Some(disk) = disk() else { return };
    let found = found(50);
    let out = disk.join("out");
    write_all(&found, &out, &Ctx::silent()).unwrap();
    fs::write(out.join("customers.csv"), "mine").unwrap();
    let again = Command::new("mount").args(["-o", "remount,ro"]).arg(&disk).status().unwrap();
    if !again.success() {
        println!("skipped: the disk cannot be made one that can only be read");
        return;
    }
    for dir in [out.clone(), disk.join("new/folder")] {
        is_words(&write_all(&found, &dir, &Ctx::silent()).map(|_| ()).unwrap_err(), "the disk can only be read");
    }
    for kind in kinds() {
        let error = write_one(&found, kind, &out.join(kind.file_name()), &Ctx::silent()).unwrap_err();
        is_words(&error, "the disk can only be read; choose another place");
    }
    let said = fails(&["run", &shop(), "--k", "3", "--out", out.to_str().unwrap()]);
    assert!(said.contains("the disk can only be read"), "{said}");
    assert_eq!(fs::read_to_string(out.join("customers.csv")).unwrap(), "mine");
}

#[test]
#[cfg(unix)]
fn a_folder_that_may_not_be_written_to_is_said() {
    use std::os::unix::fs::PermissionsExt;
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("dir");
    fs::create_dir(&dir).unwrap();
    fs::write(dir.join("customers.csv"), "mine").unwrap();
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o555)).unwrap();
    if fs::write(dir.join("probe"), "x").is_ok() {
        println!("skipped: this user may write everywhere");
        return;
    }
    let found = found(50);
    is_words(&write_all(&found, &dir, &Ctx::silent()).map(|_| ()).unwrap_err(), "this place may not be written to");
    for kind in kinds() {
        let error = write_one(&found, kind, &dir.join(kind.file_name()), &Ctx::silent()).unwrap_err();
        is_words(&error, "this place may not be written to");
    }
    assert_eq!(fs::read_to_string(dir.join("customers.csv")).unwrap(), "mine");
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A device that is always full stands for a disk that fills up while a file is written, without any rights.
#[test]
#[cfg(target_os = "linux")]
fn every_single_export_says_that_the_disk_is_full() {
    let found = found(300);
    for kind in kinds() {
        let error = write_one(&found, kind, Path::new("/dev/full"), &Ctx::silent()).unwrap_err();
        is_words(&error, "the disk is full; make room on it, or choose another place");
    }
}

#[test]
fn what_is_in_the_way_is_named_and_stays() {
    let root = tempfile::tempdir().unwrap();
    let found = found(50);
    for kind in kinds() {
        let dir = root.path().join(format!("{kind:?}"));
        let way = dir.join(kind.file_name());
        fs::create_dir_all(way.join("inside")).unwrap();
        let error = write_all(&found, &dir, &Ctx::silent()).map(|_| ()).unwrap_err();
        is_words(&error, "a folder of this name is in the way");
        assert!(error.to_string().contains(kind.file_name()), "{error}");
        is_words(&write_one(&found, kind, &way, &Ctx::silent()).unwrap_err(), "it is a folder; add a file name");
        assert_eq!(names(&dir), [kind.file_name()], "nothing else was written");
        assert!(way.join("inside").is_dir());
        if kind == ExportKind::Summary {
            let said = fails(&["run", &shop(), "--k", "3", "--out", dir.to_str().unwrap()]);
            assert!(said.contains("in the way; move it or choose another place"), "{said}");
            assert_eq!(names(&dir), [kind.file_name()]);
        }
    }
}

/// Whoever reads the earlier file goes on reading the earlier file, whole.
#[test]
#[cfg(unix)]
fn a_file_that_another_program_holds_open_is_replaced_under_it() {
    let root = tempfile::tempdir().unwrap();
    let found = found(50);
    for kind in kinds() {
        let path = root.path().join(kind.file_name());
        let old = "an earlier file\n".repeat(10_000);
        fs::write(&path, &old).unwrap();
        let mut held = fs::File::open(&path).unwrap();
        let mut begin = [0; 100];
        held.read_exact(&mut begin).unwrap();
        write_one(&found, kind, &path, &Ctx::silent()).unwrap();
        let mut rest = String::new();
        held.read_to_string(&mut rest).unwrap();
        assert_eq!(begin.len() + rest.len(), old.len());
        assert!(fs::read(&path).unwrap() != old.as_bytes());
    }
}

#[test]
fn a_path_that_vanished_is_said() {
    let root = tempfile::tempdir().unwrap();
    let found = found(50);
    let gone = root.path().join("gone");
    for kind in kinds() {
        let error = write_one(&found, kind, &gone.join(kind.file_name()), &Ctx::silent()).unwrap_err();
        is_words(&error, "its folder is not there any more; make it, or choose another place");
    }
    // It vanishes while the file is being written.
    fs::create_dir(&gone).unwrap();
    let result = write_file(&gone.join("x.csv"), |out| {
        out.write_all(b"x")?;
        fs::remove_dir_all(&gone)
    });
    is_words(&result.unwrap_err(), "its folder is not there any more");
    assert_eq!(names(root.path()), [] as [&str; 0]);
    // A folder of results is made, with all that is above it.
    ok(&["run", &shop(), "--k", "3", "--out", gone.join("a/b").to_str().unwrap()]);
    assert!(gone.join("a/b/segments.xlsx").is_file());
}
