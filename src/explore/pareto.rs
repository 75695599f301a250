//! How much of the revenue the best customers bring.

use super::Subject;
use super::words::note;
use crate::chart::{Axis, Chart, Data, Ink, Line, Marks, Numbers, Rule, Scale};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::format;

/// Points of the curve beside its ends.
const POINTS: usize = 1000;
/// The share of customers that the rule of thumb is about.
const TOP: f64 = 0.2;

/// Customers from the highest net spend down; equal ones in the order of the table.
fn order(subject: &Subject) -> Vec<u32> {
    let money = subject.rfm.customers.monetary();
    let mut order: Vec<u32> = (0..money.len() as u32).filter(|&i| money[i as usize].is_finite()).collect();
    rayon::slice::ParallelSliceMut::par_sort_unstable_by(&mut order[..], |&a, &b| {
        money[b as usize].total_cmp(&money[a as usize]).then(a.cmp(&b))
    });
    order
}

pub(super) fn pareto(subject: &Subject, ctx: &Ctx) -> Result<Chart> {
    let mut chart = Chart { title: "Revenue by share of customers".into(), ..Chart::default() };
    let empty = |why: &str| Ok(Chart { marks: Marks::Empty(why.into()), ..chart.clone() });
    if !subject.rfm.has_money() {
        return empty("This table does not know what customers spent. Choose a column for it in the Data panel.");
    }
    let order = order(subject);
    ctx.tick(1, 3)?;
    let money = subject.rfm.customers.monetary();
    let n = order.len();
    let total: f64 = order.iter().map(|&i| money[i as usize]).collect::<ExactSum>().value();
    if total <= 0.0 || n == 0 {
        return empty("All customers together spent nothing, so that there are no shares of it.");
    }
    // Revenue of the best i customers, at each point of the curve.
    let marks: Vec<usize> =
        if n <= POINTS { (0..=n).collect() } else { (0..=POINTS).map(|i| i * n / POINTS).collect() };
    let (mut sum, mut done) = (ExactSum::default(), 0);
    let mut shares = Vec::with_capacity(marks.len());
    for &mark in &marks {
        order[done..mark].iter().for_each(|&i| sum.add(money[i as usize]));
        done = mark;
        shares.push(sum.value() / total);
    }
    ctx.tick(2, 3)?;
    let x: Vec<f64> = marks.iter().map(|&m| m as f64 / n as f64).collect();
    let best = share_of_best(&order, money, total, TOP);
    let half = half_from(&order, money, total);
    let gini = gini(&order, money, total);
    let tips = x.iter().zip(&shares).zip(&marks).map(|((x, y), m)| {
        format!(
            "The best {} ({})\nbring {} of revenue",
            format::percent(*x),
            format::plural(*m, "customer", "customers"),
            format::percent(*y)
        )
    });
    let curve = Line {
        name: "Customers, best first".into(),
        x: x.clone(),
        y: shares.clone(),
        ink: Ink::Accent,
        filled: true,
        tips: tips.collect(),
        ..Line::default()
    };
    let even = Line {
        name: "If all spent the same".into(),
        x: vec![0.0, 1.0],
        y: vec![0.0, 1.0],
        ink: Ink::Faint,
        dashed: true,
        ..Line::default()
    };
    chart.legend = [&curve, &even].map(|line| (line.name.clone(), line.ink)).to_vec();
    chart.marks = Marks::Lines(vec![curve, even]);
    let top = format::number(TOP * 100.0, 0);
    chart.rules = vec![Rule { at: TOP, label: format!("{top} % bring {}", format::percent(best)) }];
    let negative = order.iter().filter(|&&i| money[i as usize] < 0.0).count();
    let highest = shares.iter().copied().fold(1.0, f64::max);
    let share = |label: &str, to: f64| Axis {
        label: label.into(),
        scale: Scale::Linear { from: 0.0, to, format: Numbers::Percent },
    };
    chart.x = share("Share of customers, highest net spend first", 1.0);
    chart.y = share("Share of revenue", highest);
    chart.note = note([
        format::plural(n, "customer", "customers"),
        format!("the best {top} % bring {} of revenue", format::percent(best)),
        format!("half of it comes from the best {}", format::percent(half)),
        format!("Gini coefficient {} (0: all spend the same, 1: one spends everything)", format::number(gini, 3)),
        match negative {
            0 => String::new(),
            n => format!(
                "{} returned more than they bought, so that the curve falls at its end",
                format::plural(n, "customer", "customers")
            ),
        },
    ]);
    chart.data = Data::default()
        .number("customers", marks.iter().map(|&m| m as f64).collect::<Vec<_>>())
        .number("share_of_customers", x)
        .number("share_of_revenue", shares);
    Ok(chart)
}

/// Share of revenue of the best `share` of customers; a part of a customer counts in part.
fn share_of_best(order: &[u32], money: &[f64], total: f64, share: f64) -> f64 {
    let wanted = share * order.len() as f64;
    let whole = wanted.floor() as usize;
    let sum: ExactSum = order[..whole].iter().map(|&i| money[i as usize]).collect();
    let next = order.get(whole).map_or(0.0, |&i| money[i as usize]);
    (sum.value() + next * (wanted - whole as f64)) / total
}

/// Share of customers that together bring half of the revenue, the best first.
fn half_from(order: &[u32], money: &[f64], total: f64) -> f64 {
    let mut sum = ExactSum::default();
    let reached = |&i: &u32| {
        sum.add(money[i as usize]);
        sum.value() >= total / 2.0
    };
    order.iter().position(reached).map_or(1.0, |i| (i + 1) as f64 / order.len() as f64)
}

/// Gini's coefficient: Σ (2i − n − 1)·xᵢ / (n · Σ x) over ascending x (Sen 1973).
fn gini(order: &[u32], money: &[f64], total: f64) -> f64 {
    let n = order.len() as f64;
    let weighted = order.iter().rev().enumerate().map(|(i, &c)| (2.0 * (i + 1) as f64 - n - 1.0) * money[c as usize]);
    super::distribution::compensated(weighted) / (n * total)
}

/// The customers between two shares of customers, the best first; the edges included.
pub(super) fn pick(subject: &Subject, from: f64, to: f64) -> Vec<u32> {
    let order = order(subject);
    let place = |share: f64| (share.clamp(0.0, 1.0) * order.len() as f64).round() as usize;
    let mut out = order[place(from.min(to))..place(from.max(to))].to_vec();
    out.sort_unstable();
    out
}
