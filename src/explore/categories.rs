//! The most frequent values of a column, or those with most customers, orders or revenue.

use std::sync::Arc;

use super::columns::words;
use super::tally::Tally;
use super::values::{NONE, Words};
use super::view::View;
use super::words::{amounts, measure_format, measure_label, measured, note};
use super::{Measure, Source, Subject};
use crate::chart::{Axis, Bar, Chart, Data, Ink, Marks, Scale};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::{count, percent};

/// Most bars.
const MOST: u32 = 200;

/// What bars of categories are asked for.
pub(super) struct Wanted<'q> {
    pub source: Source,
    pub column: &'q str,
    pub measure: Measure,
    pub most: u32,
}

/// Categories in their order, the largest first.
struct Ranked<'a> {
    words: Words<'a>,
    /// Measure per code.
    values: Vec<f64>,
    /// Rows per code.
    rows: Vec<u32>,
    /// Codes that occur.
    order: Vec<u32>,
}

/// Orders and money are known of the rows that count, so that they are asked of those.
fn source_of(q: &Wanted, subject: &Subject) -> Result<Source> {
    let counted = matches!(q.measure, Measure::Orders | Measure::Revenue);
    if q.source == Source::File && counted {
        if subject.clean.transactions.row.is_empty() {
            return Err(Error::Recipe(
                "orders and revenue are known of transactions only, and this file has one row per customer; count rows"
                    .into(),
            ));
        }
        return Ok(Source::Transactions);
    }
    Ok(q.source)
}

fn ranked<'a>(view: &View<'a>, q: &Wanted, ctx: &Ctx) -> Result<Ranked<'a>> {
    let words = words(view, q.column, ctx)?;
    let rows = words.counts(view, None, ctx)?;
    let tally = Tally { view, groups: words.len(), only: None, ctx };
    let values = match q.measure {
        Measure::Rows => rows.iter().map(|&n| f64::from(n)).collect(),
        measure => tally.measure(measure, |place| words.at(view, place))?,
    };
    let mut order: Vec<u32> = (0..words.len() as u32).filter(|&c| rows[c as usize] > 0).collect();
    let before =
        |&a: &u32, &b: &u32| values[b as usize].total_cmp(&values[a as usize]).then_with(|| words.by_name(a, b));
    let most = q.most.clamp(1, MOST) as usize;
    if order.len() > most {
        order.select_nth_unstable_by(most - 1, before);
    }
    let top = most.min(order.len());
    order[..top].sort_unstable_by(before);
    Ok(Ranked { words, values, rows, order })
}

pub(super) fn categories(subject: &Subject, q: &Wanted, selection: Option<&[u32]>, ctx: &Ctx) -> Result<Chart> {
    let source = source_of(q, subject)?;
    let view = View::of(subject, source);
    let measure = measure_label(q.measure, source);
    let mut chart = Chart { title: format!("{measure} by {}", q.column), ..Chart::default() };
    if let Some(why) = view.why_empty() {
        chart.marks = Marks::Empty(why);
        return Ok(chart);
    }
    let ranked = ranked(&view, q, ctx)?;
    let words = &ranked.words;
    chart.title = format!("{measure} by {}", words.info.label);
    if ranked.order.is_empty() {
        chart.marks = Marks::Empty("The column has no value. Choose another one.".into());
        return Ok(chart);
    }
    // Each shown category is a group, all others together one more.
    let top = (q.most.clamp(1, MOST) as usize).min(ranked.order.len());
    let others = ranked.order.len() - top;
    let mut group = vec![NONE; words.len()];
    ranked.order.iter().enumerate().for_each(|(i, &code)| group[code as usize] = i.min(top) as u32);
    let of = |place: usize| match words.at(&view, place) {
        NONE => NONE,
        code => group[code as usize],
    };
    let groups = top + usize::from(others > 0);
    let selected = view.selected(selection, ctx)?;
    let measure_groups = |only| Tally { view: &view, groups, only, ctx }.measure(q.measure, of);
    let mut values: Vec<f64> = ranked.order[..top].iter().map(|&c| ranked.values[c as usize]).collect();
    if others > 0 {
        // Customers and orders with several of the others count once.
        values.push(match q.measure {
            Measure::Rows => ranked.order[top..].iter().map(|&c| f64::from(ranked.rows[c as usize])).sum(),
            _ => measure_groups(None)?[top],
        });
    }
    let part = match &selected {
        Some(selected) => Some(measure_groups(Some(selected))?),
        None => None,
    };
    let mut names: Vec<String> = ranked.order[..top].iter().map(|&c| words.name(c).to_string()).collect();
    if others > 0 {
        names.push(format!("{} others", count(others)));
    }
    let total: f64 = values.iter().filter(|v| **v > 0.0).sum();
    // Only what is in one category and no other adds up to the whole.
    let adds_up = matches!(q.measure, Measure::Rows | Measure::Revenue) || source == Source::Customers;
    let bar = |(i, &value): (usize, &f64)| {
        let mut tip = format!("{}\n{}", names[i], measured(value, q.measure, source, subject));
        if adds_up && total > 0.0 {
            tip.push_str(&format!(", {}", percent(value / total)));
        }
        if let Some(part) = &part {
            tip.push_str(&format!("\n{} of selected customers", measured(part[i], q.measure, source, subject)));
        }
        let ink = if i == top { Ink::Faint } else { Ink::Accent };
        Bar { from: i as f64, to: (i + 1) as f64, value, selected: part.as_ref().map(|p| p[i]), ink, tip }
    };
    chart.marks = Marks::Rows(values.iter().enumerate().map(bar).collect());
    let present: usize = ranked.rows.iter().map(|&n| n as usize).sum();
    let missing = view.len() - present;
    chart.note = note([
        view.rows_in_words(present),
        if missing > 0 { format!("{} without a value", count(missing)) } else { String::new() },
        crate::format::plural(ranked.order.len(), "value", "values"),
        if source != q.source { "only rows that count after cleaning".into() } else { String::new() },
    ]);
    let highest = values.iter().copied().fold(0.0, f64::max);
    let lowest = values.iter().copied().fold(0.0, f64::min);
    chart.x = amounts(measure, highest, measure_format(q.measure, subject));
    if let Scale::Linear { from, .. } = &mut chart.x.scale {
        *from = lowest * 1.05;
    }
    let names = Arc::new(names);
    chart.y = Axis { label: words.info.label.clone(), scale: Scale::Names(names.clone()) };
    let data = Data::default().text(words.info.name.clone(), names.to_vec()).number(measure.to_lowercase(), values);
    chart.data = match part {
        Some(part) => data.number("selected", part),
        None => data,
    };
    Ok(chart)
}

/// The customers behind one bar.
pub(super) fn pick(subject: &Subject, q: &Wanted, bar: usize, ctx: &Ctx) -> Result<Vec<u32>> {
    let view = View::of(subject, source_of(q, subject)?);
    let ranked = ranked(&view, q, ctx)?;
    let top = (q.most.clamp(1, MOST) as usize).min(ranked.order.len());
    let mut wanted = vec![false; ranked.words.len()];
    let codes = if bar < top { &ranked.order[bar..=bar] } else { &ranked.order[top..] };
    codes.iter().for_each(|&code| wanted[code as usize] = true);
    view.customers_where(|place| wanted.get(ranked.words.at(&view, place) as usize) == Some(&true), ctx)
}
