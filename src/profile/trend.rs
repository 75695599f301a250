//! What segments spent month by month.

use std::ops::Range;

use chrono::{Datelike, Months, NaiveDate};
use rayon::prelude::*;

use super::Trend;
use super::counted::{CHUNK, Counted};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::format;
use crate::intake::dates::{date_of, day_number};

/// Months that are compared with as many before them.
const QUARTER: usize = 3;

/// What every slot spent in each month of the data.
pub(super) struct Monthly {
    /// First days of the months.
    months: Vec<NaiveDate>,
    first_day: NaiveDate,
    last_day: NaiveDate,
    partial: [bool; 2],
    /// Per slot, one sum per month.
    sums: Vec<Vec<ExactSum>>,
}

impl Monthly {
    /// `None` where no transaction counts.
    ///
    /// # Errors
    /// [`crate::error::Error::Cancelled`].
    pub fn of(counted: &Counted, ctx: &Ctx) -> Result<Option<Monthly>> {
        let n = counted.t.day.len();
        let parts = n.div_ceil(CHUNK);
        let rows = |part: usize| (part * CHUNK..n.min((part + 1) * CHUNK)).filter(|&row| counted.has(row));
        // First and last day, and on which weekdays anything happens at all.
        let seen = |part: usize| {
            ctx.tick(part, 4 * parts)?;
            let days = rows(part).map(|row| counted.t.day[row]);
            Ok(days.fold((i32::MAX, i32::MIN, 0u8), |(first, last, open), day| {
                (first.min(day), last.max(day), open | 1 << weekday(day))
            }))
        };
        let join = |a: (i32, i32, u8), b: (i32, i32, u8)| Ok((a.0.min(b.0), a.1.max(b.1), a.2 | b.2));
        let (first, last, open) = (0..parts).into_par_iter().map(seen).try_reduce(|| (i32::MAX, i32::MIN, 0), join)?;
        if first > last {
            return Ok(None);
        }
        let (first_day, last_day) = (date_of(first), date_of(last));
        let begin = first_day.with_day(1).unwrap_or(first_day);
        let count = months_between(begin, last_day) + 1;
        let months: Vec<NaiveDate> =
            (0..count).filter_map(|i| begin.checked_add_months(Months::new(i as u32))).collect();
        let next = begin.checked_add_months(Months::new(count as u32)).map_or(last + 1, day_number);
        // A shop that is closed on Sundays has a whole month without the Sunday at its end.
        let missing = |from: i32, to: i32| (from..to).any(|day| open & 1 << weekday(day) != 0);
        let partial = [missing(day_number(begin), first), missing(last + 1, next)];

        let mut month_of = Vec::with_capacity((last - first + 1) as usize);
        for day in first..=last {
            month_of.push(months_between(begin, date_of(day)) as u32);
        }
        // As many stretches as cores: each needs a sum per cell and month.
        let threads = rayon::current_num_threads().min(parts);
        let stretch = |thread: usize| {
            let mut sums = vec![ExactSum::default(); counted.cells() * months.len()];
            for part in parts * thread / threads..parts * (thread + 1) / threads {
                ctx.tick(parts + 3 * part, 4 * parts)?;
                for row in rows(part) {
                    let month = month_of[(counted.t.day[row] - first) as usize] as usize;
                    let cell = counted.cell(counted.t.customer[row]);
                    sums[cell * months.len() + month].add(counted.t.amount[row]);
                }
            }
            Ok(sums)
        };
        let found: Vec<Vec<ExactSum>> = (0..threads).into_par_iter().map(stretch).collect::<Result<_>>()?;
        let mut sums = vec![vec![ExactSum::default(); months.len()]; counted.slots];
        for part in found {
            for (cell, of_months) in part.chunks(months.len()).enumerate() {
                for &slot in counted.slots_in(cell) {
                    sums[slot].iter_mut().zip(of_months).for_each(|(sum, more)| sum.merge(*more));
                }
            }
        }
        Ok(Some(Monthly { months, first_day, last_day, partial, sums }))
    }

    /// What a slot spent in all.
    pub fn total(&self, slot: usize) -> f64 {
        let mut total = ExactSum::default();
        self.sums[slot].iter().for_each(|sum| total.merge(*sum));
        total.value()
    }

    /// The trend of a slot, compared with that of everyone.
    pub fn trend(&self, slot: usize, everyone: usize, currency: Option<&str>) -> Trend {
        let revenue: Vec<f64> = self.sums[slot].iter().map(|sum| sum.value()).collect();
        let words = self.words(slot, everyone, currency);
        Trend { months: self.months.clone(), revenue, partial: self.partial, words }
    }

    fn words(&self, slot: usize, everyone: usize, currency: Option<&str>) -> String {
        let last = self.months.len() - 1;
        let whole = usize::from(self.partial[0])..last + usize::from(!self.partial[1]);
        let mut sentences = Vec::new();
        match whole.len() {
            n if n >= 12 + QUARTER => {
                let now = whole.end - QUARTER..whole.end;
                let before = now.start - 12..now.end - 12;
                sentences.push(self.comparison([slot, everyone], now, before, currency));
            }
            n @ 2.. => {
                let length = if n >= 2 * QUARTER { QUARTER } else { 1 };
                let now = whole.end - length..whole.end;
                let before = now.start - length..now.start;
                sentences.push(self.comparison([slot, everyone], now, before, currency));
                sentences.push("There is no earlier year to tell seasons apart.".into());
            }
            _ => sentences.push("The data hold fewer than two whole months, so no trend is told.".into()),
        }
        let day = |date: NaiveDate| date.format("%-d %B").to_string();
        let first = format!("{} (from {})", name(self.months[0]), day(self.first_day));
        let end = format!("{} (up to {})", name(self.months[last]), day(self.last_day));
        match self.partial {
            [true, true] if last == 0 => {
                let (from, to) = (day(self.first_day), day(self.last_day));
                sentences.push(format!("{} is a part, from {from} to {to}.", name(self.months[0])));
            }
            [true, true] => sentences.push(format!("{first} and {end} are parts and not compared.")),
            [true, false] => sentences.push(format!("{first} is a part and not compared.")),
            [false, true] => sentences.push(format!("{end} is a part and not compared.")),
            [false, false] => {}
        }
        sentences.join(" ")
    }

    /// One stretch of months against another one of the same length.
    fn comparison(
        &self,
        [slot, everyone]: [usize; 2],
        now: Range<usize>,
        before: Range<usize>,
        currency: Option<&str>,
    ) -> String {
        let sum = |slot: usize, months: &Range<usize>| {
            let mut sum = ExactSum::default();
            self.sums[slot][months.clone()].iter().for_each(|s| sum.merge(*s));
            sum.value()
        };
        let money = |v: f64| format::money(v, currency);
        let span = |months: &Range<usize>| match months.len() {
            1 => name(self.months[months.start]),
            _ => {
                // Winter has a year at both ends.
                let (from, to) = (self.months[months.start], self.months[months.end - 1]);
                let from = if from.year() == to.year() { from.format("%b").to_string() } else { name(from) };
                format!("{from}–{}", name(to))
            }
        };
        let (is, was) = (sum(slot, &now), sum(slot, &before));
        let all = change(sum(everyone, &now), sum(everyone, &before));
        let all = all.map_or_else(String::new, |all| format!(" (everyone {})", signed(all)));
        let head = format!("{} in {}", money(is), span(&now));
        let then = format!("{} in {}{all}", money(was), span(&before));
        match change(is, was) {
            Some(change) if change.abs() < 0.0005 => format!("{head}, as much as the {then}."),
            Some(change) if change > 0.0 => format!("{head}, {} more than the {then}.", format::percent(change)),
            Some(change) => format!("{head}, {} less than the {then}.", format::percent(-change)),
            None => format!("{head}, against {then}."),
        }
    }
}

/// The relative change; `None` where there is nothing to relate to.
fn change(is: f64, was: f64) -> Option<f64> {
    (was > 0.0).then(|| is / was - 1.0)
}

fn signed(change: f64) -> String {
    format!("{}{}", if change > 0.0 { "+" } else { "" }, format::percent(change))
}

/// "Nov 2011".
fn name(month: NaiveDate) -> String {
    month.format("%b %Y").to_string()
}

/// Monday is 0; 1970-01-01 was a Thursday.
pub(super) fn weekday(day: i32) -> u32 {
    (day + 3).rem_euclid(7) as u32
}

fn months_between(from: NaiveDate, to: NaiveDate) -> usize {
    let months = |d: NaiveDate| d.year() * 12 + d.month0() as i32;
    (months(to) - months(from)).max(0) as usize
}
