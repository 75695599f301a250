//! What a filter on a column can choose from.

use super::arrange::matching;
use super::{CustomerColumn, CustomerQuery, CustomerSheet, Values};
use crate::ctx::Ctx;
use crate::error::Result;

/// The values of one column among the customers whom the other filters leave.
#[derive(Debug, Clone, PartialEq)]
pub enum ColumnFacts {
    /// Ids, told apart by text only.
    Texts,
    /// Smallest and largest number, and how many customers have none. NaN where nobody has one.
    Numbers { least: f64, most: f64, missing: usize },
    /// Each name with its number of customers: segments, clusters and scores in their order, words from the most
    /// frequent. Names that nobody of the whole table has are left out; an empty name stands for customers without one.
    Names(Vec<(String, usize)>),
}

/// What there is in `column` among the customers whom all filters but those on this column leave; `None` where the
/// sheet has no such column.
///
/// # Errors
/// [`crate::error::Error::Cancelled`].
pub fn facts(
    sheet: &CustomerSheet,
    query: &CustomerQuery,
    column: &CustomerColumn,
    ctx: &Ctx,
) -> Result<Option<ColumnFacts>> {
    let Some(values) = Values::of(sheet, column) else { return Ok(None) };
    let among = matching(sheet, query, Some(column), ctx)?;
    ctx.tick(1, 2)?;
    let facts = match &values {
        Values::Texts(_) => ColumnFacts::Texts,
        Values::Numbers(numbers) => {
            let (mut least, mut most, mut missing) = (f64::NAN, f64::NAN, 0);
            for &c in &among {
                let value = numbers[c as usize];
                // `min` and `max` pass over what is no number.
                (least, most) = (least.min(value), most.max(value));
                missing += usize::from(value.is_nan());
            }
            ColumnFacts::Numbers { least, most, missing }
        }
        named => {
            let mut here = vec![0usize; named.names()];
            let mut none = 0;
            for &c in &among {
                match named.code(c as usize).and_then(|code| here.get_mut(code)) {
                    Some(n) => *n += 1,
                    None => none += 1,
                }
            }
            ctx.tick(3, 4)?;
            let mut anywhere = vec![false; here.len()];
            for c in 0..sheet.len() {
                if let Some(seen) = named.code(c).and_then(|code| anywhere.get_mut(code)) {
                    *seen = true;
                }
            }
            let seen = (0..here.len()).filter(|&code| anywhere[code]);
            let mut names: Vec<(String, usize)> =
                seen.map(|code| (named.name(code).into_owned(), here[code])).collect();
            if matches!(named, Values::Words { .. }) {
                names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            }
            if none > 0 {
                names.push((String::new(), none));
            }
            ColumnFacts::Names(names)
        }
    };
    Ok(Some(facts))
}
