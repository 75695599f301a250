//! The one selection of customers that every table and plot shares, and what can be done with it.

use std::sync::Arc;

use super::explorer::{Found, Purpose};
use super::{Action, App};
use crate::chart::{Chart, Pointed};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::explore::{self, Question};
use crate::export;
use crate::format;
use crate::recipe::{Group, IdList, Recipe};
use crate::rfm::RfmOut;
use crate::worker::FileJob;

/// Selected customers: indices into the customer table, ascending.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub customers: Arc<Vec<u32>>,
    /// Where it came from, in words, for example "Champions".
    pub from: String,
}

impl Selection {
    pub fn is_empty(&self) -> bool {
        self.customers.is_empty()
    }

    pub fn len(&self) -> usize {
        self.customers.len()
    }

    /// Whether a customer is selected.
    pub fn contains(&self, customer: u32) -> bool {
        self.customers.binary_search(&customer).is_ok()
    }
}

/// What is being typed about groups of customers.
#[derive(Debug, Clone, Default)]
pub struct GroupsView {
    /// A name for the selection; `None` while nobody gives one.
    pub naming: Option<String>,
    /// Another name for a group, with its place in the recipe.
    pub renaming: Option<(usize, String)>,
}

impl App {
    /// Selects every customer that is not selected, and the other way round.
    pub(super) fn invert_selection(&mut self) {
        let Some(rfm) = self.session.rfm.get().filter(|_| !self.selection.is_empty()) else {
            return self.tell(false, "No customers are selected.".into());
        };
        let mut selected = self.selection.customers.iter().copied().peekable();
        let all = 0..rfm.customers.len() as u32;
        let others: Vec<u32> = all.filter(|c| selected.next_if_eq(c).is_none()).collect();
        let from = match self.selection.from.strip_prefix("Not ") {
            Some(from) => from.to_string(),
            None => format!("Not {}", self.selection.from),
        };
        if others.is_empty() {
            return self.tell(false, "Every customer is selected, so the others are none.".into());
        }
        self.apply(Action::Select(Selection { customers: Arc::new(others), from }));
    }

    /// Selects the customers that a mark or a stretch of a chart stands for, as soon as they are found.
    pub(super) fn pick(&mut self, question: Question, chart: Arc<Chart>, pointed: Pointed, from: String) {
        let Some(subject) = self.explorer.subject().cloned() else { return };
        self.explorer.send(true, move |ctx| {
            let customers = explore::pick(&subject, &question, &chart, pointed, ctx)?;
            Ok(Found::Customers(Selection { customers: Arc::new(customers), from }))
        });
    }

    /// Selects the customers of a group, as far as they belong to the analysis.
    pub(super) fn select_group(&mut self, at: usize) {
        let group = self.session.recipe().and_then(|r| r.customers.groups.get(at)).cloned();
        let (Some(group), Some(rfm)) = (group, self.session.rfm.get().cloned()) else { return };
        self.explorer.send(true, move |ctx| {
            let customers = Arc::new(places(&rfm.customers.ids, &group.ids, ctx)?);
            Ok(Found::Customers(Selection { customers, from: group.name }))
        });
    }

    /// Makes a list of the selected ids and does with it what it was made for.
    pub(super) fn list_selection(&mut self, purpose: Purpose) {
        let Some(rfm) = self.session.rfm.get().filter(|_| !self.selection.is_empty()).cloned() else {
            return self.tell(false, "No customers are selected.".into());
        };
        if purpose == Purpose::Without && self.selection.len() == rfm.customers.len() {
            return self.tell(false, "Every customer is selected; nobody would be left.".into());
        }
        let customers = self.selection.customers.clone();
        self.explorer.send(false, move |_| {
            let ids = customers.iter().map(|&c| rfm.customers.ids[c as usize].clone());
            Ok(Found::Ids(IdList::new(ids.collect()), purpose))
        });
    }

    /// Writes the selected customers with all that is known of each.
    pub(super) fn export_selection(&mut self) {
        let Some(rfm) = self.session.rfm.get().filter(|_| !self.selection.is_empty()).cloned() else {
            return self.tell(false, "No customers are selected.".into());
        };
        let clusters = match (self.session.chosen.ready(), self.session.profiles.ready()) {
            (Some(chosen), Some(profiles)) => Some((chosen.clone(), profiles.clone())),
            _ => None,
        };
        let customers = self.selection.customers.clone();
        let whom = self.session.recipe().map(|r| r.outputs.csv).unwrap_or_default();
        let name = format!("{}.csv", file_name(&self.selection.from));
        self.apply(Action::Save(FileJob::new(name, move |out| {
            let clusters = clusters.as_ref().map(|(chosen, profiles)| (&**chosen, profiles.as_slice()));
            export::write_customers(&rfm, clusters, &customers, whom, out)
        })));
    }

    /// Everybody belongs to the analysis again.
    pub(super) fn lift_limits(&mut self) {
        if let Some(recipe) = self.session.recipe().filter(|r| r.customers.limits()) {
            let mut recipe = Box::new(Recipe::clone(recipe));
            recipe.customers.only = None;
            recipe.customers.without = IdList::default();
            self.apply(Action::Decide { label: "Analyse all customers again".into(), recipe, merge: false });
        }
    }

    /// Another customer table is in force: its places are others, its customers may be the same.
    pub(super) fn carry_selection(&mut self, before: &RfmOut, now: &Arc<RfmOut>) {
        if self.selection.is_empty() || Arc::ptr_eq(&before.customers.ids, &now.customers.ids) {
            return;
        }
        let Selection { customers, from } = std::mem::take(&mut self.selection);
        let (before, now) = (before.customers.ids.clone(), now.customers.ids.clone());
        self.explorer.send(true, move |ctx| {
            let ids = IdList::new(customers.iter().map(|&c| before[c as usize].clone()).collect());
            let places = places(&now, &ids, ctx)?;
            // Those whom the analysis is limited to now need no mark.
            let customers = if places.len() == now.len() { Vec::new() } else { places };
            Ok(Found::Again(Selection { customers: Arc::new(customers), from }))
        });
    }

    /// Takes in what the explorer's errands brought back.
    pub(super) fn found(&mut self, found: Result<Found>) {
        match found {
            Ok(Found::Customers(selection)) if selection.is_empty() => {
                self.tell(false, format!("{}: no customer of the analysis is there.", selection.from));
            }
            Ok(Found::Customers(selection) | Found::Again(selection)) => self.selection = selection,
            Ok(Found::Ids(ids, purpose)) => self.decide_on(ids, purpose),
            Err(error) => self.tell(false, error.to_string()),
        }
    }

    fn decide_on(&mut self, ids: IdList, purpose: Purpose) {
        let Some(recipe) = self.session.recipe() else { return };
        let mut recipe = Box::new(Recipe::clone(recipe));
        let many = format::plural(ids.len(), "customer", "customers");
        let label = match purpose {
            Purpose::Group(name) => {
                let label = format!("Name {many} “{name}”");
                self.selection.from.clone_from(&name);
                match recipe.customers.groups.iter_mut().find(|g| g.name == name) {
                    Some(group) => group.ids = ids,
                    None => recipe.customers.groups.push(Group { name, ids }),
                }
                label
            }
            Purpose::Only => {
                recipe.customers.only = Some(ids);
                format!("Keep only {many}")
            }
            Purpose::Without => {
                let before = recipe.customers.without.ids().iter().cloned();
                recipe.customers.without = IdList::new(before.chain(ids.ids().iter().cloned()).collect());
                format!("Leave out {many}")
            }
        };
        self.apply(Action::Decide { label, recipe, merge: false });
    }
}

/// Places in `all` of the ids in `wanted`.
fn places(all: &[String], wanted: &IdList, ctx: &Ctx) -> Result<Vec<u32>> {
    let mut places = Vec::with_capacity(wanted.len());
    for (i, id) in all.iter().enumerate() {
        if i.is_multiple_of(1 << 14) {
            ctx.tick(i, all.len())?;
        }
        if wanted.ids().binary_search_by(|w| w.as_str().cmp(id)).is_ok() {
            places.push(i as u32);
        }
    }
    Ok(places)
}

/// Words as the name of a file: nothing that a file system cannot take.
fn file_name(words: &str) -> String {
    let kept: String =
        words.chars().map(|c| if c.is_alphanumeric() || "-_.,()".contains(c) { c } else { ' ' }).collect();
    let short: String = kept.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(60).collect();
    if short.is_empty() { "Selected customers".into() } else { short }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_found_in_the_order_of_the_table() {
        let all: Vec<String> = ["2", "10", "100", "a"].map(String::from).into();
        let wanted = IdList::new(["a", "10", "gone"].map(String::from).into());
        assert_eq!(places(&all, &wanted, &Ctx::silent()).unwrap(), [1, 3]);
    }

    #[test]
    fn names_of_selections_become_names_of_files() {
        assert_eq!(file_name("Champions (R 5, F 5)"), "Champions (R 5, F 5)");
        assert_eq!(file_name("Amount 1/2: \"x\""), "Amount 1 2 x");
        assert_eq!(file_name("…"), "Selected customers");
    }
}
