//! Counts how the dates of a column are written, in values and in rows.

use super::{DateStyle, Form, form_of, parse, plausible, zone_of};
use crate::error::Result;
use crate::intake::intern::VALUES_PER_TICK;

/// How the values of a column are written, when read in one style.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Survey {
    /// The forms of the dates that can be read, the most common first.
    pub forms: Vec<FormCount>,
    /// Values, and rows of them, that cannot be read but are dates with day and month the other way round.
    pub only_other_order: (usize, usize),
    /// Values, and rows of them, that are no date in this style.
    pub unreadable: (usize, usize),
    /// The first value that is none.
    pub unreadable_example: Option<String>,
    /// Time zones that are named, with rows; at most [`MOST_ZONES`] of them.
    pub zones: Vec<(String, usize)>,
    /// The moments that could be read, in seconds since 1970-01-01, each with its rows.
    pub moments: Vec<(i64, usize)>,
}

/// One form of dates in a column.
#[derive(Debug, Clone, PartialEq)]
pub struct FormCount {
    pub form: Form,
    pub style: DateStyle,
    pub rows: usize,
    /// Distinct values that are another date with day and month the other way round, and their rows.
    pub both: (usize, usize),
    /// Distinct values that can only be read in the style's order.
    pub certain: usize,
    pub example: String,
}

/// Zones that are listed one by one.
pub const MOST_ZONES: usize = 8;

/// Counts the distinct values of a column, given with their rows.
///
/// # Errors
/// Those of `tick`, which is called with the number of values done.
pub fn survey<'a>(
    values: impl Iterator<Item = (&'a str, usize)>,
    style: &DateStyle,
    tick: &dyn Fn(usize) -> Result<()>,
) -> Result<Survey> {
    let mut out = Survey::default();
    let other_order = style.other_order();
    for (i, (text, rows)) in values.enumerate() {
        if i.is_multiple_of(VALUES_PER_TICK) {
            tick(i)?;
        }
        let other = || other_order.as_ref().and_then(|style| parse(text, style)).filter(|s| plausible(*s));
        let Some(seconds) = parse(text, style).filter(|s| plausible(*s)) else {
            let other = other();
            let count = if other.is_some() { &mut out.only_other_order } else { &mut out.unreadable };
            *count = (count.0 + 1, count.1 + rows);
            if other.is_none() && out.unreadable_example.is_none() {
                out.unreadable_example = Some(text.to_string());
            }
            continue;
        };
        out.moments.push((seconds, rows));
        let Some(form) = form_of(text) else { continue };
        let at = out.forms.iter().position(|f| f.form == form).unwrap_or_else(|| {
            let style = match style {
                DateStyle::Mixed(parts) => parts.iter().find(|(f, _)| *f == form).map(|(_, s)| s),
                style => Some(style),
            };
            let style = style.cloned().unwrap_or(DateStyle::YearFirst);
            out.forms.push(FormCount { form, style, rows: 0, both: (0, 0), certain: 0, example: text.to_string() });
            out.forms.len() - 1
        });
        let count = &mut out.forms[at];
        count.rows += rows;
        if form.is_numeric_order() {
            match other() {
                Some(other) if other != seconds => count.both = (count.both.0 + 1, count.both.1 + rows),
                Some(_) => {}
                None => count.certain += 1,
            }
        }
        if let Some(zone) = zone_of(text) {
            match out.zones.iter().position(|(name, _)| name == zone) {
                Some(at) => out.zones[at].1 += rows,
                None if out.zones.len() < MOST_ZONES => out.zones.push((zone.to_string(), rows)),
                None => {}
            }
        }
    }
    out.forms.sort_by_key(|f| std::cmp::Reverse(f.rows));
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_rows_are_counted() {
        let values = [("1-2-2016", 3), ("12/25/2016", 2), ("25/12/2016", 4), ("x", 5), ("3/3/2016", 1)];
        let found = survey(values.into_iter(), &DateStyle::MonthFirst, &|_| Ok(())).unwrap();
        assert_eq!((found.only_other_order, found.unreadable), ((1, 4), (1, 5)));
        let form = |form| found.forms.iter().find(|f| f.form == form).unwrap();
        assert_eq!((form(Form::Dashes).both, form(Form::Dashes).certain), ((1, 3), 0));
        assert_eq!((form(Form::Slashes).rows, form(Form::Slashes).certain), (3, 1));
        let zones = [("2016-01-02T10:00:00+01:00", 2), ("2016-01-02T10:00:00Z", 1)];
        let found = survey(zones.into_iter(), &DateStyle::YearFirst, &|_| Ok(())).unwrap();
        assert_eq!(found.zones, [("+01:00".to_string(), 2), ("Z".to_string(), 1)]);
    }
}
