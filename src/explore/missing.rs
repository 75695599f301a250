//! Which columns lack values, where in the table, and which lack them together.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::columns::{columns, load};
use super::values::{Col, NONE};
use super::view::{View, chunks};
use super::words::{amounts, note};
use super::{Source, Subject};
use crate::chart::{Axis, Bar, Cell, Cells, Chart, Data, Ink, Marks, Numbers, Scale};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::{count, percent, plural};

/// Rows of the picture of the table.
const STRIPES: usize = 60;
/// Columns of that picture.
const MOST_COLUMNS: usize = 60;
/// Columns whose combinations are told apart.
const MOST_COMBINED: usize = 40;
/// Combinations with a bar.
const MOST_PATTERNS: usize = 20;

/// The columns of a source and their missing values.
struct Lacking<'a> {
    view: View<'a>,
    labels: Vec<String>,
    columns: Vec<Col<'a>>,
    /// Rows without a value.
    missing: Vec<usize>,
    /// Columns beyond those looked at.
    more: usize,
}

impl<'a> Lacking<'a> {
    fn of(subject: &'a Subject, source: Source, ctx: &Ctx) -> Result<Lacking<'a>> {
        let view = View::of(subject, source);
        let infos = columns(subject, source);
        let more = infos.len().saturating_sub(MOST_COLUMNS);
        let labels = infos.iter().take(MOST_COLUMNS).map(|c| c.label.clone()).collect();
        let one = |info: &super::ColumnInfo| {
            let column = load(&view, &info.name, ctx)?;
            let with: usize = match &column {
                Col::Numbers(numbers) => numbers.count(&view, ctx)?,
                Col::Words(words) => words.counts(&view, None, ctx)?.iter().map(|&n| n as usize).sum(),
            };
            Ok((column, view.len() - with))
        };
        let found: Vec<(Col, usize)> = infos.par_iter().take(MOST_COLUMNS).map(one).collect::<Result<_>>()?;
        let (columns, missing) = found.into_iter().unzip();
        Ok(Lacking { view, labels, columns, missing, more })
    }

    /// Whether a column lacks its value at a place.
    #[inline]
    fn lacks(&self, column: usize, place: usize) -> bool {
        match &self.columns[column] {
            Col::Numbers(numbers) => numbers.at(&self.view, place).is_nan(),
            Col::Words(words) => words.at(&self.view, place) == NONE,
        }
    }

    /// The rows of a stripe.
    fn stripe(&self, stripe: usize, stripes: usize) -> Range<usize> {
        stripe * self.view.len() / stripes..(stripe + 1) * self.view.len() / stripes
    }

    fn stripes(&self) -> usize {
        self.view.len().min(STRIPES)
    }

    /// The columns that lack values, those that lack most first where there are too many to combine.
    fn combined(&self) -> Vec<usize> {
        let mut of: Vec<usize> = (0..self.columns.len()).filter(|&c| self.missing[c] > 0).collect();
        of.sort_by_key(|&c| (std::cmp::Reverse(self.missing[c]), c));
        of.truncate(MOST_COMBINED);
        of.sort_unstable();
        of
    }

    /// One bit per column of `combined` that lacks its value at a place.
    #[inline]
    fn pattern(&self, combined: &[usize], place: usize) -> u64 {
        combined.iter().enumerate().map(|(bit, &c)| u64::from(self.lacks(c, place)) << bit).sum()
    }

    /// Combinations of missing values with their rows, the most frequent first; all others as one at the end.
    fn patterns(&self, combined: &[usize], ctx: &Ctx) -> Result<Vec<(u64, usize)>> {
        let part = |range: Range<usize>| {
            ctx.tick(range.start, self.view.len())?;
            let mut found: HashMap<u64, usize> = HashMap::new();
            let (mut last, mut n) = (0, 0);
            for place in range {
                let pattern = self.pattern(combined, place);
                if pattern != last {
                    *found.entry(last).or_default() += n;
                    (last, n) = (pattern, 0);
                }
                n += 1;
            }
            *found.entry(last).or_default() += n;
            Ok(found)
        };
        let add = |mut a: HashMap<u64, usize>, b: HashMap<u64, usize>| {
            b.into_iter().for_each(|(pattern, n)| *a.entry(pattern).or_default() += n);
            Ok(a)
        };
        let found: HashMap<u64, usize> =
            chunks(self.view.len()).map(part).reduce(|| Ok(HashMap::new()), |a, b| add(a?, b?))?;
        let mut out: Vec<(u64, usize)> = found.into_iter().filter(|(_, n)| *n > 0).collect();
        out.sort_unstable_by_key(|&(pattern, n)| (std::cmp::Reverse(n), pattern));
        Ok(out)
    }
}

/// The picture of the table, and the combinations.
pub(super) fn missing(subject: &Subject, source: Source, selection: Option<&[u32]>, ctx: &Ctx) -> Result<Vec<Chart>> {
    let title = "Missing values".to_string();
    let empty = |why: String| Ok(vec![Chart { title: title.clone(), marks: Marks::Empty(why), ..Chart::default() }]);
    if let Some(why) = View::of(subject, source).why_empty() {
        return empty(why);
    }
    let lacking = Lacking::of(subject, source, ctx)?;
    let (view, rows) = (&lacking.view, lacking.view.len());
    let cells_missing: usize = lacking.missing.iter().sum();
    if cells_missing == 0 {
        return empty(format!("Nothing is missing: all {} have a value in every column.", view.rows_in_words(rows)));
    }
    let more =
        if lacking.more > 0 { format!("{} further columns not shown", count(lacking.more)) } else { String::new() };
    let combined = lacking.combined();
    let patterns = lacking.patterns(&combined, ctx)?;
    let complete: usize = patterns.iter().filter(|(pattern, _)| *pattern == 0).map(|(_, n)| n).sum();
    let said = note([
        view.rows_in_words(rows),
        format!(
            "{} lack {}",
            plural(rows - complete, view.unit().0, view.unit().1),
            if rows - complete == 1 { "a value" } else { "at least one value" }
        ),
        format!("{} without a value", plural(cells_missing, "cell", "cells")),
        more,
    ]);
    Ok(vec![
        Chart { title: format!("{title} by place in the table"), note: said, ..matrix(&lacking, ctx)? },
        combinations(&lacking, &combined, &patterns, selection, ctx)?,
    ])
}

/// Share of missing values per column and stripe of rows.
fn matrix(lacking: &Lacking, ctx: &Ctx) -> Result<Chart> {
    let (view, columns, stripes) = (&lacking.view, lacking.columns.len(), lacking.stripes());
    let one = |stripe: usize| {
        let range = lacking.stripe(stripe, stripes);
        let mut counts = vec![0usize; columns];
        for chunk in range.clone().step_by(super::view::CHUNK) {
            ctx.tick(chunk, view.len())?;
            let places = chunk..range.end.min(chunk + super::view::CHUNK);
            for (column, n) in counts.iter_mut().enumerate().filter(|(c, _)| lacking.missing[*c] > 0) {
                *n += places.clone().filter(|&place| lacking.lacks(column, place)).count();
            }
        }
        Ok(counts)
    };
    let counts: Vec<Vec<usize>> = (0..stripes).into_par_iter().map(one).collect::<Result<_>>()?;
    let unit = if view.source == Source::Customers { "Customers" } else { "Rows" };
    let name = |stripe: usize| {
        let range = lacking.stripe(stripe, stripes);
        if range.len() == 1 { count(range.end) } else { format!("{}–{}", count(range.start + 1), count(range.end)) }
    };
    let names: Vec<String> = (0..stripes).map(name).collect();
    let cell = |stripe: usize, column: usize| {
        let (n, of) = (counts[stripe][column], lacking.stripe(stripe, stripes).len());
        let share = n as f64 / of as f64;
        let tip = format!(
            "{}\n{unit} {}\n{} of {} without a value ({})",
            lacking.labels[column],
            names[stripe],
            count(n),
            count(of),
            percent(share)
        );
        Cell { ink: (n > 0).then_some(Ink::Sequential(share as f32)), text: String::new(), tip, ring: false }
    };
    let places = || (0..stripes).flat_map(|s| (0..columns).map(move |c| (s, c)));
    let data = (0..columns).fold(Data::default().text(unit.to_lowercase(), names.clone()), |data, c| {
        let share = |s: usize| counts[s][c] as f64 / lacking.stripe(s, stripes).len() as f64;
        data.number(lacking.labels[c].clone(), (0..stripes).map(share).collect::<Vec<_>>())
    });
    let labels = lacking.labels.iter().zip(&lacking.missing).map(|(label, &n)| match n {
        0 => label.clone(),
        n => format!("{label} {}", percent(n as f64 / view.len() as f64)),
    });
    Ok(Chart {
        marks: Marks::Cells(Cells { columns, cells: places().map(|(s, c)| cell(s, c)).collect() }),
        x: Axis { label: String::new(), scale: Scale::Names(Arc::new(labels.collect())) },
        y: Axis { label: unit.into(), scale: Scale::Names(Arc::new(names)) },
        data,
        ..Chart::default()
    })
}

/// Bars of the combinations in which values are missing.
fn combinations(
    lacking: &Lacking,
    combined: &[usize],
    patterns: &[(u64, usize)],
    selection: Option<&[u32]>,
    ctx: &Ctx,
) -> Result<Chart> {
    let view = &lacking.view;
    let top = shown(patterns);
    let words = |pattern: u64| {
        let of: Vec<&str> = combined
            .iter()
            .enumerate()
            .filter(|(bit, _)| pattern >> bit & 1 == 1)
            .map(|(_, &c)| lacking.labels[c].as_str())
            .collect();
        if of.is_empty() { "nothing missing".to_string() } else { of.join(" and ") }
    };
    let mut names: Vec<String> = patterns[..top].iter().map(|(p, _)| words(*p)).collect();
    let mut values: Vec<usize> = patterns[..top].iter().map(|(_, n)| *n).collect();
    if top < patterns.len() {
        names.push(format!("{} other combinations", count(patterns.len() - top)));
        values.push(patterns[top..].iter().map(|(_, n)| n).sum());
    }
    let selected = view.selected(selection, ctx)?;
    let part = match &selected {
        Some(selected) => {
            let bar = |place: usize| bar_of(patterns, lacking.pattern(combined, place)) as u32;
            Some(super::values::count_places(view, values.len(), bar, Some(selected), ctx)?)
        }
        None => None,
    };
    let bar = |(i, &n): (usize, &usize)| {
        let mut tip = format!("{}\n{}, {}", names[i], view.rows_in_words(n), percent(n as f64 / view.len() as f64));
        if let Some(part) = &part {
            tip.push_str(&format!("\n{} of them selected", count(part[i] as usize)));
        }
        let ink = if i < top && patterns[i].0 == 0 { Ink::Faint } else { Ink::Accent };
        let selected = part.as_ref().map(|part| f64::from(part[i]));
        Bar { from: i as f64, to: (i + 1) as f64, value: n as f64, selected, ink, tip }
    };
    let bars = values.iter().enumerate().map(bar).collect();
    let unit = if view.source == Source::Customers { "Customers" } else { "Rows" };
    let lacks = lacking.missing.iter().filter(|&&n| n > 0).count();
    let highest = values.iter().copied().max().unwrap_or(0) as f64;
    Ok(Chart {
        title: "Columns that lack values together".into(),
        note: note([
            format!("{} with missing values", plural(lacks, "column", "columns")),
            plural(patterns.len(), "combination", "combinations"),
            if lacks > combined.len() {
                format!("only the {} columns that lack most are told apart", combined.len())
            } else {
                String::new()
            },
        ]),
        marks: Marks::Rows(bars),
        x: amounts(unit, highest, Numbers::Whole),
        y: Axis { label: "Missing".into(), scale: Scale::Names(Arc::new(names.clone())) },
        data: Data::default()
            .text("missing", names)
            .number(unit.to_lowercase(), values.iter().map(|&n| n as f64).collect::<Vec<_>>()),
        ..Chart::default()
    })
}

/// How many combinations have their own bar.
fn shown(patterns: &[(u64, usize)]) -> usize {
    if patterns.len() <= MOST_PATTERNS + 1 { patterns.len() } else { MOST_PATTERNS }
}

/// The bar of a combination.
fn bar_of(patterns: &[(u64, usize)], pattern: u64) -> usize {
    let top = shown(patterns);
    patterns[..top].iter().position(|(p, _)| *p == pattern).unwrap_or(top)
}

/// The customers of a cell of the picture: those of its rows that lack the column's value.
pub(super) fn pick_cell(subject: &Subject, source: Source, cell: usize, ctx: &Ctx) -> Result<Vec<u32>> {
    let lacking = Lacking::of(subject, source, ctx)?;
    let columns = lacking.columns.len().max(1);
    let (stripe, column) = (cell / columns, cell % columns);
    if stripe >= lacking.stripes() {
        return Ok(Vec::new());
    }
    let range = lacking.stripe(stripe, lacking.stripes());
    lacking.view.customers_where(|place| range.contains(&place) && lacking.lacks(column, place), ctx)
}

/// The customers of one combination.
pub(super) fn pick_bar(subject: &Subject, source: Source, bar: usize, ctx: &Ctx) -> Result<Vec<u32>> {
    let lacking = Lacking::of(subject, source, ctx)?;
    let combined = lacking.combined();
    let patterns = lacking.patterns(&combined, ctx)?;
    lacking.view.customers_where(|place| bar_of(&patterns, lacking.pattern(&combined, place)) == bar, ctx)
}
