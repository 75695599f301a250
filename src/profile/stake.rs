//! The money that the action for a segment is about: sums of what was, never a forecast.

use rayon::prelude::*;
use serde::Deserialize;

use super::counted::{CHUNK, Counted};
use super::portray::Known;
use super::{Portrait, Profile, Stake};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::format;
use crate::intake::dates::{date_of, day_number};

/// Days that count as a year.
const YEAR: i32 = 365;

/// Which sum it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StakeKind {
    /// No sum that says anything.
    #[default]
    None,
    /// What they spent in the last 365 days before the snapshot date: revenue that depends on them.
    Depends,
    /// What they spent in up to 365 days ending with each one's own last purchase, as far back as the data count, less
    /// returns: revenue that has stopped.
    Gone,
    /// One more order from each at their own average: net spend by number of orders.
    NextOrder,
}

/// What the rows of a slot add up to.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    depends: ExactSum,
    gone: ExactSum,
}

/// Puts the reason and the money at stake into the portraits of the clusters and, after them, of the segments of the map.
/// No stake where nothing is known of money, and where the sum is not above zero.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub(super) fn add(
    known: &Known,
    clusters: &[Profile],
    rfm: &[Profile],
    portraits: &mut [Portrait],
    ctx: &Ctx,
) -> Result<()> {
    let profiles = || clusters.iter().chain(rfm);
    for (portrait, profile) in portraits.iter_mut().zip(profiles()) {
        portrait.reason = profile.reason.clone();
    }
    if !known.rfm.has_money() || profiles().all(|p| p.stake == StakeKind::None) {
        return Ok(());
    }
    let dated = Dated::of(known, clusters, rfm, ctx)?;
    let currency = known.clean.currency.as_deref();
    for (slot, (portrait, profile)) in portraits.iter_mut().zip(profiles()).enumerate() {
        portrait.stake = match profile.stake {
            StakeKind::None => None,
            StakeKind::Depends => dated.depends(slot, profile, currency),
            StakeKind::Gone => dated.gone(slot, profile, currency),
            StakeKind::NextOrder => next_order(known, profile, currency),
        }
        .filter(|stake| stake.amount > 0.0);
    }
    Ok(())
}

/// Sums that need the days of purchases.
struct Dated {
    /// One per slot; empty where the table holds no transactions.
    sums: Vec<Sums>,
    /// The days that are looked back on: a year, or as many as the data hold or as count.
    days: i32,
    /// The last day of that stretch, in words.
    before: String,
}

impl Dated {
    fn of(known: &Known, clusters: &[Profile], rfm: &[Profile], ctx: &Ctx) -> Result<Dated> {
        let counted = Counted::of(known, clusters, rfm);
        let t = counted.t;
        let (n, customers) = (t.day.len(), t.customers.len());
        let Some(today) = known.rfm.snapshot.filter(|_| n > 0) else {
            return Ok(Dated { sums: Vec::new(), days: 0, before: String::new() });
        };
        let mut last = vec![i32::MIN; customers];
        let mut first = i32::MAX;
        for row in 0..n {
            if row % CHUNK == 0 {
                ctx.tick(row, 2 * n)?;
            }
            if counted.has(row) && t.purchase[row] {
                let customer = &mut last[t.customer[row] as usize];
                *customer = (*customer).max(t.day[row]);
                first = first.min(t.day[row]);
            }
        }
        let snapshot = day_number(today);
        let days = YEAR.min(snapshot.saturating_sub(first)).max(1);
        let part = |chunk: usize| {
            ctx.tick(n + chunk * CHUNK, 2 * n)?;
            let mut sums = vec![Sums::default(); counted.slots];
            for row in (chunk * CHUNK..n.min((chunk + 1) * CHUNK)).filter(|&row| counted.has(row)) {
                let (day, amount) = (t.day[row], t.amount[row]);
                let last = last[t.customer[row] as usize];
                // 365 days with the last of them; the snapshot date comes after its days. What was sent back after the
                // last purchase was bought before it.
                let (depends, gone) = ((snapshot - YEAR..snapshot).contains(&day), day > last.saturating_sub(YEAR));
                for slot in counted.slots_of(row) {
                    if depends {
                        sums[slot].depends.add(amount);
                    }
                    if gone {
                        sums[slot].gone.add(amount);
                    }
                }
            }
            Ok(sums)
        };
        let join = |mut a: Vec<Sums>, b: Vec<Sums>| {
            for (a, b) in a.iter_mut().zip(b) {
                a.depends.merge(b.depends);
                a.gone.merge(b.gone);
            }
            Ok(a)
        };
        let none = || vec![Sums::default(); counted.slots];
        let sums = (0..n.div_ceil(CHUNK)).into_par_iter().map(part).try_reduce(none, join)?;
        Ok(Dated { sums, days, before: date_of(snapshot).format("%-d %B %Y").to_string() })
    }

    fn depends(&self, slot: usize, profile: &Profile, currency: Option<&str>) -> Option<Stake> {
        let Some(sums) = self.sums.get(slot) else { return Some(all(profile, "depends on them", currency)) };
        let amount = sums.depends.value();
        let words = format!(
            "They spent {} in the {} before {}: the revenue that depends on them. It is what was, and no forecast.",
            format::money(amount, currency),
            format::plural(self.days as usize, "day", "days"),
            self.before
        );
        Some(Stake { amount, words })
    }

    fn gone(&self, slot: usize, profile: &Profile, currency: Option<&str>) -> Option<Stake> {
        let Some(sums) = self.sums.get(slot) else { return Some(all(profile, "has stopped", currency)) };
        let amount = sums.gone.value();
        let words = format!(
            "They spent {} in up to {} ending with each one's own last purchase, as far back as the data count, less \
             returns, and nothing since. It is what they used to bring, and no forecast of what comes back.",
            format::money(amount, currency),
            format::plural(self.days as usize, "day", "days")
        );
        Some(Stake { amount, words })
    }
}

/// For tables that do not know when single purchases were made.
fn all(profile: &Profile, what: &str, currency: Option<&str>) -> Stake {
    let amount = profile.revenue;
    let words = format!(
        "They spent {} in all; the table does not say when. It is the most that {what}, and no forecast.",
        format::money(amount, currency)
    );
    Stake { amount, words }
}

fn next_order(known: &Known, profile: &Profile, currency: Option<&str>) -> Option<Stake> {
    let (orders, spent) = (known.rfm.customers.frequency(), known.rfm.customers.monetary());
    let mut sum = ExactSum::default();
    let mut buyers = 0usize;
    for &row in &profile.members {
        let (orders, spent) = (orders[row as usize], spent[row as usize]);
        if orders > 0.0 && spent > 0.0 {
            sum.add(spent / orders);
            buyers += 1;
        }
    }
    let amount = sum.value();
    let (one, many, each) = match known.rfm.frequency_of {
        "invoices" => ("order", "orders are", "order"),
        "days" => ("day with a purchase", "such days are", "day"),
        _ => ("purchase", "purchases are", "purchase"),
    };
    let words = format!(
        "One more {one} from each of {} at their own average, {} per {each}, is {}; from one in ten it is {}. It says what \
         {many} worth, and is no forecast.",
        format::plural(buyers, "customer", "customers"),
        format::money(amount / buyers.max(1) as f64, currency),
        format::money(amount, currency),
        format::money(amount / 10.0, currency),
    );
    Some(Stake { amount, words })
}
