//! What is counted for each customer, once for all features.

use super::ReadyMade;
use crate::clean::NO_INVOICE;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::features::Known;
use crate::features::groups::Groups;
use crate::intake::dates::date_of;
use crate::intake::{Column, Role};

/// Stands for no product and no category.
const NONE: u32 = u32::MAX;
/// Customers who bought nothing have no favourite.
pub(super) const NO_FAVOURITE: u32 = u32::MAX;

/// A column of words with equal texts made equal numbers.
pub(super) struct Words<'a> {
    codes: &'a [u32],
    /// Place of each code's text in `names`, or [`NONE`] for no value.
    places: Vec<u32>,
    /// The texts in their order.
    pub names: Vec<String>,
}

impl<'a> Words<'a> {
    fn of(column: &'a Column, ctx: &Ctx) -> Result<Self> {
        let missing = column.missing_rule();
        let there = column.per_value(ctx, |text| !missing.is_missing(text))?;
        let mut names: Vec<&str> =
            column.dict.iter().zip(&there).filter(|(_, there)| **there).map(|(text, _)| text.trim()).collect();
        names.sort_unstable();
        names.dedup();
        let place = |text: &str| names.binary_search(&text.trim()).map_or(NONE, |at| at as u32);
        let places = column.per_value(ctx, place)?;
        let places = places.into_iter().zip(there).map(|(place, there)| if there { place } else { NONE }).collect();
        Ok(Words { codes: &column.codes, places, names: names.into_iter().map(String::from).collect() })
    }

    fn of_row(&self, row: usize) -> u32 {
        self.places[self.codes[row] as usize]
    }
}

/// A column as one value per code.
struct PerCode<'a, T> {
    codes: &'a [u32],
    values: Vec<T>,
}

/// The columns that features are counted from, as far as there are such.
pub(super) struct Sources<'a> {
    known: Known<'a>,
    pub product: Option<Words<'a>>,
    pub category: Option<Words<'a>>,
    quantity: Option<PerCode<'a, f64>>,
    discount: Option<PerCode<'a, bool>>,
}

impl<'a> Sources<'a> {
    pub(super) fn of(known: &Known<'a>) -> Self {
        Sources { known: *known, product: None, category: None, quantity: None, discount: None }
    }

    pub(super) fn has(&self, role: Role) -> bool {
        self.column(role).is_some()
    }

    pub(super) fn has_transactions(&self) -> bool {
        !self.known.clean.transactions.row.is_empty()
    }

    pub(super) fn has_invoices(&self) -> bool {
        !self.known.clean.transactions.invoice.is_empty()
    }

    fn column(&self, role: Role) -> Option<&'a Column> {
        self.known.roles.column(role).and_then(|name| self.known.prepared.table.column(name))
    }

    /// Looks at the distinct values of the columns that the wanted features need.
    pub(super) fn prepared(mut self, wanted: &[ReadyMade], ctx: &Ctx) -> Result<Self> {
        let words = |role: Role, for_any: &[ReadyMade]| match self.column(role) {
            Some(column) if for_any.iter().any(|one| wanted.contains(one)) => Words::of(column, ctx).map(Some),
            _ => Ok(None),
        };
        let product = words(Role::Product, &[ReadyMade::DistinctProducts, ReadyMade::FavouriteProduct])?;
        let category = words(Role::Category, &[ReadyMade::DistinctCategories])?;
        if let Some(column) = self.column(Role::Quantity) {
            self.quantity = Some(PerCode { codes: &column.codes, values: column.numbers_with(ctx)? });
        }
        if let Some(column) = self.column(Role::Discount).filter(|_| wanted.contains(&ReadyMade::DiscountShare)) {
            let missing = column.missing_rule();
            let given = |text: &str| !missing.is_missing(text) && column.number(text) != Some(0.0);
            self.discount = Some(PerCode { codes: &column.codes, values: column.per_value(ctx, given)? });
        }
        (self.product, self.category) = (product, category);
        Ok(self)
    }
}

/// What a transaction says.
#[derive(Clone, Copy, Default)]
struct Visit {
    amount: f64,
    quantity: f64,
    basket: u64,
    day: i32,
    product: u32,
    category: u32,
    purchase: bool,
    discount: bool,
}

/// What is counted for one customer. Money of returns is negative.
#[derive(Clone, Copy)]
pub(super) struct One {
    pub bought: ExactSum,
    pub returned: ExactSum,
    /// Money of purchases in the later half of the time.
    pub later: ExactSum,
    pub items: ExactSum,
    pub baskets: u32,
    pub purchases: u32,
    pub discounted: u32,
    pub products: u32,
    pub categories: u32,
    pub favourite_product: u32,
    /// Monday is 0.
    pub favourite_weekday: u32,
    pub first: i32,
    pub last: i32,
    /// Distinct days and calendar months with a purchase.
    pub days: u32,
    pub months: u32,
    /// Sum of the squares of the days between one purchase day and the next.
    pub gaps_squared: f64,
}

/// Every customer's counts, in the order of the table.
pub(super) struct Facts {
    pub customers: Vec<One>,
    /// First and last day of the time that is halved.
    pub span: (i32, i32),
}

impl Facts {
    pub(super) fn of(groups: &Groups, sources: &Sources, ctx: &Ctx) -> Result<Facts> {
        let t = groups.transactions;
        let (earliest, today) = groups.days;
        let first = t.day.iter().copied().filter(|&day| day <= today).min().unwrap_or(0).max(earliest);
        let last_seen = t.day.iter().copied().max().unwrap_or(0);
        let months = Months::of(first, last_seen.min(today));
        let visit = |row: usize| {
            let at = t.row[row] as usize;
            let day = t.day[row];
            let of_day = (1 << 32) + u64::from(day as u32);
            Visit {
                amount: t.amount[row],
                quantity: sources.quantity.as_ref().map_or(1.0, |q| q.values[q.codes[at] as usize]),
                basket: match t.invoice.get(row) {
                    Some(&invoice) if invoice != NO_INVOICE => u64::from(invoice),
                    _ => of_day,
                },
                day,
                product: sources.product.as_ref().map_or(NONE, |words| words.of_row(at)),
                category: sources.category.as_ref().map_or(NONE, |words| words.of_row(at)),
                purchase: t.purchase[row],
                discount: sources.discount.as_ref().is_some_and(|d| d.values[d.codes[at] as usize]),
            }
        };
        // A day lies in the later half when it is nearer to the last day than to the first.
        let middle = i64::from(first) + i64::from(today);
        let one = |visits: &mut [Visit]| count(visits, middle, &months);
        Ok(Facts { customers: groups.per_customer(visit, one, ctx)?, span: (first, today) })
    }
}

/// The calendar month of each day of a span, as a number that grows by one from month to month.
struct Months {
    first: i32,
    of_day: Vec<u16>,
}

impl Months {
    fn of(first: i32, last: i32) -> Months {
        use chrono::Datelike;
        let start = date_of(first).year();
        let month = |day: i32| {
            let date = date_of(day);
            ((date.year() - start) * 12 + date.month0() as i32) as u16
        };
        Months { first, of_day: (first..=last.max(first)).map(month).collect() }
    }

    fn get(&self, day: i32) -> u16 {
        self.of_day[(day - self.first) as usize]
    }
}

/// Counts one customer.
fn count(visits: &mut [Visit], middle: i64, months: &Months) -> One {
    let mut out = One {
        bought: ExactSum::default(),
        returned: ExactSum::default(),
        later: ExactSum::default(),
        items: ExactSum::default(),
        baskets: 0,
        purchases: 0,
        discounted: 0,
        products: 0,
        categories: 0,
        favourite_product: NO_FAVOURITE,
        favourite_weekday: NO_FAVOURITE,
        first: 0,
        last: 0,
        days: 0,
        months: 0,
        gaps_squared: 0.0,
    };
    // Purchases first: sums and counts do not depend on the order.
    let mut bought = 0;
    for i in 0..visits.len() {
        let visit = visits[i];
        if visit.purchase {
            out.bought.add(visit.amount);
            out.items.add(visit.quantity);
            if 2 * i64::from(visit.day) > middle {
                out.later.add(visit.amount);
            }
            out.discounted += u32::from(visit.discount);
            visits.swap(bought, i);
            bought += 1;
        } else {
            out.returned.add(visit.amount);
        }
    }
    let visits = &mut visits[..bought];
    if visits.is_empty() {
        return out;
    }
    out.purchases = bought as u32;
    // A basket lies on its first day.
    visits.sort_unstable_by_key(|v| (v.basket, v.day));
    let mut weekdays = [0u32; 7];
    let mut before = None;
    for visit in visits.iter() {
        if before != Some(visit.basket) {
            out.baskets += 1;
            weekdays[(visit.day + 3).rem_euclid(7) as usize] += 1;
            before = Some(visit.basket);
        }
    }
    out.favourite_weekday = (0..7).rev().max_by_key(|&day| weekdays[day]).unwrap_or(0) as u32;
    let mut days: Vec<i32> = visits.iter().map(|v| v.day).collect();
    days.sort_unstable();
    days.dedup();
    (out.first, out.last, out.days) = (days[0], days[days.len() - 1], days.len() as u32);
    out.months = 1 + days.windows(2).filter(|w| months.get(w[0]) != months.get(w[1])).count() as u32;
    // Whole numbers below 2⁵³: exact.
    out.gaps_squared = days.windows(2).map(|w| f64::from(w[1] - w[0]).powi(2)).sum();
    let mut codes: Vec<u32> = visits.iter().map(|v| v.product).filter(|&p| p != NONE).collect();
    codes.sort_unstable();
    let mut most = 0;
    for run in codes.chunk_by(|a, b| a == b) {
        out.products += 1;
        if run.len() > most {
            (most, out.favourite_product) = (run.len(), run[0]);
        }
    }
    codes.clear();
    codes.extend(visits.iter().map(|v| v.category).filter(|&c| c != NONE));
    codes.sort_unstable();
    out.categories = codes.chunk_by(|a, b| a == b).count() as u32;
    out
}
