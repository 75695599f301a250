//! The card of one customer: everything known about them, each number with what it comes from.

mod belonging;
mod picture;
mod purchases;
mod standing;
mod words;

use std::collections::HashSet;

use rayon::prelude::*;

pub use belonging::{Belonging, Pull};
pub use picture::picture;
pub use purchases::{Line, Order, ProductSum, Purchases};
pub use standing::{AxisStanding, Better, Raise, Standing};
pub use words::{better, raise};

use super::Profile;
use crate::clean::{CleanOut, Prepared};
use crate::cluster::Chosen;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::features::FeatureMatrix;
use crate::intake::RolesOut;
use crate::recipe::Recipe;
use crate::rfm::{RfmOut, Unit};

/// What a card is made from.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    pub prepared: &'a Prepared,
    pub roles: &'a RolesOut,
    pub clean: &'a CleanOut,
    pub rfm: &'a RfmOut,
    pub recipe: &'a Recipe,
    /// The clustering of these customers, once it is there.
    pub clusters: Option<(&'a FeatureMatrix, &'a Chosen, &'a [Profile])>,
}

/// Everything known about one customer.
#[derive(Debug, Clone)]
pub struct CustomerCard {
    /// Place in the customer table.
    pub place: u32,
    pub id: String,
    /// `None` for tables without transactions.
    pub purchases: Option<Purchases>,
    /// `None` where nothing is scored.
    pub standing: Option<Standing>,
    /// Every feature, in the order of the table.
    pub features: Vec<FeatureValue>,
    /// `None` while there are no clusters.
    pub belonging: Option<Belonging>,
    /// The named groups the customer is in.
    pub groups: Vec<GroupPlace>,
    /// What is not known, as sentences.
    pub unknown: Vec<String>,
}

/// A feature of the customer, and how it compares with everybody's.
#[derive(Debug, Clone, PartialEq)]
pub struct FeatureValue {
    pub name: String,
    pub label: String,
    pub definition: String,
    pub unit: Unit,
    /// NaN where there is none.
    pub value: f64,
    /// The word it stands for.
    pub word: Option<String>,
    /// Shares (0–1) of all customers with a value whose value is lower, and whose is higher; NaN for words and where
    /// the customer has none.
    pub lower: f64,
    pub higher: f64,
}

/// A named group that the customer is in.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupPlace {
    pub name: String,
    /// Its customers that are in the analysis.
    pub customers: usize,
    /// Place by net spend, the highest is 1; ties share the better place. `None` where the table does not know it.
    pub rank: Option<usize>,
}

/// Customers between two looks at the cancel flag.
const CHUNK: usize = 1 << 15;

/// Everything known about the customer at `place` of the customer table.
///
/// # Errors
/// There is no such customer; [`Error::Cancelled`].
pub fn card(known: &Known, place: u32, ctx: &Ctx) -> Result<CustomerCard> {
    let rfm = known.rfm;
    let id = rfm.customers.ids.get(place as usize).cloned();
    let id = id.ok_or_else(|| Error::data("there is no such customer in the analysis; choose another one"))?;
    let purchases = purchases::of(known, &id, &ctx.part(0.0, 0.5))?;
    let standing = standing::of(rfm, &known.recipe.rfm, place as usize);
    let features = features(rfm, place as usize, &ctx.part(0.5, 0.7))?;
    let belonging = match known.clusters {
        Some((matrix, chosen, profiles)) => {
            belonging::of(rfm, matrix, chosen, profiles, place as usize, &ctx.part(0.7, 0.9))?
        }
        None => None,
    };
    let groups = groups(known, place as usize, &id, &ctx.part(0.9, 1.0))?;
    let mut unknown = Vec::new();
    if purchases.is_none() {
        unknown.push("The table has one row per customer: single purchases, products and dates are not known.".into());
    }
    match rfm.scores.len() {
        0 => unknown.push("Recency, frequency and monetary are not known, so there are no RFM scores.".into()),
        2 => unknown.push("What customers spent is not known, so there is no monetary score.".into()),
        _ => {}
    }
    if belonging.is_none() {
        unknown.push("Clusters are not there yet.".into());
    }
    Ok(CustomerCard { place, id, purchases, standing, features, belonging, groups, unknown })
}

fn features(rfm: &RfmOut, place: usize, ctx: &Ctx) -> Result<Vec<FeatureValue>> {
    let all = &rfm.customers.features;
    let one = |(i, f): (usize, &crate::rfm::Feature)| {
        ctx.tick(i, all.len())?;
        let value = f.values[place];
        let word = f.names.as_ref().and_then(|names| names.get(value as usize).filter(|_| value >= 0.0).cloned());
        let (lower, higher) = match f.names.is_some() || value.is_nan() {
            true => (f64::NAN, f64::NAN),
            false => shares(&f.values, value),
        };
        let (name, label, definition) = (f.name.clone(), f.label.clone(), f.definition.clone());
        Ok(FeatureValue { name, label, definition, unit: f.unit, value, word, lower, higher })
    };
    all.iter().enumerate().map(one).collect()
}

/// The shares of values that are lower and higher than `value`, of those that are numbers.
fn shares(values: &[f64], value: f64) -> (f64, f64) {
    let count = |chunk: &[f64]| {
        chunk.iter().fold([0usize; 3], |[l, h, n], v| {
            [l + usize::from(*v < value), h + usize::from(*v > value), n + usize::from(!v.is_nan())]
        })
    };
    let sum = |a: [usize; 3], b: [usize; 3]| [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
    let [lower, higher, n] = values.par_chunks(CHUNK).map(count).reduce(|| [0; 3], sum);
    (lower as f64 / n as f64, higher as f64 / n as f64)
}

/// The groups with this customer, and the customer's place in each.
fn groups(known: &Known, place: usize, id: &str, ctx: &Ctx) -> Result<Vec<GroupPlace>> {
    let (ids, spent) = (&known.rfm.customers.ids, known.rfm.customers.monetary());
    let groups = known.recipe.customers.groups.iter();
    let mine = groups.filter(|g| g.ids.ids().binary_search_by(|i| i.as_str().cmp(id)).is_ok());
    let one = |group: &crate::recipe::Group| {
        ctx.tick(0, 1)?;
        let members: HashSet<&str> = group.ids.ids().iter().map(String::as_str).collect();
        let count = |(i, ids): (usize, &[String])| {
            let spends_more = |c: usize| spent.get(c).is_some_and(|s| *s > spent[place]);
            ids.iter()
                .enumerate()
                .filter(|(_, id)| members.contains(id.as_str()))
                .fold((0, 0), |(n, more), (j, _)| (n + 1, more + usize::from(spends_more(i * CHUNK + j))))
        };
        let (customers, more) =
            ids.par_chunks(CHUNK).enumerate().map(count).reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
        let rank = (!spent.is_empty()).then_some(more + 1);
        Ok(GroupPlace { name: group.name.clone(), customers, rank })
    };
    mine.map(one).collect()
}
