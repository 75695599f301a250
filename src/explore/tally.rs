//! Rows, customers, orders and revenue per group of rows.

use std::ops::Range;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::sort::sorted_parts;
use super::values::{NONE, count_places};
use super::view::{CHUNK, Selected, View, chunks};
use super::{Measure, Source};
use crate::clean::{NO_INVOICE, Transactions};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;

/// Most bits of a table of which member was seen in which group; beyond that, pairs are sorted.
const MOST_BITS: usize = 1 << 30;

/// Most members whose first group is remembered.
const MOST_REMEMBERED: usize = 1 << 26;

/// What is added up per group.
pub(super) struct Tally<'v, 'a, 's> {
    pub view: &'v View<'a>,
    pub groups: usize,
    /// Only rows of selected customers.
    pub only: Option<&'v Selected<'s>>,
    pub ctx: &'v Ctx,
}

impl Tally<'_, '_, '_> {
    /// The measure of each group; `group` gives the group at a place, or [`NONE`].
    pub fn measure(&self, measure: Measure, group: impl Fn(usize) -> u32 + Sync) -> Result<Vec<f64>> {
        let rfm = &self.view.subject.rfm.customers;
        match (measure, self.view.source) {
            (Measure::Rows, _) | (Measure::Customers, Source::Customers) => self.rows(group),
            (Measure::Orders, Source::Customers) => {
                let of = rfm.frequency();
                self.sums(group, |place| of.get(place).copied().unwrap_or(0.0))
            }
            (Measure::Revenue, Source::Customers) => {
                let of = rfm.monetary();
                self.sums(group, |place| of.get(place).copied().unwrap_or(0.0))
            }
            (Measure::Customers, Source::File) => {
                let owners = self.view.owners(self.ctx)?;
                self.distinct(group, rfm.len(), |place| owners.at(self.view, place).unwrap_or(NONE))
            }
            // Orders and money are known of the rows that count.
            (Measure::Orders | Measure::Revenue, Source::File) => Ok(vec![f64::NAN; self.groups]),
            (Measure::Customers, Source::Transactions) => {
                let t = self.transactions();
                self.distinct(group, t.customers.len(), |place| t.customer[place])
            }
            (Measure::Orders, Source::Transactions) => {
                let orders = Orders::of(self.view, self.ctx)?;
                let t = self.transactions();
                let order = |place: usize| if t.purchase[place] { orders.at(t, place) } else { NONE };
                self.distinct(group, orders.codes, order)
            }
            (Measure::Revenue, Source::Transactions) => {
                let t = self.transactions();
                self.sums(group, |place| t.amount[place])
            }
        }
    }

    fn transactions(&self) -> &Transactions {
        &self.view.subject.clean.transactions
    }

    fn has(&self, place: usize) -> bool {
        self.only.is_none_or(|only| only.has(self.view, place))
    }

    /// Rows per group.
    pub fn rows(&self, group: impl Fn(usize) -> u32 + Sync) -> Result<Vec<f64>> {
        let counts = count_places(self.view, self.groups, group, self.only, self.ctx)?;
        Ok(counts.into_iter().map(f64::from).collect())
    }

    /// Sums per group, exact.
    pub fn sums(&self, group: impl Fn(usize) -> u32 + Sync, amount: impl Fn(usize) -> f64 + Sync) -> Result<Vec<f64>> {
        let n = self.view.len();
        // As many stretches as cores where each needs many sums, a few more where not.
        let parts = rayon::current_num_threads() * if self.groups > 1 << 16 { 1 } else { 4 };
        let stretch = n.div_ceil(parts).max(1 << 14);
        let part = |i: usize| {
            let mut sums = vec![ExactSum::default(); self.groups];
            for place in i * stretch..n.min((i + 1) * stretch) {
                if place.is_multiple_of(CHUNK) {
                    self.ctx.tick(place, n)?;
                }
                if self.has(place)
                    && let Some(sum) = sums.get_mut(group(place) as usize)
                {
                    sum.add(amount(place));
                }
            }
            Ok(sums)
        };
        let join = |mut a: Vec<ExactSum>, b: Vec<ExactSum>| {
            a.iter_mut().zip(b).for_each(|(a, b)| a.merge(b));
            Ok(a)
        };
        let parts: Vec<Vec<ExactSum>> = (0..n.div_ceil(stretch)).into_par_iter().map(part).collect::<Result<_>>()?;
        let none = vec![ExactSum::default(); self.groups];
        let sums: Result<Vec<ExactSum>> = parts.into_iter().try_fold(none, join);
        Ok(sums?.into_iter().map(ExactSum::value).collect())
    }

    /// Distinct members per group. Members are codes below `members`, or [`NONE`].
    pub fn distinct(
        &self,
        group: impl Fn(usize) -> u32 + Sync,
        members: usize,
        member: impl Fn(usize) -> u32 + Sync,
    ) -> Result<Vec<f64>> {
        self.distinct_in(group, members, member, self.groups, |group, _| group as usize)
    }

    /// The same, with each pair of group and member counted in one of `slots` slots.
    pub fn distinct_in(
        &self,
        group: impl Fn(usize) -> u32 + Sync,
        members: usize,
        member: impl Fn(usize) -> u32 + Sync,
        slots: usize,
        slot: impl Fn(u32, u32) -> usize + Sync,
    ) -> Result<Vec<f64>> {
        let pair = |place: usize| {
            let (g, m) = (group(place), member(place));
            (m != NONE && (g as usize) < self.groups && self.has(place)).then_some((g, m))
        };
        // Each thread counts for itself where slots are few, as they would get in each other's way.
        let lanes = if slots <= 1 << 16 { rayon::current_num_threads() } else { 1 };
        let counts: Vec<AtomicU32> = (0..slots * lanes).map(|_| AtomicU32::new(0)).collect();
        let count = |group: u32, member: u32| {
            let (slot, lane) = (slot(group, member), rayon::current_thread_index().unwrap_or(0) % lanes);
            if slot < slots {
                counts[lane * slots + slot].fetch_add(1, Relaxed);
            }
        };
        if self.groups.saturating_mul(members) <= MOST_BITS {
            self.each_by_bits(pair, members, count)?;
        } else {
            self.each_by_sort(pair, members, count)?;
        }
        let total = |slot: usize| counts.iter().skip(slot).step_by(slots).map(|c| f64::from(c.load(Relaxed))).sum();
        Ok((0..slots).map(total).collect())
    }

    /// The same as [`Tally::each_by_bits`] for any number of pairs. Most members are in one group only, or come back to
    /// it: each remembers its first one, and only pairs with further groups are sorted.
    fn each_by_sort(
        &self,
        pair: impl Fn(usize) -> Option<(u32, u32)> + Sync,
        members: usize,
        each: impl Fn(u32, u32) + Sync,
    ) -> Result<()> {
        let n = self.view.len();
        let remembered = if members <= MOST_REMEMBERED { members } else { 0 };
        let first: Vec<AtomicU32> = (0..remembered).into_par_iter().map(|_| AtomicU32::new(NONE)).collect();
        let others = |range: Range<usize>| {
            self.ctx.tick(range.start, 2 * n)?;
            let other = |(g, m): (u32, u32)| {
                let Some(first) = first.get(m as usize) else { return true };
                let seen = match first.load(Relaxed) {
                    NONE => first.compare_exchange(NONE, g, Relaxed, Relaxed).err().unwrap_or(g),
                    seen => seen,
                };
                seen != g
            };
            let keys = range.filter_map(&pair).filter(|&p| other(p));
            let mut keys: Vec<u64> = keys.map(|(g, m)| u64::from(m) << 32 | u64::from(g)).collect();
            keys.dedup();
            Ok(keys)
        };
        let others: Vec<Vec<u64>> = chunks(n).map(others).collect::<Result<_>>()?;
        first.par_iter().enumerate().with_min_len(CHUNK).for_each(|(member, group)| {
            let group = group.load(Relaxed);
            if group != NONE {
                each(group, member as u32);
            }
        });
        sorted_parts(others, self.ctx)?.par_iter().for_each(|part| {
            part.chunk_by(|a, b| a == b).for_each(|run| each(run[0] as u32, (run[0] >> 32) as u32));
        });
        Ok(())
    }

    /// Calls `each` once for every pair of group and member that occurs.
    fn each_by_bits(
        &self,
        pair: impl Fn(usize) -> Option<(u32, u32)> + Sync,
        members: usize,
        each: impl Fn(u32, u32) + Sync,
    ) -> Result<()> {
        let n = self.view.len();
        // A member's groups stand side by side: its rows are near each other more often than those of a group.
        let words = (self.groups * members).div_ceil(64);
        let bits: Vec<AtomicU64> = (0..words).into_par_iter().map(|_| AtomicU64::new(0)).collect();
        chunks(n).try_for_each(|range| {
            self.ctx.tick(range.start, n)?;
            for (g, m) in range.filter_map(&pair) {
                let at = m as usize * self.groups + g as usize;
                let (word, bit) = (&bits[at / 64], 1u64 << (at % 64));
                if word.load(Relaxed) & bit == 0 {
                    word.fetch_or(bit, Relaxed);
                }
            }
            Ok(())
        })?;
        bits.par_chunks(CHUNK).enumerate().try_for_each(|(chunk, words)| {
            self.ctx.tick(1, 1)?;
            for (i, word) in words.iter().enumerate() {
                let mut word = word.load(Relaxed);
                while word != 0 {
                    let at = (chunk * CHUNK + i) * 64 + word.trailing_zeros() as usize;
                    each((at % self.groups) as u32, (at / self.groups) as u32);
                    word &= word - 1;
                }
            }
            Ok(())
        })
    }
}

/// Which order each transaction belongs to: what frequency counts.
pub(super) struct Orders {
    how: How,
    /// The first day, and how many there are.
    first: i32,
    days: u32,
    /// All orders have codes below this.
    pub codes: usize,
}

enum How {
    Row,
    /// Customers times days.
    Day,
    /// Ascending pairs of customer and day, where there are too many of all for codes.
    Pair(Vec<u64>),
    /// The invoice; invoices that several customers have, and rows without one, have codes of their own for each
    /// customer (and day): `others` are those, ascending.
    Invoice {
        owner: Vec<u32>,
        others: Vec<u64>,
    },
}

impl Orders {
    pub fn of(view: &View, ctx: &Ctx) -> Result<Orders> {
        let subject = view.subject;
        let t = &subject.clean.transactions;
        let (first, last) = days_of(t);
        let days = (last - first + 1).max(1) as u32;
        match subject.rfm.frequency_of {
            "rows" => Ok(Orders { how: How::Row, first, days, codes: t.row.len() }),
            "invoices" if !t.invoice.is_empty() => Orders::by_invoice(t, first, days, ctx),
            _ if t.customers.len() * (days as usize) < NONE as usize => {
                Ok(Orders { how: How::Day, first, days, codes: t.customers.len() * days as usize })
            }
            _ => {
                let pairs =
                    (0..t.day.len()).into_par_iter().map(|place| Orders::by_day(t, place, first, days)).collect();
                let mut pairs = sorted_parts(vec![pairs], ctx)?.concat();
                pairs.dedup();
                Ok(Orders { codes: pairs.len(), first, days, how: How::Pair(pairs) })
            }
        }
    }

    fn by_invoice(t: &Transactions, first: i32, days: u32, ctx: &Ctx) -> Result<Orders> {
        let n = t.invoice.len();
        let codes = t.invoice.par_iter().filter(|&&i| i != NO_INVOICE).max().map_or(0, |&i| i as usize + 1);
        // An invoice belongs to the first of its customers, whatever the order of rows.
        let owner: Vec<AtomicU32> = (0..codes).map(|_| AtomicU32::new(NONE)).collect();
        chunks(n).try_for_each(|range| {
            ctx.tick(range.start, n)?;
            for place in range.filter(|&place| t.invoice[place] != NO_INVOICE) {
                let owner = &owner[t.invoice[place] as usize];
                if owner.load(Relaxed) > t.customer[place] {
                    owner.fetch_min(t.customer[place], Relaxed);
                }
            }
            Ok(())
        })?;
        let owner: Vec<u32> = owner.into_iter().map(AtomicU32::into_inner).collect();
        let other = |range: Range<usize>| {
            ctx.tick(range.start, n)?;
            let other = |place: usize| match t.invoice[place] {
                NO_INVOICE => Some(Orders::by_day(t, place, first, days)),
                code if owner[code as usize] != t.customer[place] => Some(Orders::by_number(t, place)),
                _ => None,
            };
            let mut found: Vec<u64> = range.filter_map(other).collect();
            found.dedup();
            Ok(found)
        };
        let others: Vec<Vec<u64>> = chunks(n).map(other).collect::<Result<_>>()?;
        let mut others = sorted_parts(others, ctx)?.concat();
        others.dedup();
        Ok(Orders { codes: codes + others.len(), first, days, how: How::Invoice { owner, others } })
    }

    fn by_number(t: &Transactions, place: usize) -> u64 {
        u64::from(t.customer[place]) << 32 | u64::from(t.invoice[place])
    }

    /// Above all numbers of invoices.
    fn by_day(t: &Transactions, place: usize, first: i32, days: u32) -> u64 {
        1 << 63 | (u64::from(t.customer[place]) * u64::from(days) + (t.day[place] - first) as u64)
    }

    /// The order at a place.
    #[inline]
    pub fn at(&self, t: &Transactions, place: usize) -> u32 {
        match &self.how {
            How::Row => place as u32,
            How::Day => t.customer[place] * self.days + (t.day[place] - self.first) as u32,
            How::Pair(pairs) => {
                let key = Orders::by_day(t, place, self.first, self.days);
                pairs.partition_point(|&p| p < key) as u32
            }
            How::Invoice { owner, others } => {
                let code = t.invoice[place];
                if code != NO_INVOICE && owner[code as usize] == t.customer[place] {
                    return code;
                }
                let key = if code == NO_INVOICE {
                    Orders::by_day(t, place, self.first, self.days)
                } else {
                    Orders::by_number(t, place)
                };
                (owner.len() + others.partition_point(|&o| o < key)) as u32
            }
        }
    }
}

/// First and last day; (0, 0) without rows.
pub(super) fn days_of(t: &Transactions) -> (i32, i32) {
    let days = t.day.par_iter().with_min_len(1 << 16);
    let found = days.map(|&d| (d, d)).reduce(|| (i32::MAX, i32::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    if found.0 > found.1 { (0, 0) } else { found }
}
