//! What the customers of a segment buy, where they live, and on which days they buy.

mod columns;
mod people;

use std::collections::HashMap;

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
/// Ranges of values that are worked on side by side.
const RANGES: usize = 64;

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
    let best = best(source, counted, &ctx.part(0.0, 0.9))?;
    let words = match source.description {
        Some(column) => words(column, source, &best, counted, &ctx.part(0.9, 1.0))?,
        None => HashMap::new(),
    };
    let everyone = totals[counted.everyone()];
    let part = |amount: f64, of: f64| if of > 0.0 { amount / of } else { 0.0 };
    let top = |found: &Found, total: f64| {
        let name = &source.names[found.value as usize];
        let name = words.get(&found.value).map_or_else(|| name.clone(), |words| format!("{words} ({name})"));
        let (amount, usual) = (found.amount.value(), part(found.everyone.value(), everyone));
        let share = part(amount, total);
        // Where everyone together sent more back than they bought, there is no usual part.
        let lift = if usual > 0.0 { share / usual } else { f64::NAN };
        Top { name, customers: found.customers as usize, amount, share, lift }
    };
    let tops = |(best, total): (Best, &f64)| {
        let list: Vec<Top> = best.list.iter().map(|found| top(found, *total)).collect();
        Tops { column: source.name.clone(), others: best.values - list.len(), list }
    };
    Ok(best.into_iter().zip(totals).map(tops).collect())
}

/// What one row says of a value: whose it is, whether it is a purchase, and the money.
#[derive(Clone, Copy, Default)]
struct Record {
    value: u32,
    /// Twice the customer, and one more for a purchase.
    who: u32,
    amount: f64,
}

/// The records of ranges of values, by share of the rows and range, in the order of the rows. They are brought together in
/// two steps, as scattering ten million rows over thousands of values at once would wait for memory at every row.
fn ranges(source: &Source, counted: &Counted, ctx: &Ctx) -> Result<Vec<Vec<Vec<Record>>>> {
    let t = counted.t;
    let (rows, parts) = (t.row.len(), rayon::current_num_threads());
    let share = |part: usize| {
        let mut out = vec![Vec::new(); RANGES];
        for row in rows * part / parts..rows * (part + 1) / parts {
            if row.is_multiple_of(CHUNK) {
                ctx.tick(row, rows)?;
            }
            let value = source.at(row, t);
            if value != NONE && counted.has(row) {
                let who = t.customer[row] << 1 | u32::from(t.purchase[row]);
                out[value as usize * RANGES / source.names.len()].push(Record { value, who, amount: t.amount[row] });
            }
        }
        Ok(out)
    };
    (0..parts).into_par_iter().map(share).collect()
}

/// What the rows of one value come to in a cell.
#[derive(Clone, Copy, Default)]
struct Sum {
    amount: ExactSum,
    customers: u32,
}

/// The leading values of every slot. Values do not depend on each other, so threads change nothing.
fn best(source: &Source, counted: &Counted, ctx: &Ctx) -> Result<Vec<Best>> {
    let shares = ranges(source, counted, &ctx.part(0.0, 0.4))?;
    let none = || vec![Best::default(); counted.slots];
    let one = |range: usize| {
        ctx.tick(4 * RANGES + 6 * range, 10 * RANGES)?;
        let records: Vec<Record> = shares.iter().flat_map(|share| &share[range]).copied().collect();
        let mut best = none();
        let Some(first) = records.iter().map(|r| r.value).min() else { return Ok(best) };
        let last = records.iter().map(|r| r.value).fold(first, u32::max);
        // Brought together by value, in the order of the rows.
        let mut ends = vec![0usize; (last - first) as usize + 2];
        records.iter().for_each(|r| ends[(r.value - first) as usize + 1] += 1);
        (1..ends.len()).for_each(|i| ends[i] += ends[i - 1]);
        let mut sorted = vec![Record::default(); records.len()];
        for record in &records {
            let at = &mut ends[(record.value - first) as usize];
            sorted[*at] = *record;
            *at += 1;
        }
        drop(records);
        // Which value a customer was last counted for.
        let mut seen = vec![NONE; counted.t.customers.len()];
        for rows in sorted.chunk_by(|a, b| a.value == b.value) {
            add(&mut best, rows, &mut seen, counted, ctx)?;
        }
        Ok(best)
    };
    let join = |a: Vec<Best>, b: Vec<Best>| Ok(a.into_iter().zip(b).map(|(a, b)| a.merge(b)).collect());
    (0..RANGES).into_par_iter().map(one).try_reduce(none, join)
}

/// Adds one value, which `rows` are of.
fn add(best: &mut [Best], rows: &[Record], seen: &mut [u32], counted: &Counted, ctx: &Ctx) -> Result<()> {
    let mut cells = vec![Sum::default(); counted.cells()];
    let value = rows[0].value;
    for some in rows.chunks(CHUNK) {
        ctx.tick(0, 1)?;
        for row in some {
            let customer = row.who >> 1;
            let sum = &mut cells[counted.cell(customer)];
            sum.amount.add(row.amount);
            if row.who & 1 == 1 && std::mem::replace(&mut seen[customer as usize], value) != value {
                sum.customers += 1;
            }
        }
    }
    let mut slots = vec![Sum::default(); counted.slots];
    for (cell, sum) in cells.iter().enumerate() {
        for &slot in counted.slots_in(cell) {
            slots[slot].amount.merge(sum.amount);
            slots[slot].customers += sum.customers;
        }
    }
    let everyone = slots[counted.everyone()].amount;
    for (best, &Sum { amount, customers }) in best.iter_mut().zip(&slots) {
        best.values += usize::from(customers > 0);
        // What was returned as much as bought leads nothing.
        if customers > 0 && amount > ExactSum::default() {
            best.add(Found { amount, value, customers, everyone });
        }
    }
    Ok(())
}

/// What most rows of each listed value say in `column`; the first text in order of equals.
fn words(
    column: &Column,
    source: &Source,
    best: &[Best],
    counted: &Counted,
    ctx: &Ctx,
) -> Result<HashMap<u32, String>> {
    let t = counted.t;
    let mut listed = vec![false; source.names.len()];
    best.iter().flat_map(|b| &b.list).for_each(|found| listed[found.value as usize] = true);
    let part = |part: usize| {
        ctx.tick(part * CHUNK, t.row.len())?;
        let mut counts: HashMap<(u32, u32), usize> = HashMap::new();
        for row in part * CHUNK..t.row.len().min((part + 1) * CHUNK) {
            let value = source.at(row, t);
            if value != NONE && listed[value as usize] && counted.has(row) {
                *counts.entry((value, column.codes[t.row[row] as usize])).or_default() += 1;
            }
        }
        Ok(counts)
    };
    let join = |mut a: HashMap<(u32, u32), usize>, b: HashMap<(u32, u32), usize>| {
        b.into_iter().for_each(|(pair, n)| *a.entry(pair).or_default() += n);
        Ok(a)
    };
    let parts = t.row.len().div_ceil(CHUNK);
    let counts = (0..parts).into_par_iter().map(part).try_reduce(HashMap::new, join)?;
    let missing = column.missing_rule();
    let mut most: HashMap<u32, (usize, &str)> = HashMap::new();
    for ((value, code), n) in counts {
        let text = column.dict.get(code).trim();
        let known = most.get(&value).copied();
        if !missing.is_missing(text) && known.is_none_or(|(m, other)| n > m || (n == m && text < other)) {
            most.insert(value, (n, text));
        }
    }
    Ok(most.into_iter().map(|(value, (_, text))| (value, text.to_string())).collect())
}
