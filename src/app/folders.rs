//! Where the program keeps what is its own: settings, unsaved work, what can be made again.

use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::export;

/// The sample shop as a file of its own in the user's cache folder, written when it is not there yet.
pub(super) fn sample_file() -> Result<PathBuf> {
    const SHOP: &[u8] = include_bytes!("../../sample_data/shop.csv");
    let path = cache_folder()?.join("sample shop.csv");
    if std::fs::metadata(&path).map(|m| m.len()).unwrap_or(0) != SHOP.len() as u64 {
        export::write_file(&path, |file| file.write_all(SHOP))?;
    }
    Ok(path)
}

/// The file where the user's settings are kept; `None` where the system has no place for them.
pub fn settings_file() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "quintile").map(|d| d.config_dir().join("settings.toml"))
}

/// The folder where unsaved work is written down; `None` where the system has no place for it.
pub fn work_folder() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "quintile").map(|d| d.data_local_dir().join("unsaved"))
}

/// The user's folder for files that can be made again.
pub(crate) fn cache_folder() -> Result<PathBuf> {
    let folder = directories::ProjectDirs::from("", "", "quintile")
        .map_or_else(|| std::env::temp_dir().join("quintile"), |d| d.cache_dir().to_path_buf());
    std::fs::create_dir_all(&folder).map_err(|e| Error::write(&folder, e))?;
    Ok(folder)
}
