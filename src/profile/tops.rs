//! What the customers of a segment buy, where they live, and on which days they buy.

mod columns;
mod people;

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use super::counted::{CHUNK, Counted};
use super::{Top, Tops};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::intake::Column;
use columns::{NONE, Source};

pub(super) use columns::sources;
pub(super) use people::people;

/// Values that are listed.
const MOST: usize = 10;

/// One value within one slot.
#[derive(Clone, Copy)]
struct Found {
    amount: ExactSum,
    value: u32,
    customers: u32,
    /// What everyone spent on it.
    everyone: ExactSum,
}

/// The leading values of one slot, and how many values it has.
#[derive(Clone, Default)]
struct Best {
    list: Vec<Found>,
    values: usize,
}

impl Best {
    /// Most money first; equal ones by the order of the values.
    fn add(&mut self, found: Found) {
        let at = self.list.partition_point(|f| {
            (f.amount, std::cmp::Reverse(f.value)) > (found.amount, std::cmp::Reverse(found.value))
        });
        if at < MOST {
            self.list.insert(at, found);
            self.list.truncate(MOST);
        }
    }

    fn merge(mut self, other: Best) -> Best {
        self.values += other.values;
        other.list.into_iter().for_each(|found| self.add(found));
        self
    }
}

/// The leading values of `source` in every slot. `totals` is what each slot spent in all, on rows without a value too.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub(super) fn of(source: &Source, counted: &Counted, totals: &[f64], ctx: &Ctx) -> Result<Vec<Tops>> {
    let (ends, rows) = by_value(source, counted, &ctx.part(0.0, 0.5))?;
    let best = best(&ends, &rows, counted, &ctx.part(0.5, 0.9))?;
    let words = match source.description {
        Some(column) => words(column, &best, &ends, &rows, counted, ctx)?,
        None => HashMap::new(),
    };
    let everyone = totals[counted.everyone()];
    let part = |amount: f64, of: f64| if of > 0.0 { amount / of } else { 0.0 };
    let top = |found: &Found, total: f64| {
        let name = &source.names[found.value as usize];
        let name = words.get(&found.value).map_or_else(|| name.clone(), |words| format!("{words} ({name})"));
        let (amount, usual) = (found.amount.value(), part(found.everyone.value(), everyone));
        let share = part(amount, total);
        Top { name, customers: found.customers as usize, amount, share, lift: share / usual }
    };
    let tops = |(best, total): (Best, &f64)| {
        let list: Vec<Top> = best.list.iter().map(|found| top(found, *total)).collect();
        Tops { column: source.name.clone(), others: best.values - list.len(), list }
    };
    Ok(best.into_iter().zip(totals).map(tops).collect())
}

/// The rows that count and have a value, brought together by value: where those of each value end, and the rows.
fn by_value(source: &Source, counted: &Counted, ctx: &Ctx) -> Result<(Vec<usize>, Vec<u32>)> {
    let n = counted.t.row.len();
    // No value is a place beyond all of them.
    let value = |row: usize| if counted.has(row) { source.at(row, counted.t) } else { NONE };
    let mut from = vec![0usize; source.names.len() + 1];
    for row in 0..n {
        if row.is_multiple_of(CHUNK) {
            ctx.tick(row, 2 * n)?;
        }
        if let Some(count) = from.get_mut((value(row) as usize).saturating_add(1)) {
            *count += 1;
        }
    }
    for i in 1..from.len() {
        from[i] += from[i - 1];
    }
    let mut rows = vec![0u32; from[source.names.len()]];
    for row in 0..n {
        if row.is_multiple_of(CHUNK) {
            ctx.tick(n + row, 2 * n)?;
        }
        if let Some(next) = from.get_mut(value(row) as usize) {
            rows[*next] = row as u32;
            *next += 1;
        }
    }
    from.truncate(source.names.len());
    Ok((from, rows))
}

/// The rows of one value.
fn rows_of<'r>(ends: &[usize], rows: &'r [u32], value: usize) -> &'r [u32] {
    &rows[if value == 0 { 0 } else { ends[value - 1] }..ends[value]]
}

/// Values do not depend on each other, so threads change nothing.
fn best(ends: &[usize], rows: &[u32], counted: &Counted, ctx: &Ctx) -> Result<Vec<Best>> {
    let t = counted.t;
    let none = || vec![Best::default(); counted.slots];
    // Which value a customer was last counted for, from 1.
    let scratch = || (vec![0u32; t.customers.len()], vec![(ExactSum::default(), 0u32, false); counted.slots]);
    let one = |(seen, sums): &mut (Vec<u32>, Vec<(ExactSum, u32, bool)>), value: usize| -> Result<(usize, Vec<_>)> {
        sums.fill(Default::default());
        for (done, &row) in rows_of(ends, rows, value).iter().enumerate() {
            if done.is_multiple_of(CHUNK) {
                ctx.tick(if value == 0 { 0 } else { ends[value - 1] }, rows.len())?;
            }
            let row = row as usize;
            let seen = &mut seen[t.customer[row] as usize];
            let first = t.purchase[row] && std::mem::replace(seen, value as u32 + 1) != value as u32 + 1;
            for slot in counted.slots_of(row) {
                sums[slot].0.add(t.amount[row]);
                sums[slot].1 += u32::from(first);
                sums[slot].2 = true;
            }
        }
        Ok((value, sums.clone()))
    };
    let fold = |best: Result<Vec<Best>>, found: Result<(usize, Vec<(ExactSum, u32, bool)>)>| {
        let (mut best, (value, sums)) = (best?, found?);
        let everyone = sums[counted.everyone()].0;
        for (best, &(amount, customers, there)) in best.iter_mut().zip(&sums) {
            best.values += usize::from(there && customers > 0);
            // What was returned as much as bought leads nothing.
            if customers > 0 && amount > ExactSum::default() {
                best.add(Found { amount, value: value as u32, customers, everyone });
            }
        }
        Ok(best)
    };
    let join = |a: Vec<Best>, b: Vec<Best>| Ok(a.into_iter().zip(b).map(|(a, b)| a.merge(b)).collect());
    (0..ends.len()).into_par_iter().map_init(scratch, one).fold(|| Ok(none()), fold).try_reduce(none, join)
}

/// What most rows of each listed value say in `column`; the first text in order of equals.
fn words(
    column: &Column,
    best: &[Best],
    ends: &[usize],
    rows: &[u32],
    counted: &Counted,
    ctx: &Ctx,
) -> Result<HashMap<u32, String>> {
    let listed: BTreeSet<u32> = best.iter().flat_map(|b| b.list.iter().map(|found| found.value)).collect();
    let missing = column.missing_rule();
    let mut out = HashMap::new();
    for value in listed {
        ctx.tick(9, 10)?;
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for &row in rows_of(ends, rows, value as usize) {
            *counts.entry(column.text(counted.t.row[row as usize] as usize)).or_default() += 1;
        }
        let there = counts.into_iter().filter(|(text, _)| !missing.is_missing(text));
        let most = there.max_by(|a, b| a.1.cmp(&b.1).then_with(|| b.0.cmp(a.0)));
        out.extend(most.map(|(text, _)| (value, text.trim().to_string())));
    }
    Ok(out)
}
