//! Rows, customers and money that are left after each step of the funnel.
//!
//! A step that changes cells changes what a customer or an amount is, so that each line of the funnel is counted on the
//! table as it was then. Steps that only remove rows share one pass.

use std::sync::atomic::AtomicU16;
use std::sync::atomic::Ordering::Relaxed;

use rayon::prelude::*;

use super::funnel::KEPT;
use super::ids::{self, NOBODY};
use super::rows::{LARGEST, Rows};
use super::steps::Prepared;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::intake::{Column, Role, RolesOut, Table};

/// Rows between two looks at the cancel flag.
const ROWS_PER_TICK: usize = 1 << 15;

/// What is left after a step.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Totals {
    pub rows: usize,
    pub customers: usize,
    pub amount: ExactSum,
}

/// Counts what is left after each of `steps` steps; `fate` is the step that removes a row. `rows` is the table after
/// the user's steps.
pub(super) fn of_all(
    prepared: &Prepared,
    roles: &RolesOut,
    rows: &Rows,
    fate: &[u16],
    steps: usize,
    ctx: &Ctx,
) -> Result<Vec<Totals>> {
    let customers = |row| rows.customer(row);
    let mut out = pass(rows.ids.len(), customers, |row| rows.amount(row), fate, steps, ctx)?;
    // From the last of the user's steps back to the file as read. Each line is counted on the table after its step.
    let on = prepared.effects.iter().enumerate().filter(|(_, e)| e.on).map(|(i, _)| i + 1);
    let lines: Vec<usize> = std::iter::once(0).chain(on).collect();
    let mut later = Money::at(&prepared.table, roles, str::to_string);
    let mut counted: Option<Vec<Totals>> = None;
    for (line, &at) in lines.iter().enumerate().rev() {
        let then = Money::at(prepared.table_before(at), roles, |name| prepared.name_before(name, at));
        if !then.is(&later) {
            counted = Some(then.pass(fate, steps, ctx)?);
            later = then;
        }
        if let Some(counted) = &counted {
            out[line] = counted[line];
        }
    }
    Ok(out)
}

/// The columns that say who paid how much, in one state of the table.
struct Money<'a> {
    customer: Option<&'a Column>,
    amount: Option<&'a Column>,
    quantity: Option<&'a Column>,
    price: Option<&'a Column>,
}

impl<'a> Money<'a> {
    fn at(table: &'a Table, roles: &RolesOut, name_then: impl Fn(&str) -> String) -> Money<'a> {
        let column = |role| roles.column(role).and_then(|name| table.column(&name_then(name)));
        Money {
            customer: column(Role::CustomerId),
            amount: column(Role::Amount),
            quantity: column(Role::Quantity),
            price: column(Role::UnitPrice),
        }
    }

    /// Whether these are the very same columns, or at least the same cells.
    fn is(&self, other: &Money) -> bool {
        let same = |a: Option<&Column>, b: Option<&Column>| match (a, b) {
            (Some(a), Some(b)) => std::ptr::eq(a, b),
            (a, b) => a.is_none() && b.is_none(),
        };
        same(self.customer, other.customer)
            && same(self.amount, other.amount)
            && same(self.quantity, other.quantity)
            && same(self.price, other.price)
    }

    fn pass(&self, fate: &[u16], steps: usize, ctx: &Ctx) -> Result<Vec<Totals>> {
        let (ids, codes) = match self.customer {
            Some(column) => ids::customer_ids(column, ctx)?,
            None => Default::default(),
        };
        let customer = |row: usize| self.customer.map_or(NOBODY, |c| codes[c.codes[row] as usize]);
        let numbers = |column: Option<&'a Column>| match column {
            Some(column) => column.numbers_with(ctx).map(|n| Some((column, n))),
            None => Ok(None),
        };
        let (amount, quantity, price) = (numbers(self.amount)?, numbers(self.quantity)?, numbers(self.price)?);
        let money = |row: usize| {
            let value = |of: &Option<(&Column, Vec<f64>)>| of.as_ref().map(|(c, n)| n[c.codes[row] as usize]);
            let amount = value(&amount).or_else(|| Some(value(&quantity)? * value(&price)?)).unwrap_or(f64::NAN);
            if amount.abs() <= LARGEST { amount } else { f64::NAN }
        };
        pass(ids.len(), customer, money, fate, steps, ctx)
    }
}

/// One pass over the rows: what is left after each step.
fn pass(
    ids: usize,
    customer: impl Fn(usize) -> u32 + Sync,
    amount: impl Fn(usize) -> f64 + Sync,
    fate: &[u16],
    steps: usize,
    ctx: &Ctx,
) -> Result<Vec<Totals>> {
    // Removed by a step: lost from that step on. The last place is for what stays.
    let place = |f: u16| if f == KEPT { steps } else { f as usize };
    let best: Vec<AtomicU16> = (0..ids).map(|_| AtomicU16::new(0)).collect();
    let part = |(i, fates): (usize, &[u16])| {
        let from = i * ROWS_PER_TICK;
        ctx.tick(from, fate.len())?;
        let mut lost = vec![Totals::default(); steps + 1];
        for (row, &f) in (from..).zip(fates) {
            let at = place(f);
            lost[at].rows += 1;
            // What is no number adds nothing.
            lost[at].amount.add(amount(row));
            let customer = customer(row);
            if customer != NOBODY {
                let best = &best[customer as usize];
                if (best.load(Relaxed) as usize) < at {
                    best.fetch_max(at as u16, Relaxed);
                }
            }
        }
        Ok(lost)
    };
    let join = |mut a: Vec<Totals>, b: Vec<Totals>| {
        for (a, b) in a.iter_mut().zip(b) {
            a.rows += b.rows;
            a.amount.merge(b.amount);
        }
        Ok(a)
    };
    let none = || Ok(vec![Totals::default(); steps + 1]);
    let parts = fate.par_chunks(ROWS_PER_TICK).enumerate().map(part);
    let mut lost: Vec<Totals> = parts.reduce(none, |a, b| join(a?, b?))?;
    // A customer is there after a step if any row outlives it.
    best.into_iter().for_each(|b| lost[b.into_inner() as usize].customers += 1);
    let mut left = lost[steps];
    let mut out = Vec::with_capacity(steps);
    for step in (0..steps).rev() {
        out.push(left);
        left.rows += lost[step].rows;
        left.customers += lost[step].customers;
        left.amount.merge(lost[step].amount);
    }
    out.reverse();
    Ok(out)
}
