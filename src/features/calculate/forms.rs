//! What the forms do with the values of one column or feature.

use std::collections::HashMap;

use super::values::{NO_MOMENT, NO_WORD, Values, number_text};
use crate::error::{Error, Result};
use crate::intake::dates::{DAY, date_of};
use crate::recipe::{BinMethod, DatePart, Operation};
use crate::rfm::score::quantile;

/// How many values get a column where nobody says so.
const MOST_ONE_HOT: usize = 10;
/// Bins where nobody says how many, and the most that make sense.
const BINS: u32 = 5;
const MOST_BINS: u32 = 1000;

/// One number and another, place by place.
pub(super) fn arithmetic(op: Operation, left: f64, right: f64) -> f64 {
    let value = match op {
        Operation::Add => left + right,
        Operation::Subtract => left - right,
        Operation::Multiply => left * right,
        Operation::Divide if right == 0.0 => f64::NAN,
        Operation::Divide => left / right,
    };
    if value.is_finite() { value } else { f64::NAN }
}

/// The inner edges of bins; `counts` says how often each number occurs. A value belongs to the bin whose number, from
/// 0, is how many edges lie below it.
pub(super) fn edges(
    numbers: &[f64],
    counts: Option<&[u32]>,
    method: BinMethod,
    bins: Option<u32>,
    own: &[f64],
) -> Result<Vec<f64>> {
    let bins = bins.unwrap_or(BINS);
    if method == BinMethod::Edges {
        if own.is_empty() {
            return Err(Error::Recipe("give at least one edge".into()));
        }
        if own.iter().any(|e| !e.is_finite()) || own.windows(2).any(|w| w[0] >= w[1]) {
            return Err(Error::Recipe("edges have to be numbers that ascend".into()));
        }
        return Ok(own.to_vec());
    }
    if !(2..=MOST_BINS).contains(&bins) {
        return Err(Error::Recipe(format!("{bins} bins make no sense; give 2 to {MOST_BINS}")));
    }
    let weight = |at: usize| counts.map_or(1, |c| c[at] as usize);
    let mut used: Vec<(f64, usize)> = numbers
        .iter()
        .enumerate()
        .filter(|(at, v)| v.is_finite() && weight(*at) > 0)
        .map(|(at, v)| (*v, weight(at)))
        .collect();
    used.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (Some(&(min, _)), Some(&(max, _))) = (used.first(), used.last()) else { return Ok(Vec::new()) };
    let inner = (1..bins).map(|i| f64::from(i) / f64::from(bins));
    Ok(match method {
        BinMethod::EqualWidth => inner.map(|share| min + (max - min) * share).collect(),
        _ => {
            let mut ends = Vec::with_capacity(used.len());
            let mut total = 0;
            for (_, n) in &used {
                total += n;
                ends.push(total);
            }
            // Type 7: the quantile lies between two neighbours of the sorted values.
            let at = |rank: usize| used[ends.partition_point(|&end| end <= rank)].0;
            let one = |share: f64| {
                let place = share * (total - 1) as f64;
                let below = place.floor() as usize;
                let pair = [at(below), at((below + 1).min(total - 1))];
                quantile(&pair, place - below as f64)
            };
            inner.map(one).collect()
        }
    })
}

/// The bin of each number: its number from 1, or its words where there are labels or `in_words` asks for the range.
pub(super) fn bins(numbers: &[f64], edges: &[f64], labels: &[String], in_words: bool) -> Result<Values> {
    if !labels.is_empty() && labels.len() != edges.len() + 1 {
        return Err(Error::Recipe(format!(
            "{} for {}; give one label per bin",
            crate::format::plural(labels.len(), "label", "labels"),
            crate::format::plural(edges.len() + 1, "bin", "bins")
        )));
    }
    let bin = |v: f64| edges.partition_point(|e| *e < v);
    if labels.is_empty() && !in_words {
        let number = |v: &f64| if v.is_finite() { bin(*v) as f64 + 1.0 } else { f64::NAN };
        return Ok(Values::Numbers(numbers.iter().map(number).collect()));
    }
    let range = |i: usize| match (i.checked_sub(1).map(|i| edges[i]), edges.get(i)) {
        (None, None) => "all".to_string(),
        (None, Some(to)) => format!("≤ {}", number_text(*to)),
        (Some(from), None) => format!("> {}", number_text(from)),
        (Some(from), Some(to)) => format!("> {} to {}", number_text(from), number_text(*to)),
    };
    // Labels may be alike; names of values are distinct.
    let mut names: Vec<String> = Vec::new();
    let mut code_of: Vec<u32> = Vec::new();
    for i in 0..=edges.len() {
        let name = labels.get(i).cloned().unwrap_or_else(|| range(i));
        let at = names.iter().position(|known| *known == name).unwrap_or_else(|| {
            names.push(name);
            names.len() - 1
        });
        code_of.push(at as u32);
    }
    let codes = numbers.iter().map(|v| if v.is_finite() { code_of[bin(*v)] } else { NO_WORD }).collect();
    Ok(Values::Words { codes, names })
}

/// A part of each date.
pub(super) fn date_part(seconds: &[i64], part: DatePart) -> Values {
    use chrono::Datelike;
    let day = |s: i64| date_of(s.div_euclid(DAY) as i32);
    let number = |s: &i64| {
        if *s == NO_MOMENT {
            return f64::NAN;
        }
        let day = day(*s);
        match part {
            DatePart::Year => f64::from(day.year()),
            DatePart::Quarter => f64::from(day.month0() / 3 + 1),
            DatePart::Month | DatePart::YearMonth => f64::from(day.month()),
            DatePart::Week => f64::from(day.iso_week().week()),
            DatePart::Day => f64::from(day.day()),
            DatePart::Weekday => f64::from(day.weekday().number_from_monday()),
            DatePart::Hour => s.rem_euclid(DAY).div_euclid(3600) as f64,
        }
    };
    if part != DatePart::YearMonth {
        return Values::Numbers(seconds.iter().map(number).collect());
    }
    let mut known: HashMap<(i32, u32), u32> = HashMap::new();
    let mut names = Vec::new();
    let codes = seconds.iter().map(|s| {
        if *s == NO_MOMENT {
            return NO_WORD;
        }
        let day = day(*s);
        *known.entry((day.year(), day.month())).or_insert_with(|| {
            names.push(day.format("%Y-%m").to_string());
            names.len() as u32 - 1
        })
    });
    let codes = codes.collect();
    Values::Words { codes, names }
}

/// Calendar days from each date to a day.
pub(super) fn days_since(seconds: &[i64], until: i32) -> Values {
    let days = |s: &i64| if *s == NO_MOMENT { f64::NAN } else { f64::from(until) - s.div_euclid(DAY) as f64 };
    Values::Numbers(seconds.iter().map(days).collect())
}

/// The values that get a column of their own, as texts: those given, else the most frequent ones, the smaller text first
/// of equals.
pub(super) fn one_hot_values(
    values: &Values,
    counts: Option<&[u32]>,
    given: &[String],
    most: Option<u32>,
) -> Vec<String> {
    if !given.is_empty() {
        let mut out: Vec<String> = Vec::new();
        for value in given.iter().map(|v| v.trim().to_string()) {
            if !out.contains(&value) {
                out.push(value);
            }
        }
        return out;
    }
    let mut seen: HashMap<String, usize> = HashMap::new();
    for at in 0..values.len() {
        let n = counts.map_or(1, |c| c[at] as usize);
        if n > 0 && values.key(at).is_some() {
            *seen.entry(values.text(at).trim().to_string()).or_default() += n;
        }
    }
    let mut all: Vec<(String, usize)> = seen.into_iter().collect();
    all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    all.into_iter().take(most.map_or(MOST_ONE_HOT, |n| n as usize)).map(|(text, _)| text).collect()
}

/// Per value whether it is the one that `wanted` stands for: the same text but for spaces around it, or the same number.
pub(super) fn is_value(values: &Values, wanted: &str, number: Option<f64>) -> Vec<bool> {
    let wanted = wanted.trim();
    match values {
        Values::Numbers(all) => all.iter().map(|v| Some(*v) == number).collect(),
        Values::Words { codes, names } => {
            let fits: Vec<bool> = names.iter().map(|n| n.trim() == wanted).collect();
            codes.iter().map(|c| *c != NO_WORD && fits[*c as usize]).collect()
        }
        Values::Dates { .. } => (0..values.len()).map(|at| !wanted.is_empty() && values.text(at) == wanted).collect(),
    }
}

/// 1 where a value is the wanted one, else 0, also where it is missing.
pub(super) fn flags(is: &[bool]) -> Values {
    Values::Numbers(is.iter().map(|is| f64::from(u8::from(*is))).collect())
}

/// The place of each value in an order, from 1.
pub(super) fn ordinal(values: &Values, order: &[String], number: impl Fn(&str) -> Option<f64>) -> Result<Values> {
    if order.is_empty() {
        return Err(Error::Recipe("give the values in their order".into()));
    }
    let mut out = vec![f64::NAN; values.len()];
    for (place, wanted) in order.iter().enumerate() {
        for (out, is) in out.iter_mut().zip(is_value(values, wanted, number(wanted))) {
            if is && out.is_nan() {
                *out = place as f64 + 1.0;
            }
        }
    }
    Ok(Values::Numbers(out))
}
