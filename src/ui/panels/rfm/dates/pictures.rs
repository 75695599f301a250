//! Two dates as a matrix and as a flow.

use std::sync::Arc;

use super::moves;
use crate::app::Measure;
use crate::chart::{Axis, Band, Cell, Cells, Chart, Data, Flow, Ink, Marks, Scale};
use crate::format;
use crate::rfm::{INACTIVE, Migration, MigrationCell, Movement};
use crate::ui::panels::rfm::ink;

/// A chart with the move of each mark; `None` where nobody made it.
pub struct OfMoves {
    pub chart: Arc<Chart>,
    pub marks: Vec<Option<(Option<u8>, Option<u8>)>>,
}

/// Which moves the selected customers made.
pub struct Rings(Vec<(Option<u8>, Option<u8>)>);

impl Rings {
    /// Of customers by their ascending places in the table of the analysis.
    pub fn of(migration: &Migration, selection: &[u32]) -> Rings {
        let mut found = Vec::new();
        if !selection.is_empty() {
            for c in &migration.customers {
                let selected = c.place.is_some_and(|p| selection.binary_search(&p).is_ok());
                if selected && !found.contains(&(c.from, c.to)) {
                    found.push((c.from, c.to));
                }
            }
        }
        Rings(found)
    }

    fn has(&self, from: Option<u8>, to: Option<u8>) -> bool {
        self.0.contains(&(from, to))
    }
}

/// The matrix: rows are segments at the earlier date, columns at the later one, the most valuable first; customers who
/// came and went have a row and a column of their own. What stayed is quiet.
pub fn matrix(migration: &Migration, rings: &Rings, measure: Measure, currency: Option<&str>) -> OfMoves {
    let order = moves::best_first(migration);
    let there = |of: fn(&MigrationCell) -> Option<u8>| {
        let any = |s: Option<u8>| migration.cells.iter().any(|c| of(c) == s);
        let segments = order.iter().map(|s| Some(*s));
        let others = [Some(INACTIVE), None].into_iter().filter(|s| any(*s));
        segments.chain(others).collect::<Vec<Option<u8>>>()
    };
    let (rows, columns) = (there(|c| c.from), there(|c| c.to));
    let value = |c: &MigrationCell| if measure == Measure::Customers { c.customers as f64 } else { c.revenue };
    let moved = |c: &&MigrationCell| {
        matches!(migration.ranks.movement(c.from, c.to), Movement::Up | Movement::Slipping | Movement::Gone)
    };
    let most = migration.cells.iter().filter(moved).map(value).fold(0.0, f64::max).max(f64::MIN_POSITIVE);
    let mut cells = Vec::new();
    let mut marks = Vec::new();
    for &from in &rows {
        for &to in &columns {
            let found = migration.cells.iter().find(|c| (c.from, c.to) == (from, to) && c.customers > 0);
            marks.push(found.map(|_| (from, to)));
            cells.push(found.map_or_else(Cell::default, |c| {
                let strong = 0.15 + 0.85 * (value(c).max(0.0) / most).sqrt().min(1.0) as f32;
                let number = match measure {
                    Measure::Customers => format::count(c.customers),
                    _ => format::money(c.revenue, currency),
                };
                Cell {
                    // Blue is up, orange is down: told apart by people with any colour vision.
                    ink: Some(match migration.ranks.movement(from, to) {
                        Movement::Up => Ink::Diverging(-strong),
                        Movement::Slipping | Movement::Gone => Ink::Diverging(strong),
                        Movement::Level | Movement::New => Ink::Diverging(0.0),
                    }),
                    text: number,
                    tip: tip(migration, c, currency),
                    ring: rings.has(from, to),
                }
            }));
        }
    }
    let names =
        |of: &[Option<u8>], gone| Arc::new(of.iter().map(|s| moves::name(migration, *s, gone)).collect::<Vec<_>>());
    let chart = Chart {
        title: format!("From {} to {}", migration.from, migration.to),
        note: "Blue moved up, orange slipped; what stayed is on the diagonal".into(),
        x: Axis { label: format!("Segment on {}", migration.to), scale: Scale::Names(names(&columns, "Gone")) },
        y: Axis { label: format!("Segment on {}", migration.from), scale: Scale::Names(names(&rows, "Not yet seen")) },
        marks: Marks::Cells(Cells { columns: columns.len(), cells }),
        data: data(migration),
        ..Chart::default()
    };
    OfMoves { chart: Arc::new(chart), marks }
}

/// The flow from the segments of the earlier date to those of the later one.
pub fn flow(migration: &Migration, rings: &Rings, measure: Measure, currency: Option<&str>) -> OfMoves {
    let order = moves::best_first(migration);
    let value = |c: &MigrationCell| if measure == Measure::Customers { c.customers as f64 } else { c.revenue };
    let drawn: Vec<&MigrationCell> = migration.cells.iter().filter(|c| value(c) > 0.0).collect();
    let side = |of: fn(&MigrationCell) -> Option<u8>| {
        let all = order.iter().map(|s| Some(*s)).chain([Some(INACTIVE), None]);
        all.filter(|s| drawn.iter().any(|c| of(c) == *s)).collect::<Vec<Option<u8>>>()
    };
    let (left, right) = (side(|c| c.from), side(|c| c.to));
    let mut bands: Vec<(usize, usize, &MigrationCell)> = Vec::new();
    for cell in drawn {
        let from = left.iter().position(|s| *s == cell.from);
        let to = right.iter().position(|s| *s == cell.to);
        if let (Some(from), Some(to)) = (from, to) {
            bands.push((from, to, cell));
        }
    }
    bands.sort_by_key(|b| (b.0, b.1));
    let names = |of: &[Option<u8>], gone: &'static str| {
        let color = |s: &Option<u8>| match s {
            None | Some(INACTIVE) => Ink::Faint,
            Some(s) => ink::of(&migration.map, usize::from(*s)),
        };
        of.iter().map(|s| (moves::name(migration, *s, gone), color(s))).collect::<Vec<_>>()
    };
    let band = |(from, to, cell): &(usize, usize, &MigrationCell)| Band {
        from: *from,
        to: *to,
        value: value(cell),
        tip: tip(migration, cell, currency),
        ring: rings.has(cell.from, cell.to),
    };
    let what = if measure == Measure::Customers { "Customers" } else { "Net spend" };
    let chart = Chart {
        title: format!("{what} from {} to {}", migration.from, migration.to),
        note: "The thicker a band, the more went that way".into(),
        marks: Marks::Flow(Flow {
            left: names(&left, "Not yet seen"),
            right: names(&right, "Gone"),
            bands: bands.iter().map(band).collect(),
        }),
        data: data(migration),
        ..Chart::default()
    };
    OfMoves { chart: Arc::new(chart), marks: bands.iter().map(|b| Some((b.2.from, b.2.to))).collect() }
}

/// The numbers as they are written to `migration.csv`.
fn data(migration: &Migration) -> Data {
    let cells = &migration.cells;
    Data::default()
        .text("from_segment", cells.iter().map(|c| moves::name(migration, c.from, "(new)")).collect())
        .text("to_segment", cells.iter().map(|c| moves::name(migration, c.to, "(gone)")).collect())
        .number("customers", cells.iter().map(|c| c.customers as f64).collect::<Vec<_>>())
        .number("revenue", cells.iter().map(|c| c.revenue).collect::<Vec<_>>())
}

fn tip(migration: &Migration, cell: &MigrationCell, currency: Option<&str>) -> String {
    let before: usize = migration.cells.iter().filter(|c| c.from == cell.from).map(|c| c.customers).sum();
    let mut lines = vec![moves::called(migration, cell.from, cell.to)];
    lines.push(format::plural(cell.customers, "customer", "customers"));
    let share = format::percent(cell.customers as f64 / before.max(1) as f64);
    match cell.from {
        Some(_) => lines.push(format!("{share} of {} then", moves::name(migration, cell.from, ""))),
        None => lines.push(format!("{share} of those not yet seen then")),
    }
    let when = if cell.to.is_some() { migration.to } else { migration.from };
    lines.push(format!("{} spent up to {when}", format::money(cell.revenue, currency)));
    lines.push(
        match migration.ranks.movement(cell.from, cell.to) {
            Movement::Level => "Neither up nor down",
            Movement::Up => "Moved up",
            Movement::Slipping => "Slipped",
            Movement::New => "Not yet seen at the earlier date",
            Movement::Gone => "No longer there at the later date",
        }
        .into(),
    );
    lines.join("\n")
}
