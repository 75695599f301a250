//! The files that recipes name: from where they are named, whether they are there, and the data kept inside.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::form::{FileForm, Inside};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::export;
use crate::recipe::{History, Recipe};

/// Bytes copied at a time.
const BLOCK: usize = 1 << 18;
/// Data that unpack to more than this many bytes are looked at twice: no sales data are so much alike that they pack to a
/// hundredth.
const LARGE: u64 = 1 << 30;
const MOST_PACKED: u64 = 100;

/// Every path in a recipe.
pub(super) fn paths_of(recipe: &mut Recipe) -> impl Iterator<Item = &mut PathBuf> {
    let named = [&mut recipe.segments.patterns, &mut recipe.presentation.logo].into_iter().flatten();
    recipe.input.files.iter_mut().chain(named)
}

/// `path` from `folder` where it lies below, with `/` between names; as it is elsewhere.
pub(super) fn from_folder(path: &Path, folder: Option<&Path>) -> PathBuf {
    let Some(below) = folder.and_then(|f| path.strip_prefix(f).ok()) else { return path.to_path_buf() };
    let names: Option<Vec<&str>> = below
        .components()
        .map(|c| match c {
            Component::Normal(name) => name.to_str(),
            _ => None,
        })
        .collect();
    names.filter(|names| !names.is_empty()).map_or_else(|| path.to_path_buf(), |names| names.join("/").into())
}

/// Every file of the history, once, in the order of first mention.
pub(super) fn files_of(history: &History) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = Vec::new();
    for entry in history.entries().0 {
        let mut recipe = Recipe::clone(&entry.recipe);
        for path in paths_of(&mut recipe) {
            if !files.contains(path) {
                files.push(std::mem::take(path));
            }
        }
    }
    files
}

/// Size and time of a file: whoever writes it gives it others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    pub bytes: u64,
    /// Nanoseconds since 1970; 0 where the system does not know.
    pub modified: u64,
}

impl Stamp {
    /// That of a file that is there.
    pub fn of(path: &Path) -> Option<Stamp> {
        fs::metadata(path).ok().filter(Metadata::is_file).map(|meta| Stamp::new(&meta))
    }

    fn new(meta: &Metadata) -> Stamp {
        let modified = meta.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
        Stamp { bytes: meta.len(), modified: modified.map_or(0, |d| d.as_nanos() as u64) }
    }
}

/// Where the file that a recipe calls `form.path` is now: below the project's folder, or where it was.
pub(super) fn find(form: &FileForm, folder: &Path) -> Option<PathBuf> {
    let below = form.path.is_relative().then(|| folder.join(&form.path));
    below.into_iter().chain([form.was.clone()]).find(|path| path.is_file())
}

/// Copies the whole of `from`, stopping where it is asked to.
pub(super) fn copy(from: &mut dyn Read, to: &mut dyn io::Write, total: u64, ctx: &Ctx) -> Result<io::Result<u64>> {
    let mut block = vec![0; BLOCK];
    let mut done = 0;
    loop {
        ctx.tick(done as usize, total as usize)?;
        let n = match from.read(&mut block) {
            Ok(0) => return Ok(Ok(done)),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Ok(Err(e)),
        };
        if let Err(e) = to.write_all(&block[..n]) {
            return Ok(Err(e));
        }
        done += n as u64;
    }
}

/// Unpacks a file of data into `folder`, unless it lies there already. `packed` are its bytes within the project.
///
/// # Errors
/// The data are not what the project says of them, or cannot be written; [`Error::Cancelled`].
pub(super) fn unpack(
    project: &Path,
    inside: &Inside,
    packed: u64,
    from: &mut dyn Read,
    target: &Path,
    ctx: &Ctx,
) -> Result<()> {
    if Stamp::of(target) == Some(Stamp { bytes: inside.bytes, modified: inside.modified }) {
        return Ok(());
    }
    let bad = |why: String| Error::read(project, why);
    if inside.bytes > LARGE && inside.bytes / MOST_PACKED > packed {
        return Err(bad(format!(
            "its data ({}) would unpack from {packed} bytes to {}, as no sales data do; they were left alone",
            inside.name, inside.bytes
        )));
    }
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))?;
    }
    export::write_durably(target, |out| {
        // One byte more than it says would be one too many.
        let copied = copy(&mut from.take(inside.bytes + 1), out, inside.bytes, ctx)?;
        match copied {
            Ok(n) if n == inside.bytes => {}
            Ok(_) => return Err(bad(format!("its data ({}) have another size than it says", inside.name))),
            Err(e) => return Err(bad(format!("its data ({}) cannot be unpacked: {e}", inside.name))),
        }
        let modified = UNIX_EPOCH + Duration::from_nanos(inside.modified);
        // Only spares reading the file again; not every file system can.
        let _ = out.set_modified(modified);
        Ok(())
    })?;
    Ok(())
}

/// A file to be kept inside, with the size and the time of this very content.
pub(super) fn open_source(path: &Path) -> Result<(File, Stamp)> {
    let file = File::open(path).map_err(|e| Error::read(path, e))?;
    let meta = file.metadata().map_err(|e| Error::read(path, e))?;
    if !meta.is_file() {
        return Err(Error::read(path, "it is no file"));
    }
    Ok((file, Stamp::new(&meta)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_folder_are_named_from_it() {
        let folder = Some(Path::new("/home/a"));
        let from = |path: &str| from_folder(Path::new(path), folder).display().to_string();
        assert_eq!(from("/home/a/shop.csv"), "shop.csv");
        assert_eq!(from("/home/a/data/shop.csv"), "data/shop.csv");
        assert_eq!(from("/home/ab/shop.csv"), "/home/ab/shop.csv");
        assert_eq!(from("/home/a"), "/home/a");
        assert_eq!(from_folder(Path::new("/home/a/x.csv"), None), Path::new("/home/a/x.csv"));
    }
}
