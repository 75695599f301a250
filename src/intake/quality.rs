//! What is suspicious about a table: counts, and the rows behind each of them.

use std::collections::HashMap;

use rayon::prelude::*;
use serde::Serialize;

use super::kind::ColumnKind;
use super::roles::{Role, RolesOut};
use super::{Column, Table, dates, names};
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format;

/// One thing that is suspicious.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QualityItem {
    pub id: Check,
    /// The column it is about; `None` for the table as a whole.
    pub column: Option<String>,
    /// What it is, with the count, as a sentence.
    pub text: String,
    /// Rows that it counts; [`rows`] lists them.
    pub rows: usize,
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Rows that equal an earlier row in every column.
    DuplicateRows,
    Missing,
    /// One value only.
    Constant,
    /// Texts in a column of numbers or dates.
    WrongType,
    /// Numbers beyond Tukey's outer fences.
    Outliers,
    /// Quantities, prices or amounts below zero.
    Negative,
    /// Quantities, prices or amounts of zero.
    Zero,
    FutureDates,
    /// Before 1990.
    OldDates,
    /// Days that systems write where there is no date: 1900-01-01, 1970-01-01.
    PlaceholderDates,
    /// A time without any row that is far longer than the usual.
    DateGap,
    /// Letters that come from reading one encoding as another.
    Mojibake,
    /// Spaces before or behind the text.
    OuterSpaces,
    /// Texts that differ from a more common one only in case, spaces, accents, punctuation or the order of words.
    Spellings,
}

impl Check {
    const COLUMN: [Check; 13] = [
        Check::Missing,
        Check::Constant,
        Check::WrongType,
        Check::Outliers,
        Check::Negative,
        Check::Zero,
        Check::FutureDates,
        Check::OldDates,
        Check::PlaceholderDates,
        Check::DateGap,
        Check::Mojibake,
        Check::OuterSpaces,
        Check::Spellings,
    ];
}

/// Values or rows between two looks at the cancel flag.
const PER_TICK: usize = 1 << 13;

/// Looks for everything in [`Check`] and returns what was found, the table's first, then by column.
///
/// # Errors
/// [`Error::Cancelled`].
pub fn report(table: &Table, roles: &RolesOut, ctx: &Ctx) -> Result<Vec<QualityItem>> {
    let duplicates = duplicate_rows(table, ctx)?.len();
    let mut out = Vec::new();
    if duplicates > 0 {
        out.push(QualityItem {
            id: Check::DuplicateRows,
            column: None,
            text: format!("{} an earlier row in every column.", format::plural(duplicates, "row equals", "rows equal")),
            rows: duplicates,
        });
    }
    let of_column = |column: &std::sync::Arc<Column>| -> Result<Vec<QualityItem>> {
        let mut items = Vec::new();
        for check in Check::COLUMN {
            let Some(found) = look(check, column, table.rows, role_of(column, roles), ctx)? else { continue };
            let name = Some(column.name.clone());
            items.push(QualityItem { id: check, column: name, text: found.text, rows: found.rows });
        }
        Ok(items)
    };
    let items: Vec<Vec<QualityItem>> = table.columns.par_iter().map(of_column).collect::<Result<_>>()?;
    out.extend(items.into_iter().flatten());
    Ok(out)
}

/// The rows that an item counts, ascending.
///
/// # Errors
/// [`Error::Data`] where the table has no such column; [`Error::Cancelled`].
pub fn rows(table: &Table, roles: &RolesOut, item: &QualityItem, ctx: &Ctx) -> Result<Vec<u32>> {
    let Some(name) = &item.column else { return duplicate_rows(table, ctx) };
    let column = table.column(name).ok_or_else(|| {
        Error::data(format!("the table has no column {name:?} any more; look at the quality report again"))
    })?;
    let found = look(item.id, column, table.rows, role_of(column, roles), ctx)?;
    let Some(codes) = found.map(|f| f.codes) else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for (row, &code) in column.codes.iter().enumerate() {
        if row.is_multiple_of(1 << 16) {
            ctx.tick(row, table.rows)?;
        }
        if codes[code as usize] {
            out.push(row as u32);
        }
    }
    Ok(out)
}

fn role_of(column: &Column, roles: &RolesOut) -> Option<Role> {
    roles.roles.iter().find(|r| r.column.as_deref() == Some(&column.name)).map(|r| r.role)
}

/// What a check found in a column.
struct Found {
    text: String,
    rows: usize,
    /// Whether each code is meant.
    codes: Vec<bool>,
}

fn look(check: Check, column: &Column, table_rows: usize, role: Option<Role>, ctx: &Ctx) -> Result<Option<Found>> {
    let rule = column.missing_rule();
    let is_id = matches!(role, Some(Role::CustomerId | Role::Invoice | Role::Product));
    let is_number = matches!(column.kind, ColumnKind::Number { .. });
    let is_text = column.kind == ColumnKind::Text;
    let money = matches!(role, Some(Role::Amount | Role::Quantity | Role::UnitPrice));
    let such = |f: &(dyn Fn(&str) -> bool + Sync)| column.per_value(ctx, |t| !rule.is_missing(t) && f(t));
    let number = |f: &(dyn Fn(f64) -> bool + Sync)| such(&|t| column.number(t).is_some_and(f));
    let mut words = "";
    let codes = match check {
        Check::DuplicateRows => return Ok(None),
        Check::Missing => column.per_value(ctx, |t| rule.is_missing(t))?,
        Check::Constant => {
            let values = such(&|_| true)?;
            let distinct = values.iter().zip(&column.counts).filter(|&(&yes, &n)| yes && n > 0).count();
            if distinct != 1 || table_rows < 2 {
                return Ok(None);
            }
            values
        }
        Check::WrongType => match &column.kind {
            ColumnKind::Number { .. } => {
                words = "number";
                such(&|t| column.number(t).is_none())?
            }
            ColumnKind::Date { style, .. } => {
                words = "date";
                such(&|t| dates::parse(t, style).is_none_or(|s| !dates::plausible(s)))?
            }
            _ => return Ok(None),
        },
        Check::Outliers if is_number && !is_id => return outliers(column, ctx),
        Check::Negative if is_number && money => number(&|n| n < 0.0)?,
        Check::Zero if is_number && money => number(&|n| n == 0.0)?,
        Check::FutureDates | Check::OldDates | Check::PlaceholderDates | Check::DateGap => {
            let ColumnKind::Date { style, .. } = &column.kind else { return Ok(None) };
            let moments = column.per_value(ctx, |t| dates::parse(t, style).filter(|s| dates::plausible(*s)))?;
            let today = dates::day_number(chrono::Local::now().date_naive());
            let day = |at: &Option<i64>| at.map(|s| s.div_euclid(dates::DAY) as i32);
            match check {
                Check::FutureDates => moments.iter().map(|at| day(at).is_some_and(|d| d > today)).collect(),
                Check::OldDates => moments
                    .iter()
                    .map(|at| day(at).is_some_and(|d| d < YEAR_1990 && !PLACEHOLDERS.contains(&d)))
                    .collect(),
                Check::PlaceholderDates => {
                    moments.iter().map(|at| day(at).is_some_and(|d| PLACEHOLDERS.contains(&d))).collect()
                }
                _ => return Ok(gap(column, moments.iter().map(day))),
            }
        }
        Check::Mojibake => such(&is_mojibake)?,
        Check::OuterSpaces if is_text || is_id => such(&|t| t.trim() != t)?,
        Check::Spellings if is_text && !is_id => return spellings(column, ctx),
        _ => return Ok(None),
    };
    let rows = count(column, &codes);
    if rows == 0 {
        return Ok(None);
    }
    let n = |one: &str, many: &str| format::plural(rows, &format!("row {one}"), &format!("rows {many}"));
    let text = match check {
        Check::Missing => {
            let share = format::percent(rows as f64 / table_rows.max(1) as f64);
            format!("{} no value ({share}).", n("has", "have"))
        }
        Check::Constant => "Every value is the same; the column tells nothing.".into(),
        Check::WrongType => format!("{} no {words} although the column is one of {words}s.", n("holds", "hold")),
        Check::Negative => format!("{} below zero.", n("is", "are")),
        Check::Zero => format!("{} zero.", n("is", "are")),
        Check::FutureDates => format!("{} in the future.", n("lies", "lie")),
        Check::OldDates => format!("{} before 1990.", n("lies", "lie")),
        Check::PlaceholderDates => {
            format!("{} a day that often stands for no date (1900-01-01, 1970-01-01 and the like).", n("has", "have"))
        }
        Check::Mojibake => format!("{} letters from a wrong encoding, such as Ã© for é.", n("has", "have")),
        Check::OuterSpaces => format!("{} spaces before or behind the text.", n("has", "have")),
        _ => return Ok(None),
    };
    Ok(Some(Found { text, rows, codes }))
}

/// 1990-01-01.
const YEAR_1990: i32 = 7305;
/// 1899-12-30, 1899-12-31, 1900-01-01, 1900-01-02 and 1970-01-01, which spreadsheets and databases show for nothing.
const PLACEHOLDERS: [i32; 5] = [-25_569, -25_568, -25_567, -25_566, 0];

fn count(column: &Column, codes: &[bool]) -> usize {
    codes.iter().zip(&column.counts).filter(|(yes, _)| **yes).map(|(_, &n)| n as usize).sum()
}

/// Rows that equal an earlier row in every column, ascending.
fn duplicate_rows(table: &Table, ctx: &Ctx) -> Result<Vec<u32>> {
    use std::hash::BuildHasher;
    let hasher = foldhash::fast::FixedState::default();
    let mut hashes = vec![0u64; table.rows];
    let hash = |(piece, part): (usize, &mut [u64])| {
        let mut codes = Vec::with_capacity(table.columns.len());
        ctx.tick(piece * PER_TICK, 2 * table.rows)?;
        for (i, slot) in part.iter_mut().enumerate() {
            codes.clear();
            codes.extend(table.columns.iter().map(|c| c.codes[piece * PER_TICK + i]));
            *slot = hasher.hash_one(&codes[..]);
        }
        Ok(())
    };
    hashes.par_chunks_mut(PER_TICK).enumerate().try_for_each(hash)?;
    let equal = |a: usize, b: usize| table.columns.iter().all(|c| c.codes[a] == c.codes[b]);
    let mut seen: hashbrown::HashTable<u32> = hashbrown::HashTable::with_capacity(table.rows);
    let mut out = Vec::new();
    for row in 0..table.rows {
        if row.is_multiple_of(PER_TICK) {
            ctx.tick(table.rows + row, 2 * table.rows)?;
        }
        if seen.find(hashes[row], |&other| equal(other as usize, row)).is_some() {
            out.push(row as u32);
        } else {
            seen.insert_unique(hashes[row], row as u32, |&r| hashes[r as usize]);
        }
    }
    Ok(out)
}

/// Numbers beyond Tukey's outer fences: more than three interquartile ranges below the lower or above the upper
/// quartile (Tukey 1977, Exploratory Data Analysis). Quartiles interpolate linearly, as in pandas. Where half of all
/// values are equal the range is zero and nothing is called far out.
fn outliers(column: &Column, ctx: &Ctx) -> Result<Option<Found>> {
    let rule = column.missing_rule();
    let numbers =
        column.per_value(ctx, |t| if rule.is_missing(t) { f64::NAN } else { column.number(t).unwrap_or(f64::NAN) })?;
    let mut sorted: Vec<(f64, u64)> = numbers
        .iter()
        .zip(&column.counts)
        .filter(|(n, c)| n.is_finite() && **c > 0)
        .map(|(n, c)| (*n, u64::from(*c)))
        .collect();
    ctx.tick(1, 2)?;
    sorted.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let total: u64 = sorted.iter().map(|(_, n)| n).sum();
    if total < 20 {
        return Ok(None);
    }
    let at = |position: u64| {
        let mut seen = 0;
        sorted
            .iter()
            .find(|(_, n)| {
                seen += n;
                seen > position
            })
            .map_or(f64::NAN, |(number, _)| *number)
    };
    let quantile = |share: f64| {
        let position = (total - 1) as f64 * share;
        let (below, part) = (position.floor(), position.fract());
        let low = at(below as u64);
        if part > 0.0 { low + (at(below as u64 + 1) - low) * part } else { low }
    };
    let (lower, upper) = (quantile(0.25), quantile(0.75));
    let range = upper - lower;
    if range.is_nan() || range <= 0.0 {
        return Ok(None);
    }
    let (low, high) = (lower - 3.0 * range, upper + 3.0 * range);
    let codes: Vec<bool> = numbers.iter().map(|n| *n < low || *n > high).collect();
    let rows = count(column, &codes);
    let text = format!(
        "{} far from the rest: below {} or above {} (three interquartile ranges beyond the quartiles).",
        format::plural(rows, "row is", "rows are"),
        format::short(low),
        format::short(high)
    );
    Ok((rows > 0).then_some(Found { text, rows, codes }))
}

/// The longest time without a row, if it is at least 30 days and ten times as long as the middle one. It counts no row.
fn gap(column: &Column, days: impl Iterator<Item = Option<i32>>) -> Option<Found> {
    let mut days: Vec<i32> = days.zip(&column.counts).filter(|(_, n)| **n > 0).filter_map(|(day, _)| day).collect();
    days.sort_unstable();
    days.dedup();
    let mut gaps: Vec<(i32, i32)> = days.windows(2).map(|w| (w[1] - w[0], w[0])).collect();
    if gaps.len() < 10 {
        return None;
    }
    gaps.sort_unstable();
    let (length, from) = *gaps.last()?;
    let middle = gaps[gaps.len() / 2].0;
    let text = format!(
        "No row for {} days between {} and {}; look whether a part of the data is missing.",
        format::count(length as usize - 1),
        dates::date_of(from),
        dates::date_of(from + length)
    );
    (length >= 30 && length >= 10 * middle).then(|| Found { text, rows: 0, codes: vec![false; column.dict.len()] })
}

/// Whether a text has the marks of UTF-8 that was read as a single-byte encoding, or of letters that were lost.
fn is_mojibake(text: &str) -> bool {
    if text.is_ascii() {
        return false;
    }
    // What the second byte of a UTF-8 letter reads as in Latin-1 and Windows-1252.
    let continued = |c: char| {
        matches!(
            c,
            '\u{80}'
                ..='\u{bf}'
                    | '€'
                    | '‚'
                    | 'ƒ'
                    | '„'
                    | '…'
                    | '†'
                    | '‡'
                    | 'ˆ'
                    | '‰'
                    | 'Š'
                    | '‹'
                    | 'Œ'
                    | 'Ž'
                    | '‘'
                    | '’'
                    | '“'
                    | '”'
                    | '•'
                    | '–'
                    | '—'
                    | '˜'
                    | '™'
                    | 'š'
                    | '›'
                    | 'œ'
                    | 'ž'
                    | 'Ÿ'
        )
    };
    let mut before = ' ';
    for c in text.chars() {
        if c == '\u{fffd}' || (matches!(before, 'Ã' | 'Â' | 'Ä' | 'Å') && continued(c)) || (before == 'â' && c == '€')
        {
            return true;
        }
        before = c;
    }
    false
}

/// What a text is in essence: its words in order, each once, without case, accents and punctuation. The method
/// "fingerprint" of OpenRefine.
fn fingerprint(text: &str) -> String {
    let folded = names::fold(text);
    let mut words: Vec<&str> = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// Rows whose text has a more common spelling.
fn spellings(column: &Column, ctx: &Ctx) -> Result<Option<Found>> {
    let rule = column.missing_rule();
    let prints = column.per_value(ctx, |t| if rule.is_missing(t) { String::new() } else { fingerprint(t) })?;
    let mut groups: HashMap<&str, Vec<usize>> = HashMap::new();
    for (code, print) in prints.iter().enumerate() {
        if code.is_multiple_of(PER_TICK) {
            ctx.tick(code, prints.len())?;
        }
        if !print.is_empty() && column.counts[code] > 0 {
            groups.entry(print).or_default().push(code);
        }
    }
    let mut codes = vec![false; prints.len()];
    let mut several = 0;
    for group in groups.values().filter(|g| g.len() > 1) {
        let text = |code: usize| column.dict.get(code as u32);
        let best = group.iter().copied().min_by_key(|&c| (std::cmp::Reverse(column.counts[c]), text(c)));
        several += 1;
        group.iter().filter(|&&c| Some(c) != best).for_each(|&c| codes[c] = true);
    }
    let rows = count(column, &codes);
    let text = format!(
        "{} unlike a more common spelling of the same words (case, spaces, accents, punctuation or order differ), in {}.",
        format::plural(rows, "row is written", "rows are written"),
        format::plural(several, "group", "groups"),
    );
    Ok((rows > 0).then_some(Found { text, rows, codes }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_a_wrong_encoding_are_told_from_right_ones() {
        for text in ["cafÃ©", "Â£12", "donâ€™t", "MÃ¼ller", "lost \u{fffd}"] {
            assert!(is_mojibake(text), "{text}");
        }
        for text in ["café", "£12", "SÃO PAULO", "Müller", "Ångström", "don’t", "ÄÖÜ", "â la carte"] {
            assert!(!is_mojibake(text), "{text}");
        }
    }

    #[test]
    fn spellings_share_a_fingerprint() {
        assert_eq!(fingerprint(" Café,  NOIR"), fingerprint("noir cafe"));
        assert_ne!(fingerprint("cafe noir 2"), fingerprint("cafe noir"));
    }
}
