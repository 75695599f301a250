//! Who moved: up, down, new, gone; in the order of value of the segments.

use crate::rfm::{Migration, Moved};

/// What happened to a customer, or to those of a cell, between the two dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Stayed,
    Up,
    Down,
    New,
    Gone,
}

/// Segments from the most valuable one, and each one's place among them.
pub struct Order {
    pub segments: Vec<u8>,
    /// Per segment; equal for segments that are equally good.
    pub places: Vec<u32>,
}

/// The order in which segments are better or worse.
pub fn order(migration: &Migration) -> Order {
    let ranks = |(i, s): (usize, &crate::rfm::Segment)| s.rank.unwrap_or(i as u32 + 1);
    let places: Vec<u32> = migration.map.segments.iter().enumerate().map(ranks).collect();
    let mut segments: Vec<u8> = (0..places.len() as u8).collect();
    segments.sort_by_key(|s| places[usize::from(*s)]);
    Order { segments, places }
}

impl Order {
    /// What going from one segment to the other is.
    pub fn moved(&self, from: Option<u8>, to: Option<u8>) -> Move {
        match (from, to) {
            (None, _) => Move::New,
            (_, None) => Move::Gone,
            (Some(from), Some(to)) => match self.places[usize::from(from)].cmp(&self.places[usize::from(to)]) {
                std::cmp::Ordering::Less => Move::Down,
                std::cmp::Ordering::Greater => Move::Up,
                std::cmp::Ordering::Equal => Move::Stayed,
            },
        }
    }

    /// How many customers moved in which way: stayed, up, down, new, gone.
    pub fn counts(&self, migration: &Migration) -> [usize; 5] {
        let mut counts = [0; 5];
        for cell in &migration.cells {
            counts[self.moved(cell.from, cell.to) as usize] += cell.customers;
        }
        counts
    }
}

/// Name of a segment at a date; customers who are not there have none.
pub fn name(migration: &Migration, segment: Option<u8>, gone: &'static str) -> String {
    segment.map_or(gone.to_string(), |s| migration.map.segments[usize::from(s)].name.clone())
}

/// Both segments of a move in words.
pub fn called(migration: &Migration, from: Option<u8>, to: Option<u8>) -> String {
    format!("{} → {}", name(migration, from, "New"), name(migration, to, "Gone"))
}

/// Places of these customers in the table of the analysis, ascending; those who are not in it have none.
pub fn places<'a>(customers: impl Iterator<Item = &'a Moved>) -> Vec<u32> {
    let mut places: Vec<u32> = customers.filter_map(|c| c.place).collect();
    places.sort_unstable();
    places
}
