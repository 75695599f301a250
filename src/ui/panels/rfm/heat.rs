//! Recency × frequency as a heat map: customers, revenue or mean spend per cell.

use std::sync::Arc;

use crate::app::Measure;
use crate::chart::{Axis, Cell, Cells, Chart, Data, Ink, Marks, Scale};
use crate::format;
use crate::rfm::RfmOut;

/// Customers, money and selected customers per cell, `[r · scores + f]` from score 1.
pub struct Tally {
    pub scores: usize,
    pub customers: Vec<usize>,
    pub money: Vec<f64>,
    pub selected: Vec<usize>,
    /// Segments in the cell with their customers, the largest first.
    pub segments: Vec<Vec<(u8, usize)>>,
}

/// Counts the cells. Needs scores of recency and frequency.
pub fn tally(rfm: &RfmOut, selection: &[u32]) -> Tally {
    let scores = rfm.scores[0].sizes.len();
    let cells = scores * rfm.scores[1].sizes.len();
    let money = rfm.customers.monetary();
    let mut out = Tally {
        scores,
        customers: vec![0; cells],
        money: vec![0.0; cells],
        selected: vec![0; cells],
        segments: vec![Vec::new(); cells],
    };
    let segments = rfm.map.segments.len();
    let mut per_segment = vec![0usize; cells * segments];
    for i in 0..rfm.customers.len() {
        let cell = cell_of(rfm, i, scores);
        out.customers[cell] += 1;
        out.money[cell] += money.get(i).copied().unwrap_or(0.0);
        if let Some(&segment) = rfm.segment.get(i) {
            per_segment[cell * segments + usize::from(segment)] += 1;
        }
    }
    for &i in selection.iter().filter(|i| (**i as usize) < rfm.customers.len()) {
        out.selected[cell_of(rfm, i as usize, scores)] += 1;
    }
    for (cell, found) in out.segments.iter_mut().enumerate() {
        let counts = &per_segment[cell * segments..][..segments];
        *found = (0..segments as u8).map(|s| (s, counts[usize::from(s)])).filter(|s| s.1 > 0).collect();
        found.sort_by_key(|s| std::cmp::Reverse(s.1));
    }
    out
}

fn cell_of(rfm: &RfmOut, customer: usize, scores: usize) -> usize {
    let score = |axis: usize| usize::from(rfm.scores[axis].scores[customer]) - 1;
    score(0) * scores + score(1)
}

/// Scores of recency and frequency of a mark: columns are recency from 1, rows frequency from the highest.
pub fn scores_of(mark: usize, scores: usize) -> (u8, u8) {
    ((mark % scores) as u8 + 1, (scores - mark / scores) as u8)
}

/// Customers with these scores, ascending.
pub fn members(rfm: &RfmOut, r: u8, f: u8) -> Vec<u32> {
    let (recency, frequency) = (&rfm.scores[0].scores, &rfm.scores[1].scores);
    (0..rfm.customers.len() as u32).filter(|&i| recency[i as usize] == r && frequency[i as usize] == f).collect()
}

/// What a cell is called in the selection.
pub fn called(rfm: &RfmOut, tally: &Tally, r: u8, f: u8) -> String {
    let cell = (usize::from(r) - 1) * tally.scores + usize::from(f) - 1;
    match tally.segments[cell].as_slice() {
        [(segment, _)] => format!("{} (R {r}, F {f})", rfm.map.segments[usize::from(*segment)].name),
        _ => format!("R {r}, F {f}"),
    }
}

/// The chart. The darkest cell is the largest; square roots keep small cells apart where one holds half of everyone.
pub fn chart(rfm: &RfmOut, tally: &Tally, measure: Measure, currency: Option<&str>) -> Chart {
    let n = tally.scores;
    let value = |cell: usize| match measure {
        Measure::Customers => tally.customers[cell] as f64,
        Measure::Revenue => tally.money[cell],
        Measure::Mean if tally.customers[cell] == 0 => 0.0,
        Measure::Mean => tally.money[cell] / tally.customers[cell] as f64,
    };
    let most = (0..n * n).map(value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let marks = 0..n * n;
    let cell_at = |mark: usize| {
        let (r, f) = scores_of(mark, n);
        (usize::from(r) - 1) * n + usize::from(f) - 1
    };
    let cells = marks.clone().map(|mark| {
        let cell = cell_at(mark);
        let customers = tally.customers[cell];
        let number = match measure {
            Measure::Customers => format::count(customers),
            _ => format::money(value(cell), currency),
        };
        let shade = (value(cell).max(0.0) / most).sqrt() as f32;
        Cell {
            ink: (customers > 0).then_some(Ink::Sequential(shade)),
            text: if customers == 0 { String::new() } else { format!("{number}\n{}", names(rfm, tally, cell)) },
            tip: tip(rfm, tally, mark, currency),
            ring: tally.selected[cell] > 0,
        }
    });
    let cells: Vec<Cell> = cells.collect();
    let recency = (1..=n).map(|r| match r {
        1 => "R 1 long ago".to_string(),
        _ if r == n => format!("R {r} recent"),
        _ => format!("R {r}"),
    });
    let frequency = (1..=n).rev().map(|f| match f {
        1 => "F 1 rare".to_string(),
        _ if f == n => format!("F {f} often"),
        _ => format!("F {f}"),
    });
    let column = |of: &dyn Fn(usize) -> f64| marks.clone().map(|m| of(cell_at(m))).collect::<Vec<f64>>();
    let mut data = Data::default()
        .number("r_score", marks.clone().map(|m| f64::from(scores_of(m, n).0)).collect::<Vec<_>>())
        .number("f_score", marks.clone().map(|m| f64::from(scores_of(m, n).1)).collect::<Vec<_>>())
        .number("customers", column(&|c| tally.customers[c] as f64));
    if rfm.has_money() {
        data = data.number("revenue", column(&|c| tally.money[c]));
    }
    let data = data.text("segment", marks.clone().map(|m| names(rfm, tally, cell_at(m))).collect());
    let what = match measure {
        Measure::Customers => "Customers",
        Measure::Revenue => "Net spend",
        Measure::Mean => "Mean net spend per customer",
    };
    Chart {
        title: format!("{what} by recency and frequency score"),
        note: format::plural(rfm.customers.len(), "customer", "customers"),
        x: Axis { label: String::new(), scale: Scale::Names(Arc::new(recency.collect())) },
        y: Axis { label: String::new(), scale: Scale::Names(Arc::new(frequency.collect())) },
        marks: Marks::Cells(Cells { columns: n, cells }),
        data,
        ..Chart::default()
    }
}

/// The segments of a cell in words; where monetary has a say in it, the largest and how many more.
fn names(rfm: &RfmOut, tally: &Tally, cell: usize) -> String {
    let name = |s: u8| rfm.map.segments[usize::from(s)].name.as_str();
    match tally.segments[cell].as_slice() {
        [] => String::new(),
        [(one, _)] => name(*one).to_string(),
        [(first, _), rest @ ..] => format!("{} + {}", name(*first), rest.len()),
    }
}

fn tip(rfm: &RfmOut, tally: &Tally, mark: usize, currency: Option<&str>) -> String {
    let (r, f) = scores_of(mark, tally.scores);
    let cell = (usize::from(r) - 1) * tally.scores + usize::from(f) - 1;
    let n = tally.customers[cell];
    let all = rfm.customers.len().max(1);
    let mut lines = vec![format!("R {r}, F {f}")];
    if n == 0 {
        lines.push("No customer has these scores".into());
        return lines.join("\n");
    }
    let customers = format::plural(n, "customer", "customers");
    lines.push(format!("{customers}, {} of all", format::percent(n as f64 / all as f64)));
    if rfm.has_money() {
        let whole: f64 = tally.money.iter().sum();
        let share = if whole > 0.0 { format::percent(tally.money[cell] / whole) } else { "–".into() };
        lines.push(format!("{}, {share} of the net spend", format::money(tally.money[cell], currency)));
        lines.push(format!("{} per customer on average", format::money(tally.money[cell] / n as f64, currency)));
    }
    for &(segment, customers) in &tally.segments[cell] {
        let name = &rfm.map.segments[usize::from(segment)].name;
        lines.push(format!("{name}: {}", format::plural(customers, "customer", "customers")));
    }
    lines.join("\n")
}
