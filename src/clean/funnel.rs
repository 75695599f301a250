//! The cleaning steps, and what is left after each of them.

use chrono::NaiveDate;
use rayon::prelude::*;

use super::ids::NOBODY;
use super::rows::Rows;
use super::steps::{Live, Prepared, StepEffect, repeated_rows};
use super::totals::{self, Totals};
use super::{CleanOut, FunnelStep, NO_INVOICE, Transactions, returns};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::format::{count, plural};
use crate::intake::dates::{DAY, day_number};
use crate::intake::{RolesOut, Table};
use crate::recipe::{Clean, CleanStep, Returns};

/// A step as it is planned: its name, its words, and the note that takes the number of rows it removed.
struct Step {
    id: String,
    words: String,
    on: bool,
    note: Box<dyn Fn(usize) -> String>,
    /// The user's step it is, and what that did.
    made_by: Option<(usize, StepEffect)>,
}

/// Rows between two looks at the cancel flag.
const ROWS_PER_TICK: usize = 1 << 15;
/// The fate of a row that every step keeps.
pub(super) const KEPT: u16 = u16::MAX;

/// Cleans a table as read, without steps of the user's.
///
/// # Errors
/// As [`clean_prepared`].
pub fn clean(
    table: &Table,
    roles: &RolesOut,
    choice: &Clean,
    snapshot: Option<NaiveDate>,
    ctx: &Ctx,
) -> Result<CleanOut> {
    clean_prepared(&Prepared::untouched(table), roles, choice, snapshot, ctx)
}

/// Removes what cannot be used from the table that the user's steps left, and makes transactions of the rest. The
/// funnel begins with the file as read and has the user's steps before those of its own. Cancellations after
/// `snapshot` take nothing away: on that day nobody knew of them.
///
/// # Errors
/// A role that is needed has no column, no date can be read, or nothing is left.
pub fn clean_prepared(
    prepared: &Prepared,
    roles: &RolesOut,
    choice: &Clean,
    snapshot: Option<NaiveDate>,
    ctx: &Ctx,
) -> Result<CleanOut> {
    let table = &prepared.table;
    let rows = Rows::of(table, roles, &ctx.part(0.0, 0.2))?;
    let n = table.rows;
    let mut steps = vec![step("read", "File as read", true, |_| "Every row of the table as it was read".into())];
    let mine = |(i, (step, effect)): (usize, (&CleanStep, &StepEffect))| effect.on.then(|| own_step(i, step, effect));
    steps.extend(prepared.steps().iter().zip(&prepared.effects).enumerate().filter_map(mine));
    // The places in the funnel of the user's steps, and of the first step after them.
    let mut place_of = vec![KEPT; prepared.effects.len()];
    for (place, step) in steps.iter().enumerate() {
        if let Some((i, _)) = step.made_by {
            place_of[i] = place as u16;
        }
    }
    let first = steps.len();
    let first_fate = first as u16;
    let duplicate = match choice.drop_duplicates {
        true => repeated_rows(table, &Live::new(&prepared.removed_by, prepared.effects.len()), &ctx.part(0.2, 0.3))?,
        false => Vec::new(),
    };
    steps.extend(basic_steps(choice));
    let first_returns_step = steps.len() as u16;

    // The fate of a row is the step that removes it. Returns are decided among the rows that are left then.
    let mut fate: Vec<u16> = match prepared.removed_by.as_slice() {
        [] => vec![KEPT; n],
        by => by.iter().map(|&by| place_of.get(by as usize).copied().unwrap_or(KEPT)).collect(),
    };
    let mut is_return = vec![false; n];
    let pass = ctx.part(0.3, 0.6);
    let decide = |(i, (fates, returns)): (usize, (&mut [u16], &mut [bool]))| {
        let from = i * ROWS_PER_TICK;
        pass.tick(from, n)?;
        let mut cancelled = 0usize;
        for (row, (fate, is_return)) in (from..).zip(fates.iter_mut().zip(returns)) {
            if *fate != KEPT {
                continue;
            }
            if duplicate.get(row).copied().unwrap_or(false) {
                *fate = first_fate;
            } else if rows.customer(row) == NOBODY {
                *fate = first_fate + 1;
            } else if rows.moment(row).is_none() {
                *fate = first_fate + 2;
            } else if !rows.amount(row).is_finite() {
                *fate = first_fate + 3;
            } else {
                let cancel = rows.is_cancelled(row);
                *is_return = cancel || rows.is_not_positive(row);
                cancelled += usize::from(cancel);
                if choice.returns == Returns::Drop && *is_return {
                    *fate = first_returns_step + u16::from(!cancel);
                }
            }
        }
        Ok(cancelled)
    };
    let chunks = fate.par_chunks_mut(ROWS_PER_TICK).zip(is_return.par_chunks_mut(ROWS_PER_TICK)).enumerate();
    let cancelled: usize = chunks.map(decide).try_reduce(|| 0, |a, b| Ok(a + b))?;
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
    let totals = totals::of_all(prepared, roles, &rows, &fate, steps.len(), &ctx.part(0.8, 0.9))?;
    let mut funnel = lines(&totals, &fate, &steps);
    if let Some(at) = prepared.effects.iter().position(|e| e.rows_after == 0).filter(|_| n > 0) {
        return Err(crate::error::Error::data(format!(
            "no row is left after the cleaning step \u{201c}{}\u{201d}; change it or switch it off in the Clean panel",
            prepared.steps()[at].what.sentence()
        )));
    }
    let transactions = keep(&rows, &fate, &is_return, choice.returns, &ctx.part(0.9, 1.0))?;
    if let Some(last) = funnel.last_mut() {
        // Netting may have turned the sign of amounts.
        let sums = transactions.amount.par_chunks(ROWS_PER_TICK).map(|part| part.iter().copied().collect::<ExactSum>());
        let add = |mut a: ExactSum, b| {
            a.merge(b);
            a
        };
        last.amount = sums.reduce(ExactSum::default, add).value();
    }
    let mut warnings = Vec::new();
    for (step, what) in [(first + 2, "date"), (first + 3, "amount")] {
        let lost = funnel[step - 1].rows - funnel[step].rows;
        if lost > 0 {
            warnings
                .push(format!("{} left out because the {what} cannot be read.", plural(lost, "row was", "rows were")));
        }
    }
    let swapped =
        (0..n).into_par_iter().filter(|&r| fate[r] == first_fate + 2 && rows.is_date_in_other_order(r)).count();
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

fn step(id: &str, words: &str, on: bool, note: impl Fn(usize) -> String + 'static) -> Step {
    Step { id: id.into(), words: words.into(), on, note: Box::new(note), made_by: None }
}

/// A step of the user's, numbered as in the recipe.
fn own_step(i: usize, step: &CleanStep, effect: &StepEffect) -> Step {
    let note = effect.note.clone();
    Step {
        id: format!("step_{}_{}", i + 1, step.what.name()),
        words: step.what.sentence(),
        on: true,
        note: Box::new(move |_| note.clone()),
        made_by: Some((i, effect.clone())),
    }
}

fn basic_steps(choice: &Clean) -> Vec<Step> {
    let removed = |what: &'static str| {
        move |n| if n == 0 { format!("No row {what}") } else { format!("{} {what} removed", plural(n, "row", "rows")) }
    };
    let duplicates = choice.drop_duplicates;
    vec![
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

/// The user's steps as lines of the funnel of a table with one row per customer, where money need not be known.
pub(crate) fn step_lines(prepared: &Prepared) -> Vec<FunnelStep> {
    let steps = prepared.steps().iter().zip(&prepared.effects).enumerate().filter(|(_, (_, effect))| effect.on);
    let line = |(i, (step, effect)): (usize, (&CleanStep, &StepEffect))| FunnelStep {
        id: format!("step_{}_{}", i + 1, step.what.name()),
        step: step.what.sentence(),
        rows: effect.rows_after,
        customers: effect.rows_after,
        amount: f64::NAN,
        note: effect.note.clone(),
        on: true,
        index: Some(i),
        cells_changed: Some(effect.cells_changed),
        error: effect.error.clone(),
    };
    steps.map(line).collect()
}

/// The funnel: what is left after each step, and what the step did.
fn lines(totals: &[Totals], fate: &[u16], steps: &[Step]) -> Vec<FunnelStep> {
    let mut lost = vec![0usize; steps.len()];
    fate.iter().filter(|&&f| f != KEPT).for_each(|&f| lost[f as usize] += 1);
    let line = |(i, step): (usize, &Step)| FunnelStep {
        id: step.id.clone(),
        step: step.words.clone(),
        rows: totals[i].rows,
        customers: totals[i].customers,
        amount: totals[i].amount.value(),
        note: (step.note)(lost[i]),
        on: step.on,
        index: step.made_by.as_ref().map(|(i, _)| *i),
        cells_changed: step.made_by.as_ref().map(|(_, e)| e.cells_changed),
        error: step.made_by.as_ref().and_then(|(_, e)| e.error.clone()),
    };
    steps.iter().enumerate().map(line).collect()
}

/// The transactions that are left.
fn keep(rows: &Rows, fate: &[u16], is_return: &[bool], policy: Returns, ctx: &Ctx) -> Result<Transactions> {
    let rows_kept: Vec<u32> = (0..fate.len() as u32).into_par_iter().filter(|&r| fate[r as usize] == KEPT).collect();
    if rows_kept.is_empty() {
        return Err(crate::error::Error::data(
            "no row is left after cleaning; look at the funnel in the Clean panel and at the roles of the columns",
        ));
    }
    let mut used = vec![false; rows.ids.len()];
    rows_kept.iter().for_each(|&r| used[rows.customer(r as usize) as usize] = true);
    let mut t = Transactions::default();
    let mut place = vec![NOBODY; rows.ids.len()];
    for (i, id) in rows.ids.iter().enumerate().filter(|(i, _)| used[*i]) {
        place[i] = t.customers.len() as u32;
        t.customers.push(id.clone());
    }
    let kept = || rows_kept.par_iter().map(|&row| row as usize);
    let part = |i: usize| ctx.tick(i, 5);
    t.customer = kept().map(|row| place[rows.customer(row) as usize]).collect();
    part(1)?;
    let day = |row| rows.moment(row).unwrap_or_default().div_euclid(crate::intake::dates::DAY) as i32;
    t.day = kept().map(day).collect();
    part(2)?;
    if rows.invoice_code(0).is_some() {
        let invoice = |row| rows.invoice_code(row).filter(|_| !rows.lacks_invoice(row)).unwrap_or(NO_INVOICE);
        t.invoice = kept().map(invoice).collect();
    }
    part(3)?;
    let amount = |row| {
        let amount = rows.amount(row);
        // Some systems mark a cancelled invoice and leave its amounts positive.
        if policy == Returns::Net && rows.is_cancelled(row) { -amount.abs() } else { amount }
    };
    t.amount = kept().map(amount).collect();
    part(4)?;
    t.purchase = kept().map(|row| !is_return[row]).collect();
    t.row = rows_kept;
    Ok(t)
}
