//! What is looked for in one column.

use super::Check;
use super::spread::{gap, outliers, spellings};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::intake::kind::ColumnKind;
use crate::intake::{Column, Role, dates};

/// What a check found in a column.
pub(super) struct Found {
    pub text: String,
    pub rows: usize,
    /// Whether each code is meant.
    pub codes: Vec<bool>,
}

/// What a check finds in a column, if anything.
pub(super) fn look(
    check: Check,
    column: &Column,
    table_rows: usize,
    role: Option<Role>,
    ctx: &Ctx,
) -> Result<Option<Found>> {
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
            ColumnKind::Number { .. } if is_id => return Ok(None),
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
pub(in crate::intake) const PLACEHOLDERS: [i32; 5] = [-25_569, -25_568, -25_567, -25_566, 0];

/// Rows of the codes that are meant.
pub(super) fn count(column: &Column, codes: &[bool]) -> usize {
    codes.iter().zip(&column.counts).filter(|(yes, _)| **yes).map(|(_, &n)| n as usize).sum()
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
}
