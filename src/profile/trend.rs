//! What segments spent month by month.

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
        // As many stretches as cores: each needs a sum per slot and month.
        let threads = rayon::current_num_threads().min(parts);
        let stretch = |thread: usize| {
            let mut sums = vec![ExactSum::default(); counted.slots * months.len()];
            for part in parts * thread / threads..parts * (thread + 1) / threads {
                ctx.tick(parts + 3 * part, 4 * parts)?;
                for row in rows(part) {
                    let month = month_of[(counted.t.day[row] - first) as usize] as usize;
                    counted.slots_of(row).for_each(|slot| sums[slot * months.len() + month].add(counted.t.amount[row]));
                }
            }
            Ok(sums)
        };
        let found: Vec<Vec<ExactSum>> = (0..threads).into_par_iter().map(stretch).collect::<Result<_>>()?;
        let mut sums = vec![vec![ExactSum::default(); months.len()]; counted.slots];
        for part in found {
            for (sum, more) in sums.iter_mut().flatten().zip(part) {
                sum.merge(more);
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
        let mut sentences = Vec::new();
        let whole =
            usize::from(self.partial[0])..self.months.len() - usize::from(self.partial[1]).min(self.months.len());
        let whole_months = whole.len();
        let compared = match whole_months {
            n if n >= 12 + QUARTER => Some((QUARTER, 12)),
            n if n >= 2 * QUARTER => Some((QUARTER, QUARTER)),
            2.. => Some((1, 1)),
            _ => None,
        };
        match compared {
            None => sentences.push("The data hold fewer than two whole months, so no trend is told.".to_string()),
            Some((length, back)) => {
                let now = whole.end - length..whole.end;
                let before = now.start - back..now.start - back + length;
                sentences.push(self.comparison([slot, everyone], now, before, back == 12, currency));
                if back < 12 {
                    sentences.push("Seasons are not told apart, as the data are shorter than that.".into());
                }
            }
        }
        let day = |date: NaiveDate| date.format("%-d %B %Y").to_string();
        let only = self.months.len() == 1;
        match self.partial {
            [true, true] if only => {
                sentences.push(format!("The data run from {} to {}.", day(self.first_day), day(self.last_day)));
            }
            partial => {
                if partial[0] {
                    let month = name(self.months[0]);
                    sentences.push(format!("{month} begins with {}: a part, not compared.", day(self.first_day)));
                }
                if partial[1] {
                    let month = name(self.months[self.months.len() - 1]);
                    sentences.push(format!("{month} ends with {}: a part, not compared.", day(self.last_day)));
                }
            }
        }
        sentences.join(" ")
    }

    /// One stretch of months against another one of the same length.
    fn comparison(
        &self,
        [slot, everyone]: [usize; 2],
        now: std::ops::Range<usize>,
        before: std::ops::Range<usize>,
        a_year: bool,
        currency: Option<&str>,
    ) -> String {
        let sum = |slot: usize, months: std::ops::Range<usize>| {
            let mut sum = ExactSum::default();
            self.sums[slot][months].iter().for_each(|s| sum.merge(*s));
            sum.value()
        };
        let money = |v: f64| format::money(v, currency);
        let (is, was) = (sum(slot, now.clone()), sum(slot, before.clone()));
        let span = |months: &std::ops::Range<usize>| match months.len() {
            1 => name(self.months[months.start]),
            _ => format!("{}–{}", self.months[months.start].format("%b"), name(self.months[months.end - 1])),
        };
        let than = match (a_year, now.len()) {
            (true, _) => format!("the same months a year before ({})", span(&before)),
            (false, 1) => format!("the month before ({})", span(&before)),
            (false, _) => format!("the {} months before ({})", now.len(), span(&before)),
        };
        let all = change(sum(everyone, now.clone()), sum(everyone, before));
        let all = all.map_or_else(String::new, |all| format!("; everyone {}", signed(all)));
        let head = format!("{} in {}", money(is), span(&now));
        match change(is, was) {
            Some(change) if change.abs() < 0.0005 => format!("{head}, as much as in {than}{all}."),
            Some(change) => {
                let more = if change > 0.0 { "more" } else { "less" };
                format!("{head}, {} {more} than the {} in {than}{all}.", format::percent(change.abs()), money(was))
            }
            None if is == 0.0 && was == 0.0 => format!("Nothing was spent in {}, nor in {than}{all}.", span(&now)),
            None => format!("{head}, against {} in {than}{all}.", money(was)),
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
