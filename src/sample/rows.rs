//! Orders to rows: baskets, returns, and the dirt of real files.

use std::io::{self, Write};

use super::catalogue::Catalogue;
use super::customers::{DAYS, Kind, Order, busy, date, festive};
use super::dice::Dice;

/// One row in the making.
#[derive(Clone, Copy)]
struct Line {
    /// Index of the order.
    order: u32,
    /// Index of the product; [`POSTAGE`] for postage.
    product: u32,
    quantity: i32,
    cents: u32,
}

/// A return: when, of which line, how many.
struct Return {
    minute: i32,
    line: usize,
    quantity: i32,
    product: u32,
    cents: u32,
}

const POSTAGE: u32 = u32::MAX;
/// One row in this many is a return, an exact repetition of the row before, a wrong date, …
const RETURNS: usize = 50;
const REPETITIONS: usize = 4_000;
const WRONG_DATES: usize = 10_000;
const NO_PRICE: usize = 8_000;
const FREE: usize = 5_000;

/// What stands in a date column by mistake.
const NO_DATES: [&str; 4] = ["", "n/a", "2024-13-05 10:20", "0000-00-00 00:00"];

/// Writes exactly `rows` rows below the header.
pub(super) fn write(
    rows: usize,
    catalogue: &Catalogue,
    mut orders: Vec<Order>,
    dice: &mut Dice,
    out: &mut dyn Write,
) -> io::Result<()> {
    let bought = rows - rows / RETURNS - rows / REPETITIONS;
    while orders.len() > bought {
        orders.remove(dice.below(orders.len() as u64) as usize);
    }
    let lines = baskets(bought, catalogue, &orders, dice);
    let returns = returns(rows / RETURNS, catalogue, &orders, &lines, dice);
    let mut text = Rows { out, catalogue, ids: ids(&orders, dice), buffer: String::with_capacity(1 << 16) };
    text.buffer.push_str("InvoiceNo,InvoiceDate,CustomerID,StockCode,Description,Quantity,UnitPrice,Country\n");

    // Which of the bought rows are spoilt, and how.
    let spoilt = |count: usize, dice: &mut Dice| {
        let mut at: Vec<usize> = (0..count).map(|_| dice.below(lines.len() as u64) as usize).collect();
        at.sort_unstable();
        at.dedup();
        at
    };
    let wrong_dates = spoilt(rows / WRONG_DATES, dice);
    let no_price = spoilt(rows / NO_PRICE, dice);
    let free = spoilt(rows / FREE, dice);
    let mut repeated: Vec<usize> = (0..rows / REPETITIONS).map(|_| dice.below(lines.len() as u64) as usize).collect();
    repeated.sort_unstable();

    let mut pending = returns.iter().peekable();
    let mut invoice = 500_100u32;
    for (i, line) in lines.iter().enumerate() {
        let order = &orders[line.order as usize];
        let opens = i == 0 || lines[i - 1].order != line.order;
        while opens && let Some(r) = pending.next_if(|r| r.minute <= order.minute) {
            invoice += 1;
            text.returned(invoice, r, &lines, &orders)?;
        }
        invoice += u32::from(opens);
        let found = |list: &[usize]| list.binary_search(&i).is_ok();
        let when = if found(&wrong_dates) { Err(NO_DATES[i % NO_DATES.len()]) } else { Ok(order.minute) };
        let price = match () {
            () if found(&no_price) => None,
            () if found(&free) => Some(0),
            () => Some(line.cents),
        };
        let again = repeated.partition_point(|&r| r <= i) - repeated.partition_point(|&r| r < i);
        for _ in 0..1 + again {
            text.row("", invoice, when, order, line.product, line.quantity, price)?;
        }
    }
    for r in pending {
        invoice += 1;
        text.returned(invoice, r, &lines, &orders)?;
    }
    text.out.write_all(text.buffer.as_bytes())?;
    text.out.flush()
}

/// Lines for all orders, exactly `total` of them (none where there is no order), in the order of orders.
fn baskets(total: usize, catalogue: &Catalogue, orders: &[Order], dice: &mut Dice) -> Vec<Line> {
    if orders.is_empty() {
        return Vec::new();
    }
    let mut sizes: Vec<usize> = orders
        .iter()
        .map(|order| match order.kind {
            // Few lines for most, a long tail for some.
            Kind::Wholesale => 2 + dice.weighted(&[10, 14, 16, 14, 11, 8, 6, 4, 3, 2, 1]),
            Kind::Loyal => 1 + dice.weighted(&[24, 24, 18, 12, 8, 5, 3, 2, 1, 1, 1, 1]),
            _ => 1 + dice.weighted(&[38, 26, 15, 9, 5, 3, 2, 1, 1]),
        })
        .collect();
    let mut sum: usize = sizes.iter().sum();
    while sum != total {
        let at = dice.below(sizes.len() as u64) as usize;
        if sum < total {
            sizes[at] += 1;
            sum += 1;
        } else if sizes[at] > 1 {
            sizes[at] -= 1;
            sum -= 1;
        }
    }
    let mut lines = Vec::with_capacity(total);
    for (i, (order, size)) in orders.iter().zip(sizes).enumerate() {
        let day = order.minute / 1440;
        let postage = size > 1 && order.kind != Kind::Wholesale && dice.chance(1, 12);
        let season = festive(day) && (order.kind == Kind::Gift || dice.chance(1, 3));
        for n in 0..size {
            let line = if postage && n + 1 == size {
                Line { order: i as u32, product: POSTAGE, quantity: 1, cents: 495 }
            } else {
                let mut product = catalogue.pick(season, dice);
                // A basket names a product once; in a very large one of few products it may be twice.
                for _ in 0..8 {
                    if lines.iter().rev().take(n).all(|l: &Line| l.product != product as u32) {
                        break;
                    }
                    product = catalogue.pick(season, dice);
                }
                let cents = price(catalogue.products[product].cents, day);
                Line { order: i as u32, product: product as u32, quantity: quantity(order.kind, cents, dice), cents }
            };
            lines.push(line);
        }
    }
    lines
}

/// In 2024 everything costs 4 % more, to the next 5 cents.
fn price(cents: u32, day: i32) -> u32 {
    if date(day).0 == 2023 { cents } else { (cents * 104 / 100).div_ceil(5) * 5 }
}

/// Pieces of one line: many of what is cheap, dozens for wholesalers.
fn quantity(kind: Kind, cents: u32, dice: &mut Dice) -> i32 {
    let cheap = cents < 400;
    if kind == Kind::Wholesale {
        let packs = [1, 2, 3, 4, 8, 20][dice.weighted(&[36, 32, 18, 9, 4, 1])];
        return if cheap { 12 * packs } else { 4 * packs };
    }
    match (cheap, dice.weighted(&[50, 30, 13, 5, 2])) {
        (true, 0) => dice.within(1, 4),
        (true, 1) => 6,
        (true, 2) => 12,
        (true, n) => 12 * n as i32,
        (false, 0) => 1,
        (false, 1) => dice.within(1, 2),
        (false, 2) => dice.within(2, 3),
        (false, 3) => 4,
        (false, _) => 6,
    }
}

/// Returns of earlier lines, in the order of time. Nine in ten cancel all or a part of what was bought; the others
/// name a product that this customer did not buy, as when the purchase was before the file begins.
fn returns(count: usize, catalogue: &Catalogue, orders: &[Order], lines: &[Line], dice: &mut Dice) -> Vec<Return> {
    let mut returns = Vec::with_capacity(count);
    for _ in 0..count {
        // A guest or a line of postage is not what one returns; where chance finds nothing else, it is taken.
        let mut line = dice.below(lines.len() as u64) as usize;
        for _ in 0..50 {
            if lines[line].product != POSTAGE && orders[lines[line].order as usize].kind != Kind::Guest {
                break;
            }
            line = dice.below(lines.len() as u64) as usize;
        }
        let from = lines[line];
        let ordered = orders[from.order as usize].minute;
        let mut day = (ordered / 1440 + dice.within(2, 30)).min(DAYS - 1);
        while busy(day) == 0 {
            day += 1;
        }
        let minute = (day * 1440 + dice.within(8 * 60, 18 * 60)).max(ordered);
        let (product, cents) = if dice.chance(9, 10) {
            (from.product, from.cents)
        } else {
            let other = catalogue.pick(false, dice);
            (other as u32, price(catalogue.products[other].cents, minute / 1440))
        };
        let part = from.quantity > 1 && dice.chance(1, 6);
        let quantity = if part { dice.within(1, from.quantity - 1) } else { from.quantity };
        returns.push(Return { minute, line, quantity, product, cents });
    }
    returns.sort_by_key(|r| r.minute);
    returns
}

/// Customer numbers in no particular order, as in a shop that was there before the file begins.
fn ids(orders: &[Order], dice: &mut Dice) -> Vec<u32> {
    let customers = orders.iter().filter_map(|o| o.customer).max().map_or(0, |c| c + 1);
    let mut ids: Vec<u32> = (0..customers).map(|c| 10_007 + c * 3 / 2).collect();
    dice.shuffle(&mut ids);
    ids
}

/// Rows as text, handed on in large pieces.
struct Rows<'a> {
    out: &'a mut dyn Write,
    catalogue: &'a Catalogue,
    ids: Vec<u32>,
    buffer: String,
}

impl Rows<'_> {
    fn returned(&mut self, invoice: u32, r: &Return, lines: &[Line], orders: &[Order]) -> io::Result<()> {
        let order = &orders[lines[r.line].order as usize];
        self.row("C", invoice, Ok(r.minute), order, r.product, -r.quantity, Some(r.cents))
    }

    #[allow(clippy::too_many_arguments)]
    fn row(
        &mut self,
        prefix: &str,
        invoice: u32,
        when: Result<i32, &str>,
        order: &Order,
        product: u32,
        quantity: i32,
        cents: Option<u32>,
    ) -> io::Result<()> {
        use std::fmt::Write as _;
        let b = &mut self.buffer;
        // Writing to a String cannot fail.
        let _ = write!(b, "{prefix}{invoice},");
        match when {
            Ok(minute) => {
                let (year, month, day) = date(minute / 1440);
                let (hour, minute) = (minute % 1440 / 60, minute % 60);
                let _ = write!(b, "{year}-{month:02}-{day:02} {hour:02}:{minute:02},");
            }
            Err(text) => {
                let _ = write!(b, "{text},");
            }
        }
        if let Some(customer) = order.customer {
            let _ = write!(b, "{}", self.ids[customer as usize]);
        }
        match self.catalogue.products.get(product as usize) {
            Some(p) => {
                let _ = write!(b, ",{},{},{quantity},", p.code, p.name);
            }
            None => {
                let _ = write!(b, ",POST,Postage,{quantity},");
            }
        }
        if let Some(cents) = cents {
            let _ = write!(b, "{}.{:02}", cents / 100, cents % 100);
        }
        let _ = writeln!(b, ",{}", order.country);
        if b.len() > 1 << 15 {
            self.out.write_all(b.as_bytes())?;
            b.clear();
        }
        Ok(())
    }
}
