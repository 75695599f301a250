//! Finding the purchase that a cancellation cancels.

use std::collections::HashMap;

use super::rows::Rows;
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// What became of the rows: one flag per row.
pub(super) struct Matched {
    /// Cancellations that found their purchase, and those purchases.
    pub pair: Vec<bool>,
    /// Number of pairs.
    pub pairs: usize,
}

/// One row of the same customer, product and quantity as others.
struct Line {
    row: usize,
    moment: i64,
    /// Only to make the order independent of the order of rows in the file.
    invoice: u32,
    cents: i64,
}

/// Pairs each return with the latest earlier purchase of the same customer, product and quantity that no other
/// return took. Without a time of day, a purchase of the same day counts as earlier. `candidates` are the rows
/// that are left, `is_return` tells which of them are returns.
///
/// # Errors
/// There is no product or quantity column to match by.
pub(super) fn match_returns(
    rows: &Rows,
    candidates: &[usize],
    is_return: &[bool],
    total: usize,
    ctx: &Ctx,
) -> Result<Matched> {
    let Some(product) = rows.product else {
        return Err(Error::data(
            "returns cannot be matched with purchases without a product column; choose one, or take the policy net or drop",
        ));
    };
    if candidates.first().is_some_and(|&r| rows.quantity(r).is_none()) {
        return Err(Error::data(
            "returns cannot be matched with purchases without a quantity column; choose one, or take the policy net or drop",
        ));
    }
    type Group = (Vec<Line>, Vec<Line>);
    let mut groups: HashMap<(u32, u32, u64), Group> = HashMap::new();
    // Groups without a return need no lines: find the keys that returns have first.
    let key = |row: usize| {
        let quantity = rows.quantity(row).unwrap_or(0.0).abs();
        (rows.customer(row), product.codes[row], quantity.to_bits())
    };
    for &row in candidates.iter().filter(|&&r| is_return[r]) {
        groups.entry(key(row)).or_default();
    }
    for (i, &row) in candidates.iter().enumerate() {
        if i.is_multiple_of(1 << 14) {
            ctx.tick(i, candidates.len())?;
        }
        let Some((purchases, returns)) = groups.get_mut(&key(row)) else { continue };
        let line = Line {
            row,
            moment: rows.moment(row).unwrap_or(i64::MIN),
            invoice: rows.invoice_code(row).unwrap_or(0),
            cents: (rows.amount(row).abs() * 100.0).round() as i64,
        };
        if is_return[row] { returns.push(line) } else { purchases.push(line) }
    }
    let strictly = rows.has_times();
    let invoice_text = |line: &Line| rows.invoice.map_or("", |c| c.dict.get(line.invoice));
    let mut matched = Matched { pair: vec![false; total], pairs: 0 };
    let count = groups.len();
    for (i, (mut purchases, mut returns)) in groups.into_values().enumerate() {
        if i.is_multiple_of(1 << 10) {
            ctx.tick(i, count)?;
        }
        for list in [&mut purchases, &mut returns] {
            list.sort_by(|a, b| {
                (a.moment, a.cents).cmp(&(b.moment, b.cents)).then_with(|| invoice_text(a).cmp(invoice_text(b)))
            });
        }
        // Returns come in order of time, so the purchases before each form a stack with the latest on top.
        let mut purchases = purchases.into_iter().peekable();
        let mut earlier: Vec<Line> = Vec::new();
        for back in &returns {
            let before = |p: &Line| if strictly { p.moment < back.moment } else { p.moment <= back.moment };
            while let Some(purchase) = purchases.next_if(before) {
                earlier.push(purchase);
            }
            if let Some(bought) = earlier.pop() {
                matched.pair[bought.row] = true;
                matched.pair[back.row] = true;
                matched.pairs += 1;
            }
        }
    }
    Ok(matched)
}
