//! Roles of columns whose names say nothing, from what their contents are to each other: an invoice has one date and one
//! customer, a customer has many, a quantity is small and whole.

use super::guess::Guess;
use super::kind::ColumnKind;
use super::names::is_made_up;
use super::role_names::{name_score, otherwise};
use super::roles::{Role, Summary};
use super::table::{Code, Column};
use super::{MissingRule, Table};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;

/// Rows between two looks at the cancel flag.
const ROWS_PER_TICK: usize = 1 << 16;
/// Rows looked at: enough to see the structure, few enough for a second.
const MOST_ROWS: usize = 2_000_000;
/// Share of rows that have to agree for a dependency; the rest may be typing errors.
const DEPENDS: f64 = 0.95;

/// Adds guesses for roles that no name gave. Columns with names of their own are only proposed as the customer: what
/// is the money is not guessed against a name.
pub(super) fn complete(
    table: &Table,
    summaries: &[Summary],
    taken: &[usize],
    decided: &[Role],
    found: &mut Vec<Guess>,
    ctx: &Ctx,
) -> Result<()> {
    let Some(date) = found.iter().find(|g| g.role == Role::Date).map(|g| g.column) else { return Ok(()) };
    let nameless = table.columns.iter().all(|c| is_made_up(&c.name));
    let open = |role: Role, found: &[Guess]| !decided.contains(&role) && !found.iter().any(|g| g.role == role);
    if !nameless && !open(Role::CustomerId, found) {
        return Ok(());
    }
    let mut view = View { table, summaries, date, taken: taken.to_vec(), ctx };
    view.taken.extend(found.iter().map(|g| g.column));
    if !nameless {
        let invoice = found.iter().find(|g| g.role == Role::Invoice).map(|g| g.column);
        if let Some(mut guess) = view.customer(invoice)? {
            guess.confidence -= 0.1;
            found.push(guess);
        }
        return Ok(());
    }
    let add = |guess: Option<Guess>, view: &mut View, found: &mut Vec<Guess>| {
        let guess = guess.filter(|g| open(g.role, found))?;
        let column = guess.column;
        view.taken.push(column);
        found.push(guess);
        Some(column)
    };
    let invoice = add(view.invoice()?, &mut view, found);
    let customer = add(view.customer(invoice)?, &mut view, found);
    let product = add(view.product(invoice, customer)?, &mut view, found);
    let quantity = add(view.quantity(product)?, &mut view, found);
    for guess in view.money(quantity, product)? {
        add(Some(guess), &mut view, found);
    }
    Ok(())
}

/// The share of rows in which `amount` is `quantity` × `price` to the cent; 0 where no row has all three.
pub(super) fn product_share(
    table: &Table,
    amount: usize,
    quantity: usize,
    price: usize,
    rows: usize,
    ctx: &Ctx,
) -> Result<f64> {
    let column =
        |i: usize| -> Result<(&Column, Vec<f64>)> { Ok((&table.columns[i], table.columns[i].numbers_with(ctx)?)) };
    let (a, q, p) = (column(amount)?, column(quantity)?, column(price)?);
    let value = |(c, numbers): &(&Column, Vec<f64>), row: usize| numbers[c.codes[row] as usize];
    let (mut same, mut all) = (0usize, 0usize);
    for row in 0..table.rows.min(rows) {
        if row.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(row, table.rows)?;
        }
        let (amount, product) = (value(&a, row), value(&q, row) * value(&p, row));
        if amount.is_finite() && product.is_finite() {
            all += 1;
            same += usize::from((amount - product).abs() <= 0.011 + 1e-6 * product.abs());
        }
    }
    Ok(if all == 0 { 0.0 } else { same as f64 / all as f64 })
}

struct View<'a> {
    table: &'a Table,
    summaries: &'a [Summary],
    date: usize,
    taken: Vec<usize>,
    ctx: &'a Ctx,
}

impl View<'_> {
    fn column(&self, i: usize) -> &Column {
        &self.table.columns[i]
    }

    fn name(&self, i: usize) -> String {
        format!("{:?}", self.table.columns[i].name)
    }

    /// Columns that may hold codes: texts and whole numbers that repeat themselves.
    fn codes(&self) -> Vec<usize> {
        let fits = |&i: &usize| {
            let c = self.column(i);
            let codes = matches!(c.kind, ColumnKind::Text | ColumnKind::Number { whole: true, .. });
            !self.taken.contains(&i) && codes && self.summaries[i].distinct >= 2 && self.repeats(i) >= 1.2
        };
        (0..self.table.columns.len()).filter(fits).collect()
    }

    /// Rows per distinct value.
    fn repeats(&self, i: usize) -> f64 {
        (self.table.rows - self.summaries[i].missing) as f64 / self.summaries[i].distinct.max(1) as f64
    }

    /// The share of the rows of values that occur more than once whose value stands for one value of `b` only. `None`
    /// where too few values repeat themselves to tell.
    fn depends(&self, a: usize, b: usize) -> Result<Option<f64>> {
        const NONE: Code = Code::MAX;
        const SEVERAL: Code = Code::MAX - 1;
        let (a, b) = (self.column(a), self.column(b));
        let (rule_a, rule_b) = (missing(a), missing(b));
        let mut partner = vec![NONE; a.dict.len()];
        let mut rows = vec![0u32; a.dict.len()];
        let all = self.table.rows.min(MOST_ROWS);
        for row in 0..all {
            if row.is_multiple_of(ROWS_PER_TICK) {
                self.ctx.tick(row, all)?;
            }
            let (x, y) = (a.codes[row] as usize, b.codes[row]);
            if rule_a[x] || rule_b[y as usize] {
                continue;
            }
            rows[x] += 1;
            let known = &mut partner[x];
            *known = match *known {
                NONE => y,
                code if code == y => y,
                _ => SEVERAL,
            };
        }
        let repeated = || rows.iter().zip(&partner).filter(|&(&n, _)| n >= 2);
        let total: u64 = repeated().map(|(&n, _)| u64::from(n)).sum();
        let single: u64 = repeated().filter(|&(_, &p)| p != SEVERAL).map(|(&n, _)| u64::from(n)).sum();
        Ok((total as f64 >= 0.05 * all as f64 && total > 0).then(|| single as f64 / total as f64))
    }

    /// The column whose values have one date each.
    fn invoice(&self) -> Result<Option<Guess>> {
        let mut best: Option<(usize, f64)> = None;
        for i in self.codes() {
            let Some(share) = self.depends(i, self.date)?.filter(|&s| s >= DEPENDS) else { continue };
            let better = best.is_none_or(|(b, _)| self.summaries[i].distinct > self.summaries[b].distinct);
            if !self.is_small_number(i) && better {
                best = Some((i, share));
            }
        }
        Ok(best.map(|(column, share)| Guess {
            role: Role::Invoice,
            column,
            confidence: 0.65,
            reason: format!("its values have one date each in {} of the rows, as invoices do", format::percent(share)),
        }))
    }

    /// The column that an invoice has one value of and that itself has many invoices or dates.
    fn customer(&self, invoice: Option<usize>) -> Result<Option<Guess>> {
        let mut best: Option<(usize, usize)> = None;
        for i in self.codes() {
            let c = self.column(i);
            let distinct = self.summaries[i].distinct;
            let something_else = otherwise(&c.name, Role::CustomerId)
                || Role::ALL.into_iter().any(|role| role != Role::CustomerId && name_score(&c.name, role) > 0);
            if self.is_small_number(i) || something_else || distinct < 3 {
                continue;
            }
            if let Some(invoice) = invoice {
                let one_each = self.depends(invoice, i)?.is_some_and(|s| s >= DEPENDS);
                if !one_each || distinct >= self.summaries[invoice].distinct {
                    continue;
                }
            }
            if self.depends(i, self.date)?.is_some_and(|s| s >= 0.9) {
                continue;
            }
            // Of several, such as an id, a name and a country, the one with most values; ids before names.
            let better = |(b, most): (usize, usize)| {
                let near = distinct * 20 >= most * 19 && most * 20 >= distinct * 19;
                if near { has_digits(c) && !has_digits(self.column(b)) } else { distinct > most }
            };
            if best.is_none_or(better) {
                best = Some((i, distinct));
            }
        }
        let Some((column, distinct)) = best.filter(|&(_, distinct)| distinct >= 10 || invoice.is_some()) else {
            return Ok(None);
        };
        let values = format::count(distinct);
        Ok(Some(match invoice {
            Some(invoice) => Guess {
                role: Role::CustomerId,
                column,
                confidence: 0.6,
                reason: format!(
                    "each value of {} has one of its {values} values, and these have several dates, as customers do",
                    self.name(invoice)
                ),
            },
            None => Guess {
                role: Role::CustomerId,
                column,
                confidence: 0.4,
                reason: format!("its {values} values come back on several dates, as customers do"),
            },
        }))
    }

    /// Of the columns of which an invoice and a customer have several values, the one with the shortest codes.
    fn product(&self, invoice: Option<usize>, customer: Option<usize>) -> Result<Option<Guess>> {
        let mut candidates = Vec::new();
        for i in self.codes() {
            let mut several = !self.is_small_number(i) && self.summaries[i].distinct >= 3;
            for owner in [invoice, customer].into_iter().flatten() {
                several = several && self.depends(owner, i)?.is_none_or(|s| s < 0.9);
            }
            if several {
                candidates.push(i);
            }
        }
        let most = candidates.iter().map(|&i| self.summaries[i].distinct).max().unwrap_or(0);
        candidates.retain(|&i| self.summaries[i].distinct * 2 >= most);
        let length = |i: usize| {
            let dict = &self.column(i).dict;
            dict.iter().map(str::len).sum::<usize>() as f64 / (dict.len() - 1).max(1) as f64
        };
        let best = candidates.into_iter().min_by(|&a, &b| length(a).total_cmp(&length(b)));
        Ok(best.map(|column| Guess {
            role: Role::Product,
            column,
            confidence: 0.5,
            reason: format!(
                "its {} values come back in many sales of many customers, as products do",
                format::count(self.summaries[column].distinct)
            ),
        }))
    }

    /// The column of small whole numbers.
    fn quantity(&self, product: Option<usize>) -> Result<Option<Guess>> {
        let mut best: Option<(usize, f64)> = None;
        for i in 0..self.table.columns.len() {
            if self.taken.contains(&i) || !self.is_small_number(i) || self.summaries[i].distinct < 2 {
                continue;
            }
            // What a product always has the same of is a size or a class.
            if let Some(product) = product
                && self.depends(product, i)?.is_some_and(|s| s >= DEPENDS)
            {
                continue;
            }
            let middle = self.median(i);
            if best.is_none_or(|(_, m)| middle > m) {
                best = Some((i, middle));
            }
        }
        Ok(best.map(|(column, middle)| Guess {
            role: Role::Quantity,
            column,
            confidence: 0.6,
            reason: format!("its values are small whole numbers (half of them up to {})", format::short(middle)),
        }))
    }

    /// Amount and unit price among the columns of numbers with decimals.
    fn money(&self, quantity: Option<usize>, product: Option<usize>) -> Result<Vec<Guess>> {
        let numbers = |whole: bool| -> Vec<usize> {
            let fits = |&i: &usize| {
                let number = matches!(self.column(i).kind, ColumnKind::Number { whole: w, .. } if w == whole);
                number && !self.taken.contains(&i) && self.summaries[i].distinct >= 2
            };
            (0..self.table.columns.len()).filter(fits).collect()
        };
        let decimals = if numbers(false).is_empty() { numbers(true) } else { numbers(false) };
        let guess = |role, column, confidence, reason: String| Guess { role, column, confidence, reason };
        let Some(quantity) = quantity else {
            let reason = "it holds numbers with decimals, as money does".to_string();
            return Ok(decimals.first().map(|&c| guess(Role::Amount, c, 0.45, reason)).into_iter().collect());
        };
        for &amount in &decimals {
            for &price in decimals.iter().filter(|&&p| p != amount) {
                let share = product_share(self.table, amount, quantity, price, MOST_ROWS, self.ctx)?;
                if share >= DEPENDS {
                    let product = format!("{} × {}", self.name(quantity), self.name(price));
                    let share = format::percent(share);
                    return Ok(vec![
                        guess(Role::Amount, amount, 0.85, format!("it is {product} in {share} of the rows")),
                        guess(
                            Role::UnitPrice,
                            price,
                            0.85,
                            format!("it makes {} with the quantity", self.name(amount)),
                        ),
                    ]);
                }
            }
        }
        let Some(&column) = decimals.first() else { return Ok(Vec::new()) };
        let fixed = match product {
            Some(product) => self.depends(product, column)?.unwrap_or(0.0),
            None => 0.0,
        };
        // More pieces cost more in all, but not each.
        let grows =
            self.mean_where(column, quantity, |q| q >= 3.0)? > 1.5 * self.mean_where(column, quantity, |q| q == 1.0)?;
        Ok(vec![if fixed < 0.3 && grows {
            guess(Role::Amount, column, 0.45, "it holds numbers with decimals that grow with the quantity".into())
        } else {
            let reason = "it holds numbers with decimals that do not grow with the quantity, as prices of a piece do";
            guess(Role::UnitPrice, column, 0.5, reason.into())
        }])
    }

    /// Whether most values are whole numbers of at most three digits, few of them different.
    fn is_small_number(&self, i: usize) -> bool {
        matches!(self.column(i).kind, ColumnKind::Number { whole: true, .. })
            && self.median(i).abs() <= 200.0
            && (self.repeats(i) >= 3.0 || self.table.rows < 50)
    }

    /// The middle number of the column's rows; infinite where there is none.
    fn median(&self, i: usize) -> f64 {
        let c = self.column(i);
        let mut numbers: Vec<(f64, u32)> = c
            .numbers()
            .into_iter()
            .zip(c.counts.iter().copied())
            .filter(|(n, rows)| n.is_finite() && *rows > 0)
            .collect();
        numbers.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = numbers.iter().map(|(_, n)| u64::from(*n)).sum::<u64>().div_ceil(2);
        let mut seen = 0;
        numbers
            .iter()
            .find(|(_, n)| {
                seen += u64::from(*n);
                seen >= half
            })
            .map_or(f64::INFINITY, |(number, _)| *number)
    }

    /// The mean of a column over the rows whose quantity is `wanted`; 0 where there is none.
    fn mean_where(&self, column: usize, quantity: usize, wanted: impl Fn(f64) -> bool) -> Result<f64> {
        let (c, q) = (self.column(column), self.column(quantity));
        let (values, quantities) = (c.numbers_with(self.ctx)?, q.numbers_with(self.ctx)?);
        let rows = (0..self.table.rows.min(MOST_ROWS)).filter(|&r| wanted(quantities[q.codes[r] as usize]));
        let (sum, n) = rows
            .map(|r| values[c.codes[r] as usize])
            .filter(|v| v.is_finite())
            .fold((0.0, 0usize), |(sum, n), v| (sum + v.abs(), n + 1));
        Ok(if n == 0 { 0.0 } else { sum / n as f64 })
    }
}

fn missing(column: &Column) -> Vec<bool> {
    let rule: MissingRule = column.missing_rule();
    column.dict.iter().map(|text| rule.is_missing(text)).collect()
}

/// Whether most values have a digit, as ids do.
fn has_digits(column: &Column) -> bool {
    let digits = column.dict.iter().filter(|t| t.bytes().any(|b| b.is_ascii_digit())).count();
    digits * 2 > column.dict.len()
}
