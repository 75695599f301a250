//! Orders exported with one row per item often repeat the order's total on each of them. Added up, such a column counts an
//! order of three items three times.

use super::Column;

/// Orders of several rows that are needed to tell.
const FEWEST_ORDERS: usize = 2;

/// Whether the amount is one per order: the same on every row of each order, although orders differ. Returns the number
/// of orders with several rows.
pub(super) fn orders_with_one_amount(invoice: &Column, amount: &Column) -> Option<usize> {
    // The amount of the first row of each order, and whether a later row of the order came.
    const NONE: u32 = u32::MAX;
    let mut first = vec![NONE; invoice.dict.len()];
    let mut several = vec![false; invoice.dict.len()];
    for (&order, &amount) in invoice.codes.iter().zip(&amount.codes) {
        let (first, several) = (&mut first[order as usize], &mut several[order as usize]);
        // Rows without an order number or an amount say nothing.
        if order == 0 || amount == 0 {
            continue;
        }
        if *first == NONE {
            *first = amount;
        } else if *first == amount {
            *several = true;
        } else {
            return None;
        }
    }
    let orders: Vec<u32> = first.iter().zip(&several).filter(|(_, s)| **s).map(|(f, _)| *f).collect();
    let differ = orders.iter().any(|&a| a != orders[0]);
    (orders.len() >= FEWEST_ORDERS && differ).then_some(orders.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ctx::Ctx;
    use crate::intake::intern::ColumnBuilder;

    fn column(cells: &[&str]) -> Column {
        let mut builder = ColumnBuilder::new();
        cells.iter().for_each(|c| builder.push(c.as_bytes()));
        builder.finish("x".into(), &|b| String::from_utf8_lossy(b), &Ctx::silent()).unwrap()
    }

    #[test]
    fn totals_of_orders_are_told_from_amounts_of_rows() {
        let orders = column(&["1", "1", "2", "2", "3"]);
        assert_eq!(orders_with_one_amount(&orders, &column(&["30", "30", "45", "45", "20"])), Some(2));
        assert_eq!(orders_with_one_amount(&orders, &column(&["30", "30", "45", "46", "20"])), None);
        assert_eq!(orders_with_one_amount(&orders, &column(&["5", "5", "5", "5", "5"])), None);
        assert_eq!(orders_with_one_amount(&orders, &column(&["30", "", "45", "", "20"])), None);
    }
}
