//! `migration.csv`: who went from which segment to which between two dates.

use std::rc::Rc;

use super::tables::Grid;
use crate::rfm::{INACTIVE, Migration, MigrationCell, SegmentMap};

/// Where customers come from who were not there at the earlier date.
pub(super) const NEW: &str = "(new)";
/// Where customers come from who had bought before the earlier date, though nothing of it counted on that day.
pub(super) const INACTIVE_THEN: &str = "(inactive)";
/// Where customers go who are not there at the later date.
pub(super) const GONE: &str = "(gone)";

/// The cells in the order of the map's segments, those they come from first; new ones come last, and so do those who
/// are gone.
pub(super) fn in_order(migration: &Migration) -> Vec<&MigrationCell> {
    let mut cells: Vec<&MigrationCell> = migration.cells.iter().collect();
    let last = |segment: Option<u8>| segment.map_or(usize::MAX, usize::from);
    cells.sort_by_key(|cell| (last(cell.from), last(cell.to)));
    cells
}

/// A segment's name, or what stands for none.
pub(super) fn name<'a>(map: &'a SegmentMap, segment: Option<u8>, none: &'static str) -> &'a str {
    match segment {
        None => none,
        Some(INACTIVE) => INACTIVE_THEN,
        Some(s) => &map.segments[usize::from(s)].name,
    }
}

/// One row per pair of segments that somebody moved between, with customers and revenue (net spend up to the later
/// date; for those who are gone, up to the earlier one).
pub(super) fn grid(migration: &Migration) -> Grid<'_> {
    let cells = Rc::new(in_order(migration));
    let mut grid = Grid::new(cells.len());
    let of = cells.clone();
    grid.text("from_segment", move |row| name(&migration.map, of[row].from, NEW));
    let of = cells.clone();
    grid.text("to_segment", move |row| name(&migration.map, of[row].to, GONE));
    let of = cells.clone();
    grid.whole("customers", move |row| Some(of[row].customers as u64));
    grid.number("revenue", move |row| cells[row].revenue);
    grid
}
