//! Undo and redo: a named list of recipes with a place in it. Recipes are small, so each entry is whole.

use std::sync::Arc;

use super::Recipe;

/// One decision: what it was, and the recipe after it.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What the user did, for example "Set k to 5".
    pub label: String,
    pub recipe: Arc<Recipe>,
}

/// The list of decisions and the present place in it.
#[derive(Debug, Clone)]
pub struct History {
    entries: Vec<Entry>,
    at: usize,
}

impl History {
    /// A history that starts with `recipe`.
    pub fn new(label: impl Into<String>, recipe: Recipe) -> Self {
        History { entries: vec![Entry { label: label.into(), recipe: Arc::new(recipe) }], at: 0 }
    }

    /// A history of these entries with the one at `at` in force; `None` where there is no such entry.
    pub fn restored(entries: Vec<Entry>, at: usize) -> Option<Self> {
        (at < entries.len()).then_some(History { entries, at })
    }

    /// The same history of other recipes: `change` is done to each of them, and the labels stay.
    pub fn mapped(&self, change: impl Fn(&Recipe) -> Recipe) -> Self {
        let entry = |e: &Entry| Entry { recipe: Arc::new(change(&e.recipe)), ..e.clone() };
        History { entries: self.entries.iter().map(entry).collect(), at: self.at }
    }

    /// The recipe in force.
    pub fn recipe(&self) -> &Arc<Recipe> {
        &self.entries[self.at].recipe
    }

    /// Records a decision and forgets what had been undone. A decision that changes nothing leaves no
    /// trace; one of the same thing as the last replaces it when `merge` is set (a slider being dragged): labels are of
    /// the same thing when they are equal up to their last " to ", so that they can end with the new value.
    /// Returns whether the recipe changed.
    pub fn push(&mut self, label: impl Into<String>, recipe: Recipe, merge: bool) -> bool {
        if recipe == **self.recipe() {
            return false;
        }
        let entry = Entry { label: label.into(), recipe: Arc::new(recipe) };
        self.entries.truncate(self.at + 1);
        let thing = |label: &str| label.rsplit_once(" to ").map_or(label, |(thing, _)| thing).to_string();
        if merge && self.at > 0 && thing(&self.entries[self.at].label) == thing(&entry.label) {
            self.entries[self.at] = entry;
        } else {
            self.entries.push(entry);
            self.at += 1;
        }
        true
    }

    /// One step back; returns the label of what was undone.
    pub fn undo(&mut self) -> Option<&str> {
        if self.at == 0 {
            return None;
        }
        self.at -= 1;
        Some(&self.entries[self.at + 1].label)
    }

    /// One step forward; returns the label of what was done again.
    pub fn redo(&mut self) -> Option<&str> {
        if self.at + 1 >= self.entries.len() {
            return None;
        }
        self.at += 1;
        Some(&self.entries[self.at].label)
    }

    pub fn can_undo(&self) -> bool {
        self.at > 0
    }

    pub fn can_redo(&self) -> bool {
        self.at + 1 < self.entries.len()
    }

    /// All entries, oldest first, and the index of the one in force.
    pub fn entries(&self) -> (&[Entry], usize) {
        (&self.entries, self.at)
    }

    /// Travels to an entry. Does nothing when there is no such entry.
    pub fn go_to(&mut self, index: usize) {
        if index < self.entries.len() {
            self.at = index;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_seed(seed: u64) -> Recipe {
        let mut recipe = Recipe::default();
        recipe.cluster.seed = seed;
        recipe
    }

    #[test]
    fn undo_and_redo_walk_the_list_and_a_new_decision_forgets_what_was_undone() {
        let mut history = History::new("Start", with_seed(0));
        assert!(history.push("Seed", with_seed(1), false));
        assert!(history.push("Seed", with_seed(2), false));
        assert!(!history.push("Seed", with_seed(2), false), "no change, no entry");
        assert_eq!(history.undo(), Some("Seed"));
        assert_eq!(history.recipe().cluster.seed, 1);
        assert_eq!(history.redo(), Some("Seed"));
        history.undo();
        history.push("Other", with_seed(9), false);
        assert!(!history.can_redo());
        assert_eq!(history.entries().0.len(), 3);
    }

    #[test]
    fn a_drag_is_one_entry() {
        let mut history = History::new("Start", with_seed(0));
        for seed in 1..20 {
            history.push(format!("Set the seed to {seed}"), with_seed(seed), true);
        }
        assert_eq!(history.entries().0.len(), 2);
        assert_eq!(history.undo(), Some("Set the seed to 19"));
        assert_eq!(history.recipe().cluster.seed, 0);
        history.redo();
        history.push("Set the restarts to 20", with_seed(30), true);
        assert_eq!(history.entries().0.len(), 3, "another thing is another entry");
    }
}
