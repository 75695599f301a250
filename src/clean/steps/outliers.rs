//! Numbers far from the others: flagged, capped or dropped.

use std::sync::Arc;

use super::apply::Change;
use super::live::Live;
use super::values::Numbers;
use super::{cells, columns, filter};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::intake::{Column, Table};
use crate::recipe::{OutlierAction, OutlierRule};

/// Which numbers are far from the others.
pub(super) struct Rule {
    pub rule: OutlierRule,
    pub distance: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

impl Rule {
    /// The smallest and the largest number that is no outlier.
    fn limits(&self, numbers: &Numbers) -> Result<(f64, f64)> {
        let distance = |usual: f64| match self.distance.unwrap_or(usual) {
            d if d.is_finite() && d >= 0.0 => Ok(d),
            d => Err(Error::Recipe(format!("the distance is {d}; give a number of zero or more, usually {usual}"))),
        };
        match self.rule {
            OutlierRule::Iqr => {
                let (q1, q3) = (numbers.quantile(0.25), numbers.quantile(0.75));
                let reach = distance(1.5)? * (q3 - q1);
                Ok((q1 - reach, q3 + reach))
            }
            OutlierRule::ZScore => {
                let (mean, reach) = (numbers.mean(), distance(3.0)? * numbers.deviation());
                Ok((mean - reach, mean + reach))
            }
            OutlierRule::Percentile => {
                let (low, high) = (self.low.unwrap_or(1.0), self.high.unwrap_or(99.0));
                if !(0.0 <= low && low <= high && high <= 100.0) {
                    return Err(Error::Recipe(format!(
                        "the percentiles are {low} and {high}; give two numbers from 0 to 100, the smaller first"
                    )));
                }
                Ok((numbers.quantile(low / 100.0), numbers.quantile(high / 100.0)))
            }
        }
    }
}

pub(super) fn treat(
    table: &Table,
    live: &Live,
    at: usize,
    rule: &Rule,
    action: OutlierAction,
    ctx: &Ctx,
) -> Result<Change> {
    let column: &Column = &table.columns[at];
    let counts = live.counts(column, ctx)?;
    let numbers = column.numbers_with(ctx)?;
    let spread = Numbers::of(&numbers, &counts);
    if spread.is_empty() {
        return Err(Error::Recipe(format!("no value of {:?} is a number; choose another column", column.name)));
    }
    let (low, high) = rule.limits(&spread)?;
    // Not a number is neither below nor above.
    let is_out = |code: usize| numbers[code] < low || numbers[code] > high;
    let out: usize = (0..numbers.len()).filter(|&c| is_out(c)).map(|c| counts[c] as usize).sum();
    let range = format!("{} to {}", crate::format::number(low, 2), crate::format::number(high, 2));
    match action {
        OutlierAction::Drop => {
            let mut change = filter::drop_where(table, live, column, is_out, "outside the limits", ctx)?;
            change.note = format!("{} ({range})", change.note);
            Ok(change)
        }
        OutlierAction::Cap => {
            let limit = |code: usize| if numbers[code] < low { low } else { high };
            let texts: Vec<Option<String>> =
                (0..numbers.len()).map(|c| is_out(c).then(|| cells::number_for(column, limit(c)))).collect();
            let examples = cells::examples(column, live, |code| texts[code as usize].clone().map(Some));
            let capped = cells::rewrite(column, &texts, ctx)?;
            let old: std::collections::HashMap<&str, f64> = column
                .dict
                .iter()
                .zip(&numbers)
                .enumerate()
                .filter(|(c, _)| !is_out(*c))
                .map(|(_, (t, &n))| (t, n))
                .collect();
            let (low_text, high_text) = (cells::number_for(column, low), cells::number_for(column, high));
            let meant = |text: &str| match old.get(text) {
                Some(&n) => n,
                None if text == low_text => low,
                None if text == high_text => high,
                None => f64::NAN,
            };
            let wanted: Vec<f64> = capped.dict.iter().map(meant).collect();
            let capped = cells::settle(capped, &wanted, ctx)?;
            let note = format!("{} capped ({range})", plural(out, "value", "values"));
            Ok(Change { cells: out, examples, ..Change::none(&cells::replaced(table, at, capped), note) })
        }
        OutlierAction::Flag => {
            let name = format!("{} outlier", column.name);
            columns::is_free(table, &name, None)?;
            let texts: Vec<Option<String>> = numbers
                .iter()
                .enumerate()
                .map(|(c, n)| {
                    Some(
                        if n.is_nan() {
                            ""
                        } else if is_out(c) {
                            "yes"
                        } else {
                            "no"
                        }
                        .to_string(),
                    )
                })
                .collect();
            let examples =
                cells::examples(column, live, |code| is_out(code as usize).then(|| texts[code as usize].clone()));
            let flags = Column { name, ..cells::rewrite(column, &texts, ctx)? };
            let mut flagged = table.clone();
            flagged.columns.insert(at + 1, Arc::new(flags));
            let note = format!(
                "{} flagged in the new column {:?} ({range})",
                plural(out, "row", "rows"),
                flagged.columns[at + 1].name
            );
            Ok(Change { examples, ..Change::none(&flagged, note) })
        }
    }
}
