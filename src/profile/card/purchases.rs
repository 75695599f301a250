//! What one customer bought: orders with their lines, and sums per product.

use std::collections::HashMap;

use rayon::prelude::*;

use super::{CHUNK, Known};
use crate::clean::steps::description_column;
use crate::clean::{NO_INVOICE, Transactions};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::intake::dates::day_number;
use crate::intake::{Column, Role};

/// The purchases and returns of one customer. Sums count what is in the window of the analysis and not after the
/// snapshot date, as recency, frequency and monetary do.
#[derive(Debug, Clone, PartialEq)]
pub struct Purchases {
    /// Orders and returns, latest first, those outside the window included.
    pub orders: Vec<Order>,
    /// Days (since 1970-01-01) of the first and the last purchase; `None` without a purchase.
    pub first: Option<i32>,
    pub last: Option<i32>,
    /// Orders with at least one purchase.
    pub purchases: usize,
    /// Money of purchases, and of returns (zero or less).
    pub bought: f64,
    pub returned: f64,
    /// The sum of both.
    pub net: f64,
    /// Products from the one with the most money; empty without a column of products.
    pub products: Vec<ProductSum>,
    /// Whether the table has quantities.
    pub has_pieces: bool,
    /// The snapshot date as a day, and the first day of the window; `None` where there is no window.
    pub snapshot: Option<i32>,
    pub window_from: Option<i32>,
}

impl Purchases {
    /// Money of purchases per order; NaN without an order.
    pub fn basket(&self) -> f64 {
        self.bought / self.purchases as f64
    }
}

/// One order: the rows of one invoice, or those of one day where rows have no invoice.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    pub invoice: Option<String>,
    /// Day of its first row, since 1970-01-01.
    pub day: i32,
    pub amount: f64,
    /// Whether no row of it is a purchase: a cancellation or a return.
    pub is_return: bool,
    /// Whether it lies in the window of the analysis.
    pub counts: bool,
    /// In the order of the file.
    pub lines: Vec<Line>,
}

/// One row of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Empty without a column of products.
    pub product: String,
    /// Empty without a column of descriptions.
    pub description: String,
    pub quantity: Option<f64>,
    pub amount: f64,
}

/// What was bought of one product, less what was returned of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductSum {
    pub product: String,
    pub description: String,
    pub amount: f64,
    /// Pieces; rows where the table has no quantities.
    pub pieces: f64,
    /// Orders it was bought in.
    pub orders: usize,
}

/// The purchases of the customer with this id; `None` where the table has no transactions.
pub(super) fn of(known: &Known, id: &str, ctx: &Ctx) -> Result<Option<Purchases>> {
    let t = &known.clean.transactions;
    let Some(me) = crate::explore::customers::find(&t.customers, id) else { return Ok(None) };
    let rows = rows_of(t, me, ctx)?;
    let table = &known.prepared.table;
    let column = |role: Role| known.roles.column(role).and_then(|name| table.column(name));
    let (invoice, product, quantity) = (column(Role::Invoice), column(Role::Product), column(Role::Quantity));
    let description = product.and_then(|p| description_column(table, p));
    let text = |c: Option<&Column>, row: usize| c.map_or(String::new(), |c| c.text(t.row[row] as usize).trim().into());
    let snapshot = known.rfm.snapshot.map(day_number);
    let window_from = snapshot.zip(known.recipe.rfm.window_days).map(|(s, w)| s.saturating_sub(w as i32));
    let counts = |day: i32| window_from.is_none_or(|f| day >= f) && snapshot.is_none_or(|s| day <= s);

    let mut out = Purchases {
        orders: Vec::new(),
        first: None,
        last: None,
        purchases: 0,
        bought: 0.0,
        returned: 0.0,
        net: 0.0,
        products: Vec::new(),
        has_pieces: quantity.is_some(),
        snapshot,
        window_from,
    };
    let (mut bought, mut returned) = (ExactSum::default(), ExactSum::default());
    let mut place_of: HashMap<(u32, i32), usize> = HashMap::new();
    // Money, pieces, and the last order it was in, per product.
    let mut products: HashMap<String, (ProductSum, ExactSum, usize)> = HashMap::new();
    for (done, &row) in rows.iter().enumerate() {
        if done.is_multiple_of(1 << 12) {
            ctx.tick(done, rows.len())?;
        }
        let row = row as usize;
        let (day, amount, is_purchase) = (t.day[row], t.amount[row], t.purchase[row]);
        let key = match t.invoice.get(row) {
            None | Some(&NO_INVOICE) => (NO_INVOICE, day),
            Some(&number) => (number, 0),
        };
        let at = *place_of.entry(key).or_insert_with(|| {
            let number = (key.0 != NO_INVOICE).then(|| text(invoice, row));
            let order =
                Order { invoice: number, day, amount: 0.0, is_return: true, counts: counts(day), lines: Vec::new() };
            out.orders.push(order);
            out.orders.len() - 1
        });
        let order = &mut out.orders[at];
        order.is_return &= !is_purchase;
        order.day = order.day.min(day);
        let quantity = quantity.and_then(|c| c.number(c.text(t.row[row] as usize)));
        order.lines.push(Line { product: text(product, row), description: text(description, row), quantity, amount });
        if !counts(day) {
            continue;
        }
        if is_purchase {
            bought.add(amount)
        } else {
            returned.add(amount)
        }
        if is_purchase {
            out.first = Some(out.first.map_or(day, |f: i32| f.min(day)));
            out.last = out.last.max(Some(day));
        }
        let Some(line) = order.lines.last().filter(|l| !l.product.is_empty()) else { continue };
        let (sum, money, last) = products.entry(line.product.clone()).or_insert_with(|| {
            let description = line.description.clone();
            let sum = ProductSum { product: line.product.clone(), description, amount: 0.0, pieces: 0.0, orders: 0 };
            (sum, ExactSum::default(), usize::MAX)
        });
        money.add(amount);
        sum.pieces += quantity.unwrap_or(if is_purchase { 1.0 } else { -1.0 });
        if is_purchase && *last != at {
            (*last, sum.orders) = (at, sum.orders + 1);
        }
    }
    for order in &mut out.orders {
        order.amount = order.lines.iter().map(|l| l.amount).collect::<ExactSum>().value();
    }
    out.purchases = out.orders.iter().filter(|o| o.counts && !o.is_return).count();
    (out.bought, out.returned) = (bought.value(), returned.value());
    bought.merge(returned);
    out.net = bought.value();
    // Latest first; orders of one day stay as in the file.
    out.orders.sort_by_key(|o| std::cmp::Reverse(o.day));
    out.products = products.into_values().map(|(sum, money, _)| ProductSum { amount: money.value(), ..sum }).collect();
    out.products.sort_by(|a, b| b.amount.total_cmp(&a.amount).then_with(|| a.product.cmp(&b.product)));
    Ok(Some(out))
}

/// The rows of one customer, ascending.
fn rows_of(t: &Transactions, me: u32, ctx: &Ctx) -> Result<Vec<u32>> {
    let part = |(i, customers): (usize, &[u32])| {
        ctx.tick(i * CHUNK, t.customer.len())?;
        let from = (i * CHUNK) as u32;
        Ok((from..).zip(customers).filter(|(_, c)| **c == me).map(|(row, _)| row).collect::<Vec<u32>>())
    };
    t.customer.par_chunks(CHUNK).enumerate().map(part).collect::<Result<Vec<_>>>().map(|parts| parts.concat())
}
