//! Transactions to recency, frequency and monetary per customer.

use chrono::NaiveDate;
use rayon::prelude::*;

use super::score::score_axis;
use super::tables::{CustomerTable, Feature, RfmOut, Unit};
use super::{AxisScores, SegmentMap};
use crate::clean::{CleanOut, FunnelStep, NO_INVOICE, Transactions};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::exact::ExactSum;
use crate::format::plural;
use crate::intake::dates::{date_of, day_number};
use crate::recipe::{Clean, FrequencyUnit, Rfm};

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
/// No transaction lies in the window, or no customer is left.
pub fn rfm(clean: &CleanOut, choice: &Rfm, cleaning: &Clean, ctx: &Ctx) -> Result<RfmOut> {
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
    if choice.snapshot.is_some() || choice.window_days.is_some() {
        funnel.push(window_step(t, in_window, snapshot, choice.window_days));
    }
    let mut table = CustomerTable { ids: Vec::new(), features: features(unit, snapshot) };
    let mut aside = Aside::default();
    for (i, c) in counted.iter().enumerate() {
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
        table.ids.push(t.customers[i].clone());
        for (feature, value) in table.features.iter_mut().zip([recency, frequency, money]) {
            feature.values.push(value);
        }
    }
    if table.is_empty() {
        return Err(Error::data(if choice.window_days.is_some() || choice.snapshot.is_some() {
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

    let scores = score(&table, choice);
    let map = SegmentMap::grid_10();
    let segment = (0..table.len()).map(|i| map.segment_of(scores[0].scores[i], scores[1].scores[i])).collect();
    let warnings = warnings(&table, &scores, t, today);
    let (first_day, last_day) = (date_of(first), date_of(last));
    Ok(RfmOut {
        customers: table,
        scores,
        map,
        segment,
        snapshot,
        first_day,
        last_day,
        frequency_of: unit.label_many(),
        funnel,
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
    /// What frequency counts, distinct; `None` for a return.
    counts: Option<u64>,
    day: i32,
}

/// Customers whose rows are brought together at a time: their place in memory stays in the processor's cache.
const GROUP: usize = 1 << 14;

/// Groups the rows by customer and counts each group. Groups are independent, so threads change nothing.
fn count(
    t: &Transactions,
    unit: Counting,
    in_window: impl Fn(usize) -> bool + Sync,
    today: i32,
    ctx: &Ctx,
) -> Result<Vec<Counted>> {
    let customers = t.customers.len();
    let visit = |row: usize| Visit {
        amount: t.amount[row],
        day: t.day[row],
        counts: t.purchase[row].then(|| match unit {
            // Days of rows without a number lie above all invoice codes.
            Counting::Invoices if t.invoice[row] == NO_INVOICE => (1 << 32) + u64::from(t.day[row] as u32),
            Counting::Invoices => u64::from(t.invoice[row]),
            Counting::Days => u64::from(t.day[row] as u32),
            Counting::Rows => row as u64,
        }),
    };
    let rows = t.customer.len();
    let parts = rayon::current_num_threads().max(1);
    // Each part of the rows is sorted into groups of customers, then each group by customer.
    let sort = |part: usize| {
        let range = rows * part / parts..rows * (part + 1) / parts;
        let mut groups: Vec<Vec<(u32, bool, Visit)>> = vec![Vec::new(); customers.div_ceil(GROUP)];
        let expected = range.len() / groups.len().max(1);
        groups.iter_mut().for_each(|g| g.reserve(expected + expected / 8));
        for row in range {
            if row.is_multiple_of(1 << 15) {
                ctx.tick(row * 5, rows * 10)?;
            }
            groups[t.customer[row] as usize / GROUP].push((t.customer[row], in_window(row), visit(row)));
        }
        Ok(groups)
    };
    let sorted: Vec<Vec<Vec<(u32, bool, Visit)>>> = (0..parts).into_par_iter().map(sort).collect::<Result<_>>()?;
    let group = |group: usize| {
        let first = group * GROUP;
        let here = GROUP.min(customers - first);
        ctx.tick(5 + 5 * first / customers, 10)?;
        let all = || sorted.iter().flat_map(|part| &part[group]);
        let mut ends = vec![0u32; here + 1];
        all().for_each(|(c, ..)| ends[*c as usize - first + 1] += 1);
        for c in 0..here {
            ends[c + 1] += ends[c];
        }
        let mut visits = vec![(false, Visit::default()); ends[here] as usize];
        let mut place = ends.clone();
        for &(c, inside, visit) in all() {
            let at = &mut place[c as usize - first];
            visits[*at as usize] = (inside, visit);
            *at += 1;
        }
        let one = |c: usize| count_one(&visits[ends[c] as usize..ends[c + 1] as usize], today);
        Ok((0..here).map(one).collect::<Vec<_>>())
    };
    let counted: Vec<Vec<Counted>> = (0..customers.div_ceil(GROUP)).into_par_iter().map(group).collect::<Result<_>>()?;
    Ok(counted.into_iter().flatten().collect())
}

/// Counts one customer; each row comes with whether it lies in the window.
fn count_one(rows: &[(bool, Visit)], today: i32) -> Counted {
    let mut out = Counted { last: None, frequency: 0, monetary: ExactSum::default(), rows: 0, known: false };
    let mut counts: Vec<u64> = Vec::with_capacity(rows.len());
    for (inside, visit) in rows {
        out.known |= visit.day <= today;
        if !inside {
            continue;
        }
        out.rows += 1;
        out.monetary.add(visit.amount);
        if let Some(count) = visit.counts {
            out.last = out.last.max(Some(visit.day));
            counts.push(count);
        }
    }
    counts.sort_unstable();
    counts.dedup();
    out.frequency = counts.len() as u32;
    out
}

fn features(unit: Counting, snapshot: NaiveDate) -> Vec<Feature> {
    let feature = |name: &str, label: &str, unit, definition: String| Feature {
        name: name.into(),
        label: label.into(),
        definition,
        unit,
        values: Vec::new(),
    };
    let counted = match unit {
        Counting::Invoices => "distinct invoices",
        Counting::Days => "distinct days with a purchase",
        Counting::Rows => "purchase rows",
    };
    vec![
        feature(
            "recency_days",
            "Recency",
            Unit::Days,
            format!("Days from the last purchase to {snapshot}; low is good."),
        ),
        feature("frequency", "Frequency", Unit::Count, format!("Number of {counted}; returns do not count.")),
        feature("monetary", "Monetary", Unit::Money, "Money spent, less what was returned.".into()),
    ]
}

fn window_step(
    t: &Transactions,
    in_window: impl Fn(usize) -> bool,
    snapshot: NaiveDate,
    window: Option<u32>,
) -> FunnelStep {
    let mut seen = vec![false; t.customers.len()];
    let (mut rows, mut amount) = (0, ExactSum::default());
    for row in (0..t.day.len()).filter(|&r| in_window(r)) {
        rows += 1;
        amount.add(t.amount[row]);
        seen[t.customer[row] as usize] = true;
    }
    let span = match window {
        Some(days) => format!("in the {} up to {snapshot}", plural(days as usize, "day", "days")),
        None => format!("up to {snapshot}"),
    };
    FunnelStep {
        id: "in_window".into(),
        step: "In the window".into(),
        rows,
        customers: seen.iter().filter(|&&s| s).count(),
        amount: amount.value(),
        note: format!(
            "{} outside left out; only what was bought {span} counts",
            plural(t.day.len() - rows, "row", "rows")
        ),
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

fn score(table: &CustomerTable, choice: &Rfm) -> [AxisScores; 3] {
    let axis = |i: usize| score_axis(&table.features[i].values, choice.scores, choice.score_cuts, i == 0);
    [axis(0), axis(1), axis(2)]
}

fn warnings(table: &CustomerTable, scores: &[AxisScores; 3], t: &Transactions, today: i32) -> Vec<String> {
    let mut out = Vec::new();
    for (feature, axis) in table.features.iter().zip(scores) {
        let empty: Vec<String> =
            axis.sizes.iter().enumerate().filter(|(_, n)| **n == 0).map(|(i, _)| (i + 1).to_string()).collect();
        if !empty.is_empty() {
            let (value, ties) = most_frequent(&feature.values);
            let why = if ties > 1 {
                format!(
                    "{} customers share the value {}, and equal values get equal scores",
                    crate::format::count(ties),
                    crate::format::short(value)
                )
            } else {
                "there are fewer customers than scores".into()
            };
            out.push(format!(
                "No customer has the {} score {}: {why}.",
                feature.label.to_lowercase(),
                empty.join(", ")
            ));
        }
    }
    if t.customers.len() == t.day.len() && t.day.len() > 1 {
        out.push(
            "Every customer has exactly one row: this looks like a table of customers, not of transactions, and then \
             frequency means nothing."
                .into(),
        );
    }
    let later = t.day.iter().filter(|&&d| d > today).count();
    if later > 0 {
        out.push(format!("{} after the snapshot date left out.", plural(later, "transaction", "transactions")));
    }
    out
}

/// The value that occurs most often, the smallest of equals, and how often.
fn most_frequent(values: &[f64]) -> (f64, usize) {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let runs = sorted.chunk_by(|a, b| a == b).map(|run| (run[0], run.len()));
    runs.fold((f64::NAN, 0), |best, run| if run.1 > best.1 { run } else { best })
}
