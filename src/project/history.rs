//! Recipes one after the other, each stored as what it changes.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::form::{EntryForm, HistoryForm};
use super::lists::{Lists, put_back};
use super::values;
use crate::error::{Error, Result};
use crate::recipe::{Entry, FORMAT_VERSION, History, IdList, Recipe};

/// A chain of recipes being written or read.
#[derive(Default)]
pub(super) struct Chain {
    before: Map<String, Value>,
}

impl Chain {
    /// The sections in which `recipe` differs from the one before.
    ///
    /// # Errors
    /// [`Error::Recipe`] where a value cannot be written down, such as a path that is no text.
    pub fn write(&mut self, recipe: &Recipe, lists: &mut Lists) -> Result<Map<String, Value>> {
        let whole = toml::Value::try_from(lists.take_out(recipe))
            .map_err(|e| Error::Recipe(format!("the recipe cannot be written down: {e}")))?;
        let Value::Object(whole) = values::of_toml(whole) else {
            return Err(Error::Recipe("the recipe cannot be written down".into()));
        };
        let changed = |(k, v): &(&String, &Value)| self.before.get(*k) != Some(*v);
        let set = whole.iter().filter(changed).map(|(k, v)| (k.clone(), v.clone())).collect();
        self.before = whole;
        Ok(set)
    }

    /// The recipe that differs from the one before by `set`. The reason why there is none otherwise.
    pub fn read(&mut self, set: Map<String, Value>, lists: &[IdList]) -> std::result::Result<Recipe, String> {
        self.before.extend(set);
        let version = self.before.get("version").and_then(Value::as_u64).unwrap_or(1);
        if version > u64::from(FORMAT_VERSION) {
            return Err(format!(
                "its recipe has format version {version}, but this Quintile knows versions up to {FORMAT_VERSION}; \
                 update Quintile to use it"
            ));
        }
        let fields = self.before.iter().map(|(k, v)| Some((k.clone(), values::to_toml(v)?)));
        let table: toml::Table = fields.collect::<Option<_>>().ok_or("a recipe in it is damaged")?;
        let mut recipe = Recipe::deserialize(table).map_err(|e| format!("a recipe in it cannot be read: {e}"))?;
        put_back(&mut recipe, lists).ok_or("a list of customers in it is missing")?;
        Ok(recipe)
    }
}

pub(super) fn write(history: &History, lists: &mut Lists, chain: &mut Chain) -> Result<HistoryForm> {
    let (entries, at) = history.entries();
    let form = |entry: &Entry| Ok(EntryForm { label: entry.label.clone(), set: chain.write(&entry.recipe, lists)? });
    Ok(HistoryForm { at, entries: entries.iter().map(form).collect::<Result<_>>()? })
}

/// The history, and the reason why there is none otherwise.
pub(super) fn read(
    form: HistoryForm,
    lists: &[IdList],
    chain: &mut Chain,
    place: impl Fn(&mut Recipe),
) -> std::result::Result<History, String> {
    let mut entries: Vec<Entry> = Vec::with_capacity(form.entries.len());
    for entry in form.entries {
        let mut recipe = chain.read(entry.set, lists)?;
        place(&mut recipe);
        entries.push(Entry { label: entry.label, recipe: recipe.into() });
    }
    History::restored(entries, form.at).ok_or_else(|| "its history is empty or damaged".to_string())
}
