//! How a column writes its dates, and how they spread over time.

use super::{BINS, Details, Doubts};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format;
use crate::intake::dates::{self, DateStyle, FormCount, Survey};
use crate::intake::kind::MissingRule;
use crate::intake::{Column, Distribution};

/// Share of dates in the other order from which on both orders are in use, and not a few values wrong.
const MIXED_SHARE: f64 = 0.05;

/// Describes a column of dates.
pub(super) fn describe(
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
    let found = dates::survey(values, style, &|done| ctx.tick(done, column.dict.len()))?;
    let mut out = Details::default();
    let moments = || found.moments.iter().map(|(at, _)| *at);
    if let (Some(first), Some(last)) = (moments().min(), moments().max()) {
        let mut bins = vec![0; BINS];
        for &(at, rows) in &found.moments {
            let share = (at - first) as f64 / (last - first).max(1) as f64;
            bins[((share * BINS as f64) as usize).min(BINS - 1)] += rows;
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
        let text = format!(
            "{} can be read only with day and month the other way round, and not as {}.",
            format::plural(others, "row", "rows"),
            style.label()
        );
        let read: usize = found.moments.iter().map(|(_, rows)| rows).sum();
        if others as f64 >= MIXED_SHARE * (read + others) as f64 {
            let both: usize = found.forms.iter().map(|f| f.both.1).sum();
            let either = match both {
                0 => String::new(),
                n => format!(" Another {} can be read either way.", format::plural(n, "row", "rows")),
            };
            out.doubts.push(format!(
                "Day and month stand in both orders in {:?}: {text}{either} Look where the file comes from: neither order is \
                 right for all of it.",
                column.name,
            ));
        } else {
            out.problems.push(text);
        }
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
