//! `transactions.csv`: one row per transaction that counts, with the segments of its customer.

use std::rc::Rc;

use super::tables::Grid;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::Role;
use crate::intake::dates::day_number;
use crate::pipeline::Findings;

/// Customers who are not in the analysis.
const NOBODY: u32 = u32::MAX;

/// One row per transaction of a customer of the analysis that recency, frequency and monetary count, in the order of the
/// file. `row` is its row in the file from 1, the header not counted (in several files put under one another: in all of
/// them); `date` is its day; `amount` is negative for returns, which are no `purchase`. Without rows for a table of
/// customers.
pub(super) fn grid<'a>(findings: &'a Findings, ctx: &Ctx) -> Result<Grid<'a>> {
    let (t, rfm) = (&findings.clean.transactions, &findings.rfm);
    let labels = &findings.chosen.clustering.labels;
    let places = Rc::new(places(findings));
    let until = rfm.snapshot.map(day_number);
    let from = until.zip(findings.recipe.rfm.window_days).map(|(day, window)| day.saturating_sub(window as i32));
    let mut counted = Vec::with_capacity(t.row.len());
    for at in 0..t.row.len() {
        if at.is_multiple_of(1 << 16) {
            ctx.tick(at, t.row.len())?;
        }
        let in_window = from.is_none_or(|day| t.day[at] >= day) && until.is_none_or(|day| t.day[at] <= day);
        if in_window && places[t.customer[at] as usize] != NOBODY {
            counted.push(at as u32);
        }
    }
    let invoices = findings.roles.column(Role::Invoice).and_then(|name| findings.prepared.table.column(name));
    let mut grid = Grid::new(t.row.len());
    grid.whole("row", |at| Some(u64::from(t.row[at]) + 1));
    grid.id("customer_id", |at| &t.customers[t.customer[at] as usize]);
    grid.day("date", |at| t.day[at]);
    grid.id("invoice", move |at| invoices.map_or("", |column| column.text(t.row[at] as usize).trim()));
    grid.number("amount", |at| t.amount[at]);
    grid.flag("purchase", |at| t.purchase[at]);
    let place = places.clone();
    grid.text("rfm_segment", move |at| {
        let segment = rfm.segment.get(place[t.customer[at] as usize] as usize);
        segment.map_or("", |&s| &rfm.map.segments[s as usize].name)
    });
    let place = places.clone();
    grid.whole("cluster", move |at| {
        Some(findings.chosen.clustering.number(labels[place[t.customer[at] as usize] as usize]) as u64)
    });
    grid.text("segment", move |at| &findings.profiles[labels[places[t.customer[at] as usize] as usize] as usize].name);
    Ok(grid.only(counted))
}

/// The place of each customer of the transactions in the customer table, or [`NOBODY`]. Both have the same order.
/// Customers who are kept without a purchase in the window have no transaction that counts.
fn places(findings: &Findings) -> Vec<u32> {
    let table = &findings.rfm.customers;
    let frequency = table.frequency();
    let mut next = 0;
    let place = |id: &String| {
        if table.ids.get(next) != Some(id) {
            return NOBODY;
        }
        next += 1;
        if frequency.get(next - 1).is_some_and(|&f| f == 0.0) { NOBODY } else { next as u32 - 1 }
    };
    findings.clean.transactions.customers.iter().map(place).collect()
}
