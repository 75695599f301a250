//! What is doubtful about the columns that were given a role, in words.

use super::dates;
use super::kind::{ColumnKind, without_zero_decimals};
use super::names::is_made_up;
use super::quality::PLACEHOLDERS;
use super::roles::{Role, RoleFound};
use super::{Column, Table};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::recipe::Roles;

/// What is doubtful about the columns that have a role, as sentences.
///
/// # Errors
/// Only when cancelled.
pub(super) fn warnings(
    table: &Table,
    roles: &[RoleFound],
    doubts: &[Vec<String>],
    given: &Roles,
    ctx: &Ctx,
) -> Result<Vec<String>> {
    let mut out = Vec::new();
    for found in roles {
        let Some(at) = found.column.as_deref().and_then(|name| table.position(name)) else { continue };
        let column = &table.columns[at];
        match found.role {
            Role::Date => {
                if given.date_format.is_none() {
                    out.extend(doubts[at].iter().cloned());
                }
                out.extend(doubtful_days(column, given.date_format.as_deref(), ctx)?);
            }
            Role::Amount | Role::Quantity | Role::UnitPrice => out.extend(doubts[at].iter().cloned()),
            Role::CustomerId | Role::Invoice => {
                out.extend(float_ids(column, found.role));
                out.extend(scientific_ids(column, found.role));
            }
            Role::Product | Role::Category | Role::Discount => {}
        }
    }
    let guessed: Vec<String> = roles
        .iter()
        .filter(|r| !r.chosen && r.column.as_deref().is_some_and(|c| is_made_up(c) || r.confidence < 0.5))
        .map(|r| format!("{} {}", r.column.as_deref().unwrap_or_default(), r.role.label().to_lowercase()))
        .collect();
    if !guessed.is_empty() {
        out.push(format!("Roles were guessed from what the columns contain; check them: {}.", guessed.join(", ")));
    }
    Ok(out)
}

/// Days after today, and days that stand for no date.
fn doubtful_days(column: &Column, format: Option<&str>, ctx: &Ctx) -> Result<Vec<String>> {
    let found = match &column.kind {
        ColumnKind::Date { style, .. } => Some(style),
        _ => None,
    };
    let Some(style) = format.map(|format| dates::given(format, found)).or_else(|| found.cloned()) else {
        return Ok(Vec::new());
    };
    let days = column.per_value(ctx, |text| {
        dates::parse(text, &style).filter(|s| dates::plausible(*s)).map(|s| s.div_euclid(dates::DAY) as i32)
    })?;
    let such = |is: &dyn Fn(i32) -> bool| {
        let with = days.iter().zip(&column.counts).filter_map(|(day, &rows)| Some(((*day)?, rows as usize)));
        let with = with.filter(|(day, rows)| *rows > 0 && is(*day));
        with.fold((0, i32::MIN), |(rows, last), (day, n)| (rows + n, last.max(day)))
    };
    let mut out = Vec::new();
    let today = dates::day_number(chrono::Local::now().date_naive());
    let (rows, last) = such(&|day| day > today);
    let day = dates::date_of(last.max(0));
    match rows {
        0 => {}
        1 => out.push(format!("1 row is dated {day}, in the future; the snapshot date follows from it unless you set one.")),
        n => out.push(format!(
            "{} rows are dated in the future, the last of them {day}; the snapshot date follows from it unless you set one.",
            format::count(n)
        )),
    }
    let (rows, last) = such(&|day| PLACEHOLDERS.contains(&day));
    if rows > 0 {
        out.push(format!(
            "{} dated {}, which often stands for no date; if so, filter them out.",
            format::plural(rows, "row is", "rows are"),
            dates::date_of(last)
        ));
    }
    Ok(out)
}

/// Says so when long ids went through a spreadsheet that kept their first digits only: `4.91512E+12`.
fn scientific_ids(column: &Column, role: Role) -> Option<String> {
    let mut such = column.dict.iter().zip(&column.counts).filter(|(t, n)| **n > 0 && is_scientific(t)).peekable();
    let text = such.peek()?.0.trim();
    let rows: usize = such.map(|(_, &n)| n as usize).sum();
    let what = if role == Role::Invoice { "invoices" } else { "customers" };
    Some(format!(
        "{} of {:?} {} written as {text} or the like: the last digits of such ids are lost, so different {what} may count as \
         one. Export the column as text.",
        format::plural(rows, "cell", "cells"),
        column.name,
        if rows == 1 { "is" } else { "are" },
    ))
}

/// Whether a text is a number such as `4.91512E+12`.
fn is_scientific(text: &str) -> bool {
    // Most ids have no such letter.
    let text = text.trim();
    let Some(at) = memchr::memchr2(b'e', b'E', text.as_bytes()) else { return false };
    let (mantissa, power) = (&text[..at], &text[at + 1..]);
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let whole = mantissa.split_once(['.', ',']).map_or(mantissa, |(whole, _)| whole);
    let decimals = mantissa.split_once(['.', ',']).map_or("0", |(_, decimals)| decimals);
    whole.len() == 1 && digits(whole) && digits(decimals) && power.strip_prefix('+').is_some_and(digits)
}

/// Says so when ids are written as floating-point numbers.
fn float_ids(column: &Column, role: Role) -> Option<String> {
    if !column.has_float_ids() {
        return None;
    }
    let such = |(text, rows): (&str, &u32)| {
        without_zero_decimals(text).map(|id| (text.trim().to_string(), id.to_string(), *rows))
    };
    let all: Vec<(String, String, u32)> = column.dict.iter().zip(&column.counts).filter_map(such).collect();
    let (text, id, _) = all.first()?;
    let rows: usize = all.iter().map(|(.., rows)| *rows as usize).sum();
    Some(format!(
        "{} of {:?} {} written as a number with decimals: {text} is read as the {} {id}.",
        format::plural(rows, "cell", "cells"),
        column.name,
        if rows == 1 { "is" } else { "are" },
        if role == Role::Invoice { "invoice" } else { "id" },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_lost_digits_are_told_from_codes() {
        for text in ["4.91512E+12", "4,91512E+12", "5E+11", " 4.9e+05 "] {
            assert!(is_scientific(text), "{text}");
        }
        for text in ["12E45", "4915123456789", "E+12", "4.9E12", "A1.5E+3", "5e", "1.2.3E+4"] {
            assert!(!is_scientific(text), "{text}");
        }
    }
}
