//! Customers drawn so that neither the order of rows nor the numbers of clusters have a say.

use rayon::prelude::*;

use crate::rfm::CustomerTable;

/// The `most` of these rows whose ids have the smallest hashes, in no particular order; all where there are no more. Two
/// groups that share customers share their samples largely too.
pub(super) fn of(rows: &[u32], customers: &CustomerTable, most: usize) -> Vec<u32> {
    if rows.len() <= most {
        return rows.to_vec();
    }
    let id = |row: u32| customers.ids[row as usize].as_str();
    let mut hashed: Vec<(u64, u32)> = rows.par_iter().map(|&row| (hash(id(row)), row)).collect();
    // Equal hashes of two ids are next to impossible, and must not decide by place.
    hashed.select_nth_unstable_by(most, |a, b| a.0.cmp(&b.0).then_with(|| id(a.1).cmp(id(b.1))));
    hashed.truncate(most);
    hashed.into_iter().map(|(_, row)| row).collect()
}

/// FNV-1a (Fowler, Noll and Vo 1991) with the finaliser of MurmurHash3 (Appleby 2011). Written out here, as recipes last
/// longer than the versions of a library.
fn hash(id: &str) -> u64 {
    let fnv = id.bytes().fold(0xcbf2_9ce4_8422_2325, |h: u64, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (fnv ^ (fnv >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 33)
}
