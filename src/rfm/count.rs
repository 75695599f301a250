//! Transactions to recency, frequency and monetary per customer.

use std::sync::Arc;

use chrono::NaiveDate;
use rayon::prelude::*;

use super::AxisScores;
use super::picked::Picked;
use super::scored::{empty_scores, score};
use super::tables::{CustomerTable, FREQUENCY, Feature, MONETARY, RECENCY, RfmOut, Unit};
use crate::clean::{CleanOut, FunnelStep, NO_INVOICE, Transactions};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::exact::ExactSum;
use crate::format::plural;
use crate::intake::dates::{date_of, day_number};
use crate::recipe::{Clean, Customers, FrequencyUnit, Rfm};

/// What is counted for one customer.
#[derive(Clone, Copy)]
struct Counted {
    /// Day of the last purchase in the window.
    last: Option<i32>,
    frequency: u32,
    monetary: ExactSum,
    /// Rows in the window.
    rows: usize,
    /// Whether the customer was there on the snapshot date: has any row up to it.
    known: bool,
}

/// Counts recency, frequency and monetary, scores them and assigns RFM segments.
///
/// Recency is the number of calendar days from the last purchase to the snapshot date. Frequency counts distinct
/// invoices, days or rows of purchases. Monetary is the sum of purchases and returns. Transactions after the
/// snapshot date or before the window do not count; `window` days back from the snapshot means recency 0 to `window`.
///
/// # Errors
/// No transaction lies in the window, no customer is left, or the recipe's segment map cannot be used.
pub fn rfm(clean: &CleanOut, choice: &Rfm, cleaning: &Clean, ctx: &Ctx) -> Result<RfmOut> {
    rfm_of(clean, choice, cleaning, &Customers::default(), ctx)
}

/// The same for the customers that were picked by hand. The others have no part in scores; the snapshot date does not
/// depend on who was picked.
///
/// # Errors
/// As [`rfm`].
pub fn rfm_of(clean: &CleanOut, choice: &Rfm, cleaning: &Clean, customers: &Customers, ctx: &Ctx) -> Result<RfmOut> {
    let t = &clean.transactions;
    let (Some(&first), Some(&last)) = (t.day.iter().min(), t.day.iter().max()) else {
        return Err(Error::data("no transaction is left after cleaning; look at the funnel in the Clean panel"));
    };
    let snapshot = choice.snapshot.unwrap_or_else(|| date_of(last + 1));
    let today = day_number(snapshot);
    let earliest = choice.window_days.map_or(i32::MIN, |w| today.saturating_sub(w as i32));
    let in_window = |row: usize| (earliest..=today).contains(&t.day[row]);
    let unit = frequency_unit(choice.frequency, t)?;

    let counted = count(t, unit, in_window, today, ctx)?;
    let mut funnel = clean.funnel.clone();
    let picked = Picked::of(&t.customers, customers);
    if picked.keep.is_some() {
        let (rows, customers, amount) = left(t, |row| picked.has(t.customer[row] as usize));
        funnel.push(picked.step(rows, customers, amount));
    }
    if choice.snapshot.is_some() || choice.window_days.is_some() {
        let inside = |row: usize| in_window(row) && picked.has(t.customer[row] as usize);
        let before = funnel.last().map_or(t.day.len(), |step| step.rows);
        funnel.push(window_step(left(t, inside), before, snapshot, choice.window_days));
    }
    let mut ids = Vec::new();
    let mut values: [Vec<f64>; 3] = Default::default();
    let mut aside = Aside::default();
    for (i, c) in counted.iter().enumerate().filter(|(i, _)| picked.has(*i)) {
        let money = c.monetary.value();
        let (recency, frequency, money) = match (c.last, choice.window_days) {
            (Some(day), _) if !(cleaning.set_aside_not_positive && money <= 0.0) => {
                (f64::from(today - day), f64::from(c.frequency), money)
            }
            (None, Some(window)) if choice.keep_inactive && c.known => {
                // By convention they have spent nothing, whatever they returned in the window.
                aside.rows += c.rows;
                aside.amount.merge(c.monetary);
                (f64::from(window) + 1.0, 0.0, 0.0)
            }
            // No purchase to count from, or a net spend that is not positive. Whoever has no row in the window is
            // no customer of it.
            _ => {
                aside.customers += usize::from(c.rows > 0);
                aside.rows += c.rows;
                aside.amount.merge(c.monetary);
                continue;
            }
        };
        ids.push(t.customers[i].clone());
        for (values, value) in values.iter_mut().zip([recency, frequency, money]) {
            values.push(value);
        }
    }
    let table = CustomerTable { ids: Arc::new(ids), features: features(unit, snapshot, values) };
    if table.is_empty() {
        return Err(Error::data(if picked.left_out() == t.customers.len() {
            "no customer is left: none of those that the analysis is limited to is in the data".into()
        } else if choice.window_days.is_some() || choice.snapshot.is_some() {
            format!(
                "no customer is left in the window that ends on {snapshot}; the transactions run from {} to {}",
                date_of(first),
                date_of(last)
            )
        } else {
            "no customer is left: nobody has a purchase and a net spend above zero; look at the signs of the amounts and at \
             what happens to returns"
                .into()
        }));
    }
    funnel.push(aside_step(&funnel, &table, &aside, cleaning));

    let scored = score(&table, choice)?;
    let mut warnings = warnings(&table, &scored.scores, t, today);
    warnings.extend(picked.warnings);
    let (first_day, last_day) = (date_of(first), date_of(last));
    Ok(RfmOut {
        customers: table,
        scores: scored.scores,
        map: scored.map,
        segment: scored.segment,
        snapshot: Some(snapshot),
        first_day: Some(first_day),
        last_day: Some(last_day),
        frequency_of: unit.label_many(),
        usual: Vec::new(),
        value: Some(2),
        funnel,
        notes: scored.notes,
        warnings,
    })
}

/// What one unit of frequency is once "automatic" is resolved.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Counting {
    Invoices,
    Days,
    Rows,
}

impl Counting {
    fn label_many(self) -> &'static str {
        match self {
            Counting::Invoices => "invoices",
            Counting::Days => "days",
            Counting::Rows => "rows",
        }
    }
}

fn frequency_unit(choice: FrequencyUnit, t: &Transactions) -> Result<Counting> {
    match choice {
        FrequencyUnit::Auto if t.invoice.is_empty() => Ok(Counting::Days),
        FrequencyUnit::Auto => Ok(Counting::Invoices),
        FrequencyUnit::Invoices if t.invoice.is_empty() => Err(Error::data(
            "frequency cannot count invoices, as there is no invoice column; choose one, or count days",
        )),
        FrequencyUnit::Invoices => Ok(Counting::Invoices),
        FrequencyUnit::Days => Ok(Counting::Days),
        FrequencyUnit::Rows => Ok(Counting::Rows),
    }
}

/// What a row adds to its customer.
#[derive(Clone, Copy, Default)]
struct Visit {
    amount: f64,
    /// What frequency counts, distinct; [`RETURN`] for what is no purchase.
    counts: u64,
    day: i32,
    in_window: bool,
}

/// Stands for a row that frequency does not count.
const RETURN: u64 = u64::MAX;
/// Customers whose rows are brought together at a time, so that they stay in the processor's cache.
const GROUP: usize = 1 << 14;

/// Groups the rows by customer and counts each group. Groups are independent, so threads change nothing.
fn count(
    t: &Transactions,
    unit: Counting,
    in_window: impl Fn(usize) -> bool + Sync,
    today: i32,
    ctx: &Ctx,
) -> Result<Vec<Counted>> {
    let (customers, rows) = (t.customers.len(), t.customer.len());
    let visit = |row: usize| Visit {
        amount: t.amount[row],
        day: t.day[row],
        in_window: in_window(row),
        counts: match unit {
            _ if !t.purchase[row] => RETURN,
            // Days of rows without a number lie above all invoice codes.
            Counting::Invoices if t.invoice[row] == NO_INVOICE => (1 << 32) + u64::from(t.day[row] as u32),
            Counting::Invoices => u64::from(t.invoice[row]),
            Counting::Days => u64::from(t.day[row] as u32),
            Counting::Rows => row as u64,
        },
    };
    // First which rows belong to which group of customers, each thread for its share of the rows.
    let (groups, parts) = (customers.div_ceil(GROUP), rayon::current_num_threads());
    let share = |part: usize| {
        let range = rows * part / parts..rows * (part + 1) / parts;
        let expected = range.len() / groups.max(1);
        let mut rows_of: Vec<Vec<u32>> = (0..groups).map(|_| Vec::with_capacity(expected + expected / 8)).collect();
        for row in range {
            if row.is_multiple_of(1 << 15) {
                ctx.tick(row * 3, rows * 10)?;
            }
            rows_of[t.customer[row] as usize / GROUP].push(row as u32);
        }
        Ok(rows_of)
    };
    let shares: Vec<Vec<Vec<u32>>> = (0..parts).into_par_iter().map(share).collect::<Result<_>>()?;
    // Then the rows of each group by customer.
    let group = |group: usize| {
        let first = group * GROUP;
        let here = GROUP.min(customers - first);
        ctx.tick(3 + 7 * first / customers, 10)?;
        let all = || shares.iter().flat_map(|share| &share[group]).map(|&row| row as usize);
        let mut ends = vec![0u32; here + 1];
        all().for_each(|row| ends[t.customer[row] as usize - first + 1] += 1);
        for c in 0..here {
            ends[c + 1] += ends[c];
        }
        let mut visits = vec![Visit::default(); ends[here] as usize];
        let mut place = ends.clone();
        for row in all() {
            let at = &mut place[t.customer[row] as usize - first];
            visits[*at as usize] = visit(row);
            *at += 1;
        }
        let one = |c: usize| count_one(&visits[ends[c] as usize..ends[c + 1] as usize], today);
        Ok((0..here).map(one).collect::<Vec<_>>())
    };
    let counted: Vec<Vec<Counted>> = (0..groups).into_par_iter().map(group).collect::<Result<_>>()?;
    Ok(counted.into_iter().flatten().collect())
}

/// Counts one customer.
fn count_one(rows: &[Visit], today: i32) -> Counted {
    let mut out = Counted { last: None, frequency: 0, monetary: ExactSum::default(), rows: 0, known: false };
    let mut counts: Vec<u64> = Vec::with_capacity(rows.len());
    for visit in rows {
        out.known |= visit.day <= today;
        if !visit.in_window {
            continue;
        }
        out.rows += 1;
        out.monetary.add(visit.amount);
        if visit.counts != RETURN {
            out.last = out.last.max(Some(visit.day));
            counts.push(visit.counts);
        }
    }
    counts.sort_unstable();
    counts.dedup();
    out.frequency = counts.len() as u32;
    out
}

fn features(unit: Counting, snapshot: NaiveDate, values: [Vec<f64>; 3]) -> Vec<Feature> {
    let [recency, frequency, monetary] = values;
    let counted = match unit {
        Counting::Invoices => "distinct invoices",
        Counting::Days => "distinct days with a purchase",
        Counting::Rows => "purchase rows",
    };
    vec![
        Feature::new(
            RECENCY,
            "Recency",
            format!("Days from the last purchase to {snapshot}; low is good."),
            Unit::Days,
            recency,
        ),
        Feature::new(
            FREQUENCY,
            "Frequency",
            format!("Number of {counted}; returns do not count."),
            Unit::Count,
            frequency,
        ),
        Feature::new(MONETARY, "Monetary", "Money spent, less what was returned.", Unit::Money, monetary),
    ]
}

/// Rows, customers and money of the rows for which `keep` holds.
fn left(t: &Transactions, keep: impl Fn(usize) -> bool) -> (usize, usize, f64) {
    let mut seen = vec![false; t.customers.len()];
    let (mut rows, mut amount) = (0, ExactSum::default());
    for row in (0..t.day.len()).filter(|&r| keep(r)) {
        rows += 1;
        amount.add(t.amount[row]);
        seen[t.customer[row] as usize] = true;
    }
    (rows, seen.iter().filter(|&&s| s).count(), amount.value())
}

fn window_step(
    (rows, customers, amount): (usize, usize, f64),
    before: usize,
    snapshot: NaiveDate,
    window: Option<u32>,
) -> FunnelStep {
    let span = match window {
        Some(days) => format!("in the {} up to {snapshot}", plural(days as usize, "day", "days")),
        None => format!("up to {snapshot}"),
    };
    FunnelStep {
        id: "in_window".into(),
        step: "In the window".into(),
        rows,
        customers,
        amount,
        note: format!("{} outside left out; only what was bought {span} counts", plural(before - rows, "row", "rows")),
        on: true,
        ..FunnelStep::default()
    }
}

/// What the last step leaves out.
#[derive(Default)]
struct Aside {
    customers: usize,
    rows: usize,
    amount: ExactSum,
}

fn aside_step(funnel: &[FunnelStep], table: &CustomerTable, aside: &Aside, cleaning: &Clean) -> FunnelStep {
    let before = funnel.last().map_or((0, 0.0), |s| (s.rows, s.amount));
    let left: ExactSum = [before.1, -aside.amount.value()].into_iter().collect();
    let customers = plural(aside.customers, "customer", "customers");
    FunnelStep {
        id: "net_positive".into(),
        step: "Net spend above zero".into(),
        rows: before.0 - aside.rows,
        customers: table.len(),
        amount: left.value(),
        note: if cleaning.set_aside_not_positive {
            format!("{customers} without a purchase or with a net spend of zero or less set aside")
        } else {
            format!("Switched off; only {customers} without any purchase left out")
        },
        on: cleaning.set_aside_not_positive,
        ..FunnelStep::default()
    }
}

fn warnings(table: &CustomerTable, scores: &[AxisScores], t: &Transactions, today: i32) -> Vec<String> {
    let mut out = empty_scores(table, scores);
    if t.customers.len() == t.day.len() && t.day.len() > 1 {
        out.push(
            "Every customer has exactly one row: this may be a table of customers, not of transactions, and then \
             frequency means nothing. If so, say that each row is a customer."
                .into(),
        );
    }
    let later = t.day.iter().filter(|&&d| d > today).count();
    if later > 0 {
        out.push(format!("{} after the snapshot date left out.", plural(later, "transaction", "transactions")));
    }
    out
}
