//! The transactions that count, and the segments of the customers whose they are.

use std::collections::BTreeMap;

use super::Profile;
use super::portray::Known;
use crate::clean::Transactions;
use crate::intake::dates::day_number;

/// Stands for no segment, and for who does not count.
const NONE: u32 = u32::MAX;
/// Rows between two looks at whether to go on.
pub(super) const CHUNK: usize = 1 << 15;

/// The transactions from which recency, frequency and monetary were counted, so that sums over them are those of the
/// profiles. Segments are slots: the clusters, then the segments of the map, then everyone. Customers of the same cluster
/// and segment are one cell, so that a row is added up once.
pub(super) struct Counted<'a> {
    pub t: &'a Transactions,
    /// Per customer of the transactions the cell, [`NONE`] of who does not count.
    cell_of: Vec<u32>,
    /// The slots of each cell.
    cells: Vec<Vec<usize>>,
    /// First and last day that may count.
    days: (i32, i32),
    /// How many slots there are, everyone's included.
    pub slots: usize,
}

impl<'a> Counted<'a> {
    pub fn of(known: &Known<'a>, clusters: &[Profile], rfm: &[Profile]) -> Counted<'a> {
        let (t, customers) = (&known.clean.transactions, &known.rfm.customers);
        let mut of_place = slots(customers.len(), clusters, rfm);
        // Who was kept without a purchase has spent nothing by convention, whatever they returned.
        for (slots, purchases) in of_place.iter_mut().zip(customers.frequency()) {
            if *purchases == 0.0 {
                *slots = [NONE; 2];
            }
        }
        // Both lists are in the same order, and the table's is a part of the other.
        let mut next = 0;
        let slot = |id: &String| {
            if customers.ids.get(next) != Some(id) {
                return [NONE; 2];
            }
            next += 1;
            of_place[next - 1]
        };
        let slots_of = t.customers.iter().map(slot).collect();
        let today = known.rfm.snapshot.map_or(i32::MAX, day_number);
        let earliest = known.window_days.map_or(i32::MIN, |days| today.saturating_sub(days as i32));
        Counted::new(t, slots_of, (earliest, today), clusters.len() + rfm.len() + 1)
    }

    /// The same for a table with one row per customer: `t` has one transaction for each.
    pub fn of_people(t: &'a Transactions, clusters: &[Profile], rfm: &[Profile]) -> Counted<'a> {
        let slots_of = slots(t.customers.len(), clusters, rfm);
        Counted::new(t, slots_of, (i32::MIN, i32::MAX), clusters.len() + rfm.len() + 1)
    }

    fn new(t: &'a Transactions, slots_of: Vec<[u32; 2]>, days: (i32, i32), slots: usize) -> Counted<'a> {
        let there = slots_of.iter().filter(|own| own[0] != NONE);
        let mut known: BTreeMap<[u32; 2], u32> = there.map(|own| (*own, 0)).collect();
        known.values_mut().enumerate().for_each(|(i, cell)| *cell = i as u32);
        let cell_of = slots_of.iter().map(|own| known.get(own).copied().unwrap_or(NONE)).collect();
        let own = |pair: &[u32; 2]| {
            let own = pair.iter().filter(|slot| **slot != NONE).map(|slot| *slot as usize);
            own.chain([slots - 1]).collect()
        };
        Counted { t, cell_of, cells: known.keys().map(own).collect(), days, slots }
    }

    /// Everyone's slot.
    pub fn everyone(&self) -> usize {
        self.slots - 1
    }

    /// How many cells there are.
    pub fn cells(&self) -> usize {
        self.cells.len()
    }

    /// The slots of a cell.
    pub fn slots_in(&self, cell: usize) -> &[usize] {
        &self.cells[cell]
    }

    /// The slots to which a row that counts is added.
    #[inline]
    pub fn slots_of(&self, row: usize) -> impl Iterator<Item = usize> {
        self.slots_in(self.cell(self.t.customer[row])).iter().copied()
    }

    /// The cell of a customer of the transactions who counts.
    #[inline]
    pub fn cell(&self, customer: u32) -> usize {
        self.cell_of[customer as usize] as usize
    }

    /// Whether a row counts.
    #[inline]
    pub fn has(&self, row: usize) -> bool {
        (self.days.0..=self.days.1).contains(&self.t.day[row]) && self.cell_of[self.t.customer[row] as usize] != NONE
    }
}

/// The slots of `n` customers.
fn slots(n: usize, clusters: &[Profile], rfm: &[Profile]) -> Vec<[u32; 2]> {
    let mut out = vec![[NONE; 2]; n];
    for (side, profiles) in [clusters, rfm].into_iter().enumerate() {
        let first = side * clusters.len();
        for (i, profile) in profiles.iter().enumerate() {
            profile.members.iter().for_each(|&place| out[place as usize][side] = (first + i) as u32);
        }
    }
    out
}
