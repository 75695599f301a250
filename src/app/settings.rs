//! What the user prefers in every analysis: kept in a small file of its own, never part of a recipe.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::export;
use crate::recipe::{Numbers, Presentation};

/// Files that are listed as recent at most.
pub const MOST_RECENT: usize = 12;

/// What is remembered of the palette at most.
const MOST_USED: usize = 24;

/// Which colours the window has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ThemeChoice {
    #[default]
    Dark,
    Light,
    /// As the system has it.
    System,
}

/// The settings of the window.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: ThemeChoice,
    /// How new analyses write numbers.
    pub numbers: Numbers,
    /// The currency sign of new analyses; unset: that of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Threads for computing, from the next start; unset: one per core.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threads: Option<usize>,
    /// Whether the explanations are open.
    pub explain: bool,
    /// Steps of the newcomers' list that were done, and whether it was put away.
    pub steps_done: Vec<String>,
    pub checklist_away: bool,
    /// Projects and files opened last, newest first.
    pub recent: Vec<PathBuf>,
    /// Nothing moves by itself: things appear and go at once.
    pub still: bool,
    /// What was taken from the command palette last, newest first.
    pub used: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            theme: ThemeChoice::default(),
            numbers: Numbers::default(),
            currency: None,
            threads: None,
            explain: true,
            steps_done: Vec::new(),
            checklist_away: false,
            recent: Vec::new(),
            still: false,
            used: Vec::new(),
        }
    }
}

impl Settings {
    /// The settings in `file`; the defaults where there is none or it cannot be read, as nobody should be kept from work
    /// by them.
    pub fn load(file: &Path) -> Settings {
        std::fs::read_to_string(file).ok().and_then(|text| toml::from_str(&text).ok()).unwrap_or_default()
    }

    /// Writes them whole or not at all.
    ///
    /// # Errors
    /// [`Error::Write`].
    pub fn save(&self, file: &Path) -> Result<()> {
        if let Some(folder) = file.parent() {
            std::fs::create_dir_all(folder).map_err(|e| Error::write(folder, e))?;
        }
        let text = toml::to_string(self).expect("settings hold only values that TOML can write");
        export::write_file(file, |out| out.write_all(text.as_bytes())).map(drop)
    }

    /// How a new analysis is presented.
    pub fn presentation(&self) -> Presentation {
        Presentation { numbers: self.numbers, currency: self.currency.clone(), ..Presentation::default() }
    }

    /// The defaults, but for what was opened and done so far.
    pub fn reset(&self) -> Settings {
        let Settings { steps_done, checklist_away, recent, used, .. } = self.clone();
        Settings { steps_done, checklist_away, recent, used, ..Settings::default() }
    }

    /// Puts what was taken from the palette at the head of what was taken last.
    pub fn took(&mut self, what: String) {
        self.used.retain(|u| *u != what);
        self.used.insert(0, what);
        self.used.truncate(MOST_USED);
    }

    /// Puts a file at the head of the recent ones.
    pub fn opened(&mut self, path: PathBuf) {
        self.recent.retain(|p| *p != path);
        self.recent.insert(0, path);
        self.recent.truncate(MOST_RECENT);
    }
}

/// Computes on as many threads as the settings say, from now on; does nothing once something was computed.
pub fn use_threads(settings: &Settings) {
    if let Some(threads) = settings.threads {
        // Fails where the pool exists already: then it stays as it is until the next start.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_read_back_and_a_broken_file_gives_the_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a/settings.toml");
        assert_eq!(Settings::load(&file), Settings::default());
        let mut settings = Settings { numbers: Numbers::Point, threads: Some(3), ..Settings::default() };
        for i in 0..20 {
            settings.opened(format!("{i}.csv").into());
        }
        settings.opened("15.csv".into());
        assert_eq!((settings.recent.len(), &settings.recent[0]), (MOST_RECENT, &PathBuf::from("15.csv")));
        settings.save(&file).unwrap();
        assert_eq!(Settings::load(&file), settings);
        std::fs::write(&file, "theme = 3").unwrap();
        assert_eq!(Settings::load(&file), Settings::default());
    }
}
