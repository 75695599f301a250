//! How much alike two columns are: by name, by role, by what stands in them.

use std::collections::HashSet;

use super::plan::How;
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, Role};

/// Distinct values of each column that are compared at most; the first ones of the file.
const MOST_VALUES: usize = 20_000;
/// Texts in common below which nothing is concluded from them.
const LEAST_SHARE: f64 = 0.5;

/// A column of the earlier file, as far as it is known.
pub(super) struct Wanted<'a> {
    pub name: &'a str,
    pub role: Option<Role>,
    pub column: Option<&'a Column>,
}

/// Names that have less in common are other names.
const LEAST_ALIKE: f64 = 0.5;

/// How much `there` is like what is wanted, 0–100, and by what; `None`: not at all. `role` is what it seems to be.
pub(super) fn likeness(wanted: &Wanted, there: &Column, role: Option<Role>) -> Option<(u32, How)> {
    if wanted.name == there.name {
        return Some((100, How::Same));
    }
    let fits = wanted.column.is_none_or(|c| same_kind(&c.kind, &there.kind));
    let (a, b) = (words(wanted.name), words(&there.name));
    if a.concat() == b.concat() && !a.is_empty() {
        return Some((95, How::Spelling));
    }
    if !fits {
        return None;
    }
    let common = wanted.column.filter(|c| c.kind != ColumnKind::Empty).map_or(0.0, |c| in_common(c, there));
    let same_role = wanted.role.is_some() && wanted.role == role;
    let alike = name_likeness(&a, &b);
    let points = 60 * u32::from(same_role) + (40.0 * common) as u32 + (40.0 * alike) as u32;
    let how = match () {
        () if same_role => How::Role,
        () if common >= LEAST_SHARE => How::Values,
        () if alike >= LEAST_ALIKE => How::Alike,
        () => return None,
    };
    Some((points.min(94), how))
}

/// Whether two kinds can stand for one another.
pub(super) fn same_kind(a: &ColumnKind, b: &ColumnKind) -> bool {
    use ColumnKind::{Date, Empty, Number, Text};
    match (a, b) {
        (Empty, _) | (_, Empty) | (Text, Text) | (Number { .. }, Number { .. }) | (Date { .. }, Date { .. }) => true,
        // Codes may be numbers one month, and have a letter the next.
        (Text, Number { whole, .. }) | (Number { whole, .. }, Text) => *whole,
        _ => false,
    }
}

/// The share of the later file's texts that the earlier one has too. Dates and amounts have few in common, which says
/// nothing; ids, products and countries many.
fn in_common(before: &Column, after: &Column) -> f64 {
    let known: HashSet<&str> = before.dict.iter().map(str::trim).filter(|t| !t.is_empty()).collect();
    let texts = || after.dict.iter().map(str::trim).filter(|t| !t.is_empty()).take(MOST_VALUES);
    let all = texts().count();
    // A handful of values is common by chance: yes and no, 1 and 2.
    if all < 3 {
        return 0.0;
    }
    texts().filter(|text| known.contains(text)).count() as f64 / all as f64
}

/// Share of the words in common, or of letters where one name has grown together; 0–1.
fn name_likeness(a: &[String], b: &[String]) -> f64 {
    let common = a.iter().filter(|word| b.contains(word)).count();
    let by_words = 2.0 * common as f64 / (a.len() + b.len()).max(1) as f64;
    let (x, y) = (a.concat(), b.concat());
    let by_letters = bigrams_in_common(&x, &y);
    by_words.max(by_letters)
}

/// Dice's coefficient of the pairs of neighbouring letters (Dice 1945).
fn bigrams_in_common(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (a, mut b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    let mut common = 0;
    for pair in a {
        if let Some(at) = b.iter().position(|other| *other == pair) {
            b.swap_remove(at);
            common += 1;
        }
    }
    if all == 0 { 0.0 } else { 2.0 * f64::from(common) / all as f64 }
}

fn words(name: &str) -> Vec<String> {
    crate::intake::words_of_name(name)
}
