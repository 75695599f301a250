//! The cleaning steps, and what is left after each of them.

use chrono::NaiveDate;

use super::ids::NOBODY;
use super::rows::Rows;
use super::{CleanOut, FunnelStep, NO_INVOICE, Transactions, returns};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::format::{count, plural};
use crate::intake::dates::{DAY, day_number};
use crate::intake::{RolesOut, Table};
use crate::recipe::{Clean, Returns};

/// A step as it is planned: its name, its words, and the note that takes the number of rows it removed.
struct Step {
    id: &'static str,
    words: &'static str,
    on: bool,
    note: Box<dyn Fn(usize) -> String>,
}

/// Rows between two looks at the cancel flag.
const ROWS_PER_TICK: usize = 1 << 15;
/// The fate of a row that every step keeps.
const KEPT: u8 = u8::MAX;

/// Runs the cleaning steps over the table. Cancellations after `snapshot` take nothing away: on that day nobody knew
/// of them.
///
/// # Errors
/// A role that is needed has no column, no date can be read, or nothing is left.
pub fn clean(
    table: &Table,
    roles: &RolesOut,
    choice: &Clean,
    snapshot: Option<NaiveDate>,
    ctx: &Ctx,
) -> Result<CleanOut> {
    let rows = Rows::of(table, roles, &ctx.part(0.0, 0.2))?;
    let n = table.rows;
    let duplicate = if choice.drop_duplicates { duplicates(table, &ctx.part(0.2, 0.3))? } else { Vec::new() };
    let mut steps = basic_steps(choice);
    let first_returns_step = steps.len() as u8;

    // The fate of a row is the step that removes it. Returns are decided among the rows that are left then.
    let mut fate = vec![KEPT; n];
    let mut is_return = vec![false; n];
    let mut cancelled = 0usize;
    let pass = ctx.part(0.3, 0.6);
    for row in 0..n {
        if row.is_multiple_of(ROWS_PER_TICK) {
            pass.tick(row, n)?;
        }
        if duplicate.get(row).copied().unwrap_or(false) {
            fate[row] = 1;
        } else if rows.customer(row) == NOBODY {
            fate[row] = 2;
        } else if rows.moment(row).is_none() {
            fate[row] = 3;
        } else if !rows.amount(row).is_finite() {
            fate[row] = 4;
        } else {
            let cancel = rows.is_cancelled(row);
            is_return[row] = cancel || rows.is_not_positive(row);
            cancelled += usize::from(cancel);
            if choice.returns == Returns::Drop && is_return[row] {
                fate[row] = first_returns_step + u8::from(!cancel);
            }
        }
    }
    match choice.returns {
        Returns::Drop => steps.extend(drop_steps()),
        Returns::Net => steps.push(net_step(is_return.iter().filter(|&&r| r).count(), cancelled)),
        Returns::Match => {
            let end = snapshot.map_or(i64::MAX, |s| (i64::from(day_number(s)) + 1) * DAY);
            let known = |r: usize| rows.moment(r).is_some_and(|m| m < end);
            let candidates: Vec<usize> = (0..n).filter(|&r| fate[r] == KEPT && known(r)).collect();
            let backs: Vec<bool> = (0..n)
                .map(|r| is_return[r] && (rows.is_cancelled(r) || rows.quantity(r).is_some_and(|q| q < 0.0)))
                .collect();
            let matched = returns::match_returns(&rows, &candidates, &backs, n, &ctx.part(0.6, 0.9))?;
            for row in candidates {
                if matched.pair[row] {
                    fate[row] = first_returns_step;
                } else if is_return[row] {
                    fate[row] = first_returns_step + if backs[row] { 1 } else { 2 };
                }
            }
            steps.extend(match_steps(matched.pairs));
        }
    }
    let mut funnel = count_funnel(&rows, &fate, &steps);
    let transactions = keep(&rows, &fate, &is_return, choice.returns, &ctx.part(0.9, 1.0))?;
    if let Some(last) = funnel.last_mut() {
        // Netting may have turned the sign of amounts.
        last.amount = transactions.amount.iter().copied().collect::<ExactSum>().value();
    }
    let mut warnings = Vec::new();
    for (step, what) in [(3, "date"), (4, "amount")] {
        let lost = funnel[step - 1].rows - funnel[step].rows;
        if lost > 0 {
            warnings
                .push(format!("{} left out because the {what} cannot be read.", plural(lost, "row was", "rows were")));
        }
    }
    let swapped = (0..n).filter(|&r| fate[r] == 3 && rows.is_date_in_other_order(r)).count();
    if swapped > 0 {
        warnings.push(format!(
            "{} a date that can only be read with day and month the other way round: the column seems to mix both \
             orders, so that other dates may be read swapped.",
            plural(swapped, "of these rows has", "of these rows have")
        ));
    }
    let unnumbered = transactions.invoice.iter().filter(|&&i| i == NO_INVOICE).count();
    if unnumbered > 0 {
        warnings.push(format!(
            "{} no invoice number; those of one customer and day count as one visit.",
            plural(unnumbered, "row has", "rows have")
        ));
    }
    Ok(CleanOut { transactions, funnel, currency: rows.currency(), warnings })
}

fn step(id: &'static str, words: &'static str, on: bool, note: impl Fn(usize) -> String + 'static) -> Step {
    Step { id, words, on, note: Box::new(note) }
}

fn basic_steps(choice: &Clean) -> Vec<Step> {
    let removed = |what: &'static str| {
        move |n| if n == 0 { format!("No row {what}") } else { format!("{} {what} removed", plural(n, "row", "rows")) }
    };
    let duplicates = choice.drop_duplicates;
    vec![
        step("read", "File as read", true, |_| "Every row of the file".into()),
        step("duplicates", "Exact duplicates dropped", duplicates, move |n| {
            if duplicates {
                removed("that equals an earlier one in every column")(n)
            } else {
                "Switched off; equal rows are kept".into()
            }
        }),
        step("customer_present", "Customer id present", true, removed("without a customer id")),
        step("date_readable", "Date readable", true, removed("with an unreadable date")),
        step("amount_readable", "Amount readable", true, removed("with an unreadable amount")),
    ]
}

fn drop_steps() -> Vec<Step> {
    vec![
        step("not_cancelled", "Not a cancelled invoice", true, |n| {
            format!("{} of cancelled invoices removed", plural(n, "row", "rows"))
        }),
        step("positive", "Quantity and price above zero", true, |n| {
            format!("{} with a quantity or price of zero or less removed", plural(n, "row", "rows"))
        }),
    ]
}

fn net_step(returns: usize, cancelled: usize) -> Step {
    step("returns_netted", "Returns netted", true, move |_| {
        format!(
            "{} kept as negative spend, {} of them from cancelled invoices; they never count as a visit",
            plural(returns, "return row", "return rows"),
            count(cancelled)
        )
    })
}

fn match_steps(pairs: usize) -> Vec<Step> {
    vec![
        step("cancellations_matched", "Cancellations matched", true, move |_| {
            format!(
                "{} removed together with the purchases they cancel",
                plural(pairs, "cancellation", "cancellations")
            )
        }),
        step("cancellations_unmatched", "Cancellations without a partner", true, |n| {
            format!(
                "{} without an earlier purchase of the same product and quantity removed",
                plural(n, "cancellation", "cancellations")
            )
        }),
        step("positive", "Quantity and price above zero", true, |n| {
            format!("{} with a quantity or price of zero or less removed", plural(n, "row", "rows"))
        }),
    ]
}

/// Rows that equal an earlier row in every column.
fn duplicates(table: &Table, ctx: &Ctx) -> Result<Vec<bool>> {
    use std::hash::BuildHasher;
    let hasher = foldhash::fast::FixedState::default();
    let row_codes = |row: usize| table.columns.iter().map(move |c| c.codes[row]);
    let hash = |row: usize| {
        let codes: Vec<u32> = row_codes(row).collect();
        hasher.hash_one(&codes[..])
    };
    let mut seen: hashbrown::HashTable<usize> = hashbrown::HashTable::with_capacity(table.rows);
    let mut duplicate = vec![false; table.rows];
    for (row, flag) in duplicate.iter_mut().enumerate() {
        if row.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(row, table.rows)?;
        }
        let h = hash(row);
        if seen.find(h, |&other| row_codes(other).eq(row_codes(row))).is_some() {
            *flag = true;
        } else {
            seen.insert_unique(h, row, |&r| hash(r));
        }
    }
    Ok(duplicate)
}

/// Rows, customers and money left after each step.
fn count_funnel(rows: &Rows, fate: &[u8], steps: &[Step]) -> Vec<FunnelStep> {
    let last = steps.len() - 1;
    // Removed by a step: lost from that step on. The last place is for what stays.
    let place = |f: u8| if f == KEPT { steps.len() } else { f as usize };
    let mut lost_rows = vec![0usize; steps.len() + 1];
    let mut lost_money = vec![ExactSum::default(); steps.len() + 1];
    let mut best = vec![0usize; rows.ids.len()];
    for (row, &f) in fate.iter().enumerate() {
        let at = place(f);
        lost_rows[at] += 1;
        let amount = rows.amount(row);
        lost_money[at].add(if amount.is_finite() { amount } else { 0.0 });
        let customer = rows.customer(row);
        if customer != NOBODY {
            best[customer as usize] = best[customer as usize].max(at);
        }
    }
    let mut out = Vec::with_capacity(steps.len());
    let (mut left, mut money) = (lost_rows[last + 1], lost_money[last + 1]);
    for (i, step) in steps.iter().enumerate().rev() {
        out.push(FunnelStep {
            id: step.id.into(),
            step: step.words.into(),
            rows: left,
            // A customer of whom no row was ever removed later is there after step i if any row outlives it.
            customers: best.iter().filter(|&&b| b > i).count(),
            amount: money.value(),
            note: (step.note)(lost_rows[i]),
            on: step.on,
        });
        left += lost_rows[i];
        money.merge(lost_money[i]);
    }
    out.reverse();
    out
}

/// The transactions that are left.
fn keep(rows: &Rows, fate: &[u8], is_return: &[bool], policy: Returns, ctx: &Ctx) -> Result<Transactions> {
    let kept: Vec<usize> = (0..fate.len()).filter(|&r| fate[r] == KEPT).collect();
    if kept.is_empty() {
        return Err(crate::error::Error::data(
            "no row is left after cleaning; look at the funnel in the Clean panel and at the roles of the columns",
        ));
    }
    let mut used = vec![false; rows.ids.len()];
    kept.iter().for_each(|&r| used[rows.customer(r) as usize] = true);
    let mut t = Transactions::default();
    let mut place = vec![NOBODY; rows.ids.len()];
    for (i, id) in rows.ids.iter().enumerate().filter(|(i, _)| used[*i]) {
        place[i] = t.customers.len() as u32;
        t.customers.push(id.clone());
    }
    t.customer.reserve_exact(kept.len());
    t.day.reserve_exact(kept.len());
    t.amount.reserve_exact(kept.len());
    t.purchase.reserve_exact(kept.len());
    for (i, &row) in kept.iter().enumerate() {
        if i.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(i, kept.len())?;
        }
        t.customer.push(place[rows.customer(row) as usize]);
        let moment = rows.moment(row).unwrap_or_default();
        t.day.push(moment.div_euclid(crate::intake::dates::DAY) as i32);
        t.invoice.extend(rows.invoice_code(row).map(|code| if rows.lacks_invoice(row) { NO_INVOICE } else { code }));
        let amount = rows.amount(row);
        // Some systems mark a cancelled invoice and leave its amounts positive.
        let taken_back = policy == Returns::Net && rows.is_cancelled(row);
        t.amount.push(if taken_back { -amount.abs() } else { amount });
        t.purchase.push(!is_return[row]);
    }
    Ok(t)
}
