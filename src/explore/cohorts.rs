//! How customers come back: by the month of their first purchase, and the months since.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use rayon::prelude::*;

use super::tally::{Tally, days_of};
use super::timeline::{Periods, name};
use super::values::NONE;
use super::view::{Selected, View, chunks};
use super::words::{measure_label, measured, money, note};
use super::{Measure, Period, Source, Subject};
use crate::chart::{Axis, Cell, Cells, Chart, Data, Ink, Marks, Scale};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::intake::dates::date_of;

/// Most months in the picture.
const MOST_MONTHS: usize = 60;

/// Which cohort each customer is of.
struct Cohorts<'a> {
    view: View<'a>,
    months: Periods,
    /// Month of the first purchase per customer of the transactions; [`NONE`] for those who only returned.
    cohort: Vec<u32>,
}

impl<'a> Cohorts<'a> {
    fn of(subject: &'a Subject, ctx: &Ctx) -> Result<Cohorts<'a>> {
        let view = View::of(subject, Source::Transactions);
        let t = &subject.clean.transactions;
        let (first, last) = days_of(t);
        let months = Periods::between(first, last, Period::Month);
        let cohort: Vec<AtomicU32> = (0..t.customers.len()).map(|_| AtomicU32::new(NONE)).collect();
        chunks(view.len()).try_for_each(|range| {
            ctx.tick(range.start, 2 * view.len())?;
            for place in range.filter(|&place| t.purchase[place]) {
                let (of, month) = (&cohort[t.customer[place] as usize], months.of(t.day[place]));
                if of.load(Relaxed) > month {
                    of.fetch_min(month, Relaxed);
                }
            }
            Ok(())
        })?;
        Ok(Cohorts { view, months, cohort: cohort.into_iter().map(AtomicU32::into_inner).collect() })
    }

    /// Cohort and month of a row. Whoever returned something before the first purchase has no month yet.
    #[inline]
    fn at(&self, place: usize) -> Option<(u32, u32)> {
        let t = &self.view.subject.clean.transactions;
        let (cohort, month) = (self.cohort[t.customer[place] as usize], self.months.of(t.day[place]));
        (cohort <= month).then_some((cohort, month))
    }

    /// The measure of each cohort in each month: `cohort × months + month`.
    fn measure(&self, measure: Measure, only: Option<&Selected>, ctx: &Ctx) -> Result<Vec<f64>> {
        let (n, t) = (self.months.len(), &self.view.subject.clean.transactions);
        match measure {
            // A customer has one cohort, so that customer and month say it all.
            Measure::Customers => {
                let tally = Tally { view: &self.view, groups: n, only, ctx };
                let month = |place: usize| match self.at(place) {
                    Some((_, month)) if t.purchase[place] => month,
                    _ => NONE,
                };
                let slot = |month: u32, customer: u32| self.cohort[customer as usize] as usize * n + month as usize;
                tally.distinct_in(month, t.customers.len(), |place| t.customer[place], n * n, slot)
            }
            _ => {
                let tally = Tally { view: &self.view, groups: n * n, only, ctx };
                tally.measure(measure, |place| self.at(place).map_or(NONE, |(c, m)| c * n as u32 + m))
            }
        }
    }

    /// Months in which somebody bought for the first time.
    fn all(&self) -> Vec<usize> {
        let mut sizes = vec![0usize; self.months.len()];
        self.cohort.iter().filter(|&&c| c != NONE).for_each(|&c| sizes[c as usize] += 1);
        (0..sizes.len()).filter(|&c| sizes[c] > 0).collect()
    }

    /// The cohorts in the picture: the latest ones where there are too many.
    fn shown(&self) -> Vec<usize> {
        let all = self.all();
        all[all.len().saturating_sub(MOST_MONTHS)..].to_vec()
    }

    fn size(&self, cohort: usize) -> usize {
        self.cohort.iter().filter(|&&c| c as usize == cohort).count()
    }

    /// Months since the first purchase that the picture has, the first one included.
    fn columns(&self, shown: &[usize]) -> usize {
        shown.first().map_or(0, |first| self.months.len() - first)
    }
}

pub(super) fn cohorts(
    subject: &Subject,
    measure: Measure,
    share: bool,
    selection: Option<&[u32]>,
    ctx: &Ctx,
) -> Result<Chart> {
    let what = measure_label(measure, Source::Transactions);
    let title = if share { format!("{what} by cohort, share of the first month") } else { format!("{what} by cohort") };
    let mut chart = Chart { title, ..Chart::default() };
    if let Some(why) = View::of(subject, Source::Transactions).why_empty() {
        chart.marks = Marks::Empty(why);
        return Ok(chart);
    }
    let cohorts = Cohorts::of(subject, ctx)?;
    let shown = cohorts.shown();
    if shown.is_empty() {
        chart.marks = Marks::Empty("There is no purchase, only returns. Look at the funnel in the Clean panel.".into());
        return Ok(chart);
    }
    let (n, columns) = (cohorts.months.len(), cohorts.columns(&shown));
    let values = cohorts.measure(measure, None, ctx)?;
    let selected = cohorts.view.selected(selection, ctx)?;
    let part = match &selected {
        Some(selected) => Some(cohorts.measure(Measure::Rows, Some(selected), ctx)?),
        None => None,
    };
    // Beyond the last month there is nothing, not zero.
    let at = |cohort: usize, since: usize| (cohort + since < n).then(|| values[cohort * n + cohort + since]);
    let relative = |cohort: usize, since: usize| {
        let (value, first) = (at(cohort, since)?, at(cohort, 0)?);
        Some(if first > 0.0 { value / first } else { f64::NAN })
    };
    // The first month says how large a cohort is; the colours tell the others apart.
    let later = shown.iter().flat_map(|&c| (1..columns).map(move |since| (c, since)));
    let strength = |c: usize, since: usize| if share { relative(c, since) } else { at(c, since) };
    let highest = later.filter_map(|(c, since)| strength(c, since)).filter(|v| v.is_finite()).fold(0.0, f64::max);
    let month = |m: usize| name(cohorts.months.starts[m], Period::Month);
    let cell = |cohort: usize, since: usize| {
        let Some(value) = at(cohort, since) else {
            return Cell {
                tip: format!("{} lies after the end of the data", month_after(&cohorts, cohort + since)),
                ..Cell::default()
            };
        };
        let strength = strength(cohort, since).unwrap_or(f64::NAN);
        let ink = (strength.is_finite() && highest > 0.0)
            .then(|| Ink::Sequential((strength / highest).clamp(0.0, 1.0) as f32));
        let text = match measure {
            _ if share => {
                if strength.is_finite() {
                    format!("{} %", format::number(strength * 100.0, 0))
                } else {
                    "–".into()
                }
            }
            Measure::Revenue => money(value, subject),
            _ => format::count(value as usize),
        };
        let since_words = if since == 0 {
            "the month itself".to_string()
        } else {
            format!("{} later", format::plural(since, "month", "months"))
        };
        let mut tip = format!(
            "First purchase in {}, {since_words} ({})\n{}",
            month(cohort),
            month(cohort + since),
            measured(value, measure, Source::Transactions, subject)
        );
        if let Some(relative) = relative(cohort, since).filter(|r| since > 0 && r.is_finite()) {
            tip.push_str(&format!(", {} of the first month", format::percent(relative)));
        }
        let ring = part.as_ref().is_some_and(|p| p[cohort * n + cohort + since] > 0.0);
        Cell { ink, text, tip, ring }
    };
    let places = || shown.iter().flat_map(move |&c| (0..columns).map(move |since| (c, since)));
    chart.marks = Marks::Cells(Cells { columns, cells: places().map(|(c, since)| cell(c, since)).collect() });
    let since = (0..columns).map(|s| s.to_string()).collect();
    chart.x = Axis { label: "Months since the first purchase".into(), scale: Scale::Names(Arc::new(since)) };
    let names: Vec<String> = shown.iter().map(|&c| month(c)).collect();
    chart.y = Axis { label: "First purchase".into(), scale: Scale::Names(Arc::new(names)) };
    chart.note = said_of(&cohorts, &shown);
    let known: Vec<(usize, usize)> = places().filter(|(c, since)| at(*c, *since).is_some()).collect();
    let numbers = |f: &dyn Fn(usize, usize) -> f64| known.iter().map(|&(c, s)| f(c, s)).collect::<Vec<f64>>();
    chart.data = Data::default()
        .text("first_purchase", known.iter().map(|(c, _)| date_of(cohorts.months.starts[*c]).to_string()).collect())
        .number("months_since", numbers(&|_, since| since as f64))
        .number(what.to_lowercase(), numbers(&|c, since| at(c, since).unwrap_or(f64::NAN)))
        .number("share_of_first_month", numbers(&|c, since| relative(c, since).unwrap_or(f64::NAN)));
    Ok(chart)
}

/// A month that may lie beyond the last one.
fn month_after(cohorts: &Cohorts, month: usize) -> String {
    let start = date_of(cohorts.months.starts[0]);
    let at = start.checked_add_months(chrono::Months::new(month as u32)).unwrap_or(start);
    at.format("%b %Y").to_string()
}

fn said_of(cohorts: &Cohorts, shown: &[usize]) -> String {
    let t = &cohorts.view.subject.clean.transactions;
    let (first, last) = days_of(t);
    let with: usize = cohorts.cohort.iter().filter(|&&c| c != NONE).count();
    let without = cohorts.cohort.len() - with;
    let all = cohorts.all().len();
    let n = cohorts.months.len();
    let early = cohorts.months.starts[n] - 1 > last;
    note([
        format::plural(with, "customer", "customers"),
        if without > 0 { format!("{} with returns only left out", format::count(without)) } else { String::new() },
        if all > shown.len() { format!("the latest {} of {} cohorts", shown.len(), all) } else { String::new() },
        // Said of the very first one only, where it is shown.
        match (shown.first(), cohorts.all().first()) {
            (Some(one), Some(very_first)) if one == very_first => format!(
                "the first cohort, {} ({}), also holds whoever bought before the data begin on {}",
                name(cohorts.months.starts[*one], Period::Month),
                format::count(cohorts.size(*one)),
                date_of(first)
            ),
            _ => String::new(),
        },
        if early {
            format!("{} ends on {}", name(cohorts.months.starts[n - 1], Period::Month), date_of(last))
        } else {
            String::new()
        },
    ])
}

/// The customers of a cohort who are there in a cell's month.
pub(super) fn pick(subject: &Subject, cell: usize, measure: Measure, ctx: &Ctx) -> Result<Vec<u32>> {
    let cohorts = Cohorts::of(subject, ctx)?;
    let shown = cohorts.shown();
    let columns = cohorts.columns(&shown).max(1);
    let Some(&cohort) = shown.get(cell / columns) else { return Ok(Vec::new()) };
    let wanted = Some((cohort as u32, (cohort + cell % columns) as u32));
    let t = &subject.clean.transactions;
    // Customers and orders count by their purchases, rows and money by all.
    let purchases = matches!(measure, Measure::Customers | Measure::Orders);
    cohorts.view.customers_where(|place| (t.purchase[place] || !purchases) && cohorts.at(place) == wanted, ctx)
}
