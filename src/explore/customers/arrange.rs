//! Filters and orders: fast enough for a million customers to follow what somebody types, and off the window's thread.

use std::sync::Arc;

use rayon::prelude::*;

use super::{ColumnFilter, Condition, CustomerColumn, CustomerQuery, CustomerSheet, Values};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::rfm::RfmOut;

/// The customers that a query leaves, in its order.
#[derive(Debug, Clone)]
pub struct Arranged {
    /// The customers whose places `order` holds.
    pub of: Arc<RfmOut>,
    /// Places in the customer table.
    pub order: Arc<Vec<u32>>,
    /// The same places, ascending.
    pub places: Arc<Vec<u32>>,
    /// What these customers spent; `None` where the table does not know.
    pub money: Option<f64>,
    /// The customer that the text searched for means: the one with exactly this id, else the first whose id starts with
    /// it, else the first shown. `None` where nothing is searched for or found.
    pub meant: Option<u32>,
}

/// Customers between two looks at the cancel flag.
const CHUNK: usize = 1 << 14;

/// Whom the query leaves, in the order it asks for. Ties stand in the order of ids whatever the direction; customers
/// without a value stand last in both directions. Conditions on columns that are not there are left out of account.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn arrange(sheet: &CustomerSheet, query: &CustomerQuery, ctx: &Ctx) -> Result<Arranged> {
    let places = matching(sheet, query, None, ctx)?;
    let mut keyed = keys(sheet, &query.sort, query.descending, &places, ctx)?;
    ctx.tick(2, 4)?;
    keyed.par_sort_unstable();
    ctx.tick(3, 4)?;
    let order: Vec<u32> = keyed.into_iter().map(|(_, customer)| customer).collect();
    let money = sheet.money(&order);
    let meant = meant(&sheet.rfm.customers.ids, &order, query.id.trim());
    Ok(Arranged { of: sheet.rfm.clone(), order: Arc::new(order), places: Arc::new(places), money, meant })
}

/// The place of the customer with exactly this id.
pub fn find(ids: &[String], id: &str) -> Option<u32> {
    ids.par_iter().position_any(|i| i == id).map(|place| place as u32)
}

/// Places of the customers for whom every condition holds, ascending; conditions on the column `but` are left out.
pub(super) fn matching(
    sheet: &CustomerSheet,
    query: &CustomerQuery,
    but: Option<&CustomerColumn>,
    ctx: &Ctx,
) -> Result<Vec<u32>> {
    let filters = query.filters.iter().filter(|f| Some(&f.column) != but);
    let tests: Vec<Test> = filters.filter_map(|f| Test::of(sheet, f)).collect();
    let id = (!query.id.trim().is_empty()).then(|| Needle::new(&query.id));
    let ids = &*sheet.rfm.customers.ids;
    let holds = |customer: &u32| {
        let c = *customer as usize;
        id.as_ref().is_none_or(|id| id.is_in(&ids[c])) && tests.iter().all(|t| t.holds(c))
    };
    let n = sheet.len();
    match &query.only {
        Some(only) => {
            let chunk = |chunk: &[u32]| {
                ctx.tick(0, 4)?;
                Ok(chunk.iter().copied().filter(|c| (*c as usize) < n).filter(holds).collect::<Vec<u32>>())
            };
            only.par_chunks(CHUNK).map(chunk).collect::<Result<Vec<_>>>().map(|parts| parts.concat())
        }
        None => {
            let chunk = |i: usize| {
                ctx.tick(0, 4)?;
                let range = i * CHUNK..((i + 1) * CHUNK).min(n);
                Ok(range.map(|c| c as u32).filter(holds).collect::<Vec<u32>>())
            };
            (0..n.div_ceil(CHUNK)).into_par_iter().map(chunk).collect::<Result<Vec<_>>>().map(|parts| parts.concat())
        }
    }
}

/// A condition made ready: names are looked up once, not per customer.
enum Test<'a> {
    Range {
        values: Values<'a>,
        from: f64,
        to: f64,
    },
    /// Whether each name of the column is wanted, and whether customers without one are.
    Names {
        values: Values<'a>,
        wanted: Vec<bool>,
        none: bool,
    },
    Text {
        values: Values<'a>,
        needle: Needle,
    },
}

impl<'a> Test<'a> {
    fn of(sheet: &'a CustomerSheet, filter: &ColumnFilter) -> Option<Test<'a>> {
        let values = Values::of(sheet, &filter.column)?;
        Some(match &filter.condition {
            Condition::Between { from, to } => {
                Test::Range { values, from: from.unwrap_or(f64::NEG_INFINITY), to: to.unwrap_or(f64::INFINITY) }
            }
            Condition::OneOf(words) => {
                let wanted = (0..values.names()).map(|code| words.iter().any(|w| *w == values.name(code))).collect();
                Test::Names { values, wanted, none: words.iter().any(String::is_empty) }
            }
            // Texts differ from customer to customer, names are few.
            Condition::Contains(text) if matches!(values, Values::Texts(_)) => {
                Test::Text { values, needle: Needle::new(text) }
            }
            Condition::Contains(text) => {
                let needle = Needle::new(text);
                let wanted = (0..values.names()).map(|code| needle.is_in(&values.name(code))).collect();
                Test::Names { values, wanted, none: false }
            }
        })
    }

    fn holds(&self, customer: usize) -> bool {
        match self {
            Test::Range { values, from, to } => {
                let value = values.number(customer);
                *from <= value && value <= *to
            }
            Test::Names { values, wanted, none } => {
                values.code(customer).map_or(*none, |code| wanted.get(code).copied().unwrap_or(false))
            }
            Test::Text { values: Values::Texts(texts), needle } => needle.is_in(&texts[customer]),
            Test::Text { .. } => false,
        }
    }
}

/// A text that is looked for, whatever its case.
struct Needle {
    lower: String,
}

impl Needle {
    fn new(text: &str) -> Needle {
        Needle { lower: text.trim().to_lowercase() }
    }

    fn is_in(&self, text: &str) -> bool {
        if !text.is_ascii() {
            return text.to_lowercase().contains(&self.lower);
        }
        let (text, needle) = (text.as_bytes(), self.lower.as_bytes());
        needle.is_empty() || text.windows(needle.len()).any(|w| w.eq_ignore_ascii_case(needle))
    }

    fn starts(&self, text: &str) -> bool {
        text.to_lowercase().starts_with(&self.lower)
    }
}

/// A number that sorts as the customer is to stand, with the place of the customer.
fn keys(
    sheet: &CustomerSheet,
    column: &CustomerColumn,
    descending: bool,
    places: &[u32],
    ctx: &Ctx,
) -> Result<Vec<(u64, u32)>> {
    let Some(values) = Values::of(sheet, column) else {
        return Ok(places.iter().map(|&c| (0, c)).collect());
    };
    // Words stand by the alphabet; segments and clusters in the order of their list.
    let rank: Vec<u64> = match &values {
        Values::Words { names, .. } => {
            let mut by_name: Vec<usize> = (0..names.len()).collect();
            by_name.sort_by_cached_key(|&i| names[i].to_lowercase());
            let mut rank = vec![0; names.len()];
            by_name.into_iter().enumerate().for_each(|(r, i)| rank[i] = r as u64);
            rank
        }
        _ => Vec::new(),
    };
    let key = |customer: u32| {
        let c = customer as usize;
        match &values {
            // Ids are in their natural order already.
            Values::Texts(_) => Some(u64::from(customer)),
            Values::Numbers(numbers) => ordered(numbers[c]),
            Values::Words { .. } => values.code(c).and_then(|code| rank.get(code).copied()),
            _ => values.code(c).map(|code| code as u64),
        }
    };
    let keyed = |customer: u32| {
        // No key is as large as that of a missing value, in either direction.
        let key = key(customer).map_or(u64::MAX, |k| if descending { u64::MAX - 1 - k } else { k });
        (key, customer)
    };
    let chunk = |chunk: &[u32]| {
        ctx.tick(1, 4)?;
        Ok(chunk.iter().map(|&c| keyed(c)).collect::<Vec<_>>())
    };
    places.par_chunks(CHUNK).map(chunk).collect::<Result<Vec<_>>>().map(|parts| parts.concat())
}

/// A number as whole number of the same order, below `u64::MAX`; `None` for what is no number.
fn ordered(value: f64) -> Option<u64> {
    const SIGN: u64 = 1 << 63;
    // Minus zero is zero.
    let bits = (value + 0.0).to_bits();
    (!value.is_nan()).then_some(if bits & SIGN == 0 { bits | SIGN } else { !bits })
}

/// See [`Arranged::meant`]. Zeros before a number need not be typed: 17 means 0017 before 170.
fn meant(ids: &[String], order: &[u32], text: &str) -> Option<u32> {
    if text.is_empty() {
        return None;
    }
    let needle = Needle::new(text);
    let id = |c: &u32| ids[*c as usize].as_str();
    let exact = order.par_iter().find_any(|c| id(c) == text).copied();
    let plain = |text: &str| text.trim_start_matches('0').len();
    let padded = || order.par_iter().find_first(|c| id(c).ends_with(text) && plain(id(c)) == plain(text)).copied();
    let start = || order.par_iter().find_first(|c| needle.starts(id(c))).copied();
    exact.or_else(padded).or_else(start).or_else(|| order.first().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_means_the_id_itself_with_or_without_zeros_then_its_start() {
        let ids = ["0017", "0170", "1700", "A17"].map(String::from);
        let found = |text: &str| meant(&ids, &[3, 2, 1, 0], text);
        assert_eq!(found("17"), Some(0));
        assert_eq!(found("0170"), Some(1));
        assert_eq!(found("a1"), Some(3));
        assert_eq!(found("70"), Some(3), "the first shown");
        assert_eq!(found(""), None);
    }

    #[test]
    fn numbers_keep_their_order_as_keys() {
        let values = [f64::NEG_INFINITY, -2.5, -1e-300, 0.0, 1e-300, 1.0, 7.0, f64::INFINITY];
        let keys: Vec<u64> = values.iter().filter_map(|v| ordered(*v)).collect();
        assert!(keys.len() == values.len() && keys.is_sorted() && keys[7] < u64::MAX - 1);
        assert_eq!(ordered(-0.0), ordered(0.0));
        assert_eq!(ordered(f64::NAN), None);
    }
}
