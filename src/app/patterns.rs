//! A team's own names and advice for segments, in place of those that come with the program.

use std::path::PathBuf;

use super::{Action, App};
use crate::profile::Patterns;
use crate::recipe::Recipe;
use crate::worker::FileJob;

impl App {
    /// Decides on the file that names and advice come from; `None`: those of the program. A file that cannot be used is
    /// told and changes nothing.
    pub(super) fn use_patterns(&mut self, path: Option<PathBuf>) {
        let Some(recipe) = self.session.recipe() else { return };
        // A page of text, so that reading it takes no frame.
        if let Some(error) = path.as_deref().and_then(|path| Patterns::load(path).err()) {
            return self.tell(false, error.to_string());
        }
        let mut recipe = Box::new(Recipe::clone(recipe));
        let label = match path.as_deref().and_then(|path| path.file_name()) {
            Some(name) => format!("Use the names and advice of {}", name.to_string_lossy()),
            None => "Use the program's names and advice".into(),
        };
        recipe.segments.patterns = path;
        self.apply(Action::Decide { label, recipe, merge: false });
    }

    /// Writes the names and advice in force where the user wants them, to be edited.
    pub(super) fn save_patterns(&self) {
        let own = self.session.recipe().and_then(|recipe| recipe.segments.patterns.clone());
        self.dialogs.save_file(FileJob::new("advice.toml", move |out| match &own {
            Some(path) => out.write_all(&std::fs::read(path)?),
            None => out.write_all(Patterns::SHIPPED.as_bytes()),
        }));
    }
}
