//! Whole files or none: everything is written into a temporary folder and then moved into place.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::kinds::{ExportKind, Planned, plan};
use super::source::Source;
use super::{leftovers, model, report, sql, summary, workbook};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::pipeline::Findings;

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub path: PathBuf,
    pub bytes: u64,
}

/// What an export into a folder did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exported {
    pub written: Vec<Written>,
    /// What is to be said of it, as sentences: files of an earlier run that were removed or left, tables that there are
    /// not.
    pub notes: Vec<String>,
}

/// Why writing stopped; the caller knows the path and makes an [`Error`] of it.
pub(super) enum Failure {
    Stopped(Error),
    Io(String),
}

impl Failure {
    pub fn at(self, path: &Path) -> Error {
        match self {
            Failure::Stopped(error) => error,
            Failure::Io(why) => Error::write(path, why),
        }
    }
}

impl From<io::Error> for Failure {
    fn from(e: io::Error) -> Self {
        Failure::Io(e.to_string())
    }
}

impl From<Error> for Failure {
    fn from(e: Error) -> Self {
        Failure::Stopped(e)
    }
}

/// Writes every kind of export into the folder `dir`, which is made if it is missing. On any error, and
/// when cancelled, `dir` is as it was before. Files that an earlier run listed in its `summary.json` and this one does not
/// write are removed, so that they are not taken for results of this one; no other file is touched.
///
/// # Errors
/// [`Error::Write`] with the path that could not be written, [`Error::Cancelled`].
pub fn write_all(findings: &Findings, dir: &Path, ctx: &Ctx) -> Result<Exported> {
    if dir.exists() && !dir.is_dir() {
        return Err(Error::write(dir, "it is a file, not a folder; name a folder that exists or is to be made"));
    }
    report::check_logo(&findings.recipe.presentation)?;
    let plan = plan(findings);
    for Planned { name, .. } in &plan {
        let target = dir.join(name);
        if target.is_dir() {
            return Err(Error::write(&target, "a folder of this name is in the way; move it or choose another place"));
        }
        keep_inputs(findings, &target)?;
    }
    let names: Vec<String> = plan.iter().map(|p| p.name.clone()).collect();
    let stale = leftovers::find(dir, &names, &findings.recipe.input.files);
    // Within the folder itself where it exists: the only place sure to be on the same file system and writable.
    let temporary = temporary_folder(dir)?;
    let source = Source::new(findings, names);
    let whole: f32 = plan.iter().map(|p| p.kind.weight()).sum();
    let mut done = 0.0;
    for Planned { kind, name } in &plan {
        let path = temporary.path().join(name);
        let part = ctx.part(done / whole, (done + kind.weight()) / whole);
        done += kind.weight();
        part.tick(0, 1)?;
        let result =
            File::create(&path).map_err(Failure::from).and_then(|file| write_kind(&source, *kind, file, &part));
        result.map_err(|e| e.at(&dir.join(name)))?;
    }
    ctx.tick(1, 1)?;
    let moved = move_in(temporary.path(), dir, &source.files, &stale.listed);
    // The folder for temporary files goes before anyone looks at the result.
    let _ = temporary.close();
    Ok(Exported { written: moved?, notes: stale.notes(findings) })
}

/// Refuses to write over a file that the analysis reads.
fn keep_inputs(findings: &Findings, target: &Path) -> Result<()> {
    // A target that is not there yet is none of them.
    let Ok(place) = target.canonicalize() else { return Ok(()) };
    if findings.recipe.input.files.iter().any(|f| f.canonicalize().is_ok_and(|f| f == place)) {
        return Err(Error::write(target, "it is itself an input of this analysis; choose another place or name"));
    }
    Ok(())
}

/// Writes one kind of export to `path`, replacing a file of this name only once the new one is complete.
pub fn write_one(findings: &Findings, kind: ExportKind, path: &Path, ctx: &Ctx) -> Result<Written> {
    keep_inputs(findings, path)?;
    // A summary on its own lists no files: it stands for none but itself.
    let source = Source::new(findings, Vec::new());
    let bytes = write_whole(path, |file| write_kind(&source, kind, file, ctx))?;
    Ok(Written { path: path.to_path_buf(), bytes })
}

/// Writes any file whole: `fill` writes to a temporary file beside `path`, which is moved there only when complete.
/// Returns its size in bytes.
pub fn write_file(path: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<u64> {
    write_whole(path, |file| {
        let mut out = BufWriter::with_capacity(1 << 16, file);
        fill(&mut out)?;
        Ok(out.flush()?)
    })
}

/// As [`write_file`], for what is written back and forth: the file is on the disk when this returns, so that neither a
/// crash nor a loss of power leaves half of it.
pub fn write_durably(path: &Path, fill: impl FnOnce(&mut File) -> Result<()>) -> Result<u64> {
    let bytes = write_whole(path, |mut file| {
        fill(&mut file)?;
        Ok(file.sync_all()?)
    })?;
    // The new name is a change of the folder. Not every system lets folders be opened; those write them through.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(bytes)
}

/// Lets `fill` write a temporary file beside `path`, then moves it there. Returns its size in bytes.
///
/// A link is followed: the file it points to is replaced, not the link. What is no regular file (a pipe, a device) is
/// written into, as it cannot be replaced.
pub(super) fn write_whole(path: &Path, fill: impl FnOnce(File) -> std::result::Result<(), Failure>) -> Result<u64> {
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    if fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        let file = File::options().write(true).open(path).map_err(|e| Error::write(path, e))?;
        fill(file).map_err(|e| e.at(path))?;
        return Ok(0);
    }
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    if path.is_dir() {
        return Err(Error::write(path, "it is a folder; add a file name"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".quintile-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // As for any new file; the user's umask takes away what it should.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let temporary = builder.tempfile_in(folder).map_err(|e| Error::write(path, e))?;
    let file = temporary.reopen().map_err(|e| Error::write(path, e))?;
    fill(file).map_err(|e| e.at(path))?;
    let bytes = temporary.as_file().metadata().map_err(|e| Error::write(path, e))?.len();
    temporary.persist(path).map_err(|e| Error::write(path, e.error))?;
    Ok(bytes)
}

fn write_kind(source: &Source, kind: ExportKind, file: File, ctx: &Ctx) -> std::result::Result<(), Failure> {
    let findings = source.findings;
    let mut out = BufWriter::with_capacity(1 << 16, file);
    match kind {
        ExportKind::Table(table, form) => {
            let grid = table.grid(source, &ctx.part(0.0, 0.1))?;
            grid.write(form, findings.recipe.outputs.csv, &mut out, &ctx.part(0.1, 1.0))?;
        }
        ExportKind::Workbook => workbook::write(findings, &mut out, ctx)?,
        ExportKind::ReportHtml => report::write_html(findings, &mut out, ctx)?,
        ExportKind::ReportPdf => report::write_pdf(findings, &mut out, ctx)?,
        ExportKind::Sql(dialect) => sql::write(findings, dialect, &mut out)?,
        ExportKind::Recipe => out.write_all(findings.recipe.to_toml().as_bytes())?,
        ExportKind::Model => model::write(findings, &mut out)?,
        ExportKind::Summary => summary::write(findings, &source.files, &mut out)?,
    }
    Ok(out.flush()?)
}

/// A hidden folder in `dir`, or in the nearest folder above it that exists.
fn temporary_folder(dir: &Path) -> Result<TempDir> {
    let mut place = dir;
    while !place.is_dir() {
        place = match place.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        if place.exists() && !place.is_dir() {
            return Err(Error::write(dir, format!("{} is a file, not a folder", place.display())));
        }
    }
    tempfile::Builder::new().prefix(".quintile-").tempdir_in(place).map_err(|e| Error::write(dir, e))
}

/// Moves the files `names` from one folder to another, made if missing, and takes the files `stale` out of it. If one of
/// them cannot be moved, the earlier ones are taken back: files that were replaced or taken out are put back from copies
/// of their old selves.
fn move_in(from: &Path, dir: &Path, names: &[String], stale: &[String]) -> Result<Vec<Written>> {
    let made = make_folders(dir)?;
    let old = from.join("old");
    let mut moved = Vec::new();
    let mut written = Vec::new();
    let result = (|| -> Result<()> {
        fs::create_dir(&old).map_err(|e| Error::write(dir, e))?;
        for name in names {
            let (source, target, kept) = (from.join(name), dir.join(name), old.join(name));
            let fail = |e: io::Error| Error::write(&target, e);
            let bytes = fs::metadata(&source).map_err(fail)?.len();
            if target.is_dir() {
                return Err(Error::write(&target, "a folder of this name is in the way"));
            }
            let replaces = target.symlink_metadata().is_ok();
            if replaces {
                // A second name for the old file, so that there is no moment without one; not every file
                // system has them.
                fs::hard_link(&target, &kept).or_else(|_| fs::rename(&target, &kept)).map_err(fail)?;
            }
            moved.push((target.clone(), kept, replaces));
            fs::rename(&source, &target).map_err(fail)?;
            written.push(Written { path: target, bytes });
        }
        for name in stale {
            let (target, kept) = (dir.join(name), old.join(name));
            fs::rename(&target, &kept)
                .map_err(|e| Error::write(&target, format!("this file of an earlier run cannot be removed ({e})")))?;
            moved.push((target, kept, true));
        }
        Ok(())
    })();
    match result {
        Ok(()) => Ok(written),
        Err(error) => {
            for (target, kept, replaces) in moved.into_iter().rev() {
                // Nothing more can be done where this fails too; the first error is the one to show.
                let _ = if replaces { fs::rename(&kept, &target) } else { fs::remove_file(&target) };
            }
            for folder in made.into_iter().rev() {
                let _ = fs::remove_dir(folder);
            }
            Err(error)
        }
    }
}

/// Makes `dir` and what is missing above it; returns what it made, outermost first.
fn make_folders(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut missing: Vec<PathBuf> = Vec::new();
    let mut place = dir;
    while !place.as_os_str().is_empty() && !place.exists() {
        missing.push(place.to_path_buf());
        match place.parent() {
            Some(parent) => place = parent,
            None => break,
        }
    }
    missing.reverse();
    for (i, folder) in missing.iter().enumerate() {
        if let Err(e) = fs::create_dir(folder) {
            for made in missing[..i].iter().rev() {
                let _ = fs::remove_dir(made);
            }
            return Err(Error::write(dir, e));
        }
    }
    Ok(missing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_that_fails_midway_is_taken_back() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (root.path().join("from"), root.path().join("to"));
        fs::create_dir_all(&from).unwrap();
        fs::create_dir_all(to.join("c")).unwrap();
        fs::write(to.join("c/inside"), "x").unwrap();
        for name in ["a", "b", "c"] {
            fs::write(from.join(name), "new").unwrap();
        }
        fs::write(to.join("a"), "old").unwrap();
        let error = move_in(&from, &to, &["a", "b", "c"].map(String::from), &[]).unwrap_err();
        assert!(matches!(error, Error::Write { .. }), "{error}");
        assert_eq!(fs::read_to_string(to.join("a")).unwrap(), "old");
        assert!(!to.join("b").exists());
        assert_eq!(fs::read_to_string(to.join("c/inside")).unwrap(), "x");
    }

    #[test]
    fn what_was_taken_out_comes_back_when_something_else_fails() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (root.path().join("from"), root.path().join("to"));
        fs::create_dir_all(&from).unwrap();
        fs::create_dir_all(&to).unwrap();
        fs::write(from.join("a"), "new").unwrap();
        fs::write(to.join("stale"), "earlier").unwrap();
        let names = ["stale", "not there"].map(String::from);
        assert!(move_in(&from, &to, &["a".into()], &names).is_err());
        assert_eq!(fs::read_to_string(to.join("stale")).unwrap(), "earlier");
        assert!(!to.join("a").exists());
        fs::create_dir_all(root.path().join("from2")).unwrap();
        assert!(move_in(&root.path().join("from2"), &to, &[], &names[..1]).unwrap().is_empty());
        assert!(!to.join("stale").exists());
    }

    #[test]
    fn folders_that_were_made_go_again_when_nothing_could_be_moved() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("x/y");
        assert!(move_in(&root.path().join("nowhere"), &dir, &["a".into()], &[]).is_err());
        assert!(!root.path().join("x").exists());
    }
}
