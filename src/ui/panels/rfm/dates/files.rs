//! The comparison of two dates as files.

use std::sync::Arc;

use super::moves;
use crate::rfm::Migration;
use crate::worker::FileJob;

/// The matrix: one row per pair of segments.
pub fn cells(migration: &Arc<Option<Migration>>) -> FileJob {
    let migration = migration.clone();
    FileJob::new("migration.csv", move |out| {
        writeln!(out, "from_segment,to_segment,customers,revenue")?;
        let Some(found) = migration.as_ref() else { return Ok(()) };
        // In the order of the map's segments, as the exported folder has it.
        let mut cells: Vec<_> = found.cells.iter().collect();
        let last = |segment: Option<u8>| segment.map_or(usize::MAX, usize::from);
        cells.sort_by_key(|cell| (last(cell.from), last(cell.to)));
        for cell in cells {
            let (from, to) = (moves::name(found, cell.from, "(new)"), moves::name(found, cell.to, "(gone)"));
            writeln!(out, "{},{},{},{}", quoted(&from), quoted(&to), cell.customers, cell.revenue)?;
        }
        Ok(())
    })
}

/// The customers of one pair of segments.
pub fn customers(migration: &Arc<Option<Migration>>, from: Option<u8>, to: Option<u8>) -> FileJob {
    let of = migration.clone();
    let plain = |s: String| s.to_lowercase().replace(|c: char| !c.is_alphanumeric(), "_");
    let name =
        |segment, gone| migration.as_ref().as_ref().map_or(String::new(), |m| plain(moves::name(m, segment, gone)));
    FileJob::new(format!("{}_to_{}.csv", name(from, "new"), name(to, "gone")), move |out| {
        writeln!(out, "customer_id,from_segment,to_segment,spent_before,spent_after")?;
        let Some(found) = of.as_ref() else { return Ok(()) };
        let (was, is) = (moves::name(found, from, "(new)"), moves::name(found, to, "(gone)"));
        for c in found.customers.iter().filter(|c| (c.from, c.to) == (from, to)) {
            writeln!(out, "{},{},{},{},{}", quoted(&c.id), quoted(&was), quoted(&is), c.spent_before, c.spent_after)?;
        }
        Ok(())
    })
}

/// A field of a CSV file, in quotes where it needs them.
fn quoted(text: &str) -> String {
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text.to_string(),
    }
}
