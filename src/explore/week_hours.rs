//! What happened on which weekday at which hour.

use std::sync::Arc;

use rayon::prelude::*;

use super::columns::moments;
use super::tally::Tally;
use super::view::{Selected, View};
use super::words::{measure_label, measured, money, note};
use super::{Measure, Source, Subject};
use crate::chart::{Axis, Cell, Cells, Chart, Data, Ink, Marks, Scale};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::intake::Role;

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Weekday (from Monday) and hour of a moment in days since 1970-01-01, which was a Thursday.
fn slot(moment: f64) -> (u32, u32) {
    let hours = (moment * 24.0 + 1e-7).floor() as i64;
    ((hours.div_euclid(24) + 3).rem_euclid(7) as u32, hours.rem_euclid(24) as u32)
}

/// What is counted where, and the part of the day that is shown.
struct Slots<'a> {
    view: View<'a>,
    codes: &'a [u32],
    /// 24 × weekday + hour per code.
    of_code: Vec<u32>,
    hours: std::ops::RangeInclusive<u32>,
}

impl<'a> Slots<'a> {
    /// `Err`: why there is no such picture.
    fn of(subject: &'a Subject, ctx: &Ctx) -> Result<std::result::Result<Slots<'a>, String>> {
        let view = View::of(subject, Source::Transactions);
        if let Some(why) = view.why_empty() {
            return Ok(Err(why));
        }
        let column = subject.roles.column(Role::Date).and_then(|name| subject.prepared.table.column(name));
        let Some(column) = column else { return Ok(Err("There is no column with dates.".into())) };
        let moments = moments(subject, column, ctx)?;
        if moments.par_iter().all(|m| m.is_nan() || m.fract() == 0.0) {
            let why = format!(
                "The dates in {:?} have no time of day. Look at the timeline, or choose a date column with times in the Data panel.",
                column.name
            );
            return Ok(Err(why));
        }
        let place = |m: &f64| if m.is_nan() { super::values::NONE } else { slot(*m).0 * 24 + slot(*m).1 };
        let of_code: Vec<u32> = moments.par_iter().map(place).collect();
        let mut slots = Slots { view, codes: &column.codes, of_code, hours: 0..=23 };
        let rows = slots.count(Measure::Rows, None, ctx)?;
        let used = |hour: &u32| (0..7).any(|day| rows[(day * 24 + hour) as usize] > 0.0);
        let (first, last) = ((0..24).find(used).unwrap_or(0), (0..24).rev().find(used).unwrap_or(23));
        slots.hours = first..=last;
        Ok(Ok(slots))
    }

    fn at(&self, place: usize) -> u32 {
        self.of_code[self.codes[self.view.row(place)] as usize]
    }

    fn count(&self, measure: Measure, only: Option<&Selected>, ctx: &Ctx) -> Result<Vec<f64>> {
        Tally { view: &self.view, groups: 7 * 24, only, ctx }.measure(measure, |place| self.at(place))
    }
}

pub(super) fn week_hours(subject: &Subject, measure: Measure, selection: Option<&[u32]>, ctx: &Ctx) -> Result<Chart> {
    let name = measure_label(measure, Source::Transactions);
    let mut chart = Chart { title: format!("{name} by weekday and hour"), ..Chart::default() };
    let slots = match Slots::of(subject, ctx)? {
        Ok(slots) => slots,
        Err(why) => {
            chart.marks = Marks::Empty(why);
            return Ok(chart);
        }
    };
    let view = &slots.view;
    let values = slots.count(measure, None, ctx)?;
    let selected = view.selected(selection, ctx)?;
    let part = match &selected {
        Some(selected) => Some(slots.count(Measure::Rows, Some(selected), ctx)?),
        None => None,
    };
    let highest = values.iter().copied().fold(0.0, f64::max);
    let total: f64 = values.iter().sum();
    let adds_up = measure != Measure::Customers && measure != Measure::Orders;
    let hours: Vec<u32> = slots.hours.clone().collect();
    let cell = |(day, hour): (usize, u32)| {
        let value = values[day * 24 + hour as usize];
        let share = if highest > 0.0 { (value / highest).max(0.0) } else { 0.0 };
        let mut tip = format!(
            "{}, {hour:02}:00 to {hour:02}:59\n{}",
            WEEKDAYS[day],
            measured(value, measure, Source::Transactions, subject)
        );
        if adds_up && total > 0.0 {
            tip.push_str(&format!(", {}", format::percent(value / total)));
        }
        let text = match measure {
            _ if value == 0.0 => String::new(),
            Measure::Revenue => money(value, subject),
            _ => format::count(value as usize),
        };
        let ring = part.as_ref().is_some_and(|p| p[day * 24 + hour as usize] > 0.0);
        Cell { ink: (value != 0.0).then_some(Ink::Sequential(share as f32)), text, tip, ring }
    };
    let places = (0..7).flat_map(|day| hours.iter().map(move |&hour| (day, hour)));
    chart.marks = Marks::Cells(Cells { columns: hours.len(), cells: places.clone().map(cell).collect() });
    let names = hours.iter().map(|hour| format!("{hour:02}")).collect();
    chart.x = Axis { label: "Hour of the day".into(), scale: Scale::Names(Arc::new(names)) };
    let days = WEEKDAYS.iter().map(|d| d.to_string()).collect();
    chart.y = Axis { label: String::new(), scale: Scale::Names(Arc::new(days)) };
    let silent = 24 - hours.len();
    chart.note = note([
        view.rows_in_words(view.len()),
        "times as written in the file".into(),
        if silent > 0 {
            format!("{} without a row are not shown", format::plural(silent, "hour", "hours"))
        } else {
            String::new()
        },
    ]);
    chart.data = Data::default()
        .text("weekday", places.clone().map(|(day, _)| WEEKDAYS[day].to_string()).collect())
        .number("hour", places.clone().map(|(_, hour)| f64::from(hour)).collect::<Vec<_>>())
        .number(name.to_lowercase(), places.map(|(day, hour)| values[day * 24 + hour as usize]).collect::<Vec<_>>());
    Ok(chart)
}

/// The customers who bought in a cell.
pub(super) fn pick(subject: &Subject, cell: usize, ctx: &Ctx) -> Result<Vec<u32>> {
    let Ok(slots) = Slots::of(subject, ctx)? else { return Ok(Vec::new()) };
    let columns = slots.hours.clone().count();
    let wanted = (cell / columns * 24) as u32 + slots.hours.start() + (cell % columns) as u32;
    slots.view.customers_where(|place| slots.at(place) == wanted, ctx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_fall_into_their_hours() {
        assert_eq!(slot(0.0), (3, 0), "1970-01-01 was a Thursday");
        // 2010-12-01 08:26 was a Wednesday.
        assert_eq!(slot(1_291_191_960.0 / 86_400.0), (2, 8));
        // Every whole hour stays in its own, whatever the fraction of a day rounds to.
        for hour in 0..24 * 30_000i64 {
            let seconds = hour * 3600;
            assert_eq!(i64::from(slot(seconds as f64 / 86_400.0).1), hour % 24, "{hour}");
        }
        assert_eq!(slot(-1.0 / 86_400.0), (2, 23));
    }
}
