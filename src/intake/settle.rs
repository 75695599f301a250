//! What a column alone cannot tell, decided with the rest of the table: whether `1,234` is a thousand, whether `1/2/2011`
//! is in January, and whether a number is a date.

use std::sync::Arc;

use super::dates::{self, DateStyle, Form};
use super::intern::VALUES_PER_TICK;
use super::kind::{self, ColumnKind, Shapes};
use super::names::{is_made_up, says_date};
use super::numbers::{self, Decimal, NumberStyle, Reading};
use super::{Column, Table};
use crate::ctx::Ctx;
use crate::error::{Error, Result};

/// Settles the types of a table's columns. `decimal` is the decimal sign where the user gave it.
///
/// # Errors
/// [`Error::Recipe`] for a decimal sign other than point and comma; [`Error::Cancelled`].
pub fn settle(table: &mut Table, decimal: Option<char>, ctx: &Ctx) -> Result<()> {
    let given = match decimal.map(|sign| Decimal::of_sign(sign).ok_or(sign)) {
        Some(Err(sign)) => {
            return Err(Error::Recipe(format!("{sign:?} is no decimal sign; give . or ,")));
        }
        Some(Ok(decimal)) => Some(decimal),
        None => None,
    };
    settle_decimals(table, given, ctx)?;
    settle_numbers_that_are_dates(table, ctx)?;
    if let Some((order, _)) = order_of_others(table) {
        for column in &mut table.columns {
            let ColumnKind::Date { style, ambiguous: true, .. } = &column.kind else { continue };
            let style = in_order(style, &order);
            if let ColumnKind::Date { style: old, .. } = &mut Arc::make_mut(column).kind {
                *old = style;
            }
        }
    }
    Ok(())
}

fn settle_decimals(table: &mut Table, given: Option<Decimal>, ctx: &Ctx) -> Result<()> {
    let others = decimal_of_others(table);
    for column in &mut table.columns {
        let ColumnKind::Number { style, .. } = column.kind else { continue };
        let decimal = match (given, &others) {
            (Some(given), _) if style != NumberStyle::of(given) => given,
            (None, Some(others)) if style.ambiguous && others.outweighs(column) => others.decimal,
            _ => continue,
        };
        let style = NumberStyle { decimal, ambiguous: style.ambiguous && given.is_none() };
        let whole = kind::all_whole(&column.dict, style, ctx)?;
        Arc::make_mut(column).kind = ColumnKind::Number { whole, style };
    }
    Ok(())
}

/// What the rest of the table says about the decimal sign.
pub(super) struct OtherDecimals {
    pub decimal: Decimal,
    /// Why, in words: `as in "price"`.
    pub why: String,
    /// Whether other numbers say so, and not only the way dates are written.
    pub numbers: bool,
}

impl OtherDecimals {
    /// Whether this says more about a doubtful column than the shapes of its own numbers do.
    pub(super) fn outweighs(&self, column: &Column) -> bool {
        self.numbers || Shapes::of(&column.dict).thousands().is_none()
    }
}

/// The decimal sign of most columns that are sure of theirs; where there is none, a comma if dates are written with
/// points, as they are where the decimal sign is a comma. `None` where no column is in doubt or nothing says more.
pub(super) fn decimal_of_others(table: &Table) -> Option<OtherDecimals> {
    let doubtful = |c: &Arc<Column>| matches!(c.kind, ColumnKind::Number { style, .. } if style.ambiguous);
    if !table.columns.iter().any(doubtful) {
        return None;
    }
    let columns = |decimal| table.columns.iter().filter(move |c| shows(c, decimal));
    let (points, commas) = (columns(Decimal::Point).count(), columns(Decimal::Comma).count());
    let decimal = match points.cmp(&commas) {
        std::cmp::Ordering::Less => Decimal::Comma,
        std::cmp::Ordering::Greater => Decimal::Point,
        std::cmp::Ordering::Equal if points > 0 => return None,
        std::cmp::Ordering::Equal => {
            let dotted = table.columns.iter().find(|c| has_dotted_dates(c))?;
            let why = format!("as is usual where dates are written with points, as in {:?}", dotted.name);
            return Some(OtherDecimals { decimal: Decimal::Comma, why, numbers: false });
        }
    };
    columns(decimal).next().map(|c| OtherDecimals { decimal, why: format!("as in {:?}", c.name), numbers: true })
}

/// Whether a column is sure of its decimal sign and shows it. Zero decimals of ids, as in `17850.0`, are the work of a
/// program.
fn shows(column: &Column, decimal: Decimal) -> bool {
    let sure = matches!(column.kind, ColumnKind::Number { style, .. } if style == NumberStyle::of(decimal));
    let is_shown = |text| match numbers::weigh(text) {
        Some(Reading::Only(shown)) => shown == decimal && kind::without_zero_decimals(text).is_none(),
        reading => reading == Some(Reading::Either),
    };
    sure && column.dict.iter().any(is_shown)
}

/// Whether a column holds dates of the form 9.12.2011.
fn has_dotted_dates(column: &Column) -> bool {
    matches!(column.kind, ColumnKind::Date { style: DateStyle::DayFirst, .. })
        && column.dict.iter().find_map(dates::form_of) == Some(Form::Dots)
}

/// The order of day and month that the rest of the table speaks for, with the reason in words; `None` where no column is
/// in doubt or nothing speaks for one.
pub(super) fn order_of_others(table: &Table) -> Option<(DateStyle, String)> {
    let doubtful = |c: &Arc<Column>| matches!(c.kind, ColumnKind::Date { ambiguous: true, .. });
    if !table.columns.iter().any(doubtful) {
        return None;
    }
    let order = |column: &Arc<Column>| match &column.kind {
        ColumnKind::Date { style, ambiguous: false, .. } => numeric_order(style, column),
        _ => None,
    };
    if let Some((order, column)) = table.columns.iter().find_map(|c| Some((order(c)?, &c.name))) {
        return Some((order, format!("as in {column:?}")));
    }
    let comma = table.columns.iter().find(|c| shows(c, Decimal::Comma));
    comma.map(|c| (DateStyle::DayFirst, format!("as is usual where numbers have a decimal comma, as in {:?}", c.name)))
}

/// The order of a column's dates if they are written as numbers, and so say how the file writes dates.
fn numeric_order(style: &DateStyle, column: &Column) -> Option<DateStyle> {
    let style = match style {
        DateStyle::Mixed(parts) => &parts.iter().find(|(form, _)| form.is_numeric_order())?.1,
        style => style,
    };
    let is_order = matches!(style, DateStyle::MonthFirst | DateStyle::DayFirst);
    let numeric = || column.dict.iter().filter_map(dates::form_of).next().is_some_and(Form::is_numeric_order);
    (is_order && numeric()).then(|| style.clone())
}

/// A style with day and month in this order wherever they are written as numbers.
fn in_order(style: &DateStyle, order: &DateStyle) -> DateStyle {
    match style {
        DateStyle::MonthFirst | DateStyle::DayFirst => order.clone(),
        DateStyle::Mixed(parts) => {
            let put = |(form, style): &(Form, DateStyle)| {
                let other = form.is_numeric_order() && matches!(style, DateStyle::MonthFirst | DateStyle::DayFirst);
                (*form, if other { order.clone() } else { style.clone() })
            };
            let parts: Vec<_> = parts.iter().map(put).collect();
            match parts.first() {
                Some((_, first)) if parts.iter().all(|(_, s)| s == first) => first.clone(),
                _ => DateStyle::Mixed(parts),
            }
        }
        other => other.clone(),
    }
}

/// Days as spreadsheets count them: 1954-10-03 to 2064-04-08.
const SERIALS: std::ops::RangeInclusive<f64> = 20_000.0..=60_000.0;
/// Seconds since 1970: 1990 to 2100.
const SECONDS: std::ops::Range<f64> = 631_152_000.0..4_102_444_800.0;
/// Days that a made-up column of whole numbers may span to be one of dates.
const LONGEST_SPAN: f64 = 20.0 * 366.0;

fn settle_numbers_that_are_dates(table: &mut Table, ctx: &Ctx) -> Result<()> {
    let none = !table.columns.iter().any(|c| matches!(c.kind, ColumnKind::Date { .. }));
    let mut found: Vec<(usize, DateStyle, bool)> = Vec::new();
    let mut guesses: Vec<(usize, DateStyle, bool)> = Vec::new();
    for (i, column) in table.columns.iter().enumerate() {
        let (named, made_up) = (says_date(&column.name), is_made_up(&column.name));
        if !matches!(column.kind, ColumnKind::Number { .. }) || !(named || none) {
            continue;
        }
        let Some(range) = Range::of(column, ctx)? else { continue };
        let Some(style) = range.style() else { continue };
        let likely = match style {
            DateStyle::ExcelSerial if range.long_fractions => true,
            DateStyle::ExcelSerial => made_up && range.max - range.min <= LONGEST_SPAN,
            _ => made_up,
        };
        if named {
            found.push((i, style, range.time));
        } else if likely {
            guesses.push((i, style, range.time));
        }
    }
    // Without a name that says so a column is taken for dates only if there is no other.
    if found.is_empty() && guesses.len() == 1 {
        found = guesses;
    }
    for (i, style, time) in found {
        Arc::make_mut(&mut table.columns[i]).kind = ColumnKind::Date { style, time, ambiguous: false };
    }
    Ok(())
}

/// What a column of numbers says about being dates.
struct Range {
    min: f64,
    max: f64,
    /// Whether some number, taken as a date, has a time of day.
    time: bool,
    /// Whether every number has at least four decimals, as a time of day has.
    long_fractions: bool,
}

impl Range {
    /// `None` as soon as a number fits no way of counting days or seconds.
    fn of(column: &Column, ctx: &Ctx) -> Result<Option<Range>> {
        let mut out = Range { min: f64::MAX, max: f64::MIN, time: false, long_fractions: true };
        for (i, text) in column.dict.iter().enumerate() {
            if i.is_multiple_of(VALUES_PER_TICK) {
                ctx.tick(i, column.dict.len())?;
            }
            let Some(number) = column.number(text) else { continue };
            out.min = out.min.min(number);
            out.max = out.max.max(number);
            let Some(style) = out.style() else { return Ok(None) };
            let moment = dates::parse(text, &style).unwrap_or_default();
            out.time |= moment.rem_euclid(dates::DAY) != 0;
            out.long_fractions &=
                text.trim().rsplit(['.', ',']).next().is_some_and(|f| f.len() >= 4) && number.fract() != 0.0;
        }
        Ok((out.min <= out.max).then_some(out))
    }

    /// The way of counting that all numbers fit.
    fn style(&self) -> Option<DateStyle> {
        let both = |f: &dyn Fn(f64) -> bool| f(self.min) && f(self.max);
        if both(&|n| SERIALS.contains(&n)) {
            Some(DateStyle::ExcelSerial)
        } else if both(&|n| SECONDS.contains(&n)) {
            Some(DateStyle::EpochSeconds)
        } else if both(&|n| SECONDS.contains(&(n / 1000.0))) {
            Some(DateStyle::EpochMillis)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::table::Dict;

    /// A table of columns given as names and cells.
    fn table(columns: &[(&str, &[&str])]) -> Table {
        let column = |(name, cells): &(&str, &[&str])| {
            let mut dict = Dict::default();
            let codes: Vec<u32> = cells.iter().map(|cell| dict.push(cell)).collect();
            let kind = kind::infer(&dict, &Ctx::silent()).unwrap();
            let mut counts = vec![1; dict.len()];
            counts[0] = 0;
            Arc::new(Column { name: name.to_string(), dict, codes, counts, kind })
        };
        Table { columns: columns.iter().map(column).collect(), rows: columns[0].1.len(), ..Table::default() }
    }

    fn settled(columns: &[(&str, &[&str])], decimal: Option<char>) -> Vec<ColumnKind> {
        let mut table = table(columns);
        settle(&mut table, decimal, &Ctx::silent()).unwrap();
        table.columns.iter().map(|c| c.kind.clone()).collect()
    }

    fn date(style: DateStyle, time: bool) -> ColumnKind {
        ColumnKind::Date { style, time, ambiguous: false }
    }

    #[test]
    fn doubtful_commas_follow_the_other_columns() {
        let number =
            |decimal, ambiguous, whole| ColumnKind::Number { whole, style: NumberStyle { decimal, ambiguous } };
        let kinds = settled(&[("a", &["1,234", "5,678"]), ("b", &["1,5", "2,25"])], None);
        assert_eq!(kinds[0], number(Decimal::Comma, true, false));
        let kinds = settled(&[("a", &["1,234", "5,678"]), ("b", &["1.5", "2.25"])], None);
        assert_eq!(kinds[0], number(Decimal::Point, true, true));
        let kinds = settled(&[("a", &["1.234", "5.678"]), ("d", &["25.12.2011", "1.12.2011"])], None);
        assert_eq!(kinds[0], number(Decimal::Comma, true, true));
        let kinds = settled(&[("a", &["1,234", "50"]), ("d", &["25.12.2011", "1.12.2011"])], None);
        assert_eq!(kinds[0], number(Decimal::Point, true, true), "the shape of the numbers comes before the dates");
        let kinds = settled(&[("a", &["1.012", "50"]), ("b", &["1.5", "2.25"])], None);
        assert_eq!(kinds[0], number(Decimal::Point, true, false), "other numbers come before the shape");
        let kinds = settled(&[("a", &["1,234", "5,678"]), ("b", &["15", "22"])], None);
        assert_eq!(kinds[0], number(Decimal::Point, true, true));
        let kinds = settled(&[("a", &["1,234", "5,678"]), ("b", &["1.5", "2.25"])], Some(','));
        assert_eq!(kinds[0], number(Decimal::Comma, false, false));
        assert!(settle(&mut table(&[("a", &["1"])]), Some(';'), &Ctx::silent()).is_err());
    }

    #[test]
    fn doubtful_dates_follow_the_other_columns() {
        let order = |kinds: Vec<ColumnKind>| match &kinds[0] {
            ColumnKind::Date { style, ambiguous: true, .. } => style.clone(),
            kind => panic!("{kind:?}"),
        };
        let doubtful: &[&str] = &["1/2/2011", "3/4/2011"];
        assert_eq!(order(settled(&[("a", doubtful), ("b", &["25/2/2011", "1/3/2011"])], None)), DateStyle::DayFirst);
        assert_eq!(order(settled(&[("a", doubtful), ("b", &["2/25/2011", "1/3/2011"])], None)), DateStyle::MonthFirst);
        assert_eq!(order(settled(&[("a", doubtful), ("b", &["1,5", "2,25"])], None)), DateStyle::DayFirst);
        assert_eq!(
            order(settled(&[("a", doubtful), ("b", &["9 Dec 2011", "1 Dec 2011"])], None)),
            DateStyle::MonthFirst
        );
    }

    #[test]
    fn numbers_are_dates_where_their_name_or_nothing_else_says_so() {
        let serials: &[&str] = &["40513.356944", "40514.5"];
        assert_eq!(settled(&[("InvoiceDate", serials)], None), [date(DateStyle::ExcelSerial, true)]);
        assert_eq!(settled(&[("Order date", &["40513", "40514"])], None), [date(DateStyle::ExcelSerial, false)]);
        assert_eq!(
            settled(&[("created_at", &["1291191965", "1291191966"])], None),
            [date(DateStyle::EpochSeconds, true)]
        );
        assert_eq!(settled(&[("ts", &["1291191965000", "1291191966000"])], None), [date(DateStyle::EpochMillis, true)]);
        assert_eq!(settled(&[("when", &["40513.356944", "40514.512345"])], None), [date(DateStyle::ExcelSerial, true)]);
        assert_eq!(settled(&[("column_1", &["40513", "40514"])], None), [date(DateStyle::ExcelSerial, false)]);
        // Post codes, incomes, or two columns that could both be: numbers.
        assert_eq!(settled(&[("Postal Code", &["42420", "33311"])], None), [ColumnKind::number(true)]);
        assert_eq!(settled(&[("Income", &["42420.5", "33311.25"])], None), [ColumnKind::number(false)]);
        let two = settled(&[("column_1", &["40513", "40514"]), ("column_2", &["40613", "40614"])], None);
        assert_eq!(two, [ColumnKind::number(true), ColumnKind::number(true)]);
        let other = settled(&[("column_1", &["40513", "40514"]), ("day", &["2011-01-01", "2011-01-02"])], None);
        assert_eq!(other[0], ColumnKind::number(true));
        assert_eq!(settled(&[("date", &["1", "40514"])], None), [ColumnKind::number(true)]);
    }
}
