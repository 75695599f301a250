//! Reading a column as text, numbers or dates.

use std::sync::Arc;

use super::apply::Change;
use super::cells;
use super::live::Live;
use crate::ctx::Ctx;
use crate::error::{Error, Result};
use crate::format::plural;
use crate::intake::dates::{self, DAY, DateStyle};
use crate::intake::kind::{ColumnKind, is_missing, parse_number};
use crate::intake::{Column, Table};
use crate::recipe::{CellType, Decimal};

pub(super) fn change(
    table: &Table,
    live: &Live,
    at: usize,
    to: CellType,
    decimal: Option<Decimal>,
    date_format: Option<&str>,
    ctx: &Ctx,
) -> Result<Change> {
    let column: &Column = &table.columns[at];
    match to {
        CellType::Text => {
            let mut out = table.clone();
            if column.kind != ColumnKind::Text {
                out.columns[at] = Arc::new(Column { kind: ColumnKind::Text, ..Column::clone(column) });
            }
            Ok(Change::none(&out, format!("{:?} is text from here on; every cell stays as it is", column.name)))
        }
        CellType::Number => {
            let numbers = match decimal {
                None => column.numbers(),
                Some(sign) => column.per_value(ctx, |text| number(text, sign).unwrap_or(f64::NAN))?,
            };
            let texts = numbers.iter().map(|n| if n.is_nan() { None } else { Some(cells::number_text(*n)) }).collect();
            let mut change = read(table, live, at, texts, "number", ctx)?;
            let changed = &change.table.columns[at];
            let wanted = changed.dict.iter().map(|t| t.parse().unwrap_or(f64::NAN)).collect::<Vec<f64>>();
            let settled = cells::settle(Column::clone(changed), &wanted, ctx)?;
            let whole = wanted.iter().all(|n| n.is_nan() || n.fract() == 0.0);
            let kind = match settled.kind {
                // A few numbers such as 00042 or 20110131 are numbers now, because somebody says so.
                ColumnKind::Number { .. } => settled.kind.clone(),
                _ => ColumnKind::number(whole),
            };
            change.table.columns[at] = Arc::new(Column { kind, ..settled });
            Ok(change)
        }
        CellType::Date => {
            let style = match (date_format, &column.kind) {
                (Some(format), _) => DateStyle::Custom(format.to_string()),
                (None, ColumnKind::Date { style, .. }) => style.clone(),
                (None, _) => dates::detect_any(column.dict.iter().filter(|t| !is_missing(t)))
                    .ok_or_else(|| none(column, "date"))?,
            };
            let moments = column.per_value(ctx, |text| dates::parse(text, &style).filter(|s| dates::plausible(*s)))?;
            let time = moments.iter().flatten().any(|m| m.rem_euclid(DAY) != 0);
            let texts = moments.iter().map(|m| m.map(|m| iso(m, time))).collect();
            let mut change = read(table, live, at, texts, "date", ctx)?;
            let kind = ColumnKind::Date { style: DateStyle::YearFirst, time, ambiguous: false };
            change.table.columns[at] = Arc::new(Column { kind, ..Column::clone(&change.table.columns[at]) });
            change.note = format!("{}; read as {}", change.note, style.label());
            Ok(change)
        }
    }
}

/// Values become the texts given; what has none cannot be read and becomes missing, unless it is missing already.
fn read(table: &Table, live: &Live, at: usize, texts: Vec<Option<String>>, what: &str, ctx: &Ctx) -> Result<Change> {
    let column: &Column = &table.columns[at];
    let counts = live.counts(column, ctx)?;
    if texts.iter().zip(counts.iter()).all(|(t, &n)| t.is_none() || n == 0) {
        return Err(none(column, what));
    }
    let mut unreadable = 0;
    let mut changed = 0;
    let mut new: Vec<Option<String>> = Vec::with_capacity(texts.len());
    for ((old, text), &rows) in column.dict.iter().zip(texts).zip(counts.iter()) {
        let text = match text {
            Some(text) => Some(text),
            None if is_missing(old) => None,
            None => {
                unreadable += rows as usize;
                Some(String::new())
            }
        };
        let text = text.filter(|t| t != old);
        changed += if text.is_some() { rows as usize } else { 0 };
        new.push(text);
    }
    let examples = cells::examples(column, live, |code| new[code as usize].clone().map(Some));
    let table = cells::replaced(table, at, cells::rewrite(column, &new, ctx)?);
    let note = match unreadable {
        0 => format!("Every value reads as a {what}"),
        n => format!("{} no {what} and became missing", plural(n, "value is", "values are")),
    };
    Ok(Change { cells: changed, examples, ..Change::none(&table, note) })
}

fn none(column: &Column, what: &str) -> Error {
    Error::Recipe(format!(
        "no value of {:?} reads as a {what} (the first is {:?})",
        column.name,
        column.examples(1).first().copied().unwrap_or("")
    ))
}

/// A number whose sign before decimals is known; the other signs may stand between thousands.
fn number(text: &str, decimal: Decimal) -> Option<f64> {
    let (sign, other) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let groups = |c: char| c == other || matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’');
    let text = text.trim();
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut plain = String::with_capacity(text.len());
    let mut before = None;
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        // Between digits only, so that "1.5 kg" and "- 3" do not become something else.
        if groups(c) && digit(before) && digit(letters.peek().copied()) {
            if plain.contains('.') {
                return None;
            }
        } else if c == sign {
            plain.push('.');
        } else if c == other {
            return None;
        } else {
            plain.push(c);
        }
        before = Some(c);
    }
    parse_number(&plain)
}

/// The moment as 2011-12-31, with a time of day where any value of the column has one.
fn iso(moment: i64, time: bool) -> String {
    let date = dates::date_of(moment.div_euclid(DAY) as i32);
    let seconds = moment.rem_euclid(DAY);
    match time {
        false => date.to_string(),
        true => format!("{date} {:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_a_known_sign() {
        let cases = [
            ("1.234,56", Decimal::Comma, Some(1234.56)),
            ("1 234,5", Decimal::Comma, Some(1234.5)),
            ("1.234", Decimal::Comma, Some(1234.0)),
            ("1.234", Decimal::Point, Some(1.234)),
            ("1'234.50", Decimal::Point, Some(1234.5)),
            ("-3,5 €", Decimal::Comma, Some(-3.5)),
            ("(2,00)", Decimal::Comma, Some(-2.0)),
            ("1,5,2", Decimal::Comma, None),
            ("1,2.3", Decimal::Comma, None),
            ("12 kg", Decimal::Point, None),
            ("", Decimal::Comma, None),
        ];
        for (text, decimal, expected) in cases {
            assert_eq!(number(text, decimal), expected, "{text} with {decimal}");
        }
    }
}
