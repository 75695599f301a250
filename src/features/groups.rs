//! The rows that count, brought together by customer.

use rayon::prelude::*;

use super::Known;
use crate::clean::Transactions;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::dates::day_number;
use crate::recipe::Recipe;
use crate::rfm::RfmOut;

/// Stands for a customer who is not in the table: set aside, or excluded.
const NOT_THERE: u32 = u32::MAX;
/// Rows that are brought together at a time, so that they stay in the processor's cache.
const ROWS_TOGETHER: usize = 1 << 15;
/// Rows between two looks at the cancel flag.
const ROWS_PER_TICK: usize = 1 << 15;

/// Which transactions of which customer count: those that recency, frequency and monetary were counted from.
pub(super) struct Groups<'a> {
    pub transactions: &'a Transactions,
    /// How many customers the table has.
    pub customers: usize,
    /// First and last day that count.
    pub days: (i32, i32),
    /// Place in the table of each customer of the transactions, or [`NOT_THERE`].
    place: Vec<u32>,
    /// Customers that are brought together at a time.
    width: usize,
    /// Per share of the rows and group of customers the transactions, ascending.
    shares: Vec<Vec<Vec<u32>>>,
}

impl<'a> Groups<'a> {
    /// Looks at every transaction once. `first` restricts it to the customers at the first places of the table.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub(super) fn of(
        known: &Known<'a>,
        counted: &RfmOut,
        recipe: &Recipe,
        first: Option<usize>,
        ctx: &Ctx,
    ) -> Result<Groups<'a>> {
        let t = &known.clean.transactions;
        let ids = &counted.customers.ids;
        let customers = ids.len();
        // Both lists are in the same order, and the table's is a part of the other.
        let mut next = 0;
        let place: Vec<u32> = t
            .customers
            .iter()
            .map(|id| {
                if ids.get(next) != Some(id) {
                    return NOT_THERE;
                }
                next += 1;
                if first.is_some_and(|n| next > n) { NOT_THERE } else { (next - 1) as u32 }
            })
            .collect();
        let today = counted.snapshot.map_or(i32::MAX, day_number);
        let earliest = recipe.rfm.window_days.map_or(i32::MIN, |days| today.saturating_sub(days as i32));
        let rows = t.customer.len();
        let width = (ROWS_TOGETHER * customers.max(1) / rows.max(1)).clamp(16, 1 << 14);
        let (groups, parts) = (customers.div_ceil(width), rayon::current_num_threads());
        let share = |part: usize| {
            let range = rows * part / parts..rows * (part + 1) / parts;
            let expected = range.len() / groups.max(1);
            let mut rows_of: Vec<Vec<u32>> = (0..groups).map(|_| Vec::with_capacity(expected + expected / 8)).collect();
            for row in range {
                if row.is_multiple_of(ROWS_PER_TICK) {
                    ctx.tick(row, rows * 4)?;
                }
                let place = place[t.customer[row] as usize];
                if place != NOT_THERE && (earliest..=today).contains(&t.day[row]) {
                    rows_of[place as usize / width].push(row as u32);
                }
            }
            Ok(rows_of)
        };
        let shares = (0..parts).into_par_iter().map(share).collect::<Result<_>>()?;
        Ok(Groups { transactions: t, customers, days: (earliest, today), place, width, shares })
    }

    /// Something about each customer of the table, from what `value` says of each of their transactions, in the order
    /// of the file. Groups are independent, so threads change nothing.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub(super) fn per_customer<V: Copy + Default + Send, T: Send>(
        &self,
        value: impl Fn(usize) -> V + Sync,
        one: impl Fn(&mut [V]) -> T + Sync,
        ctx: &Ctx,
    ) -> Result<Vec<T>> {
        let groups = self.customers.div_ceil(self.width);
        let group = |group: usize| {
            let first = group * self.width;
            let here = self.width.min(self.customers - first);
            ctx.tick(groups + 3 * group, 4 * groups)?;
            let all = || self.shares.iter().flat_map(|share| &share[group]).map(|&row| row as usize);
            let local = |row: usize| self.place[self.transactions.customer[row] as usize] as usize - first;
            let mut ends = vec![0usize; here + 1];
            all().for_each(|row| ends[local(row) + 1] += 1);
            for c in 0..here {
                ends[c + 1] += ends[c];
            }
            let mut values = vec![V::default(); ends[here]];
            let mut place = ends.clone();
            for row in all() {
                let at = &mut place[local(row)];
                values[*at] = value(row);
                *at += 1;
            }
            Ok((0..here).map(|c| one(&mut values[ends[c]..ends[c + 1]])).collect::<Vec<_>>())
        };
        let parts: Vec<Vec<T>> = (0..groups).into_par_iter().map(group).collect::<Result<_>>()?;
        Ok(parts.into_iter().flatten().collect())
    }
}
