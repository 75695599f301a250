//! Customer ids: which texts are the same customer, and their natural order.

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::ctx::Ctx;
use crate::error::Result;
use crate::intake::Column;
use crate::intake::kind::without_zero_decimals;

/// Customer index of rows without a customer.
pub(crate) const NOBODY: u32 = u32::MAX;

/// Values sorted at a time; a sort of this size takes a few milliseconds.
const RUN: usize = 1 << 14;

/// Distinct customer ids in natural order, and their index (or [`NOBODY`]) per code of the column.
pub(crate) fn customer_ids(column: &Column, ctx: &Ctx) -> Result<(Vec<String>, Vec<u32>)> {
    let (float, missing) = (column.has_float_ids(), column.missing_rule());
    let mut ids: Vec<(&str, u32)> = Vec::with_capacity(column.dict.len());
    for (code, text) in column.dict.iter().enumerate() {
        if code.is_multiple_of(RUN) {
            ctx.tick(code, 3 * column.dict.len())?;
        }
        let text = text.trim();
        if !missing.is_missing(text) {
            // A column of ids that went through a spreadsheet reads 17850.0; the id is 17850.
            let id = if float { without_zero_decimals(text).unwrap_or(text) } else { text };
            ids.push((id, code as u32));
        }
    }
    let digits = ids.iter().all(|(id, _)| id.bytes().all(|b| b.is_ascii_digit()));
    sort(&mut ids, digits, ctx)?;
    let mut names: Vec<String> = Vec::new();
    let mut index = vec![NOBODY; column.dict.len()];
    for (id, code) in ids {
        if names.last().is_none_or(|last| last != id) {
            names.push(id.to_string());
        }
        index[code as usize] = (names.len() - 1) as u32;
    }
    Ok((names, index))
}

/// The natural order of two ids: by number where all of them are made of digits, by text otherwise.
pub(crate) fn natural(a: &str, b: &str, digits: bool) -> Ordering {
    if !digits {
        return a.cmp(b);
    }
    let plain = |id| if str::starts_with(id, '0') { str::trim_start_matches(id, '0') } else { id };
    let (x, y) = (plain(a), plain(b));
    (x.len(), x, a).cmp(&(y.len(), y, b))
}

/// Numerically where every id is made of digits, by text otherwise. Sorted runs are merged pair by pair, so
/// that the work can be stopped between them.
fn sort<'a>(ids: &mut Vec<(&'a str, u32)>, digits: bool, ctx: &Ctx) -> Result<()> {
    let before = |a, b| natural(a, b, digits);
    let sort_run = |run: &mut [(&'a str, u32)]| {
        ctx.tick(1, 3)?;
        run.sort_unstable_by(|a, b| before(a.0, b.0));
        Ok(())
    };
    ids.par_chunks_mut(RUN).try_for_each(sort_run)?;
    let mut runs: Vec<Vec<(&'a str, u32)>> = Vec::new();
    let mut rest = std::mem::take(ids);
    while rest.len() > RUN {
        let at = (rest.len() - 1) / RUN * RUN;
        runs.push(rest.split_off(at));
    }
    runs.push(rest);
    let merge = |pair: &mut [Vec<(&'a str, u32)>]| {
        let mut lists = pair.iter_mut().map(|l| std::mem::take(l).into_iter().peekable());
        let (Some(mut left), right) = (lists.next(), lists.next()) else { return Ok(Vec::new()) };
        let Some(mut right) = right else { return Ok(left.collect()) };
        let mut out = Vec::with_capacity(left.len() + right.len());
        loop {
            if out.len().is_multiple_of(RUN) {
                ctx.tick(2, 3)?;
            }
            let take_left = match (left.peek(), right.peek()) {
                (Some(l), Some(r)) => before(l.0, r.0).is_le(),
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => return Ok(out),
            };
            out.extend(if take_left { left.next() } else { right.next() });
        }
    };
    while runs.len() > 1 {
        runs = runs.par_chunks_mut(2).map(merge).collect::<Result<_>>()?;
    }
    *ids = runs.pop().unwrap_or_default();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(ids: &[&str], digits: bool) -> Vec<String> {
        let mut ids: Vec<(&str, u32)> = ids.iter().map(|&id| (id, 0)).collect();
        sort(&mut ids, digits, &Ctx::silent()).unwrap();
        ids.into_iter().map(|(id, _)| id.to_string()).collect()
    }

    #[test]
    fn ids_sort_as_people_sort_them() {
        assert_eq!(sorted(&["10", "9", "007", "7"], true), ["007", "7", "9", "10"]);
        assert_eq!(sorted(&["b10", "a9", "10"], false), ["10", "a9", "b10"]);
    }

    #[test]
    fn many_runs_sort_like_one() {
        let ids: Vec<String> = (0..100_000u64).map(|i| format!("C{}", i.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
        let texts: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut expected = ids.clone();
        expected.sort();
        assert_eq!(sorted(&texts, false), expected);
    }
}
