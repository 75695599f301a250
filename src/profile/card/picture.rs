//! The purchases of one customer over time, as a chart.

use std::fmt::Write;
use std::sync::Arc;

use super::Purchases;
use crate::chart::{Axis, Bar, Chart, Data, Ink, Marks, Numbers, Scale};
use crate::format;
use crate::intake::dates::date_of;

/// One bar per day with an order or a return; returns reach below zero. `currency` is the file's own sign.
pub fn picture(purchases: &Purchases, currency: Option<&str>) -> Chart {
    let days = |day: i32| f64::from(day);
    let orders = &purchases.orders;
    let (Some(first), Some(last)) = (orders.iter().map(|o| o.day).min(), orders.iter().map(|o| o.day).max()) else {
        return Chart { marks: Marks::Empty("No purchases are known.".into()), ..Chart::default() };
    };
    let until = purchases.snapshot.map_or(last, |s| s.max(last));
    // Bars have to be seen even where the axis spans years.
    let wide = (f64::from(until - first) / 90.0).max(1.0);
    let mut bars: Vec<Bar> = Vec::with_capacity(orders.len());
    // Latest first in the list, earliest first in the chart.
    for order in orders.iter().rev() {
        let what = match (&order.invoice, order.is_return) {
            (Some(number), true) => format!("return {number}"),
            (Some(number), false) => format!("invoice {number}"),
            (None, true) => "return".into(),
            (None, false) => "order".into(),
        };
        let line = format!("{} {what}", format::money(order.amount, currency));
        let same = bars.last_mut().filter(|b| b.from == days(order.day) && (b.value < 0.0) == (order.amount < 0.0));
        if let Some(bar) = same {
            bar.value += order.amount;
            let _ = write!(bar.tip, "\n{line}");
            continue;
        }
        let ink = match (order.counts, order.amount < 0.0) {
            (false, _) => Ink::Faint,
            (true, true) => Ink::Warn,
            (true, false) => Ink::Accent,
        };
        let tip = format!("{}\n{line}", date_of(order.day));
        let from = days(order.day);
        bars.push(Bar { from, to: from + wide, value: order.amount, selected: None, ink, tip });
    }
    let most = bars.iter().map(|b| b.value).fold(0.0, f64::max);
    let least = bars.iter().map(|b| b.value).fold(0.0, f64::min);
    let mut legend = vec![("Orders".to_string(), Ink::Accent)];
    legend.extend(bars.iter().any(|b| b.ink == Ink::Warn).then(|| ("Returns".to_string(), Ink::Warn)));
    legend.extend(bars.iter().any(|b| b.ink == Ink::Faint).then(|| ("Outside the window".to_string(), Ink::Faint)));
    let format = Numbers::Money(currency.map(String::from));
    let earliest = || orders.iter().rev();
    let invoices = earliest().map(|o| o.invoice.clone().unwrap_or_default()).collect();
    Chart {
        title: "Purchases over time".into(),
        note: String::new(),
        x: Axis { label: String::new(), scale: Scale::Days { from: days(first), to: days(until) + wide } },
        y: Axis { label: String::new(), scale: Scale::Linear { from: least, to: most.max(least + 1.0), format } },
        marks: Marks::Bars(bars),
        rules: Vec::new(),
        legend: if legend.len() > 1 { legend } else { Vec::new() },
        data: Data::default()
            .text("date", earliest().map(|o| date_of(o.day).to_string()).collect())
            .text("invoice", invoices)
            .number("amount", Arc::new(earliest().map(|o| o.amount).collect::<Vec<f64>>())),
        ..Chart::default()
    }
}
