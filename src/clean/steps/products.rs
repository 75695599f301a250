//! Lines that are no products: postage, fees, samples. Proposed by their words and codes, for somebody to confirm.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use super::live::{Live, ROWS_PER_TICK};
use super::spelling::ascii;
use crate::ctx::Ctx;
use crate::error::Result;
use crate::exact::ExactSum;
use crate::intake::kind::ColumnKind;
use crate::intake::{Code, Column, Role, RolesOut, Table};

/// A value that seems to be no product.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// The column of products, and the value to exclude from it.
    pub column: String,
    pub value: String,
    /// What most of its rows say in the column of descriptions, if there is one beside the codes.
    pub description: Option<String>,
    pub rows: usize,
    /// Money of these rows.
    pub amount: f64,
    /// What it seems to be, for example "postage or delivery".
    pub reason: String,
}

/// The share of codes that have three digits in a row for the others to be odd ones.
const CODED_SHARE: f64 = 0.9;
/// Longer descriptions are of things, and so are those with the word in the middle: "french carriage lantern".
const MOST_WORDS: usize = 3;

#[derive(Deserialize)]
struct Known {
    description_columns: Vec<String>,
    reason: Vec<Reason>,
}

#[derive(Deserialize)]
struct Reason {
    reason: String,
    codes: HashSet<String>,
    words: Vec<String>,
}

fn known() -> &'static Known {
    static KNOWN: OnceLock<Known> = OnceLock::new();
    KNOWN.get_or_init(|| {
        toml::from_str(include_str!("../../../assets/intake/non_products.toml"))
            .expect("the list of non-products is part of the program and tested")
    })
}

/// The column that says in words what the codes of the product column stand for, by its name.
pub fn description_column<'t>(table: &'t Table, product: &Column) -> Option<&'t Column> {
    table.columns.iter().map(AsRef::as_ref).find(|c: &&Column| {
        let name = plain(&c.name);
        c.name != product.name
            && c.kind == ColumnKind::Text
            && known().description_columns.iter().any(|d| holds_phrase(&name, d))
    })
}

/// Finds values of the product column that seem to be no products, those with the most rows first.
///
/// # Errors
/// Only when cancelled.
pub fn suggest_non_products(table: &Table, roles: &RolesOut, ctx: &Ctx) -> Result<Vec<Suggestion>> {
    among(table, &Live::new(&[], 0), roles, ctx)
}

/// The same among the rows that are left.
pub(super) fn among(table: &Table, live: &Live, roles: &RolesOut, ctx: &Ctx) -> Result<Vec<Suggestion>> {
    let role = |role| roles.column(role).and_then(|name| table.column(name));
    let Some(product) = role(Role::Product) else { return Ok(Vec::new()) };
    let beside = description_column(table, product);
    let counts = live.counts(product, ctx)?;
    let missing = product.missing_rule();
    let there = |code: usize| counts[code] > 0 && !missing.is_missing(product.dict.get(code as Code));
    let codes: Vec<usize> = (0..product.dict.len()).filter(|&c| there(c)).collect();
    let has_digits = |code: usize| digits_in_a_row(product.dict.get(code as Code)) >= 3;
    let coded = codes.iter().filter(|&&c| has_digits(c)).count() as f64 >= CODED_SHARE * codes.len() as f64;
    let descriptions = match beside {
        Some(beside) => main_descriptions(product, beside, live, ctx)?,
        None => HashMap::new(),
    };
    let mut reasons: HashMap<usize, &str> = HashMap::new();
    for &code in &codes {
        let value = plain(product.dict.get(code as Code));
        let description = descriptions.get(&(code as Code)).map(|d| plain(d));
        let odd = coded && !has_digits(code);
        if let Some(reason) = reason(&value, description.as_deref(), odd) {
            reasons.insert(code, reason);
        }
    }
    let money = money(table, roles, ctx)?;
    let mut sums: HashMap<usize, ExactSum> = HashMap::new();
    for row in (0..table.rows).filter(|_| !reasons.is_empty()) {
        if row.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(row, table.rows)?;
        }
        let code = product.codes[row] as usize;
        if live.has(row) && reasons.contains_key(&code) {
            sums.entry(code).or_default().add(money(row));
        }
    }
    let mut found: Vec<Suggestion> = reasons
        .into_iter()
        .map(|(code, reason)| Suggestion {
            column: product.name.clone(),
            value: product.dict.get(code as Code).to_string(),
            description: descriptions.get(&(code as Code)).map(|d| d.to_string()),
            rows: counts[code] as usize,
            amount: sums.get(&code).copied().unwrap_or_default().value(),
            reason: reason.to_string(),
        })
        .collect();
    found.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.value.cmp(&b.value)));
    Ok(found)
}

/// Why a value seems to be no product. `odd`: nearly all other codes have digits in a row and it has not.
fn reason(value: &str, description: Option<&str>, odd: bool) -> Option<&'static str> {
    // The phrase that is longest says most: "bank charges" rather than "charges".
    let phrase = |text: &str| {
        let short = text.split(' ').filter(|w| w.contains(char::is_alphabetic)).count() <= MOST_WORDS;
        let fits = |words: &str| {
            holds_phrase(text, words) && (odd || (short && (text.starts_with(words) || ends_so(text, words))))
        };
        let all = known().reason.iter().flat_map(|r| r.words.iter().map(move |w| (w, r)));
        all.filter(|(words, _)| fits(words)).max_by_key(|(words, _)| words.len()).map(|(_, r)| r.reason.as_str())
    };
    let by_code = || known().reason.iter().find(|r| odd && r.codes.contains(value)).map(|r| r.reason.as_str());
    description.and_then(phrase).or_else(|| phrase(value)).or_else(by_code)
}

/// Small letters without accents; everything that is no letter or digit is one space.
fn plain(text: &str) -> String {
    let folded = ascii(&text.to_lowercase());
    let spaced: String = folded.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether a text ends with a phrase, figures after it aside: "gift voucher 20 00".
fn ends_so(text: &str, phrase: &str) -> bool {
    text.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ').ends_with(phrase)
}

/// Whether a phrase stands in a text as whole words.
fn holds_phrase(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(from, _)| {
        let to = from + phrase.len();
        (from == 0 || text.as_bytes()[from - 1] == b' ') && (to == text.len() || text.as_bytes()[to] == b' ')
    })
}

fn digits_in_a_row(text: &str) -> usize {
    text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0)
}

/// What most rows of each product say about it; the smaller text of two.
fn main_descriptions<'t>(
    product: &Column,
    beside: &'t Column,
    live: &Live,
    ctx: &Ctx,
) -> Result<HashMap<Code, &'t str>> {
    let missing = beside.missing_rule();
    let mut pairs: HashMap<(Code, Code), usize> = HashMap::new();
    for (row, (&code, &text)) in product.codes.iter().zip(&beside.codes).enumerate() {
        if row.is_multiple_of(ROWS_PER_TICK) {
            ctx.tick(row, product.codes.len())?;
        }
        if live.has(row) && !missing.is_missing(beside.dict.get(text)) {
            *pairs.entry((code, text)).or_default() += 1;
        }
    }
    let mut most: HashMap<Code, (usize, &str)> = HashMap::new();
    for ((code, text), rows) in pairs {
        let candidate = (rows, beside.dict.get(text));
        let best = most.entry(code).or_insert(candidate);
        if candidate.0 > best.0 || (candidate.0 == best.0 && candidate.1 < best.1) {
            *best = candidate;
        }
    }
    Ok(most.into_iter().map(|(code, (_, text))| (code, text)).collect())
}

/// Money of a row: the amount, else quantity × unit price; zero where there is none.
fn money<'t>(table: &'t Table, roles: &RolesOut, ctx: &Ctx) -> Result<impl Fn(usize) -> f64 + use<'t>> {
    let numbers = |role| match roles.column(role).and_then(|name| table.column(name)) {
        Some(column) => column.numbers_with(ctx).map(|n| Some((column, n))),
        None => Ok(None),
    };
    let (amount, quantity, price) = (numbers(Role::Amount)?, numbers(Role::Quantity)?, numbers(Role::UnitPrice)?);
    Ok(move |row| {
        let value = |of: &Option<(&Column, Vec<f64>)>| of.as_ref().map(|(c, n)| n[c.codes[row] as usize]);
        let amount = value(&amount).or_else(|| Some(value(&quantity)? * value(&price)?));
        amount.filter(|a| a.is_finite()).unwrap_or(0.0)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_read_and_its_phrases_are_as_they_are_looked_for() {
        for reason in &known().reason {
            for text in reason.words.iter().chain(&reason.codes) {
                assert_eq!(&plain(text), text, "{}", reason.reason);
            }
        }
    }

    #[test]
    fn words_count_in_short_texts_and_codes_among_numbers() {
        assert_eq!(reason("22423", Some("dotcom postage"), false), Some("postage or delivery"));
        assert_eq!(
            reason("gift 0001 30", Some("dotcomgiftshop gift voucher 30 00"), true),
            Some("discount or voucher")
        );
        assert_eq!(reason("84029", Some("set of 4 sample tins in a box"), false), None);
        assert_eq!(reason("m", None, true), Some("manual entry or adjustment"));
        assert_eq!(reason("m", None, false), None, "a size among words");
        assert_eq!(reason("22423", Some("coffee table"), false), None);
        assert_eq!(reason("bank charges", Some("bank charges"), true), Some("bank charge"));
        assert_eq!(reason("versandkosten", None, false), Some("postage or delivery"));
    }
}
