//! Text from the clipboard as a file, so that a recipe can name it and the analysis can be run again.

use std::hash::BuildHasher;
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::export;

/// Saves a table that was copied (spreadsheets copy cells with tabs between them) as a file in `folder`. The same
/// text gives the same file.
///
/// # Errors
/// A text that is no table, as it has a single cell or line; a folder that cannot be written.
pub fn save(text: &str, folder: &Path) -> Result<PathBuf> {
    let lines = text.lines().filter(|l| !l.trim().is_empty()).count();
    if lines < 2 {
        return Err(Error::data(
            "The clipboard holds no table: copy the cells of a spreadsheet with the row of their names, then paste again.",
        ));
    }
    std::fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))?;
    let mark = foldhash::quality::FixedState::with_seed(7).hash_one(text);
    let extension = if text.contains('\t') { "tsv" } else { "csv" };
    let path = folder.join(format!("pasted {:08x}.{extension}", mark as u32));
    export::write_file(&path, |file| file.write_all(text.as_bytes()))?;
    Ok(path)
}
