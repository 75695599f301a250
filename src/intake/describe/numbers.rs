//! How a column writes its numbers, and how they spread.

use super::{BINS, Details, Doubts};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::intake::intern::VALUES_PER_TICK;
use crate::intake::kind::{MissingRule, Shapes};
use crate::intake::numbers::{self, Decimal, NumberStyle, Reading};
use crate::intake::{Column, Distribution};

/// Describes a column of numbers.
pub(super) fn describe(
    column: &Column,
    style: NumberStyle,
    whole: bool,
    rule: MissingRule,
    doubts: &Doubts,
    ctx: &Ctx,
) -> Result<Details> {
    let mut seen: Vec<(f64, usize)> = Vec::with_capacity(column.dict.len());
    let mut none = Example::default();
    let (mut either, mut other, mut percent) = (Example::default(), Example::default(), Example::default());
    let (mut decided, mut thousands, mut currencies) = (0usize, Vec::new(), Vec::new());
    let mut plain_rows = 0;
    for (i, (text, &n)) in column.dict.iter().zip(&column.counts).enumerate() {
        if i.is_multiple_of(VALUES_PER_TICK) {
            ctx.tick(i, column.dict.len())?;
        }
        let rows = n as usize;
        if rows == 0 || rule.is_missing(text) {
            continue;
        }
        let Some(number) = style.parse(text) else {
            none.add(text, rows);
            continue;
        };
        seen.push((number, rows));
        let bytes = text.trim().as_bytes();
        if bytes.iter().all(|b| b.is_ascii_digit() || *b == b'-') {
            plain_rows += rows;
            continue;
        }
        match numbers::weigh(text) {
            Some(Reading::Either) => either.add(text, rows),
            Some(Reading::Only(decimal)) if decimal != style.decimal => other.add(text, rows),
            Some(Reading::Only(_)) => decided += 1,
            _ => {}
        }
        // The common plain decimals need no closer look.
        if bytes.iter().all(|b| b.is_ascii_digit() || *b == b'-' || *b == style.decimal.sign() as u8) {
            plain_rows += rows;
            continue;
        }
        if numbers::is_percent(text) {
            percent.add(text, rows);
        } else {
            plain_rows += rows;
        }
        count(&mut thousands, numbers::thousands_sign(text, style.decimal));
        count(&mut currencies, numbers::currency(text));
    }
    let mut out = Details { histogram: spread(&seen), ..Details::default() };
    let mut written: Vec<String> = Vec::new();
    if !whole || decided > 0 || either.values > 0 {
        written.push(match style.decimal {
            Decimal::Point => "decimal point".into(),
            Decimal::Comma => "decimal comma".into(),
        });
    }
    written.extend(most(thousands).map(|sign| match sign {
        ',' => "commas between thousands".into(),
        '.' => "points between thousands".into(),
        '\'' | '’' => "apostrophes between thousands".into(),
        _ => "spaces between thousands".into(),
    }));
    written.extend(most(currencies).map(|sign: &str| format!("with {sign}")));
    if percent.rows > 0 {
        written.push("percentages read as shares (12.5% is 0.125)".into());
        if plain_rows > 0 {
            out.problems.push(format!(
                "{} a percent sign and {} have none: {} is read as {}.",
                format::plural(percent.rows, "row has", "rows have"),
                format::count(plain_rows),
                percent.text.trim(),
                style.parse(&percent.text).unwrap_or(0.0),
            ));
        }
    }
    out.written = written.join(", ");
    if style.ambiguous {
        out.ambiguous = either.values;
        let text = doubtful_decimals(column, style, &either, doubts);
        // What another column of the file settles is worth a note, not a warning.
        let settled = doubts.decimal.as_ref().is_some_and(|others| others.numbers);
        if settled { out.problems.push(text) } else { out.doubts.push(text) }
    }
    if other.rows > 0 {
        out.problems.push(format!(
            "{} written with the other decimal sign, as {}, and read so.",
            format::plural(other.rows, "row is", "rows are"),
            other.text.trim()
        ));
    }
    if none.rows > 0 {
        out.as_number = Some(format!(
            "{} no number, for example {:?}.",
            format::plural(none.rows, "row holds", "rows hold"),
            none.text
        ));
    }
    Ok(out)
}

/// Says how commas or points were read that stand before three digits wherever they stand.
fn doubtful_decimals(column: &Column, style: NumberStyle, either: &Example, doubts: &Doubts) -> String {
    let text = either.text.trim();
    let sign = if text.contains(',') { ',' } else { '.' };
    let decimal = style.decimal.sign() == sign;
    let why = match &doubts.decimal {
        Some(others) if others.outweighs(column) => format!(", {}", others.why),
        _ if !decimal && Shapes::of(&column.dict).thousands().is_some() => {
            ", because no other number has more than three digits".into()
        }
        _ => String::new(),
    };
    format!(
        "The {} in {:?} were read as {}{why} ({text} is {}), though {} can be read either way. If that is wrong, say \
         that the decimal sign is {:?} (--decimal).",
        if sign == ',' { "commas" } else { "points" },
        column.name,
        if decimal { "decimal signs" } else { "thousands separators" },
        style.parse(text).unwrap_or(0.0),
        format::plural(either.rows, "row", "rows"),
        if decimal { style.decimal.other().sign() } else { sign },
    )
}

/// Values that have something in common: how many, in how many rows, and the first of them by text.
#[derive(Default)]
struct Example {
    values: usize,
    rows: usize,
    text: String,
}

impl Example {
    fn add(&mut self, text: &str, rows: usize) {
        // The least text, not the first, so that the order of the rows does not matter.
        if self.values == 0 || text < self.text.as_str() {
            self.text = text.to_string();
        }
        self.values += 1;
        self.rows += rows;
    }
}

fn count<T: PartialEq>(counts: &mut Vec<(T, usize)>, value: Option<T>) {
    if let Some(value) = value {
        match counts.iter_mut().find(|(v, _)| *v == value) {
            Some((_, n)) => *n += 1,
            None => counts.push((value, 1)),
        }
    }
}

fn most<T: PartialOrd>(counts: Vec<(T, usize)>) -> Option<T> {
    let better = |a: &(T, usize), b: &(T, usize)| a.1 > b.1 || (a.1 == b.1 && a.0 < b.0);
    counts.into_iter().reduce(|a, b| if better(&b, &a) { b } else { a }).map(|(value, _)| value)
}

/// A histogram of numbers with their rows.
fn spread(numbers: &[(f64, usize)]) -> Distribution {
    let (min, max) = numbers.iter().fold((f64::MAX, f64::MIN), |(a, b), (n, _)| (a.min(*n), b.max(*n)));
    if min > max {
        return Distribution::None;
    }
    let mut bins = vec![0; if min == max { 1 } else { BINS }];
    // Halves, because the difference of two extreme numbers may be infinite.
    let width = max / 2.0 - min / 2.0;
    for (number, rows) in numbers {
        let share = if width > 0.0 { (number / 2.0 - min / 2.0) / width } else { 0.0 };
        let last = bins.len() - 1;
        bins[((share * BINS as f64) as usize).min(last)] += rows;
    }
    Distribution::Numbers { min, max, bins }
}
