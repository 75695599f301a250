//! Customers picked by hand: who belongs to the analysis before anything is scored.

use rayon::prelude::*;

use crate::clean::FunnelStep;
use crate::format::{count, plural};
use crate::recipe::{Customers, IdList};

/// Who was picked, of customers given by their ids.
pub(super) struct Picked {
    /// One per customer; `None` where everybody belongs to the analysis.
    pub keep: Option<Vec<bool>>,
    /// Ids that the recipe names and the data does not have.
    pub warnings: Vec<String>,
}

impl Picked {
    /// Looks every customer up in the lists of the recipe.
    pub fn of(ids: &[String], choice: &Customers) -> Picked {
        if !choice.limits() {
            return Picked { keep: None, warnings: Vec::new() };
        }
        let keep = ids.par_iter().with_min_len(1 << 12).map(|id| choice.has(id)).collect();
        let lists = [choice.only.as_ref().map(|list| (list, "limited to")), Some((&choice.without, "to go without"))];
        let warnings = lists.into_iter().flatten().filter_map(|(list, what)| missing(list, ids, what)).collect();
        Picked { keep: Some(keep), warnings }
    }

    pub fn has(&self, customer: usize) -> bool {
        self.keep.as_ref().is_none_or(|keep| keep[customer])
    }

    /// How many are left out.
    pub fn left_out(&self) -> usize {
        self.keep.iter().flatten().filter(|keep| !**keep).count()
    }

    /// The line of the funnel, with what is left after it.
    pub fn step(&self, rows: usize, customers: usize, amount: f64) -> FunnelStep {
        FunnelStep {
            id: "picked_by_hand".into(),
            step: "Picked by hand".into(),
            rows,
            customers,
            amount,
            note: format!("{} left out", plural(self.left_out(), "customer", "customers")),
            on: true,
            ..FunnelStep::default()
        }
    }
}

/// Says which ids of a list are nobody's.
fn missing(list: &IdList, ids: &[String], what: &str) -> Option<String> {
    let place = |id: &String| list.ids().binary_search(id).ok();
    let found: Vec<usize> = ids.par_iter().with_min_len(1 << 12).filter_map(place).collect();
    let mut known = vec![false; list.len()];
    found.into_iter().for_each(|at| known[at] = true);
    let nobody: Vec<&String> = list.ids().iter().zip(&known).filter(|(_, known)| !**known).map(|(id, _)| id).collect();
    let first = nobody.first()?;
    Some(format!(
        "{} of the {} that the analysis is {what} {} not in the data after cleaning, for example {first:?}.",
        count(nobody.len()),
        plural(list.len(), "customer", "customers"),
        if nobody.len() == 1 { "is" } else { "are" }
    ))
}
