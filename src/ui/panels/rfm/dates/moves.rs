//! Who moved which way, in words and as places in the table of customers.

use crate::rfm::{INACTIVE, Migration, Moved, Movement};

/// Segments from the best one; those without a place in the order come last.
pub fn best_first(migration: &Migration) -> Vec<u8> {
    let mut segments: Vec<u8> = (0..migration.map.segments.len() as u8).collect();
    segments.sort_by_key(|s| migration.ranks.of[usize::from(*s)].unwrap_or(u32::MAX));
    segments
}

/// How many customers moved in a way.
pub fn count(migration: &Migration, which: Movement) -> usize {
    let cells = migration.cells.iter().filter(|c| migration.ranks.movement(c.from, c.to) == which);
    cells.map(|c| c.customers).sum()
}

/// Name of a segment at a date; customers who are not there have none.
pub fn name(migration: &Migration, segment: Option<u8>, gone: &'static str) -> String {
    match segment {
        None => gone.to_string(),
        Some(INACTIVE) => "(inactive)".into(),
        Some(s) => migration.map.segments[usize::from(s)].name.clone(),
    }
}

/// Both segments of a move in words.
pub fn called(migration: &Migration, from: Option<u8>, to: Option<u8>) -> String {
    format!("{} → {}", name(migration, from, "Not yet seen"), name(migration, to, "Gone"))
}

/// Places of these customers in the table of the analysis, ascending; those who are not in it have none.
pub fn places<'a>(customers: impl Iterator<Item = &'a Moved>) -> Vec<u32> {
    let mut places: Vec<u32> = customers.filter_map(|c| c.place).collect();
    places.sort_unstable();
    places
}
