//! From rows of the file to customers of the analysis.

use std::collections::HashMap;

use super::ids::{NOBODY, customer_ids};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::Column;

/// Places in `ids` (the customer table of the analysis) of the customers that `rows` of the customer column name,
/// ascending and without repeats. Rows without a customer, and customers that cleaning left out, have none.
pub fn customers_of_rows(column: &Column, rows: &[u32], ids: &[String], ctx: &Ctx) -> Result<Vec<u32>> {
    let (names, index) = customer_ids(column, ctx)?;
    let place: HashMap<&str, u32> = ids.iter().enumerate().map(|(i, id)| (id.as_str(), i as u32)).collect();
    let mut wanted = vec![false; names.len()];
    for (done, &row) in rows.iter().enumerate() {
        if done.is_multiple_of(1 << 16) {
            ctx.tick(done, rows.len())?;
        }
        let name = index[column.codes[row as usize] as usize];
        if name != NOBODY {
            wanted[name as usize] = true;
        }
    }
    let named = names.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(name, _)| name.as_str());
    let mut places: Vec<u32> = named.filter_map(|name| place.get(name).copied()).collect();
    places.sort_unstable();
    Ok(places)
}
