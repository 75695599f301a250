//! What each row says, decided per distinct value and looked up per row.

use rayon::prelude::*;

use super::ids;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::intake::dates::DateStyle;
use crate::intake::kind::{ColumnKind, is_missing, without_zero_decimals};
use crate::intake::{Column, Dict, Role, RolesOut, Table, dates};

/// No sale is larger; beyond it sums would lose their exactness.
pub(super) const LARGEST: f64 = 1e18;

/// The columns with a role, each as an array over its dictionary's codes.
pub(super) struct Rows<'a> {
    /// Distinct ids in natural order; [`Rows::customer`] is an index into them, or [`NOBODY`].
    pub ids: Vec<String>,
    customer: (&'a Column, Vec<u32>),
    /// Seconds since 1970-01-01.
    date: (&'a Column, Vec<Option<i64>>),
    /// The date style with day and month the other way round, where the style is one of the two.
    other_order: Option<DateStyle>,
    pub invoice: Option<&'a Column>,
    cancelled: Vec<bool>,
    no_invoice: Vec<bool>,
    pub product: Option<&'a Column>,
    amount: Option<(&'a Column, Vec<f64>)>,
    quantity: Option<(&'a Column, Vec<f64>)>,
    price: Option<(&'a Column, Vec<f64>)>,
}

impl<'a> Rows<'a> {
    /// Looks at the distinct values of every column that has a role.
    ///
    /// # Errors
    /// A role without which nothing can be counted has no column, or no date can be read.
    pub(super) fn of(table: &'a Table, roles: &RolesOut, ctx: &Ctx) -> Result<Rows<'a>> {
        let column = |role| roles.column(role).and_then(|name| table.column(name));
        let needed = |role: Role, flag: &str| {
            column(role).ok_or_else(|| {
                let names: Vec<&str> = table.columns.iter().map(|c| c.name.as_str()).collect();
                Error::data(format!(
                    "no column was recognised as the {}; choose one in the Data panel or with {flag} (columns: {})",
                    role.label().to_lowercase(),
                    names.join(", ")
                ))
            })
        };
        let numbers = |role| match column(role) {
            Some(c) => c.numbers_with(ctx).map(|n| Some((c, n))),
            None => Ok(None),
        };
        let customer = needed(Role::CustomerId, "--customer")?;
        let date = needed(Role::Date, "--date")?;
        let (amount, quantity, price) = (numbers(Role::Amount)?, numbers(Role::Quantity)?, numbers(Role::UnitPrice)?);
        if amount.is_none() && (quantity.is_none() || price.is_none()) {
            needed(Role::Amount, "--amount, or --quantity and --price")?;
        }
        let invoice = column(Role::Invoice);
        let (moments, style) = moments(date, roles, ctx)?;
        let other_order = style.other_order();
        let (ids, codes) = ids::customer_ids(customer, ctx)?;
        Ok(Rows {
            ids,
            customer: (customer, codes),
            date: (date, moments),
            other_order,
            invoice,
            cancelled: invoice.map(|c| cancellations(&c.dict)).unwrap_or_default(),
            no_invoice: invoice.map(without_value).unwrap_or_default(),
            product: column(Role::Product),
            amount,
            quantity,
            price,
        })
    }

    pub(super) fn customer(&self, row: usize) -> u32 {
        self.customer.1[self.customer.0.codes[row] as usize]
    }

    /// Seconds since 1970-01-01.
    pub(super) fn moment(&self, row: usize) -> Option<i64> {
        self.date.1[self.date.0.codes[row] as usize]
    }

    /// Whether any date has a time of day.
    pub(super) fn has_times(&self) -> bool {
        self.date.1.iter().flatten().any(|s| s.rem_euclid(dates::DAY) != 0)
    }

    pub(super) fn invoice_code(&self, row: usize) -> Option<u32> {
        self.invoice.map(|c| c.codes[row])
    }

    /// Whether the row has no invoice number although there is a column for it.
    pub(super) fn lacks_invoice(&self, row: usize) -> bool {
        self.invoice.is_some_and(|c| self.no_invoice[c.codes[row] as usize])
    }

    pub(super) fn is_cancelled(&self, row: usize) -> bool {
        self.invoice.is_some_and(|c| self.cancelled[c.codes[row] as usize])
    }

    pub(super) fn quantity(&self, row: usize) -> Option<f64> {
        self.quantity.as_ref().map(|(c, numbers)| numbers[c.codes[row] as usize])
    }

    fn price(&self, row: usize) -> Option<f64> {
        self.price.as_ref().map(|(c, numbers)| numbers[c.codes[row] as usize])
    }

    /// Money of the row: the amount column, else quantity × unit price. NaN where that cannot be read or is beyond
    /// any money.
    pub(super) fn amount(&self, row: usize) -> f64 {
        let amount = match &self.amount {
            Some((c, numbers)) => numbers[c.codes[row] as usize],
            None => self.quantity(row).unwrap_or(f64::NAN) * self.price(row).unwrap_or(f64::NAN),
        };
        if amount.abs() <= LARGEST { amount } else { f64::NAN }
    }

    /// Whether a date that cannot be read could be with day and month the other way round.
    pub(super) fn is_date_in_other_order(&self, row: usize) -> bool {
        self.other_order.as_ref().is_some_and(|style| dates::parse(self.date.0.text(row), style).is_some())
    }

    /// A row that is no purchase: a quantity or price of zero or less, or a negative amount. An order of amount
    /// zero is still a visit; a piece of price zero is not.
    pub(super) fn is_not_positive(&self, row: usize) -> bool {
        self.quantity(row).is_some_and(|q| q <= 0.0)
            || self.price(row).is_some_and(|p| p <= 0.0)
            || self.amount(row) < 0.0
    }

    /// The currency sign that most amounts carry.
    pub(super) fn currency(&self) -> Option<String> {
        let (column, _) = self.amount.as_ref().or(self.price.as_ref())?;
        column.currency()
    }
}

/// Which codes of a column stand for no value.
fn without_value(column: &Column) -> Vec<bool> {
    let rule = column.missing_rule();
    each(&column.dict, |text| rule.is_missing(text))
}

/// Something about each text of a dictionary; invoices are as many as orders.
fn each(dict: &Dict, f: impl Fn(&str) -> bool + Sync) -> Vec<bool> {
    (0..dict.len() as u32).into_par_iter().with_min_len(1 << 12).map(|code| f(dict.get(code))).collect()
}

/// The style in which the dates of a column are written.
///
/// # Errors
/// Its values are no dates.
pub(crate) fn date_style(column: &Column, roles: &RolesOut) -> Result<DateStyle> {
    Ok(match (&roles.date_format, &column.kind) {
        (Some(format), ColumnKind::Date { style, .. }) => dates::given(format, Some(style)),
        (Some(format), _) => dates::given(format, None),
        (None, ColumnKind::Date { style, .. }) => style.clone(),
        (None, _) => match dates::detect_any(column.dict.iter().filter(|t| !is_missing(t))) {
            Some(style) => style,
            None => {
                return Err(Error::data(format!(
                    "the values of {:?} cannot be read as dates (for example {:?}); choose another date column, or say how they are written with --date-format",
                    column.name,
                    column.examples(1).first().copied().unwrap_or("")
                )));
            }
        },
    })
}

/// The moment of each distinct date, and the style they are written in.
fn moments(column: &Column, roles: &RolesOut, ctx: &Ctx) -> Result<(Vec<Option<i64>>, DateStyle)> {
    let style = date_style(column, roles)?;
    let moments = column.per_value(ctx, |text| dates::parse(text, &style).filter(|s| dates::plausible(*s)))?;
    if moments.iter().all(Option::is_none) {
        return Err(Error::data(format!(
            "no value of {:?} reads as a date written {} (the first is {:?}); correct the date format",
            column.name,
            style.label(),
            column.examples(1).first().copied().unwrap_or("")
        )));
    }
    Ok((moments, style))
}

/// Whether a `C` before a number marks a cancellation in this column of invoices.
pub(crate) fn marks_cancellations(invoices: &Column) -> bool {
    cancellations(&invoices.dict).contains(&true)
}

/// Which invoices are cancellations: a `C` before a number, in a column whose other values are mostly numbers.
fn cancellations(invoices: &Dict) -> Vec<bool> {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let cancelled = each(invoices, |t| t.trim().strip_prefix(['C', 'c']).is_some_and(digits));
    let plain = each(invoices, |t| digits(t.trim()) || without_zero_decimals(t).is_some());
    let plain = plain.into_iter().filter(|&p| p).count();
    let others = invoices.len() - 1 - cancelled.iter().filter(|&&c| c).count();
    if plain * 2 > others { cancelled } else { vec![false; invoices.len()] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_c_is_a_cancellation_only_among_numbers() {
        let dict = |values: &[&str]| {
            let mut dict = Dict::default();
            values.iter().for_each(|v| {
                dict.push(v);
            });
            dict
        };
        assert_eq!(cancellations(&dict(&["536365", "C536379"])), [false, false, true]);
        assert_eq!(cancellations(&dict(&["CA-2016-152156", "US-2015-1"])), [false, false, false]);
        assert_eq!(cancellations(&dict(&["C1001", "D1002", "E1003"])), [false; 4]);
    }
}
