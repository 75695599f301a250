//! How segments are made up by the words of a table with one row per customer.

use rayon::prelude::*;

use super::columns::{of_words, words};
use super::of;
use crate::clean::Transactions;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::{Column, Role};
use crate::profile::counted::Counted;
use crate::profile::portray::Known;
use crate::profile::{Profile, Top, Tops};
use crate::rfm;

/// Columns that are looked at, and the most values of one.
const MOST_LOOKED_AT: usize = 32;
const MOST_VALUES: usize = 50;
/// Columns that are told of: those in which segments differ most.
const MOST_TOLD: usize = 3;

/// Per column of words the leading values of every slot, by customers.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn people(known: &Known, clusters: &[Profile], rfm: &[Profile], ctx: &Ctx) -> Result<Vec<Vec<Tops>>> {
    let table = known.prepared.left();
    let ids = &known.rfm.customers.ids;
    let row = rfm::rows_of(&table, known.roles, ids, ctx)?;
    let n = row.len();
    let t = Transactions {
        customers: ids.to_vec(),
        row,
        customer: (0..n as u32).collect(),
        day: vec![0; n],
        invoice: Vec::new(),
        amount: vec![1.0; n],
        purchase: vec![true; n],
    };
    let counted = Counted::of_people(&t, clusters, rfm);
    let sizes = clusters.iter().chain(rfm).map(|p| p.customers).chain([n]);
    let sizes: Vec<f64> = sizes.map(|customers| customers as f64).collect();
    let mut used: Vec<&str> = Role::ALL.iter().filter_map(|role| known.roles.column(*role)).collect();
    used.extend(known.roles.shape.id.as_deref());
    let candidates = of_words(&table, &used, MOST_VALUES, MOST_LOOKED_AT);
    let one = |column: &&Column| of(&words(column, ctx)?, &counted, &sizes, ctx);
    let mut found: Vec<Vec<Tops>> = candidates.par_iter().map(one).collect::<Result<_>>()?;
    let telling = |of_slots: &Vec<Tops>| of_slots[..clusters.len()].iter().map(apart).fold(0.0, f64::max);
    found.sort_by(|a, b| telling(b).total_cmp(&telling(a)));
    found.truncate(MOST_TOLD);
    // The amounts were customers.
    found.iter_mut().flatten().flat_map(|tops| &mut tops.list).for_each(|top| top.amount = f64::NAN);
    Ok(found)
}

/// How far the shares of a segment are from everyone's.
fn apart(tops: &Tops) -> f64 {
    let one = |top: &Top| if top.lift > 0.0 { (top.share - top.share / top.lift).abs() } else { 0.0 };
    tops.list.iter().map(one).sum()
}
