//! What can be said about a column from its distinct values: how it is written, what is missing, what is doubtful.

use super::dates::{self, DateStyle, FormCount, Survey};
use super::intern::VALUES_PER_TICK;
use super::kind::{ColumnKind, MissingRule, without_zero_decimals};
use super::numbers::{self, Decimal, NumberStyle, Reading};
use super::report::{ColumnReport, Distribution};
use super::settle::{decimal_of_others, order_of_others};
use super::{Column, Table};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;

/// Bins of a histogram, and values of a list of the most common ones.
const BINS: usize = 16;
const TOP: usize = 10;
const EXAMPLES: usize = 3;

/// What the rest of the table says about doubtful columns.
pub(super) struct Doubts<'a> {
    decimal: Option<(Decimal, &'a str)>,
    order: Option<(DateStyle, String)>,
}

impl<'a> Doubts<'a> {
    pub(super) fn of(table: &'a Table) -> Self {
        Doubts { decimal: decimal_of_others(table), order: order_of_others(table) }
    }
}

/// A column's report, and which of its problems are doubts about how the values were read.
pub(super) struct Description {
    pub report: ColumnReport,
    pub doubts: Vec<String>,
}

/// Describes a column of a table of `rows` rows; the role is left open.
pub(super) fn describe(column: &Column, rows: usize, doubts: &Doubts, ctx: &Ctx) -> Result<Description> {
    let rule = column.missing_rule();
    let mut missing_tokens: Vec<(String, usize)> = Vec::new();
    let mut distinct = 0;
    for (i, (text, &n)) in column.dict.iter().zip(&column.counts).enumerate() {
        if i.is_multiple_of(VALUES_PER_TICK) {
            ctx.tick(i, column.dict.len())?;
        }
        if n == 0 {
            continue;
        }
        if !rule.is_missing(text) {
            distinct += 1;
            continue;
        }
        let token = if text.is_empty() || text.trim().is_empty() { &text[..text.len().min(1)] } else { text.trim() };
        match missing_tokens.iter_mut().find(|(t, _)| t == token) {
            Some((_, rows)) => *rows += n as usize,
            None => missing_tokens.push((token.to_string(), n as usize)),
        }
    }
    missing_tokens.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let missing: usize = missing_tokens.iter().map(|(_, n)| n).sum();
    let details = match &column.kind {
        ColumnKind::Empty => Details::default(),
        ColumnKind::Text => texts(column, rule, ctx)?,
        ColumnKind::Number { style, whole } => numbers_of(column, *style, *whole, rule, doubts, ctx)?,
        ColumnKind::Date { style, time, ambiguous } => dates_of(column, style, *time, *ambiguous, rule, doubts, ctx)?,
    };
    let mut problems = [details.doubts.clone(), details.problems].concat();
    if column.kind == ColumnKind::Empty && rows > 0 {
        problems.push("The column has no value.".into());
    } else if distinct == 1 && rows > 1 {
        let but = if missing > 0 { " where it is not missing" } else { "" };
        problems.push(format!("Every value is the same{but}."));
    }
    let report = ColumnReport {
        name: column.name.clone(),
        kind: column.kind.clone(),
        written: details.written,
        missing,
        missing_share: if rows == 0 { 0.0 } else { missing as f64 / rows as f64 },
        missing_tokens,
        distinct,
        ambiguous_values: details.ambiguous,
        examples: column.dict.iter().filter(|t| !rule.is_missing(t)).take(EXAMPLES).map(str::to_string).collect(),
        histogram: details.histogram,
        problems,
        role: None,
        role_reason: None,
        role_confidence: None,
    };
    Ok(Description { report, doubts: details.doubts })
}

/// What depends on the column's type.
#[derive(Default)]
struct Details {
    written: String,
    ambiguous: usize,
    histogram: Distribution,
    doubts: Vec<String>,
    problems: Vec<String>,
}

fn texts(column: &Column, rule: MissingRule, ctx: &Ctx) -> Result<Details> {
    let mut all: Vec<(u32, u32)> = Vec::with_capacity(column.dict.len());
    for (code, (text, &rows)) in column.dict.iter().zip(&column.counts).enumerate() {
        if code.is_multiple_of(VALUES_PER_TICK) {
            ctx.tick(code, column.dict.len())?;
        }
        if rows > 0 && !rule.is_missing(text) {
            all.push((rows, code as u32));
        }
    }
    // Equally common ones by their text, so that the order of the rows does not matter.
    let order =
        |a: &(u32, u32), b: &(u32, u32)| b.0.cmp(&a.0).then_with(|| column.dict.get(a.1).cmp(column.dict.get(b.1)));
    let total: usize = all.iter().map(|(n, _)| *n as usize).sum();
    if all.len() > TOP {
        all.select_nth_unstable_by(TOP, order);
        all.truncate(TOP);
    }
    all.sort_by(order);
    let values: Vec<(String, usize)> =
        all.iter().map(|&(n, code)| (column.dict.get(code).to_string(), n as usize)).collect();
    let others = total - values.iter().map(|(_, n)| n).sum::<usize>();
    let problems = if column.has_float_ids() { float_ids(column) } else { Vec::new() };
    Ok(Details { histogram: Distribution::Top { values, others }, problems, ..Details::default() })
}

fn float_ids(column: &Column) -> Vec<String> {
    let float = column.dict.iter().zip(&column.counts).filter(|(t, _)| without_zero_decimals(t).is_some());
    let rows: usize = float.map(|(_, &n)| n as usize).sum();
    let example = column.dict.iter().find_map(|t| Some((t.trim(), without_zero_decimals(t)?)));
    example
        .map(|(text, id)| {
            format!(
                "{} with zero decimals; as an id, {text} is read as {id}.",
                format::plural(rows, "row is", "rows are")
            )
        })
        .into_iter()
        .collect()
}

fn numbers_of(
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
        if doubts.decimal.is_some() { out.problems.push(text) } else { out.doubts.push(text) }
    }
    if other.rows > 0 {
        out.problems.push(format!(
            "{} written with the other decimal sign, as {}, and read so.",
            format::plural(other.rows, "row is", "rows are"),
            other.text.trim()
        ));
    }
    if none.rows > 0 {
        out.problems.push(format!(
            "{} no number, for example {:?}.",
            format::plural(none.rows, "row holds", "rows hold"),
            none.text
        ));
    }
    if whole && column.has_float_ids() {
        out.problems.extend(float_ids(column));
    }
    Ok(out)
}

/// Says how commas or points were read that stand before three digits wherever they stand.
fn doubtful_decimals(column: &Column, style: NumberStyle, either: &Example, doubts: &Doubts) -> String {
    let text = either.text.trim();
    let sign = if text.contains(',') { ',' } else { '.' };
    let decimal = style.decimal.sign() == sign;
    let why = match &doubts.decimal {
        Some((_, other)) => format!(", as in {other:?}"),
        None => String::new(),
    };
    format!(
        "The {} in {:?} were read as {}{why} ({text} is {}), though {} can be read either way. If that is wrong, say \
         that the decimal sign is {:?} (--decimal).",
        if sign == ',' { "commas" } else { "points" },
        column.name,
        if decimal { "decimal signs" } else { "thousands separators" },
        style.parse(text).unwrap_or(0.0),
        format::plural(either.values, "value", "values"),
        if decimal { style.decimal.other().sign() } else { sign },
    )
}

fn dates_of(
    column: &Column,
    style: &DateStyle,
    time: bool,
    ambiguous: bool,
    rule: MissingRule,
    doubts: &Doubts,
    ctx: &Ctx,
) -> Result<Details> {
    let values = column
        .dict
        .iter()
        .zip(&column.counts)
        .filter(|(text, rows)| **rows > 0 && !rule.is_missing(text))
        .map(|(text, &rows)| (text, rows as usize));
    let found = dates::survey(values.clone(), style, &|done| ctx.tick(done, column.dict.len()))?;
    let mut out = Details::default();
    if let Some((first, last)) = found.range {
        let mut bins = vec![0; BINS];
        for (i, (text, rows)) in values.enumerate() {
            if i.is_multiple_of(VALUES_PER_TICK) {
                ctx.tick(i, column.dict.len())?;
            }
            if let Some(at) = dates::parse(text, style).filter(|s| (first..=last).contains(s)) {
                let share = (at - first) as f64 / (last - first).max(1) as f64;
                bins[((share * BINS as f64) as usize).min(BINS - 1)] += rows;
            }
        }
        out.histogram = Distribution::Dates { first: dates::iso(first, time), last: dates::iso(last, time), bins };
    }
    out.written = found.forms.iter().map(|f| pattern(f, style)).collect::<Vec<_>>().join(" and ");
    if let Some((zone, _)) = found.zones.first() {
        out.written.push_str(&format!(", time zone {zone} not applied"));
    }
    if ambiguous {
        let both = || found.forms.iter().filter(|f| f.both.0 > 0);
        out.ambiguous = both().map(|f| f.both.0).sum();
        let rows: usize = both().map(|f| f.both.1).sum();
        let example = both().next().map_or("", |f| f.example.trim());
        let why = doubts.order.as_ref().map_or(String::new(), |(_, why)| format!(", {why}"));
        let read = both().next().map_or_else(|| style.label(), |f| f.style.label());
        out.doubts.push(format!(
            "Day and month in {:?} cannot be told apart: {} in {} can be read with either first (for example {example}). They were \
             read as {read}{why}. Give the date format if that is wrong.",
            column.name,
            format::plural(out.ambiguous, "date", "dates"),
            format::plural(rows, "row", "rows"),
        ));
    } else {
        out.ambiguous = undecided(&found, style).map(|f| f.both.0).sum();
    }
    out.doubts.extend(mixed(column, &found, style, ambiguous));
    let others = found.only_other_order.1;
    if others > 0 {
        out.problems.push(format!(
            "{} can be read only with day and month the other way round, and not as {}.",
            format::plural(others, "row", "rows"),
            style.label()
        ));
    }
    if found.unreadable.1 > 0 {
        out.problems.push(format!(
            "{} no date, for example {:?}.",
            format::plural(found.unreadable.1, "row holds", "rows hold"),
            found.unreadable_example.as_deref().unwrap_or_default()
        ));
    }
    if found.zones.len() > 1 {
        let zones: Vec<&str> = found.zones.iter().map(|(zone, _)| zone.as_str()).collect();
        out.problems.push(format!(
            "The times are in several zones ({}); they were taken as they are written.",
            zones.join(", ")
        ));
    }
    Ok(out)
}

fn pattern(count: &FormCount, style: &DateStyle) -> String {
    match style {
        DateStyle::Custom(format) => format.clone(),
        _ => count.form.pattern(&count.style),
    }
}

/// Forms of which no value says what day and month are, in a column whose other forms do.
fn undecided<'a>(found: &'a Survey, style: &DateStyle) -> impl Iterator<Item = &'a FormCount> {
    let custom = matches!(style, DateStyle::Custom(_));
    found.forms.iter().filter(move |f| !custom && f.form.is_numeric_order() && f.certain == 0 && f.both.0 > 0)
}

/// Says which styles a column mixes, with the rows of each, and which of them were read like the others.
fn mixed(column: &Column, found: &Survey, style: &DateStyle, ambiguous: bool) -> Option<String> {
    if found.forms.len() < 2 || matches!(style, DateStyle::Custom(_)) {
        return None;
    }
    let styles: Vec<String> = found
        .forms
        .iter()
        .map(|f| format!("{} ({}, as {})", pattern(f, style), format::plural(f.rows, "row", "rows"), f.example.trim()))
        .collect();
    let mut text = format!("Two styles are mixed in {:?}: {}.", column.name, styles.join(" and "));
    if found.forms.len() > 2 {
        text = text.replacen("Two styles", "Several styles", 1);
    }
    if !ambiguous {
        for form in undecided(found, style) {
            text.push_str(&format!(
                " Day and month of {} written as {} can be told only from the others, and were read like them.",
                format::plural(form.both.1, "row", "rows"),
                pattern(form, style)
            ));
        }
    }
    Some(text)
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
