//! Two dates: who moved from which segment to which.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::count::rfm_of;
use super::movement::{Ranks, ranks};
use super::scored::empty_scores;
use super::{RfmOut, SegmentMap};
use crate::clean::{self, CleanOut, Prepared, Transactions, natural};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::exact::ExactSum;
use crate::format::plural;
use crate::intake::RolesOut;
use crate::intake::dates::{date_of, day_number};
use crate::recipe::{Recipe, Returns, Rfm};

/// Stands for the segment of customers who had bought before the earlier date and were not counted on it: nothing of
/// it lay in the window, or nothing was left of their spend. They are not new.
pub const INACTIVE: u8 = u8::MAX;

/// Customers of two snapshots of the same transactions, each scored as it would have been on its day.
#[derive(Debug, Clone)]
pub struct Migration {
    /// The earlier and the later snapshot date.
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub map: Arc<SegmentMap>,
    /// Everybody who is in either snapshot, in natural order of ids.
    pub customers: Vec<Moved>,
    /// Sums per pair of segments, from the most valuable pair; every customer is in exactly one.
    pub cells: Vec<MigrationCell>,
    /// Which segments are better than which.
    pub ranks: Ranks,
    /// What was decided or left out, as sentences.
    pub notes: Vec<String>,
}

/// One customer at both dates.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    pub id: String,
    /// Place in the customer table of the analysis (the snapshot in force); `None` if not in it.
    pub place: Option<u32>,
    /// Index into the map's segments, or [`INACTIVE`]; `None`: not there at that date.
    pub from: Option<u8>,
    pub to: Option<u8>,
    /// Net spend up to each date (within the window, where there is one); 0 where not there.
    pub spent_before: f64,
    pub spent_after: f64,
}

impl Moved {
    /// Net spend at the later date; at the earlier one for those who are gone.
    pub fn revenue(&self) -> f64 {
        if self.to.is_some() { self.spent_after } else { self.spent_before }
    }
}

/// One cell of the migration matrix.
#[derive(Debug, Clone, PartialEq)]
pub struct MigrationCell {
    /// Index into the map's segments, or [`INACTIVE`]; `None`: new, respectively gone.
    pub from: Option<u8>,
    pub to: Option<u8>,
    pub customers: usize,
    /// Net spend at the later date; at the earlier one for those who are gone.
    pub revenue: f64,
}

/// Compares the snapshot in force with that of [`crate::recipe::Rfm::compare_to`]; `None` where there is no such date.
///
/// The other date is counted from the same file by the same rules. Cancellations that are matched with purchases are
/// matched again, as on an earlier day nobody knew of later ones. Quantiles are those of the date; cut points given by
/// hand hold for both.
///
/// # Errors
/// The table has no transactions, both dates are the same day, the other date lies before all purchases or leaves no
/// customer; [`crate::error::Error::Cancelled`].
pub fn compare(
    prepared: &Prepared,
    roles: &RolesOut,
    clean: &CleanOut,
    now: &RfmOut,
    recipe: &Recipe,
    ctx: &Ctx,
) -> Result<Option<Migration>> {
    let Some(other) = recipe.rfm.compare_to else { return Ok(None) };
    let Some(today) = now.snapshot.filter(|_| !roles.shape.is_of_customers()) else {
        return Err(Error::data(format!(
            "nothing can be compared with {other}: the table has one row per customer, and two dates need the purchases \
             with their dates"
        )));
    };
    if other == today {
        return Err(Error::data(format!(
            "{other} is the snapshot date itself; choose an earlier or a later day to compare with"
        )));
    }
    let t = &clean.transactions;
    let first = t.day.iter().zip(&t.purchase).filter(|(_, purchase)| **purchase).map(|(day, _)| *day).min();
    if let Some(first) = first.map(date_of).filter(|first| other < *first) {
        return Err(Error::data(format!(
            "the date to compare with, {other}, lies before the first purchase on {first}; choose a later one"
        )));
    }
    let matched = recipe.clean.returns == Returns::Match;
    let again = match matched {
        true => Some(
            clean::clean_prepared(prepared, roles, &recipe.clean, Some(other), &ctx.part(0.0, 0.5))
                .map_err(at(other))?,
        ),
        false => None,
    };
    let choice = Rfm { snapshot: Some(other), compare_to: None, ..recipe.rfm.clone() };
    let there = again.as_ref().unwrap_or(clean);
    let then = rfm_of(there, &choice, &recipe.clean, &recipe.customers, &ctx.part(0.5, 0.9)).map_err(at(other))?;

    let (before, after) = if other < today { (&then, now) } else { (now, &then) };
    let mut customers = merge(before, after, other < today, &ctx.part(0.9, 1.0))?;
    // What is known on the earlier day is what its own cleaning left.
    let known = if other < today { &there.transactions } else { t };
    tell_inactive_from_new(&mut customers, known, day_number(other.min(today)));
    let cells = cells(&customers, now.map.segments.len());
    let ranks = ranks(&now.map, after);
    let (from, to) = (other.min(today), other.max(today));
    let mut notes = notes(recipe, from, to, &customers);
    if let Some(last) = now.last_day.filter(|last| (to - *last).num_days() > 1) {
        let days = plural((to - last).num_days() as usize, "day", "days");
        notes.push(format!("{to} lies {days} after the last transaction: nothing is known of what was bought since."));
    }
    notes.push(ranks.note());
    notes.extend(empty_scores(&then.customers, &then.scores).into_iter().map(|text| format!("On {other}: {text}")));
    ctx.tick(1, 1)?;
    Ok(Some(Migration { from, to, map: now.map.clone(), customers, cells, ranks, notes }))
}

/// Says at which date something went wrong.
fn at(date: NaiveDate) -> impl Fn(Error) -> Error {
    move |error| match error {
        Error::Data(why) => Error::Data(format!("nothing can be compared with {date}: {why}")),
        other => other,
    }
}

/// Everybody of both dates, once. `after_is_now`: whether the later date is the snapshot in force.
fn merge(before: &RfmOut, after: &RfmOut, after_is_now: bool, ctx: &Ctx) -> Result<Vec<Moved>> {
    let [a, b] = [before, after].map(|out| &out.customers);
    let numbers = |ids: &[String]| ids.iter().all(|id| id.bytes().all(|c| c.is_ascii_digit()));
    let in_order = |ids: &[String]| ids.is_sorted_by(|x, y| natural(x, y, true).is_le());
    // As cleaning sorted them: by number only where no id of the file is a text.
    let digits = [a, b].iter().all(|t| numbers(&t.ids) && in_order(&t.ids));
    let money = |table: &super::CustomerTable, i: usize| table.monetary().get(i).copied().unwrap_or(0.0);
    let mut out = Vec::with_capacity(a.len().max(b.len()));
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if out.len().is_multiple_of(1 << 13) {
            ctx.tick(i + j, a.len() + b.len())?;
        }
        let order = match (a.ids.get(i), b.ids.get(j)) {
            (Some(x), Some(y)) => natural(x, y, digits),
            (Some(_), None) => std::cmp::Ordering::Less,
            _ => std::cmp::Ordering::Greater,
        };
        let (was, is) = (order.is_le().then_some(i), order.is_ge().then_some(j));
        let place = if after_is_now { is } else { was };
        let id = was.map_or_else(|| &b.ids[j], |i| &a.ids[i]);
        out.push(Moved {
            id: id.clone(),
            place: place.map(|place| place as u32),
            from: was.map(|i| before.segment[i]),
            to: is.map(|j| after.segment[j]),
            spent_before: was.map_or(0.0, |i| money(a, i)),
            spent_after: is.map_or(0.0, |j| money(b, j)),
        });
        (i, j) = (i + usize::from(was.is_some()), j + usize::from(is.is_some()));
    }
    Ok(out)
}

/// Whoever had a purchase up to the earlier date was seen then, counted or not.
fn tell_inactive_from_new(customers: &mut [Moved], t: &Transactions, earlier: i32) {
    let mut seen = vec![false; t.customers.len()];
    for (row, &customer) in t.customer.iter().enumerate() {
        seen[customer as usize] |= t.purchase[row] && t.day[row] <= earlier;
    }
    let seen: HashSet<&str> = t.customers.iter().zip(&seen).filter(|(_, s)| **s).map(|(id, _)| id.as_str()).collect();
    for moved in customers.iter_mut().filter(|moved| moved.from.is_none()) {
        if seen.contains(moved.id.as_str()) {
            moved.from = Some(INACTIVE);
        }
    }
}

/// The sums of each pair, most revenue first, then most customers, then in the order of the map.
fn cells(customers: &[Moved], segments: usize) -> Vec<MigrationCell> {
    let side = segments + 2;
    let place = |segment: Option<u8>| match segment {
        None => segments + 1,
        Some(INACTIVE) => segments,
        Some(segment) => usize::from(segment),
    };
    let mut sums = vec![(0usize, ExactSum::default()); side * side];
    for moved in customers {
        let (n, revenue) = &mut sums[place(moved.from) * side + place(moved.to)];
        *n += 1;
        revenue.add(moved.revenue());
    }
    let segment = |place: usize| match place.cmp(&segments) {
        std::cmp::Ordering::Less => Some(place as u8),
        std::cmp::Ordering::Equal => Some(INACTIVE),
        std::cmp::Ordering::Greater => None,
    };
    let mut out: Vec<MigrationCell> = sums
        .into_iter()
        .enumerate()
        .filter(|(_, (n, _))| *n > 0)
        .map(|(i, (customers, revenue))| MigrationCell {
            from: segment(i / side),
            to: segment(i % side),
            customers,
            revenue: revenue.value(),
        })
        .collect();
    // Stable, so that equal cells stay in the order of the map.
    out.sort_by(|a, b| b.revenue.total_cmp(&a.revenue).then(b.customers.cmp(&a.customers)));
    out
}

fn notes(recipe: &Recipe, from: NaiveDate, to: NaiveDate, customers: &[Moved]) -> Vec<String> {
    let rfm = &recipe.rfm;
    let given = [("recency", &rfm.recency_cuts), ("frequency", &rfm.frequency_cuts), ("monetary", &rfm.monetary_cuts)];
    let given: Vec<&str> = given.into_iter().filter(|(_, cuts)| cuts.is_some()).map(|(axis, _)| axis).collect();
    let mut out = Vec::new();
    if given.len() < 3 {
        out.push(
            "Each date is scored by the quantiles of its own customers, as it would have been on its day: whoever moved may \
             have changed, or been overtaken by others."
                .to_string(),
        );
    }
    if !given.is_empty() {
        out.push(format!("The cut points of {} that you gave hold for both dates.", given.join(" and ")));
    }
    if recipe.clean.returns == Returns::Match {
        out.push(format!("Cancellations after {from} are unknown on that day: they were matched for each date anew."));
    }
    if let Some(days) = rfm.window_days {
        out.push(format!("Each date looks back {} days.", crate::format::count(days as usize)));
    }
    let inactive = customers.iter().filter(|moved| moved.from == Some(INACTIVE)).count();
    if inactive > 0 {
        out.push(format!(
            "{} bought before {from}, but nothing of it counted on that day (outside the window, or nothing left of the \
             spend): inactive then, not new.",
            plural(inactive, "customer", "customers")
        ));
    }
    let gone = customers.iter().filter(|moved| moved.to.is_none()).count();
    if gone > 0 && rfm.window_days.is_none() {
        out.push(format!(
            "{} gone: nothing is left of what they spent once returns up to {to} are taken off.",
            plural(gone, "customer is", "customers are")
        ));
    }
    out
}
