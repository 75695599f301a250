//! How columns of numbers go together: Pearson's and Spearman's coefficients of each pair.

use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use super::cluster_order::cluster_order;
use super::columns::load_numbers;
use super::distribution::Distribution;
use super::values::Numbers;
use super::view::{View, chunks};
use super::words::note;
use super::{Correlation, Source, Subject};
use crate::chart::{Axis, Cell, Cells, Chart, Data, Ink, Marks, Scale};
use crate::ctx::Ctx;
use crate::error::Result;
use crate::format::count;

/// Columns of which all pairs are looked at.
const MOST_COLUMNS: usize = 40;
/// Rows whose products are added up in one machine word.
const RUN: usize = 1 << 11;

/// Correlations of columns: `r[i][j]`, 1 for `i` = `j`; NaN where one of the two does not vary on the rows that have both.
pub(super) struct Found {
    pub names: Vec<String>,
    pub labels: Vec<String>,
    pub r: Vec<Vec<f64>>,
    /// Rows with both values.
    pub n: Vec<Vec<usize>>,
    pub constant: Vec<String>,
    /// Columns of numbers beyond those looked at.
    pub more: usize,
}

/// Computes the correlations of all columns of numbers of a view.
pub(super) fn correlations(view: &View, method: Correlation, ctx: &Ctx) -> Result<Found> {
    let (columns, total) = load_numbers(view, MOST_COLUMNS, ctx)?;
    let more = total - columns.len();
    let described: Vec<Distribution> =
        columns.par_iter().map(|c| c.distribution(view, None, ctx)).collect::<Result<_>>()?;
    let (mut kept, mut constant) = (Vec::new(), Vec::new());
    for (column, d) in columns.into_iter().zip(described) {
        if d.distinct() < 2 {
            constant.push(column.info.label.clone());
        } else {
            kept.push((column, d));
        }
    }
    let names = kept.iter().map(|(c, _)| c.info.name.clone()).collect();
    let labels = kept.iter().map(|(c, _)| c.info.label.clone()).collect();
    let p = kept.len();
    let mut found = Found { names, labels, r: vec![vec![1.0; p]; p], n: vec![vec![0; p]; p], constant, more };
    kept.iter().enumerate().for_each(|(i, (_, d))| found.n[i][i] = d.count());
    let pairs: Vec<(usize, usize)> = (0..p).flat_map(|i| (0..i).map(move |j| (j, i))).collect();
    let mut put = |pairs: &[(usize, usize)], of: Vec<(f64, usize)>| {
        for (&(i, j), (r, n)) in pairs.iter().zip(of) {
            (found.r[i][j], found.r[j][i], found.n[i][j], found.n[j][i]) = (r, r, n, n);
        }
    };
    match method {
        Correlation::Pearson => {
            let full: Vec<bool> = kept.iter().map(|(_, d)| d.count() == view.len()).collect();
            let standard = kept.par_iter().map(|(c, d)| standardised(c, d)).collect::<Vec<_>>();
            put(&pairs, products(view, &standard, &full, &pairs, None, ctx)?);
        }
        Correlation::Spearman => {
            let present: Vec<Option<Arc<Present>>> = kept
                .par_iter()
                .map(|(c, d)| if d.count() == view.len() { Ok(None) } else { Present::of(view, c, ctx).map(Some) })
                .collect::<Result<_>>()?;
            // Ranks are those among the rows that have both values, so pairs go together by those rows.
            for (rows, pairs) in by_rows(&present, pairs) {
                let mut used: Vec<usize> = pairs.iter().flat_map(|&(i, j)| [i, j]).collect();
                used.sort_unstable();
                used.dedup();
                let rank = |&i: &usize| ranked(view, &kept[i].0, rows.as_deref(), &kept[i].1, ctx);
                let ranks: Vec<Numbers> = used.par_iter().map(rank).collect::<Result<_>>()?;
                let at = |i: usize| used.partition_point(|&u| u < i);
                let here: Vec<(usize, usize)> = pairs.iter().map(|&(i, j)| (at(i), at(j))).collect();
                put(&pairs, products(view, &ranks, &vec![true; ranks.len()], &here, rows.as_deref(), ctx)?);
            }
        }
    }
    Ok(found)
}

/// Values less their mean, in standard deviations: products of them are near one, whatever the unit.
fn standardised<'a>(column: &Numbers<'a>, d: &Distribution) -> Numbers<'a> {
    let m = d.moments();
    column.mapped(|v| (v - m.mean) / m.sd)
}

/// Mid-ranks among `rows` in place of values, standardised; outside of `rows` anything.
fn ranked<'a>(
    view: &View,
    column: &Numbers<'a>,
    rows: Option<&Present>,
    all: &Distribution,
    ctx: &Ctx,
) -> Result<Numbers<'a>> {
    let part;
    let d = match rows {
        None => all,
        Some(rows) => {
            part = column.distribution_where(view, &|place| rows.has(place), ctx)?;
            &part
        }
    };
    ctx.tick(0, 1)?;
    let n = d.count() as f64;
    // Of ranks without ties; with ties they spread a little less.
    let (mean, sd) = ((n + 1.0) / 2.0, ((n * n - 1.0) / 12.0).sqrt().max(1.0));
    let finder = d.finder();
    Ok(column.mapped(|v| (finder.mid_rank(v) - mean) / sd))
}

/// The rows that have a value, one bit each.
#[derive(PartialEq)]
struct Present(Vec<u64>);

impl Present {
    fn of(view: &View, column: &Numbers, ctx: &Ctx) -> Result<Arc<Present>> {
        let word = |i: usize| {
            let bit = |place: usize| u64::from(!column.at(view, place).is_nan()) << (place % 64);
            (i * 64..view.len().min((i + 1) * 64)).map(bit).sum()
        };
        let part = |range: Range<usize>| {
            ctx.tick(range.start, view.len())?;
            Ok((range.start / 64..range.end.div_ceil(64)).map(word).collect())
        };
        let parts: Vec<Vec<u64>> = chunks(view.len()).map(part).collect::<Result<_>>()?;
        Ok(Arc::new(Present(parts.concat())))
    }

    fn and(&self, other: &Present) -> Present {
        Present(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    #[inline]
    fn has(&self, place: usize) -> bool {
        self.0[place / 64] >> (place % 64) & 1 == 1
    }
}

type Pairs = Vec<(usize, usize)>;

/// Pairs of columns by the rows that have both values; `None` stands for all rows.
fn by_rows(present: &[Option<Arc<Present>>], pairs: Pairs) -> Vec<(Option<Arc<Present>>, Pairs)> {
    let mut out: Vec<(Option<Arc<Present>>, Pairs)> = Vec::new();
    for (i, j) in pairs {
        let both = match (&present[i], &present[j]) {
            (None, None) => None,
            (Some(one), None) | (None, Some(one)) => Some(one.clone()),
            (Some(a), Some(b)) if Arc::ptr_eq(a, b) || a == b => Some(a.clone()),
            (Some(a), Some(b)) => Some(Arc::new(a.and(b))),
        };
        let same = |other: &Option<Arc<Present>>| match (other, &both) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
            _ => false,
        };
        match out.iter_mut().find(|(other, _)| same(other)) {
            Some((_, pairs)) => pairs.push((i, j)),
            None => out.push((both, vec![(i, j)])),
        }
    }
    out
}

/// Exact sums of one column (x, x²), or of a pair (x, y, x², y², xy) over the rows that have both values.
#[derive(Clone, Default)]
struct Sums {
    n: u64,
    of: [Fixed; 5],
}

impl Sums {
    fn add(&mut self, other: &Sums) {
        self.n += other.n;
        self.of.iter_mut().zip(&other.of).for_each(|(a, b)| a.add(b));
    }
}

/// Pearson's coefficient of each pair of columns, and the rows that have both values. `full` tells which columns have a
/// value in each of `rows`.
fn products(
    view: &View,
    columns: &[Numbers],
    full: &[bool],
    pairs: &[(usize, usize)],
    rows: Option<&Present>,
    ctx: &Ctx,
) -> Result<Vec<(f64, usize)>> {
    let bounds: Vec<f64> = columns.par_iter().map(Numbers::bound).collect();
    // Powers of two, so that scaling is exact and no scaled term is beyond 2^50.
    let unit = |bound: f64| 2f64.powi(bound.max(f64::MIN_POSITIVE).log2().ceil() as i32 + 1 - 50);
    let one: Vec<[f64; 2]> = bounds.iter().map(|&b| [unit(b), unit(b * b)]).collect();
    let two: Vec<[f64; 5]> =
        pairs.iter().map(|&(i, j)| [one[i][0], one[j][0], one[i][1], one[j][1], unit(bounds[i] * bounds[j])]).collect();
    let part = |range: Range<usize>| {
        ctx.tick(range.start, view.len())?;
        let mut sums = vec![Sums::default(); columns.len() + pairs.len()];
        let mut values = vec![0.0; columns.len() * RUN];
        let mut has = vec![0.0; columns.len() * RUN];
        for from in range.clone().step_by(RUN) {
            let n = RUN.min(range.end - from);
            let within: u64 = match rows {
                None => n as u64,
                Some(rows) => (from..from + n).map(|place| u64::from(rows.has(place))).sum(),
            };
            for (c, column) in columns.iter().enumerate() {
                let (values, has) = (&mut values[c * RUN..][..n], &mut has[c * RUN..][..n]);
                for (k, (value, has)) in values.iter_mut().zip(has).enumerate() {
                    let v = column.at(view, from + k);
                    let there = rows.is_none_or(|rows| rows.has(from + k)) && !v.is_nan();
                    (*value, *has) = if there { (v, 1.0) } else { (0.0, 0.0) };
                }
                if full[c] {
                    let [u, uu] = one[c].map(f64::recip);
                    let of = &mut sums[c];
                    of.n += within;
                    of.of[0].add(&sum_of(values.iter().map(|x| x * u)));
                    of.of[1].add(&sum_of(values.iter().map(|x| x * x * uu)));
                }
            }
            for (k, &(i, j)) in pairs.iter().enumerate() {
                let (x, y) = (&values[i * RUN..][..n], &values[j * RUN..][..n]);
                let unit = two[k].map(f64::recip);
                let of = &mut sums[columns.len() + k];
                of.of[4].add(&sum_of(x.iter().zip(y).map(|(x, y)| x * y * unit[4])));
                if !(full[i] && full[j]) {
                    let (hx, hy) = (&has[i * RUN..][..n], &has[j * RUN..][..n]);
                    of.n += hx.iter().zip(hy).map(|(a, b)| a * b).sum::<f64>() as u64;
                    of.of[0].add(&sum_of(x.iter().zip(hy).map(|(x, h)| x * h * unit[0])));
                    of.of[1].add(&sum_of(y.iter().zip(hx).map(|(y, h)| y * h * unit[1])));
                    of.of[2].add(&sum_of(x.iter().zip(hy).map(|(x, h)| x * x * h * unit[2])));
                    of.of[3].add(&sum_of(y.iter().zip(hx).map(|(y, h)| y * y * h * unit[3])));
                }
            }
        }
        Ok(sums)
    };
    let none = || Ok(vec![Sums::default(); columns.len() + pairs.len()]);
    let add = |mut a: Vec<Sums>, b: Vec<Sums>| {
        a.iter_mut().zip(&b).for_each(|(a, b)| a.add(b));
        Ok(a)
    };
    let sums: Vec<Sums> = chunks(view.len()).map(part).reduce(none, |a, b| add(a?, b?))?;
    let coefficient = |(k, &(i, j)): (usize, &(usize, usize))| {
        let of = &sums[columns.len() + k];
        let value = |s: &Fixed, unit: f64| s.value(unit);
        let xy = value(&of.of[4], two[k][4]);
        let (n, x, y, xx, yy) = if full[i] && full[j] {
            let (a, b) = (&sums[i], &sums[j]);
            let of = |s: &Sums, u: [f64; 2]| (value(&s.of[0], u[0]), value(&s.of[1], u[1]));
            let ((x, xx), (y, yy)) = (of(a, one[i]), of(b, one[j]));
            (a.n, x, y, xx, yy)
        } else {
            let at = |m: usize| value(&of.of[m], two[k][m]);
            (of.n, at(0), at(1), at(2), at(3))
        };
        let n = n as f64;
        let (vx, vy) = (xx - x * x / n, yy - y * y / n);
        let varies = |v: f64, square: f64| v > 1e-13 * square;
        let r = if n > 1.0 && varies(vx, xx) && varies(vy, yy) {
            ((xy - x * y / n) / (vx.sqrt() * vy.sqrt())).clamp(-1.0, 1.0)
        } else {
            f64::NAN
        };
        (r, n as usize)
    };
    Ok(pairs.iter().enumerate().map(coefficient).collect())
}

/// A sum of whole multiples of a small unit and of a far smaller one; both parts are exact, so that the order of terms
/// has no say.
#[derive(Clone, Copy, Default)]
struct Fixed {
    coarse: i128,
    fine: i128,
}

impl Fixed {
    fn add(&mut self, other: &Fixed) {
        self.coarse += other.coarse;
        self.fine += other.fine;
    }

    fn value(self, unit: f64) -> f64 {
        (self.coarse as f64 + self.fine as f64 * FINE) * unit
    }
}

/// Added to a number of at most 2^51 in size it rounds that to a whole one, which is then in the lowest bits: 1.5 · 2^52.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// The unit of what is left after rounding.
const FINE: f64 = 1.0 / (1u64 << 50) as f64;

/// The exact sum of up to [`RUN`] terms of which none is beyond 2^50 in size.
#[inline]
fn sum_of(terms: impl Iterator<Item = f64>) -> Fixed {
    let (mut coarse, mut fine) = (0i64, 0i64);
    let zero = ROUND.to_bits() as i64;
    for term in terms {
        let whole = term + ROUND;
        let rest = (term - (whole - ROUND)) / FINE + ROUND;
        coarse = coarse.wrapping_add((whole.to_bits() as i64).wrapping_sub(zero));
        fine = fine.wrapping_add((rest.to_bits() as i64).wrapping_sub(zero));
    }
    Fixed { coarse: coarse.into(), fine: fine.into() }
}

/// The correlations as a picture, columns that go together side by side.
pub(super) fn chart(subject: &Subject, source: Source, method: Correlation, ctx: &Ctx) -> Result<Chart> {
    let view = View::of(subject, source);
    let name = match method {
        Correlation::Pearson => "Pearson",
        Correlation::Spearman => "Spearman",
    };
    let mut chart = Chart { title: format!("Correlations ({name})"), ..Chart::default() };
    if let Some(why) = view.why_empty() {
        chart.marks = Marks::Empty(why);
        return Ok(chart);
    }
    let found = correlations(&view, method, ctx)?;
    let list = |names: &[String]| names.join(", ");
    let constant = match found.constant.len() {
        0 => String::new(),
        _ => format!("constant or empty and left out: {}", list(&found.constant)),
    };
    if found.names.len() < 2 {
        let why = format!(
            "Correlations need two columns of numbers that vary, and there {}.{}",
            if found.names.len() == 1 { "is only one" } else { "is none" },
            if constant.is_empty() { String::new() } else { format!(" These are {constant}.") }
        );
        chart.marks = Marks::Empty(why);
        return Ok(chart);
    }
    let order = cluster_order(&found.r);
    let labels: Arc<Vec<String>> = Arc::new(order.iter().map(|&i| found.labels[i].clone()).collect());
    let cell = |i: usize, j: usize| {
        let (r, n) = (found.r[i][j], found.n[i][j]);
        let (a, b) = (&found.labels[i], &found.labels[j]);
        let rows = view.rows_in_words(n);
        let tip = match (i == j, r.is_nan()) {
            (true, _) => format!("{a}\n{rows} with a value"),
            (_, true) => format!("{a} and {b}\none of them does not vary on the {rows} that have both"),
            _ => format!("{a} and {b}\nr = {} on {rows}", crate::format::number(r, 3)),
        };
        let ink = (!r.is_nan()).then_some(Ink::Diverging(r as f32));
        Cell { ink, text: crate::format::number(r, 2), tip, ring: false }
    };
    let cells = order.iter().flat_map(|&i| order.iter().map(move |&j| (i, j))).map(|(i, j)| cell(i, j)).collect();
    chart.marks = Marks::Cells(Cells { columns: order.len(), cells });
    chart.x = Axis { label: String::new(), scale: Scale::Names(labels.clone()) };
    chart.y = Axis { label: String::new(), scale: Scale::Names(labels) };
    chart.note = note([
        view.rows_in_words(view.len()),
        "each pair on the rows that have both values".into(),
        "like columns side by side".into(),
        constant,
        if found.more > 0 {
            format!("the first {MOST_COLUMNS} columns, {} more left out", count(found.more))
        } else {
            String::new()
        },
    ]);
    let names = order.iter().map(|&i| found.names[i].clone()).collect();
    chart.data = order.iter().fold(Data::default().text("column", names), |data, &j| {
        data.number(found.names[j].clone(), order.iter().map(|&i| found.r[i][j]).collect::<Vec<_>>())
    });
    Ok(chart)
}
