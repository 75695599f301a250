//! What happened per day, week or month.

use std::sync::Arc;

use chrono::{Datelike, Days, Months, NaiveDate};

use super::tally::{Tally, days_of};
use super::view::{Selected, View};
use super::words::{amounts, measure_format, measure_label, measured, note};
use super::{Measure, Period, Source, Subject};
use crate::chart::{Axis, Chart, Data, Ink, Line, Marks, Scale};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::plural;
use crate::intake::dates::{date_of, day_number};

/// The periods from the first transaction to the last.
pub(super) struct Periods {
    /// First day of each, and of the one after the last.
    pub starts: Vec<i32>,
    first: i32,
    /// Number of the period of each day from the first.
    of_day: Vec<u32>,
}

impl Periods {
    /// `first` and `last` are days since 1970-01-01. Weeks begin on Mondays.
    pub fn between(first: i32, last: i32, period: Period) -> Periods {
        let begin = |day: NaiveDate| match period {
            Period::Day => day,
            Period::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Period::Month => day.with_day(1).unwrap_or(day),
        };
        let next = |day: NaiveDate| match period {
            Period::Day => day + Days::new(1),
            Period::Week => day + Days::new(7),
            Period::Month => day + Months::new(1),
        };
        let mut at = begin(date_of(first));
        let mut starts = vec![day_number(at)];
        while *starts.last().unwrap_or(&i32::MAX) <= last {
            at = next(at);
            starts.push(day_number(at));
        }
        let mut number = 0;
        let mut of_day = Vec::with_capacity((last - first + 1) as usize);
        for day in first..=last {
            while starts[number + 1] <= day {
                number += 1;
            }
            of_day.push(number as u32);
        }
        Periods { starts, first, of_day }
    }

    pub fn len(&self) -> usize {
        self.starts.len() - 1
    }

    /// The period of a day from the first to the last.
    #[inline]
    pub fn of(&self, day: i32) -> u32 {
        self.of_day[(day - self.first) as usize]
    }
}

/// A period in words: `2011-12-09`, `week of 2011-12-05`, `Dec 2011`.
pub(super) fn name(start: i32, period: Period) -> String {
    let day = date_of(start);
    match period {
        Period::Day => day.to_string(),
        Period::Week => format!("week of {day}"),
        Period::Month => day.format("%b %Y").to_string(),
    }
}

/// One chart per measure: the one that is asked for, and beside revenue the orders and active customers.
pub(super) fn timeline(
    subject: &Subject,
    period: Period,
    measure: Measure,
    selection: Option<&[u32]>,
    ctx: &Ctx,
) -> Result<Vec<Chart>> {
    let view = View::of(subject, Source::Transactions);
    let per = match period {
        Period::Day => "day",
        Period::Week => "week",
        Period::Month => "month",
    };
    let title = |m: Measure| match m {
        Measure::Customers => format!("Active customers per {per}"),
        m => format!("{} per {per}", measure_label(m, Source::Transactions)),
    };
    if let Some(why) = view.why_empty() {
        return Ok(vec![Chart { title: title(measure), marks: Marks::Empty(why), ..Chart::default() }]);
    }
    let t = &subject.clean.transactions;
    let (first, last) = days_of(t);
    let periods = Periods::between(first, last, period);
    let selected = view.selected(selection, ctx)?;
    let count = |m: Measure, only: Option<&Selected>| {
        Tally { view: &view, groups: periods.len(), only, ctx }.measure(m, |place| periods.of(t.day[place]))
    };
    let measures: &[Measure] = match measure {
        Measure::Revenue => &[Measure::Revenue, Measure::Orders, Measure::Customers],
        _ => &[measure],
    };
    let note = said_of(&view, &periods, period, first, last);
    let names: Vec<String> = periods.starts[..periods.len()].iter().map(|&d| name(d, period)).collect();
    let starts: Vec<f64> = periods.starts[..periods.len()].iter().map(|&d| f64::from(d)).collect();
    let mut charts = Vec::new();
    let mut data =
        Data::default().text(per, periods.starts[..periods.len()].iter().map(|&d| date_of(d).to_string()).collect());
    for &m in measures {
        let all = count(m, None)?;
        let part = match &selected {
            Some(selected) => Some(count(m, Some(selected))?),
            None => None,
        };
        let label = if m == Measure::Customers { "Active customers" } else { measure_label(m, Source::Transactions) };
        let tips = |values: &[f64], whose: &str| {
            let tip = |(name, &v): (&String, &f64)| {
                format!("{name}\n{}{whose}", measured(v, m, Source::Transactions, subject))
            };
            names.iter().zip(values).map(tip).collect::<Vec<_>>()
        };
        let line = |name: &str, y: &[f64], ink, filled, tips| Line {
            name: name.into(),
            x: starts.clone(),
            y: y.to_vec(),
            ink,
            filled,
            dashed: false,
            tips,
        };
        let mut chart = Chart { title: title(m), note: note.clone(), ..Chart::default() };
        let mut lines = Vec::new();
        match &part {
            Some(part) => {
                lines.push(line("All customers", &all, Ink::Faint, false, tips(&all, "")));
                lines.push(line("Selected", part, Ink::Accent, true, tips(part, " of selected customers")));
                chart.legend = vec![("All customers".into(), Ink::Faint), ("Selected".into(), Ink::Accent)];
            }
            None => lines.push(line(label, &all, Ink::Accent, true, tips(&all, ""))),
        }
        let highest = all.iter().copied().fold(0.0, f64::max);
        let lowest = all.iter().chain(part.iter().flatten()).copied().fold(0.0, f64::min);
        chart.marks = Marks::Lines(lines);
        chart.x = Axis { label: String::new(), scale: Scale::Days { from: starts[0], to: end(&starts) } };
        chart.y = amounts(label, highest, measure_format(m, subject));
        if let Scale::Linear { from, .. } = &mut chart.y.scale {
            *from = lowest * 1.05;
        }
        let column = label.to_lowercase().replace(' ', "_");
        data = data.number(column.clone(), Arc::new(all));
        if let Some(part) = part {
            data = data.number(format!("{column}_selected"), Arc::new(part));
        }
        charts.push(chart);
    }
    charts.iter_mut().for_each(|chart| chart.data = data.clone());
    Ok(charts)
}

/// Where the axis ends: at the last period, or a day after the only one.
fn end(starts: &[f64]) -> f64 {
    match starts {
        [only] => only + 1.0,
        _ => starts.last().copied().unwrap_or(0.0),
    }
}

/// What it was computed on; the first and the last period are often not there in full.
fn said_of(view: &View, periods: &Periods, period: Period, first: i32, last: i32) -> String {
    let t = &view.subject.clean.transactions;
    let late = periods.starts[0] < first;
    let early = periods.starts[periods.len()] - 1 > last;
    let mut cut = Vec::new();
    if late {
        cut.push(format!("{} has data from {} on", name(periods.starts[0], period), date_of(first)));
    }
    if early {
        cut.push(format!("{} up to {}", name(periods.starts[periods.len() - 1], period), date_of(last)));
    }
    let mut seen = vec![false; periods.len()];
    t.day.iter().for_each(|&day| seen[periods.of(day) as usize] = true);
    let empty = seen.iter().filter(|s| !**s).count();
    let word = match period {
        Period::Day => ("day", "days"),
        Period::Week => ("week", "weeks"),
        Period::Month => ("month", "months"),
    };
    note([
        view.rows_in_words(view.len()),
        if empty > 0 {
            format!("{} without a row shown as zero", plural(empty, word.0, word.1))
        } else {
            String::new()
        },
        cut.join(", "),
    ])
}

/// The customers with a transaction in the periods that a stretch of the axis touches; a point stands for its period.
pub(super) fn pick(subject: &Subject, period: Period, from: f64, to: f64, ctx: &Ctx) -> Result<Vec<u32>> {
    let view = View::of(subject, Source::Transactions);
    if view.is_empty() {
        return Ok(Vec::new());
    }
    let t = &subject.clean.transactions;
    let (first, last) = days_of(t);
    let periods = Periods::between(first, last, period);
    let wanted: Vec<bool> = periods.starts.iter().map(|&d| (from..=to).contains(&f64::from(d))).collect();
    view.customers_where(|place| wanted[periods.of(t.day[place]) as usize], ctx)
}

/// The customers with a transaction in one period.
pub(super) fn pick_one(subject: &Subject, period: Period, number: usize, ctx: &Ctx) -> Result<Vec<u32>> {
    let (first, last) = days_of(&subject.clean.transactions);
    let periods = Periods::between(first, last, period);
    let Some(&start) = periods.starts.get(number % periods.len().max(1)) else { return Ok(Vec::new()) };
    pick(subject, period, f64::from(start), f64::from(start), ctx)
}
